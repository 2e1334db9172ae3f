// The natives of package sync/atomic. A function and the method of the same
// meaning are one native: a type's value lies at its beginning. 32-bit results
// are widened as their type says; the natives exist per width and sign.
#include <atomic>

#include "runtime/gc/barrier.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

template <typename T>
Slot Widen(T v) {
  return static_cast<Slot>(static_cast<int64_t>(v));
}
template <>
Slot Widen(uint32_t v) {
  return v;
}
template <>
Slot Widen(uint64_t v) {
  return v;
}

// Applies `operation` to the word at the pointer in slot 1; its result is the
// function's.
template <typename T, typename Operation>
NativeStatus Apply(NativeFrame& f, Operation operation) {
  auto* p = f.Pointer<T>(1);
  if (p == nullptr) return PanicNil(f);
  f.slots[0] = Widen<T>(operation(std::atomic_ref<T>(*p)));
  return NativeStatus::kOk;
}

template <typename T>
T Param(NativeFrame& f, int slot) {
  return static_cast<T>(f.slots[slot]);
}

template <typename T>
NativeStatus StoreWord(NativeFrame& f) {
  auto* p = f.Pointer<T>(0);
  if (p == nullptr) return PanicNil(f);
  std::atomic_ref<T>(*p).store(Param<T>(f, 1));
  return NativeStatus::kOk;
}

template <typename T>
NativeStatus CompareSwap(NativeFrame& f) {
  auto* p = f.Pointer<T>(1);
  if (p == nullptr) return PanicNil(f);
  T old = Param<T>(f, 2);
  f.SetBool(
      0, std::atomic_ref<T>(*p).compare_exchange_strong(old, Param<T>(f, 3)));
  return NativeStatus::kOk;
}

}  // namespace

#define ATOMIC_WORD(Name, T)                                                 \
  NativeStatus AtomicAdd##Name(NativeFrame& f) {                             \
    return Apply<T>(f, [&](auto a) {                                         \
      T delta = Param<T>(f, 2);                                              \
      return static_cast<T>(static_cast<uint64_t>(a.fetch_add(delta)) +      \
                            static_cast<uint64_t>(delta));                   \
    });                                                                      \
  }                                                                          \
  NativeStatus AtomicAnd##Name(NativeFrame& f) {                             \
    return Apply<T>(f, [&](auto a) { return a.fetch_and(Param<T>(f, 2)); }); \
  }                                                                          \
  NativeStatus AtomicOr##Name(NativeFrame& f) {                              \
    return Apply<T>(f, [&](auto a) { return a.fetch_or(Param<T>(f, 2)); });  \
  }                                                                          \
  NativeStatus AtomicSwap##Name(NativeFrame& f) {                            \
    return Apply<T>(f, [&](auto a) { return a.exchange(Param<T>(f, 2)); });  \
  }                                                                          \
  NativeStatus AtomicLoad##Name(NativeFrame& f) {                            \
    return Apply<T>(f, [](auto a) { return a.load(); });                     \
  }                                                                          \
  NativeStatus AtomicStore##Name(NativeFrame& f) { return StoreWord<T>(f); } \
  NativeStatus AtomicCompareAndSwap##Name(NativeFrame& f) {                  \
    return CompareSwap<T>(f);                                                \
  }

ATOMIC_WORD(Int32, int32_t)
ATOMIC_WORD(Uint32, uint32_t)
ATOMIC_WORD(Int64, int64_t)
ATOMIC_WORD(Uint64, uint64_t)
#undef ATOMIC_WORD

NativeStatus AtomicLoadPointer(NativeFrame& f) { return AtomicLoadUint64(f); }

NativeStatus AtomicStorePointer(NativeFrame& f) {
  auto* p = f.Pointer<void*>(0);
  if (p == nullptr) return PanicNil(f);
  rt::WriteBarrier(p, f.Pointer<void>(1));
  return AtomicStoreUint64(f);
}

NativeStatus AtomicSwapPointer(NativeFrame& f) {
  auto* p = f.Pointer<void*>(1);
  if (p == nullptr) return PanicNil(f);
  rt::WriteBarrier(p, f.Pointer<void>(2));
  return AtomicSwapUint64(f);
}

NativeStatus AtomicCompareAndSwapPointer(NativeFrame& f) {
  auto* p = f.Pointer<void*>(1);
  if (p == nullptr) return PanicNil(f);
  rt::WriteBarrier(p, f.Pointer<void>(3));
  return AtomicCompareAndSwapUint64(f);
}

// func sameType(a, b any) bool
NativeStatus AtomicSameType(NativeFrame& f) {
  f.SetBool(0, f.Iface(1).Type() == f.Iface(3).Type());
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
