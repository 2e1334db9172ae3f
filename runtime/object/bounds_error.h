// The texts of index and slice panics, exactly as Go words them.
#ifndef MGO_RUNTIME_OBJECT_BOUNDS_ERROR_H_
#define MGO_RUNTIME_OBJECT_BOUNDS_ERROR_H_

#include <cstdint>
#include <string_view>

#include "runtime/abi/values.h"

namespace mgo::rt {

struct G;

// What was out of range. Comments show the expression and the text; `index` is
// the offending operand (the left one in the "crossed" cases), `bound` the
// limit it exceeded.
enum class BoundsError : uint8_t {
  kIndex,        // s[x]: index out of range [x] with length y
  kSliceLength,  // s[:x], string or array: slice bounds out of range [:x] with
                 // length y
  kSliceCapacity,   // s[:x], slice: ... [:x] with capacity y
  kSliceCrossed,    // s[x:y]: ... [x:y]
  kSlice3Length,    // a[::x], array: ... [::x] with length y
  kSlice3Capacity,  // s[::x], slice: ... [::x] with capacity y
  kSlice3Inner,     // s[:x:y]: ... [:x:y]
  kSlice3Crossed,   // s[x:y:]: ... [x:y:]
  kConvert,         // slice to array: cannot convert slice with length x to
                    // array or pointer to array with length y
};

// Room for any of the texts.
inline constexpr int kBoundsErrorMax = 160;

// Writes the text, without "runtime error: ", into `buffer` (kBoundsErrorMax
// bytes) and returns it. `is_signed` says how to read `index`.
std::string_view FormatBoundsError(char* buffer, BoundsError error,
                                   uint64_t index, bool is_signed,
                                   int64_t bound);

// Raises the panic of a failed bounds check.
void RaiseBoundsError(G* g, BoundsError error, uint64_t index, bool is_signed,
                      int64_t bound);

// Operands of a slice expression, signed values as they are; an operand of
// unsigned type over 2^63-1 comes as its bits with is_unsigned set.
struct SliceBounds {
  int64_t low;
  int64_t high;
  int64_t max;
  bool low_unsigned;
  bool high_unsigned;
  bool max_unsigned;
};

// Finds out which check of s[low:high] failed, and raises it. `limit` is the
// capacity of a slice (is_capacity) or the length of a string or array. Call it
// when the fast test `low <= high && high <= limit` (unsigned) has failed.
void RaiseSliceBounds(G* g, const SliceBounds& bounds, int64_t limit,
                      bool is_capacity);
// The same for s[low:high:max].
void RaiseSlice3Bounds(G* g, const SliceBounds& bounds, int64_t limit,
                       bool is_capacity);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_BOUNDS_ERROR_H_
