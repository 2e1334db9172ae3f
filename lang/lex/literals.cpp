// Literals: numbers, strings and runes (spec, "Integer literals" to "String
// literals"). The value of a literal is worked out by the checker; here it is
// found where the literal ends and whether it is well formed.
#include "lang/lex/scanner.h"

namespace mgo::lex {

using diag::DiagKind;

namespace {

constexpr char kQuotesNote[] = "a string stands in double quotes";

char Lower(char c) { return static_cast<char>(c | 0x20); }

bool IsDecimal(char c) { return c >= '0' && c <= '9'; }

bool IsHex(char c) {
  return IsDecimal(c) || (Lower(c) >= 'a' && Lower(c) <= 'f');
}

// The value of a digit; 16 for what is none.
unsigned DigitValue(char c) {
  if (IsDecimal(c)) return static_cast<unsigned>(c - '0');
  if (IsHex(c)) return static_cast<unsigned>(Lower(c) - 'a' + 10);
  return 16;
}

const char* BaseName(int base) {
  switch (base) {
    case 2:
      return "binary";
    case 8:
      return "octal";
    case 10:
      return "decimal";
    default:
      return "hexadecimal";
  }
}

// The first `_` in `text` that does not stand between two digits, where a base
// prefix counts as a digit; null if all do.
const char* MisplacedUnderscore(llvm::StringRef text) {
  char before = '.';
  size_t i = 0;
  if (text.size() >= 2 && text[0] == '0' &&
      llvm::StringRef("xob").contains(Lower(text[1]))) {
    i = 2;
    before = '0';
  }
  bool hex = text.size() >= 2 && Lower(text[1]) == 'x';
  for (; i < text.size(); i++) {
    char c = text[i];
    bool digit = IsDecimal(c) || (hex && IsHex(c));
    if (c == '_') {
      if (before != '0') return text.data() + i;
    } else if (!digit && before == '_') {
      return text.data() + i - 1;
    }
    before = digit ? '0' : c == '_' ? '_' : '.';
  }
  return before == '_' ? text.end() - 1 : nullptr;
}

}  // namespace

// What has been seen of a number.
struct Scanner::NumberScan {
  int base = 10;
  // 'x', 'o' or 'b'; '0' for a leading zero only; 0 for none.
  char prefix = 0;
  TokenKind kind = TokenKind::kInt;
  bool has_digits = false;
  bool has_underscore = false;
  // First digit too large for the base.
  const char* invalid = nullptr;
};

// Reads digits and underscores.
void Scanner::ScanDigits(NumberScan* number, int base) {
  for (;; cur_++) {
    char c = *cur_;
    if (c == '_') {
      number->has_underscore = true;
    } else if (base == 16 ? IsHex(c) : IsDecimal(c)) {
      number->has_digits = true;
      if (c - '0' >= base && base < 10 && number->invalid == nullptr) {
        number->invalid = cur_;
      }
    } else {
      return;
    }
  }
}

// Reads prefix, digits, radix point and fraction.
void Scanner::ScanMantissa(NumberScan* number) {
  if (*cur_ == '0') {
    cur_++;
    number->prefix = Lower(*cur_);
    switch (number->prefix) {
      case 'x':
        number->base = 16;
        cur_++;
        break;
      case 'o':
        number->base = 8;
        cur_++;
        break;
      case 'b':
        number->base = 2;
        cur_++;
        break;
      default:
        number->base = 8;
        number->prefix = '0';
        number->has_digits = true;
    }
  }
  ScanDigits(number, number->base);
  if (*cur_ == '.') {
    number->kind = TokenKind::kFloat;
    if (number->prefix == 'o' || number->prefix == 'b') {
      Error(cur_, DiagKind::kInvalidRadixPoint, BaseName(number->base));
    }
    cur_++;
    ScanDigits(number, number->base);
  }
  if (!number->has_digits && !malformed_) {
    Error(cur_, DiagKind::kNoDigits, BaseName(number->base));
  }
}

void Scanner::ScanExponent(NumberScan* number) {
  char e = Lower(*cur_);
  if (e != 'e' && e != 'p') {
    if (number->prefix == 'x' && number->kind == TokenKind::kFloat &&
        !malformed_) {
      Error(cur_, DiagKind::kNoHexExponent);
    }
    return;
  }
  if (!malformed_) {
    if (e == 'e' && number->prefix != 0 && number->prefix != '0') {
      Error(cur_, DiagKind::kDecimalExponent, std::string(1, *cur_));
    } else if (e == 'p' && number->prefix != 'x') {
      Error(cur_, DiagKind::kHexExponent, std::string(1, *cur_));
    }
  }
  cur_++;
  number->kind = TokenKind::kFloat;
  if (*cur_ == '+' || *cur_ == '-') cur_++;
  number->has_digits = false;
  ScanDigits(number, 10);
  if (!number->has_digits && !malformed_) {
    Error(cur_, DiagKind::kNoExponentDigits);
  }
}

// Checks what depends on the whole number.
void Scanner::CheckNumber(const NumberScan& number) {
  bool must_fit = number.kind == TokenKind::kInt || number.prefix == 'o' ||
                  number.prefix == 'b';
  if (must_fit && number.invalid != nullptr && !malformed_) {
    Error(number.invalid, DiagKind::kInvalidDigit,
          QuoteChar(*number.invalid) + " in " + BaseName(number.base));
  }
  if (number.has_underscore && !malformed_) {
    llvm::StringRef text(start_, static_cast<size_t>(cur_ - start_));
    if (const char* at = MisplacedUnderscore(text)) {
      Error(at, DiagKind::kMisplacedUnderscore);
    }
  }
}

void Scanner::Number() {
  cur_ = start_;
  malformed_ = false;
  NumberScan number;
  ScanMantissa(&number);
  ScanExponent(&number);
  if (*cur_ == 'i') {
    cur_++;
    // A leading zero does not make an imaginary literal octal.
    if (number.kind == TokenKind::kInt && number.prefix == '0') {
      number.invalid = nullptr;
    }
    number.kind = TokenKind::kImag;
  }
  CheckNumber(number);
  EmitFlagged(number.kind, malformed_ ? kMalformed : 0);
  semi_ = true;
}

// Reads the digits of an escape; the character after a bad one is still to be
// read.
bool Scanner::ScanEscapeDigits(int count, unsigned base, unsigned limit) {
  unsigned value = 0;
  for (int i = 0; i < count; i++) {
    if (AtEnd()) return true;  // the caller complains
    unsigned digit = DigitValue(*cur_);
    if (digit >= base) {
      const char* at = cur_;
      int32_t seen = ReadChar();
      if (seen >= 0) cur_ = at;
      const char* what =
          base == 8 ? " in octal escape" : " in hexadecimal escape";
      if (seen >= 0) {
        Error(at, DiagKind::kInvalidCharacterInEscape, QuoteChar(seen) + what);
      }
      return false;
    }
    value = value * base + digit;
    cur_++;
  }
  if (value > limit && base == 8) {
    Error(cur_, DiagKind::kOctalEscapeTooLarge, std::to_string(value));
    return false;
  }
  if (value > limit || (value >= 0xD800 && value < 0xE000 && count > 3)) {
    Error(cur_, DiagKind::kEscapeNotCodePoint,
          DescribeChar(static_cast<int32_t>(value)));
    return false;
  }
  return true;
}

// Reads what follows a backslash; false if an error was reported.
bool Scanner::ScanEscape(char quote) {
  if (AtEnd()) return true;  // the caller complains
  char c = *cur_;
  if (c == quote) {
    cur_++;
    return true;
  }
  switch (c) {
    case 'a':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
    case 'v':
    case '\\':
      cur_++;
      return true;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
      return ScanEscapeDigits(3, 8, 0xFF);
    case 'x':
      cur_++;
      return ScanEscapeDigits(2, 16, 0xFF);
    case 'u':
      cur_++;
      return ScanEscapeDigits(4, 16, 0x10FFFF);
    case 'U':
      cur_++;
      return ScanEscapeDigits(8, 16, 0x10FFFF);
    default:
      Error(cur_, DiagKind::kUnknownEscape);
      return false;
  }
}

void Scanner::String() {
  malformed_ = false;
  for (;;) {
    unsigned char c = *cur_;
    if (c == '"') {
      cur_++;
      break;
    }
    if (c == '\\') {
      cur_++;
      ScanEscape('"');
    } else if (c == '\n') {
      Error(cur_, DiagKind::kNewlineInString);
      break;
    } else if (c != 0 && c < 0x80) {
      cur_++;
    } else if (AtEnd()) {
      Error(start_, DiagKind::kStringNotTerminated);
      break;
    } else {
      ReadChar();
    }
  }
  EmitFlagged(TokenKind::kString, malformed_ ? kMalformed : 0);
  semi_ = true;
}

void Scanner::RawString() {
  malformed_ = false;
  uint8_t flags = 0;
  for (;;) {
    unsigned char c = *cur_;
    if (c == '`') {
      cur_++;
      break;
    }
    if (c == '\r') flags |= kHasCarriageReturn;
    if (c != 0 && c < 0x80) {
      cur_++;
    } else if (AtEnd()) {
      Error(start_, DiagKind::kStringNotTerminated);
      break;
    } else {
      ReadChar();
    }
  }
  if (malformed_) flags |= kMalformed;
  EmitFlagged(TokenKind::kString, flags);
  semi_ = true;
}

void Scanner::Rune() {
  malformed_ = false;
  // An escape was bad: whatever else is wrong follows from that.
  bool ok = true;
  int count = 0;
  for (;;) {
    unsigned char c = *cur_;
    if (AtEnd()) {
      if (ok) Error(start_, DiagKind::kRuneNotTerminated);
      break;
    }
    if (c == '\'') {
      if (ok && count == 0) {
        Error(cur_, DiagKind::kEmptyRune, {}, kQuotesNote);
      } else if (ok && count != 1) {
        Error(start_, DiagKind::kLongRune, {}, kQuotesNote);
      }
      cur_++;
      break;
    }
    if (c == '\n') {
      if (ok) Error(cur_, DiagKind::kNewlineInRune);
      break;
    }
    if (c == '\\') {
      cur_++;
      ok = ScanEscape('\'') && ok;
      count++;
    } else if (ReadChar() >= 0) {
      count++;
    }
  }
  EmitFlagged(TokenKind::kChar, malformed_ ? kMalformed : 0);
  semi_ = true;
}

}  // namespace mgo::lex
