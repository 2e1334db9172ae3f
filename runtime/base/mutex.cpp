#include "runtime/base/mutex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <climits>
#include <cstdio>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"

namespace mgo::rt {
namespace {

// Rounds of looking again before sleeping: about a microsecond.
constexpr int kSpins = 1000;

void FutexWait(std::atomic<uint32_t>* word, uint32_t value,
               const timespec* timeout) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, timeout, nullptr, 0);
}

void FutexWake(std::atomic<uint32_t>* word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

constexpr const char* kRankNames[] = {
#define MGO_LOCK_RANK(name, what) #name,
#include "runtime/base/lock_rank.def"
};
constexpr int kRanks = sizeof kRankNames / sizeof kRankNames[0];

// How many locks of each rank this thread holds.
thread_local uint16_t held_locks[kRanks];

}  // namespace

const char* LockRankName(LockRank rank) {
  return kRankNames[static_cast<int>(rank)];
}

void CheckLockOrder(LockRank rank, bool nested) {
  int r = static_cast<int>(rank);
  // A process that reports its end takes whatever locks it needs.
  if (!Throwing()) {
    for (int i = r + (nested ? 1 : 0); i < kRanks; i++) {
      if (held_locks[i] == 0) continue;
      PrintError("runtime: lock %s taken while %s is held\n", kRankNames[r],
                 kRankNames[i]);
      Throw("lock ordering problem");
    }
  }
  held_locks[r]++;
}

void NoteUnlock(LockRank rank) {
  uint16_t& held = held_locks[static_cast<int>(rank)];
  if (held == 0) Throw("unlock of a lock that is not held");
  held--;
}

void Mutex::LockSlow() {
  for (int i = 0; i < kSpins; i++) {
    uint32_t free = kFree;
    if (state_.load(std::memory_order_relaxed) == kFree &&
        state_.compare_exchange_weak(free, kHeld, std::memory_order_acquire)) {
      return;
    }
    __builtin_ia32_pause();
  }
  while (state_.exchange(kContended, std::memory_order_acquire) != kFree) {
    FutexWait(&state_, kContended, nullptr);
  }
}

void Mutex::WakeOne() { FutexWake(&state_, 1); }

bool Note::Sleep(int64_t timeout_ns) {
  int64_t deadline = timeout_ns < 0 ? 0 : Nanotime() + timeout_ns;
  for (;;) {
    if (set_.exchange(0, std::memory_order_acquire) != 0) return true;
    if (timeout_ns < 0) {
      FutexWait(&set_, 0, nullptr);
      continue;
    }
    int64_t left = deadline - Nanotime();
    if (left <= 0) return false;
    timespec ts{static_cast<time_t>(left / 1000000000),
                static_cast<long>(left % 1000000000)};
    FutexWait(&set_, 0, &ts);
  }
}

void Note::Wake() {
  set_.store(1, std::memory_order_release);
  FutexWake(&set_, 1);
}

}  // namespace mgo::rt
