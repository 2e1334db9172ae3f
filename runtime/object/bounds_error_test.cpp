#include "runtime/object/bounds_error.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/object/test_env.h"

namespace mgo::rt {
namespace {

std::string Text(BoundsError error, int64_t index, int64_t bound,
                 bool is_signed = true) {
  char buffer[kBoundsErrorMax];
  return std::string(FormatBoundsError(
      buffer, error, static_cast<uint64_t>(index), is_signed, bound));
}

TEST(BoundsErrorTest, Texts) {
  using enum BoundsError;
  EXPECT_EQ(Text(kIndex, 5, 3), "index out of range [5] with length 3");
  EXPECT_EQ(Text(kIndex, -1, 3), "index out of range [-1]");
  EXPECT_EQ(Text(kIndex, INT64_MIN, 3, false),
            "index out of range [9223372036854775808] with length 3");
  EXPECT_EQ(Text(kSliceLength, 5, 3),
            "slice bounds out of range [:5] with length 3");
  EXPECT_EQ(Text(kSliceCapacity, 5, 3),
            "slice bounds out of range [:5] with capacity 3");
  EXPECT_EQ(Text(kSliceCapacity, -1, 3), "slice bounds out of range [:-1]");
  EXPECT_EQ(Text(kSliceCrossed, 5, 3), "slice bounds out of range [5:3]");
  EXPECT_EQ(Text(kSliceCrossed, -1, 3), "slice bounds out of range [-1:]");
  EXPECT_EQ(Text(kSlice3Length, 5, 3),
            "slice bounds out of range [::5] with length 3");
  EXPECT_EQ(Text(kSlice3Capacity, 5, 3),
            "slice bounds out of range [::5] with capacity 3");
  EXPECT_EQ(Text(kSlice3Capacity, -1, 3), "slice bounds out of range [::-1]");
  EXPECT_EQ(Text(kSlice3Inner, 2, 1), "slice bounds out of range [:2:1]");
  EXPECT_EQ(Text(kSlice3Inner, -1, 1), "slice bounds out of range [:-1:]");
  EXPECT_EQ(Text(kSlice3Crossed, 2, 1), "slice bounds out of range [2:1:]");
  EXPECT_EQ(Text(kSlice3Crossed, -1, 1), "slice bounds out of range [-1::]");
  EXPECT_EQ(Text(kConvert, 3, 5),
            "cannot convert slice with length 3 to array or pointer to array "
            "with length 5");
}

TEST(BoundsErrorTest, LongestTextFits) {
  for (int e = 0; e <= static_cast<int>(BoundsError::kConvert); ++e) {
    EXPECT_LT(Text(static_cast<BoundsError>(e), -1, INT64_MAX, false).size(),
              static_cast<size_t>(kBoundsErrorMax));
  }
}

// s[low:high] of a slice of capacity 3, s[low:high:max].
std::string Slice(int64_t low, int64_t high, bool is_capacity = true) {
  RaiseSliceBounds(TestG(), {low, high, 0, false, false, false}, 3,
                   is_capacity);
  return TakePanic();
}
std::string Slice3(int64_t low, int64_t high, int64_t max) {
  RaiseSlice3Bounds(TestG(), {low, high, max, false, false, false}, 3, true);
  return TakePanic();
}

TEST(BoundsErrorTest, WhichCheckFailed) {
  std::string prefix = "runtime error: slice bounds out of range ";
  EXPECT_EQ(Slice(0, 5), prefix + "[:5] with capacity 3");
  EXPECT_EQ(Slice(0, 5, false), prefix + "[:5] with length 3");
  EXPECT_EQ(Slice(9, 5), prefix + "[:5] with capacity 3");
  EXPECT_EQ(Slice(0, -1), prefix + "[:-1]");
  EXPECT_EQ(Slice(5, 3), prefix + "[5:3]");
  EXPECT_EQ(Slice(-1, 3), prefix + "[-1:]");
  EXPECT_EQ(Slice3(0, 0, 5), prefix + "[::5] with capacity 3");
  EXPECT_EQ(Slice3(0, 0, -1), prefix + "[::-1]");
  EXPECT_EQ(Slice3(0, 2, 1), prefix + "[:2:1]");
  EXPECT_EQ(Slice3(0, -1, 1), prefix + "[:-1:]");
  EXPECT_EQ(Slice3(2, 1, 3), prefix + "[2:1:]");
  EXPECT_EQ(Slice3(-1, 1, 3), prefix + "[-1::]");
}

}  // namespace
}  // namespace mgo::rt
