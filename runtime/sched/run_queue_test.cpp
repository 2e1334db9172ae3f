#include "runtime/sched/run_queue.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "runtime/sched/g.h"

namespace mgo::rt {
namespace {

std::vector<std::unique_ptr<G>> MakeGs(size_t n) {
  std::vector<std::unique_ptr<G>> gs;
  for (size_t i = 0; i < n; i++) {
    gs.push_back(std::make_unique<G>());
    gs.back()->goid = i;
  }
  return gs;
}

TEST(RunQueue, OrderAndRunnext) {
  auto gs = MakeGs(4);
  RunQueue q;
  RunQueue::Overflow overflow;
  q.Put(gs[0].get(), false, &overflow);
  q.Put(gs[1].get(), false, &overflow);
  q.Put(gs[2].get(), true, &overflow);
  q.Put(gs[3].get(), true, &overflow);  // kicks 2 to the tail
  EXPECT_EQ(q.Size(), 4u);
  bool inherit;
  uint64_t want[] = {3, 0, 1, 2};
  for (uint64_t id : want) {
    G* g = q.Get(&inherit);
    ASSERT_NE(g, nullptr);
    EXPECT_EQ(g->goid, id);
    EXPECT_EQ(inherit, id == 3);
  }
  EXPECT_EQ(q.Get(&inherit), nullptr);
}

TEST(GQueue, GrowsAndKeepsOrder) {
  auto gs = MakeGs(3000);
  GQueue q;
  size_t in = 0, out = 0;
  while (out < gs.size()) {
    for (int i = 0; i < 7 && in < gs.size(); i++) q.PushBack(gs[in++].get());
    for (int i = 0; i < 3; i++) {
      if (G* g = q.Pop()) EXPECT_EQ(g->goid, out++);
    }
  }
  EXPECT_EQ(q.Pop(), nullptr);
  q.PushBack(gs[1].get());
  q.PushFront(gs[0].get());
  EXPECT_EQ(q.Size(), 2u);
  EXPECT_EQ(q.Pop()->goid, 0u);
}

TEST(RunQueue, OverflowMovesHalf) {
  auto gs = MakeGs(RunQueue::kSize + 1);
  RunQueue q;
  RunQueue::Overflow overflow;
  for (size_t i = 0; i < RunQueue::kSize; i++) {
    EXPECT_FALSE(q.Put(gs[i].get(), false, &overflow));
  }
  EXPECT_TRUE(q.Put(gs.back().get(), false, &overflow));
  EXPECT_EQ(overflow.count, RunQueue::kSize / 2 + 1);
  EXPECT_EQ(q.Size(), RunQueue::kSize / 2);
  EXPECT_EQ(overflow.gs[0]->goid, 0u);
}

TEST(RunQueue, StealTakesHalf) {
  RunQueue::shared = true;
  auto gs = MakeGs(9);
  RunQueue a, b;
  RunQueue::Overflow overflow;
  for (auto& g : gs) a.Put(g.get(), false, &overflow);
  EXPECT_NE(b.StealFrom(&a, false), nullptr);
  EXPECT_EQ(b.Size(), 4u);
  EXPECT_EQ(a.Size(), 4u);
  RunQueue c, d;
  c.Put(gs[0].get(), true, &overflow);
  EXPECT_EQ(d.StealFrom(&c, false), nullptr);
  EXPECT_EQ(d.StealFrom(&c, true), gs[0].get());
  RunQueue::shared = false;
}

// One owner, three thieves: every goroutine comes out exactly once.
TEST(RunQueue, Threads) {
  RunQueue::shared = true;
  constexpr size_t kCount = 40000;
  auto gs = MakeGs(kCount);
  std::vector<std::atomic<int>> seen(kCount);
  RunQueue owner;
  std::atomic<size_t> got{0};
  std::atomic<bool> done{false};
  auto take = [&](G* g) {
    seen[g->goid].fetch_add(1);
    got.fetch_add(1);
  };
  std::vector<std::thread> thieves;
  thieves.reserve(3);
  for (int t = 0; t < 3; t++) {
    thieves.emplace_back([&, t] {
      RunQueue mine;
      bool inherit;
      while (!done.load()) {
        if (G* g = mine.StealFrom(&owner, t == 0)) take(g);
        while (G* g = mine.Get(&inherit)) take(g);
      }
    });
  }
  RunQueue::Overflow overflow;
  bool inherit;
  for (size_t i = 0; i < kCount; i++) {
    owner.Put(gs[i].get(), i % 3 == 0, &overflow);
    if (i % 5 == 0) {
      if (G* g = owner.Get(&inherit)) take(g);
    }
    while (overflow.count > 0) take(overflow.gs[--overflow.count]);
  }
  while (got.load() < kCount) {
    if (G* g = owner.Get(&inherit)) take(g);
  }
  done = true;
  for (auto& thread : thieves) thread.join();
  RunQueue::shared = false;
  for (auto& count : seen) ASSERT_EQ(count.load(), 1);
}

}  // namespace
}  // namespace mgo::rt
