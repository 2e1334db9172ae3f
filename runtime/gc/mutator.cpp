#include "runtime/gc/mutator.h"

#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {

uint64_t zero_base = 0;

namespace {

// The index of an object in its span's table of types is noted.
void SetType(void* object, const TypeDesc* type) {
  auto p = reinterpret_cast<uintptr_t>(object);
  MSpan* span = ArenaOfSmall(p)->spans[(p & (kArenaBytes - 1)) >> kPageShift];
  span->types[span->IndexOf(p)] = type;
}

// A mask for an object of `bytes` (at most 512), full of `elem`.
uint64_t RepeatMask(const uint64_t* mask, uint64_t elem_bytes, uint64_t bytes) {
  if (mask == nullptr) return 0;
  uint64_t words = elem_bytes / 8, result = 0;
  if (words == 64) return mask[0];
  for (uint64_t at = 0; (at + words) * 8 <= bytes; at += words) {
    result |= mask[0] << at;
  }
  return result;
}

// A zeroed object or array with pointers.
void* NewWithPointers(MCache* cache, uint64_t bytes, const TypeDesc* elem) {
  if (MGO_UNLIKELY(bytes > kMaxSmallSize)) {
    return AllocLarge(cache, bytes, elem);
  }
  uint32_t size_class = SizeToClass(bytes);
  uint64_t size = ClassSize(size_class);
  SpanKind kind = KindOfType(elem);
  void* p = AllocSmall(cache, MakeSpanClass(size_class, kind), size);
  if (size > kMaxBitmapObject) {
    SetType(p, elem);
    return p;
  }
  auto address = reinterpret_cast<uintptr_t>(p);
  Arena* arena = ArenaOfSmall(address);
  SetPointerBits(arena->pointers, address,
                 RepeatMask(elem->ptr_mask, elem->size, size));
  if (kind == kIfaces) {
    SetPointerBits(arena->ifaces, address,
                   RepeatMask(elem->iface_mask, elem->size, size));
  }
  return p;
}

// The alignment that an object of so many bytes may need.
uint64_t TinyAlign(uint64_t size) {
  return size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
}

}  // namespace

void* internal::NewTiny(MCache* cache, uint64_t size, uint64_t align) {
  cache->tiny_count++;
  uintptr_t p = (cache->tiny_next + align - 1) & ~(align - 1);
  if (p + size <= cache->tiny_end && p != 0) {
    cache->tiny_next = p + size;
    return reinterpret_cast<void*>(p);
  }
  auto* block = static_cast<uint64_t*>(AllocSmall(
      cache, MakeSpanClass(SizeToClass(kTinySize), kNoScan), kTinySize));
  block[0] = block[1] = 0;
  p = reinterpret_cast<uintptr_t>(block);
  // Keep the block that has more room left.
  if (p + kTinySize - (p + size) > cache->tiny_end - cache->tiny_next) {
    cache->tiny_next = p + size;
    cache->tiny_end = p + kTinySize;
  }
  return block;
}

uint8_t* NewBytes(G* g, uint64_t size, bool zero) {
  MCache* cache = &g->p->mcache;
  if (MGO_UNLIKELY(size == 0)) return reinterpret_cast<uint8_t*>(&zero_base);
  void* p;
  if (size < kTinySize && !heap.poison) {
    p = internal::NewTiny(cache, size, TinyAlign(size));
  } else if (MGO_LIKELY(size <= kMaxSmallSize)) {
    uint32_t size_class = SizeToClass(size);
    uint64_t bytes = ClassSize(size_class);
    p = AllocSmall(cache, MakeSpanClass(size_class, kNoScan), bytes);
    if (zero) memset(p, 0, bytes);
  } else {
    p = AllocLarge(cache, size, nullptr, zero);
  }
  return static_cast<uint8_t*>(p);
}

void* internal::NewObjectSlow(G* g, const TypeDesc* type) {
  uint64_t size = type->size;
  if (type->pointer_bytes == 0) return NewBytes(g, size, true);
  return NewWithPointers(&g->p->mcache, size, type);
}

void* NewArray(G* g, const TypeDesc* elem, uint64_t count) {
  uint64_t bytes = elem->size * count;
  if (elem->pointer_bytes == 0 || bytes == 0) return NewBytes(g, bytes, true);
  return NewWithPointers(&g->p->mcache, bytes, elem);
}

namespace {

// Shades old and new pointers of one value.
void BarrierTyped(void* dst, const void* src, const TypeDesc* type) {
  auto* to = static_cast<uint8_t*>(dst);
  auto* from = static_cast<const uint8_t*>(src);
  if (type->pointer_bytes == 0) return;
  if (type->ptr_mask == nullptr && type->iface_mask == nullptr) {
    if (type->kind == Kind::kArray) {
      for (uint64_t i = 0; i < type->length; i++) {
        uint64_t at = i * type->elem->size;
        BarrierTyped(to + at, from == nullptr ? nullptr : from + at,
                     type->elem);
      }
      return;
    }
    for (uint32_t i = 0; i < type->field_count; i++) {
      uint64_t at = type->fields[i].offset;
      BarrierTyped(to + at, from == nullptr ? nullptr : from + at,
                   type->fields[i].type);
    }
    return;
  }
  for (uint64_t w = 0; w < type->pointer_bytes / 8; w++) {
    auto* slot = reinterpret_cast<void**>(to) + w;
    auto* value =
        from == nullptr ? nullptr : reinterpret_cast<void* const*>(from) + w;
    if (type->ptr_mask != nullptr && (type->ptr_mask[w / 64] >> (w % 64) & 1)) {
      WriteBarrierSlow(slot, from == nullptr ? nullptr : *value);
    }
    if (type->iface_mask != nullptr &&
        (type->iface_mask[w / 64] >> (w % 64) & 1)) {
      GoIface nothing = {};
      WriteBarrierIfaceSlow(reinterpret_cast<GoIface*>(slot - 1),
                            from == nullptr
                                ? nothing
                                : *reinterpret_cast<const GoIface*>(value - 1));
    }
  }
}

}  // namespace

void TypedCopy(void* dst, const void* src, const TypeDesc* type) {
  TypedCopyN(dst, src, type, 1);
}

void TypedCopyN(void* dst, const void* src, const TypeDesc* elem,
                uint64_t count) {
  if (MGO_UNLIKELY(gc_barrier_enabled != 0) && elem->pointer_bytes != 0) {
    for (uint64_t i = 0; i < count; i++) {
      BarrierTyped(static_cast<uint8_t*>(dst) + i * elem->size,
                   static_cast<const uint8_t*>(src) + i * elem->size, elem);
    }
  }
  memmove(dst, src, elem->size * count);
}

void TypedClear(void* dst, const TypeDesc* elem, uint64_t count) {
  if (MGO_UNLIKELY(gc_barrier_enabled != 0) && elem->pointer_bytes != 0) {
    for (uint64_t i = 0; i < count; i++) {
      BarrierTyped(static_cast<uint8_t*>(dst) + i * elem->size, nullptr, elem);
    }
  }
  memset(dst, 0, elem->size * count);
}

void RequestCollection() {
  if ((sched.attention.load(std::memory_order_relaxed) & kGcRequested) != 0) {
    // Whoever allocates and was not asked is asked now.
    if (G* g = CurrentG()) RequestStop(g);
    return;
  }
  RaiseAttention(kGcRequested);
}

}  // namespace mgo::rt
