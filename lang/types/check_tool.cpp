// A small driver of the checker, for its tests: parses and checks files and
// prints what it has to say, as real Go would.
//
//   mgo_check_tool [--stdlib=DIR] [--time] [--bodies] FILE...
//
// --bodies checks every function of the packages imported, too.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "lang/types/test_importer.h"

namespace {

using Clock = std::chrono::steady_clock;

void CheckBodies(mgo::types::TestLoader& loader) {
  for (size_t i = 0; i < loader.world.packages.size(); i++) {
    mgo::types::Package& package = *loader.world.packages[i];
    if (!package.is_library) continue;
    mgo::types::CheckEverything(loader.world, package, loader.sink);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string stdlib = "stdlib";
  bool time = false, bodies = false;
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 1; i < argc; i++) {
    if (std::strncmp(argv[i], "--stdlib=", 9) == 0) {
      stdlib = argv[i] + 9;
    } else if (std::strcmp(argv[i], "--time") == 0) {
      time = true;
    } else if (std::strcmp(argv[i], "--bodies") == 0) {
      bodies = true;
    } else {
      std::ifstream in(argv[i], std::ios::binary);
      files.push_back({argv[i], std::string((std::istreambuf_iterator<char>(in)),
                                            std::istreambuf_iterator<char>())});
    }
  }
  auto start = Clock::now();
  mgo::types::TestLoader loader(stdlib);
  loader.Check(files);
  if (bodies) CheckBodies(loader);
  auto end = Clock::now();
  mgo::diag::Print(loader.sink, loader.world.sources, llvm::errs());
  if (time) {
    std::fprintf(stderr, "%.3f ms\n",
                 std::chrono::duration<double, std::milli>(end - start).count());
  }
  return loader.sink.HasErrors() ? 1 : 0;
}
