// Go string and character literals.
#ifndef MGO_STDLIB_INTERNAL_TEXT_QUOTE_H_
#define MGO_STDLIB_INTERNAL_TEXT_QUOTE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace mgo::stdlib {

// What a quoting leaves unescaped; strconv's quote.mgo has the same numbers.
enum class QuoteStyle { kUnicode, kAscii, kGraphic };

// Appends s as a string literal in double quotes.
void AppendQuote(std::string& out, std::string_view s, QuoteStyle style);

// Appends r as a character literal; what is no code point is U+FFFD.
void AppendQuoteRune(std::string& out, uint32_t r, QuoteStyle style);

// Whether s can stand unchanged between backquotes.
bool CanBackquote(std::string_view s);

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_TEXT_QUOTE_H_
