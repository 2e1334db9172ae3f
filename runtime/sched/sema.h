// Semaphores for package sync: a count at an address that goroutines wait for.
//
// Waiters stand in a table of buckets by address. All operations follow the
// protocol of switch.h: exec stored before, PickNext after kPark.
#ifndef MGO_RUNTIME_SCHED_SEMA_H_
#define MGO_RUNTIME_SCHED_SEMA_H_

#include <cstdint>

#include "runtime/sched/g.h"

namespace mgo::rt {

// Waits until *address > 0 and takes one. True: done at once. False: parked;
// when the goroutine goes on, it has its one. `lifo`: in front of the line.
bool SemAcquire(G* g, uint32_t* address, bool lifo, WaitReason reason);
// Adds one and wakes a waiter, to which the count is handed over. `handoff`:
// the waiter runs next.
void SemRelease(uint32_t* address, bool handoff);
// Goroutines that wait at the address.
uint32_t SemWaiters(uint32_t* address);

// sync.Cond's list: ticket numbers and waiters; lies in guest memory (zero is a
// fresh one), 24 bytes.
struct NotifyList {
  uint32_t wait;    // next ticket
  uint32_t notify;  // tickets below are notified
  // Sudogs, first and last; protector: a lock found by address.
  Sudog* first;
  Sudog* last;
};
// Takes a ticket: before the caller unlocks the Locker.
uint32_t NotifyListAdd(NotifyList* list);
// Waits for the ticket to be notified. True: it has been. False: parked.
bool NotifyListWait(G* g, NotifyList* list, uint32_t ticket);
void NotifyListNotifyOne(NotifyList* list);
void NotifyListNotifyAll(NotifyList* list);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_SEMA_H_
