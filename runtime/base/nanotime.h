// Clocks.
#ifndef MGO_RUNTIME_BASE_NANOTIME_H_
#define MGO_RUNTIME_BASE_NANOTIME_H_

#include <cstdint>

namespace mgo::rt {

// Monotonic time in nanoseconds, from an unspecified origin.
int64_t Nanotime();

// Wall clock time since 1970-01-01 UTC.
struct WallTime {
  int64_t sec;
  int32_t nsec;
};
// The wall clock now.
WallTime Walltime();

// From here on the two clocks above stand still but for what AdvanceClock adds,
// beginning at 2009-11-10 23:00:00 UTC. Only while there is one thread.
void StartVirtualTime();
void AdvanceClock(int64_t ns);

// Monotonic time at which the process's runtime started.
int64_t StartNanotime();

// The thread's or the process's CPU time used so far, in nanoseconds.
int64_t ThreadCpuNanos();
int64_t ProcessCpuNanos();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_NANOTIME_H_
