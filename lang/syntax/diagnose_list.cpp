// Syntax errors in lists: arguments, elements, parameters, fields, groups.
#include "lang/syntax/diagnoser.h"

namespace mgo::syntax {

using K = lex::TokenKind;
using S = GrammarParser::symbol_kind;

// A list whose elements are separated, after an element.
void Diagnoser::InList(const char* context, const char* separator, K close) {
  Unexpected(llvm::Twine(" in ") + context + "; possibly missing " + separator +
             " or " + lex::Spelling(close));
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

// Tells whether the specification at hand has an `=` already.
bool Diagnoser::HasAssignBefore() const {
  for (size_t n = 1; n <= site_.at; n++) {
    K kind = KindBefore(n);
    if (kind == K::kAssign) return true;
    if (kind == K::kSemicolon || kind == K::kLParen) return false;
  }
  return false;
}

void Diagnoser::SemicolonList() {
  if (KindBefore() == K::kSemicolon) return SemicolonListStart(Sym(1));
  const char* separator = "semicolon or newline";
  switch (Sym(1)) {
    case S::S_fields:
      // A lone name is an embedded type only where the field ends after it.
      if (KindBefore() == K::kName && !lex::IsLiteral(Kind()) &&
          (KindBefore(2) == K::kSemicolon || KindBefore(2) == K::kLBrace)) {
        ExpectType();
        return CloseList(K::kRBrace);
      }
      return InList("struct type", separator, K::kRBrace);
    case S::S_elements:
      return InList("interface type", separator, K::kRBrace);
    case S::S_import_specs:
      return ImportSeparator();
    default:
      if (Kind() == K::kDefine && !HasAssignBefore()) {
        Unexpected(", expected =");
        return CloseList(K::kRParen);
      }
      return InList("grouped declaration", separator, K::kRParen);
  }
}

}  // namespace mgo::syntax
