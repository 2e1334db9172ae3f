// A compiled program, made ready and run.
#ifndef MGO_CMD_MGO_PROGRAM_H_
#define MGO_CMD_MGO_PROGRAM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/mgo/compile.h"

namespace mgo::cmd {

// Compiles for running; says what is wrong. Null: it cannot be run.
Compilation* CompileProgram(const std::vector<std::string>& sources);

// Runs the program, with os.Args; ends the process. Seed 0: on as many Ps as
// GOMAXPROCS says; else as runtime/sched/seeded.h says.
[[noreturn]] void RunProgram(Compilation& c,
                             const std::vector<std::string>& args,
                             uint64_t seed);

// Seeded runs repeat only where addresses do: starts this process again without
// address space randomization, unless it has none or the system refuses.
void FixAddresses();

// mgo run --explore=K: runs the program with seeds 1 to `count` and tells of
// the first that ends otherwise than a good run of seed 1. Returns the exit
// status: 0: there was none.
int Explore(Compilation& c, const std::vector<std::string>& args,
            uint64_t count);

}  // namespace mgo::cmd

#endif  // MGO_CMD_MGO_PROGRAM_H_
