// Unification of types with bound type parameters.
#ifndef MGO_LANG_TYPES_UNIFY_H_
#define MGO_LANG_TYPES_UNIFY_H_

#include <vector>

#include "lang/types/type.h"

namespace mgo::types {

// Loose: a defined type matches a literal by its underlying type, channels
// match regardless of direction, interfaces by their common methods. Element
// types are always matched exactly.
enum class UnifyMode : uint8_t { kLoose, kExact };

// Finds types for bound type parameters such that pairs of types become
// identical. Parameters that were matched with each other share one type.
class Unifier {
 public:
  // `args` are the types known from the start, or null.
  Unifier(llvm::ArrayRef<const TypeParam*> params,
          llvm::ArrayRef<const Type*> args);
  // Whether x and y can be made to match; learns types on the way.
  bool Unify(const Type* x, const Type* y, UnifyMode mode);
  // What is known of a parameter, by its position; null: nothing.
  const Type* At(int param) const { return values_[Root(param)]; }
  void Set(int param, const Type* t) { values_[Root(param)] = t; }
  // How many parameters are unknown.
  int Unknowns() const;
  // The position of a bound parameter; -1 for any other type.
  int IndexOf(const Type* t) const;

 private:
  int Root(int param) const;
  bool Match(const Type* as_x, const Type* as_y, UnifyMode mode);
  bool MatchBound(int param, const Type* y, UnifyMode mode);
  bool MatchInterfaces(const Interface* x, const Interface* y);
  bool MatchMethods(const Interface* iface, const Type* t);
  bool MatchStructure(const Type* x, const Type* y, UnifyMode mode);
  bool MatchTuples(const Tuple* x, const Tuple* y);
  bool MatchSignatures(const Signature* x, const Signature* y);
  bool MatchStructs(const Struct* x, const Struct* y);

  llvm::ArrayRef<const TypeParam*> params_;
  std::vector<int> parents_;
  std::vector<const Type*> values_;  // of roots
  int depth_ = 0;
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_UNIFY_H_
