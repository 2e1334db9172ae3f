// The subcommands of mgo, one file each.
#ifndef MGO_CMD_MGO_COMMANDS_H_
#define MGO_CMD_MGO_COMMANDS_H_

#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"

namespace mgo::cmd {

// Exit statuses: what the program returned, or these.
inline constexpr int kExitCompileError = 1;
inline constexpr int kExitUsage = 2;

// A subcommand: its arguments are those after its name.
struct Command {
  const char* name;
  const char* usage;    // one line
  const char* summary;  // one line
  const char* details;  // flags and two examples
  int (*run)(const Command& self, llvm::ArrayRef<std::string> args);
};

// mgo run FILE... [ARGS]: compiles and runs.
int Run(const Command& self, llvm::ArrayRef<std::string> args);
// mgo check FILE...: reports errors only.
int Check(const Command& self, llvm::ArrayRef<std::string> args);
// mgo dump --PHASE FILE...: shows what a phase makes of a program.
int Dump(const Command& self, llvm::ArrayRef<std::string> args);
// mgo version.
int Version(const Command& self, llvm::ArrayRef<std::string> args);

// Says what is wrong with a command line, and how it should look. Returns
// kExitUsage.
int UsageError(const Command& self, const std::string& problem);
// Splits the source files off the front of `args`: names that end in .mgo or
// .go, or one other name (a folder, or a file by any name). After a script
// nothing is a source file.
std::vector<std::string> TakeSources(llvm::ArrayRef<std::string>& args);

}  // namespace mgo::cmd

#endif  // MGO_CMD_MGO_COMMANDS_H_
