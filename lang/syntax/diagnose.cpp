#include "lang/syntax/diagnose.h"

#include <algorithm>

#include "llvm/ADT/STLExtras.h"

namespace mgo::syntax {
namespace {

using K = lex::TokenKind;
using S = GrammarParser::symbol_kind;
using lex::Token;

constexpr K kClosers[] = {K::kRParen, K::kRBrack, K::kRBrace};

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
      return true;
    default:
      return false;
  }
}

// Works one error out.
class Diagnoser {
 public:
  explicit Diagnoser(const ErrorSite& site) : site_(site) {
    finding_.pos = Here().pos;
    finding_.resume = site.at;
    in_function_ = InFunction();
  }

  Finding Find();

 private:
  // --- what there is ---
  Symbol Sym(size_t i) const {
    return i < site_.stack.size() ? site_.stack[i] : S::S_YYEOF;
  }
  const Token& Here() const { return site_.tokens[site_.at]; }
  K Kind() const { return Here().kind; }
  K KindBefore(size_t n = 1) const {
    return site_.at >= n ? site_.tokens[site_.at - n].kind : K::kEof;
  }
  bool Expects(Symbol symbol) const {
    return llvm::is_contained(site_.expected, symbol);
  }
  bool InFunction() const;
  bool AfterLabel() const;
  bool InCaseClause() const;
  bool AtStatementStart() const;
  bool FollowsParenthesizedType() const;
  bool AssignsInDeclaration() const;

  // --- what is said ---
  void Say(std::string message) { finding_.message = std::move(message); }
  void Unexpected(const llvm::Twine& rest) {
    Say(("unexpected " + DescribeToken(Here(), site_.source) + rest).str());
  }

  // --- how it goes on ---
  void SkipTo(llvm::ArrayRef<K> stops);
  // The index after the bracket that closes the one at `at`.
  size_t Matching(size_t at) const;
  void SkipOne() {
    if (Kind() != K::kEof) finding_.resume = site_.at + 1;
  }
  void MakeUp(K kind) { finding_.made_up.push_back(kind); }
  // The list is over: skips to its end, or makes that up.
  void CloseList(K close);
  void MakeUpUnlessNext(K kind);

  // --- the cases ---
  void Want(const char* what);
  void WantToClose(const char* what, K close);
  void ExpectExpression();
  void ExpectType();
  void ExpectName();
  void TopLevel();
  void AfterTopLevelDecl();
  void Import();
  void Statements();
  void IndexList();
  void AfterComma();
  void Params();
  void CommaList();
  void SemicolonList();
  void SemicolonListStart(Symbol list);
  void InList(const char* context, const char* separator, K close);
  void Header();
  void HeaderStart(const char* keyword);
  void ForClause();
  void SkipToBody();
  void ExpressionList();
  void Clauses();
  void TypeDeclName();
  void Period();
  void FuncKeyword();
  void Default();

  ErrorSite site_;
  Finding finding_;
  bool in_function_;
};

bool Diagnoser::InFunction() const {
  for (size_t i = 0; i + 1 < site_.stack.size(); i++) {
    if (site_.stack[i] != S::S_LBRACE) continue;
    Symbol below = site_.stack[i + 1];
    if (below == S::S_signature || below == S::S_func_type) return true;
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

void Diagnoser::TopLevel() {
  const Token& before = site_.tokens[site_.at > 0 ? site_.at - 1 : 0];
  if (Kind() == K::kLBrace && site_.after_bodyless_func &&
      before.kind == K::kSemicolon) {
    Say("unexpected semicolon or newline before {");
  } else {
    Say("non-declaration statement outside function body");
  }
  SkipTo({K::kImport, K::kConst, K::kType, K::kVar, K::kFunc});
}

void Diagnoser::AfterTopLevelDecl() {
  if (AssignsInDeclaration()) {
    Unexpected(", expected =");
  } else if (FollowsParenthesizedType()) {
    Say("cannot parenthesize type in composite literal");
  } else {
    Unexpected(" after top level declaration");
  }
  SkipTo({K::kImport, K::kConst, K::kType, K::kVar, K::kFunc});
}

void Diagnoser::Import() {
  if (lex::IsLiteral(Kind())) {
    Say("import path must be a string");
  } else {
    Say("missing import path");
  }
  SkipTo({K::kSemicolon, K::kRParen});
}

// --- statements ---

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

// `(T){`: the parenthesis before is not a call's.
bool Diagnoser::FollowsParenthesizedType() const {
  if (Kind() != K::kLBrace || KindBefore() != K::kRParen) return false;
  int depth = 0;
  for (size_t at = site_.at; at-- > 0;) {
    K kind = site_.tokens[at].kind;
    if (kind == K::kRParen) depth++;
    if (kind == K::kLParen && --depth == 0) {
      if (at == 0) return false;
      K before = site_.tokens[at - 1].kind;
      return before >= K::kAdd && before != K::kRParen &&
             before != K::kRBrack && before != K::kRBrace &&
             before != K::kPeriod && before != K::kFunc;
    }
  }
  return false;
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

void Diagnoser::Statements() {
  if (!AtStatementStart()) {
    if (AssignsInDeclaration()) {
      Unexpected(", expected =");
    } else if (FollowsParenthesizedType()) {
      Say("cannot parenthesize type in composite literal");
      site_.at = Matching(site_.at);
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
    Unexpected(", expected case or default or }");
    SkipTo({K::kColon, K::kCase, K::kDefault, K::kRBrace});
    return;
  }
  Want("}");
  MakeUp(K::kRBrace);
}

// `a, b` without an assignment, or what a `case` still lacks.
void Diagnoser::ExpressionList() {
  if (Sym(1) == S::S_CASE && !Expects(S::S_DEFINE)) {
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
  if (site_.tokens[finding_.resume].kind == K::kColon) MakeUp(K::kDefault);
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
    } else if (kind == K::kLParen || kind == K::kLBrack ||
               kind == K::kLBrace) {
      depth--;
    } else if (depth == 0) {
      if (kind == K::kSemicolon || kind == K::kRange) has_semicolon = true;
      if (kind == K::kIf || kind == K::kFor || kind == K::kSwitch) break;
    }
  }
  if (Sym(1) == S::S_SWITCH && has_semicolon) {
    Say("missing { after switch clause");
  } else if (has_semicolon) {
    Unexpected(std::string(", expected { after ") + keyword + " clause");
  } else {
    Unexpected(", expected {");
  }
  SkipToBody();
}

// After the first semicolon of a for clause.
void Diagnoser::ForClause() {
  if (KindBefore() == K::kSemicolon) {
    Unexpected(Kind() == K::kLBody ? ", expected for loop condition"
                                   : ", expected expression");
  } else {
    Unexpected(", expected semicolon or newline");
  }
  MakeUp(K::kSemicolon);
  SkipToBody();
}

// --- lists ---

// A list whose elements are separated, after an element.
void Diagnoser::InList(const char* context, const char* separator, K close) {
  Unexpected(llvm::Twine(" in ") + context + "; possibly missing " +
             separator + " or " + lex::Spelling(close));
  CloseList(close);
}

// `x[a, b` or `name [a, b`, which may be an index, an instance or an array.
void Diagnoser::IndexList() {
  bool several = false;
  int depth = 0;
  for (size_t at = site_.at; at-- > 0 && depth <= 0;) {
    K kind = site_.tokens[at].kind;
    if (llvm::is_contained(kClosers, kind)) depth--;
    if (kind == K::kLParen || kind == K::kLBrack || kind == K::kLBrace) {
      depth++;
    }
    if (depth != 0 || kind != K::kComma) continue;
    several = true;
    // Only types may follow.
    if (lex::IsLiteral(site_.tokens[at + 1].kind)) site_.at = at + 1;
  }
  finding_.pos = Here().pos;
  bool index = Sym(3) == S::S_primary;
  WantToClose(index && !several ? "comma, : or ]" : "]", K::kRBrack);
}

// After the comma of a list.
void Diagnoser::AfterComma() {
  switch (Sym(1)) {
    case S::S_values:
      if (Kind() == K::kEof) return WantToClose("}", K::kRBrace);
      return ExpectExpression();
    case S::S_exprs:
      if (Sym(2) == S::S_LBRACK) return WantToClose("]", K::kRBrack);
      if (Sym(2) == S::S_LPAREN && Kind() == K::kEof) {
        return WantToClose(")", K::kRParen);
      }
      return ExpectExpression();
    default:
      return Default();
  }
}

// Inside the parentheses of parameters.
void Diagnoser::Params() {
  if (KindBefore() == K::kLParen || KindBefore() == K::kComma) {
    Unexpected(", expected )");
    SkipTo({K::kRParen, K::kLBrace, K::kSemicolon});
    MakeUpUnlessNext(K::kRParen);
    return;
  }
  InList("parameter list", "comma", K::kRParen);
}

void Diagnoser::CommaList() {
  bool at_start = KindBefore() == K::kComma;
  bool at_end_of_file = at_start && Kind() == K::kEof;
  switch (Sym(1)) {
    case S::S_values:
      if (at_end_of_file) return WantToClose("}", K::kRBrace);
      if (at_start) return ExpectExpression();
      return InList("composite literal", "comma", K::kRBrace);
    case S::S_type_param_list:
    case S::S_sure_entries:
    case S::S_expr_comma:
      if (!at_start) return InList("parameter list", "comma", K::kRBrack);
      return WantToClose("]", K::kRBrack);
    case S::S_types:
      return WantToClose("]", K::kRBrack);
    case S::S_ELLIPSIS:
      if (at_start) return WantToClose(")", K::kRParen);
      return InList("argument list", "comma", K::kRParen);
    case S::S_exprs:
      break;
    default:
      return Default();
  }
  if (Sym(2) == S::S_LBRACK) return IndexList();
  if (at_end_of_file) return WantToClose(")", K::kRParen);
  if (at_start) return ExpectExpression();
  InList("argument list", "comma", K::kRParen);
}

// At the start of an element of `list`.
void Diagnoser::SemicolonListStart(Symbol list) {
  bool at_end_of_file = Kind() == K::kEof;
  switch (list) {
    case S::S_fields:
      if (at_end_of_file) return WantToClose("}", K::kRBrace);
      if (Kind() == K::kLParen) {
        Say("cannot parenthesize embedded type");
      } else {
        Unexpected(", expected field name or embedded type");
      }
      SkipTo({K::kSemicolon, K::kRBrace});
      if (site_.tokens[finding_.resume].kind != K::kSemicolon) {
        MakeUpUnlessNext(K::kRBrace);
      }
      return;
    case S::S_elements:
      if (at_end_of_file) return WantToClose("}", K::kRBrace);
      Unexpected(", expected ~ term or type");
      SkipTo({K::kSemicolon, K::kRParen, K::kRBrack, K::kRBrace});
      if (site_.tokens[finding_.resume].kind != K::kSemicolon) {
        MakeUpUnlessNext(K::kRBrace);
      }
      return;
    case S::S_import_specs:
      if (at_end_of_file) return WantToClose(")", K::kRParen);
      return Import();
    default:
      if (at_end_of_file) return WantToClose(")", K::kRParen);
      return ExpectName();
  }
}

void Diagnoser::SemicolonList() {
  if (KindBefore() == K::kSemicolon) return SemicolonListStart(Sym(1));
  const char* separator = "semicolon or newline";
  switch (Sym(1)) {
    case S::S_fields:
      return InList("struct type", separator, K::kRBrace);
    case S::S_elements:
      return InList("interface type", separator, K::kRBrace);
    default:
      if (AssignsInDeclaration()) {
        Unexpected(", expected =");
        return CloseList(K::kRParen);
      }
      return InList("grouped declaration", separator, K::kRParen);
  }
}

// --- the rest ---

// After `type T`, `type T =` or its type parameters.
void Diagnoser::TypeDeclName() {
  Unexpected(" in type declaration");
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
  Unexpected(Expects(S::S_NAME) ? ", expected name or (" : ", expected (");
  if (Kind() != K::kLBrace) SkipOne();
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
      if (Sym(1) == S::S_CHAN) {
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

}  // namespace

std::string DescribeToken(const Token& token,
                          const diag::SourceFile& source) {
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
