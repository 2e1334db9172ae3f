// UTF-8 as Go decodes it: a bad byte is U+FFFD of length 1.
#ifndef MGO_STDLIB_INTERNAL_TEXT_UTF8_H_
#define MGO_STDLIB_INTERNAL_TEXT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mgo::stdlib {

inline constexpr uint32_t kRuneError = 0xFFFD;
inline constexpr uint32_t kMaxRune = 0x10FFFF;

// A decoded code point and the bytes it took; length 0 for no input.
struct DecodedRune {
  uint32_t rune;
  int length;
};

// Decodes the first code point of s, slow cases included.
DecodedRune DecodeRuneSlow(std::string_view s);

// Decodes the first code point of s.
inline DecodedRune DecodeRune(std::string_view s) {
  if (!s.empty() && static_cast<uint8_t>(s[0]) < 0x80) {
    return {static_cast<uint8_t>(s[0]), 1};
  }
  return DecodeRuneSlow(s);
}

// Decodes the last code point of s.
DecodedRune DecodeLastRune(std::string_view s);

// Writes r's encoding to out, at most 4 bytes, and returns its length; what is
// no code point is written as U+FFFD.
int EncodeRune(uint32_t r, char* out);

// Appends r's encoding.
inline void AppendRune(std::string& out, uint32_t r) {
  char buf[4];
  out.append(buf, EncodeRune(r, buf));
}

// The number of code points of s; each bad byte is one.
int64_t RuneCount(std::string_view s);

// Whether s is well-formed.
bool ValidUtf8(std::string_view s);

// Whether r has an encoding.
inline bool ValidRune(uint32_t r) {
  return r < 0xD800 || (r > 0xDFFF && r <= kMaxRune);
}

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_TEXT_UTF8_H_
