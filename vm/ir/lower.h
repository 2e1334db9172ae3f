// Lowering: from checked packages to the intermediate representation.
#ifndef MGO_VM_IR_LOWER_H_
#define MGO_VM_IR_LOWER_H_

#include <memory>

#include "lang/diag/diagnostic.h"
#include "lang/types/checker.h"
#include "vm/ir/ir.h"

namespace mgo::ir {

// Lowers the program whose package main is `main`: everything reachable from
// its main function and from initializers. Bodies of library functions are
// checked on the way (types::CheckBody). What is not supported, and what the
// checker finds in library bodies, goes to the sink; the result must be thrown
// away then. The program refers to types, constants and symbols of `world`.
std::unique_ptr<Program> LowerProgram(types::World& world, types::Package& main,
                                      diag::DiagnosticSink& sink);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_LOWER_H_
