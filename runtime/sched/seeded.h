// Seeded scheduling: MGODEBUG=schedseed=N.
//
// Guest code runs on one P, on one thread, in virtual time, and everything that
// the scheduler leaves open is drawn from a sequence of random numbers that the
// seed begins: which runnable goroutine is next, which ready case of a select
// is taken, when a goroutine is preempted (at calls, back edges, and after
// channel operations and natives), the order of maps. So a run can be repeated
// exactly, and another seed makes another run. Time passes when nothing can run
// (to the next timer, at once) and, a little, while goroutines run. A blocking
// call of the system (reading a terminal, a file) stops all: nobody else could
// know how long it takes.
#ifndef MGO_RUNTIME_SCHED_SEEDED_H_
#define MGO_RUNTIME_SCHED_SEEDED_H_

#include <cstdint>

#include "runtime/sched/g.h"

namespace mgo::rt {

// Turns it on: after SchedInit, before the first goroutine.
void StartSeeded(uint64_t seed);
// Whether it is on.
bool Seeded();

// FindRunnable's search: a random runnable goroutine, Running; waits for timers
// and descriptors. Null: look at sched.attention.
G* PickSeeded(M* m);

// At a safepoint: whether the goroutine is preempted here.
bool SeedPreempts();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_SEEDED_H_
