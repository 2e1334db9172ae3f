// The scheduler at sizes that no machine at hand has: the queues, stealing and
// waking of this folder, as they are, with hundreds of Ps on one thread in
// virtual time. What a step costs is a table of constants; what is run is
// synthetic. From a seed, so that a run repeats.
#ifndef MGO_RUNTIME_SCHED_SIMULATE_H_
#define MGO_RUNTIME_SCHED_SIMULATE_H_

#include <cstdint>

namespace mgo::rt {

// Work to be spread over the Ps.
enum class Workload {
  kTree,   // goroutines that start two more each; the leaves, 64 for each P,
           // work 20 to 100 us
  kBurst,  // one goroutine starts all others, 200 for each P, which work 5 to
           // 200 us
  kPairs,  // pairs that wake each other in turn, four for each P; 2 to 8 us
};

struct SimulationResult {
  uint64_t goroutines;
  double utilisation;    // of the Ps, from the first goroutine to the last
  double steals;         // goroutines stolen, for each one there was
  int64_t longest_wait;  // ns from runnable to running
  int64_t makespan;      // ns
};

// Runs the workload on so many Ps. Once in a process at a time.
SimulationResult Simulate(Workload workload, uint32_t procs, uint64_t seed);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_SIMULATE_H_
