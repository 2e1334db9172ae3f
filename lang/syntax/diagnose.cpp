#include "lang/syntax/diagnose.h"

#include "lang/syntax/diagnoser.h"

namespace mgo::syntax {
namespace {

using K = lex::TokenKind;
using S = GrammarParser::symbol_kind;
using lex::Token;

// Where skipping stops within functions, whatever it is looking for.
bool StartsStatement(K kind) {
  switch (kind) {
    case K::kBreak:
    case K::kConst:
    case K::kContinue:
    case K::kDefer:
    case K::kFallthrough:
    case K::kFor:
    case K::kGo:
    case K::kGoto:
    case K::kIf:
    case K::kReturn:
    case K::kSelect:
    case K::kSwitch:
    case K::kType:
    case K::kVar:
    case K::kFuncDecl:
    case K::kImportDecl:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Diagnoser::InFunction() const {
  if (InScript()) return true;
  for (size_t i = 0; i + 1 < site_.stack.size(); i++) {
    if (site_.stack[i] != S::S_LBRACE) continue;
    Symbol below = site_.stack[i + 1];
    if (below == S::S_signature || below == S::S_func_type ||
        below == S::S_YYerror) {
      return true;
    }
  }
  return false;
}

void Diagnoser::SkipTo(llvm::ArrayRef<K> stops) {
  size_t at = site_.at;
  for (;; at++) {
    K kind = site_.tokens[at].kind;
    if (kind == K::kEof || llvm::is_contained(stops, kind)) break;
    if (in_function_ && StartsStatement(kind)) break;
  }
  finding_.resume = at;
}

size_t Diagnoser::Matching(size_t at) const {
  int depth = 0;
  for (; site_.tokens[at].kind != K::kEof; at++) {
    K kind = site_.tokens[at].kind;
    if (kind == K::kLParen || kind == K::kLBrack || kind == K::kLBrace ||
        kind == K::kLBody) {
      depth++;
    }
    if (llvm::is_contained(kClosers, kind) && --depth <= 0) return at + 1;
  }
  return at;
}

void Diagnoser::MakeUpUnlessNext(K kind) {
  if (site_.tokens[finding_.resume].kind != kind) MakeUp(kind);
}

void Diagnoser::CloseList(K close) {
  SkipTo(kClosers);
  MakeUpUnlessNext(close);
}

void Diagnoser::Want(const char* what) {
  Unexpected(llvm::Twine(", expected ") + what);
  SkipOne();
}

void Diagnoser::WantToClose(const char* what, K close) {
  Want(what);
  MakeUp(close);
  finding_.within_statement = true;
}

void Diagnoser::ExpectExpression() {
  Unexpected(", expected expression");
  SkipTo(kClosers);
  // The statement is not over: what comes next may start none.
  finding_.within_statement =
      in_function_ && StartsStatement(site_.tokens[finding_.resume].kind);
}

void Diagnoser::ExpectType() {
  Unexpected(", expected type");
  SkipTo({K::kComma, K::kColon, K::kSemicolon, K::kRParen, K::kRBrack,
          K::kRBrace});
}

void Diagnoser::ExpectName() {
  Unexpected(", expected name");
  SkipTo({K::kSemicolon, K::kRParen, K::kRBrace});
}

// --- top level ---

void Diagnoser::SkipToTopLevelDecl() {
  SkipTo({K::kImport, K::kConst, K::kType, K::kVar, K::kFunc, K::kFuncDecl});
}

void Diagnoser::TopLevel() {
  const Token& before = site_.tokens[site_.at > 0 ? site_.at - 1 : 0];
  if (Kind() == K::kLBrace && site_.after_bodyless_func &&
      before.kind == K::kSemicolon) {
    Say("unexpected semicolon or newline before {");
  } else {
    Say("non-declaration statement outside function body");
  }
  SkipToTopLevelDecl();
}

void Diagnoser::AfterTopLevelDecl() {
  if (AssignsInDeclaration()) {
    Unexpected(", expected =");
  } else {
    Unexpected(" after top level declaration");
  }
  SkipToTopLevelDecl();
}

void Diagnoser::Import() {
  finding_.in_import = true;
  if (lex::IsLiteral(Kind()) || Kind() == K::kName) {
    Say("import path must be a string");
  } else {
    Say("missing import path");
  }
  SkipTo({K::kSemicolon, K::kRParen});
}

// Between two imports of a group.
void Diagnoser::ImportSeparator() {
  finding_.in_import = true;
  Say("expected ';', found " +
      (lex::IsLiteral(Kind()) || Kind() == K::kName
           ? lex::TextOf(Here(), site_.source).str()
           : std::string("'") + lex::Spelling(Kind()) + "'"));
  CloseList(K::kRParen);
}

// After `type T`, `type T =` or its type parameters.
void Diagnoser::TypeDeclName() {
  Unexpected(Kind() == K::kDefine ? ", expected =" : " in type declaration");
  SkipTo({K::kSemicolon, K::kRParen});
}

void Diagnoser::Period() {
  Unexpected(", expected name or (");
  SkipTo({K::kSemicolon, K::kRParen});
}

void Diagnoser::FuncKeyword() {
  if (Kind() == K::kLBrack && !Expects(S::S_NAME)) {
    Say("function type must have no type parameters");
    SkipTo({K::kLBrace, K::kSemicolon});
    return;
  }
  if (Expects(S::S_NAME)) return FuncName(", expected name or (");
  Unexpected(", expected (");
  if (Kind() != K::kLBrace) SkipOne();
}

// `M[P any](...)` in an interface type, which the grammar takes for an embedded
// instance up to here.
bool Diagnoser::MethodTypeParams() {
  size_t open = site_.at;
  while (open > 0 && site_.tokens[open].kind != K::kLBrack) {
    if (site_.tokens[open].kind == K::kSemicolon) return false;
    open--;
  }
  size_t in_stack = 0;
  while (Sym(in_stack) != S::S_LBRACK && Sym(in_stack) != S::S_YYEOF) {
    in_stack++;
  }
  if (Sym(in_stack) != S::S_LBRACK || Sym(in_stack + 1) != S::S_NAME) {
    return false;
  }
  Symbol before = Sym(in_stack + 2);
  bool first = before == S::S_LBRACE && Sym(in_stack + 3) == S::S_INTERFACE;
  bool later = before == S::S_SEMI && Sym(in_stack + 3) == S::S_elements;
  size_t close = Matching(open);
  if ((!first && !later) || site_.tokens[close].kind != K::kLParen) {
    return false;
  }
  Say("interface method must have no type parameters");
  finding_.plain = true;
  finding_.pos = site_.tokens[open].pos;
  // As if it were an instance: on at the end of the line.
  MakeUp(K::kRBrack);
  site_.at = Matching(close);
  SkipTo({K::kSemicolon, K::kRBrace});
  return true;
}

// A declared function lacks its name; it may still have a body.
void Diagnoser::FuncName(const char* expected) {
  Unexpected(expected);
  SkipTo({K::kLBrace, K::kSemicolon});
}

// By what would have been legal.
void Diagnoser::Default() {
  if (Expects(S::S_INT)) return ExpectExpression();
  if (Expects(S::S_NAME) && Expects(S::S_MAP)) return ExpectType();
  if (Expects(S::S_NAME)) return ExpectName();
  struct Row {
    Symbol symbol;
    K kind;
    const char* words;
  };
  static constexpr Row kRows[] = {
      {S::S_RPAREN, K::kRParen, ")"},
      {S::S_RBRACK, K::kRBrack, "]"},
      {S::S_RBRACE, K::kRBrace, "}"},
      {S::S_COLON, K::kColon, ":"},
      {S::S_LPAREN, K::kLParen, "("},
      {S::S_LBRACE, K::kLBrace, "{"},
      {S::S_LBODY, K::kLBody, "{"},
      {S::S_LBRACK, K::kLBrack, "["},
      {S::S_CHAN, K::kChan, "keyword chan"},
      {S::S_SEMI, K::kSemicolon, "semicolon or newline"},
  };
  for (const Row& row : kRows) {
    if (!Expects(row.symbol)) continue;
    if (llvm::is_contained(kClosers, row.kind) || row.kind == K::kColon) {
      return WantToClose(row.words, row.kind);
    }
    return Want(row.words);
  }
  Unexpected("");
  SkipOne();
}

Finding Diagnoser::Find() {
  if (Expects(S::S_IF) && Expects(S::S_RETURN)) {
    Statements();
    return std::move(finding_);
  }
  if (MethodTypeParams()) return std::move(finding_);
  if (Expects(S::S_STRING) && site_.expected.size() == 1) {
    Import();
    return std::move(finding_);
  }
  switch (Sym(0)) {
    case S::S_IF:
      HeaderStart("if");
      break;
    case S::S_FOR:
      HeaderStart("for");
      break;
    case S::S_SWITCH:
      HeaderStart("switch");
      break;
    case S::S_LBODY:
      Clauses();
      break;
    case S::S_SEMI:
      if (Sym(1) == S::S_opt_simple) {
        if (Expects(S::S_LBODY)) {
          ExpectExpression();
        } else {
          ForClause();
        }
      } else {
        SemicolonListStart(Sym(1));
      }
      break;
    case S::S_COMMA:
      AfterComma();
      break;
    case S::S_top_decls:
      TopLevel();
      break;
    case S::S_top_decl:
      AfterTopLevelDecl();
      break;
    case S::S_package_clause:
      Want("semicolon or newline");
      break;
    case S::S_IMPORT:
    case S::S_import_specs:
      Import();
      break;
    case S::S_stmts:
      Statements();
      break;
    case S::S_exprs:
      ExpressionList();
      break;
    case S::S_cases:
    case S::S_comms:
      Clauses();
      break;
    case S::S_header:
    case S::S_for_header:
      Header();
      break;
    case S::S_opt_simple:
      ForClause();
      break;
    case S::S_SELECT:
      Say("missing { after select clause");
      SkipTo({K::kCase, K::kDefault, K::kRBrace});
      MakeUp(K::kSemicolon);
      MakeUp(K::kSelect);
      MakeUp(K::kLBody);
      break;
    case S::S_ELSE:
      Say("else must be followed by if or statement block");
      SkipTo({K::kSemicolon, K::kRBrace});
      MakeUp(K::kLBody);
      MakeUp(K::kRBrace);
      break;
    case S::S_opt_comma:
      CommaList();
      break;
    case S::S_opt_semi:
      SemicolonList();
      break;
    case S::S_params:
      Params();
      break;
    case S::S_CHAN:
      Say("missing channel element type");
      break;
    case S::S_ARROW:
      if (Sym(1) == S::S_CHAN && site_.expected.size() > 1) {
        Say("missing channel element type");
      } else {
        Default();
      }
      break;
    case S::S_ELLIPSIS:
      Say("... is missing type");
      SkipTo(kClosers);
      break;
    case S::S_PERIOD:
      if (Sym(1) == S::S_IMPORT) {
        Import();
      } else if (Expects(S::S_LPAREN)) {
        Period();
      } else {
        ExpectName();
      }
      break;
    case S::S_receiver:
      FuncName(", expected name");
      break;
    case S::S_FUNC:
      FuncKeyword();
      break;
    case S::S_NAME:
      if (Sym(1) == S::S_IMPORT || Sym(1) == S::S_import_specs) {
        Import();
      } else if (Expects(S::S_MAP) && Expects(S::S_ASSIGN)) {
        TypeDeclName();
      } else if (Expects(S::S_OR) && Expects(S::S_RBRACE)) {
        InList("interface type", "semicolon or newline", K::kRBrace);
      } else if (Sym(1) == S::S_FUNC || Sym(1) == S::S_receiver) {
        FuncKeyword();
      } else {
        Default();
      }
      break;
    case S::S_sure_type_params:
      TypeDeclName();
      break;
    case S::S_ASSIGN:
      if (Expects(S::S_MAP) && !Expects(S::S_INT)) {
        TypeDeclName();
      } else {
        Default();
      }
      break;
    case S::S_LBRACK:
      if (Sym(1) == S::S_primary && Kind() == K::kRBrack) {
        Unexpected(", expected operand");
        MakeUp(K::kRBrack);
        SkipOne();
      } else if (Sym(1) == S::S_NAME && Kind() == K::kRBrack) {
        if (Sym(2) == S::S_FUNC) {
          Say("empty type parameter list");
        } else {
          Unexpected(", expected type argument list");
        }
        MakeUp(K::kRBrack);
        SkipOne();
      } else if (Sym(2) == S::S_FUNC || Sym(2) == S::S_receiver) {
        WantToClose("]", K::kRBrack);
      } else {
        Default();
      }
      break;
    case S::S_LBRACE:
      if (Sym(1) == S::S_STRUCT) {
        SemicolonListStart(S::S_fields);
      } else if (Sym(1) == S::S_INTERFACE) {
        SemicolonListStart(S::S_elements);
      } else if (Kind() == K::kEof) {
        WantToClose("}", K::kRBrace);
      } else {
        Default();
      }
      break;
    case S::S_LPAREN:
      if (Sym(1) == S::S_IMPORT) {
        SemicolonListStart(S::S_import_specs);
      } else if (Sym(1) == S::S_VAR || Sym(1) == S::S_CONST ||
                 Sym(1) == S::S_TYPE) {
        SemicolonListStart(S::S_var_specs);
      } else if (Expects(S::S_RPAREN) && !Expects(S::S_INT)) {
        Params();
      } else if (Expects(S::S_RPAREN) && Kind() == K::kEof) {
        WantToClose(")", K::kRParen);
      } else {
        Default();
      }
      break;
    case S::S_MUL:
      if (Kind() == K::kLParen) {
        Say("cannot parenthesize embedded type");
        SkipTo({K::kSemicolon, K::kRBrace});
      } else if (Expects(S::S_MAP)) {
        Default();
      } else {
        ExpectName();
      }
      break;
    case S::S_OR:
      if (Expects(S::S_TILDE) && !Expects(S::S_INT)) {
        Unexpected(", expected ~ term or type");
        SkipTo(kClosers);
      } else {
        Default();
      }
      break;
    case S::S_names:
      if (Kind() == K::kDefine) {
        Unexpected(", expected =");
        SkipTo({K::kSemicolon, K::kRParen, K::kRBrace});
      } else {
        ExpectType();
      }
      break;
    case S::S_expr:
      if (Kind() == K::kComma && Expects(S::S_RBRACK)) {
        Say("unexpected comma; expected ]");
        CloseList(K::kRBrack);
      } else {
        Default();
      }
      break;
    case S::S_opt_expr:
      if (KindBefore() == K::kColon) {
        ExpectExpression();
      } else {
        WantToClose("]", K::kRBrack);
      }
      break;
    default:
      Default();
  }
  return std::move(finding_);
}

std::string DescribeToken(const Token& token, const diag::SourceFile& source) {
  switch (token.kind) {
    case K::kEof:
      return "EOF";
    case K::kName:
      return ("name " + lex::TextOf(token, source)).str();
    case K::kComma:
      return "comma";
    case K::kSemicolon:
      if (token.flags & lex::kFromNewline) return "newline";
      return token.flags & lex::kFromEof ? "EOF" : "semicolon";
    default:
      break;
  }
  if (lex::IsLiteral(token.kind)) {
    return ("literal " + lex::TextOf(token, source)).str();
  }
  if (lex::IsKeyword(token.kind)) {
    return std::string("keyword ") + lex::Spelling(token.kind);
  }
  return lex::Spelling(token.kind);
}

Finding Diagnose(const ErrorSite& site) { return Diagnoser(site).Find(); }

}  // namespace mgo::syntax
