// Rejects malformed bytecode before it runs.
#ifndef MGO_VM_BYTECODE_VERIFY_H_
#define MGO_VM_BYTECODE_VERIFY_H_

#include <string>

#include "runtime/abi/function.h"

namespace mgo::bytecode {

// Checks that every instruction of the function is whole, that its slots lie in
// the frame, that branches land on instructions and go backwards only in the
// forms that can stop, that code does not run off its end, that every safepoint
// has a root map and every root map lies in the frame, and that an instruction
// which takes an operand from an accumulator finds it there. Returns what is
// wrong with the first offender, or an empty string.
std::string Verify(const rt::Function& function);

}  // namespace mgo::bytecode

#endif  // MGO_VM_BYTECODE_VERIFY_H_
