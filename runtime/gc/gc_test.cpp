#include "runtime/gc/gc.h"

#include <gtest/gtest.h>

#include "runtime/base/debug_vars.h"
#include "runtime/base/fastrand.h"
#include "runtime/gc/finalizer.h"
#include "runtime/gc/gc_trace.h"
#include "runtime/gc/mutator.h"
#include "runtime/gc/type_maker.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/fake_executor.h"
#include "runtime/sched/stack.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::Step;
using testing_support::TypeMaker;

struct Node {
  Node* left;
  Node* right;
  uint64_t value;
};

class GcTest : public testing::Test {
 protected:
  void SetUp() override {
    // Slots 1..8 of fake frames are pointers, slot 10 is an interface's data.
    pointers = 0x1fe;
    ifaces = 1 << 10;
    map = {0, 11, &pointers, &ifaces};
    program.function.root_maps = &map;
    program.function.root_map_count = 1;
    debug_vars.gcverify = 1;
    GcInit();
  }
  void TearDown() override {
    debug_vars.gcverify = 0;
    debug_vars.gcstress = 0;
    ResetHeapForTesting();
  }
  // Runs `body` as the main goroutine.
  void Run(testing_support::Body body) {
    program.Go(std::move(body));
    EXPECT_EQ(program.Run(), 0);
  }
  Node* NewNode(G* g, uint64_t value) {
    auto* node = static_cast<Node*>(NewObject(g, node_type));
    EXPECT_EQ(node->left, nullptr);
    node->value = value;
    return node;
  }
  static Slot Ref(const void* p) { return reinterpret_cast<Slot>(p); }
  uint64_t LiveObjects() {
    MemStats stats;
    ReadMemStats(&stats);
    return stats.heap_objects;
  }

  FakeProgram program;
  TypeMaker types;
  TypeDesc* node_type = types.Words("pp.");
  uint64_t pointers, ifaces;
  RootMap map;
};

TEST_F(GcTest, FramesKeepWhatTheirMapSays) {
  Run([&](G* g) {
    Node* kept = NewNode(g, 1);
    kept->left = NewNode(g, 2);
    kept->left->right = kept;
    g->exec.fp[1] = Ref(&kept->value);    // interior
    g->exec.fp[12] = Ref(NewNode(g, 3));  // not in the map
    uint64_t before = LiveObjects();
    CollectGarbage(true);
    EXPECT_EQ(LiveObjects(), before - 1);
    EXPECT_EQ(kept->value, 1u);
    EXPECT_EQ(kept->left->value, 2u);
    g->exec.fp[1] = 0;
    CollectGarbage(true);
    EXPECT_EQ(LiveObjects(), before - 3);
    return Step::kExit;
  });
}

TEST_F(GcTest, InterfacesByTheirTypeWord) {
  TypeDesc* boxed = types.Words("p.");
  TypeDesc* integer = types.Int();
  TypeDesc* pointer = types.Pointer();
  Run([&](G* g) {
    struct Case {
      TypeDesc* type;
      bool keeps;
    };
    for (Case c : {Case{boxed, true}, Case{integer, false}, Case{pointer, true},
                   Case{nullptr, false}}) {
      Node* node = NewNode(g, 5);
      g->exec.fp[9] = c.type == nullptr ? 0 : Ref(&c.type->self);
      g->exec.fp[10] = Ref(node);
      uint64_t before = LiveObjects();
      CollectGarbage(true);
      EXPECT_EQ(LiveObjects(), before - (c.keeps ? 0 : 1));
      g->exec.fp[10] = 0;
      CollectGarbage(true);
    }
    return Step::kExit;
  });
}

TEST_F(GcTest, OtherRoots) {
  static Node* globals[2];
  static TypeMaker global_types;
  RegisterGlobals(globals, global_types.Words("p."));
  RootHandle handle;
  int stage = 0;
  uint64_t before = 0;
  Run([&](G* g) {
    switch (stage++) {
      case 0: {
        globals[0] = NewNode(g, 1);
        handle.Set(NewNode(g, 2));
        // Parameters of a goroutine that has not run, of a deferred call, and
        // the value of a panic.
        static uint64_t param_bits;
        static RootMap entry;
        static Function function;
        param_bits = 0b100;
        entry = {0, 3, &param_bits, nullptr};
        function = program.function;
        function.result_slots = 2;
        function.root_maps = &entry;
        Defer* defer = NewDefer(g, 1);
        defer->function = &function;
        defer->params[0] = Ref(NewNode(g, 3));
        g->defers = defer;
        Panic* panic = NewPanic(g);
        panic->value = {&types.Words("p")->self, Ref(NewNode(g, 4))};
        g->panics = panic;
        before = LiveObjects();
        CollectGarbage(true);
        EXPECT_EQ(LiveObjects(), before);
        globals[0] = nullptr;
        handle.Set(nullptr);
        FreeDefer(g, defer);
        FreePanic(g, panic);
        g->defers = nullptr;
        g->panics = nullptr;
        CollectGarbage(true);
        EXPECT_EQ(LiveObjects(), before - 4);
        return Step::kExit;
      }
    }
    return Step::kExit;
  });
}

TEST_F(GcTest, PacingCollectsByItself) {
  uint32_t cycles = GcCycles();
  int i = 0;
  Run([&](G* g) {
    for (int n = 0; n < 1000; n++) g->exec.fp[1] = Ref(NewNode(g, 7));
    return ++i == 1000 ? Step::kExit : Step::kAgain;
  });
  // 24 MB through a heap of 4.
  EXPECT_GE(GcCycles() - cycles, 4u);
  EXPECT_LE(GcCycles() - cycles, 12u);
  EXPECT_LT(heap.stats.mapped.load(), uint64_t{200} << 20);
}

// A random graph of nodes, mutated and collected under stress; a copy of it in
// plain memory says what it must look like.
TEST_F(GcTest, RandomGraphUnderStress) {
  debug_vars.gcstress = 7;
  GcInit();
  FastRandSeed(11);
  constexpr int kRoots = 8;
  int steps = 0;
  uint64_t next = 1;
  // Sums the values reachable by left from each root.
  std::vector<std::vector<uint64_t>> lists(kRoots);
  Run([&](G* g) {
    auto* roots = reinterpret_cast<Node**>(g->exec.fp + 1);
    uint32_t r = FastRandN(kRoots);
    switch (FastRandN(4)) {
      case 0:
      case 1: {
        Node* node = NewNode(g, next);
        StorePointer(reinterpret_cast<void**>(&node->left), roots[r]);
        roots[r] = node;
        lists[r].push_back(next++);
        break;
      }
      case 2:
        if (roots[r] != nullptr) {
          roots[r] = roots[r]->left;
          lists[r].pop_back();
        }
        break;
      case 3:
        if (FastRandN(20) == 0) {
          roots[r] = nullptr;
          lists[r].clear();
        }
        NewArray(g, node_type, 1 + FastRandN(100));
        NewBytes(g, 1 + FastRandN(3000), true);
        break;
    }
    for (int i = 0; i < kRoots; i++) {
      Node* node = roots[i];
      for (size_t n = lists[i].size(); n-- > 0; node = node->left) {
        EXPECT_EQ(node->value, lists[i][n]);
      }
      EXPECT_EQ(node, nullptr);
    }
    return ++steps == 3000 ? Step::kExit : Step::kAgain;
  });
  sched.always_stop = false;
  heap.poison = false;
}

TEST_F(GcTest, FinalizersAndCleanups) {
  static int calls;
  static Node* seen;
  calls = 0;
  // The finalizer's function: a fake body that looks at its parameter.
  static testing_support::Body body = [](G* g) {
    calls++;
    seen = reinterpret_cast<Node*>(g->exec.fp[1]);
    return Step::kExit;
  };
  int stage = 0;
  Node* node = nullptr;
  Run([&](G* g) {
    switch (stage++) {
      case 0: {
        node = NewNode(g, 9);
        node->left = NewNode(g, 10);
        // Fake goroutines find their body in slot 0: the parameters here are
        // (body), so the closure's function gets the object there; patched up
        // below.
        static Closure closure;
        closure = {&program.function};
        EXPECT_TRUE(SetFinalizer(node, &closure));
        EXPECT_FALSE(SetFinalizer(node, &closure));
        EXPECT_FALSE(SetFinalizer(&stage, &closure));
        g->exec.fp[1] = Ref(node);
        CollectGarbage(true);
        EXPECT_EQ(QueuedFinalizerCount(), 0u);
        EXPECT_EQ(SpecialCount(), 1u);
        g->exec.fp[1] = 0;
        // Found dead: its goroutine is on the queue, with the object as its
        // parameter.
        CollectGarbage(true);
        EXPECT_EQ(SpecialCount(), 0u);
        G* finalizer = AllG(AllGCount() - 1);
        EXPECT_EQ(finalizer->exec.fp[0], Ref(node));
        EXPECT_NE(finalizer->flags & kGFinalizer, 0u);
        EXPECT_EQ(node->value, 9u);
        EXPECT_EQ(node->left->value, 10u);
        finalizer->exec.fp[0] = Ref(&body);
        finalizer->exec.fp[1] = Ref(node);
        return Step::kYield;
      }
      case 1:
        EXPECT_EQ(calls, 1);
        EXPECT_EQ(seen, node);
        {
          uint64_t before = LiveObjects();
          CollectGarbage(true);
          EXPECT_EQ(LiveObjects(), before - 2);
        }
        return Step::kExit;
    }
    return Step::kExit;
  });
}

TEST_F(GcTest, MemStatsAddUp) {
  Run([&](G* g) {
    MemStats a, b;
    ReadMemStats(&a);
    for (int i = 0; i < 1000; i++) NewNode(g, 1);
    for (int i = 0; i < 10; i++) NewBytes(g, 3, true);
    NewBytes(g, 100000, true);
    ReadMemStats(&b);
    EXPECT_EQ(b.mallocs - a.mallocs, 1000u + 10 + 1 + 2);
    EXPECT_EQ(b.total_alloc - a.total_alloc, 1000u * 24 + 2 * 16 + 13 * 8192);
    EXPECT_EQ(b.by_size[3].mallocs - a.by_size[3].mallocs, 1000u);
    CollectGarbage(true);
    ReadMemStats(&b);
    EXPECT_EQ(b.heap_alloc, a.heap_alloc);
    EXPECT_EQ(b.num_gc, GcCycles());
    return Step::kExit;
  });
}

TEST_F(GcTest, TraceLine) {
  Run([&](G*) {
    debug_vars.gctrace = 2;
    testing::internal::CaptureStderr();
    CollectGarbage(true);
    std::string out = testing::internal::GetCapturedStderr();
    debug_vars.gctrace = 0;
    EXPECT_EQ(out.rfind("gc ", 0), 0u);
    EXPECT_NE(out.find(" MB globals, 1 P (forced)\n"), std::string::npos);
    EXPECT_NE(out.find("coverage 100%"), std::string::npos);
    return Step::kExit;
  });
}

TEST_F(GcTest, GogcOff) {
  int32_t old = SetGcPercent(-1);
  uint32_t cycles = GcCycles();
  int i = 0;
  Run([&](G* g) {
    for (int n = 0; n < 1000; n++) NewNode(g, 7);
    return ++i == 400 ? Step::kExit : Step::kAgain;
  });
  EXPECT_EQ(GcCycles(), cycles);
  EXPECT_EQ(SetGcPercent(old), -1);
}

TEST_F(GcTest, MissingRootMapIsFatal) {
  EXPECT_EXIT(
      {
        program.function.root_map_count = 0;
        Run([&](G*) {
          CollectGarbage(true);
          return Step::kExit;
        });
      },
      testing::ExitedWithCode(2), "no root map in main.fake at offset 0");
}

}  // namespace
}  // namespace mgo::rt
