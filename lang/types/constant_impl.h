// Representations of constants; private to constant*.cpp.
//
// A number is kept in the first of these that holds it: an int64, a GMP
// integer, a GMP rational whose numerator and denominator stay below
// kMaxRationalBits, a 512-bit MPFR float. Integers never leave the first two by
// themselves and fractions never go back to integers: ToInt does that where the
// language asks.
//
// Results of arithmetic are bounded: integers by kMaxShift and by the checker,
// which refuses more than 512 bits after each step; exponents of floats by
// kMaxExponent, beyond which the value is kUnknown (too large) or 0.
#ifndef MGO_LANG_TYPES_CONSTANT_IMPL_H_
#define MGO_LANG_TYPES_CONSTANT_IMPL_H_

#include <gmp.h>
#include <mpfr.h>

#include <vector>

#include "lang/types/constant.h"
#include "llvm/Support/Allocator.h"

namespace mgo::types {

// Precision of floats that are no rationals.
constexpr mpfr_prec_t kFloatBits = 512;
// Size of a rational's numerator and denominator, and |exponent| of a float
// literal, up to which fractions stay rational.
constexpr size_t kMaxRationalBits = 4096;
// Binary exponents of floats stay within ± this.
constexpr int64_t kMaxExponent = INT32_MAX;
// Left shifts by more than this are not computed.
constexpr uint64_t kMaxShift = 1 << 16;

class ConstantStore;

// How a constant is stored.
enum class Rep : uint8_t {
  kUnknown,
  kBool,
  kString,
  kSmall,
  kBig,
  kRational,
  kFloat,
  kComplex
};

// Base of the representations.
class ConstantImpl : public Constant {
 public:
  ConstantImpl(ConstKind kind, Rep r) : Constant(kind), rep(r) {}
  const Rep rep;
};

struct BoolConstant : ConstantImpl {
  bool value;
  explicit BoolConstant(bool v)
      : ConstantImpl(ConstKind::kBool, Rep::kBool), value(v) {}
};

// A concatenation is a rope until somebody asks for its text, so that a sum of
// a million strings is not quadratic.
struct StringConstant : ConstantImpl {
  mutable llvm::StringRef text;
  mutable const StringConstant* left = nullptr;
  mutable const StringConstant* right = nullptr;
  size_t size;
  ConstantStore* store;
  StringConstant(ConstantStore* s, llvm::StringRef t)
      : ConstantImpl(ConstKind::kString, Rep::kString),
        text(t),
        size(t.size()),
        store(s) {}
  // The text; flattens the rope.
  llvm::StringRef Text() const;
};

struct SmallConstant : ConstantImpl {
  int64_t value;
  explicit SmallConstant(int64_t v)
      : ConstantImpl(ConstKind::kInt, Rep::kSmall), value(v) {}
};

// An integer outside the int64 range.
struct BigConstant : ConstantImpl {
  mpz_t value;
  BigConstant() : ConstantImpl(ConstKind::kInt, Rep::kBig) {}
};

struct RationalConstant : ConstantImpl {
  mpq_t value;
  RationalConstant() : ConstantImpl(ConstKind::kFloat, Rep::kRational) {}
};

struct FloatConstant : ConstantImpl {
  mpfr_t value;
  FloatConstant() : ConstantImpl(ConstKind::kFloat, Rep::kFloat) {}
};

// Both parts are real numbers.
struct ComplexConstant : ConstantImpl {
  const Constant *real, *imag;
  ComplexConstant(const Constant* r, const Constant* i)
      : ConstantImpl(ConstKind::kComplex, Rep::kComplex), real(r), imag(i) {}
};

inline Rep RepOf(const Constant* x) {
  return static_cast<const ConstantImpl*>(x)->rep;
}
template <typename T>
const T& Cast(const Constant* x) {
  return *static_cast<const T*>(x);
}
inline bool IsSmall(const Constant* x) { return RepOf(x) == Rep::kSmall; }
inline int64_t SmallValue(const Constant* x) {
  return Cast<SmallConstant>(x).value;
}

// Scoped GMP and MPFR numbers.
struct Mpz {
  mpz_t v;
  Mpz() { mpz_init(v); }
  // Of a kInt.
  explicit Mpz(const Constant* x);
  ~Mpz() { mpz_clear(v); }
  Mpz(const Mpz&) = delete;
};
struct Mpq {
  mpq_t v;
  Mpq() { mpq_init(v); }
  // Of a kInt, or a rational.
  explicit Mpq(const Constant* x);
  ~Mpq() { mpq_clear(v); }
  Mpq(const Mpq&) = delete;
};
struct Mpfr {
  mpfr_t v;
  explicit Mpfr(mpfr_prec_t bits = kFloatBits) {
    WidenExponents();
    mpfr_init2(v, bits);
  }
  // Of a kInt or kFloat, to 512 bits.
  explicit Mpfr(const Constant* x);
  ~Mpfr() { mpfr_clear(v); }
  Mpfr(const Mpfr&) = delete;

 private:
  // The default range of exponents is smaller than that of Go's floats. Each
  // thread has its own.
  static void WidenExponents() {
    static thread_local bool done = false;
    if (done) return;
    done = true;
    mpfr_set_emin(mpfr_get_emin_min());
    mpfr_set_emax(mpfr_get_emax_max());
  }
};

// Memory of constants, and their makers.
class ConstantStore {
 public:
  ConstantStore() = default;
  ~ConstantStore();
  ConstantStore(const ConstantStore&) = delete;

  const Constant* Unknown() const { return &unknown_; }
  const Constant* Bool(bool v) const { return v ? &true_ : &false_; }
  const Constant* Small(int64_t v);
  const Constant* Text(llvm::StringRef text);
  const Constant* Concat(const Constant* x, const Constant* y);
  // Copies; the smallest representation.
  const Constant* Integer(const mpz_t v);
  // Copies; a float where it has grown too large. `keep`: a rational anyway.
  const Constant* Rational(const mpq_t v, bool keep = false);
  // Copies; unknown when infinite, zero when below the exponents' range.
  const Constant* Float(const mpfr_t v);
  const Constant* Complex(const Constant* real, const Constant* imag);
  char* Bytes(size_t size);

 private:
  static constexpr int64_t kCacheMin = -16, kCacheMax = 255;
  template <typename T, typename... Args>
  T* New(Args&&... args) {
    return new (allocator_.Allocate<T>()) T(std::forward<Args>(args)...);
  }
  llvm::BumpPtrAllocator allocator_;
  ConstantImpl unknown_{ConstKind::kUnknown, Rep::kUnknown};
  BoolConstant true_{true}, false_{false};
  const SmallConstant* cache_[kCacheMax - kCacheMin + 1] = {};
  // Those with GMP or MPFR memory.
  std::vector<BigConstant*> bigs_;
  std::vector<RationalConstant*> rationals_;
  std::vector<FloatConstant*> floats_;
};

struct ConstantArena::Storage : ConstantStore {};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_CONSTANT_IMPL_H_
