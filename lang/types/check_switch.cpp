// Switches over values and over types.
#include "lang/types/check.h"
#include "lang/types/check_seen.h"

namespace mgo::types {

void Checker::SwitchStatement(const syntax::SwitchStmt* s, unsigned flags) {
  Scope* outer = env_.scope;
  OpenScope();
  if (s->init != nullptr) Statement(s->init, 0);
  Operand tag;
  if (s->tag != nullptr) {
    Value(tag, s->tag);
    Assignment(tag, nullptr, "switch expression");
    if (!tag.Invalid() && !Comparable(tag.type, false, nullptr) &&
        !HasNil(tag.type)) {
      Report(DiagKind::kCannotSwitch, PosOf(s->tag), Str(tag), Str(tag.type));
      tag.mode = Mode::kNone;
    }
  } else {
    // "A missing switch expression is equivalent to the boolean value true."
    tag.mode = Mode::kConstant;
    tag.type = Basic(BasicKind::kBool);
    tag.value = Constants().Bool(true);
    tag.expr = TrueExpr(s->lbrace);
  }
  SeenConstants seen;
  const syntax::CaseClause* first_default = nullptr;
  for (size_t i = 0; i < s->clauses.size(); i++) {
    const syntax::CaseClause* clause = s->clauses[i];
    if (clause->is_default) {
      if (first_default != nullptr) {
        Report(DiagKind::kMultipleDefaults, clause->pos, "switch",
               Str(first_default->pos));
      } else {
        first_default = clause;
      }
    }
    CaseValues(tag, clause, &seen);
    OpenScope();
    bool last = i + 1 == s->clauses.size();
    StmtList(clause->body, flags | (last ? kFinalCase : kFallthroughOk));
    CloseScope();
  }
  env_.scope = outer;
}

const Expr* Checker::TrueExpr(Pos pos) {
  if (true_expr_ == nullptr) {
    true_expr_ =
        package_.syntax->arena.New<Ident>(pos, world_.names.Intern("true"));
  }
  return true_expr_;
}

void Checker::CaseValues(Operand& tag, const syntax::CaseClause* clause,
                         SeenConstants* seen) {
  for (const Expr* e : clause->values) {
    Operand value;
    Value(value, e);
    if (tag.Invalid() || value.Invalid()) continue;
    Operand other = tag;
    if (value.type != other.type && !MatchCase(value, other)) continue;
    Operand result = value;
    if (!CaseComparable(result, other)) continue;
    if (value.mode != Mode::kConstant || value.value == nullptr) continue;
    // As in Go, duplicates of true and false, and of complex numbers, pass.
    ConstKind kind = value.value->Kind();
    if (kind == ConstKind::kBool || kind == ConstKind::kComplex) continue;
    Pos earlier;
    if (!seen->Insert(value.value, value.type, OperatorPos(e), &earlier)) {
      std::string text =
          llvm::formatv(diag::PatternOf(DiagKind::kDuplicateCase), Str(value))
              .str();
      text += llvm::formatv("\n\t{0}: previous case", Str(earlier)).str();
      AddReport(DiagKind::kDuplicateCase, PosOf(e), std::move(text));
    }
  }
}

// Gives an untyped case value the tag's type.
bool Checker::MatchCase(Operand& value, Operand& tag) {
  if (!IsUntyped(value.type)) return true;
  ConvertUntyped(value, tag.type);
  return !value.Invalid();
}

bool Checker::CaseComparable(Operand& value, Operand& tag) {
  bool ok =
      value.type == tag.type || ComparableWith(Context(), value.type, tag.type);
  if (value.IsNil()) {
    ok = HasNil(tag.type);
  } else if (ok &&
             !(value.type == tag.type && isa<mgo::types::Basic>(value.type))) {
    ok = Comparable(value.type, false, nullptr) &&
         Comparable(tag.type, false, nullptr);
  }
  if (!ok) {
    ReportComparison(value, tag, Op::kEql, /*switch_case=*/true);
    return false;
  }
  if (IsUntyped(value.type) && !value.IsNil()) {
    UpdateExprType(value.expr, DefaultType(value.type), true);
  }
  return true;
}

// --- type switches
// ----------------------------------------------------------------

void Checker::TypeSwitchStatement(const syntax::TypeSwitchStmt* s,
                                  unsigned flags) {
  Scope* outer = env_.scope;
  OpenScope();
  if (s->init != nullptr) Statement(s->init, 0);
  const Ident* name = s->name;
  if (name != nullptr && name->name->blank) {
    Report(DiagKind::kNoNewVariable, name->pos);
    name = nullptr;
  }
  Operand x;
  Value(x, s->x);
  if (!x.Invalid() && (x.IsNil() || !IsInterface(x.type))) {
    if (!x.IsNil() && IsTypeParam(x.type)) {
      Report(DiagKind::kTypeParamSwitch, PosOf(x.expr), Str(x));
    } else if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kSwitchNotInterface, PosOf(x.expr), Str(x));
    }
    x.mode = Mode::kNone;
  }
  std::vector<std::pair<const Type*, Pos>> seen;
  const syntax::CaseClause* first_default = nullptr;
  bool used = false;
  for (const syntax::CaseClause* clause : s->clauses) {
    if (clause->is_default) {
      if (first_default != nullptr) {
        Report(DiagKind::kMultipleDefaults, clause->pos, "switch",
               Str(first_default->pos));
      } else {
        first_default = clause;
      }
    }
    const Type* t = CaseTypes(s, x, clause, &seen);
    OpenScope();
    Symbol* symbol = nullptr;
    if (name != nullptr) {
      // "In clauses with a case listing exactly one type, the variable has that
      // type; otherwise, the variable has the type of the expression."
      if (clause->values.size() != 1 || t == nullptr) {
        t = x.Invalid() ? Invalid() : x.type;
      }
      symbol = NewSymbol(SymbolKind::kVar, name->pos, name->name, t);
      symbol->function = env_.function;
      symbol->scope = env_.scope;
      env_.scope->Insert(symbol);
      info_.implicits[clause] = symbol;
    }
    StmtList(clause->body, flags);
    if (symbol != nullptr) used |= symbol->used;
    CloseScope();
  }
  if (name != nullptr && !used) {
    Report(DiagKind::kSwitchVarUnused, name->pos, name->name->text);
  }
  env_.scope = outer;
}

const Type* Checker::CaseTypes(const syntax::TypeSwitchStmt* s,
                               const Operand& x,
                               const syntax::CaseClause* clause,
                               std::vector<std::pair<const Type*, Pos>>* seen) {
  const Type* t = nullptr;
  for (const Expr* e : clause->values) {
    const auto* ident = dyn_cast<Ident>(syntax::Unparen(e));
    Symbol* symbol = ident != nullptr ? Lookup(ident->name) : nullptr;
    if (symbol != nullptr && symbol->kind == SymbolKind::kNil) {
      Operand nil;
      Value(nil, e);
      if (!x.Invalid()) info_.types[e->id].type = x.type;
      t = nullptr;
    } else {
      t = VarType(e);
      if (IsInvalid(t)) continue;
    }
    bool duplicate = false;
    for (auto& [other, pos] : *seen) {
      bool same = t == nullptr ? other == nullptr
                               : other != nullptr && Identical(t, other);
      if (!same) continue;
      std::string text =
          llvm::formatv(diag::PatternOf(DiagKind::kDuplicateTypeCase),
                        t != nullptr ? Str(t) : "nil")
              .str();
      text += llvm::formatv("\n\t{0}: previous case", Str(pos)).str();
      AddReport(DiagKind::kDuplicateTypeCase, PosOf(e), std::move(text));
      duplicate = true;
      break;
    }
    if (duplicate) continue;
    seen->push_back({t, PosOf(e)});
    if (!x.Invalid() && t != nullptr) {
      CheckTypeAssertion(e, x, t, /*type_switch=*/true);
    }
  }
  return t;
}

}  // namespace mgo::types
