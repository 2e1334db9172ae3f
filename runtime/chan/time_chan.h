// Timers as package time needs them: a channel that gets the time, or a
// function to start. Semantics of Go 1.23: no stale value after Stop or Reset,
// len and cap of the channel are 0, and a timer nobody refers to is collected.
#ifndef MGO_RUNTIME_CHAN_TIME_CHAN_H_
#define MGO_RUNTIME_CHAN_TIME_CHAN_H_

#include "runtime/chan/chan.h"
#include "runtime/sched/timer_heap.h"

namespace mgo::rt {

// Writes a time.Time for now into `out` (as large as the channel's element);
// package time registers it.
using TimeEncoder = void (*)(void* out, uint64_t size);
void SetTimeEncoder(TimeEncoder encoder);

// A heap object: a timer with a channel of `time_type`; due after `delay` ns,
// then every `period` ns (0: once). The channel is timer->ref.
Timer* NewChanTimer(G* g, const TypeDesc* time_type, int64_t delay,
                    int64_t period);
// A heap object: a timer that starts a goroutine calling `closure`.
Timer* NewFuncTimer(G* g, const Closure* closure, int64_t delay);
// Timer.Stop, Timer.Reset: true if it was active.
bool StopGuestTimer(Timer* timer);
bool ResetGuestTimer(Timer* timer, int64_t delay, int64_t period);
// The channel of a channel timer.
inline Chan* TimerChan(Timer* timer) { return static_cast<Chan*>(timer->ref); }

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_CHAN_TIME_CHAN_H_
