#include "runtime/base/fault.h"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "runtime/base/throw.h"

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MGO_LEAVE_FAULTS 1
#else
#define MGO_LEAVE_FAULTS 0
#endif

namespace mgo::rt {
namespace {

// A second fault kills the process: the handler is gone by then.
void OnFault(int signal, siginfo_t* info, void* context) {
  ClaimEnd();
  auto address = reinterpret_cast<unsigned long long>(info->si_addr);
  auto* machine = &static_cast<ucontext_t*>(context)->uc_mcontext;
  PrintError(
      "unexpected fault address %#llx\n"
      "fatal error: fault\n"
      "[signal %s code=%#x addr=%#llx pc=%#llx]\n",
      address,
      signal == SIGBUS ? "SIGBUS: bus error"
                       : "SIGSEGV: segmentation violation",
      static_cast<unsigned>(info->si_code), address,
      static_cast<unsigned long long>(machine->gregs[REG_RIP]));
  _exit(kFatalExitStatus);
}

}  // namespace

void CatchFaults() {
  const char* level = getenv("GOTRACEBACK");
  if (MGO_LEAVE_FAULTS || (level != nullptr && strcmp(level, "crash") == 0)) {
    return;
  }
  struct sigaction action = {};
  action.sa_sigaction = OnFault;
  action.sa_flags = SA_SIGINFO | SA_RESETHAND | SA_NODEFER;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace mgo::rt
