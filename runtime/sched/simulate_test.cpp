#include "runtime/sched/simulate.h"

#include <gtest/gtest.h>

namespace mgo::rt {
namespace {

TEST(Simulate, RepeatsAndKeepsPsBusy) {
  for (Workload workload :
       {Workload::kTree, Workload::kBurst, Workload::kPairs}) {
    SimulationResult a = Simulate(workload, 64, 7);
    SimulationResult b = Simulate(workload, 64, 7);
    EXPECT_EQ(a.makespan, b.makespan);
    EXPECT_EQ(a.longest_wait, b.longest_wait);
    EXPECT_EQ(a.steals, b.steals);
    EXPECT_GT(a.utilisation, 0.8);
    EXPECT_LT(a.utilisation, 1.0);
    EXPECT_GT(a.steals, 0);
    EXPECT_NE(Simulate(workload, 64, 8).makespan, a.makespan);
  }
}

// A machine of 1,024 Ps comes to speed, and loses no goroutine.
TEST(Simulate, Large) {
  SimulationResult r = Simulate(Workload::kTree, 1024, 1);
  EXPECT_EQ(r.goroutines, 2u * 64 * 1024 - 1);
  EXPECT_GT(r.utilisation, 0.3);
}

}  // namespace
}  // namespace mgo::rt
