// Optimisation: passes over a whole program's intermediate representation.
//
// Functions are taken bottom-up over the call graph, so that a callee is in its
// final form when its callers look at it: calls of small functions are replaced
// by their bodies (opt_inline), values are propagated along dominators
// (opt_propagate), objects that do not outlive a call become frame memory and
// then registers (opt_escape, opt_promote), invariants leave loops (opt_loop),
// and what is left over goes (opt_dead, opt_clean).
//
// What a Go program can observe stays the same: the order of panics, NaNs and
// wrap-around, the frames of a trace, the values of a frame whose panic is
// recovered.
#ifndef MGO_VM_IR_OPT_H_
#define MGO_VM_IR_OPT_H_

#include "lang/types/checker.h"
#include "vm/ir/ir.h"

namespace mgo::ir {

// Which passes run; all but for tests and debugging.
struct OptOptions {
  bool enabled = true;
  bool inlining = true;
  bool escape = true;
  // Writes what each pass did to standard error.
  bool trace = false;
};

// The options that the environment asks for: the rows noopt, noinline, noescape
// and opttrace of MGODEBUG, as in MGODEBUG=noopt=1.
OptOptions OptOptionsFromEnvironment();

// Optimises the program in place.
void Optimize(Program& program, types::World& world, const OptOptions& options);
// The same with the environment's options.
void Optimize(Program& program, types::World& world);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_OPT_H_
