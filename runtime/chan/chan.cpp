#include "runtime/chan/chan.h"

#include <cstddef>
#include <new>

#include "runtime/base/compiler.h"
#include "runtime/chan/chan_ops.h"
#include "runtime/gc/barrier.h"
#include "runtime/sched/defer.h"

namespace mgo::rt {

using namespace chan_ops;

namespace {

// The header's pointers: buffer and timer.
constexpr uint64_t kChanMask[] = {0b11};
static_assert(offsetof(Chan, buffer) == 0 && offsetof(Chan, timer) == 8);

TypeDesc MakeChanType() {
  TypeDesc type = {};
  type.size = sizeof(Chan);
  type.pointer_bytes = 16;
  type.ptr_mask = kChanMask;
  type.align = 8;
  type.kind = Kind::kStruct;
  type.string = "runtime.hchan";
  return type;
}
const TypeDesc kChanType = MakeChanType();

// As Go's: elements and header must fit the address space.
constexpr uint64_t kMaxAlloc = uint64_t{1} << 47;

ChanStatus PanicWith(G* g, const char* text) {
  SetRuntimeError(g, RuntimeErrorKind::kPlainString, text);
  return ChanStatus::kPanic;
}

}  // namespace

namespace chan_ops {

void PutBuffer(Chan* c, const void* value) {
  const TypeDesc* elem = c->elem;
  if (elem->size != 0) {
    uint8_t* place = BufferAt(c, c->send_index);
    if (MGO_LIKELY(gc_barrier_enabled == 0)) {
      CopyElem(place, value, elem->size);
    } else {
      TypedCopy(place, value, elem);
    }
  }
  c->send_index = NextIndex(c, c->send_index);
  c->count++;
}

void TakeBuffer(Chan* c, void* dst) {
  const TypeDesc* elem = c->elem;
  if (elem->size != 0) {
    uint8_t* place = BufferAt(c, c->receive_index);
    if (dst != nullptr) CopyToFrame(dst, place, elem->size);
    if (elem->pointer_bytes != 0) TypedClear(place, elem, 1);
  }
  c->receive_index = NextIndex(c, c->receive_index);
  c->count--;
}

void ServeReceiver(Chan* c, Sudog* receiver, const void* value) {
  // A write into another goroutine's frame: it is parked, and frame slots have
  // no barrier.
  if (receiver->elem != nullptr) {
    CopyToFrame(receiver->elem, value, c->elem->size);
  }
  WakeServed(receiver, true);
}

void TakeFromSender(Chan* c, Sudog* sender, void* dst) {
  if (c->capacity == 0) {
    if (dst != nullptr) CopyToFrame(dst, sender->elem, c->elem->size);
  } else {
    // The buffer is full: its first goes out, the sender's value comes in last.
    TakeBuffer(c, dst);
    PutBuffer(c, sender->elem);
  }
  WakeServed(sender, true);
}

void InitSudog(Sudog* sudog, G* g, Chan* c, void* elem, Slot* ok,
               bool is_send) {
  sudog->g = g;
  sudog->wait_link = nullptr;
  sudog->elem = elem;
  sudog->ok = ok;
  sudog->case_index = nullptr;
  sudog->chan = c;
  sudog->elem_type = c->elem;
  sudog->is_select = false;
  sudog->is_send = is_send;
}

}  // namespace chan_ops

Chan* MakeChan(G* g, const TypeDesc* elem, int64_t capacity) {
  auto n = static_cast<uint64_t>(capacity);
  uint64_t bytes;
  if (capacity < 0 || __builtin_mul_overflow(n, elem->size, &bytes) ||
      bytes > kMaxAlloc - sizeof(Chan)) {
    PanicWith(g, "makechan: size out of range");
    return nullptr;
  }
  // No collection can come between: the buffer need not be rooted.
  uint8_t* buffer = nullptr;
  if (bytes != 0) buffer = static_cast<uint8_t*>(NewArray(g, elem, n));
  auto* c = static_cast<Chan*>(NewObject(g, &kChanType));
  c->buffer = buffer;
  c->elem = elem;
  c->capacity = n;
  new (&c->lock) Mutex(LockRank::kChan);
  return c;
}

ChanStatus ChanSend(G* g, Chan* c, const void* value) {
  if (MGO_UNLIKELY(c == nullptr)) {
    Gopark(g, WaitReason::kChanSendNil);
    return ChanStatus::kPark;
  }
  Lock(c);
  if (MGO_UNLIKELY(c->closed)) {
    Unlock(c);
    return PanicWith(g, "send on closed channel");
  }
  if (Sudog* receiver = DequeueWaiter(&c->receivers)) {
    ServeReceiver(c, receiver, value);
    Unlock(c);
    return ChanStatus::kDone;
  }
  if (c->count < c->capacity) {
    PutBuffer(c, value);
    Unlock(c);
    return ChanStatus::kDone;
  }
  Sudog* sudog = &g->sudog;
  InitSudog(sudog, g, c, const_cast<void*>(value), nullptr, true);
  g->waiting = sudog;
  EnqueueSudog(&c->senders, sudog);
  Gopark(g, WaitReason::kChanSend);
  Unlock(c);
  return ChanStatus::kPark;
}

ChanStatus ChanReceive(G* g, Chan* c, void* dst, Slot* ok) {
  if (MGO_UNLIKELY(c == nullptr)) {
    Gopark(g, WaitReason::kChanReceiveNil);
    return ChanStatus::kPark;
  }
  Lock(c);
  if (Sudog* sender = DequeueWaiter(&c->senders)) {
    TakeFromSender(c, sender, dst);
    if (ok != nullptr) *ok = 1;
    Unlock(c);
    return ChanStatus::kDone;
  }
  if (c->count > 0) {
    TakeBuffer(c, dst);
    if (ok != nullptr) *ok = 1;
    Unlock(c);
    return ChanStatus::kDone;
  }
  if (dst != nullptr) ClearFrame(dst, c->elem->size);
  if (c->closed) {
    Unlock(c);
    if (ok != nullptr) *ok = 0;
    return ChanStatus::kDone;
  }
  Sudog* sudog = &g->sudog;
  InitSudog(sudog, g, c, dst, ok, false);
  g->waiting = sudog;
  EnqueueSudog(&c->receivers, sudog);
  Gopark(g, WaitReason::kChanReceive);
  Unlock(c);
  return ChanStatus::kPark;
}

ChanStatus ChanClose(G* g, Chan* c) {
  if (c == nullptr) return PanicWith(g, "close of nil channel");
  Lock(c);
  if (c->closed) {
    Unlock(c);
    return PanicWith(g, "close of closed channel");
  }
  c->closed = true;
  while (Sudog* s = DequeueWaiter(&c->receivers)) WakeServed(s, false);
  while (Sudog* s = DequeueWaiter(&c->senders)) {
    // It does its send over, and panics.
    s->g->exec.pc = s->g->retry_pc;
    WakeServed(s, false);
  }
  Unlock(c);
  return ChanStatus::kDone;
}

int64_t ChanLen(Chan* c) {
  if (c == nullptr || c->timer != nullptr) return 0;
  Lock(c);
  auto count = static_cast<int64_t>(c->count);
  Unlock(c);
  return count;
}

int64_t ChanCap(Chan* c) {
  if (c == nullptr || c->timer != nullptr) return 0;
  return static_cast<int64_t>(c->capacity);
}

bool ChanTrySend(Chan* c, const void* value) {
  Lock(c);
  bool sent = true;
  if (c->closed) {
    sent = false;
  } else if (Sudog* receiver = DequeueWaiter(&c->receivers)) {
    ServeReceiver(c, receiver, value);
  } else if (c->count < c->capacity) {
    PutBuffer(c, value);
  } else {
    sent = false;
  }
  Unlock(c);
  return sent;
}

bool ChanDrain(Chan* c) {
  Lock(c);
  bool any = c->count > 0;
  while (c->count > 0) TakeBuffer(c, nullptr);
  Unlock(c);
  return any;
}

}  // namespace mgo::rt
