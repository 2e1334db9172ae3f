// The natives of package unicode/utf8.
#include "stdlib/internal/text/utf8.h"

#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

NativeStatus SetRune(NativeFrame& f, DecodedRune d) {
  f.SetInt(0, static_cast<int64_t>(d.rune));
  f.SetInt(1, d.length);
  return NativeStatus::kOk;
}

}  // namespace

NativeStatus Utf8RuneCount(NativeFrame& f) {
  f.SetInt(0, RuneCount(View(f.Slice(1))));
  return NativeStatus::kOk;
}

NativeStatus Utf8RuneCountInString(NativeFrame& f) {
  f.SetInt(0, RuneCount(f.String(1).View()));
  return NativeStatus::kOk;
}

NativeStatus Utf8Valid(NativeFrame& f) {
  f.SetBool(0, ValidUtf8(View(f.Slice(1))));
  return NativeStatus::kOk;
}

NativeStatus Utf8ValidString(NativeFrame& f) {
  f.SetBool(0, ValidUtf8(f.String(1).View()));
  return NativeStatus::kOk;
}

NativeStatus Utf8DecodeBytes(NativeFrame& f) {
  return SetRune(f, DecodeRune(View(f.Slice(2))));
}

NativeStatus Utf8DecodeString(NativeFrame& f) {
  return SetRune(f, DecodeRune(f.String(2).View()));
}

NativeStatus Utf8DecodeLastBytes(NativeFrame& f) {
  return SetRune(f, DecodeLastRune(View(f.Slice(2))));
}

NativeStatus Utf8DecodeLastString(NativeFrame& f) {
  return SetRune(f, DecodeLastRune(f.String(2).View()));
}

}  // namespace mgo::stdlib
