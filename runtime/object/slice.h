// Slices: making, growing, copying.
//
// cap() after an append can be seen by programs, and programs print it, so
// capacities grow exactly as Go's do: double up to 256 elements, then by a
// quarter of (cap + 768), then rounded up to the allocation size class.
#ifndef MGO_RUNTIME_OBJECT_SLICE_H_
#define MGO_RUNTIME_OBJECT_SLICE_H_

#include <cstdint>

#include "runtime/abi/type_desc.h"
#include "runtime/abi/values.h"

namespace mgo::rt {

struct G;

// The capacity that Go gives an append that needs new_len elements where there
// were old_cap. -1: too large.
int64_t GrowCapacity(int64_t new_len, int64_t old_cap, uint64_t elem_size,
                     bool elem_has_pointers);
// The bytes Go's allocator would hand out for a request of `size`.
uint64_t RoundUpAllocation(uint64_t size, bool has_pointers);

// Makes room for `extra` more elements behind s->len, where the capacity does
// not suffice: s gets new memory with the old elements copied, and its new
// capacity; its length stays. What lies behind the length is zero. False:
// panicked.
[[nodiscard]] bool GrowSlice(G* g, GoSlice* s, int64_t extra,
                             const TypeDesc* elem);

// *s = append(*s, tail...). False: panicked.
[[nodiscard]] bool AppendSlice(G* g, GoSlice* s, GoSlice tail,
                               const TypeDesc* elem);
// *s = append(*s, tail...) for a []byte and a string. False: panicked.
[[nodiscard]] bool AppendString(G* g, GoSlice* s, GoString tail,
                                const TypeDesc* byte_type);
// copy(to, from): the number of elements moved.
int64_t CopySlice(GoSlice to, GoSlice from, const TypeDesc* elem);
// copy(to, from) for a []byte and a string.
int64_t CopyString(GoSlice to, GoString from);
// Moves `count` elements, which may overlap, with write barriers. `to` is in
// the heap (or in static memory), not in a frame.
void MoveElements(void* to, const void* from, int64_t count,
                  const TypeDesc* elem);
// clear(s).
void ClearSlice(GoSlice s, const TypeDesc* elem);
// make([]elem, len, cap) into *result. False: panicked.
[[nodiscard]] bool MakeSlice(G* g, const TypeDesc* elem, int64_t len,
                             int64_t cap, GoSlice* result);

// s[low:high:max], bounds already checked. An empty capacity keeps the old
// start, so that no slice points past its object, into a neighbour.
inline GoSlice SliceSlice(GoSlice s, int64_t low, int64_t high, int64_t max,
                          uint64_t elem_size) {
  int64_t cap = max - low;
  uint64_t delta = cap == 0 ? 0 : static_cast<uint64_t>(low) * elem_size;
  return {s.ptr + delta, high - low, cap};
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_SLICE_H_
