// Function bodies of the library that are parsed when somebody wants them.
//
// Most of what a program imports it never calls, and parsing is the largest
// part of loading a package. So the parser can be given a file's tokens without
// those within the bodies of its functions, and keep the tokens for later. A
// body that has not been parsed is an empty block; ParseBody fills it in, once,
// before anything looks into it (the checker calls it).
#ifndef MGO_LANG_SYNTAX_DEFERRED_H_
#define MGO_LANG_SYNTAX_DEFERRED_H_

#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/diag/source.h"
#include "lang/lex/token.h"
#include "lang/syntax/ast.h"

namespace mgo::syntax {

// A file whose functions' bodies were left out.
struct DeferredFile {
  const diag::SourceFile* source;
  // All tokens of the file.
  std::vector<lex::Token> tokens;
  // The functions: from keyword to closing brace, indices into tokens; sorted.
  struct Range {
    uint32_t func;
    uint32_t end;
  };
  std::vector<Range> functions;
};

// Takes the tokens within function bodies at top level out of a copy of
// `file->tokens`, fills in file->functions and returns the copy.
std::vector<lex::Token> WithoutBodies(DeferredFile* file);

// Parses the body of a function whose body was left out; does nothing for
// others, and when called again. Grows package.expr_count.
void ParseBody(PackageSyntax& package, const FuncDecl& decl, NameTable& names,
               diag::DiagnosticSink& sink);

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_DEFERRED_H_
