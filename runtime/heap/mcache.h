// MCache: a P's store of spans to allocate from.
//
// For each span class the cache holds a span and, of it, one run: a stretch
// of free objects, already zeroed (if the class has pointers) and with clear
// pointer bits. Allocation is a bump of `next`; a run that is used up is
// followed by the next one of the span, then by another span (mcentral). All
// accounting happens by the span: a cached span counts as fully allocated
// (HeapStats::live) until it is given back.
//
// While marking is under way, a run's objects are marked when it is taken, so
// new objects are black at no cost to the fast path. Tried and left out: an
// intrusive free list (touches dead objects, and cannot clear in bulk), Go's
// find-next-bit for each object (about 2 ns more).
#ifndef MGO_RUNTIME_HEAP_MCACHE_H_
#define MGO_RUNTIME_HEAP_MCACHE_H_

#include <cstdint>

#include "runtime/heap/mspan.h"
#include "runtime/heap/size_class.h"

namespace mgo::rt {

// Free objects next to one another: [next, end).
struct AllocRun {
  uintptr_t next;
  uintptr_t end;
};

// Belongs to the holder of the P.
struct MCache {
  AllocRun runs[kSpanClasses];
  MSpan* spans[kSpanClasses];  // null: none
  // The tiny block under way: 16 bytes of the noscan class 2.
  uintptr_t tiny_next;
  uintptr_t tiny_end;
  uint64_t tiny_count;  // tiny objects made, over the cache's life
  // Objects by size class allocated so far, over the cache's life, those in
  // the spans held now left out (MCacheFlush counts them).
  uint64_t objects[kSizeClasses];
  uint64_t large_count;
  uint64_t large_bytes;
};

// Gets another run for a span class; may ask for a collection, never collects.
// Ends the process when there is no memory.
void MCacheRefill(MCache* cache, uint32_t span_class);

// Gives all spans back to the central lists, so that all figures are exact.
// World stopped, or owner.
void MCacheFlush(MCache* cache);

// One object of a small span class. kNoScan: contents are undefined; others:
// zero, with clear pointer bits.
inline void* AllocSmall(MCache* cache, uint32_t span_class, uint64_t size) {
  for (;;) {
    AllocRun& run = cache->runs[span_class];
    uintptr_t p = run.next;
    if (__builtin_expect(p < run.end, 1)) {
      run.next = p + size;
      return reinterpret_cast<void*>(p);
    }
    MCacheRefill(cache, span_class);
  }
}

// A large object (or any size, for itself): zeroed. `type`: as in
// MSpan::types, null: no pointers.
void* AllocLarge(MCache* cache, uint64_t size, const TypeDesc* type,
                 bool zero = true);

// ORs a mask of up to 64 words into the pointer bits of an object whose bits
// are clear.
inline void SetPointerBits(uint64_t* bitmap, uintptr_t p, uint64_t mask) {
  uint64_t word = (p & (kArenaBytes - 1)) / 8;
  uint64_t shift = word % 64;
  uint64_t* bits = bitmap + word / 64;
  bits[0] |= mask << shift;
  if (uint64_t high = mask >> 1 >> (63 - shift)) bits[1] |= high;
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_HEAP_MCACHE_H_
