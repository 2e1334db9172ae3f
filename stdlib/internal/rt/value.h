// Values of any type, in memory, as fmt and reflect look at them.
#ifndef MGO_STDLIB_INTERNAL_RT_VALUE_H_
#define MGO_STDLIB_INTERNAL_RT_VALUE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/abi/type_desc.h"
#include "runtime/abi/values.h"

namespace mgo::stdlib {

// A value: its type and where it lies in memory form. No type: nil.
struct Value {
  const rt::TypeDesc* type = nullptr;
  const void* data = nullptr;
};

// The value an interface holds. `iface` must stay where it is: a value that
// lies in its data word points there.
Value ValueOf(const rt::GoIface& iface);

// The interface that holds v; where v's type is an interface, that itself as
// an `any`. Shares v's memory.
rt::GoIface ToAny(Value v);

// v, or what is in it if its type is an interface type.
Value Unwrap(Value v);

// The bits of an integer kind, sign-extended; of floats and complex parts.
uint64_t IntegerOf(Value v);
double FloatOf(Value v);
void ComplexOf(Value v, double* re, double* im);
// The bytes of a string kind, of a slice or an array of bytes.
std::string_view StringOf(Value v);
std::string_view BytesOf(Value v);
// The length of an array, slice, map, chan or string.
int64_t LengthOf(Value v);
// The address in a pointer, map, chan, func, slice, unsafe.Pointer.
uint64_t AddressOf(Value v);
// The parts.
Value ElemOf(Value pointer);
Value IndexOf(Value v, int64_t i);
Value FieldOf(Value v, uint32_t i);

// An entry of a map.
struct MapItem {
  Value key;
  Value value;
};

// All entries, sorted by key in fmt's order. Valid while nothing is written.
std::vector<MapItem> SortedItems(Value map);

// Whether the type has a method of this name.
bool HasMethod(const rt::TypeDesc* type, std::string_view name);

inline bool IsSignedKind(rt::Kind k) {
  return k >= rt::Kind::kInt && k <= rt::Kind::kInt64;
}
inline bool IsUnsignedKind(rt::Kind k) {
  return k >= rt::Kind::kUint && k <= rt::Kind::kUintptr;
}

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_RT_VALUE_H_
