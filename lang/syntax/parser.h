// The parser: a file's text to its syntax tree.
#ifndef MGO_LANG_SYNTAX_PARSER_H_
#define MGO_LANG_SYNTAX_PARSER_H_

#include "lang/diag/diagnostic.h"
#include "lang/diag/source.h"
#include "lang/lex/token.h"
#include "lang/syntax/ast.h"

namespace mgo::syntax {

// The parser gives up on a file after so many errors.
inline constexpr int kMaxSyntaxErrors = 100;

// Lexes and parses a file, appends it to out.files and counts its expressions
// in out.expr_count. The file's text must outlive the tree. Errors go to the
// sink; where there was one, the tree is well formed but incomplete, and
// should not be checked. Never null.
const File* ParseFile(const diag::SourceFile& source, NameTable& names,
                      PackageSyntax& out, diag::DiagnosticSink& sink);

// The same for a file of the library, whose functions' bodies are only parsed
// when ParseBody (deferred.h) asks for them.
const File* ParseLibraryFile(const diag::SourceFile& source, NameTable& names,
                             PackageSyntax& out, diag::DiagnosticSink& sink);

// The tokens of a file as the parser sees them, with bodies marked.
lex::TokenStream LexForParser(const diag::SourceFile& source,
                              diag::DiagnosticSink& sink);

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_PARSER_H_
