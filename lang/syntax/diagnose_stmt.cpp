// Syntax errors in statements and in the headers of control clauses.
#include <algorithm>

#include "lang/syntax/diagnoser.h"

namespace mgo::syntax {

using K = lex::TokenKind;
using S = GrammarParser::symbol_kind;
using lex::Token;

// Tells whether the tokens before are a label and its colon.
bool Diagnoser::AfterLabel() const {
  if (KindBefore() != K::kColon || KindBefore(2) != K::kName) return false;
  K before = KindBefore(3);
  return before == K::kSemicolon || before == K::kLBrace ||
         before == K::kLBody || before == K::kColon;
}

bool Diagnoser::AtStatementStart() const {
  K before = KindBefore();
  if (site_.within_statement) return false;
  return before == K::kSemicolon || before == K::kLBrace ||
         before == K::kLBody || before == K::kColon;
}

// `var x := 1`.
bool Diagnoser::AssignsInDeclaration() const {
  if (Kind() != K::kDefine) return false;
  for (size_t at = site_.at; at-- > 0;) {
    switch (site_.tokens[at].kind) {
      case K::kVar:
      case K::kConst:
        return true;
      case K::kSemicolon:
      case K::kAssign:
      case K::kLBrace:
      case K::kLBody:
      case K::kRBrace:
        return false;
      default:
        break;
    }
  }
  return false;
}

// Tells whether the statements at hand are those of a `case`.
bool Diagnoser::InCaseClause() const {
  for (size_t i = 0; i + 1 < site_.stack.size(); i++) {
    Symbol symbol = Sym(i);
    if (symbol == S::S_stmts || symbol == S::S_SEMI) continue;
    if (symbol != S::S_COLON) return false;
    if (Sym(i + 1) != S::S_NAME) return true;
    i++;
  }
  return false;
}

// Tells whether no bracket encloses the statements at hand.
bool Diagnoser::AtScriptTopLevel() const {
  for (Symbol symbol : site_.stack) {
    if (symbol == S::S_LBRACE || symbol == S::S_LBODY) return false;
  }
  return InScript();
}

void Diagnoser::Statements() {
  if (KindBefore() == K::kReturn && Kind() != K::kEof) {
    return ExpectExpression();
  }
  if (!AtStatementStart()) {
    if (AssignsInDeclaration()) {
      Unexpected(", expected =");
    } else {
      Unexpected(" at end of statement");
    }
    SkipTo({K::kSemicolon, K::kRBrace, K::kCase, K::kDefault});
    if (site_.tokens[finding_.resume].kind == K::kSemicolon) {
      finding_.resume++;
    }
    return;
  }
  if (AfterLabel()) {
    finding_.pos = site_.tokens[site_.at - 1].pos;
    Say("missing statement after label");
    SkipOne();
    return;
  }
  if (InCaseClause() && Kind() != K::kEof) {
    return Clauses();
  }
  if (AtScriptTopLevel()) return Want("statement");
  Want("}");
  MakeUp(K::kRBrace);
}

// `a, b` without an assignment, or what a `case` still lacks.
void Diagnoser::ExpressionList() {
  if (Sym(1) == S::S_case_kw && !Expects(S::S_DEFINE)) {
    WantToClose(":", K::kColon);
    return;
  }
  Unexpected(", expected := or = or comma");
  SkipTo({K::kSemicolon, K::kRBrace});
}

void Diagnoser::Clauses() {
  Unexpected(Kind() == K::kEof ? ", expected }"
                               : ", expected case or default or }");
  SkipTo({K::kColon, K::kCase, K::kDefault, K::kRBrace});
  // What follows is taken for a clause whose start is missing.
  MakeUp(K::kDefault);
  const Token& stop = site_.tokens[finding_.resume];
  if (stop.kind == K::kColon) return;
  MakeUp(K::kColon);
  // As in report_syntax_error: what is missing at the end says nothing.
  if (stop.kind == K::kEof) return;
  finding_.next_message =
      "unexpected " + DescribeToken(stop, site_.source) + ", expected :";
  finding_.next_pos = stop.pos;
  finding_.resume++;
}

// --- headers ---

void Diagnoser::SkipToBody() {
  size_t at = site_.at;
  while (site_.tokens[at].kind != K::kEof &&
         site_.tokens[at].kind != K::kLBody &&
         site_.tokens[at].kind != K::kLBrace &&
         site_.tokens[at].kind != K::kRBrace) {
    at++;
  }
  finding_.resume = at;
  MakeUp(K::kLBody);
  if (site_.tokens[at].kind == K::kLBody ||
      site_.tokens[at].kind == K::kLBrace) {
    finding_.resume++;
  }
}

namespace {

const char* KeywordOf(Symbol symbol) {
  switch (symbol) {
    case S::S_IF:
      return "if";
    case S::S_FOR:
      return "for";
    default:
      return "switch";
  }
}

}  // namespace

// At the start of a header.
void Diagnoser::HeaderStart(const char* keyword) {
  if (Kind() != K::kVar) return ExpectExpression();
  Say(std::string("var declaration not allowed in ") + keyword +
      " initializer");
  size_t next = std::min(site_.at + 1, site_.tokens.size() - 1);
  finding_.pos = site_.tokens[next].pos;
  SkipToBody();
}

// The header of if, for or switch should be over here.
void Diagnoser::Header() {
  const char* keyword = KeywordOf(Sym(1));
  // Whether more than an expression or a statement came before.
  bool has_semicolon = Kind() == K::kSemicolon;
  int depth = 0;
  for (size_t at = site_.at; at-- > 0;) {
    K kind = site_.tokens[at].kind;
    if (kind == K::kRParen || kind == K::kRBrack || kind == K::kRBrace) {
      depth++;
    } else if (kind == K::kLParen || kind == K::kLBrack || kind == K::kLBrace) {
      depth--;
    } else if (depth == 0) {
      if (kind == K::kSemicolon || kind == K::kRange) has_semicolon = true;
      if (kind == K::kIf || kind == K::kFor || kind == K::kSwitch) break;
    }
  }
  if (Sym(1) == S::S_SWITCH && has_semicolon) {
    Say("missing { after switch clause");
    SkipTo({K::kCase, K::kDefault, K::kRBrace});
    MakeUp(K::kLBody);
    return;
  } else if (has_semicolon) {
    Unexpected(std::string(", expected { after ") + keyword + " clause");
    // What follows is the body's.
    SkipTo({K::kName, K::kRBrace});
    MakeUp(K::kLBody);
    return;
  } else {
    Unexpected(", expected {");
  }
  SkipToBody();
}

// After the first semicolon of a for clause.
void Diagnoser::ForClause() {
  MakeUp(K::kSemicolon);
  if (KindBefore() == K::kSemicolon) {
    Unexpected(Kind() == K::kLBody ? ", expected for loop condition"
                                   : ", expected expression");
    SkipToBody();
  } else {
    Unexpected(", expected semicolon or newline");
    SkipOne();
  }
}

}  // namespace mgo::syntax
