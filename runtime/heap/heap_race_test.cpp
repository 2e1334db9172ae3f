// Several threads, each with a cache of its own, allocate and sweep at once.
#include <gtest/gtest.h>

#include <barrier>
#include <cstring>
#include <thread>
#include <vector>

#include "runtime/base/fastrand.h"
#include "runtime/heap/mcache.h"
#include "runtime/heap/mheap.h"

namespace mgo::rt {
namespace {

constexpr int kThreads = 4;
constexpr int kCycles = 12;
constexpr int kObjects = 3000;  // that each thread makes in a cycle

struct Object {
  uint64_t* words;
  uint64_t size;
  uint64_t tag;  // all words but the first are this
  bool has_bits;
};

// A thread of the program: what it has, and what it allocates from.
struct Mutator {
  MCache cache{};
  std::vector<Object> live;
  uint64_t next_tag = 0;

  Object Make() {
    uint64_t tag = ++next_tag;
    if (FastRandN(500) == 0) {
      uint64_t size = (1 + FastRandN(20)) * 20000;
      void* p = AllocLarge(&cache, size, nullptr);
      return {static_cast<uint64_t*>(p), size, tag, false};
    }
    uint32_t size_class = 1 + FastRandN(40);
    uint64_t size = ClassSize(size_class);
    bool bits = FastRandN(2) != 0 && size <= kMaxBitmapObject;
    SpanKind kind = bits ? kPointers : kNoScan;
    void* p = AllocSmall(&cache, MakeSpanClass(size_class, kind), size);
    auto address = reinterpret_cast<uintptr_t>(p);
    if (bits) SetPointerBits(ArenaOfSmall(address)->pointers, address, 1);
    return {static_cast<uint64_t*>(p), size, tag, bits};
  }

  void Cycle() {
    for (int i = 0; i < kObjects; i++) {
      Object o = Make();
      if (o.has_bits) {
        EXPECT_EQ(o.words[0], 0u);
        EXPECT_EQ(o.words[o.size / 8 - 1], 0u);
      }
      for (uint64_t w = 0; w < o.size / 8; w++) o.words[w] = o.tag;
      if (FastRandN(4) == 0) live.push_back(o);
    }
    for (const Object& o : live) Check(o);
    // Some of what is left dies.
    std::vector<Object> kept;
    for (const Object& o : live) {
      if (FastRandN(3) != 0) kept.push_back(o);
    }
    live = kept;
  }

  // Nobody else has got the memory.
  static void Check(const Object& o) {
    ASSERT_EQ(o.words[0], o.tag);
    ASSERT_EQ(o.words[o.size / 8 - 1], o.tag);
    ASSERT_EQ(FindObject(o.words), o.words);
  }

  // The pointer bits are still the object's own. World stopped: whoever has the
  // span now writes to the same words.
  static void CheckBits(const Object& o) {
    if (!o.has_bits) return;
    auto address = reinterpret_cast<uintptr_t>(o.words);
    uint64_t word = (address & (kArenaBytes - 1)) / 8;
    const uint64_t* bitmap = ArenaOfSmall(address)->pointers;
    ASSERT_EQ(bitmap[word / 64] >> (word % 64) & 1, 1u);
  }
};

// With all threads stopped: everything in `live` survives.
void Collect(std::vector<Mutator>& mutators) {
  heap.FinishSweep();
  for (Mutator& m : mutators) MCacheFlush(&m.cache);
  uint64_t bytes = 0;
  for (Mutator& m : mutators) {
    for (const Object& o : m.live) {
      MSpan* span = SpanOf(o.words);
      ASSERT_NE(span, nullptr);
      Mutator::CheckBits(o);
      EXPECT_TRUE(
          span->Mark(span->IndexOf(reinterpret_cast<uintptr_t>(o.words))));
      bytes += span->elem_size;
    }
  }
  heap.stats.live.store(bytes);
  heap.StartSweep();
}

TEST(HeapRace, AllocationAndSweepingInParallel) {
  heap.poison = false;
  const uint64_t freed_before = heap.stats.freed_bytes.load();
  const uint64_t made_before = heap.stats.total_alloc.load();
  std::vector<Mutator> mutators(kThreads);
  std::barrier stop(kThreads, [&]() noexcept { Collect(mutators); });
  std::vector<std::thread> threads;
  for (Mutator& m : mutators) {
    threads.emplace_back([&] {
      for (int cycle = 0; cycle < kCycles; cycle++) {
        m.Cycle();
        // One finishes the sweep while others still allocate.
        if (&m == &mutators[0]) heap.FinishSweep();
        stop.arrive_and_wait();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (Mutator& m : mutators) {
    for (const Object& o : m.live) Mutator::Check(o);
    MCacheFlush(&m.cache);
  }
  heap.FinishSweep();
  uint64_t bytes = 0;
  for (Mutator& m : mutators) {
    for (const Object& o : m.live) bytes += SpanOf(o.words)->elem_size;
  }
  // All that is in spans is what was marked; the figures have lost nothing.
  EXPECT_EQ(heap.stats.live.load(), bytes);
  uint64_t freed = heap.stats.freed_bytes.load() - freed_before;
  EXPECT_EQ(heap.stats.total_alloc.load() - made_before - freed, bytes);
  ResetHeapForTesting();
}

TEST(HeapRace, PersistentMemoryIsHandedOutOnce) {
  std::vector<std::thread> threads;
  std::vector<std::vector<uint64_t*>> got(kThreads);
  for (int t = 0; t < kThreads; t++) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; i++) {
        auto* p = static_cast<uint64_t*>(PersistentAlloc(8 + FastRandN(400)));
        EXPECT_EQ(*p, 0u);
        *p = static_cast<uint64_t>(t * 10000 + i);
        got[t].push_back(p);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (int t = 0; t < kThreads; t++) {
    for (int i = 0; i < 2000; i++) {
      EXPECT_EQ(*got[t][i], static_cast<uint64_t>(t * 10000 + i));
    }
  }
}

}  // namespace
}  // namespace mgo::rt
