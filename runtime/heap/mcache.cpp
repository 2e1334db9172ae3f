#include "runtime/heap/mcache.h"

#include <cstring>

#include "runtime/base/compiler.h"
#include "runtime/base/sanitizer.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"

namespace mgo::rt {
namespace {

// A run to be zeroed is at most this long: it is still in the first-level cache
// when its objects are handed out.
constexpr uint64_t kMaxZeroedRun = 4096;

void CheckTrigger(uint64_t live) {
  if (live >= heap.stats.trigger.load(std::memory_order_relaxed) &&
      heap.on_trigger != nullptr) {
    heap.on_trigger();
  }
}

// The first index >= i whose alloc bit is `set`; elem_count if there is none.
uint32_t FindBit(const MSpan* span, uint32_t i, bool set) {
  while (i < span->elem_count) {
    uint64_t word = span->alloc_bits[i / 64];
    if (!set) word = ~word;
    word >>= i % 64;
    if (word != 0) {
      i += static_cast<uint32_t>(__builtin_ctzll(word));
      return i < span->elem_count ? i : span->elem_count;
    }
    i = (i / 64 + 1) * 64;
  }
  return span->elem_count;
}

// Clears the bits of the words in [begin, end), which one owner has.
void ClearBits(uint64_t* bitmap, uintptr_t begin, uintptr_t end) {
  uint64_t first = (begin & (kArenaBytes - 1)) / 8;
  uint64_t last = first + (end - begin) / 8;  // one past
  uint64_t word = first / 64, last_word = last / 64;
  uint64_t keep_low = (uint64_t{1} << (first % 64)) - 1;
  uint64_t keep_high = ~((uint64_t{1} << (last % 64)) - 1);
  if (word == last_word) {
    bitmap[word] &= keep_low | keep_high;
    return;
  }
  bitmap[word] &= keep_low;
  for (word++; word < last_word; word++) bitmap[word] = 0;
  if (last % 64 != 0) bitmap[last_word] &= keep_high;
}

// Takes the next run of the span over; false: the span has no more room.
bool TakeRun(MCache* cache, uint32_t span_class, MSpan* span) {
  uint32_t begin = FindBit(span, span->free_index, false);
  if (begin == span->elem_count) {
    span->free_index = begin;
    return false;
  }
  uint32_t end = FindBit(span, begin, true);
  uint64_t max_bytes = heap.poison             ? 1
                       : span->kind == kNoScan ? UINT64_MAX
                                               : kMaxZeroedRun;
  if ((end - begin) * span->elem_size > max_bytes) {
    uint64_t n = max_bytes / span->elem_size;
    end = begin + static_cast<uint32_t>(n == 0 ? 1 : n);
  }
  span->free_index = end;
  span->alloc_count += end - begin;
  if (MGO_UNLIKELY(heap.allocate_black)) {
    for (uint32_t i = begin; i < end; i++) span->Mark(i);
  }
  uintptr_t from = span->ObjectAt(begin), to = span->ObjectAt(end);
  AllowAccess(from, to);
  if (span->kind != kNoScan) {
    if (span->need_zero) memset(reinterpret_cast<void*>(from), 0, to - from);
    if (span->elem_size <= kMaxBitmapObject) {
      Arena* arena = ArenaOfSmall(from);
      ClearBits(arena->pointers, from, to);
      if (span->kind == kIfaces) ClearBits(arena->ifaces, from, to);
    }
  }
  cache->runs[span_class] = {from, to};
  return true;
}

// What is left of the run goes back to the span.
void ReturnRun(MCache* cache, uint32_t span_class, MSpan* span) {
  AllocRun& run = cache->runs[span_class];
  if (run.next < run.end) {
    ForbidAccess(run.next, run.end);
    uint32_t from = span->IndexOf(run.next), to = span->free_index;
    span->free_index = from;
    span->alloc_count -= to - from;
    if (heap.allocate_black) {
      for (uint32_t i = from; i < to; i++) {
        span->mark_bits[i / 64] &= ~(uint64_t{1} << (i % 64));
      }
    }
    // They count as never used: a later run zeroes them again.
    if (span->kind == kNoScan || heap.poison) span->need_zero = true;
  }
  run = {0, 0};
}

}  // namespace

void MCacheRefill(MCache* cache, uint32_t span_class) {
  for (;;) {
    MSpan* span = cache->spans[span_class];
    if (span != nullptr) {
      if (TakeRun(cache, span_class, span)) return;
      cache->objects[span->size_class] += span->elem_count;
      mcentrals[span_class].UncacheSpan(span);
      cache->spans[span_class] = nullptr;
    }
    span = mcentrals[span_class].CacheSpan(span_class);
    if (span == nullptr) {
      heap.FinishSweep();
      span = mcentrals[span_class].CacheSpan(span_class);
      if (span == nullptr) Throw("runtime: out of memory");
    }
    cache->spans[span_class] = span;
    // Counted as if the span's whole room were allocated.
    cache->objects[span->size_class] -= span->alloc_count;
    uint64_t room = (span->elem_count - span->alloc_count) * span->elem_size;
    heap.stats.total_alloc.fetch_add(room, std::memory_order_relaxed);
    CheckTrigger(heap.stats.live.fetch_add(room, std::memory_order_relaxed) +
                 room);
  }
}

void MCacheFlush(MCache* cache) {
  for (uint32_t c = 0; c < kSpanClasses; c++) {
    MSpan* span = cache->spans[c];
    if (span == nullptr) continue;
    ReturnRun(cache, c, span);
    cache->objects[span->size_class] += span->alloc_count;
    uint64_t unused = (span->elem_count - span->alloc_count) * span->elem_size;
    heap.stats.live.fetch_sub(unused, std::memory_order_relaxed);
    heap.stats.total_alloc.fetch_sub(unused, std::memory_order_relaxed);
    mcentrals[c].UncacheSpan(span);
    cache->spans[c] = nullptr;
  }
  cache->tiny_next = cache->tiny_end = 0;
}

void* AllocLarge(MCache* cache, uint64_t size, const TypeDesc* type,
                 bool zero) {
  SpanKind kind = type == nullptr                       ? kNoScan
                  : (type->flags & kHasIfaceWords) != 0 ? kIfaces
                                                        : kPointers;
  uint64_t pages = (size + kPageSize - 1) / kPageSize;
  if (size > (uint64_t{1} << 47)) Throw("out of memory");
  if (pages == 0) pages = 1;
  heap.Reclaim(pages, 256);
  uint32_t span_class = MakeSpanClass(0, kind);
  MSpan* span = heap.AllocSpan(pages, span_class, pages * kPageSize);
  if (span == nullptr) {
    heap.FinishSweep();
    span = heap.AllocSpan(pages, span_class, pages * kPageSize);
    if (span == nullptr) Throw("runtime: out of memory");
  }
  span->free_index = 1;
  span->alloc_count = 1;
  if (span->types != nullptr) span->types[0] = type;
  if (heap.allocate_black) span->Mark(0);
  void* p = reinterpret_cast<void*>(span->base);
  AllowAccess(span->base, span->End());
  if (span->need_zero && (zero || kind != kNoScan)) {
    memset(p, 0, pages * kPageSize);
  }
  {
    MutexLock guard(heap.lock);
    heap.large[heap.sweep_gen.load(std::memory_order_relaxed) / 2 % 2].Push(
        span);
  }
  uint64_t bytes = pages * kPageSize;
  cache->large_count++;
  cache->large_bytes += bytes;
  heap.stats.total_alloc.fetch_add(bytes, std::memory_order_relaxed);
  CheckTrigger(heap.stats.live.fetch_add(bytes, std::memory_order_relaxed) +
               bytes);
  return p;
}

}  // namespace mgo::rt
