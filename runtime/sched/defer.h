// Records of deferred calls and of panics. Their meaning is the interpreter's;
// here is their memory, and what the collector reads of them.
#ifndef MGO_RUNTIME_SCHED_DEFER_H_
#define MGO_RUNTIME_SCHED_DEFER_H_

#include <cstdint>
#include <string_view>

#include "runtime/abi/function.h"
#include "runtime/sched/g.h"

namespace mgo::rt {

// A deferred call. The parameters are the first param_slots of `params`; the
// collector finds the pointers among them by the function's entry root map,
// whose bits from result_slots on are theirs, and marks `closure`.
struct Defer {
  Defer* link;  // the one deferred before it, of the whole goroutine
  Slot* fp;     // the frame that deferred it
  const Function* function;
  const Closure* closure;  // null: none needed
  const CodeWord* pc;      // the defer statement
  uint32_t param_slots;
  uint32_t pool;   // index of P::defer_pool; 255: not pooled
  Slot params[1];  // as many as param_slots
};

// A panic, or a Goexit, under way. Stays linked from G::panics while its
// deferred calls run.
struct Panic {
  Panic* link;  // the one it came on top of
  GoIface value;
  // The frame that panicked, and where: the deferred call it runs has that
  // frame as caller. A frame whose return address is no code of a Function
  // and no chunk stub is a deferred call of the panic with this deferred_fp;
  // the stack goes on below it at (pc, fp).
  const CodeWord* pc;
  Slot* fp;
  Slot* deferred_fp;  // frame of the deferred call that runs; null: none
  Slot* target_fp;    // the frame whose deferred calls run
  const Function* target_function;  // the function of that frame
  Defer* defers_below;              // g->defers when the deferred call began
  bool recovered;
  bool goexit;
  bool aborted;  // a later panic passed it
  bool repanicked;
  uint32_t extra;  // the interpreter's
};

// Pooled records, zeroed but for params. `g` is running on this thread.
Defer* NewDefer(G* g, uint32_t param_slots);
void FreeDefer(G* g, Defer* defer);
Panic* NewPanic(G* g);
void FreePanic(G* g, Panic* panic);

// The run-time errors: the interpreter makes the guest's runtime.Error of them.
enum class RuntimeErrorKind : uint32_t {
  kNone = 0,
  kPlain,          // runtime.Error with text "runtime error: " + text
  kPlainString,    // runtime.plainError: text as it is ("close of nil channel")
  kTypeAssertion,  // *runtime.TypeAssertionError: text without prefix
  kString,         // not an error: panic(text)
  kFatal,          // not a panic: Throw(text)
};

// What a native does before it answers kPanic: a guest value, or an error. The
// text is copied.
void SetPanic(G* g, GoIface value);
void SetRuntimeError(G* g, RuntimeErrorKind kind, std::string_view text);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_DEFER_H_
