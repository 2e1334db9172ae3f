// The natives of package strconv.
#include <string>

#include "stdlib/internal/glue.h"
#include "stdlib/internal/text/number.h"
#include "stdlib/internal/text/quote.h"
#include "stdlib/internal/text/unicode.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

QuoteStyle StyleAt(NativeFrame& f, int slot) {
  return static_cast<QuoteStyle>(f.Int(slot));
}

}  // namespace

NativeStatus StrconvItoa(NativeFrame& f) {
  char buf[24];
  char* end = buf + sizeof buf;
  char* p = end;
  int64_t i = f.Int(2);
  uint64_t u = i < 0 ? -static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
  do {
    *--p = static_cast<char>('0' + u % 10);
    u /= 10;
  } while (u != 0);
  if (i < 0) *--p = '-';
  f.Set(0, MakeString(f, {p, static_cast<size_t>(end - p)}));
  return NativeStatus::kOk;
}

NativeStatus StrconvIsPrint(NativeFrame& f) {
  f.SetBool(0, IsPrint(static_cast<uint32_t>(f.Int(1))));
  return NativeStatus::kOk;
}

NativeStatus StrconvIsGraphic(NativeFrame& f) {
  f.SetBool(0, IsGraphic(static_cast<uint32_t>(f.Int(1))));
  return NativeStatus::kOk;
}

NativeStatus StrconvParseInt(NativeFrame& f) {
  auto r = ParseInt(f.String(2).View(), f.Int(4), f.Int(5));
  f.SetInt(0, r.value);
  f.SetInt(1, static_cast<int64_t>(r.error));
  return NativeStatus::kOk;
}

NativeStatus StrconvParseUint(NativeFrame& f) {
  auto r = ParseUint(f.String(2).View(), f.Int(4), f.Int(5));
  f.SetUint(0, r.value);
  f.SetInt(1, static_cast<int64_t>(r.error));
  return NativeStatus::kOk;
}

NativeStatus StrconvParseFloat(NativeFrame& f) {
  ParsedFloat r = ParseFloatPrefix(f.String(3).View(), f.Int(5));
  f.SetFloat(0, r.value);
  f.SetInt(1, r.length);
  f.SetInt(2, static_cast<int64_t>(r.error));
  return NativeStatus::kOk;
}

NativeStatus StrconvFormatInt(NativeFrame& f) {
  std::string out;
  AppendInt(out, f.Int(2), static_cast<int>(f.Int(3)));
  f.Set(0, MakeString(f, out));
  return NativeStatus::kOk;
}

NativeStatus StrconvFormatUint(NativeFrame& f) {
  std::string out;
  AppendUint(out, f.Uint(2), static_cast<int>(f.Int(3)));
  f.Set(0, MakeString(f, out));
  return NativeStatus::kOk;
}

NativeStatus StrconvFormatFloat(NativeFrame& f) {
  std::string out;
  AppendFloat(out, f.Float(2), static_cast<char>(f.Int(3)), f.Int(4),
              static_cast<int>(f.Int(5)));
  f.Set(0, MakeString(f, out));
  return NativeStatus::kOk;
}

NativeStatus StrconvQuote(NativeFrame& f) {
  std::string out;
  AppendQuote(out, f.String(2).View(), StyleAt(f, 4));
  f.Set(0, MakeString(f, out));
  return NativeStatus::kOk;
}

NativeStatus StrconvQuoteRune(NativeFrame& f) {
  std::string out;
  AppendQuoteRune(out, static_cast<uint32_t>(f.Int(2)), StyleAt(f, 3));
  f.Set(0, MakeString(f, out));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
