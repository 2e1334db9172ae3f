#include "lang/diag/source.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace mgo::diag {

SourceFile::SourceFile(std::string name, std::string text, Pos base)
    : name_(std::move(name)), text_(std::move(text)), base_(base) {}

void SourceFile::IndexLines() const {
  line_starts_.push_back(0);
  for (size_t at = text_.find('\n'); at != std::string::npos;
       at = text_.find('\n', at + 1)) {
    line_starts_.push_back(static_cast<uint32_t>(at + 1));
  }
}

int SourceFile::LineOf(uint32_t offset) const {
  if (line_starts_.empty()) IndexLines();
  auto after =
      std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<int>(after - line_starts_.begin());
}

uint32_t SourceFile::LineStart(int line) const {
  if (line_starts_.empty()) IndexLines();
  assert(line >= 1 && static_cast<size_t>(line) <= line_starts_.size() &&
         "the line is in this file");
  return line_starts_[line - 1];
}

llvm::StringRef SourceFile::LineText(int line) const {
  llvm::StringRef rest = Text().drop_front(LineStart(line));
  return rest.take_until([](char c) { return c == '\n' || c == '\r'; });
}

void SourceFile::AddLineDirective(LineDirective directive) const {
  assert(
      (directives_.empty() || directives_.back().offset <= directive.offset) &&
      "directives come in order");
  directives_.push_back(std::move(directive));
}

const LineDirective* SourceFile::LastLineDirective() const {
  return directives_.empty() ? nullptr : &directives_.back();
}

Location SourceFile::Place(uint32_t offset) const {
  int line = LineOf(offset);
  int column = static_cast<int>(offset - LineStart(line)) + 1;
  auto after = std::upper_bound(
      directives_.begin(), directives_.end(), offset,
      [](uint32_t o, const LineDirective& d) { return o < d.offset; });
  if (after == directives_.begin()) return {Name(), line, column};
  const LineDirective& d = *(after - 1);
  int lines = line - LineOf(d.offset);
  if (d.column == 0) {
    column = 0;
  } else if (lines == 0) {
    column = d.column + static_cast<int>(offset - d.offset);
  }
  return {d.file, d.line + lines, column};
}

const SourceFile* SourceSet::Add(std::string name, std::string text) {
  // One extra position per file, for its end.
  uint64_t end = uint64_t{next_} + text.size() + 1;
  if (end > UINT32_MAX) return nullptr;
  files_.push_back(std::make_unique<SourceFile>(std::move(name),
                                                std::move(text), Pos{next_}));
  next_ = static_cast<uint32_t>(end);
  return files_.back().get();
}

const SourceFile* SourceSet::FileOf(Pos pos) const {
  if (!pos.IsValid()) return nullptr;
  auto after = std::upper_bound(
      files_.begin(), files_.end(), pos,
      [](Pos p, const auto& file) { return p < file->Base(); });
  return after == files_.begin() ? nullptr : (after - 1)->get();
}

Location SourceSet::Locate(Pos pos) const {
  const SourceFile* file = FileOf(pos);
  if (file == nullptr) return {};
  return file->Place(pos.offset - file->Base().offset);
}

}  // namespace mgo::diag
