// Goroutine stacks: chunks of frames.
//
// A stack is a list of chunks, the first inside the G's own block, later ones
// at least four times as large as the one before, so that few calls stand at an
// edge. (The main goroutine, where a loop over an edge is likeliest, starts
// with a large one.) A frame lies within one chunk and never moves, so pointers
// to frame slots stay good. Going over an edge: the callee's frame is made at
// the start of the next chunk, the arguments are copied there, and its return
// address is a stub (Executor::chunk_return_pc) that copies the results back
// and goes to the real return address, kept in the chunk's header. The chunk
// left that way is kept, empty, until the next collection, so that a call at
// the edge in a loop costs no allocation.
//
// Chunks come from free lists by size class outside the collected heap.
#ifndef MGO_RUNTIME_SCHED_STACK_H_
#define MGO_RUNTIME_SCHED_STACK_H_

#include <cstdint>

#include "runtime/sched/g.h"

namespace mgo::rt {

// A chunk; its slots follow the header.
struct StackChunk {
  StackChunk* prev;           // the older one; null: the first
  StackChunk* next;           // the newer one, in use or kept; null: none
  const CodeWord* return_pc;  // true return address of the first frame
  Slot* caller_args;          // results go here: the callee's frame pointer as
                              // the caller counted it, in the older chunk
  uint32_t result_slots;      // how many to copy back
  uint32_t slots;             // room

  Slot* Begin() { return reinterpret_cast<Slot*>(this + 1); }
  Slot* End() { return Begin() + slots; }
  bool Contains(const Slot* p) { return p >= Begin() && p <= End(); }
};

// Bytes of a G with its first chunk.
inline constexpr uint64_t kGBlockBytes = 640;
// A new chunk has at least this many bytes.
inline constexpr uint64_t kMinChunkBytes = 1024;
// Slots of the chunk in which the main goroutine starts.
inline constexpr uint64_t kMainChunkSlots = 8000;
// debug.SetMaxStack's default.
inline constexpr uint64_t kDefaultMaxStack = 1000000000;

// A call whose frame does not fit: makes room in the next chunk, copies
// the parameters (and closure pointer), and enters it. `args`: the callee's
// frame pointer as the caller set it up, parameters in place; `return_pc`:
// where the callee is to return; `caller_fp`: the caller's frame. Returns the
// callee's frame pointer with header filled in (return address: the stub).
// Null: over the limit (ThrowStackOverflow is due). exec.stack_limit is set.
Slot* EnterChunk(G* g, Slot* args, const CodeWord* return_pc, Slot* caller_fp,
                 const Function* callee);

// The stub's work, after the first frame of a chunk has returned with its
// results at its frame pointer: copies them to the caller's place, goes back to
// the older chunk, and returns where to go on. The caller's fp is what the
// frame's header said.
const CodeWord* LeaveChunk(G* g);

// The frames newer than `fp` are gone without returning (recover, Goexit):
// goes back to the chunk that holds `fp`.
void UnwindToFrame(G* g, const Slot* fp);

// Sets exec.stack_limit for the current chunk, unless a stop is requested.
void ResetStackLimit(G* g);

// Room for the first frame of `function` in an empty stack, in a chunk of at
// least `min_slots`; returns its frame pointer. Used by NewProc.
Slot* FirstFrame(G* g, const Function* function, uint64_t min_slots = 0);

// Frees the kept empty chunk; the collector, with the goroutine stopped.
void FreeKeptChunk(G* g);

// Frees all chunks but the first: of a dead G.
void FreeStack(G* g);

// Sets the limit in bytes for one goroutine's stack; returns the old one.
uint64_t SetMaxStack(uint64_t bytes);

// Prints Go's two lines about the limit, the stacks, and ends the process.
[[noreturn]] void ThrowStackOverflow(G* g);

// A new G with its first chunk, status Idle, not in any list.
G* AllocG();

// Bytes in all chunks in use or kept, Gs' blocks included.
uint64_t StackBytesInUse();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_STACK_H_
