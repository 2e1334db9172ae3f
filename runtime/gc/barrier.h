// The write barrier.
//
// Hybrid (Yuasa deletion + Dijkstra insertion): before a heap word that holds
// a pointer is overwritten, both the old and the new target are shaded (marked
// and queued). With it, a goroutine's stack needs to be scanned only once. It
// is off outside marking, at the cost of one load and one branch; writes to
// frames need none. In the stop-the-world collector no code runs while marking,
// so only tests and GODEBUG=gcbarrier=1 go through the slow path.
#ifndef MGO_RUNTIME_GC_BARRIER_H_
#define MGO_RUNTIME_GC_BARRIER_H_

#include <cstdint>

#include "runtime/abi/values.h"
#include "runtime/base/compiler.h"

namespace mgo::rt {

// Not zero: writes go through the slow path. Changed with the world stopped.
extern uint32_t gc_barrier_enabled;

// Shades the pointer in *slot (null, not in the heap: nothing), and `value`.
void WriteBarrierSlow(void* const* slot, const void* value);
// The same for an interface's data word.
void WriteBarrierIfaceSlow(const GoIface* slot, const GoIface& value);
// Calls of the slow path so far.
uint64_t WriteBarrierCount();

// To be called before a pointer is written to a heap (or global) word.
MGO_ALWAYS_INLINE void WriteBarrier(void* const* slot, const void* value) {
  if (MGO_UNLIKELY(gc_barrier_enabled != 0)) WriteBarrierSlow(slot, value);
}

// Writes a pointer to a heap (or global) word.
MGO_ALWAYS_INLINE void StorePointer(void** slot, void* value) {
  WriteBarrier(slot, value);
  *slot = value;
}

// Writes an interface value to the heap (or a global).
MGO_ALWAYS_INLINE void StoreIface(GoIface* slot, const GoIface& value) {
  if (MGO_UNLIKELY(gc_barrier_enabled != 0)) {
    WriteBarrierIfaceSlow(slot, value);
  }
  *slot = value;
}

// Writes a string or slice to the heap (or a global).
MGO_ALWAYS_INLINE void StoreString(GoString* slot, const GoString& value) {
  WriteBarrier(reinterpret_cast<void* const*>(slot), value.ptr);
  *slot = value;
}
MGO_ALWAYS_INLINE void StoreSlice(GoSlice* slot, const GoSlice& value) {
  WriteBarrier(reinterpret_cast<void* const*>(slot), value.ptr);
  *slot = value;
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_GC_BARRIER_H_
