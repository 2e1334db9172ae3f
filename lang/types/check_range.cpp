// for … range.
#include "lang/types/check.h"

namespace mgo::types {

bool Checker::RangeTypes(const Operand& x, const Type** key, const Type** value,
                         std::string* cause) {
  *key = *value = nullptr;
  if (x.IsNil()) return false;
  llvm::SmallVector<Term, 4> terms;
  TermsOf(x.type, &terms);
  for (const Term& term : terms) {
    const auto* chan = As<Chan>(term.type);
    if (chan != nullptr && chan->dir == syntax::ChanDir::kSend) {
      *cause = "receive from send-only channel " + Str(term.type);
      return false;
    }
  }
  const Type* under = CoreType(x.type);
  if (under == nullptr) {
    *cause = WhyNoCommonType(x.type);
    return false;
  }
  const Type* int_type = Basic(BasicKind::kInt);
  switch (under->kind) {
    case TypeKind::kBasic:
      if (IsBasic(under, kIsString)) {
        *key = int_type;
        *value = world_.universe->rune_type;
        return true;
      }
      if (IsBasic(under, kIsInteger)) {
        *key = x.type;
        return true;
      }
      return false;
    case TypeKind::kArray:
      *key = int_type;
      *value = cast<Array>(under)->elem;
      return true;
    case TypeKind::kSlice:
      *key = int_type;
      *value = cast<Slice>(under)->elem;
      return true;
    case TypeKind::kPointer:
      if (const auto* array = As<Array>(cast<Pointer>(under)->elem)) {
        *key = int_type;
        *value = array->elem;
        return true;
      }
      return false;
    case TypeKind::kMap:
      *key = cast<Map>(under)->key;
      *value = cast<Map>(under)->value;
      return true;
    case TypeKind::kChan:
      *key = cast<Chan>(under)->elem;
      return true;
    case TypeKind::kSignature:
      return RangeFuncTypes(cast<Signature>(under), key, value, cause);
    default:
      return false;
  }
}

bool Checker::RangeFuncTypes(const Signature* f, const Type** key,
                             const Type** value, std::string* cause) {
  *cause = "func must be func(yield func(...) bool): ";
  auto fail = [&](const char* why) {
    *cause += why;
    return false;
  };
  if (f->params->vars.size() != 1) return fail("wrong argument count");
  if (!f->results->vars.empty()) return fail("unexpected results");
  const auto* yield =
      dyn_cast_or_null<Signature>(CoreType(f->params->vars[0]->type));
  if (yield == nullptr) return fail("argument is not func");
  ArrayRef<Symbol*> params = yield->params->vars;
  if (params.size() > 2) return fail("yield func has too many parameters");
  if (yield->results->vars.size() != 1 ||
      !Identical(yield->results->vars[0]->type, Basic(BasicKind::kBool))) {
    return fail("yield func does not return bool");
  }
  cause->clear();
  if (!params.empty()) *key = params[0]->type;
  if (params.size() > 1) *value = params[1]->type;
  return true;
}

void Checker::RangeStatement(const syntax::RangeStmt* s, unsigned flags) {
  Operand x;
  Value(x, s->x);
  const Type* key = nullptr;
  const Type* value = nullptr;
  if (!x.Invalid()) {
    std::string cause;
    if (!RangeTypes(x, &key, &value, &cause)) {
      if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
        if (!cause.empty()) cause = ": " + cause;
        Report(DiagKind::kCannotRange, PosOf(x.expr), Str(x), cause);
      }
      x.mode = Mode::kNone;
    } else if (key == nullptr && s->key != nullptr) {
      Report(DiagKind::kRangeNoVars, s->key->pos, Str(x));
    } else if (value == nullptr && s->value != nullptr) {
      Report(DiagKind::kRangeOneVar, PosOf(s->value), Str(x));
    } else if (s->extra != nullptr) {
      Report(DiagKind::kRangeThreeVars, PosOf(s->extra));
    }
  }
  bool is_int = !x.Invalid() && AllBasic(x.type, kIsInteger);
  OpenScope();
  if (s->define) {
    RangeDefine(s, key, value, x, is_int);
  } else if (s->key != nullptr) {
    RangeAssign(s, key, value, x, is_int);
  } else if (is_int) {
    Assignment(x, nullptr, "range clause");
  }
  if (!x.Invalid() && IsUntyped(x.type) && !is_int) {
    SetImplicit(x, DefaultType(x.type), nullptr);
  }
  if (is_int && !x.Invalid() && IsUntyped(x.type)) {
    Assignment(x, nullptr, "range clause");
  }
  Block(s->body, flags);
  CloseScope();
}

void Checker::RangeDefine(const syntax::RangeStmt* s, const Type* key,
                          const Type* value, Operand& x, bool is_int) {
  const Expr* lhs[2] = {s->key, s->value};
  const Type* rhs[2] = {key, value};
  const Ident* idents[2] = {nullptr, nullptr};
  Symbol* vars[2] = {nullptr, nullptr};
  bool any = false;
  for (int i = 0; i < 2; i++) {
    if (lhs[i] == nullptr) continue;
    const auto* ident = dyn_cast<Ident>(lhs[i]);
    Symbol* symbol;
    if (ident == nullptr) {
      Report(DiagKind::kNonName, lhs[i]->pos, Str(lhs[i]));
      symbol = NewSymbol(SymbolKind::kVar, lhs[i]->pos, blank_, nullptr);
    } else {
      symbol = NewLocal(ident, nullptr);
      if (!ident->name->blank) {
        any = true;
        idents[i] = ident;
        vars[i] = symbol;
      }
    }
    if (rhs[i] == nullptr || IsInvalid(rhs[i])) {
      symbol->type = Invalid();
      symbol->used = true;
      continue;
    }
    if (is_int) {
      InitVar(symbol, x, "range clause");
    } else {
      Operand y;
      y.mode = Mode::kValue;
      y.expr = lhs[i];
      y.type = rhs[i];
      InitVar(symbol, y, "assignment");
    }
  }
  if (!any) {
    Report(DiagKind::kNoNewVariables, s->op_pos);
    return;
  }
  for (int i = 0; i < 2; i++) {
    if (vars[i] != nullptr) {
      Declare(env_.scope, idents[i], vars[i], s->body->pos);
    }
  }
}

void Checker::RangeAssign(const syntax::RangeStmt* s, const Type* key,
                          const Type* value, Operand& x, bool is_int) {
  const Expr* lhs[2] = {s->key, s->value};
  const Type* rhs[2] = {key, value};
  for (int i = 0; i < 2; i++) {
    if (lhs[i] == nullptr) continue;
    if (rhs[i] == nullptr || IsInvalid(rhs[i])) {
      UseLhs(lhs[i]);
      continue;
    }
    if (is_int) {
      AssignVar(lhs[i], nullptr, &x, "range clause");
      if (!x.Invalid() && !AllBasic(x.type, kIsInteger)) {
        Report(DiagKind::kRangeVarType, lhs[i]->pos, Str(x.type));
      }
    } else {
      Operand y;
      y.mode = Mode::kValue;
      y.expr = lhs[i];
      y.type = rhs[i];
      AssignVar(lhs[i], nullptr, &y, "assignment");
    }
  }
}

}  // namespace mgo::types
