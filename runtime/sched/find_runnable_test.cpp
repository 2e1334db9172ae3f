// Where FindRunnable looks, in which order, and what it leaves to others. The
// test's thread is the program's only M: it calls FindRunnable itself, and a
// second P belongs to nobody.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>

#include "runtime/base/nanotime.h"
#include "runtime/sched/fake_executor.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/queues.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;
using testing_support::Step;

// How long a helper goes on with what must keep FindRunnable from its find.
constexpr int64_t kHold = 5000000;

class FindRunnableTest : public testing::Test {
 protected:
  FindRunnableTest() : program_(2), p_(sched.procs[0]) {
    {
      MutexLock guard(sched.lock);
      other_ = GetIdleP();
    }
    other_->status.store(kPrunning);
    Make('m');
  }

  // A runnable goroutine on no queue. The first one is main, and never run.
  G* Make(char name) {
    G* g = program_.Go([](G*) { return Step::kExit; });
    bool inherit;
    EXPECT_EQ(p_->runq.Get(&inherit), g);
    names_[g] = name;
    return g;
  }
  // The same, running: about to park.
  G* MakeRunning(char name) {
    G* g = Make(name);
    CasStatus(g, kGrunnable, kGrunning);
    g->m = current_m;
    g->p = p_;
    return g;
  }
  void PutLocal(P* p, char name, bool next) {
    RunQueue::Overflow overflow;
    p->runq.Put(Make(name), next, &overflow);
  }
  void PutGlobal(char name) {
    G* g = Make(name);
    MutexLock guard(sched.lock);
    PushGlobal(g);
  }
  // Its time is over when this returns.
  void PutTimer(char name) {
    SleepGoroutine(MakeRunning(name), 1);
    while (NextTimer() > Nanotime()) {
    }
  }
  // A goroutine that waits for a pipe with something in it.
  void PutDescriptor(char name) {
    ASSERT_EQ(pipe(pipe_), 0);
    PollHandle handle = PollOpen(pipe_[0]);
    ASSERT_NE(handle, 0u);
    ASSERT_EQ(PollWait(MakeRunning(name), handle, PollMode::kRead),
              PollStatus::kParked);
    ASSERT_EQ(write(pipe_[1], "x", 1), 1);
  }
  // What the next goroutine's name is; it ends.
  char Find() {
    G* g = FindRunnable();
    EXPECT_EQ(g->Status(), kGrunning);
    EXPECT_EQ(g->p, current_m->p);
    char name = names_[g];
    ExitGoroutine(g, false);
    return name;
  }
  std::string Find(int n) {
    std::string found;
    while (n-- > 0) found += Find();
    return found;
  }
  // The next PickNext is the nth.
  void SetSwitches(uint32_t n) { p_->switches.store(n - 1); }

  FakeProgram program_;
  P* p_;
  P* other_;
  std::map<G*, char> names_;
  int pipe_[2] = {-1, -1};
};

TEST_F(FindRunnableTest, EachSourceInTurn) {
  PutLocal(other_, 's', false);
  PutDescriptor('d');
  PutTimer('t');
  PutGlobal('G');
  PutGlobal('g');
  PutLocal(p_, 'l', false);
  PutLocal(p_, 'n', true);
  SetSwitches(122);  // of 61
  EXPECT_EQ(Find(7), "Gnlgtds");
  EXPECT_EQ(p_->counters.steals.Get(), 1u);
  EXPECT_FALSE(current_m->spinning.load());
  EXPECT_EQ(sched.spinning.load(), 0u);
  close(pipe_[0]);
  close(pipe_[1]);
}

TEST_F(FindRunnableTest, DueTimersFirstNowAndThen) {
  PutTimer('t');
  PutLocal(p_, 'l', false);
  PutLocal(p_, 'n', true);
  SetSwitches(16);
  // Fired, it became runnext, and the one that was goes to the end.
  EXPECT_EQ(Find(3), "tln");
}

TEST_F(FindRunnableTest, LateTimersFirst) {
  PutTimer('t');
  PutLocal(p_, 'l', false);
  SetSwitches(2);
  p_->timers_late.store(true);
  EXPECT_EQ(Find(2), "tl");
  EXPECT_FALSE(p_->timers_late.load());
}

TEST_F(FindRunnableTest, TakesItsShareOfTheGlobalQueue) {
  for (char c = 'a'; c <= 'h'; c++) PutGlobal(c);
  SetSwitches(2);
  EXPECT_EQ(Find(), 'a');
  // An eighth of two, and one: five of eight.
  EXPECT_EQ(p_->runq.Size(), 4u);
  EXPECT_EQ(sched.global_size.load(), 3u);
  EXPECT_EQ(Find(7), "bcdefgh");
}

TEST_F(FindRunnableTest, StealsHalf) {
  for (char c = 'a'; c <= 'j'; c++) PutLocal(other_, c, false);
  SetSwitches(2);
  Find();
  EXPECT_EQ(p_->runq.Size(), 4u);
  EXPECT_EQ(other_->runq.Size(), 5u);
  EXPECT_EQ(p_->counters.steals.Get(), 5u);
}

TEST_F(FindRunnableTest, StealsTimersOfOthers) {
  PutTimer('t');
  p_->timers.MoveTo(&other_->timers);
  EXPECT_EQ(Find(), 't');
  EXPECT_EQ(other_->timers.NextWhen(), TimerHeap::kNever);
}

TEST_F(FindRunnableTest, RunnextOfAStuckPIsStolen) {
  PutLocal(other_, 'n', true);
  EXPECT_EQ(Find(), 'n');
}

// Whoever switches runs its runnext itself. (A helper that is not scheduled
// looks stuck: one try of many has to do.)
TEST_F(FindRunnableTest, RunnextOfASwitchingPIsNot) {
  sched.external_waiters = 1;  // no deadlock
  bool held = false;
  for (int i = 0; i < 50 && !held; i++) {
    PutLocal(other_, 'n', true);
    std::atomic<bool> stopped{false}, started{false};
    std::thread helper([&] {
      for (int64_t end = Nanotime() + kHold; Nanotime() < end;) {
        for (int j = 0; j < 100; j++) other_->switches.fetch_add(1);
        started = true;
      }
      stopped = true;
      BreakPoll();
    });
    while (!started) {
    }
    EXPECT_EQ(Find(), 'n');
    held = stopped;
    helper.join();
  }
  EXPECT_TRUE(held);
}

// With as many looking as half of the Ps in use no other M begins.
TEST_F(FindRunnableTest, SpinningIsLimited) {
  sched.external_waiters = 1;
  PutLocal(other_, 's', false);
  sched.spinning = 1;
  std::atomic<bool> stopped{false};
  std::thread helper([&] {
    usleep(kHold / 1000);
    stopped = true;
    sched.spinning = 0;
    BreakPoll();
  });
  EXPECT_EQ(Find(), 's');
  EXPECT_TRUE(stopped);
  helper.join();
}

// A blocking call ends with the P it began with, with an idle one, or in the
// global queue.
TEST_F(FindRunnableTest, ExitSyscall) {
  PutLocal(p_, 'a', false);
  G* g = FindRunnable();
  EnterSyscall(g);
  EXPECT_EQ(g->Status(), kGsyscall);
  EXPECT_EQ(p_->status.load(), kPsyscall);
  EXPECT_EQ(current_m->p, nullptr);
  ExitSyscall(g);
  EXPECT_EQ(g->p, p_);
  EXPECT_EQ(p_->m.load(), current_m);

  EnterSyscall(g);
  p_->status.store(kPrunning);  // taken
  {
    MutexLock guard(sched.lock);
    other_->status.store(kPidle);
    PutIdleP(other_);
  }
  ExitSyscall(g);
  EXPECT_EQ(g->p, other_);
  EXPECT_EQ(g->Status(), kGrunning);

  EnterSyscall(g);
  other_->status.store(kPrunning);
  // An M is never given back.
  static M* m;
  std::thread helper([&] {
    {
      MutexLock guard(sched.lock);
      m = NewM();
    }
    current_m = m;
    AcquireP(m, p_);
    while (sched.global_size == 0) usleep(100);
    G* found = TakeGlobal(p_, 1);
    EXPECT_EQ(found, g);
    // It runs on its own thread, where its C++ frames are.
    EXPECT_EQ(Start(m, p_, found, false), nullptr);
    EXPECT_EQ(m->p, nullptr);
    m->left = true;
  });
  ExitSyscall(g);
  EXPECT_EQ(g->p, p_);
  EXPECT_EQ(g->Status(), kGrunning);
  EXPECT_EQ(g->flags & kGLocked, 0u);
  helper.join();
}

}  // namespace
}  // namespace mgo::rt
