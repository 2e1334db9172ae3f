// How instructions are implemented.
//
// One function per instruction, each ending in a guaranteed tail call to the
// next. By the preserve_none convention the four arguments stay in registers
// that ordinary functions preserve, so a handler needs no prologue, and a call
// out of line from a handler spills nothing. What may fail goes to a cold
// handler by a tail call as well: the fast path of an instruction never touches
// the C++ stack.
//
//   OP(And) { RESULT(1, fp[pc->b] & fp[pc->c]); }
//
// Besides these four, two accumulators go from handler to handler: the result
// of the instruction before, in an integer or in a float register. It has been
// written to its slot as well, so they are never the only place of a value; but
// an instruction that uses what the one before has made need not wait until it
// has gone to memory and back. Such instructions come in several forms, one for
// each operand that may be found there (the forms ending in A, B, C in
// opcodes.def); code generation chooses among them, within straight-line code.
// A handler that says nothing about the accumulators loses them, at no cost.
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

// Next instruction, frame, goroutine, dispatch table, accumulators.
#define MGO_OP_PARAMS                                                  \
  const Inst *pc, Slot *fp, G *g, const Dispatch *table, Slot int_acc, \
      double float_acc
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

// Whatever the register holds that the value is wanted in: takes no
// instruction.
inline Slot AnyInt() {
  Slot any;
  asm("" : "=r"(any));
  return any;
}
inline double AnyFloat() {
  double any;
  asm("" : "=x"(any));
  return any;
}

// Goes on with another handler, or at another instruction.
#define TAIL(handler, to, frame)                                           \
  [[clang::musttail]] return handler((to), (frame), g, table, ANY_INT_ACC, \
                                     ANY_FLOAT_ACC)
// The same with a word for the other handler, in its integer accumulator.
#define TAIL_WITH(handler, to, frame, an_int)                           \
  [[clang::musttail]] return handler((to), (frame), g, table, (an_int), \
                                     ANY_FLOAT_ACC)
#define GO_ON_WITH(to, frame, an_int, a_float)                                 \
  do {                                                                         \
    const Inst* to_ = (to);                                                    \
    Slot* frame_ = (frame);                                                    \
    [[clang::musttail]] return table->handlers[to_->op](to_, frame_, g, table, \
                                                        (an_int), (a_float));  \
  } while (0)
#define ANY_INT_ACC AnyInt()
#define ANY_FLOAT_ACC AnyFloat()
#define GO_ON(to, frame) GO_ON_WITH(to, frame, ANY_INT_ACC, ANY_FLOAT_ACC)
#define NEXT(words) GO_ON(pc + (words), fp)
// The same, and the accumulators stay as they are.
#define NEXT_KEEP(words) GO_ON_WITH(pc + (words), fp, int_acc, float_acc)
// Goes on after a result for slot a, which is left in an accumulator too.
#define RESULT(words, value)                              \
  do {                                                    \
    Slot result_ = (value);                               \
    fp[pc->a] = result_;                                  \
    GO_ON_WITH(pc + (words), fp, result_, ANY_FLOAT_ACC); \
  } while (0)
#define RESULT_F64(words, value)                        \
  do {                                                  \
    double result_ = (value);                           \
    fp[pc->a] = FromF64(result_);                       \
    GO_ON_WITH(pc + (words), fp, ANY_INT_ACC, result_); \
  } while (0)
// The forms of an instruction; its body finds the values of its operands in a,
// b, c, as far as they are named here.
#define OP_A(name, ...) \
  OP(name) {            \
    Slot a = fp[pc->a]; \
    __VA_ARGS__         \
  }                     \
  OP(name##A) {         \
    Slot a = int_acc;   \
    __VA_ARGS__         \
  }
#define OP_B(name, ...) \
  OP(name) {            \
    Slot b = fp[pc->b]; \
    __VA_ARGS__         \
  }                     \
  OP(name##B) {         \
    Slot b = int_acc;   \
    __VA_ARGS__         \
  }
#define OP_C(name, ...) \
  OP(name) {            \
    Slot c = fp[pc->c]; \
    __VA_ARGS__         \
  }                     \
  OP(name##C) {         \
    Slot c = int_acc;   \
    __VA_ARGS__         \
  }
#define OP_AB(name, ...)               \
  OP(name) {                           \
    Slot a = fp[pc->a], b = fp[pc->b]; \
    __VA_ARGS__                        \
  }                                    \
  OP(name##A) {                        \
    Slot a = int_acc, b = fp[pc->b];   \
    __VA_ARGS__                        \
  }                                    \
  OP(name##B) {                        \
    Slot a = fp[pc->a], b = int_acc;   \
    __VA_ARGS__                        \
  }
#define OP_BC(name, ...)               \
  OP(name) {                           \
    Slot b = fp[pc->b], c = fp[pc->c]; \
    __VA_ARGS__                        \
  }                                    \
  OP(name##B) {                        \
    Slot b = int_acc, c = fp[pc->c];   \
    __VA_ARGS__                        \
  }                                    \
  OP(name##C) {                        \
    Slot b = fp[pc->b], c = int_acc;   \
    __VA_ARGS__                        \
  }
#define OP_F64_B(name, ...)    \
  OP(name) {                   \
    double b = F64(fp[pc->b]); \
    __VA_ARGS__                \
  }                            \
  OP(name##B) {                \
    double b = float_acc;      \
    __VA_ARGS__                \
  }
#define OP_F64_C(name, ...)    \
  OP(name) {                   \
    double c = F64(fp[pc->c]); \
    __VA_ARGS__                \
  }                            \
  OP(name##C) {                \
    double c = float_acc;      \
    __VA_ARGS__                \
  }
#define OP_F64_AB(name, ...)                       \
  OP(name) {                                       \
    double a = F64(fp[pc->a]), b = F64(fp[pc->b]); \
    __VA_ARGS__                                    \
  }                                                \
  OP(name##A) {                                    \
    double a = float_acc, b = F64(fp[pc->b]);      \
    __VA_ARGS__                                    \
  }                                                \
  OP(name##B) {                                    \
    double a = F64(fp[pc->a]), b = float_acc;      \
    __VA_ARGS__                                    \
  }
#define OP_F64_AC(name, ...)   \
  OP(name) {                   \
    double a = F64(fp[pc->a]); \
    double c = F64(fp[pc->c]); \
    __VA_ARGS__                \
  }                            \
  OP(name##A) {                \
    double a = float_acc;      \
    double c = F64(fp[pc->c]); \
    __VA_ARGS__                \
  }                            \
  OP(name##C) {                \
    double a = F64(fp[pc->a]); \
    double c = float_acc;      \
    __VA_ARGS__                \
  }
#define OP_F64_BC(name, ...)                       \
  OP(name) {                                       \
    double b = F64(fp[pc->b]), c = F64(fp[pc->c]); \
    __VA_ARGS__                                    \
  }                                                \
  OP(name##B) {                                    \
    double b = float_acc, c = F64(fp[pc->c]);      \
    __VA_ARGS__                                    \
  }                                                \
  OP(name##C) {                                    \
    double b = F64(fp[pc->b]), c = float_acc;      \
    __VA_ARGS__                                    \
  }

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

// Goes on after an operation that others may have waited for: a place where
// seeded scheduling preempts, as others do at calls.
#define NEXT_STOP(words)                                                   \
  do {                                                                     \
    if (MGO_UNLIKELY(g->exec.stop.load(std::memory_order_relaxed) != 0)) { \
      TAIL(StopAt, pc + (words), fp);                                      \
    }                                                                      \
    NEXT(words);                                                           \
  } while (0)

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
