// The scheduler with several Ms: nobody is forgotten, and nobody runs who is
// not to. None of these depends on how fast the machine is.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "runtime/base/fastrand.h"
#include "runtime/base/nanotime.h"
#include "runtime/sched/fake_executor.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/sema.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::Step;

// A thing that a body counts for itself.
std::shared_ptr<int> Count() { return std::make_shared<int>(0); }

// As many goroutines as there are Ps run at the same time, though none of them
// ever lets go.
TEST(Threads, ReadyGoroutinesWakeIdleMs) {
  constexpr int kProcs = 4;
  for (int round = 0; round < 20; round++) {
    FakeProgram program(kProcs);
    StartSysmon();
    std::atomic<int> running{0};
    for (int i = 0; i < kProcs; i++) {
      auto seen = Count();
      program.Go([&, seen](G*) {
        if ((*seen)++ == 0) running++;
        return running == kProcs ? Step::kExit : Step::kAgain;
      });
    }
    EXPECT_EQ(program.Run(), 0);
  }
}

// Parked goroutines are made ready by others on other Ms; each wake-up counts.
TEST(Threads, NoWakeUpIsLost) {
  constexpr int kPairs = 16, kRounds = 300;
  FakeProgram program(4);
  StartSysmon();
  static uint32_t semas[2 * kPairs];
  for (uint32_t& sema : semas) sema = 0;
  std::atomic<int> done{0};
  program.Go(
      [&](G*) { return done == 2 * kPairs ? Step::kExit : Step::kYield; });
  for (int i = 0; i < 2 * kPairs; i++) {
    auto at = Count();
    auto waiting = std::make_shared<bool>(false);
    program.Go([&, i, at, waiting](G* g) {
      uint32_t *mine = &semas[i], *theirs = &semas[i ^ 1];
      if (!*waiting) {
        if (*at == kRounds) {
          done++;
          return Step::kExit;
        }
        SemRelease(theirs, (*at)++ % 2 == 0);
        *waiting = true;
        if (!SemAcquire(g, mine, false, WaitReason::kSyncMutexLock)) {
          return Step::kParked;
        }
      }
      *waiting = false;
      return Step::kAgain;
    });
  }
  EXPECT_EQ(program.Run(), 0);
  for (uint32_t sema : semas) EXPECT_EQ(sema, 0u);
}

// Eight goroutines block for as long as the ninth has not run, on one P.
TEST(Threads, BlockedPsAreHandedOver) {
  constexpr int kBlocked = 8;
  FakeProgram program(1);
  StartSysmon();
  std::atomic<int> in{0}, out{0};
  std::atomic<bool> open{false};
  program.Go([&](G*) {
    if (in == kBlocked) {
      open = true;
      open.notify_all();
    }
    return out == kBlocked ? Step::kExit : Step::kYield;
  });
  for (int i = 0; i < kBlocked; i++) {
    program.Go([&](G* g) {
      EnterSyscall(g);
      in++;
      open.wait(false);
      ExitSyscall(g);
      EXPECT_EQ(g->p, sched.procs[0]);
      EXPECT_EQ(g->m, current_m);
      out++;
      return Step::kExit;
    });
  }
  EXPECT_EQ(program.Run(), 0);
  EXPECT_GE(sched.procs[0]->counters.handoffs.Get(), uint64_t{kBlocked});
}

TEST(Threads, LockedGoroutinesKeepTheirThread) {
  constexpr int kLocked = 3, kOthers = 12, kSteps = 200;
  FakeProgram program(3);
  StartSysmon();
  std::atomic<int> done{0};
  std::atomic<M*> locked[kLocked] = {};
  program.Go([&](G*) {
    return done == kLocked + kOthers ? Step::kExit : Step::kYield;
  });
  for (int i = 0; i < kLocked; i++) {
    auto at = Count();
    program.Go([&, i, at](G* g) {
      if (*at == 0) {
        LockOSThread(g);
        locked[i] = current_m;
      }
      EXPECT_EQ(current_m, locked[i].load());
      if (++*at < kSteps) {
        if (*at % 3 == 0 && SleepGoroutine(g, 10000)) return Step::kParked;
        return Step::kYield;
      }
      locked[i] = nullptr;
      UnlockOSThread(g);
      done++;
      return Step::kExit;
    });
  }
  for (int i = 0; i < kOthers; i++) {
    auto at = Count();
    program.Go([&, at](G*) {
      for (auto& m : locked) EXPECT_NE(current_m, m.load());
      if (++*at < kSteps) return Step::kYield;
      done++;
      return Step::kExit;
    });
  }
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(sched.idle_locked_count, 0);
}

TEST(Threads, OneStopsTheWorldAtATime) {
  constexpr int kStoppers = 4, kOthers = 8, kStops = 100;
  FakeProgram program(4);
  StartSysmon();
  std::atomic<int> done{0};
  int inside = 0;               // protected by the stopped world
  std::atomic<int> running{0};  // others in a step
  program.Go(
      [&](G*) { return done == kStoppers ? Step::kExit : Step::kYield; });
  for (int i = 0; i < kStoppers; i++) {
    auto at = Count();
    program.Go([&, at](G* g) {
      EXPECT_TRUE(StopTheWorld(g, StopReason::kOther));
      EXPECT_EQ(inside++, 0);
      EXPECT_EQ(running, 0);
      for (uint32_t p = 0; p < sched.proc_count; p++) {
        EXPECT_TRUE(sched.procs[p] == g->p ||
                    sched.procs[p]->status == kPgcstop);
      }
      inside--;
      StartTheWorld();
      if (++*at < kStops) return *at % 2 == 0 ? Step::kYield : Step::kAgain;
      done++;
      return Step::kExit;
    });
  }
  for (int i = 0; i < kOthers; i++) {
    program.Go([&, i](G* g) {
      running++;
      for (int j = 0; j < 100; j++) __builtin_ia32_pause();
      running--;
      if (i % 2 == 0) return Step::kAgain;
      if (FastRandN(4) == 0) {
        EnterSyscall(g);
        usleep(10);
        ExitSyscall(g);
      }
      return Step::kYield;
    });
  }
  EXPECT_EQ(program.Run(), 0);
}

// The number of Ps goes up and down while their queues are full.
TEST(Threads, SetMaxProcsLosesNobody) {
  constexpr int kGoroutines = 2000, kSteps = 10;
  FakeProgram program(1);
  StartSysmon();
  std::atomic<int> steps{0}, done{0};
  auto changes = Count();
  program.Go([&, changes](G* g) {
    if (*changes == 0) {
      for (int i = 0; i < kGoroutines; i++) {
        auto at = Count();
        program.Go([&, i, at](G* self) {
          steps++;
          if (++*at == kSteps) {
            done++;
            return Step::kExit;
          }
          if (i % 4 == 0 && SleepGoroutine(self, 1000)) return Step::kParked;
          return Step::kYield;
        });
      }
    }
    if (done == kGoroutines) return Step::kExit;
    uint32_t n = 1 + static_cast<uint32_t>(++*changes * 3 % 7);
    SetMaxProcs(g, n);
    EXPECT_EQ(sched.proc_count, n);
    EXPECT_LT(g->p->id, n);
    return *changes % 3 == 0 ? Step::kYield : Step::kAgain;
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(steps, kGoroutines * kSteps);
  EXPECT_EQ(GoroutineCount(), 1);
}

// The program ends whatever the others do: run, yield, sleep, block, stop the
// world, or have a thread of their own.
TEST(Threads, ProgramEndsBesideOthers) {
  for (int round = 0; round < 60; round++) {
    FakeProgram program(4);
    StartSysmon();
    std::atomic<int> started{0};
    auto over = std::make_shared<std::atomic<bool>>(false);
    program.Go([&](G*) { return started >= 6 ? Step::kExit : Step::kYield; });
    for (int i = 0; i < 6; i++) {
      auto seen = Count();
      program.Go([&, i, seen, over](G* g) {
        if ((*seen)++ == 0) started++;
        switch (i) {
          case 0:
            return Step::kAgain;
          case 1:
            return Step::kYield;
          case 2:
            SleepGoroutine(g, 1000);
            return Step::kParked;
          case 3:
            if (*seen == 1) LockOSThread(g);
            return Step::kYield;
          case 4:
            if (!StopTheWorld(g, StopReason::kOther)) return Step::kYield;
            StartTheWorld();
            return Step::kAgain;
          default:
            EnterSyscall(g);
            // The main thread has to come back for the end.
            while (!*over && (current_m->id != 0 ||
                              (sched.attention & kProgramEnd) == 0)) {
              usleep(100);
            }
            ExitSyscall(g);
            return Step::kYield;
        }
      });
    }
    EXPECT_EQ(program.Run(), 0);
    *over = true;
  }
}

// All are asleep again and again, but never for ever.
TEST(Threads, SleepersAreNoDeadlock) {
  constexpr int kSleepers = 8, kSleeps = 150;
  FakeProgram program(4);
  StartSysmon();
  std::atomic<int> done{0};
  program.Go([&](G* g) {
    if (done == kSleepers) return Step::kExit;
    return SleepGoroutine(g, 100000) ? Step::kParked : Step::kAgain;
  });
  for (int i = 0; i < kSleepers; i++) {
    auto at = Count();
    program.Go([&, at](G* g) {
      if ((*at)++ == kSleeps) {
        done++;
        return Step::kExit;
      }
      return SleepGoroutine(g, 1 + FastRandN(200000)) ? Step::kParked
                                                      : Step::kAgain;
    });
  }
  EXPECT_EQ(program.Run(), 0);
}

// The last timer and the last descriptor go away while somebody waits for them.
TEST(ThreadsDeathTest, DeadlockWithSeveralMs) {
  EXPECT_EXIT(
      {
        FakeProgram program(4);
        StartSysmon();
        int ends[2];
        if (pipe(ends) != 0) _exit(1);
        PollHandle handle = PollOpen(ends[0]);
        static std::atomic<int> parked{0};
        for (int i = 0; i < 8; i++) {
          auto at = Count();
          program.Go([=](G* g) {
            if (++*at == 1 && i == 1) {
              g->retry_pc = g->exec.pc;
              return PollWait(g, handle, PollMode::kRead) == PollStatus::kParked
                         ? Step::kParked
                         : Step::kAgain;
            }
            if (*at == 1 && i > 1) {
              SleepGoroutine(g, i * 1000000);
              return Step::kParked;
            }
            if (i == 0 && parked < 6) return Step::kYield;
            if (i == 0 && *at > 0 && parked == 6) {
              PollSetDeadline(handle, PollMode::kRead, -1);
            }
            parked++;
            Gopark(g, WaitReason::kSelectNoCases);
            return Step::kParked;
          });
        }
        program.Run();
      },
      testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!");
}

#ifdef MGO_DEBUG
TEST(ThreadsDeathTest, IllegalTransitions) {
  const GStatus illegal[][2] = {{kGidle, kGrunnable},    {kGdead, kGrunning},
                                {kGrunnable, kGwaiting}, {kGwaiting, kGrunning},
                                {kGsyscall, kGwaiting},  {kGrunning, kGidle}};
  for (auto [from, to] : illegal) {
    G g = {};
    g.status = from;
    EXPECT_EXIT(CheckTransition(&g, from, to), testing::ExitedWithCode(2),
                "bad g status");
  }
}
#endif

}  // namespace
}  // namespace mgo::rt
