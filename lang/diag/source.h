// Source files and positions.
//
// Every file of a compilation is laid out in one address space of 32-bit
// offsets, so that a position is one word wherever it is stored (tokens, AST,
// line tables), and file, line and column are worked out only when somebody
// prints them. Offset 0 belongs to no file and means "no position".
#ifndef MGO_LANG_DIAG_SOURCE_H_
#define MGO_LANG_DIAG_SOURCE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "llvm/ADT/StringRef.h"

namespace mgo::diag {

// A position in some file of a SourceSet; offset in bytes, 0 for none.
struct Pos {
  uint32_t offset = 0;

  // Tells whether this names a place at all.
  bool IsValid() const { return offset != 0; }
  // The position `bytes` further on in the same file.
  Pos operator+(uint32_t bytes) const { return Pos{offset + bytes}; }
  friend bool operator==(Pos a, Pos b) { return a.offset == b.offset; }
  friend bool operator!=(Pos a, Pos b) { return a.offset != b.offset; }
  friend bool operator<(Pos a, Pos b) { return a.offset < b.offset; }
};

// A position made readable. Line and column count from 1; the column counts
// bytes, as Go's does. Column 0: unknown.
struct Location {
  llvm::StringRef file;
  int line = 0;
  int column = 0;
};

// What a comment `//line` or `/*line` makes of the positions behind it, up to
// the next one: the byte at `offset` stands there. See the documentation of
// Go's cmd/compile, "Compiler Directives".
struct LineDirective {
  // From the file's start.
  uint32_t offset = 0;
  // May be empty: no file.
  std::string file;
  int line = 0;
  // 0: unknown, of every position up to the next directive.
  int column = 0;
};

// One file's text. The text is followed by a NUL byte that is not part of it.
class SourceFile {
 public:
  // Takes the text; `base` is the position of its first byte.
  SourceFile(std::string name, std::string text, Pos base);

  // The name as diagnostics show it.
  llvm::StringRef Name() const { return name_; }
  // The whole text; Text().data()[Text().size()] is NUL.
  llvm::StringRef Text() const { return text_; }
  // Position of the first byte.
  Pos Base() const { return base_; }
  // Notes a line directive. The lexer, which knows what a comment is, tells
  // them in order, before anybody asks for a place.
  void AddLineDirective(LineDirective directive) const;
  // The last directive noted; null: none.
  const LineDirective* LastLineDirective() const;
  // Where the byte at `offset` from the file's start stands, as far as the
  // file's line directives say so.
  Location Place(uint32_t offset) const;
  // Line (from 1) that holds the byte at `offset` from the file's start, and
  // whatever line directives say.
  int LineOf(uint32_t offset) const;
  // Offset of the first byte of `line` (from 1).
  uint32_t LineStart(int line) const;
  // Text of `line` without its line end.
  llvm::StringRef LineText(int line) const;

 private:
  void IndexLines() const;

  std::string name_;
  std::string text_;
  Pos base_;
  // Offsets of line starts, found at the first question.
  mutable std::vector<uint32_t> line_starts_;
  // By offset. A deque: a Location refers to the names.
  mutable std::deque<LineDirective> directives_;
};

// All files of a compilation.
class SourceSet {
 public:
  // Adds a file; null where the 32-bit position space is full. The set owns
  // the file, and its address is stable.
  const SourceFile* Add(std::string name, std::string text);
  // The file that holds `pos`; null for an invalid position.
  const SourceFile* FileOf(Pos pos) const;
  // File, line and column of `pos`, line directives heeded; empty for an
  // invalid one.
  Location Locate(Pos pos) const;

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
  uint32_t next_ = 1;
};

}  // namespace mgo::diag

#endif  // MGO_LANG_DIAG_SOURCE_H_
