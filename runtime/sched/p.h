// P: what a thread must hold to run guest code; and M, the thread.
//
// A P carries everything that would otherwise be shared: run queue, allocation
// cache, timers, free lists. Fields without a protector named belong to the M
// that holds the P, or to the stopped world.
#ifndef MGO_RUNTIME_SCHED_P_H_
#define MGO_RUNTIME_SCHED_P_H_

#include <pthread.h>

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
  kPidle = 0,     // in the list of idle ones, or on its way to or from there
  kPrunning = 1,  // held by an M
  kPsyscall = 2,  // its M is in a blocking call; anyone may take it
  kPgcstop = 3,   // halted for the stopped world
  kPdead = 4,     // beyond GOMAXPROCS
};

// A number that one thread counts up and others read.
class Counter {
 public:
  void Add(uint64_t n = 1) {
    n_.store(n_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  uint64_t Get() const { return n_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> n_{0};
};

// Counters of one P, for metrics and scheddetail.
struct PCounters {
  Counter yields;       // Gosched
  Counter parks;        // Gopark
  Counter exits;        // goroutines ended
  Counter preemptions;  // stopped for having run too long
  Counter spawns;       // goroutines made
  Counter steals;       // Gs taken from other Ps
  Counter handoffs;     // times sysmon gave it to another M
};

struct P {
  MCache mcache;  // first: the allocator's fast path
  RunQueue runq;
  TimerHeap timers;
  uint32_t id;
  std::atomic<uint32_t> status;  // kPsyscall is left by compare and exchange
  // Goroutines started or resumed, those that inherit a time slice left out;
  // read by sysmon.
  std::atomic<uint32_t> sched_tick;
  std::atomic<uint32_t> syscall_tick;  // blocking calls begun, Ps lost in one
  // All switches, for the 61st; read by thieves.
  std::atomic<uint32_t> switches;
  // Goroutines made ready that need not wake another M (see
  // Sched::wake_backoff).
  uint32_t wake_skip;
  // Timers are due: the next switch sees to them. Set by sysmon.
  std::atomic<bool> timers_late;
  std::atomic<M*> m;   // its holder; read by sysmon
  P* idle_link;        // idle Ps; protector: sched.lock
  uint64_t next_goid;  // goroutine ids set aside for it
  uint64_t end_goid;
  G* gfree;  // dead Gs to reuse, linked by sched_link
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

// A thread that runs guest code, when it holds a P.
struct M {
  uint32_t id;             // 0: the main thread's
  std::atomic<G*> curg;    // the running goroutine; read by sysmon
  P* p;                    // null: none
  std::atomic<P*> next_p;  // handed over by whoever wakes it
  P* old_p;                // in a blocking call: the P it had
  G* locked_g;             // LockOSThread: the only one it runs
  PendingPanic pending;
  Note park;                   // where an idle M sleeps
  std::atomic<bool> spinning;  // looks for work, has none
  std::atomic<bool> blocked;   // sleeps on `park`
  int64_t busy_since;          // when it last found work after looking for it
  std::atomic<bool> left;      // the program is over for it
  M* idle_link;                // idle Ms; protector: sched.lock
  M* all_link;                 // all Ms; protector: sched.lock
  pthread_t thread;            // not of the main thread
};

// This thread's M; null on threads that run no guest code.
extern thread_local M* current_m;

// Takes a sudog from the P's cache, gives it back.
Sudog* AcquireSudog(P* p);
void ReleaseSudog(P* p, Sudog* sudog);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_P_H_
