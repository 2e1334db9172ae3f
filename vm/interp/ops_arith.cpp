// Moves, integers, floats, conversions.
#include <cmath>

#include "vm/interp/op.h"

namespace mgo::interp {

// --- moves -------------------------------------------------------------------

OP(Mov) {
  fp[pc->a] = fp[pc->b];
  NEXT(1);
}
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
OP(LoadImm) {
  fp[pc->a] = FromI64(pc->Imm32());
  NEXT(1);
}
OP(LoadWord) {
  fp[pc->a] = pc->Word(1);
  NEXT(2);
}
OP(LoadStr) {
  Set(fp + pc->a, pc->Address<bytecode::StringConstant>(1)->value);
  NEXT(2);
}
OP(Zero) {
  fp[pc->a] = 0;
  NEXT(1);
}
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
  fp[pc->a] = FromPtr(reinterpret_cast<uint8_t*>(fp + pc->b) + pc->c);
  NEXT(1);
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

#define INT_OPS(T, type)                                                 \
  OP(Add##T) {                                                           \
    fp[pc->a] = Wrap<type>(fp[pc->b] + fp[pc->c]);                       \
    NEXT(1);                                                             \
  }                                                                      \
  OP(Sub##T) {                                                           \
    fp[pc->a] = Wrap<type>(fp[pc->b] - fp[pc->c]);                       \
    NEXT(1);                                                             \
  }                                                                      \
  OP(Mul##T) {                                                           \
    fp[pc->a] = Wrap<type>(fp[pc->b] * fp[pc->c]);                       \
    NEXT(1);                                                             \
  }                                                                      \
  OP(Add##T##Imm) {                                                      \
    fp[pc->a] = Wrap<type>(fp[pc->b] + FromI64(Simm(pc->c)));            \
    NEXT(1);                                                             \
  }                                                                      \
  OP(Mul##T##Imm) {                                                      \
    fp[pc->a] = Wrap<type>(fp[pc->b] * FromI64(Simm(pc->c)));            \
    NEXT(1);                                                             \
  }                                                                      \
  OP(Shl##T) {                                                           \
    Slot count = fp[pc->c];                                              \
    fp[pc->a] =                                                          \
        count < kBits<type> ? Wrap<type>(fp[pc->b] << (count & 63)) : 0; \
    NEXT(1);                                                             \
  }                                                                      \
  OP(Shl##T##Imm) {                                                      \
    fp[pc->a] = Wrap<type>(fp[pc->b] << (pc->c & 63));                   \
    NEXT(1);                                                             \
  }                                                                      \
  OP(Neg##T) {                                                           \
    fp[pc->a] = Wrap<type>(-fp[pc->b]);                                  \
    NEXT(1);                                                             \
  }
INT_OPS(I64, int64_t)
INT_OPS(I32, int32_t)
INT_OPS(I16, int16_t)
INT_OPS(I8, int8_t)
INT_OPS(U32, uint32_t)
INT_OPS(U16, uint16_t)
INT_OPS(U8, uint8_t)
#undef INT_OPS

OP(RsubI64Imm) {
  fp[pc->a] = FromI64(Simm(pc->c)) - fp[pc->b];
  NEXT(1);
}

// Signed division; -1 as divisor is negation, which wraps.
#define SIGNED_DIV(T, type)                                    \
  OP(Div##T) {                                                 \
    int64_t divisor = I64(fp[pc->c]);                          \
    if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp); \
    fp[pc->a] = MGO_UNLIKELY(divisor == -1)                    \
                    ? Wrap<type>(-fp[pc->b])                   \
                    : FromI64(I64(fp[pc->b]) / divisor);       \
    NEXT(1);                                                   \
  }
SIGNED_DIV(I64, int64_t)
SIGNED_DIV(I32, int32_t)
SIGNED_DIV(I16, int16_t)
SIGNED_DIV(I8, int8_t)
#undef SIGNED_DIV

OP(DivU64) {
  Slot divisor = fp[pc->c];
  if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp);
  fp[pc->a] = fp[pc->b] / divisor;
  NEXT(1);
}
OP(RemI64) {
  int64_t divisor = I64(fp[pc->c]);
  if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp);
  int64_t value = I64(fp[pc->b]);
  // Most operands are small; the 32-bit division is much faster.
  if ((static_cast<uint64_t>(value | divisor) >> 32) == 0) {
    fp[pc->a] = static_cast<uint32_t>(value) % static_cast<uint32_t>(divisor);
  } else {
    fp[pc->a] = MGO_UNLIKELY(divisor == -1) ? 0 : FromI64(value % divisor);
  }
  NEXT(1);
}
OP(RemU64) {
  Slot divisor = fp[pc->c];
  if (MGO_UNLIKELY(divisor == 0)) TAIL(RaiseDivide, pc, fp);
  fp[pc->a] = fp[pc->b] % divisor;
  NEXT(1);
}
OP(DivI64Imm) {
  int64_t value = I64(fp[pc->b]), divisor = Simm(pc->c);
  if ((static_cast<uint64_t>(value | divisor) >> 32) == 0) {
    fp[pc->a] = static_cast<uint32_t>(value) / static_cast<uint32_t>(divisor);
  } else {
    fp[pc->a] = FromI64(value / divisor);
  }
  NEXT(1);
}
OP(RemI64Imm) {
  int64_t value = I64(fp[pc->b]), divisor = Simm(pc->c);
  if ((static_cast<uint64_t>(value | divisor) >> 32) == 0) {
    fp[pc->a] = static_cast<uint32_t>(value) % static_cast<uint32_t>(divisor);
  } else {
    fp[pc->a] = FromI64(value % divisor);
  }
  NEXT(1);
}
OP(DivU64Imm) {
  fp[pc->a] = fp[pc->b] / pc->c;
  NEXT(1);
}
OP(RemU64Imm) {
  fp[pc->a] = fp[pc->b] % pc->c;
  NEXT(1);
}
OP(And) {
  fp[pc->a] = fp[pc->b] & fp[pc->c];
  NEXT(1);
}
OP(Or) {
  fp[pc->a] = fp[pc->b] | fp[pc->c];
  NEXT(1);
}
OP(Xor) {
  fp[pc->a] = fp[pc->b] ^ fp[pc->c];
  NEXT(1);
}
OP(AndNot) {
  fp[pc->a] = fp[pc->b] & ~fp[pc->c];
  NEXT(1);
}
OP(AndImm) {
  fp[pc->a] = fp[pc->b] & FromI64(Simm(pc->c));
  NEXT(1);
}
OP(OrImm) {
  fp[pc->a] = fp[pc->b] | FromI64(Simm(pc->c));
  NEXT(1);
}
OP(XorImm) {
  fp[pc->a] = fp[pc->b] ^ FromI64(Simm(pc->c));
  NEXT(1);
}
OP(ShrI64) {
  Slot count = fp[pc->c];
  fp[pc->a] = FromI64(I64(fp[pc->b]) >> (count < 63 ? count : 63));
  NEXT(1);
}
OP(ShrU64) {
  Slot count = fp[pc->c];
  fp[pc->a] = count < 64 ? fp[pc->b] >> (count & 63) : 0;
  NEXT(1);
}
OP(ShrI64Imm) {
  fp[pc->a] = FromI64(I64(fp[pc->b]) >> (pc->c & 63));
  NEXT(1);
}
OP(ShrU64Imm) {
  fp[pc->a] = fp[pc->b] >> (pc->c & 63);
  NEXT(1);
}
OP(Not) {
  fp[pc->a] = fp[pc->b] ^ 1;
  NEXT(1);
}

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

#define FLOAT_OPS(T)                                        \
  OP(Add##T) {                                              \
    fp[pc->a] = From##T(T(fp[pc->b]) + T(fp[pc->c]));       \
    NEXT(1);                                                \
  }                                                         \
  OP(Sub##T) {                                              \
    fp[pc->a] = From##T(T(fp[pc->b]) - T(fp[pc->c]));       \
    NEXT(1);                                                \
  }                                                         \
  OP(Mul##T) {                                              \
    fp[pc->a] = From##T(T(fp[pc->b]) * T(fp[pc->c]));       \
    NEXT(1);                                                \
  }                                                         \
  OP(Div##T) {                                              \
    fp[pc->a] = From##T(T(fp[pc->b]) / T(fp[pc->c]));       \
    NEXT(1);                                                \
  }                                                         \
  OP(Neg##T) {                                              \
    fp[pc->a] = From##T(-T(fp[pc->b]));                     \
    NEXT(1);                                                \
  }                                                         \
  OP(Min##T) {                                              \
    fp[pc->a] = From##T(MinOf(T(fp[pc->b]), T(fp[pc->c]))); \
    NEXT(1);                                                \
  }                                                         \
  OP(Max##T) {                                              \
    fp[pc->a] = From##T(MaxOf(T(fp[pc->b]), T(fp[pc->c]))); \
    NEXT(1);                                                \
  }                                                         \
  OP(Eq##T) {                                               \
    fp[pc->a] = T(fp[pc->b]) == T(fp[pc->c]);               \
    NEXT(1);                                                \
  }                                                         \
  OP(Ne##T) {                                               \
    fp[pc->a] = T(fp[pc->b]) != T(fp[pc->c]);               \
    NEXT(1);                                                \
  }                                                         \
  OP(Lt##T) {                                               \
    fp[pc->a] = T(fp[pc->b]) < T(fp[pc->c]);                \
    NEXT(1);                                                \
  }                                                         \
  OP(Le##T) {                                               \
    fp[pc->a] = T(fp[pc->b]) <= T(fp[pc->c]);               \
    NEXT(1);                                                \
  }
FLOAT_OPS(F64)
FLOAT_OPS(F32)
#undef FLOAT_OPS

// --- comparisons -------------------------------------------------------------

#define COMPARE(name, expression) \
  OP(name) {                      \
    fp[pc->a] = (expression);     \
    NEXT(1);                      \
  }
COMPARE(EqI64, fp[pc->b] == fp[pc->c])
COMPARE(NeI64, fp[pc->b] != fp[pc->c])
COMPARE(LtI64, I64(fp[pc->b]) < I64(fp[pc->c]))
COMPARE(LeI64, I64(fp[pc->b]) <= I64(fp[pc->c]))
COMPARE(LtU64, fp[pc->b] < fp[pc->c])
COMPARE(LeU64, fp[pc->b] <= fp[pc->c])
COMPARE(EqI64Imm, I64(fp[pc->b]) == Simm(pc->c))
COMPARE(NeI64Imm, I64(fp[pc->b]) != Simm(pc->c))
COMPARE(LtI64Imm, I64(fp[pc->b]) < Simm(pc->c))
COMPARE(LeI64Imm, I64(fp[pc->b]) <= Simm(pc->c))
COMPARE(GtI64Imm, I64(fp[pc->b]) > Simm(pc->c))
COMPARE(GeI64Imm, I64(fp[pc->b]) >= Simm(pc->c))
#undef COMPARE

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

#define CONVERT(name, expression) \
  OP(name) {                      \
    fp[pc->a] = (expression);     \
    NEXT(1);                      \
  }
CONVERT(ExtI8, FromI64(static_cast<int8_t>(fp[pc->b])))
CONVERT(ExtI16, FromI64(static_cast<int16_t>(fp[pc->b])))
CONVERT(ExtI32, FromI64(static_cast<int32_t>(fp[pc->b])))
CONVERT(ExtU8, static_cast<uint8_t>(fp[pc->b]))
CONVERT(ExtU16, static_cast<uint16_t>(fp[pc->b]))
CONVERT(ExtU32, static_cast<uint32_t>(fp[pc->b]))
CONVERT(I64ToF64, FromF64(static_cast<double>(I64(fp[pc->b]))))
CONVERT(U64ToF64, FromF64(static_cast<double>(fp[pc->b])))
CONVERT(I64ToF32, FromF32(static_cast<float>(I64(fp[pc->b]))))
CONVERT(U64ToF32, FromF32(static_cast<float>(fp[pc->b])))
CONVERT(F64ToI64, FromI64(ToI64(F64(fp[pc->b]))))
CONVERT(F64ToU64, ToU64(F64(fp[pc->b])))
CONVERT(F32ToI64, FromI64(ToI64(F32(fp[pc->b]))))
CONVERT(F32ToU64, ToU64(F32(fp[pc->b])))
CONVERT(F64ToF32, FromF32(static_cast<float>(F64(fp[pc->b]))))
CONVERT(F32ToF64, FromF64(static_cast<double>(F32(fp[pc->b]))))

// --- intrinsics --------------------------------------------------------------

CONVERT(Sqrt, FromF64(__builtin_sqrt(F64(fp[pc->b]))))
CONVERT(Abs, FromF64(__builtin_fabs(F64(fp[pc->b]))))
CONVERT(Floor, FromF64(std::floor(F64(fp[pc->b]))))
CONVERT(Ceil, FromF64(std::ceil(F64(fp[pc->b]))))
CONVERT(Trunc, FromF64(std::trunc(F64(fp[pc->b]))))
CONVERT(Copysign, FromF64(__builtin_copysign(F64(fp[pc->b]), F64(fp[pc->c]))))
CONVERT(LeadingZeros,
        fp[pc->b] == 0 ? 64 : static_cast<Slot>(__builtin_clzll(fp[pc->b])))
CONVERT(TrailingZeros,
        fp[pc->b] == 0 ? 64 : static_cast<Slot>(__builtin_ctzll(fp[pc->b])))
CONVERT(OnesCount, static_cast<Slot>(__builtin_popcountll(fp[pc->b])))
CONVERT(ReverseBytes64, __builtin_bswap64(fp[pc->b]))
CONVERT(ReverseBytes32, __builtin_bswap32(static_cast<uint32_t>(fp[pc->b])))
CONVERT(RotateLeft64, std::rotl(fp[pc->b], static_cast<int>(fp[pc->c] & 63)))
CONVERT(RotateLeft32, std::rotl(static_cast<uint32_t>(fp[pc->b]),
                                static_cast<int>(fp[pc->c] & 31)))
#undef CONVERT

OP(Fma) {
  fp[pc->a] =
      FromF64(std::fma(F64(fp[pc->b]), F64(fp[pc->c]), F64(fp[pc->Word(1)])));
  NEXT(2);
}

}  // namespace mgo::interp
