// Calls of functions and conversions.
#include "lang/types/check.h"

namespace mgo::types {

void Checker::CallExpr(Operand& x, const syntax::CallExpr* e) {
  Raw(x, e->fun, nullptr);
  switch (x.mode) {
    case Mode::kNone:
      UseAll(e->args);
      return;
    case Mode::kNoValue:
      Report(DiagKind::kNoValueOrType, PosOf(x.expr), Str(x));
      UseAll(e->args);
      x.mode = Mode::kNone;
      return;
    case Mode::kType:
      x.type = RequireInstance(e->fun, x.type);
      if (IsInvalid(x.type)) {
        x.mode = Mode::kNone;
        UseAll(e->args);
        return;
      }
      ConversionCall(x, e);
      return;
    case Mode::kBuiltin:
      BuiltinCall(x, e, x.builtin);
      if (x.mode != Mode::kConstant && !x.Invalid()) env_.has_call = true;
      return;
    default:
      break;
  }
  if (!SingleValue(x)) {
    UseAll(e->args);
    return;
  }
  const Type* core = x.IsNil() ? nullptr : CoreType(x.type);
  const auto* signature = dyn_cast_or_null<Signature>(core);
  if (signature == nullptr) {
    if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kCannotCall, PosOf(e), Str(x), WhyNotFunc(x));
    }
    // As in Go, arguments stay unchecked.
    x.mode = Mode::kNone;
    return;
  }
  env_.has_call = true;
  llvm::SmallVector<Operand, 4> args;
  Arguments(e->args, args);
  signature = CallArguments(e, signature, args);
  if (signature == nullptr) {
    x.mode = Mode::kNone;
    return;
  }
  ArrayRef<Symbol*> results = signature->results->vars;
  if (results.empty()) {
    // The operand keeps the function's type, as messages of Go show it.
    x.mode = Mode::kNoValue;
    return;
  }
  x.mode = Mode::kValue;
  x.type = results.size() == 1 ? results[0]->type
                               : static_cast<const Type*>(signature->results);
  if (results.size() == 1 && IsInvalid(x.type)) x.mode = Mode::kNone;
}

std::string Checker::WhyNotFunc(const Operand& x) const {
  if (x.IsNil()) return "untyped nil is not a function";
  if (!IsTypeParam(x.type)) return Str(x.type) + " is not a function";
  llvm::SmallVector<Term, 8> terms;
  TermsOf(x.type, &terms);
  for (const Term& term : terms) {
    if (As<Signature>(term.type) == nullptr) {
      return Str(term.type) + " is not a function";
    }
  }
  return WhyNoCommonType(x.type);
}

void Checker::ConversionCall(Operand& x, const syntax::CallExpr* e) {
  const Type* t = x.type;
  x.mode = Mode::kNone;
  if (e->args.size() != 1) {
    UseAll(e->args);
    if (e->args.empty()) {
      Report(DiagKind::kMissingConversionArg, PosOf(e), Str(t));
    } else {
      Report(DiagKind::kTooManyConversionArgs, PosOf(e->args.back()), Str(t));
    }
    return;
  }
  if (!IsTypeParam(t)) {
    if (const auto* iface = As<Interface>(t)) {
      if (IsConstraintInterface(iface)) {
        // Go goes on with the argument itself.
        Value(x, e->args[0]);
        Report(DiagKind::kConstraintConversion, PosOf(e), Str(t));
        return;
      }
    }
  }
  Value(x, e->args[0]);
  if (x.Invalid()) return;
  const auto* pointer = dyn_cast<Pointer>(Unalias(t));
  if (!RequireFinished(pointer != nullptr ? pointer->elem : t)) {
    x.mode = Mode::kNone;
    return;
  }
  if (e->ellipsis.IsValid()) {
    Report(DiagKind::kDotsInConversion, PosOf(e->args[0]), Str(t));
    return;
  }
  Conversion(x, t, e->rparen);
  if (x.Invalid()) x.type = Invalid();
}

void Checker::Arguments(ArrayRef<const Expr*> list,
                        llvm::SmallVectorImpl<Operand>& args) {
  if (list.size() != 1) {
    args.resize(list.size());
    for (size_t i = 0; i < list.size(); i++) {
      ValueForTarget(args[i], list[i]);
    }
    return;
  }
  // "If f has results that match g's parameters one by one, f(g(…)) calls."
  args.resize(1);
  MultiValue(args[0], list[0]);
  if (args[0].mode != Mode::kValue) return;
  const auto* tuple = dyn_cast<Tuple>(args[0].type);
  if (tuple == nullptr) return;
  Operand whole = args[0];
  args.clear();
  for (Symbol* var : tuple->vars) {
    Operand part = whole;
    part.type = var->type;
    part.is_part = true;
    args.push_back(part);
  }
}

const Signature* Checker::CallArguments(const syntax::CallExpr* e,
                                        const Signature* signature,
                                        llvm::SmallVectorImpl<Operand>& args) {
  ArrayRef<Symbol*> params = signature->params->vars;
  size_t wanted = params.size();
  bool spread = false;  // trailing arguments go to the variadic parameter
  bool dots = e->ellipsis.IsValid();
  bool generic = !signature->type_params.empty();
  if (signature->variadic) {
    if (dots) {
      if (e->args.size() == 1 && args.size() > 1) {
        Report(DiagKind::kDotsWithMulti, PosOf(e), args.size(),
               Str(e->args[0]));
        return generic ? nullptr : signature;
      }
    } else {
      spread = args.size() + 1 >= params.size();
      if (!spread) wanted--;
    }
  } else if (dots) {
    Report(DiagKind::kDotsNotVariadic, PosOf(e), Str(e->fun));
    return generic ? nullptr : signature;
  }
  if (!spread && args.size() != wanted) {
    ReportArgumentCount(e, signature, args, wanted);
    return generic ? nullptr : signature;
  }
  bool generic_args = std::any_of(args.begin(), args.end(),
                                  [](Operand& x) { return IsGenericFunc(x); });
  if (generic || generic_args) {
    signature = InferCall(e, signature, args, spread);
    if (signature == nullptr) return nullptr;
    params = signature->params->vars;
  }
  const Type* rest = nullptr;
  size_t fixed = params.size();
  if (spread) {
    fixed--;
    const auto* slice = dyn_cast<Slice>(Unalias(params[fixed]->type));
    rest = slice != nullptr ? slice->elem : Invalid();
  }
  for (size_t i = 0; i < args.size(); i++) {
    Assignment(args[i], i < fixed ? params[i]->type : rest, "argument to ",
               e->fun);
  }
  return signature;
}

void Checker::ReportArgumentCount(const syntax::CallExpr* e,
                                  const Signature* signature,
                                  ArrayRef<Operand> args, size_t wanted) {
  Pos pos = e->pos;
  const char* quality = "not enough";
  if (args.size() > wanted) {
    pos = args[wanted].expr->pos;
    quality = "too many";
  } else if (!args.empty()) {
    pos = args.back().expr->pos;
  }
  llvm::SmallVector<const Type*, 8> have, want;
  for (const Operand& arg : args) {
    have.push_back(arg.IsNil() ? nullptr : arg.type);
  }
  for (Symbol* param : signature->params->vars) want.push_back(param->type);
  Report(DiagKind::kArgumentCount, pos, quality, Str(e->fun),
         TypesSummary(have, false, e->ellipsis.IsValid()),
         TypesSummary(want, signature->variadic, false));
}

}  // namespace mgo::types
