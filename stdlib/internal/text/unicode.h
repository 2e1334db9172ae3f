// Properties and cases of code points: Unicode 15.0.0, as Go has them.
#ifndef MGO_STDLIB_INTERNAL_TEXT_UNICODE_H_
#define MGO_STDLIB_INTERNAL_TEXT_UNICODE_H_

#include <cstdint>
#include <string_view>

namespace mgo::stdlib {

// Bits of CategoryBits; unicode.mgo has the same numbers.
enum CategoryBit : uint32_t {
  kLetter = 1 << 0,
  kMark = 1 << 1,
  kNumber = 1 << 2,
  kPunct = 1 << 3,
  kSymbol = 1 << 4,
  kSpaceSeparator = 1 << 5,
  kControl = 1 << 6,
  kUpper = 1 << 7,
  kLower = 1 << 8,
  kTitle = 1 << 9,
  kDigit = 1 << 10,
  kSpace = 1 << 11,  // property White_Space
};

// The bits for r; 0 for what is no code point.
uint32_t CategoryBits(uint32_t r);

// Go's unicode.IsPrint.
inline bool IsPrint(uint32_t r) {
  if (r < 0x7F) return r >= 0x20;
  return (CategoryBits(r) & (kLetter | kMark | kNumber | kPunct | kSymbol)) !=
         0;
}

// Go's unicode.IsGraphic.
inline bool IsGraphic(uint32_t r) {
  return IsPrint(r) || (CategoryBits(r) & kSpaceSeparator) != 0;
}

// Go's unicode.IsSpace.
inline bool IsSpace(uint32_t r) {
  if (r < 0x80) return r == ' ' || r - '\t' < 5;
  return (CategoryBits(r) & kSpace) != 0;
}

// Which case ToCase makes.
enum class LetterCase { kUpper, kLower, kTitle };

// r in another case, by the simple mappings.
int32_t ToCase(LetterCase to, int32_t r);

// Go's unicode.SimpleFold.
int32_t SimpleFold(int32_t r);

// A range table: where its ranges are in Ranges16 and Ranges32.
struct UnicodeTable {
  const char* name;
  uint32_t first16, count16, first32, count32, latin_offset;
};

// The table named name ("c" category, "s" script, "p" property, "f" and "g"
// folds); null if there is none.
const UnicodeTable* FindUnicodeTable(std::string_view name);

// Entry i of all ranges of 16 bits: lo, hi, stride.
const uint16_t* Ranges16(uint32_t i);

// Entry i of all ranges of 32 bits: lo, hi, stride.
const uint32_t* Ranges32(uint32_t i);

// All case ranges, five numbers each: lo, hi, deltas to upper, lower, title.
struct CaseTable {
  const int32_t* numbers;
  uint32_t count;  // of ranges
};
CaseTable AllCaseRanges();

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_TEXT_UNICODE_H_
