#include "runtime/sched/switch.h"

#include <gtest/gtest.h>

#include <vector>

#include "runtime/base/debug_vars.h"
#include "runtime/base/nanotime.h"
#include "runtime/sched/fake_executor.h"
#include "runtime/sched/sema.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::Step;

// Steps of yields alternate between goroutines.
TEST(Switch, GoschedAlternates) {
  FakeProgram program;
  std::string trace;
  int done = 0;
  for (char c : {'m', 'a', 'b'}) {
    auto n = std::make_shared<int>(0);
    program.Go([&, c, n](G*) {
      if (c == 'm') return done == 2 ? Step::kExit : Step::kYield;
      trace += c;
      if (++*n < 3) return Step::kYield;
      done++;
      return Step::kExit;
    });
  }
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(trace.size(), 6u);
  EXPECT_EQ(std::count(trace.begin(), trace.end(), 'a'), 3);
}

TEST(Switch, ParkReadyPassesRunnext) {
  FakeProgram program;
  std::string trace;
  G* waiter = nullptr;
  int stage = 0, waited = 0;
  program.Go([&](G*) {
    if (stage++ < 2) return Step::kYield;
    if (stage == 3) {
      Goready(waiter);
      trace += 'r';
      return Step::kYield;
    }
    return waited == 2 ? Step::kExit : Step::kYield;
  });
  waiter = program.Go([&](G* g) {
    trace += 'w';
    if (waited++ == 0) {
      Gopark(g, WaitReason::kChanReceive);
      return Step::kParked;
    }
    return Step::kExit;
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(trace, "wrw");
}

TEST(Switch, ManyGoroutinesOverflowToGlobalAndGsAreReused) {
  FakeProgram program;
  int left = 1000;
  int spawned = 0;
  program.Go([&](G*) {
    if (spawned == 0) {
      for (; spawned < 1000; spawned++) {
        program.Go([&](G*) {
          left--;
          return Step::kExit;
        });
      }
      EXPECT_GT(sched.global_size.load(), 0u);
    }
    return left == 0 ? Step::kExit : Step::kYield;
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(AllGCount(), 1001u);
  EXPECT_EQ(GoroutineCount(), 1);
}

TEST(Switch, SysmonPreemptsALoop) {
  FakeProgram program;
  StartSysmon();
  bool other_ran = false;
  // On a machine that is busy sysmon may come late.
  int64_t give_up = Nanotime() + 20000000000;
  auto preempted = [] {
    return sched.procs[0]->counters.preemptions.Get() != 0;
  };
  program.Go([&](G*) { return other_ran ? Step::kExit : Step::kAgain; });
  // main is first on the queue, and the other one never gets a turn unless
  // main is stopped.
  program.Go([&](G*) {
    if (!preempted() && Nanotime() < give_up) return Step::kAgain;
    other_ran = true;
    return Step::kExit;
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_TRUE(preempted());
}

TEST(SwitchDeathTest, Deadlock) {
  EXPECT_EXIT(
      {
        FakeProgram program;
        program.Go([&](G* g) {
          Gopark(g, WaitReason::kSelectNoCases);
          return Step::kParked;
        });
        program.Run();
      },
      testing::ExitedWithCode(2),
      "fatal error: all goroutines are asleep - deadlock!\n\n"
      "goroutine 1 \\[select \\(no cases\\)\\]:\nmain.fake");
}

#ifdef MGO_DEBUG
TEST(SwitchDeathTest, IllegalTransition) {
  EXPECT_EXIT(
      {
        FakeProgram program;
        G* g = program.Go([](G*) { return Step::kExit; });
        CasStatus(g, kGrunnable, kGwaiting);
      },
      testing::ExitedWithCode(2), "bad g status");
}
#endif

TEST(Sema, CountsAndWaitersInOrder) {
  FakeProgram program;
  uint32_t sema = 1, other = 0;
  std::string trace;
  int stage = 0;
  program.Go([&](G*) {
    switch (stage++) {
      case 0:
        return Step::kYield;
      case 1:
        EXPECT_EQ(SemWaiters(&sema), 3u);
        EXPECT_EQ(SemWaiters(&other), 0u);
        SemRelease(&sema, false);
        SemRelease(&sema, false);
        return Step::kYield;
      case 2:
        SemRelease(&sema, true);
        SemRelease(&sema, false);
        return Step::kYield;
      default:
        EXPECT_EQ(sema, 1u);
        return Step::kExit;
    }
  });
  for (char c : {'a', 'b', 'c', 'd'}) {
    auto asked = std::make_shared<bool>(false);
    program.Go([&, c, asked](G* g) {
      if (!*asked) {
        *asked = true;
        if (!SemAcquire(g, &sema, c == 'd', WaitReason::kSyncMutexLock)) {
          return Step::kParked;
        }
      }
      trace += c;
      return Step::kExit;
    });
  }
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(trace.size(), 4u);
}

TEST(Sema, NotifyList) {
  FakeProgram program;
  NotifyList list = {};
  std::string trace;
  int stage = 0;
  program.Go([&](G*) {
    switch (stage++) {
      case 0:
        return Step::kYield;
      case 1:
        NotifyListNotifyOne(&list);
        return Step::kYield;
      case 2:
        EXPECT_EQ(trace.size(), 1u);
        NotifyListNotifyAll(&list);
        NotifyListNotifyAll(&list);
        return Step::kYield;
      default:
        return Step::kExit;
    }
  });
  for (char c : {'a', 'b', 'c'}) {
    auto asked = std::make_shared<bool>(false);
    program.Go([&, c, asked](G* g) {
      if (!*asked) {
        *asked = true;
        uint32_t ticket = NotifyListAdd(&list);
        if (!NotifyListWait(g, &list, ticket)) return Step::kParked;
      }
      trace += c;
      return Step::kExit;
    });
  }
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(trace.size(), 3u);
}

TEST(SchedTrace, Format) {
  FakeProgram program;
  program.Go([](G*) { return Step::kExit; });
  testing::internal::CaptureStderr();
  PrintSchedTrace(false);
  PrintSchedTrace(true);
  std::string out = testing::internal::GetCapturedStderr();
  EXPECT_NE(out.find("ms: gomaxprocs=1 idleprocs=0 threads="),
            std::string::npos);
  EXPECT_NE(out.find(" runqueue=0 [1]\n"), std::string::npos);
  EXPECT_NE(out.find("  G1: status=1() m=-1 lockedm=-1\n"), std::string::npos);
}

}  // namespace
}  // namespace mgo::rt
