#include "runtime/base/nanotime.h"

#include <time.h>

namespace mgo::rt {
namespace {

int64_t Clock(clockid_t clock) {
  timespec ts;
  clock_gettime(clock, &ts);
  return int64_t{ts.tv_sec} * 1000000000 + ts.tv_nsec;
}

const int64_t kStartNanotime = Clock(CLOCK_MONOTONIC);

}  // namespace

int64_t Nanotime() { return Clock(CLOCK_MONOTONIC); }

WallTime Walltime() {
  timespec ts;
  clock_gettime(CLOCK_REALTIME, &ts);
  return {ts.tv_sec, static_cast<int32_t>(ts.tv_nsec)};
}

int64_t StartNanotime() { return kStartNanotime; }

int64_t ThreadCpuNanos() { return Clock(CLOCK_THREAD_CPUTIME_ID); }

int64_t ProcessCpuNanos() { return Clock(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace mgo::rt
