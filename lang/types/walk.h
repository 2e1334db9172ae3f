// Visits every expression of a file.
#ifndef MGO_LANG_TYPES_WALK_H_
#define MGO_LANG_TYPES_WALK_H_

#include "lang/syntax/ast.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace mgo::types {

// Calls `visit` for every expression and type expression of the file, outer
// ones before inner ones, in source order. Identifiers that declare something
// are visited as well. Long chains of binary operators take no C++ stack.
void ForEachExpr(const syntax::File* file,
                 llvm::function_ref<void(const syntax::Expr*)> visit);

// The same for one declaration.
void ForEachExpr(const syntax::Decl* decl,
                 llvm::function_ref<void(const syntax::Expr*)> visit);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_WALK_H_
