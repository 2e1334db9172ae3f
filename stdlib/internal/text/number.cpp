#include "stdlib/internal/text/number.h"

#include <charconv>
#include <limits>

namespace mgo::stdlib {
namespace {

char Lower(char c) { return static_cast<char>(c | 0x20); }

// Whether the underscores of a literal stand where Go allows them: between
// digits, or between a base prefix and a digit.
bool UnderscoresOk(std::string_view s) {
  char before = '^';  // '0' digit or prefix, '_' underscore, '!' other
  size_t i = 0;
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) i = 1;
  bool hex = false;
  if (s.size() - i >= 2 && s[i] == '0') {
    char c = Lower(s[i + 1]);
    if (c == 'b' || c == 'o' || c == 'x') {
      hex = c == 'x';
      before = '0';
      i += 2;
    }
  }
  for (; i < s.size(); ++i) {
    char c = s[i];
    if ((c >= '0' && c <= '9') || (hex && Lower(c) >= 'a' && Lower(c) <= 'f')) {
      before = '0';
    } else if (c == '_') {
      if (before != '0') return false;
      before = '_';
    } else {
      if (before == '_') return false;
      before = '!';
    }
  }
  return before != '_';
}

}  // namespace

ParsedNumber<uint64_t> ParseUint(std::string_view s, int64_t base,
                                 int64_t bit_size) {
  const std::string_view whole = s;
  if (s.empty()) return {0, NumberError::kSyntax};
  const bool literal = base == 0;
  if (literal) {
    base = 10;
    if (s[0] == '0') {
      char c = s.size() >= 3 ? Lower(s[1]) : '\0';
      if (c == 'b' || c == 'o' || c == 'x') {
        base = c == 'b' ? 2 : c == 'o' ? 8 : 16;
        s.remove_prefix(2);
      } else {
        base = 8;
        s.remove_prefix(1);
      }
    }
  } else if (base < 2 || base > 36) {
    return {0, NumberError::kBase};
  }
  if (bit_size == 0) {
    bit_size = 64;
  } else if (bit_size < 0 || bit_size > 64) {
    return {0, NumberError::kBitSize};
  }
  const uint64_t max =
      bit_size == 64 ? ~uint64_t{0} : (uint64_t{1} << bit_size) - 1;
  bool underscores = false;
  uint64_t n = 0;
  for (char c : s) {
    int64_t d;
    if (c == '_' && literal) {
      underscores = true;
      continue;
    }
    if (c >= '0' && c <= '9') {
      d = c - '0';
    } else if (Lower(c) >= 'a' && Lower(c) <= 'z') {
      d = Lower(c) - 'a' + 10;
    } else {
      return {0, NumberError::kSyntax};
    }
    if (d >= base) return {0, NumberError::kSyntax};
    uint64_t next;
    if (__builtin_mul_overflow(n, static_cast<uint64_t>(base), &next) ||
        __builtin_add_overflow(next, static_cast<uint64_t>(d), &next) ||
        next > max) {
      return {max, NumberError::kRange};
    }
    n = next;
  }
  if (underscores && !UnderscoresOk(whole)) {
    return {0, NumberError::kSyntax};
  }
  return {n, NumberError::kOk};
}

ParsedNumber<int64_t> ParseInt(std::string_view s, int64_t base,
                               int64_t bit_size) {
  if (s.empty()) return {0, NumberError::kSyntax};
  bool negative = s[0] == '-';
  if (negative || s[0] == '+') s.remove_prefix(1);
  ParsedNumber<uint64_t> u = ParseUint(s, base, bit_size);
  if (u.error != NumberError::kOk && u.error != NumberError::kRange) {
    return {0, u.error};
  }
  if (bit_size == 0) bit_size = 64;
  const uint64_t limit = uint64_t{1} << (bit_size - 1);
  if (!negative && u.value >= limit) {
    return {static_cast<int64_t>(limit - 1), NumberError::kRange};
  }
  if (negative && u.value > limit) {
    return {static_cast<int64_t>(-limit), NumberError::kRange};
  }
  int64_t v = static_cast<int64_t>(negative ? -u.value : u.value);
  return {v, NumberError::kOk};
}

namespace {

size_t CommonFold(std::string_view s, std::string_view word) {
  size_t i = 0;
  while (i < s.size() && i < word.size() && Lower(s[i]) == word[i]) ++i;
  return i;
}

// inf, infinity, nan; length 0 if it is none of them.
ParsedFloat ParseSpecial(std::string_view s) {
  if (s.empty()) return {0, 0, NumberError::kSyntax};
  size_t sign = s[0] == '+' || s[0] == '-' ? 1 : 0;
  std::string_view body = s.substr(sign);
  size_t n = CommonFold(body, "infinity");
  if (n >= 3) {
    if (n < 8) n = 3;
    double inf = std::numeric_limits<double>::infinity();
    return {s[0] == '-' ? -inf : inf, static_cast<int64_t>(sign + n),
            NumberError::kOk};
  }
  if (sign == 0 && CommonFold(body, "nan") == 3) {
    return {std::numeric_limits<double>::quiet_NaN(), 3, NumberError::kOk};
  }
  return {0, 0, NumberError::kSyntax};
}

// A scanned number: its extent and, for hexadecimal ones, its parts.
struct FloatScan {
  size_t length = 0;  // 0: none
  bool negative = false;
  bool hex = false;
  bool underscores = false;
  uint64_t mantissa = 0;  // hexadecimal: leading digits
  int64_t exponent = 0;   // hexadecimal: binary exponent of the mantissa
  bool sticky = false;    // hexadecimal: digits beyond the mantissa not zero
};

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = Lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

FloatScan ScanFloat(std::string_view s) {
  FloatScan out;
  size_t i = 0;
  auto at = [&](size_t k) { return k < s.size() ? s[k] : '\0'; };
  if (at(i) == '+' || at(i) == '-') out.negative = s[i++] == '-';
  if (at(i) == '0' && Lower(at(i + 1)) == 'x') {
    out.hex = true;
    i += 2;
  }
  const int base = out.hex ? 16 : 10;
  bool point = false;
  bool digits = false;
  for (; i < s.size(); ++i) {
    char c = s[i];
    if (c == '_') {
      out.underscores = true;
      continue;
    }
    if (c == '.') {
      if (point) break;
      point = true;
      continue;
    }
    int d = DigitValue(c);
    if (d >= base) break;
    digits = true;
    if (!out.hex) continue;
    if (out.mantissa >> 60 == 0) {
      out.mantissa = out.mantissa << 4 | static_cast<uint64_t>(d);
      if (point) out.exponent -= 4;
    } else {
      out.sticky |= d != 0;
      if (!point) out.exponent += 4;
    }
  }
  if (!digits) return {};
  char e = out.hex ? 'p' : 'e';
  if (Lower(at(i)) == e) {
    size_t k = i + 1;
    int64_t sign = 1;
    if (at(k) == '+' || at(k) == '-') sign = s[k++] == '-' ? -1 : 1;
    if (at(k) < '0' || at(k) > '9') return {};
    int64_t exponent = 0;
    for (; k < s.size() && ((s[k] >= '0' && s[k] <= '9') || s[k] == '_'); ++k) {
      if (s[k] == '_') {
        out.underscores = true;
      } else if (exponent < 100000) {
        exponent = exponent * 10 + (s[k] - '0');
      }
    }
    out.exponent += sign * exponent;
    i = k;
  } else if (out.hex) {
    return {};  // a hexadecimal mantissa needs an exponent
  }
  if (out.underscores && !UnderscoresOk(s.substr(0, i))) return {};
  out.length = i;
  return out;
}

// Rounds a hexadecimal number to `bits` (24 or 53) of precision.
ParsedFloat RoundHex(const FloatScan& f, bool single) {
  const int precision = single ? 24 : 53;
  const int64_t min_exp = single ? -149 : -1074;  // of the lowest bit
  const int64_t max_exp = single ? 127 : 1023;
  double sign = f.negative ? -1.0 : 1.0;
  auto length = static_cast<int64_t>(f.length);
  if (f.mantissa == 0) return {sign * 0.0, length, NumberError::kOk};
  uint64_t m = f.mantissa;
  int64_t e = f.exponent;
  int top = 63 - __builtin_clzll(m);
  int64_t drop = top + 1 - precision;
  if (e + drop < min_exp) drop = min_exp - e;
  if (drop > 0) {
    bool sticky = f.sticky;
    bool half = false;
    if (drop > 64) {
      sticky = true;
      m = 0;
    } else {
      half = (m >> (drop - 1) & 1) != 0;
      sticky |= drop > 1 && (m & ((uint64_t{1} << (drop - 1)) - 1)) != 0;
      m = drop == 64 ? 0 : m >> drop;
    }
    if (half && (sticky || (m & 1) != 0)) ++m;
    e += drop;
  }
  if (m == 0) return {sign * 0.0, length, NumberError::kOk};
  if (e + 63 - __builtin_clzll(m) > max_exp) {
    return {sign * std::numeric_limits<double>::infinity(), length,
            NumberError::kRange};
  }
  return {sign * __builtin_ldexp(static_cast<double>(m), static_cast<int>(e)),
          length, NumberError::kOk};
}

template <typename T>
ParsedFloat ParseDecimal(std::string_view s, const FloatScan& f) {
  std::string_view body = s.substr(0, f.length);
  std::string plain;
  if (f.underscores) {
    for (char c : body) {
      if (c != '_') plain += c;
    }
    body = plain;
  }
  if (body[0] == '+' || body[0] == '-') body.remove_prefix(1);
  T value = 0;
  auto result = std::from_chars(body.data(), body.data() + body.size(), value);
  auto length = static_cast<int64_t>(f.length);
  double d = value;
  NumberError error = NumberError::kOk;
  if (result.ec == std::errc::result_out_of_range) {
    // Too large or too small: a zero is right for the latter. Which of the
    // two it is shows in the position of the first digit.
    int64_t exponent = 0;
    size_t i = 0;
    bool seen = false;
    for (; i < body.size() && Lower(body[i]) != 'e'; ++i) {
      if (body[i] == '.') break;
      if (body[i] != '0') seen = true;
      if (seen) ++exponent;
    }
    if (i < body.size() && body[i] == '.') {
      for (++i; i < body.size() && Lower(body[i]) != 'e'; ++i) {
        if (seen) continue;
        if (body[i] == '0') {
          --exponent;
        } else {
          seen = true;
        }
      }
    }
    exponent += f.exponent;
    if (exponent > 0) {
      d = std::numeric_limits<double>::infinity();
      error = NumberError::kRange;
    } else {
      d = 0;
    }
  }
  return {f.negative ? -d : d, length, error};
}

}  // namespace

ParsedFloat ParseFloatPrefix(std::string_view s, int64_t bit_size) {
  if (ParsedFloat special = ParseSpecial(s); special.length > 0) {
    return special;
  }
  FloatScan f = ScanFloat(s);
  if (f.length == 0) return {0, 0, NumberError::kSyntax};
  if (f.hex) return RoundHex(f, bit_size == 32);
  if (bit_size == 32) return ParseDecimal<float>(s, f);
  return ParseDecimal<double>(s, f);
}

void AppendUint(std::string& out, uint64_t u, int base) {
  char buf[64];
  auto result = std::to_chars(buf, buf + sizeof buf, u, base);
  out.append(buf, result.ptr);
}

void AppendInt(std::string& out, int64_t i, int base) {
  char buf[65];
  auto result = std::to_chars(buf, buf + sizeof buf, i, base);
  out.append(buf, result.ptr);
}

namespace {

// A positive finite number in decimal: 0.DIGITS times 10^point.
struct Decimal {
  std::string digits;  // empty for zero
  int point = 0;
};

// Takes a decimal apart that to_chars wrote in scientific format.
Decimal FromScientific(const char* begin, const char* end) {
  Decimal d;
  const char* p = begin;
  for (; p != end && *p != 'e'; ++p) {
    if (*p != '.') d.digits += *p;
  }
  int exponent = 0;
  if (p != end) {
    ++p;
    bool negative = *p == '-';
    for (++p; p != end; ++p) exponent = exponent * 10 + (*p - '0');
    if (negative) exponent = -exponent;
  }
  d.point = exponent + 1;
  return d;
}

Decimal Shortest(double f, int bits) {
  char buf[64];
  std::to_chars_result r =
      bits == 32 ? std::to_chars(buf, buf + sizeof buf, static_cast<float>(f),
                                 std::chars_format::scientific)
                 : std::to_chars(buf, buf + sizeof buf, f,
                                 std::chars_format::scientific);
  Decimal d = FromScientific(buf, r.ptr);
  while (!d.digits.empty() && d.digits.back() == '0') d.digits.pop_back();
  if (d.digits.empty()) d.point = 0;
  return d;
}

void AppendExponent(std::string& out, char format, int exponent) {
  out += format;
  out += exponent < 0 ? '-' : '+';
  if (exponent < 0) exponent = -exponent;
  if (exponent < 10) out += '0';
  AppendInt(out, exponent, 10);
}

// %e with digits already right; precision counts those after the point.
void AppendE(std::string& out, const Decimal& d, int64_t precision,
             char format) {
  out += d.digits.empty() ? '0' : d.digits[0];
  if (precision > 0) {
    out += '.';
    int64_t have = static_cast<int64_t>(d.digits.size()) - 1;
    if (have < 0) have = 0;
    if (have > precision) have = precision;
    if (have > 0) out.append(d.digits, 1, have);
    out.append(precision - have, '0');
  }
  AppendExponent(out, format, d.digits.empty() ? 0 : d.point - 1);
}

void AppendF(std::string& out, const Decimal& d, int64_t precision) {
  auto n = static_cast<int64_t>(d.digits.size());
  if (d.point > 0) {
    int64_t m = n < d.point ? n : d.point;
    out.append(d.digits, 0, m);
    out.append(d.point - m, '0');
  } else {
    out += '0';
  }
  if (precision > 0) {
    out += '.';
    for (int64_t i = 0; i < precision; ++i) {
      int64_t k = d.point + i;
      out += k >= 0 && k < n ? d.digits[k] : '0';
    }
  }
}

// to_chars with an exact number of digits, whatever that is.
template <typename Use>
void WithExact(double f, std::chars_format format, int64_t precision, Use use) {
  char small[512];
  const int64_t most = 1100;  // no double has more digits that are not zero
  int p = static_cast<int>(precision < most ? precision : most);
  auto r = std::to_chars(small, small + sizeof small, f, format, p);
  if (r.ec == std::errc()) {
    use(small, r.ptr);
    return;
  }
  char large[2048];
  r = std::to_chars(large, large + sizeof large, f, format, p);
  use(large, r.ptr);
}

// %b: mantissa as an integer and binary exponent.
void AppendB(std::string& out, double f, int bits) {
  uint64_t mantissa;
  int exponent;
  if (bits == 32) {
    auto u = __builtin_bit_cast(uint32_t, static_cast<float>(f));
    mantissa = u & 0x7FFFFF;
    exponent = static_cast<int>(u >> 23 & 0xFF);
    if (exponent == 0) {
      exponent = 1;
    } else {
      mantissa |= 1 << 23;
    }
    exponent -= 127 + 23;
  } else {
    auto u = __builtin_bit_cast(uint64_t, f);
    mantissa = u & 0xFFFFFFFFFFFFF;
    exponent = static_cast<int>(u >> 52 & 0x7FF);
    if (exponent == 0) {
      exponent = 1;
    } else {
      mantissa |= uint64_t{1} << 52;
    }
    exponent -= 1023 + 52;
  }
  AppendUint(out, mantissa, 10);
  out += 'p';
  if (exponent >= 0) out += '+';
  AppendInt(out, exponent, 10);
}

// %x and %X: -0x1.yyyyyyyyp±ddd.
void AppendHexFloat(std::string& out, double f, char format,
                    int64_t precision) {
  auto u = __builtin_bit_cast(uint64_t, f);
  uint64_t m = u & 0xFFFFFFFFFFFFF;
  int e = static_cast<int>(u >> 52 & 0x7FF);
  if (e == 0) {
    if (m == 0) {
      e = 0;
    } else {
      int shift = __builtin_clzll(m) - 11;
      m <<= shift;
      e = -1022 - shift;
    }
  } else {
    m |= uint64_t{1} << 52;
    e -= 1023;
  }
  m <<= 8;  // the leading 1 is bit 60
  if (precision >= 0 && precision < 15) {
    int drop = static_cast<int>(60 - precision * 4);
    uint64_t extra = m & ((uint64_t{1} << drop) - 1);
    uint64_t half = uint64_t{1} << (drop - 1);
    m >>= drop;
    if (extra > half || (extra == half && (m & 1) != 0)) ++m;
    m <<= drop;
    if ((m >> 61) != 0) {
      m >>= 1;
      ++e;
    }
  }
  const char* digits = format == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  out += '0';
  out += format;
  out += static_cast<char>('0' + (m >> 60 & 1));
  m = m << 4;
  if (precision < 0 ? m != 0 : precision > 0) {
    out += '.';
    for (int64_t i = 0; precision < 0 ? m != 0 : i < precision; ++i) {
      out += digits[m >> 60];
      m <<= 4;
    }
  }
  out += format == 'X' ? 'P' : 'p';
  out += e < 0 ? '-' : '+';
  if (e < 0) e = -e;
  if (e < 10) out += '0';
  AppendInt(out, e, 10);
}

void AppendG(std::string& out, double f, char format, int64_t precision,
             int bits) {
  const bool shortest = precision < 0;
  Decimal d;
  if (shortest) {
    d = Shortest(f, bits);
  } else {
    if (precision == 0) precision = 1;
    if (f != 0) {
      WithExact(
          f, std::chars_format::scientific, precision - 1,
          [&](const char* b, const char* e) { d = FromScientific(b, e); });
      // Digits beyond what the number has do not count.
      while (!d.digits.empty() && d.digits.back() == '0') d.digits.pop_back();
    }
  }
  auto n = static_cast<int64_t>(d.digits.size());
  int64_t threshold = shortest ? 6 : precision;
  if (!shortest && threshold > n && n >= d.point) threshold = n;
  int64_t exponent = d.point - 1;
  if (exponent < -4 || exponent >= threshold) {
    AppendE(out, d, n > 0 ? n - 1 : 0, format == 'g' ? 'e' : 'E');
    return;
  }
  AppendF(out, d, n > d.point ? n - d.point : 0);
}

}  // namespace

void AppendFloat(std::string& out, double f, char format, int64_t precision,
                 int bits) {
  if (bits == 32) f = static_cast<float>(f);
  if (f != f) {
    out += "NaN";
    return;
  }
  bool negative = __builtin_signbit(f) != 0;
  if (__builtin_isinf(f)) {
    out += negative ? "-Inf" : "+Inf";
    return;
  }
  if (negative) {
    out += '-';
    f = -f;
  }
  switch (format) {
    case 'b':
      AppendB(out, f, bits);
      return;
    case 'x':
    case 'X':
      AppendHexFloat(out, f, format, precision);
      return;
    case 'g':
    case 'G':
      AppendG(out, f, format, precision, bits);
      return;
    case 'e':
    case 'E': {
      if (precision < 0) {
        Decimal d = Shortest(f, bits);
        int64_t n = static_cast<int64_t>(d.digits.size());
        AppendE(out, d, n > 0 ? n - 1 : 0, format);
        return;
      }
      WithExact(f, std::chars_format::scientific, precision,
                [&](const char* b, const char* e) {
                  Decimal d = FromScientific(b, e);
                  if (f == 0) d.digits.clear();
                  AppendE(out, d, precision, format);
                });
      return;
    }
    case 'f': {
      if (precision < 0) {
        Decimal d = Shortest(f, bits);
        int64_t n = static_cast<int64_t>(d.digits.size());
        AppendF(out, d, n > d.point ? n - d.point : 0);
        return;
      }
      int64_t exact = precision < 1100 ? precision : 1100;
      WithExact(f, std::chars_format::fixed, precision,
                [&](const char* b, const char* e) { out.append(b, e); });
      out.append(precision - exact, '0');
      return;
    }
    default:
      if (negative) out.pop_back();
      out += '%';
      out += format;
      return;
  }
}

}  // namespace mgo::stdlib
