// Loads and stores: through pointers, of elements, of globals, of components
// of aggregates in the frame; allocation.
#include "runtime/chan/chan.h"
#include "runtime/gc/barrier.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/bounds_error.h"
#include "runtime/object/iface.h"
#include "runtime/object/map.h"
#include "runtime/object/raise.h"
#include "runtime/object/slice.h"
#include "vm/interp/op.h"

namespace mgo::interp {

using rt::GoIface;
using rt::GoSlice;
using rt::GoString;
using rt::TypeDesc;

namespace {

// A scalar in memory as a canonical slot.
template <typename T>
inline Slot LoadAt(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  if constexpr (std::is_signed_v<T>) return FromI64(value);
  return value;
}
template <typename T>
inline void StoreAt(uint8_t* at, Slot slot) {
  T value = static_cast<T>(slot);
  std::memcpy(at, &value, sizeof(T));
}

struct Two {
  Slot a, b;
};
struct Three {
  Slot a, b, c;
};

inline void StorePointerAt(uint8_t* at, Slot value) {
  rt::StorePointer(reinterpret_cast<void**>(at), Ptr<void>(value));
}

void RaiseIndex(G* g, Slot index, int64_t length) {
  rt::RaiseBoundsError(g, rt::BoundsError::kIndex, index,
                       UnsignedBounds(g) == 0, length);
}

}  // namespace

// Raises the index panic of element access: the index is in slot `c` and the
// length in slot b+1.
COLD_OP(RaiseIndexBC) {
  StoreState(g, pc, fp, 0);
  RaiseIndex(g, fp[pc->c], I64(fp[pc->b + 1]));
  TAIL(RaisePending, pc, fp);
}
// The same for stores: slice a, index b.
COLD_OP(RaiseIndexAB) {
  StoreState(g, pc, fp, 0);
  RaiseIndex(g, fp[pc->b], I64(fp[pc->a + 1]));
  TAIL(RaisePending, pc, fp);
}
// Arrays through a pointer: nil pointer b, or index c against the length in W.
COLD_OP(RaiseArrayBC) {
  if (fp[pc->b] == 0) TAIL(RaiseNil, pc, fp);
  StoreState(g, pc, fp, 0);
  RaiseIndex(g, fp[pc->c], static_cast<uint32_t>(pc->Word(1)));
  TAIL(RaisePending, pc, fp);
}
COLD_OP(RaiseArrayAB) {
  if (fp[pc->a] == 0) TAIL(RaiseNil, pc, fp);
  StoreState(g, pc, fp, 0);
  RaiseIndex(g, fp[pc->b], static_cast<uint32_t>(pc->Word(1)));
  TAIL(RaisePending, pc, fp);
}

// --- through pointers --------------------------------------------------------

#define LOAD(T, type)                                          \
  OP(Load##T) {                                                \
    auto* base = Ptr<uint8_t>(fp[pc->b]);                      \
    if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp); \
    fp[pc->a] = LoadAt<type>(base + pc->c);                    \
    NEXT(1);                                                   \
  }
#define FOR_LOADS(M)                                                \
  M(I8, int8_t)                                                     \
  M(U8, uint8_t)                                                    \
  M(I16, int16_t) M(U16, uint16_t) M(I32, int32_t) M(U32, uint32_t) \
      M(64, uint64_t)
#define FOR_STORES(M) \
  M(8, uint8_t) M(16, uint16_t) M(32, uint32_t) M(64, uint64_t)
FOR_LOADS(LOAD)
#undef LOAD
OP(Load128) {
  auto* base = Ptr<uint8_t>(fp[pc->b]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  Two value;
  std::memcpy(&value, base + pc->c, sizeof(value));
  Set(fp + pc->a, value);
  NEXT(1);
}
OP(Load192) {
  auto* base = Ptr<uint8_t>(fp[pc->b]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  Three value;
  std::memcpy(&value, base + pc->c, sizeof(value));
  Set(fp + pc->a, value);
  NEXT(1);
}
OP(LoadN) {
  auto* base = Ptr<uint8_t>(fp[pc->b]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  size_t bytes = pc->Word(1);
  auto* to = reinterpret_cast<uint8_t*>(fp + pc->a);
  std::memmove(to, base + pc->c, bytes);
  if ((bytes & 7) != 0) std::memset(to + bytes, 0, 8 - (bytes & 7));
  NEXT(2);
}

#define STORE(T, type)                                         \
  OP(Store##T) {                                               \
    auto* base = Ptr<uint8_t>(fp[pc->a]);                      \
    if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp); \
    StoreAt<type>(base + pc->c, fp[pc->b]);                    \
    NEXT(1);                                                   \
  }
FOR_STORES(STORE)
#undef STORE

// The slow halves of stores with a barrier: same store, barrier on.
COLD_OP(StorePtrBarrier) {
  StorePointerAt(Ptr<uint8_t>(fp[pc->a]) + pc->c, fp[pc->b]);
  NEXT(1);
}
OP(StorePtr) {
  auto* base = Ptr<uint8_t>(fp[pc->a]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  if (MGO_UNLIKELY(rt::gc_barrier_enabled != 0)) {
    TAIL(StorePtrBarrier, pc, fp);
  }
  StoreAt<uint64_t>(base + pc->c, fp[pc->b]);
  NEXT(1);
}
OP(Store128) {
  auto* base = Ptr<uint8_t>(fp[pc->a]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  Two value = Get<Two>(fp + pc->b);
  std::memcpy(base + pc->c, &value, sizeof(value));
  NEXT(1);
}
COLD_OP(StoreStrBarrier) {
  rt::StoreString(Ptr<GoString>(fp[pc->a] + pc->c), Get<GoString>(fp + pc->b));
  NEXT(1);
}
OP(StoreStr) {
  auto* base = Ptr<uint8_t>(fp[pc->a]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  if (MGO_UNLIKELY(rt::gc_barrier_enabled != 0)) {
    TAIL(StoreStrBarrier, pc, fp);
  }
  Two value = Get<Two>(fp + pc->b);
  std::memcpy(base + pc->c, &value, sizeof(value));
  NEXT(1);
}
COLD_OP(StoreSliceBarrier) {
  rt::StoreSlice(Ptr<GoSlice>(fp[pc->a] + pc->c), Get<GoSlice>(fp + pc->b));
  NEXT(1);
}
OP(StoreSlice) {
  auto* base = Ptr<uint8_t>(fp[pc->a]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  if (MGO_UNLIKELY(rt::gc_barrier_enabled != 0)) {
    TAIL(StoreSliceBarrier, pc, fp);
  }
  Three value = Get<Three>(fp + pc->b);
  std::memcpy(base + pc->c, &value, sizeof(value));
  NEXT(1);
}
COLD_OP(StoreIfaceBarrier) {
  rt::StoreIface(Ptr<GoIface>(fp[pc->a] + pc->c), Get<GoIface>(fp + pc->b));
  NEXT(1);
}
OP(StoreIface) {
  auto* base = Ptr<uint8_t>(fp[pc->a]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  if (MGO_UNLIKELY(rt::gc_barrier_enabled != 0)) {
    TAIL(StoreIfaceBarrier, pc, fp);
  }
  Two value = Get<Two>(fp + pc->b);
  std::memcpy(base + pc->c, &value, sizeof(value));
  NEXT(1);
}
OP(StoreN) {
  auto* base = Ptr<uint8_t>(fp[pc->a]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  const auto* type = pc->Address<TypeDesc>(1);
  if (type->HasPointers()) {
    rt::TypedCopy(base + pc->c, fp + pc->b, type);
  } else {
    std::memmove(base + pc->c, fp + pc->b, type->size);
  }
  NEXT(2);
}
OP(FieldAddr) {
  Slot base = fp[pc->b];
  if (MGO_UNLIKELY(base == 0)) TAIL(RaiseNil, pc, fp);
  fp[pc->a] = base + pc->c;
  NEXT(1);
}
OP(AddrAddWord) {
  Slot base = fp[pc->b];
  if (MGO_UNLIKELY(base == 0)) TAIL(RaiseNil, pc, fp);
  fp[pc->a] = base + pc->Word(1);
  NEXT(2);
}
OP(NilCheck) {
  if (MGO_UNLIKELY(fp[pc->a] == 0)) TAIL(RaiseNil, pc, fp);
  NEXT(1);
}
OP(MemCopy) {
  if (MGO_UNLIKELY(fp[pc->a] == 0 || fp[pc->b] == 0)) {
    TAIL(RaiseNil, pc, fp);
  }
  rt::TypedCopy(Ptr<void>(fp[pc->a]), Ptr<void>(fp[pc->b]),
                pc->Address<TypeDesc>(1));
  NEXT(2);
}
OP(MemZero) {
  if (MGO_UNLIKELY(fp[pc->a] == 0)) TAIL(RaiseNil, pc, fp);
  rt::TypedClear(Ptr<void>(fp[pc->a]), pc->Address<TypeDesc>(1), 1);
  NEXT(2);
}

// --- components in the frame -------------------------------------------------

#define LOAD_LOCAL(T, type)                                                   \
  OP(LoadLocal##T) {                                                          \
    fp[pc->a] = LoadAt<type>(reinterpret_cast<uint8_t*>(fp + pc->b) + pc->c); \
    NEXT(1);                                                                  \
  }
LOAD_LOCAL(I8, int8_t)
LOAD_LOCAL(U8, uint8_t)
LOAD_LOCAL(I16, int16_t)
LOAD_LOCAL(U16, uint16_t)
LOAD_LOCAL(I32, int32_t)
LOAD_LOCAL(U32, uint32_t)
#undef LOAD_LOCAL
#define STORE_LOCAL(T, type)                                                  \
  OP(StoreLocal##T) {                                                         \
    StoreAt<type>(reinterpret_cast<uint8_t*>(fp + pc->a) + pc->c, fp[pc->b]); \
    NEXT(1);                                                                  \
  }
STORE_LOCAL(8, uint8_t)
STORE_LOCAL(16, uint16_t)
STORE_LOCAL(32, uint32_t)
#undef STORE_LOCAL

// --- elements of slices ------------------------------------------------------

#define LOAD_ELEM(T, type)                                                    \
  OP(LoadElem##T) {                                                           \
    Slot index = fp[pc->c];                                                   \
    if (MGO_UNLIKELY(index >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);     \
    fp[pc->a] = LoadAt<type>(Ptr<uint8_t>(fp[pc->b]) + index * sizeof(type)); \
    NEXT(1);                                                                  \
  }
FOR_LOADS(LOAD_ELEM)
#undef LOAD_ELEM
OP(LoadElem128) {
  Slot index = fp[pc->c];
  if (MGO_UNLIKELY(index >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
  Two value = Ptr<Two>(fp[pc->b])[index];
  Set(fp + pc->a, value);
  NEXT(1);
}
OP(LoadElem192) {
  Slot index = fp[pc->c];
  if (MGO_UNLIKELY(index >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
  Three value = Ptr<Three>(fp[pc->b])[index];
  Set(fp + pc->a, value);
  NEXT(1);
}
#define STORE_ELEM(T, type)                                                   \
  OP(StoreElem##T) {                                                          \
    Slot index = fp[pc->b];                                                   \
    if (MGO_UNLIKELY(index >= fp[pc->a + 1])) TAIL(RaiseIndexAB, pc, fp);     \
    StoreAt<type>(Ptr<uint8_t>(fp[pc->a]) + index * sizeof(type), fp[pc->c]); \
    NEXT(1);                                                                  \
  }
FOR_STORES(STORE_ELEM)
#undef STORE_ELEM
COLD_OP(StoreElemPtrBarrier) {
  StorePointerAt(Ptr<uint8_t>(fp[pc->a]) + fp[pc->b] * 8, fp[pc->c]);
  NEXT(1);
}
OP(StoreElemPtr) {
  Slot index = fp[pc->b];
  if (MGO_UNLIKELY(index >= fp[pc->a + 1])) TAIL(RaiseIndexAB, pc, fp);
  if (MGO_UNLIKELY(rt::gc_barrier_enabled != 0)) {
    TAIL(StoreElemPtrBarrier, pc, fp);
  }
  Ptr<Slot>(fp[pc->a])[index] = fp[pc->c];
  NEXT(1);
}
OP(ElemAddr) {
  Slot index = fp[pc->c];
  if (MGO_UNLIKELY(index >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
  fp[pc->a] = fp[pc->b] + index * pc->Word(1);
  NEXT(2);
}

// --- elements of arrays through a pointer ------------------------------------

// Nil pointers and bad indices share one unlikely branch.
#define LOAD_PTR_ELEM(T, type)                                           \
  OP(LoadPtrElem##T) {                                                   \
    Slot index = fp[pc->c], base = fp[pc->b];                            \
    if (MGO_UNLIKELY(index >= static_cast<uint32_t>(pc->Word(1)) ||      \
                     base == 0)) {                                       \
      TAIL(RaiseArrayBC, pc, fp);                                        \
    }                                                                    \
    fp[pc->a] = LoadAt<type>(Ptr<uint8_t>(base) + index * sizeof(type)); \
    NEXT(2);                                                             \
  }
FOR_LOADS(LOAD_PTR_ELEM)
#undef LOAD_PTR_ELEM
#define STORE_PTR_ELEM(T, type)                                          \
  OP(StorePtrElem##T) {                                                  \
    Slot index = fp[pc->b], base = fp[pc->a];                            \
    if (MGO_UNLIKELY(index >= static_cast<uint32_t>(pc->Word(1)) ||      \
                     base == 0)) {                                       \
      TAIL(RaiseArrayAB, pc, fp);                                        \
    }                                                                    \
    StoreAt<type>(Ptr<uint8_t>(base) + index * sizeof(type), fp[pc->c]); \
    NEXT(2);                                                             \
  }
FOR_STORES(STORE_PTR_ELEM)
#undef STORE_PTR_ELEM
COLD_OP(StorePtrElemPtrBarrier) {
  StorePointerAt(Ptr<uint8_t>(fp[pc->a]) + fp[pc->b] * 8, fp[pc->c]);
  NEXT(2);
}
OP(StorePtrElemPtr) {
  Slot index = fp[pc->b], base = fp[pc->a];
  if (MGO_UNLIKELY(index >= static_cast<uint32_t>(pc->Word(1)) || base == 0)) {
    TAIL(RaiseArrayAB, pc, fp);
  }
  if (MGO_UNLIKELY(rt::gc_barrier_enabled != 0)) {
    TAIL(StorePtrElemPtrBarrier, pc, fp);
  }
  Ptr<Slot>(base)[index] = fp[pc->c];
  NEXT(2);
}
OP(PtrElemAddr) {
  Slot index = fp[pc->c], base = fp[pc->b];
  CodeWord word = pc->Word(1);
  if (MGO_UNLIKELY(index >= static_cast<uint32_t>(word) || base == 0)) {
    TAIL(RaiseArrayBC, pc, fp);
  }
  fp[pc->a] = base + index * (word >> 32);
  NEXT(2);
}
COLD_OP(RaiseBoundsAB) {
  StoreState(g, pc, fp, 0);
  RaiseIndex(g, fp[pc->a], I64(fp[pc->b]));
  TAIL(RaisePending, pc, fp);
}
OP(BoundsCheck) {
  if (MGO_UNLIKELY(fp[pc->a] >= fp[pc->b])) TAIL(RaiseBoundsAB, pc, fp);
  NEXT(1);
}

// --- globals -----------------------------------------------------------------

#define LOAD_GLOBAL(T, type)                           \
  OP(LoadGlobal##T) {                                  \
    fp[pc->a] = LoadAt<type>(pc->Address<uint8_t>(1)); \
    NEXT(2);                                           \
  }
FOR_LOADS(LOAD_GLOBAL)
#undef LOAD_GLOBAL
#define STORE_GLOBAL(T, type)                            \
  OP(StoreGlobal##T) {                                   \
    StoreAt<type>(Ptr<uint8_t>(pc->Word(1)), fp[pc->a]); \
    NEXT(2);                                             \
  }
FOR_STORES(STORE_GLOBAL)
#undef STORE_GLOBAL
#undef FOR_LOADS
#undef FOR_STORES
COLD_OP(StoreGlobalPtrBarrier) {
  StorePointerAt(Ptr<uint8_t>(pc->Word(1)), fp[pc->a]);
  NEXT(2);
}
OP(StoreGlobalPtr) {
  if (MGO_UNLIKELY(rt::gc_barrier_enabled != 0)) {
    TAIL(StoreGlobalPtrBarrier, pc, fp);
  }
  *Ptr<Slot>(pc->Word(1)) = fp[pc->a];
  NEXT(2);
}

// --- allocation --------------------------------------------------------------

OP(New) {
  fp[pc->a] = FromPtr(rt::NewObject(g, pc->Address<TypeDesc>(1)));
  NEXT(2);
}
OP(NewClosure) {
  const auto* info = pc->Address<bytecode::ClosureInfo>(1);
  auto* closure = static_cast<rt::Closure*>(rt::NewObject(g, info->type));
  closure->function = info->function;
  fp[pc->a] = FromPtr(closure);
  NEXT(2);
}
OP(MakeSlice) {
  GoSlice result;
  StoreState(g, pc, fp, 0);
  if (!rt::MakeSlice(g, pc->Address<TypeDesc>(1), I64(fp[pc->b]),
                     I64(fp[pc->c]), &result)) {
    TAIL(RaisePending, pc, fp);
  }
  Set(fp + pc->a, result);
  NEXT(2);
}
OP(MakeMap) {
  fp[pc->a] = FromPtr(rt::MakeMap(g, pc->Address<TypeDesc>(1), I64(fp[pc->b])));
  NEXT(2);
}
OP(MakeChan) {
  StoreState(g, pc, fp, 0);
  rt::Chan* chan =
      rt::MakeChan(g, pc->Address<TypeDesc>(1)->elem, I64(fp[pc->b]));
  if (MGO_UNLIKELY(chan == nullptr)) TAIL(RaisePending, pc, fp);
  fp[pc->a] = FromPtr(chan);
  NEXT(2);
}
OP(Box) {
  fp[pc->a] = rt::Box(g, pc->Address<TypeDesc>(1), fp + pc->b);
  NEXT(2);
}

}  // namespace mgo::interp
