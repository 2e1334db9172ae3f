#include "runtime/gc/gc_trace.h"

#include <cstdio>
#include <string>

#include "runtime/base/debug_vars.h"
#include "runtime/base/nanotime.h"
#include "runtime/gc/barrier.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/sched.h"

namespace mgo::rt {
namespace {

// Nanoseconds as milliseconds, as Go prints them: two significant digits under
// 10 ms, whole numbers above.
std::string Ms(int64_t ns) {
  char buffer[32];
  if (ns >= 10000000) {
    snprintf(buffer, sizeof buffer, "%lld",
             static_cast<long long>(ns / 1000000));
    return buffer;
  }
  long long x = ns / 1000;
  if (x == 0) return "0";
  int decimals = 3;
  while (x >= 100) {
    x /= 10;
    decimals--;
  }
  double value = static_cast<double>(x);
  for (int i = 0; i < decimals; i++) value /= 10;
  snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

unsigned long long Mb(uint64_t bytes) { return bytes >> 20; }

}  // namespace

std::string FormatGcTrace(int64_t start, bool forced) {
  const GcFigures& f = gc_figures;
  int64_t since = start - StartNanotime();
  int64_t elapsed = Nanotime() - StartNanotime();
  int percent = elapsed <= 0
                    ? 0
                    : static_cast<int>(
                          100 * f.total_cpu_ns /
                          (elapsed * static_cast<int64_t>(sched.proc_count)));
  std::string term = Ms(f.sweep_term_ns), mark = Ms(f.mark_ns),
              end = Ms(f.mark_term_ns);
  uint64_t goal = f.goal_before == UINT64_MAX ? 0 : f.goal_before;
  char line[512];
  snprintf(line, sizeof line,
           "gc %u @%lld.%03llds %d%%: %s+%s+%s ms clock, %s+0/%s/0+%s ms cpu, "
           "%llu->%llu->%llu MB, %llu MB goal, %llu MB stacks, 0 MB globals, "
           "%u P%s\n",
           f.cycles, static_cast<long long>(since / 1000000000),
           static_cast<long long>(since / 1000000 % 1000), percent,
           term.c_str(), mark.c_str(), end.c_str(), term.c_str(), mark.c_str(),
           end.c_str(), Mb(f.live_before), Mb(f.live_before), Mb(f.live_after),
           Mb(goal), Mb(f.stack_bytes), sched.proc_count.load(),
           forced ? " (forced)" : "");
  std::string text = line;
  if (debug_vars.gctrace < 2) return text;
  snprintf(
      line, sizeof line,
      "  mark: %llu objects, %llu B marked, %llu B scanned, coverage 100%%; "
      "%llu barriers\n",
      static_cast<unsigned long long>(f.marked_objects),
      static_cast<unsigned long long>(f.live_after),
      static_cast<unsigned long long>(f.scanned_bytes),
      static_cast<unsigned long long>(WriteBarrierCount()));
  return text + line;
}

}  // namespace mgo::rt
