// For tests: a fake program with channels, whose goroutines are lists of steps.
#ifndef MGO_RUNTIME_CHAN_TEST_PROGRAM_H_
#define MGO_RUNTIME_CHAN_TEST_PROGRAM_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "runtime/base/debug_vars.h"
#include "runtime/chan/chan.h"
#include "runtime/gc/gc.h"
#include "runtime/gc/mutator.h"
#include "runtime/gc/type_maker.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/fake_executor.h"

namespace mgo::rt {

using testing_support::Body;
using testing_support::FakeProgram;
using testing_support::Step;

class ChanTest : public testing::Test {
 protected:
  void SetUp() override {
    // Slots 1..8 are pointers, 9..23 are not.
    map_bits = 0x1fe;
    map = {0, 9, &map_bits, nullptr};
    program.function.root_maps = &map;
    program.function.root_map_count = 1;
    debug_vars.gcverify = 1;
    GcInit();
    int_type = types.Int();
  }
  void TearDown() override {
    debug_vars.gcverify = 0;
    ResetHeapForTesting();
  }
  // A goroutine of steps, each run once.
  void GoSteps(std::vector<std::function<Step(G*)>> steps) {
    auto at = std::make_shared<size_t>(0);
    auto list = std::make_shared<decltype(steps)>(std::move(steps));
    program.Go([at, list](G* g) {
      if (*at == list->size()) return Step::kExit;
      return (*list)[(*at)++](g);
    });
  }
  static Step After(ChanStatus status) {
    EXPECT_NE(status, ChanStatus::kPanic);
    return status == ChanStatus::kPark ? Step::kParked : Step::kAgain;
  }
  // The text of the panic that was raised.
  static std::string PanicText(G* g) { return g->m->pending.text; }

  FakeProgram program;
  testing_support::TypeMaker types;
  TypeDesc* int_type;
  uint64_t map_bits;
  RootMap map;
};

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_CHAN_TEST_PROGRAM_H_
