// Stopping the world, and changing the number of Ps.
//
// The stopper asks every running goroutine to come to a safepoint, where its M
// gives its P up; takes idle Ps and those of Ms in blocking calls; and waits
// for the rest. `stop_wait` counts the Ps that have not stopped. To start the
// world again, Ps with goroutines in their queues are given to Ms, the others
// are idle.
#include <unistd.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mcache.h"
#include "runtime/sched/m.h"
#include "runtime/sched/pause_stats.h"
#include "runtime/sched/queues.h"
#include "runtime/sched/seeded.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

// After so long without all Ps stopped, goroutines are asked again: one may
// have been started just before the first request.
constexpr int64_t kAskAgain = 100000;

// The stop under way: when it began, and where its times go; protector:
// sched.world_lock.
int64_t stop_time = 0;
PauseStats* pauses = &other_pauses;

// A P from here on, status kPgcstop.
P* NewP(uint32_t id) {
  P* p = sched.procs[id];
  if (p == nullptr) {
    p = new (std::nothrow) P();
    if (p == nullptr) Throw("out of memory");
    p->id = id;
    sched.procs[id] = p;
  }
  p->status.store(kPgcstop);
  return p;
}

// What a P has goes to where others find it.
void RetireP(P* p) {
  bool inherit;
  MutexLock guard(sched.lock);
  while (G* g = p->runq.Get(&inherit)) PushGlobal(g);
  while (p->gfree != nullptr) {
    G* g = p->gfree;
    p->gfree = g->sched_link;
    p->gfree_count--;
    PushFreeG(g);
  }
  p->status.store(kPdead);
}

// Makes it `n` Ps, with the world stopped; the caller's is one of them
// afterwards.
void ResizeProcs(uint32_t n) {
  uint32_t old = sched.proc_count;
  M* m = current_m;
  if (n == old) return;
  for (uint32_t i = old; i < n; i++) NewP(i);
  if (m->p->id >= n) {
    ReleaseP(m)->status.store(kPgcstop);
    AcquireP(m, sched.procs[0]);
    if (G* g = m->curg.load(std::memory_order_relaxed)) g->p = m->p;
  }
  for (uint32_t i = n; i < old; i++) {
    P* p = sched.procs[i];
    RetireP(p);
    MCacheFlush(&p->mcache);
    p->timers.MoveTo(&m->p->timers);
  }
  sched.proc_count = n;
  RunQueue::shared = n > 1;
}

uint32_t ReadMaxProcs() {
  const char* text = getenv("GOMAXPROCS");
  char* end = nullptr;
  long value = text == nullptr ? 0 : strtol(text, &end, 10);
  if (value <= 0 || *end != 0) value = NumCpu();
  return value < kMaxProcs ? static_cast<uint32_t>(value) : kMaxProcs;
}

// Takes all Ps that nobody runs on; true: the others have stopped, too.
bool TakePs() {
  MutexLock guard(sched.lock);
  sched.stop_wait = sched.proc_count;
  sched.attention.fetch_or(kGcWaiting, std::memory_order_seq_cst);
  sched.stop_wait--;  // the caller's
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    P* p = sched.procs[i];
    uint32_t status = kPsyscall;
    if (p->status.compare_exchange_strong(status, kPgcstop)) {
      p->syscall_tick.fetch_add(1, std::memory_order_relaxed);
      sched.stop_wait--;
    }
  }
  while (P* p = GetIdleP()) {
    p->status.store(kPgcstop);
    sched.stop_wait--;
  }
  return sched.stop_wait == 0;
}

}  // namespace

bool StopTheWorld(G* g, StopReason reason) {
  // Whoever has it wants this P, too. Nobody has it without a P.
  while (!sched.world_lock.TryLock()) {
    if (g == nullptr) {
      StopForWorld(current_m);
      if (current_m->p == nullptr) return false;
    } else {
      EnterSyscall(g);
      sched.world_lock.Lock();
      sched.world_lock.Unlock();
      ExitSyscall(g);
    }
  }
  pauses = reason == StopReason::kGc ? &gc_pauses : &other_pauses;
  stop_time = Nanotime();
  for (bool stopped = TakePs(); !stopped;) {
    // Who is frozen will never stop for this.
    if ((sched.attention.load() & kFrozen) != 0) StayFrozen(g);
    PreemptAll();
    sched.stop_note.Sleep(kAskAgain);
    MutexLock guard(sched.lock);
    stopped = sched.stop_wait == 0;
  }
  pauses->stopping.Record(Nanotime() - stop_time);
  return true;
}

void StartTheWorld() {
  M* m = current_m;
  P* start[kMaxProcs];
  uint32_t count = 0;
  {
    MutexLock guard(sched.lock);
    sched.attention.fetch_and(~uint32_t{kGcWaiting}, std::memory_order_seq_cst);
    for (uint32_t i = 0; i < sched.proc_count; i++) {
      P* p = sched.procs[i];
      if (p == m->p) continue;
      p->status.store(kPidle);
      if (p->runq.Empty()) {
        PutIdleP(p);
      } else {
        start[count++] = p;
      }
    }
  }
  pauses->total.Record(Nanotime() - stop_time);
  sched.world_lock.Unlock();
  for (uint32_t i = 0; i < count; i++) StartM(start[i], false);
  if (sched.proc_count > 1) WakeP();
}

void StayFrozen(G* g) {
  if (g != nullptr) CasStatus(g, kGrunning, kGpreempted);
  for (;;) pause();
}

void InitProcs(M* m) {
  if (sched.max_procs == 0) sched.max_procs = ReadMaxProcs();
  if (m->p == nullptr) AcquireP(m, NewP(0));
  ResizeProcs(sched.max_procs);
  MutexLock guard(sched.lock);
  for (uint32_t i = sched.proc_count; i-- > 1;) {
    if (sched.procs[i]->status.load() != kPgcstop) continue;
    sched.procs[i]->status.store(kPidle);
    PutIdleP(sched.procs[i]);
  }
}

uint32_t SetMaxProcs(G* g, uint32_t n) {
  uint32_t old = sched.max_procs;
  if (n > kMaxProcs) n = kMaxProcs;
  if (n == 0 || n == old) return old;
  if (Seeded() && g != nullptr) {
    // It is what was asked for, on the one P that there is.
    sched.max_procs = n;
    return old;
  }
  StopTheWorld(g, StopReason::kOther);
  old = sched.max_procs;
  sched.max_procs = n;
  ResizeProcs(Seeded() ? 1 : n);
  StartTheWorld();
  // The M that waits for timers may have looked while they were moved.
  BreakPoll();
  return old;
}

uint32_t SetMaxThreads(uint32_t n) {
  MutexLock guard(sched.lock);
  if (n < sched.m_count) {
    PrintError("runtime: program exceeds %u-thread limit\n", n);
    Throw("thread exhaustion");
  }
  return std::exchange(sched.max_ms, n);
}

}  // namespace mgo::rt
