#include "runtime/chan/time_chan.h"

#include "runtime/base/nanotime.h"
#include "runtime/chan/test_program.h"

namespace mgo::rt {
namespace {

constexpr int64_t kMs = 1000000;

class TimeChanTest : public ChanTest {
 protected:
  void SetUp() override {
    ChanTest::SetUp();
    SetTimeEncoder([](void* out, uint64_t size) {
      EXPECT_EQ(size, 8u);
      *static_cast<int64_t*>(out) = Nanotime();
    });
  }
};

TEST_F(TimeChanTest, AfterSendsTheTime) {
  int64_t start = Nanotime();
  GoSteps({[&](G* g) {
             Timer* timer = NewChanTimer(g, int_type, 3 * kMs, 0);
             Chan* c = TimerChan(timer);
             EXPECT_EQ(ChanCap(c), 0);
             // Only the channel is kept: it keeps its timer.
             g->exec.fp[1] = reinterpret_cast<Slot>(c);
             CollectGarbage(true);
             return After(ChanReceive(g, c, g->exec.fp + 11, nullptr));
           },
           [&](G* g) {
             EXPECT_GE(static_cast<int64_t>(g->exec.fp[11]), start + 3 * kMs);
             return Step::kExit;
           }});
  EXPECT_EQ(program.Run(), 0);
}

TEST_F(TimeChanTest, TickerTicksAndStops) {
  int ticks = 0;
  Timer* timer = nullptr;
  program.Go([&](G* g) {
    if (timer == nullptr) {
      timer = NewChanTimer(g, int_type, kMs, kMs);
      g->exec.fp[1] = reinterpret_cast<Slot>(timer);
    } else if (++ticks == 5) {
      EXPECT_TRUE(StopGuestTimer(timer));
      EXPECT_FALSE(StopGuestTimer(timer));
      EXPECT_EQ(sched.procs[0]->timers.Count(), 0u);
      return Step::kExit;
    }
    ChanStatus status =
        ChanReceive(g, TimerChan(timer), g->exec.fp + 11, nullptr);
    return status == ChanStatus::kPark ? Step::kParked : Step::kAgain;
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(ticks, 5);
}

TEST_F(TimeChanTest, StopAndResetLeaveNoStaleValue) {
  GoSteps({[&](G* g) {
    Timer* timer = NewChanTimer(g, int_type, 0, 0);
    g->exec.fp[1] = reinterpret_cast<Slot>(timer);
    sched.procs[0]->timers.Run(Nanotime() + 1);
    // Fired, but not received: Stop still stops it.
    EXPECT_TRUE(StopGuestTimer(timer));
    EXPECT_EQ(TimerChan(timer)->count, 0u);
    EXPECT_FALSE(ResetGuestTimer(timer, 3600000 * kMs, 0));
    EXPECT_TRUE(ResetGuestTimer(timer, 3600000 * kMs, 0));
    EXPECT_TRUE(StopGuestTimer(timer));
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

TEST_F(TimeChanTest, UnreachableTickerLeavesTheHeap) {
  GoSteps({[&](G* g) {
    NewChanTimer(g, int_type, 3600000 * kMs, kMs);
    Timer* kept = NewChanTimer(g, int_type, 3600000 * kMs, kMs);
    g->exec.fp[1] = reinterpret_cast<Slot>(kept);
    EXPECT_EQ(sched.procs[0]->timers.Count(), 2u);
    CollectGarbage(true);
    EXPECT_EQ(sched.procs[0]->timers.Count(), 1u);
    EXPECT_EQ(sched.procs[0]->timers.At(0), kept);
    StopGuestTimer(kept);
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

// A ticker that nobody waits for does not keep a dead program waiting.
TEST_F(TimeChanTest, DeadlockBesideATicker) {
  EXPECT_EXIT(
      {
        GoSteps({[&](G* g) {
          NewChanTimer(g, int_type, kMs, kMs);
          return After(ChanReceive(g, nullptr, nullptr, nullptr));
        }});
        program.Run();
      },
      testing::ExitedWithCode(2), "all goroutines are asleep");
}

TEST_F(TimeChanTest, AfterFuncStartsAGoroutine) {
  GoSteps({[&](G* g) {
    static Closure closure;
    closure = {&program.function};
    Timer* timer = NewFuncTimer(g, &closure, kMs);
    // Nobody refers to it, but it is due.
    CollectGarbage(true);
    EXPECT_EQ(sched.procs[0]->timers.Count(), 1u);
    EXPECT_EQ(GoroutineCount(), 1);
    sched.procs[0]->timers.Run(Nanotime() + 2 * kMs);
    EXPECT_EQ(GoroutineCount(), 2);
    EXPECT_FALSE(StopGuestTimer(timer));
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

}  // namespace
}  // namespace mgo::rt
