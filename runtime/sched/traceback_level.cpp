#include "runtime/sched/traceback_level.h"

#include <atomic>
#include <charconv>
#include <cstdlib>

#include "runtime/base/throw.h"

namespace mgo::rt {
namespace {

// A setting as one number, so that two are combined by "or".
constexpr uint32_t kCrash = 1, kAll = 2;
constexpr uint32_t kLevelShift = 2;
constexpr uint32_t kSingle = 1 << kLevelShift;
constexpr uint32_t kSystem = 2 << kLevelShift | kAll;

uint32_t from_environment = kSingle;  // written at the start
std::atomic<uint32_t> setting{kSingle};

uint32_t Parse(std::string_view name) {
  if (name.empty() || name == "single") return kSingle;
  if (name == "none") return 0;
  if (name == "all") return kSingle | kAll;
  if (name == "system") return kSystem;
  if (name == "crash") return kSystem | kCrash;
  uint32_t level = 0;
  auto result = std::from_chars(name.begin(), name.end(), level);
  if (result.ec != std::errc() || result.ptr != name.end()) level = 0;
  return level << kLevelShift | kAll;
}

void Set(uint32_t value) {
  setting.store(value, std::memory_order_relaxed);
  SetCrashAtEnd((value & kCrash) != 0);
}

}  // namespace

TracebackLevel GetTracebackLevel() {
  uint32_t value = setting.load(std::memory_order_relaxed);
  return {value >> kLevelShift, (value & kAll) != 0};
}

void InitTracebackLevel() {
  const char* name = getenv("GOTRACEBACK");
  from_environment = Parse(name == nullptr ? "" : name);
  Set(from_environment);
}

void SetTracebackLevel(std::string_view name) {
  Set(Parse(name) | from_environment);
}

}  // namespace mgo::rt
