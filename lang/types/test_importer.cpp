#include "lang/types/test_importer.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "lang/syntax/parser.h"

namespace mgo::types {

Package* TestLoader::Check(
    const std::vector<std::pair<std::string, std::string>>& files) {
  auto package = std::make_unique<Package>();
  package->syntax = std::make_unique<syntax::PackageSyntax>();
  for (auto& [name, text] : files) {
    const diag::SourceFile* source = world.sources.Add(name, text);
    syntax::ParseFile(*source, world.names, *package->syntax, sink);
  }
  // As in Go, only real syntax errors keep the checker from running.
  if (sink.HasSyntaxErrors()) return nullptr;
  const syntax::File* first = package->syntax->files[0];
  package->path = first->package_name == nullptr
                      ? "main"
                      : first->package_name->name->text.str();
  parsed = std::chrono::steady_clock::now();
  if (first->package_name != nullptr) {
    package->name = first->package_name->name;
  }
  Package* result = package.get();
  CheckPackage(
      world, *result,
      [this](llvm::StringRef path, diag::Pos pos) { return Import(path, pos); },
      sink);
  world.packages.push_back(std::move(package));
  return result;
}

Package* TestLoader::Import(llvm::StringRef path, diag::Pos pos) {
  for (auto& [name, package] : imported_) {
    if (name == path) return package;
  }
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  for (auto& entry :
       fs::directory_iterator(stdlib_ + "/" + path.str(), error)) {
    if (entry.path().extension() == ".mgo") names.push_back(entry.path());
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) {
    sink.Add(diag::DiagKind::kNotSupported, pos,
             "package " + path.str() + " is not in std");
    imported_.push_back({path.str(), nullptr});
    return nullptr;
  }
  auto package = std::make_unique<Package>();
  package->path = path.str();
  package->is_library = true;
  package->syntax = std::make_unique<syntax::PackageSyntax>();
  for (const std::string& name : names) {
    std::ifstream in(name, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)),
                     std::istreambuf_iterator<char>());
    const diag::SourceFile* source = world.sources.Add(name, text);
    syntax::ParseFile(*source, world.names, *package->syntax, sink);
  }
  Package* result = package.get();
  result->name = result->syntax->files[0]->package_name->name;
  imported_.push_back({path.str(), result});
  CheckPackage(
      world, *result,
      [this](llvm::StringRef p, diag::Pos at) { return Import(p, at); }, sink);
  world.packages.push_back(std::move(package));
  return result;
}

}  // namespace mgo::types
