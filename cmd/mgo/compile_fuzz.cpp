// libFuzzer target: the whole compiler, on any bytes. A program that passes the
// checker is lowered, optimized and generated, and its code verified.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cmd/mgo/loader.h"
#include "stdlib/stdlib.h"
#include "vm/codegen/image.h"
#include "vm/ir/lower.h"
#include "vm/ir/opt.h"

namespace {

// Programs come from files; this one is a file in memory.
std::string FileOf(const uint8_t* data, size_t size) {
  static const int file = memfd_create("fuzz.go", 0);
  static const std::string name = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 ||
      pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) {
    abort();
  }
  return name;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mgo;  // NOLINT
  types::World world;
  diag::DiagnosticSink sink;
  cmd::Loader loader(world, sink);
  std::string error;
  types::Package* main = loader.LoadMain({FileOf(data, size)}, &error);
  if (main == nullptr || sink.HasErrors()) return 0;
  auto program = ir::LowerProgram(world, *main, sink);
  if (sink.HasErrors()) return 0;
  ir::Optimize(*program, world);
  // Not for running: what is generated that way is verified.
  codegen::Generate(
      *program, world,
      [](llvm::StringRef name) {
        return stdlib::LookUpNative({name.data(), name.size()});
      },
      /*for_running=*/false, sink);
  return 0;
}
