// Implicit and explicit conversions: how untyped operands get their types, and
// T(x); assignment of a value to a type.
#include "lang/types/check.h"

namespace mgo::types {

Checker::Refusal Checker::Represents(const Operand& x, const Type* t,
                                     const Constant** rounded) {
  const Type* from = Underlying(x.type);
  const Type* to = Underlying(t);
  Representation how = Represent(Constants(), x.value, from, to, rounded);
  if (how == Representation::kOk) return Refusal::kNone;
  if (IsBasic(from, kIsNumeric) && IsBasic(to, kIsNumeric)) {
    // A float too large for an integer type counts as truncated, as in Go.
    bool truncated = !IsBasic(from, kIsInteger) && IsBasic(to, kIsInteger);
    return truncated ? Refusal::kTruncated : Refusal::kOverflow;
  }
  return Refusal::kMismatch;
}

void Checker::ReportRefusal(Operand& x, const Type* target, Refusal refusal) {
  DiagKind kind = DiagKind::kCannotConvert;
  bool all = !IsTypeParam(target);
  if (all && refusal == Refusal::kTruncated) kind = DiagKind::kTruncated;
  if (all && refusal == Refusal::kOverflow) kind = DiagKind::kOverflows;
  Report(kind, x.expr->pos, Str(x), Str(target));
}

bool Checker::Representable(Operand& x, const Type* t) {
  const Constant* rounded = nullptr;
  Refusal refusal = Represents(x, t, &rounded);
  if (refusal != Refusal::kNone) {
    ReportRefusal(x, t, refusal);
    x.mode = Mode::kNone;
    return false;
  }
  if (rounded != nullptr) x.value = rounded;
  return true;
}

// Whether a non-constant untyped value may become a typed basic one.
static bool UntypedFits(const Basic* from, const Type* to) {
  switch (from->basic) {
    case BasicKind::kUntypedBool:
      return AllBasic(to, kIsBoolean);
    case BasicKind::kUntypedString:
      return AllBasic(to, kIsString);
    case BasicKind::kUntypedNil:
      return HasNil(to);
    default:
      return AllBasic(to, kIsNumeric);
  }
}

Checker::Refusal Checker::ImplicitType(Operand& x, const Type* target,
                                       const Type** type,
                                       const Constant** value) {
  *type = x.type;
  *value = nullptr;
  if (x.Invalid() || !IsUntyped(x.type) || IsInvalid(target)) {
    return Refusal::kNone;
  }
  const auto* from = cast<mgo::types::Basic>(x.type);
  if (IsUntyped(target)) {
    const auto* to = cast<mgo::types::Basic>(target);
    if (from->basic == to->basic) return Refusal::kNone;
    if ((from->flags & kIsNumeric) && (to->flags & kIsNumeric)) {
      if (to->basic > from->basic) *type = target;
      return Refusal::kNone;
    }
    return Refusal::kMismatch;
  }
  if (x.IsNil()) {
    if (!HasNil(target)) return Refusal::kMismatch;
    *type = target;
    return Refusal::kNone;
  }
  const Type* under = Underlying(target);
  if (IsTypeParam(target)) {
    llvm::SmallVector<Term, 8> terms;
    if (!TermsOf(target, &terms) || terms.empty()) return Refusal::kMismatch;
    for (const Term& term : terms) {
      const Type* unused_type;
      const Constant* unused_value;
      Refusal refusal =
          ImplicitType(x, Underlying(term.type), &unused_type, &unused_value);
      if (refusal != Refusal::kNone) return refusal;
    }
    *type = target;
    return Refusal::kNone;
  }
  if (isa<mgo::types::Basic>(under)) {
    if (x.mode == Mode::kConstant) {
      Refusal refusal = Represents(x, under, value);
      if (refusal != Refusal::kNone) return refusal;
    } else if (!UntypedFits(from, under)) {
      return Refusal::kMismatch;
    }
    *type = target;
    return Refusal::kNone;
  }
  if (const auto* iface = dyn_cast<Interface>(under)) {
    // "If the constant is assigned to an interface, it takes its default type."
    if (!Complete(iface)->all_methods.empty() || iface->has_terms) {
      return Refusal::kMismatch;
    }
    const Type* to = DefaultType(x.type);
    if (x.mode == Mode::kConstant) {
      Refusal refusal = Represents(x, to, value);
      if (refusal != Refusal::kNone) return refusal;
    }
    *type = to;
    return Refusal::kNone;
  }
  return Refusal::kMismatch;
}

void Checker::ConvertUntyped(Operand& x, const Type* target) {
  const Type* type;
  const Constant* value;
  Refusal refusal = ImplicitType(x, target, &type, &value);
  if (refusal != Refusal::kNone) {
    // Go shows what the type is made of.
    ReportRefusal(x, IsTypeParam(target) ? target : Underlying(target),
                  refusal);
    x.mode = Mode::kNone;
    return;
  }
  SetImplicit(x, type, value);
}

void Checker::SetImplicit(Operand& x, const Type* type, const Constant* value) {
  if (value != nullptr && x.mode == Mode::kConstant) x.value = value;
  if (type == x.type) return;
  x.type = type;
  // The common case: a literal or another constant, whose operands do not
  // matter.
  if (x.mode == Mode::kConstant && !IsUntyped(type)) {
    const Expr* e = x.expr;
    for (;;) {
      TypeAndValue& fact = info_.types[e->id];
      if (!shift_lhs_.empty() && shift_lhs_.count(e->id)) break;
      fact.type = type;
      if (fact.value != nullptr) fact.value = x.value;
      const auto* paren = dyn_cast<syntax::ParenExpr>(e);
      if (paren == nullptr) return;
      e = paren->inner;
    }
  }
  UpdateExprType(x.expr, type, !IsUntyped(type));
}

void Checker::UpdateExprType(const Expr* e, const Type* type, bool final_type) {
  llvm::SmallVector<const Expr*, 8> pending = {e};
  while (!pending.empty()) {
    const Expr* at = pending.pop_back_val();
    UpdateOne(at, type, final_type, pending);
  }
}

void Checker::UpdateOne(const Expr* e, const Type* type, bool final_type,
                        llvm::SmallVectorImpl<const Expr*>& pending) {
  TypeAndValue& fact = info_.types[e->id];
  if (fact.type == nullptr || !IsUntyped(fact.type)) return;
  switch (e->kind) {
    case NodeKind::kParenExpr:
      pending.push_back(cast<syntax::ParenExpr>(e)->inner);
      break;
    case NodeKind::kUnaryExpr:
      // The operands of a constant are never materialized.
      if (fact.value == nullptr) {
        pending.push_back(cast<syntax::UnaryExpr>(e)->x);
      }
      break;
    case NodeKind::kBinaryExpr: {
      if (fact.value != nullptr) break;
      const auto* binary = cast<syntax::BinaryExpr>(e);
      if (binary->op >= Op::kEql && binary->op <= Op::kGeq) break;
      pending.push_back(binary->x);
      if (binary->op != Op::kShl && binary->op != Op::kShr) {
        pending.push_back(binary->y);
      }
      break;
    }
    default:
      break;
  }
  if (!final_type) {
    fact.type = Underlying(type);
    return;
  }
  if (!shift_lhs_.empty() && shift_lhs_.count(e->id)) {
    if (!AllBasic(type, kIsInteger)) {
      Report(DiagKind::kShiftedOperandType, PosOf(e), Str(e), Str(type));
      return;
    }
  }
  if (fact.value != nullptr && fact.value->Kind() != ConstKind::kUnknown &&
      isa<mgo::types::Basic>(Underlying(type))) {
    Operand x;
    x.mode = Mode::kConstant;
    x.type = fact.type;
    x.value = fact.value;
    x.expr = e;
    if (!Representable(x, type)) return;
    fact.value = x.value;
  }
  fact.type = type;
}

// --- explicit conversions
// -------------------------------------------------------------

void Checker::Conversion(Operand& x, const Type* t, Pos rparen) {
  bool const_type = IsBasic(t, kIsConstType) && !IsTypeParam(t);
  bool constant = x.mode == Mode::kConstant;
  bool ok = false;
  std::string cause;
  const Type* from = x.type;
  Mode mode = Mode::kValue;
  const Constant* value = nullptr;
  if (IsInvalid(Underlying(t))) {
    x.mode = Mode::kNone;
    return;
  }
  if (constant && const_type) {
    ok = ConvertConstant(Context(), x.value, x.type, t, &value);
    if (!ok && IsBasic(x.type, kIsInteger) && IsBasic(t, kIsInteger)) {
      Report(DiagKind::kConstantOverflows, PosOf(x.expr), x.value->ToString(),
             Str(t));
      x.mode = Mode::kNone;
      return;
    }
    mode = Mode::kConstant;
  } else if (x.IsNil()) {
    ok = HasNil(t);
  } else if (constant && IsTypeParam(t)) {
    // "Converting a constant to a type parameter yields a non-constant value",
    // which must be representable in each type of the type set.
    llvm::SmallVector<Term, 8> terms;
    ok = TermsOf(t, &terms) && !terms.empty();
    if (!ok) cause = Str(t) + " does not contain specific types";
    for (const Term& term : terms) {
      if (!ok) break;
      const Type* under = Underlying(term.type);
      const Constant* unused = nullptr;
      if (IsBasic(under, kIsConstType)) {
        ok = ConvertConstant(Context(), x.value, x.type, under, &unused);
      } else {
        ok = ConvertibleTo(Context(), DefaultType(x.type), term.type, &cause);
      }
      if (ok) continue;
      if (IsBasic(x.type, kIsInteger) && IsBasic(under, kIsInteger)) {
        cause = llvm::formatv("constant {0} overflows {1} (in {2})",
                              x.value->ToString(), Str(under), Str(t))
                    .str();
      } else {
        cause = llvm::formatv("cannot convert {0} to type {1} (in {2})", Str(x),
                              Str(under), Str(t))
                    .str();
      }
    }
    x.mode = Mode::kValue;
  } else {
    ok = ConvertibleTo(Context(), DefaultType(x.type), t, &cause);
    if (!ok && cause.empty() && (IsInterface(t) || IsInterface(x.type)) &&
        !IsUntyped(x.type)) {
      AssignableTo(Context(), DefaultType(x.type), nullptr, t, &cause);
    }
  }
  if (!ok) {
    if (constant && IsBasic(t, kIsInteger)) {
      // Go shows 1e100 with all its digits here.
      const Constant* whole = Constants().ToInt(x.value);
      if (whole->Kind() == ConstKind::kInt) x.value = whole;
    }
    if (!cause.empty()) {
      Report(DiagKind::kCannotConvertCause, PosOf(x.expr), Str(x), Str(t),
             cause);
    } else {
      Report(DiagKind::kCannotConvert, PosOf(x.expr), Str(x), Str(t));
    }
    x.mode = Mode::kNone;
    return;
  }
  if (IsUntyped(from)) {
    // The conversion gives the operand its type, unless that would make a
    // constant of a type that has none.
    const Type* final_type = t;
    if (x.IsNil()) {
      final_type = t;
    } else if ((isa<Interface>(Underlying(t)) && !IsTypeParam(t)) ||
               (constant && !const_type)) {
      final_type = DefaultType(from);
    } else if (constant && IsBasic(from, kIsInteger) &&
               AllBasic(t, kIsString)) {
      final_type = DefaultType(from);
      // string(1 << 40) is a constant whose operand fits no type.
      const Constant* unused = nullptr;
      if (Represents(x, final_type, &unused) != Refusal::kNone) {
        final_type = nullptr;
      }
    }
    if (constant && const_type && final_type == t) {
      // Already known to fit; a rounded value replaces the operand's.
      x.value = value;
      SetImplicit(x, t, value);
    } else if (final_type != nullptr) {
      UpdateExprType(x.expr, final_type, true);
    }
  }
  x.mode = mode;
  x.value = value;
  x.type = t;
}

// --- assignment
// -----------------------------------------------------------------------

// "in assignment", or "in argument to f" where there is a callee.
static std::string ContextText(const char* context, const Expr* callee,
                               const std::string& callee_text) {
  return callee == nullptr ? std::string(context) : context + callee_text;
}

void Checker::Assignment(Operand& x, const Type* t, const char* context,
                         const Expr* callee) {
  if (x.Invalid() || !SingleValue(x)) return;
  if (!RequireFuncInstance(x, nullptr)) return;
  auto where = [&] {
    return ContextText(context, callee,
                       callee != nullptr ? Str(callee) : std::string());
  };
  if (x.type == t) return;
  if (x.mode == Mode::kNil || IsUntyped(x.type)) {
    const Type* target = t;
    if (t == nullptr || (IsInterface(t) && !x.IsNil())) {
      if (t == nullptr && x.IsNil()) {
        Report(DiagKind::kUntypedNil, PosOf(x.expr), where());
        x.mode = Mode::kNone;
        return;
      }
      target = DefaultType(x.type);
    }
    const Type* type;
    const Constant* value;
    Refusal refusal = ImplicitType(x, target, &type, &value);
    if (refusal != Refusal::kNone) {
      const char* suffix = refusal == Refusal::kTruncated  ? " (truncated)"
                           : refusal == Refusal::kOverflow ? " (overflows)"
                                                           : "";
      if (!IsInvalid(Underlying(target))) {
        HintConversion(Report(DiagKind::kCannotUse, PosOf(x.expr), Str(x),
                              Str(target), where(), suffix),
                       x, target);
      }
      x.mode = Mode::kNone;
      return;
    }
    SetImplicit(x, type, value);
    if (x.IsNil()) return;
  }
  if (t == nullptr || x.type == t) return;
  if (IsInvalid(Underlying(t)) || IsInvalid(x.type)) {
    x.mode = Mode::kNone;
    return;
  }
  std::string cause;
  if (AssignableTo(Context(), x.type, x.value, t, &cause)) return;
  if (!cause.empty()) cause = ": " + cause;
  HintConversion(Report(DiagKind::kCannotUse, PosOf(x.expr), Str(x), Str(t),
                        where(), cause),
                 x, t);
  x.mode = Mode::kNone;
}

}  // namespace mgo::types
