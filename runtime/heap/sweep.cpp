// Sweeping: what is not marked becomes free.
//
// A span is swept by exchanging its bit arrays: the marks become the alloc
// bits, and the old alloc bits, cleared, take the next cycle's marks. No object
// is touched. Spans are swept when somebody needs room (mcentral), and the rest
// before the next cycle; one whose objects are all dead gives its pages back.
#include <bit>
#include <cstring>

#include "runtime/base/sanitizer.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"

namespace mgo::rt {
namespace {

// Where FinishSweep and Reclaim look next.
std::atomic<uint32_t> sweep_cursor{0};

void PoisonDead(MSpan* span) {
  for (uint32_t i = 0; i < span->elem_count; i++) {
    if (span->IsMarked(i)) continue;
    AllowAccess(span->ObjectAt(i), span->ObjectAt(i + 1));
    memset(reinterpret_cast<void*>(span->ObjectAt(i)), kPoisonByte,
           span->elem_size);
  }
  span->need_zero = true;
}

// Tells the address sanitizer, where there is one.
void ForbidDead(MSpan* span) {
  if constexpr (MGO_ASAN) {
    for (uint32_t i = 0; i < span->elem_count; i++) {
      if (span->IsMarked(i)) continue;
      ForbidAccess(span->ObjectAt(i), span->ObjectAt(i + 1));
    }
  }
}

// Sweeps a span that this thread has claimed; returns how many objects live.
uint32_t SweepClaimed(MSpan* span, uint32_t gen) {
  uint32_t live = 0;
  for (uint32_t i = 0; i < span->mark_words; i++) {
    live += static_cast<uint32_t>(std::popcount(span->mark_bits[i]));
  }
  if (heap.poison) PoisonDead(span);
  if (live != 0) ForbidDead(span);
  uint32_t freed = span->alloc_count - live;
  if (freed != 0) {
    HeapStats& stats = heap.stats;
    span->need_zero = true;
    uint64_t bytes = freed * span->elem_size;
    stats.freed_objects.fetch_add(freed, std::memory_order_relaxed);
    stats.freed_bytes.fetch_add(bytes, std::memory_order_relaxed);
    stats.class_freed[span->size_class].fetch_add(freed,
                                                  std::memory_order_relaxed);
  }
  uint64_t* bits = span->alloc_bits;
  span->alloc_bits = span->mark_bits;
  span->mark_bits = bits;
  memset(bits, 0, span->mark_words * sizeof(uint64_t));
  span->alloc_count = live;
  span->free_index = 0;
  span->sweep_gen.store(gen, std::memory_order_release);
  return live;
}

// Claims and sweeps, or waits for whoever does; returns how many live.
uint32_t SweepOrWait(MSpan* span) {
  uint32_t gen = heap.sweep_gen.load(std::memory_order_relaxed);
  uint32_t unswept = gen - 2;
  if (span->sweep_gen.compare_exchange_strong(unswept, gen - 1,
                                              std::memory_order_acquire)) {
    return SweepClaimed(span, gen);
  }
  while (span->sweep_gen.load(std::memory_order_acquire) != gen) {
    __builtin_ia32_pause();
  }
  return span->alloc_count;
}

// -1: no large span is left; else the pages that became free.
int64_t SweepLarge() {
  uint32_t swept = heap.sweep_gen.load(std::memory_order_relaxed) / 2 % 2;
  MSpan* span;
  {
    MutexLock guard(heap.lock);
    span = heap.large[1 - swept].Pop();
  }
  if (span == nullptr) return -1;
  auto pages = static_cast<int64_t>(span->pages);
  if (SweepListed(span)) return pages;
  MutexLock guard(heap.lock);
  heap.large[swept].Push(span);
  return 0;
}

}  // namespace

bool SweepListed(MSpan* span) {
  if (SweepOrWait(span) != 0) return false;
  heap.FreeSpan(span);
  return true;
}

void MHeap::EnsureSwept(MSpan* span) { SweepOrWait(span); }

void MHeap::StartSweep() {
  sweep_gen.store(sweep_gen.load(std::memory_order_relaxed) + 2,
                  std::memory_order_relaxed);
  sweep_cursor.store(0, std::memory_order_relaxed);
}

void MHeap::Reclaim(uint64_t pages, uint32_t max_spans) {
  uint64_t got = 0;
  for (uint32_t looked = 0; got < pages && looked < max_spans; looked++) {
    int64_t freed = -1;
    while (freed < 0) {
      uint32_t c = sweep_cursor.load(std::memory_order_relaxed);
      if (c > kSpanClasses) return;
      freed = c == 0 ? SweepLarge() : mcentrals[c - 1].SweepOne();
      if (freed < 0) {
        sweep_cursor.compare_exchange_strong(c, c + 1,
                                             std::memory_order_relaxed);
      }
    }
    got += static_cast<uint64_t>(freed);
  }
}

void MHeap::FinishSweep() {
  while (SweepLarge() >= 0) {
  }
  for (auto& central : mcentrals) {
    while (central.SweepOne() >= 0) {
    }
  }
  sweep_cursor.store(kSpanClasses + 1, std::memory_order_relaxed);
}

}  // namespace mgo::rt
