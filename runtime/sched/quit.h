// SIGQUIT and its like: what ends the program with a report of what it does.
//
// The signal may come on any thread at any moment, so its handler only notes
// where it came and wakes sysmon, which stops the other threads, as far as they
// come to a safepoint, prints all goroutines, and ends the process with status
// 2. Signals that Go programs survive unless they ask for them (SIGUSR1) do
// nothing; those that are to kill (SIGINT) are the system's.
#ifndef MGO_RUNTIME_SCHED_QUIT_H_
#define MGO_RUNTIME_SCHED_QUIT_H_

namespace mgo::rt {

// Installs the handlers; before sysmon starts.
void HandleSignals();
bool SignalsHandled();

// Whether there was such a signal: then sysmon calls ReportQuit.
bool QuitRequested();
[[noreturn]] void ReportQuit();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_QUIT_H_
