#include <signal.h>

#include "cmd/mgo/commands.h"
#include "cmd/mgo/compile.h"
#include "runtime/base/debug_vars.h"
#include "runtime/base/throw.h"
#include "runtime/gc/gc.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/seeded.h"
#include "runtime/sched/switch.h"
#include "stdlib/stdlib.h"
#include "vm/interp/interp.h"

namespace mgo::cmd {

int Run(const Command& self, llvm::ArrayRef<std::string> args) {
  std::vector<std::string> sources = TakeSources(args);
  if (sources.empty()) return UsageError(self, "no file given");
  if (llvm::StringRef(sources[0]).starts_with("-")) {
    return UsageError(self, "unknown flag " + sources[0]);
  }
  rt::InitDebugVars();
  rt::SchedInit();
  rt::GcInit();
  Compilation& c = NewCompilation();
  bool ok = false;
  OnLargeStack([&] { ok = Compile(c, sources, Phase::kGenerate, true); });
  if (!ok) return kExitCompileError;
  if (!c.main->IsProgram()) {
    llvm::errs() << "mgo: package " << c.main->name->text
                 << " is not a main package\n";
    return kExitCompileError;
  }

  std::vector<std::string> program_args = {sources[0]};
  program_args.insert(program_args.end(), args.begin(), args.end());
  stdlib::SetArguments(program_args);
  interp::Hooks hooks;
  hooks.raise = c.image->Hook("runtime.raise");
  hooks.panic_text = c.image->Hook("runtime.panicText");
  hooks.range_defers = c.image->Hook("runtime.rangeDefers");
  interp::Install(hooks);
  // Writing to a pipe that nobody reads is an error (stdio.cpp).
  signal(SIGPIPE, SIG_IGN);
  rt::sched.on_program_end = [] { rt::ExitProcess(0); };
  if (rt::debug_vars.schedseed != 0) {
    rt::StartSeeded(static_cast<uint64_t>(rt::debug_vars.schedseed));
  }
  rt::NewProc(nullptr, nullptr, c.image->Entry(), nullptr, nullptr, 0);
  if (!rt::Seeded()) rt::StartSysmon();
  rt::ExitProcess(rt::RunScheduler());
}

}  // namespace mgo::cmd
