// Waiters stand in buckets by the hash of the address. A bucket has a list of
// the first waiter for each address (linked by `prev`); the others for that
// address follow it by `next`, and it knows the last of them (`sema_tail`). The
// count of waiters is looked at without the lock, so that a release that nobody
// waits for takes none: the releaser adds to the semaphore first and looks
// then, the waiter counts itself first and then looks at the semaphore.
#include "runtime/sched/sema.h"

#include <atomic>

#include "runtime/base/mutex.h"
#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

constexpr uint32_t kBuckets = 1024;

struct SemaRoot {
  Mutex lock{LockRank::kSemaRoot};
  std::atomic<uint32_t> waiters{0};  // all addresses; written with lock
  Sudog* first = nullptr;            // protector: lock
};
SemaRoot roots[kBuckets];

struct NotifyLock {
  Mutex lock{LockRank::kNotifyList};
};
NotifyLock notify_locks[64];

uint32_t HashAddress(const void* address) {
  uint64_t h = reinterpret_cast<uintptr_t>(address) >> 2;
  return static_cast<uint32_t>(h * 0x9e3779b97f4a7c15u >> 40);
}

SemaRoot& RootOf(const void* address) {
  return roots[HashAddress(address) % kBuckets];
}

// Takes one if there is one.
bool TryTake(uint32_t* address) {
  std::atomic_ref<uint32_t> count(*address);
  uint32_t n = count.load(std::memory_order_relaxed);
  while (n > 0) {
    if (count.compare_exchange_weak(n, n - 1, std::memory_order_acquire)) {
      return true;
    }
  }
  return false;
}

// The place where the list of first waiters points at the one for `address`, or
// its null end.
Sudog** FindFirst(SemaRoot& root, const void* address) {
  Sudog** link = &root.first;
  while (*link != nullptr && (*link)->elem != address) link = &(*link)->prev;
  return link;
}

void Enqueue(SemaRoot& root, Sudog* sudog, bool lifo) {
  Sudog** link = FindFirst(root, sudog->elem);
  Sudog* first = *link;
  sudog->next = nullptr;
  if (first == nullptr) {
    sudog->prev = nullptr;
    sudog->sema_tail = sudog;
    *link = sudog;
  } else if (lifo) {
    sudog->next = first;
    sudog->prev = first->prev;
    sudog->sema_tail = first->sema_tail;
    *link = sudog;
  } else {
    first->sema_tail->next = sudog;
    first->sema_tail = sudog;
  }
}

Sudog* Dequeue(SemaRoot& root, const void* address) {
  Sudog** link = FindFirst(root, address);
  Sudog* first = *link;
  if (first == nullptr) return nullptr;
  if (Sudog* second = first->next) {
    second->prev = first->prev;
    second->sema_tail = first->sema_tail;
    *link = second;
  } else {
    *link = first->prev;
  }
  first->next = first->prev = first->sema_tail = nullptr;
  return first;
}

// The sudog within g, set up to wait at an address.
Sudog* OwnSudog(G* g, void* address) {
  Sudog* sudog = &g->sudog;
  *sudog = {};
  sudog->g = g;
  sudog->elem = address;
  g->waiting = sudog;
  return sudog;
}

Mutex& NotifyLockOf(const NotifyList* list) {
  return notify_locks[HashAddress(list) % 64].lock;
}

// a is before b, as the counters wrap.
bool Before(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) < 0; }

}  // namespace

bool SemAcquire(G* g, uint32_t* address, bool lifo, WaitReason reason) {
  if (TryTake(address)) return true;
  SemaRoot& root = RootOf(address);
  MutexLock guard(root.lock);
  root.waiters.fetch_add(1, std::memory_order_seq_cst);
  if (TryTake(address)) {
    root.waiters.fetch_sub(1, std::memory_order_relaxed);
    return true;
  }
  Enqueue(root, OwnSudog(g, address), lifo);
  Gopark(g, reason);
  return false;
}

void SemRelease(uint32_t* address, bool handoff) {
  SemaRoot& root = RootOf(address);
  std::atomic_ref<uint32_t>(*address).fetch_add(1, std::memory_order_seq_cst);
  if (root.waiters.load(std::memory_order_seq_cst) == 0) return;
  Sudog* sudog;
  {
    MutexLock guard(root.lock);
    if (*FindFirst(root, address) == nullptr) return;
    // Somebody else took it without waiting: the waiters go on waiting.
    if (!TryTake(address)) return;
    sudog = Dequeue(root, address);
    root.waiters.fetch_sub(1, std::memory_order_relaxed);
  }
  G* g = sudog->g;
  g->waiting = nullptr;
  sudog->elem = nullptr;
  if (handoff) {
    Goready(g);
  } else {
    GoreadyTail(g);
  }
}

uint32_t SemWaiters(uint32_t* address) {
  SemaRoot& root = RootOf(address);
  MutexLock guard(root.lock);
  uint32_t n = 0;
  for (Sudog* s = *FindFirst(root, address); s != nullptr; s = s->next) n++;
  return n;
}

namespace {

// A waiter that has waited for so long is handed the mutex; as in Go.
constexpr uint32_t kStarvingMicros = 1000;
// Before it parks, a goroutine that has nothing else to do on its P looks again
// for so many rounds; as in Go.
constexpr int kMutexSpins = 4;
constexpr int kPausesPerSpin = 30;

// Times of waiters; they wrap around, as differences may.
uint32_t NowMicros() { return static_cast<uint32_t>(Nanotime() / 1000); }

// Locks if it is open, whoever waits.
bool TryToLock(std::atomic_ref<uint32_t> word) {
  uint32_t old = word.load(std::memory_order_relaxed);
  while ((old & kMutexLocked) == 0) {
    if (word.compare_exchange_weak(old, old | kMutexLocked,
                                   std::memory_order_acquire,
                                   std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool SpinToLock(G* g, std::atomic_ref<uint32_t> word) {
  if (sched.proc_count == 1 || g->p->runq.Size() != 0) return false;
  for (int i = 0; i < kMutexSpins; i++) {
    for (int n = 0; n < kPausesPerSpin; n++) __builtin_ia32_pause();
    if (TryToLock(word)) return true;
  }
  return false;
}

// With the bucket locked. True: the mutex is locked and says that there are
// waiters. False: this thread has just locked it.
bool NoteWaiter(std::atomic_ref<uint32_t> word) {
  uint32_t old = word.load(std::memory_order_relaxed);
  for (;;) {
    bool locked = (old & kMutexLocked) != 0;
    uint32_t now = old | (locked ? kMutexWaiters : kMutexLocked);
    if (word.compare_exchange_weak(old, now, std::memory_order_acquire,
                                   std::memory_order_relaxed)) {
      return locked;
    }
  }
}

}  // namespace

// In a sudog that waits for a mutex, and after that until the goroutine has
// tried again, `ticket` is when it began to wait, and `index` is 1 once the
// mutex has been handed over.
bool LockMutex(G* g, uint32_t* address, bool again,
               void (*before_parking)(G* g)) {
  std::atomic_ref<uint32_t> word(*address);
  if (again && g->sudog.index != 0) return true;
  if (TryToLock(word)) return true;
  if (!again && SpinToLock(g, word)) return true;
  uint32_t since = again ? g->sudog.ticket : NowMicros();
  SemaRoot& root = RootOf(address);
  MutexLock guard(root.lock);
  if (!NoteWaiter(word)) return true;
  root.waiters.fetch_add(1, std::memory_order_relaxed);
  Sudog* sudog = OwnSudog(g, address);
  sudog->ticket = since;
  Enqueue(root, sudog, again);
  before_parking(g);
  Gopark(g, WaitReason::kSyncMutexLock);
  return false;
}

bool TryLockMutex(uint32_t* address) {
  return TryToLock(std::atomic_ref<uint32_t>(*address));
}

bool UnlockMutex(uint32_t* address) {
  std::atomic_ref<uint32_t> word(*address);
  uint32_t old = kMutexLocked;
  if (word.compare_exchange_strong(old, 0, std::memory_order_release,
                                   std::memory_order_relaxed)) {
    return true;
  }
  if ((old & kMutexLocked) == 0) return false;
  SemaRoot& root = RootOf(address);
  Sudog* sudog;
  {
    MutexLock guard(root.lock);
    // None: the mutex was copied while somebody waited for the original.
    sudog = Dequeue(root, address);
    if (sudog != nullptr) {
      root.waiters.fetch_sub(1, std::memory_order_relaxed);
      sudog->index = NowMicros() - sudog->ticket >= kStarvingMicros ? 1 : 0;
      sudog->elem = nullptr;
      sudog->g->waiting = nullptr;
    }
    uint32_t now = *FindFirst(root, address) != nullptr ? kMutexWaiters : 0;
    if (sudog != nullptr && sudog->index != 0) now |= kMutexLocked;
    // Locked and the bucket too: nobody else changes it.
    word.store(now, std::memory_order_release);
  }
  if (sudog == nullptr) return true;
  if (sudog->index != 0) {
    Goready(sudog->g);
  } else {
    GoreadyTail(sudog->g);
  }
  return true;
}

uint32_t NotifyListAdd(NotifyList* list) {
  return std::atomic_ref<uint32_t>(list->wait).fetch_add(1);
}

bool NotifyListWait(G* g, NotifyList* list, uint32_t ticket) {
  MutexLock guard(NotifyLockOf(list));
  if (Before(ticket, list->notify)) return true;
  Sudog* sudog = OwnSudog(g, list);
  sudog->ticket = ticket;
  if (list->last == nullptr) {
    list->first = sudog;
  } else {
    list->last->next = sudog;
  }
  list->last = sudog;
  Gopark(g, WaitReason::kSyncCondWait);
  return false;
}

void NotifyListNotifyAll(NotifyList* list) {
  Sudog* sudog;
  {
    MutexLock guard(NotifyLockOf(list));
    sudog = list->first;
    list->first = list->last = nullptr;
    list->notify = std::atomic_ref<uint32_t>(list->wait).load();
  }
  while (sudog != nullptr) {
    Sudog* next = sudog->next;
    sudog->next = nullptr;
    sudog->elem = nullptr;
    sudog->g->waiting = nullptr;
    GoreadyTail(sudog->g);
    sudog = next;
  }
}

void NotifyListNotifyOne(NotifyList* list) {
  Sudog* found = nullptr;
  {
    MutexLock guard(NotifyLockOf(list));
    uint32_t ticket = list->notify;
    if (ticket == std::atomic_ref<uint32_t>(list->wait).load()) return;
    list->notify++;
    Sudog* before = nullptr;
    for (Sudog* s = list->first; s != nullptr; before = s, s = s->next) {
      if (s->ticket != ticket) continue;
      (before == nullptr ? list->first : before->next) = s->next;
      if (list->last == s) list->last = before;
      found = s;
      break;
    }
  }
  // Not found: it has its ticket, but does not wait yet; it will not have to.
  if (found == nullptr) return;
  found->next = nullptr;
  found->elem = nullptr;
  found->g->waiting = nullptr;
  GoreadyTail(found->g);
}

}  // namespace mgo::rt
