// The natives of package sync.
//
// Some have to look again when the goroutine that they have parked goes on:
// they are called a second time, and know that by the lowest bit of their
// receiver's slot, set before they parked; for the collector that is an
// interior pointer as any other.
#include <string>

#include "runtime/base/throw.h"
#include "runtime/sched/sema.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

using rt::WaitReason;

namespace {

struct Mutex {
  uint32_t state;
  uint32_t unused;  // as large as Go's
};

constexpr Slot kRetried = 1;

// Sees to it that the goroutine, about to be parked, makes its call again.
void CallAgain(rt::G* g) { g->exec.pc = g->retry_pc; }

// Whether this call is the second one; its receiver is as it was from then on.
bool TakeRetried(NativeFrame& f) {
  const bool retried = (f.slots[0] & kRetried) != 0;
  f.slots[0] &= ~kRetried;
  return retried;
}

}  // namespace

NativeStatus SyncMutexLock(NativeFrame& f) {
  const bool retried = TakeRetried(f);
  auto* m = f.Pointer<Mutex>(0);
  if (m == nullptr) return PanicNil(f);
  f.slots[0] |= kRetried;
  if (!rt::LockMutex(f.g, &m->state, retried, CallAgain)) {
    return NativeStatus::kPark;
  }
  f.slots[0] &= ~kRetried;
  return NativeStatus::kOk;
}

NativeStatus SyncMutexTryLock(NativeFrame& f) {
  auto* m = f.Pointer<Mutex>(1);
  if (m == nullptr) return PanicNil(f);
  f.SetBool(0, rt::TryLockMutex(&m->state));
  return NativeStatus::kOk;
}

NativeStatus SyncMutexUnlock(NativeFrame& f) {
  auto* m = f.Pointer<Mutex>(0);
  if (m == nullptr) return PanicNil(f);
  if (!rt::UnlockMutex(&m->state))
    rt::ThrowUser("sync: unlock of unlocked mutex");
  return NativeStatus::kOk;
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
  // All that wait are let go; nobody may come or add now.
  if (!__atomic_compare_exchange_n(&wg->state, &now, 0, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE)) {
    return PanicText(
        f, "sync: WaitGroup misuse: Add called concurrently with Wait");
  }
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
  const bool retried = TakeRetried(f);
  auto* wg = f.Pointer<WaitGroup>(0);
  if (wg == nullptr) return PanicNil(f);
  uint64_t old = __atomic_load_n(&wg->state, __ATOMIC_ACQUIRE);
  if (!retried) {
    do {
      if (old >> 32 == 0) return NativeStatus::kOk;
    } while (!__atomic_compare_exchange_n(&wg->state, &old, old + 1, false,
                                          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    f.slots[0] |= kRetried;
    CallAgain(f.g);
    if (!rt::SemAcquire(f.g, &wg->sema, false,
                        WaitReason::kSyncWaitGroupWait)) {
      return NativeStatus::kPark;
    }
    f.slots[0] &= ~kRetried;
    old = __atomic_load_n(&wg->state, __ATOMIC_ACQUIRE);
  }
  if (old != 0) {
    return PanicText(
        f, "sync: WaitGroup is reused before previous Wait has returned");
  }
  return NativeStatus::kOk;
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
  rt::ThrowUser(std::string(f.String(0).View()).c_str());
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
