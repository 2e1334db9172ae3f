// How much the end of the process tells: GOTRACEBACK and debug.SetTraceback.
//
//   none    nothing but the message
//   single  the goroutine that failed; all of them when the program as a whole
//           did (fatal errors)
//   all     all goroutines of the program
//   system  those of the runtime, too, with internal functions and addresses
//   crash   as system, and the process ends by SIGABRT
//
// A number N is level N of all goroutines (0: none, 2: system); any other text
// is 0. SIGQUIT shows as much as `system` whatever is set.
#ifndef MGO_RUNTIME_SCHED_TRACEBACK_LEVEL_H_
#define MGO_RUNTIME_SCHED_TRACEBACK_LEVEL_H_

#include <cstdint>
#include <string_view>

namespace mgo::rt {

// What is set.
struct TracebackLevel {
  uint32_t level;  // 0: no traces; 2: with the runtime's own frames
  bool all;        // of all goroutines
};
TracebackLevel GetTracebackLevel();

// Reads GOTRACEBACK; once, at the start.
void InitTracebackLevel();

// debug.SetTraceback: never less than what GOTRACEBACK said.
void SetTracebackLevel(std::string_view name);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_TRACEBACK_LEVEL_H_
