// Arithmetic on constants, exactly as the interpreter does it.
#ifndef MGO_VM_IR_OPT_FOLD_H_
#define MGO_VM_IR_OPT_FOLD_H_

#include <cstdint>

#include "vm/ir/ir.h"

namespace mgo::ir {

// Whether `a cmp b` holds for canonical scalars of the representation.
bool FoldCompare(Op cmp, Rep rep, int64_t a, int64_t b);
// The canonical result of a op b (b ignored for unary ones); false when it is
// not a constant: division by zero, results that are NaN.
bool FoldArith(Op op, Rep rep, int64_t a, int64_t b, int64_t* result);
// The same for Convert.
bool FoldConvert(Rep from, Rep to, int64_t a, int64_t* result);

// Simplifies by algebra an instruction one of whose operands is an immediate:
// it may become a Const or a Copy or another operation. Returns whether it
// changed.
bool Simplify(Instr& i);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_OPT_FOLD_H_
