// The type checker's entry points.
#ifndef MGO_LANG_TYPES_CHECKER_H_
#define MGO_LANG_TYPES_CHECKER_H_

#include <functional>
#include <memory>
#include <string>

#include "lang/diag/diagnostic.h"
#include "lang/types/package.h"
#include "lang/types/universe.h"

namespace mgo::types {

// Everything that all packages of one compilation share.
struct World {
  diag::SourceSet sources;
  syntax::NameTable names;
  TypeArena types;
  ConstantArena constants;
  std::unique_ptr<Universe> universe;
  uint32_t next_symbol_id = 1;
  // Finds the standard package of a name: its path, empty where there is none.
  std::function<std::string(llvm::StringRef name)> library_path;
  // All packages, in dependency order (imported ones first).
  std::vector<std::unique_ptr<Package>> packages;
  // One per package that went through CheckPackage.
  std::vector<std::unique_ptr<Checker>> checkers;
  World();
  ~World();
};

// Finds an imported package: null after reporting at `pos` when there is none.
// Packages come back with all declarations collected; see CheckPackage.
using Importer = std::function<Package*(llvm::StringRef path, diag::Pos pos)>;

// Checks a parsed package: resolves every package-level declaration and, unless
// it is a library, every function body, unused imports and variables, and the
// initialization order. Errors go to the sink; on errors the package must not
// be lowered.
//
// A library package is only collected: its declarations are resolved when
// something uses them, its bodies when CheckBody asks.
void CheckPackage(World& world, Package& package, const Importer& importer,
                  diag::DiagnosticSink& sink);

// Checks the body of a function (or method) of a library package, once; later
// calls do nothing. Needs the sink that CheckPackage was given.
void CheckBody(World& world, Package& package, const Symbol* function,
               diag::DiagnosticSink& sink);

// Checks the initializer of a package-level variable of a library package,
// once, and returns the step that initializes it, or null when it has none.
// Dependencies of it on other variables are found by lowering.
const Initializer* CheckGlobal(World& world, Package& package,
                               const Symbol* variable,
                               diag::DiagnosticSink& sink);

// Checks all of a library package, used or not, for tests of the library.
void CheckEverything(World& world, Package& package,
                     diag::DiagnosticSink& sink);

// Checks labels and branch statements of the functions that have no error of
// the parser inside; those errors are the sink's first `parser_errors`.
// CheckPackage does it; files with syntax errors are not checked otherwise.
void CheckBranches(const syntax::File& file, diag::DiagnosticSink& sink,
                   size_t parser_errors, const diag::SourceSet& sources);

// Resolves a library package's declaration on demand (sets symbol->type, and a
// type's methods).
void ResolveSymbol(World& world, Symbol* symbol, diag::DiagnosticSink& sink);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_CHECKER_H_
