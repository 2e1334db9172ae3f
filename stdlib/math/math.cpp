// The natives of packages math and math/bits.
#include <bit>
#include <cmath>
#include <limits>

#include "stdlib/internal/glue.h"
#include "stdlib/math/functions.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

#define UNARY(Name)                           \
  NativeStatus Math##Name(NativeFrame& f) {   \
    f.SetFloat(0, go_math::Name(f.Float(1))); \
    return NativeStatus::kOk;                 \
  }
UNARY(Acos)
UNARY(Acosh)
UNARY(Asin)
UNARY(Asinh)
UNARY(Atan)
UNARY(Atanh)
UNARY(Cbrt)
UNARY(Cos)
UNARY(Cosh)
UNARY(Erf)
UNARY(Erfc)
UNARY(Erfinv)
UNARY(Exp)
UNARY(Exp2)
UNARY(Expm1)
UNARY(Gamma)
UNARY(J0)
UNARY(J1)
UNARY(Log)
UNARY(Log10)
UNARY(Log1p)
UNARY(Log2)
UNARY(Sin)
UNARY(Sinh)
UNARY(Tan)
UNARY(Tanh)
UNARY(Y0)
UNARY(Y1)
#undef UNARY

#define BINARY(Name)                                      \
  NativeStatus Math##Name(NativeFrame& f) {               \
    f.SetFloat(0, go_math::Name(f.Float(1), f.Float(2))); \
    return NativeStatus::kOk;                             \
  }
BINARY(Atan2)
BINARY(Dim)
BINARY(Hypot)
BINARY(Mod)
BINARY(Pow)
BINARY(Remainder)
#undef BINARY

NativeStatus MathAbs(NativeFrame& f) {
  f.SetFloat(0, std::fabs(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathSqrt(NativeFrame& f) {
  f.SetFloat(0, std::sqrt(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathFloor(NativeFrame& f) {
  f.SetFloat(0, std::floor(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathCeil(NativeFrame& f) {
  f.SetFloat(0, std::ceil(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathTrunc(NativeFrame& f) {
  f.SetFloat(0, std::trunc(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathRound(NativeFrame& f) {
  f.SetFloat(0, std::round(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathRoundToEven(NativeFrame& f) {
  f.SetFloat(0, std::nearbyint(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathCopysign(NativeFrame& f) {
  f.SetFloat(0, std::copysign(f.Float(1), f.Float(2)));
  return NativeStatus::kOk;
}

NativeStatus MathFMA(NativeFrame& f) {
  f.SetFloat(0, std::fma(f.Float(1), f.Float(2), f.Float(3)));
  return NativeStatus::kOk;
}

NativeStatus MathSignbit(NativeFrame& f) {
  f.SetBool(0, std::signbit(f.Float(1)));
  return NativeStatus::kOk;
}

// A value and its bits are the same slot.
NativeStatus MathSameBits(NativeFrame& f) {
  f.slots[0] = f.slots[1];
  return NativeStatus::kOk;
}

NativeStatus MathInf(NativeFrame& f) {
  const double inf = std::numeric_limits<double>::infinity();
  f.SetFloat(0, f.Int(1) >= 0 ? inf : -inf);
  return NativeStatus::kOk;
}

NativeStatus MathNaN(NativeFrame& f) {
  f.SetUint(0, 0x7FF8000000000001);
  return NativeStatus::kOk;
}

NativeStatus MathFrexp(NativeFrame& f) {
  int64_t exp;
  f.SetFloat(0, go_math::Frexp(f.Float(2), &exp));
  f.SetInt(1, exp);
  return NativeStatus::kOk;
}

NativeStatus MathLdexp(NativeFrame& f) {
  f.SetFloat(0, go_math::Ldexp(f.Float(1), f.Int(2)));
  return NativeStatus::kOk;
}

NativeStatus MathModf(NativeFrame& f) {
  const double x = f.Float(2);
  const double whole = std::trunc(x);
  f.SetFloat(0, whole);
  f.SetFloat(1, std::isinf(x) ? std::numeric_limits<double>::quiet_NaN()
                              : std::copysign(x - whole, x));
  return NativeStatus::kOk;
}

NativeStatus MathIlogb(NativeFrame& f) {
  const double x = f.Float(1);
  int64_t result;
  if (x == 0) {
    result = -2147483648;
  } else if (x != x || std::isinf(x)) {
    result = 2147483647;
  } else {
    result = std::ilogb(x);
  }
  f.SetInt(0, result);
  return NativeStatus::kOk;
}

NativeStatus MathLogb(NativeFrame& f) {
  f.SetFloat(0, std::logb(f.Float(1)));
  return NativeStatus::kOk;
}

NativeStatus MathNextafter(NativeFrame& f) {
  f.SetFloat(0, std::nextafter(f.Float(1), f.Float(2)));
  return NativeStatus::kOk;
}

NativeStatus MathNextafter32(NativeFrame& f) {
  auto x = std::bit_cast<float>(static_cast<uint32_t>(f.Uint(1)));
  auto y = std::bit_cast<float>(static_cast<uint32_t>(f.Uint(2)));
  f.SetUint(0, std::bit_cast<uint32_t>(std::nextafter(x, y)));
  return NativeStatus::kOk;
}

NativeStatus MathPow10(NativeFrame& f) {
  f.SetFloat(0, go_math::Pow10(f.Int(1)));
  return NativeStatus::kOk;
}

NativeStatus MathLgamma(NativeFrame& f) {
  int sign;
  f.SetFloat(0, go_math::Lgamma(f.Float(2), &sign));
  f.SetInt(1, sign);
  return NativeStatus::kOk;
}

NativeStatus MathSincos(NativeFrame& f) {
  const double x = f.Float(2);
  f.SetFloat(0, go_math::Sin(x));
  f.SetFloat(1, go_math::Cos(x));
  return NativeStatus::kOk;
}

NativeStatus MathJn(NativeFrame& f) {
  f.SetFloat(0, go_math::Jn(f.Int(1), f.Float(2)));
  return NativeStatus::kOk;
}

NativeStatus MathYn(NativeFrame& f) {
  f.SetFloat(0, go_math::Yn(f.Int(1), f.Float(2)));
  return NativeStatus::kOk;
}

NativeStatus BitsLen64(NativeFrame& f) {
  f.SetInt(0, 64 - std::countl_zero(f.Uint(1)));
  return NativeStatus::kOk;
}

NativeStatus BitsTrailingZeros64(NativeFrame& f) {
  f.SetInt(0, std::countr_zero(f.Uint(1)));
  return NativeStatus::kOk;
}

NativeStatus BitsOnesCount64(NativeFrame& f) {
  f.SetInt(0, std::popcount(f.Uint(1)));
  return NativeStatus::kOk;
}

NativeStatus BitsReverse64(NativeFrame& f) {
  f.SetUint(0, __builtin_bitreverse64(f.Uint(1)));
  return NativeStatus::kOk;
}

NativeStatus BitsReverseBytes64(NativeFrame& f) {
  f.SetUint(0, __builtin_bswap64(f.Uint(1)));
  return NativeStatus::kOk;
}

NativeStatus BitsMul64(NativeFrame& f) {
  unsigned __int128 p = static_cast<unsigned __int128>(f.Uint(2)) * f.Uint(3);
  f.SetUint(0, static_cast<uint64_t>(p >> 64));
  f.SetUint(1, static_cast<uint64_t>(p));
  return NativeStatus::kOk;
}

// func div64(hi, lo, y uint64) (quo, rem uint64): y > hi.
NativeStatus BitsDiv64(NativeFrame& f) {
  unsigned __int128 n =
      static_cast<unsigned __int128>(f.Uint(2)) << 64 | f.Uint(3);
  const uint64_t y = f.Uint(4);
  f.SetUint(0, static_cast<uint64_t>(n / y));
  f.SetUint(1, static_cast<uint64_t>(n % y));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
