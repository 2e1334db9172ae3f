#include "runtime/base/throw.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace mgo::rt {
namespace {

constexpr int kMaxExitHooks = 16;

std::atomic<void (*)(bool)> throw_dump{nullptr};
std::atomic<bool> throwing{false};
std::atomic<bool> crash_at_end{false};
// Set by the thread that ends the process, before anything is written.
std::atomic<bool> end_claimed{false};
thread_local bool end_is_ours = false;
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
  PrintErrorText({buffer, static_cast<size_t>(n)});
}

void PrintErrorText(std::string_view text) {
  while (!text.empty()) {
    ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

bool ClaimEnd() {
  if (end_is_ours) return false;
  if (end_claimed.exchange(true)) {
    for (;;) pause();
  }
  end_is_ours = true;
  return true;
}

namespace {

[[noreturn]] void Report(const char* message, bool user) {
  ClaimEnd();
  bool again = throwing.exchange(true);
  PrintError("fatal error: %s\n", message);
  if (!again) {
    if (auto dump = throw_dump.load()) dump(user);
  }
  EndFatally();
}

}  // namespace

void Throw(const char* message) { Report(message, false); }

void ThrowUser(const char* message) { Report(message, true); }

void EndFatally() {
  if (crash_at_end.load(std::memory_order_relaxed)) {
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
  }
  _exit(kFatalExitStatus);
}

void SetCrashAtEnd(bool crash) {
  crash_at_end.store(crash, std::memory_order_relaxed);
}

void SetThrowDump(void (*dump)(bool user)) { throw_dump.store(dump); }

bool Throwing() { return throwing.load(std::memory_order_relaxed); }

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
  ClaimEnd();
  RunExitHooks();
  _exit(status);
}

}  // namespace mgo::rt
