// Tokens and trees as text, for `mgo dump` and for tests.
#ifndef MGO_LANG_SYNTAX_DUMP_H_
#define MGO_LANG_SYNTAX_DUMP_H_

#include <vector>

#include "lang/diag/source.h"
#include "lang/lex/token.h"
#include "lang/syntax/ast.h"
#include "llvm/Support/raw_ostream.h"

namespace mgo::syntax {

// Writes one token a line: `line:column`, the kind's name, and its text where
// the kind does not say it. A semicolon that was not written says why it is
// there.
void DumpTokens(const std::vector<lex::Token>& tokens,
                const diag::SourceFile& source, llvm::raw_ostream& out);

// Writes one node a line: two spaces for each level, a word for what it is to
// its parent where that is not plain, the class, `@line:column`, and what it
// holds besides its children.
void DumpAst(const File& file, llvm::raw_ostream& out);

// The same for one expression, of a file; `level` is how far to indent.
void DumpExpr(const Expr* expr, const diag::SourceFile& source,
              llvm::raw_ostream& out, int level = 0);

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_DUMP_H_
