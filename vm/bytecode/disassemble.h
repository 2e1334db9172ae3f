// Prints bytecode for `mgo dump --bytecode`.
#ifndef MGO_VM_BYTECODE_DISASSEMBLE_H_
#define MGO_VM_BYTECODE_DISASSEMBLE_H_

#include <functional>
#include <string>

#include "runtime/abi/function.h"
#include "vm/bytecode/inst.h"

namespace mgo::bytecode {

// Gives the name of a static thing whose address or value stands in a word
// after an instruction (a callee's code, a TypeDesc, a global, a string
// constant); empty when there is nothing better than the number.
using WordNamer = std::function<std::string(const Inst& inst, int word)>;

// Appends one line for each instruction of `function` (offset, name, operands,
// source line where it changes), and then its root maps.
void Disassemble(const rt::Function& function, const WordNamer& namer,
                 std::string* out);

// Words of the instruction at `inst`, its table included.
int LengthOf(const Inst& inst);

}  // namespace mgo::bytecode

#endif  // MGO_VM_BYTECODE_DISASSEMBLE_H_
