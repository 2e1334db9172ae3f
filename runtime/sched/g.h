// G: a goroutine.
//
// A G is one record with the first chunk of its stack right behind it (640
// bytes together); it is never moved and never given back to the system, but
// reused (free lists by P). Statuses and transitions are Go's:
//
//   Idle -> Dead -> Runnable -> Running -> Waiting -> Runnable ...
//                      ^           |-> Syscall -> Running | Runnable
//                      |-----------|-> Preempted -> Waiting
//                                  |-> Dead
//
// All that a goroutine needs to go on stands in its frames and in `exec`:
// whoever parks it stores pc and fp first, and never touches it afterwards,
// since another thread may already run it.
//
// Fields without a protector named belong to the goroutine itself: to the M
// that runs it, and, while it is parked, to whoever has the lock of the thing
// it waits for; the collector reads them with the goroutine stopped.
#ifndef MGO_RUNTIME_SCHED_G_H_
#define MGO_RUNTIME_SCHED_G_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/abi/exec_state.h"
#include "runtime/abi/values.h"

namespace mgo::rt {

struct Defer;
struct G;
struct M;
struct P;
struct Panic;
struct StackChunk;
struct Timer;

// Go's names and numbers.
enum GStatus : uint32_t {
  kGidle = 0,       // new, not yet initialized
  kGrunnable = 1,   // on a run queue
  kGrunning = 2,    // has an M and a P, on no queue
  kGsyscall = 3,    // has an M, in a blocking call
  kGwaiting = 4,    // parked; recorded where it will be found again
  kGdead = 6,       // finished, or on a free list
  kGpreempted = 9,  // stopped itself for a suspension
};

// Why a goroutine waits; texts as Go prints them (wait_reasons.def).
enum class WaitReason : uint8_t {
#define MGO_WAIT_REASON(name, text) k##name,
#include "runtime/sched/wait_reasons.def"
};
// The text of a reason: "chan receive".
const char* WaitReasonText(WaitReason reason);

// GFlags: bits of G::flags.
enum GFlags : uint32_t {
  kGMain = 1,       // the main goroutine: its return ends the program
  kGSystem = 2,     // the runtime's own: not dumped, no part in deadlocks
  kGFinalizer = 4,  // runs finalizers
  kGLocked = 8,     // locked to its M
  // debug.SetPanicOnFault; no fault of the guest's ever comes.
  kGPanicOnFault = 16,
};

// A goroutine's place in one waiting line: of a channel, or a semaphore. Plain
// operations use the one inside the G; a select takes more from the P's cache.
struct Sudog {
  G* g;
  Sudog* next;  // the line; protector: the lock of channel or bucket
  Sudog* prev;
  Sudog* wait_link;  // g->waiting: the next one of the same G
  // Value to send, place to receive to (null: dropped), or the semaphore's
  // address.
  void* elem;
  Slot* ok;  // receives: where to say whether a value came; or null
  union {
    Slot* case_index;  // selects: where to store `index`; or null
    // Semaphores: in the first waiter for an address, the last one; `prev` then
    // links the first ones.
    Sudog* sema_tail;
  };
  void* chan;  // Chan*; null: a semaphore
  const TypeDesc* elem_type;
  uint32_t index;   // selects: the case
  uint32_t ticket;  // condition variables
  bool is_select;
  bool is_send;
  bool queued;  // channels: stands in its line
};

// The fields are ordered by use: a switch touches the first two cache lines, an
// operation that parks the sudog as well.
struct G {
  ExecState exec;  // must be first

  P* p;               // while running: its P
  M* m;               // while running or in a call: its M
  StackChunk* stack;  // the chunk of the topmost frame
  std::atomic<uint32_t> status;
  uint32_t flags;

  // Called once by the M that is about to run the goroutine, before its code:
  // what is left to do of an operation that parked it. Null: nothing.
  void (*on_resume)(G*);
  Sudog* waiting;  // those it waits in; in the order of channel locking
  Defer* defers;   // innermost first (defer.h)
  Panic* panics;   // innermost first
  // What the goroutine does over when what it waited for was refused: the
  // instruction that parked it. A send woken by close goes on here, and panics.
  const CodeWord* retry_pc;
  G* sched_link;  // next of a list of free ones; protector: the list's
  uint64_t goid;
  // Selects: 1 once some channel has won. Atomic, by compare and exchange.
  std::atomic<uint32_t> select_done;
  WaitReason wait_reason;
  // stop was set to make it yield; written by anyone.
  std::atomic<bool> preempt;
  uint16_t lock_count;  // LockOSThread depth

  Sudog sudog;  // for waiting in one line

  const CodeWord* creation_pc;  // the `go` statement; null: the runtime's
  uint64_t parent_goid;
  int64_t wait_since;    // set by the collector: Nanotime
  uint64_t stack_bytes;  // of all chunks but the first
  Timer* timer;          // Sleep's, kept for the next
  M* locked_m;           // kGLocked: the only M that runs it

  // The status; relaxed.
  GStatus Status() const {
    return static_cast<GStatus>(status.load(std::memory_order_relaxed));
  }
};

static_assert(offsetof(G, on_resume) == 64 && offsetof(G, sudog) == 128);
static_assert(offsetof(G, exec) == 0);

// Ends the process unless `from` to `to` is legal and g is in `from`.
void CheckTransition(G* g, GStatus from, GStatus to);

// Changes a status; the debug build checks that `from` is what it was and that
// the transition is legal.
inline void CasStatus(G* g, GStatus from, GStatus to) {
#ifdef MGO_DEBUG
  CheckTransition(g, from, to);
#endif
  g->status.store(to, std::memory_order_release);
}

// All goroutines ever made, dead ones included; a G keeps its place. Both
// are safe at any time; what grows is seen or not.
size_t AllGCount();
G* AllG(size_t i);

// Adds a new one to the list.
void AddAllG(G* g);
void ResetAllGsForTesting();

// Goroutines that are not dead, system ones left out (NumGoroutine).
int64_t GoroutineCount();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_G_H_
