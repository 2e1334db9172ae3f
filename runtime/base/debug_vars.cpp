#include "runtime/base/debug_vars.h"

#include <charconv>
#include <cstdlib>

namespace mgo::rt {
namespace {

constexpr DebugVarInfo kRows[] = {
#define MGO_DEBUG_VAR(name, default_value, doc) {#name, doc, default_value},
#include "runtime/base/debug_vars.def"
};

int32_t* VarByName(std::string_view name) {
#define MGO_DEBUG_VAR(row, default_value, doc) \
  if (name == #row) return &debug_vars.row;
#include "runtime/base/debug_vars.def"
  return nullptr;
}

}  // namespace

DebugVars debug_vars;

const DebugVarInfo* DebugVarTable(size_t* count) {
  *count = sizeof kRows / sizeof kRows[0];
  return kRows;
}

void ParseDebugVars(std::string_view settings) {
  while (!settings.empty()) {
    size_t comma = settings.find(',');
    std::string_view field = settings.substr(0, comma);
    settings = comma == settings.npos ? "" : settings.substr(comma + 1);
    size_t equals = field.find('=');
    if (equals == field.npos) continue;
    std::string_view text = field.substr(equals + 1);
    int32_t value = 0;
    auto result = std::from_chars(text.begin(), text.end(), value);
    if (result.ec != std::errc() || result.ptr != text.end()) continue;
    if (int32_t* var = VarByName(field.substr(0, equals))) *var = value;
  }
}

void InitDebugVars() {
  for (const char* name : {"GODEBUG", "MGODEBUG"}) {
    if (const char* text = getenv(name)) ParseDebugVars(text);
  }
}

}  // namespace mgo::rt
