// Ends of the process that no guest code can stop.
#ifndef MGO_RUNTIME_BASE_THROW_H_
#define MGO_RUNTIME_BASE_THROW_H_

#include <cstdint>
#include <string_view>

namespace mgo::rt {

// Exit status of a process that ended by a fatal error or an uncaught panic.
inline constexpr int kFatalExitStatus = 2;

// Prints `fatal error: MESSAGE` and the stacks of all goroutines (by the dump
// hook), and ends the process (EndFatally). For corrupt runtime
// state.
[[noreturn]] void Throw(const char* message);

// The same for misuse by the program, which Go calls fatal: the runtime is
// well, so that only the goroutine that failed is shown, unless GOTRACEBACK
// says more.
[[noreturn]] void ThrowUser(const char* message);

// What Throw calls to print an empty line and the goroutines; set by sched
// (traceback.h). `user`: it was ThrowUser. Null: nothing. A Throw within a
// Throw skips it.
void SetThrowDump(void (*dump)(bool user));

// True from the first Throw on.
bool Throwing();

// To be called before the report of the end of the process is written: the
// first thread goes on, and may call it again (false); all others sleep in it
// for ever, so that reports do not mix and the first one is written to its end.
bool ClaimEnd();

// The end after a report: at once, with status 2, or by SIGABRT (a core dump)
// after SetCrashAtEnd, as GOTRACEBACK=crash wants it.
[[noreturn]] void EndFatally();
void SetCrashAtEnd(bool crash);

// Something to do before the process ends on purpose: flush, summaries. Called
// in reverse order of registration by ExitProcess, not by Throw.
void AddExitHook(void (*hook)());

// Runs the exit hooks, once, on the calling thread.
void RunExitHooks();

// Runs the exit hooks and ends the process at once, whatever other threads do.
// A second thread that comes here, or comes while another reports a fatal
// error, sleeps until the process is over.
[[noreturn]] void ExitProcess(int status);

// Writes all of a text to standard error.
void PrintErrorText(std::string_view text);

// Writes text of up to 1,000 bytes to standard error with one write where
// possible; printf format.
void PrintError(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_THROW_H_
