// Division of complex numbers, which lowering calls.
#include <cmath>
#include <limits>

#include "stdlib/natives.h"

namespace mgo::stdlib {

using rt::NativeFrame;
using rt::NativeStatus;

namespace {

struct Pair {
  double re, im;
};

// R. L. Smith, "Algorithm 116: Complex division", CACM 5(8), 1962.
Pair Smith(Pair n, Pair d) {
  if (std::fabs(d.re) >= std::fabs(d.im)) {
    double ratio = d.im / d.re;
    double scale = d.re + ratio * d.im;
    return {(n.re + n.im * ratio) / scale, (n.im - n.re * ratio) / scale};
  }
  double ratio = d.re / d.im;
  double scale = d.im + ratio * d.re;
  return {(n.re * ratio + n.im) / scale, (n.im * ratio - n.re) / scale};
}

bool IsInf(Pair z) { return std::isinf(z.re) || std::isinf(z.im); }
bool IsFinite(Pair z) { return std::isfinite(z.re) && std::isfinite(z.im); }

// An infinite part as ±1, another as ±0.
double InfToOne(double x) { return std::copysign(std::isinf(x) ? 1 : 0, x); }

}  // namespace

// The quotient, with infinities recovered as in C99, annex G.
NativeStatus RuntimeComplex128div(NativeFrame& f) {
  Pair n{f.Float(2), f.Float(3)};
  Pair d{f.Float(4), f.Float(5)};
  Pair q = Smith(n, d);
  if (std::isnan(q.re) && std::isnan(q.im)) {
    constexpr double kInf = std::numeric_limits<double>::infinity();
    if (d.re == 0 && d.im == 0 && !(std::isnan(n.re) && std::isnan(n.im))) {
      double inf = std::copysign(kInf, d.re);
      q = {inf * n.re, inf * n.im};
    } else if (IsInf(n) && IsFinite(d)) {
      n = {InfToOne(n.re), InfToOne(n.im)};
      q = {kInf * (n.re * d.re + n.im * d.im),
           kInf * (n.im * d.re - n.re * d.im)};
    } else if (IsInf(d) && IsFinite(n)) {
      d = {InfToOne(d.re), InfToOne(d.im)};
      q = {0 * (n.re * d.re + n.im * d.im), 0 * (n.im * d.re - n.re * d.im)};
    }
  }
  f.SetFloat(0, q.re);
  f.SetFloat(1, q.im);
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
