#include "runtime/gc/gc.h"
#include "runtime/gc/gc_trace.h"
#include "runtime/heap/mheap.h"
#include "runtime/heap/page_alloc.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"

namespace mgo::rt {
namespace {

// Allocations by size class and in total, over all Ps, caches flushed.
void CountObjects(MemStats* stats) {
  uint64_t tiny = 0, large = 0;
  // Ps that are no longer in use count, too.
  for (uint32_t i = 0; i < kMaxProcs && sched.procs[i] != nullptr; i++) {
    MCache& cache = sched.procs[i]->mcache;
    MCacheFlush(&cache);
    tiny += cache.tiny_count;
    large += cache.large_count;
    for (uint32_t c = 1; c < kSizeClasses; c++) {
      stats->by_size[c].mallocs += cache.objects[c];
    }
  }
  stats->tiny_allocs = tiny;
  stats->large_allocs = large;
  stats->large_frees = heap.stats.class_freed[0].load();
  stats->mallocs = tiny + large;
  stats->frees = tiny + stats->large_frees;
  for (uint32_t c = 0; c < kSizeClasses; c++) {
    stats->by_size[c].size = static_cast<uint32_t>(ClassSize(c));
    if (c == 0) continue;
    stats->by_size[c].frees = heap.stats.class_freed[c].load();
    stats->mallocs += stats->by_size[c].mallocs;
    stats->frees += stats->by_size[c].frees;
  }
}

}  // namespace

void ReadMemStats(MemStats* stats) {
  *stats = {};
  CountObjects(stats);
  const GcFigures& f = gc_figures;
  const HeapStats& h = heap.stats;
  stats->heap_objects = stats->mallocs - stats->frees;
  stats->total_alloc = h.total_alloc.load();
  stats->heap_alloc = stats->alloc = stats->total_alloc - h.freed_bytes.load();
  stats->heap_sys = h.mapped.load();
  stats->heap_inuse = h.pages_in_use.load();
  stats->heap_idle = stats->heap_sys - stats->heap_inuse;
  stats->stack_inuse = stats->stack_sys = StackBytesInUse();
  {
    MutexLock guard(heap.lock);
    stats->mspan_inuse = heap.all_span_count * sizeof(MSpan);
  }
  stats->mspan_sys = stats->mspan_inuse;
  stats->mcache_inuse = stats->mcache_sys = sched.proc_count * sizeof(MCache);
  stats->gc_sys = h.metadata.load();
  stats->sys = stats->heap_sys + stats->stack_sys + stats->mspan_sys +
               stats->mcache_sys + stats->gc_sys;
  stats->next_gc = f.goal;
  stats->num_gc = f.cycles;
  stats->num_forced_gc = f.forced_cycles;
  stats->pause_total_ns = f.pause_total_ns;
  for (int i = 0; i < 256; i++) {
    stats->pause_ns[i] = f.pause_ns[i];
    stats->pause_end[i] = f.pause_end[i];
  }
  if (f.cycles > 0) stats->last_gc = f.pause_end[(f.cycles - 1) % 256];
}

}  // namespace mgo::rt
