// The natives of package runtime/metrics: figures, in the order of table.mgo.
#include <algorithm>
#include <initializer_list>
#include <iterator>

#include "runtime/gc/gc.h"
#include "runtime/gc/gc_trace.h"
#include "runtime/heap/size_class.h"
#include "runtime/sched/pause_stats.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {
namespace {

// Writes figures to a slice of at least so many.
void Put(GoSlice out, std::initializer_list<uint64_t> figures) {
  if (out.len < static_cast<int64_t>(figures.size())) return;
  std::copy(figures.begin(), figures.end(),
            reinterpret_cast<uint64_t*>(out.ptr));
}

// The figures of the stopped world.
struct Stopped {
  rt::MemStats stats;
  uint64_t live, stack;
};

void ReadStopped(NativeFrame& f, Stopped* out) {
  KeepParameters keep(f);
  rt::StopTheWorld(f.g, rt::StopReason::kOther);
  rt::ReadMemStats(&out->stats);
  out->live = rt::gc_figures.live_after;
  out->stack = rt::gc_figures.stack_bytes;
  rt::StartTheWorld();
}

}  // namespace

// func readSched(out []uint64)
NativeStatus MetricsReadSched(NativeFrame& f) {
  uint64_t yields = 0, parks = 0, exits = 0, preemptions = 0, spawns = 0,
           steals = 0, handoffs = 0;
  for (uint32_t i = 0; i < rt::kMaxProcs && rt::sched.procs[i] != nullptr;
       i++) {
    const rt::PCounters& c = rt::sched.procs[i]->counters;
    yields += c.yields.Get();
    parks += c.parks.Get();
    exits += c.exits.Get();
    preemptions += c.preemptions.Get();
    spawns += c.spawns.Get();
    steals += c.steals.Get();
    handoffs += c.handoffs.Get();
  }
  uint64_t threads;
  {
    rt::MutexLock guard(rt::sched.lock);
    threads = rt::sched.m_count + 1;  // and sysmon
  }
  Put(f.Slice(0),
      {rt::sched.proc_count.load(), static_cast<uint64_t>(rt::GoroutineCount()),
       threads, yields, parks, exits, preemptions, spawns, steals, handoffs});
  return NativeStatus::kOk;
}

// func readStates(out []uint64)
NativeStatus MetricsReadStates(NativeFrame& f) {
  uint64_t not_in_go = 0, runnable = 0, running = 0, waiting = 0;
  for (size_t i = 0; i < rt::AllGCount(); i++) {
    switch (rt::AllG(i)->Status()) {
      case rt::kGsyscall:
        not_in_go++;
        break;
      case rt::kGrunnable:
        runnable++;
        break;
      case rt::kGrunning:
        running++;
        break;
      case rt::kGwaiting:
      case rt::kGpreempted:
        waiting++;
        break;
      case rt::kGidle:
      case rt::kGdead:
        break;
    }
  }
  Put(f.Slice(0), {not_in_go, runnable, running, waiting});
  return NativeStatus::kOk;
}

// func readHeap(out []uint64)
NativeStatus MetricsReadHeap(NativeFrame& f) {
  Stopped stopped;
  ReadStopped(f, &stopped);
  const rt::MemStats& s = stopped.stats;
  Put(f.Slice(0), {s.num_gc - s.num_forced_gc,
                   s.num_forced_gc,
                   s.num_gc,
                   static_cast<uint64_t>(int64_t{rt::GcPercent()}),
                   static_cast<uint64_t>(rt::SetMemoryLimit(-1)),
                   s.total_alloc,
                   s.mallocs - s.tiny_allocs,
                   s.total_alloc - s.heap_alloc,
                   s.frees - s.tiny_allocs,
                   s.next_gc,
                   stopped.live,
                   s.heap_objects,
                   s.tiny_allocs,
                   stopped.stack,
                   rt::kGBlockBytes - sizeof(rt::G),
                   s.heap_idle - s.heap_released,
                   s.heap_alloc,
                   s.heap_released,
                   s.stack_inuse,
                   s.heap_inuse - s.heap_alloc,
                   s.mcache_inuse,
                   s.mspan_inuse,
                   s.gc_sys,
                   s.sys});
  return NativeStatus::kOk;
}

// func readSizes(out []uint64): upper bound, allocated, freed; of small
// classes, then of large objects.
NativeStatus MetricsReadSizes(NativeFrame& f) {
  GoSlice out = f.Slice(0);
  if (out.len < 3 * int64_t{rt::kSizeClasses}) return NativeStatus::kOk;
  Stopped stopped;
  ReadStopped(f, &stopped);
  const rt::MemStats& s = stopped.stats;
  auto* to = reinterpret_cast<uint64_t*>(out.ptr);
  for (uint32_t c = 1; c < rt::kSizeClasses; c++) {
    *to++ = s.by_size[c].size;
    *to++ = s.by_size[c].mallocs;
    *to++ = s.by_size[c].frees;
  }
  *to++ = UINT64_MAX;
  *to++ = s.large_allocs;
  *to++ = s.large_frees;
  return NativeStatus::kOk;
}

// func readTimes(which int, out []uint64): each bucket's count and lower bound.
NativeStatus MetricsReadTimes(NativeFrame& f) {
  const rt::TimeHistogram* const all[] = {
      &rt::gc_pauses.stopping, &rt::other_pauses.stopping, &rt::gc_pauses.total,
      &rt::other_pauses.total};
  const uint64_t which = f.Uint(0);
  GoSlice out = f.Slice(1);
  if (which >= std::size(all) ||
      out.len < 2 * int64_t{rt::TimeHistogram::kBuckets}) {
    return NativeStatus::kOk;
  }
  auto* to = reinterpret_cast<uint64_t*>(out.ptr);
  for (uint32_t b = 0; b < rt::TimeHistogram::kBuckets; b++) {
    *to++ = all[which]->Count(b);
    *to++ = b == 0 ? 0 : rt::TimeHistogram::LowerBound(b);
  }
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
