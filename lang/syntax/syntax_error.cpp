// Syntax errors in the wording of Go's compiler.
#include "lang/diag/diagnostic.h"
#include "lang/syntax/builder.h"
#include "lang/syntax/grammar.hpp"
#include "lang/syntax/parse_state.h"
#include "lang/syntax/parser.h"

namespace mgo::syntax {

using diag::DiagKind;

void Builder::SyntaxError(Pos pos, const llvm::Twine& message) {
  if (stopped_) return;
  int line = source_.LineOf(pos.offset - source_.Base().offset);
  if (line == last_error_line_) return;
  last_error_line_ = line;
  sink_.Report(DiagKind::kSyntaxError, pos, message.str());
  if (++errors_ >= kMaxSyntaxErrors) stopped_ = true;
}

void Builder::PlainError(Pos pos, const llvm::Twine& message) {
  if (stopped_) return;
  sink_.Add(DiagKind::kSyntaxError, pos, message.str());
  if (++errors_ >= kMaxSyntaxErrors) stopped_ = true;
}

Value ParseState::ArrayOfFirst(const Value& lbrack, const Value& lens,
                               const Value& rbrack, const Value& elem) {
  return b.MakeArrayOf(lbrack, lens, elem);
}

void ParseState::UnexpectedAssign(const Value& assign) {
  b.SyntaxError(Builder::PosOf(assign), "unexpected =, expected type");
}

void ParseState::UnexpectedComma(const Value& comma) {
  b.SyntaxError(Builder::PosOf(comma), "unexpected comma, expected ]");
}

void ParseState::MethodTypeParams(const Value& params) {
  b.SyntaxError(Builder::PosOf(params), "method must have no type parameters");
}

void ParseState::CheckReceiver(const Value& lparen, const Value& fields) {}

void GrammarParser::report_syntax_error(const context& ctx) const {
  const lex::Token& token = s.Tokens()[s.LastIndex()];
  s.b.SyntaxError(token.pos, "unexpected");
}

void GrammarParser::error(const std::string& message) {}

}  // namespace mgo::syntax
