// The natives of package sync.
//
// Mutex. Its state word holds the locked bit, the number of starving waiters,
// and the number of all waiters. Unlock wakes the first waiter, which has to
// compete for the lock with whoever comes by: that is fast, since a running
// goroutine may take a lock again and again without a switch. A waiter that
// has lost stands in front of the line; one that has waited for a millisecond
// is starving, and while there is one, Unlock does not open the lock but hands
// it over: the lock stays locked, and the next waiter that is woken (which
// semaphore's count it was that woke it cannot be told) takes it over. Counts
// of waiters are exact; one starving too many or too few does no harm.
//
// A waiter that is woken is called again (kParkRetry). It knows by the lowest
// bits of its receiver slot, set before it parked, that this is not its first
// try; for the collector that is an interior pointer as any other.
#include <string>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/sema.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

using rt::WaitReason;

namespace {

struct Mutex {
  uint32_t state;
  uint32_t sema;
};

constexpr uint32_t kLocked = 1;
constexpr uint32_t kHandedOver = 2;  // locked, for whoever is woken next
constexpr uint32_t kStarvingOne = 4;
constexpr uint32_t kStarvingMask = 0xFC;
constexpr uint32_t kWaiterOne = 0x100;
constexpr uint32_t kWaiterMask = ~uint32_t{0xFF};

// How long a waiter competes before the lock is handed over to it, as in Go.
constexpr int64_t kStarves = 1000000;
// How often a goroutine looks again before it waits: about as long as it takes
// to park and come back.
constexpr int kSpins = 100;

// Bits of the receiver slot.
constexpr Slot kRetried = 1;   // was woken
constexpr Slot kStarving = 2;  // was counted as starving

uint32_t Load(const uint32_t* p) {
  return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

bool Cas(uint32_t* p, uint32_t& old, uint32_t now) {
  return __atomic_compare_exchange_n(p, &old, now, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE);
}

// Waits shortly for a lock that another thread may open. The state.
uint32_t Spin(const Mutex* m) {
  uint32_t state = Load(&m->state);
  if (rt::sched.proc_count == 1) return state;
  for (int i = 0; i < kSpins; i++) {
    if ((state & (kLocked | kStarvingMask)) != kLocked) break;
    __builtin_ia32_pause();
    state = Load(&m->state);
  }
  return state;
}

// A waiter was woken: takes the lock over, if it was handed over, or is no
// longer counted as starving. True: it has the lock.
bool Woken(Mutex* m, bool starving) {
  uint32_t old = Load(&m->state);
  for (;;) {
    if ((old & kHandedOver) != 0) {
      if (Cas(&m->state, old, old & ~kHandedOver)) return true;
    } else if (!starving || (old & kStarvingMask) == 0 ||
               Cas(&m->state, old, old - kStarvingOne)) {
      return false;
    }
  }
}

// Takes the lock, or is counted as waiting. True: it has the lock.
bool TakeOrCount(Mutex* m, uint32_t old, bool starving) {
  for (;;) {
    if ((old & kLocked) == 0) {
      if (Cas(&m->state, old, old | kLocked)) return true;
      continue;
    }
    bool counts = starving && (old & kStarvingMask) != kStarvingMask;
    uint32_t now = old + kWaiterOne + (counts ? kStarvingOne : 0);
    if (Cas(&m->state, old, now)) return false;
  }
}

}  // namespace

NativeStatus SyncMutexLock(NativeFrame& f) {
  const Slot bits = f.slots[0] & (kRetried | kStarving);
  f.slots[0] &= ~(kRetried | kStarving);
  auto* m = f.Pointer<Mutex>(0);
  if (m == nullptr) return PanicNil(f);
  uint32_t free = 0;
  if (bits == 0 && Cas(&m->state, free, kLocked)) return NativeStatus::kOk;
  bool retried = bits != 0, starving = (bits & kStarving) != 0;
  for (;;) {
    if (retried) {
      if (Woken(m, starving)) return NativeStatus::kOk;
      starving = rt::Nanotime() - f.g->wait_start > kStarves;
    } else {
      f.g->wait_start = rt::Nanotime();
    }
    if (TakeOrCount(m, Spin(m), starving)) return NativeStatus::kOk;
    f.slots[0] |= kRetried | (starving ? kStarving : 0);
    f.g->exec.pc = f.g->retry_pc;
    if (!rt::SemAcquire(f.g, &m->sema, retried, WaitReason::kSyncMutexLock)) {
      return NativeStatus::kParkRetry;
    }
    f.slots[0] &= ~(kRetried | kStarving);
    retried = true;
  }
}

NativeStatus SyncMutexTryLock(NativeFrame& f) {
  auto* m = f.Pointer<Mutex>(1);
  if (m == nullptr) return PanicNil(f);
  uint32_t old = Load(&m->state);
  bool locked = false;
  while ((old & (kLocked | kStarvingMask)) == 0 && !locked) {
    locked = Cas(&m->state, old, old | kLocked);
  }
  f.SetBool(0, locked);
  return NativeStatus::kOk;
}

NativeStatus SyncMutexUnlock(NativeFrame& f) {
  auto* m = f.Pointer<Mutex>(0);
  if (m == nullptr) return PanicNil(f);
  uint32_t old = kLocked;
  if (Cas(&m->state, old, 0)) return NativeStatus::kOk;
  for (;;) {
    if ((old & (kLocked | kHandedOver)) != kLocked) {
      rt::Throw("sync: unlock of unlocked mutex");
    }
    if ((old & kWaiterMask) == 0) {
      if (Cas(&m->state, old, 0)) return NativeStatus::kOk;
    } else if ((old & kStarvingMask) != 0) {
      if (Cas(&m->state, old,
              (old - kWaiterOne - kStarvingOne) | kHandedOver)) {
        rt::SemRelease(&m->sema, true);
        return NativeStatus::kOk;
      }
    } else if (Cas(&m->state, old, (old - kWaiterOne) & ~kLocked)) {
      rt::SemRelease(&m->sema, false);
      return NativeStatus::kOk;
    }
  }
}

namespace {

struct WaitGroup {
  uint64_t state;
  uint32_t sema;
};

NativeStatus AddToGroup(NativeFrame& f, WaitGroup* wg, int64_t delta) {
  if (wg == nullptr) return PanicNil(f);
  uint64_t now = __atomic_add_fetch(
      &wg->state, static_cast<uint64_t>(delta) << 32, __ATOMIC_ACQ_REL);
  auto counter = static_cast<int32_t>(now >> 32);
  auto waiters = static_cast<uint32_t>(now);
  if (counter < 0) return PanicText(f, "sync: negative WaitGroup counter");
  if (waiters != 0 && delta > 0 && counter == static_cast<int32_t>(delta)) {
    return PanicText(
        f, "sync: WaitGroup misuse: Add called concurrently with Wait");
  }
  if (counter > 0 || waiters == 0) return NativeStatus::kOk;
  __atomic_store_n(&wg->state, 0, __ATOMIC_RELEASE);
  for (; waiters != 0; --waiters) rt::SemRelease(&wg->sema, false);
  return NativeStatus::kOk;
}

}  // namespace

NativeStatus SyncWaitGroupAdd(NativeFrame& f) {
  return AddToGroup(f, f.Pointer<WaitGroup>(0), f.Int(1));
}

NativeStatus SyncWaitGroupDone(NativeFrame& f) {
  return AddToGroup(f, f.Pointer<WaitGroup>(0), -1);
}

NativeStatus SyncWaitGroupWait(NativeFrame& f) {
  auto* wg = f.Pointer<WaitGroup>(0);
  if (wg == nullptr) return PanicNil(f);
  uint64_t old = __atomic_load_n(&wg->state, __ATOMIC_ACQUIRE);
  do {
    if (old >> 32 == 0) return NativeStatus::kOk;
  } while (!__atomic_compare_exchange_n(&wg->state, &old, old + 1, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
  return rt::SemAcquire(f.g, &wg->sema, false, WaitReason::kSyncWaitGroupWait)
             ? NativeStatus::kOk
             : NativeStatus::kPark;
}

namespace {

NativeStatus Acquire(NativeFrame& f, WaitReason reason) {
  return rt::SemAcquire(f.g, f.Pointer<uint32_t>(0), false, reason)
             ? NativeStatus::kOk
             : NativeStatus::kPark;
}

}  // namespace

NativeStatus SyncSemAcquireRead(NativeFrame& f) {
  return Acquire(f, WaitReason::kSyncRWMutexRLock);
}

NativeStatus SyncSemAcquireWrite(NativeFrame& f) {
  return Acquire(f, WaitReason::kSyncRWMutexLock);
}

NativeStatus SyncSemRelease(NativeFrame& f) {
  rt::SemRelease(f.Pointer<uint32_t>(0), false);
  return NativeStatus::kOk;
}

NativeStatus SyncFatal(NativeFrame& f) {
  rt::Throw(std::string(f.String(0).View()).c_str());
}

NativeStatus SyncNotifyListAdd(NativeFrame& f) {
  f.SetUint(0, rt::NotifyListAdd(f.Pointer<rt::NotifyList>(1)));
  return NativeStatus::kOk;
}

NativeStatus SyncNotifyListWait(NativeFrame& f) {
  return rt::NotifyListWait(f.g, f.Pointer<rt::NotifyList>(0),
                            static_cast<uint32_t>(f.Uint(1)))
             ? NativeStatus::kOk
             : NativeStatus::kPark;
}

NativeStatus SyncNotifyListOne(NativeFrame& f) {
  rt::NotifyListNotifyOne(f.Pointer<rt::NotifyList>(0));
  return NativeStatus::kOk;
}

NativeStatus SyncNotifyListAll(NativeFrame& f) {
  rt::NotifyListNotifyAll(f.Pointer<rt::NotifyList>(0));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
