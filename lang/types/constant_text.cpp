// Constants as text, for messages and dumps.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numbers>

#include "lang/types/constant.h"
#include "lang/types/constant_impl.h"
#include "lang/types/quote.h"

namespace mgo::types {

namespace {

// Strings are cut to this many characters, quotes included.
constexpr size_t kMaxShownRunes = 72;

std::string ShortString(llvm::StringRef bytes) {
  // A character is at most ten bytes when quoted, so a prefix is enough.
  std::string quoted = Quote(bytes.take_front(kMaxShownRunes * 4));
  size_t runes = 0, keep = 0;
  for (size_t i = 0; i < quoted.size(); i++) {
    bool starts = (static_cast<uint8_t>(quoted[i]) & 0xC0) != 0x80;
    if (starts && runes++ == kMaxShownRunes - 3) keep = i;
  }
  if (runes <= kMaxShownRunes) return quoted;
  return quoted.substr(0, keep) + "...";
}

// The shortest text that reads back as v, as Go's %g writes it.
std::string Shortest(double v) {
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof(digits), v,
                           std::chars_format::scientific);
  std::string scientific(digits, end.ptr);
  int exponent = std::atoi(scientific.c_str() + scientific.find('e') + 1);
  constexpr int kMinFixed = -4, kMaxFixed = 6;
  if (exponent < kMinFixed || exponent >= kMaxFixed) return scientific;
  char fixed[64];
  end =
      std::to_chars(fixed, fixed + sizeof(fixed), v, std::chars_format::fixed);
  return std::string(fixed, end.ptr);
}

// Six digits of a number outside float64's range, by logarithms: mantissa × 2^x
// is m × 10^e. As in Go, m is brought near [1, 10) in one step only, so that
// some very small numbers are shown as 0.7e-584.
std::string Huge(const mpfr_t v) {
  long binary;
  double m = mpfr_get_d_2exp(&binary, v, MPFR_RNDN);
  double decimal =
      static_cast<double>(binary) * (std::numbers::ln2 / std::numbers::ln10);
  auto e = static_cast<int64_t>(decimal);
  m *= std::pow(10, decimal - static_cast<double>(e));
  // What rounding to six digits would make 10 stays below it.
  constexpr double kRounding = 0.5e-6;
  if (std::fabs(m) < 1 - kRounding) {
    m *= 10;
    e--;
  } else if (std::fabs(m) >= 10) {
    m /= 10;
    e++;
  }
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), "%.6ge%+lld", m,
                static_cast<long long>(e));
  return buffer;
}

bool IsWhole(const Constant* x) {
  if (RepOf(x) == Rep::kFloat) {
    return mpfr_integer_p(Cast<FloatConstant>(x).value);
  }
  return mpz_cmp_ui(mpq_denref(Cast<RationalConstant>(x).value), 1) == 0;
}

std::string FloatText(const Constant* x) {
  double v = x->Float64Value();
  if (std::isinf(v) || (v == 0 && x->Sign() != 0)) {
    Mpfr f(x);
    return Huge(f.v);
  }
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), "%.6g", v);
  // 1.0000001 is not to look like the integer 1.
  bool looks_whole = std::strchr(buffer, '.') == nullptr;
  if (looks_whole && !IsWhole(x)) return Shortest(v);
  return buffer;
}

std::string IntegerText(const Constant* x) {
  if (IsSmall(x)) return std::to_string(SmallValue(x));
  const auto& big = Cast<BigConstant>(x);
  std::string text(mpz_sizeinbase(big.value, 10) + 2, '\0');
  mpz_get_str(text.data(), 10, big.value);
  text.resize(std::strlen(text.c_str()));
  return text;
}

std::string RationalText(const mpq_t q) {
  std::string text(
      mpz_sizeinbase(mpq_numref(q), 10) + mpz_sizeinbase(mpq_denref(q), 10) + 3,
      '\0');
  mpq_get_str(text.data(), 10, q);
  text.resize(std::strlen(text.c_str()));
  return text;
}

// All digits that tell the float from its neighbours.
std::string FullFloat(const mpfr_t v) {
  mpfr_exp_t exponent;
  char* digits = mpfr_get_str(nullptr, &exponent, 10, 0, v, MPFR_RNDN);
  std::string text = digits;
  mpfr_free_str(digits);
  size_t first = text[0] == '-' ? 1 : 0;
  size_t last = text.find_last_not_of('0');
  text.resize(std::max(last, first) + 1);
  if (text.size() > first + 1) text.insert(first + 1, ".");
  return text + "e" + std::to_string(static_cast<long>(exponent) - 1);
}

}  // namespace

std::string Constant::ToString() const {
  switch (RepOf(this)) {
    case Rep::kUnknown:
      return "unknown";
    case Rep::kBool:
      return BoolValue() ? "true" : "false";
    case Rep::kString:
      return ShortString(StringValue());
    case Rep::kSmall:
    case Rep::kBig:
      return IntegerText(this);
    case Rep::kRational:
    case Rep::kFloat:
      return FloatText(this);
    case Rep::kComplex: {
      const auto& c = Cast<ComplexConstant>(this);
      return "(" + c.real->ToString() + " + " + c.imag->ToString() + "i)";
    }
  }
  return "";
}

std::string Constant::ExactString() const {
  switch (RepOf(this)) {
    case Rep::kString:
      return Quote(StringValue());
    case Rep::kRational: {
      const auto& q = Cast<RationalConstant>(this).value;
      return RationalText(q);
    }
    case Rep::kFloat:
      return FullFloat(Cast<FloatConstant>(this).value);
    case Rep::kComplex: {
      const auto& c = Cast<ComplexConstant>(this);
      return "(" + c.real->ExactString() + " + " + c.imag->ExactString() + "i)";
    }
    default:
      return ToString();
  }
}

}  // namespace mgo::types
