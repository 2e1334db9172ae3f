// MSpan: a run of pages that holds objects of one size class; and arenas, the
// 64 MB pieces of address space that spans are cut from.
//
// An arena is aligned to its size and begins with its own header: the span of
// each page and two bitmaps with a bit for each word of the arena. So from an
// object's address the bits are found without a table, and a span by one table
// load (is this address in an arena at all?) and two more loads. An object
// larger than kHugeObject has a mapping of its own, as many arenas long as it
// takes, and only the first begins with a header.
//
// Where pointers are in an object:
//   kNoScan spans   nowhere
//   up to 512 B     bitmap `pointers` (and, in kIfaces spans, `ifaces`: data
//                   words of interfaces, for which the word before tells)
//   larger          types[index]: a type, repeated over the object
//
// Marks: one bit for each object, in `mark_bits`; `alloc_bits` are the marks of
// the last collection. An object is allocated when its index is below
// free_index or its alloc bit is set.
#ifndef MGO_RUNTIME_HEAP_MSPAN_H_
#define MGO_RUNTIME_HEAP_MSPAN_H_

#include <atomic>
#include <cstdint>

#include "runtime/abi/type_desc.h"
#include "runtime/heap/size_class.h"

namespace mgo::rt {

// What a span is in.
enum class SpanState : uint8_t {
  kFree,   // pages for later use
  kInUse,  // objects
  kDead,   // an unused record
};

// Protectors: fields up to `state` are constant while the span is in use; the
// rest belongs to the P whose mcache holds the span, or to the sweeper that
// moved sweep_gen, or to the stopped world.
struct MSpan {
  uintptr_t base;      // first byte
  uint64_t elem_size;  // bytes of an object (large: of its pages)
  uint64_t pages;
  uint32_t elem_count;
  uint32_t div_magic;  // index = offset * div_magic >> 32; 0: always index 0
  SpanState state;
  uint8_t size_class;
  uint8_t kind;  // SpanKind
  uint8_t span_class;
  bool need_zero;  // pages may hold old data
  bool huge;       // has a mapping of its own
  // Against heap.sweep_gen (h), as in Go: h - 2 needs sweeping, h - 1 is
  // being swept, h is swept. Cached spans are always swept: a collection takes
  // all of them back first.
  std::atomic<uint32_t> sweep_gen;
  uint32_t free_index;   // objects below are allocated
  uint32_t alloc_count;  // allocated ones, runs that were taken included
  uint32_t mark_words;   // of mark_bits and alloc_bits
  uint64_t* mark_bits;   // written by marking (atomically, when concurrent)
  uint64_t* alloc_bits;
  const TypeDesc** types;  // objects over kMaxBitmapObject with pointers
  uint64_t all_index;      // place in heap.all_spans; protector: heap.lock
  MSpan* next;             // list; protector: the list's
  MSpan* prev;

  // The object that an address within the span belongs to.
  uint32_t IndexOf(uintptr_t p) const {
    return static_cast<uint32_t>((p - base) * div_magic >> 32);
  }
  // The address of an object.
  uintptr_t ObjectAt(uint32_t index) const { return base + index * elem_size; }
  uintptr_t End() const { return base + pages * kPageSize; }
  bool IsMarked(uint32_t index) const {
    return (mark_bits[index / 64] >> (index % 64) & 1) != 0;
  }
  // Sets a mark; true: it was not set. World stopped.
  bool Mark(uint32_t index) {
    uint64_t bit = uint64_t{1} << (index % 64);
    uint64_t old = mark_bits[index / 64];
    if ((old & bit) != 0) return false;
    mark_bits[index / 64] = old | bit;
    return true;
  }
  bool IsAllocated(uint32_t index) const {
    return index < free_index ||
           (alloc_bits[index / 64] >> (index % 64) & 1) != 0;
  }
};

inline constexpr uint64_t kArenaBytes = uint64_t{64} << 20;
inline constexpr uint32_t kArenaShift = 26;
inline constexpr uint64_t kArenaPages = kArenaBytes / kPageSize;
inline constexpr uint64_t kArenaBitmapWords = kArenaBytes / 8 / 64;
// Objects larger than this get a mapping of their own.
inline constexpr uint64_t kHugeObject = kArenaBytes / 4;

// The header at the start of an arena.
struct Arena {
  MSpan* huge_span;           // not null: the whole mapping is this one's
  uint64_t mapped_bytes;      // of the mapping, header included
  MSpan* spans[kArenaPages];  // by page; protector: heap.lock; null: none.
                              // Of free spans, only the first and last page.
  uint64_t pointers[kArenaBitmapWords];
  uint64_t ifaces[kArenaBitmapWords];
};
// Pages that the header takes.
inline constexpr uint64_t kArenaHeaderPages =
    (sizeof(Arena) + kPageSize - 1) / kPageSize;

// By address >> kArenaShift: the arena (the first one of a huge mapping), or
// null. Entries are set before any pointer into them exists.
extern std::atomic<Arena*> arena_table[uint64_t{1} << (47 - kArenaShift)];

// The arena of an object that is known to be small.
inline Arena* ArenaOfSmall(uintptr_t p) {
  return reinterpret_cast<Arena*>(p & ~(kArenaBytes - 1));
}

// The span that an address lies in; null when it is not in the heap, or in a
// page that is free.
inline MSpan* SpanOf(uintptr_t p) {
  if (p >> 47 != 0) return nullptr;
  Arena* arena = arena_table[p >> kArenaShift].load(std::memory_order_relaxed);
  if (arena == nullptr) return nullptr;
  uintptr_t page = (p - reinterpret_cast<uintptr_t>(arena)) >> kPageShift;
  MSpan* span =
      arena->huge_span != nullptr ? arena->huge_span : arena->spans[page];
  if (span == nullptr || span->state != SpanState::kInUse) return nullptr;
  if (p < span->base) return nullptr;
  return span;
}
inline MSpan* SpanOf(const void* p) {
  return SpanOf(reinterpret_cast<uintptr_t>(p));
}

// The start of the heap object that p points into; null: none.
inline void* FindObject(const void* p) {
  MSpan* span = SpanOf(p);
  if (span == nullptr) return nullptr;
  uint32_t index = span->IndexOf(reinterpret_cast<uintptr_t>(p));
  if (index >= span->elem_count) return nullptr;
  return reinterpret_cast<void*>(span->ObjectAt(index));
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_HEAP_MSPAN_H_
