// Go values as they lie in memory and in frames.
#ifndef MGO_RUNTIME_ABI_VALUES_H_
#define MGO_RUNTIME_ABI_VALUES_H_

#include <cstdint>
#include <cstring>
#include <string_view>

namespace mgo::rt {

struct TypeDesc;
struct Function;
struct Map;   // object/map.h
struct Chan;  // chan/chan.h

// One 8-byte cell of a frame. A scalar is kept in canonical form: integers
// sign- or zero-extended from their width, bool 0 or 1, float32 in the low 32
// bits with zeros above.
using Slot = uint64_t;

// string: two slots. The bytes are immutable; ptr may be null when len is 0.
struct GoString {
  const uint8_t* ptr;
  int64_t len;
  // The bytes, valid while the string is reachable.
  std::string_view View() const {
    return {reinterpret_cast<const char*>(ptr), static_cast<size_t>(len)};
  }
};

// []T: three slots.
struct GoSlice {
  uint8_t* ptr;
  int64_t len;
  int64_t cap;
};

// The word that tells an interface value's dynamic type. It points at a
// TypeDesc (interfaces without methods) or at an Itab (others); both begin with
// a pointer to the dynamic type's TypeDesc, so that one load finds it.
struct TypeWord {
  const TypeDesc* type;
};

// An interface value: two slots. word null: nil. data is the value itself when
// the dynamic type's kDirectIface flag is set, else a pointer to it (never
// written to: boxes are immutable).
struct GoIface {
  const TypeWord* word;
  uint64_t data;
  // The dynamic type; null for nil.
  const TypeDesc* Type() const {
    return word == nullptr ? nullptr : word->type;
  }
};

// A func value points at one: the function and, after it, what it captured.
struct Closure {
  const Function* function;
};

// The method table of a concrete type for an interface type with methods:
// functions in the order of the interface's sorted methods. Each function takes
// the interface's data word as its first parameter slot.
struct Itab {
  TypeWord word;  // must be first
  const TypeDesc* iface;
  const Function* functions[1];  // as many as the interface has methods
};

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_ABI_VALUES_H_
