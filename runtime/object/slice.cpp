#include "runtime/object/slice.h"

#include <cstring>

#include "runtime/gc/mutator.h"
#include "runtime/heap/size_class.h"
#include "runtime/object/bounds_error.h"
#include "runtime/object/raise.h"

namespace mgo::rt {
namespace {

// Up to here a full slice's capacity doubles.
constexpr int64_t kDoublingLimit = 256;
// The address space that objects may have: 48 bits, as in Go on amd64.
constexpr uint64_t kMaxAllocation = uint64_t{1} << 48;

// Memory for `cap` elements; what lies beyond `used` of them is zero.
uint8_t* NewElements(G* g, const TypeDesc* elem, int64_t cap, int64_t used) {
  uint64_t size = elem->size * static_cast<uint64_t>(cap);
  if (size == 0) return reinterpret_cast<uint8_t*>(&zero_base);
  if (elem->HasPointers()) {
    return static_cast<uint8_t*>(NewArray(g, elem, static_cast<uint64_t>(cap)));
  }
  uint8_t* memory = NewBytes(g, size, used == 0);
  if (used != 0) {
    uint64_t used_bytes = elem->size * static_cast<uint64_t>(used);
    std::memset(memory + used_bytes, 0, size - used_bytes);
  }
  return memory;
}

}  // namespace

uint64_t RoundUpAllocation(uint64_t size, bool has_pointers) {
  return RoundUpSize(size, !has_pointers);
}

int64_t GrowCapacity(int64_t new_len, int64_t old_cap, uint64_t elem_size,
                     bool elem_has_pointers) {
  if (elem_size == 0) return new_len;
  int64_t cap = old_cap;
  if (new_len > old_cap * 2) {
    cap = new_len;
  } else if (old_cap < kDoublingLimit) {
    cap = old_cap * 2;
  } else {
    // From twice to five quarters, smoothly.
    while (cap < new_len) cap += (cap + 3 * kDoublingLimit) / 4;
  }
  uint64_t size;
  if (__builtin_mul_overflow(static_cast<uint64_t>(cap), elem_size, &size) ||
      size > kMaxAllocation) {
    return -1;
  }
  return static_cast<int64_t>(RoundUpSize(size, !elem_has_pointers) /
                              elem_size);
}

bool GrowSlice(G* g, GoSlice* s, int64_t extra, const TypeDesc* elem) {
  int64_t new_len;
  int64_t cap = -1;
  if (!__builtin_add_overflow(s->len, extra, &new_len) &&
      (elem->size == 0 ||
       static_cast<uint64_t>(new_len) <= kMaxAllocation / elem->size)) {
    cap = GrowCapacity(new_len, s->cap, elem->size, elem->HasPointers());
  }
  if (cap < 0) {
    RaiseRuntimeError(g, "growslice: len out of range");
    return false;
  }
  uint8_t* memory = NewElements(g, elem, cap, s->len);
  if (s->len != 0 && elem->size != 0) {
    // The barrier shades what is copied: the old array may be dropped from a
    // frame, which leaves no trace, before a marker has seen it.
    if (elem->HasPointers()) {
      TypedCopyN(memory, s->ptr, elem, static_cast<uint64_t>(s->len));
    } else {
      std::memcpy(memory, s->ptr, elem->size * static_cast<uint64_t>(s->len));
    }
  }
  s->ptr = memory;
  s->cap = cap;
  return true;
}

void MoveElements(void* to, const void* from, int64_t count,
                  const TypeDesc* elem) {
  if (count == 0) return;
  if (elem->HasPointers()) {
    TypedCopyN(to, from, elem, static_cast<uint64_t>(count));
  } else {
    std::memmove(to, from, elem->size * static_cast<uint64_t>(count));
  }
}

bool AppendSlice(G* g, GoSlice* s, GoSlice tail, const TypeDesc* elem) {
  // "append(s, t...)" of nothing is s, nil if it was.
  if (tail.len == 0) return true;
  if (tail.len > s->cap - s->len && !GrowSlice(g, s, tail.len, elem)) {
    return false;
  }
  MoveElements(s->ptr + static_cast<uint64_t>(s->len) * elem->size, tail.ptr,
               tail.len, elem);
  s->len += tail.len;
  return true;
}

bool AppendString(G* g, GoSlice* s, GoString tail, const TypeDesc* byte_type) {
  GoSlice bytes = {const_cast<uint8_t*>(tail.ptr), tail.len, tail.len};
  return AppendSlice(g, s, bytes, byte_type);
}

int64_t CopySlice(GoSlice to, GoSlice from, const TypeDesc* elem) {
  int64_t count = to.len < from.len ? to.len : from.len;
  MoveElements(to.ptr, from.ptr, count, elem);
  return count;
}

int64_t CopyString(GoSlice to, GoString from) {
  int64_t count = to.len < from.len ? to.len : from.len;
  if (count != 0) {
    std::memmove(to.ptr, from.ptr, static_cast<size_t>(count));
  }
  return count;
}

void ClearSlice(GoSlice s, const TypeDesc* elem) {
  if (s.len == 0) return;
  if (elem->HasPointers()) {
    TypedClear(s.ptr, elem, static_cast<uint64_t>(s.len));
  } else {
    std::memset(s.ptr, 0, elem->size * static_cast<uint64_t>(s.len));
  }
}

bool MakeSlice(G* g, const TypeDesc* elem, int64_t len, int64_t cap,
               GoSlice* result) {
  auto fits = [elem](int64_t n) {
    uint64_t size;
    return n >= 0 &&
           !__builtin_mul_overflow(static_cast<uint64_t>(n), elem->size,
                                   &size) &&
           size <= kMaxAllocation;
  };
  // A length that is itself too large is named first.
  if (!fits(len)) {
    RaiseRuntimeError(g, "makeslice: len out of range");
    return false;
  }
  if (!fits(cap) || len > cap) {
    RaiseRuntimeError(g, "makeslice: cap out of range");
    return false;
  }
  *result = {NewElements(g, elem, cap, 0), len, cap};
  return true;
}

}  // namespace mgo::rt
