#include "cmd/mgo/loader.h"

#include <algorithm>

#include "cmd/mgo/build_constraint.h"
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

using diag::DiagKind;
using llvm::StringRef;

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

// The source files of a folder, sorted, whatever system they are for.
std::vector<std::string> SourcesIn(StringRef folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; it != end && !error;
       it.increment(error)) {
    StringRef name = path::filename(it->path());
    bool source = name.ends_with(".mgo") || name.ends_with(".go");
    if (source && !name.starts_with(".") && !name.starts_with("_") &&
        !name.ends_with("_test.go") && !name.ends_with("_test.mgo")) {
      files.push_back(path::remove_leading_dotslash(it->path()).str());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string Absolute(StringRef name) {
  llvm::SmallString<128> absolute(name);
  fs::make_absolute(absolute);
  path::remove_dots(absolute, /*remove_dot_dot=*/true);
  return absolute.str().str();
}

// The name of a folder or file as messages show it: from where we are, if it is
// below.
std::string Shown(StringRef absolute) {
  llvm::SmallString<128> here;
  if (fs::current_path(here)) return absolute.str();
  if (absolute.consume_front(here)) {
    if (absolute.empty()) return ".";
    if (absolute.consume_front("/")) return absolute.str();
    absolute =
        StringRef(absolute.data() - here.size(), absolute.size() + here.size());
  }
  return absolute.str();
}

// `to` seen from the folder `from`, both absolute: "./to", "../to".
std::string Relative(StringRef from, StringRef to) {
  llvm::SmallVector<StringRef, 16> a, b;
  from.split(a, '/', -1, /*KeepEmpty=*/false);
  to.split(b, '/', -1, /*KeepEmpty=*/false);
  size_t common = 0;
  while (common < a.size() && common < b.size() && a[common] == b[common]) {
    common++;
  }
  std::string result = common == a.size() ? "." : "..";
  for (size_t i = common + 1; i < a.size(); i++) result += "/..";
  for (size_t i = common; i < b.size(); i++) result += "/" + b[i].str();
  return result;
}

// What is wrong with an import path that is not relative; empty: nothing.
std::string WhyMalformed(StringRef path) {
  if (path.starts_with("-")) return "leading dash";
  if (path.starts_with("/")) return "import path cannot be absolute path";
  if (path.contains("//")) return "double slash";
  if (path.ends_with("/")) return "trailing slash";
  llvm::SmallVector<StringRef, 8> elements;
  path.split(elements, '/');
  for (StringRef element : elements) {
    if (element.trim('.').empty()) {
      return "invalid path element \"" + element.str() + "\"";
    }
    if (element.ends_with(".")) return "trailing dot in path element";
  }
  return "";
}

// Whether the parser lost its way. A malformed literal, say, is an error too,
// but leaves a tree that can be checked.
bool HasSyntaxErrors(const diag::DiagnosticSink& sink) {
  for (const diag::Diagnostic& d : sink.All()) {
    if (StringRef(d.message).starts_with("syntax error")) return true;
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
  world_.library_path = [](StringRef name) {
    return std::string(stdlib::PathOfName({name.data(), name.size()}));
  };
}

types::Package* Loader::LoadMain(const std::vector<std::string>& paths,
                                 std::string* error) {
  std::vector<std::string> files = paths;
  if (paths.size() == 1 && fs::is_directory(paths[0])) {
    std::vector<std::string> all = SourcesIn(paths[0]);
    if (all.empty()) *error = paths[0] + ": no .mgo or .go files";
    files.clear();
    if (all.empty() || !SelectSources(all, {}, error, &files)) return nullptr;
  }
  // Files that are named take part whatever their constraints say.
  for (const std::string& file : files) {
    StringRef first = path::parent_path(files[0]);
    StringRef other = path::parent_path(file);
    if (Absolute(first) == Absolute(other)) continue;
    *error = "named files must all be in one directory; have " +
             (first.empty() ? "." : first.str()) + " and " +
             (other.empty() ? "." : other.str());
    return nullptr;
  }
  main_folder_ = Absolute(path::parent_path(files[0]));
  FindModule(main_folder_);
  loading_.push_back({main_folder_, "main", "", false});
  types::Package* main =
      LoadFiles(files, "main", Shown(main_folder_), {}, error);
  loading_.pop_back();
  if (main == nullptr) return nullptr;
  // The interpreter needs package runtime whatever the program imports.
  LoadLibrary("runtime");
  return main;
}

// Those of the files that build constraints do not exclude; false: there are
// none, which has been reported.
bool Loader::SelectSources(const std::vector<std::string>& files, diag::Pos pos,
                           std::string* error,
                           std::vector<std::string>* selected) {
  auto fail = [&](StringRef name, const std::string& why) {
    if (error != nullptr) {
      *error = name.str() + ": " + why;
    } else {
      sink_.Report(DiagKind::kCannotReadFile, pos, name, why);
    }
    return false;
  };
  for (const std::string& name : files) {
    if (!FileNameMatches(path::filename(name))) continue;
    std::string text, why;
    if (!ReadFile(name, &text, &why)) return fail(name, why);
    bool holds = ConstraintHolds(text, &why);
    if (!why.empty()) return fail(name, "parsing //go:build line: " + why);
    if (holds) selected->push_back(name);
  }
  if (!selected->empty()) return true;
  std::string folder = Shown(Absolute(path::parent_path(files[0])));
  std::string why = "build constraints exclude all Go files in " + folder;
  if (error != nullptr) {
    *error = why;
  } else {
    sink_.Report(DiagKind::kFilesExcluded, pos, folder);
  }
  return false;
}

void Loader::FindModule(StringRef folder) {
  for (StringRef at = folder; !at.empty(); at = path::parent_path(at)) {
    llvm::SmallString<128> file(at);
    path::append(file, "go.mod");
    std::string text, error;
    if (!fs::exists(file) || !ReadFile(file.str().str(), &text, &error)) {
      continue;
    }
    llvm::SmallVector<StringRef, 8> lines;
    StringRef(text).split(lines, '\n');
    for (StringRef line : lines) {
      line = line.split("//").first.trim();
      if (!line.consume_front("module ") && !line.consume_front("module\t")) {
        continue;
      }
      module_path_ = line.trim().trim("\"`").str();
      module_root_ = at.str();
      return;
    }
    return;
  }
}

std::string Loader::ImportPathOf(StringRef folder) const {
  StringRef below = folder;
  if (!module_path_.empty() && below.consume_front(module_root_) &&
      (below.empty() || below.starts_with("/"))) {
    return module_path_ + below.str();
  }
  return Relative(main_folder_, folder);
}

// Go command: "An import of a path containing the element “internal” is
// disallowed if the importing code is outside the tree rooted at the parent of
// the “internal” directory."
bool Loader::MayUseInternal(StringRef folder, StringRef path) const {
  StringRef root = folder;
  // Only what the import path shows counts.
  size_t shown = StringRef(path).count('/') + 1;
  for (; shown > 0; shown--) {
    StringRef element = path::filename(root);
    root = path::parent_path(root);
    if (element != "internal") continue;
    StringRef importer = loading_.back().folder;
    return importer.consume_front(root) &&
           (importer.empty() || importer.starts_with("/"));
  }
  return true;
}

types::Package* Loader::LoadFiles(const std::vector<std::string>& files,
                                  StringRef import_path, StringRef spelling,
                                  diag::Pos pos, std::string* error) {
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
        sink_.Report(DiagKind::kCannotReadFile, pos, name, why);
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
    size_t errors = sink_.Count();
    for (const syntax::File* file : package->syntax->files) {
      types::CheckBranches(*file, sink_, errors, world_.sources);
    }
    return nullptr;
  }
  if (!CheckPackageNames(*package->syntax, spelling, pos)) return nullptr;
  size_t errors = sink_.Count();
  types::Package* result = Check(std::move(package));
  // What imports it need not be looked at.
  return pos.IsValid() && sink_.Count() > errors ? nullptr : result;
}

// Whether the files belong to one package, and one that can be imported if it
// is imported, at `pos`.
bool Loader::CheckPackageNames(const syntax::PackageSyntax& syntax,
                               StringRef spelling, diag::Pos pos) {
  llvm::ArrayRef<const syntax::File*> files = syntax.files;
  const syntax::Ident* first = files[0]->package_name;
  for (const syntax::File* file : files) {
    const syntax::Ident* other = file->package_name;
    if (other == nullptr && files.size() > 1) {
      sink_.Report(DiagKind::kScriptAmongFiles,
                   pos.IsValid() ? pos : file->source->Base(),
                   path::filename(file->source->Name()), spelling);
      return false;
    }
    if (first == nullptr || other->name == first->name) continue;
    sink_.Report(DiagKind::kSeveralPackages, pos.IsValid() ? pos : other->pos,
                 first->name->text, path::filename(files[0]->source->Name()),
                 other->name->text, path::filename(file->source->Name()),
                 spelling);
    return false;
  }
  bool program = first == nullptr || first->name->text == "main";
  if (!pos.IsValid()) main_is_program_ = program;
  if (!pos.IsValid() || !program) return true;
  sink_.Report(DiagKind::kImportsProgram, pos, ImportPathOf(Absolute(spelling)),
               first != nullptr ? "program" : "script");
  return false;
}

types::Package* Loader::Check(std::unique_ptr<types::Package> package) {
  types::Package& p = *package;
  types::CheckPackage(
      world_, p,
      [this](StringRef import_path, diag::Pos pos) {
        return Import(import_path, pos);
      },
      sink_);
  world_.packages.push_back(std::move(package));
  return &p;
}

types::Package* Loader::LoadLibrary(StringRef import_path) {
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
  std::string key = import_path.str();
  loading_.push_back({key, key, "", true});
  types::Package* result = Check(std::move(package));
  loading_.pop_back();
  loaded_[key] = result;
  return result;
}

types::Package* Loader::LoadFolder(StringRef folder, StringRef spelling,
                                   diag::Pos pos) {
  std::string import_path = ImportPathOf(folder);
  if (!MayUseInternal(folder, import_path)) {
    sink_.Report(DiagKind::kInternalPackage, pos, import_path);
    return nullptr;
  }
  auto known = loaded_.find(folder);
  if (known != loaded_.end()) return known->second;
  for (const Loading& one : loading_) {
    if (one.folder != folder) continue;
    if (main_is_program_ && folder == main_folder_) {
      sink_.Report(DiagKind::kImportsProgram, pos, import_path, "program");
    } else {
      ReportCycle(import_path, pos);
    }
    return nullptr;
  }
  std::vector<std::string> files = SourcesIn(folder);
  if (files.empty()) {
    ReportNoPackage(spelling, pos);
    return nullptr;
  }
  std::vector<std::string> selected;
  types::Package* package = nullptr;
  if (SelectSources(files, pos, nullptr, &selected)) {
    for (std::string& file : selected) file = Shown(file);
    loading_.push_back({folder.str(), import_path, "", false});
    package = LoadFiles(selected, import_path, Shown(folder), pos, nullptr);
    loading_.pop_back();
  }
  loaded_[folder] = package;
  return package;
}

// Paths of the library have no dot before the first slash; paths of modules do.
void Loader::ReportNoPackage(StringRef import_path, diag::Pos pos) {
  StringRef first = import_path.split('/').first;
  bool module = first.trim('.').contains('.');
  sink_.Report(module ? DiagKind::kNoModule : DiagKind::kNoSuchPackage, pos,
               import_path);
}

void Loader::ReportCycle(StringRef import_path, diag::Pos pos) {
  std::string message = diag::PatternOf(DiagKind::kImportCycle);
  message += "\n\tpackage " + loading_[0].path;
  for (size_t i = 1; i <= loading_.size(); i++) {
    message += "\n\timports " +
               (i < loading_.size() ? loading_[i].path : import_path.str()) +
               " from " + loading_[i - 1].file;
  }
  sink_.Add(DiagKind::kImportCycle, pos, message);
}

types::Package* Loader::Import(StringRef import_path, diag::Pos pos) {
  StringRef from = world_.sources.FileOf(pos)->Name();
  loading_.back().file = path::filename(from).str();
  if (import_path == "C") {
    sink_.Report(DiagKind::kNotSupported, pos, "import \"C\" (cgo)");
    return nullptr;
  }
  if (import_path == "." || import_path == ".." ||
      import_path.starts_with("./") || import_path.starts_with("../")) {
    llvm::SmallString<128> folder(path::parent_path(from));
    path::append(folder, import_path);
    return LoadFolder(Absolute(folder), import_path, pos);
  }
  std::string malformed = WhyMalformed(import_path);
  if (!malformed.empty()) {
    sink_.Report(DiagKind::kMalformedImportPath, pos, import_path, malformed);
    return nullptr;
  }
  StringRef rest = import_path;
  if (!module_path_.empty() && rest.consume_front(module_path_) &&
      (rest.empty() || rest.starts_with("/"))) {
    llvm::SmallString<128> folder(module_root_);
    path::append(folder, rest);
    return LoadFolder(Absolute(folder), import_path, pos);
  }
  if (types::Package* library = LoadLibrary(import_path)) {
    if (!import_path.starts_with("internal/") || loading_.back().is_library) {
      return library;
    }
    sink_.Report(DiagKind::kInternalPackage, pos, import_path);
    return nullptr;
  }
  ReportNoPackage(import_path, pos);
  return nullptr;
}

}  // namespace mgo::cmd
