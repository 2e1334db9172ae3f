// How the generated parser gets its tokens. Internal to the parser.
#ifndef MGO_LANG_SYNTAX_TOKEN_FEED_H_
#define MGO_LANG_SYNTAX_TOKEN_FEED_H_

#include "lang/syntax/parse_state.h"

namespace mgo::syntax {

// Bison counts the end as 0, two symbols of its own, and then the terminals;
// parser.cpp asserts that they are in the lexer's order.
inline constexpr int kBisonTokenShift = 2;

// Called by the parser for each token.
inline int yylex(Value* value, ParseState& state) {
  const lex::Token& token = state.Next();
  value->token = &token;
  value->at = token.pos.offset;
  value->depth = 0;
  if (token.kind == lex::TokenKind::kEof || state.GivenUp()) return 0;
  return static_cast<int>(token.kind) + kBisonTokenShift;
}

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_TOKEN_FEED_H_
