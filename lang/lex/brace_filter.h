// The brace filter, between lexer and parser.
//
// Go's grammar is ambiguous at a `{` in the header of a control clause: in
// `if x == T {` it may open the body or a composite literal. The specification
// ("Composite literals") resolves it: there, a composite literal whose type is
// a name must stand within parentheses. So which `{` is which can be told from
// the tokens alone, without knowing what a name means: in the header of if,
// for, switch or select, outside all brackets, a `{` opens the body unless it
// belongs to a type literal (`struct {`, `[]T{`, `map[K]V{`) or to a function
// literal. The filter marks it as kLBody; the grammar then is LALR(1) with no
// feedback from parser to lexer.
//
// The filter also sees how deeply brackets nest, and cuts the tokens off with
// a diagnostic where that passes the limit, for the sake of every later phase
// that recurses over the tree.
#ifndef MGO_LANG_LEX_BRACE_FILTER_H_
#define MGO_LANG_LEX_BRACE_FILTER_H_

#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/lex/token.h"

namespace mgo::lex {

// How deeply brackets, and the nodes of a tree, may nest. Go's parsers have
// such limits too, but higher.
inline constexpr int kMaxNesting = 10000;

// Marks the bodies of control clauses in `tokens`, which end with kEof. Where
// brackets nest too deeply, reports it and ends the tokens there; returns
// false then.
bool FilterBraces(std::vector<Token>* tokens, diag::DiagnosticSink& sink);

}  // namespace mgo::lex

#endif  // MGO_LANG_LEX_BRACE_FILTER_H_
