// The intermediate representation as text, for `mgo dump --ir` and tests.
#ifndef MGO_VM_IR_DUMP_H_
#define MGO_VM_IR_DUMP_H_

#include <string>

#include "llvm/Support/raw_ostream.h"
#include "vm/ir/ir.h"

namespace mgo::ir {

// Writes a function: its signature, then its blocks, one instruction a line.
// Registers are r0, r1, …; r3.1 is slot 1 of r3.
void DumpFunction(const Function& function, llvm::raw_ostream& out);
// Writes one instruction, without a line end.
void DumpInstr(const Instr& instr, llvm::raw_ostream& out);
// Writes all functions, globals and run-time types of a program. With
// `package` only functions of the package of that path.
void DumpProgram(const Program& program, llvm::raw_ostream& out,
                 llvm::StringRef package = {});

}  // namespace mgo::ir

#endif  // MGO_VM_IR_DUMP_H_
