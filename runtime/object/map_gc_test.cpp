// Maps under a collector that runs at every safepoint and poisons what it
// frees: what a map holds has to survive, through growth and iteration.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>

#include "runtime/base/debug_vars.h"
#include "runtime/gc/gc.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/iface.h"
#include "runtime/object/map.h"
#include "runtime/object/slice.h"
#include "runtime/object/string.h"
#include "runtime/object/test_types.h"
#include "runtime/sched/fake_executor.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::Step;

// The frame: slot 1 the map, from slot 2 on an iteration.
constexpr int kMapSlot = 1;
constexpr int kIterSlot = 2;
constexpr uint64_t kRoots[] = {1u << kMapSlot | kMapIterPointerMask
                                                    << kIterSlot};
constexpr RootMap kRootMaps[] = {
    {0, testing_support::kFakeSlots, kRoots, nullptr}};
static_assert(kIterSlot + kMapIterSlots <= testing_support::kFakeSlots);

// A collector that runs at every safepoint, for a scope. The scheduler has been
// set up.
struct Stress {
  Stress() {
    debug_vars.gcstress = 1;
    debug_vars.gcbarrier = 1;
    GcInit();
  }
  ~Stress() {
    debug_vars.gcstress = 0;
    debug_vars.gcbarrier = 0;
    GcInit();
  }
};

// map[string]any with boxed strings as values, each telling its key.
struct Program {
  FakeProgram fake;
  const TypeDesc* type = test::MapOf(test::String(), test::Any());
  std::unordered_map<std::string, int> model;
  std::mt19937_64 random{7};
  int step = 0;
  int seen = 0;
  uint8_t depth = 0;  // the largest
  int steps;

  explicit Program(int steps) : steps(steps) {
    fake.function.root_maps = kRootMaps;
    fake.function.root_map_count = 1;
  }

  Map*& TheMap(G* g) { return reinterpret_cast<Map*&>(g->exec.fp[kMapSlot]); }
  MapIter* Iter(G* g) {
    return reinterpret_cast<MapIter*>(&g->exec.fp[kIterSlot]);
  }

  void Assign(G* g, const std::string& key, int number) {
    GoString k = NewString(g, key);
    uint64_t box = BoxString(g, NewString(g, key + std::to_string(number)));
    auto* cell = static_cast<GoIface*>(MapAssignStr(g, type, TheMap(g), k));
    StoreIface(cell, {&test::String()->self, box});
    model[key] = number;
  }

  void Check(const std::string& key, const void* value) {
    auto found = model.find(key);
    ASSERT_EQ(found != model.end(), value != nullptr);
    if (value == nullptr) return;
    auto* iface = static_cast<const GoIface*>(value);
    ASSERT_EQ(iface->Type(), test::String());
    EXPECT_EQ(reinterpret_cast<const GoString*>(iface->data)->View(),
              key + std::to_string(found->second));
  }

  Step Run(G* g) {
    if (step == 0) {
      TheMap(g) = MakeMap(g, type, 0);
      MapIterInit(type, nullptr, Iter(g));
    }
    if (++step > steps) return Step::kExit;
    std::string key = "key" + std::to_string(random() % (steps / 2));
    switch (random() % 8) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        Assign(g, key, step);
        break;
      case 5:
        MapDeleteStr(g, type, TheMap(g), StaticString(key));
        model.erase(key);
        break;
      default:
        Check(key, MapAccessStr(TheMap(g), StaticString(key)));
    }
    if (!MapIterNext(Iter(g))) {
      MapIterInit(type, TheMap(g), Iter(g));
    } else {
      Check(std::string(static_cast<const GoString*>(Iter(g)->key)->View()),
            Iter(g)->value);
      ++seen;
    }
    depth = std::max(depth, TheMap(g)->depth);
    if (step % 4001 == 0) {
      MapClear(g, type, TheMap(g));
      model.clear();
    }
    return Step::kAgain;
  }
};

TEST(MapGcTest, EntriesSurvive) {
  Program program(6000);
  Stress stress;
  G* g = program.fake.Go([&](G* self) { return program.Run(self); });
  ASSERT_NE(g, nullptr);
  uint32_t before = GcCycles();
  EXPECT_EQ(program.fake.Run(), 0);
  EXPECT_GT(GcCycles() - before, 1000u);
  EXPECT_GT(program.seen, 1000);
  EXPECT_GE(program.depth, 1);  // tables were split
}

}  // namespace
}  // namespace mgo::rt
