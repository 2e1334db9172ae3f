#include "runtime/object/bounds_error.h"

#include <cstdio>

#include "runtime/object/raise.h"

namespace mgo::rt {
namespace {

// The text with %x for the offending operand and %y for the bound. `negative`
// is what is said of an operand below zero: the bound does not matter then.
struct Wording {
  const char* text;
  const char* negative;
};

constexpr Wording kWordings[] = {
    {"index out of range [%x] with length %y", "index out of range [%x]"},
    {"slice bounds out of range [:%x] with length %y",
     "slice bounds out of range [:%x]"},
    {"slice bounds out of range [:%x] with capacity %y",
     "slice bounds out of range [:%x]"},
    {"slice bounds out of range [%x:%y]", "slice bounds out of range [%x:]"},
    {"slice bounds out of range [::%x] with length %y",
     "slice bounds out of range [::%x]"},
    {"slice bounds out of range [::%x] with capacity %y",
     "slice bounds out of range [::%x]"},
    {"slice bounds out of range [:%x:%y]", "slice bounds out of range [:%x:]"},
    {"slice bounds out of range [%x:%y:]", "slice bounds out of range [%x::]"},
    {"cannot convert slice with length %x to array or pointer to array with "
     "length %y",
     "cannot convert slice with length %x"},
};

// One check of a slice expression: operand against what limits it.
struct Check {
  int64_t operand;
  bool is_unsigned;
  BoundsError error;
  int64_t bound;
};

// Raises for the first of `checks` that fails; the order is the one in which
// Go's code tests.
void RaiseFirst(G* g, const Check* checks, int count) {
  for (int i = 0; i < count; ++i) {
    const Check& check = checks[i];
    if (static_cast<uint64_t>(check.operand) >
            static_cast<uint64_t>(check.bound) ||
        i == count - 1) {
      RaiseBoundsError(g, check.error, static_cast<uint64_t>(check.operand),
                       !check.is_unsigned, check.bound);
      return;
    }
  }
}

}  // namespace

std::string_view FormatBoundsError(char* buffer, BoundsError error,
                                   uint64_t index, bool is_signed,
                                   int64_t bound) {
  const Wording& wording = kWordings[static_cast<int>(error)];
  bool negative = is_signed && static_cast<int64_t>(index) < 0;
  char* out = buffer;
  char* end = buffer + kBoundsErrorMax;
  auto room = [&] { return static_cast<size_t>(end - out); };
  for (const char* p = negative ? wording.negative : wording.text; *p; ++p) {
    if (*p != '%') {
      *out++ = *p;
    } else if (*++p == 'x' && !negative) {
      out += std::snprintf(out, room(), "%llu",
                           static_cast<unsigned long long>(index));
    } else {
      int64_t v = *p == 'x' ? static_cast<int64_t>(index) : bound;
      out += std::snprintf(out, room(), "%lld", static_cast<long long>(v));
    }
  }
  return {buffer, static_cast<size_t>(out - buffer)};
}

void RaiseBoundsError(G* g, BoundsError error, uint64_t index, bool is_signed,
                      int64_t bound) {
  char buffer[kBoundsErrorMax];
  RaiseRuntimeError(g,
                    FormatBoundsError(buffer, error, index, is_signed, bound));
}

void RaiseSliceBounds(G* g, const SliceBounds& bounds, int64_t limit,
                      bool is_capacity) {
  const Check checks[] = {
      {bounds.high, bounds.high_unsigned,
       is_capacity ? BoundsError::kSliceCapacity : BoundsError::kSliceLength,
       limit},
      {bounds.low, bounds.low_unsigned, BoundsError::kSliceCrossed,
       bounds.high},
  };
  RaiseFirst(g, checks, 2);
}

void RaiseSlice3Bounds(G* g, const SliceBounds& bounds, int64_t limit,
                       bool is_capacity) {
  const Check checks[] = {
      {bounds.max, bounds.max_unsigned,
       is_capacity ? BoundsError::kSlice3Capacity : BoundsError::kSlice3Length,
       limit},
      {bounds.high, bounds.high_unsigned, BoundsError::kSlice3Inner,
       bounds.max},
      {bounds.low, bounds.low_unsigned, BoundsError::kSlice3Crossed,
       bounds.high},
  };
  RaiseFirst(g, checks, 3);
}

}  // namespace mgo::rt
