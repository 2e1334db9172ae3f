// The collector's figures, and gctrace's lines.
#ifndef MGO_RUNTIME_GC_GC_TRACE_H_
#define MGO_RUNTIME_GC_GC_TRACE_H_

#include <cstdint>
#include <string>

namespace mgo::rt {

// Of the last cycle, unless it says otherwise. World stopped, or the thread
// that collects.
struct GcFigures {
  uint32_t cycles;         // so far
  uint32_t forced_cycles;  // so far
  uint64_t live_before;    // bytes when it started
  uint64_t live_after;     // bytes marked
  uint64_t goal;           // of the next
  uint64_t goal_before;    // of this one
  uint64_t marked_objects;
  uint64_t scanned_bytes;
  uint64_t stack_bytes;
  int64_t sweep_term_ns, mark_ns, mark_term_ns;
  int64_t total_cpu_ns;     // so far
  uint64_t pause_total_ns;  // so far
  uint64_t pause_ns[256];   // the last 256, by number of the cycle
  uint64_t pause_end[256];
};
extern GcFigures gc_figures;

// Go's line for the cycle that has just ended; world stopped. It is printed
// when the world runs again, since that may block.
std::string FormatGcTrace(int64_t start, bool forced);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_GC_GC_TRACE_H_
