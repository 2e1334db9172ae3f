// Select.
//
// Three passes, with all channels locked in order of address: look at the cases
// in random order for one that is ready; if none is (and there is no default),
// stand in line at every channel; and, when one of them has served the
// goroutine, leave the other lines. The last pass is left to whoever runs the
// goroutine next (G::on_resume), since the C++ stack of this call is gone by
// then; which case it was, and its results, the server has stored already.
// Several channels may want to serve it at once: the one that sets
// G::select_done does.
#include <algorithm>
#include <cstdlib>

#include "runtime/base/compiler.h"
#include "runtime/base/fastrand.h"
#include "runtime/base/throw.h"
#include "runtime/chan/chan_ops.h"
#include "runtime/sched/defer.h"

namespace mgo::rt {

using namespace chan_ops;

namespace {

// Selects of up to so many cases need no memory.
constexpr uint32_t kFewCases = 16;

// The two orders, as indices of cases.
struct Orders {
  uint16_t few[2 * kFewCases];
  uint16_t* poll;
  uint16_t* lock;
  uint32_t count;  // cases whose channel is not nil
  bool allocated = false;

  ~Orders() {
    if (allocated) free(poll);
  }
};

void MakeOrders(const SelectCase* cases, uint32_t count, Orders* orders) {
  orders->poll = orders->few;
  orders->lock = orders->few + kFewCases;
  if (count > kFewCases) {
    orders->poll = static_cast<uint16_t*>(malloc(2 * count * sizeof(uint16_t)));
    if (orders->poll == nullptr) Throw("out of memory");
    orders->lock = orders->poll + count;
    orders->allocated = true;
  }
  uint32_t n = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (cases[i].chan == nullptr) continue;
    // Inside-out shuffle.
    uint32_t j = n == 0 ? 0 : FastRandN(n + 1);
    orders->poll[n] = orders->poll[j];
    orders->poll[j] = static_cast<uint16_t>(i);
    orders->lock[n++] = static_cast<uint16_t>(i);
  }
  orders->count = n;
  auto before = [cases](uint16_t a, uint16_t b) {
    return cases[a].chan < cases[b].chan;
  };
  if (n == 2) {
    if (before(orders->lock[1], orders->lock[0])) {
      std::swap(orders->lock[0], orders->lock[1]);
    }
  } else if (n > 2) {
    std::sort(orders->lock, orders->lock + n, before);
  }
}

void LockAll(const SelectCase* cases, const Orders& orders) {
  if (!NeedsLock()) return;
  Chan* last = nullptr;
  for (uint32_t i = 0; i < orders.count; i++) {
    Chan* c = cases[orders.lock[i]].chan;
    if (c != last) c->lock.LockNested();
    last = c;
  }
}

void UnlockAll(const SelectCase* cases, const Orders& orders) {
  if (!NeedsLock()) return;
  Chan* last = nullptr;
  for (uint32_t i = 0; i < orders.count; i++) {
    Chan* c = cases[orders.lock[i]].chan;
    if (c != last) c->lock.Unlock();
    last = c;
  }
}

enum class Tried { kNotReady, kDone, kSendOnClosed };

// Does a case if it is ready.
Tried TryCase(const SelectCase& one) {
  Chan* c = one.chan;
  if (one.is_send) {
    if (c->closed) return Tried::kSendOnClosed;
    if (Sudog* receiver = DequeueWaiter(&c->receivers)) {
      ServeReceiver(c, receiver, one.elem);
      return Tried::kDone;
    }
    if (c->count == c->capacity) return Tried::kNotReady;
    PutBuffer(c, one.elem);
    return Tried::kDone;
  }
  if (Sudog* sender = DequeueWaiter(&c->senders)) {
    TakeFromSender(c, sender, one.elem);
  } else if (c->count > 0) {
    TakeBuffer(c, one.elem);
  } else if (c->closed) {
    if (one.elem != nullptr) ClearFrame(one.elem, c->elem->size);
    if (one.ok != nullptr) *one.ok = 0;
    return Tried::kDone;
  } else {
    return Tried::kNotReady;
  }
  if (one.ok != nullptr) *one.ok = 1;
  return Tried::kDone;
}

// The third pass: the goroutine is about to run.
void LeaveLines(G* g) {
  Sudog* sudog = g->waiting;
  g->waiting = nullptr;
  while (sudog != nullptr) {
    Sudog* next = sudog->wait_link;
    auto* c = static_cast<Chan*>(sudog->chan);
    Lock(c);
    if (sudog->queued) {
      RemoveSudog(sudog->is_send ? &c->senders : &c->receivers, sudog);
    }
    Unlock(c);
    if (sudog == &g->sudog) {
      sudog->is_select = false;
      sudog->wait_link = nullptr;
    } else {
      ReleaseSudog(g->p, sudog);
    }
    sudog = next;
  }
}

// The second pass.
void StandInLines(G* g, const SelectCase* cases, const Orders& orders,
                  Slot* index) {
  g->select_done.store(0, std::memory_order_relaxed);
  g->on_resume = LeaveLines;
  Sudog** link = &g->waiting;
  for (uint32_t i = 0; i < orders.count; i++) {
    uint32_t n = orders.lock[i];
    const SelectCase& one = cases[n];
    Sudog* sudog = i == 0 ? &g->sudog : AcquireSudog(g->p);
    InitSudog(sudog, g, one.chan, one.elem, one.ok, one.is_send);
    sudog->is_select = true;
    sudog->case_index = index;
    sudog->index = n;
    if (!one.is_send && one.elem != nullptr) {
      ClearFrame(one.elem, one.chan->elem->size);
    }
    *link = sudog;
    link = &sudog->wait_link;
    EnqueueSudog(one.is_send ? &one.chan->senders : &one.chan->receivers,
                 sudog);
  }
}

}  // namespace

ChanStatus Select(G* g, const SelectCase* cases, uint32_t count,
                  bool has_default, Slot* index) {
  Orders orders;
  MakeOrders(cases, count, &orders);
  LockAll(cases, orders);
  for (uint32_t i = 0; i < orders.count; i++) {
    uint32_t n = orders.poll[i];
    Tried tried = TryCase(cases[n]);
    if (tried == Tried::kNotReady) continue;
    UnlockAll(cases, orders);
    if (tried == Tried::kSendOnClosed) {
      SetRuntimeError(g, RuntimeErrorKind::kPlainString,
                      "send on closed channel");
      return ChanStatus::kPanic;
    }
    *index = n;
    return ChanStatus::kDone;
  }
  if (has_default) {
    UnlockAll(cases, orders);
    *index = static_cast<Slot>(int64_t{-1});
    return ChanStatus::kDone;
  }
  StandInLines(g, cases, orders, index);
  Gopark(g, count == 0 ? WaitReason::kSelectNoCases : WaitReason::kSelect);
  UnlockAll(cases, orders);
  return ChanStatus::kPark;
}

}  // namespace mgo::rt
