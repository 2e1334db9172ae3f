#include "runtime/sched/timer_heap.h"

#include <gtest/gtest.h>

#include <vector>

#include "runtime/base/fastrand.h"
#include "runtime/base/nanotime.h"
#include "runtime/sched/fake_executor.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::Step;

std::vector<int64_t> fired;

// A timer in no heap that notes when it fired.
struct TestTimer : Timer {
  TestTimer() : Timer{} {
    index = -1;
    fire = [](Timer* timer, int64_t, uint64_t) {
      fired.push_back(timer->when);
    };
  }
};

TEST(TimerHeap, FiresInOrder) {
  TimerHeap heap;
  FastRandSeed(3);
  std::vector<TestTimer> timers(500);
  for (auto& t : timers) heap.Add(&t, FastRandN(1000));
  for (size_t i = 0; i < timers.size(); i += 3) {
    EXPECT_TRUE(heap.Remove(&timers[i]));
    EXPECT_FALSE(heap.Remove(&timers[i]));
  }
  for (size_t i = 1; i < timers.size(); i += 3) {
    heap.Add(&timers[i], FastRandN(1000));
  }
  fired.clear();
  for (int64_t now = 0; now < 1000; now += 50) heap.Run(now);
  heap.Run(1000);
  EXPECT_EQ(fired.size(), timers.size() - (timers.size() + 2) / 3);
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
  EXPECT_EQ(heap.NextWhen(), TimerHeap::kNever);
}

TEST(TimerHeap, PeriodicDropsLateTicks) {
  TimerHeap heap;
  TestTimer t;
  t.period = 10;
  heap.Add(&t, 10);
  EXPECT_EQ(heap.Run(9), 0);
  EXPECT_EQ(heap.Run(10), 1);
  EXPECT_EQ(heap.NextWhen(), 20);
  EXPECT_EQ(heap.Run(57), 1);
  EXPECT_EQ(heap.NextWhen(), 60);
}

TEST(TimerHeap, RemoveIf) {
  TimerHeap heap;
  std::vector<TestTimer> timers(100);
  for (size_t i = 0; i < timers.size(); i++) {
    heap.Add(&timers[i], static_cast<int64_t>(i * 7 % 100));
  }
  heap.RemoveIf([](Timer* t, void*) { return t->when % 2 == 1; }, nullptr);
  fired.clear();
  heap.Run(100);
  EXPECT_EQ(fired.size(), 50u);
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
}

TEST(Sleep, WakesInOrderOfTime) {
  FakeProgram program;
  std::vector<int> order;
  int left = 3;
  // The times count from here, however late a goroutine gets to sleep.
  int64_t start = Nanotime();
  program.Go([&](G* g) {
    if (left == 0) return Step::kExit;
    return SleepGoroutine(g, 1000000) ? Step::kParked : Step::kAgain;
  });
  for (int i : {3, 1, 2}) {
    auto slept = std::make_shared<bool>(false);
    program.Go([&, i, slept](G* g) {
      if (!*slept) {
        *slept = true;
        SleepGoroutine(g, start + i * 30000000 - Nanotime());
        return Step::kParked;
      }
      order.push_back(i);
      left--;
      return Step::kExit;
    });
  }
  EXPECT_EQ(program.Run(), 0);
  EXPECT_GE(Nanotime() - start, 90000000);
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

}  // namespace
}  // namespace mgo::rt
