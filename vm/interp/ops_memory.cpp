// Loads and stores: through pointers, of elements, of globals, of components
// of aggregates in the frame; allocation.
#include <utility>

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

// Exchanges two values in memory, word by word: a wider one would go through
// the C++ stack.
inline void Swap(Slot* x, Slot* y) { std::swap(*x, *y); }
inline void Swap(Two* x, Two* y) {
  Swap(&x->a, &y->a);
  Swap(&x->b, &y->b);
}

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
// Slice a, index c.
COLD_OP(RaiseIndexAC) {
  StoreState(g, pc, fp, 0);
  RaiseIndex(g, fp[pc->c], I64(fp[pc->a + 1]));
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

#define LOAD(T, type)                                             \
  OP_B(Load##T, auto* base = Ptr<uint8_t>(b);                     \
       if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp); \
       RESULT(1, LoadAt<type>(base + pc->c));)
#define FOR_LOADS(M) \
  M(I8, int8_t)      \
  M(U8, uint8_t)     \
  M(I16, int16_t)    \
  M(U16, uint16_t) M(I32, int32_t) M(U32, uint32_t) M(64, uint64_t)
#define FOR_STORES(M) \
  M(8, uint8_t) M(16, uint16_t) M(32, uint32_t) M(64, uint64_t)
FOR_LOADS(LOAD)
#undef LOAD
OP_B(LoadF64, auto* base = Ptr<uint8_t>(b);
     if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
     RESULT_F64(1, F64(LoadAt<uint64_t>(base + pc->c)));)
OP_B(Load128, auto* base = Ptr<uint8_t>(b);
     if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
     Set(fp + pc->a, Get<Two>(Ptr<Slot>(b + pc->c))); NEXT(1);)
OP_B(Load192, auto* base = Ptr<uint8_t>(b);
     if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
     Set(fp + pc->a, Get<Three>(Ptr<Slot>(b + pc->c))); NEXT(1);)
OP(LoadN) {
  auto* base = Ptr<uint8_t>(fp[pc->b]);
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
  size_t bytes = pc->Word(1);
  auto* to = reinterpret_cast<uint8_t*>(fp + pc->a);
  std::memmove(to, base + pc->c, bytes);
  if ((bytes & 7) != 0) std::memset(to + bytes, 0, 8 - (bytes & 7));
  NEXT(2);
}

#define STORE(T, type)                                             \
  OP_AB(Store##T, auto* base = Ptr<uint8_t>(a);                    \
        if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp); \
        StoreAt<type>(base + pc->c, b); NEXT_KEEP(1);)
FOR_STORES(STORE)
#undef STORE
OP_F64_B(StoreF64, auto* base = Ptr<uint8_t>(fp[pc->a]);
         if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);
         StoreAt<uint64_t>(base + pc->c, FromF64(b)); NEXT_KEEP(1);)

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
  RESULT(1, base + pc->c);
}
OP(AddrAddWord) {
  Slot base = fp[pc->b];
  if (MGO_UNLIKELY(base == 0)) TAIL(RaiseNil, pc, fp);
  RESULT(2, base + pc->Word(1));
}
OP(NilCheck) {
  if (MGO_UNLIKELY(fp[pc->a] == 0)) TAIL(RaiseNil, pc, fp);
  NEXT_KEEP(1);
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

#define LOAD_LOCAL(T, type)                                                  \
  OP(LoadLocal##T) {                                                         \
    RESULT(1, LoadAt<type>(reinterpret_cast<uint8_t*>(fp + pc->b) + pc->c)); \
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
    NEXT_KEEP(1);                                                             \
  }
STORE_LOCAL(8, uint8_t)
STORE_LOCAL(16, uint16_t)
STORE_LOCAL(32, uint32_t)
#undef STORE_LOCAL

// --- elements of slices ------------------------------------------------------

#define LOAD_ELEM(T, type)                                               \
  OP_C(LoadElem##T,                                                      \
       if (MGO_UNLIKELY(c >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp); \
       RESULT(1, LoadAt<type>(Ptr<uint8_t>(fp[pc->b]) + c * sizeof(type)));)
FOR_LOADS(LOAD_ELEM)
#undef LOAD_ELEM
OP_C(LoadElemF64,
     if (MGO_UNLIKELY(c >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
     RESULT_F64(1, Ptr<double>(fp[pc->b])[c]);)
OP_C(LoadElem128,
     if (MGO_UNLIKELY(c >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
     Set(fp + pc->a, Ptr<Two>(fp[pc->b])[c]); NEXT(1);)
OP_C(LoadElem192,
     if (MGO_UNLIKELY(c >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
     Set(fp + pc->a, Ptr<Three>(fp[pc->b])[c]); NEXT(1);)
#define STORE_ELEM(T, type)                                               \
  OP_BC(StoreElem##T,                                                     \
        if (MGO_UNLIKELY(b >= fp[pc->a + 1])) TAIL(RaiseIndexAB, pc, fp); \
        StoreAt<type>(Ptr<uint8_t>(fp[pc->a]) + b * sizeof(type), c);     \
        NEXT_KEEP(1);)
FOR_STORES(STORE_ELEM)
#undef STORE_ELEM
OP_F64_C(StoreElemF64, Slot index = fp[pc->b];
         if (MGO_UNLIKELY(index >= fp[pc->a + 1])) TAIL(RaiseIndexAB, pc, fp);
         Ptr<double>(fp[pc->a])[index] = c; NEXT_KEEP(1);)
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
OP_C(ElemAddr, if (MGO_UNLIKELY(c >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
     RESULT(2, fp[pc->b] + c * pc->Word(1));)

// --- arithmetic with an operand or the result in memory ----------------------

#define F64_MEM(name, operation)                                            \
  OP(name) {                                                                \
    auto* base = Ptr<uint8_t>(fp[pc->b]);                                   \
    if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp);              \
    RESULT_F64(1, float_acc operation F64(LoadAt<uint64_t>(base + pc->c))); \
  }
F64_MEM(AddF64Mem, +)
F64_MEM(SubF64Mem, -)
F64_MEM(MulF64Mem, *)
#undef F64_MEM

OP(AddI64Elem) {
  Slot index = fp[pc->c];
  if (MGO_UNLIKELY(index >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
  RESULT(1, fp[pc->a] + Ptr<Slot>(fp[pc->b])[index]);
}
OP(AddF64Elem) {
  Slot index = fp[pc->c];
  if (MGO_UNLIKELY(index >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
  RESULT_F64(1, F64(fp[pc->a]) + Ptr<double>(fp[pc->b])[index]);
}
OP(MulAddF64Elem) {
  Slot index = fp[pc->c];
  if (MGO_UNLIKELY(index >= fp[pc->b + 1])) TAIL(RaiseIndexBC, pc, fp);
  RESULT_F64(1, F64(fp[pc->a]) + float_acc * Ptr<double>(fp[pc->b])[index]);
}

// The place of an update of memory at a + c.
#define TO_MEM(T, offset, value)                             \
  auto* base = Ptr<uint8_t>(fp[pc->a]);                      \
  if (MGO_UNLIKELY(base == nullptr)) TAIL(RaiseNil, pc, fp); \
  auto* at = reinterpret_cast<T*>(base + (offset));          \
  *at = (value)
OP_B(AddToMemI64, TO_MEM(Slot, pc->c, *at + b); NEXT(1);)
OP(AddToMemI64Imm) {
  TO_MEM(Slot, pc->c, *at + FromI64(Simm(pc->b)));
  NEXT(1);
}
OP_F64_B(AddToMemF64, TO_MEM(double, pc->c, *at + b); NEXT(1);)
OP_F64_B(SubToMemF64, TO_MEM(double, pc->c, *at - b); NEXT(1);)
OP(MulAddToMemF64) {
  TO_MEM(double, pc->Word(1), *at + F64(fp[pc->b]) * F64(fp[pc->c]));
  NEXT(2);
}
OP(MulSubToMemF64) {
  TO_MEM(double, pc->Word(1), *at - F64(fp[pc->b]) * F64(fp[pc->c]));
  NEXT(2);
}
#undef TO_MEM

// The same of element a[b].
#define TO_ELEM(T, value)                                               \
  Slot index = fp[pc->b];                                               \
  if (MGO_UNLIKELY(index >= fp[pc->a + 1])) TAIL(RaiseIndexAB, pc, fp); \
  T* at = Ptr<T>(fp[pc->a]) + index;                                    \
  *at = (value)
OP_C(AddToElemI64, TO_ELEM(Slot, *at + c); NEXT(1);)
OP(AddToElemI64Imm) {
  TO_ELEM(Slot, *at + FromI64(Simm(pc->c)));
  NEXT(1);
}
OP_F64_C(AddToElemF64, TO_ELEM(double, *at + c); NEXT(1);)
OP_F64_C(SubToElemF64, TO_ELEM(double, *at - c); NEXT(1);)
#undef TO_ELEM
// Go's order of the checks in an exchange: b before c.
#define SWAP_ELEM(T, barrier_on, with_barrier)               \
  Slot i = fp[pc->b], j = fp[pc->c], length = fp[pc->a + 1]; \
  if (MGO_UNLIKELY(i >= length)) TAIL(RaiseIndexAB, pc, fp); \
  if (MGO_UNLIKELY(j >= length)) TAIL(RaiseIndexAC, pc, fp); \
  if (MGO_UNLIKELY(barrier_on)) TAIL(with_barrier, pc, fp);  \
  Swap(Ptr<T>(fp[pc->a]) + i, Ptr<T>(fp[pc->a]) + j);        \
  NEXT(1)
OP(SwapElem64) { SWAP_ELEM(Slot, false, RaiseNil); }
COLD_OP(SwapElemPtrBarrier) {
  auto* elems = Ptr<Slot>(fp[pc->a]);
  Slot i = fp[pc->b], j = fp[pc->c], old = elems[i];
  StorePointerAt(reinterpret_cast<uint8_t*>(elems + i), elems[j]);
  StorePointerAt(reinterpret_cast<uint8_t*>(elems + j), old);
  NEXT(1);
}
OP(SwapElemPtr) {
  SWAP_ELEM(Slot, rt::gc_barrier_enabled != 0, SwapElemPtrBarrier);
}
COLD_OP(SwapElemStrBarrier) {
  auto* elems = Ptr<GoString>(fp[pc->a]);
  Slot i = fp[pc->b], j = fp[pc->c];
  GoString old = elems[i];
  rt::StoreString(elems + i, elems[j]);
  rt::StoreString(elems + j, old);
  NEXT(1);
}
OP(SwapElemStr) {
  SWAP_ELEM(Two, rt::gc_barrier_enabled != 0, SwapElemStrBarrier);
}
#undef SWAP_ELEM

// --- elements of arrays through a pointer ------------------------------------

// Nil pointers and bad indices share one unlikely branch.
#define LOAD_PTR_ELEM(T, type)                                                 \
  OP_C(LoadPtrElem##T, Slot base = fp[pc->b];                                  \
       if (MGO_UNLIKELY(c >= static_cast<uint32_t>(pc->Word(1)) || base == 0)) \
           TAIL(RaiseArrayBC, pc, fp);                                         \
       RESULT(2, LoadAt<type>(Ptr<uint8_t>(base) + c * sizeof(type)));)
FOR_LOADS(LOAD_PTR_ELEM)
#undef LOAD_PTR_ELEM
OP_C(LoadPtrElemF64, Slot base = fp[pc->b];
     if (MGO_UNLIKELY(c >= static_cast<uint32_t>(pc->Word(1)) || base == 0))
         TAIL(RaiseArrayBC, pc, fp);
     RESULT_F64(2, Ptr<double>(base)[c]);)
#define STORE_PTR_ELEM(T, type)                                               \
  OP_BC(                                                                      \
      StorePtrElem##T, Slot base = fp[pc->a];                                 \
      if (MGO_UNLIKELY(b >= static_cast<uint32_t>(pc->Word(1)) || base == 0)) \
          TAIL(RaiseArrayAB, pc, fp);                                         \
      StoreAt<type>(Ptr<uint8_t>(base) + b * sizeof(type), c); NEXT_KEEP(2);)
FOR_STORES(STORE_PTR_ELEM)
#undef STORE_PTR_ELEM
OP_F64_C(StorePtrElemF64, Slot index = fp[pc->b]; Slot base = fp[pc->a];
         if (MGO_UNLIKELY(index >= static_cast<uint32_t>(pc->Word(1)) ||
                          base == 0)) TAIL(RaiseArrayAB, pc, fp);
         Ptr<double>(base)[index] = c; NEXT_KEEP(2);)
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
OP_C(PtrElemAddr, Slot base = fp[pc->b]; CodeWord word = pc->Word(1);
     if (MGO_UNLIKELY(c >= static_cast<uint32_t>(word) || base == 0))
         TAIL(RaiseArrayBC, pc, fp);
     RESULT(2, base + c * (word >> 32));)
COLD_OP(RaiseBoundsAB) {
  StoreState(g, pc, fp, 0);
  RaiseIndex(g, fp[pc->a], I64(fp[pc->b]));
  TAIL(RaisePending, pc, fp);
}
OP(BoundsCheck) {
  if (MGO_UNLIKELY(fp[pc->a] >= fp[pc->b])) TAIL(RaiseBoundsAB, pc, fp);
  NEXT_KEEP(1);
}

// --- globals -----------------------------------------------------------------

#define LOAD_GLOBAL(T, type) \
  OP(LoadGlobal##T) { RESULT(2, LoadAt<type>(pc->Address<uint8_t>(1))); }
FOR_LOADS(LOAD_GLOBAL)
#undef LOAD_GLOBAL
#define STORE_GLOBAL(T, type)                                       \
  OP_A(StoreGlobal##T, StoreAt<type>(Ptr<uint8_t>(pc->Word(1)), a); \
       NEXT_KEEP(2);)
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

OP(New) { RESULT(2, FromPtr(rt::NewObject(g, pc->Address<TypeDesc>(1)))); }
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
