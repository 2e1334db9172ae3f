#include "runtime/sched/switch.h"

#include <cstring>

#include "runtime/abi/function.h"
#include "runtime/base/compiler.h"
#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/m.h"
#include "runtime/sched/queues.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/seeded.h"
#include "runtime/sched/stack.h"

namespace mgo::rt {
namespace {

// Every so many switches the global queue comes first, so that goroutines that
// ready each other cannot starve it. A prime, as in Go.
constexpr uint32_t kGlobalFirst = 61;
// While goroutines switch directly, the clock is read every so many switches;
// sysmon sees to it that timers do not wait while these come slowly.
constexpr uint32_t kTimerCheck = 16;
// Free Gs that a P keeps; half of them go to the global list beyond that.
constexpr uint32_t kMaxFreeGs = 64;
// Goroutine ids that a P takes at a time.
constexpr uint64_t kGoidBatch = 16;
// Free sudogs that a P keeps; half of them go to the global list beyond that.
constexpr uint32_t kMaxSudogs = 256;

// There is something to do for an idle P: wakes an M, but not for every
// goroutine while those that were woken found nothing.
void WakeForWork(P* p) {
  if (sched.spinning.load(std::memory_order_relaxed) != 0) return;
  if (p->wake_skip != 0) {
    p->wake_skip--;
    return;
  }
  p->wake_skip = sched.wake_backoff.load(std::memory_order_relaxed);
  WakeP();
}

// Puts a runnable goroutine on the P's queue.
void Enqueue(P* p, G* g, bool next) {
  RunQueue::Overflow overflow;
  if (MGO_UNLIKELY(p->runq.Put(g, next, &overflow))) {
    MutexLock guard(sched.lock);
    for (uint32_t i = 0; i < overflow.count; i++) PushGlobal(overflow.gs[i]);
  }
  if (MGO_UNLIKELY(sched.idle_p_count.load(std::memory_order_relaxed) != 0)) {
    WakeForWork(p);
  }
}

// Brings into the cache what a switch to g will touch: its record and the
// frame at the start of its stack.
void Prefetch(const G* g) {
  if (g == nullptr) return;
  const auto* bytes = reinterpret_cast<const char*>(g);
  __builtin_prefetch(bytes, 1);
  __builtin_prefetch(bytes + 64, 1);
  __builtin_prefetch(bytes + sizeof(G) + sizeof(StackChunk), 1);
}

// A dead G to reuse, or a new one, status Dead.
G* NewG(P* p) {
  if (p->gfree == nullptr &&
      sched.gfree_count.load(std::memory_order_relaxed) != 0) {
    MutexLock guard(sched.lock);
    while (sched.gfree != nullptr && p->gfree_count < kMaxFreeGs / 2) {
      G* g = PopFreeG();
      g->sched_link = p->gfree;
      p->gfree = g;
      p->gfree_count++;
    }
  }
  if (G* g = p->gfree) {
    p->gfree = g->sched_link;
    p->gfree_count--;
    g->sched_link = nullptr;
    return g;
  }
  G* g = AllocG();
  CasStatus(g, kGidle, kGdead);
  AddAllG(g);
  return g;
}

void PutFreeG(P* p, G* g) {
  g->sched_link = p->gfree;
  p->gfree = g;
  if (++p->gfree_count < kMaxFreeGs) return;
  MutexLock guard(sched.lock);
  while (p->gfree_count > kMaxFreeGs / 2) {
    G* moved = p->gfree;
    p->gfree = moved->sched_link;
    p->gfree_count--;
    PushFreeG(moved);
  }
}

// The id of the next goroutine made on the P.
uint64_t NextGoid(P* p) {
  if (p->next_goid == p->end_goid) {
    p->next_goid = sched.next_goid.fetch_add(kGoidBatch);
    p->end_goid = p->next_goid + kGoidBatch;
  }
  return p->next_goid++;
}

}  // namespace

thread_local M* current_m = nullptr;

G* TakeGlobalLocked(P* p, uint32_t max) {
  uint32_t n = sched.global_queue.Size() / sched.proc_count + 1;
  if (n > max) n = max;
  if (n > sched.global_queue.Size()) n = sched.global_queue.Size();
  if (n == 0) return nullptr;
  G* g = sched.global_queue.Pop();
  RunQueue::Overflow overflow;
  for (uint32_t i = 1; i < n; i++) {
    p->runq.Put(sched.global_queue.Pop(), false, &overflow);
  }
  sched.global_size.store(sched.global_queue.Size(), std::memory_order_seq_cst);
  return g;
}

G* TakeGlobal(P* p, uint32_t max) {
  MutexLock guard(sched.lock);
  return TakeGlobalLocked(p, max);
}

bool RunTimers(P* p) {
  int64_t when = p->timers.NextWhen();
  if (when == TimerHeap::kNever) return false;
  int64_t now = Nanotime();
  p->timers_late.store(false, std::memory_order_relaxed);
  return when <= now && p->timers.Run(now) > 0;
}

G* Start(M* m, P* p, G* g, bool inherit) {
  if (MGO_UNLIKELY((g->flags & kGLocked) != 0) && g->locked_m != m) {
    StartLockedM(m, g);
    return nullptr;
  }
  CasStatus(g, kGrunnable, kGrunning);
  g->m = m;
  g->p = p;
  m->curg.store(g, std::memory_order_relaxed);
  if (!inherit) {
    p->sched_tick.store(p->sched_tick.load(std::memory_order_relaxed) + 1,
                        std::memory_order_relaxed);
  }
  if (MGO_UNLIKELY(g->on_resume != nullptr)) {
    auto on_resume = g->on_resume;
    g->on_resume = nullptr;
    on_resume(g);
  }
  if (MGO_UNLIKELY(sched.always_stop.load(std::memory_order_relaxed))) {
    RequestStop(g);
  }
  return g;
}

G* CurrentG() {
  return current_m == nullptr ? nullptr
                              : current_m->curg.load(std::memory_order_relaxed);
}

void Gopark(G* g, WaitReason reason) {
  M* m = g->m;
  g->wait_reason = reason;
  g->wait_since = 0;
  m->p->counters.parks.Add();
  m->curg.store(nullptr, std::memory_order_relaxed);
  // From here on whoever finds the goroutine may run it.
  CasStatus(g, kGrunning, kGwaiting);
}

void Goready(G* g) {
  CasStatus(g, kGwaiting, kGrunnable);
  Enqueue(current_m->p, g, true);
}

void GoreadyTail(G* g) {
  CasStatus(g, kGwaiting, kGrunnable);
  Enqueue(current_m->p, g, false);
}

G* PickNext() {
  M* m = current_m;
  P* p = m->p;
  if (MGO_UNLIKELY(sched.attention.load(std::memory_order_relaxed) != 0 ||
                   m->locked_g != nullptr)) {
    return nullptr;
  }
  uint32_t n = p->switches.load(std::memory_order_relaxed) + 1;
  p->switches.store(n, std::memory_order_relaxed);
  if (MGO_UNLIKELY(n % kGlobalFirst == 0) &&
      sched.global_size.load(std::memory_order_relaxed) != 0) {
    if (G* g = TakeGlobal(p, 1)) return Start(m, p, g, false);
  }
  if (MGO_UNLIKELY(n % kTimerCheck == 0 ||
                   p->timers_late.load(std::memory_order_relaxed))) {
    RunTimers(p);
  }
  bool inherit;
  if (G* g = p->runq.Get(&inherit)) {
    Prefetch(p->runq.Upcoming());
    return Start(m, p, g, inherit);
  }
  if (sched.global_size.load(std::memory_order_relaxed) != 0) {
    if (G* g = TakeGlobal(p, RunQueue::kSize / 2)) {
      return Start(m, p, g, false);
    }
  }
  if (RunTimers(p)) {
    if (G* g = p->runq.Get(&inherit)) return Start(m, p, g, inherit);
  }
  return nullptr;
}

void Gosched(G* g) {
  g->m->p->counters.yields.Add();
  Requeue(g);
}

void Requeue(G* g) {
  g->m->curg.store(nullptr, std::memory_order_relaxed);
  CasStatus(g, kGrunning, kGrunnable);
  MutexLock guard(sched.lock);
  PushGlobal(g);
}

bool ExitGoroutine(G* g, bool by_goexit) {
  M* m = g->m;
  P* p = m->p;
  if ((g->flags & kGMain) != 0) {
    if (!by_goexit) {
      RaiseAttention(kProgramEnd);
      return false;
    }
    sched.main_goexited = true;
  }
  p->counters.exits.Add();
  if (MGO_UNLIKELY((g->flags & kGSystem) != 0)) sched.system_gs.fetch_sub(1);
  uint32_t flags = g->flags;
  if (MGO_UNLIKELY(g->defers != nullptr || g->panics != nullptr)) {
    for (Defer* d = g->defers; d != nullptr;) {
      Defer* link = d->link;
      FreeDefer(g, d);
      d = link;
    }
    for (Panic* panic = g->panics; panic != nullptr;) {
      Panic* link = panic->link;
      FreePanic(g, panic);
      panic = link;
    }
    g->defers = nullptr;
    g->panics = nullptr;
  }
  auto* first = reinterpret_cast<StackChunk*>(g + 1);
  if (MGO_UNLIKELY(first->next != nullptr || g->stack != first)) FreeStack(g);
  if (MGO_UNLIKELY((g->flags & kGLocked) != 0)) {
    g->lock_count = 1;
    UnlockOSThread(g);
  }
  g->flags = 0;
  g->m = nullptr;
  g->p = nullptr;
  m->curg.store(nullptr, std::memory_order_relaxed);
  CasStatus(g, kGrunning, kGdead);
  PutFreeG(p, g);
  if (MGO_UNLIKELY((flags & kGFinalizer) != 0)) gc_hooks.on_finalizer_exit();
  return true;
}

void RequestStop(G* g) {
  g->exec.stop.store(1, std::memory_order_seq_cst);
  g->exec.stack_limit.store(nullptr, std::memory_order_seq_cst);
}

G* Safepoint(G* g) {
  g->exec.stop.store(0, std::memory_order_seq_cst);
  ResetStackLimit(g);
  bool preempted = g->preempt.exchange(false, std::memory_order_relaxed);
  bool stress = sched.always_stop.load(std::memory_order_relaxed);
  if (MGO_UNLIKELY(stress)) {
    if (gc_hooks.stress != nullptr && gc_hooks.stress()) {
      sched.attention.fetch_or(kGcRequested, std::memory_order_relaxed);
    }
    preempted |= SeedPreempts();
  }
  uint32_t attention = sched.attention.load(std::memory_order_acquire);
  if (MGO_UNLIKELY((attention & kFrozen) != 0)) StayFrozen(g);
  if ((attention & kGcRequested) != 0) {
    // Of several that see the request, one collects.
    uint32_t before = sched.attention.fetch_and(~uint32_t{kGcRequested},
                                                std::memory_order_acq_rel);
    if ((before & kGcRequested) != 0) gc_hooks.collect(g);
  }
  if (MGO_UNLIKELY((attention & (kProgramEnd | kGcWaiting)) != 0)) {
    Requeue(g);
    return nullptr;
  }
  if (preempted) {
    g->p->counters.preemptions.Add();
    Requeue(g);
    return PickNext();
  }
  if (MGO_UNLIKELY(stress)) RequestStop(g);
  return g;
}

void RaiseAttention(AttentionFlags flag) {
  sched.attention.fetch_or(flag, std::memory_order_seq_cst);
  PreemptAll();
  if (G* g = CurrentG()) RequestStop(g);
}

G* NewProc(G* creator, const CodeWord* creation_pc, const Function* function,
           const Closure* closure, const Slot* params, uint32_t param_slots,
           uint32_t flags) {
  P* p = current_m->p;
  G* g = NewG(p);
  g->goid = NextGoid(p);
  g->flags = flags | (g->goid == 1 ? kGMain : 0);
  Slot* fp = FirstFrame(g, function, g->goid == 1 ? kMainChunkSlots : 0);
  // Cold: the frame's header; results are zero, as after any call's setup.
  fp[-2] = reinterpret_cast<Slot>(GetExecutor().goroutine_exit_pc);
  fp[-1] = 0;
  for (uint32_t i = 0; i < function->result_slots; i++) fp[i] = 0;
  Slot* to = fp + function->result_slots;
  for (uint32_t i = 0; i < param_slots; i++) to[i] = params[i];
  if (function->ContextSlot() < function->frame_slots) {
    fp[function->ContextSlot()] = reinterpret_cast<Slot>(closure);
  }
  g->exec.fp = fp;
  g->exec.pc = function->entry;
  g->retry_pc = nullptr;
  g->parent_goid = creator == nullptr ? 0 : creator->goid;
  g->creation_pc = creation_pc;
  g->wait_reason = WaitReason::kNone;
  p->counters.spawns.Add();
  // It takes no part in the count of goroutines.
  if (MGO_UNLIKELY((flags & kGSystem) != 0)) sched.system_gs.fetch_add(1);
  CasStatus(g, kGdead, kGrunnable);
  // The thread that makes the main goroutine is about to run it.
  if (MGO_UNLIKELY((g->flags & kGMain) != 0)) p->wake_skip = 1;
  Enqueue(p, g, true);
  return g;
}

Sudog* AcquireSudog(P* p) {
  constexpr uint32_t kBatch = 16;
  if (p->sudog_cache == nullptr) {
    MutexLock guard(sched.lock);
    while (sched.sudogs != nullptr && p->sudog_count < kMaxSudogs / 2) {
      Sudog* sudog = sched.sudogs;
      sched.sudogs = sudog->next;
      ReleaseSudog(p, sudog);
    }
  }
  if (p->sudog_cache == nullptr) {
    auto* batch = static_cast<Sudog*>(PersistentAlloc(sizeof(Sudog) * kBatch));
    for (uint32_t i = 0; i < kBatch; i++) ReleaseSudog(p, batch + i);
  }
  Sudog* sudog = p->sudog_cache;
  p->sudog_cache = sudog->next;
  p->sudog_count--;
  sudog->next = nullptr;
  return sudog;
}

void ReleaseSudog(P* p, Sudog* sudog) {
  memset(static_cast<void*>(sudog), 0, sizeof *sudog);
  sudog->next = p->sudog_cache;
  p->sudog_cache = sudog;
  if (MGO_LIKELY(++p->sudog_count < kMaxSudogs)) return;
  MutexLock guard(sched.lock);
  while (p->sudog_count > kMaxSudogs / 2) {
    Sudog* moved = p->sudog_cache;
    p->sudog_cache = moved->next;
    p->sudog_count--;
    moved->next = sched.sudogs;
    sched.sudogs = moved;
  }
}

}  // namespace mgo::rt
