// The interpreter: runs guest code for the scheduler.
#ifndef MGO_VM_INTERP_INTERP_H_
#define MGO_VM_INTERP_INTERP_H_

#include "runtime/abi/function.h"

namespace mgo::interp {

// Functions of the library's package runtime that the interpreter calls.
struct Hooks {
  // func raise(kind int, text string): panics with the run-time error of that
  // rt::RuntimeErrorKind.
  const rt::Function* raise = nullptr;
  // func panicText(value any) string: what an uncaught panic prints of its
  // value.
  const rt::Function* panic_text = nullptr;
  // func rangeDefers(l *deferList): what a loop over a function defers for its
  // body; null: the program has no such loop.
  const rt::Function* range_defers = nullptr;
};

// Registers the interpreter with the scheduler (rt::SetExecutor); before the
// first goroutine is made.
void Install(const Hooks& hooks);

}  // namespace mgo::interp

#endif  // MGO_VM_INTERP_INTERP_H_
