// The natives of packages strings and bytes, once for both: templates over
// StringText and BytesText, which know the slots and how results are made.
#ifndef MGO_STDLIB_INTERNAL_TEXT_TEXT_NATIVES_H_
#define MGO_STDLIB_INTERNAL_TEXT_TEXT_NATIVES_H_

#include <cstring>
#include <string>

#include "runtime/gc/barrier.h"
#include "runtime/object/slice.h"
#include "runtime/object/string.h"
#include "stdlib/internal/glue.h"
#include "stdlib/internal/text/search.h"

namespace mgo::stdlib {

// string: results share the parameter's bytes where they can.
struct StringText {
  using Guest = GoString;
  static constexpr int kSlots = 2;
  static const TypeDesc& Type() { return kStringType; }
  static std::string_view View(const Guest& s) { return s.View(); }
  static Guest Part(const Guest& s, Range r) {
    return Sub(s, r.from, r.to - r.from);
  }
  // A piece that stands in a list.
  static Guest Piece(const Guest& s, Range r) { return Part(s, r); }
  static Guest Make(NativeFrame& f, std::string_view s) {
    return MakeString(f, s);
  }
  static Guest Same(NativeFrame&, const Guest& s) { return s; }
  static Guest Trimmed(const Guest& s, Range r) { return Part(s, r); }
  static void Store(Guest* cell, const Guest& v) { rt::StoreString(cell, v); }
};

// []byte: results are the caller's, so they are copies.
struct BytesText {
  using Guest = GoSlice;
  static constexpr int kSlots = 3;
  static const TypeDesc& Type() { return kBytesType; }
  static std::string_view View(const Guest& s) { return stdlib::View(s); }
  static Guest Part(const Guest& s, Range r) {
    return rt::SliceSlice(s, r.from, r.to, s.cap, 1);
  }
  static Guest Piece(const Guest& s, Range r) {
    return rt::SliceSlice(s, r.from, r.to, r.to, 1);
  }
  static Guest Make(NativeFrame& f, std::string_view s) {
    return MakeBytes(f, s);
  }
  static Guest Same(NativeFrame& f, const Guest& s) {
    return MakeBytes(f, View(s));
  }
  // Nothing left from the left: nil, as Go's package has it.
  static Guest Trimmed(const Guest& s, Range r) {
    if (r.from == s.len) return {};
    return Part(s, r);
  }
  static void Store(Guest* cell, const Guest& v) { rt::StoreSlice(cell, v); }
};

// Parameter slots, in order, after `results` result slots.
template <typename T>
struct TextParams {
  NativeFrame& f;
  int slot;
  TextParams(NativeFrame& frame, int results) : f(frame), slot(results) {}
  typename T::Guest Text() {
    auto v = f.Get<typename T::Guest>(slot);
    slot += T::kSlots;
    return v;
  }
  std::string_view View() { return T::View(Text()); }
  std::string_view String() {
    GoString s = f.String(slot);
    slot += 2;
    return s.View();
  }
  int64_t Int() { return f.Int(slot++); }
};

template <typename T>
NativeStatus TextIndex(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  f.SetInt(0, IndexOf(s, p.View()));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextLastIndex(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  f.SetInt(0, LastIndexOf(s, p.View()));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextIndexByte(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  f.SetInt(0, IndexOfByte(s, static_cast<char>(p.Int())));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextLastIndexByte(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  size_t i = s.rfind(static_cast<char>(p.Int()));
  f.SetInt(0, i == std::string_view::npos ? -1 : static_cast<int64_t>(i));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextIndexAny(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  f.SetInt(0, IndexOfAny(s, p.String()));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextLastIndexAny(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  f.SetInt(0, LastIndexOfAny(s, p.String()));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextIndexRune(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  f.SetInt(0, IndexOfRune(s, static_cast<int32_t>(p.Int())));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextCount(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto s = p.View();
  f.SetInt(0, CountOf(s, p.View()));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextCompare(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto a = p.View();
  int order = a.compare(p.View());
  f.SetInt(0, order < 0 ? -1 : order > 0 ? 1 : 0);
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextEqualFold(NativeFrame& f) {
  TextParams<T> p(f, 1);
  auto a = p.View();
  f.SetBool(0, EqualFold(a, p.View()));
  return NativeStatus::kOk;
}

template <typename T, LetterCase to>
NativeStatus TextToCase(NativeFrame& f) {
  TextParams<T> p(f, T::kSlots);
  auto s = p.Text();
  std::string out;
  bool changed = ChangeCase(T::View(s), to, &out);
  f.Set(0, changed ? T::Make(f, out) : T::Same(f, s));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextReplace(NativeFrame& f) {
  TextParams<T> p(f, T::kSlots);
  auto s = p.Text();
  auto old = p.View();
  auto with = p.View();
  std::string out;
  bool changed = ReplaceIn(T::View(s), old, with, p.Int(), &out);
  f.Set(0, changed ? T::Make(f, out) : T::Same(f, s));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextToValid(NativeFrame& f) {
  TextParams<T> p(f, T::kSlots);
  auto s = p.Text();
  std::string out;
  bool changed = MakeValid(T::View(s), p.View(), &out);
  f.Set(0, changed ? T::Make(f, out) : T::Same(f, s));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextJoin(NativeFrame& f) {
  auto list = f.Slice(T::kSlots);
  auto sep = T::View(f.Get<typename T::Guest>(T::kSlots + 3));
  const auto* items = reinterpret_cast<const typename T::Guest*>(list.ptr);
  if (list.len == 1) {
    f.Set(0, T::Same(f, items[0]));
    return NativeStatus::kOk;
  }
  size_t total = 0;
  for (int64_t i = 0; i < list.len; ++i) {
    total += T::View(items[i]).size() + sep.size();
  }
  std::string out;
  out.reserve(total);
  for (int64_t i = 0; i < list.len; ++i) {
    if (i > 0) out += sep;
    out += T::View(items[i]);
  }
  f.Set(0, T::Make(f, out));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextTrimSpace(NativeFrame& f) {
  auto s = f.Get<typename T::Guest>(T::kSlots);
  f.Set(0, T::Trimmed(s, TrimSpaces(T::View(s))));
  return NativeStatus::kOk;
}

// func trim(s, cutset string, left, right bool)
template <typename T>
NativeStatus TextTrim(NativeFrame& f) {
  TextParams<T> p(f, T::kSlots);
  auto s = p.Text();
  auto set = p.String();
  bool left = p.Int() != 0;
  bool right = p.Int() != 0;
  Range r = TrimSet(T::View(s), set, left, right);
  f.Set(0, left ? T::Trimmed(s, r) : T::Part(s, r));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextFields(NativeFrame& f) {
  auto s = f.Get<typename T::Guest>(3);
  auto view = T::View(s);
  int64_t n = EachField(view, [](int64_t, int64_t) {});
  GoSlice list = MakeSliceOf(f, T::Type(), n);
  auto* cell = reinterpret_cast<typename T::Guest*>(list.ptr);
  EachField(view, [&](int64_t from, int64_t to) {
    T::Store(cell++, T::Piece(s, {from, to}));
  });
  f.Set(0, list);
  return NativeStatus::kOk;
}

// func split(s, sep string, keep, n int) []string
template <typename T>
NativeStatus TextSplit(NativeFrame& f) {
  TextParams<T> p(f, 3);
  auto s = p.Text();
  auto sep = p.View();
  int64_t keep = p.Int();
  int64_t n = p.Int();
  auto view = T::View(s);
  if (n == 0) {
    f.Set(0, GoSlice{});
    return NativeStatus::kOk;
  }
  int64_t most = sep.empty() ? RuneCount(view) : CountOf(view, sep) + 1;
  if (n < 0 || n > most) n = most;
  GoSlice list = MakeSliceOf(f, T::Type(), n);
  auto* cell = reinterpret_cast<typename T::Guest*>(list.ptr);
  int64_t at = 0;
  for (int64_t i = 0; i < n - 1; ++i) {
    auto rest = view.substr(at);
    int64_t length, next;
    if (sep.empty()) {
      length = next = DecodeRune(rest).length;
    } else {
      length = IndexOf(rest, sep);
      next = length + static_cast<int64_t>(sep.size());
    }
    T::Store(cell++, T::Piece(s, {at, at + length + keep}));
    at += next;
  }
  if (n > 0) {
    T::Store(cell, T::Part(s, {at, static_cast<int64_t>(view.size())}));
  }
  f.Set(0, list);
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus TextRepeat(NativeFrame& f) {
  TextParams<T> p(f, T::kSlots);
  auto s = p.View();
  int64_t count = p.Int();
  std::string out;
  if (!s.empty() && count > 0) {
    if (count > (int64_t{1} << 40) / static_cast<int64_t>(s.size())) {
      return PanicError(f, "makeslice: len out of range");
    }
    if (s.size() == 1) {
      out.assign(count, s[0]);
    } else {
      out.reserve(s.size() * count);
      for (; count > 0; --count) out += s;
    }
  }
  f.Set(0, T::Make(f, out));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_TEXT_TEXT_NATIVES_H_
