#include "vm/ir/opt_fold.h"

#include <bit>
#include <cmath>

#include "vm/ir/opt_operands.h"

namespace mgo::ir {

namespace {

double F64(int64_t v) { return std::bit_cast<double>(v); }
float F32(int64_t v) { return std::bit_cast<float>(static_cast<uint32_t>(v)); }
int64_t Bits(double v) { return std::bit_cast<int64_t>(v); }
int64_t Bits(float v) { return std::bit_cast<uint32_t>(v); }

template <typename T>
bool Compare(Op cmp, T a, T b) {
  switch (cmp) {
    case Op::kEq:
      return a == b;
    case Op::kNe:
      return a != b;
    case Op::kLt:
      return a < b;
    case Op::kLe:
      return a <= b;
    case Op::kGt:
      return a > b;
    default:
      return a >= b;
  }
}

template <typename T>
bool FoldFloat(Op op, T a, T b, int64_t* result) {
  T r;
  switch (op) {
    case Op::kAdd:
      r = a + b;
      break;
    case Op::kSub:
      r = a - b;
      break;
    case Op::kMul:
      r = a * b;
      break;
    case Op::kDiv:
      r = a / b;
      break;
    case Op::kNeg:
      r = -a;
      break;
    default:
      return false;
  }
  if (std::isnan(r)) return false;
  *result = Bits(r);
  return true;
}

bool FoldShift(Op op, Rep rep, int64_t a, uint64_t count, int64_t* result) {
  if (op == Op::kShl) {
    *result = count >= 64
                  ? 0
                  : Canonical(rep, static_cast<int64_t>(static_cast<uint64_t>(a)
                                                        << count));
  } else if (IsSigned(rep)) {
    *result = a >> (count > 63 ? 63 : count);
  } else {
    *result = count >= 64
                  ? 0
                  : static_cast<int64_t>(static_cast<uint64_t>(a) >> count);
  }
  return true;
}

// The exponent of a power of two, or -1.
int Log2(int64_t v) {
  auto u = static_cast<uint64_t>(v);
  return std::has_single_bit(u) ? std::countr_zero(u) : -1;
}

void ToConst(Instr& i, int64_t value) {
  i.op = Op::kConst;
  i.imm = value;
  i.a = i.b = i.c = Operand();
}

void ToCopy(Instr& i, Operand from) {
  if (from.IsImm()) return ToConst(i, from.imm);
  i.op = Op::kCopy;
  i.n = 1;
  i.a = from;
  i.b = i.c = Operand();
}

bool Commutes(Op op) {
  return op == Op::kAdd || op == Op::kMul || op == Op::kAnd || op == Op::kOr ||
         op == Op::kXor || op == Op::kEq || op == Op::kNe;
}

// Integer operations with the immediate on the right.
bool SimplifyInteger(Instr& i) {
  int64_t v = i.b.imm;
  int64_t ones = Canonical(i.rep, -1);
  switch (i.op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kOr:
    case Op::kXor:
    case Op::kShl:
    case Op::kShr:
    case Op::kAndNot:
      if (v == 0) return ToCopy(i, i.a), true;
      if (i.op == Op::kOr && v == ones) return ToConst(i, ones), true;
      return false;
    case Op::kMul:
      if (v == 0) return ToConst(i, 0), true;
      if (v == 1) return ToCopy(i, i.a), true;
      return false;
    case Op::kAnd:
      if (v == 0) return ToConst(i, 0), true;
      if (v == ones) return ToCopy(i, i.a), true;
      return false;
    case Op::kDiv:
      if (v == 1) return ToCopy(i, i.a), true;
      if (!IsSigned(i.rep) && Log2(v) > 0) {
        i.op = Op::kShr;
        i.b = Operand::Imm(Log2(v));
        return true;
      }
      return false;
    case Op::kRem:
      if (v == 1) return ToConst(i, 0), true;
      if (!IsSigned(i.rep) && Log2(v) > 0) {
        i.op = Op::kAnd;
        i.b = Operand::Imm(v - 1);
        return true;
      }
      return false;
    default:
      return false;
  }
}

}  // namespace

bool FoldCompare(Op cmp, Rep rep, int64_t a, int64_t b) {
  switch (rep) {
    case Rep::kF64:
      return Compare(cmp, F64(a), F64(b));
    case Rep::kF32:
      return Compare(cmp, F32(a), F32(b));
    case Rep::kU64:
    case Rep::kPtr:
      return Compare(cmp, static_cast<uint64_t>(a), static_cast<uint64_t>(b));
    default:
      return Compare(cmp, a, b);
  }
}

bool FoldArith(Op op, Rep rep, int64_t a, int64_t b, int64_t* result) {
  if (op == Op::kShl || op == Op::kShr) {
    return FoldShift(op, rep, a, static_cast<uint64_t>(b), result);
  }
  if (rep == Rep::kF64) return FoldFloat(op, F64(a), F64(b), result);
  if (rep == Rep::kF32) return FoldFloat(op, F32(a), F32(b), result);
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  uint64_t r;
  switch (op) {
    case Op::kAdd:
      r = x + y;
      break;
    case Op::kSub:
      r = x - y;
      break;
    case Op::kMul:
      r = x * y;
      break;
    case Op::kAnd:
      r = x & y;
      break;
    case Op::kOr:
      r = x | y;
      break;
    case Op::kXor:
      r = x ^ y;
      break;
    case Op::kAndNot:
      r = x & ~y;
      break;
    case Op::kNeg:
      r = 0 - x;
      break;
    case Op::kNot:
      *result = a == 0 ? 1 : 0;
      return true;
    case Op::kDiv:
    case Op::kRem:
      if (b == 0) return false;
      if (!IsSigned(rep)) {
        r = op == Op::kDiv ? x / y : x % y;
      } else if (b == -1) {
        r = op == Op::kDiv ? 0 - x : 0;
      } else {
        r = static_cast<uint64_t>(op == Op::kDiv ? a / b : a % b);
      }
      break;
    default:
      return false;
  }
  *result = Canonical(rep, static_cast<int64_t>(r));
  return true;
}

bool FoldConvert(Rep from, Rep to, int64_t a, int64_t* result) {
  if (IsFloat(from)) {
    double v = from == Rep::kF64 ? F64(a) : double{F32(a)};
    if (std::isnan(v)) return false;
    if (to == Rep::kF64) return *result = Bits(v), true;
    if (to == Rep::kF32) return *result = Bits(static_cast<float>(v)), true;
    // What is out of range depends on the machine; leave it to that.
    if (!(v > -2147483648.0 && v < 2147483647.0)) return false;
    *result = static_cast<int64_t>(v);
    if (!IsSigned(to) && *result < 0) return false;
    return *result == Canonical(to, *result);
  }
  if (IsFloat(to)) {
    bool wide = from == Rep::kU64 || from == Rep::kPtr;
    if (wide && a < 0) return false;
    *result = to == Rep::kF64 ? Bits(static_cast<double>(a))
                              : Bits(static_cast<float>(a));
    return true;
  }
  *result = Canonical(to, a);
  return true;
}

bool Simplify(Instr& i) {
  int64_t value;
  switch (i.op) {
    case Op::kNeg:
    case Op::kNot:
      if (!i.a.IsImm() || !FoldArith(i.op, i.rep, i.a.imm, 0, &value)) {
        return false;
      }
      return ToConst(i, value), true;
    case Op::kConvert:
      if (!i.a.IsImm() || !FoldConvert(i.from, i.rep, i.a.imm, &value)) {
        return false;
      }
      return ToConst(i, value), true;
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      if (i.a.IsImm() && i.b.IsImm()) {
        ToConst(i, FoldCompare(i.op, i.rep, i.a.imm, i.b.imm) ? 1 : 0);
        return true;
      }
      if (i.a.IsImm() && i.b.IsReg()) {
        std::swap(i.a, i.b);
        i.op = i.op == Op::kLt   ? Op::kGt
               : i.op == Op::kLe ? Op::kGe
               : i.op == Op::kGt ? Op::kLt
               : i.op == Op::kGe ? Op::kLe
                                 : i.op;
        return true;
      }
      return false;
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
      if (i.a.IsImm() && i.b.IsImm()) {
        if (!FoldArith(i.op, i.rep, i.a.imm, i.b.imm, &value)) return false;
        return ToConst(i, value), true;
      }
      if (IsFloat(i.rep)) return false;
      if (i.a.IsImm() && Commutes(i.op)) std::swap(i.a, i.b);
      if (!i.b.IsImm()) return false;
      return SimplifyInteger(i);
    default:
      return false;
  }
}

}  // namespace mgo::ir
