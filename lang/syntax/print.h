// Expressions as source text, the way Go's compiler shows them in messages:
// one line, a space around binary operators, and the contents of function
// bodies and composite literals shortened to {…}.
#ifndef MGO_LANG_SYNTAX_PRINT_H_
#define MGO_LANG_SYNTAX_PRINT_H_

#include <string>

#include "lang/syntax/ast.h"
#include "llvm/Support/raw_ostream.h"

namespace mgo::syntax {

// Writes an expression or type in Go syntax, as in `f(x + 1)`, `T{…}`,
// `func(a, b int) string {…}`.
void PrintExpr(const Expr* expr, llvm::raw_ostream& out);

// What PrintExpr writes, as a string.
std::string ExprString(const Expr* expr);

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_PRINT_H_
