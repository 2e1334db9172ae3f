// The natives of package bytes.
#include "stdlib/internal/text/text_natives.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

#define TEXT_NATIVE(Name) \
  NativeStatus Bytes##Name(NativeFrame& f) { return Text##Name<BytesText>(f); }
TEXT_NATIVE(Index)
TEXT_NATIVE(LastIndex)
TEXT_NATIVE(IndexByte)
TEXT_NATIVE(LastIndexByte)
TEXT_NATIVE(IndexAny)
TEXT_NATIVE(LastIndexAny)
TEXT_NATIVE(IndexRune)
TEXT_NATIVE(Count)
TEXT_NATIVE(Compare)
TEXT_NATIVE(EqualFold)
TEXT_NATIVE(Replace)
TEXT_NATIVE(ToValid)
TEXT_NATIVE(Join)
TEXT_NATIVE(TrimSpace)
TEXT_NATIVE(Trim)
TEXT_NATIVE(Fields)
TEXT_NATIVE(Split)
TEXT_NATIVE(Repeat)
#undef TEXT_NATIVE

NativeStatus BytesToUpper(NativeFrame& f) {
  return TextToCase<BytesText, LetterCase::kUpper>(f);
}

NativeStatus BytesToLower(NativeFrame& f) {
  return TextToCase<BytesText, LetterCase::kLower>(f);
}

NativeStatus BytesToTitle(NativeFrame& f) {
  return TextToCase<BytesText, LetterCase::kTitle>(f);
}

NativeStatus BytesEqual(NativeFrame& f) {
  f.SetBool(0, View(f.Slice(1)) == View(f.Slice(4)));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
