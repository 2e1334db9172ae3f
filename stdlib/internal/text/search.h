// Searching and cutting text: what packages strings and bytes share.
#ifndef MGO_STDLIB_INTERNAL_TEXT_SEARCH_H_
#define MGO_STDLIB_INTERNAL_TEXT_SEARCH_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "stdlib/internal/text/unicode.h"

namespace mgo::stdlib {

// Positions as strings.Index and its kind return them: -1 for none.
int64_t IndexOf(std::string_view s, std::string_view sub);
int64_t LastIndexOf(std::string_view s, std::string_view sub);
int64_t IndexOfByte(std::string_view s, char c);
int64_t IndexOfAny(std::string_view s, std::string_view chars);
int64_t LastIndexOfAny(std::string_view s, std::string_view chars);
int64_t IndexOfRune(std::string_view s, int32_t r);

// strings.Count.
int64_t CountOf(std::string_view s, std::string_view sub);

// strings.EqualFold.
bool EqualFold(std::string_view s, std::string_view t);

// s in another case, into out; false: s is that already, out is untouched.
bool ChangeCase(std::string_view s, LetterCase to, std::string* out);

// s with the first n `old` replaced (n < 0: all); false: there are none.
bool ReplaceIn(std::string_view s, std::string_view old, std::string_view with,
               int64_t n, std::string* out);

// s with runs of bad bytes replaced; false: there are none.
bool MakeValid(std::string_view s, std::string_view with, std::string* out);

// A part of a text.
struct Range {
  int64_t from;
  int64_t to;
};

// s without white space, or code points of a set, at its ends.
Range TrimSpaces(std::string_view s);
Range TrimSet(std::string_view s, std::string_view set, bool left, bool right);

// Calls use(from, to) for each field of s; returns how many.
template <typename Use>
int64_t EachField(std::string_view s, Use use);

}  // namespace mgo::stdlib

#include "stdlib/internal/text/utf8.h"

namespace mgo::stdlib {

template <typename Use>
int64_t EachField(std::string_view s, Use use) {
  int64_t count = 0;
  int64_t start = -1;
  for (size_t i = 0; i < s.size();) {
    DecodedRune d = DecodeRune(s.substr(i));
    if (IsSpace(d.rune)) {
      if (start >= 0) {
        use(start, static_cast<int64_t>(i));
        ++count;
        start = -1;
      }
    } else if (start < 0) {
      start = static_cast<int64_t>(i);
    }
    i += d.length;
  }
  if (start >= 0) {
    use(start, static_cast<int64_t>(s.size()));
    ++count;
  }
  return count;
}

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_TEXT_SEARCH_H_
