// The collector's controls and figures.
#ifndef MGO_RUNTIME_GC_GC_H_
#define MGO_RUNTIME_GC_GC_H_

#include <cstdint>

#include "runtime/abi/values.h"

namespace mgo::rt {

struct G;

// Sets up heap, collector and hooks; reads GOGC, GOMEMLIMIT. Once, before the
// first allocation, after InitDebugVars and SchedInit.
void GcInit();

// Stops the world and collects. `forced`: runtime.GC, not the pacer; `g`: the
// running goroutine, its exec stored; null: the thread runs none.
void CollectGarbage(bool forced, G* g = nullptr);

// runtime.GC: asks for a forced collection that includes the sweep; the caller
// (a native) returns kOk and the goroutine collects at its next safepoint.
// GcCycles tells when it is over.
void RequestForcedCollection();

// Collections so far.
uint32_t GcCycles();

// debug.SetGCPercent: returns the old value; negative: off.
int32_t SetGcPercent(int32_t percent);
// What is set.
int32_t GcPercent();
// debug.SetMemoryLimit: returns the old value; negative: only asks.
int64_t SetMemoryLimit(int64_t bytes);

// runtime.MemStats, as far as there are figures.
struct MemStats {
  uint64_t alloc, total_alloc, sys, lookups, mallocs, frees;
  uint64_t heap_alloc, heap_sys, heap_idle, heap_inuse, heap_released;
  uint64_t heap_objects;
  uint64_t stack_inuse, stack_sys, mspan_inuse, mspan_sys, mcache_inuse;
  uint64_t mcache_sys, buck_hash_sys, gc_sys, other_sys, next_gc, last_gc;
  uint64_t pause_total_ns;
  uint64_t pause_ns[256];
  uint64_t pause_end[256];
  uint32_t num_gc, num_forced_gc;
  // Of mallocs: objects in blocks with others; and large ones; of frees: large.
  uint64_t tiny_allocs, large_allocs, large_frees;
  double gc_cpu_fraction;
  struct BySize {
    uint32_t size;
    uint64_t mallocs, frees;
  } by_size[68];
};
// Fills in the figures as of now. World stopped.
void ReadMemStats(MemStats* stats);

// runtime.SetFinalizer: `closure` will be called with `object` (its first
// parameter slot) in a goroutine of its own, once, when the object was found
// unreachable; the object lives until then. null closure: removes it. False:
// object is no start of a heap object, or has one already.
bool SetFinalizer(void* object, const Closure* closure);

// runtime.AddCleanup: `closure` (without parameters) will be called after the
// object that `pointer` points into has gone. Returns an id, 0: not in the
// heap.
uint64_t AddCleanup(void* pointer, const Closure* closure);
// Takes it back if it has not been queued.
void RemoveCleanup(void* pointer, uint64_t id);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_GC_GC_H_
