#include "runtime/sched/sched.h"

#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

#include "runtime/base/nanotime.h"
#include "runtime/base/sanitizer.h"
#include "runtime/base/throw.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {

Sched sched;
GcHooks gc_hooks;
std::atomic<bool (*)(Timer* timer)> timer_waited_for{nullptr};

namespace {

Executor executor = {};

// How often RunScheduler looks whether the other Ms have left the program.
constexpr int64_t kLeaveLook = 50000;

// Waits until all Ps are idle: those of Ms in blocking calls are taken; an M
// that has just been given one gives it back.
void WaitForOthers() {
  for (;;) {
    {
      MutexLock guard(sched.lock);
      for (uint32_t i = 0; i < sched.proc_count; i++) {
        P* p = sched.procs[i];
        uint32_t status = kPsyscall;
        if (p->status.compare_exchange_strong(status, kPidle)) PutIdleP(p);
      }
      // The main thread's M may have been started, for work.
      if (P* p = sched.main_m->next_p.exchange(nullptr)) PutIdleP(p);
      if (sched.idle_p_count.load() == sched.proc_count) return;
    }
    PreemptAll();
    sched.main_m->park.Sleep(kLeaveLook);
  }
}

}  // namespace

void SetExecutor(const Executor& e) { executor = e; }

const Executor& GetExecutor() { return executor; }

void SchedInit() {
  if (sched.main_m == nullptr) {
    MutexLock guard(sched.lock);
    sched.main_m = NewM();
  }
  M* m = sched.main_m;
  current_m = m;
  InitProcs(m);
  SetThrowDump(PrintThrowTraces);
}

namespace {

// Whether an M is where it does not touch the scheduler before it is told to;
// sched.lock held. (What an M that just wakes up changes is only looked at.)
MGO_NO_SANITIZE_THREAD bool IsAtRest(const M* m) {
  if (m == sched.main_m || m->left.load(std::memory_order_acquire)) return true;
  for (const M* idle = sched.idle_ms; idle != nullptr; idle = idle->idle_link) {
    if (idle == m) return true;
  }
  return m->blocked.load() && m->locked_g != nullptr;
}

// Waits until all Ms but the caller's are at rest; blocking calls have to end.
void WaitForRest() {
  sched.attention.fetch_or(kProgramEnd);
  for (;;) {
    bool rest = true;
    {
      MutexLock guard(sched.lock);
      for (const M* m = sched.all_ms; m != nullptr; m = m->all_link) {
        rest = rest && IsAtRest(m);
      }
    }
    if (rest) return;
    PreemptAll();
    BreakPoll();
    usleep(kLeaveLook / 1000);
  }
}

}  // namespace

void ResetSchedForTesting(uint32_t procs) {
  StopSysmon();
  WaitForRest();
  for (P*& p : sched.procs) {
    delete p;
    p = nullptr;
  }
  delete sched.main_m;
  // Idle Ms of earlier programs stay asleep for ever.
  sched.~Sched();
  new (&sched) Sched;
  sched.max_procs = procs;
  ResetAllGsForTesting();
  ResetNetpollForTesting();
  SchedInit();
}

void RequestProgramEnd() {
  RaiseAttention(kProgramEnd);
  sched.main_m->park.Wake();
}

uint32_t NumCpu() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int n = CPU_COUNT(&set);
  return n > 0 ? static_cast<uint32_t>(n) : 1;
}

int RunScheduler() {
  RunM();
  WaitForOthers();
  StopSysmon();
  return 0;
}

}  // namespace mgo::rt
