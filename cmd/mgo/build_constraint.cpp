#include "cmd/mgo/build_constraint.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace mgo::cmd {
namespace {

using llvm::StringRef;

constexpr StringRef kSystems[] = {
    "aix",     "android", "darwin",  "dragonfly", "freebsd", "hurd",
    "illumos", "ios",     "js",      "linux",     "nacl",    "netbsd",
    "openbsd", "plan9",   "solaris", "wasip1",    "windows", "zos"};
constexpr StringRef kProcessors[] = {
    "386",       "amd64",       "amd64p32", "arm",    "armbe",   "arm64",
    "arm64be",   "loong64",     "mips",     "mipsle", "mips64",  "mips64le",
    "mips64p32", "mips64p32le", "ppc",      "ppc64",  "ppc64le", "riscv",
    "riscv64",   "s390",        "s390x",    "sparc",  "sparc64", "wasm"};

// The newest release whose tag holds.
constexpr unsigned kMinorVersion = 26;

bool TagHolds(StringRef tag) {
  if (tag == "linux" || tag == "amd64" || tag == "unix" || tag == "gc") {
    return true;
  }
  unsigned minor;
  return tag.consume_front("go1.") && !tag.getAsInteger(10, minor) &&
         minor >= 1 && minor <= kMinorVersion;
}

// Reads `a && (b || !c)`.
class Expression {
 public:
  explicit Expression(StringRef text) : rest_(text.trim()) {}

  bool Read(std::string* error) {
    bool value = Or();
    if (error_.empty() && !rest_.empty()) {
      error_ = "unexpected token " + rest_.take_front(1).str();
    }
    *error = error_;
    return value;
  }

 private:
  // Parentheses and negations do not nest deeper in any constraint.
  static constexpr int kMaxDepth = 1000;

  bool Take(StringRef token) {
    rest_ = rest_.ltrim();
    return rest_.consume_front(token);
  }
  bool Or() {
    bool value = And();
    while (Take("||")) value = And() || value;
    return value;
  }
  bool And() {
    bool value = Not();
    while (Take("&&")) value = Not() && value;
    return value;
  }
  bool Not() {
    if (++depth_ > kMaxDepth) {
      Fail("expression nests too deeply");
      return false;
    }
    bool value;
    if (Take("!")) {
      value = !Not();
    } else if (Take("(")) {
      value = Or();
      if (!Take(")")) Fail("missing close paren");
    } else {
      value = Tag();
    }
    depth_--;
    return value;
  }
  bool Tag() {
    rest_ = rest_.ltrim();
    StringRef tag = rest_.take_while([](char c) {
      return llvm::isAlnum(c) || c == '_' || c == '.' || (c & 0x80) != 0;
    });
    rest_ = rest_.drop_front(tag.size());
    if (tag.empty()) {
      Fail(rest_.empty() ? "unexpected end of expression"
                         : "unexpected token " + rest_.take_front(1).str());
    }
    return TagHolds(tag);
  }
  void Fail(std::string error) {
    if (error_.empty()) error_ = std::move(error);
    rest_ = "";
  }

  StringRef rest_;
  std::string error_;
  int depth_ = 0;
};

}  // namespace

bool FileNameMatches(StringRef file_name) {
  StringRef name = file_name.split('.').first;
  // A name that is nothing but `linux` is not meant like that.
  size_t first = name.find('_');
  if (first == StringRef::npos) return true;
  llvm::SmallVector<StringRef, 4> words;
  name.drop_front(first).split(words, '_');
  if (words.back() == "test") words.pop_back();
  if (words.empty()) return true;
  StringRef last = words.back();
  if (llvm::is_contained(kProcessors, last)) {
    if (last != "amd64") return false;
    words.pop_back();
    if (words.empty()) return true;
    last = words.back();
  }
  return !llvm::is_contained(kSystems, last) || last == "linux";
}

bool ConstraintHolds(StringRef text, std::string* error) {
  // It stands among the comments before the package clause.
  bool in_comment = false;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    line = line.trim();
    if (in_comment || line.starts_with("/*")) {
      if (!in_comment) line = line.drop_front(2);
      size_t end = line.find("*/");
      in_comment = end == StringRef::npos;
      if (in_comment) continue;
      line = line.drop_front(end + 2).trim();
    }
    if (line.empty()) continue;
    if (line.consume_front("//go:build") &&
        (line.empty() || line[0] == ' ' || line[0] == '\t')) {
      return Expression(line).Read(error);
    }
    if (!line.starts_with("//")) return true;
  }
  return true;
}

}  // namespace mgo::cmd
