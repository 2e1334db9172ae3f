// The runtime's debug variables: `GODEBUG=gctrace=1,schedtrace=100 mgo run x`.
#ifndef MGO_RUNTIME_BASE_DEBUG_VARS_H_
#define MGO_RUNTIME_BASE_DEBUG_VARS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mgo::rt {

// One member for each row of debug_vars.def. Written before the first
// goroutine runs, and by single stores later; readers take what they see.
struct DebugVars {
#define MGO_DEBUG_VAR(name, default_value, doc) int32_t name = default_value;
#include "runtime/base/debug_vars.def"
};

// The variables in force.
extern DebugVars debug_vars;

// A row's name and explanation, for `mgo help debug` and the tests.
struct DebugVarInfo {
  const char* name;
  const char* doc;
  int32_t default_value;
};
// All rows; `count` of them.
const DebugVarInfo* DebugVarTable(size_t* count);

// Takes settings such as "gctrace=1,gcstress=2" over; unknown names are
// ignored, as in Go.
void ParseDebugVars(std::string_view settings);

// Reads GODEBUG, then MGODEBUG.
void InitDebugVars();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_DEBUG_VARS_H_
