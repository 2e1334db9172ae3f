#include "lang/types/quote.h"

#include <cstdio>

#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

namespace mgo::types {

// Appends \x, \u or \U with that many digits.
static void AppendHex(char letter, int digits, uint32_t value,
                      std::string* out) {
  char buffer[16];
  std::snprintf(buffer, sizeof(buffer), "\\%c%0*x", letter, digits, value);
  *out += buffer;
}

// Appends an ASCII character.
static void AppendAscii(char c, std::string* out) {
  static constexpr llvm::StringLiteral kControls("\a\b\f\n\r\t\v");
  static constexpr char kLetters[] = "abfnrtv";
  if (c == '"' || c == '\\') {
    *out += '\\';
    *out += c;
  } else if (size_t i = kControls.find(c); i != kControls.npos) {
    *out += '\\';
    *out += kLetters[i];
  } else if (c < ' ' || c == 0x7F) {
    AppendHex('x', 2, static_cast<uint8_t>(c), out);
  } else {
    *out += c;
  }
}

std::string Quote(llvm::StringRef bytes) {
  std::string out = "\"";
  const auto* p = reinterpret_cast<const llvm::UTF8*>(bytes.begin());
  const auto* end = reinterpret_cast<const llvm::UTF8*>(bytes.end());
  while (p < end) {
    if (*p < 0x80) {
      AppendAscii(static_cast<char>(*p++), &out);
      continue;
    }
    const llvm::UTF8* start = p;
    llvm::UTF32 rune;
    if (llvm::convertUTF8Sequence(&p, end, &rune, llvm::strictConversion) !=
        llvm::conversionOK) {
      p = start + 1;
      AppendHex('x', 2, *start, &out);
    } else if (llvm::sys::unicode::isPrintable(static_cast<int>(rune))) {
      out.append(reinterpret_cast<const char*>(start), p - start);
    } else if (rune < 0x10000) {
      AppendHex('u', 4, rune, &out);
    } else {
      AppendHex('U', 8, rune, &out);
    }
  }
  return out + "\"";
}

}  // namespace mgo::types
