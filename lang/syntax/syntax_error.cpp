// How the parser's errors become diagnostics, and how parsing goes on.
#include "lang/diag/diagnostic.h"
#include "lang/syntax/builder.h"
#include "lang/syntax/diagnose.h"
#include "lang/syntax/parse_state.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/token_feed.h"

namespace mgo::syntax {

using diag::DiagKind;

void Builder::SyntaxError(Pos pos, const llvm::Twine& message,
                          std::string note) {
  if (stopped_) return;
  last_error_ = pos;
  int line = source_.LineOf(pos.offset - source_.Base().offset);
  if (line == last_error_line_) return;
  last_error_line_ = line;
  auto& error = sink_.Report(DiagKind::kSyntaxError, pos, message.str());
  if (!note.empty()) error.notes.push_back(std::move(note));
  if (++errors_ >= kMaxSyntaxErrors) stopped_ = true;
}

void Builder::PlainError(Pos pos, const llvm::Twine& message) {
  if (stopped_) return;
  sink_.Add(DiagKind::kSyntaxError, pos, message.str());
  if (++errors_ >= kMaxSyntaxErrors) stopped_ = true;
}

void ParseState::UnexpectedAssign(const Value& assign) {
  b.SyntaxError(Builder::PosOf(assign), "unexpected =, expected type");
}

void ParseState::UnexpectedComma(const Value& comma) {
  b.SyntaxError(Builder::PosOf(comma), "unexpected comma; expected ]");
}

void ParseState::MethodTypeParams(const Value& params) {
  b.SyntaxError(params.token->pos, "method must have no type parameters");
}

void ParseState::GoOn(size_t resume, llvm::ArrayRef<lex::TokenKind> made_up,
                      bool within_statement) {
  // Every error has to bring the parser further.
  if (resume == last_resume_ && ++stuck_ > kMaxStuck) {
    given_up_ = resume + 1 >= tokens_.size();
    resume++;
    made_up = {};
    stuck_ = 0;
  } else if (resume != last_resume_) {
    stuck_ = 0;
  }
  next_ = std::min(resume, tokens_.size() - 1);
  last_resume_ = next_;
  within_statement_ = within_statement;
  made_up_.clear();
  Pos pos = tokens_[next_].pos;
  for (lex::TokenKind kind : llvm::reverse(made_up)) {
    made_up_.push_back({kind, 0, pos, 0});
  }
}

// The symbol that stands for a keyword of a script's in other files, where the
// words about errors are the same.
static Symbol InPackageMode(Symbol symbol) {
  using S = GrammarParser::symbol_kind;
  if (symbol == S::S_FUNC_DECL) return S::S_FUNC;
  return symbol == S::S_IMPORT_DECL ? S::S_IMPORT : symbol;
}

// Called by Bison with the stack as it was when no rule was left. Sets the
// lookahead to the token to go on with; Bison then pops its stack until it can
// shift `error`.
void GrammarParser::report_syntax_error(const context& ctx) const {
  if (s.GivenUp()) return;
  std::vector<Symbol> stack;
  stack.reserve(static_cast<size_t>(yystack_.size()));
  for (int i = 0; i < static_cast<int>(yystack_.size()); i++) {
    stack.push_back(InPackageMode(yystack_[i].kind()));
  }
  constexpr int kMaxExpected = lex::kTokenKinds + kBisonTokenShift;
  Symbol expected[kMaxExpected];
  int count = ctx.expected_tokens(expected, kMaxExpected);
  ErrorSite site{stack,
                 llvm::ArrayRef(expected, count),
                 s.Tokens(),
                 s.LastIndex(),
                 s.b.Source(),
                 s.b.LastIsBodylessFunc(),
                 s.IsWithinStatement()};
  Finding finding = Diagnose(site);
  // What is missing at the end after other errors says nothing.
  bool at_end = s.Tokens()[s.LastIndex()].kind == lex::TokenKind::kEof;
  if (finding.in_import && s.b.ImportMayFollow()) {
    s.b.FinalError(finding.pos, finding.message);
    return;
  }
  if (!at_end || !s.b.HasErrors()) {
    if (finding.plain) {
      s.b.PlainError(finding.pos, finding.message);
    } else {
      s.b.SyntaxError(finding.pos, finding.message, HintFor(site, finding));
    }
    if (finding.next_pos.IsValid()) {
      s.b.SyntaxError(finding.next_pos, finding.next_message);
    }
  }
  s.GoOn(finding.resume, finding.made_up, finding.within_statement);
  auto& lookahead = const_cast<symbol_type&>(ctx.lookahead());
  lookahead.kind_ = yytranslate_(yylex(&lookahead.value, s));
}

void GrammarParser::error(const std::string& message) {}

}  // namespace mgo::syntax
