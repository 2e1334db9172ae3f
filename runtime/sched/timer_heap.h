// Timers: a 4-ary heap per P, ordered by time.
//
// Who waits: Sleep (readies a goroutine), AfterFunc (starts one), channel
// timers (send the time; chan/time_chan.h). A timer fires on the thread of the
// P that runs it, between goroutines: its function is short, does not block
// and runs no guest code.
#ifndef MGO_RUNTIME_SCHED_TIMER_HEAP_H_
#define MGO_RUNTIME_SCHED_TIMER_HEAP_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "runtime/base/mutex.h"

namespace mgo::rt {

struct G;
struct Timer;

// Called when a timer is due, with its heap's lock not held. `now`: Nanotime;
// `seq`: of the start that is due; the timer may have been stopped since.
using TimerFire = void (*)(Timer* timer, int64_t now, uint64_t seq);

// How the collector treats a timer in a heap.
enum TimerFlags : uint8_t {
  kTimerIsObject = 1,  // the record is a heap object
  // Nobody needs it once nothing else refers to it: a channel timer that is
  // found unreachable leaves the heap.
  kTimerWeak = 2,
};

// A timer. `when`, `index` and `period` are protected by the lock of the heap
// it is in; `heap` is that one, or the one it was in last. The rest belongs to
// `lock`, which starting, stopping and firing take; or, where only one may do
// that (Sleep), to that one.
struct Timer {
  TimerFire fire;
  void* ref;       // channel, closure, or G: a pointer that is scanned
  int64_t when;    // Nanotime
  int64_t period;  // 0: once
  int32_t index;   // place in the heap; -1: in none
  uint8_t flags;
  bool armed;  // started, and neither stopped nor (once) fired
  class TimerHeap* heap;
  // Bumped by each start and stop: what became due before is dropped.
  std::atomic<uint64_t> seq;
  Mutex lock{LockRank::kTimer};
};

class TimerHeap {
 public:
  static constexpr int64_t kNever = INT64_MAX;

  // Puts the timer into the heap, or moves it to a new time.
  void Add(Timer* timer, int64_t when);
  // Takes it out; true: it was in, so it will not fire.
  bool Remove(Timer* timer);
  // Fires what is due at `now`; returns how many.
  int64_t Run(int64_t now);
  // When the earliest is due; kNever: none. Any thread.
  int64_t NextWhen() const {
    return next_when_.load(std::memory_order_seq_cst);
  }
  // How many there are: with the world stopped; a snapshot, any time.
  size_t Count() const { return heap_.size(); }
  size_t CountNow() const { return count_.load(std::memory_order_relaxed); }
  // Whether any of the timers can make something run: weak ones that nobody
  // waits for cannot. `waited_for` tells that of a weak timer.
  bool CanWake(bool (*waited_for)(Timer* timer));
  // For the collector, with the world stopped.
  Timer* At(size_t i) const { return heap_[i].timer; }
  // With the world stopped: all go to the other heap.
  void MoveTo(TimerHeap* other);
  // With the world stopped: drops those for which `dead` is true.
  void RemoveIf(bool (*dead)(Timer* timer, void* context), void* context);

 private:
  struct Entry {
    int64_t when;
    Timer* timer;
  };
  void SiftUp(size_t i);
  void SiftDown(size_t i);
  void RemoveAt(size_t i);
  void Publish();

  Mutex lock_{LockRank::kTimers};
  std::vector<Entry> heap_;  // protector: lock_
  size_t strong_count_ = 0;  // those that are not weak; protector: lock_
  std::atomic<int64_t> next_when_{kNever};
  std::atomic<size_t> count_{0};  // heap_.size(); written with lock_
};

// Starts the timer on the current P; moves it if it is active. With its lock.
void StartTimer(Timer* timer, int64_t when, int64_t period);
// Stops it; true: it was active and has not fired. With its lock.
bool StopTimer(Timer* timer);
// A timer fires, its lock held: whether it is still to. Then it has.
bool TimerFires(Timer* timer, uint64_t seq);

// time.Sleep: parks g for `ns` nanoseconds (wait reason "sleep"). False: ns <=
// 0, not parked.
bool SleepGoroutine(G* g, int64_t ns);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_TIMER_HEAP_H_
