// Moves, integers, floats, conversions.
#include <cmath>

#include "vm/interp/op.h"

namespace mgo::interp {

// --- moves -------------------------------------------------------------------

OP(Mov) { RESULT(1, fp[pc->b]); }
OP(Mov2) {
  Slot x = fp[pc->b], y = fp[pc->b + 1];
  fp[pc->a] = x;
  fp[pc->a + 1] = y;
  NEXT(1);
}
OP(Mov3) {
  Slot x = fp[pc->b], y = fp[pc->b + 1], z = fp[pc->b + 2];
  fp[pc->a] = x;
  fp[pc->a + 1] = y;
  fp[pc->a + 2] = z;
  NEXT(1);
}
OP(MovN) {
  std::memmove(fp + pc->a, fp + pc->b, pc->c * sizeof(Slot));
  NEXT(1);
}
OP(LoadImm) { RESULT(1, FromI64(pc->Imm32())); }
OP(LoadWord) { RESULT(2, pc->Word(1)); }
OP(LoadStr) {
  Set(fp + pc->a, pc->Address<bytecode::StringConstant>(1)->value);
  NEXT(2);
}
OP(Zero) { RESULT(1, 0); }
OP(Zero2) {
  fp[pc->a] = 0;
  fp[pc->a + 1] = 0;
  NEXT(1);
}
OP(Zero3) {
  fp[pc->a] = 0;
  fp[pc->a + 1] = 0;
  fp[pc->a + 2] = 0;
  NEXT(1);
}
OP(ZeroN) {
  std::memset(fp + pc->a, 0, pc->b * sizeof(Slot));
  NEXT(1);
}
OP(FrameAddr) {
  RESULT(1, FromPtr(reinterpret_cast<uint8_t*>(fp + pc->b) + pc->c));
}

// --- integers ----------------------------------------------------------------

namespace {

// A 64-bit result wrapped to T, in canonical form.
template <typename T>
Slot Wrap(uint64_t v) {
  return static_cast<Slot>(static_cast<int64_t>(static_cast<T>(v)));
}
template <>
Slot Wrap<uint32_t>(uint64_t v) {
  return static_cast<uint32_t>(v);
}
template <>
Slot Wrap<uint16_t>(uint64_t v) {
  return static_cast<uint16_t>(v);
}
template <>
Slot Wrap<uint8_t>(uint64_t v) {
  return static_cast<uint8_t>(v);
}

template <typename T>
constexpr unsigned kBits = sizeof(T) * 8;

}  // namespace

#define INT_OPS(T, type)                                                    \
  OP_B(Add##T, RESULT(1, Wrap<type>(b + fp[pc->c]));)                       \
  OP_BC(Sub##T, RESULT(1, Wrap<type>(b - c));)                              \
  OP_B(Mul##T, RESULT(1, Wrap<type>(b * fp[pc->c]));)                       \
  OP_B(Add##T##Imm, RESULT(1, Wrap<type>(b + FromI64(Simm(pc->c))));)       \
  OP_B(Mul##T##Imm, RESULT(1, Wrap<type>(b * FromI64(Simm(pc->c))));)       \
  OP_B(Shl##T, Slot count = fp[pc->c];                                      \
       RESULT(1, count < kBits<type> ? Wrap<type>(b << (count & 63)) : 0);) \
  OP_B(Shl##T##Imm, RESULT(1, Wrap<type>(b << (pc->c & 63)));)              \
  OP(Neg##T) { RESULT(1, Wrap<type>(-fp[pc->b])); }
INT_OPS(I64, int64_t)
INT_OPS(I32, int32_t)
INT_OPS(I16, int16_t)
INT_OPS(I8, int8_t)
INT_OPS(U32, uint32_t)
INT_OPS(U16, uint16_t)
INT_OPS(U8, uint8_t)
#undef INT_OPS

OP_B(RsubI64Imm, RESULT(1, FromI64(Simm(pc->c)) - b);)

// Signed division; -1 as divisor is negation, which wraps.
#define SIGNED_DIV(T, type)                                      \
  OP(Div##T) {                                                   \
    int64_t divisor = I64(fp[pc->c]);                            \
    if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp);   \
    RESULT(1, MGO_UNLIKELY(divisor == -1)                        \
                  ? Wrap<type>(-fp[pc->b])                       \
                  : FromI64(Quotient(I64(fp[pc->b]), divisor))); \
  }

namespace {

// Most operands are small and not negative; the 32-bit division is faster.
bool BothSmall(int64_t value, int64_t divisor) {
  return (static_cast<uint64_t>(value | divisor) >> 32) == 0;
}
int64_t Quotient(int64_t value, int64_t divisor) {
  if (MGO_LIKELY(BothSmall(value, divisor))) {
    return static_cast<uint32_t>(value) / static_cast<uint32_t>(divisor);
  }
  return value / divisor;
}
int64_t Remainder(int64_t value, int64_t divisor) {
  if (MGO_LIKELY(BothSmall(value, divisor))) {
    return static_cast<uint32_t>(value) % static_cast<uint32_t>(divisor);
  }
  return value % divisor;
}

}  // namespace

SIGNED_DIV(I64, int64_t)
SIGNED_DIV(I32, int32_t)
SIGNED_DIV(I16, int16_t)
SIGNED_DIV(I8, int8_t)
#undef SIGNED_DIV

OP(DivU64) {
  Slot divisor = fp[pc->c];
  if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp);
  RESULT(1, fp[pc->b] / divisor);
}
OP_B(RemI64, int64_t divisor = I64(fp[pc->c]);
     if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp);
     RESULT(1, MGO_UNLIKELY(divisor == -1)
                   ? 0
                   : FromI64(Remainder(I64(b), divisor)));)
OP(RemU64) {
  Slot divisor = fp[pc->c];
  if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp);
  RESULT(1, fp[pc->b] % divisor);
}
OP_B(DivI64Imm, RESULT(1, FromI64(Quotient(I64(b), Simm(pc->c))));)
OP_B(RemI64Imm, RESULT(1, FromI64(Remainder(I64(b), Simm(pc->c))));)
OP_B(DivU64Imm, RESULT(1, b / pc->c);)
OP_B(RemU64Imm, RESULT(1, b % pc->c);)
OP_B(And, RESULT(1, b& fp[pc->c]);)
OP_B(Or, RESULT(1, b | fp[pc->c]);)
OP_B(Xor, RESULT(1, b ^ fp[pc->c]);)
OP_B(AndNot, RESULT(1, b & ~fp[pc->c]);)
OP_B(AndImm, RESULT(1, b& FromI64(Simm(pc->c)));)
OP_B(OrImm, RESULT(1, b | FromI64(Simm(pc->c)));)
OP_B(XorImm, RESULT(1, b ^ FromI64(Simm(pc->c)));)
OP_B(ShrI64, Slot count = fp[pc->c];
     RESULT(1, FromI64(I64(b) >> (count < 63 ? count : 63)));)
OP_B(ShrU64, Slot count = fp[pc->c];
     RESULT(1, count < 64 ? b >> (count & 63) : 0);)
OP_B(ShrI64Imm, RESULT(1, FromI64(I64(b) >> (pc->c & 63)));)
OP_B(ShrU64Imm, RESULT(1, b >> (pc->c & 63));)
OP(Not) { RESULT(1, fp[pc->b] ^ 1); }

// --- floats ------------------------------------------------------------------

namespace {

// The builtins: a NaN operand gives NaN, and -0 is below 0.
template <typename T>
T MinOf(T a, T b) {
  if (a != a) return a;
  if (b != b) return b;
  if (a == 0 && b == 0) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
template <typename T>
T MaxOf(T a, T b) {
  if (a != a) return a;
  if (b != b) return b;
  if (a == 0 && b == 0) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

}  // namespace

OP_F64_B(AddF64, RESULT_F64(1, b + F64(fp[pc->c]));)
OP_F64_BC(SubF64, RESULT_F64(1, b - c);)
OP_F64_B(MulF64, RESULT_F64(1, b* F64(fp[pc->c]));)
OP_F64_BC(DivF64, RESULT_F64(1, b / c);)
OP_F64_B(NegF64, RESULT_F64(1, -b);)
OP_F64_AC(MulAddF64, RESULT_F64(1, a + F64(fp[pc->b]) * c);)
OP_F64_AC(MulSubF64, RESULT_F64(1, a - F64(fp[pc->b]) * c);)

#define VALUE(name, expression) \
  OP(name) { RESULT(1, expression); }
#define VALUE_F64(name, expression) \
  OP(name) { RESULT_F64(1, expression); }

// 32-bit floats go through no accumulator, and neither do min and max.
#define SET(name, expression) \
  OP(name) {                  \
    fp[pc->a] = (expression); \
    NEXT(1);                  \
  }
SET(AddF32, FromF32(F32(fp[pc->b]) + F32(fp[pc->c])))
SET(SubF32, FromF32(F32(fp[pc->b]) - F32(fp[pc->c])))
SET(MulF32, FromF32(F32(fp[pc->b]) * F32(fp[pc->c])))
SET(DivF32, FromF32(F32(fp[pc->b]) / F32(fp[pc->c])))
SET(NegF32, FromF32(-F32(fp[pc->b])))

#define FLOAT_OPS(T)                                      \
  SET(Min##T, From##T(MinOf(T(fp[pc->b]), T(fp[pc->c])))) \
  SET(Max##T, From##T(MaxOf(T(fp[pc->b]), T(fp[pc->c])))) \
  VALUE(Eq##T, T(fp[pc->b]) == T(fp[pc->c]))              \
  VALUE(Ne##T, T(fp[pc->b]) != T(fp[pc->c]))              \
  VALUE(Lt##T, T(fp[pc->b]) < T(fp[pc->c]))               \
  VALUE(Le##T, T(fp[pc->b]) <= T(fp[pc->c]))
FLOAT_OPS(F64)
FLOAT_OPS(F32)
#undef FLOAT_OPS

// --- comparisons -------------------------------------------------------------

VALUE(EqI64, fp[pc->b] == fp[pc->c])
VALUE(NeI64, fp[pc->b] != fp[pc->c])
VALUE(LtI64, I64(fp[pc->b]) < I64(fp[pc->c]))
VALUE(LeI64, I64(fp[pc->b]) <= I64(fp[pc->c]))
VALUE(LtU64, fp[pc->b] < fp[pc->c])
VALUE(LeU64, fp[pc->b] <= fp[pc->c])
VALUE(EqI64Imm, I64(fp[pc->b]) == Simm(pc->c))
VALUE(NeI64Imm, I64(fp[pc->b]) != Simm(pc->c))
VALUE(LtI64Imm, I64(fp[pc->b]) < Simm(pc->c))
VALUE(LeI64Imm, I64(fp[pc->b]) <= Simm(pc->c))
VALUE(GtI64Imm, I64(fp[pc->b]) > Simm(pc->c))
VALUE(GeI64Imm, I64(fp[pc->b]) >= Simm(pc->c))

// --- conversions -------------------------------------------------------------

namespace {

// As amd64's conversions have it where the value does not fit: the smallest
// integer.
int64_t ToI64(double v) {
  if (v >= -9223372036854775808.0 && v < 9223372036854775808.0) {
    return static_cast<int64_t>(v);
  }
  return INT64_MIN;
}
// As Go's compiler does it on amd64.
uint64_t ToU64(double v) {
  if (v < 9223372036854775808.0) return static_cast<uint64_t>(ToI64(v));
  return static_cast<uint64_t>(ToI64(v - 9223372036854775808.0)) ^
         (uint64_t{1} << 63);
}

}  // namespace

OP_B(ExtI8, RESULT(1, FromI64(static_cast<int8_t>(b)));)
OP_B(ExtI16, RESULT(1, FromI64(static_cast<int16_t>(b)));)
OP_B(ExtI32, RESULT(1, FromI64(static_cast<int32_t>(b)));)
OP_B(ExtU8, RESULT(1, static_cast<uint8_t>(b));)
OP_B(ExtU16, RESULT(1, static_cast<uint16_t>(b));)
OP_B(ExtU32, RESULT(1, static_cast<uint32_t>(b));)
OP_B(I64ToF64, RESULT_F64(1, static_cast<double>(I64(b)));)
VALUE_F64(U64ToF64, static_cast<double>(fp[pc->b]))
SET(I64ToF32, FromF32(static_cast<float>(I64(fp[pc->b]))))
SET(U64ToF32, FromF32(static_cast<float>(fp[pc->b])))
OP_F64_B(F64ToI64, RESULT(1, FromI64(ToI64(b)));)
SET(F64ToU64, ToU64(F64(fp[pc->b])))
SET(F32ToI64, FromI64(ToI64(F32(fp[pc->b]))))
SET(F32ToU64, ToU64(F32(fp[pc->b])))
SET(F64ToF32, FromF32(static_cast<float>(F64(fp[pc->b]))))
VALUE_F64(F32ToF64, static_cast<double>(F32(fp[pc->b])))

// --- intrinsics --------------------------------------------------------------

OP_F64_B(Sqrt, RESULT_F64(1, __builtin_sqrt(b));)
VALUE_F64(Abs, __builtin_fabs(F64(fp[pc->b])))
VALUE_F64(Floor, std::floor(F64(fp[pc->b])))
VALUE_F64(Ceil, std::ceil(F64(fp[pc->b])))
VALUE_F64(Trunc, std::trunc(F64(fp[pc->b])))
SET(Copysign, FromF64(__builtin_copysign(F64(fp[pc->b]), F64(fp[pc->c]))))
VALUE(LeadingZeros,
      fp[pc->b] == 0 ? 64 : static_cast<Slot>(__builtin_clzll(fp[pc->b])))
VALUE(TrailingZeros,
      fp[pc->b] == 0 ? 64 : static_cast<Slot>(__builtin_ctzll(fp[pc->b])))
VALUE(OnesCount, static_cast<Slot>(__builtin_popcountll(fp[pc->b])))
VALUE(ReverseBytes64, __builtin_bswap64(fp[pc->b]))
VALUE(ReverseBytes32, __builtin_bswap32(static_cast<uint32_t>(fp[pc->b])))
OP_B(RotateLeft64, RESULT(1, std::rotl(b, static_cast<int>(fp[pc->c] & 63)));)
OP_B(RotateLeft32, RESULT(1, std::rotl(static_cast<uint32_t>(b),
                                       static_cast<int>(fp[pc->c] & 31)));)
#undef VALUE
#undef VALUE_F64
#undef SET

OP(Fma) {
  fp[pc->a] =
      FromF64(std::fma(F64(fp[pc->b]), F64(fp[pc->c]), F64(fp[pc->Word(1)])));
  NEXT(2);
}

}  // namespace mgo::interp
