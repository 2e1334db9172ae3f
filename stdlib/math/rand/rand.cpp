// The natives of package math/rand.
//
// Go's source begins from a state that its authors made by running the
// generator 7.8e12 steps; seeding mixes numbers of a small congruential
// generator into that state. cooked.inc has the state; rand_test.cpp computes
// it anew, by the recurrence's polynomial.
#include <cmath>

#include "runtime/base/fastrand.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

constexpr int kLag = 607;

constexpr uint64_t kCooked[kLag] = {
#include "stdlib/math/rand/cooked.inc"
};

// The next number of Park and Miller's generator with factor 48271.
int32_t NextSeed(int32_t x) {
  int32_t hi = x / 44488;
  int32_t lo = x % 44488;
  x = 48271 * lo - 3399 * hi;
  return x < 0 ? x + 2147483647 : x;
}

// A ziggurat's tables.
template <int n>
struct Ziggurat {
  uint32_t k[n];
  float w[n];
  float f[n];
};

double NormalDensity(double x) { return std::exp(-.5 * x * x); }
double NormalInverse(double y) { return std::sqrt(-2.0 * std::log(y)); }
double ExpDensity(double x) { return std::exp(-x); }
double ExpInverse(double y) { return -std::log(y); }

// Marsaglia and Tsang, "The Ziggurat Method for Generating Random Variables"
// (2000): r is where the tail begins, v the area of a strip, m the range of
// the integers that are scaled.
template <int n>
Ziggurat<n> MakeZiggurat(double r, double v, double m,
                         double (*density)(double), double (*inverse)(double)) {
  Ziggurat<n> z;
  double d = r;
  double t = r;
  double q = v / density(d);
  z.k[0] = static_cast<uint32_t>(d / q * m);
  z.k[1] = 0;
  z.w[0] = static_cast<float>(q / m);
  z.w[n - 1] = static_cast<float>(d / m);
  z.f[0] = 1;
  z.f[n - 1] = static_cast<float>(density(d));
  for (int i = n - 2; i >= 1; --i) {
    d = inverse(v / d + density(d));
    z.k[i + 1] = static_cast<uint32_t>(d / t * m);
    t = d;
    z.f[i] = static_cast<float>(density(d));
    z.w[i] = static_cast<float>(d / m);
  }
  return z;
}

template <typename Z>
NativeStatus SetEntry(NativeFrame& f, const Z& z, int64_t i) {
  f.SetUint(0, z.k[i]);
  f.SetUint(1, __builtin_bit_cast(uint32_t, z.w[i]));
  f.SetUint(2, __builtin_bit_cast(uint32_t, z.f[i]));
  return NativeStatus::kOk;
}

}  // namespace

// func seedVector(vec *[607]uint64, seed int64)
NativeStatus RandSeedVector(NativeFrame& f) {
  auto* vec = f.Pointer<uint64_t>(0);
  int64_t seed = f.Int(1) % 2147483647;
  if (seed < 0) seed += 2147483647;
  if (seed == 0) seed = 89482311;
  auto x = static_cast<int32_t>(seed);
  for (int i = 0; i < 20; ++i) x = NextSeed(x);
  for (int i = 0; i < kLag; ++i) {
    x = NextSeed(x);
    uint64_t u = static_cast<uint64_t>(x) << 40;
    x = NextSeed(x);
    u ^= static_cast<uint64_t>(x) << 20;
    x = NextSeed(x);
    u ^= static_cast<uint64_t>(x);
    vec[i] = u ^ kCooked[i];
  }
  return NativeStatus::kOk;
}

// func random64() uint64
NativeStatus RandRandom64(NativeFrame& f) {
  f.SetUint(0, rt::FastRand64());
  return NativeStatus::kOk;
}

// func ziggurat(normal bool, i int) (k uint32, w, f float32)
NativeStatus RandZiggurat(NativeFrame& f) {
  const int64_t i = f.Int(4);
  if (f.Bool(3)) {
    static const auto normal =
        MakeZiggurat<128>(3.442619855899, 9.91256303526217e-3, 2147483648.0,
                          NormalDensity, NormalInverse);
    return SetEntry(f, normal, i & 127);
  }
  static const auto exponential =
      MakeZiggurat<256>(7.69711747013104972, 3.949659822581572e-3, 4294967296.0,
                        ExpDensity, ExpInverse);
  return SetEntry(f, exponential, i & 255);
}

}  // namespace mgo::stdlib
