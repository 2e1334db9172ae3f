// A collection, and when the next one is due.
//
// For now the world stands still throughout: finish the last cycle's sweep,
// take back all allocation caches, mark from the roots, settle finalizers and
// weak timers, and let everything not marked be swept as room is needed. The
// steps are those of a concurrent cycle, in its order; only marking is not
// interleaved with guest code yet, so no barrier is needed.
//
// Pacing: the heap may grow by GOGC percent over what was live (objects, stacks
// and globals), but not under 4 MB at GOGC=100; the allocator asks for a
// collection when it gets there.
#include "runtime/gc/gc.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "runtime/base/debug_vars.h"
#include "runtime/base/mutex.h"
#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/gc/barrier.h"
#include "runtime/gc/finalizer.h"
#include "runtime/gc/gc_trace.h"
#include "runtime/gc/mark.h"
#include "runtime/gc/mutator.h"
#include "runtime/gc/verify.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"

namespace mgo::rt {

GcFigures gc_figures;

namespace {

constexpr uint64_t kMinHeapAtGogc100 = 4 << 20;

// Protects the settings, and with them gc_figures.goal.
Mutex settings_lock(LockRank::kLeaf);
int32_t gc_percent = 100;          // negative: off; protector: settings_lock
int64_t memory_limit = INT64_MAX;  // protector: settings_lock
std::atomic<bool> forced_requested{false};
// gc_figures.cycles, for readers while the world runs.
std::atomic<uint32_t> cycles{0};
// Safepoints under gcstress so far.
std::atomic<uint64_t> stress_count{0};

// settings_lock held.
void SetTrigger() {
  uint64_t live = gc_figures.live_after;
  uint64_t goal = UINT64_MAX;
  if (gc_percent >= 0) {
    auto percent = static_cast<uint64_t>(gc_percent);
    uint64_t base = live + StackBytesInUse();
    goal = live + base * percent / 100;
    goal = std::max(goal, kMinHeapAtGogc100 * percent / 100);
  }
  if (memory_limit != INT64_MAX) {
    uint64_t other =
        heap.stats.metadata.load(std::memory_order_relaxed) + StackBytesInUse();
    auto limit = static_cast<uint64_t>(memory_limit);
    uint64_t room = limit > other ? limit - other : 0;
    // Not without end: at least a sixteenth of the live heap between cycles.
    goal = std::min(goal, std::max(room, live + live / 16 + (64 << 10)));
  }
  gc_figures.goal = goal;
  heap.stats.trigger.store(goal, std::memory_order_relaxed);
}

// A weak timer that nothing else refers to.
bool IsDeadTimer(Timer* timer, void*) {
  if ((timer->flags & kTimerWeak) == 0) return false;
  auto p = reinterpret_cast<uintptr_t>(timer);
  MSpan* span = SpanOf(p);
  return span != nullptr && !span->IsMarked(span->IndexOf(p));
}

void FlushCaches() {
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    MCacheFlush(&sched.procs[i]->mcache);
  }
}

// Marks all that is reachable; returns what was.
void MarkAll(Marker& marker) {
  active_marker = &marker;
  MarkRoots(marker);
  marker.Drain();
  if (debug_vars.gcverify != 0) VerifyMarks(true);
  QueueSpecials(marker);
  marker.Drain();
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    sched.procs[i]->timers.RemoveIf(IsDeadTimer, nullptr);
  }
  active_marker = nullptr;
}

void TidyGoroutines() {
  int64_t now = Nanotime();
  size_t n = AllGCount();
  for (size_t i = 0; i < n; i++) {
    G* g = AllG(i);
    GStatus status = g->Status();
    if (status == kGdead || status == kGidle) continue;
    if (g->stack->next != nullptr) FreeKeptChunk(g);
    if (status == kGwaiting && g->wait_since == 0) g->wait_since = now;
  }
}

bool StressDue() {
  if (debug_vars.gcstress <= 0) return false;
  uint64_t count = stress_count.fetch_add(1, std::memory_order_relaxed);
  return count % static_cast<uint64_t>(debug_vars.gcstress) == 0;
}

void CollectRequested(G* g) {
  bool forced = forced_requested.exchange(false);
  CollectGarbage(forced, g);
}

int32_t ReadGogc() {
  const char* text = getenv("GOGC");
  if (text == nullptr || *text == 0) return 100;
  if (strcmp(text, "off") == 0) return -1;
  char* end;
  long value = strtol(text, &end, 10);
  return *end == 0 && value >= 0 && value < INT32_MAX
             ? static_cast<int32_t>(value)
             : 100;
}

// A number of bytes with an optional suffix B, KiB, MiB, GiB, TiB.
int64_t ReadMemoryLimit() {
  const char* text = getenv("GOMEMLIMIT");
  if (text == nullptr || *text == 0 || strcmp(text, "off") == 0) {
    return INT64_MAX;
  }
  char* end;
  long long value = strtoll(text, &end, 10);
  int shift = *end == 'K'   ? 10
              : *end == 'M' ? 20
              : *end == 'G' ? 30
              : *end == 'T' ? 40
                            : 0;
  if (value < 0 || value > INT64_MAX >> shift) return INT64_MAX;
  return static_cast<int64_t>(value) << shift;
}

}  // namespace

void GcInit() {
  {
    MutexLock guard(settings_lock);
    gc_percent = ReadGogc();
    memory_limit = ReadMemoryLimit();
  }
  gc_hooks.collect = CollectRequested;
  gc_hooks.stress = StressDue;
  gc_hooks.on_finalizer_exit = FinalizerExited;
  heap.on_trigger = RequestCollection;
  sched.always_stop = debug_vars.gcstress > 0;
  heap.poison = debug_vars.gcstress > 0 || debug_vars.clobberfree > 0;
  gc_barrier_enabled = debug_vars.gcbarrier > 0 ? 1 : 0;
  gc_figures.live_after = 0;
  MutexLock guard(settings_lock);
  SetTrigger();
}

void CollectGarbage(bool forced, G* g) {
  GcFigures& f = gc_figures;
  int64_t start = Nanotime(), cpu_start = ThreadCpuNanos();
  if (!StopTheWorld(g, StopReason::kGc)) return;
  heap.FinishSweep();
  FlushCaches();
  f.live_before = heap.stats.live.load(std::memory_order_relaxed);
  f.goal_before = f.goal;
  int64_t marking = Nanotime();
  Marker marker;
  MarkAll(marker);
  int64_t marked = Nanotime();
  f.marked_objects = marker.marked_objects;
  f.scanned_bytes = marker.scanned_bytes;
  f.live_after = marker.marked_bytes;
  f.stack_bytes = StackBytesInUse();
  heap.stats.live.store(f.live_after, std::memory_order_relaxed);
  heap.StartSweep();
  if (heap.poison || forced) heap.FinishSweep();
  TidyGoroutines();
  {
    MutexLock guard(settings_lock);
    SetTrigger();
  }
  cycles.store(++f.cycles, std::memory_order_release);
  if (forced) f.forced_cycles++;
  int64_t end = Nanotime();
  f.sweep_term_ns = marking - start;
  f.mark_ns = marked - marking;
  f.mark_term_ns = end - marked;
  f.total_cpu_ns += ThreadCpuNanos() - cpu_start;
  uint32_t slot = (f.cycles - 1) % 256;
  WallTime wall = Walltime();
  f.pause_ns[slot] = static_cast<uint64_t>(end - start);
  f.pause_end[slot] = static_cast<uint64_t>(wall.sec) * 1000000000 +
                      static_cast<uint64_t>(wall.nsec);
  f.pause_total_ns += f.pause_ns[slot];
  std::string trace;
  if (debug_vars.gctrace > 0) trace = FormatGcTrace(start, forced);
  StartTheWorld();
  if (!trace.empty()) PrintError("%s", trace.c_str());
  StartFinalizers();
}

void RequestForcedCollection() {
  forced_requested = true;
  RequestCollection();
}

uint32_t GcCycles() { return cycles.load(std::memory_order_acquire); }

int32_t GcPercent() {
  MutexLock guard(settings_lock);
  return gc_percent;
}

int32_t SetGcPercent(int32_t percent) {
  MutexLock guard(settings_lock);
  int32_t old = gc_percent;
  gc_percent = percent < 0 ? -1 : percent;
  SetTrigger();
  return old;
}

int64_t SetMemoryLimit(int64_t bytes) {
  MutexLock guard(settings_lock);
  int64_t old = memory_limit;
  if (bytes >= 0) {
    memory_limit = bytes;
    SetTrigger();
  }
  return old;
}

}  // namespace mgo::rt
