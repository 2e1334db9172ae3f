#include "stdlib/fmt/formatter.h"

#include "stdlib/internal/text/number.h"
#include "stdlib/internal/text/quote.h"
#include "stdlib/internal/text/unicode.h"
#include "stdlib/internal/text/utf8.h"

namespace mgo::stdlib {

void Formatter::Padding(int64_t n) {
  if (n <= 0) return;
  // Zeros only go to the left.
  out.append(n, Has(kZero) && !Has(kMinus) ? '0' : ' ');
}

void Formatter::Pad(std::string_view s) {
  if (!Has(kHasWidth) || width == 0) {
    out += s;
    return;
  }
  int64_t n = width - RuneCount(s);
  if (Has(kMinus)) {
    out += s;
    Padding(n);
  } else {
    Padding(n);
    out += s;
  }
}

bool Formatter::Bool(bool v, uint32_t verb) {
  if (verb != 't' && verb != 'v') return false;
  Pad(v ? "true" : "false");
  return true;
}

void Formatter::PlainInteger(uint64_t v, int base, bool is_signed,
                             uint32_t verb, bool upper) {
  bool negative = is_signed && static_cast<int64_t>(v) < 0;
  if (negative) v = -v;
  int64_t digits = 0;  // the least number of digits
  if (Has(kHasPrec)) {
    digits = prec;
    if (digits == 0 && v == 0) {
      uint32_t saved = flags;
      flags &= ~kZero;
      if (Has(kHasWidth)) Padding(width);
      flags = saved;
      return;
    }
  } else if (Has(kZero) && !Has(kMinus) && Has(kHasWidth)) {
    digits = width;
    if (negative || Has(kPlus | kSpaceFlag)) --digits;
  }
  char buf[65];
  char* end = buf + sizeof buf;
  char* p = end;
  const char* letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  const auto b = static_cast<uint64_t>(base);
  do {
    *--p = letters[v % b];
    v /= b;
  } while (v != 0);
  std::string_view number(p, end - p);
  const auto length = static_cast<int64_t>(number.size());

  // Everything fits in one buffer with the text; make it and pad.
  std::string text;
  if (negative) {
    text += '-';
  } else if (Has(kPlus)) {
    text += '+';
  } else if (Has(kSpaceFlag)) {
    text += ' ';
  }
  if (verb == 'O') text += "0o";
  bool zeros = digits > length;
  if (Has(kSharp)) {
    if (base == 2) text += "0b";
    if (base == 8 && !zeros && number[0] != '0') text += '0';
    if (base == 16) text += upper ? "0X" : "0x";
  }
  if (zeros) text.append(digits - length, '0');
  text += number;
  uint32_t saved = flags;
  flags &= ~kZero;
  Pad(text);
  flags = saved;
}

void Formatter::Hex(uint64_t v, bool prefix) {
  uint32_t saved = flags;
  flags = prefix ? flags | kSharp : flags & ~kSharp;
  PlainInteger(v, 16, false, 'v', false);
  flags = saved;
}

void Formatter::Char(uint64_t v) {
  std::string text;
  AppendRune(text, v > kMaxRune ? kRuneError : static_cast<uint32_t>(v));
  Pad(text);
}

void Formatter::QuotedChar(uint64_t v) {
  std::string text;
  AppendQuoteRune(text, v > kMaxRune ? kRuneError : static_cast<uint32_t>(v),
                  Has(kPlus) ? QuoteStyle::kAscii : QuoteStyle::kUnicode);
  Pad(text);
}

void Formatter::UnicodePoint(uint64_t v) {
  int64_t digits = Has(kHasPrec) && prec > 4 ? prec : 4;
  char buf[16];
  int n = 0;
  uint64_t rest = v;
  do {
    buf[n++] = "0123456789ABCDEF"[rest & 15];
    rest >>= 4;
  } while (rest != 0);
  std::string text = "U+";
  if (digits > n) text.append(digits - n, '0');
  while (n > 0) text += buf[--n];
  if (Has(kSharp) && v <= kMaxRune && IsPrint(static_cast<uint32_t>(v))) {
    text += " '";
    AppendRune(text, static_cast<uint32_t>(v));
    text += '\'';
  }
  uint32_t saved = flags;
  flags &= ~kZero;
  Pad(text);
  flags = saved;
}

bool Formatter::Integer(uint64_t v, bool is_signed, uint32_t verb) {
  switch (verb) {
    case 'v':
      if (Has(kSharpV) && !is_signed) {
        Hex(v, true);
        return true;
      }
      [[fallthrough]];
    case 'd':
      if ((flags & (kFormatFlags & ~(kPlusV | kSharpV))) == 0) {
        if (is_signed) {
          AppendInt(out, static_cast<int64_t>(v), 10);
        } else {
          AppendUint(out, v, 10);
        }
        return true;
      }
      PlainInteger(v, 10, is_signed, verb, false);
      return true;
    case 'b':
      PlainInteger(v, 2, is_signed, verb, false);
      return true;
    case 'o':
    case 'O':
      PlainInteger(v, 8, is_signed, verb, false);
      return true;
    case 'x':
      PlainInteger(v, 16, is_signed, verb, false);
      return true;
    case 'X':
      PlainInteger(v, 16, is_signed, verb, true);
      return true;
    case 'c':
      Char(v);
      return true;
    case 'q':
      QuotedChar(v);
      return true;
    case 'U':
      UnicodePoint(v);
      return true;
    default:
      return false;
  }
}

namespace {

// Adds the point and the zeros that the flag # wants to a number that
// strconv made: `number` without its sign.
void SharpFloat(std::string& number, char format, int64_t digits) {
  const bool hex = format == 'x' || format == 'X';
  size_t tail = number.size();
  bool point = false;
  bool nonzero = false;
  for (size_t i = 0; i < number.size(); ++i) {
    char c = number[i];
    if (c == '.') {
      point = true;
      continue;
    }
    bool exponent = hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
    if (exponent) {
      tail = i;
      break;
    }
    // Leading zeros do not count as digits; the x of 0x does.
    if (c != '0') nonzero = true;
    if (nonzero) --digits;
  }
  std::string rest = number.substr(tail);
  number.resize(tail);
  if (!point) {
    // A lone zero is one digit.
    if (number == "0") --digits;
    number += '.';
  }
  bool fills = format == 'g' || format == 'G' || format == 'x';
  if (fills && digits > 0) number.append(digits, '0');
  number += rest;
}

}  // namespace

void Formatter::PlainFloat(double v, int bits, char format, int64_t precision) {
  if (Has(kHasPrec)) precision = prec;
  if ((flags & (kFormatFlags & ~(kPlusV | kSharpV | kHasPrec))) == 0) {
    size_t start = out.size();
    AppendFloat(out, v, format, precision, bits);
    // strconv's +Inf is fmt's as well.
    (void)start;
    return;
  }
  std::string number;
  AppendFloat(number, v, format, precision, bits);
  char sign = '+';
  if (number[0] == '-' || number[0] == '+') {
    sign = number[0];
    number.erase(0, 1);
  }
  if (Has(kSpaceFlag) && sign == '+' && !Has(kPlus)) sign = ' ';
  if (number[0] == 'I' || number[0] == 'N') {
    uint32_t saved = flags;
    flags &= ~kZero;
    if (number[0] == 'N' && !Has(kSpaceFlag | kPlus)) {
      Pad(number);
    } else {
      Pad(std::string(1, sign) + number);
    }
    flags = saved;
    return;
  }
  if (Has(kSharp) && format != 'b') {
    SharpFloat(number, format, precision < 0 ? 6 : precision);
  }
  if (Has(kPlus) || sign != '+') {
    auto length = static_cast<int64_t>(number.size()) + 1;
    if (Has(kZero) && !Has(kMinus) && Has(kHasWidth) && width > length) {
      out += sign;
      Padding(width - length);
      out += number;
      return;
    }
    Pad(std::string(1, sign) + number);
    return;
  }
  Pad(number);
}

bool Formatter::Float(double v, int bits, uint32_t verb) {
  switch (verb) {
    case 'v':
      PlainFloat(v, bits, 'g', -1);
      return true;
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      PlainFloat(v, bits, static_cast<char>(verb), -1);
      return true;
    case 'f':
    case 'e':
    case 'E':
      PlainFloat(v, bits, static_cast<char>(verb), 6);
      return true;
    case 'F':
      PlainFloat(v, bits, 'f', 6);
      return true;
    default:
      return false;
  }
}

bool Formatter::Complex(double re, double im, int bits, uint32_t verb) {
  switch (verb) {
    case 'v':
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
    case 'f':
    case 'F':
    case 'e':
    case 'E':
      break;
    default:
      return false;
  }
  uint32_t saved = flags;
  out += '(';
  Float(re, bits / 2, verb);
  flags |= kPlus;
  Float(im, bits / 2, verb);
  out += "i)";
  flags = saved;
  return true;
}

std::string_view Formatter::Truncate(std::string_view s) const {
  if (!Has(kHasPrec)) return s;
  size_t i = 0;
  for (int64_t n = prec; i < s.size(); --n) {
    if (n <= 0) return s.substr(0, i);
    i += DecodeRune(s.substr(i)).length;
  }
  return s;
}

void Formatter::PlainString(std::string_view s) { Pad(Truncate(s)); }

void Formatter::Quoted(std::string_view s) {
  s = Truncate(s);
  if (Has(kSharp) && CanBackquote(s)) {
    Pad("`" + std::string(s) + "`");
    return;
  }
  std::string text;
  AppendQuote(text, s, Has(kPlus) ? QuoteStyle::kAscii : QuoteStyle::kUnicode);
  Pad(text);
}

void Formatter::HexBytes(std::string_view s, bool upper) {
  const char* letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  const char x = upper ? 'X' : 'x';
  if (Has(kHasPrec) && prec < static_cast<int64_t>(s.size())) {
    s = s.substr(0, prec < 0 ? 0 : prec);
  }
  if (s.empty()) {
    if (Has(kHasWidth)) Padding(width);
    return;
  }
  std::string text;
  for (size_t i = 0; i < s.size(); ++i) {
    if (i > 0 && Has(kSpaceFlag)) text += ' ';
    if (Has(kSharp) && (i == 0 || Has(kSpaceFlag))) {
      text += '0';
      text += x;
    }
    auto c = static_cast<uint8_t>(s[i]);
    text += letters[c >> 4];
    text += letters[c & 15];
  }
  Pad(text);
}

bool Formatter::String(std::string_view s, uint32_t verb) {
  switch (verb) {
    case 'v':
      if (Has(kSharpV)) {
        Quoted(s);
      } else {
        PlainString(s);
      }
      return true;
    default:
      return Bytes(s, verb);
  }
}

bool Formatter::Bytes(std::string_view s, uint32_t verb) {
  switch (verb) {
    case 's':
      PlainString(s);
      return true;
    case 'x':
      HexBytes(s, false);
      return true;
    case 'X':
      HexBytes(s, true);
      return true;
    case 'q':
      Quoted(s);
      return true;
    default:
      return false;
  }
}

}  // namespace mgo::stdlib
