// Every kind of diagnostic is triggered by its example, with a message that
// follows its pattern. Kinds that no single file of text can trigger have their
// example here.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "cmd/mgo/compile.h"
#include "cmd/mgo/loader.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "vm/ir/lower.h"

namespace mgo::cmd {
namespace {

// A file of an example: its name, with folders, and its text.
struct ExampleFile {
  std::string name;
  std::string text;
};

// A program of several files, or of text that a string in a list cannot hold.
std::vector<ExampleFile> SpecialExample(llvm::StringRef kind) {
  constexpr int kManyParentheses = 100000;
  if (kind == "CannotReadFile") {
    return {{"main.go", "package main; import \"./bad\"; func main() {}"},
            {"bad/bad.go", "//go:build (\n\npackage bad"}};
  }
  if (kind == "ImportCycle") {
    return {{"main.go", "package main; import _ \"./a\"; func main() {}"},
            {"a/a.go", "package a; import _ \"../b\""},
            {"b/b.go", "package b; import _ \"../a\""}};
  }
  if (kind == "SeveralPackages") {
    return {{"main.go", "package main; import _ \"./a\"; func main() {}"},
            {"a/a.go", "package a"},
            {"a/b.go", "package b"}};
  }
  if (kind == "ScriptAmongFiles") {
    return {{"main.go", "package main; import _ \"./a\"; func main() {}"},
            {"a/a.go", "package a"},
            {"a/b.go", "println()"}};
  }
  if (kind == "ImportsProgram") {
    return {{"main.go", "package main; import _ \"./a\"; func main() {}"},
            {"a/a.go", "package main; func main() {}"}};
  }
  if (kind == "FilesExcluded") {
    return {{"main.go", "package main; import _ \"./a\"; func main() {}"},
            {"a/a_windows.go", "package a"}};
  }
  if (kind == "InvalidNul") {
    return {{"main.go", std::string("package p // \0 here", 19)}};
  }
  if (kind == "NestingTooDeep") {
    return {
        {"main.go", "package p; var x = " + std::string(kManyParentheses, '(') +
                        "1" + std::string(kManyParentheses, ')')}};
  }
  return {};
}

// Kinds that no program triggers, each with the reason.
const llvm::StringSet<> kUntriggered = {
    // Reported where lowering meets what the checker let pass: a defect of mgo.
    "NotSupported",
    // The parser says it first, as a syntax error.
    "DeclInPost",
    // No program is known that gets there; the checker guards against it.
    "EmbeddedTypeParam",
    "InvalidDots",
    "NoKeyValue",
    "NotRepresentable",
    "RangeVarType",
};

// Writes the files into a fresh folder and returns its path.
std::string WriteFiles(const std::vector<ExampleFile>& files) {
  llvm::SmallString<128> folder;
  EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("mgo-diag", folder));
  for (const ExampleFile& file : files) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, file.name);
    EXPECT_FALSE(
        llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path)));
    std::error_code error;
    llvm::raw_fd_ostream out(path, error);
    EXPECT_FALSE(error);
    out << file.text;
  }
  return folder.str().str();
}

// Whether `message` is the pattern with something in the places. Lines that the
// pattern does not have may follow.
bool Follows(llvm::StringRef message, llvm::StringRef pattern) {
  if (!pattern.contains('\n')) message = message.split('\n').first;
  for (bool first = true;; first = false) {
    size_t open = pattern.find('{');
    llvm::StringRef literal = pattern.substr(0, open);
    if (open == llvm::StringRef::npos) {
      return first ? message == literal : message.ends_with(literal);
    }
    size_t at = message.find(literal);
    if (at == llvm::StringRef::npos || (first && at != 0)) return false;
    message = message.substr(at + literal.size());
    pattern = pattern.substr(pattern.find('}', open) + 1);
  }
}

// Compiles the example and tells what came instead of the kind; empty when the
// kind came.
std::string Trigger(diag::DiagKind kind,
                    const std::vector<ExampleFile>& files) {
  std::string folder = WriteFiles(files);
  auto remove =
      llvm::make_scope_exit([&] { llvm::sys::fs::remove_directories(folder); });
  types::World world;
  diag::DiagnosticSink sink;
  Loader loader(world, sink);
  std::string error;
  OnLargeStack([&] {
    types::Package* main =
        loader.LoadMain({folder + "/" + files[0].name}, &error);
    if (main != nullptr && !sink.HasErrors()) {
      ir::LowerProgram(world, *main, sink);
    }
  });
  std::string seen = error;
  for (const diag::Diagnostic& d : sink.All()) {
    seen += seen.empty() ? "" : "; ";
    seen += d.message;
    if (d.kind != kind) continue;
    if (Follows(d.message, diag::PatternOf(kind))) return "";
    seen += " (does not follow the pattern)";
  }
  return seen.empty() ? "nothing" : seen;
}

TEST(DiagnosticsTest, EveryKindHasAnExampleThatTriggersIt) {
  for (int i = 0; i < diag::DiagKindCount(); i++) {
    auto kind = static_cast<diag::DiagKind>(i);
    std::string name = diag::NameOf(kind);
    std::string example = diag::ExampleOf(kind);
    std::vector<ExampleFile> files = SpecialExample(name);
    if (files.empty() && !example.empty()) files = {{"main.go", example}};
    if (files.empty()) {
      EXPECT_TRUE(kUntriggered.contains(name)) << name << " has no example";
      continue;
    }
    if (kUntriggered.contains(name)) continue;
    std::string instead = Trigger(kind, files);
    EXPECT_EQ(instead, "") << name << ": " << files[0].text.substr(0, 200);
  }
}

TEST(DiagnosticsTest, FollowsPattern) {
  EXPECT_TRUE(Follows("x redeclared", "{0} redeclared"));
  EXPECT_TRUE(Follows("a \"b\"\n\tmore", "a \"{0}\""));
  EXPECT_TRUE(Follows("a\n\tb c", "a\n\tb {0}"));
  EXPECT_FALSE(Follows("y x redeclared here", "{0} redeclared"));
  EXPECT_FALSE(Follows("an a", "a"));
}

}  // namespace
}  // namespace mgo::cmd
