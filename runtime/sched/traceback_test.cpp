#include "runtime/sched/traceback.h"

#include <gtest/gtest.h>

#include <atomic>

#include "runtime/base/throw.h"
#include "runtime/sched/fake_executor.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::Step;

// Frames of a goroutine that another thread runs are not looked at, whatever
// its record says; a dump waits for it no longer than a moment.
TEST(TracebackDeathTest, GoroutineOnAnotherThread) {
  EXPECT_EXIT(
      {
        FakeProgram program;
        program.Go([](G*) -> Step { Throw("bad"); });
        G* other = program.Go([](G*) { return Step::kExit; });
        bool inherit;
        EXPECT_EQ(current_m->p->runq.Get(&inherit), other);
        other->status.store(kGrunning);
        other->exec.fp = reinterpret_cast<Slot*>(uintptr_t{8});
        program.Run();
      },
      testing::ExitedWithCode(2),
      "fatal error: bad\n\ngoroutine 1 gp=.* m=0 .*\\[running\\]:\n"
      "main.fake\\(.*\n.*\n\n"
      "goroutine 2 gp=.* m=nil \\[running\\]:\n"
      "\tgoroutine running on other thread; stack unavailable\n");
}

// Goroutines that run on other threads are stopped at a safepoint and shown.
TEST(TracebackDeathTest, OthersAreFrozen) {
  EXPECT_EXIT(
      {
        FakeProgram program;
        ResetSchedForTesting(3);
        std::atomic<int> spinning{0};
        program.Go([&spinning](G*) -> Step {
          if (spinning == 2) Throw("bad");
          return Step::kYield;
        });
        for (int i = 0; i < 2; i++) {
          program.Go([&spinning, counted = false](G*) mutable {
            if (!counted) spinning++;
            counted = true;
            return Step::kAgain;
          });
        }
        program.Run();
      },
      testing::ExitedWithCode(2),
      "fatal error: bad\n\ngoroutine 1 gp=.*\\[running\\]:\nmain.fake.*\n.*\n\n"
      "goroutine 2 gp=.* m=[0-9]+ mp=.*\\[running\\]:\nmain.fake.*\n.*\n\n"
      "goroutine 3 gp=.* m=[0-9]+ mp=.*\\[running\\]:\nmain.fake.*\n.*\n$");
}

}  // namespace
}  // namespace mgo::rt
