#include "runtime/sched/pause_stats.h"

#include <bit>

namespace mgo::rt {
namespace {

// Times are counted in these units of 2^6 ns.
constexpr uint32_t kUnitShift = 6;
// A power of two has 2^2 buckets.
constexpr uint32_t kSubShift = 2;
// Times from 2^47 ns on are in the last bucket.
constexpr uint32_t kLastShift = 41;

}  // namespace

PauseStats gc_pauses;
PauseStats other_pauses;

uint32_t TimeHistogram::BucketOf(int64_t ns) {
  if (ns < 0) return 0;
  uint64_t units = static_cast<uint64_t>(ns) >> kUnitShift;
  if (units >> kLastShift != 0) return kBuckets - 1;
  if (units >> kSubShift == 0) return static_cast<uint32_t>(units) + 1;
  auto shift = static_cast<uint32_t>(std::bit_width(units)) - 1 - kSubShift;
  auto sub = static_cast<uint32_t>(units >> shift);  // 4 to 7
  return (shift << kSubShift) + sub + 1;
}

uint64_t TimeHistogram::LowerBound(uint32_t bucket) {
  uint64_t n = bucket - 1;
  if (n >> kSubShift == 0) return n << kUnitShift;
  uint64_t shift = (n >> kSubShift) - 1;
  uint64_t sub = (n & ((1u << kSubShift) - 1)) + (1u << kSubShift);
  return sub << shift << kUnitShift;
}

}  // namespace mgo::rt
