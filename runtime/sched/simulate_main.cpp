// sched_simulation [SEED]: a table of how the scheduler does at sizes that this
// machine may not have (runtime/README.md).
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

#include "runtime/sched/simulate.h"

int main(int argc, char** argv) {
  using mgo::rt::Workload;
  uint64_t seed = argc > 1 ? strtoull(argv[1], nullptr, 10) : 1;
  printf(
      "| work | Ps | goroutines | utilisation | steals per G | longest wait |"
      "\n| --- | --- | --- | --- | --- | --- |\n");
  const char* names[] = {"tree", "burst", "pairs"};
  for (auto workload : {Workload::kTree, Workload::kBurst, Workload::kPairs}) {
    for (uint32_t procs : {2, 64, 256, 1024}) {
      auto r = mgo::rt::Simulate(workload, procs, seed);
      printf("| %s | %u | %llu | %.1f %% | %.3f | %.2f ms |\n",
             names[static_cast<int>(workload)], procs,
             static_cast<unsigned long long>(r.goroutines), 100 * r.utilisation,
             r.steals, static_cast<double>(r.longest_wait) / 1e6);
    }
  }
}
