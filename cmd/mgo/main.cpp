// mgo: runs Go programs from source.
#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "cmd/mgo/commands.h"
#include "cmd/mgo/loader.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace mgo::cmd {
namespace {

constexpr Command kCommands[] = {
    {"run", "mgo run [--explore=K] FILE... [ARGUMENTS]",
     "compile a program and run it",
     "FILE is a .mgo or .go file, several files of one package, or a folder. "
     "What\n"
     "follows goes to the program. A file without a package clause is a "
     "script.\n\n"
     "  --explore=K  run it with K different schedules, and tell of the first\n"
     "               that panics, deadlocks or prints something else\n\n"
     "  mgo run hello.mgo\n"
     "  mgo run ./server -port 8080\n",
     Run},
    {"check", "mgo check [-e] FILE...", "report errors without running",
     "  -e  every error, not only the first ten\n\n"
     "  mgo check hello.mgo\n"
     "  mgo check ./server\n",
     Check},
    {"dump", "mgo dump --tokens|--ast|--types|--ir|--bytecode FILE...",
     "show what a phase makes of a program",
     "  --tokens    the tokens, one a line\n"
     "  --ast       the syntax tree\n"
     "  --types     the type and value of each expression\n"
     "  --ir        the intermediate representation, optimized\n"
     "  --bytecode  instructions, with root maps\n"
     "  --all       functions of the library too\n\n"
     "  mgo dump --bytecode hello.mgo\n"
     "  mgo dump --ast hello.mgo\n",
     Dump},
    {"version", "mgo version", "print the version", "  mgo version\n", Version},
};

void PrintHelp(llvm::raw_ostream& out) {
  out << "mgo runs Go programs from source.\n\nUsage:\n\n";
  for (const Command& command : kCommands) {
    out << "  " << command.usage << "\n        " << command.summary << "\n";
  }
  out << "\n`mgo COMMAND --help` says more about a command.\n";
}

int Main(llvm::ArrayRef<std::string> args) {
  if (args.empty()) {
    PrintHelp(llvm::errs());
    return kExitUsage;
  }
  llvm::StringRef name = args[0];
  if (name == "help" || name == "--help" || name == "-h") {
    PrintHelp(llvm::outs());
    return 0;
  }
  if (name == "--version") name = "version";
  for (const Command& command : kCommands) {
    if (name != command.name) continue;
    llvm::ArrayRef<std::string> rest = args.drop_front();
    if (!rest.empty() && (rest[0] == "--help" || rest[0] == "-h")) {
      llvm::outs() << "Usage: " << command.usage << "\n\n" << command.details;
      return 0;
    }
    return command.run(command, rest);
  }
  llvm::errs() << "mgo: unknown command \"" << name << "\"\n\n";
  PrintHelp(llvm::errs());
  return kExitUsage;
}

}  // namespace

int UsageError(const Command& self, const std::string& problem) {
  llvm::errs() << "mgo " << self.name << ": " << problem << "\n"
               << "Usage: " << self.usage << "\n\n"
               << self.details;
  return kExitUsage;
}

std::vector<std::string> TakeSources(llvm::ArrayRef<std::string>& args) {
  std::vector<std::string> sources;
  auto is_source = [](llvm::StringRef name) {
    return name.ends_with(".mgo") || name.ends_with(".go");
  };
  while (!args.empty() && is_source(args[0])) {
    if (sources.size() == 1 && IsScriptFile(sources[0])) break;
    sources.push_back(args[0]);
    args = args.drop_front();
  }
  if (sources.empty() && !args.empty()) {
    sources.push_back(args[0]);
    args = args.drop_front();
  }
  return sources;
}

int Version(const Command& self, llvm::ArrayRef<std::string> args) {
  if (!args.empty()) return UsageError(self, "takes no arguments");
  llvm::outs() << "mgo 0.1 (Go 1.26's language)\n";
  return 0;
}

}  // namespace mgo::cmd

// How the C library gets memory, chosen for start-up. The compiler runs on a
// thread of its own, and a thread's own arena would grow by a page and a system
// call at a time. What compiling a small program takes is asked for in one
// piece, and its pages are made present together rather than one fault each.
static void TuneMalloc() {
#ifdef __GLIBC__
  constexpr size_t kFirstBytes = 3 << 19;
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TOP_PAD, 2 << 20);
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#ifdef MADV_POPULATE_WRITE
  constexpr uintptr_t kPage = 4096;
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  void* first = malloc(kFirstBytes);
  auto page = (reinterpret_cast<uintptr_t>(first) + kPage - 1) & ~(kPage - 1);
  free(first);
  // Older kernels refuse, which costs nothing but the faults.
  (void)madvise(reinterpret_cast<void*>(page), kFirstBytes,
                MADV_POPULATE_WRITE);
#endif
#endif
}

int main(int argc, char** argv) {
  TuneMalloc();
  std::vector<std::string> args(argv + 1, argv + argc);
  return mgo::cmd::Main(args);
}
