// The work behind Diagnose, split over diagnose*.cpp. Internal to the parser.
#ifndef MGO_LANG_SYNTAX_DIAGNOSER_H_
#define MGO_LANG_SYNTAX_DIAGNOSER_H_

#include <string>
#include <utility>

#include "lang/syntax/diagnose.h"
#include "llvm/ADT/STLExtras.h"

namespace mgo::syntax {

// The brackets that close; most skipping ends there.
inline constexpr lex::TokenKind kClosers[] = {
    lex::TokenKind::kRParen, lex::TokenKind::kRBrack, lex::TokenKind::kRBrace};

// Works one error out.
class Diagnoser {
 public:
  using K = lex::TokenKind;
  using S = GrammarParser::symbol_kind;

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
  const lex::Token& Here() const { return site_.tokens[site_.at]; }
  K Kind() const { return Here().kind; }
  K KindBefore(size_t n = 1) const {
    return site_.at >= n ? site_.tokens[site_.at - n].kind : K::kEof;
  }
  bool Expects(Symbol symbol) const {
    return llvm::is_contained(site_.expected, symbol);
  }
  bool InScript() const {
    return llvm::is_contained(site_.stack, Symbol{S::S_SCRIPT});
  }
  bool AtScriptTopLevel() const;
  bool InFunction() const;
  bool AfterLabel() const;
  bool InCaseClause() const;
  bool AtStatementStart() const;
  bool AssignsInDeclaration() const;
  bool HasAssignBefore() const;

  // --- what is said ---
  void Say(std::string message) { finding_.message = std::move(message); }
  void Unexpected(const llvm::Twine& rest) {
    Say(("unexpected " + DescribeToken(Here(), site_.source) + rest).str());
  }

  // --- how it goes on ---
  void SkipTo(llvm::ArrayRef<K> stops);
  // The index after the bracket that closes the one at `at`.
  size_t Matching(size_t at) const;
  void SkipToTopLevelDecl();
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
  void ImportSeparator();
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
  bool MethodTypeParams();
  void FuncKeyword();
  void FuncName(const char* expected);
  void Default();

  ErrorSite site_;
  Finding finding_;
  bool in_function_;
};

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_DIAGNOSER_H_
