// The shape of bytecode.
//
// Code is a sequence of 8-byte words. An instruction is one word, an opcode and
// three 16-bit operands, and, where its format says so, one or more words that
// follow: 64-bit immediates, addresses of static things (functions, type
// descriptors, globals), packed slot numbers.
//
// Operands are slot numbers relative to the frame pointer unless the format
// says otherwise. Branch offsets count words from the branching instruction's
// own first word. Values in slots are in canonical form (abi/values.h).
#ifndef MGO_VM_BYTECODE_INST_H_
#define MGO_VM_BYTECODE_INST_H_

#include <cstdint>

#include "runtime/abi/function.h"

namespace mgo::bytecode {

using rt::CodeWord;

struct Inst {
  uint16_t op, a, b, c;

  // The 32-bit immediate or branch offset that takes the place of b and c.
  int32_t Imm32() const {
    return static_cast<int32_t>(static_cast<uint32_t>(b) |
                                static_cast<uint32_t>(c) << 16);
  }
  // The instruction's word number i (1: the first after it).
  CodeWord Word(int i) const {
    return reinterpret_cast<const CodeWord*>(this)[i];
  }
  template <typename T>
  const T* Address(int i) const {
    return reinterpret_cast<const T*>(Word(i));
  }
};
static_assert(sizeof(Inst) == sizeof(CodeWord));

// A missing slot operand.
inline constexpr uint16_t kNoSlot = 0xFFFF;
// Slots that a frame can have; operands cannot name more.
inline constexpr uint32_t kMaxFrameSlots = 0xFFF0;

// Operand layouts. Letters: slot operands; i a signed 16-bit immediate; u an
// unsigned one; 32 a signed 32-bit immediate in b and c; J a 16-bit branch
// offset; J32 a 32-bit one in b and c; W a word that follows.
enum class Format : uint8_t {
  kNone,
  kA,
  kAB,
  kABC,
  kABi,  // a b slots, c immediate
  kABu,
  kAiu,  // a slot, b signed and c unsigned immediate
  kAu,   // a slot, b unsigned immediate
  kA32,
  kAW,
  kABW,
  kABCW,
  kAuW,   // a slot, b unsigned immediate, a word
  kAWW,   // a slot, two words
  kABuW,  // a b slots, c unsigned immediate (byte offset), a word
  kABWW,
  kJ32,  // a unused
  kAJ32,
  kABJ,    // a b slots, c offset
  kAiJ,    // a slot, b immediate, c offset
  kTable,  // a slot, b count n; then n + 1 words, each a branch offset
};

// Words an instruction of that format takes; for kTable without its table.
constexpr int WordsOf(Format format) {
  switch (format) {
    case Format::kAW:
    case Format::kABW:
    case Format::kABCW:
    case Format::kAuW:
    case Format::kABuW:
      return 2;
    case Format::kABWW:
    case Format::kAWW:
      return 3;
    default:
      return 1;
  }
}

enum OpcodeFlags : uint16_t {
  kCanPanic = 1,
  kCanStop = 2,  // a safepoint: there is a root map where it goes on
  kJumps = 4,
  kEnds = 8,       // control never falls through
  kInternal = 16,  // not for compiled code: the interpreter's own stubs
  // What becomes of the accumulators (interp/op.h): slot a is left in the
  // integer or the float one, or both stay as they were; else they are lost.
  kIntResult = 32,
  kFloatResult = 64,
  kKeepsAccumulators = 128,
  // Forms that take an operand from the accumulator follow this one, for
  // operand A, B, C in this order (a branch and its Loop form count as one).
  kHasFormA = 256,
  kHasFormB = 512,
  kHasFormC = 1024,
  // It is such a form; which operand, the same flags say.
  kIsForm = 2048,
  // The accumulator meant is the float one.
  kFloatOperand = 4096,
  // Operands b and c may change places.
  kCommutes = 8192,
  // An operand that is not named is the float accumulator.
  kTakesFloatAccumulator = 16384,
};

enum class Opcode : uint16_t {
#define OP(name, format, flags, prose) k##name,
#include "vm/bytecode/opcodes.def"
  kCount
};

struct OpcodeInfo {
  const char* name;
  Format format;
  uint16_t flags;
  const char* prose;
};

// The table row of an opcode.
const OpcodeInfo& InfoOf(Opcode op);

// The form of `op` that takes an operand (kHasFormA, B or C, which op has) from
// the accumulator.
Opcode AccumulatorForm(Opcode op, uint16_t operand);

// How NewClosure makes a closure object.
struct ClosureInfo {
  const rt::Function* function;
  const rt::TypeDesc* type;  // layout: the function word, then captures
};

// What a LoadStr loads.
struct StringConstant {
  rt::GoString value;
};

// A select's case in the frame: two slots.
struct SelectCaseSlots {
  rt::Slot chan;
  // Low 16 bits: slot of the element, in memory form (kNoSlot: none); bit 16: a
  // send.
  rt::Slot elem;
};
inline constexpr uint64_t kSelectSend = 1 << 16;

}  // namespace mgo::bytecode

#endif  // MGO_VM_BYTECODE_INST_H_
