#include "stdlib/internal/text/unicode.h"

#include <utf8proc.h>

#include <cstddef>

namespace mgo::stdlib {
namespace {

constexpr uint16_t kRanges16[] = {
#define RANGES16
#include "stdlib/unicode/tables.inc"
#undef RANGES16
};

constexpr uint32_t kRanges32[] = {
#define RANGES32
#include "stdlib/unicode/tables.inc"
#undef RANGES32
};

constexpr UnicodeTable kTables[] = {
#define TABLES
#include "stdlib/unicode/tables.inc"
#undef TABLES
};

constexpr int32_t kCases[] = {
#define CASES
#include "stdlib/unicode/tables.inc"
#undef CASES
};

// Pairs: a code point and what SimpleFold makes of it, where that is not
// plainly its other case.
constexpr int32_t kOrbits[] = {
#define ORBITS
#include "stdlib/unicode/tables.inc"
#undef ORBITS
};

constexpr int kCaseWords = 5;
constexpr size_t kCaseCount = sizeof kCases / sizeof kCases[0] / kCaseWords;
constexpr size_t kOrbitCount = sizeof kOrbits / sizeof kOrbits[0] / 2;
// A delta that means: upper and lower case alternate.
constexpr int32_t kUpperLower = 0x110000;

bool IsWhiteSpace(uint32_t r) {
  switch (r) {
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
    case ' ':
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
      return true;
    default:
      return r >= 0x2000 && r <= 0x200A;
  }
}

}  // namespace

uint32_t CategoryBits(uint32_t r) {
  if (r > 0x10FFFF) return 0;
  uint32_t space = IsWhiteSpace(r) ? kSpace : 0;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(r))) {
    case UTF8PROC_CATEGORY_LU:
      return kLetter | kUpper;
    case UTF8PROC_CATEGORY_LL:
      return kLetter | kLower;
    case UTF8PROC_CATEGORY_LT:
      return kLetter | kTitle;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return kLetter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return kMark;
    case UTF8PROC_CATEGORY_ND:
      return kNumber | kDigit;
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return kNumber;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
      return kPunct;
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
      return kSymbol;
    case UTF8PROC_CATEGORY_ZS:
      return kSpaceSeparator | space;
    case UTF8PROC_CATEGORY_CC:
      return kControl | space;
    default:
      return space;
  }
}

int32_t ToCase(LetterCase to, int32_t r) {
  if (static_cast<uint32_t>(r) < 0x80) {
    if (to == LetterCase::kLower) {
      return r >= 'A' && r <= 'Z' ? r + 32 : r;
    }
    return r >= 'a' && r <= 'z' ? r - 32 : r;
  }
  size_t lo = 0;
  size_t hi = kCaseCount;
  while (lo < hi) {
    size_t m = (lo + hi) / 2;
    const int32_t* c = kCases + m * kCaseWords;
    if (r < c[0]) {
      hi = m;
    } else if (r > c[1]) {
      lo = m + 1;
    } else {
      int32_t delta = c[2 + static_cast<int>(to)];
      if (delta == kUpperLower) {
        int32_t pair = (r - c[0]) & ~1;
        return c[0] + pair + (to == LetterCase::kLower ? 1 : 0);
      }
      return r + delta;
    }
  }
  return r;
}

int32_t SimpleFold(int32_t r) {
  if (r < 0 || r > 0x10FFFF) return r;
  size_t lo = 0;
  size_t hi = kOrbitCount;
  while (lo < hi) {
    size_t m = (lo + hi) / 2;
    if (kOrbits[2 * m] < r) {
      lo = m + 1;
    } else {
      hi = m;
    }
  }
  if (lo < kOrbitCount && kOrbits[2 * lo] == r) return kOrbits[2 * lo + 1];
  int32_t lower = ToCase(LetterCase::kLower, r);
  return lower != r ? lower : ToCase(LetterCase::kUpper, r);
}

const UnicodeTable* FindUnicodeTable(std::string_view name) {
  for (const UnicodeTable& t : kTables) {
    if (name == t.name) return &t;
  }
  return nullptr;
}

const uint16_t* Ranges16(uint32_t i) {
  return kRanges16 + static_cast<size_t>(i) * 3;
}

const uint32_t* Ranges32(uint32_t i) {
  return kRanges32 + static_cast<size_t>(i) * 3;
}

CaseTable AllCaseRanges() { return {kCases, kCaseCount}; }

}  // namespace mgo::stdlib
