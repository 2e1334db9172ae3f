// For tests of the checker: packages from sources in memory or in a folder of
// standard packages.
#ifndef MGO_LANG_TYPES_TEST_IMPORTER_H_
#define MGO_LANG_TYPES_TEST_IMPORTER_H_

#include <string>
#include <utility>
#include <vector>

#include "lang/types/checker.h"

namespace mgo::types {

// Parses and checks packages; imports come from the folder `stdlib`.
class TestLoader {
 public:
  explicit TestLoader(std::string stdlib) : stdlib_(std::move(stdlib)) {}

  // Checks a program of one package, given as (name, text) pairs. Null when it
  // does not parse.
  Package* Check(const std::vector<std::pair<std::string, std::string>>& files);
  World world;
  diag::DiagnosticSink sink;

 private:
  Package* Import(llvm::StringRef path, diag::Pos pos);

  std::string stdlib_;
  std::vector<std::pair<std::string, Package*>> imported_;
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_TEST_IMPORTER_H_
