// P: what a thread must hold to run guest code; and M, the thread.
//
// A P carries everything that would otherwise be shared: run queue, allocation
// cache, timers, free lists. Fields without a protector named belong to the M
// that holds the P, or to the stopped world.
#ifndef MGO_RUNTIME_SCHED_P_H_
#define MGO_RUNTIME_SCHED_P_H_

#include <atomic>
#include <cstdint>

#include "runtime/base/mutex.h"
#include "runtime/heap/mcache.h"
#include "runtime/sched/g.h"
#include "runtime/sched/run_queue.h"
#include "runtime/sched/timer_heap.h"

namespace mgo::rt {

// Go's names and numbers.
enum PStatus : uint32_t {
  kPidle = 0,
  kPrunning = 1,
  kPsyscall = 2,
  kPgcstop = 3,
  kPdead = 4,
};

// Counters of one P, for metrics and scheddetail.
struct PCounters {
  uint64_t yields;       // Gosched
  uint64_t parks;        // Gopark
  uint64_t exits;        // goroutines ended
  uint64_t preemptions;  // stopped for having run too long
  uint64_t spawns;       // goroutines made
  uint64_t steals;       // Gs taken from other Ps
};

struct P {
  MCache mcache;  // first: the allocator's fast path
  RunQueue runq;
  TimerHeap timers;
  uint32_t id;
  std::atomic<uint32_t> status;  // written by its holder, read by anyone
  // Goroutines started or resumed, those that inherit a time slice left out;
  // read by sysmon.
  std::atomic<uint32_t> sched_tick;
  std::atomic<uint32_t> syscall_tick;
  uint32_t switches;  // all switches, for the 61st
  std::atomic<M*> m;  // its holder; read by sysmon
  G* gfree;           // dead Gs to reuse, linked by sched_link
  uint32_t gfree_count;
  uint32_t sudog_count;
  Sudog* sudog_cache;    // linked by `next`
  Defer* defer_pool[4];  // by size class, linked by `link`
  PCounters counters;
};

// What a native wants raised when it answers kPanic (sched/defer.h sets it).
struct PendingPanic {
  GoIface value;   // kind == 0: this value
  uint32_t kind;   // else a RuntimeErrorKind
  char text[240];  // its message, cut off at the end
};

struct M {
  uint32_t id;
  std::atomic<G*> curg;  // the running goroutine; read by sysmon
  P* p;
  PendingPanic pending;
  Note park;  // where an idle M sleeps
  bool spinning;
  bool blocked;
  M* sched_link;  // idle Ms; protector: sched.lock
};

// This thread's M; null on threads that run no guest code.
extern thread_local M* current_m;

// Takes a sudog from the P's cache, gives it back.
Sudog* AcquireSudog(P* p);
void ReleaseSudog(P* p, Sudog* sudog);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_P_H_
