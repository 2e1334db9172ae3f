// Where an M without a goroutine looks for one, in this order: its own P (every
// 61st time the global queue first; due timers; runnext; ring), the global
// queue, descriptors, other Ps' rings, their timers and runnexts; then it gives
// its P up, looks once more, and sleeps. One idle M sleeps until the next timer
// of any P is due; the others sleep until they are wanted.
//
// A runnext is stolen only from a P that stays on one goroutine for a while: a
// goroutine that wakes another and blocks at once would go on by itself sooner
// than a thief could have it running.
#include "runtime/base/fastrand.h"
#include "runtime/base/nanotime.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/queues.h"
#include "runtime/sched/seeded.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

// Rounds over all Ps; the last one looks at timers and runnexts, too.
constexpr int kStealRounds = 4;
// How long a P must be on one goroutine before its runnext is stolen.
constexpr int64_t kStuck = 3000;
// Most goroutines made ready without waking an M (a power of two less one).
constexpr uint32_t kMaxBackoff = 127;
// An M that has nothing to do again so soon was not worth waking.
constexpr int64_t kWorthWaking = 20000;

// Sees to what `attention` says. True: there was something, look again.
bool HandleAttention(M* m) {
  uint32_t attention = sched.attention.load(std::memory_order_acquire);
  if (MGO_UNLIKELY((attention & kFrozen) != 0)) StayFrozen(nullptr);
  if ((attention & kGcWaiting) != 0) {
    StopForWorld(m);
    return true;
  }
  if ((attention & kGcRequested) == 0) return false;
  attention = sched.attention.fetch_and(~uint32_t{kGcRequested});
  if ((attention & kGcRequested) != 0 && gc_hooks.collect != nullptr) {
    gc_hooks.collect(nullptr);
  }
  return true;
}

void StartSpinning(M* m) {
  m->spinning.store(true, std::memory_order_relaxed);
  sched.spinning.fetch_add(1, std::memory_order_seq_cst);
}

void StopSpinning(M* m) {
  m->spinning.store(false, std::memory_order_relaxed);
  sched.spinning.fetch_sub(1, std::memory_order_seq_cst);
}

// An M that has found a goroutine: another may look for the next.
G* Found(M* m, G* g) {
  if (!m->spinning.load(std::memory_order_relaxed)) return g;
  StopSpinning(m);
  m->busy_since = Nanotime();
  WakeP();
  return g;
}

// Whether the P runs the same goroutine for kStuck.
bool IsStuck(const P* p) {
  if (MGO_UNLIKELY(simulator != nullptr)) return simulator->stuck(p);
  uint32_t switches = p->switches.load(std::memory_order_relaxed);
  int64_t until = Nanotime() + kStuck;
  do {
    for (int i = 0; i < 32; i++) __builtin_ia32_pause();
    if (p->switches.load(std::memory_order_relaxed) != switches) return false;
  } while (Nanotime() < until);
  return true;
}

// One of the victim's goroutines; in the last round its due timers are run, and
// its runnext may be taken.
G* StealFrom(P* p, P* victim, bool last) {
  if (last && RunTimers(victim)) {
    bool inherit;
    if (G* g = p->runq.Get(&inherit)) return g;
  }
  if (victim->runq.Empty()) return nullptr;
  bool next = last && victim->runq.Size() == 1 && IsStuck(victim);
  uint32_t before = p->runq.Size();
  G* g = p->runq.StealFrom(&victim->runq, next);
  if (g != nullptr) p->counters.steals.Add(p->runq.Size() - before + 1);
  return g;
}

// Looks at the other Ps, in random order.
G* Steal(M* m) {
  P* p = m->p;
  uint32_t n = sched.proc_count;
  if (n == 1) return nullptr;
  if (!m->spinning.load(std::memory_order_relaxed)) {
    uint32_t in_use = n - sched.idle_p_count.load(std::memory_order_relaxed);
    if (2 * sched.spinning.load(std::memory_order_relaxed) >= in_use) {
      return nullptr;
    }
    StartSpinning(m);
  }
  for (int round = 0; round < kStealRounds; round++) {
    uint32_t at = FastRandN(n);
    for (uint32_t i = 0; i < n; i++, at = at + 1 == n ? 0 : at + 1) {
      if (sched.attention.load(std::memory_order_relaxed) != 0) return nullptr;
      P* victim = sched.procs[at];
      if (victim == p) continue;
      if (G* g = StealFrom(p, victim, round == kStealRounds - 1)) return g;
    }
  }
  return nullptr;
}

// Without waiting. True: something became runnable.
bool LookAtDescriptors() {
  if (NetpollWaiters() == 0) return false;
  std::vector<G*> ready;
  Netpoll(0, &ready);
  MakeRunnable(ready);
  return !ready.empty();
}

// Whether there is work anywhere; seen after this M is no longer counted as
// spinning, so that whoever adds work later wakes somebody.
bool WorkAnywhere() {
  if (sched.global_size.load(std::memory_order_seq_cst) != 0) return true;
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    P* p = sched.procs[i];
    if (!p->runq.Empty() && (p->runq.Size() > 1 || IsStuck(p))) return true;
  }
  return false;
}

// Takes an idle P; false: there is none.
bool TakeIdleP(M* m) {
  P* p;
  {
    MutexLock guard(sched.lock);
    p = GetIdleP();
  }
  if (p == nullptr) return false;
  AcquireP(m, p);
  return true;
}

// m has no P: waits for the next timer and for descriptors as the one M that
// does. False: it is not the one, or nothing is to come.
bool Poll(M* m, std::vector<G*>* ready) {
  bool outside = NetpollWaiters() != 0 || sched.external_waiters.load() != 0;
  if (!outside && !AnyTimerCanWake()) {
    // One that still waits is to see that there is nothing left.
    if (sched.last_poll.load() == 0) BreakPoll();
    return false;
  }
  if (sched.last_poll.exchange(0) == 0) {
    int64_t other = sched.poll_until.load(), until = NextTimer();
    if (until != TimerHeap::kNever && (other == 0 || until < other)) {
      BreakPoll();
    }
    return false;
  }
  // A timer that is added from here on breaks the wait.
  int64_t until = NextTimer();
  bool never = until == TimerHeap::kNever;
  sched.poll_until.store(never ? 0 : until);
  int64_t delay = never ? -1 : until - Nanotime();
  if (delay < 0 && !never) delay = 0;
  m->blocked.store(true, std::memory_order_relaxed);
  if (NetpollUsed()) {
    Netpoll(delay, ready);
  } else if (delay != 0) {
    sched.poll_note.Sleep(delay);
  }
  m->blocked.store(false, std::memory_order_relaxed);
  sched.poll_until.store(0);
  sched.last_poll.store(Nanotime());
  return true;
}

// An M goes idle: how much its being awake was worth decides how soon another
// is woken.
void NoteIdle(M* m) {
  uint32_t backoff = sched.wake_backoff.load(std::memory_order_relaxed);
  bool worth = !m->spinning.load(std::memory_order_relaxed) &&
               Nanotime() - m->busy_since > kWorthWaking;
  uint32_t now = worth ? 0 : backoff < kMaxBackoff ? 2 * backoff + 1 : backoff;
  sched.wake_backoff.store(now, std::memory_order_relaxed);
}

// Nothing to do: gives the P up and waits. On return m has a P, or the program
// is over.
void Idle(M* m) {
  {
    MutexLock guard(sched.lock);
    if (sched.attention.load() != 0 || sched.global_size.load() != 0) return;
    PutIdleP(ReleaseP(m));
  }
  NoteIdle(m);
  if (m->spinning.load(std::memory_order_relaxed)) {
    StopSpinning(m);
    if (WorkAnywhere() && TakeIdleP(m)) {
      StartSpinning(m);
      return;
    }
  }
  std::vector<G*> ready;
  bool has_p = Poll(m, &ready) && TakeIdleP(m);
  MakeRunnable(ready);
  if (has_p) {
    StartSpinning(m);
    return;
  }
  StopM(m);
}

// The program is over: the P is left to nobody, or to whoever has the world
// stopped, who starts it again before leaving, too.
void LeaveProgram(M* m) {
  if (m->spinning.load(std::memory_order_relaxed)) StopSpinning(m);
  if (m->p == nullptr) return;
  MutexLock guard(sched.lock);
  P* p = ReleaseP(m);
  if ((sched.attention.load() & kGcWaiting) == 0) {
    PutIdleP(p);
  } else {
    p->status.store(kPgcstop);
    if (--sched.stop_wait == 0) sched.stop_note.Wake();
  }
  if (m != sched.main_m) sched.main_m->park.Wake();
}

}  // namespace

G* FindRunnable() {
  M* m = current_m;
  for (;;) {
    if ((sched.attention.load(std::memory_order_acquire) & kProgramEnd) != 0) {
      LeaveProgram(m);
      return nullptr;
    }
    if (MGO_UNLIKELY(m->locked_g != nullptr)) {
      if (G* g = StopLockedM(m)) return Start(m, m->p, g, false);
      continue;
    }
    if (m->p == nullptr) {
      if (simulator != nullptr) return nullptr;
      StopM(m);
      continue;
    }
    if (HandleAttention(m)) continue;
    if (MGO_UNLIKELY(Seeded())) {
      if (G* g = PickSeeded(m)) return g;
      continue;
    }
    if (G* g = PickNext()) return Found(m, g);
    if (m->p == nullptr || sched.attention.load() != 0) continue;
    if (LookAtDescriptors()) continue;
    if (G* g = Steal(m)) {
      if (G* started = Start(m, m->p, g, false)) return Found(m, started);
      continue;
    }
    Idle(m);
  }
}

}  // namespace mgo::rt
