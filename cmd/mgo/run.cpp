#include <signal.h>
#include <sys/personality.h>
#include <unistd.h>

#include "cmd/mgo/commands.h"
#include "cmd/mgo/program.h"
#include "llvm/Support/MemoryBuffer.h"
#include "runtime/base/debug_vars.h"
#include "runtime/base/throw.h"
#include "runtime/gc/gc.h"
#include "runtime/sched/quit.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/seeded.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/traceback_level.h"
#include "stdlib/stdlib.h"
#include "vm/interp/interp.h"

namespace mgo::cmd {

Compilation* CompileProgram(const std::vector<std::string>& sources) {
  rt::SchedInit();
  rt::GcInit();
  Compilation& c = NewCompilation();
  bool ok = false;
  OnLargeStack([&] { ok = Compile(c, sources, Phase::kGenerate, true); });
  if (!ok) return nullptr;
  if (!c.main->IsProgram()) {
    llvm::errs() << "mgo: package " << c.main->name->text
                 << " is not a main package\n";
    return nullptr;
  }
  return &c;
}

void RunProgram(Compilation& c, const std::vector<std::string>& args,
                uint64_t seed) {
  stdlib::SetArguments(args);
  interp::Hooks hooks;
  hooks.raise = c.image->Hook("runtime.raise");
  hooks.panic_text = c.image->Hook("runtime.panicText");
  hooks.range_defers = c.image->Hook("runtime.rangeDefers");
  interp::Install(hooks);
  // Writing to a pipe that nobody reads is an error (stdio.cpp).
  signal(SIGPIPE, SIG_IGN);
  rt::sched.on_program_end = [] { rt::ExitProcess(0); };
  if (seed != 0) rt::StartSeeded(seed);
  rt::NewProc(nullptr, nullptr, c.image->Entry(), nullptr, nullptr, 0);
  rt::StartSysmon();
  rt::ExitProcess(rt::RunScheduler());
}

void FixAddresses() {
  const int now = personality(0xffffffff);
  if (now < 0 || (now & ADDR_NO_RANDOMIZE) != 0 ||
      personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) < 0) {
    return;
  }
  auto file = llvm::MemoryBuffer::getFileAsStream("/proc/self/cmdline");
  if (!file) return;
  std::string line = (*file)->getBuffer().str();
  std::vector<char*> argv;
  for (size_t at = 0; at < line.size(); at = line.find('\0', at) + 1) {
    argv.push_back(&line[at]);
  }
  argv.push_back(nullptr);
  execv("/proc/self/exe", argv.data());
}

int Run(const Command& self, llvm::ArrayRef<std::string> args) {
  uint64_t explore = 0;
  llvm::StringRef flag = args.empty() ? "" : llvm::StringRef(args[0]);
  if (flag.consume_front("--explore=")) {
    if (flag.getAsInteger(10, explore) || explore == 0 || explore > INT32_MAX) {
      return UsageError(self, "--explore takes a number of seeds");
    }
    args = args.drop_front();
  }
  std::vector<std::string> sources = TakeSources(args);
  if (sources.empty()) return UsageError(self, "no file given");
  if (llvm::StringRef(sources[0]).starts_with("-")) {
    return UsageError(self, "unknown flag " + sources[0]);
  }
  rt::InitDebugVars();
  rt::InitTracebackLevel();
  if (explore != 0) rt::debug_vars.schedseed = 1;
  if (rt::debug_vars.schedseed != 0) FixAddresses();
  Compilation* c = CompileProgram(sources);
  if (c == nullptr) return kExitCompileError;
  std::vector<std::string> program_args = {sources[0]};
  program_args.insert(program_args.end(), args.begin(), args.end());
  if (explore != 0) return Explore(*c, program_args, explore);
  rt::HandleSignals();
  RunProgram(*c, program_args, static_cast<uint64_t>(rt::debug_vars.schedseed));
}

}  // namespace mgo::cmd
