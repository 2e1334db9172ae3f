#include "runtime/sched/pause_stats.h"

#include <gtest/gtest.h>

namespace mgo::rt {
namespace {

TEST(TimeHistogram, Buckets) {
  EXPECT_EQ(TimeHistogram::BucketOf(-1), 0u);
  EXPECT_EQ(TimeHistogram::BucketOf(0), 1u);
  EXPECT_EQ(TimeHistogram::BucketOf(63), 1u);
  EXPECT_EQ(TimeHistogram::BucketOf(64), 2u);
  EXPECT_EQ(TimeHistogram::LowerBound(TimeHistogram::kBuckets - 1),
            uint64_t{1} << 47);
  EXPECT_EQ(TimeHistogram::BucketOf(INT64_MAX), TimeHistogram::kBuckets - 1);
  // Go's bounds.
  const uint64_t bounds[] = {0,   64,  128, 192, 256,  320,  384,  448,
                             512, 640, 768, 896, 1024, 1280, 1536, 1792};
  for (uint32_t i = 0; i < std::size(bounds); i++) {
    EXPECT_EQ(TimeHistogram::LowerBound(i + 1), bounds[i]);
  }
  for (uint32_t b = 2; b < TimeHistogram::kBuckets; b++) {
    auto bound = static_cast<int64_t>(TimeHistogram::LowerBound(b));
    EXPECT_EQ(TimeHistogram::BucketOf(bound), b);
    EXPECT_EQ(TimeHistogram::BucketOf(bound - 1), b - 1);
  }
}

}  // namespace
}  // namespace mgo::rt
