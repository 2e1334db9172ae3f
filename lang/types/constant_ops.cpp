// Arithmetic and comparison of constants.
//
// Operands are promoted to the wider of the two: integer, rational, float,
// complex. Two int64s are done without GMP unless they overflow.
#include <cassert>

#include "lang/types/constant.h"
#include "lang/types/constant_impl.h"

namespace mgo::types {

using syntax::Op;

namespace {

bool IsInteger(const Constant* x) { return x->Kind() == ConstKind::kInt; }
bool IsReal(const Constant* x) {
  return x->Kind() == ConstKind::kInt || x->Kind() == ConstKind::kFloat;
}

// Whether the two compute exactly on int64; sets *out.
bool SmallArithmetic(int64_t x, Op op, int64_t y, int64_t* out) {
  switch (op) {
    case Op::kAdd:
      return !__builtin_add_overflow(x, y, out);
    case Op::kSub:
      return !__builtin_sub_overflow(x, y, out);
    case Op::kMul:
      return !__builtin_mul_overflow(x, y, out);
    case Op::kQuo:
      // Go's constant arithmetic wraps in the one case that overflows.
      *out =
          y == -1 ? static_cast<int64_t>(0 - static_cast<uint64_t>(x)) : x / y;
      return true;
    case Op::kRem:
      *out = y == -1 ? 0 : x % y;
      return true;
    case Op::kAnd:
      *out = x & y;
      return true;
    case Op::kOr:
      *out = x | y;
      return true;
    case Op::kXor:
      *out = x ^ y;
      return true;
    case Op::kAndNot:
      *out = x & ~y;
      return true;
    default:
      return false;
  }
}

const Constant* BigArithmetic(ConstantStore& store, const Constant* x, Op op,
                              const Constant* y) {
  Mpz a(x), b(y);
  switch (op) {
    case Op::kAdd:
      mpz_add(a.v, a.v, b.v);
      break;
    case Op::kSub:
      mpz_sub(a.v, a.v, b.v);
      break;
    case Op::kMul:
      mpz_mul(a.v, a.v, b.v);
      break;
    case Op::kQuo:
      mpz_tdiv_q(a.v, a.v, b.v);
      break;
    case Op::kRem:
      mpz_tdiv_r(a.v, a.v, b.v);
      break;
    case Op::kAnd:
      mpz_and(a.v, a.v, b.v);
      break;
    case Op::kOr:
      mpz_ior(a.v, a.v, b.v);
      break;
    case Op::kXor:
      mpz_xor(a.v, a.v, b.v);
      break;
    case Op::kAndNot:
      mpz_com(b.v, b.v);
      mpz_and(a.v, a.v, b.v);
      break;
    default:
      return store.Unknown();
  }
  return store.Integer(a.v);
}

const Constant* RationalArithmetic(ConstantStore& store, const Constant* x,
                                   Op op, const Constant* y) {
  Mpq a(x), b(y);
  switch (op) {
    case Op::kAdd:
      mpq_add(a.v, a.v, b.v);
      break;
    case Op::kSub:
      mpq_sub(a.v, a.v, b.v);
      break;
    case Op::kMul:
      mpq_mul(a.v, a.v, b.v);
      break;
    case Op::kQuo:
      if (mpq_sgn(b.v) == 0) return store.Unknown();
      mpq_div(a.v, a.v, b.v);
      break;
    default:
      return store.Unknown();
  }
  return store.Rational(a.v);
}

const Constant* FloatArithmetic(ConstantStore& store, const Constant* x, Op op,
                                const Constant* y) {
  Mpfr a(x), b(y);
  switch (op) {
    case Op::kAdd:
      mpfr_add(a.v, a.v, b.v, MPFR_RNDN);
      break;
    case Op::kSub:
      mpfr_sub(a.v, a.v, b.v, MPFR_RNDN);
      break;
    case Op::kMul:
      mpfr_mul(a.v, a.v, b.v, MPFR_RNDN);
      break;
    case Op::kQuo:
      mpfr_div(a.v, a.v, b.v, MPFR_RNDN);
      break;
    default:
      return store.Unknown();
  }
  return store.Float(a.v);
}

bool Holds(int order, Op op) {
  switch (op) {
    case Op::kEql:
      return order == 0;
    case Op::kNeq:
      return order != 0;
    case Op::kLss:
      return order < 0;
    case Op::kLeq:
      return order <= 0;
    case Op::kGtr:
      return order > 0;
    case Op::kGeq:
      return order >= 0;
    default:
      return false;
  }
}

// -1, 0 or 1 for two real numbers.
int CompareReals(const Constant* x, const Constant* y) {
  if (IsSmall(x) && IsSmall(y)) {
    int64_t a = SmallValue(x), b = SmallValue(y);
    return (a > b) - (a < b);
  }
  if (RepOf(x) == Rep::kFloat || RepOf(y) == Rep::kFloat) {
    Mpfr a(x), b(y);
    return mpfr_cmp(a.v, b.v);
  }
  Mpq a(x), b(y);
  return mpq_cmp(a.v, b.v);
}

}  // namespace

const Constant* ConstantArena::Unary(Op op, const Constant* x,
                                     int unsigned_bits) {
  switch (op) {
    case Op::kAdd:
      return x;
    case Op::kNot:
      return x->Kind() == ConstKind::kBool ? Bool(!x->BoolValue()) : Unknown();
    case Op::kSub:
      if (x->Kind() == ConstKind::kComplex) {
        return Complex(Unary(op, Real(x), 0), Unary(op, Imag(x), 0));
      }
      if (!IsReal(x)) return Unknown();
      return Binary(Int(0), Op::kSub, x, false);
    case Op::kXor: {
      if (!IsInteger(x)) return Unknown();
      if (IsSmall(x) && unsigned_bits == 0) return Int(~SmallValue(x));
      Mpz z(x);
      mpz_com(z.v, z.v);
      // The complement within an unsigned type keeps just its bits.
      if (unsigned_bits > 0) mpz_fdiv_r_2exp(z.v, z.v, unsigned_bits);
      return storage_->Integer(z.v);
    }
    default:
      return Unknown();
  }
}

// (a+bi) op (c+di), part by part.
static const Constant* ComplexArithmetic(ConstantArena& arena,
                                         const Constant* x, Op op,
                                         const Constant* y) {
  auto calc = [&](const Constant* p, Op o, const Constant* q) {
    return arena.Binary(p, o, q, false);
  };
  const Constant *a = arena.Real(x), *b = arena.Imag(x);
  const Constant *c = arena.Real(y), *d = arena.Imag(y);
  if (op == Op::kAdd || op == Op::kSub) {
    return arena.Complex(calc(a, op, c), calc(b, op, d));
  }
  const Constant* ac = calc(a, Op::kMul, c);
  const Constant* bd = calc(b, Op::kMul, d);
  const Constant* bc = calc(b, Op::kMul, c);
  const Constant* ad = calc(a, Op::kMul, d);
  if (op == Op::kMul) {
    return arena.Complex(calc(ac, Op::kSub, bd), calc(bc, Op::kAdd, ad));
  }
  if (op != Op::kQuo) return arena.Unknown();
  const Constant* norm =
      calc(calc(c, Op::kMul, c), Op::kAdd, calc(d, Op::kMul, d));
  if (norm->Sign() == 0) return arena.Unknown();
  return arena.Complex(calc(calc(ac, Op::kAdd, bd), Op::kQuo, norm),
                       calc(calc(bc, Op::kSub, ad), Op::kQuo, norm));
}

const Constant* ConstantArena::Binary(const Constant* x, Op op,
                                      const Constant* y,
                                      bool integer_division) {
  if (IsSmall(x) && IsSmall(y) && (op != Op::kQuo || integer_division)) {
    bool divides = op == Op::kQuo || op == Op::kRem;
    if (divides && SmallValue(y) == 0) return Unknown();
    int64_t result;
    if (SmallArithmetic(SmallValue(x), op, SmallValue(y), &result)) {
      return Int(result);
    }
  }
  ConstKind xk = x->Kind(), yk = y->Kind();
  if (xk == ConstKind::kUnknown || yk == ConstKind::kUnknown) return Unknown();
  if (xk == ConstKind::kBool && yk == ConstKind::kBool) {
    if (op == Op::kLAnd) return Bool(x->BoolValue() && y->BoolValue());
    if (op == Op::kLOr) return Bool(x->BoolValue() || y->BoolValue());
    return Unknown();
  }
  if (xk == ConstKind::kString && yk == ConstKind::kString) {
    return op == Op::kAdd ? storage_->Concat(x, y) : Unknown();
  }
  if (xk < ConstKind::kInt || yk < ConstKind::kInt) return Unknown();
  if (xk == ConstKind::kComplex || yk == ConstKind::kComplex) {
    return ComplexArithmetic(*this, x, op, y);
  }
  if (IsInteger(x) && IsInteger(y) && (op != Op::kQuo || integer_division)) {
    if ((op == Op::kQuo || op == Op::kRem) && y->Sign() == 0) return Unknown();
    return BigArithmetic(*storage_, x, op, y);
  }
  if (RepOf(x) == Rep::kFloat || RepOf(y) == Rep::kFloat) {
    return FloatArithmetic(*storage_, x, op, y);
  }
  return RationalArithmetic(*storage_, x, op, y);
}

const Constant* ConstantArena::Shift(const Constant* x, Op op, uint64_t count) {
  if (!IsInteger(x)) return Unknown();
  if (count == 0 || x->Sign() == 0) return x;
  if (op == Op::kShr) {
    if (IsSmall(x)) return Int(SmallValue(x) >> (count > 63 ? 63 : count));
    Mpz z(x);
    mpz_fdiv_q_2exp(z.v, z.v, count);
    return storage_->Integer(z.v);
  }
  if (op != Op::kShl || count > kMaxShift) return Unknown();
  if (IsSmall(x) && BitLength(x) + count < 63) {
    return Int(
        static_cast<int64_t>(static_cast<uint64_t>(SmallValue(x)) << count));
  }
  Mpz z(x);
  mpz_mul_2exp(z.v, z.v, count);
  return storage_->Integer(z.v);
}

bool ConstantArena::Compare(const Constant* x, Op op, const Constant* y) {
  ConstKind xk = x->Kind(), yk = y->Kind();
  if (xk == ConstKind::kUnknown || yk == ConstKind::kUnknown) return false;
  if (xk == ConstKind::kBool && yk == ConstKind::kBool) {
    return Holds(x->BoolValue() != y->BoolValue(), op);
  }
  if (xk == ConstKind::kString && yk == ConstKind::kString) {
    return Holds(x->StringValue().compare(y->StringValue()), op);
  }
  if (xk < ConstKind::kInt || yk < ConstKind::kInt) return false;
  if (xk == ConstKind::kComplex || yk == ConstKind::kComplex) {
    bool same = CompareReals(Real(x), Real(y)) == 0 &&
                CompareReals(Imag(x), Imag(y)) == 0;
    return Holds(same ? 0 : 1, op);
  }
  return Holds(CompareReals(x, y), op);
}

}  // namespace mgo::types
