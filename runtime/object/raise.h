// How this folder reports what a guest program did wrong.
//
// A function that can panic takes the goroutine, raises through one of these,
// and returns a failure that its header describes; the interpreter then
// unwinds.
#ifndef MGO_RUNTIME_OBJECT_RAISE_H_
#define MGO_RUNTIME_OBJECT_RAISE_H_

#include <string_view>

namespace mgo::rt {

struct G;
struct TypeDesc;

// Panics `g` with a runtime.Error whose text is "runtime error: " + text.
void RaiseRuntimeError(G* g, std::string_view text);
// Panics `g` with a runtime.Error whose text is `text` as it stands
// ("assignment to entry in nil map").
void RaisePlainError(G* g, std::string_view text);
// Panics `g` with a *runtime.TypeAssertionError of this text.
void RaiseTypeAssertion(G* g, std::string_view text);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_RAISE_H_
