// The way up to the interpreter: how the scheduler has a goroutine run.
//
// The runtime knows no instructions. The interpreter registers one function
// that runs a goroutine, and the addresses of a few words of code that frames
// return to.
#ifndef MGO_RUNTIME_SCHED_EXECUTOR_H_
#define MGO_RUNTIME_SCHED_EXECUTOR_H_

#include "runtime/sched/g.h"

namespace mgo::rt {

// Why Execute came back to the scheduler.
enum class SwitchReason : uint8_t {
  // The goroutine parked, yielded or ended (its status says so), and PickNext
  // found none to run at once.
  kSwitched,
  // The program is over: main returned (ExitGoroutine said so).
  kProgramEnd,
};

struct Executor {
  // Runs `g`, which is kGrunning on this thread's P, from g->exec on, and those
  // it switches to (switch.h), until one of the reasons.
  SwitchReason (*execute)(G* g);
  // Return address of every goroutine's first frame: code that ends the
  // goroutine (ExitGoroutine).
  const CodeWord* goroutine_exit_pc;
  // Return address of the first frame in a later stack chunk: code that calls
  // LeaveChunk and goes on at the address that returns (stack.h).
  const CodeWord* chunk_return_pc;
  // The function that makes the value of a run-time error and panics with it.
  // What it was called from will not go on. Null: none.
  const Function* raise_function = nullptr;
};

// Registers the interpreter; before the first goroutine is made.
void SetExecutor(const Executor& executor);
// What was registered.
const Executor& GetExecutor();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_EXECUTOR_H_
