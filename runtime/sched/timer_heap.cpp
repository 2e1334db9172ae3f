#include "runtime/sched/timer_heap.h"

#include <cstdlib>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/m.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

constexpr size_t kArity = 4;

bool IsWeak(const Timer* timer) { return (timer->flags & kTimerWeak) != 0; }

}  // namespace

void TimerHeap::Publish() {
  next_when_.store(heap_.empty() ? kNever : heap_[0].when,
                   std::memory_order_seq_cst);
  count_.store(heap_.size(), std::memory_order_relaxed);
}

void TimerHeap::SiftUp(size_t i) {
  Entry entry = heap_[i];
  while (i > 0) {
    size_t parent = (i - 1) / kArity;
    if (heap_[parent].when <= entry.when) break;
    heap_[i] = heap_[parent];
    heap_[i].timer->index = static_cast<int32_t>(i);
    i = parent;
  }
  heap_[i] = entry;
  entry.timer->index = static_cast<int32_t>(i);
}

void TimerHeap::SiftDown(size_t i) {
  Entry entry = heap_[i];
  size_t n = heap_.size();
  for (;;) {
    size_t first = i * kArity + 1;
    if (first >= n) break;
    size_t last = first + kArity < n ? first + kArity : n;
    size_t least = first;
    for (size_t c = first + 1; c < last; c++) {
      if (heap_[c].when < heap_[least].when) least = c;
    }
    if (heap_[least].when >= entry.when) break;
    heap_[i] = heap_[least];
    heap_[i].timer->index = static_cast<int32_t>(i);
    i = least;
  }
  heap_[i] = entry;
  entry.timer->index = static_cast<int32_t>(i);
}

void TimerHeap::RemoveAt(size_t i) {
  heap_[i].timer->index = -1;
  if (!IsWeak(heap_[i].timer)) strong_count_--;
  Entry last = heap_.back();
  heap_.pop_back();
  if (i == heap_.size()) return;
  heap_[i] = last;
  last.timer->index = static_cast<int32_t>(i);
  SiftDown(i);
  SiftUp(static_cast<size_t>(last.timer->index));
}

void TimerHeap::Add(Timer* timer, int64_t when) {
  if (timer->heap != nullptr && timer->heap != this) timer->heap->Remove(timer);
  MutexLock guard(lock_);
  timer->when = when;
  if (timer->heap == this && timer->index >= 0) {
    auto i = static_cast<size_t>(timer->index);
    heap_[i].when = when;
    SiftDown(i);
    SiftUp(static_cast<size_t>(timer->index));
  } else {
    timer->heap = this;
    if (!IsWeak(timer)) strong_count_++;
    heap_.push_back({when, timer});
    SiftUp(heap_.size() - 1);
  }
  Publish();
}

bool TimerHeap::Remove(Timer* timer) {
  MutexLock guard(lock_);
  if (timer->heap != this || timer->index < 0) return false;
  RemoveAt(static_cast<size_t>(timer->index));
  Publish();
  return true;
}

int64_t TimerHeap::Run(int64_t now) {
  int64_t fired = 0;
  for (;;) {
    lock_.Lock();
    if (heap_.empty() || heap_[0].when > now) {
      Publish();
      lock_.Unlock();
      return fired;
    }
    Timer* timer = heap_[0].timer;
    uint64_t seq = timer->seq.load(std::memory_order_relaxed);
    if (timer->period > 0) {
      // The next multiple that is still to come: late ticks are dropped.
      int64_t missed = (now - timer->when) / timer->period;
      timer->when += timer->period * (missed + 1);
      heap_[0].when = timer->when;
      SiftDown(0);
    } else {
      RemoveAt(0);
    }
    Publish();
    lock_.Unlock();
    timer->fire(timer, now, seq);
    fired++;
  }
}

bool TimerHeap::CanWake(bool (*waited_for)(Timer* timer)) {
  MutexLock guard(lock_);
  if (strong_count_ != 0 || waited_for == nullptr) return !heap_.empty();
  for (const Entry& entry : heap_) {
    if (waited_for(entry.timer)) return true;
  }
  return false;
}

void TimerHeap::RemoveIf(bool (*dead)(Timer* timer, void* context),
                         void* context) {
  MutexLock guard(lock_);
  size_t kept = 0;
  for (Entry& entry : heap_) {
    if (dead(entry.timer, context)) {
      entry.timer->index = -1;
      if (!IsWeak(entry.timer)) strong_count_--;
    } else {
      heap_[kept++] = entry;
    }
  }
  if (kept == heap_.size()) return;
  heap_.resize(kept);
  for (size_t i = 0; i < kept; i++) {
    heap_[i].timer->index = static_cast<int32_t>(i);
  }
  for (size_t i = kept; i-- > 0;) SiftDown(i);
  Publish();
}

void TimerHeap::MoveTo(TimerHeap* other) {
  std::vector<Entry> entries;
  {
    MutexLock guard(lock_);
    entries.swap(heap_);
    strong_count_ = 0;
    for (Entry& entry : entries) entry.timer->index = -1;
    Publish();
  }
  for (Entry& entry : entries) other->Add(entry.timer, entry.when);
}

namespace {

// Adds to the current P's heap; the M that waits for timers must know if it is
// the next one. If none waits, one that is idle comes to: this P may be busy
// with something else when the time comes.
void AddTimer(Timer* timer, int64_t when) {
  P* p = current_m != nullptr ? current_m->p : sched.procs[0];
  p->timers.Add(timer, when);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (sched.last_poll.load(std::memory_order_relaxed) != 0) {
    WakeP();
    return;
  }
  int64_t until = sched.poll_until.load(std::memory_order_relaxed);
  if (until == 0 || when < until) BreakPoll();
}

}  // namespace

void StartTimer(Timer* timer, int64_t when, int64_t period) {
  // Out of its heap, which looks at the period.
  if (timer->heap != nullptr) timer->heap->Remove(timer);
  timer->period = period;
  timer->armed = true;
  timer->seq.fetch_add(1, std::memory_order_relaxed);
  AddTimer(timer, when);
}

bool StopTimer(Timer* timer) {
  bool was_armed = timer->armed;
  timer->armed = false;
  timer->seq.fetch_add(1, std::memory_order_relaxed);
  if (timer->heap != nullptr) timer->heap->Remove(timer);
  return was_armed;
}

bool TimerFires(Timer* timer, uint64_t seq) {
  if (timer->seq.load(std::memory_order_relaxed) != seq || !timer->armed) {
    return false;
  }
  timer->armed = timer->period != 0;
  return true;
}

bool SleepGoroutine(G* g, int64_t ns) {
  if (ns <= 0) return false;
  Timer* timer = g->timer;
  if (timer == nullptr) {
    timer = static_cast<Timer*>(PersistentAlloc(sizeof(Timer)));
    timer->index = -1;
    timer->ref = g;
    timer->fire = [](Timer* t, int64_t, uint64_t) {
      Goready(static_cast<G*>(t->ref));
    };
    g->timer = timer;
  }
  int64_t now = Nanotime();
  int64_t when = now > INT64_MAX - ns ? INT64_MAX - 1 : now + ns;
  Gopark(g, WaitReason::kSleep);
  AddTimer(timer, when);
  return true;
}

}  // namespace mgo::rt
