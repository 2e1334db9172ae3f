#include "lang/types/constant.h"

#include <cassert>
#include <cmath>
#include <cstring>

#include "lang/types/constant_impl.h"

namespace mgo::types {

// --- scoped numbers ----------------------------------------------------------

Mpz::Mpz(const Constant* x) {
  if (IsSmall(x)) {
    mpz_init_set_si(v, SmallValue(x));
  } else {
    assert(RepOf(x) == Rep::kBig && "not an integer");
    mpz_init_set(v, Cast<BigConstant>(x).value);
  }
}

Mpq::Mpq(const Constant* x) {
  mpq_init(v);
  switch (RepOf(x)) {
    case Rep::kSmall:
      mpz_set_si(mpq_numref(v), SmallValue(x));
      break;
    case Rep::kBig:
      mpz_set(mpq_numref(v), Cast<BigConstant>(x).value);
      break;
    default:
      assert(RepOf(x) == Rep::kRational && "not a rational");
      mpq_set(v, Cast<RationalConstant>(x).value);
  }
}

Mpfr::Mpfr(const Constant* x) {
  WidenExponents();
  mpfr_init2(v, kFloatBits);
  switch (RepOf(x)) {
    case Rep::kSmall:
      mpfr_set_si(v, SmallValue(x), MPFR_RNDN);
      break;
    case Rep::kBig:
      mpfr_set_z(v, Cast<BigConstant>(x).value, MPFR_RNDN);
      break;
    case Rep::kRational:
      mpfr_set_q(v, Cast<RationalConstant>(x).value, MPFR_RNDN);
      break;
    default:
      assert(RepOf(x) == Rep::kFloat && "not a real number");
      mpfr_set(v, Cast<FloatConstant>(x).value, MPFR_RNDN);
  }
}

// --- the store ---------------------------------------------------------------

ConstantStore::~ConstantStore() {
  for (BigConstant* x : bigs_) mpz_clear(x->value);
  for (RationalConstant* x : rationals_) mpq_clear(x->value);
  for (FloatConstant* x : floats_) mpfr_clear(x->value);
}

const Constant* ConstantStore::Small(int64_t v) {
  if (v < kCacheMin || v > kCacheMax) return New<SmallConstant>(v);
  const SmallConstant*& entry = cache_[v - kCacheMin];
  if (entry == nullptr) entry = New<SmallConstant>(v);
  return entry;
}

char* ConstantStore::Bytes(size_t size) {
  return static_cast<char*>(allocator_.Allocate(size, 1));
}

const Constant* ConstantStore::Text(llvm::StringRef text) {
  return New<StringConstant>(this, text.copy(allocator_));
}

const Constant* ConstantStore::Concat(const Constant* x, const Constant* y) {
  const auto& left = Cast<StringConstant>(x);
  const auto& right = Cast<StringConstant>(y);
  if (left.size == 0) return y;
  if (right.size == 0) return x;
  auto* result = New<StringConstant>(this, llvm::StringRef());
  result->left = &left;
  result->right = &right;
  result->size = left.size + right.size;
  return result;
}

const Constant* ConstantStore::Integer(const mpz_t v) {
  if (mpz_fits_slong_p(v)) return Small(mpz_get_si(v));
  auto* result = New<BigConstant>();
  mpz_init_set(result->value, v);
  bigs_.push_back(result);
  return result;
}

const Constant* ConstantStore::Rational(const mpq_t v, bool keep) {
  bool small = mpz_sizeinbase(mpq_numref(v), 2) < kMaxRationalBits &&
               mpz_sizeinbase(mpq_denref(v), 2) < kMaxRationalBits;
  if (!small && !keep) {
    Mpfr f;
    mpfr_set_q(f.v, v, MPFR_RNDN);
    return Float(f.v);
  }
  auto* result = New<RationalConstant>();
  mpq_init(result->value);
  mpq_set(result->value, v);
  rationals_.push_back(result);
  return result;
}

const Constant* ConstantStore::Float(const mpfr_t v) {
  if (mpfr_nan_p(v) || mpfr_inf_p(v)) return Unknown();
  if (!mpfr_zero_p(v) && mpfr_get_exp(v) > kMaxExponent) return Unknown();
  if (mpfr_zero_p(v) || mpfr_get_exp(v) < -kMaxExponent) {
    Mpq zero;
    return Rational(zero.v);
  }
  auto* result = New<FloatConstant>();
  mpfr_init2(result->value, kFloatBits);
  mpfr_set(result->value, v, MPFR_RNDN);
  floats_.push_back(result);
  return result;
}

const Constant* ConstantStore::Complex(const Constant* real,
                                       const Constant* imag) {
  if (real->Kind() == ConstKind::kUnknown) return real;
  if (imag->Kind() == ConstKind::kUnknown) return imag;
  return New<ComplexConstant>(real, imag);
}

// Flattens a rope from its right end, without recursion: it may be a million
// deep, on either side.
llvm::StringRef StringConstant::Text() const {
  if (left == nullptr) return text;
  char* bytes = store->Bytes(size);
  size_t end = size;
  std::vector<const StringConstant*> pending = {this};
  while (!pending.empty()) {
    const StringConstant* part = pending.back();
    pending.pop_back();
    if (part->left != nullptr) {
      pending.push_back(part->left);
      pending.push_back(part->right);
      continue;
    }
    end -= part->size;
    std::memcpy(bytes + end, part->text.data(), part->size);
  }
  assert(end == 0 && "a rope's size is the sum of its parts'");
  text = llvm::StringRef(bytes, size);
  left = right = nullptr;
  return text;
}

// --- values ------------------------------------------------------------------

bool Constant::BoolValue() const {
  return RepOf(this) == Rep::kBool && Cast<BoolConstant>(this).value;
}

llvm::StringRef Constant::StringValue() const {
  if (RepOf(this) != Rep::kString) return {};
  return Cast<StringConstant>(this).Text();
}

bool Constant::Int64Value(int64_t* out) const {
  if (!IsSmall(this)) return false;
  *out = SmallValue(this);
  return true;
}

bool Constant::Uint64Value(uint64_t* out) const {
  if (IsSmall(this)) {
    *out = static_cast<uint64_t>(SmallValue(this));
    return SmallValue(this) >= 0;
  }
  if (RepOf(this) != Rep::kBig) return false;
  const auto& big = Cast<BigConstant>(this);
  if (!mpz_fits_ulong_p(big.value)) return false;
  *out = mpz_get_ui(big.value);
  return true;
}

// A rational to few more bits than a float64 has, the last one telling whether
// it is exact: rounding that once more cannot go wrong.
static void SetRoundToOdd(mpfr_t out, const mpq_t v) {
  if (mpfr_set_q(out, v, MPFR_RNDZ) == 0) return;
  // Truncated: the value lies strictly between out and the next number away
  // from zero. An odd last bit keeps out strictly between two float64s.
  Mpz mantissa;
  mpfr_get_z_2exp(mantissa.v, out);
  if (mpz_odd_p(mantissa.v)) return;
  if (mpfr_sgn(out) > 0) {
    mpfr_nextabove(out);
  } else {
    mpfr_nextbelow(out);
  }
}

double Constant::Float64Value() const {
  switch (RepOf(this)) {
    case Rep::kSmall:
      return static_cast<double>(SmallValue(this));
    case Rep::kBig: {
      Mpfr f(53);
      mpfr_set_z(f.v, Cast<BigConstant>(this).value, MPFR_RNDN);
      return mpfr_get_d(f.v, MPFR_RNDN);
    }
    case Rep::kRational: {
      Mpfr f(128);
      SetRoundToOdd(f.v, Cast<RationalConstant>(this).value);
      return mpfr_get_d(f.v, MPFR_RNDN);
    }
    case Rep::kFloat:
      return mpfr_get_d(Cast<FloatConstant>(this).value, MPFR_RNDN);
    default:
      return 0;
  }
}

float Constant::Float32Value() const {
  switch (RepOf(this)) {
    case Rep::kSmall:
      return static_cast<float>(SmallValue(this));
    case Rep::kBig: {
      Mpfr f(24);
      mpfr_set_z(f.v, Cast<BigConstant>(this).value, MPFR_RNDN);
      return mpfr_get_flt(f.v, MPFR_RNDN);
    }
    case Rep::kRational: {
      Mpfr f(128);
      SetRoundToOdd(f.v, Cast<RationalConstant>(this).value);
      return mpfr_get_flt(f.v, MPFR_RNDN);
    }
    case Rep::kFloat:
      return mpfr_get_flt(Cast<FloatConstant>(this).value, MPFR_RNDN);
    default:
      return 0;
  }
}

int Constant::Sign() const {
  switch (RepOf(this)) {
    case Rep::kSmall:
      return (SmallValue(this) > 0) - (SmallValue(this) < 0);
    case Rep::kBig:
      return mpz_sgn(Cast<BigConstant>(this).value);
    case Rep::kRational:
      return mpq_sgn(Cast<RationalConstant>(this).value);
    case Rep::kFloat:
      return mpfr_sgn(Cast<FloatConstant>(this).value);
    case Rep::kComplex: {
      const auto& c = Cast<ComplexConstant>(this);
      return (c.real->Sign() | c.imag->Sign()) != 0 ? 1 : 0;
    }
    default:
      return 1;
  }
}

// --- the arena ---------------------------------------------------------------

ConstantArena::ConstantArena() : storage_(new Storage) {}
ConstantArena::~ConstantArena() = default;

const Constant* ConstantArena::Unknown() { return storage_->Unknown(); }
const Constant* ConstantArena::Bool(bool v) { return storage_->Bool(v); }
const Constant* ConstantArena::Int(int64_t v) { return storage_->Small(v); }
const Constant* ConstantArena::String(llvm::StringRef bytes) {
  return storage_->Text(bytes);
}

const Constant* ConstantArena::Uint(uint64_t value) {
  if (value <= INT64_MAX) return Int(static_cast<int64_t>(value));
  Mpz z;
  mpz_set_ui(z.v, value);
  return storage_->Integer(z.v);
}

const Constant* ConstantArena::Float(double value) {
  if (!std::isfinite(value)) return Unknown();
  Mpq q;
  mpq_set_d(q.v, value);
  return storage_->Rational(q.v);
}

const Constant* ConstantArena::Complex(const Constant* real,
                                       const Constant* imag) {
  return storage_->Complex(real, imag);
}

// --- conversions -------------------------------------------------------------

// An integer that x differs from only by rounding errors of earlier steps; a
// float with few trailing fraction bits set is none.
static bool NearInteger(const mpfr_t x, mpz_t out) {
  if (mpfr_zero_p(x)) return false;
  if (mpfr_get_exp(x) > static_cast<mpfr_exp_t>(kMaxRationalBits)) return false;
  if (mpfr_integer_p(x)) {
    mpfr_get_z(out, x, MPFR_RNDN);
    return true;
  }
  constexpr int kGuardBits = 4;
  Mpfr rounded(kFloatBits - kGuardBits);
  for (mpfr_rnd_t mode : {MPFR_RNDD, MPFR_RNDU}) {
    mpfr_set(rounded.v, x, mode);
    if (mpfr_integer_p(rounded.v)) {
      mpfr_get_z(out, rounded.v, MPFR_RNDN);
      return true;
    }
  }
  return false;
}

const Constant* ConstantArena::ToInt(const Constant* x) {
  switch (RepOf(x)) {
    case Rep::kSmall:
    case Rep::kBig:
      return x;
    case Rep::kRational: {
      const auto& q = Cast<RationalConstant>(x).value;
      if (mpz_cmp_ui(mpq_denref(q), 1) != 0) return Unknown();
      return storage_->Integer(mpq_numref(q));
    }
    case Rep::kFloat: {
      Mpz z;
      if (!NearInteger(Cast<FloatConstant>(x).value, z.v)) return Unknown();
      return storage_->Integer(z.v);
    }
    case Rep::kComplex: {
      const auto& c = Cast<ComplexConstant>(x);
      return c.imag->Sign() == 0 ? ToInt(c.real) : Unknown();
    }
    default:
      return Unknown();
  }
}

const Constant* ConstantArena::ToFloat(const Constant* x) {
  switch (RepOf(x)) {
    case Rep::kSmall:
    case Rep::kBig: {
      Mpq q(x);
      return storage_->Rational(q.v);
    }
    case Rep::kRational:
    case Rep::kFloat:
      return x;
    case Rep::kComplex: {
      const auto& c = Cast<ComplexConstant>(x);
      return c.imag->Sign() == 0 ? ToFloat(c.real) : Unknown();
    }
    default:
      return Unknown();
  }
}

const Constant* ConstantArena::ToComplex(const Constant* x) {
  switch (x->Kind()) {
    case ConstKind::kInt:
    case ConstKind::kFloat:
      return Complex(x, Int(0));
    case ConstKind::kComplex:
      return x;
    default:
      return Unknown();
  }
}

const Constant* ConstantArena::Real(const Constant* x) {
  if (RepOf(x) == Rep::kComplex) return Cast<ComplexConstant>(x).real;
  return ToComplex(x)->Kind() == ConstKind::kUnknown ? Unknown() : x;
}

const Constant* ConstantArena::Imag(const Constant* x) {
  if (RepOf(x) == Rep::kComplex) return Cast<ComplexConstant>(x).imag;
  return ToComplex(x)->Kind() == ConstKind::kUnknown ? Unknown() : Int(0);
}

const Constant* ConstantArena::RoundFloat32(const Constant* x) {
  if (x->Kind() != ConstKind::kInt && x->Kind() != ConstKind::kFloat) {
    return Unknown();
  }
  return Float(x->Float32Value());
}

const Constant* ConstantArena::RoundFloat64(const Constant* x) {
  if (x->Kind() != ConstKind::kInt && x->Kind() != ConstKind::kFloat) {
    return Unknown();
  }
  return Float(x->Float64Value());
}

int ConstantArena::BitLength(const Constant* x) {
  if (IsSmall(x)) {
    int64_t v = SmallValue(x);
    uint64_t magnitude =
        v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
    return magnitude == 0 ? 0 : 64 - __builtin_clzll(magnitude);
  }
  if (RepOf(x) != Rep::kBig) return 0;
  return static_cast<int>(mpz_sizeinbase(Cast<BigConstant>(x).value, 2));
}

}  // namespace mgo::types
