// Branches.
#include "vm/interp/op.h"

namespace mgo::interp {

OP(Jump) { NEXT(pc->Imm32()); }
OP(JumpLoop) { LOOP_TO(pc + pc->Imm32()); }

// Both forms of a branch whose offset is the immediate in c.
#define BRANCH(name, condition)               \
  OP(name) {                                  \
    if (condition) NEXT(Simm(pc->c));         \
    NEXT(1);                                  \
  }                                           \
  OP(name##Loop) {                            \
    if (condition) LOOP_TO(pc + Simm(pc->c)); \
    NEXT(1);                                  \
  }
// The same with the long offset.
#define LONG_BRANCH(name, condition)          \
  OP(name) {                                  \
    if (condition) NEXT(pc->Imm32());         \
    NEXT(1);                                  \
  }                                           \
  OP(name##Loop) {                            \
    if (condition) LOOP_TO(pc + pc->Imm32()); \
    NEXT(1);                                  \
  }
LONG_BRANCH(JTrue, fp[pc->a] != 0)
LONG_BRANCH(JFalse, fp[pc->a] == 0)
BRANCH(JEqI64, fp[pc->a] == fp[pc->b])
BRANCH(JNeI64, fp[pc->a] != fp[pc->b])
BRANCH(JLtI64, I64(fp[pc->a]) < I64(fp[pc->b]))
BRANCH(JLeI64, I64(fp[pc->a]) <= I64(fp[pc->b]))
BRANCH(JLtU64, fp[pc->a] < fp[pc->b])
BRANCH(JLeU64, fp[pc->a] <= fp[pc->b])
BRANCH(JEqI64Imm, I64(fp[pc->a]) == Simm(pc->b))
BRANCH(JNeI64Imm, I64(fp[pc->a]) != Simm(pc->b))
BRANCH(JLtI64Imm, I64(fp[pc->a]) < Simm(pc->b))
BRANCH(JLeI64Imm, I64(fp[pc->a]) <= Simm(pc->b))
BRANCH(JGtI64Imm, I64(fp[pc->a]) > Simm(pc->b))
BRANCH(JGeI64Imm, I64(fp[pc->a]) >= Simm(pc->b))
#define FLOAT_BRANCHES(T)                           \
  BRANCH(JEq##T, T(fp[pc->a]) == T(fp[pc->b]))      \
  BRANCH(JNe##T, T(fp[pc->a]) != T(fp[pc->b]))      \
  BRANCH(JLt##T, T(fp[pc->a]) < T(fp[pc->b]))       \
  BRANCH(JLe##T, T(fp[pc->a]) <= T(fp[pc->b]))      \
  BRANCH(JNotLt##T, !(T(fp[pc->a]) < T(fp[pc->b]))) \
  BRANCH(JNotLe##T, !(T(fp[pc->a]) <= T(fp[pc->b])))
FLOAT_BRANCHES(F64)
FLOAT_BRANCHES(F32)
#undef FLOAT_BRANCHES
#undef LONG_BRANCH
#undef BRANCH

OP(JumpTable) {
  Slot index = fp[pc->a];
  if (index > pc->b) index = pc->b;
  NEXT(static_cast<int64_t>(pc->Word(1 + static_cast<int>(index))));
}

}  // namespace mgo::interp
