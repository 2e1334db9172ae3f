// Blocking calls, and goroutines that are locked to their M.
//
// In a blocking call a P has status kPsyscall and its M may come back for it;
// sysmon takes it away when the call lasts and there is work for it. An M that
// comes back and finds its P taken looks for an idle one; if there is none, its
// goroutine goes to the global queue, locked to this M (the native is still on
// its C++ stack): whoever finds the goroutine there hands over its P.
#include "runtime/base/throw.h"
#include "runtime/sched/m.h"
#include "runtime/sched/queues.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

bool Ended() {
  return (sched.attention.load(std::memory_order_acquire) & kProgramEnd) != 0;
}

void Lock(M* m, G* g) {
  m->locked_g = g;
  g->locked_m = m;
  g->flags |= kGLocked;
}

void Unlock(M* m, G* g) {
  m->locked_g = nullptr;
  g->locked_m = nullptr;
  g->flags &= ~uint32_t{kGLocked};
}

// The goroutine was made kRunnable and waits for a P.
void WaitForP(M* m, G* g) {
  bool was_locked = (g->flags & kGLocked) != 0;
  if (!was_locked) Lock(m, g);
  {
    MutexLock guard(sched.lock);
    PushGlobal(g);
  }
  while (StopLockedM(m) == nullptr) {
    // The program is over: there will be a P, or nobody needs one.
    MutexLock guard(sched.lock);
    sched.idle_locked_count--;
    if (P* p = GetIdleP()) {
      AcquireP(m, p);
      break;
    }
  }
  if (!was_locked) Unlock(m, g);
}

// The M is back: its old P, or an idle one. False: neither.
bool TakeAnyP(M* m) {
  P* old = m->old_p;
  m->old_p = nullptr;
  uint32_t status = kPsyscall;
  if (old->status.compare_exchange_strong(status, kPrunning,
                                          std::memory_order_acq_rel)) {
    m->p = old;
    old->m.store(m, std::memory_order_relaxed);
    return true;
  }
  if (Ended() && m != sched.main_m) return false;
  MutexLock guard(sched.lock);
  P* p = GetIdleP();
  if (p == nullptr) return false;
  AcquireP(m, p);
  return true;
}

}  // namespace

void EnterSyscall(G* g) {
  M* m = g->m;
  P* p = m->p;
  p->syscall_tick.fetch_add(1, std::memory_order_relaxed);
  CasStatus(g, kGrunning, kGsyscall);
  m->old_p = p;
  m->p = nullptr;
  p->m.store(nullptr, std::memory_order_relaxed);
  p->status.store(kPsyscall, std::memory_order_seq_cst);
  if (MGO_LIKELY((sched.attention.load(std::memory_order_seq_cst) &
                  kGcWaiting) == 0)) {
    return;
  }
  MutexLock guard(sched.lock);
  uint32_t status = kPsyscall;
  if (sched.stop_wait > 0 &&
      p->status.compare_exchange_strong(status, kPgcstop) &&
      --sched.stop_wait == 0) {
    sched.stop_note.Wake();
  }
}

void ExitSyscall(G* g) {
  M* m = g->m;
  // Its stack is being looked at.
  if (MGO_UNLIKELY((sched.attention.load() & kFrozen) != 0)) {
    StayFrozen(nullptr);
  }
  if (MGO_UNLIKELY(!TakeAnyP(m))) {
    if (Ended() && m != sched.main_m) {
      m->left.store(true, std::memory_order_release);
      for (;;) m->park.Sleep(-1);
    }
    CasStatus(g, kGsyscall, kGrunnable);
    WaitForP(m, g);
    CasStatus(g, kGrunnable, kGrunning);
  } else {
    CasStatus(g, kGsyscall, kGrunning);
  }
  g->p = m->p;
  m->curg.store(g, std::memory_order_relaxed);
  if (sched.attention.load(std::memory_order_relaxed) != 0) RequestStop(g);
}

void LockOSThread(G* g) {
  if (g->lock_count == UINT16_MAX) Throw("LockOSThread nesting overflow");
  if (g->lock_count++ == 0) Lock(g->m, g);
}

void UnlockOSThread(G* g) {
  if (g->lock_count != 0 && --g->lock_count == 0) Unlock(g->m, g);
}

}  // namespace mgo::rt
