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
  kSeeded = 8,       // always: choices are the seed's (seeded.h)
  kFrozen = 16,      // for good: the process reports its end (traceback.h)
};

struct Sched {
  // Read at every switch, seldom written.

  // Bits of AttentionFlags: PickNext returns to the scheduler for them.
  alignas(64) std::atomic<uint32_t> attention{0};
  std::atomic<uint32_t> global_size{0};   // of global_queue; written with lock
  std::atomic<uint32_t> idle_p_count{0};  // written with lock
  std::atomic<uint32_t> spinning{0};      // Ms that look for work
  // How many goroutines made ready one wake-up of an M stands for: 0 while
  // woken Ms find something to do, else 2^k - 1.
  std::atomic<uint32_t> wake_backoff{0};
  std::atomic<uint32_t> proc_count{1};  // Ps in use; written: world stopped
  // Every goroutine is asked to stop as it is started (gcstress).
  std::atomic<bool> always_stop{false};

  alignas(64) Mutex lock{LockRank::kSched};
  GQueue global_queue;                   // protector: lock
  G* gfree = nullptr;                    // protector: lock
  std::atomic<uint32_t> gfree_count{0};  // written with lock
  Sudog* sudogs = nullptr;    // free; linked by next; protector: lock
  M* idle_ms = nullptr;       // linked by idle_link; protector: lock
  uint32_t idle_m_count = 0;  // protector: lock
  // Ms that wait for their own goroutine (less than 0 while one that is wanted
  // is still on its way there); protector: lock
  int32_t idle_locked_count = 0;
  M* all_ms = nullptr;      // linked by all_link; protector: lock
  uint32_t m_count = 0;     // all Ms; protector: lock
  uint32_t max_ms = 10000;  // SetMaxThreads; protector: lock
  P* idle_ps = nullptr;     // linked by idle_link; protector: lock
  uint32_t stop_wait = 0;   // Ps that have not stopped yet; protector: lock
  Note stop_note;           // set when the last one has

  std::atomic<uint64_t> next_goid{1};
  std::atomic<int64_t> system_gs{0};  // live ones that do not count
  // Things that may ready a goroutine from outside (signals, netpoll).
  std::atomic<int32_t> external_waiters{0};

  Mutex world_lock{LockRank::kStopTheWorld};  // whoever stops the world

  // 0 while an idle M waits for timers and descriptors, else when one did last.
  std::atomic<int64_t> last_poll{1};
  std::atomic<int64_t> poll_until{0};  // when that one will wake up; 0: never
  Note poll_note;                      // wakes it

  std::atomic<bool> sysmon_waits{false};  // until a P is in use again
  // Sysmon looks at descriptors: it may have goroutines in its hands that wait
  // for none any more, and are on no queue yet; protector: lock
  bool sysmon_polls = false;

  uint32_t max_procs = 0;  // GOMAXPROCS as it was set; world stopped
  // All Ps there ever were, in use or not, without gaps; written: world
  // stopped.
  P* procs[kMaxProcs] = {};
  M* main_m = nullptr;
  std::atomic<bool> main_goexited{false};
  // What ends the process when the program is over; null: RunScheduler returns
  // (once the main thread comes back from whatever it is in).
  void (*on_program_end)() = nullptr;
};
extern Sched sched;

// Sets up the main thread's M and the Ps. Once; before any goroutine.
void SchedInit();
// For tests: forgets all goroutines and queues, and sets up again, with so many
// Ps.
void ResetSchedForTesting(uint32_t procs = 1);

// The collector, as the scheduler calls it; set by GcInit.
struct GcHooks {
  // A collection is due: stops the world and collects. `g`: the running
  // goroutine, at a safepoint; null: none.
  void (*collect)(G* g) = nullptr;
  // A goroutine at a safepoint under gcstress: true: collect now.
  bool (*stress)() = nullptr;
  // A goroutine with kGFinalizer ended.
  void (*on_finalizer_exit)() = nullptr;
};
extern GcHooks gc_hooks;

// Whether a goroutine waits at a weak timer's channel; set by chan. Null: not
// known, taken for true.
extern std::atomic<bool (*)(Timer* timer)> timer_waited_for;

// Runs goroutines, on this thread and as many others as it takes, until the
// program ends; the main goroutine has been made (NewProc; the first one is
// main). Returns the exit status.
int RunScheduler();

// The next goroutine, Running: the one place where an M waits, for work, timers
// and descriptors. Ends the process with a fatal error when all goroutines are
// asleep for ever. Null: the program is over; the M holds no P then.
G* FindRunnable();

// Ends every goroutine's run at its next safepoint, and RunScheduler with 0.
void RequestProgramEnd();

// Asks the running goroutines to stop for what `flag` says.
void RaiseAttention(AttentionFlags flag);

// Why the world is stopped, for the figures (pause_stats.h).
enum class StopReason : uint8_t { kGc, kOther };

// Stops the world: all Ps but the caller's are idle, in a blocking call, or at
// a safepoint until StartTheWorld. The caller holds a P and runs `g` (null: no
// goroutine), whose state is stored; while somebody else has the world stopped
// it waits, without its P. False: the program is over; the world runs.
bool StopTheWorld(G* g, StopReason reason);
void StartTheWorld();

// runtime.GOMAXPROCS, called by the running `g`: returns what was set; n == 0:
// only asks. Moves what Ps had that are no more.
uint32_t SetMaxProcs(G* g, uint32_t n);
// Processors of the machine that this process may use.
uint32_t NumCpu();

// debug.SetMaxThreads: returns what was set.
uint32_t SetMaxThreads(uint32_t n);

// Starts the thread that watches the others (sysmon.cpp); stops it; wakes it
// if it waits for a P to be in use.
void StartSysmon();
void StopSysmon();
void WakeSysmon();
// Lets it look at once; from a signal's handler, too.
void NotifySysmon();
// One line of schedtrace, or the whole of scheddetail, to standard error.
void PrintSchedTrace(bool detailed);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_SCHED_H_
