// The natives of package unicode.
#include "stdlib/internal/text/unicode.h"

#include <cstring>

#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

// A TypeDesc for slices of 32-bit integers: for allocation alone.
constexpr TypeDesc WordType() {
  TypeDesc t{};
  t.size = 4;
  t.align = 4;
  t.kind = rt::Kind::kUint32;
  t.string = "uint32";
  return t;
}
constinit const TypeDesc kWordType = WordType();

NativeStatus SetCase(NativeFrame& f, LetterCase to) {
  f.SetInt(0, ToCase(to, static_cast<int32_t>(f.Int(1))));
  return NativeStatus::kOk;
}

}  // namespace

// func category(r rune) int
NativeStatus UnicodeCategory(NativeFrame& f) {
  f.SetInt(0, CategoryBits(static_cast<uint32_t>(f.Int(1))));
  return NativeStatus::kOk;
}

// func tableData(name string) (data []uint32, n16, latin int)
NativeStatus UnicodeTableData(NativeFrame& f) {
  const UnicodeTable* t = FindUnicodeTable(f.String(5).View());
  if (t == nullptr) return PanicText(f, "unicode: no such table");
  const int64_t words = (int64_t{t->count16} + t->count32) * 3;
  GoSlice data = MakeSliceOf(f, kWordType, words);
  auto* out = reinterpret_cast<uint32_t*>(data.ptr);
  const uint16_t* narrow = Ranges16(t->first16);
  for (uint32_t i = 0; i < t->count16 * 3; ++i) *out++ = narrow[i];
  std::memcpy(out, Ranges32(t->first32), size_t{t->count32} * 3 * 4);
  f.Set(0, data);
  f.SetInt(3, t->count16);
  f.SetInt(4, t->latin_offset);
  return NativeStatus::kOk;
}

// func caseData() []int32
NativeStatus UnicodeCaseData(NativeFrame& f) {
  CaseTable t = AllCaseRanges();
  GoSlice data = MakeSliceOf(f, kWordType, int64_t{t.count} * 5);
  std::memcpy(data.ptr, t.numbers, size_t{t.count} * 5 * 4);
  f.Set(0, data);
  return NativeStatus::kOk;
}

NativeStatus UnicodeSimpleFold(NativeFrame& f) {
  f.SetInt(0, SimpleFold(static_cast<int32_t>(f.Int(1))));
  return NativeStatus::kOk;
}

NativeStatus UnicodeToUpper(NativeFrame& f) {
  return SetCase(f, LetterCase::kUpper);
}

NativeStatus UnicodeToLower(NativeFrame& f) {
  return SetCase(f, LetterCase::kLower);
}

NativeStatus UnicodeToTitle(NativeFrame& f) {
  return SetCase(f, LetterCase::kTitle);
}

}  // namespace mgo::stdlib
