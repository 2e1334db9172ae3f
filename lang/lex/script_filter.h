// The script filter, between brace filter and parser.
//
// A file without a package clause is a script: statements and declarations mix
// at its top level. Two things there are legal nowhere else among statements,
// declarations of functions and imports, and the filter gives their keywords
// kinds of their own. With those the grammar takes a script for what it is, a
// list of statements: `func` alone would not tell `func f() {}` from a
// statement that begins with a function literal or its type before one has read
// on, and that is more than the one token that an LALR(1) parser sees.
#ifndef MGO_LANG_LEX_SCRIPT_FILTER_H_
#define MGO_LANG_LEX_SCRIPT_FILTER_H_

#include <vector>

#include "lang/lex/token.h"

namespace mgo::lex {

// Tells whether these are the tokens of a script.
inline bool IsScript(const std::vector<Token>& tokens) {
  return tokens[0].kind != TokenKind::kPackage;
}

// Prepares the tokens of a script, which end with kEof, for the parser: puts
// kScript before them, and marks the declarations at top level.
void MarkScript(std::vector<Token>* tokens);

}  // namespace mgo::lex

#endif  // MGO_LANG_LEX_SCRIPT_FILTER_H_
