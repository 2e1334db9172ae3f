// Switching goroutines, as the interpreter, channels and natives see it.
//
// The protocol. Before an operation that may park, stop or look at the stack,
// the interpreter stores into g->exec.fp its frame, into g->exec.pc the code at
// which to go on afterwards, and into g->retry_pc the instruction itself. The
// operation answers "done" or "parked". After "parked" (and after Gosched,
// ExitGoroutine) the interpreter does not touch the G again: it asks PickNext
// for the next one, loads pc and fp from its exec and goes on, all within the
// same Execute call; if there is none, it returns SwitchReason::kSwitched.
//
//   case kPark: if (G* next = PickNext()) -> run next; else return kSwitched;
//
// PickNext does the whole of FindRunnable except what may block: 61st tick
// global first, due timers, runnext, local, global. It returns null also when
// somebody wants the world to stop.
#ifndef MGO_RUNTIME_SCHED_SWITCH_H_
#define MGO_RUNTIME_SCHED_SWITCH_H_

#include "runtime/sched/g.h"
#include "runtime/sched/p.h"

namespace mgo::rt {

// Parks the running goroutine: Running -> Waiting. Whoever will ready it must
// be able to find it, and be kept off by a lock until this returns.
void Gopark(G* g, WaitReason reason);

// Makes a parked goroutine runnable; it becomes the P's runnext, so that it
// runs next when the current one blocks.
void Goready(G* g);

// The same, at the tail of the run queue.
void GoreadyTail(G* g);

// The next goroutine to run on this thread at once, already Running and
// current; null: return to the scheduler. The current goroutine must have been
// parked, requeued or ended.
G* PickNext();

// runtime.Gosched: Running -> Runnable, to the global queue. PickNext follows.
void Gosched(G* g);

// Ends the goroutine: returned from its first frame, or Goexit after its
// deferred calls (`by_goexit`). False: that was main returning; end Execute
// with kProgramEnd. True: PickNext follows.
bool ExitGoroutine(G* g, bool by_goexit);

// A goroutine that saw exec.stop not zero (or the null stack limit) at a
// safepoint, with exec.pc and fp stored: collects if that is wanted, yields if
// its time is up. Returns the goroutine to go on with: `g`, another, or null
// for the scheduler. When it is `g`, nothing in its frame has changed but
// garbage was collected, and stack_limit and stop are set anew.
G* Safepoint(G* g);

// Asks a goroutine to come to Safepoint; from any thread.
void RequestStop(G* g);

// Makes a goroutine that will call `function` with the given parameter slots
// (copied) and closure (may be null when the function has no captures), and
// puts it on the run queue as runnext. `creator` and `creation_pc` are for
// dumps, and may be null. `flags`: of GFlags; it may run at once.
G* NewProc(G* creator, const CodeWord* creation_pc, const Function* function,
           const Closure* closure, const Slot* params, uint32_t param_slots,
           uint32_t flags = 0);

// The blocking section of a native: between these the goroutine is in Syscall
// status, its M may lose its P, and it must not touch guest memory that it has
// not rooted. ExitSyscall returns with a P again.
void EnterSyscall(G* g);
void ExitSyscall(G* g);

// runtime.LockOSThread, runtime.UnlockOSThread: from the first to as many of
// the second, the running goroutine's M runs nothing else.
void LockOSThread(G* g);
void UnlockOSThread(G* g);

// The goroutine that this thread runs; null: none.
G* CurrentG();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_SWITCH_H_
