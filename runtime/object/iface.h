// Interfaces: method tables, assertions, boxing.
//
// An Itab is made once per pair (interface type, concrete type) and lives as
// long as the program; the table of them is read without a lock. That a type
// does not implement an interface is remembered as well.
#ifndef MGO_RUNTIME_OBJECT_IFACE_H_
#define MGO_RUNTIME_OBJECT_IFACE_H_

#include <cstdint>
#include <string>

#include "runtime/abi/type_desc.h"
#include "runtime/abi/values.h"

namespace mgo::rt {

struct G;

// The method table of `type` for the interface type `iface`, which has methods.
// Null: `type` does not implement it.
const Itab* GetItab(const TypeDesc* iface, const TypeDesc* type);

// Whether `type` has all methods of `iface`; if not, *missing (may be null) is
// the first one that it lacks.
bool Implements(const TypeDesc* iface, const TypeDesc* type,
                MethodName* missing);

// The word of an interface value of type `iface` for the dynamic type `type`:
// the TypeDesc itself, or its Itab. Null: not implemented.
const TypeWord* WordFor(const TypeDesc* iface, const TypeDesc* type);

// value.(iface), comma-ok form: converts `value` to interface type `iface`.
// False (value nil, or not implemented): *result is nil.
bool TryAssertIface(const TypeDesc* iface, GoIface value, GoIface* result);
// value.(iface): raises a TypeAssertionError and returns false where the
// assertion fails.
[[nodiscard]] bool AssertIface(G* g, const TypeDesc* iface, GoIface value,
                               GoIface* result);
// value converted to the interface type `iface`, which its static type
// implements: nil stays nil.
GoIface ConvertIface(const TypeDesc* iface, GoIface value);

// Raises the failure of value.(wanted): `static_type` is the type of the
// interface expression.
void RaiseAssertion(G* g, const TypeDesc* static_type, GoIface value,
                    const TypeDesc* wanted);
// The text of that failure.
std::string AssertionText(const TypeDesc* static_type, GoIface value,
                          const TypeDesc* wanted);

// The canonical slot of the scalar of type `type` at `value` (direct types
// only).
uint64_t LoadScalar(const TypeDesc* type, const void* value);
// Writes the canonical slot `slot` to memory as a scalar of type `type`. No
// write barrier: `to` is a frame, a fresh object, or free of pointers.
void StoreScalar(const TypeDesc* type, void* to, uint64_t slot);

// The data word for the value of type `type` at `value` (memory form; a frame's
// slots are that as well): the scalar itself, or a heap copy.
uint64_t Box(G* g, const TypeDesc* type, const void* value);
// Box of a string.
uint64_t BoxString(G* g, GoString s);
// Where the value of a data word lies in memory form: behind the word, or, for
// direct types, the word itself, at `data`.
inline const void* Unbox(const TypeDesc* type, const uint64_t* data) {
  return type->IsDirectIface() ? static_cast<const void*>(data)
                               : reinterpret_cast<const void*>(*data);
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_IFACE_H_
