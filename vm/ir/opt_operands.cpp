#include "vm/ir/opt_operands.h"

#include <array>

namespace mgo::ir {

namespace {

// Codes of uses: S a scalar, R a register's slot, 2 and 3 that many slots, T a
// value of the instruction's type (an immediate if that is scalar), t the same
// in a register, K a map key in a register, N `n` slots, * what is left of a
// register, F what must stay. Codes of definitions: 1 2 3 T N * as above, V and
// v a map value, k a map key, D one slot, P a part of a slot.
constexpr OperandCodes Codes(Op op) {
  switch (op) {
    case Op::kConst:
    case Op::kConstRef:
    case Op::kFrameAddr:
    case Op::kNew:
      return {'1', 0, 0, 0, 0};
    case Op::kConstString:
    case Op::kRecover:
      return {'2', 0, 0, 0, 0};
    case Op::kCopy:
      return {'N', 'N', 0, 0, 0};
    case Op::kZero:
      return {'N', 0, 0, 0, 0};
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kRem:
    case Op::kAnd:
    case Op::kOr:
    case Op::kXor:
    case Op::kAndNot:
    case Op::kShl:
    case Op::kShr:
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
    case Op::kFMin:
    case Op::kFMax:
      return {'1', 'S', 'S', 0, 0};
    case Op::kCheckShift:
      return {0, 'S', 0, 0, 0};
    case Op::kNeg:
    case Op::kNot:
    case Op::kConvert:
    case Op::kMakeMap:
    case Op::kMakeChan:
      return {'1', 'S', 0, 0, 0};
    case Op::kIntrinsic:
      return {'1', 'S', 'S', 'S', 0};
    case Op::kLoad:
      return {'T', 'R', 0, 0, 0};
    case Op::kStore:
      return {0, 'R', 'T', 0, 0};
    case Op::kLoadLocal:
      return {'1', 'F', 0, 0, 0};
    case Op::kStoreLocal:
      return {'P', 0, 'S', 0, 0};
    case Op::kFieldAddr:
      return {'1', 'R', 0, 0, 0};
    case Op::kNilCheck:
    case Op::kMemZero:
    case Op::kMapClear:
    case Op::kChanClose:
      return {0, 'R', 0, 0, 0};
    case Op::kLen:
    case Op::kChanCap:
      return {'1', 'R', 0, 0, 0};
    case Op::kElemLoad:
      return {'T', '2', 'S', 0, 0};
    case Op::kElemStore:
      return {0, '2', 'S', 'T', 0};
    case Op::kElemAddr:
      return {'1', '2', 'S', 0, 0};
    case Op::kPtrElemLoad:
      return {'T', 'R', 'S', 0, 0};
    case Op::kPtrElemStore:
      return {0, 'R', 'S', 'T', 0};
    case Op::kPtrElemAddr:
      return {'1', 'R', 'S', 0, 0};
    case Op::kBoundsCheck:
      return {0, 'S', 'S', 0, 0};
    case Op::kMemCopy:
      return {0, 'R', 'R', 0, 0};
    case Op::kMakeSlice:
      return {'3', 'S', 'S', 0, 0};
    case Op::kMakeClosure:
      return {'1', 0, 0, 0, '*'};
    case Op::kBox:
      return {'1', 'T', 0, 0, 0};
    case Op::kCall:
    case Op::kCallNative:
      return {0, 0, 0, 0, '*'};
    case Op::kCallClosure:
      return {0, 'R', 0, 0, '*'};
    case Op::kCallIface:
      return {0, '2', 0, 0, '*'};
    case Op::kStrConcat:
      return {'2', 0, 0, 0, '2'};
    case Op::kStrEq:
    case Op::kStrLt:
    case Op::kStrLe:
    case Op::kIfaceEq:
      return {'1', '2', '2', 0, 0};
    case Op::kStrSlice:
      return {'2', '2', 'S', 'S', 0};
    case Op::kSliceSlice:
      return {'3', '3', 0, 0, 'S'};
    case Op::kArraySlice:
      return {'3', 'R', 0, 0, 'S'};
    case Op::kSliceToArrayPtr:
      return {'1', '3', 0, 0, 0};
    case Op::kAppend:
      return {'3', '3', 0, 0, 'T'};
    case Op::kAppendSlice:
      return {'3', '3', '*', 0, 0};
    case Op::kCopySlice:
      return {'1', '3', '*', 0, 0};
    case Op::kStrToBytes:
    case Op::kStrToRunes:
      return {'3', '2', 0, 0, 0};
    case Op::kBytesToStr:
    case Op::kRunesToStr:
      return {'2', '3', 0, 0, 0};
    case Op::kRuneToStr:
      return {'2', 'S', 0, 0, 0};
    case Op::kDecodeRune:
      return {'1', '2', 'S', 'D', 0};
    case Op::kMapLoad:
      return {'V', 'R', 'K', 0, 0};
    case Op::kMapLoadOk:
      return {'V', 'R', 'K', 'D', 0};
    case Op::kMapAssign:
      return {'1', 'R', 'K', 0, 0};
    case Op::kMapDelete:
      return {0, 'R', 'K', 0, 0};
    case Op::kMapIterInit:
      return {'*', 'R', 0, 0, 0};
    case Op::kMapIterNext:
      return {0, 'F', 'k', 'v', 0};
    case Op::kChanSend:
      return {0, 'R', 't', 0, 0};
    case Op::kChanRecv:
      return {'T', 'R', 0, 'D', 0};
    case Op::kSelect:
      return {'1', 0, 0, 'D', 0};
    case Op::kTypeOf:
      return {'1', '2', 0, 0, 0};
    case Op::kAssertIface:
      return {'2', '2', 0, 'D', 0};
    case Op::kPanicAssert:
    case Op::kPanic:
      return {0, '2', 0, 0, 0};
    case Op::kValueEq:
      return {'1', 't', 't', 0, 0};
    case Op::kRunDefers:
    case Op::kJump:
    case Op::kReturn:
    case Op::kUnreachable:
      return {0, 0, 0, 0, 0};
    case Op::kPrint:
      return {0, 0, 0, 0, 'F'};
    case Op::kBranch:
    case Op::kJumpTable:
      return {0, 'R', 0, 0, 0};
    case Op::kBranchCmp:
      return {0, 'S', 'S', 0, 0};
  }
  return {0, 0, 0, 0, 0};
}

constexpr size_t kOps = static_cast<size_t>(Op::kUnreachable) + 1;

constexpr std::array<OperandCodes, kOps> MakeTable() {
  std::array<OperandCodes, kOps> table{};
  for (size_t i = 0; i < kOps; i++) table[i] = Codes(static_cast<Op>(i));
  return table;
}

constexpr std::array<OperandCodes, kOps> kTable = MakeTable();

bool FitsI16(int64_t v) { return v == static_cast<int16_t>(v); }

}  // namespace

const OperandCodes& CodesOf(Op op) { return kTable[static_cast<size_t>(op)]; }

UseShape ShapeOfUse(const Function& f, const Instr& i, const Operand& o,
                    char code) {
  switch (code) {
    case 'S':
      return {1, UseKind::kScalar};
    case 'R':
      return {1, UseKind::kReg};
    case '2':
      return {2, UseKind::kReg};
    case '3':
      return {3, UseKind::kReg};
    case 'T':
      if (RepOf(i.type) != Rep::kNone) return {1, UseKind::kScalar};
      return {SlotsOfType(i.type), UseKind::kReg};
    case 't':
      return {SlotsOfType(i.type), UseKind::kReg};
    case 'K':
      return {SlotsOfType(types::As<types::Map>(i.type)->key), UseKind::kReg};
    case 'N':
      return {i.n, UseKind::kReg};
    case '*':
      if (!o.IsReg()) return {1, UseKind::kRest};
      return {f.regs[o.reg.id].slots - o.reg.slot, UseKind::kRest};
    case 'F':
      if (!o.IsReg()) return {1, UseKind::kFixed};
      if (i.op == Op::kLoadLocal) return {1, UseKind::kFixed};
      return {f.regs[o.reg.id].slots - o.reg.slot, UseKind::kFixed};
    default:
      return {0, UseKind::kFixed};
  }
}

uint32_t SlotsOfDef(const Function& f, const Instr& i, Reg r, char code) {
  switch (code) {
    case '1':
    case 'D':
    case 'P':
      return 1;
    case '2':
      return 2;
    case '3':
      return 3;
    case 'T':
      return SlotsOfType(i.type);
    case 'N':
      return i.n;
    case '*':
      return f.regs[r.id].slots - r.slot;
    case 'V':
    case 'v':
      return SlotsOfType(types::As<types::Map>(i.type)->value);
    case 'k':
      return SlotsOfType(types::As<types::Map>(i.type)->key);
    default:
      return 0;
  }
}

bool IsFloat(Rep rep) { return rep == Rep::kF32 || rep == Rep::kF64; }

bool IsSigned(Rep rep) {
  return rep == Rep::kI8 || rep == Rep::kI16 || rep == Rep::kI32 ||
         rep == Rep::kI64;
}

int64_t Canonical(Rep rep, int64_t v) {
  switch (rep) {
    case Rep::kI8:
      return static_cast<int8_t>(v);
    case Rep::kI16:
      return static_cast<int16_t>(v);
    case Rep::kI32:
      return static_cast<int32_t>(v);
    case Rep::kU8:
      return static_cast<uint8_t>(v);
    case Rep::kU16:
      return static_cast<uint16_t>(v);
    case Rep::kU32:
    case Rep::kF32:
      return static_cast<uint32_t>(v);
    default:
      return v;
  }
}

bool ImmediateFits(const Instr& i, const Operand& o) {
  int64_t v = o.imm;
  bool is_b = &o == &i.b;
  switch (i.op) {
    case Op::kAdd:
    case Op::kMul:
    case Op::kAnd:
    case Op::kOr:
    case Op::kXor:
      return !IsFloat(i.rep) && FitsI16(v);
    case Op::kSub:
      if (IsFloat(i.rep)) return false;
      if (is_b) return FitsI16(v) && FitsI16(-v);
      return FitsI16(v) && WidthOf(i.rep) == 8;
    case Op::kDiv:
    case Op::kRem:
      if (IsFloat(i.rep) || !is_b || v == 0) return false;
      if (IsSigned(i.rep)) return FitsI16(v) && v != -1;
      return v == static_cast<uint16_t>(v);
    case Op::kAndNot:
      return is_b && FitsI16(~v);
    case Op::kShl:
    case Op::kShr:
      return is_b;
    case Op::kEq:
    case Op::kNe:
    case Op::kBranchCmp:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe: {
      if (IsFloat(i.rep) || !FitsI16(v)) return false;
      if (i.op != Op::kBranchCmp && !is_b) return false;
      Op cmp = i.op == Op::kBranchCmp ? i.cmp : i.op;
      if (cmp == Op::kEq || cmp == Op::kNe) return true;
      return i.rep != Rep::kU64 && i.rep != Rep::kPtr;
    }
    // An immediate argument is loaded where the callee wants it.
    case Op::kCall:
    case Op::kCallClosure:
    case Op::kCallIface:
    case Op::kCallNative:
      return true;
    default:
      return false;
  }
}

bool IsPure(const Instr& i) {
  switch (i.op) {
    case Op::kConst:
    case Op::kConstString:
    case Op::kConstRef:
    case Op::kZero:
    case Op::kCopy:
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kAnd:
    case Op::kOr:
    case Op::kXor:
    case Op::kAndNot:
    case Op::kShl:
    case Op::kShr:
    case Op::kNeg:
    case Op::kNot:
    case Op::kConvert:
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
    case Op::kFMin:
    case Op::kFMax:
    case Op::kIntrinsic:
    case Op::kLoadLocal:
    case Op::kFrameAddr:
    case Op::kTypeOf:
    case Op::kStrEq:
    case Op::kStrLt:
    case Op::kStrLe:
      return true;
    case Op::kDiv:
    case Op::kRem:
      return IsFloat(i.rep) || (i.b.IsImm() && i.b.imm != 0);
    case Op::kFieldAddr:
      return i.no_check;
    default:
      return false;
  }
}

bool IsRemovable(const Instr& i) {
  if (IsPure(i)) return true;
  switch (i.op) {
    case Op::kStoreLocal:
    case Op::kNew:
    case Op::kMakeMap:
    case Op::kMakeClosure:
    case Op::kBox:
    case Op::kStrConcat:
    case Op::kStrToBytes:
    case Op::kStrToRunes:
    case Op::kBytesToStr:
    case Op::kRunesToStr:
    case Op::kRuneToStr:
    case Op::kDecodeRune:
    case Op::kLen:
    case Op::kChanCap:
      return true;
    case Op::kLoad:
    case Op::kElemLoad:
      return i.no_check;
    case Op::kPtrElemLoad:
    case Op::kPtrElemAddr:
      return i.no_check && i.b.IsImm() && i.b.imm >= 0 && i.b.imm < i.imm;
    case Op::kAssertIface:
      return i.c.IsReg();
    case Op::kArraySlice:
      return i.no_check && i.args[0].IsAbsent() && i.args[1].IsAbsent() &&
             i.args[2].IsAbsent();
    default:
      return false;
  }
}

bool WritesMemory(const Function& f, const Instr& i) {
  if ((FlagsOf(i.op) & (ir::kWritesMemory | kSafepoint)) != 0) return true;
  switch (i.op) {
    case Op::kAppend:
    case Op::kAppendSlice:
    case Op::kMapIterInit:
    case Op::kMapIterNext:
      return true;
    default:
      break;
  }
  bool writes = false;
  ForEachDef(f, i, [&](Reg r, uint32_t) { writes |= f.regs[r.id].in_memory; });
  return writes;
}

}  // namespace mgo::ir
