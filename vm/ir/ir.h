// The intermediate representation: three-address code over typed virtual
// registers in basic blocks.
//
// It is not SSA: a register may be assigned more than once. A register holds a
// whole Go value in frame form (a scalar one slot, a string two, a slice
// three, an interface two, an aggregate its memory layout rounded up to slots),
// and operands may name a slot inside it: the length of slice r is {r, slot 1},
// an 8-byte field at offset 16 of struct r is {r, slot 2}.
//
// Lowering keeps a variable in a register unless its address is needed (&
// taken, captured by reference by a closure, sliced array, pointer-receiver
// call); then the variable is a `New` and loads and stores through the pointer.
// Escape analysis turns New into frame memory, and scalar promotion turns frame
// memory whose address is only loaded and stored through back into registers.
//
// Results and parameters are registers too (Function::results, params), pinned
// to the frame's first slots by codegen. A return writes the result registers.
#ifndef MGO_VM_IR_IR_H_
#define MGO_VM_IR_IR_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "lang/diag/source.h"
#include "lang/types/package.h"
#include "lang/types/type.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

namespace mgo::ir {

using diag::Pos;
using types::Type;

enum OpFlags : uint8_t {
  kCanPanic = 1,
  kSafepoint = 2,
  kWritesMemory = 4,
  kTerminator = 8,
};

enum class Op : uint8_t {
#define IR_OP(name, operands, flags, prose) k##name,
#include "vm/ir/ir_ops.def"
};

const char* OpName(Op op);
uint8_t FlagsOf(Op op);

// How a scalar is represented in its slot. Bool is kU8, pointers and everything
// pointer-shaped kPtr.
enum class Rep : uint8_t {
  kNone,
  kI8,
  kI16,
  kI32,
  kI64,
  kU8,
  kU16,
  kU32,
  kU64,
  kF32,
  kF64,
  kPtr,
};

// The representation of a scalar type; kNone for multi-slot types, aggregates,
// and complex64 (one slot holding two packed float32).
Rep RepOf(const Type* type);
// Bytes in memory.
int WidthOf(Rep rep);

enum class Intrinsic : uint8_t {
  kSqrt,
  kAbs,
  kFloor,
  kCeil,
  kTrunc,
  kFma,
  kFloat64bits,
  kFloat64frombits,
  kFloat32bits,
  kFloat32frombits,
  kLeadingZeros64,
  kTrailingZeros64,
  kOnesCount64,
  kReverseBytes64,
  kReverseBytes32,
  kRotateLeft64,
  kRotateLeft32,
  kCopysign,
};
// The name of an intrinsic, for dumps.
const char* IntrinsicName(Intrinsic id);

inline constexpr uint32_t kNoReg = UINT32_MAX;

// A virtual register, or a slot within it. For an operation that works on a
// multi-slot value it names the value's first slot.
struct Reg {
  uint32_t id = kNoReg;
  uint32_t slot = 0;
  bool IsValid() const { return id != kNoReg; }
  Reg At(uint32_t s) const { return Reg{id, slot + s}; }
  friend bool operator==(Reg a, Reg b) {
    return a.id == b.id && a.slot == b.slot;
  }
};

// A register or an immediate (canonical bits of a scalar); or absent.
struct Operand {
  enum Kind : uint8_t { kAbsent, kReg, kImm } kind = kAbsent;
  Reg reg;
  int64_t imm = 0;
  Operand() = default;
  Operand(Reg r) : kind(r.IsValid() ? kReg : kAbsent), reg(r) {}  // NOLINT
  static Operand Imm(int64_t value) {
    Operand o;
    o.kind = kImm;
    o.imm = value;
    return o;
  }
  bool IsReg() const { return kind == kReg; }
  bool IsImm() const { return kind == kImm; }
  bool IsAbsent() const { return kind == kAbsent; }
};

// What the program knows about a register.
struct RegInfo {
  // Type of the value; null for the few internal ones (map iterators,
  // contexts), whose slots and pointer masks stand below.
  const Type* type = nullptr;
  uint32_t slots = 1;
  // Which slots hold pointers, and which interface data words, while the
  // register is live; filled by SetRegMasks from the type. One bit a slot.
  llvm::SmallVector<uint64_t, 1> pointers, iface_data;
  // Its address is taken by FrameAddr: it lives in frame memory in memory form
  // for as long as any address of it may be used, and is not cached elsewhere.
  bool in_memory = false;
  llvm::StringRef name;  // of the source variable, for dumps
};

struct Function;
struct Global;

enum class RefKind : uint8_t {
  kNone,
  kFunction,  // func: Call target; as ConstRef: its static closure (func value)
  kNative,    // name: "math.Sqrt"
  kGlobal,    // global: its address
  kTypeDesc,  // type: its descriptor (an interface's type word, for empty
              // interfaces)
  kItab,      // type for iface: the method table (type word for others)
};

// A reference to a static thing, resolved when code is generated.
struct Ref {
  RefKind kind = RefKind::kNone;
  Function* func = nullptr;
  Global* global = nullptr;
  const Type* type = nullptr;
  const Type* iface = nullptr;
  llvm::StringRef name;
};

enum class CallMode : uint8_t { kCall, kGo, kDefer };

// One case of a select. For a send `value` is the register that holds the
// value in memory form; for a receive the register that gets it (or absent).
struct SelectCase {
  bool send;
  Operand chan;
  Reg value;
  const Type* elem;
};

// One instruction. Fields not named in ir_ops.def's operand list are unused.
struct Instr {
  Op op;
  Rep rep = Rep::kNone;
  Rep from = Rep::kNone;  // Convert
  Op cmp = Op::kEq;       // BranchCmp: kEq kNe kLt kLe kGt kGe
  CallMode call_mode = CallMode::kCall;
  bool no_check = false;  // the address is known not to be nil, or the index in
                          // range
  bool on_frame = false;  // New, MakeSlice, MakeClosure, Box: does not escape
  // Indices and slice bounds that are unsigned, a bit each: see
  // rt::LineEntry.
  uint8_t unsigned_bounds = 0;
  uint16_t inline_site = 0;  // 0, or index + 1 into Function::inlined
  Pos pos;
  Reg dst;
  Operand a, b, c;
  uint32_t n = 0;
  int64_t imm = 0;
  const Type* type = nullptr;
  const Type* type2 = nullptr;
  Ref ref;
  llvm::StringRef text;                // ConstString; owned by the program
  llvm::SmallVector<Operand, 2> args;  // one per Go value
  llvm::SmallVector<Reg, 1> results;   // one per Go value; absent: dropped
  std::vector<SelectCase> cases;
  llvm::SmallVector<uint32_t, 2> targets;  // block numbers
};

// A basic block: instructions, the last of which is the only terminator.
struct Block {
  std::vector<Instr> instrs;
  uint32_t loop_depth = 0;
};

// A call that inlining removed; see rt::InlineSite.
struct InlineSite {
  std::string function_name;
  Pos call_pos;
  uint16_t parent;
};

// A function's code. Block 0 is the entry.
struct Function {
  std::string name;                       // as traces print it
  const types::Symbol* symbol = nullptr;  // null for literals and wrappers
  types::Package* package = nullptr;
  std::vector<Block> blocks;
  std::vector<RegInfo> regs;
  std::vector<Reg> results;  // pinned to the first slots, in order
  std::vector<Reg> params;   // pinned after them; receiver first
  Reg context;               // closure pointer, for functions with captures
  // Types of what a closure of this function holds, in order: from byte 8 of
  // the closure object on, each value in memory form in whole slots. A
  // captured variable that is shared stands here as a pointer to it.
  std::vector<const Type*> captures;
  // Where execution goes on in a frame whose panic was recovered: runs the
  // remaining defers and returns the named results. kNoBlock where there are no
  // defers.
  uint32_t recovery_block = kNoBlock;
  bool has_defer = false;
  bool has_recover = false;
  bool is_wrapper = false;  // compiler made; transparent to recover, traces
  bool no_inline = false;
  Pos pos;
  std::vector<InlineSite> inlined;
  uint32_t index = 0;  // in Program::functions

  static constexpr uint32_t kNoBlock = UINT32_MAX;
};

// A package-level variable.
struct Global {
  const types::Symbol* symbol;
  const Type* type;
  std::string name;
  uint32_t index = 0;
};

// The whole program: everything reachable from main and the initializers.
struct Program {
  std::deque<std::unique_ptr<Function>> functions;
  std::deque<std::unique_ptr<Global>> globals;
  Function* entry = nullptr;  // runs all initializers in order, then main.main
  // Types with descriptors that may stand in interfaces, and the functions of
  // those of their methods that can be called dynamically (a pointer or
  // direct-type receiver's own function, otherwise a wrapper that takes the
  // data word).
  struct Method {
    const types::Symbol* method;
    Function* function;
  };
  struct RuntimeType {
    const Type* type;
    std::vector<Method> methods;
  };
  std::vector<RuntimeType> runtime_types;
  // Functions of library packages that the VM itself calls or needs, by name,
  // e.g. "runtime.printpanicval".
  std::vector<std::pair<std::string, Function*>> hooks;
  // Keeps the bytes of Ref::name and Instr::text that nothing else keeps.
  llvm::BumpPtrAllocator text;
};

// Fills slots and masks of a register from its type.
void SetRegMasks(RegInfo& reg);
// Adds a register of that type.
Reg AddReg(Function& f, const Type* type, llvm::StringRef name = {});
// Slots of a map iterator register, and which of them are pointers. They are
// rt::MapIter's; vm/codegen asserts that they agree.
inline constexpr uint32_t kMapIterSlots = 10;
inline constexpr uint64_t kMapIterPointers = 3;
// Adds a register for a map iterator.
Reg AddMapIterReg(Function& f);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_IR_H_
