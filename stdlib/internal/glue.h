// What natives share: making guest values and reading parameters.
//
// A native allocates freely, since nothing is collected while it runs, and
// holds raw pointers. Pointers are stored into memory that is not fresh only
// through StorePointer and MoveElements, which know the write barrier.
#ifndef MGO_STDLIB_INTERNAL_GLUE_H_
#define MGO_STDLIB_INTERNAL_GLUE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/abi/native.h"
#include "runtime/abi/type_desc.h"
#include "runtime/abi/values.h"

namespace mgo::stdlib {

using rt::GoIface;
using rt::GoSlice;
using rt::GoString;
using rt::NativeFrame;
using rt::NativeStatus;
using rt::Slot;
using rt::TypeDesc;

// Descriptors good for allocation (not for type identity) of uint8, *T, string,
// []byte and any.
extern const TypeDesc kByteType;
extern const TypeDesc kPointerType;
extern const TypeDesc kStringType;
extern const TypeDesc kBytesType;
extern const TypeDesc kAnyType;

// A new string.
GoString MakeString(NativeFrame& f, std::string_view s);

// A new []byte of these bytes; not nil even if empty.
GoSlice MakeBytes(NativeFrame& f, std::string_view s);

// A new slice of n zero elements; not nil even if empty.
GoSlice MakeSliceOf(NativeFrame& f, const TypeDesc& elem, int64_t n);

// The bytes of a []byte.
inline std::string_view View(GoSlice s) {
  return {reinterpret_cast<const char*>(s.ptr), static_cast<size_t>(s.len)};
}

// The substring of s at [from, from + n).
inline GoString Sub(GoString s, int64_t from, int64_t n) {
  return {n == 0 ? s.ptr : s.ptr + from, n};
}

// Stores a pointer to a heap object into a cell that may be in the heap.
void StorePointer(void* cell, const void* value);

// *slice = append(*slice, s...) for a []byte in guest memory.
void AppendBytes(NativeFrame& f, GoSlice* slice, std::string_view s);

// Panics with a string.
NativeStatus PanicText(NativeFrame& f, std::string_view text);

// Panics with a run-time error: "runtime error: " + text.
NativeStatus PanicError(NativeFrame& f, std::string_view text);

// Panics as a nil pointer dereference does.
NativeStatus PanicNil(NativeFrame& f);

// A C string for the system; what follows a NUL is cut off, and *has_nul set.
std::string CString(GoString s, bool* has_nul);

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_GLUE_H_
