#include "runtime/base/nanotime.h"

#include <time.h>

#include "runtime/base/compiler.h"

namespace mgo::rt {
namespace {

constexpr int64_t kSecond = 1000000000;

int64_t Clock(clockid_t clock) {
  timespec ts;
  clock_gettime(clock, &ts);
  return int64_t{ts.tv_sec} * kSecond + ts.tv_nsec;
}

const int64_t kStartNanotime = Clock(CLOCK_MONOTONIC);

// The time at which Go was published.
constexpr int64_t kVirtualEpoch = 1257894000;
// Virtual time passed, and one second so that no time is 0; negative: the real
// clocks are used.
int64_t virtual_now = -1;

}  // namespace

int64_t Nanotime() {
  if (MGO_UNLIKELY(virtual_now >= 0)) return virtual_now;
  return Clock(CLOCK_MONOTONIC);
}

void StartVirtualTime() { virtual_now = kSecond; }

void AdvanceClock(int64_t ns) { virtual_now += ns; }

WallTime Walltime() {
  if (MGO_UNLIKELY(virtual_now >= 0)) {
    int64_t passed = virtual_now - kSecond;
    return {kVirtualEpoch + passed / kSecond,
            static_cast<int32_t>(passed % kSecond)};
  }
  timespec ts;
  clock_gettime(CLOCK_REALTIME, &ts);
  return {ts.tv_sec, static_cast<int32_t>(ts.tv_nsec)};
}

int64_t StartNanotime() { return virtual_now >= 0 ? kSecond : kStartNanotime; }

int64_t ThreadCpuNanos() { return Clock(CLOCK_THREAD_CPUTIME_ID); }

int64_t ProcessCpuNanos() { return Clock(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace mgo::rt
