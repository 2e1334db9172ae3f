// MHeap: pages, arenas, span records, sweeping, figures.
#ifndef MGO_RUNTIME_HEAP_MHEAP_H_
#define MGO_RUNTIME_HEAP_MHEAP_H_

#include <atomic>
#include <cstdint>

#include "runtime/base/mutex.h"
#include "runtime/heap/mcentral.h"
#include "runtime/heap/mspan.h"

namespace mgo::rt {

// Figures; atomics, relaxed.
struct HeapStats {
  // Bytes in objects: marked in the last cycle plus allocated since, by runs.
  std::atomic<uint64_t> live{0};
  // When `live` reaches this, on_trigger is called; the pacer sets it.
  std::atomic<uint64_t> trigger{UINT64_MAX};
  std::atomic<uint64_t> mapped{0};        // bytes of arenas
  std::atomic<uint64_t> pages_in_use{0};  // bytes of spans in use
  std::atomic<uint64_t> total_alloc{0};   // bytes ever allocated, by runs
  std::atomic<uint64_t> freed_objects{0};
  std::atomic<uint64_t> freed_bytes{0};
  std::atomic<uint64_t> large_freed{0};
  std::atomic<uint64_t> class_freed[kSizeClasses] = {};
  std::atomic<uint64_t> metadata{0};  // bytes of records and bits
  std::atomic<uint64_t> os_calls{0};  // mmap, munmap, madvise
};

struct MHeap {
  Mutex lock{LockRank::kMHeap};
  HeapStats stats;
  // The cycle's number times two; moved with the world stopped.
  std::atomic<uint32_t> sweep_gen{2};
  // All records of spans in use, in any order; protector: lock. Freed ones are
  // replaced by the last.
  MSpan** all_spans = nullptr;
  uint64_t all_span_count = 0;
  uint64_t all_span_capacity = 0;
  // Large spans not yet swept, and swept; protector: lock.
  SpanList large[2];
  // Hard limit in bytes of `mapped` (--max-heap); 0: none.
  uint64_t max_bytes = 0;
  // While true, objects are marked as they are allocated. World stopped.
  bool allocate_black = false;
  // What is freed is overwritten with 0xdb.
  bool poison = false;
  // Called when live has reached trigger: asks for a collection.
  void (*on_trigger)() = nullptr;

  // A span of whole pages, in use, zero or need_zero; null: no memory. Takes
  // lock.
  MSpan* AllocSpan(uint64_t pages, uint32_t span_class, uint64_t elem_size);
  // Gives the pages of a span back. Takes lock.
  void FreeSpan(MSpan* span);
  // Starts the sweep phase: all spans in use become unswept. World stopped.
  void StartSweep();
  // Sweeps until at least `pages` have become free or about `max_spans` spans
  // have been looked at. Any thread with a P.
  void Reclaim(uint64_t pages, uint32_t max_spans);
  // Sweeps all that is left.
  void FinishSweep();
  // Makes sure that the span is swept; its owner may then change it.
  void EnsureSwept(MSpan* span);
};

// The heap.
extern MHeap heap;

// Sweeps a span that was taken off a list of unswept spans, or waits for
// whoever is sweeping it. True: it was empty and its pages are free.
bool SweepListed(MSpan* span);

// Poison that freed memory is filled with.
inline constexpr uint8_t kPoisonByte = 0xdb;

// Memory for the runtime's own records, never freed; zeroed. Any thread.
void* PersistentAlloc(uint64_t size);

// Bytes, for tests: gives everything back to the system and starts afresh. No
// object, cache or span may be in use by anyone.
void ResetHeapForTesting();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_HEAP_MHEAP_H_
