#include "runtime/base/throw.h"

#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace mgo::rt {
namespace {

constexpr int kMaxExitHooks = 16;

std::atomic<void (*)()> throw_dump{nullptr};
std::atomic<int> throwing{0};
// Registered while the program starts, on one thread.
void (*exit_hooks[kMaxExitHooks])();
std::atomic<int> exit_hook_count{0};

}  // namespace

void PrintError(const char* format, ...) {
  char buffer[1024];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  if (n < 0) return;
  if (n >= static_cast<int>(sizeof buffer)) n = sizeof buffer - 1;
  const char* p = buffer;
  while (n > 0) {
    ssize_t written = write(STDERR_FILENO, p, static_cast<size_t>(n));
    if (written <= 0) return;
    p += written;
    n -= static_cast<int>(written);
  }
}

void Throw(const char* message) {
  int before = throwing.fetch_add(1);
  PrintError("fatal error: %s\n", message);
  if (before == 0) {
    if (auto dump = throw_dump.load()) {
      PrintError("\n");
      dump();
    }
  }
  _exit(kFatalExitStatus);
}

void SetThrowDump(void (*dump)()) { throw_dump.store(dump); }

bool Throwing() { return throwing.load(std::memory_order_relaxed) != 0; }

void AddExitHook(void (*hook)()) {
  int n = exit_hook_count.load();
  if (n == kMaxExitHooks) Throw("too many exit hooks");
  exit_hooks[n] = hook;
  exit_hook_count.store(n + 1);
}

void RunExitHooks() {
  for (int n; (n = exit_hook_count.load()) > 0;) {
    exit_hook_count.store(n - 1);
    exit_hooks[n - 1]();
  }
}

void ExitProcess(int status) {
  RunExitHooks();
  _exit(status);
}

}  // namespace mgo::rt
