// The natives of packages runtime and runtime/debug.
#include <algorithm>
#include <cstring>
#include <string>

#include "runtime/base/fastrand.h"
#include "runtime/base/throw.h"
#include "runtime/gc/gc.h"
#include "runtime/sched/callers.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/traceback.h"
#include "runtime/sched/traceback_level.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

// func requestGC() uint32
NativeStatus RuntimeRequestGC(NativeFrame& f) {
  f.SetUint(0, rt::GcCycles());
  rt::RequestForcedCollection();
  return NativeStatus::kOk;
}

// func collected(cycle uint32) bool
NativeStatus RuntimeCollected(NativeFrame& f) {
  f.SetBool(0, rt::GcCycles() != static_cast<uint32_t>(f.Uint(1)));
  return NativeStatus::kOk;
}

NativeStatus RuntimeGosched(NativeFrame& f) { return NativeStatus::kYield; }

NativeStatus RuntimeGoexit(NativeFrame& f) {
  return NativeStatus::kExitGoroutine;
}

NativeStatus RuntimeGomaxprocs(NativeFrame& f) {
  const int64_t n = f.Int(1);
  const int64_t most = rt::kMaxProcs;
  f.SetInt(0, rt::SetMaxProcs(f.g, static_cast<uint32_t>(n < 0      ? 0
                                                         : n < most ? n
                                                                    : most)));
  return NativeStatus::kOk;
}

NativeStatus RuntimeNumCPU(NativeFrame& f) {
  f.SetInt(0, rt::NumCpu());
  return NativeStatus::kOk;
}

NativeStatus RuntimeNumGoroutine(NativeFrame& f) {
  f.SetInt(0, rt::GoroutineCount());
  return NativeStatus::kOk;
}

NativeStatus RuntimeLockOSThread(NativeFrame& f) {
  rt::LockOSThread(f.g);
  return NativeStatus::kOk;
}

NativeStatus RuntimeUnlockOSThread(NativeFrame& f) {
  rt::UnlockOSThread(f.g);
  return NativeStatus::kOk;
}

NativeStatus RuntimeKeepAlive(NativeFrame& f) { return NativeStatus::kOk; }

// func setFinalizer(obj any, finalizer any)
NativeStatus RuntimeSetFinalizer(NativeFrame& f) {
  auto* object = f.Pointer<void>(1);
  GoIface finalizer = f.Iface(2);
  const auto* closure =
      finalizer.word == nullptr
          ? nullptr
          : reinterpret_cast<const rt::Closure*>(finalizer.data);
  if (object == nullptr) {
    rt::Throw(
        "runtime.SetFinalizer: pointer not at beginning of allocated "
        "block");
  }
  // Objects that are no heap objects live for ever: nothing to do.
  (void)rt::SetFinalizer(object, closure);
  return NativeStatus::kOk;
}

NativeStatus RuntimeFatal(NativeFrame& f) {
  rt::Throw(std::string(f.String(0).View()).c_str());
}

// func Stack(buf []byte, all bool) int
NativeStatus RuntimeStack(NativeFrame& f) {
  GoSlice buf = f.Slice(1);
  std::string text;
  if (f.Bool(4)) {
    KeepParameters keep(f);
    rt::StopTheWorld(f.g, rt::StopReason::kOther);
    rt::FormatAllGoroutines(&text);
    rt::StartTheWorld();
  } else {
    rt::FormatGoroutine(&text, f.g, "running");
  }
  auto n = static_cast<int64_t>(text.size());
  if (n > buf.len) n = buf.len;
  if (n > 0) std::memcpy(buf.ptr, text.data(), n);
  f.SetInt(0, n);
  return NativeStatus::kOk;
}

// func callers(skip int, pc []uintptr) int
NativeStatus RuntimeCallers(NativeFrame& f) {
  GoSlice out = f.Slice(2);
  f.SetInt(0, rt::CallersOf(f.g, f.Int(1), reinterpret_cast<uint64_t*>(out.ptr),
                            out.len));
  return NativeStatus::kOk;
}

// func describe(pc uintptr) (function, file string, line int)
NativeStatus RuntimeDescribe(NativeFrame& f) {
  rt::TraceFrame frame{"", "", 0};
  rt::DescribeCaller(static_cast<uint64_t>(f.Int(5)), &frame);
  f.Set(0, MakeString(f, frame.function));
  f.Set(2, MakeString(f, frame.file));
  f.SetInt(4, frame.line);
  return NativeStatus::kOk;
}

// func entry(pc uintptr) uintptr
NativeStatus RuntimeEntry(NativeFrame& f) {
  f.SetUint(0, rt::EntryOfCaller(f.Uint(1)));
  return NativeStatus::kOk;
}

namespace {

// runtime.MemStats.
struct GuestMemStats {
  uint64_t words[24];
  uint64_t pause_ns[256];
  uint64_t pause_end[256];
  uint32_t num_gc, num_forced_gc;
  double gc_cpu_fraction;
  bool enable_gc, debug_gc;
  struct {
    uint32_t size;
    uint64_t mallocs, frees;
  } by_size[61];
};

}  // namespace

// func readMemStats(m *MemStats)
NativeStatus RuntimeReadMemStats(NativeFrame& f) {
  auto* out = f.Pointer<GuestMemStats>(0);
  if (out == nullptr) return PanicNil(f);
  rt::MemStats stats;
  {
    KeepParameters keep(f);
    rt::StopTheWorld(f.g, rt::StopReason::kOther);
    rt::ReadMemStats(&stats);
    rt::StartTheWorld();
  }
  const uint64_t words[] = {
      stats.alloc,         stats.total_alloc,   stats.sys,
      stats.lookups,       stats.mallocs,       stats.frees,
      stats.heap_alloc,    stats.heap_sys,      stats.heap_idle,
      stats.heap_inuse,    stats.heap_released, stats.heap_objects,
      stats.stack_inuse,   stats.stack_sys,     stats.mspan_inuse,
      stats.mspan_sys,     stats.mcache_inuse,  stats.mcache_sys,
      stats.buck_hash_sys, stats.gc_sys,        stats.other_sys,
      stats.next_gc,       stats.last_gc,       stats.pause_total_ns};
  static_assert(sizeof words == sizeof out->words);
  std::memcpy(out->words, words, sizeof words);
  std::memcpy(out->pause_ns, stats.pause_ns, sizeof stats.pause_ns);
  std::memcpy(out->pause_end, stats.pause_end, sizeof stats.pause_end);
  out->num_gc = stats.num_gc;
  out->num_forced_gc = stats.num_forced_gc;
  out->gc_cpu_fraction = stats.gc_cpu_fraction;
  for (int i = 0; i < 61; ++i) {
    out->by_size[i].size = stats.by_size[i].size;
    out->by_size[i].mallocs = stats.by_size[i].mallocs;
    out->by_size[i].frees = stats.by_size[i].frees;
  }
  return NativeStatus::kOk;
}

NativeStatus DebugSetGCPercent(NativeFrame& f) {
  f.SetInt(0, rt::SetGcPercent(static_cast<int32_t>(f.Int(1))));
  return NativeStatus::kOk;
}

NativeStatus DebugSetMemoryLimit(NativeFrame& f) {
  f.SetInt(0, rt::SetMemoryLimit(f.Int(1)));
  return NativeStatus::kOk;
}

NativeStatus DebugReleaseMemory(NativeFrame& f) { return NativeStatus::kOk; }

NativeStatus DebugSetMaxStack(NativeFrame& f) {
  const int64_t bytes = f.Int(1);
  f.SetUint(0, rt::SetMaxStack(bytes < 0 ? 0 : static_cast<uint64_t>(bytes)));
  return NativeStatus::kOk;
}

// func SetMaxThreads(threads int) int
NativeStatus DebugSetMaxThreads(NativeFrame& f) {
  // As in Go; a negative number is a limit that is exceeded.
  const int64_t n = std::clamp<int64_t>(f.Int(1), 0, INT32_MAX);
  f.SetInt(0, rt::SetMaxThreads(static_cast<uint32_t>(n)));
  return NativeStatus::kOk;
}

// func SetPanicOnFault(enabled bool) bool
NativeStatus DebugSetPanicOnFault(NativeFrame& f) {
  uint32_t old = f.g->flags;
  f.g->flags = f.Bool(1) ? old | rt::kGPanicOnFault
                         : old & ~uint32_t{rt::kGPanicOnFault};
  f.SetBool(0, (old & rt::kGPanicOnFault) != 0);
  return NativeStatus::kOk;
}

NativeStatus DebugSetTraceback(NativeFrame& f) {
  rt::SetTracebackLevel(f.String(0).View());
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
