// What code that runs guest programs needs of the heap: allocation, typed
// copies, asking for a collection.
//
// Nothing here collects. An allocation that reaches the trigger only asks the
// running goroutine to stop at its next safepoint; until then raw pointers are
// good. Everything returned by New... is zeroed unless said otherwise, and is
// aligned to 8 bytes (16 from 16 bytes on, sizes 24 and 48 aside).
#ifndef MGO_RUNTIME_GC_MUTATOR_H_
#define MGO_RUNTIME_GC_MUTATOR_H_

#include <atomic>
#include <cstdint>
#include <cstring>

#include "runtime/abi/type_desc.h"
#include "runtime/base/compiler.h"
#include "runtime/gc/barrier.h"
#include "runtime/sched/p.h"

namespace mgo::rt {

// What a pointer to an object of no bytes points at.
extern uint64_t zero_base;

namespace internal {
void* NewObjectSlow(G* g, const TypeDesc* type);
void* NewTiny(MCache* cache, uint64_t size, uint64_t align);
}  // namespace internal

// The kind of span that objects of a type (or arrays of it) go to.
inline SpanKind KindOfType(const TypeDesc* type) {
  if (type->pointer_bytes == 0) return kNoScan;
  return (type->flags & kHasIfaceWords) != 0 ? kIfaces : kPointers;
}

// A zeroed object of a type.
MGO_ALWAYS_INLINE void* NewObject(G* g, const TypeDesc* type) {
  uint64_t size = type->size;
  if (MGO_LIKELY(size - 1 < kMaxBitmapObject && type->pointer_bytes != 0 &&
                 (type->flags & kHasIfaceWords) == 0)) {
    uint32_t size_class = internal::kClassBySize8[(size + 7) / 8];
    void* p = AllocSmall(&g->p->mcache, MakeSpanClass(size_class, kPointers),
                         internal::kClassSizes[size_class]);
    uintptr_t address = reinterpret_cast<uintptr_t>(p);
    SetPointerBits(ArenaOfSmall(address)->pointers, address, type->ptr_mask[0]);
    return p;
  }
  return internal::NewObjectSlow(g, type);
}

// A zeroed array of `count` values of type `elem`. elem->size * count must not
// overflow (callers check len and cap as Go does); the room up to
// RoundUpSize(bytes) may be used as elements too.
void* NewArray(G* g, const TypeDesc* elem, uint64_t count);

// Bytes without pointers; contents undefined unless `zero`.
uint8_t* NewBytes(G* g, uint64_t size, bool zero);

// Copies one value, or `count` values, with the write barrier: for destinations
// in the heap (or globals). Source and destination may overlap.
void TypedCopy(void* dst, const void* src, const TypeDesc* type);
void TypedCopyN(void* dst, const void* src, const TypeDesc* elem,
                uint64_t count);
// Sets values to zero, with the write barrier.
void TypedClear(void* dst, const TypeDesc* elem, uint64_t count);

// Asks for a collection at the next safepoint. Any thread.
void RequestCollection();

// Memory outside the heap that holds pointers into it: a package's variables.
// `type` describes the whole area; it is scanned by every collection.
void RegisterGlobals(void* base, const TypeDesc* type);

// A handle that keeps an object alive from C++, for as long as it exists.
class RootHandle {
 public:
  explicit RootHandle(void* object = nullptr);
  ~RootHandle();
  RootHandle(const RootHandle&) = delete;
  RootHandle& operator=(const RootHandle&) = delete;
  void* Get() const { return object_.load(std::memory_order_relaxed); }
  void Set(void* object) { object_.store(object, std::memory_order_relaxed); }

 private:
  friend struct RootHandles;
  // Written by the keeper, which may be in a blocking call while the collector
  // reads it; whatever it writes then was in the handle or another root before.
  std::atomic<void*> object_;
  RootHandle* next_;  // protector: the Roots lock
  RootHandle* prev_;
};

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_GC_MUTATOR_H_
