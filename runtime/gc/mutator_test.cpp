#include "runtime/gc/mutator.h"

#include <gtest/gtest.h>

#include "runtime/gc/gc.h"
#include "runtime/gc/mark.h"
#include "runtime/gc/type_maker.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/fake_executor.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::TypeMaker;

class MutatorTest : public testing::Test {
 protected:
  void SetUp() override {
    GcInit();
    g.p = sched.procs[0];
  }
  void TearDown() override { ResetHeapForTesting(); }
  // The words of an object that the collector takes for pointers.
  std::string Layout(void* object) {
    MSpan* span = SpanOf(object);
    auto* words = static_cast<uint64_t*>(object);
    uint32_t index = span->IndexOf(reinterpret_cast<uintptr_t>(object));
    uint64_t n = span->elem_size / 8;
    std::string layout;
    for (uint64_t i = 0; i < n; i++) {
      auto* target = NewBytes(&g, 64, false);
      // It may be taken for the type word of the word after.
      memcpy(target, &boxed, sizeof boxed);
      words[i] = reinterpret_cast<uint64_t>(target);
      if (i > 0) words[i - 1] = reinterpret_cast<uint64_t>(&boxed->self);
      Marker marker;
      marker.Children(reinterpret_cast<uintptr_t>(object), span, index);
      bool marked = SpanOf(target)->IsMarked(
          SpanOf(target)->IndexOf(reinterpret_cast<uintptr_t>(target)));
      layout += marked ? 'p' : '.';
      words[i] = 0;
      if (i > 0) words[i - 1] = 0;
    }
    return layout;
  }
  FakeProgram program;
  TypeMaker types;
  TypeDesc* boxed = types.Plain(16);
  G g = {};
};

TEST_F(MutatorTest, PointerLayoutOfSmallObjects) {
  for (const char* words : {"p", "..p", "pp", "p.p.pp", "........p"}) {
    for (int i = 0; i < 100; i++) {
      void* p = NewObject(&g, types.Words(words));
      if (i % 33 != 0) continue;
      std::string want = words;
      std::string got = Layout(p);
      ASSERT_GE(got.size(), want.size());
      // The object's class may have room for one more value.
      EXPECT_EQ(got.substr(0, want.size()), want);
    }
  }
}

TEST_F(MutatorTest, InterfaceLayout) {
  void* p = NewObject(&g, types.Words("i.ip"));
  EXPECT_EQ(Layout(p).substr(0, 6), ".p..pp");
  void* a = NewArray(&g, types.Words("i"), 10);
  EXPECT_EQ(Layout(a), ".p.p.p.p.p.p.p.p.p.p");
}

TEST_F(MutatorTest, ArraysAndLargeObjects) {
  EXPECT_EQ(Layout(NewArray(&g, types.Words(".p"), 3)), ".p.p.p");
  EXPECT_EQ(Layout(NewArray(&g, types.Words("p"), 64)), std::string(64, 'p'));
  std::string big = Layout(NewArray(&g, types.Words("p.."), 40));
  EXPECT_EQ(big.substr(0, 9), "p..p..p..");
  void* large = NewArray(&g, types.Words("..p."), 2000);
  EXPECT_EQ(Layout(large).substr(4000, 8), "..p...p.");
  TypeDesc* huge = types.BigArray(types.Words(".p"), 3000);
  EXPECT_EQ(Layout(NewObject(&g, huge)).substr(5000, 4), ".p.p");
}

TEST_F(MutatorTest, EverythingIsZeroedAndNoScanIsNotScanned) {
  for (int round = 0; round < 3; round++) {
    for (uint64_t size : {1u, 7u, 8u, 15u, 16u, 100u, 600u, 40000u}) {
      for (int i = 0; i < 50; i++) {
        auto* p = static_cast<uint8_t*>(NewObject(&g, types.Plain(size)));
        for (uint64_t b = 0; b < size; b++) ASSERT_EQ(p[b], 0);
        memset(p, 0xff, size);
      }
      EXPECT_EQ(SpanOf(NewBytes(&g, size, false))->kind, kNoScan);
    }
    MCacheFlush(&g.p->mcache);
    heap.FinishSweep();
    heap.StartSweep();
  }
  EXPECT_EQ(NewObject(&g, types.Plain(0)), &zero_base);
}

TEST_F(MutatorTest, TinyObjectsShareABlock) {
  uint8_t* a = NewBytes(&g, 3, false);
  uint8_t* b = NewBytes(&g, 4, false);
  uint8_t* c = NewBytes(&g, 8, false);
  EXPECT_EQ(FindObject(a), FindObject(b));
  EXPECT_EQ(FindObject(a), FindObject(c));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(c) % 8, 0u);
  EXPECT_NE(FindObject(NewBytes(&g, 5, false)), FindObject(a));
}

// With the barrier on, old and new targets of each pointer word are shaded.
TEST_F(MutatorTest, BarrierShadesOldAndNew) {
  TypeDesc* type = types.Words("p.i");
  struct Value {
    void* pointer;
    uint64_t number;
    GoIface iface;
  };
  auto* dst = static_cast<Value*>(NewObject(&g, type));
  Value src;
  void* targets[4];
  for (void*& t : targets) t = NewObject(&g, types.Words("pp"));
  *dst = {
      targets[0], 1, {&boxed->self, reinterpret_cast<uint64_t>(targets[1])}};
  src = {targets[2], 2, {&boxed->self, reinterpret_cast<uint64_t>(targets[3])}};
  Marker marker;
  active_marker = &marker;
  gc_barrier_enabled = 1;
  uint64_t before = WriteBarrierCount();
  TypedCopy(dst, &src, type);
  EXPECT_EQ(WriteBarrierCount(), before + 2);
  EXPECT_EQ(marker.marked_objects, 4u);
  EXPECT_EQ(dst->pointer, targets[2]);
  EXPECT_EQ(dst->number, 2u);
  void* other = NewObject(&g, types.Words("pp"));
  StorePointer(&dst->pointer, other);
  EXPECT_EQ(marker.marked_objects, 5u);
  TypedClear(dst, type, 1);
  EXPECT_EQ(dst->iface.word, nullptr);
  gc_barrier_enabled = 0;
  active_marker = nullptr;
  marker.Drain();
}

}  // namespace
}  // namespace mgo::rt
