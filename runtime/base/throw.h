// Ends of the process that no guest code can stop.
#ifndef MGO_RUNTIME_BASE_THROW_H_
#define MGO_RUNTIME_BASE_THROW_H_

#include <cstdint>

namespace mgo::rt {

// Exit status of a process that ended by a fatal error or an uncaught panic.
inline constexpr int kFatalExitStatus = 2;

// Prints `fatal error: MESSAGE`, an empty line and the stacks of all goroutines
// (by the dump hook), and ends the process with status 2. For corrupt runtime
// state and for misuse that Go calls fatal ("concurrent map writes").
[[noreturn]] void Throw(const char* message);

// What Throw calls to print the goroutines; set by sched (traceback.h). Null:
// nothing. A Throw within a Throw skips it.
void SetThrowDump(void (*dump)());

// True from the first Throw on.
bool Throwing();

// To be called before the report of the end of the process is written: the
// first thread goes on, and may call it again (false); all others sleep in it
// for ever, so that reports do not mix and the first one is written to its end.
bool ClaimEnd();

// Something to do before the process ends on purpose: flush, summaries. Called
// in reverse order of registration by ExitProcess, not by Throw.
void AddExitHook(void (*hook)());

// Runs the exit hooks, once, on the calling thread.
void RunExitHooks();

// Runs the exit hooks and ends the process at once, whatever other threads do.
// A second thread that comes here, or comes while another reports a fatal
// error, sleeps until the process is over.
[[noreturn]] void ExitProcess(int status);

// Writes text to standard error with one write where possible; printf format.
void PrintError(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_THROW_H_
