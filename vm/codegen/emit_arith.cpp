// Arithmetic, comparisons, conversions.
#include <cassert>

#include "vm/codegen/emit.h"

namespace mgo::codegen {

using ir::Op;
using ir::Rep;

namespace {

bool IsFloat(Rep rep) { return rep == Rep::kF32 || rep == Rep::kF64; }

bool IsSigned(Rep rep) {
  return rep == Rep::kI8 || rep == Rep::kI16 || rep == Rep::kI32 ||
         rep == Rep::kI64;
}

bool FitsI16(int64_t v) { return v == static_cast<int16_t>(v); }
bool FitsU16(int64_t v) { return v == static_cast<uint16_t>(v); }

int BitsOf(Rep rep) { return ir::WidthOf(rep) * 8; }

// The opcode of a family whose members follow INT_TYPES in opcodes.def.
#define BY_INT_REP(name, suffix)             \
  [](Rep rep) {                              \
    switch (rep) {                           \
      case Rep::kI8:                         \
        return Opcode::k##name##I8##suffix;  \
      case Rep::kI16:                        \
        return Opcode::k##name##I16##suffix; \
      case Rep::kI32:                        \
        return Opcode::k##name##I32##suffix; \
      case Rep::kU8:                         \
        return Opcode::k##name##U8##suffix;  \
      case Rep::kU16:                        \
        return Opcode::k##name##U16##suffix; \
      case Rep::kU32:                        \
        return Opcode::k##name##U32##suffix; \
      default:                               \
        return Opcode::k##name##I64##suffix; \
    }                                        \
  }
constexpr auto kAddOp = BY_INT_REP(Add, );
constexpr auto kSubOp = BY_INT_REP(Sub, );
constexpr auto kMulOp = BY_INT_REP(Mul, );
constexpr auto kAddImmOp = BY_INT_REP(Add, Imm);
constexpr auto kMulImmOp = BY_INT_REP(Mul, Imm);
constexpr auto kShlOp = BY_INT_REP(Shl, );
constexpr auto kShlImmOp = BY_INT_REP(Shl, Imm);
constexpr auto kNegOp = BY_INT_REP(Neg, );
#undef BY_INT_REP

Opcode FloatOp(Op op, bool f64) {
  switch (op) {
    case Op::kAdd:
      return f64 ? Opcode::kAddF64 : Opcode::kAddF32;
    case Op::kSub:
      return f64 ? Opcode::kSubF64 : Opcode::kSubF32;
    case Op::kMul:
      return f64 ? Opcode::kMulF64 : Opcode::kMulF32;
    case Op::kDiv:
      return f64 ? Opcode::kDivF64 : Opcode::kDivF32;
    case Op::kFMin:
      return f64 ? Opcode::kMinF64 : Opcode::kMinF32;
    case Op::kFMax:
      return f64 ? Opcode::kMaxF64 : Opcode::kMaxF32;
    default:
      break;
  }
  assert(false && "no such float operation");
  return Opcode::kAddF64;
}

Opcode DivOp(Rep rep) {
  switch (rep) {
    case Rep::kI8:
      return Opcode::kDivI8;
    case Rep::kI16:
      return Opcode::kDivI16;
    case Rep::kI32:
      return Opcode::kDivI32;
    case Rep::kI64:
      return Opcode::kDivI64;
    default:
      return Opcode::kDivU64;
  }
}

Opcode BitsOp(Op op) {
  switch (op) {
    case Op::kAnd:
      return Opcode::kAnd;
    case Op::kOr:
      return Opcode::kOr;
    case Op::kXor:
      return Opcode::kXor;
    default:
      return Opcode::kAndNot;
  }
}

}  // namespace

void Emitter::EmitBinary(const Instr& i) {
  uint32_t to = Slot(i.dst);
  if (IsFloat(i.rep)) {
    uint32_t a = SlotOf(i.a), b = SlotOf(i.b);
    Put(FloatOp(i.op, i.rep == Rep::kF64), to, a, b);
    return;
  }
  Operand a = i.a, b = i.b;
  bool commutes = i.op == Op::kAdd || i.op == Op::kMul || i.op == Op::kAnd ||
                  i.op == Op::kOr || i.op == Op::kXor;
  if (commutes && a.IsImm() && !b.IsImm()) std::swap(a, b);
  auto imm = [&](Opcode op, int64_t value) {
    uint32_t x = SlotOf(a);
    Put(op, to, x, static_cast<uint16_t>(value));
  };
  auto regs = [&](Opcode op) {
    uint32_t x = SlotOf(a), y = SlotOf(b);
    Put(op, to, x, y);
  };
  bool small = b.IsImm() && FitsI16(b.imm);
  switch (i.op) {
    case Op::kAdd:
      return small ? imm(kAddImmOp(i.rep), b.imm) : regs(kAddOp(i.rep));
    case Op::kSub:
      if (small && FitsI16(-b.imm)) return imm(kAddImmOp(i.rep), -b.imm);
      if (a.IsImm() && FitsI16(a.imm) && BitsOf(i.rep) == 64) {
        uint32_t y = SlotOf(b);
        Put(Opcode::kRsubI64Imm, to, y, static_cast<uint16_t>(a.imm));
        return;
      }
      return regs(kSubOp(i.rep));
    case Op::kMul:
      return small ? imm(kMulImmOp(i.rep), b.imm) : regs(kMulOp(i.rep));
    case Op::kDiv:
    case Op::kRem: {
      bool div = i.op == Op::kDiv;
      if (IsSigned(i.rep)) {
        if (small && b.imm != 0 && b.imm != -1) {
          return imm(div ? Opcode::kDivI64Imm : Opcode::kRemI64Imm, b.imm);
        }
        return regs(div ? DivOp(i.rep) : Opcode::kRemI64);
      }
      if (b.IsImm() && FitsU16(b.imm) && b.imm != 0) {
        return imm(div ? Opcode::kDivU64Imm : Opcode::kRemU64Imm, b.imm);
      }
      return regs(div ? Opcode::kDivU64 : Opcode::kRemU64);
    }
    case Op::kAndNot:
      if (b.IsImm() && FitsI16(~b.imm)) return imm(Opcode::kAndImm, ~b.imm);
      return regs(Opcode::kAndNot);
    case Op::kAnd:
      return small ? imm(Opcode::kAndImm, b.imm) : regs(Opcode::kAnd);
    case Op::kOr:
      return small ? imm(Opcode::kOrImm, b.imm) : regs(Opcode::kOr);
    case Op::kXor:
      // A canonical unsigned operand and immediate give a canonical result; an
      // all-ones immediate comes masked to the width.
      return small ? imm(Opcode::kXorImm, b.imm) : regs(Opcode::kXor);
    default:
      return regs(BitsOp(i.op));
  }
}

void Emitter::EmitShift(const Instr& i) {
  uint32_t to = Slot(i.dst);
  int width = BitsOf(i.rep);
  if (!i.b.IsImm()) {
    uint32_t a = SlotOf(i.a), b = SlotOf(i.b);
    Opcode op = i.op == Op::kShl  ? kShlOp(i.rep)
                : IsSigned(i.rep) ? Opcode::kShrI64
                                  : Opcode::kShrU64;
    Put(op, to, a, b);
    return;
  }
  uint64_t count = static_cast<uint64_t>(i.b.imm);
  if (i.op == Op::kShr && IsSigned(i.rep)) {
    count = std::min<uint64_t>(count, 63);
  } else if (count >= static_cast<uint64_t>(width)) {
    Clear(to, 1);
    return;
  }
  uint32_t a = SlotOf(i.a);
  Opcode op = i.op == Op::kShl  ? kShlImmOp(i.rep)
              : IsSigned(i.rep) ? Opcode::kShrI64Imm
                                : Opcode::kShrU64Imm;
  Put(op, to, a, static_cast<uint32_t>(count));
}

void Emitter::EmitNeg(const Instr& i) {
  uint32_t a = SlotOf(i.a);
  Opcode op = i.rep == Rep::kF64   ? Opcode::kNegF64
              : i.rep == Rep::kF32 ? Opcode::kNegF32
                                   : kNegOp(i.rep);
  Put(op, Slot(i.dst), a);
}

void Emitter::EmitCompare(const Instr& i) {
  uint32_t to = Slot(i.dst);
  Op op = i.op;
  Operand a = i.a, b = i.b;
  if (IsFloat(i.rep)) {
    if (op == Op::kGt || op == Op::kGe) {
      std::swap(a, b);
      op = op == Op::kGt ? Op::kLt : Op::kLe;
    }
    bool f64 = i.rep == Rep::kF64;
    Opcode code = op == Op::kEq   ? (f64 ? Opcode::kEqF64 : Opcode::kEqF32)
                  : op == Op::kNe ? (f64 ? Opcode::kNeF64 : Opcode::kNeF32)
                  : op == Op::kLt ? (f64 ? Opcode::kLtF64 : Opcode::kLtF32)
                                  : (f64 ? Opcode::kLeF64 : Opcode::kLeF32);
    uint32_t x = SlotOf(a), y = SlotOf(b);
    Put(code, to, x, y);
    return;
  }
  bool is_signed = IsSigned(i.rep);
  // Canonical unsigned values of up to 32 bits compare alike as signed.
  bool narrow = i.rep != Rep::kU64 && i.rep != Rep::kPtr;
  if (b.IsImm() && FitsI16(b.imm) &&
      (is_signed || narrow || op == Op::kEq || op == Op::kNe)) {
    Opcode code = op == Op::kEq   ? Opcode::kEqI64Imm
                  : op == Op::kNe ? Opcode::kNeI64Imm
                  : op == Op::kLt ? Opcode::kLtI64Imm
                  : op == Op::kLe ? Opcode::kLeI64Imm
                  : op == Op::kGt ? Opcode::kGtI64Imm
                                  : Opcode::kGeI64Imm;
    uint32_t x = SlotOf(a);
    Put(code, to, x, static_cast<uint16_t>(b.imm));
    return;
  }
  if (op == Op::kGt || op == Op::kGe) {
    std::swap(a, b);
    op = op == Op::kGt ? Op::kLt : Op::kLe;
  }
  Opcode code = op == Op::kEq   ? Opcode::kEqI64
                : op == Op::kNe ? Opcode::kNeI64
                : op == Op::kLt ? (is_signed ? Opcode::kLtI64 : Opcode::kLtU64)
                                : (is_signed ? Opcode::kLeI64 : Opcode::kLeU64);
  uint32_t x = SlotOf(a), y = SlotOf(b);
  Put(code, to, x, y);
}

namespace {

Opcode ExtOp(Rep rep) {
  switch (rep) {
    case Rep::kI8:
      return Opcode::kExtI8;
    case Rep::kI16:
      return Opcode::kExtI16;
    case Rep::kI32:
      return Opcode::kExtI32;
    case Rep::kU8:
      return Opcode::kExtU8;
    case Rep::kU16:
      return Opcode::kExtU16;
    case Rep::kU32:
      return Opcode::kExtU32;
    default:
      return Opcode::kMov;
  }
}

// Whether a canonical value of `from` is canonical in `to` as well.
bool StaysCanonical(Rep from, Rep to) {
  int fw = ir::WidthOf(from), tw = ir::WidthOf(to);
  if (tw == 8) return true;
  if (fw == tw) return IsSigned(from) == IsSigned(to);
  return fw < tw && (!IsSigned(from) || IsSigned(to));
}

}  // namespace

void Emitter::EmitConvert(const Instr& i) {
  uint32_t to = Slot(i.dst);
  uint32_t a = SlotOf(i.a);
  bool from_float = IsFloat(i.from), to_float = IsFloat(i.rep);
  if (from_float && to_float) {
    if (i.from == i.rep) return Move(to, a, 1);
    Put(i.rep == Rep::kF64 ? Opcode::kF32ToF64 : Opcode::kF64ToF32, to, a);
    return;
  }
  if (from_float) {
    bool f64 = i.from == Rep::kF64;
    bool wide = i.rep == Rep::kU64 || i.rep == Rep::kPtr;
    Opcode op = wide ? (f64 ? Opcode::kF64ToU64 : Opcode::kF32ToU64)
                     : (f64 ? Opcode::kF64ToI64 : Opcode::kF32ToI64);
    Put(op, to, a);
    if (ir::WidthOf(i.rep) < 8) Put(ExtOp(i.rep), to, to);
    return;
  }
  if (to_float) {
    bool f64 = i.rep == Rep::kF64;
    bool wide = i.from == Rep::kU64 || i.from == Rep::kPtr;
    Opcode op = wide ? (f64 ? Opcode::kU64ToF64 : Opcode::kU64ToF32)
                     : (f64 ? Opcode::kI64ToF64 : Opcode::kI64ToF32);
    Put(op, to, a);
    return;
  }
  if (StaysCanonical(i.from, i.rep)) return Move(to, a, 1);
  Put(ExtOp(i.rep), to, a);
}

void Emitter::EmitIntrinsic(const Instr& i) {
  using ir::Intrinsic;
  uint32_t to = Slot(i.dst);
  uint32_t a = SlotOf(i.a);
  auto one = [&](Opcode op) { Put(op, to, a); };
  auto two = [&](Opcode op) {
    uint32_t b = SlotOf(i.b);
    Put(op, to, a, b);
  };
  switch (static_cast<Intrinsic>(i.imm)) {
    case Intrinsic::kSqrt:
      return one(Opcode::kSqrt);
    case Intrinsic::kAbs:
      return one(Opcode::kAbs);
    case Intrinsic::kFloor:
      return one(Opcode::kFloor);
    case Intrinsic::kCeil:
      return one(Opcode::kCeil);
    case Intrinsic::kTrunc:
      return one(Opcode::kTrunc);
    case Intrinsic::kFma: {
      uint32_t b = SlotOf(i.b), c = SlotOf(i.c);
      Put(Opcode::kFma, to, a, b);
      PutWord(c);
      return;
    }
    case Intrinsic::kFloat64bits:
    case Intrinsic::kFloat64frombits:
    case Intrinsic::kFloat32bits:
    case Intrinsic::kFloat32frombits:
      return Move(to, a, 1);
    case Intrinsic::kLeadingZeros64:
      return one(Opcode::kLeadingZeros);
    case Intrinsic::kTrailingZeros64:
      return one(Opcode::kTrailingZeros);
    case Intrinsic::kOnesCount64:
      return one(Opcode::kOnesCount);
    case Intrinsic::kReverseBytes64:
      return one(Opcode::kReverseBytes64);
    case Intrinsic::kReverseBytes32:
      return one(Opcode::kReverseBytes32);
    case Intrinsic::kRotateLeft64:
      return two(Opcode::kRotateLeft64);
    case Intrinsic::kRotateLeft32:
      return two(Opcode::kRotateLeft32);
    case Intrinsic::kCopysign:
      return two(Opcode::kCopysign);
  }
}

}  // namespace mgo::codegen
