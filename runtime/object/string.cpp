#include "runtime/object/string.h"

#include "runtime/base/throw.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/slice.h"

namespace mgo::rt {
namespace {

// Surrogate halves are no code points.
constexpr int64_t kSurrogateMin = 0xD800;
constexpr int64_t kSurrogateMax = 0xDFFF;

bool IsRune(int64_t r) {
  return r >= 0 && r <= kMaxRune && !(r >= kSurrogateMin && r <= kSurrogateMax);
}

int RuneBytes(int64_t r) {
  if (!IsRune(r)) return 3;
  return r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
}

// Memory for `len` bytes about to be written; static for none.
uint8_t* AllocateBytes(G* g, uint64_t len) {
  return len == 0 ? nullptr : NewBytes(g, len, false);
}

bool IsContinuation(uint8_t b) { return (b & 0xC0) == 0x80; }

}  // namespace

#define MGO_ROW4(n) n, n + 1, n + 2, n + 3
#define MGO_ROW16(n) \
  MGO_ROW4(n), MGO_ROW4(n + 4), MGO_ROW4(n + 8), MGO_ROW4(n + 12)
#define MGO_ROW64(n) \
  MGO_ROW16(n), MGO_ROW16(n + 16), MGO_ROW16(n + 32), MGO_ROW16(n + 48)
const uint8_t kByteTable[256] = {MGO_ROW64(0), MGO_ROW64(64), MGO_ROW64(128),
                                 MGO_ROW64(192)};
#undef MGO_ROW4
#undef MGO_ROW16
#undef MGO_ROW64

GoString NewString(G* g, std::string_view text) {
  if (text.empty()) return {nullptr, 0};
  if (text.size() == 1) return ByteString(static_cast<uint8_t>(text[0]));
  uint8_t* bytes = AllocateBytes(g, text.size());
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, static_cast<int64_t>(text.size())};
}

GoString ConcatStrings(G* g, const GoString* parts, size_t count) {
  int64_t len = 0;
  size_t filled = 0;
  GoString last = {nullptr, 0};
  for (size_t i = 0; i < count; ++i) {
    if (parts[i].len == 0) continue;
    if (__builtin_add_overflow(len, parts[i].len, &len)) {
      Throw("string concatenation too long");
    }
    ++filled;
    last = parts[i];
  }
  if (filled <= 1) return last;
  uint8_t* bytes = AllocateBytes(g, static_cast<uint64_t>(len));
  uint8_t* out = bytes;
  for (size_t i = 0; i < count; ++i) {
    if (parts[i].len == 0) continue;
    std::memcpy(out, parts[i].ptr, static_cast<size_t>(parts[i].len));
    out += parts[i].len;
  }
  return {bytes, len};
}

GoString Concat2(G* g, GoString a, GoString b) {
  if (b.len == 0) return a;
  if (a.len == 0) return b;
  int64_t len;
  if (__builtin_add_overflow(a.len, b.len, &len)) {
    Throw("string concatenation too long");
  }
  uint8_t* bytes = AllocateBytes(g, static_cast<uint64_t>(len));
  std::memcpy(bytes, a.ptr, static_cast<size_t>(a.len));
  std::memcpy(bytes + a.len, b.ptr, static_cast<size_t>(b.len));
  return {bytes, len};
}

GoString StringFromBytes(G* g, GoSlice bytes) {
  return NewString(g, {reinterpret_cast<const char*>(bytes.ptr),
                       static_cast<size_t>(bytes.len)});
}

GoSlice BytesFromString(G* g, GoString s) {
  // Not nil even when empty: []byte("") != nil.
  if (s.len == 0) return {const_cast<uint8_t*>(kByteTable), 0, 0};
  uint64_t len = static_cast<uint64_t>(s.len);
  uint64_t cap = RoundUpAllocation(len, false);
  uint8_t* bytes = AllocateBytes(g, cap);
  std::memcpy(bytes, s.ptr, len);
  std::memset(bytes + len, 0, cap - len);
  return {bytes, s.len, static_cast<int64_t>(cap)};
}

GoString StringFromRunes(G* g, GoSlice runes) {
  auto* from = reinterpret_cast<const int32_t*>(runes.ptr);
  uint64_t len = 0;
  for (int64_t i = 0; i < runes.len; ++i) len += RuneBytes(from[i]);
  if (len == 0) return {nullptr, 0};
  if (len == 1) return ByteString(static_cast<uint8_t>(from[0]));
  uint8_t* bytes = AllocateBytes(g, len);
  uint8_t* out = bytes;
  for (int64_t i = 0; i < runes.len; ++i) {
    // EncodeRune may touch no byte past the rune's own.
    out += EncodeRune(out, from[i]);
  }
  return {bytes, static_cast<int64_t>(len)};
}

GoSlice RunesFromString(G* g, GoString s) {
  if (s.len == 0) return {const_cast<uint8_t*>(kByteTable), 0, 0};
  int64_t count = CountRunes(s);
  uint64_t size = RoundUpAllocation(static_cast<uint64_t>(count) * 4, false);
  uint8_t* bytes = AllocateBytes(g, size);
  auto* out = reinterpret_cast<int32_t*>(bytes);
  for (int64_t at = 0; at < s.len;) {
    at += DecodeRune(s.ptr + at, s.len - at, out++);
  }
  std::memset(out, 0, size - static_cast<uint64_t>(count) * 4);
  return {bytes, count, static_cast<int64_t>(size / 4)};
}

GoString StringFromRune(G* g, int64_t rune) {
  if (rune >= 0 && rune < 0x80) return ByteString(static_cast<uint8_t>(rune));
  uint8_t buffer[kMaxRuneBytes];
  int len = EncodeRune(buffer, rune);
  return NewString(
      g, {reinterpret_cast<const char*>(buffer), static_cast<size_t>(len)});
}

int64_t CountRunes(GoString s) {
  int64_t count = 0;
  for (int64_t at = 0; at < s.len; ++count) {
    int32_t rune;
    at += DecodeRune(s.ptr + at, s.len - at, &rune);
  }
  return count;
}

int DecodeRuneSlow(const uint8_t* p, int64_t len, int32_t* rune) {
  *rune = kRuneError;
  uint8_t first = p[0];
  // 80..BF continue nothing here; C0, C1 and F5.. never occur.
  if (first < 0xC2 || first > 0xF4) return 1;
  if (len < 2 || !IsContinuation(p[1])) return 1;
  if (first < 0xE0) {
    *rune = (first & 0x1F) << 6 | (p[1] & 0x3F);
    return 2;
  }
  if (len < 3 || !IsContinuation(p[2])) return 1;
  if (first < 0xF0) {
    int32_t r = (first & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    // Longer than need be, or half of a surrogate pair.
    if (r < 0x800 || !IsRune(r)) return 1;
    *rune = r;
    return 3;
  }
  if (len < 4 || !IsContinuation(p[3])) return 1;
  int32_t r = (first & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 |
              (p[3] & 0x3F);
  if (r < 0x10000 || r > kMaxRune) return 1;
  *rune = r;
  return 4;
}

int EncodeRune(uint8_t* p, int64_t rune) {
  if (!IsRune(rune)) rune = kRuneError;
  auto low6 = [rune](int shift) {
    return static_cast<uint8_t>(0x80 | ((rune >> shift) & 0x3F));
  };
  if (rune < 0x80) {
    p[0] = static_cast<uint8_t>(rune);
    return 1;
  }
  if (rune < 0x800) {
    p[0] = static_cast<uint8_t>(0xC0 | rune >> 6);
    p[1] = low6(0);
    return 2;
  }
  if (rune < 0x10000) {
    p[0] = static_cast<uint8_t>(0xE0 | rune >> 12);
    p[1] = low6(6);
    p[2] = low6(0);
    return 3;
  }
  p[0] = static_cast<uint8_t>(0xF0 | rune >> 18);
  p[1] = low6(12);
  p[2] = low6(6);
  p[3] = low6(0);
  return 4;
}

}  // namespace mgo::rt
