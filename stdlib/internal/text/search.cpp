#include "stdlib/internal/text/search.h"

#include <cstring>

namespace mgo::stdlib {

int64_t IndexOfByte(std::string_view s, char c) {
  if (s.empty()) return -1;
  const void* p = std::memchr(s.data(), c, s.size());
  return p == nullptr ? -1 : static_cast<const char*>(p) - s.data();
}

int64_t IndexOf(std::string_view s, std::string_view sub) {
  if (sub.empty()) return 0;
  if (sub.size() == 1) return IndexOfByte(s, sub[0]);
  if (sub.size() > s.size()) return -1;
  const void* p = memmem(s.data(), s.size(), sub.data(), sub.size());
  return p == nullptr ? -1 : static_cast<const char*>(p) - s.data();
}

int64_t LastIndexOf(std::string_view s, std::string_view sub) {
  size_t i = s.rfind(sub);
  return i == std::string_view::npos ? -1 : static_cast<int64_t>(i);
}

namespace {

// A set of code points: ASCII ones by bits, the others by looking.
struct RuneSet {
  uint64_t ascii[2] = {0, 0};
  std::string_view all;
  bool only_ascii = true;

  explicit RuneSet(std::string_view set) : all(set) {
    for (char ch : set) {
      auto c = static_cast<uint8_t>(ch);
      if (c < 0x80) {
        ascii[c >> 6] |= uint64_t{1} << (c & 63);
      } else {
        only_ascii = false;
      }
    }
  }

  bool Has(uint32_t r) const {
    if (r < 0x80) return (ascii[r >> 6] >> (r & 63) & 1) != 0;
    if (only_ascii) return false;
    for (size_t i = 0; i < all.size();) {
      DecodedRune d = DecodeRune(all.substr(i));
      if (d.rune == r) return true;
      i += d.length;
    }
    return false;
  }
};

}  // namespace

int64_t IndexOfAny(std::string_view s, std::string_view chars) {
  RuneSet set(chars);
  for (size_t i = 0; i < s.size();) {
    DecodedRune d = DecodeRune(s.substr(i));
    if (set.Has(d.rune)) return static_cast<int64_t>(i);
    i += d.length;
  }
  return -1;
}

int64_t LastIndexOfAny(std::string_view s, std::string_view chars) {
  RuneSet set(chars);
  while (!s.empty()) {
    DecodedRune d = DecodeLastRune(s);
    s.remove_suffix(d.length);
    if (set.Has(d.rune)) return static_cast<int64_t>(s.size());
  }
  return -1;
}

int64_t IndexOfRune(std::string_view s, int32_t r) {
  auto u = static_cast<uint32_t>(r);
  if (u < 0x80) return IndexOfByte(s, static_cast<char>(u));
  if (u == kRuneError) {
    for (size_t i = 0; i < s.size();) {
      DecodedRune d = DecodeRune(s.substr(i));
      if (d.rune == kRuneError) return static_cast<int64_t>(i);
      i += d.length;
    }
    return -1;
  }
  if (!ValidRune(u)) return -1;
  char buf[4];
  int n = EncodeRune(u, buf);
  return IndexOf(s, {buf, static_cast<size_t>(n)});
}

int64_t CountOf(std::string_view s, std::string_view sub) {
  if (sub.empty()) return RuneCount(s) + 1;
  int64_t n = 0;
  if (sub.size() == 1) {
    for (char c : s) n += c == sub[0] ? 1 : 0;
    return n;
  }
  for (;;) {
    int64_t i = IndexOf(s, sub);
    if (i < 0) return n;
    ++n;
    s.remove_prefix(i + sub.size());
  }
}

bool EqualFold(std::string_view s, std::string_view t) {
  while (!s.empty() && !t.empty()) {
    DecodedRune a = DecodeRune(s);
    DecodedRune b = DecodeRune(t);
    s.remove_prefix(a.length);
    t.remove_prefix(b.length);
    if (a.rune == b.rune) continue;
    auto low = static_cast<int32_t>(a.rune < b.rune ? a.rune : b.rune);
    auto high = static_cast<int32_t>(a.rune < b.rune ? b.rune : a.rune);
    if (high < 0x80) {
      if (low >= 'A' && low <= 'Z' && high == low + 32) continue;
      return false;
    }
    int32_t r = SimpleFold(low);
    while (r != low && r < high) r = SimpleFold(r);
    if (r != high) return false;
  }
  return s.empty() && t.empty();
}

bool ChangeCase(std::string_view s, LetterCase to, std::string* out) {
  const char first = to == LetterCase::kLower ? 'A' : 'a';
  size_t i = 0;
  for (; i < s.size(); ++i) {
    auto c = static_cast<uint8_t>(s[i]);
    if (c >= 0x80 || (c >= first && c < first + 26)) break;
  }
  if (i == s.size()) return false;
  std::string text;
  text.reserve(s.size() + 4);
  text.append(s.substr(0, i));
  bool changed = false;
  while (i < s.size()) {
    DecodedRune d = DecodeRune(s.substr(i));
    int32_t r = ToCase(to, static_cast<int32_t>(d.rune));
    changed |= r != static_cast<int32_t>(d.rune) ||
               (d.rune == kRuneError && d.length == 1);
    AppendRune(text, static_cast<uint32_t>(r));
    i += d.length;
  }
  if (!changed) return false;
  *out = std::move(text);
  return true;
}

bool ReplaceIn(std::string_view s, std::string_view old, std::string_view with,
               int64_t n, std::string* out) {
  if (n == 0 || old == with) return false;
  int64_t count = CountOf(s, old);
  if (count == 0) return false;
  if (n < 0 || count < n) n = count;
  std::string text;
  text.reserve(s.size() +
               n * (with.size() > old.size() ? with.size() - old.size() : 0));
  size_t at = 0;
  for (int64_t k = 0; k < n; ++k) {
    size_t from = at;
    if (old.empty()) {
      if (k > 0) at += DecodeRune(s.substr(at)).length;
    } else {
      at += IndexOf(s.substr(at), old);
    }
    text.append(s.substr(from, at - from));
    text.append(with);
    at += old.size();
  }
  text.append(s.substr(at));
  *out = std::move(text);
  return true;
}

bool MakeValid(std::string_view s, std::string_view with, std::string* out) {
  if (ValidUtf8(s)) return false;
  std::string text;
  bool bad = false;
  for (size_t i = 0; i < s.size();) {
    DecodedRune d = DecodeRune(s.substr(i));
    if (d.rune == kRuneError && d.length == 1) {
      if (!bad) text.append(with);
      bad = true;
    } else {
      bad = false;
      text.append(s.substr(i, d.length));
    }
    i += d.length;
  }
  *out = std::move(text);
  return true;
}

namespace {

template <typename Drop>
Range TrimBy(std::string_view s, bool left, bool right, Drop drop) {
  size_t from = 0;
  size_t to = s.size();
  while (left && from < to) {
    DecodedRune d = DecodeRune(s.substr(from));
    if (!drop(d.rune)) break;
    from += d.length;
  }
  while (right && from < to) {
    DecodedRune d = DecodeLastRune(s.substr(from, to - from));
    if (!drop(d.rune)) break;
    to -= d.length;
  }
  return {static_cast<int64_t>(from), static_cast<int64_t>(to)};
}

}  // namespace

Range TrimSpaces(std::string_view s) {
  return TrimBy(s, true, true, [](uint32_t r) { return IsSpace(r); });
}

Range TrimSet(std::string_view s, std::string_view set, bool left, bool right) {
  RuneSet runes(set);
  return TrimBy(s, left, right, [&](uint32_t r) { return runes.Has(r); });
}

}  // namespace mgo::stdlib
