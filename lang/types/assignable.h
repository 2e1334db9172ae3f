// Relations between a value and a type: assignability, convertibility,
// representability of constants, implementing an interface and satisfying a
// constraint. All of them explain a refusal in Go's words.
#ifndef MGO_LANG_TYPES_ASSIGNABLE_H_
#define MGO_LANG_TYPES_ASSIGNABLE_H_

#include <string>

#include "lang/types/constant.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"

namespace mgo::types {

// What the relations need beside their operands. The arenas are the World's.
struct TypeContext {
  TypeArena* types;
  ConstantArena* constants;
  // Names of this package are not qualified in causes.
  const Package* package;
};

// How a constant relates to a basic type.
enum class Representation : uint8_t {
  kOk,
  kTruncated,  // a fractional value in an integer type
  kOverflow,   // a number beyond the type's range
  kMismatch,   // another kind of constant altogether
};

// Tells whether constant `value`, of type `from`, is representable as a value
// of the basic type `to` (typed or untyped). *rounded, if not null and the
// answer is kOk, gets the value as it is in that type: an integer, or rounded
// to a float. kUnknown is representable everywhere.
Representation Represent(ConstantArena& constants, const Constant* value,
                         const Type* from, const Type* to,
                         const Constant** rounded);

// Tells whether a value of type `from` may be assigned to type `to`. `value` is
// its constant value, or null. For an untyped nil, `from` is the basic type of
// that kind. *cause (may be null) gets what Go puts after the colon, such as
// "T does not implement I (missing method M)", or stays empty.
//
// An untyped constant is assignable where it is representable; to tell apart
// "truncated" and "overflows" ask Represent.
bool AssignableTo(const TypeContext& context, const Type* from,
                  const Constant* value, const Type* to, std::string* cause);

// Tells whether a non-constant value of type `from` may be converted to `to`.
bool ConvertibleTo(const TypeContext& context, const Type* from, const Type* to,
                   std::string* cause);

// Tells whether the constant `value` of type `from` may be converted to `to`, a
// type whose underlying type is basic (not a type parameter). *result gets the
// converted constant.
bool ConvertConstant(const TypeContext& context, const Constant* value,
                     const Type* from, const Type* to, const Constant** result);

// The UTF-8 text of an integer constant as a code point; U+FFFD outside their
// range.
const Constant* RuneString(ConstantArena& constants, const Constant* rune);

// Tells whether t implements the interface type `iface` (any type; false when
// it is no interface). With `constraint` it is constraint satisfaction: the
// verb in the cause is "satisfy", and interfaces count as comparable. The
// cause is complete: "T does not implement I (missing method M)".
bool Implements(const TypeContext& context, const Type* t, const Type* iface,
                bool constraint, std::string* cause);

// Whether a type argument satisfies a type parameter's constraint.
inline bool Satisfies(const TypeContext& context, const Type* arg,
                      const Type* constraint, std::string* cause) {
  return Implements(context, arg, constraint, /*constraint=*/true, cause);
}

// Whether t has all methods of iface; *cause gets "(missing method M)",
// "(method M has pointer receiver)", "(wrong type for method M)\n\t\thave
// M()\n\t\twant M() int", … With static_type false only methods that t, itself
// an interface, has in another shape count (as for type assertions).
bool HasAllMethods(const TypeContext& context, const Type* t, const Type* iface,
                   bool static_type, std::string* cause);

// The text for a missing method as HasAllMethods gives it.
std::string MissingCause(const TypeContext& context, const Type* t,
                         const Type* iface, const MissingResult& missing);

// Whether a value of interface type `from` can have dynamic type `to`, as x.(T)
// asks. The cause is as that of HasAllMethods.
bool AssertableTo(const TypeContext& context, const Type* from, const Type* to,
                  std::string* cause);

// Whether values of types a and b (one may be untyped nil) may stand on both
// sides of == as far as assignability goes.
bool ComparableWith(const TypeContext& context, const Type* a, const Type* b);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_ASSIGNABLE_H_
