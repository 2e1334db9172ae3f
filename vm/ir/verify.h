// A check of the representation's invariants, for debug builds and tests.
#ifndef MGO_VM_IR_VERIFY_H_
#define MGO_VM_IR_VERIFY_H_

#include <string>

#include "vm/ir/ir.h"

namespace mgo::ir {

// Returns what is wrong with the function, or an empty string: blocks that do
// not end in their only terminator, targets and registers that do not exist,
// operands that an operation needs and does not have.
std::string VerifyFunction(const Function& function);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_VERIFY_H_
