// Assignments.
//
// "The assignment proceeds in two phases. First, the operands of index
// expressions and pointer indirections on the left and the expressions on the
// right are all evaluated in the usual order. Second, the assignments are
// carried out in left-to-right order."
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;
using syntax::Unparen;
using types::BasicKind;

static bool IsBlank(const Expr* e) {
  const auto* id = dyn_cast<syntax::Ident>(Unparen(e));
  return id != nullptr && id->name->blank;
}

bool FunctionLowering::Declares(const Expr* lhs, bool define) {
  if (!define) return false;
  const auto* id = dyn_cast<syntax::Ident>(lhs);
  if (id == nullptr) return false;
  Symbol* s = SymbolOf(id);
  return s != nullptr && !s->is_global && s->pos == id->pos;
}

void FunctionLowering::Assign(const syntax::AssignStmt* s) {
  if (s->op != syntax::Op::kNone) {
    AssignOp(s->lhs[0], s->op, s->rhs[0], s->pos);
  } else if (s->lhs.size() == 1) {
    AssignOne(s->lhs[0], s->rhs[0], s->define);
  } else if (s->rhs.size() == 1) {
    AssignMulti(s->lhs, s->rhs[0], s->define);
  } else {
    AssignMany(s);
  }
}

void FunctionLowering::AssignOne(const Expr* lhs, const Expr* rhs,
                                 bool define) {
  if (IsBlank(lhs)) {
    Effects(rhs);
    return;
  }
  if (Declares(lhs, define)) {
    Symbol* s = SymbolOf(cast<syntax::Ident>(lhs));
    const Type* t = TypeOfSym(s);
    VarLoc loc;
    if (NeedsMemory(s, t)) {
      const auto* lit = dyn_cast<syntax::CompositeLit>(Unparen(rhs));
      if (lit == nullptr && types::SizeOf(t) <= 1024) {
        Operand v = ValueAs(rhs, t);
        DeclareWith(s, v);
        return;
      }
      loc = Declare(s);
      StoreExpr(MemPlace(loc.reg, 0, t, true), rhs, true);
      return;
    }
    loc = Declare(s);
    ValueInto(rhs, t, loc.reg, true);
    return;
  }
  HoistOperands({lhs, rhs}, 1);
  Place p = PlaceOf(lhs);
  StoreExpr(p, rhs, false);
}

void FunctionLowering::AssignMany(const syntax::AssignStmt* s) {
  size_t n = s->lhs.size();
  llvm::SmallVector<const Expr*, 8> operands;
  for (const Expr* e : s->lhs) {
    if (!IsBlank(e) && !Declares(e, s->define)) operands.push_back(e);
  }
  size_t place_count = operands.size();
  operands.append(s->rhs.begin(), s->rhs.end());
  HoistOperands(operands, place_count);
  llvm::SmallVector<Place, 4> places(n);
  for (size_t i = 0; i < n; ++i) {
    if (!IsBlank(s->lhs[i]) && !Declares(s->lhs[i], s->define)) {
      places[i] = PlaceOf(s->lhs[i]);
    }
  }
  Operands values;
  llvm::SmallVector<const Type*, 4> value_types;
  for (size_t i = 0; i < n; ++i) {
    const Expr* lhs = s->lhs[i];
    const Type* t;
    if (IsBlank(lhs)) {
      t = TypeOf(s->rhs[i]);
    } else if (Declares(lhs, s->define)) {
      t = TypeOfSym(SymbolOf(cast<syntax::Ident>(lhs)));
    } else {
      t = places[i].type;
    }
    value_types.push_back(t);
    values.push_back(ValueAs(s->rhs[i], t));
  }
  StoreAll(s->lhs, s->define, places, values, value_types);
}

void FunctionLowering::StoreAll(llvm::ArrayRef<const Expr*> lhs, bool define,
                                llvm::MutableArrayRef<Place> places,
                                llvm::MutableArrayRef<Operand> values,
                                llvm::ArrayRef<const Type*> value_types) {
  size_t n = lhs.size();
  // What a later assignment reads must not be a register that an earlier one
  // writes.
  for (size_t j = 0; j < n; ++j) {
    if (places[j].kind != Place::kReg && places[j].kind != Place::kRegPart) {
      continue;
    }
    Reg written = places[j].reg;
    for (size_t i = j + 1; i < n; ++i) {
      if (values[i].IsReg() && values[i].reg.id == written.id) {
        values[i] = CopyToTemp(values[i], value_types[i]);
      }
      if (PlaceUses(places[i], written)) PinPlace(places[i]);
    }
  }
  for (size_t i = 0; i < n; ++i) {
    if (Declares(lhs[i], define)) {
      if (!IsBlank(lhs[i])) {
        DeclareWith(SymbolOf(cast<syntax::Ident>(lhs[i])), values[i]);
      }
    } else {
      Store(places[i], values[i]);
    }
  }
}

void FunctionLowering::AssignOperands(llvm::ArrayRef<const Expr*> lhs,
                                      bool define,
                                      llvm::ArrayRef<Operand> values,
                                      llvm::ArrayRef<const Type*> from) {
  llvm::SmallVector<Place, 4> places(lhs.size());
  Operands converted;
  llvm::SmallVector<const Type*, 4> to;
  for (size_t i = 0; i < lhs.size(); ++i) {
    const Type* t = from[i];
    if (!IsBlank(lhs[i])) {
      if (Declares(lhs[i], define)) {
        t = TypeOfSym(SymbolOf(cast<syntax::Ident>(lhs[i])));
      } else {
        places[i] = PlaceOf(lhs[i]);
        t = places[i].type;
      }
    }
    to.push_back(t);
    converted.push_back(Implicit(values[i], from[i], t, {}));
  }
  StoreAll(lhs, define, places, converted, to);
}

void FunctionLowering::AssignOperand(const Expr* lhs, bool define, Operand v,
                                     const Type* from) {
  if (IsBlank(lhs)) return;
  if (Declares(lhs, define)) {
    Symbol* s = SymbolOf(cast<syntax::Ident>(lhs));
    DeclareWith(s, Implicit(v, from, TypeOfSym(s), {}));
    return;
  }
  Place p = PlaceOf(lhs);
  Store(p, Implicit(v, from, p.type, {}));
}

// The register of a variable of type t that stands left, declared if need be;
// none when it is something else.
Reg FunctionLowering::VariableRegister(const Expr* lhs, bool define,
                                       const Type* t) {
  const auto* id = dyn_cast<syntax::Ident>(lhs);
  if (id == nullptr || id->name->blank) return {};
  Symbol* s = SymbolOf(id);
  if (s->is_global) return {};
  const Type* own = TypeOfSym(s);
  if (own != t && !types::Identical(own, t)) return {};
  if (Declares(lhs, define)) {
    return NeedsMemory(s, own) ? Reg{} : Declare(s).reg;
  }
  VarLoc loc = LocOf(s);
  return loc.in_memory ? Reg{} : loc.reg;
}

void FunctionLowering::AssignMulti(llvm::ArrayRef<const Expr*> lhs,
                                   const Expr* rhs, bool define) {
  const Expr* source = Unparen(rhs);
  const auto* call = dyn_cast<syntax::CallExpr>(source);
  llvm::SmallVector<const Type*, 4> from;
  const Type* rhs_type = TypeOf(source);
  const auto* tuple = llvm::dyn_cast_if_present<types::Tuple>(rhs_type);
  for (size_t i = 0; i < lhs.size(); ++i) {
    if (tuple != nullptr) {
      from.push_back(TypeOfSym(tuple->vars[i]));
    } else {
      from.push_back(i == 0 ? rhs_type : program_.Basic(BasicKind::kBool));
    }
  }
  if (const auto* ta = dyn_cast<syntax::TypeAssertExpr>(source)) {
    from[0] = TypeOf(ta->type);
  }
  if (call == nullptr || BuiltinOf(call->fun) != types::Builtin::kNone) {
    llvm::SmallVector<const Expr*, 4> operands;
    for (const Expr* e : lhs) {
      if (!IsBlank(e) && !Declares(e, define)) operands.push_back(e);
    }
    operands.push_back(source);
    HoistOperands(operands, operands.size() - 1);
    Reg ok = TempBool();
    // Right into the variable, unless the other side may still read it.
    Reg want;
    if (isa<syntax::Ident>(lhs[1])) {
      want = VariableRegister(lhs[0], define, from[0]);
    }
    Operand v = CommaOk(source, ok, want);
    if (want.IsValid()) {
      Move(want, v, from[0]);
      AssignOperand(lhs[1], define, ok, from[1]);
    } else {
      AssignOperands(lhs, define, {v, Operand(ok)}, from);
    }
    return;
  }
  // Results go right into register variables when only names stand left.
  bool direct = true;
  for (const Expr* e : lhs) direct &= isa<syntax::Ident>(e);
  llvm::SmallVector<Reg, 4> regs(lhs.size());
  llvm::SmallVector<bool, 4> done(lhs.size(), false);
  for (const Expr* e : lhs) {
    if (!IsBlank(e) && !Declares(e, define)) HoistPlace(Unparen(e));
  }
  for (size_t i = 0; i < lhs.size(); ++i) {
    if (IsBlank(lhs[i])) {
      if (!direct) regs[i] = Temp(from[i]);
      done[i] = true;
      continue;
    }
    if (direct) {
      Reg own = VariableRegister(lhs[i], define, from[i]);
      bool again = false;
      for (size_t j = 0; j < i; ++j) again |= regs[j] == own;
      if (own.IsValid() && !again) {
        regs[i] = own;
        done[i] = true;
        continue;
      }
    }
    regs[i] = Temp(from[i]);
  }
  CallWith(call, regs, CallMode::kCall);
  if (!direct) {
    Operands values(regs.begin(), regs.end());
    AssignOperands(lhs, define, values, from);
    return;
  }
  for (size_t i = 0; i < lhs.size(); ++i) {
    if (!done[i]) AssignOperand(lhs[i], define, regs[i], from[i]);
  }
}

void FunctionLowering::AssignOp(const Expr* lhs, syntax::Op op, const Expr* rhs,
                                Pos pos) {
  if (rhs != nullptr) HoistOperands({lhs, rhs}, 1);
  Place p = PlaceOf(lhs);
  const Type* t = p.type;
  const Type* shift_type = nullptr;
  bool shift_const = false;
  Operand current = Load(p);
  Operand v;
  if (rhs == nullptr) {
    const types::Constant* one = program_.world.constants.Int(1);
    v = ConstValue(one, t, {});
  } else {
    v = Value(rhs);
    shift_const = Tv(rhs).value != nullptr;
    if (op == syntax::Op::kShl || op == syntax::Op::kShr) {
      shift_type = TypeOf(rhs);
    }
  }
  pos_ = pos;
  Reg want = p.kind == Place::kReg ? p.reg : Reg{};
  Operand r = BinaryOp(op, current, v, t, shift_type, shift_const, want);
  p.pos = pos;
  Store(p, r);
}

}  // namespace mgo::ir
