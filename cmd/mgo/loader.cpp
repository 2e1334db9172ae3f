#include "cmd/mgo/loader.h"

#include <algorithm>

#include "lang/lex/lexer.h"
#include "lang/lex/script_filter.h"
#include "lang/syntax/parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "stdlib/stdlib.h"

namespace mgo::cmd {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {

// A file's bytes; false: *error says why not.
bool ReadFile(const std::string& name, std::string* text, std::string* error) {
  if (fs::is_directory(name)) {
    *error = "is a directory";
    return false;
  }
  auto buffer = llvm::MemoryBuffer::getFile(name, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer) {
    *error = buffer.getError().message();
    // The C library's words begin with a capital.
    if (!error->empty()) (*error)[0] = static_cast<char>(tolower((*error)[0]));
    return false;
  }
  *text = (*buffer)->getBuffer().str();
  return true;
}

// The source files of a folder, sorted.
std::vector<std::string> SourcesIn(llvm::StringRef folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; it != end && !error;
       it.increment(error)) {
    llvm::StringRef name = path::filename(it->path());
    bool source = name.ends_with(".mgo") || name.ends_with(".go");
    if (source && !name.starts_with(".") && !name.starts_with("_") &&
        !name.ends_with("_test.go") && !name.ends_with("_test.mgo")) {
      files.push_back(it->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Whether the parser lost its way. A malformed literal, say, is an error too,
// but leaves a tree that can be checked.
bool HasSyntaxErrors(const diag::DiagnosticSink& sink) {
  for (const diag::Diagnostic& d : sink.All()) {
    if (llvm::StringRef(d.message).starts_with("syntax error")) return true;
  }
  return false;
}

}  // namespace

bool IsScriptFile(const std::string& name) {
  std::string text, error;
  if (!ReadFile(name, &text, &error)) return false;
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  const diag::SourceFile* file = sources.Add(name, std::move(text));
  return file != nullptr && lex::IsScript(lex::Lex(*file, sink).tokens);
}

Loader::Loader(types::World& world, diag::DiagnosticSink& sink)
    : world_(world), sink_(sink) {
  world_.library_path = [](llvm::StringRef name) {
    return std::string(stdlib::PathOfName({name.data(), name.size()}));
  };
}

types::Package* Loader::LoadMain(const std::vector<std::string>& paths,
                                 std::string* error) {
  bool folder = paths.size() == 1 && fs::is_directory(paths[0]);
  std::vector<std::string> files = folder ? SourcesIn(paths[0]) : paths;
  if (files.empty()) {
    *error = paths[0] + ": no .mgo or .go files";
    return nullptr;
  }
  llvm::SmallString<128> where(folder ? llvm::StringRef(paths[0])
                                      : path::parent_path(files[0]));
  fs::make_absolute(where);
  FindModule(where);
  types::Package* main = LoadFiles(files, "main", {}, error);
  if (main == nullptr) return nullptr;
  // The interpreter needs package runtime whatever the program imports.
  LoadLibrary("runtime");
  return main;
}

void Loader::FindModule(llvm::StringRef folder) {
  for (llvm::StringRef at = folder; !at.empty(); at = path::parent_path(at)) {
    llvm::SmallString<128> file(at);
    path::append(file, "go.mod");
    std::string text, error;
    if (!fs::exists(file) || !ReadFile(file.str().str(), &text, &error)) {
      continue;
    }
    llvm::SmallVector<llvm::StringRef, 8> lines;
    llvm::StringRef(text).split(lines, '\n');
    for (llvm::StringRef line : lines) {
      line = line.trim();
      if (!line.consume_front("module ")) continue;
      module_path_ = line.trim().trim('"').str();
      module_root_ = at.str();
      return;
    }
    return;
  }
}

types::Package* Loader::LoadFiles(const std::vector<std::string>& files,
                                  llvm::StringRef import_path, diag::Pos pos,
                                  std::string* error) {
  auto package = std::make_unique<types::Package>();
  package->path = import_path.str();
  package->syntax = std::make_unique<syntax::PackageSyntax>();
  package->syntax->path = package->path;
  for (const std::string& name : files) {
    std::string text, why;
    if (!ReadFile(name, &text, &why)) {
      if (error != nullptr) {
        *error = name + ": " + why;
      } else {
        sink_.Report(diag::DiagKind::kCannotReadFile, pos, name, why);
      }
      return nullptr;
    }
    const diag::SourceFile* source = world_.sources.Add(name, std::move(text));
    if (source == nullptr) {
      if (error != nullptr) *error = name + ": too many lines of source";
      return nullptr;
    }
    syntax::ParseFile(*source, world_.names, *package->syntax, sink_);
  }
  if (HasSyntaxErrors(sink_) || package->syntax->broken_imports) {
    return nullptr;
  }
  return Check(std::move(package));
}

types::Package* Loader::Check(std::unique_ptr<types::Package> package) {
  types::Package& p = *package;
  types::CheckPackage(
      world_, p,
      [this](llvm::StringRef import_path, diag::Pos pos) {
        return Import(import_path, pos);
      },
      sink_);
  world_.packages.push_back(std::move(package));
  return &p;
}

types::Package* Loader::LoadLibrary(llvm::StringRef import_path) {
  if (types::Package* known = loaded_.lookup(import_path)) return known;
  auto files = stdlib::FilesOf({import_path.data(), import_path.size()});
  if (files.empty()) return nullptr;
  auto package = std::make_unique<types::Package>();
  package->path = import_path.str();
  package->is_library = true;
  package->syntax = std::make_unique<syntax::PackageSyntax>();
  package->syntax->path = package->path;
  for (const stdlib::SourceFile& file : files) {
    const diag::SourceFile* source = world_.sources.Add(
        "$GOROOT/" + std::string(file.path), std::string(file.text));
    syntax::ParseLibraryFile(*source, world_.names, *package->syntax, sink_);
  }
  loading_.push_back(import_path.str());
  types::Package* result = Check(std::move(package));
  loading_.pop_back();
  loaded_[import_path] = result;
  return result;
}

types::Package* Loader::LoadFolder(llvm::StringRef folder,
                                   llvm::StringRef import_path, diag::Pos pos) {
  if (types::Package* known = loaded_.lookup(folder)) return known;
  if (std::find(loading_.begin(), loading_.end(), folder) != loading_.end()) {
    ReportCycle(folder, pos);
    return nullptr;
  }
  std::vector<std::string> files = SourcesIn(folder);
  if (files.empty()) {
    sink_.Report(diag::DiagKind::kCannotReadFile, pos, folder,
                 "no .mgo or .go files");
    return nullptr;
  }
  loading_.push_back(folder.str());
  types::Package* package = LoadFiles(files, import_path, pos, nullptr);
  loading_.pop_back();
  loaded_[folder] = package;
  return package;
}

void Loader::ReportCycle(llvm::StringRef key, diag::Pos pos) {
  std::string message = "import cycle not allowed";
  auto first = std::find(loading_.begin(), loading_.end(), key);
  for (auto it = first; it != loading_.end(); ++it) {
    message += "\n\t" + *it + " imports";
  }
  message += "\n\t" + key.str();
  sink_.Add(diag::DiagKind::kImportCycle, pos, message);
}

types::Package* Loader::Import(llvm::StringRef import_path, diag::Pos pos) {
  if (import_path.starts_with("./") || import_path.starts_with("../")) {
    const diag::SourceFile* from = world_.sources.FileOf(pos);
    llvm::SmallString<128> folder(path::parent_path(from->Name()));
    path::append(folder, import_path);
    fs::make_absolute(folder);
    path::remove_dots(folder, /*remove_dot_dot=*/true);
    return LoadFolder(folder, import_path, pos);
  }
  llvm::StringRef rest = import_path;
  if (!module_path_.empty() && rest.consume_front(module_path_) &&
      (rest.empty() || rest.starts_with("/"))) {
    llvm::SmallString<128> folder(module_root_);
    path::append(folder, rest);
    path::remove_dots(folder, true);
    return LoadFolder(folder, import_path, pos);
  }
  if (types::Package* library = LoadLibrary(import_path)) return library;
  sink_.Report(diag::DiagKind::kNoSuchPackage, pos, import_path);
  return nullptr;
}

}  // namespace mgo::cmd
