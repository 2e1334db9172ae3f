// The watcher: a thread without a P that sees to goroutines that run too long,
// to Ps whose M is stuck in a blocking call, and to work that no M was woken
// for; that prints the scheduler's state for GODEBUG=schedtrace; and that
// reports when a signal asks for it (quit.h).
//
// A P whose sched_tick has not moved for kTimeSlice has run one goroutine (or a
// pair that wakes each other up) all that time: the goroutine is asked to stop.
// A P that is in the same blocking call at two looks, or for kTimeSlice when
// there is nothing else to do, is taken from its M. Sysmon looks every 20
// microseconds while there is something to take, less and less often when there
// is not, every few milliseconds at least; when every P is idle it waits until
// one is in use again.
#include <pthread.h>

#include <atomic>

#include "runtime/base/debug_vars.h"
#include "runtime/base/mutex.h"
#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/quit.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/seeded.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

constexpr int64_t kMicrosecond = 1000;
constexpr int64_t kMillisecond = 1000000;
// What a goroutine may run at a time, as in Go.
constexpr int64_t kTimeSlice = 10 * kMillisecond;
// How often it looks: a slice ends after 10 to 12.5 ms.
constexpr int64_t kShortestLook = 20 * kMicrosecond;
constexpr int64_t kLongestLook = kTimeSlice / 4;
// Looks with nothing to take before they become less frequent.
constexpr int kQuietLooks = 50;

std::atomic<bool> running{false};
std::atomic<bool> stop{false};
Note note;
pthread_t thread;

// What sysmon saw of a P at its last look; its own.
struct Seen {
  uint32_t tick;
  int64_t since;  // when tick was new
  uint32_t syscall_tick;
  int64_t syscall_since;
};
Seen seen[kMaxProcs];

// A P that runs guest code: its time slice.
void LookAtRunning(P* p, Seen& s, int64_t now) {
  uint32_t tick = p->sched_tick.load(std::memory_order_relaxed);
  M* m = p->m.load(std::memory_order_relaxed);
  G* g = m == nullptr ? nullptr : m->curg.load(std::memory_order_relaxed);
  // A request that came just before the goroutine was started is made again.
  if (g != nullptr && sched.attention.load(std::memory_order_relaxed) != 0) {
    RequestStop(g);
  }
  if (p->timers.NextWhen() <= now) {
    p->timers_late.store(true, std::memory_order_relaxed);
  }
  if (tick != s.tick) {
    s.tick = tick;
    s.since = now;
    return;
  }
  if (now - s.since < kTimeSlice) return;
  s.since = now;
  if (g == nullptr || debug_vars.asyncpreemptoff != 0) return;
  g->preempt.store(true, std::memory_order_relaxed);
  RequestStop(g);
}

// A P in a blocking call. True: it was taken away.
bool LookAtBlocked(P* p, Seen& s, int64_t now) {
  uint32_t tick = p->syscall_tick.load(std::memory_order_relaxed);
  if (tick != s.syscall_tick) {
    s.syscall_tick = tick;
    s.syscall_since = now;
    return false;
  }
  // Without work there is no hurry, but its timers must not wait.
  if (p->runq.Empty() && sched.global_size.load() == 0 &&
      sched.spinning.load() + sched.idle_p_count.load() > 0 &&
      p->timers.NextWhen() > now && now - s.syscall_since < kTimeSlice) {
    return false;
  }
  uint32_t status = kPsyscall;
  if (!p->status.compare_exchange_strong(status, kPidle)) return false;
  p->syscall_tick.fetch_add(1, std::memory_order_relaxed);
  p->counters.handoffs.Add();
  HandOffP(p);
  return true;
}

// With all Ps busy nobody looks at descriptors but sysmon.
void LookAtDescriptors(int64_t now) {
  int64_t last = sched.last_poll.load();
  if (NetpollWaiters() == 0 || last == 0 || now - last < kTimeSlice) return;
  sched.last_poll.compare_exchange_strong(last, now);
  {
    MutexLock guard(sched.lock);
    sched.sysmon_polls = true;
  }
  std::vector<G*> ready;
  Netpoll(0, &ready);
  MakeRunnable(ready);
  // For those that became idle meanwhile.
  MutexLock guard(sched.lock);
  sched.sysmon_polls = false;
  CheckDead();
}

enum class Look { kAllIdle, kQuiet, kTook };

// One look at all Ps.
Look LookAtPs(int64_t now) {
  Look look = Look::kAllIdle;
  bool waiting = false;
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    P* p = sched.procs[i];
    uint32_t status = p->status.load(std::memory_order_acquire);
    if (status == kPsyscall && LookAtBlocked(p, seen[i], now)) {
      look = Look::kTook;
      continue;
    }
    if (status != kPrunning) {
      seen[i].since = now;
      if (status == kPsyscall && look == Look::kAllIdle) look = Look::kQuiet;
      continue;
    }
    if (look == Look::kAllIdle) look = Look::kQuiet;
    LookAtRunning(p, seen[i], now);
    waiting |= !p->runq.Empty() || p->timers.NextWhen() <= now;
  }
  if ((waiting || sched.global_size.load() != 0) &&
      sched.idle_p_count.load() != 0) {
    sched.wake_backoff.store(0, std::memory_order_relaxed);
    WakeP();
  }
  return look;
}

// With every P idle: waits until one is not, or for `delay` (negative: without
// end).
void WaitForWork(int64_t delay) {
  sched.sysmon_waits.store(true);
  if (!stop.load() && sched.idle_p_count.load() == sched.proc_count) {
    note.Sleep(delay);
  }
  sched.sysmon_waits.store(false);
}

// Choices that are the seed's are not sysmon's: it only waits for signals.
void* WatchSeeded(void*) {
  while (!stop.load(std::memory_order_acquire)) {
    note.Sleep(-1);
    if (QuitRequested()) ReportQuit();
  }
  return nullptr;
}

void* Watch(void*) {
  int quiet = 0;
  int64_t delay = kLongestLook, last_trace = Nanotime();
  const int64_t trace = debug_vars.schedtrace * kMillisecond;
  while (!stop.load(std::memory_order_acquire)) {
    note.Sleep(trace > 0 && trace < delay ? trace : delay);
    if (QuitRequested()) ReportQuit();
    int64_t now = Nanotime();
    LookAtDescriptors(now);
    Look look = LookAtPs(now);
    if (trace > 0 && now - last_trace >= trace) {
      last_trace = now;
      PrintSchedTrace(debug_vars.scheddetail != 0);
    }
    if (look == Look::kTook) {
      quiet = 0;
      delay = kShortestLook;
    } else if (++quiet > kQuietLooks && delay < kLongestLook) {
      delay = delay * 2 < kLongestLook ? delay * 2 : kLongestLook;
    }
    if (look == Look::kAllIdle) WaitForWork(trace > 0 ? trace : -1);
  }
  return nullptr;
}

}  // namespace

void StartSysmon() {
  if (Seeded() && !SignalsHandled()) return;
  if (running.exchange(true)) return;
  stop.store(false);
  if (debug_vars.schedtrace > 0) PrintSchedTrace(debug_vars.scheddetail != 0);
  auto* watch = Seeded() ? WatchSeeded : Watch;
  if (pthread_create(&thread, nullptr, watch, nullptr) != 0) {
    Throw("cannot create a thread");
  }
}

void WakeSysmon() {
  if (!sched.sysmon_waits.load(std::memory_order_relaxed)) return;
  if (sched.sysmon_waits.exchange(false)) note.Wake();
}

void NotifySysmon() { note.Wake(); }

void StopSysmon() {
  if (!running.exchange(false)) return;
  stop.store(true, std::memory_order_release);
  note.Wake();
  pthread_join(thread, nullptr);
}

}  // namespace mgo::rt
