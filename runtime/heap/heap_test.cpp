#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "runtime/base/fastrand.h"
#include "runtime/base/sanitizer.h"
#include "runtime/heap/mcache.h"
#include "runtime/heap/mheap.h"

namespace mgo::rt {
namespace {

class HeapTest : public testing::Test {
 protected:
  void SetUp() override {
    heap.poison = false;
    cache = {};
  }
  void TearDown() override { ResetHeapForTesting(); }
  // A collection whose survivors are `live`.
  void Collect(const std::vector<void*>& live) {
    MCacheFlush(&cache);
    heap.FinishSweep();
    uint64_t bytes = 0;
    for (void* p : live) {
      MSpan* span = SpanOf(p);
      ASSERT_NE(span, nullptr);
      if (span->Mark(span->IndexOf(reinterpret_cast<uintptr_t>(p)))) {
        bytes += span->elem_size;
      }
    }
    heap.stats.live = bytes;
    heap.StartSweep();
  }
  MCache cache;
};

TEST_F(HeapTest, SizeClasses) {
  EXPECT_EQ(ClassSize(kSizeClasses - 1), kMaxSmallSize);
  for (uint64_t size = 1; size <= kMaxSmallSize; size++) {
    uint32_t c = SizeToClass(size);
    ASSERT_GE(ClassSize(c), size);
    ASSERT_LT(ClassSize(c - 1), size);
  }
  for (uint32_t c = 1; c < kSizeClasses; c++) {
    uint64_t bytes = ClassPages(c) * kPageSize;
    EXPECT_LE(bytes % ClassSize(c), bytes / 8);
  }
  // Capacities that Go's append makes.
  EXPECT_EQ(RoundUpSize(513, true), 576u);
  EXPECT_EQ(RoundUpSize(8 * 65, false) / 8, 71u);
  EXPECT_EQ(RoundUpSize(8 * 128, false) / 8, 143u);
  EXPECT_EQ(RoundUpSize(8 * 4108, false) / 8, 5120u);
}

TEST_F(HeapTest, EveryAddressFindsItsObject) {
  for (uint32_t c = 1; c < kSizeClasses; c++) {
    uint64_t size = ClassSize(c);
    for (int i = 0; i < 20; i++) {
      auto* p = static_cast<uint8_t*>(
          AllocSmall(&cache, MakeSpanClass(c, kPointers), size));
      for (uint64_t b = 0; b < size; b++) ASSERT_EQ(p[b], 0);
      EXPECT_EQ(FindObject(p), p);
      EXPECT_EQ(FindObject(p + size - 1), p);
      EXPECT_EQ(FindObject(p + size / 2), p);
    }
  }
  int local;
  EXPECT_EQ(FindObject(&local), nullptr);
  EXPECT_EQ(FindObject(nullptr), nullptr);
  EXPECT_EQ(FindObject(reinterpret_cast<void*>(~uintptr_t{0})), nullptr);
}

TEST_F(HeapTest, LargeAndHuge) {
  auto* a = static_cast<uint8_t*>(AllocLarge(&cache, 40000, nullptr));
  EXPECT_EQ(FindObject(a + 39999), a);
  uint64_t size = uint64_t{200} << 20;
  auto* b = static_cast<uint8_t*>(AllocLarge(&cache, size, nullptr));
  b[0] = b[size - 1] = 1;
  EXPECT_EQ(FindObject(b + size - 1), b);
  EXPECT_EQ(FindObject(b + size / 2), b);
  Collect({a});
  heap.FinishSweep();
  EXPECT_EQ(FindObject(a + 100), a);
  EXPECT_EQ(FindObject(b), nullptr);
}

#if MGO_ASAN
TEST_F(HeapTest, SanitizerKnowsWhatIsFree) {
  uint64_t size = ClassSize(5);
  uint32_t span_class = MakeSpanClass(5, kPointers);
  void* dead = AllocSmall(&cache, span_class, size);
  void* live = AllocSmall(&cache, span_class, size);
  auto* large = static_cast<uint8_t*>(AllocLarge(&cache, 40000, nullptr));
  EXPECT_FALSE(__asan_address_is_poisoned(dead));
  EXPECT_FALSE(__asan_address_is_poisoned(live));
  EXPECT_FALSE(__asan_address_is_poisoned(large + 39999));
  Collect({live});
  heap.FinishSweep();
  EXPECT_TRUE(__asan_address_is_poisoned(dead));
  EXPECT_FALSE(__asan_address_is_poisoned(live));
  EXPECT_TRUE(__asan_address_is_poisoned(large + 39999));
  EXPECT_EQ(AllocSmall(&cache, span_class, size), dead);
  EXPECT_FALSE(__asan_address_is_poisoned(dead));
}
#endif

TEST_F(HeapTest, PointerBits) {
  uint32_t sc = MakeSpanClass(SizeToClass(48), kPointers);
  std::vector<uintptr_t> objects;
  for (int i = 0; i < 300; i++) {
    auto p = reinterpret_cast<uintptr_t>(AllocSmall(&cache, sc, 48));
    SetPointerBits(ArenaOfSmall(p)->pointers, p, 0b100101);
    objects.push_back(p);
  }
  for (uintptr_t p : objects) {
    for (uint64_t w = 0; w < 6; w++) {
      uint64_t bit = (p & (kArenaBytes - 1)) / 8 + w;
      bool set = ArenaOfSmall(p)->pointers[bit / 64] >> (bit % 64) & 1;
      ASSERT_EQ(set, (0b100101 >> w & 1) != 0);
    }
  }
}

// Random allocation and collection: live objects keep their contents, never
// overlap, and figures add up.
TEST_F(HeapTest, Fuzz) {
  FastRandSeed(42);
  std::map<uint8_t*, std::pair<uint64_t, uint8_t>> live;
  for (int round = 0; round < 60; round++) {
    for (int i = 0; i < 1500; i++) {
      uint64_t size = FastRandN(100) == 0 ? 1 + FastRandN(200000)
                      : FastRandN(8) == 0 ? 1 + FastRandN(4000)
                                          : 1 + FastRandN(200);
      uint8_t* p;
      if (size > kMaxSmallSize) {
        p = static_cast<uint8_t*>(AllocLarge(&cache, size, nullptr));
      } else {
        uint32_t c = SizeToClass(size);
        auto kind = static_cast<SpanKind>(FastRandN(3));
        p = static_cast<uint8_t*>(
            AllocSmall(&cache, MakeSpanClass(c, kind), ClassSize(c)));
        if (kind != kNoScan) {
          for (uint64_t b = 0; b < size; b++) ASSERT_EQ(p[b], 0);
        }
      }
      auto fill = static_cast<uint8_t>(FastRand());
      memset(p, fill, size);
      auto after = live.lower_bound(p);
      if (after != live.end()) {
        ASSERT_LE(p + size, after->first);
      }
      if (after != live.begin()) {
        --after;
        ASSERT_LE(after->first + after->second.first, p);
      }
      live[p] = {size, fill};
    }
    for (auto it = live.begin(); it != live.end();) {
      it = FastRandN(3) != 0 ? live.erase(it) : std::next(it);
    }
    std::vector<void*> roots;
    uint64_t bytes = 0;
    for (auto& [p, info] : live) {
      roots.push_back(p);
      bytes += SpanOf(p)->elem_size;
    }
    Collect(roots);
    EXPECT_EQ(heap.stats.live, bytes);
    if (round % 3 == 0) heap.FinishSweep();
    heap.poison = round % 7 == 6;
    for (auto& [p, info] : live) {
      for (uint64_t b = 0; b < info.first; b++) ASSERT_EQ(p[b], info.second);
    }
  }
  Collect({});
  heap.FinishSweep();
  EXPECT_EQ(heap.all_span_count, 0u);
  EXPECT_EQ(heap.stats.pages_in_use, 0u);
}

}  // namespace
}  // namespace mgo::rt
