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
#include "runtime/base/mutex.h"

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

// While one exists, the collector finds what the native's parameters point at,
// as if the call were about to be made: for natives during which there may be a
// collection.
class KeepParameters {
 public:
  explicit KeepParameters(NativeFrame& f);
  ~KeepParameters();
  KeepParameters(const KeepParameters&) = delete;
  KeepParameters& operator=(const KeepParameters&) = delete;

 private:
  rt::G* const g_;
  const uint64_t* const after_;  // where the goroutine goes on
};

// The blocking part of a native: while one exists, the P is given away, so that
// others run, and garbage is collected; but the parameters are kept. All other
// guest memory the native has to leave alone meanwhile.
class BlockingSection {
 public:
  explicit BlockingSection(NativeFrame& f);
  ~BlockingSection();
  BlockingSection(const BlockingSection&) = delete;
  BlockingSection& operator=(const BlockingSection&) = delete;

 private:
  const KeepParameters keep_;
  rt::G* const g_;
};

// A variable of the environment, "" if there is none (*found, if not null,
// tells). All access to the environment goes through here and EnvironmentLock:
// the system's functions do not bear a setenv at the same time.
std::string GetEnvironment(const char* name, bool* found = nullptr);
rt::Mutex& EnvironmentLock();

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
