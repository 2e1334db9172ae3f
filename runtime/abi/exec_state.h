// The part of a G that the interpreter works with; the G begins with it.
#ifndef MGO_RUNTIME_ABI_EXEC_STATE_H_
#define MGO_RUNTIME_ABI_EXEC_STATE_H_

#include <atomic>
#include <cstdint>

#include "runtime/abi/function.h"

namespace mgo::rt {

// Where a goroutine stands. While it runs, pc and fp live in the interpreter's
// registers and are stored here before anything that may look at them: a call
// out of line that can stop, panic, or walk the stack.
struct ExecState {
  // Next instruction, and frame, of a goroutine that is not running.
  const CodeWord* pc;
  Slot* fp;
  // End of the current stack chunk. A frame [f - kFrameHeaderSlots, f + n) fits
  // when f + n <= stack_limit. A request to stop (preemption, collection) sets
  // it to null, so that the next call takes the slow path, which asks `stop`.
  std::atomic<Slot*> stack_limit;
  // Not zero: stop at the next safepoint (loop back edge, call). Set by anyone,
  // cleared by the goroutine itself.
  std::atomic<uint32_t> stop;
};

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_ABI_EXEC_STATE_H_
