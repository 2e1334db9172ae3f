// How long stops of the world take: distributions, in the buckets of Go's
// runtime/metrics.
//
// A bucket's width is 64 ns up to 512 ns, then a quarter of its power of two,
// up to 2^47 ns; before the first bucket is one for less than nothing, behind
// the last one for more.
#ifndef MGO_RUNTIME_SCHED_PAUSE_STATS_H_
#define MGO_RUNTIME_SCHED_PAUSE_STATS_H_

#include <atomic>
#include <cstdint>

namespace mgo::rt {

// A distribution of times.
class TimeHistogram {
 public:
  // Buckets, the first and the last included.
  static constexpr uint32_t kBuckets = 162;

  // Counts a time.
  void Record(int64_t ns) {
    counts_[BucketOf(ns)].fetch_add(1, std::memory_order_relaxed);
  }
  // What a bucket has counted.
  uint64_t Count(uint32_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  // The bucket of a time.
  static uint32_t BucketOf(int64_t ns);
  // The least time of a bucket but the first.
  static uint64_t LowerBound(uint32_t bucket);

 private:
  std::atomic<uint64_t> counts_[kBuckets] = {};
};

// Of the stops for the collector, and of others.
struct PauseStats {
  TimeHistogram stopping;  // until everyone had stopped
  TimeHistogram total;     // until the world was started again
};
extern PauseStats gc_pauses;
extern PauseStats other_pauses;

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_PAUSE_STATS_H_
