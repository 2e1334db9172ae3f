// Assignments and the initialization of variables.
#include "lang/types/check.h"

namespace mgo::types {

namespace {

// "2 variables", "1 value".
std::string Count(size_t n, const char* what) {
  return llvm::formatv("{0} {1}{2}", n, what, n == 1 ? "" : "s").str();
}

bool IsCall(const Expr* e) { return isa<syntax::CallExpr>(syntax::Unparen(e)); }

}  // namespace

void Checker::AssignMismatch(ArrayRef<const Expr*> rhs, size_t l, size_t r) {
  std::string vars = Count(l, "variable"), values = Count(r, "value");
  const Expr* first = rhs[0];
  if (rhs.size() == 1) {
    const auto* call = dyn_cast<syntax::CallExpr>(syntax::Unparen(first));
    if (call != nullptr) {
      Report(DiagKind::kCallMismatch, PosOf(first), vars, Str(call->fun),
             values);
      return;
    }
  }
  Report(DiagKind::kAssignMismatch, PosOf(first), vars, values);
}

void Checker::ReturnMismatch(const syntax::ReturnStmt* s, ArrayRef<Operand> rhs,
                             ArrayRef<Symbol*> lhs) {
  Pos pos = s->pos;
  const char* quality = "not enough";
  if (rhs.size() > lhs.size()) {
    pos = rhs[lhs.size()].expr->pos;
    quality = "too many";
  } else if (!rhs.empty()) {
    pos = rhs.back().expr->pos;
  }
  llvm::SmallVector<const Type*, 4> have, want;
  for (const Operand& x : rhs) {
    if (x.Invalid()) return;
    have.push_back(x.IsNil() ? nullptr : x.type);
  }
  for (Symbol* var : lhs) want.push_back(var->type);
  Report(DiagKind::kReturnCount, pos, quality, TypesSummary(have, false, false),
         TypesSummary(want, false, false));
}

// --- initialization
// -----------------------------------------------------------------

void Checker::InitVar(Symbol* lhs, Operand& x, const char* context) {
  if (x.Invalid() || IsInvalid(x.type) ||
      (lhs->type != nullptr && IsInvalid(lhs->type))) {
    if (lhs->type == nullptr) lhs->type = Invalid();
    x.mode = Mode::kNone;
    return;
  }
  if (lhs->type == nullptr) {
    if (!RequireFuncInstance(x, nullptr)) {
      lhs->type = Invalid();
      return;
    }
    if (x.IsNil()) {
      Report(DiagKind::kUntypedNil, PosOf(x.expr), context);
      lhs->type = Invalid();
      x.mode = Mode::kNone;
      return;
    }
    lhs->type = DefaultType(x.type);
  } else if (!RequireFuncInstance(x, lhs->type,
                                  lhs->name != nullptr ? lhs->name->text.str()
                                                       : "result variable")) {
    return;
  }
  Assignment(x, lhs->type, context);
}

bool Checker::MultiRhs(const Expr* rhs, size_t wanted,
                       llvm::SmallVectorImpl<Operand>& out, bool* comma_ok) {
  *comma_ok = false;
  Operand x;
  MultiValue(x, rhs);
  if (x.Invalid()) return false;
  const auto* tuple =
      x.mode == Mode::kValue ? dyn_cast<Tuple>(x.type) : nullptr;
  if (tuple != nullptr) {
    for (Symbol* var : tuple->vars) {
      Operand part = x;
      part.type = var->type;
      part.is_part = true;
      out.push_back(part);
    }
    return true;
  }
  bool possible = x.mode == Mode::kMapIndex || x.mode == Mode::kCommaOk;
  out.push_back(x);
  if (possible && wanted == 2) {
    out[0].is_part = true;
    Operand ok;
    ok.mode = Mode::kValue;
    ok.expr = x.expr;
    ok.type = Basic(BasicKind::kUntypedBool);
    ok.is_part = true;
    out.push_back(ok);
    *comma_ok = true;
  }
  return true;
}

void Checker::RecordCommaOk(const Expr* e, const Type* value, const Type* ok) {
  Symbol* vars[2];
  const Type* types[2] = {value, ok};
  for (int i = 0; i < 2; i++) {
    vars[i] = NewSymbol(SymbolKind::kVar, e->pos, nullptr, types[i]);
  }
  const Type* t =
      world_.types.New<Tuple>(world_.types.Copy(ArrayRef<Symbol*>(vars)));
  for (;;) {
    info_.types[e->id].type = t;
    const auto* paren = dyn_cast<syntax::ParenExpr>(e);
    if (paren == nullptr) return;
    e = paren->inner;
  }
}

void Checker::InitVars(ArrayRef<Symbol*> lhs, ArrayRef<const Expr*> rhs,
                       const syntax::ReturnStmt* return_stmt) {
  const char* context =
      return_stmt != nullptr ? "return statement" : "assignment";
  if (lhs.size() == rhs.size() && (rhs.size() != 1 || !IsCall(rhs[0]))) {
    for (size_t i = 0; i < lhs.size(); i++) {
      Operand x;
      ValueForTarget(x, rhs[i]);
      InitVar(lhs[i], x, context);
    }
    return;
  }
  auto give_types = [&] {
    for (Symbol* var : lhs) {
      if (var->type == nullptr) var->type = Invalid();
    }
  };
  if (rhs.size() != 1) {
    llvm::SmallVector<Operand, 4> values(rhs.size());
    bool ok = true;
    for (size_t i = 0; i < rhs.size(); i++) {
      Raw(values[i], rhs[i], nullptr);
      ok &= !values[i].Invalid();
    }
    if (ok && return_stmt != nullptr) {
      for (Operand& x : values) {
        ok &= ExcludeNonValues(x) && SingleValue(x);
      }
      if (ok) ReturnMismatch(return_stmt, values, lhs);
    } else if (ok) {
      AssignMismatch(rhs, lhs.size(), rhs.size());
    }
    give_types();
    return;
  }
  llvm::SmallVector<Operand, 4> values;
  bool comma_ok;
  bool ok = MultiRhs(rhs[0], return_stmt == nullptr ? lhs.size() : 0, values,
                     &comma_ok);
  if (!ok) {
    give_types();
    return;
  }
  if (values.size() != lhs.size()) {
    if (return_stmt != nullptr) {
      ReturnMismatch(return_stmt, values, lhs);
    } else {
      AssignMismatch(rhs, lhs.size(), values.size());
    }
    give_types();
    return;
  }
  for (size_t i = 0; i < lhs.size(); i++) InitVar(lhs[i], values[i], context);
  if (comma_ok && !values[0].Invalid() && !values[1].Invalid()) {
    RecordCommaOk(rhs[0], values[0].type, values[1].type);
  }
}

// --- assignment
// ----------------------------------------------------------------------

const Type* Checker::LhsVar(const Expr* lhs) {
  const auto* ident = dyn_cast<Ident>(syntax::Unparen(lhs));
  if (ident != nullptr && ident->name->blank) return nullptr;
  Operand x;
  if (ident != nullptr) {
    // "x = 1" is no use of x.
    Symbol* symbol = Lookup(ident->name);
    bool local = symbol != nullptr && symbol->kind == SymbolKind::kVar;
    bool used = local && symbol->used;
    Value(x, lhs);
    if (local) symbol->used = used;
  } else {
    Value(x, lhs);
  }
  if (x.Invalid()) return Invalid();
  if (x.mode == Mode::kVariable || x.mode == Mode::kMapIndex) return x.type;
  if (const auto* selector = dyn_cast<syntax::SelectorExpr>(x.expr)) {
    if (info_.types[selector->x->id].mode == Mode::kMapIndex) {
      Report(DiagKind::kAssignMapField, PosOf(lhs), Str(x.expr));
      return Invalid();
    }
  }
  Report(DiagKind::kCannotAssign, PosOf(lhs), Str(x.expr));
  return Invalid();
}

void Checker::AssignVar(const Expr* lhs, const Expr* rhs, Operand* x,
                        const char* context) {
  const Type* t = LhsVar(lhs);
  if (t != nullptr && IsInvalid(t)) {
    if (x != nullptr) {
      x->mode = Mode::kNone;
    } else {
      Use(rhs);
    }
    return;
  }
  Operand value;
  if (x == nullptr) {
    x = &value;
    ValueForTarget(value, rhs);
  }
  if (t == nullptr && StringRef(context) == "assignment") {
    context = "assignment to _ identifier";
  }
  if (t != nullptr && IsGenericFunc(*x) &&
      !RequireFuncInstance(*x, t, Str(lhs))) {
    return;
  }
  Assignment(*x, t, context);
}

void Checker::AssignVars(ArrayRef<const Expr*> lhs, ArrayRef<const Expr*> rhs) {
  if (lhs.size() == rhs.size() && (rhs.size() != 1 || !IsCall(rhs[0]))) {
    for (size_t i = 0; i < lhs.size(); i++) {
      AssignVar(lhs[i], rhs[i], nullptr, "assignment");
    }
    return;
  }
  if (rhs.size() != 1) {
    bool ok = true;
    for (const Expr* e : lhs) ok &= UseLhs(e);
    ok &= UseAll(rhs);
    if (ok) AssignMismatch(rhs, lhs.size(), rhs.size());
    return;
  }
  llvm::SmallVector<Operand, 4> values;
  bool comma_ok;
  if (!MultiRhs(rhs[0], lhs.size(), values, &comma_ok)) {
    for (const Expr* e : lhs) UseLhs(e);
    return;
  }
  if (values.size() != lhs.size()) {
    AssignMismatch(rhs, lhs.size(), values.size());
    for (const Expr* e : lhs) UseLhs(e);
    return;
  }
  for (size_t i = 0; i < lhs.size(); i++) {
    AssignVar(lhs[i], nullptr, &values[i], "assignment");
  }
  if (comma_ok && !values[0].Invalid() && !values[1].Invalid()) {
    RecordCommaOk(rhs[0], values[0].type, values[1].type);
  }
}

void Checker::AssignStatement(const syntax::AssignStmt* s) {
  if (s->define) {
    ShortVarDecl(s);
  } else if (s->op != Op::kNone) {
    OpAssign(s);
  } else {
    AssignVars(s->lhs, s->rhs);
  }
}

void Checker::OpAssign(const syntax::AssignStmt* s) {
  if (s->lhs.size() != 1 || s->rhs.size() != 1) {
    UseAll(s->lhs);
    UseAll(s->rhs);
    // The parser has reported it.
    return;
  }
  const Expr* lhs = s->lhs[0];
  Operand x;
  Value(x, lhs);
  Mode mode = x.mode;
  const Type* t = x.type;
  Binary(x, nullptr, lhs, s->rhs[0], s->op, s->op_pos);
  if (mode == Mode::kNone) return;
  if (mode != Mode::kVariable && mode != Mode::kMapIndex) {
    LhsVar(lhs);
    return;
  }
  x.expr = lhs;
  if (x.Invalid()) return;
  if (IsUntyped(x.type)) return;
  Assignment(x, t, "assignment operation");
}

void Checker::IncDecStatement(const syntax::IncDecStmt* s) {
  Operand x;
  Value(x, s->x);
  if (x.Invalid()) return;
  if (x.IsNil() || !AllBasic(x.type, kIsNumeric)) {
    if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kNonNumericIncDec, PosOf(s->x), Str(s->x),
             s->increment ? "++" : "--", Str(x.type));
    }
    return;
  }
  if (x.mode != Mode::kVariable && x.mode != Mode::kMapIndex) LhsVar(s->x);
}

void Checker::ShortVarDecl(const syntax::AssignStmt* s) {
  llvm::SmallVector<Symbol*, 4> vars;
  llvm::SmallVector<const Ident*, 4> new_idents;
  llvm::SmallVector<Symbol*, 4> new_vars;
  llvm::SmallVector<const Name*, 4> seen;
  bool has_error = false;
  for (const Expr* lhs : s->lhs) {
    const auto* ident = dyn_cast<Ident>(lhs);
    Symbol* symbol = nullptr;
    if (ident == nullptr) {
      UseLhs(lhs);
      Report(DiagKind::kNonName, PosOf(lhs), Str(lhs));
      has_error = true;
    } else if (!ident->name->blank && llvm::is_contained(seen, ident->name)) {
      Report(DiagKind::kRepeatedOnLeft, ident->pos, ident->name->text);
      has_error = true;
    } else {
      seen.push_back(ident->name);
      Symbol* other =
          ident->name->blank ? nullptr : env_.scope->Find(ident->name);
      DeclInfo* info = other != nullptr ? FindDecl(other) : nullptr;
      if (info != nullptr && info->define == s) {
        // A script's variable, declared when that was collected.
        symbol = other;
        info->init_checked = true;
        new_idents.push_back(ident);
        new_vars.push_back(symbol);
      } else if (other != nullptr) {
        if (info != nullptr) Resolve(other);
        info_.symbols[ident->id] = other;
        if (other->kind == SymbolKind::kVar) {
          symbol = other;
          info_.types[ident->id] = {other->type, nullptr, Mode::kVariable};
        } else {
          if (info != nullptr) {
            // Of a script's functions the order says nothing.
            ReportRedeclared(ident->pos, other);
          } else {
            Report(DiagKind::kCannotAssignTo, ident->pos, ident->name->text);
          }
          has_error = true;
        }
      } else {
        symbol = NewLocal(ident, nullptr);
        if (!ident->name->blank) {
          new_idents.push_back(ident);
          new_vars.push_back(symbol);
        }
      }
    }
    if (symbol == nullptr) {
      symbol = NewSymbol(SymbolKind::kVar, lhs->pos, blank_, nullptr);
    }
    vars.push_back(symbol);
  }
  InitVars(vars, s->rhs, nullptr);
  if (new_vars.empty() && !has_error) {
    Report(DiagKind::kNoNewVariables, s->op_pos);
    return;
  }
  for (size_t i = 0; i < new_vars.size(); i++) {
    if (new_vars[i]->is_global) continue;
    Declare(env_.scope, new_idents[i], new_vars[i], s->op_pos);
  }
}

}  // namespace mgo::types
