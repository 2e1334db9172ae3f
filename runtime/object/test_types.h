// Type descriptors for tests, made by hand. Not canonical: make each type once.
#ifndef MGO_RUNTIME_OBJECT_TEST_TYPES_H_
#define MGO_RUNTIME_OBJECT_TEST_TYPES_H_

#include <initializer_list>
#include <string_view>
#include <vector>

#include "runtime/abi/type_desc.h"
#include "runtime/object/storage_type.h"

namespace mgo::rt::test {

// Keeps a type for as long as the process lives: maps, itabs and objects of
// earlier tests point at it.
inline TypeDesc* Keep(TypeDesc* type) {
  static auto* const kept = new std::vector<TypeDesc*>;
  kept->push_back(type);
  return type;
}

// A type without structure; size and alignment are the same.
inline TypeDesc* Basic(Kind kind, std::string_view name, uint64_t size,
                       int flags) {
  static uint32_t next_hash = 0x1234567;
  TypeDesc* t = Keep(new TypeDesc());
  t->self.type = t;
  t->kind = kind;
  t->string = t->name = name;
  t->size = size;
  t->align = static_cast<uint8_t>(size == 0 ? 1 : size > 8 ? 8 : size);
  t->flags = static_cast<uint8_t>(flags);
  t->hash = next_hash *= 0x9e3779b1;
  return t;
}

// A type of `size` bytes with pointers (`ptrs`) and interface data words
// (`ifaces`), as bits by word.
inline TypeDesc* WithPointers(TypeDesc* t, uint64_t ptrs, uint64_t ifaces) {
  uint64_t all = ptrs | ifaces;
  t->pointer_bytes = all == 0 ? 0 : (64 - __builtin_clzll(all)) * 8;
  t->ptr_mask = new uint64_t[1]{ptrs};
  if (ifaces != 0) {
    t->iface_mask = new uint64_t[1]{ifaces};
    t->flags |= kHasIfaceWords;
  }
  return t;
}

inline const TypeDesc* Int() {
  static auto* t = Basic(Kind::kInt, "int", 8, kDirectIface | kPlainEqual);
  return t;
}
inline const TypeDesc* Int32() {
  static auto* t = Basic(Kind::kInt32, "int32", 4, kDirectIface | kPlainEqual);
  return t;
}
inline const TypeDesc* Int8() {
  static auto* t = Basic(Kind::kInt8, "int8", 1, kDirectIface | kPlainEqual);
  return t;
}
inline const TypeDesc* Uint16() {
  static auto* t =
      Basic(Kind::kUint16, "uint16", 2, kDirectIface | kPlainEqual);
  return t;
}
inline const TypeDesc* Uint8() {
  static auto* t = Basic(Kind::kUint8, "uint8", 1, kDirectIface | kPlainEqual);
  return t;
}
inline const TypeDesc* Float64() {
  static auto* t = Basic(Kind::kFloat64, "float64", 8, kDirectIface);
  return t;
}
inline const TypeDesc* Float32() {
  static auto* t = Basic(Kind::kFloat32, "float32", 4, kDirectIface);
  return t;
}
inline const TypeDesc* Complex128() {
  static auto* t = Basic(Kind::kComplex128, "complex128", 16, 0);
  return t;
}
inline const TypeDesc* Pointer() {
  static auto* t = WithPointers(
      Basic(Kind::kPointer, "*int", 8, kDirectIface | kPlainEqual), 1, 0);
  return t;
}
inline const TypeDesc* String() {
  static auto* t = WithPointers(Basic(Kind::kString, "string", 16, 0), 1, 0);
  return t;
}
inline const TypeDesc* IntSlice() {
  static auto* t = [] {
    auto* s =
        WithPointers(Basic(Kind::kSlice, "[]int", 24, kNotComparable), 1, 0);
    s->elem = Int();
    return s;
  }();
  return t;
}
inline const TypeDesc* Func() {
  static auto* t = WithPointers(
      Basic(Kind::kFunc, "func()", 8, kDirectIface | kNotComparable), 1, 0);
  return t;
}
inline const TypeDesc* Any() {
  static auto* t =
      WithPointers(Basic(Kind::kInterface, "interface {}", 16, 0), 0, 2);
  return t;
}

// A struct of these fields, named f0, f1...; `flags` such as kPlainEqual.
inline TypeDesc* Struct(std::string_view name,
                        const std::vector<const TypeDesc*>& fields, int flags) {
  TypeDesc* t = Keep(const_cast<TypeDesc*>(MakeStorageStruct(
      name, fields.data(), static_cast<uint32_t>(fields.size()))));
  t->flags |= static_cast<uint8_t>(flags);
  return t;
}
// An array type.
inline TypeDesc* Array(std::string_view name, const TypeDesc* elem,
                       uint64_t length, int flags) {
  TypeDesc* t =
      Keep(const_cast<TypeDesc*>(MakeStorageArray(name, elem, length)));
  t->flags |= static_cast<uint8_t>(flags);
  return t;
}
// map[key]elem.
inline const TypeDesc* MapOf(const TypeDesc* key, const TypeDesc* elem) {
  TypeDesc* t = WithPointers(
      Basic(Kind::kMap, "map", 8, kDirectIface | kNotComparable), 1, 0);
  t->key = key;
  t->elem = elem;
  return t;
}

// An empty interface holding a value of a direct type, or pointing at one.
inline GoIface Eface(const TypeDesc* type, uint64_t data) {
  return {&type->self, data};
}
inline GoIface Eface(const TypeDesc* type, const void* data) {
  return {&type->self, reinterpret_cast<uint64_t>(data)};
}

}  // namespace mgo::rt::test

#endif  // MGO_RUNTIME_OBJECT_TEST_TYPES_H_
