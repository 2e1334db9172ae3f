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
  // Of calls that were not inlined; null: one that was.
  const Slot* fp = nullptr;
  const CodeWord* pc = nullptr;
  bool no_params = false;
};

// Calls `visit` for each frame as a trace shows them: inlined calls apart,
// wrappers and internal functions left out unless `all`.
void VisitTrace(G* g, bool all, void (*visit)(const TraceFrame&, void*),
                void* context);

// The file and line of the code before (is_call) or at pc.
TraceFrame FrameAt(const Function* function, const CodeWord* pc, bool is_call);

// Appends `goroutine N [status]:`, its frames and `created by`, as Go prints
// them (runtime.Stack, debug.Stack). `status` null: what it is doing.
void FormatGoroutine(std::string* out, G* g, const char* status);
// The current goroutine as running, then all others; world stopped.
void FormatAllGoroutines(std::string* out);

// The traces at the end of the process, as many as GOTRACEBACK says: of `g`,
// which has failed (null: nobody has), then of all others if g is null or
// GOTRACEBACK says so. An empty line comes first. Before others are looked at
// their threads are asked to stop, for good; of goroutines that still run after
// 0.1 s the frames are not shown.
void PrintLastTraces(G* g);
// The same for SIGQUIT, which came while g ran: everything, whatever is set.
void PrintQuitTraces(G* g);
// The same for a fatal error: everything if it is the runtime's (not `user`).
void PrintThrowTraces(bool user);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_TRACEBACK_H_
