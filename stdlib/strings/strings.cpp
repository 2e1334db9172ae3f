// The natives of package strings.
#include "stdlib/internal/text/text_natives.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

#define TEXT_NATIVE(Name)                      \
  NativeStatus Strings##Name(NativeFrame& f) { \
    return Text##Name<StringText>(f);          \
  }
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

NativeStatus StringsToUpper(NativeFrame& f) {
  return TextToCase<StringText, LetterCase::kUpper>(f);
}

NativeStatus StringsToLower(NativeFrame& f) {
  return TextToCase<StringText, LetterCase::kLower>(f);
}

NativeStatus StringsToTitle(NativeFrame& f) {
  return TextToCase<StringText, LetterCase::kTitle>(f);
}

}  // namespace mgo::stdlib
