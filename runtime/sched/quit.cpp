#include "runtime/sched/quit.h"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/p.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {
namespace {

struct SignalName {
  int signal;
  const char* text;
};
constexpr SignalName kFatalSignals[] = {{SIGQUIT, "SIGQUIT: quit"},
                                        {SIGABRT, "SIGABRT: abort"},
                                        {SIGTRAP, "SIGTRAP: trace trap"},
                                        {SIGSYS, "SIGSYS: bad system call"},
                                        {SIGSTKFLT, "SIGSTKFLT: stack fault"}};
constexpr int kHarmlessSignals[] = {SIGUSR1,   SIGUSR2, SIGALRM,
                                    SIGVTALRM, SIGPWR,  SIGIO,
                                    SIGPROF,   SIGXCPU, SIGXFSZ};

// A second signal that comes so long after the first ends the process at once:
// the report has got stuck.
constexpr int64_t kPatience = 1000000000;

// The first signal; written by its handler before `requested`.
struct Quit {
  std::atomic<bool> claimed{false};
  std::atomic<bool> requested{false};
  int64_t time;
  int signal;
  int code;
  unsigned long long pc;
  M* m;  // of the thread that it came on; null: none
  G* g;  // that ran there; null: none
};
Quit quit;

bool handled = false;  // written at the start

void OnFatalSignal(int signal, siginfo_t* info, void* context) {
  // From raise or abort on this thread: there will be nobody to report.
  if (info->si_code == SI_TKILL) {
    ::signal(signal, SIG_DFL);
    raise(signal);
    return;
  }
  int saved = errno;
  if (quit.claimed.exchange(true)) {
    if (quit.requested.load() && Nanotime() - quit.time > kPatience) {
      _exit(kFatalExitStatus);
    }
    errno = saved;
    return;
  }
  auto* machine = &static_cast<ucontext_t*>(context)->uc_mcontext;
  quit.time = Nanotime();
  quit.signal = signal;
  quit.code = info->si_code;
  quit.pc = static_cast<unsigned long long>(machine->gregs[REG_RIP]);
  quit.m = current_m;
  quit.g = CurrentG();
  quit.requested.store(true, std::memory_order_release);
  NotifySysmon();
  errno = saved;
}

const char* NameOf(int signal) {
  for (const SignalName& name : kFatalSignals) {
    if (name.signal == signal) return name.text;
  }
  return "signal";
}

}  // namespace

void HandleSignals() {
  handled = true;
  struct sigaction action = {};
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  action.sa_sigaction = OnFatalSignal;
  for (const SignalName& name : kFatalSignals) {
    sigaction(name.signal, &action, nullptr);
  }
  // A handler, not SIG_IGN, which programs that are started would inherit.
  action.sa_flags = SA_RESTART;
  action.sa_handler = [](int) {};
  for (int signal : kHarmlessSignals) sigaction(signal, &action, nullptr);
}

bool SignalsHandled() { return handled; }

bool QuitRequested() { return quit.requested.load(std::memory_order_acquire); }

void ReportQuit() {
  ClaimEnd();
  PrintError("%s\nPC=%#llx m=%d sigcode=%d\n", NameOf(quit.signal), quit.pc,
             quit.m == nullptr ? -1 : static_cast<int>(quit.m->id), quit.code);
  PrintQuitTraces(quit.g);
  EndFatally();
}

}  // namespace mgo::rt
