// What package sync waits on: semaphores, a count at an address; mutexes, a
// word; condition variables.
//
// Waiters stand in a table of buckets by address. All operations follow the
// protocol of switch.h: exec stored before, PickNext after kPark.
//
// A mutex is a word with two bits, kMutexLocked and kMutexWaiters; the second
// one changes with the bucket locked only, and whoever unlocks decides with the
// bucket locked what becomes of the first waiter. So no wake-up is ever under
// way that somebody else could take, and the lock cannot get lost or have two
// owners. As in Go an unlock opens the mutex and wakes the first waiter, which
// has to compete with whoever comes by: a running goroutine may lock again and
// again without a switch. But once the first waiter has waited for a
// millisecond the mutex is starving: it is not opened but handed over, so
// nobody gets in between, until a waiter comes first that has waited for less.
// A waiter that has lost goes back to the head of the line. Tried and left out:
// a semaphore and a count of waiters in the word; a token meant for one waiter
// could be taken by another one that had just counted itself in.
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

// A mutex's word.
inline constexpr uint32_t kMutexLocked = 1;
inline constexpr uint32_t kMutexWaiters = 2;
// Locks. True: done. False: parked; to be called again when the goroutine goes
// on, with `again`. `before_parking` is called, if it has to park, before
// anybody else may run the goroutine.
bool LockMutex(G* g, uint32_t* word, bool again, void (*before_parking)(G* g));
// Locks if nobody has it.
bool TryLockMutex(uint32_t* word);
// Unlocks; false: it was not locked.
bool UnlockMutex(uint32_t* word);

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
