#include "cmd/mgo/compile.h"

#include <pthread.h>

#include "runtime/base/debug_vars.h"
#include "stdlib/stdlib.h"
#include "vm/ir/lower.h"
#include "vm/ir/opt.h"

namespace mgo::cmd {
namespace {

// Enough for the parser's limit on nesting in every phase; only what is touched
// takes memory.
constexpr size_t kStackBytes = size_t{512} << 20;

bool Failed(Compilation& c) {
  if (!c.sink.HasErrors()) return false;
  if (c.all_errors) {
    diag::Print(c.sink, c.world.sources, llvm::errs(), SIZE_MAX);
  } else {
    diag::Print(c.sink, c.world.sources, llvm::errs());
  }
  return true;
}

}  // namespace

Compilation& NewCompilation() {
  static auto* const all = new std::vector<Compilation*>;
  all->push_back(new Compilation);
  return *all->back();
}

bool Compile(Compilation& c, const std::vector<std::string>& paths, Phase last,
             bool for_running) {
  Loader loader(c.world, c.sink);
  std::string error;
  c.main = loader.LoadMain(paths, &error);
  if (!error.empty()) {
    llvm::errs() << "mgo: " << error << "\n";
    return false;
  }
  if (Failed(c)) return false;
  if (c.main == nullptr) return false;
  if (last == Phase::kCheck) return true;
  c.program = ir::LowerProgram(c.world, *c.main, c.sink);
  if (Failed(c)) return false;
  if (rt::debug_vars.noopt == 0) ir::Optimize(*c.program, c.world);
  if (last == Phase::kLower) return true;
  c.image = codegen::Generate(
      *c.program, c.world,
      [](llvm::StringRef name) {
        return stdlib::LookUpNative({name.data(), name.size()});
      },
      for_running, c.sink);
  return !Failed(c);
}

void OnLargeStack(const std::function<void()>& f) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread;
  auto run = [](void* f) -> void* {
    (*static_cast<const std::function<void()>*>(f))();
    return nullptr;
  };
  if (pthread_create(&thread, &attributes, run,
                     const_cast<void*>(static_cast<const void*>(&f))) != 0) {
    f();
  } else {
    pthread_join(thread, nullptr);
  }
  pthread_attr_destroy(&attributes);
}

}  // namespace mgo::cmd
