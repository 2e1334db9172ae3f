// Special functions: gamma, error function, Bessel functions.
#include <cmath>
#include <cstdint>
#include <limits>

#include "stdlib/math/functions.h"

namespace mgo::stdlib::go_math {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.14159265358979323846264338327950288;

}  // namespace

// FreeBSD's s_cbrt.c.
double Cbrt(double x) {
  if (x == 0 || x != x || std::isinf(x)) return x;
  constexpr uint32_t kB1 = 715094163;
  constexpr uint32_t kB2 = 696219795;
  const bool negative = x < 0;
  x = std::fabs(x);
  uint64_t bits = __builtin_bit_cast(uint64_t, x);
  double t =
      __builtin_bit_cast(double, bits / 3 + (static_cast<uint64_t>(kB1) << 32));
  if (x < 0x1p-1022) {
    t = 0x1p54 * x;
    t = __builtin_bit_cast(double, __builtin_bit_cast(uint64_t, t) / 3 +
                                       (static_cast<uint64_t>(kB2) << 32));
  }
  double r = t * t / x;
  double s = 5.42857142857142815906e-01 + r * t;
  t *= 3.57142857142857150787e-01 +
       1.60714285714285720630e+00 /
           (s + 1.41428571428571436819e+00 + -7.05306122448979611050e-01 / s);
  t = __builtin_bit_cast(
      double, (__builtin_bit_cast(uint64_t, t) & 0xFFFFFFFFC0000000u) +
                  (uint64_t{1} << 30));
  s = t * t;
  r = x / s;
  double w = t + t;
  r = (r - t) / (w + r);
  t = t + t * r;
  return negative ? -t : t;
}

double Expm1(double x) { return std::expm1(x); }

double Log1p(double x) { return std::log1p(x); }

namespace {

template <int n>
double Poly(const double (&c)[n], double x) {
  double sum = c[n - 1];
  for (int i = n - 2; i >= 0; --i) sum = c[i] + x * sum;
  return sum;
}

// FreeBSD's s_erf.c: coefficients by interval.
constexpr double kErx = 8.45062911510467529297e-01;
constexpr double kEfx = 1.28379167095512586316e-01;
constexpr double kPP[] = {
    1.28379167095512558561e-01, -3.25042107247001499370e-01,
    -2.84817495755985104766e-02, -5.77027029648944159157e-03,
    -2.37630166566501626084e-05};
constexpr double kQQ[] = {1,
                          3.97917223959155352819e-01,
                          6.50222499887672944485e-02,
                          5.08130628187576562776e-03,
                          1.32494738004321644526e-04,
                          -3.96022827877536812320e-06};
constexpr double kPA[] = {
    -2.36211856075265944077e-03, 4.14856118683748331666e-01,
    -3.72207876035701323847e-01, 3.18346619901161753674e-01,
    -1.10894694282396677476e-01, 3.54783043256182359371e-02,
    -2.16637559486879084300e-03};
constexpr double kQA[] = {1,
                          1.06420880400844228286e-01,
                          5.40397917702171048937e-01,
                          7.18286544141962662868e-02,
                          1.26171219808761642112e-01,
                          1.36370839120290507362e-02,
                          1.19844998467991074170e-02};
constexpr double kRA[] = {
    -9.86494403484714822705e-03, -6.93858572707181764372e-01,
    -1.05586262253232909814e+01, -6.23753324503260060396e+01,
    -1.62396669462573470355e+02, -1.84605092906711035994e+02,
    -8.12874355063065934246e+01, -9.81432934416914548592e+00};
constexpr double kSA[] = {1,
                          1.96512716674392571292e+01,
                          1.37657754143519042600e+02,
                          4.34565877475229228821e+02,
                          6.45387271733267880336e+02,
                          4.29008140027567833386e+02,
                          1.08635005541779435134e+02,
                          6.57024977031928170135e+00,
                          -6.04244152148580987438e-02};
constexpr double kRB[] = {
    -9.86494292470009928597e-03, -7.99283237680523006574e-01,
    -1.77579549177547519889e+01, -1.60636384855821916062e+02,
    -6.37566443368389627722e+02, -1.02509513161107724954e+03,
    -4.83519191608651397019e+02};
constexpr double kSB[] = {1,
                          3.03380607434824582924e+01,
                          3.25792512996573918826e+02,
                          1.53672958608443695994e+03,
                          3.19985821950859553908e+03,
                          2.55305040643316442583e+03,
                          4.74528541206955367215e+02,
                          -2.24409524465858183362e+01};

// erfc(x) for x >= 1.25.
double ErfcTail(double x) {
  const double s = 1 / (x * x);
  double r, q;
  if (x < 1 / 0.35) {
    r = Poly(kRA, s);
    q = Poly(kSA, s);
  } else {
    r = Poly(kRB, s);
    q = Poly(kSB, s);
  }
  // x without its low 32 bits, so that the square is exact.
  const double z = __builtin_bit_cast(
      double, __builtin_bit_cast(uint64_t, x) & 0xFFFFFFFF00000000u);
  return Exp(-z * z - 0.5625) * Exp((z - x) * (z + x) + r / q) / x;
}

}  // namespace

double Erf(double x) {
  if (x != x) return x;
  const bool negative = x < 0;
  const double a = std::fabs(x);
  double t;
  if (a < 0.84375) {
    if (a < 0x1p-28) {
      t = a < 0x1p-1018 ? 0.125 * (8.0 * a + 1.02703333676410069053e+00 * a)
                        : a + kEfx * a;
    } else {
      const double z = a * a;
      t = a + a * (Poly(kPP, z) / Poly(kQQ, z));
    }
    return std::copysign(t, x);
  }
  if (a < 1.25) {
    const double s = a - 1;
    t = kErx + Poly(kPA, s) / Poly(kQA, s);
  } else if (a >= 6) {
    t = 1;
  } else {
    t = 1 - ErfcTail(a);
  }
  return negative ? -t : t;
}

double Erfc(double x) {
  if (x != x) return x;
  const bool negative = x < 0;
  const double a = std::fabs(x);
  if (a < 0.84375) {
    double t = a;
    if (a >= 0x1p-56) {
      const double z = a * a;
      const double y = Poly(kPP, z) / Poly(kQQ, z);
      t = a < 0.25 ? a + a * y : 0.5 + (a * y + (a - 0.5));
    }
    return negative ? 1 + t : 1 - t;
  }
  if (a < 1.25) {
    const double s = a - 1;
    const double q = Poly(kPA, s) / Poly(kQA, s);
    return negative ? 1 + kErx + q : 1 - kErx - q;
  }
  if (a < 28) {
    if (negative && a > 6) return 2;
    const double t = ErfcTail(a);
    return negative ? 2 - t : t;
  }
  return negative ? 2 : 0;
}

double Erfinv(double x) {
  if (x != x || x <= -1 || x >= 1) {
    if (x == -1 || x == 1) return x * kInf;
    return kNaN;
  }
  if (x == 0) return x;
  const bool negative = x < 0;
  x = std::fabs(x);
  // Wichura's AS241 (1988) for the normal distribution's quantile, its
  // coefficients scaled for this function.
  double ans;
  if (x <= 0.85) {
    const double r = 0.180625 - 0.25 * x * x;
    const double z1 = ((((((8.870940696254551483019947e+2 * r +
                            1.181949334706229440427793e+4) *
                               r +
                           2.378204138211438573125227e+4) *
                              r +
                          1.623586251516757538425165e+4) *
                             r +
                         4.854886889384388679464844e+3) *
                            r +
                        6.970626653438959823846491e+2) *
                           r +
                       4.707268811238397801228513e+1) *
                          r +
                      1.197532311567091256457826e+0;
    const double z2 =
        ((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r +
             3.9307895800092710610e4) *
                r +
            2.1213794301586595867e4) *
               r +
           5.3941960214247511077e3) *
              r +
          6.8718700749205790830e2) *
             r +
         4.2313330701600911252e1) *
            r +
        1.0;
    ans = (x * z1) / z2;
  } else {
    double r = std::sqrt(0.693147180559945309417232121458176568 - Log(1.0 - x));
    double z1, z2;
    if (r <= 5.0) {
      r -= 1.6;
      z1 =
          ((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r +
               2.41780725177450611770e-1) *
                  r +
              1.27045825245236838258e0) *
                 r +
             3.64784832476320460504e0) *
                r +
            5.76949722146069140550e0) *
               r +
           4.63033784615654529590e0) *
              r +
          1.42343711074968357734e0;
      z2 = ((((((1.485985001984035590549788e-9 * r +
                 7.744145906515770916557722e-4) *
                    r +
                2.149416038425287677709730e-2) *
                   r +
               2.094506521051274912828844e-1) *
                  r +
              9.754783200178742718689484e-1) *
                 r +
             2.370766162602453236597123e+0) *
                r +
            2.903651444541994617313329e+0) *
               r +
           1.414213562373095048801689e+0;
    } else {
      r -= 5.0;
      z1 =
          ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r +
               1.24266094738807843860e-3) *
                  r +
              2.65321895265761230930e-2) *
                 r +
             2.96560571828504891230e-1) *
                r +
            1.78482653991729133580e0) *
               r +
           5.46378491116411436990e0) *
              r +
          6.65790464350110377720e0;
      z2 = ((((((2.891024605872965461538222e-15 * r +
                 2.010321207683943062279931e-7) *
                    r +
                2.611088405080593625138020e-5) *
                   r +
               1.112800997078859844711555e-3) *
                  r +
              2.103693768272068968719679e-2) *
                 r +
             1.936480946950659106176712e-1) *
                r +
            8.482908416595164588112026e-1) *
               r +
           1.414213562373095048801689e+0;
    }
    ans = z1 / z2;
  }
  return negative ? -ans : ans;
}

double Lgamma(double x, int* sign) {
  *sign = 1;
  if (x == -kInf) return -kInf;
  int s = 1;
  double r = lgamma_r(x, &s);
  *sign = s < 0 ? -1 : 1;
  if (x == 0) *sign = 1;
  return r;
}

namespace {

double Stirling(double x, double* second) {
  *second = 1;
  if (x > 200) return kInf;
  double w = 1 / x;
  w = 1 +
      w * ((((7.87311395793093628397E-4 * w + -2.29549961613378126380E-4) * w +
             -2.68132617805781232825E-3) *
                w +
            3.47222221605458667310E-3) *
               w +
           8.33333333333482257126E-2);
  double y1 = Exp(x);
  double y2 = 1;
  if (x > 143.01608) {
    double v = Pow(x, 0.5 * x - 0.25);
    y2 = v / y1;
    y1 = v;
  } else {
    y1 = Pow(x, x - 0.5) / y1;
  }
  *second = 2.506628274631000502417 * w * y2;
  return y1;
}

}  // namespace

// Cephes.
double Gamma(double x) {
  constexpr double kEuler = 0.57721566490153286060651209008240243;
  if (x == std::floor(x) && x < 0) return kNaN;
  if (x == -kInf || x != x) return kNaN;
  if (x == kInf) return kInf;
  if (x == 0) return std::copysign(kInf, x);
  double q = std::fabs(x);
  double p = std::floor(q);
  if (q > 33) {
    double y2;
    if (x >= 0) {
      double y1 = Stirling(x, &y2);
      return y1 * y2;
    }
    int sign = 1;
    if ((static_cast<int64_t>(p) & 1) == 0) sign = -1;
    double z = q - p;
    if (z > 0.5) {
      p = p + 1;
      z = q - p;
    }
    z = q * Sin(kPi * z);
    if (z == 0) return sign * kInf;
    double y1 = Stirling(q, &y2);
    double absz = std::fabs(z);
    double d = absz * y1 * y2;
    z = std::isinf(d) ? kPi / absz / y1 / y2 : kPi / d;
    return sign * z;
  }
  double z = 1;
  while (x >= 3) {
    x = x - 1;
    z = z * x;
  }
  while (x < 0) {
    if (x > -1e-09) return z / ((1 + kEuler * x) * x);
    z = z / x;
    x = x + 1;
  }
  while (x < 2) {
    if (x < 1e-09) return x == 0 ? kInf : z / ((1 + kEuler * x) * x);
    z = z / x;
    x = x + 1;
  }
  if (x == 2) return z;
  x = x - 2;
  double num =
      (((((x * 1.60119522476751861407e-04 + 1.19135147006586384913e-03) * x +
          1.04213797561761569935e-02) *
             x +
         4.76367800457137231464e-02) *
            x +
        2.07448227648435975150e-01) *
           x +
       4.94214826801497100753e-01) *
          x +
      9.99999999999999996796e-01;
  double den =
      ((((((x * -2.31581873324120129819e-05 + 5.39605580493303397842e-04) * x +
           -4.45641913851797240494e-03) *
              x +
          1.18139785222060435552e-02) *
             x +
         3.58236398605498653373e-02) *
            x +
        -2.34591795718243348568e-01) *
           x +
       7.14304917030273074085e-02) *
          x +
      1.00000000000000000320e+00;
  return z * num / den;
}

double J0(double x) { return std::isinf(x) ? 0 : ::j0(x); }

double J1(double x) { return std::isinf(x) ? 0 : ::j1(x); }

double Jn(int64_t n, double x) {
  return std::isinf(x) ? 0 : ::jn(static_cast<int>(n), x);
}

double Y0(double x) { return x < 0 ? kNaN : x == 0 ? -kInf : ::y0(x); }

double Y1(double x) { return x < 0 ? kNaN : x == 0 ? -kInf : ::y1(x); }

double Yn(int64_t n, double x) {
  if (x < 0) return kNaN;
  return ::yn(static_cast<int>(n), x);
}

}  // namespace mgo::stdlib::go_math
