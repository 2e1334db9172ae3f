// How instructions are implemented.
//
// One function per instruction, each ending in a guaranteed tail call to the
// next. By the preserve_none convention the four arguments stay in registers
// that ordinary functions preserve, so a handler needs no prologue, and a call
// out of line from a handler spills nothing. What may fail goes to a cold
// handler by a tail call as well: the fast path of an instruction never touches
// the C++ stack.
//
//   OP(AddI64) { fp[pc->a] = fp[pc->b] + fp[pc->c]; NEXT(1); }
#ifndef MGO_VM_INTERP_OP_H_
#define MGO_VM_INTERP_OP_H_

#include <bit>
#include <cstdint>
#include <cstring>

#include "runtime/abi/values.h"
#include "runtime/base/compiler.h"
#include "runtime/sched/g.h"
#include "vm/bytecode/inst.h"

namespace mgo::interp {

using bytecode::Inst;
using bytecode::kNoSlot;
using bytecode::Opcode;
using rt::CodeWord;
using rt::G;
using rt::Slot;

struct Dispatch;

// Next instruction, frame, goroutine, dispatch table.
#define MGO_OP_PARAMS const Inst *pc, Slot *fp, G *g, const Dispatch *table
#define MGO_PRESERVE_NONE __attribute__((preserve_none))

using Handler = MGO_PRESERVE_NONE void (*)(MGO_OP_PARAMS);

struct Dispatch {
  Handler handlers[static_cast<size_t>(Opcode::kCount)];
};

// The handlers, declared for the dispatch table.
#define OP(name, format, flags, prose) \
  MGO_PRESERVE_NONE void Op##name(MGO_OP_PARAMS);
#include "vm/bytecode/opcodes.def"

// A handler, or the cold half of one.
#define OP(name) MGO_PRESERVE_NONE void Op##name(MGO_OP_PARAMS)
#define COLD_OP(name) \
  [[gnu::noinline, gnu::cold]] MGO_PRESERVE_NONE void name(MGO_OP_PARAMS)

// Goes on with another handler, or at another instruction.
#define TAIL(handler, to, frame) \
  [[clang::musttail]] return handler((to), (frame), g, table)
#define GO_ON(to, frame)                                                \
  do {                                                                  \
    const Inst* to_ = (to);                                             \
    Slot* frame_ = (frame);                                             \
    [[clang::musttail]] return table->handlers[to_->op](to_, frame_, g, \
                                                        table);         \
  } while (0)
#define NEXT(words) GO_ON(pc + (words), fp)

// Slots by type.
inline int64_t I64(Slot s) { return static_cast<int64_t>(s); }
inline Slot FromI64(int64_t v) { return static_cast<Slot>(v); }
inline double F64(Slot s) { return std::bit_cast<double>(s); }
inline Slot FromF64(double v) { return std::bit_cast<Slot>(v); }
inline float F32(Slot s) {
  return std::bit_cast<float>(static_cast<uint32_t>(s));
}
inline Slot FromF32(float v) { return std::bit_cast<uint32_t>(v); }
template <typename T>
inline T* Ptr(Slot s) {
  return reinterpret_cast<T*>(s);
}
inline Slot FromPtr(const void* p) { return reinterpret_cast<Slot>(p); }
// A multi-slot value in place.
template <typename T>
inline T Get(const Slot* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}
template <typename T>
inline void Set(Slot* at, const T& value) {
  std::memcpy(at, &value, sizeof(T));
}
inline int16_t Simm(uint16_t v) { return static_cast<int16_t>(v); }

// Stores where the goroutine stands, for whoever walks its stack: it goes on
// `words` words further.
inline void StoreState(G* g, const Inst* pc, Slot* fp, int words) {
  g->exec.pc = reinterpret_cast<const CodeWord*>(pc) + words;
  g->exec.fp = fp;
  g->retry_pc = reinterpret_cast<const CodeWord*>(pc);
}
inline const Inst* AsInst(const CodeWord* word) {
  return reinterpret_cast<const Inst*>(word);
}

// Which operands of the instruction where StoreState left the goroutine are
// unsigned: see rt::LineEntry.
uint32_t UnsignedBounds(const G* g);

// --- cold paths that several families share ----------------------------------

// Raises `invalid memory address or nil pointer dereference` at pc.
COLD_OP(RaiseNil);
// Raises integer divide by zero at pc.
COLD_OP(RaiseDivide);
// Raises what a runtime function has set with SetPanic or SetRuntimeError.
COLD_OP(RaisePending);
// Stops at a safepoint: pc and fp are where to go on.
COLD_OP(StopAt);
// Goes on with the goroutine that the scheduler says, after g parked or ended.
COLD_OP(SwitchAway);

// Goes on at `to` after a look whether the goroutine is to stop there.
#define LOOP_TO(to)                                                        \
  do {                                                                     \
    const Inst* loop_ = (to);                                              \
    if (MGO_UNLIKELY(g->exec.stop.load(std::memory_order_relaxed) != 0)) { \
      TAIL(StopAt, loop_, fp);                                             \
    }                                                                      \
    GO_ON(loop_, fp);                                                      \
  } while (0)

}  // namespace mgo::interp

#endif  // MGO_VM_INTERP_OP_H_
