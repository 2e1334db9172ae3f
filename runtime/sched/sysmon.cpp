// The watcher: a thread without a P that sees to goroutines that run too long,
// and prints the scheduler's state for GODEBUG=schedtrace.
//
// It looks every few milliseconds while guest code runs. A P whose sched_tick
// has not moved for kTimeSlice has run one goroutine (or a pair that wakes each
// other up) all that time: the goroutine is asked to stop. After some looks at
// which every P was idle it looks only now and then, so that an idle program
// costs nothing to speak of.
#include <pthread.h>

#include <atomic>

#include "runtime/base/debug_vars.h"
#include "runtime/base/mutex.h"
#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

constexpr int64_t kMillisecond = 1000000;
// What a goroutine may run at a time, as in Go.
constexpr int64_t kTimeSlice = 10 * kMillisecond;
// How often it looks; a slice ends after 10 to 12.5 ms.
constexpr int64_t kLook = kTimeSlice / 4;
// While everything is idle: four looks a second.
constexpr int64_t kIdleLook = 250 * kMillisecond;
// Looks at an idle program before it looks less often.
constexpr int kIdleLooks = 20;

std::atomic<bool> running{false};
std::atomic<bool> stop{false};
Note note;
pthread_t thread;

// What sysmon saw of a P at its last look; its own.
struct Seen {
  uint32_t tick;
  int64_t since;
};
Seen seen[kMaxProcs];

// Asks goroutines past their slice to stop. False: every P is idle.
bool Retake(int64_t now) {
  bool busy = false;
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    P* p = sched.procs[i];
    if (p->status.load(std::memory_order_relaxed) != kPrunning) {
      seen[i].since = now;
      continue;
    }
    busy = true;
    uint32_t tick = p->sched_tick.load(std::memory_order_relaxed);
    if (tick != seen[i].tick) {
      seen[i] = {tick, now};
      continue;
    }
    if (now - seen[i].since < kTimeSlice) continue;
    seen[i].since = now;
    M* m = p->m.load(std::memory_order_relaxed);
    G* g = m == nullptr ? nullptr : m->curg.load(std::memory_order_relaxed);
    if (g == nullptr || debug_vars.asyncpreemptoff != 0) continue;
    g->preempt.store(true, std::memory_order_relaxed);
    RequestStop(g);
  }
  return busy;
}

void* Watch(void*) {
  int idle_looks = 0;
  int64_t last_trace = Nanotime();
  while (!stop.load(std::memory_order_acquire)) {
    int64_t delay = idle_looks > kIdleLooks ? kIdleLook : kLook;
    int64_t trace = debug_vars.schedtrace * kMillisecond;
    if (trace > 0 && trace < delay) delay = trace;
    note.Sleep(delay);
    int64_t now = Nanotime();
    idle_looks = Retake(now) ? 0 : idle_looks + 1;
    if (trace > 0 && now - last_trace >= trace) {
      last_trace = now;
      PrintSchedTrace(debug_vars.scheddetail != 0);
    }
  }
  return nullptr;
}

}  // namespace

void StartSysmon() {
  if (running.exchange(true)) return;
  stop.store(false);
  if (debug_vars.schedtrace > 0) PrintSchedTrace(debug_vars.scheddetail != 0);
  if (pthread_create(&thread, nullptr, Watch, nullptr) != 0) {
    Throw("cannot create a thread");
  }
}

void StopSysmon() {
  if (!running.exchange(false)) return;
  stop.store(true, std::memory_order_release);
  note.Wake();
  pthread_join(thread, nullptr);
}

}  // namespace mgo::rt
