#include "stdlib/internal/text/utf8.h"

#include <cstring>

namespace mgo::stdlib {

DecodedRune DecodeRuneSlow(std::string_view s) {
  if (s.empty()) return {kRuneError, 0};
  const auto* p = reinterpret_cast<const uint8_t*>(s.data());
  const size_t n = s.size();
  const uint32_t c = p[0];
  if (c < 0x80) return {c, 1};
  auto tail = [&](size_t i) { return i < n && (p[i] & 0xC0) == 0x80; };
  if (c >= 0xC2 && c < 0xE0) {
    if (tail(1)) return {(c & 0x1F) << 6 | (p[1] & 0x3Fu), 2};
  } else if (c >= 0xE0 && c < 0xF0) {
    if (tail(1) && tail(2)) {
      uint32_t r = (c & 0xF) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
      if (r >= 0x800 && (r < 0xD800 || r > 0xDFFF)) return {r, 3};
    }
  } else if (c >= 0xF0 && c < 0xF5) {
    if (tail(1) && tail(2) && tail(3)) {
      uint32_t r = (c & 7) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 |
                   (p[3] & 0x3Fu);
      if (r >= 0x10000 && r <= kMaxRune) return {r, 4};
    }
  }
  return {kRuneError, 1};
}

DecodedRune DecodeLastRune(std::string_view s) {
  const size_t n = s.size();
  if (n == 0) return {kRuneError, 0};
  if (static_cast<uint8_t>(s[n - 1]) < 0x80) {
    return {static_cast<uint8_t>(s[n - 1]), 1};
  }
  for (size_t back = 1; back <= 4 && back <= n; ++back) {
    if ((static_cast<uint8_t>(s[n - back]) & 0xC0) == 0x80) continue;
    DecodedRune d = DecodeRuneSlow(s.substr(n - back));
    if (static_cast<size_t>(d.length) == back) return d;
    break;
  }
  return {kRuneError, 1};
}

int EncodeRune(uint32_t r, char* out) {
  if (r < 0x80) {
    out[0] = static_cast<char>(r);
    return 1;
  }
  if (r < 0x800) {
    out[0] = static_cast<char>(0xC0 | r >> 6);
    out[1] = static_cast<char>(0x80 | (r & 0x3F));
    return 2;
  }
  if (!ValidRune(r)) r = kRuneError;
  if (r < 0x10000) {
    out[0] = static_cast<char>(0xE0 | r >> 12);
    out[1] = static_cast<char>(0x80 | (r >> 6 & 0x3F));
    out[2] = static_cast<char>(0x80 | (r & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | r >> 18);
  out[1] = static_cast<char>(0x80 | (r >> 12 & 0x3F));
  out[2] = static_cast<char>(0x80 | (r >> 6 & 0x3F));
  out[3] = static_cast<char>(0x80 | (r & 0x3F));
  return 4;
}

namespace {

// Skips bytes below 0x80, eight at a time; returns how many.
size_t AsciiRun(std::string_view s) {
  size_t i = 0;
  while (i + 8 <= s.size()) {
    uint64_t w;
    std::memcpy(&w, s.data() + i, 8);
    if ((w & 0x8080808080808080u) != 0) break;
    i += 8;
  }
  while (i < s.size() && static_cast<uint8_t>(s[i]) < 0x80) ++i;
  return i;
}

}  // namespace

int64_t RuneCount(std::string_view s) {
  int64_t n = 0;
  while (!s.empty()) {
    size_t run = AsciiRun(s);
    n += static_cast<int64_t>(run);
    s.remove_prefix(run);
    if (s.empty()) break;
    s.remove_prefix(DecodeRuneSlow(s).length);
    ++n;
  }
  return n;
}

bool ValidUtf8(std::string_view s) {
  while (!s.empty()) {
    s.remove_prefix(AsciiRun(s));
    if (s.empty()) break;
    DecodedRune d = DecodeRuneSlow(s);
    if (d.length == 1) return false;
    s.remove_prefix(d.length);
  }
  return true;
}

}  // namespace mgo::stdlib
