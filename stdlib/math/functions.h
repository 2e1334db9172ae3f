// The elementary functions of package math, with Go's results to the last bit
// where that is known to be so (functions_test.cpp), and libm's elsewhere.
#ifndef MGO_STDLIB_MATH_FUNCTIONS_H_
#define MGO_STDLIB_MATH_FUNCTIONS_H_

#include <cstdint>

namespace mgo::stdlib::go_math {

double Acos(double x);
double Acosh(double x);
double Asin(double x);
double Asinh(double x);
double Atan(double x);
double Atan2(double y, double x);
double Atanh(double x);
double Cbrt(double x);
double Cos(double x);
double Cosh(double x);
double Dim(double x, double y);
double Erf(double x);
double Erfc(double x);
double Erfinv(double x);
double Exp(double x);
double Exp2(double x);
double Expm1(double x);
double Gamma(double x);
double Hypot(double p, double q);
double J0(double x);
double J1(double x);
double Jn(int64_t n, double x);
// Lgamma and the sign of Gamma.
double Lgamma(double x, int* sign);
double Log(double x);
double Log10(double x);
double Log1p(double x);
double Log2(double x);
double Mod(double x, double y);
double Pow(double x, double y);
double Pow10(int64_t n);
double Remainder(double x, double y);
double Sin(double x);
double Sinh(double x);
double Tan(double x);
double Tanh(double x);
double Y0(double x);
double Y1(double x);
double Yn(int64_t n, double x);

// x = frac * 2**exp with frac in [½, 1); zero, infinities, NaN: as they are.
double Frexp(double x, int64_t* exp);
// frac * 2**exp.
double Ldexp(double frac, int64_t exp);

}  // namespace mgo::stdlib::go_math

#endif  // MGO_STDLIB_MATH_FUNCTIONS_H_
