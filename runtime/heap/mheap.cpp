#include "runtime/heap/mheap.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "runtime/base/sanitizer.h"
#include "runtime/base/throw.h"
#include "runtime/heap/page_alloc.h"

namespace mgo::rt {

MHeap heap;

namespace {

// Piece by which PersistentAlloc gets memory.
constexpr uint64_t kPersistentChunk = 256 << 10;

Mutex persistent_lock(LockRank::kLeaf);
uintptr_t persistent_next = 0;  // protector: persistent_lock
uintptr_t persistent_end = 0;   // the same

// Free bit arrays by number of words (powers of two up to 16), linked through
// their first word. Protector: heap.lock.
uint64_t* free_bits[5];

uint32_t BitsClass(uint32_t words) {
  uint32_t c = 0;
  while ((1u << c) < words) c++;
  return c;
}

// A zeroed array; heap.lock held.
uint64_t* AllocBits(uint32_t words) {
  uint32_t c = BitsClass(words);
  uint64_t* bits = free_bits[c];
  if (bits == nullptr) {
    return static_cast<uint64_t*>(PersistentAlloc(uint64_t{8} << c));
  }
  free_bits[c] = reinterpret_cast<uint64_t*>(bits[0]);
  memset(bits, 0, uint64_t{8} << c);
  return bits;
}

void FreeBits(uint64_t* bits, uint32_t words) {
  uint32_t c = BitsClass(words);
  bits[0] = reinterpret_cast<uint64_t>(free_bits[c]);
  free_bits[c] = bits;
}

void AddToAllSpans(MSpan* span) {
  if (heap.all_span_count == heap.all_span_capacity) {
    uint64_t capacity = heap.all_span_capacity * 2;
    if (capacity == 0) capacity = 1024;
    auto* spans = static_cast<MSpan**>(
        realloc(heap.all_spans, capacity * sizeof(MSpan*)));
    if (spans == nullptr) Throw("out of memory");
    heap.all_spans = spans;
    heap.all_span_capacity = capacity;
  }
  span->all_index = heap.all_span_count;
  heap.all_spans[heap.all_span_count++] = span;
}

void RemoveFromAllSpans(MSpan* span) {
  MSpan* last = heap.all_spans[--heap.all_span_count];
  heap.all_spans[span->all_index] = last;
  last->all_index = span->all_index;
}

// Fills in what depends on the size of the objects; heap.lock held.
void InitObjects(MSpan* span, uint32_t span_class, uint64_t elem_size) {
  span->span_class = static_cast<uint8_t>(span_class);
  span->size_class = static_cast<uint8_t>(span_class / kSpanKinds);
  span->kind = static_cast<uint8_t>(span_class % kSpanKinds);
  span->elem_size = elem_size;
  if (span->size_class == 0) {
    span->elem_count = 1;
    span->div_magic = 0;
  } else {
    span->elem_count =
        static_cast<uint32_t>(span->pages * kPageSize / elem_size);
    span->div_magic = static_cast<uint32_t>(
        ((uint64_t{1} << 32) + elem_size - 1) / elem_size);
  }
  span->mark_words = (span->elem_count + 63) / 64;
  span->mark_bits = AllocBits(span->mark_words);
  span->alloc_bits = AllocBits(span->mark_words);
  if (span->kind != kNoScan && elem_size > kMaxBitmapObject) {
    span->types = static_cast<const TypeDesc**>(
        calloc(span->elem_count, sizeof(TypeDesc*)));
    if (span->types == nullptr) Throw("out of memory");
  }
}

}  // namespace

void* PersistentAlloc(uint64_t size) {
  size = (size + 15) & ~uint64_t{15};
  heap.stats.metadata.fetch_add(size, std::memory_order_relaxed);
  MutexLock lock(persistent_lock);
  if (persistent_end - persistent_next < size) {
    uint64_t chunk = size > kPersistentChunk ? size : kPersistentChunk;
    void* p = mmap(nullptr, chunk, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    heap.stats.os_calls.fetch_add(1, std::memory_order_relaxed);
    if (p == MAP_FAILED) Throw("out of memory");
    LookForPointersIn(p, chunk);
    if (size > kPersistentChunk) return p;
    persistent_next = reinterpret_cast<uintptr_t>(p);
    persistent_end = persistent_next + chunk;
  }
  void* p = reinterpret_cast<void*>(persistent_next);
  persistent_next += size;
  return p;
}

MSpan* MHeap::AllocSpan(uint64_t pages, uint32_t span_class,
                        uint64_t elem_size) {
  MutexLock guard(lock);
  bool huge = pages * kPageSize > kHugeObject;
  MSpan* span = huge ? MapHuge(pages) : TakePages(pages);
  if (span == nullptr) return nullptr;
  InitObjects(span, span_class, elem_size);
  span->sweep_gen.store(sweep_gen.load(std::memory_order_relaxed),
                        std::memory_order_relaxed);
  span->state = SpanState::kInUse;
  if (!huge) SetSpanPages(span, span);
  AddToAllSpans(span);
  stats.pages_in_use.fetch_add(pages * kPageSize, std::memory_order_relaxed);
  return span;
}

void MHeap::FreeSpan(MSpan* span) {
  MutexLock guard(lock);
  stats.pages_in_use.fetch_sub(span->pages * kPageSize,
                               std::memory_order_relaxed);
  RemoveFromAllSpans(span);
  FreeBits(span->mark_bits, span->mark_words);
  FreeBits(span->alloc_bits, span->mark_words);
  free(span->types);
  span->types = nullptr;
  span->mark_bits = span->alloc_bits = nullptr;
  span->state = SpanState::kDead;
  if (span->huge) {
    UnmapHuge(span);
    return;
  }
  SetSpanPages(span, nullptr);
  span->need_zero = true;
  ReturnPages(span);
}

void ResetHeapForTesting() {
  for (uint64_t i = 0; i < heap.all_span_count; i++) {
    MSpan* span = heap.all_spans[i];
    if (span->state != SpanState::kInUse) continue;
    free(span->types);
    if (span->huge) UnmapHuge(span);
  }
  heap.all_span_count = 0;
  ResetPagesForTesting();
  for (auto& central : mcentrals) {
    for (auto& list : central.partial) list = SpanList();
    for (auto& list : central.full) list = SpanList();
  }
  heap.large[0] = heap.large[1] = SpanList();
  heap.stats.live = 0;
  heap.stats.trigger = UINT64_MAX;
  heap.stats.pages_in_use = 0;
  heap.stats.total_alloc = 0;
  heap.allocate_black = false;
}

}  // namespace mgo::rt
