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

// Called when a timer is due, with its heap's lock not held. `now`: Nanotime.
using TimerFire = void (*)(Timer* timer, int64_t now);

// How the collector treats a timer in a heap.
enum TimerFlags : uint8_t {
  kTimerIsObject = 1,  // the record is a heap object
  // Nobody needs it once nothing else refers to it: a channel timer that is
  // found unreachable leaves the heap.
  kTimerWeak = 2,
};

// A timer. Fields are protected by the lock of the heap it is in; outside one,
// by its owner.
struct Timer {
  TimerFire fire;
  void* ref;       // channel, closure, or G: a pointer that is scanned
  int64_t when;    // Nanotime
  int64_t period;  // 0: once
  int32_t index;   // place in the heap; -1: in none
  uint8_t flags;
  uint64_t seq;  // bumped by each reset, so that late sends can be dropped
  class TimerHeap* heap;  // the heap it is in, or was in last
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
    return next_when_.load(std::memory_order_acquire);
  }
  // How many there are; with the lock or the world stopped.
  size_t Count() const { return heap_.size(); }
  // Whether any of the timers can make something run: weak ones that nobody
  // waits for cannot. `waited_for` tells that of a weak timer.
  bool CanWake(bool (*waited_for)(Timer* timer));
  // For the collector, with the world stopped.
  Timer* At(size_t i) const { return heap_[i].timer; }
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
};

// Starts the timer on the current P; moves it if it is active.
void StartTimer(Timer* timer, int64_t when, int64_t period);
// Stops it; true: it was active and has not fired.
bool StopTimer(Timer* timer);

// time.Sleep: parks g for `ns` nanoseconds (wait reason "sleep"). False: ns <=
// 0, not parked.
bool SleepGoroutine(G* g, int64_t ns);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_TIMER_HEAP_H_
