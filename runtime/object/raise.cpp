#include "runtime/object/raise.h"

#include "runtime/sched/defer.h"

namespace mgo::rt {

void RaiseRuntimeError(G* g, std::string_view text) {
  SetRuntimeError(g, RuntimeErrorKind::kPlain, text);
}

void RaisePlainError(G* g, std::string_view text) {
  SetRuntimeError(g, RuntimeErrorKind::kPlainString, text);
}

void RaiseTypeAssertion(G* g, std::string_view text) {
  SetRuntimeError(g, RuntimeErrorKind::kTypeAssertion, text);
}

}  // namespace mgo::rt
