// Functions (code), root maps, line tables.
//
// The runtime walks stacks and prints traces from these without knowing what
// the code words mean. Everything here is immutable once the program runs and
// lives as long as it does.
#ifndef MGO_RUNTIME_ABI_FUNCTION_H_
#define MGO_RUNTIME_ABI_FUNCTION_H_

#include <cstdint>
#include <string_view>

#include "runtime/abi/values.h"

namespace mgo::rt {

// One 8-byte word of bytecode; opaque here (bytecode/inst.h).
using CodeWord = uint64_t;

// The live pointers of a frame while its goroutine is stopped at one place, or
// while a call made from there is under way. `offset` is the code offset, in
// words from the entry, at which the frame will go on: the function's entry,
// the word after a call, a loop header, a blocking instruction or the one after
// it. Bits are by slot from the frame pointer, lowest first: `pointers` for
// slots that hold a pointer or null, `iface_data` for interface data words (the
// slot before is the type word).
struct RootMap {
  uint32_t offset;
  uint32_t slot_count;         // slots covered; those above hold no roots
  const uint64_t* pointers;    // (slot_count + 63) / 64 words
  const uint64_t* iface_data;  // null: none
};

// From this code offset on, up to the next entry's, code belongs to this line.
// `unsigned_bounds` is for instructions that check bounds: which operands are
// of an unsigned type of 64 bits, the index or a slice's low bound (1), high
// bound (2), capacity bound (4). A panic shows them so.
struct LineEntry {
  uint32_t offset;
  uint32_t line : 29;
  uint32_t unsigned_bounds : 3;
  uint16_t file;     // index into Function::files
  uint16_t inlined;  // 0: own code; else index+1 into Function::inlined
};

// A call that was inlined: code attributed to it belongs to `function_name`,
// called from `call_line` of the code of `parent` (0: the function itself, else
// index+1).
struct InlineSite {
  std::string_view function_name;
  uint32_t call_line;
  uint16_t call_file;
  uint16_t parent;
};

enum FunctionFlags : uint32_t {
  // Made by the compiler (method wrappers, bound methods, deferred builtins):
  // left out of traces, transparent to recover.
  kWrapper = 1,
  kHasDefers = 2,
  // Belongs to the insides of runtime and library: left out of traces.
  kInternal = 4,
  kHasRecover = 8,
};

// A compiled function.
struct Function {
  // The func value of a function without captures: &static_closure. First, so
  // that the address serves both.
  Closure static_closure;
  // The word before it holds the address of this Function (FunctionAt).
  const CodeWord* entry;
  uint32_t code_words;
  // Slots from the frame pointer that a frame may touch, outgoing arguments'
  // header and slots of calls included.
  uint32_t frame_slots;
  uint32_t result_slots;  // [0, result_slots)
  uint32_t param_slots;   // [result_slots, result_slots + param_slots)
  uint32_t flags;
  // Code offset where a frame goes on after its panic was recovered (runs what
  // is left of its deferred calls and returns); 0: the function has no defers.
  uint32_t recovery_offset;
  std::string_view
      name;  // as traces print it: "main.(*T).M", "main.main.func1"
  const RootMap* root_maps;  // sorted by offset; the first is the entry's
  uint32_t root_map_count;
  // The roots of a frame that will not go on where it stands: an instruction of
  // it has panicked. What its deferred calls and its recovery may still use.
  const RootMap* unwind_map;
  uint32_t line_count;
  const LineEntry* lines;  // sorted by offset
  const std::string_view* files;
  const InlineSite* inlined;

  // Slot of the closure pointer, in a function that has captures.
  uint32_t ContextSlot() const { return result_slots + param_slots; }
};

// Words below the frame pointer that a call fills in: fp[-2] the return address
// (const CodeWord*), fp[-1] the caller's frame pointer (Slot*).
inline constexpr int kFrameHeaderSlots = 2;

// Registers a program's functions so that code addresses can be found again;
// functions may be added while the program runs (REPL).
void RegisterFunction(const Function* function);
// Forgets all functions: for tests.
void ResetFunctionsForTesting();
// The function whose code holds `pc` (the word after the last one counts as
// well, since a call may end a function); null: none.
const Function* FindFunction(const CodeWord* pc);
// The function whose entry is `entry`, at once.
inline const Function* FunctionAt(const CodeWord* entry) {
  return reinterpret_cast<const Function*>(entry[-1]);
}
// The map of `function` for a frame that goes on at `pc`; null: none there.
const RootMap* FindRootMap(const Function* function, const CodeWord* pc);
// The line of the code at word offset `offset`; null when the table is empty.
const LineEntry* FindLine(const Function* function, uint32_t offset);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_ABI_FUNCTION_H_
