#include "stdlib/math/functions.h"

#include <bit>
#include <cmath>
#include <initializer_list>
#include <limits>

namespace mgo::stdlib::go_math {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSqrt2 = 1.41421356237309504880168872420969808;
// ln 2 in two parts, as in msun.
constexpr double kLn2Hi = 6.93147180369123816490e-01;
constexpr double kLn2Lo = 1.90821492927058770002e-10;

uint64_t Bits(double x) { return std::bit_cast<uint64_t>(x); }
bool IsNaN(double x) { return x != x; }
bool IsInf(double x) { return std::isinf(x); }

}  // namespace

double Frexp(double x, int64_t* exp) {
  *exp = 0;
  if (x == 0 || IsNaN(x) || IsInf(x)) return x;
  int e = 0;
  double frac = std::frexp(x, &e);
  *exp = e;
  return frac;
}

double Ldexp(double frac, int64_t exp) {
  if (exp > 5000) exp = 5000;
  if (exp < -5000) exp = -5000;
  return std::ldexp(frac, static_cast<int>(exp));
}

double Dim(double x, double y) {
  // Inf - Inf is NaN, which is not <= 0 but must be 0.
  double v = x - y;
  return v <= 0 ? 0 : v;
}

double Mod(double x, double y) {
  if (y == 0 || IsInf(x) || IsNaN(x) || IsNaN(y)) return kNaN;
  return std::fmod(x, y);
}

double Remainder(double x, double y) {
  if (IsNaN(x) || IsNaN(y) || IsInf(x) || y == 0) return kNaN;
  return std::remainder(x, y);
}

double Hypot(double p, double q) {
  p = std::fabs(p);
  q = std::fabs(q);
  if (IsInf(p) || IsInf(q)) return kInf;
  if (IsNaN(p) || IsNaN(q)) return kNaN;
  if (p < q) {
    double t = p;
    p = q;
    q = t;
  }
  if (p == 0) return 0;
  q = q / p;
  return p * std::sqrt(1 + q * q);
}

// FreeBSD's e_log.c.
double Log(double x) {
  if (IsNaN(x) || x == kInf) return x;
  if (x < 0) return kNaN;
  if (x == 0) return -kInf;
  // Denormal numbers are taken as if they were not: so Go does on amd64.
  const uint64_t bits = Bits(x);
  int64_t ki = static_cast<int64_t>(bits >> 52) - 1022;
  double f1 =
      std::bit_cast<double>((bits & 0xFFFFFFFFFFFFF) | uint64_t{1022} << 52);
  if (f1 < kSqrt2 / 2) {
    f1 *= 2;
    --ki;
  }
  const double f = f1 - 1;
  const auto k = static_cast<double>(ki);
  const double s = f / (2 + f);
  const double s2 = s * s;
  const double s4 = s2 * s2;
  const double t1 =
      s2 *
      (6.666666666666735130e-01 +
       s4 * (2.857142874366239149e-01 +
             s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)));
  const double t2 =
      s4 * (3.999999999940941908e-01 +
            s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01));
  const double r = t1 + t2;
  const double hfsq = 0.5 * f * f;
  return k * kLn2Hi - ((hfsq - (s * (hfsq + r) + k * kLn2Lo)) - f);
}

double Log2(double x) {
  int64_t exp;
  double frac = Frexp(x, &exp);
  if (frac == 0.5) return static_cast<double>(exp - 1);
  return Log(frac) * 1.44269504088896340735992468100189214 +
         static_cast<double>(exp);
}

double Log10(double x) {
  return Log(x) * 0.434294481903251827651128918916605082;
}

namespace {

// e**(hi - lo) * 2**k for small hi - lo: FreeBSD's e_exp.c.
double ExpMulti(double hi, double lo, int64_t k) {
  const double r = hi - lo;
  const double t = r * r;
  const double c = r - t * (1.66666666666666657415e-01 +
                            t * (-2.77777777770155933842e-03 +
                                 t * (6.61375632143793436117e-05 +
                                      t * (-1.65339022054652515390e-06 +
                                           t * 4.13813679705723846039e-08))));
  const double y = 1 - ((lo - (r * c) / (2 - c)) - hi);
  return Ldexp(y, k);
}

}  // namespace

namespace {

// Whether the machine can fuse; Go's Exp does where it can.
bool CanFuse() {
  static const bool can = __builtin_cpu_supports("fma") != 0;
  return can;
}

// a * b + c.
double MulAdd(bool fuse, double a, double b, double c) {
  return fuse ? std::fma(a, b, c) : a * b + c;
}

}  // namespace

// After N. Shibata, "Efficient evaluation methods of elementary functions
// suitable for SIMD computation" (2010): e**(x/16) - 1 by its series, and four
// times (1 + y)**2 - 1 = y * (y + 2).
double Exp(double x) {
  if (x != x || x == kInf) return x;
  if (x == -kInf) return 0;
  if (x > 7.09782712893384e+02) return kInf;
  if (x < -7.5e+02) return 0;
  const bool fuse = CanFuse();
  const double n = std::nearbyint(x * 1.4426950408889634073599246810018920);
  if (n >= 1024) return kInf;
  x = MulAdd(fuse, -n, 0.69314718055966295651160180568695068359375, x);
  x = MulAdd(fuse, -n, 0.28235290563031577122588448175013436025525412068e-12,
             x);
  x *= 0.0625;
  double sum = 2.4801587301587301587e-5;
  for (double c : {1.9841269841269841270e-4, 1.3888888888888888889e-3,
                   8.3333333333333333333e-3, 4.1666666666666666667e-2,
                   1.6666666666666666667e-1, 0.5, 1.0}) {
    sum = MulAdd(fuse, sum, x, c);
  }
  x *= sum;
  x *= x + 2.0;
  x *= x + 2.0;
  x *= x + 2.0;
  x = MulAdd(fuse, x, x + 2.0, 1.0);
  return Ldexp(x, static_cast<int64_t>(n));
}

double Exp2(double x) {
  if (IsNaN(x) || x == kInf) return x;
  if (x == -kInf) return 0;
  if (x > 1.0239999999999999e+03) return kInf;
  if (x < -1.0740e+03) return 0;
  const auto k = static_cast<int64_t>(x > 0 ? x + 0.5 : x < 0 ? x - 0.5 : 0);
  const double t = x - static_cast<double>(k);
  return ExpMulti(t * kLn2Hi, -t * kLn2Lo, k);
}

namespace {

bool IsOddInt(double x) {
  if (std::fabs(x) >= 0x1p53) return false;
  double whole = std::trunc(x);
  return whole == x && (static_cast<int64_t>(whole) & 1) == 1;
}

// The cases of Pow that are no numbers in between.
bool SpecialPow(double x, double y, double* out) {
  if (y == 0 || x == 1) return *out = 1, true;
  if (y == 1) return *out = x, true;
  if (IsNaN(x) || IsNaN(y)) return *out = kNaN, true;
  if (x == 0) {
    bool odd = IsOddInt(y);
    if (y < 0) {
      if (std::signbit(x) && odd) return *out = std::copysign(kInf, x), true;
      return *out = kInf, true;
    }
    return *out = std::signbit(x) && odd ? x : 0, true;
  }
  if (IsInf(y)) {
    if (x == -1) return *out = 1, true;
    return *out = (std::fabs(x) < 1) == (y > 0) ? 0 : kInf, true;
  }
  if (IsInf(x)) {
    if (x < 0) {
      if (y < 0) return *out = std::copysign(0.0, IsOddInt(y) ? -1 : 1), true;
      return *out = IsOddInt(y) ? -kInf : kInf, true;
    }
    return *out = y < 0 ? 0 : kInf, true;
  }
  if (y == 0.5) return *out = std::sqrt(x), true;
  if (y == -0.5) return *out = 1 / std::sqrt(x), true;
  return false;
}

}  // namespace

// The fraction of y by Exp and Log, its integer part by squaring, with the
// exponent kept apart so that nothing overflows early.
double Pow(double x, double y) {
  double special;
  if (SpecialPow(x, y, &special)) return special;
  double yi = std::trunc(std::fabs(y));
  double yf = std::fabs(y) - yi;
  if (yf != 0 && x < 0) return kNaN;
  if (yi >= 0x1p63) {
    if (x == -1) return 1;
    return (std::fabs(x) < 1) == (y > 0) ? 0 : kInf;
  }
  double a1 = 1;
  int64_t ae = 0;
  if (yf != 0) {
    if (yf > 0.5) {
      yf -= 1;
      yi += 1;
    }
    a1 = Exp(yf * Log(x));
  }
  int64_t xe;
  double x1 = Frexp(x, &xe);
  for (auto i = static_cast<int64_t>(yi); i != 0; i >>= 1) {
    if (xe < -(1 << 12) || 1 << 12 < xe) {
      ae += xe;
      break;
    }
    if ((i & 1) == 1) {
      a1 *= x1;
      ae += xe;
    }
    x1 *= x1;
    xe <<= 1;
    if (x1 < .5) {
      x1 += x1;
      --xe;
    }
  }
  if (y < 0) {
    a1 = 1 / a1;
    ae = -ae;
  }
  return Ldexp(a1, ae);
}

double Pow10(int64_t n) {
  if (n < -323) return 0;
  if (n > 308) return kInf;
  // Correctly rounded, as literals are.
  static const double kPowers[] = {
      1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10,
      1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
      1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31};
  static const double kBlocks[] = {1e0,   1e32,  1e64,  1e96,  1e128,
                                   1e160, 1e192, 1e224, 1e256, 1e288};
  static const double kNegative[] = {1e-0,   1e-32,  1e-64,  1e-96,
                                     1e-128, 1e-160, 1e-192, 1e-224,
                                     1e-256, 1e-288, 1e-320};
  if (n >= 0) return kBlocks[n / 32] * kPowers[n % 32];
  return kNegative[-n / 32] / kPowers[-n % 32];
}

}  // namespace mgo::stdlib::go_math
