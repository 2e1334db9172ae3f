// Type inference: the type arguments that a call of a generic function leaves
// out.
//
// As in the specification ("Type inference", "Type unification"): typed
// arguments are unified with their parameters' types, then constraints with
// core types or methods are taken into account until nothing new is learnt,
// then untyped constants give their default types to what is still unknown.
#ifndef MGO_LANG_TYPES_INFER_H_
#define MGO_LANG_TYPES_INFER_H_

#include <string>

#include "lang/types/assignable.h"
#include "lang/types/type.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace mgo::types {

// One argument of a call and the parameter that it is for.
struct InferArgument {
  const Type* param;  // may mention type parameters
  const Type* type;   // of the argument; may be untyped
  // For messages: the argument, its type as written, and what stands for the
  // expression unless empty.
  const syntax::Expr* expr;
  const Type* shown;
  std::string name;
};

// Why inference failed. The text goes behind "in call to f, ".
struct InferError {
  std::string message;
  // The argument to blame; -1: the call as such.
  int argument = -1;
  // "cannot infer T": T, whose declaration's position Go adds in parentheses.
  const TypeParam* unknown = nullptr;
};

// Completes `args`, which has an entry for each of `params`: null where no type
// argument was written. False, with *error set, when something stays unknown or
// does not match. Constraints are not verified beyond that: see VerifyInstance.
//
// The type parameters must not occur in the arguments' types, as they do in a
// recursive call: see RenameTypeParams. `reverse`: a generic function is
// assigned to a variable of function type, which is the only argument.
bool Infer(const TypeContext& context, llvm::ArrayRef<const TypeParam*> params,
           llvm::SmallVectorImpl<const Type*>* args,
           llvm::ArrayRef<InferArgument> arguments, bool reverse,
           InferError* error);

// Fresh type parameters with the same names and constraints.
llvm::ArrayRef<const TypeParam*> RenameTypeParams(
    TypeArena& arena, llvm::ArrayRef<const TypeParam*> params);

// Whether t mentions one of the type parameters.
bool MentionsAny(const Type* t, llvm::ArrayRef<const TypeParam*> params);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_INFER_H_
