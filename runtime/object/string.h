// Strings: making, comparing, converting, UTF-8.
//
// The bytes of a string are never written after it is made, so strings share
// them freely: slicing copies nothing, and a concatenation with one non-empty
// operand is that operand.
#ifndef MGO_RUNTIME_OBJECT_STRING_H_
#define MGO_RUNTIME_OBJECT_STRING_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "runtime/abi/values.h"

namespace mgo::rt {

struct G;

// U+FFFD, what an invalid sequence decodes to.
inline constexpr int32_t kRuneError = 0xFFFD;
// The largest code point.
inline constexpr int32_t kMaxRune = 0x10FFFF;
// Bytes of the longest encoding of a rune.
inline constexpr int kMaxRuneBytes = 4;

// The bytes 0..255; one-byte strings point here.
extern const uint8_t kByteTable[256];

// The string of one byte, without allocation.
inline GoString ByteString(uint8_t byte) { return {&kByteTable[byte], 1}; }

// A string over bytes that live as long as the program.
inline GoString StaticString(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()),
          static_cast<int64_t>(text.size())};
}

// a == b. (The builtin: unlike the C library's declaration it takes null
// pointers to no bytes.)
inline bool EqualStrings(GoString a, GoString b) {
  return a.len == b.len &&
         (a.ptr == b.ptr ||
          __builtin_memcmp(a.ptr, b.ptr, static_cast<size_t>(a.len)) == 0);
}

// Negative, zero, positive as a is before, equal to, after b, bytewise.
inline int CompareStrings(GoString a, GoString b) {
  int64_t shorter = a.len < b.len ? a.len : b.len;
  if (shorter != 0) {
    int order = std::memcmp(a.ptr, b.ptr, static_cast<size_t>(shorter));
    if (order != 0) return order;
  }
  return a.len < b.len ? -1 : a.len > b.len ? 1 : 0;
}

// s[low:high], bounds already checked. An empty result keeps the old start, so
// that it never points past the object's end, into a neighbour.
inline GoString SliceString(GoString s, int64_t low, int64_t high) {
  int64_t len = high - low;
  return {len == 0 ? s.ptr : s.ptr + low, len};
}

// A new string with these bytes.
GoString NewString(G* g, std::string_view text);
// The parts one after the other, in one allocation at most.
GoString ConcatStrings(G* g, const GoString* parts, size_t count);
// a + b.
GoString Concat2(G* g, GoString a, GoString b);
// string(b) of a []byte: a copy.
GoString StringFromBytes(G* g, GoSlice bytes);
// []byte(s): a copy, its capacity rounded up as Go rounds it.
GoSlice BytesFromString(G* g, GoString s);
// string(r) of a []rune; what is not a code point becomes U+FFFD.
GoString StringFromRunes(G* g, GoSlice runes);
// []rune(s).
GoSlice RunesFromString(G* g, GoString s);
// string(r) of an integer; what is not a code point becomes U+FFFD.
GoString StringFromRune(G* g, int64_t rune);
// How many runes `for range s` would give.
int64_t CountRunes(GoString s);

// DecodeRune for a first byte that is not ASCII.
int DecodeRuneSlow(const uint8_t* p, int64_t len, int32_t* rune);

// Decodes the first rune of p[:len], len > 0, and returns its width. Invalid:
// kRuneError, 1.
inline int DecodeRune(const uint8_t* p, int64_t len, int32_t* rune) {
  if (*p < 0x80) [[likely]] {
    *rune = *p;
    return 1;
  }
  return DecodeRuneSlow(p, len, rune);
}

// Writes the UTF-8 form of `rune` (of U+FFFD if it is no code point) and
// returns its width. `p` has room for kMaxRuneBytes.
int EncodeRune(uint8_t* p, int64_t rune);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_STRING_H_
