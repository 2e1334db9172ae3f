#include "lang/lex/scanner.h"

#include <utf8proc.h>

#include <cstring>

#include "lang/lex/lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"

namespace mgo::lex {
namespace {

using diag::DiagKind;

constexpr int32_t kByteOrderMark = 0xFEFF;

bool IsAsciiNameByte(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (c >= '0' && c <= '9');
}

// unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and of the
// spaces only U+0020.
bool IsPrintable(int32_t code_point) {
  if (code_point == ' ') return true;
  utf8proc_category_t category = utf8proc_category(code_point);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO;
}

void AppendUtf8(int32_t code_point, std::string* text) {
  char buffer[4];
  utf8proc_ssize_t size = utf8proc_encode_char(
      code_point, reinterpret_cast<utf8proc_uint8_t*>(buffer));
  text->append(buffer, static_cast<size_t>(size));
}

}  // namespace

std::string DescribeChar(int32_t code_point) {
  std::string text =
      llvm::formatv("U+{0:X-4}", static_cast<uint32_t>(code_point)).str();
  if (IsPrintable(code_point)) {
    text += " '";
    AppendUtf8(code_point, &text);
    text += "'";
  }
  return text;
}

std::string QuoteChar(int32_t code_point) {
  switch (code_point) {
    case '\n':
      return "'\\n'";
    case '\r':
      return "'\\r'";
    case '\t':
      return "'\\t'";
    case '\'':
      return "'\\''";
    case '\\':
      return "'\\\\'";
  }
  std::string text = "'";
  if (IsPrintable(code_point)) {
    AppendUtf8(code_point, &text);
  } else if (code_point < 0x80) {
    text += llvm::formatv("\\x{0:x-2}", code_point).str();
  } else {
    text += llvm::formatv("\\u{0:x-4}", code_point).str();
  }
  return text + "'";
}

Scanner::Scanner(const diag::SourceFile& file, diag::DiagnosticSink& sink)
    : file_(file),
      sink_(sink),
      begin_(file.Text().data()),
      limit_(begin_ + file.Text().size()),
      cur_(begin_),
      start_(begin_),
      base_(file.Base()) {
  // About three bytes a token in dense code, five in usual.
  out_.tokens.reserve(file.Text().size() / 4 + 16);
}

TokenStream Scanner::Run() {
  if (std::memcmp(cur_, "\xEF\xBB\xBF", std::min<size_t>(3, limit_ - cur_)) ==
          0 &&
      limit_ - cur_ >= 3) {
    cur_ += 3;
  }
  if (cur_[0] == '#' && cur_[1] == '!') {
    while (cur_ != limit_ && *cur_ != '\n') cur_++;
  }
  ScanTokens();
  out_.tokens.push_back({TokenKind::kEof, 0, PosOf(limit_), 0});
  return std::move(out_);
}

void Scanner::EmitFlagged(TokenKind kind, uint8_t flags) {
  out_.tokens.push_back(
      {kind, flags, PosOf(start_), static_cast<uint32_t>(cur_ - start_)});
}

void Scanner::EmitSemicolon(TokenFlag cause, const char* at) {
  if (!semi_) return;
  semi_ = false;
  out_.tokens.push_back(
      {TokenKind::kSemicolon, static_cast<uint8_t>(cause), PosOf(at), 0});
}

void Scanner::Keyword(TokenKind kind, bool ends_statement) {
  if (static_cast<unsigned char>(*cur_) < 0x80) {
    Emit(kind, ends_statement);
  } else {
    Name();
  }
}

void Scanner::Name() {
  for (;;) {
    unsigned char c = *cur_;
    if (IsAsciiNameByte(c)) {
      cur_++;
      continue;
    }
    if (c < 0x80) break;
    const char* at = cur_;
    int32_t code_point = ReadChar();
    if (code_point < 0) {
      if (at == start_) return;
      continue;
    }
    utf8proc_category_t category = utf8proc_category(code_point);
    bool letter =
        category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
    if (letter) continue;
    if (category != UTF8PROC_CATEGORY_ND) {
      Error(at, DiagKind::kInvalidCharacterInIdentifier,
            DescribeChar(code_point));
    } else if (at == start_) {
      Error(at, DiagKind::kIdentifierBeginsWithDigit, DescribeChar(code_point));
    }
  }
  Emit(TokenKind::kName, true);
}

void Scanner::LineComment() {
  for (;;) {
    unsigned char c = *cur_;
    if (c == '\n') break;
    if (c != 0 && c < 0x80) {
      cur_++;
    } else {
      if (AtEnd()) break;
      ReadChar();
    }
  }
  llvm::StringRef text(start_, static_cast<size_t>(cur_ - start_));
  if (text.starts_with("//go:") || text.starts_with("//mgo:")) {
    out_.directives.push_back({PosOf(start_), text.rtrim("\r")});
  }
  // Elsewhere than at the start of a line it is a comment like others.
  if (start_ == begin_ || start_[-1] == '\n') {
    LineDirective(start_ + text.rtrim("\r").size(), cur_ + (AtEnd() ? 0 : 1));
  }
}

void Scanner::BlockComment() {
  bool has_newline = false;
  for (;;) {
    unsigned char c = *cur_;
    if (c == '*' && cur_[1] == '/') {
      cur_ += 2;
      break;
    }
    if (c == '\n') has_newline = true;
    if (c != 0 && c < 0x80) {
      cur_++;
    } else {
      if (AtEnd()) {
        Error(start_, DiagKind::kCommentNotTerminated);
        return;
      }
      ReadChar();
    }
  }
  LineDirective(cur_ - 2, cur_);
  // A comment that spans lines counts as a newline (spec, "Comments").
  if (has_newline) EmitSemicolon(kFromNewline, start_);
}

void Scanner::LineDirective(const char* end, const char* next) {
  constexpr uint64_t kMost = 1 << 30;
  // `:line`, `:line:column`, `file:line` or `file:line:column`.
  llvm::StringRef text(start_ + 2, static_cast<size_t>(end - start_) - 2);
  if (!text.consume_front("line ") || !text.contains(':')) return;
  auto number = [](llvm::StringRef digits, uint64_t* n) {
    return !digits.empty() && llvm::all_of(digits, llvm::isDigit) &&
           !digits.getAsInteger(10, *n);
  };
  auto wrong = [&](DiagKind kind, llvm::StringRef at) {
    Error(at.data(), kind, at.str());
  };
  auto [front, last] = text.rsplit(':');
  diag::LineDirective directive{static_cast<uint32_t>(next - begin_), "", 0, 0};
  uint64_t line = 0;
  uint64_t column = 0;
  llvm::StringRef line_text = last;
  if (!number(last, &line)) return wrong(DiagKind::kInvalidLineNumber, last);
  auto [name, middle] = front.rsplit(':');
  bool has_column = front.contains(':') && number(middle, &column);
  if (has_column) {
    std::swap(line, column);
    line_text = middle;
    front = name;
    if (column == 0 || column > kMost) {
      return wrong(DiagKind::kInvalidColumnNumber, last);
    }
  }
  if (line == 0 || line > kMost) {
    return wrong(DiagKind::kInvalidLineNumber, line_text);
  }
  directive.file = front.str();
  if (front.empty() && has_column) {
    const diag::LineDirective* before = file_.LastLineDirective();
    directive.file = before == nullptr ? file_.Name().str() : before->file;
  }
  directive.line = static_cast<int>(line);
  directive.column = static_cast<int>(column);
  file_.AddLineDirective(std::move(directive));
}

void Scanner::StrayByte() {
  cur_ = start_;
  int32_t code_point = ReadChar();
  if (code_point >= 0) {
    Error(start_, DiagKind::kInvalidCharacter, DescribeChar(code_point),
          code_point == '?' ? "there is no ?: operator: use if and else" : "");
  }
}

int32_t Scanner::ReadChar() {
  const char* at = cur_;
  unsigned char c = *at;
  if (c < 0x80) {
    cur_++;
    if (c != 0) return c;
    Error(at, DiagKind::kInvalidNul);
    return -1;
  }
  utf8proc_int32_t code_point = 0;
  utf8proc_ssize_t size = utf8proc_iterate(
      reinterpret_cast<const utf8proc_uint8_t*>(at), limit_ - at, &code_point);
  if (size <= 0) {
    cur_++;
    Error(at, DiagKind::kInvalidUtf8);
    return -1;
  }
  cur_ += size;
  if (code_point == kByteOrderMark) {
    Error(at, DiagKind::kInvalidBom);
    return -1;
  }
  return code_point;
}

void Scanner::Error(const char* at, DiagKind kind, const std::string& argument,
                    const char* note) {
  malformed_ = true;
  if (errors_ >= kMaxLexErrors) return;
  std::string message = llvm::formatv(diag::PatternOf(kind), argument).str();
  if (last_error_line_end_ != nullptr && at <= last_error_line_end_ &&
      message == last_error_) {
    return;
  }
  const void* newline = std::memchr(at, '\n', limit_ - at);
  last_error_line_end_ =
      newline != nullptr ? static_cast<const char*>(newline) : limit_;
  last_error_ = message;
  auto& error = sink_.Add(kind, PosOf(at), std::move(message));
  if (*note != 0) error.notes.emplace_back(note);
  errors_++;
}

}  // namespace mgo::lex
