#include "runtime/heap/page_alloc.h"

#include <sys/mman.h>

#include <cstring>

#include "runtime/base/sanitizer.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"

namespace mgo::rt {

std::atomic<Arena*> arena_table[uint64_t{1} << (47 - kArenaShift)];

namespace {

// Runs shorter than this have a list of their own length.
constexpr uint64_t kExactLists = 128;

// All protected by heap.lock.
SpanList free_lists[kExactLists + 1];  // the last: that long and longer
MSpan* dead_records = nullptr;
uint64_t free_pages = 0;
Arena* arenas[1 << 16];  // ordinary ones
uint32_t arena_count = 0;

Arena* ArenaOf(const MSpan* span) {
  return arena_table[span->base >> kArenaShift].load(std::memory_order_relaxed);
}

uint64_t PageIndex(uintptr_t p) {
  return (p & (kArenaBytes - 1)) >> kPageShift;
}

SpanList& FreeList(uint64_t pages) {
  return free_lists[pages < kExactLists ? pages : kExactLists];
}

void AddFree(MSpan* span) {
  span->state = SpanState::kFree;
  Arena* arena = ArenaOf(span);
  arena->spans[PageIndex(span->base)] = span;
  arena->spans[PageIndex(span->End() - 1)] = span;
  FreeList(span->pages).Push(span);
  free_pages += span->pages;
}

void RemoveFree(MSpan* span) {
  FreeList(span->pages).Remove(span);
  free_pages -= span->pages;
  Arena* arena = ArenaOf(span);
  arena->spans[PageIndex(span->base)] = nullptr;
  arena->spans[PageIndex(span->End() - 1)] = nullptr;
}

// Address space aligned to arenas; null: none. Zero memory.
void* MapAligned(uint64_t bytes) {
  if (heap.max_bytes != 0 &&
      heap.stats.mapped.load() + bytes > heap.max_bytes + kArenaBytes) {
    return nullptr;
  }
  uint64_t padded = bytes + kArenaBytes;
  if (padded < bytes) return nullptr;
  // Accounted for: the kernel refuses what the machine could never hold, rather
  // than end the program when it is touched.
  void* p = mmap(nullptr, padded, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  heap.stats.os_calls += 1;
  if (p == MAP_FAILED) return nullptr;
  auto start = reinterpret_cast<uintptr_t>(p);
  uintptr_t aligned = (start + kArenaBytes - 1) & ~(kArenaBytes - 1);
  if (aligned > start) munmap(p, aligned - start);
  uintptr_t end = aligned + bytes;
  if (end < start + padded) {
    munmap(reinterpret_cast<void*>(end), start + padded - end);
  }
  heap.stats.os_calls += 2;
  heap.stats.mapped += bytes;
  return reinterpret_cast<void*>(aligned);
}

// Adds an arena's pages to the free lists.
bool GrowArena() {
  if (arena_count == sizeof arenas / sizeof arenas[0]) return false;
  void* p = MapAligned(kArenaBytes);
  if (p == nullptr) return false;
  auto* arena = static_cast<Arena*>(p);
  auto base = reinterpret_cast<uintptr_t>(p);
  arenas[arena_count++] = arena;
  arena->mapped_bytes = kArenaBytes;
  arena_table[base >> kArenaShift].store(arena, std::memory_order_release);
  MSpan* span = NewSpanRecord();
  span->base = base + kArenaHeaderPages * kPageSize;
  span->pages = kArenaPages - kArenaHeaderPages;
  span->need_zero = false;
  ForbidAccess(span->base, span->End());
  AddFree(span);
  return true;
}

// The shortest free run of at least `pages`.
MSpan* FindFree(uint64_t pages) {
  for (uint64_t n = pages; n < kExactLists; n++) {
    if (free_lists[n].first != nullptr) return free_lists[n].first;
  }
  MSpan* best = nullptr;
  for (MSpan* s = free_lists[kExactLists].first; s != nullptr; s = s->next) {
    if (s->pages < pages) continue;
    if (best == nullptr || s->pages < best->pages ||
        (s->pages == best->pages && s->base < best->base)) {
      best = s;
    }
  }
  return best;
}

}  // namespace

MSpan* NewSpanRecord() {
  MSpan* span = dead_records;
  if (span != nullptr) {
    dead_records = span->next;
    memset(static_cast<void*>(span), 0, sizeof *span);
  } else {
    span = static_cast<MSpan*>(PersistentAlloc(sizeof(MSpan)));
  }
  span->state = SpanState::kDead;
  return span;
}

void FreeSpanRecord(MSpan* span) {
  span->state = SpanState::kDead;
  span->next = dead_records;
  dead_records = span;
}

MSpan* TakePages(uint64_t pages) {
  MSpan* span = FindFree(pages);
  if (span == nullptr) {
    if (!GrowArena()) return nullptr;
    span = FindFree(pages);
    if (span == nullptr) return nullptr;
  }
  RemoveFree(span);
  if (span->pages > pages) {
    MSpan* rest = NewSpanRecord();
    rest->base = span->base + pages * kPageSize;
    rest->pages = span->pages - pages;
    rest->need_zero = span->need_zero;
    span->pages = pages;
    AddFree(rest);
  }
  span->state = SpanState::kDead;
  return span;
}

void ReturnPages(MSpan* span) {
  ForbidAccess(span->base, span->End());
  Arena* arena = ArenaOf(span);
  uint64_t first = PageIndex(span->base);
  MSpan* before = arena->spans[first - 1];
  if (before != nullptr && before->state == SpanState::kFree) {
    RemoveFree(before);
    span->base = before->base;
    span->pages += before->pages;
    span->need_zero |= before->need_zero;
    FreeSpanRecord(before);
  }
  uint64_t last = PageIndex(span->End() - 1);
  if (last + 1 < kArenaPages) {
    MSpan* after = arena->spans[last + 1];
    if (after != nullptr && after->state == SpanState::kFree) {
      RemoveFree(after);
      span->pages += after->pages;
      span->need_zero |= after->need_zero;
      FreeSpanRecord(after);
    }
  }
  AddFree(span);
}

MSpan* MapHuge(uint64_t pages) {
  uint64_t bytes = (kArenaHeaderPages + pages) * kPageSize;
  void* p = MapAligned(bytes);
  if (p == nullptr) return nullptr;
  auto* arena = static_cast<Arena*>(p);
  auto base = reinterpret_cast<uintptr_t>(p);
  MSpan* span = NewSpanRecord();
  span->base = base + kArenaHeaderPages * kPageSize;
  span->pages = pages;
  span->need_zero = false;
  span->huge = true;
  arena->mapped_bytes = bytes;
  arena->huge_span = span;
  for (uintptr_t a = base; a < base + bytes; a += kArenaBytes) {
    arena_table[a >> kArenaShift].store(arena, std::memory_order_release);
  }
  return span;
}

void UnmapHuge(MSpan* span) {
  Arena* arena = ArenaOf(span);
  auto base = reinterpret_cast<uintptr_t>(arena);
  uint64_t bytes = arena->mapped_bytes;
  for (uintptr_t a = base; a < base + bytes; a += kArenaBytes) {
    arena_table[a >> kArenaShift].store(nullptr, std::memory_order_release);
  }
  munmap(arena, bytes);
  heap.stats.os_calls += 1;
  heap.stats.mapped -= bytes;
  FreeSpanRecord(span);
}

void SetSpanPages(MSpan* span, MSpan* value) {
  Arena* arena = ArenaOf(span);
  uint64_t first = PageIndex(span->base);
  for (uint64_t i = 0; i < span->pages; i++) arena->spans[first + i] = value;
}

uint64_t FreePageCount() { return free_pages; }

void ResetPagesForTesting() {
  for (auto& list : free_lists) list = SpanList();
  free_pages = 0;
  for (uint32_t i = 0; i < arena_count; i++) {
    auto base = reinterpret_cast<uintptr_t>(arenas[i]);
    arena_table[base >> kArenaShift].store(nullptr);
    AllowAccess(base, base + kArenaBytes);
    munmap(arenas[i], kArenaBytes);
  }
  heap.stats.mapped = 0;
  arena_count = 0;
}

}  // namespace mgo::rt
