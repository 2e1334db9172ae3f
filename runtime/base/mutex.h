// The runtime's own lock: small, futex-based, ranked.
//
// It guards the runtime's insides for a few instructions; guest locks are
// sync.Mutex (semaphores, sched/sema.h). In debug builds each thread keeps the
// ranks of the locks that it holds, and taking one out of order ends the
// process.
#ifndef MGO_RUNTIME_BASE_MUTEX_H_
#define MGO_RUNTIME_BASE_MUTEX_H_

#include <atomic>
#include <cstdint>

#include "runtime/base/compiler.h"

namespace mgo::rt {

// The rank of a lock, from lock_rank.def; smaller ones are taken first.
enum class LockRank : uint8_t {
#define MGO_LOCK_RANK(name, what) k##name,
#include "runtime/base/lock_rank.def"
};

// The rank's name.
const char* LockRankName(LockRank rank);

// Debug builds: note that this thread takes or gives back a lock; ends the
// process on a wrong order. `nested`: another of the same rank may be held.
void CheckLockOrder(LockRank rank, bool nested);
void NoteUnlock(LockRank rank);

// A mutual exclusion lock. Not recursive.
class Mutex {
 public:
  explicit constexpr Mutex(LockRank rank) : rank_(rank) {}
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  // Takes the lock; spins shortly, then sleeps.
  void Lock() {
#ifdef MGO_DEBUG
    CheckLockOrder(rank_, false);
#endif
    LockUnchecked();
  }
  // Takes the lock while others of its rank are held (channels, by address).
  void LockNested() {
#ifdef MGO_DEBUG
    CheckLockOrder(rank_, true);
#endif
    LockUnchecked();
  }
  // Takes the lock if it is free.
  bool TryLock() {
    uint32_t free = kFree;
    if (!state_.compare_exchange_strong(free, kHeld,
                                        std::memory_order_acquire)) {
      return false;
    }
#ifdef MGO_DEBUG
    CheckLockOrder(rank_, true);
#endif
    return true;
  }
  // Gives the lock back.
  void Unlock() {
#ifdef MGO_DEBUG
    NoteUnlock(rank_);
#endif
    if (MGO_UNLIKELY(state_.exchange(kFree, std::memory_order_release) ==
                     kContended)) {
      WakeOne();
    }
  }
  // Whether somebody holds it: for assertions.
  bool Held() const { return state_.load(std::memory_order_relaxed) != kFree; }

 private:
  static constexpr uint32_t kFree = 0, kHeld = 1, kContended = 2;
  MGO_ALWAYS_INLINE void LockUnchecked() {
    uint32_t free = kFree;
    if (MGO_UNLIKELY(!state_.compare_exchange_strong(
            free, kHeld, std::memory_order_acquire))) {
      LockSlow();
    }
  }
  void LockSlow();
  void WakeOne();

  std::atomic<uint32_t> state_{kFree};
  [[maybe_unused]] const LockRank rank_;
};

// Holds a lock for a scope.
class MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A one-shot event for one sleeping thread and any wakers (Go's note).
class Note {
 public:
  // Sleeps until Wake, or for at most `timeout_ns` (negative: no limit). True:
  // woken. Clears the note.
  bool Sleep(int64_t timeout_ns);
  // Wakes the sleeper, or lets the next Sleep return at once.
  void Wake();

 private:
  std::atomic<uint32_t> set_{0};
};

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_MUTEX_H_
