// Walking and printing stacks.
#ifndef MGO_RUNTIME_SCHED_TRACEBACK_H_
#define MGO_RUNTIME_SCHED_TRACEBACK_H_

#include <cstdint>
#include <string>

#include "runtime/abi/function.h"
#include "runtime/sched/g.h"

namespace mgo::rt {

// One frame of a stopped goroutine, from the newest to the oldest. Usage:
//   for (FrameWalker w(g); w.Valid(); w.Next()) use(w.fp, w.pc, w.function);
struct FrameWalker {
  // Starts at g->exec. A goroutine without frames is at once not valid.
  explicit FrameWalker(G* g);
  // Goes on to the caller.
  void Next();
  bool Valid() const { return function != nullptr; }

  Slot* fp;
  const CodeWord* pc;        // where the frame goes on
  const Function* function;  // null: the walk is over
  bool is_call;  // pc is a return address: the call is the word before
  // The frame will not go on at pc: an instruction of it has panicked, and what
  // ran above it is a deferred call or makes the panic's value.
  bool unwinding;
  G* g;
  StackChunk* chunk;
};

// A line of a trace.
struct TraceFrame {
  std::string function;  // "main.(*T).M"
  std::string file;
  uint32_t line;
};

// Calls `visit` for each frame as a trace shows them: inlined calls apart,
// wrappers and internal functions left out unless `all`.
void VisitTrace(G* g, bool all, void (*visit)(const TraceFrame&, void*),
                void* context);

// The file and line of the code before (is_call) or at pc.
TraceFrame FrameAt(const Function* function, const CodeWord* pc, bool is_call);

// Prints `goroutine N [status]:`, its frames and `created by`, as Go does.
// `status` null: what it is doing.
void PrintGoroutine(G* g, const char* status);
// Appends the same to a string (runtime.Stack, debug.Stack).
void FormatGoroutine(std::string* out, G* g, const char* status);

// Prints the current goroutine as running, then all others; the dump of a
// fatal error. Other threads are asked to stop first, for good; of goroutines
// that still run after a few milliseconds the frames are not looked at.
void DumpAllGoroutines();
// The same as text; world stopped, or there is only one P.
void FormatAllGoroutines(std::string* out);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_TRACEBACK_H_
