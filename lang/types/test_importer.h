// For tests of the checker: packages from sources in memory or in a folder of
// standard packages.
#ifndef MGO_LANG_TYPES_TEST_IMPORTER_H_
#define MGO_LANG_TYPES_TEST_IMPORTER_H_

#include <chrono>
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
  // When the program's own files had been parsed.
  std::chrono::steady_clock::time_point parsed;

 private:
  Package* Import(llvm::StringRef path, diag::Pos pos);

  std::string stdlib_;
  std::vector<std::pair<std::string, Package*>> imported_;
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_TEST_IMPORTER_H_
