// The phases from source to image, as the subcommands use them.
#ifndef MGO_CMD_MGO_COMPILE_H_
#define MGO_CMD_MGO_COMPILE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cmd/mgo/loader.h"
#include "vm/codegen/image.h"
#include "vm/ir/ir.h"

namespace mgo::cmd {

// How far to go.
enum class Phase { kCheck, kLower, kGenerate };

// A compilation and its results, as far as it went.
struct Compilation {
  types::World world;
  diag::DiagnosticSink sink;
  // Prints every error, not only the first ten.
  bool all_errors = false;
  types::Package* main = nullptr;
  std::unique_ptr<ir::Program> program;
  std::unique_ptr<codegen::Image> image;
};

// A compilation for as long as the process lives: what runs needs its image,
// and giving back the rest takes time that nobody has use for.
Compilation& NewCompilation();

// Compiles the files (or the folder). False: errors were printed to standard
// error. `for_running`: code and variables are registered with the runtime.
bool Compile(Compilation& c, const std::vector<std::string>& paths, Phase last,
             bool for_running);

// Calls f on a stack that is large enough for the front end's recursion on
// deeply nested programs.
void OnLargeStack(const std::function<void()>& f);

}  // namespace mgo::cmd

#endif  // MGO_CMD_MGO_COMPILE_H_
