// The state of one run of the lexer, shared by the generated automaton
// (lexer.re) and the hand-written scanners (literals.cpp).
#ifndef MGO_LANG_LEX_SCANNER_H_
#define MGO_LANG_LEX_SCANNER_H_

#include <cstdint>
#include <string>

#include "lang/diag/diagnostic.h"
#include "lang/lex/token.h"

namespace mgo::lex {

// Scans one file. `start` is the first byte of the token at hand, `cur` the
// next byte to read; the byte at `limit` is NUL.
class Scanner {
 public:
  Scanner(const diag::SourceFile& file, diag::DiagnosticSink& sink);

  // Scans the whole file.
  TokenStream Run();

 private:
  // The automaton; returns at the end of the file. Defined in lexer.re.
  void ScanTokens();

  // Appends the token from start_ to cur_.
  void Emit(TokenKind kind, bool ends_statement) {
    EmitFlagged(kind, 0);
    semi_ = ends_statement;
  }
  void EmitFlagged(TokenKind kind, uint8_t flags);
  // Appends a semicolon that was not written, if one is due.
  void EmitSemicolon(TokenFlag cause, const char* at);
  // The token is a reserved word, or a name where a letter follows.
  void Keyword(TokenKind kind, bool ends_statement);
  // Goes on with a name at a byte outside ASCII, and appends it.
  void Name();
  // A number that starts at start_, whose first byte was read.
  void Number();
  // A literal that starts with " ` or ', which was read.
  void String();
  void RawString();
  void Rune();
  // Comments; the two opening bytes were read.
  void LineComment();
  void BlockComment();
  // Notes the line directive in the comment from start_ to `end`, if it is one;
  // it is about the positions from `next` on.
  void LineDirective(const char* end, const char* next);
  // A byte that starts no token; it was read.
  void StrayByte();

  // --- literals.cpp ---
  struct NumberScan;
  void ScanDigits(NumberScan* number, int base);
  void ScanMantissa(NumberScan* number);
  void ScanExponent(NumberScan* number);
  void CheckNumber(const NumberScan& number);
  bool ScanEscape(char quote);
  bool ScanEscapeDigits(int count, unsigned base, unsigned limit);
  // Reads the character at cur_ (not the end of the file) whatever its
  // encoding; reports bad ones. Returns -1 for one that counts as absent.
  int32_t ReadChar();
  bool AtEnd() const { return cur_ == limit_; }

  // Reports at a byte of the file, unless the line has the same message
  // already.
  // `note`: what may have been meant; may be empty.
  void Error(const char* at, diag::DiagKind kind, const std::string& argument,
             const char* note = "");
  void Error(const char* at, diag::DiagKind kind) { Error(at, kind, {}); }
  Pos PosOf(const char* at) const {
    return base_ + static_cast<uint32_t>(at - begin_);
  }

  const diag::SourceFile& file_;
  diag::DiagnosticSink& sink_;
  const char* begin_;
  const char* limit_;
  const char* cur_;
  const char* start_;
  Pos base_;
  // A semicolon is due where the line ends.
  bool semi_ = false;
  // An error was reported for the literal at hand.
  bool malformed_ = false;
  // Errors so far, and where the last ones were, to drop repetitions.
  int errors_ = 0;
  const char* last_error_line_end_ = nullptr;
  std::string last_error_;
  TokenStream out_;
};

// `U+0040 '@'`, as Go shows a character; without the quoted part where it is
// not printable.
std::string DescribeChar(int32_t code_point);
// `'@'`, quoted and escaped as in Go.
std::string QuoteChar(int32_t code_point);

}  // namespace mgo::lex

#endif  // MGO_LANG_LEX_SCANNER_H_
