// Literals to constants. The lexer has already refused malformed ones; what it
// let through in error recovery becomes kUnknown here.
#include <string>

#include "lang/types/constant.h"
#include "lang/types/constant_impl.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

namespace mgo::types {

namespace {

constexpr uint32_t kMaxRune = 0x10FFFF;

void AppendUtf8(uint32_t rune, std::string* out) {
  bool surrogate = rune >= 0xD800 && rune <= 0xDFFF;
  if (rune > kMaxRune || surrogate) rune = 0xFFFD;
  if (rune < 0x80) {
    out->push_back(static_cast<char>(rune));
  } else if (rune < 0x800) {
    out->push_back(static_cast<char>(0xC0 | rune >> 6));
    out->push_back(static_cast<char>(0x80 | (rune & 0x3F)));
  } else if (rune < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | rune >> 12));
    out->push_back(static_cast<char>(0x80 | (rune >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (rune & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | rune >> 18));
    out->push_back(static_cast<char>(0x80 | (rune >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (rune >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (rune & 0x3F)));
  }
}

// Consumes one escape sequence (after the backslash) of a literal quoted by
// `quote`. *is_byte: it stands for a byte, not a code point.
bool ReadEscape(llvm::StringRef* text, char quote, uint32_t* value,
                bool* is_byte) {
  if (text->empty()) return false;
  char c = text->front();
  *text = text->drop_front();
  *is_byte = false;
  size_t digits = 0;
  unsigned radix = 16;
  switch (c) {
    case 'a':
      *value = '\a';
      return true;
    case 'b':
      *value = '\b';
      return true;
    case 'f':
      *value = '\f';
      return true;
    case 'n':
      *value = '\n';
      return true;
    case 'r':
      *value = '\r';
      return true;
    case 't':
      *value = '\t';
      return true;
    case 'v':
      *value = '\v';
      return true;
    case '\\':
      *value = '\\';
      return true;
    case '\'':
    case '"':
      *value = static_cast<uint8_t>(c);
      return c == quote;
    case 'x':
      digits = 2;
      break;
    case 'u':
      digits = 4;
      break;
    case 'U':
      digits = 8;
      break;
    default:
      if (c < '0' || c > '7') return false;
      digits = 3;
      radix = 8;
      *text = llvm::StringRef(text->data() - 1, text->size() + 1);
  }
  *is_byte = c != 'u' && c != 'U';
  if (text->size() < digits) return false;
  if (text->take_front(digits).getAsInteger(radix, *value)) return false;
  *text = text->drop_front(digits);
  return *is_byte ? *value <= 0xFF : *value <= kMaxRune;
}

// The bytes of a string literal, raw or interpreted.
bool Unquote(llvm::StringRef text, std::string* out) {
  if (text.size() < 2 || text.front() != text.back()) return false;
  char quote = text.front();
  text = text.drop_front().drop_back();
  out->reserve(text.size());
  if (quote == '`') {
    for (char c : text) {
      if (c != '\r') out->push_back(c);
    }
    return true;
  }
  while (!text.empty()) {
    size_t plain = std::min(text.find('\\'), text.size());
    out->append(text.begin(), text.begin() + plain);
    text = text.drop_front(plain);
    if (text.empty()) break;
    text = text.drop_front();
    uint32_t value;
    bool is_byte;
    if (!ReadEscape(&text, quote, &value, &is_byte)) return false;
    if (is_byte) {
      out->push_back(static_cast<char>(value));
    } else {
      AppendUtf8(value, out);
    }
  }
  return true;
}

// The code point of a rune literal.
bool UnquoteRune(llvm::StringRef text, uint32_t* out) {
  if (text.size() < 3 || text.front() != '\'' || text.back() != '\'') {
    return false;
  }
  text = text.drop_front().drop_back();
  bool is_byte;
  if (text.consume_front("\\")) {
    return ReadEscape(&text, '\'', out, &is_byte) && text.empty();
  }
  const auto* begin = reinterpret_cast<const llvm::UTF8*>(text.begin());
  llvm::UTF32 rune;
  if (llvm::convertUTF8Sequence(
          &begin, reinterpret_cast<const llvm::UTF8*>(text.end()), &rune,
          llvm::strictConversion) != llvm::conversionOK) {
    rune = 0xFFFD;
  }
  *out = rune;
  return true;
}

// The radix that a prefix names; 10 without. Drops the prefix.
unsigned TakeRadix(llvm::StringRef* digits) {
  if (digits->size() < 2 || digits->front() != '0') return 10;
  switch ((*digits)[1] | 0x20) {
    case 'x':
      *digits = digits->drop_front(2);
      return 16;
    case 'o':
      *digits = digits->drop_front(2);
      return 8;
    case 'b':
      *digits = digits->drop_front(2);
      return 2;
    default:
      return 10;
  }
}

std::string WithoutUnderscores(llvm::StringRef text) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    if (c != '_') result.push_back(c);
  }
  return result;
}

const Constant* ReadInteger(ConstantStore& store, llvm::StringRef text,
                            bool leading_zero_is_octal) {
  std::string stripped;
  if (text.contains('_')) {
    stripped = WithoutUnderscores(text);
    text = stripped;
  }
  unsigned radix = TakeRadix(&text);
  if (radix == 10 && leading_zero_is_octal && text.size() > 1 &&
      text.front() == '0') {
    radix = 8;
  }
  int64_t small;
  if (!text.getAsInteger(radix, small)) return store.Small(small);
  Mpz z;
  if (mpz_set_str(z.v, text.str().c_str(), static_cast<int>(radix)) != 0) {
    return store.Unknown();
  }
  return store.Integer(z.v);
}

// mantissa × base^exponent, exactly. The exponent is small.
const Constant* ExactFraction(ConstantStore& store, llvm::StringRef digits,
                              unsigned radix, unsigned base, int64_t exponent) {
  Mpq q;
  if (mpz_set_str(mpq_numref(q.v), digits.str().c_str(),
                  static_cast<int>(radix)) != 0) {
    return store.Unknown();
  }
  Mpz power;
  uint64_t magnitude =
      static_cast<uint64_t>(exponent < 0 ? -exponent : exponent);
  mpz_ui_pow_ui(power.v, base, magnitude);
  if (exponent < 0) {
    mpz_set(mpq_denref(q.v), power.v);
  } else {
    mpz_mul(mpq_numref(q.v), mpq_numref(q.v), power.v);
  }
  mpq_canonicalize(q.v);
  return store.Rational(q.v, /*keep=*/true);
}

const Constant* ReadFloat(ConstantStore& store, llvm::StringRef literal) {
  std::string text = WithoutUnderscores(literal);
  llvm::StringRef rest = text;
  unsigned radix = TakeRadix(&rest);
  bool hex = radix == 16;
  if (radix != 10 && !hex) return store.Unknown();

  // First approximately, to learn how large it is.
  Mpfr f;
  char* end;
  mpfr_strtofr(f.v, text.c_str(), &end, hex ? 16 : 10, MPFR_RNDN);
  if (*end != '\0' || mpfr_inf_p(f.v)) return store.Unknown();

  auto [mantissa, exponent_text] = rest.split(hex ? 'p' : 'e');
  if (exponent_text.empty()) {
    std::tie(mantissa, exponent_text) = rest.split(hex ? 'P' : 'E');
  }
  auto [whole, fraction] = mantissa.split('.');
  std::string digits = (whole + fraction).str();
  bool zero = digits.find_first_not_of('0') == digits.npos;
  exponent_text.consume_front("+");
  int64_t exponent = 0;
  bool absurd =
      !exponent_text.empty() &&
      (exponent_text.getAsInteger(10, exponent) || exponent < -kMaxExponent);
  if (absurd && !zero) return store.Unknown();
  int64_t size = zero || mpfr_zero_p(f.v) ? 0 : mpfr_get_exp(f.v);
  if (zero || mpfr_zero_p(f.v) || size < -kMaxExponent) {
    Mpq none;
    return store.Rational(none.v);
  }
  if (size <= -static_cast<int64_t>(kMaxRationalBits) ||
      size >= static_cast<int64_t>(kMaxRationalBits)) {
    return store.Float(f.v);
  }
  // Each digit behind the point is four bits of a hexadecimal mantissa.
  exponent -= (hex ? 4 : 1) * static_cast<int64_t>(fraction.size());
  return ExactFraction(store, digits, radix, hex ? 2 : 10, exponent);
}

const Constant* ReadImaginary(ConstantStore& store, llvm::StringRef text) {
  if (!text.consume_back("i")) return store.Unknown();
  llvm::StringRef rest = text;
  unsigned radix = TakeRadix(&rest);
  bool fraction = radix == 16 ? rest.find_first_of("pP.") != rest.npos
                              : rest.find_first_of("eE.") != rest.npos;
  const Constant* imag;
  if (fraction) {
    imag = ReadFloat(store, text);
  } else {
    imag = ReadInteger(store, text, /*leading_zero_is_octal=*/false);
    if (imag->Kind() == ConstKind::kInt) imag = store.Rational(Mpq(imag).v);
  }
  return store.Complex(store.Small(0), imag);
}

}  // namespace

const Constant* ConstantArena::FromLiteral(syntax::LitKind kind,
                                           llvm::StringRef text) {
  switch (kind) {
    case syntax::LitKind::kInt:
      return ReadInteger(*storage_, text, /*leading_zero_is_octal=*/true);
    case syntax::LitKind::kFloat:
      return ReadFloat(*storage_, text);
    case syntax::LitKind::kImag:
      return ReadImaginary(*storage_, text);
    case syntax::LitKind::kChar: {
      uint32_t rune;
      return UnquoteRune(text, &rune) ? Int(rune) : Unknown();
    }
    case syntax::LitKind::kString: {
      // The common case needs no copy but the arena's.
      if (text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
          text.find('\\') == text.npos) {
        return String(text.drop_front().drop_back());
      }
      std::string bytes;
      return Unquote(text, &bytes) ? String(bytes) : Unknown();
    }
  }
  return Unknown();
}

}  // namespace mgo::types
