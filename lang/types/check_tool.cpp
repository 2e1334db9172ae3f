// A small driver of the checker, for its tests: parses and checks files and
// prints what it has to say, as real Go would.
//
//   mgo_check_tool [--stdlib=DIR] [--time] [--bodies] [--dump] [--complete]
//                  [--all] FILE...
//
// --bodies checks every function of the packages imported, too; --complete
// names expressions whose type is missing or still untyped.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "lang/syntax/print.h"
#include "lang/types/dump.h"
#include "lang/types/test_importer.h"
#include "lang/types/walk.h"

namespace {

using Clock = std::chrono::steady_clock;

void CheckBodies(mgo::types::TestLoader& loader) {
  for (size_t i = 0; i < loader.world.packages.size(); i++) {
    mgo::types::Package& package = *loader.world.packages[i];
    if (!package.is_library) continue;
    mgo::types::CheckEverything(loader.world, package, loader.sink);
  }
}

// Lists expressions that lowering would stumble over.
void CheckComplete(mgo::types::TestLoader& loader,
                   const mgo::types::Package& package) {
  using mgo::types::Mode;
  for (const mgo::syntax::File* file : package.syntax->files) {
    mgo::types::ForEachExpr(file, [&](const mgo::syntax::Expr* e) {
      if (llvm::isa<mgo::syntax::KeyValueExpr>(e)) return;
      const mgo::types::TypeAndValue& fact = package.info.types[e->id];
      bool bad = fact.type == nullptr || fact.mode == Mode::kNone;
      if (bad && llvm::isa<mgo::syntax::Ident>(e)) return;
      bad |= fact.mode != Mode::kConstant && fact.mode != Mode::kNoValue &&
             fact.type != nullptr && mgo::types::IsUntyped(fact.type);
      if (!bad) return;
      mgo::diag::Location at = loader.world.sources.Locate(e->pos);
      llvm::errs() << at.file << ":" << at.line << ":" << at.column
                   << ": no type: " << mgo::syntax::ExprString(e) << "\n";
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string stdlib = "stdlib";
  bool time = false, bodies = false, dump = false, complete = false;
  bool all = false;
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 1; i < argc; i++) {
    if (std::strncmp(argv[i], "--stdlib=", 9) == 0) {
      stdlib = argv[i] + 9;
    } else if (std::strcmp(argv[i], "--time") == 0) {
      time = true;
    } else if (std::strcmp(argv[i], "--bodies") == 0) {
      bodies = true;
    } else if (std::strcmp(argv[i], "--all") == 0) {
      all = true;
    } else if (std::strcmp(argv[i], "--dump") == 0) {
      dump = true;
    } else if (std::strcmp(argv[i], "--complete") == 0) {
      complete = true;
    } else {
      std::ifstream in(argv[i], std::ios::binary);
      files.push_back(
          {argv[i], std::string((std::istreambuf_iterator<char>(in)),
                                std::istreambuf_iterator<char>())});
    }
  }
  auto start = Clock::now();
  mgo::types::TestLoader loader(stdlib);
  mgo::types::Package* package = loader.Check(files);
  if (bodies) CheckBodies(loader);
  auto end = Clock::now();
  mgo::diag::Print(loader.sink, loader.world.sources, llvm::errs(),
                   all ? SIZE_MAX : 10);
  if (time) {
    using Ms = std::chrono::duration<double, std::milli>;
    std::fprintf(stderr, "parse %.3f ms, check %.3f ms\n",
                 Ms(loader.parsed - start).count(),
                 Ms(end - loader.parsed).count());
  }
  if (package != nullptr && dump) {
    mgo::types::DumpTypes(*package, loader.world.sources, llvm::outs());
  }
  if (package != nullptr && complete && !loader.sink.HasErrors()) {
    CheckComplete(loader, *package);
    for (auto& other : loader.world.packages) {
      if (bodies && other.get() != package) CheckComplete(loader, *other);
    }
  }
  return loader.sink.HasErrors() ? 1 : 0;
}
