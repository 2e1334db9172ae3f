#include "lang/diag/diagnostic.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace mgo::diag {
namespace {

struct KindRow {
  const char* name;
  const char* pattern;
  const char* example;
};

constexpr KindRow kKinds[] = {
#define DIAG(name, pattern, example) {#name, pattern, example},
#include "lang/diag/diagnostics.def"
};

// The white space that puts a caret under byte `column` of `line`: tabs stay
// tabs, continuation bytes of UTF-8 take no room.
std::string CaretIndent(llvm::StringRef line, int column) {
  std::string indent;
  for (int i = 0; i + 1 < column && i < static_cast<int>(line.size()); i++) {
    unsigned char c = line[i];
    if (c == '\t') {
      indent += '\t';
    } else if ((c & 0xC0) != 0x80) {
      indent += ' ';
    }
  }
  return indent;
}

// Lines longer than this are generated text; showing them helps nobody.
constexpr size_t kLongestShownLine = 300;

void PrintSourceLine(const SourceSet& sources, Pos pos,
                     llvm::raw_ostream& out) {
  const SourceFile* file = sources.FileOf(pos);
  if (file == nullptr) return;
  uint32_t offset = pos.offset - file->Base().offset;
  int number = file->LineOf(offset);
  int column = static_cast<int>(offset - file->LineStart(number)) + 1;
  llvm::StringRef line = file->LineText(number);
  if (line.empty() || line.size() > kLongestShownLine) return;
  out << "    | " << line << "\n";
  out << "    | " << CaretIndent(line, column) << "^\n";
}

void PrintOne(const Diagnostic& d, const SourceSet& sources,
              llvm::raw_ostream& out) {
  Location at = sources.Locate(d.pos);
  if (at.line > 0) {
    out << at.file << ":" << at.line << ":";
    if (at.column > 0) out << at.column << ":";
    out << " ";
  }
  out << d.message << "\n";
  PrintSourceLine(sources, d.pos, out);
  for (const std::string& note : d.notes) {
    out << "    = note: " << note << "\n";
  }
}

}  // namespace

const char* PatternOf(DiagKind kind) {
  return kKinds[static_cast<size_t>(kind)].pattern;
}

const char* NameOf(DiagKind kind) {
  return kKinds[static_cast<size_t>(kind)].name;
}

const char* ExampleOf(DiagKind kind) {
  return kKinds[static_cast<size_t>(kind)].example;
}

int DiagKindCount() { return static_cast<int>(std::size(kKinds)); }

Diagnostic& DiagnosticSink::Add(DiagKind kind, Pos pos, std::string message) {
  diagnostics_.push_back({kind, pos, std::move(message), {}});
  return diagnostics_.back();
}

void DiagnosticSink::SortFrom(size_t first, llvm::ArrayRef<Pos> keys) {
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order,
                    [&](size_t a, size_t b) { return keys[a] < keys[b]; });
  std::vector<Diagnostic> sorted;
  for (size_t i : order) sorted.push_back(std::move(diagnostics_[first + i]));
  llvm::move(sorted, diagnostics_.begin() + static_cast<std::ptrdiff_t>(first));
}

void DiagnosticSink::SortAndDeduplicate() {
  std::stable_sort(
      diagnostics_.begin(), diagnostics_.end(),
      [](const Diagnostic& a, const Diagnostic& b) { return a.pos < b.pos; });
  auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return a.pos == b.pos && a.message == b.message;
  };
  diagnostics_.erase(
      std::unique(diagnostics_.begin(), diagnostics_.end(), same),
      diagnostics_.end());
}

void Print(DiagnosticSink& sink, const SourceSet& sources,
           llvm::raw_ostream& out, size_t limit) {
  // Go stops at the tenth error in the order of finding them, then sorts; files
  // stay in the order of finding.
  bool too_many = sink.Count() >= limit;
  sink.Truncate(limit);
  llvm::SmallVector<const SourceFile*, 4> files;
  for (const Diagnostic& d : sink.All()) {
    const SourceFile* file = sources.FileOf(d.pos);
    if (!llvm::is_contained(files, file)) files.push_back(file);
  }
  sink.SortAndDeduplicate();
  for (const SourceFile* file : files) {
    for (const Diagnostic& d : sink.All()) {
      if (sources.FileOf(d.pos) == file) PrintOne(d, sources, out);
    }
  }
  if (too_many) out << "too many errors\n";
}

}  // namespace mgo::diag
