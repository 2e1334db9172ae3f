// Type descriptors: what the runtime knows about a type.
//
// Descriptors are canonical: two types are identical exactly when their
// descriptors are the same object. They are made by vm/codegen (and, later, by
// reflection) and live as long as the program. The collector takes from them
// where pointers are; maps and interfaces take equality and hashing; fmt and
// reflection take names and structure.
#ifndef MGO_RUNTIME_ABI_TYPE_DESC_H_
#define MGO_RUNTIME_ABI_TYPE_DESC_H_

#include <cstdint>
#include <string_view>

#include "runtime/abi/values.h"

namespace mgo::rt {

// Go's reflect.Kind, with its numbers.
enum class Kind : uint8_t {
  kInvalid,
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUintptr,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kArray,
  kChan,
  kFunc,
  kInterface,
  kMap,
  kPointer,
  kSlice,
  kString,
  kStruct,
  kUnsafePointer,
};

enum TypeFlags : uint8_t {
  kDirectIface = 1,  // an interface's data word holds the value itself
  kNamedType = 2,    // has a name (a defined or predeclared type)
  kNotComparable = 4,
  kPlainEqual = 8,      // equality is equality of the bytes
  kHasIfaceWords = 16,  // iface_mask is not all zero
};

// A struct field.
struct FieldDesc {
  std::string_view name;
  std::string_view package_path;  // of an unexported field, else empty
  const TypeDesc* type;
  uint64_t offset;
  std::string_view tag;
  bool embedded;
  bool exported;
};

// A method name as interfaces compare it: unexported ones differ by package.
struct MethodName {
  std::string_view name;
  std::string_view package_path;  // empty for exported names
};

// A method of a concrete type's method set, or of an interface.
struct MethodDesc {
  MethodName name;
  const TypeDesc* signature;  // func type without receiver
  // Takes the interface data word as first parameter; null in an interface's
  // list. Filled in for every method of a type that may get into an interface.
  const Function* function;
};

// A type. Unused fields are zero.
struct TypeDesc {
  TypeWord self;  // points at this very descriptor; must be first
  uint64_t size;
  // Bytes up to the end of the last pointer; 0: no pointers.
  uint64_t pointer_bytes;
  // One bit per 8-byte word, lowest first, over pointer_bytes: `ptr_mask` for
  // words that hold a pointer or null, `iface_mask` for data words of
  // interfaces (the word before tells the type). Null for arrays (and structs
  // with arrays) larger than kMaxMaskBytes: those are walked by elem and
  // fields.
  const uint64_t* ptr_mask;
  const uint64_t* iface_mask;
  uint32_t hash;
  uint8_t align;
  uint8_t flags;
  Kind kind;
  uint8_t chan_dir;  // kChan: 1 receive, 2 send, 3 both
  bool variadic;     // kFunc
  uint32_t method_count;
  const MethodDesc* methods;      // sorted by name, then package path
  std::string_view string;        // as %T prints it: "main.T", "[]int"
  std::string_view name;          // "T" for a defined or predeclared type
  std::string_view package_path;  // "main"
  const TypeDesc* elem;           // pointer, slice, array, chan, map (value)
  const TypeDesc* key;            // map
  uint64_t length;                // array
  uint32_t field_count;           // struct
  uint32_t param_count;           // func
  uint32_t result_count;          // func
  const FieldDesc* fields;        // struct
  const TypeDesc* const* params;  // func: parameters, then results
  const TypeDesc* pointer_to;     // *T when somebody needs it, else null
  // kMap: made by the map implementation on first use; its keeper.
  mutable const void* map_info;

  bool HasPointers() const { return pointer_bytes != 0; }
  bool IsDirectIface() const { return (flags & kDirectIface) != 0; }
};

// Types up to this size have masks.
inline constexpr uint64_t kMaxMaskBytes = 4096;

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_ABI_TYPE_DESC_H_
