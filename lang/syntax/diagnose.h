// What a syntax error means.
//
// Go's compiler words a syntax error by what its recursive descent parser was
// doing: "unexpected newline in argument list; possibly missing comma or )".
// An LALR parser knows the same thing: the symbols on its stack are the
// unfinished rules. Diagnose reads them, top first, together with the tokens
// around the offending one, and says what to report and how to go on.
//
// Going on imitates Go's compiler too, so that one mistake yields the same
// further messages: a set of tokens to skip to, and tokens that are made up to
// close what was left open. Bison then pops its stack to the nearest rule with
// an `error` alternative (grammar.y) and continues with those tokens.
#ifndef MGO_LANG_SYNTAX_DIAGNOSE_H_
#define MGO_LANG_SYNTAX_DIAGNOSE_H_

#include <string>
#include <vector>

#include "lang/lex/token.h"
#include "lang/syntax/builder.h"
#include "lang/syntax/grammar.hpp"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace mgo::syntax {

// A grammar symbol, as Bison numbers them.
using Symbol = GrammarParser::symbol_kind_type;

// Where the parser stands.
struct ErrorSite {
  // The symbols on the stack, top first.
  llvm::ArrayRef<Symbol> stack;
  // The terminals that would have been legal.
  llvm::ArrayRef<Symbol> expected;
  const std::vector<lex::Token>& tokens;
  // The offending token.
  size_t at;
  const diag::SourceFile& source;
  // The last function declaration at top level had no body.
  bool after_bodyless_func;
  // The last error was within this statement, and has just been passed.
  bool within_statement;
};

// What to report, and how to go on.
struct Finding {
  // Behind "syntax error: ", but for an import.
  std::string message;
  // Go reads a file's imports on their own before it compiles it: an error
  // there is the only one, and has no "syntax error: " before it.
  bool in_import = false;
  // Has no "syntax error: " before it.
  bool plain = false;
  // Where.
  Pos pos;
  // What skipping ran into, if anything, and where.
  std::string next_message;
  Pos next_pos;
  // Index of the token to go on with, after the made-up ones.
  size_t resume;
  // Made-up tokens that come first.
  llvm::SmallVector<lex::TokenKind, 4> made_up;
  // What comes next belongs to the same statement, whatever stood before it.
  bool within_statement = false;
};

// Finds out what is wrong.
Finding Diagnose(const ErrorSite& site);

// A note on what may have been meant, or nothing (hint.cpp).
std::string HintFor(const ErrorSite& site, const Finding& finding);

// A token in the words of a message: `name x`, `literal 1`, `keyword if`,
// `newline`, `comma`.
std::string DescribeToken(const lex::Token& token,
                          const diag::SourceFile& source);

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_DIAGNOSE_H_
