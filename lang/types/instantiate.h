// Instances of generic types and functions.
//
// Instances of one generic type with identical arguments are one object, so
// comparing pointers decides identity. An instance is only a promise at first:
// its underlying type and its methods are substituted when somebody looks
// (Underlying, MethodsOf, TypeOf), which is what lets a generic type mention
// itself.
#ifndef MGO_LANG_TYPES_INSTANTIATE_H_
#define MGO_LANG_TYPES_INSTANTIATE_H_

#include <string>
#include <vector>

#include "lang/types/assignable.h"
#include "lang/types/type.h"
#include "llvm/ADT/DenseMap.h"

namespace mgo::types {

// The instances made so far.
class InstanceTable {
 public:
  // The instance of `origin` (a Named's or Alias's Symbol) with these
  // arguments, or null; then the caller makes it and adds it.
  const Type* Find(const Symbol* origin, llvm::ArrayRef<const Type*> args);
  void Add(const Symbol* origin, llvm::ArrayRef<const Type*> args,
           const Type* instance);

 private:
  struct Entry {
    const Symbol* origin;
    llvm::ArrayRef<const Type*> args;
    const Type* instance;
  };
  llvm::DenseMap<uint64_t, std::vector<Entry>> entries_;
};

// origin[args...]. The number of arguments matches; whether they satisfy the
// constraints is not looked at (see VerifyInstance). origin's own type
// parameters as arguments give origin's own receiver type, not origin itself.
const Named* Instantiate(TypeArena& arena, const Named* origin,
                         llvm::ArrayRef<const Type*> args);
// The same for a type that is declared inside a generic function, with type
// arguments of that function in outer_args; args are empty unless the type has
// parameters of its own.
const Named* InstantiateLocal(TypeArena& arena, const Named* origin,
                              llvm::ArrayRef<const Type*> outer_args,
                              llvm::ArrayRef<const Type*> args);
// The same for a generic alias: an Alias whose actual type is substituted.
const Alias* InstantiateAlias(TypeArena& arena, const Alias* origin,
                              llvm::ArrayRef<const Type*> args);
// Marks that a generic alias has its actual type now, and gives the instances
// made before theirs.
void CloseAlias(TypeArena& arena, Alias* origin);
// The signature of a generic function with its type parameters replaced.
const Signature* InstantiateSignature(TypeArena& arena, const Signature* sig,
                                      llvm::ArrayRef<const Type*> args);

// The index of the first argument that does not satisfy its parameter's
// constraint, with the cause ("string does not satisfy Number (…)"); -1 when
// all do.
int VerifyInstance(const TypeContext& context,
                   llvm::ArrayRef<const TypeParam*> params,
                   llvm::ArrayRef<const Type*> args, std::string* cause);

// Fills in an instance's underlying type; does nothing for other types, and
// while the generic type itself has none.
void ExpandUnderlying(const Named* instance);
// Fills in the type of an instance's method from its origin's.
void ResolveInstanceMethod(Symbol* method);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_INSTANTIATE_H_
