// The natives of package time.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>

#include "runtime/base/nanotime.h"
#include "runtime/chan/time_chan.h"
#include "runtime/sched/timer_heap.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

// time.Time; see time.mgo.
struct GuestTime {
  uint64_t wall;
  int64_t ext;
  const void* location;
};

constexpr uint64_t kHasMonotonic = uint64_t{1} << 63;
constexpr int64_t kSeconds1885To1970 = 62135596800 - 59453308800;

// Where the program's time.Local points, a variable of the package; null before
// somebody asked.
std::atomic<const void*> local_location{nullptr};

// Writes the time.Time of now that a timer sends.
void EncodeTime(void* out, uint64_t size) {
  rt::WallTime now = rt::Walltime();
  GuestTime t{kHasMonotonic |
                  static_cast<uint64_t>(now.sec + kSeconds1885To1970) << 30 |
                  static_cast<uint64_t>(now.nsec),
              rt::Nanotime(), local_location.load(std::memory_order_relaxed)};
  if (size == sizeof t) std::memcpy(out, &t, sizeof t);
}

}  // namespace

// func clocks() (sec, nsec, mono int64)
NativeStatus TimeClocks(NativeFrame& f) {
  rt::WallTime now = rt::Walltime();
  f.SetInt(0, now.sec);
  f.SetInt(1, now.nsec);
  f.SetInt(2, rt::Nanotime());
  return NativeStatus::kOk;
}

// func monoStart() int64
NativeStatus TimeMonoStart(NativeFrame& f) {
  f.SetInt(0, rt::StartNanotime() - 1);
  return NativeStatus::kOk;
}

// func Sleep(d Duration)
NativeStatus TimeSleep(NativeFrame& f) {
  return rt::SleepGoroutine(f.g, f.Int(0)) ? NativeStatus::kPark
                                           : NativeStatus::kOk;
}

// func newTimer(local *Location, zero any, delay, period Duration)
//     (timer unsafe.Pointer, c <-chan Time)
NativeStatus TimeNewTimer(NativeFrame& f) {
  local_location.store(f.Pointer<const void>(2), std::memory_order_relaxed);
  static const bool encoder_set = (rt::SetTimeEncoder(EncodeTime), true);
  (void)encoder_set;
  const TypeDesc* type = f.Iface(3).Type();
  rt::Timer* timer = rt::NewChanTimer(f.g, type, f.Int(5), f.Int(6));
  f.SetPointer(0, timer);
  f.SetPointer(1, rt::TimerChan(timer));
  return NativeStatus::kOk;
}

// func newFuncTimer(f func(), delay Duration) unsafe.Pointer
NativeStatus TimeNewFuncTimer(NativeFrame& f) {
  auto* closure = f.Pointer<const rt::Closure>(1);
  if (closure == nullptr) return PanicNil(f);
  f.SetPointer(0, rt::NewFuncTimer(f.g, closure, f.Int(2)));
  return NativeStatus::kOk;
}

// func stopTimer(timer unsafe.Pointer) bool
NativeStatus TimeStopTimer(NativeFrame& f) {
  f.SetBool(0, rt::StopGuestTimer(f.Pointer<rt::Timer>(1)));
  return NativeStatus::kOk;
}

// func resetTimer(timer unsafe.Pointer, delay, period Duration) bool
NativeStatus TimeResetTimer(NativeFrame& f) {
  f.SetBool(0,
            rt::ResetGuestTimer(f.Pointer<rt::Timer>(1), f.Int(2), f.Int(3)));
  return NativeStatus::kOk;
}

namespace {

bool ReadAll(const std::string& path, std::string* out) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char buf[4096];
  constexpr size_t kLargest = 10 << 20;
  ssize_t n;
  while ((n = read(fd, buf, sizeof buf)) > 0 && out->size() < kLargest) {
    out->append(buf, n);
  }
  close(fd);
  return n == 0;
}

constexpr const char* kZoneFolders[] = {
    "/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/", "/usr/lib/locale/TZ/",
    "/etc/zoneinfo/"};

bool ReadNamed(const std::string& name, std::string* out) {
  std::string folder_set = GetEnvironment("ZONEINFO");
  if (!folder_set.empty() && ReadAll(folder_set + "/" + name, out)) return true;
  for (const char* folder : kZoneFolders) {
    out->clear();
    if (ReadAll(folder + name, out)) return true;
  }
  return false;
}

}  // namespace

// func readZone(name string) (data, shown string, ok bool)
NativeStatus TimeReadZone(NativeFrame& f) {
  bool nul;
  std::string name = CString(f.String(5), &nul);
  std::string data;
  std::string shown = name;
  bool ok = false;
  bool is_set = false;
  std::string tz = GetEnvironment("TZ", &is_set);
  if (!tz.empty() && tz[0] == ':') tz.erase(0, 1);
  {
    BlockingSection blocking(f);
    if (!name.empty()) {
      ok = !nul && ReadNamed(name, &data);
    } else if (!is_set) {
      ok = ReadAll("/etc/localtime", &data);
      shown = "Local";
    } else if (!tz.empty() && tz[0] == '/') {
      ok = ReadAll(tz, &data);
      shown = tz == "/etc/localtime" ? "Local" : tz;
    } else if (!tz.empty() && tz != "UTC") {
      ok = ReadNamed(tz, &data);
      shown = "Local";
    }
  }
  f.Set(0, MakeString(f, ok ? data : ""));
  f.Set(2, MakeString(f, shown));
  f.SetBool(4, ok);
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
