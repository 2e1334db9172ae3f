#include "stdlib/internal/text/quote.h"

#include "stdlib/internal/text/unicode.h"
#include "stdlib/internal/text/utf8.h"

namespace mgo::stdlib {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendHex(std::string& out, char kind, uint32_t r, int digits) {
  out += '\\';
  out += kind;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += kHex[r >> shift & 15];
  }
}

void AppendEscaped(std::string& out, uint32_t r, char quote, QuoteStyle style) {
  if (r == static_cast<uint32_t>(quote) || r == '\\') {
    out += '\\';
    out += static_cast<char>(r);
    return;
  }
  if (style == QuoteStyle::kAscii) {
    if (r < 0x80 && IsPrint(r)) {
      out += static_cast<char>(r);
      return;
    }
  } else if (IsPrint(r) || (style == QuoteStyle::kGraphic && IsGraphic(r))) {
    AppendRune(out, r);
    return;
  }
  switch (r) {
    case '\a':
      out += "\\a";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\v':
      out += "\\v";
      return;
    default:
      break;
  }
  if (r < 0x20 || r == 0x7F) {
    AppendHex(out, 'x', r, 2);
  } else if (r < 0x10000) {
    AppendHex(out, 'u', r, 4);
  } else {
    AppendHex(out, 'U', r, 8);
  }
}

}  // namespace

void AppendQuote(std::string& out, std::string_view s, QuoteStyle style) {
  out += '"';
  while (!s.empty()) {
    DecodedRune d = DecodeRune(s);
    if (d.length == 1 && d.rune == kRuneError) {
      AppendHex(out, 'x', static_cast<uint8_t>(s[0]), 2);
    } else {
      AppendEscaped(out, d.rune, '"', style);
    }
    s.remove_prefix(d.length);
  }
  out += '"';
}

void AppendQuoteRune(std::string& out, uint32_t r, QuoteStyle style) {
  if (!ValidRune(r)) r = kRuneError;
  out += '\'';
  AppendEscaped(out, r, '\'', style);
  out += '\'';
}

bool CanBackquote(std::string_view s) {
  while (!s.empty()) {
    DecodedRune d = DecodeRune(s);
    if (d.length == 1) {
      if (d.rune == kRuneError || (d.rune < ' ' && d.rune != '\t') ||
          d.rune == '`' || d.rune == 0x7F) {
        return false;
      }
    } else if (d.rune == 0xFEFF) {
      return false;
    }
    s.remove_prefix(d.length);
  }
  return true;
}

}  // namespace mgo::stdlib
