// The scheduler's shared state, start and end.
#ifndef MGO_RUNTIME_SCHED_SCHED_H_
#define MGO_RUNTIME_SCHED_SCHED_H_

#include <atomic>
#include <cstdint>

#include "runtime/base/mutex.h"
#include "runtime/sched/executor.h"
#include "runtime/sched/p.h"
#include "runtime/sched/run_queue.h"

namespace mgo::rt {

// The most Ps there can be.
inline constexpr uint32_t kMaxProcs = 1024;

// What the scheduler has to see to before more guest code runs.
enum AttentionFlags : uint32_t {
  kGcRequested = 1,  // a collection is due
  kGcWaiting = 2,    // somebody wants the world stopped
  kProgramEnd = 4,   // RunScheduler is to return
};

struct Sched {
  Mutex lock{LockRank::kSched};
  GQueue global_queue;                   // protector: lock
  std::atomic<uint32_t> global_size{0};  // its size, to look at without lock
  G* gfree = nullptr;                    // protector: lock
  std::atomic<uint64_t> next_goid{1};
  std::atomic<int64_t> live_gs{0};  // not dead, system ones left out
  // Bits of AttentionFlags: PickNext returns to the scheduler for them.
  std::atomic<uint32_t> attention{0};
  // Ms in calls that will come back and make something runnable.
  std::atomic<int32_t> in_syscalls{0};
  // Things that may ready a goroutine from outside (signals, netpoll).
  std::atomic<int32_t> external_waiters{0};
  // Every goroutine is asked to stop as it is started (gcstress).
  std::atomic<bool> always_stop{false};
  uint32_t proc_count = 1;   // Ps there are; world stopped
  uint32_t max_procs = 0;    // GOMAXPROCS as it was set; world stopped
  P* procs[kMaxProcs] = {};  // world stopped
  M* main_m = nullptr;
  bool main_goexited = false;
};
extern Sched sched;

// Sets up the main thread's M and the Ps. Once; before any goroutine.
void SchedInit();
// For tests: forgets all goroutines and queues, and sets up again.
void ResetSchedForTesting();

// The collector, as the scheduler calls it; set by GcInit.
struct GcHooks {
  // A collection is due and every goroutine is stopped: collect.
  void (*collect)() = nullptr;
  // A goroutine at a safepoint under gcstress: true: collect now.
  bool (*stress)() = nullptr;
  // A goroutine with kGFinalizer ended.
  void (*on_finalizer_exit)() = nullptr;
};
extern GcHooks gc_hooks;

// Whether a goroutine waits at a weak timer's channel; set by chan. Null: not
// known, taken for true.
extern bool (*timer_waited_for)(Timer* timer);

// Runs goroutines on this thread until the program ends; the main goroutine
// has been made (NewProc; the first one is main). Returns the exit status.
int RunScheduler();

// The next goroutine, Running; waits for timers; ends the process with a fatal
// error when all goroutines are asleep for ever. Null: the program is over.
G* FindRunnable();

// Ends every goroutine's run at its next safepoint, and RunScheduler with 0.
void RequestProgramEnd();

// Asks the running goroutines to stop for what `flag` says.
void RaiseAttention(AttentionFlags flag);

// Stops and starts the world: all Ps but the caller's.
void StopTheWorld(const char* reason);
void StartTheWorld();

// runtime.GOMAXPROCS: returns what was set; 0: only asks. Whatever is set,
// there is one P for now.
uint32_t SetMaxProcs(uint32_t n);
// Processors of the machine that this process may use.
uint32_t NumCpu();

// Starts the thread that watches the others (sysmon.cpp); stops it.
void StartSysmon();
void StopSysmon();
// One line of schedtrace, or the whole of scheddetail, to standard error.
void PrintSchedTrace(bool detailed);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_SCHED_H_
