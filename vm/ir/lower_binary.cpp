// Binary operators, comparisons, conditions.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::dyn_cast;
using llvm::isa;
using syntax::Unparen;
using types::BasicKind;
using SynOp = syntax::Op;

static bool IsComparison(SynOp op) {
  return op >= SynOp::kEql && op <= SynOp::kGeq;
}

static bool IsLogic(SynOp op) {
  return op == SynOp::kLAnd || op == SynOp::kLOr;
}

static bool IsShift(SynOp op) { return op == SynOp::kShl || op == SynOp::kShr; }

// The operation of a comparison operator.
static Op CompareOp(SynOp op) {
  switch (op) {
    case SynOp::kEql:
      return Op::kEq;
    case SynOp::kNeq:
      return Op::kNe;
    case SynOp::kLss:
      return Op::kLt;
    case SynOp::kLeq:
      return Op::kLe;
    case SynOp::kGtr:
      return Op::kGt;
    default:
      return Op::kGe;
  }
}

Operand FunctionLowering::Binary(const syntax::BinaryExpr* e, Reg want) {
  if (IsLogic(e->op)) return LogicValue(e, want);
  if (IsComparison(e->op)) return Comparison(e, want);
  if (types::IsBasic(TypeOf(e), types::kIsString)) return Concat(e, want);
  return BinaryChain(e, want);
}

// The operands of a left-leaning chain of arithmetic are walked in a loop:
// there may be a million.
Operand FunctionLowering::BinaryChain(const syntax::BinaryExpr* e, Reg want) {
  llvm::SmallVector<const syntax::BinaryExpr*, 8> chain;
  const Expr* x = e;
  for (;;) {
    const auto* b = dyn_cast<syntax::BinaryExpr>(x);
    if (b == nullptr || IsLogic(b->op) || IsComparison(b->op)) break;
    if (x != e && (Tv(x).value != nullptr ||
                   (!hoisted_.empty() && hoisted_.count(x) != 0))) {
      break;
    }
    chain.push_back(b);
    x = b->x;
  }
  if (HasCall(e)) {
    llvm::SmallVector<const Expr*, 8> operands{x};
    for (size_t i = chain.size(); i-- > 0;) operands.push_back(chain[i]->y);
    HoistOperands(operands);
  }
  // A long chain keeps to one register.
  constexpr size_t kLongChain = 32;
  Reg accumulator;
  if (chain.size() > kLongChain) accumulator = Temp(TypeOf(e));
  Operand a = Value(x);
  for (size_t i = chain.size(); i-- > 0;) {
    const syntax::BinaryExpr* b = chain[i];
    Operand y = Value(b->y);
    pos_ = b->op_pos;
    const Type* shift_type = IsShift(b->op) ? TypeOf(b->y) : nullptr;
    a = BinaryOp(b->op, a, y, TypeOf(b), shift_type, Tv(b->y).value != nullptr,
                 i == 0 ? want : accumulator);
  }
  return a;
}

Operand FunctionLowering::Concat(const syntax::BinaryExpr* e, Reg want) {
  llvm::SmallVector<const Expr*, 8> operands;
  const Expr* x = e;
  for (;;) {
    const auto* b = dyn_cast<syntax::BinaryExpr>(Unparen(x));
    if (b == nullptr || Tv(x).value != nullptr ||
        (!hoisted_.empty() && hoisted_.count(b) != 0)) {
      break;
    }
    operands.push_back(b->y);
    x = b->x;
  }
  operands.push_back(x);
  std::reverse(operands.begin(), operands.end());
  HoistOperands(operands);
  const Type* t = program_.Basic(BasicKind::kString);
  Operands values;
  for (const Expr* operand : operands) {
    values.push_back(ToReg(Value(operand), t));
  }
  pos_ = e->op_pos;
  Reg dst = WantOr(want, TypeOf(e));
  Emit(Op::kStrConcat, dst).args.append(values.begin(), values.end());
  return dst;
}

// log2 of a power of two, or -1.
static int PowerOfTwo(int64_t v) {
  if (v <= 0 || (v & (v - 1)) != 0) return -1;
  return __builtin_ctzll(static_cast<uint64_t>(v));
}

static bool IsUnsigned(Rep rep) {
  return rep == Rep::kU8 || rep == Rep::kU16 || rep == Rep::kU32 ||
         rep == Rep::kU64;
}

Operand FunctionLowering::BinaryOp(SynOp op, Operand a, Operand b,
                                   const Type* t, const Type* shift_type,
                                   bool shift_const, Reg want) {
  if (types::IsBasic(t, types::kIsComplex)) return ComplexOp(op, a, b, t, want);
  if (types::IsBasic(t, types::kIsString)) {
    Reg x = ToReg(a, t);
    Reg y = ToReg(b, t);
    Reg dst = WantOr(want, t);
    Instr& instr = Emit(Op::kStrConcat, dst);
    instr.args = {x, y};
    return dst;
  }
  Rep rep = RepOf(t);
  if (IsShift(op)) {
    Rep count_rep = RepOf(shift_type);
    if (!shift_const && !IsUnsigned(count_rep) && b.IsReg()) {
      Emit(Op::kCheckShift, {}, b).rep = count_rep;
    }
    return Arith(op == SynOp::kShl ? Op::kShl : Op::kShr, rep, a, b, want, t);
  }
  Op ir_op;
  switch (op) {
    case SynOp::kAdd:
      ir_op = Op::kAdd;
      break;
    case SynOp::kSub:
      ir_op = Op::kSub;
      break;
    case SynOp::kMul:
      ir_op = Op::kMul;
      break;
    case SynOp::kQuo:
      ir_op = Op::kDiv;
      break;
    case SynOp::kRem:
      ir_op = Op::kRem;
      break;
    case SynOp::kAnd:
      ir_op = Op::kAnd;
      break;
    case SynOp::kOr:
      ir_op = Op::kOr;
      break;
    case SynOp::kXor:
      ir_op = Op::kXor;
      break;
    default:
      ir_op = Op::kAndNot;
      break;
  }
  if (b.IsImm() && IsUnsigned(rep)) {
    int shift = PowerOfTwo(b.imm);
    if (ir_op == Op::kDiv && shift >= 0) {
      return Arith(Op::kShr, rep, a, Operand::Imm(shift), want, t);
    }
    if (ir_op == Op::kRem && shift >= 0) {
      return Arith(Op::kAnd, rep, a, Operand::Imm(b.imm - 1), want, t);
    }
  }
  if (a.IsImm() && b.IsReg() &&
      (ir_op == Op::kAdd || ir_op == Op::kMul || ir_op == Op::kAnd ||
       ir_op == Op::kOr || ir_op == Op::kXor)) {
    std::swap(a, b);
  }
  return Arith(ir_op, rep, a, b, want, t);
}

Operand FunctionLowering::NotOp(Operand a, Reg want) {
  if (a.IsImm()) return Operand::Imm(a.imm == 0 ? 1 : 0);
  Reg dst = want.IsValid() ? want : TempBool();
  Emit(Op::kNot, dst, a).rep = Rep::kU8;
  return dst;
}

Operand FunctionLowering::NilWord(Operand v, const Type* t) {
  if (RepOf(t) != Rep::kNone || v.IsImm()) return v;
  return v.reg;  // the first slot of a slice or an interface
}

Operand FunctionLowering::LessString(SynOp op, Operand a, Operand b, Reg want) {
  const Type* t = program_.Basic(BasicKind::kString);
  Reg x = ToReg(a, t);
  Reg y = ToReg(b, t);
  if (op == SynOp::kGtr || op == SynOp::kGeq) std::swap(x, y);
  bool strict = op == SynOp::kLss || op == SynOp::kGtr;
  Reg dst = want.IsValid() ? want : TempBool();
  Emit(strict ? Op::kStrLt : Op::kStrLe, dst, x, y);
  return dst;
}

Operand FunctionLowering::EqualMixed(Operand iface, const Type* iface_type,
                                     Operand value, const Type* t) {
  // Same dynamic type, then same value.
  Reg result = TempBool();
  uint32_t same = NewBlock();
  uint32_t differ = NewBlock();
  uint32_t done = NewBlock();
  program_.NoteRuntimeType(t);
  Operand dynamic = DynamicType(iface);
  Reg desc = TempAddr();
  Instr& instr = Emit(Op::kConstRef, desc);
  instr.ref.kind = RefKind::kTypeDesc;
  instr.ref.type = t;
  BranchCmp(Op::kEq, Rep::kPtr, dynamic, desc, same, differ);
  SetBlock(same);
  Operand held = Unbox(iface, t, {});
  Move(result, Equal(held, value, t, result), program_.Basic(BasicKind::kBool));
  Jump(done);
  SetBlock(differ);
  Move(result, Operand::Imm(0), program_.Basic(BasicKind::kBool));
  JumpTo(done);
  return result;
}

Operand FunctionLowering::Equal(Operand a, Operand b, const Type* t, Reg want) {
  Rep rep = RepOf(t);
  if (rep != Rep::kNone) return Compare(Op::kEq, rep, a, b, want);
  const Type* u = types::Underlying(t);
  if (types::IsBasic(u, types::kIsComplex)) return ComplexEqual(a, b, t, want);
  Reg x = ToReg(a, t);
  Reg y = ToReg(b, t);
  Reg dst =
      want.IsValid() && want.id != x.id && want.id != y.id ? want : TempBool();
  if (types::IsBasic(u, types::kIsString)) {
    Emit(Op::kStrEq, dst, x, y);
  } else if (isa<types::Interface>(u)) {
    Emit(Op::kIfaceEq, dst, x, y);
  } else if (types::SizeOf(t) == 0) {
    return Operand::Imm(1);
  } else {
    Emit(Op::kValueEq, dst, x, y).type = t;
  }
  return dst;
}

static bool IsNilExpr(const types::TypeAndValue& tv) {
  return tv.mode == types::Mode::kNil;
}

Operand FunctionLowering::Comparison(const syntax::BinaryExpr* e, Reg want) {
  HoistOperands({e->x, e->y});
  bool negate = e->op == SynOp::kNeq;
  bool equality = e->op == SynOp::kEql || negate;
  if (equality && (IsNilExpr(Tv(e->x)) || IsNilExpr(Tv(e->y)))) {
    const Expr* x = IsNilExpr(Tv(e->x)) ? e->y : e->x;
    if (IsNilExpr(Tv(x))) return Operand::Imm(negate ? 0 : 1);
    Operand v = NilWord(Value(x), TypeOf(x));
    pos_ = e->op_pos;
    return Compare(negate ? Op::kNe : Op::kEq, Rep::kPtr, v, Operand::Imm(0),
                   want);
  }
  const Type* xt = TypeOf(e->x);
  const Type* yt = TypeOf(e->y);
  Operand a = Value(e->x);
  Operand b = Value(e->y);
  pos_ = e->op_pos;
  bool xi = types::IsInterface(xt);
  bool yi = types::IsInterface(yt);
  if (xi != yi) {
    Operand r = xi ? EqualMixed(a, xt, b, yt) : EqualMixed(b, yt, a, xt);
    return negate ? NotOp(r, want) : r;
  }
  if (types::IsBasic(xt, types::kIsString)) {
    if (!equality) return LessString(e->op, a, b, want);
    // s == "" is a question about the length.
    for (int side = 0; side < 2; ++side) {
      const types::Constant* value = Tv(side == 0 ? e->y : e->x).value;
      if (value != nullptr && value->StringValue().empty()) {
        Operand s = side == 0 ? a : b;
        return Compare(negate ? Op::kNe : Op::kEq, Rep::kI64, s.reg.At(1),
                       Operand::Imm(0), want);
      }
    }
  }
  Rep rep = RepOf(xt);
  if (rep != Rep::kNone) return Compare(CompareOp(e->op), rep, a, b, want);
  if (!negate) return Equal(a, b, xt, want);
  return NotOp(Equal(a, b, xt, {}), want);
}

Operand FunctionLowering::LogicValue(const Expr* e, Reg want) {
  const Expr* inner = Unparen(e);
  if (const auto* u = dyn_cast<syntax::UnaryExpr>(inner)) {
    const Expr* x = Unparen(u->x);
    const auto* b = dyn_cast<syntax::BinaryExpr>(x);
    if (b == nullptr || !IsLogic(b->op)) return NotOp(Value(u->x), want);
  }
  Reg dst = WantOr(want, TypeOf(e));
  const Type* t = program_.Basic(BasicKind::kBool);
  uint32_t yes = NewBlock();
  uint32_t no = NewBlock();
  uint32_t done = NewBlock();
  Cond(e, yes, no);
  SetBlock(yes);
  Move(dst, Operand::Imm(1), t);
  Jump(done);
  SetBlock(no);
  Move(dst, Operand::Imm(0), t);
  JumpTo(done);
  return dst;
}

bool FunctionLowering::CondCompare(const syntax::BinaryExpr* e, uint32_t yes,
                                   uint32_t no) {
  bool equality = e->op == SynOp::kEql || e->op == SynOp::kNeq;
  bool nil = equality && (IsNilExpr(Tv(e->x)) || IsNilExpr(Tv(e->y)));
  if (nil) {
    const Expr* x = IsNilExpr(Tv(e->x)) ? e->y : e->x;
    if (IsNilExpr(Tv(x))) return false;
    Operand v = NilWord(Value(x), TypeOf(x));
    pos_ = e->op_pos;
    BranchCmp(CompareOp(e->op), Rep::kPtr, v, Operand::Imm(0), yes, no);
    return true;
  }
  Rep rep = RepOf(TypeOf(e->x));
  if (rep == Rep::kNone || RepOf(TypeOf(e->y)) == Rep::kNone) return false;
  HoistOperands({e->x, e->y});
  Operand a = Value(e->x);
  Operand b = Value(e->y);
  pos_ = e->op_pos;
  BranchCmp(CompareOp(e->op), rep, a, b, yes, no);
  return true;
}

void FunctionLowering::Cond(const Expr* e, uint32_t yes, uint32_t no) {
  for (;;) {
    e = Unparen(e);
    if (const types::Constant* value = Tv(e).value) {
      Branch(Operand::Imm(value->BoolValue() ? 1 : 0), yes, no);
      return;
    }
    if (!hoisted_.empty() && hoisted_.count(e) != 0) break;
    const auto* u = dyn_cast<syntax::UnaryExpr>(e);
    if (u == nullptr || u->op != SynOp::kNot) break;
    std::swap(yes, no);
    e = u->x;
  }
  const auto* b = dyn_cast<syntax::BinaryExpr>(e);
  if (b != nullptr && (hoisted_.empty() || hoisted_.count(e) == 0)) {
    if (IsLogic(b->op)) {
      // The operands of a chain of one operator, left to right.
      llvm::SmallVector<const Expr*, 8> operands;
      const Expr* x = e;
      for (;;) {
        const auto* c = dyn_cast<syntax::BinaryExpr>(Unparen(x));
        if (c == nullptr || c->op != b->op || Tv(x).value != nullptr) break;
        operands.push_back(c->y);
        x = c->x;
      }
      operands.push_back(x);
      bool conjunction = b->op == SynOp::kLAnd;
      for (size_t i = operands.size(); i-- > 0;) {
        if (i == 0) {
          Cond(operands[0], yes, no);
          return;
        }
        uint32_t next = NewBlock();
        if (conjunction) {
          Cond(operands[i], next, no);
        } else {
          Cond(operands[i], yes, next);
        }
        SetBlock(next);
      }
    }
    if (IsComparison(b->op) && CondCompare(b, yes, no)) return;
  }
  Operand v = Value(e);
  Branch(v, yes, no);
}

}  // namespace mgo::ir
