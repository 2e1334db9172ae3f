#include "runtime/sched/sched.h"

#include <sched.h>

#include <cstdlib>
#include <new>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {

Sched sched;
GcHooks gc_hooks;
bool (*timer_waited_for)(Timer* timer) = nullptr;

namespace {

Executor executor = {};

// With nothing to run, nothing to wait for, and nobody who could change that.
[[noreturn]] void ThrowDeadlock() {
  if (sched.live_gs.load() == 0) {
    Throw("no goroutines (main called runtime.Goexit) - deadlock!");
  }
  Throw("all goroutines are asleep - deadlock!");
}

// Sees to what `attention` says; true: the program is over.
bool HandleAttention() {
  uint32_t attention = sched.attention.load(std::memory_order_acquire);
  if ((attention & kProgramEnd) != 0) return true;
  if ((attention & kGcRequested) != 0) {
    sched.attention.fetch_and(~uint32_t{kGcRequested},
                              std::memory_order_relaxed);
    if (gc_hooks.collect != nullptr) gc_hooks.collect();
  }
  return false;
}

}  // namespace

void SetExecutor(const Executor& e) { executor = e; }

const Executor& GetExecutor() { return executor; }

void SchedInit() {
  if (sched.procs[0] == nullptr) {
    sched.procs[0] = new (std::nothrow) P();
    sched.main_m = new (std::nothrow) M();
    if (sched.procs[0] == nullptr || sched.main_m == nullptr) {
      Throw("out of memory");
    }
  }
  P* p = sched.procs[0];
  M* m = sched.main_m;
  sched.proc_count = 1;
  p->m.store(m);
  p->status.store(kPrunning);
  m->p = p;
  current_m = m;
  SetThrowDump(DumpAllGoroutines);
}

void ResetSchedForTesting() {
  StopSysmon();
  delete sched.procs[0];
  delete sched.main_m;
  sched.procs[0] = nullptr;
  sched.main_m = nullptr;
  while (sched.global_queue.Pop() != nullptr) {
  }
  sched.global_size = 0;
  sched.gfree = nullptr;
  sched.next_goid = 1;
  sched.live_gs = 0;
  sched.attention = 0;
  sched.in_syscalls = 0;
  sched.external_waiters = 0;
  sched.always_stop = false;
  sched.main_goexited = false;
  ResetAllGsForTesting();
  SchedInit();
}

void RequestProgramEnd() { RaiseAttention(kProgramEnd); }

void StopTheWorld(const char* reason) {
  (void)reason;
  // One P, and its holder is the caller: the world is stopped already.
  sched.attention.fetch_or(kGcWaiting, std::memory_order_seq_cst);
}

void StartTheWorld() {
  sched.attention.fetch_and(~uint32_t{kGcWaiting}, std::memory_order_seq_cst);
}

uint32_t SetMaxProcs(uint32_t n) {
  if (sched.max_procs == 0) {
    const char* text = getenv("GOMAXPROCS");
    int value = text == nullptr ? 0 : atoi(text);
    sched.max_procs = value > 0 ? static_cast<uint32_t>(value) : NumCpu();
  }
  uint32_t old = sched.max_procs;
  if (n > 0) sched.max_procs = n < kMaxProcs ? n : kMaxProcs;
  return old;
}

uint32_t NumCpu() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int n = CPU_COUNT(&set);
  return n > 0 ? static_cast<uint32_t>(n) : 1;
}

G* FindRunnable() {
  M* m = current_m;
  P* p = m->p;
  for (;;) {
    if (HandleAttention()) return nullptr;
    if (G* g = PickNext()) return g;
    if (sched.attention.load(std::memory_order_acquire) != 0) continue;
    int64_t when = p->timers.NextWhen();
    if (sched.in_syscalls.load() == 0 && sched.external_waiters.load() == 0 &&
        !p->timers.CanWake(timer_waited_for)) {
      ThrowDeadlock();
    }
    int64_t timeout = -1;
    if (when != TimerHeap::kNever) {
      timeout = when - Nanotime();
      if (timeout <= 0) continue;
    }
    p->status.store(kPidle, std::memory_order_relaxed);
    m->blocked = true;
    m->park.Sleep(timeout);
    m->blocked = false;
    p->status.store(kPrunning, std::memory_order_relaxed);
  }
}

int RunScheduler() {
  while (G* g = FindRunnable()) {
    if (executor.execute(g) == SwitchReason::kProgramEnd) break;
  }
  StopSysmon();
  return 0;
}

}  // namespace mgo::rt
