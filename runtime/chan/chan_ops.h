// What chan.cpp and select.cpp share: the parts of operations that are done
// with the channel's lock held. Not for others.
#ifndef MGO_RUNTIME_CHAN_CHAN_OPS_H_
#define MGO_RUNTIME_CHAN_CHAN_OPS_H_

#include <cstring>

#include "runtime/chan/chan.h"
#include "runtime/gc/mutator.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt::chan_ops {

// With one P there is one thread that can touch a channel, and it is not
// interrupted inside an operation. The number of Ps changes with the world
// stopped only. Debug builds lock always, to check the order.
inline bool NeedsLock() {
#ifdef MGO_DEBUG
  return true;
#else
  return sched.proc_count > 1;
#endif
}
inline void Lock(Chan* c) {
  if (NeedsLock()) c->lock.Lock();
}
inline void Unlock(Chan* c) {
  if (NeedsLock()) c->lock.Unlock();
}

// Copies an element from memory to memory, without barrier: to frames.
inline void CopyElem(void* to, const void* from, uint64_t size) {
  if (size == 8) {
    memcpy(to, from, 8);
  } else {
    memcpy(to, from, size);
  }
}

// Copies an element into the slots of a frame.
inline void CopyToFrame(void* dst, const void* from, uint64_t size) {
  if (size < 8 && size != 0) memset(dst, 0, 8);
  CopyElem(dst, from, size);
}

// Zeroes a receive's destination.
inline void ClearFrame(void* dst, uint64_t size) {
  memset(dst, 0, (size + 7) & ~uint64_t{7});
}

// The place of an element in the buffer.
inline uint8_t* BufferAt(Chan* c, uint64_t index) {
  return c->buffer + index * c->elem->size;
}
inline uint64_t NextIndex(const Chan* c, uint64_t index) {
  return index + 1 == c->capacity ? 0 : index + 1;
}

inline void EnqueueSudog(WaitQueue* queue, Sudog* sudog) {
  sudog->next = nullptr;
  sudog->prev = queue->last;
  sudog->queued = true;
  if (queue->last == nullptr) {
    queue->first = sudog;
  } else {
    queue->last->next = sudog;
  }
  queue->last = sudog;
}

inline void RemoveSudog(WaitQueue* queue, Sudog* sudog) {
  (sudog->prev == nullptr ? queue->first : sudog->prev->next) = sudog->next;
  (sudog->next == nullptr ? queue->last : sudog->next->prev) = sudog->prev;
  sudog->next = sudog->prev = nullptr;
  sudog->queued = false;
}

// The first waiter that is still to be had: a select that another channel has
// won is passed over. Null: none.
inline Sudog* DequeueWaiter(WaitQueue* queue) {
  for (;;) {
    Sudog* sudog = queue->first;
    if (sudog == nullptr) return nullptr;
    RemoveSudog(queue, sudog);
    if (sudog->is_select) {
      uint32_t open = 0;
      if (!sudog->g->select_done.compare_exchange_strong(open, 1)) continue;
    }
    return sudog;
  }
}

// Whether a waiter is to be had, without taking it: a select's own case counts,
// since with the locks held nobody else decides.
inline bool HasWaiter(const WaitQueue* queue) {
  for (const Sudog* s = queue->first; s != nullptr; s = s->next) {
    if (!s->is_select || s->g->select_done.load() == 0) return true;
  }
  return false;
}

// Lets a waiter go on: it was served (or its channel was closed: `ok` false).
inline void WakeServed(Sudog* sudog, bool ok) {
  G* g = sudog->g;
  if (sudog->ok != nullptr) *sudog->ok = ok ? 1 : 0;
  if (sudog->case_index != nullptr) *sudog->case_index = sudog->index;
  if (!sudog->is_select) g->waiting = nullptr;
  Goready(g);
}

// Puts an element into the buffer, which has room.
void PutBuffer(Chan* c, const void* value);
// Takes an element out of the buffer, which is not empty. dst may be null.
void TakeBuffer(Chan* c, void* dst);
// Serves a waiting receiver with a value.
void ServeReceiver(Chan* c, Sudog* receiver, const void* value);
// Takes the value of a waiting sender (the buffer, if any, is full).
void TakeFromSender(Chan* c, Sudog* sender, void* dst);
// A sudog of g set up for one case.
void InitSudog(Sudog* sudog, G* g, Chan* c, void* elem, Slot* ok, bool is_send);

}  // namespace mgo::rt::chan_ops

#endif  // MGO_RUNTIME_CHAN_CHAN_OPS_H_
