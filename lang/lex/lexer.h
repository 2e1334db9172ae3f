// The lexer: a file's bytes to tokens (spec, "Lexical elements").
//
// The automaton for everything regular is made by re2c from lexer.re; what
// has errors to explain (numbers, strings, runes, comments, bytes outside
// ASCII) is scanned by hand in literals.cpp. Semicolons at line ends are
// inserted here. A byte that cannot be part of any token is reported and
// skipped, so that the parser sees the tokens around it.
#ifndef MGO_LANG_LEX_LEXER_H_
#define MGO_LANG_LEX_LEXER_H_

#include "lang/diag/diagnostic.h"
#include "lang/diag/source.h"
#include "lang/lex/token.h"

namespace mgo::lex {

// The lexer gives up on a file after so many errors.
inline constexpr int kMaxLexErrors = 100;

// Makes tokens of a whole file. A first line that starts with `#!` is skipped.
// All `{` come out as kLBrace: see brace_filter.h.
TokenStream Lex(const diag::SourceFile& file, diag::DiagnosticSink& sink);

}  // namespace mgo::lex

#endif  // MGO_LANG_LEX_LEXER_H_
