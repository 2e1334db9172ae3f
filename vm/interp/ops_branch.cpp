// Branches.
#include "vm/interp/op.h"

namespace mgo::interp {

OP(Jump) { NEXT(pc->Imm32()); }
OP(JumpLoop) { LOOP_TO(pc + pc->Imm32()); }

// A branch and its Loop form, whose offset is the immediate in c, in the forms
// that FORMS makes of them (op.h).
#define BRANCH(FORMS, name, condition)                         \
  FORMS(name, if (condition) NEXT(Simm(pc->c)); NEXT_KEEP(1);) \
  FORMS(name##Loop, if (condition) LOOP_TO(pc + Simm(pc->c)); NEXT_KEEP(1);)
// The same with the long offset.
#define LONG_BRANCH(FORMS, name, condition)                    \
  FORMS(name, if (condition) NEXT(pc->Imm32()); NEXT_KEEP(1);) \
  FORMS(name##Loop, if (condition) LOOP_TO(pc + pc->Imm32()); NEXT_KEEP(1);)
LONG_BRANCH(OP_A, JTrue, a != 0)
LONG_BRANCH(OP_A, JFalse, a == 0)
BRANCH(OP_AB, JEqI64, a == b)
BRANCH(OP_AB, JNeI64, a != b)
BRANCH(OP_AB, JLtI64, I64(a) < I64(b))
BRANCH(OP_AB, JLeI64, I64(a) <= I64(b))
BRANCH(OP_AB, JLtU64, a < b)
BRANCH(OP_AB, JLeU64, a <= b)
BRANCH(OP_A, JEqI64Imm, I64(a) == Simm(pc->b))
BRANCH(OP_A, JNeI64Imm, I64(a) != Simm(pc->b))
BRANCH(OP_A, JLtI64Imm, I64(a) < Simm(pc->b))
BRANCH(OP_A, JLeI64Imm, I64(a) <= Simm(pc->b))
BRANCH(OP_A, JGtI64Imm, I64(a) > Simm(pc->b))
BRANCH(OP_A, JGeI64Imm, I64(a) >= Simm(pc->b))
BRANCH(OP_F64_AB, JEqF64, a == b)
BRANCH(OP_F64_AB, JNeF64, a != b)
BRANCH(OP_F64_AB, JLtF64, a < b)
BRANCH(OP_F64_AB, JLeF64, a <= b)
BRANCH(OP_F64_AB, JNotLtF64, !(a < b))
BRANCH(OP_F64_AB, JNotLeF64, !(a <= b))
#define OP_F32(name, ...)                         \
  OP(name) {                                      \
    float a = F32(fp[pc->a]), b = F32(fp[pc->b]); \
    __VA_ARGS__                                   \
  }
BRANCH(OP_F32, JEqF32, a == b)
BRANCH(OP_F32, JNeF32, a != b)
BRANCH(OP_F32, JLtF32, a < b)
BRANCH(OP_F32, JLeF32, a <= b)
BRANCH(OP_F32, JNotLtF32, !(a < b))
BRANCH(OP_F32, JNotLeF32, !(a <= b))
#undef OP_F32
#undef LONG_BRANCH
#undef BRANCH

// The ends of counting loops.
#define COUNT(name, step, condition)            \
  OP(name) {                                    \
    int64_t a = I64(fp[pc->a] + FromI64(step)); \
    fp[pc->a] = FromI64(a);                     \
    if (condition) LOOP_TO(pc + Simm(pc->c));   \
    NEXT(1);                                    \
  }
COUNT(IncJLtI64Loop, 1, a < I64(fp[pc->b]))
COUNT(IncJLtI64ImmLoop, 1, a < Simm(pc->b))
COUNT(DecJGeI64ImmLoop, -1, a >= Simm(pc->b))
#undef COUNT

OP(JumpTable) {
  Slot index = fp[pc->a];
  if (index > pc->b) index = pc->b;
  NEXT(static_cast<int64_t>(pc->Word(1 + static_cast<int>(index))));
}

}  // namespace mgo::interp
