#include "runtime/sched/m.h"

#include <cstdlib>
#include <new>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/queues.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

// Natives run on it; guest code needs next to nothing.
constexpr size_t kThreadStack = 1 << 20;

bool ProgramEnded() {
  return (sched.attention.load(std::memory_order_acquire) & kProgramEnd) != 0;
}

void* ThreadMain(void* argument) {
  M* m = static_cast<M*>(argument);
  current_m = m;
  AcquireP(m, m->next_p.exchange(nullptr, std::memory_order_acquire));
  RunM();
  m->left.store(true, std::memory_order_release);
  // Nothing is given back: the process is about to end.
  for (;;) m->park.Sleep(-1);
}

void StartThread(M* m) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kThreadStack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&m->thread, &attributes, ThreadMain, m) != 0) {
    Throw("cannot create a thread");
  }
  pthread_attr_destroy(&attributes);
}

// Sleeps until woken with a P, and takes it over.
void SleepForP(M* m) {
  if (simulator != nullptr) return;
  m->blocked.store(true, std::memory_order_relaxed);
  P* p;
  while ((p = m->next_p.exchange(nullptr, std::memory_order_acquire)) ==
             nullptr &&
         !(m->id == 0 && ProgramEnded())) {
    m->park.Sleep(-1);
  }
  m->blocked.store(false, std::memory_order_relaxed);
  if (p != nullptr) AcquireP(m, p);
}

}  // namespace

const Simulator* simulator = nullptr;

M* NewM() {
  auto* m = new (std::nothrow) M();
  if (m == nullptr) Throw("out of memory");
  m->id = sched.m_count++;
  if (sched.m_count > sched.max_ms) {
    PrintError("runtime: program exceeds %u-thread limit\n", sched.max_ms);
    Throw("thread exhaustion");
  }
  m->all_link = sched.all_ms;
  sched.all_ms = m;
  return m;
}

void AcquireP(M* m, P* p) {
  m->p = p;
  p->m.store(m, std::memory_order_relaxed);
  p->status.store(kPrunning, std::memory_order_release);
}

P* ReleaseP(M* m) {
  P* p = m->p;
  m->p = nullptr;
  p->m.store(nullptr, std::memory_order_relaxed);
  p->status.store(kPidle, std::memory_order_release);
  return p;
}

void PutIdleP(P* p) {
  p->idle_link = sched.idle_ps;
  sched.idle_ps = p;
  sched.idle_p_count.fetch_add(1, std::memory_order_seq_cst);
}

P* GetIdleP() {
  P* p = sched.idle_ps;
  if (p == nullptr) return nullptr;
  sched.idle_ps = p->idle_link;
  p->idle_link = nullptr;
  sched.idle_p_count.fetch_sub(1, std::memory_order_seq_cst);
  WakeSysmon();
  return p;
}

void StopM(M* m) {
  {
    MutexLock guard(sched.lock);
    m->idle_link = sched.idle_ms;
    sched.idle_ms = m;
    sched.idle_m_count++;
    CheckDead();
  }
  SleepForP(m);
}

void StartM(P* p, bool spinning) {
  M* m;
  bool is_new = false;
  {
    MutexLock guard(sched.lock);
    if (p == nullptr) p = GetIdleP();
    if (p == nullptr) {
      if (spinning) sched.spinning.fetch_sub(1, std::memory_order_seq_cst);
      return;
    }
    m = sched.idle_ms;
    if (m != nullptr) {
      sched.idle_ms = m->idle_link;
      sched.idle_m_count--;
    } else {
      m = NewM();
      is_new = true;
    }
  }
  m->spinning.store(spinning, std::memory_order_relaxed);
  m->next_p.store(p, std::memory_order_release);
  if (MGO_UNLIKELY(simulator != nullptr)) {
    simulator->woken(m);
  } else if (is_new) {
    StartThread(m);
  } else {
    m->park.Wake();
  }
}

void WakeP() {
  uint32_t none = 0;
  if (sched.idle_p_count.load(std::memory_order_seq_cst) == 0) return;
  if (sched.spinning.load(std::memory_order_seq_cst) != 0) return;
  if (!sched.spinning.compare_exchange_strong(none, 1)) return;
  StartM(nullptr, true);
}

void HandOffP(P* p) {
  if (!p->runq.Empty() || sched.global_size.load() != 0) {
    StartM(p, false);
    return;
  }
  // Nobody looks for work, and all other Ps are busy: this one does.
  uint32_t none = 0;
  if (sched.spinning.load() + sched.idle_p_count.load() == 0 &&
      sched.spinning.compare_exchange_strong(none, 1)) {
    StartM(p, true);
    return;
  }
  bool has_timers = NextTimer() != TimerHeap::kNever;
  {
    MutexLock guard(sched.lock);
    if ((sched.attention.load() & kGcWaiting) != 0) {
      p->status.store(kPgcstop);
      if (--sched.stop_wait == 0) sched.stop_note.Wake();
      return;
    }
    // With all Ps idle not even sysmon would see to timers and descriptors.
    bool unattended =
        sched.last_poll.load() != 0 && (has_timers || NetpollWaiters() != 0);
    if (sched.global_size.load() == 0 && !unattended) {
      PutIdleP(p);
      p = nullptr;
    }
  }
  if (p != nullptr) {
    StartM(p, false);
  } else if (has_timers || NetpollWaiters() == 0) {
    // Whoever waits looks again; perhaps there is nothing left to wait for.
    if (sched.last_poll.load() == 0) BreakPoll();
  }
}

G* StopLockedM(M* m) {
  G* g = m->locked_g;
  if (m->p != nullptr) HandOffP(ReleaseP(m));
  {
    MutexLock guard(sched.lock);
    sched.idle_locked_count++;
    CheckDead();
  }
  SleepForP(m);
  return m->p == nullptr ? nullptr : g;
}

void StartLockedM(M* m, G* g) {
  // It has found something to do, if not for itself, and is about to sleep.
  if (m->spinning.exchange(false)) {
    sched.spinning.fetch_sub(1, std::memory_order_seq_cst);
    WakeP();
  }
  M* locked = g->locked_m;
  P* p = ReleaseP(m);
  {
    MutexLock guard(sched.lock);
    sched.idle_locked_count--;
  }
  locked->next_p.store(p, std::memory_order_release);
  locked->park.Wake();
}

void StopForWorld(M* m) {
  {
    MutexLock guard(sched.lock);
    if ((sched.attention.load() & kGcWaiting) == 0) return;
    if (m->spinning.exchange(false)) sched.spinning.fetch_sub(1);
    P* p = ReleaseP(m);
    p->status.store(kPgcstop, std::memory_order_release);
    if (--sched.stop_wait == 0) sched.stop_note.Wake();
  }
  StopM(m);
}

void PreemptAll() {
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    P* p = sched.procs[i];
    if (p->status.load(std::memory_order_relaxed) != kPrunning) continue;
    M* m = p->m.load(std::memory_order_relaxed);
    if (m == nullptr || m == current_m) continue;
    if (G* g = m->curg.load(std::memory_order_relaxed)) RequestStop(g);
  }
}

void RunM() {
  while (G* g = FindRunnable()) {
    if (GetExecutor().execute(g) != SwitchReason::kProgramEnd) continue;
    if (sched.on_program_end != nullptr) sched.on_program_end();
    RequestProgramEnd();
  }
}

bool AnyTimerCanWake() {
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    if (sched.procs[i]->timers.CanWake(timer_waited_for)) return true;
  }
  return false;
}

int64_t NextTimer() {
  int64_t next = TimerHeap::kNever;
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    int64_t when = sched.procs[i]->timers.NextWhen();
    if (when < next) next = when;
  }
  return next;
}

void BreakPoll() {
  // The sleeper may have begun before there were descriptors.
  sched.poll_note.Wake();
  NetpollBreak();
}

void MakeRunnable(const std::vector<G*>& ready) {
  if (ready.empty()) return;
  {
    MutexLock guard(sched.lock);
    for (G* g : ready) {
      CasStatus(g, kGwaiting, kGrunnable);
      PushGlobal(g);
    }
  }
  WakeP();
}

void CheckDead() {
  if (ProgramEnded() || sched.external_waiters.load() > 0) return;
  if (simulator != nullptr) return;
  auto busy = static_cast<int64_t>(sched.m_count) - sched.idle_m_count -
              sched.idle_locked_count;
  if (busy > 0) return;
  // Ms come to sleep before they are started again by what they left behind.
  if (sched.global_size.load() != 0 || sched.sysmon_polls) return;
  if (GoroutineCount() == 0) {
    ThrowUser("no goroutines (main called runtime.Goexit) - deadlock!");
  }
  ThrowUser("all goroutines are asleep - deadlock!");
}

}  // namespace mgo::rt
