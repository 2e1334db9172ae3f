// Diagnostics: what mgo tells the user about his program.
//
// A Diagnostic is a kind, a position and a message in Go's wording. The kinds
// stand in diagnostics.def, each with its message pattern and an example that
// triggers it. A DiagnosticSink collects the diagnostics of one compilation;
// printing sorts them by position and stops after ten, as Go does.
#ifndef MGO_LANG_DIAG_DIAGNOSTIC_H_
#define MGO_LANG_DIAG_DIAGNOSTIC_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lang/diag/source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace mgo::diag {

// What a diagnostic is about; one enumerator per row of diagnostics.def.
enum class DiagKind : uint16_t {
#define DIAG(name, pattern, example) k##name,
#include "lang/diag/diagnostics.def"
};

// The message pattern of a kind, in llvm::formatv syntax.
const char* PatternOf(DiagKind kind);
// The kind's name, as in diagnostics.def.
const char* NameOf(DiagKind kind);
// A short program that triggers the kind.
const char* ExampleOf(DiagKind kind);
// How many kinds there are.
int DiagKindCount();

// One message to the user.
struct Diagnostic {
  DiagKind kind;
  Pos pos;
  // May hold further lines, each of which starts with a tab, as Go's do.
  std::string message;
  // Hints of mgo's own, each printed on a line `    = note: ...`.
  std::vector<std::string> notes;
};

// Collects the diagnostics of one compilation.
class DiagnosticSink {
 public:
  // Records a diagnostic whose message is the kind's pattern with `args` in
  // the places. Returns it, so that the caller can add notes; the reference
  // holds until the next call.
  template <typename... Args>
  Diagnostic& Report(DiagKind kind, Pos pos, Args&&... args) {
    return Add(
        kind, pos,
        llvm::formatv(PatternOf(kind), std::forward<Args>(args)...).str());
  }
  // Records a diagnostic with a finished message.
  Diagnostic& Add(DiagKind kind, Pos pos, std::string message);

  // Tells whether anything was reported.
  bool HasErrors() const { return !diagnostics_.empty(); }
  // Tells whether one of them is a syntax error by name. Others of the lexer
  // and parser (a bad literal, a method with two receivers) leave a whole tree,
  // and Go goes on to check it.
  bool HasSyntaxErrors() const {
    for (const Diagnostic& d : diagnostics_) {
      if (llvm::StringRef(d.message).starts_with("syntax error")) return true;
    }
    return false;
  }
  // How many were reported.
  size_t Count() const { return diagnostics_.size(); }
  // All of them, in the order of reporting.
  const std::vector<Diagnostic>& All() const { return diagnostics_; }
  // Sorts by position, and drops a second one for the same line with the same
  // message.
  void SortAndDeduplicate();
  // Sorts those from the one with index `first` on by their keys.
  void SortFrom(size_t first, llvm::ArrayRef<Pos> keys);
  // Forgets all but the first `count` reported.
  void Truncate(size_t count) {
    if (diagnostics_.size() > count) {
      diagnostics_.erase(diagnostics_.begin() + count, diagnostics_.end());
    }
  }

 private:
  std::vector<Diagnostic> diagnostics_;
};

// Prints the first `limit` diagnostics reported, file by file in the order in
// which they were first reported in, each file's sorted: `file:line:col:
// message`, then the source line and a caret, each behind `    | `; then `too
// many errors` where that limit was reached.
void Print(DiagnosticSink& sink, const SourceSet& sources,
           llvm::raw_ostream& out, size_t limit = 10);

}  // namespace mgo::diag

#endif  // MGO_LANG_DIAG_DIAGNOSTIC_H_
