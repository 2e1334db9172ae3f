// Strings, slices, maps, channels, interfaces, print.
#include <cstdlib>

#include "runtime/base/mutex.h"
#include "runtime/base/throw.h"
#include "runtime/chan/chan.h"
#include "runtime/gc/barrier.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/bounds_error.h"
#include "runtime/object/equality.h"
#include "runtime/object/iface.h"
#include "runtime/object/map.h"
#include "runtime/object/print.h"
#include "runtime/object/raise.h"
#include "runtime/object/slice.h"
#include "runtime/object/string.h"
#include "vm/interp/op.h"

namespace mgo::interp {

using rt::ChanStatus;
using rt::GoIface;
using rt::GoSlice;
using rt::GoString;
using rt::TypeDesc;

// --- strings -----------------------------------------------------------------

OP(Concat) {
  // Two or more strings side by side.
  auto* parts = reinterpret_cast<const GoString*>(fp + pc->b);
  Set(fp + pc->a, rt::ConcatStrings(g, parts, pc->c));
  NEXT(1);
}
OP(StrEq) {
  fp[pc->a] =
      rt::EqualStrings(Get<GoString>(fp + pc->b), Get<GoString>(fp + pc->c));
  NEXT(1);
}
OP(StrNe) {
  fp[pc->a] =
      !rt::EqualStrings(Get<GoString>(fp + pc->b), Get<GoString>(fp + pc->c));
  NEXT(1);
}
OP(StrLt) {
  fp[pc->a] = rt::CompareStrings(Get<GoString>(fp + pc->b),
                                 Get<GoString>(fp + pc->c)) < 0;
  NEXT(1);
}
OP(StrLe) {
  fp[pc->a] = rt::CompareStrings(Get<GoString>(fp + pc->b),
                                 Get<GoString>(fp + pc->c)) <= 0;
  NEXT(1);
}
OP(StrToBytes) {
  Set(fp + pc->a, rt::BytesFromString(g, Get<GoString>(fp + pc->b)));
  NEXT(1);
}
OP(StrToRunes) {
  Set(fp + pc->a, rt::RunesFromString(g, Get<GoString>(fp + pc->b)));
  NEXT(1);
}
OP(BytesToStr) {
  Set(fp + pc->a, rt::StringFromBytes(g, Get<GoSlice>(fp + pc->b)));
  NEXT(1);
}
OP(RunesToStr) {
  Set(fp + pc->a, rt::StringFromRunes(g, Get<GoSlice>(fp + pc->b)));
  NEXT(1);
}
OP(RuneToStr) {
  Set(fp + pc->a, rt::StringFromRune(g, I64(fp[pc->b])));
  NEXT(1);
}
COLD_OP(DecodeRuneCold) {
  GoString text = Get<GoString>(fp + pc->b);
  int64_t at = I64(fp[pc->c]);
  int32_t rune;
  int width = rt::DecodeRune(text.ptr + at, text.len - at, &rune);
  fp[pc->a] = FromI64(rune);
  fp[pc->Word(1)] = FromI64(at + width);
  NEXT(2);
}
OP(DecodeRune) {
  Slot at = fp[pc->c];
  uint8_t byte = Ptr<uint8_t>(fp[pc->b])[at];
  if (MGO_UNLIKELY(byte >= 0x80)) TAIL(DecodeRuneCold, pc, fp);
  fp[pc->a] = byte;
  fp[pc->Word(1)] = at + 1;
  NEXT(2);
}

// --- slicing -----------------------------------------------------------------

namespace {

// The bounds of a slicing instruction; absent ones filled in.
struct Bounds {
  int64_t lo, hi, max;
  bool has_max;
};

inline Bounds BoundsOf(const Inst* pc, const Slot* fp, int64_t len,
                       int64_t cap) {
  CodeWord word = pc->Word(1);
  uint16_t lo = static_cast<uint16_t>(word);
  uint16_t hi = static_cast<uint16_t>(word >> 16);
  uint16_t max = static_cast<uint16_t>(word >> 32);
  return {lo == kNoSlot ? 0 : I64(fp[lo]), hi == kNoSlot ? len : I64(fp[hi]),
          max == kNoSlot ? cap : I64(fp[max]), max != kNoSlot};
}

// 0 <= lo <= hi <= max <= cap.
inline bool InOrder(const Bounds& b, int64_t cap) {
  return static_cast<uint64_t>(b.max) <= static_cast<uint64_t>(cap) &&
         static_cast<uint64_t>(b.hi) <= static_cast<uint64_t>(b.max) &&
         static_cast<uint64_t>(b.lo) <= static_cast<uint64_t>(b.hi);
}

void RaiseSlicing(G* g, const Bounds& b, int64_t cap, bool is_capacity) {
  uint32_t bits = UnsignedBounds(g);
  rt::SliceBounds bounds{
      b.lo, b.hi, b.max, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
  if (b.has_max) {
    rt::RaiseSlice3Bounds(g, bounds, cap, is_capacity);
  } else {
    rt::RaiseSliceBounds(g, bounds, cap, is_capacity);
  }
}

}  // namespace

COLD_OP(RaiseSliceStr) {
  GoString from = Get<GoString>(fp + pc->b);
  StoreState(g, pc, fp, 0);
  RaiseSlicing(g, BoundsOf(pc, fp, from.len, from.len), from.len, false);
  TAIL(RaisePending, pc, fp);
}
OP(SliceStr) {
  GoString from = Get<GoString>(fp + pc->b);
  Bounds b = BoundsOf(pc, fp, from.len, from.len);
  if (MGO_UNLIKELY(!InOrder(b, from.len))) TAIL(RaiseSliceStr, pc, fp);
  Set(fp + pc->a, rt::SliceString(from, b.lo, b.hi));
  NEXT(2);
}
COLD_OP(RaiseSliceSlice) {
  GoSlice from = Get<GoSlice>(fp + pc->b);
  StoreState(g, pc, fp, 0);
  RaiseSlicing(g, BoundsOf(pc, fp, from.len, from.cap), from.cap, true);
  TAIL(RaisePending, pc, fp);
}
OP(SliceSlice) {
  GoSlice from = Get<GoSlice>(fp + pc->b);
  Bounds b = BoundsOf(pc, fp, from.len, from.cap);
  if (MGO_UNLIKELY(!InOrder(b, from.cap))) TAIL(RaiseSliceSlice, pc, fp);
  Set(fp + pc->a, rt::SliceSlice(from, b.lo, b.hi, b.max, pc->Word(2)));
  NEXT(3);
}
COLD_OP(RaiseSliceArray) {
  if (fp[pc->b] == 0) TAIL(RaiseNil, pc, fp);
  int64_t length = static_cast<int64_t>(pc->Word(2) >> 32);
  StoreState(g, pc, fp, 0);
  RaiseSlicing(g, BoundsOf(pc, fp, length, length), length, false);
  TAIL(RaisePending, pc, fp);
}
OP(SliceArray) {
  auto* base = Ptr<uint8_t>(fp[pc->b]);
  CodeWord word = pc->Word(2);
  int64_t length = static_cast<int64_t>(word >> 32);
  Bounds b = BoundsOf(pc, fp, length, length);
  if (MGO_UNLIKELY(base == nullptr || !InOrder(b, length))) {
    TAIL(RaiseSliceArray, pc, fp);
  }
  GoSlice from{base, length, length};
  Set(fp + pc->a,
      rt::SliceSlice(from, b.lo, b.hi, b.max, static_cast<uint32_t>(word)));
  NEXT(3);
}
COLD_OP(RaiseSliceToArray) {
  StoreState(g, pc, fp, 0);
  rt::RaiseBoundsError(g, rt::BoundsError::kConvert, fp[pc->b + 1], true,
                       I64(pc->Word(1)));
  TAIL(RaisePending, pc, fp);
}
OP(SliceToArray) {
  GoSlice from = Get<GoSlice>(fp + pc->b);
  if (MGO_UNLIKELY(from.len < I64(pc->Word(1)))) {
    TAIL(RaiseSliceToArray, pc, fp);
  }
  fp[pc->a] = FromPtr(from.ptr);
  NEXT(2);
}

// --- append and copy ---------------------------------------------------------

// Appends one scalar: store in place while there is room.
COLD_OP(AppendScalarCold) {
  GoSlice s = Get<GoSlice>(fp + pc->b);
  Slot value = fp[pc->c];
  const auto* elem = pc->Address<TypeDesc>(1);
  StoreState(g, pc, fp, 0);
  if (s.len == s.cap && !rt::GrowSlice(g, &s, 1, elem)) {
    TAIL(RaisePending, pc, fp);
  }
  uint8_t* at = s.ptr + static_cast<uint64_t>(s.len) * elem->size;
  if (elem->HasPointers()) {
    rt::StorePointer(reinterpret_cast<void**>(at), Ptr<void>(value));
  } else {
    std::memcpy(at, &value, elem->size);
  }
  s.len++;
  Set(fp + pc->a, s);
  NEXT(2);
}
#define APPEND(name, type)                         \
  OP(name) {                                       \
    GoSlice s = Get<GoSlice>(fp + pc->b);          \
    if (MGO_UNLIKELY(s.len >= s.cap)) {            \
      TAIL(AppendScalarCold, pc, fp);              \
    }                                              \
    type value = static_cast<type>(fp[pc->c]);     \
    reinterpret_cast<type*>(s.ptr)[s.len] = value; \
    s.len++;                                       \
    Set(fp + pc->a, s);                            \
    NEXT(2);                                       \
  }
APPEND(Append8, uint8_t)
APPEND(Append16, uint16_t)
APPEND(Append32, uint32_t)
APPEND(Append64, uint64_t)
#undef APPEND
OP(AppendPtr) {
  GoSlice s = Get<GoSlice>(fp + pc->b);
  if (MGO_UNLIKELY(s.len >= s.cap || rt::gc_barrier_enabled != 0)) {
    TAIL(AppendScalarCold, pc, fp);
  }
  reinterpret_cast<Slot*>(s.ptr)[s.len] = fp[pc->c];
  s.len++;
  Set(fp + pc->a, s);
  NEXT(2);
}
OP(AppendN) {
  GoSlice s = Get<GoSlice>(fp + pc->b);
  const auto* elem = pc->Address<TypeDesc>(1);
  StoreState(g, pc, fp, 0);
  if (s.len == s.cap && !rt::GrowSlice(g, &s, 1, elem)) {
    TAIL(RaisePending, pc, fp);
  }
  if (elem->size != 0) {
    rt::TypedCopy(s.ptr + static_cast<uint64_t>(s.len) * elem->size, fp + pc->c,
                  elem);
  }
  s.len++;
  Set(fp + pc->a, s);
  NEXT(2);
}
OP(AppendReserve) {
  GoSlice s = Get<GoSlice>(fp + pc->b);
  StoreState(g, pc, fp, 0);
  if (s.cap - s.len < pc->c &&
      !rt::GrowSlice(g, &s, pc->c, pc->Address<TypeDesc>(1))) {
    TAIL(RaisePending, pc, fp);
  }
  Set(fp + pc->a, s);
  NEXT(2);
}
OP(AppendSlice) {
  GoSlice s = Get<GoSlice>(fp + pc->b);
  StoreState(g, pc, fp, 0);
  if (!rt::AppendSlice(g, &s, Get<GoSlice>(fp + pc->c),
                       pc->Address<TypeDesc>(1))) {
    TAIL(RaisePending, pc, fp);
  }
  Set(fp + pc->a, s);
  NEXT(2);
}

namespace {

// What []byte's elements are, for appending a string.
const TypeDesc* ByteType() {
  static TypeDesc* type = [] {
    static TypeDesc t;
    t.self.type = &t;
    t.size = 1;
    t.align = 1;
    t.kind = rt::Kind::kUint8;
    t.flags = rt::kDirectIface | rt::kPlainEqual;
    return &t;
  }();
  return type;
}

}  // namespace

OP(AppendStr) {
  GoSlice s = Get<GoSlice>(fp + pc->b);
  StoreState(g, pc, fp, 0);
  if (!rt::AppendString(g, &s, Get<GoString>(fp + pc->c), ByteType())) {
    TAIL(RaisePending, pc, fp);
  }
  Set(fp + pc->a, s);
  NEXT(1);
}
OP(CopySlice) {
  int64_t n = rt::CopySlice(Get<GoSlice>(fp + pc->b), Get<GoSlice>(fp + pc->c),
                            pc->Address<TypeDesc>(1));
  if (pc->a != kNoSlot) fp[pc->a] = FromI64(n);
  NEXT(2);
}
OP(CopyStr) {
  int64_t n =
      rt::CopyString(Get<GoSlice>(fp + pc->b), Get<GoString>(fp + pc->c));
  if (pc->a != kNoSlot) fp[pc->a] = FromI64(n);
  NEXT(1);
}

// --- maps --------------------------------------------------------------------

namespace {

// What lookups that find nothing point at. Larger values than this are copied
// from a block made for them.
alignas(16) uint8_t zero_value[1024];

const void* ZeroOf(const TypeDesc* map_type) {
  uint64_t size = map_type->elem->size;
  if (MGO_LIKELY(size <= sizeof(zero_value))) return zero_value;
  static rt::Mutex lock(rt::LockRank::kLeaf);
  static uint8_t* large = nullptr;  // protector: lock
  static uint64_t large_size = 0;   // protector: lock
  rt::MutexLock guard(lock);
  if (large_size < size) {
    // The old block may still be pointed at: it stays.
    large = static_cast<uint8_t*>(calloc(1, size));
    if (large == nullptr) rt::Throw("out of memory");
    large_size = size;
  }
  return large;
}

}  // namespace

// Before a map is read whose flags say that this may be a fatal error: so that
// the trace shows where.
#define STORE_IF_FLAGGED(map)                                \
  do {                                                       \
    const rt::Map* map_ = (map);                             \
    if (MGO_UNLIKELY(map_ != nullptr && map_->flags != 0)) { \
      StoreState(g, pc, fp, 0);                              \
    }                                                        \
  } while (0)

// The three families with fast keys: K names the opcode suffix, KEY reads the
// key.
#define MAP_OPS(K, KEY)                                                    \
  OP(MapPtr##K) {                                                          \
    const auto* type = pc->Address<TypeDesc>(1);                           \
    auto* map = Ptr<rt::Map>(fp[pc->b]);                                   \
    STORE_IF_FLAGGED(map);                                                 \
    const void* at = rt::MapAccess##K(map, KEY(pc->c));                    \
    fp[pc->a] = FromPtr(at != nullptr ? at : ZeroOf(type));                \
    NEXT(2);                                                               \
  }                                                                        \
  OP(MapPtrOk##K) {                                                        \
    const auto* type = pc->Address<TypeDesc>(1);                           \
    auto* map = Ptr<rt::Map>(fp[pc->b]);                                   \
    STORE_IF_FLAGGED(map);                                                 \
    const void* at = rt::MapAccess##K(map, KEY(pc->c));                    \
    fp[pc->a] = FromPtr(at != nullptr ? at : ZeroOf(type));                \
    fp[pc->a + 1] = at != nullptr;                                         \
    NEXT(2);                                                               \
  }                                                                        \
  OP(MapAssign##K) {                                                       \
    StoreState(g, pc, fp, 0);                                              \
    void* at = rt::MapAssign##K(g, pc->Address<TypeDesc>(1),               \
                                Ptr<rt::Map>(fp[pc->b]), KEY(pc->c));      \
    if (MGO_UNLIKELY(at == nullptr)) TAIL(RaisePending, pc, fp);           \
    fp[pc->a] = FromPtr(at);                                               \
    NEXT(2);                                                               \
  }                                                                        \
  OP(MapDelete##K) {                                                       \
    StoreState(g, pc, fp, 0);                                              \
    rt::MapDelete##K(g, pc->Address<TypeDesc>(1), Ptr<rt::Map>(fp[pc->a]), \
                     KEY(pc->b));                                          \
    NEXT(2);                                                               \
  }
#define KEY64(slot) fp[slot]
#define KEY32(slot) static_cast<uint32_t>(fp[slot])
#define KEYSTR(slot) Get<GoString>(fp + (slot))
MAP_OPS(64, KEY64)
MAP_OPS(32, KEY32)
MAP_OPS(Str, KEYSTR)
#undef MAP_OPS

OP(MapPtr) {
  const auto* type = pc->Address<TypeDesc>(1);
  void* at;
  StoreState(g, pc, fp, 0);
  if (!rt::MapAccess(g, type, Ptr<rt::Map>(fp[pc->b]), fp + pc->c, &at)) {
    TAIL(RaisePending, pc, fp);
  }
  fp[pc->a] = FromPtr(at != nullptr ? at : ZeroOf(type));
  NEXT(2);
}
OP(MapPtrOk) {
  const auto* type = pc->Address<TypeDesc>(1);
  void* at;
  StoreState(g, pc, fp, 0);
  if (!rt::MapAccess(g, type, Ptr<rt::Map>(fp[pc->b]), fp + pc->c, &at)) {
    TAIL(RaisePending, pc, fp);
  }
  fp[pc->a] = FromPtr(at != nullptr ? at : ZeroOf(type));
  fp[pc->a + 1] = at != nullptr;
  NEXT(2);
}
OP(MapAssign) {
  StoreState(g, pc, fp, 0);
  void* at = rt::MapAssign(g, pc->Address<TypeDesc>(1), Ptr<rt::Map>(fp[pc->b]),
                           fp + pc->c);
  if (MGO_UNLIKELY(at == nullptr)) TAIL(RaisePending, pc, fp);
  fp[pc->a] = FromPtr(at);
  NEXT(2);
}
OP(MapDelete) {
  StoreState(g, pc, fp, 0);
  if (!rt::MapDelete(g, pc->Address<TypeDesc>(1), Ptr<rt::Map>(fp[pc->a]),
                     fp + pc->b)) {
    TAIL(RaisePending, pc, fp);
  }
  NEXT(2);
}
OP(MapGet64To64) {
  auto* map = Ptr<rt::Map>(fp[pc->b]);
  STORE_IF_FLAGGED(map);
  const auto* at = static_cast<const Slot*>(rt::MapAccess64(map, fp[pc->c]));
  fp[pc->a] = at == nullptr ? 0 : *at;
  NEXT(2);
}
OP(MapGetStrTo64) {
  auto* map = Ptr<rt::Map>(fp[pc->b]);
  STORE_IF_FLAGGED(map);
  const auto* at = static_cast<const Slot*>(
      rt::MapAccessStr(map, Get<GoString>(fp + pc->c)));
  fp[pc->a] = at == nullptr ? 0 : *at;
  NEXT(2);
}
OP(MapClear) {
  StoreState(g, pc, fp, 0);
  rt::MapClear(g, pc->Address<TypeDesc>(1), Ptr<rt::Map>(fp[pc->a]));
  NEXT(2);
}
OP(MapLen) {
  const auto* map = Ptr<rt::Map>(fp[pc->b]);
  fp[pc->a] = map == nullptr ? 0 : FromI64(map->count);
  NEXT(1);
}
OP(MapIterInit) {
  STORE_IF_FLAGGED(Ptr<rt::Map>(fp[pc->b]));
  rt::MapIterInit(pc->Address<TypeDesc>(1), Ptr<rt::Map>(fp[pc->b]),
                  reinterpret_cast<rt::MapIter*>(fp + pc->a));
  NEXT(2);
}
OP(MapIterNext) {
  STORE_IF_FLAGGED(reinterpret_cast<rt::MapIter*>(fp + pc->a)->map);
  if (rt::MapIterNext(reinterpret_cast<rt::MapIter*>(fp + pc->a))) NEXT(1);
  NEXT(pc->Imm32());
}

// --- channels ----------------------------------------------------------------

OP(Send) {
  StoreState(g, pc, fp, 1);
  switch (rt::ChanSend(g, Ptr<rt::Chan>(fp[pc->a]), fp + pc->b)) {
    case ChanStatus::kDone:
      NEXT_STOP(1);
    case ChanStatus::kPark:
      TAIL(SwitchAway, pc, fp);
    case ChanStatus::kPanic:
      break;
  }
  TAIL(RaisePending, pc, fp);
}
OP(Recv) {
  StoreState(g, pc, fp, 1);
  void* to = pc->a == kNoSlot ? nullptr : fp + pc->a;
  Slot* ok = pc->c == kNoSlot ? nullptr : fp + pc->c;
  switch (rt::ChanReceive(g, Ptr<rt::Chan>(fp[pc->b]), to, ok)) {
    case ChanStatus::kDone:
      NEXT_STOP(1);
    case ChanStatus::kPark:
      TAIL(SwitchAway, pc, fp);
    case ChanStatus::kPanic:
      break;
  }
  TAIL(RaisePending, pc, fp);
}
OP(Close) {
  StoreState(g, pc, fp, 1);
  if (rt::ChanClose(g, Ptr<rt::Chan>(fp[pc->a])) == ChanStatus::kPanic) {
    TAIL(RaisePending, pc, fp);
  }
  NEXT(1);
}
OP(ChanLen) {
  fp[pc->a] = FromI64(rt::ChanLen(Ptr<rt::Chan>(fp[pc->b])));
  NEXT(1);
}
OP(ChanCap) {
  fp[pc->a] = FromI64(rt::ChanCap(Ptr<rt::Chan>(fp[pc->b])));
  NEXT(1);
}

namespace {

// Runs a select instruction whose case records lie in the frame.
[[gnu::noinline]] ChanStatus RunSelect(const Inst* pc, Slot* fp, G* g) {
  constexpr uint32_t kFewCases = 16;
  rt::SelectCase few[kFewCases];
  uint32_t count = pc->c;
  rt::SelectCase* cases = few;
  if (count > kFewCases) {
    cases =
        static_cast<rt::SelectCase*>(malloc(count * sizeof(rt::SelectCase)));
  }
  const auto* records =
      reinterpret_cast<const bytecode::SelectCaseSlots*>(fp + pc->b);
  fp[pc->a + 1] = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint16_t slot = static_cast<uint16_t>(records[i].elem);
    cases[i].chan = Ptr<rt::Chan>(records[i].chan);
    cases[i].elem = slot == kNoSlot ? nullptr : fp + slot;
    cases[i].is_send = (records[i].elem & bytecode::kSelectSend) != 0;
    cases[i].ok = cases[i].is_send ? nullptr : fp + pc->a + 1;
  }
  ChanStatus status = rt::Select(g, cases, count, pc->Word(1) != 0, fp + pc->a);
  if (cases != few) free(cases);
  return status;
}

}  // namespace

OP(Select) {
  StoreState(g, pc, fp, 2);
  switch (RunSelect(pc, fp, g)) {
    case ChanStatus::kDone:
      NEXT_STOP(2);
    case ChanStatus::kPark:
      TAIL(SwitchAway, pc, fp);
    case ChanStatus::kPanic:
      break;
  }
  TAIL(RaisePending, pc, fp);
}

// --- interfaces --------------------------------------------------------------

OP(TypeOf) {
  const auto* word = Ptr<rt::TypeWord>(fp[pc->b]);
  fp[pc->a] = word == nullptr ? 0 : FromPtr(word->type);
  NEXT(1);
}
OP(AssertIface) {
  GoIface result;
  StoreState(g, pc, fp, 0);
  if (!rt::AssertIface(g, pc->Address<TypeDesc>(1), Get<GoIface>(fp + pc->b),
                       &result)) {
    TAIL(RaisePending, pc, fp);
  }
  Set(fp + pc->a, result);
  NEXT(2);
}
OP(AssertIfaceOk) {
  GoIface result;
  bool ok = rt::TryAssertIface(pc->Address<TypeDesc>(1),
                               Get<GoIface>(fp + pc->b), &result);
  Set(fp + pc->a, result);
  fp[pc->c] = ok;
  NEXT(2);
}
OP(PanicAssert) {
  StoreState(g, pc, fp, 0);
  rt::RaiseAssertion(g, pc->Address<TypeDesc>(2), Get<GoIface>(fp + pc->a),
                     pc->Address<TypeDesc>(1));
  TAIL(RaisePending, pc, fp);
}

namespace {

// Compares two values; false: a panic was raised.
[[gnu::noinline]] bool CompareValues(G* g, const TypeDesc* type, const Slot* a,
                                     const Slot* b, Slot* result) {
  const TypeDesc* bad = nullptr;
  rt::EqualResult equal =
      type == nullptr ? rt::EqualIface(Get<GoIface>(a), Get<GoIface>(b), &bad)
                      : rt::Equal(type, a, b, &bad);
  if (equal == rt::EqualResult::kUncomparable) {
    rt::RaiseUncomparable(g, bad);
    return false;
  }
  *result = equal == rt::EqualResult::kEqual;
  return true;
}

}  // namespace

OP(IfaceEq) {
  StoreState(g, pc, fp, 0);
  if (!CompareValues(g, nullptr, fp + pc->b, fp + pc->c, fp + pc->a)) {
    TAIL(RaisePending, pc, fp);
  }
  NEXT(1);
}
OP(ValueEq) {
  StoreState(g, pc, fp, 0);
  if (!CompareValues(g, pc->Address<TypeDesc>(1), fp + pc->b, fp + pc->c,
                     fp + pc->a)) {
    TAIL(RaisePending, pc, fp);
  }
  NEXT(2);
}

// --- print -------------------------------------------------------------------

namespace {

// The text of this thread's print statement so far.
thread_local rt::PrintBuffer print_buffer;

// Writes the text once the statement is complete. Its instructions follow each
// other with no safepoint in between, so whatever comes next that prints as
// well may join it; but a line is written when it ends.
void FlushBefore(const Inst* next) {
  switch (static_cast<Opcode>(next->op)) {
    case Opcode::kPrint:
    case Opcode::kPrintSpace:
    case Opcode::kPrintLine:
      return;
    default:
      print_buffer.Flush();
  }
}

[[gnu::noinline]] void PrintOne(const Inst* pc, const Slot* value) {
  print_buffer.Value(pc->Address<TypeDesc>(1), value);
  FlushBefore(pc + 2);
}

[[gnu::noinline]] void PrintBlank(const Inst* pc) {
  print_buffer.Text(" ");
  FlushBefore(pc + 1);
}

[[gnu::noinline]] void EndPrintedLine() {
  print_buffer.Text("\n");
  print_buffer.Flush();
}

}  // namespace

OP(Print) {
  PrintOne(pc, fp + pc->a);
  NEXT(2);
}
OP(PrintSpace) {
  PrintBlank(pc);
  NEXT(1);
}
OP(PrintLine) {
  EndPrintedLine();
  NEXT(1);
}

}  // namespace mgo::interp
