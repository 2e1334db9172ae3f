#include "runtime/chan/time_chan.h"

#include <cstddef>
#include <new>

#include "runtime/abi/function.h"
#include "runtime/base/nanotime.h"
#include "runtime/base/sanitizer.h"
#include "runtime/gc/barrier.h"
#include "runtime/gc/mutator.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

// Of a timer's words, `ref` is a pointer into the heap.
constexpr uint64_t kTimerMask[] = {0b10};
static_assert(offsetof(Timer, ref) == 8);

TypeDesc MakeTimerType() {
  TypeDesc type = {};
  type.size = sizeof(Timer);
  type.pointer_bytes = 16;
  type.ptr_mask = kTimerMask;
  type.align = 8;
  type.kind = Kind::kStruct;
  type.string = "runtime.timer";
  return type;
}
const TypeDesc kTimerType = MakeTimerType();

TimeEncoder encode_time = nullptr;

// Room for one time.Time.
constexpr uint64_t kMaxTimeBytes = 64;

void SendTime(Timer* timer, int64_t, uint64_t seq) {
  MutexLock guard(timer->lock);
  if (!TimerFires(timer, seq)) return;
  Chan* c = TimerChan(timer);
  uint64_t value[kMaxTimeBytes / 8] = {};
  if (encode_time != nullptr && c->elem->size <= kMaxTimeBytes) {
    encode_time(value, c->elem->size);
  }
  // A tick that nobody took yet is enough: a second one is dropped.
  ChanTrySend(c, value);
}

void StartFunc(Timer* timer, int64_t, uint64_t seq) {
  MutexLock guard(timer->lock);
  if (!TimerFires(timer, seq)) return;
  auto* closure = static_cast<const Closure*>(timer->ref);
  NewProc(nullptr, nullptr, closure->function, closure, nullptr, 0);
}

// The time `delay` from now, kept from wrapping.
int64_t After(int64_t delay) {
  int64_t now = Nanotime();
  if (delay < 0) delay = 0;
  return now > INT64_MAX - 1 - delay ? INT64_MAX - 1 : now + delay;
}

// Only a look, without the channel's lock: whoever comes to wait looks for work
// afterwards.
MGO_NO_SANITIZE_THREAD bool WaitedFor(Timer* timer) {
  return timer->fire == SendTime &&
         TimerChan(timer)->receivers.first != nullptr;
}

Timer* NewTimer(G* g, TimerFire fire, void* ref, uint8_t flags) {
  auto* timer = static_cast<Timer*>(NewObject(g, &kTimerType));
  timer->fire = fire;
  timer->ref = ref;
  timer->flags = flags;
  timer->index = -1;
  new (&timer->lock) Mutex(LockRank::kTimer);
  return timer;
}

}  // namespace

void SetTimeEncoder(TimeEncoder encoder) { encode_time = encoder; }

Timer* NewChanTimer(G* g, const TypeDesc* time_type, int64_t delay,
                    int64_t period) {
  timer_waited_for.store(WaitedFor, std::memory_order_relaxed);
  Chan* c = MakeChan(g, time_type, 1);
  Timer* timer = NewTimer(g, SendTime, c, kTimerIsObject | kTimerWeak);
  StorePointer(reinterpret_cast<void**>(&c->timer), timer);
  MutexLock guard(timer->lock);
  StartTimer(timer, After(delay), period);
  return timer;
}

Timer* NewFuncTimer(G* g, const Closure* closure, int64_t delay) {
  Timer* timer =
      NewTimer(g, StartFunc, const_cast<Closure*>(closure), kTimerIsObject);
  MutexLock guard(timer->lock);
  StartTimer(timer, After(delay), 0);
  return timer;
}

namespace {

bool StopLocked(Timer* timer) {
  bool active = StopTimer(timer);
  if (timer->fire == SendTime) {
    // Sent, but not seen by anyone: as good as not sent.
    if (ChanDrain(TimerChan(timer))) active = true;
  }
  return active;
}

}  // namespace

bool StopGuestTimer(Timer* timer) {
  MutexLock guard(timer->lock);
  return StopLocked(timer);
}

bool ResetGuestTimer(Timer* timer, int64_t delay, int64_t period) {
  MutexLock guard(timer->lock);
  bool active = StopLocked(timer);
  StartTimer(timer, After(delay), period);
  return active;
}

}  // namespace mgo::rt
