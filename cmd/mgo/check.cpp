#include "cmd/mgo/commands.h"
#include "cmd/mgo/compile.h"
#include "runtime/base/debug_vars.h"

namespace mgo::cmd {

int Check(const Command& self, llvm::ArrayRef<std::string> args) {
  Compilation& c = NewCompilation();
  if (!args.empty() && args[0] == "-e") {
    c.all_errors = true;
    args = args.drop_front();
  }
  std::vector<std::string> sources = TakeSources(args);
  if (sources.empty()) return UsageError(self, "no file given");
  if (!args.empty()) return UsageError(self, "unexpected " + args[0]);
  rt::InitDebugVars();
  bool ok = false;
  OnLargeStack([&] { ok = Compile(c, sources, Phase::kCheck, false); });
  return ok ? 0 : kExitCompileError;
}

}  // namespace mgo::cmd
