// Trigonometric and hyperbolic functions: Cephes (Moshier, 1989) and msun.
#include <bit>
#include <cmath>
#include <limits>

#include "stdlib/math/functions.h"

namespace mgo::stdlib::go_math {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.14159265358979323846264338327950288;

// pi/4 in three parts.
constexpr double kPi4A = 7.85398125648498535156e-1;
constexpr double kPi4B = 3.77489470793079817668e-8;
constexpr double kPi4C = 2.69515142907905952645e-15;

// Arguments from here on are reduced by Payne and Hanek's method.
constexpr double kReduceFrom = 1 << 29;

// Bits of 4/pi, after those of the leading 1.
constexpr uint64_t kFourOverPi[] = {
    0x0000000000000001, 0x45f306dc9c882a53, 0xf84eafa3ea69bb81,
    0xb6c52b3278872083, 0xfca2c757bd778ac3, 0x6e48dc74849ba5c0,
    0x0c925dd413a32439, 0xfc3bd63962534e7d, 0xd1046bea5d768909,
    0xd338e04d68befc82, 0x7323ac7306a673e9, 0x3908bf177bf25076,
    0x3ff12fffbc0b301f, 0xde5e2316b414da3e, 0xda6cfd9e4f96136e,
    0x9e8c7ecd3cbfd45a, 0xea4f758fd7cbe2f6, 0x7a0e73ef14a525d4,
    0xd7f6bf623f1aba10, 0xac06608df8f6d757};

// x in octants: which one, and how far into it in radians.
struct Octant {
  uint64_t j;
  double z;
};

Octant ReduceLarge(double x) {
  uint64_t bits = std::bit_cast<uint64_t>(x);
  int exp = static_cast<int>(bits >> 52 & 0x7FF) - 1023 - 52;
  uint64_t m = (bits & 0xFFFFFFFFFFFFF) | uint64_t{1} << 52;
  // The 192 bits of 4/pi that matter for this exponent.
  auto digit = static_cast<unsigned>(exp + 61) / 64;
  auto shift = static_cast<unsigned>(exp + 61) % 64;
  uint64_t z[3];
  for (unsigned i = 0; i < 3; ++i) {
    z[i] = kFourOverPi[digit + i] << shift;
    if (shift != 0) z[i] |= kFourOverPi[digit + i + 1] >> (64 - shift);
  }
  unsigned __int128 low = static_cast<unsigned __int128>(z[2]) * m;
  unsigned __int128 mid = static_cast<unsigned __int128>(z[1]) * m;
  uint64_t high = z[0] * m;
  unsigned __int128 sum = mid + static_cast<uint64_t>(low >> 64);
  uint64_t hi = high + static_cast<uint64_t>(sum >> 64);
  auto lo = static_cast<uint64_t>(sum);
  // The top three bits are the octant, the rest its fraction.
  uint64_t j = hi >> 61;
  hi = hi << 3 | lo >> 61;
  auto zeros = static_cast<unsigned>(std::countl_zero(hi));
  uint64_t e = 1023 - (zeros + 1);
  hi = (hi << (zeros + 1)) | (lo >> (64 - (zeros + 1)));
  hi >>= 64 - 52;
  double fraction = std::bit_cast<double>(e << 52 | hi);
  if ((j & 1) == 1) {
    j = (j + 1) & 7;
    fraction -= 1;
  }
  return {j, fraction * (kPi / 4)};
}

Octant Reduce(double x) {
  if (x >= kReduceFrom) return ReduceLarge(x);
  auto j = static_cast<uint64_t>(x * (4 / kPi));
  auto y = static_cast<double>(j);
  if ((j & 1) == 1) {
    ++j;
    y += 1;
  }
  return {j & 7, ((x - y * kPi4A) - y * kPi4B) - y * kPi4C};
}

double SinPoly(double z) {
  const double zz = z * z;
  return z + z * zz *
                 ((((((1.58962301576546568060e-10 * zz) +
                      -2.50507477628578072866e-8) *
                         zz +
                     2.75573136213857245213e-6) *
                        zz +
                    -1.98412698295895385996e-4) *
                       zz +
                   8.33333333332211858878e-3) *
                      zz +
                  -1.66666666666666307295e-1);
}

double CosPoly(double z) {
  const double zz = z * z;
  return 1.0 - 0.5 * zz +
         zz * zz *
             ((((((-1.13585365213876817300e-11 * zz) +
                  2.08757008419747316778e-9) *
                     zz +
                 -2.75573141792967388112e-7) *
                    zz +
                2.48015872888517045348e-5) *
                   zz +
               -1.38888888888730564116e-3) *
                  zz +
              4.16666666666665929218e-2);
}

}  // namespace

double Sin(double x) {
  if (x == 0 || x != x) return x;
  if (std::isinf(x)) return kNaN;
  bool negative = x < 0;
  Octant o = Reduce(std::fabs(x));
  if (o.j > 3) {
    negative = !negative;
    o.j -= 4;
  }
  double y = o.j == 1 || o.j == 2 ? CosPoly(o.z) : SinPoly(o.z);
  return negative ? -y : y;
}

double Cos(double x) {
  if (x != x || std::isinf(x)) return kNaN;
  Octant o = Reduce(std::fabs(x));
  bool negative = false;
  if (o.j > 3) {
    o.j -= 4;
    negative = !negative;
  }
  if (o.j > 1) negative = !negative;
  double y = o.j == 1 || o.j == 2 ? SinPoly(o.z) : CosPoly(o.z);
  return negative ? -y : y;
}

double Tan(double x) {
  if (x == 0 || x != x) return x;
  if (std::isinf(x)) return kNaN;
  const bool negative = x < 0;
  Octant o = Reduce(std::fabs(x));
  const double zz = o.z * o.z;
  double y = o.z;
  if (zz > 1e-14) {
    y = o.z +
        o.z * (zz *
               (((-1.30936939181383734205e4 * zz) + 1.15351664838587416140e6) *
                    zz +
                -1.79565251976484877988e7) /
               ((((zz + 1.36812963470692954678e4) * zz +
                  -1.32089234440210967447e6) *
                     zz +
                 2.50083801823357915839e7) *
                    zz +
                -5.38695755929454629881e7));
  }
  if ((o.j & 2) == 2) y = -1 / y;
  return negative ? -y : y;
}

namespace {

// atan in [0, 0.66].
double AtanSmall(double x) {
  double z = x * x;
  z = z *
      ((((-8.750608600031904122785e-01 * z + -1.615753718733365076637e+01) * z +
         -7.500855792314704667340e+01) *
            z +
        -1.228866684490136173410e+02) *
           z +
       -6.485021904942025371773e+01) /
      (((((z + 2.485846490142306297962e+01) * z + 1.650270098316988542046e+02) *
             z +
         4.328810604912902668951e+02) *
            z +
        4.853903996359136964868e+02) *
           z +
       1.945506571482613964425e+02);
  return x * z + x;
}

// atan of a positive number.
double AtanPositive(double x) {
  constexpr double kMoreBits = 6.123233995736765886130e-17;
  constexpr double kTan3Pi8 = 2.41421356237309504880;
  if (x <= 0.66) return AtanSmall(x);
  if (x > kTan3Pi8) return kPi / 2 - AtanSmall(1 / x) + kMoreBits;
  return kPi / 4 + AtanSmall((x - 1) / (x + 1)) + 0.5 * kMoreBits;
}

}  // namespace

double Atan(double x) {
  if (x == 0) return x;
  return x > 0 ? AtanPositive(x) : -AtanPositive(-x);
}

double Asin(double x) {
  if (x == 0) return x;
  const bool negative = x < 0;
  x = std::fabs(x);
  if (!(x <= 1)) return kNaN;
  double t = std::sqrt(1 - x * x);
  t = x > 0.7 ? kPi / 2 - AtanPositive(t / x) : AtanPositive(x / t);
  return negative ? -t : t;
}

double Acos(double x) { return kPi / 2 - Asin(x); }

double Atan2(double y, double x) {
  if (x != x || y != y) return kNaN;
  if (y == 0) {
    return x >= 0 && !std::signbit(x) ? std::copysign(0.0, y)
                                      : std::copysign(kPi, y);
  }
  if (x == 0) return std::copysign(kPi / 2, y);
  if (std::isinf(x)) {
    double a =
        std::isinf(y) ? (x > 0 ? kPi / 4 : 3 * kPi / 4) : (x > 0 ? 0.0 : kPi);
    return std::copysign(a, y);
  }
  if (std::isinf(y)) return std::copysign(kPi / 2, y);
  double q = Atan(y / x);
  if (x < 0) return q <= 0 ? q + kPi : q - kPi;
  return q;
}

double Sinh(double x) {
  if (x == 0) return x;
  const bool negative = x < 0;
  x = std::fabs(x);
  double t;
  if (x > 21) {
    t = Exp(x) * 0.5;
  } else if (x > 0.5) {
    double ex = Exp(x);
    t = (ex - 1 / ex) * 0.5;
  } else {
    double sq = x * x;
    t = (((-0.2630563213397497062819489e+2 * sq +
           -0.2894211355989563807284660366e+4) *
              sq +
          -0.8991272022039509355398013511e+5) *
             sq +
         -0.6307673640497716991184787251e+6) *
        x;
    t = t / (((sq + -0.173678953558233699533450911e+3) * sq +
              0.1521517378790019070696485176e+5) *
                 sq +
             -0.6307673640497716991212077277e+6);
  }
  return negative ? -t : t;
}

double Cosh(double x) {
  x = std::fabs(x);
  if (x > 21) return Exp(x) * 0.5;
  double ex = Exp(x);
  return (ex + 1 / ex) * 0.5;
}

double Tanh(double x) {
  constexpr double kMaxLog = 8.8029691931113054295988e+01;
  double z = std::fabs(x);
  if (z > 0.5 * kMaxLog) return x < 0 ? -1 : 1;
  if (z >= 0.625) {
    double s = Exp(2 * z);
    z = 1 - 2 / (s + 1);
    return x < 0 ? -z : z;
  }
  if (x == 0) return x;
  double s = x * x;
  return x +
         x * s *
             ((-9.64399179425052238628e-1 * s + -9.92877231001918586564e1) * s +
              -1.61468768441708447952e3) /
             (((s + 1.12811678491632931402e2) * s + 2.23548839060100448583e3) *
                  s +
              4.84406305325125486048e3);
}

double Asinh(double x) {
  if (x == 0 || x != x || std::isinf(x)) return x;
  const bool negative = x < 0;
  x = std::fabs(x);
  constexpr double kLn2 = 6.93147180559945286227e-01;
  double t;
  if (x > 0x1p28) {
    t = Log(x) + kLn2;
  } else if (x > 2) {
    t = Log(2 * x + 1 / (std::sqrt(x * x + 1) + x));
  } else if (x < 0x1p-28) {
    t = x;
  } else {
    t = Log1p(x + x * x / (1 + std::sqrt(1 + x * x)));
  }
  return negative ? -t : t;
}

double Acosh(double x) {
  constexpr double kLn2 = 0.693147180559945309417232121458176568;
  if (x < 1 || x != x) return kNaN;
  if (x == 1) return 0;
  if (x >= 0x1p28) return Log(x) + kLn2;
  if (x > 2) return Log(2 * x - 1 / (x + std::sqrt(x * x - 1)));
  double t = x - 1;
  return Log1p(t + std::sqrt(2 * t + t * t));
}

double Atanh(double x) {
  if (x == 0) return x;
  if (x < -1 || x > 1 || x != x) return kNaN;
  if (x == 1) return std::numeric_limits<double>::infinity();
  if (x == -1) return -std::numeric_limits<double>::infinity();
  const bool negative = x < 0;
  x = std::fabs(x);
  double t;
  if (x < 0x1p-28) {
    t = x;
  } else if (x < 0.5) {
    t = x + x;
    t = 0.5 * Log1p(t + t * x / (1 - x));
  } else {
    t = 0.5 * Log1p((x + x) / (1 - x));
  }
  return negative ? -t : t;
}

}  // namespace mgo::stdlib::go_math
