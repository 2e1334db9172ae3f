// Expressions: identifiers, literals, unary operators, type assertions, and
// what all expressions share.
#include "lang/types/check.h"

namespace mgo::types {

void Checker::Record(const Operand& x) {
  TypeAndValue& fact = info_.types[x.expr->id];
  fact.type = x.mode == Mode::kNoValue ? world_.universe->empty_tuple : x.type;
  fact.value = x.mode == Mode::kConstant ? x.value : nullptr;
  fact.mode = x.mode;
}

void Checker::Raw(Operand& x, const Expr* e, const Type* hint) {
  x.mode = Mode::kNone;
  x.type = Invalid();
  x.value = nullptr;
  x.expr = e;
  RawInternal(x, e, hint);
  x.expr = e;
  bool is_value = x.mode >= Mode::kConstant && x.mode != Mode::kNil;
  if (is_value && !RequireFinished(x.type)) x.mode = Mode::kNone;
  Record(x);
}

bool Checker::ExcludeNonValues(Operand& x) {
  switch (x.mode) {
    case Mode::kNoValue:
      Report(DiagKind::kNoValueUsed, PosOf(x.expr), Str(x));
      break;
    case Mode::kBuiltin:
      Report(DiagKind::kBuiltinNotCalled, PosOf(x.expr), Str(x));
      break;
    case Mode::kType:
      Report(DiagKind::kTypeNotExpr, PosOf(x.expr), Str(x));
      break;
    default:
      return true;
  }
  x.mode = Mode::kNone;
  return false;
}

bool Checker::SingleValue(Operand& x) {
  if (x.mode != Mode::kValue || x.type == nullptr) return true;
  if (!isa<Tuple>(x.type)) return true;
  Report(DiagKind::kMultiValue, PosOf(x.expr), Str(x));
  x.mode = Mode::kNone;
  return false;
}

void Checker::Value(Operand& x, const Expr* e) { ValueWithHint(x, e, nullptr); }

void Checker::ValueWithHint(Operand& x, const Expr* e, const Type* hint) {
  Raw(x, e, hint);
  if (ExcludeNonValues(x) && SingleValue(x)) RequireFuncInstance(x, nullptr);
}

void Checker::ValueForTarget(Operand& x, const Expr* e) {
  Raw(x, e, nullptr);
  if (ExcludeNonValues(x)) SingleValue(x);
}

void Checker::MultiValue(Operand& x, const Expr* e) {
  Raw(x, e, nullptr);
  ExcludeNonValues(x);
}

void Checker::ValueOrType(Operand& x, const Expr* e) {
  Raw(x, e, nullptr);
  if (x.mode == Mode::kNoValue) {
    Report(DiagKind::kNoValueOrType, PosOf(x.expr), Str(x));
    x.mode = Mode::kNone;
  } else if (x.mode == Mode::kBuiltin) {
    ExcludeNonValues(x);
  } else if (x.mode == Mode::kType) {
    x.type = RequireInstance(e, x.type);
    if (IsInvalid(x.type)) x.mode = Mode::kNone;
  } else if (SingleValue(x)) {
    RequireFuncInstance(x, nullptr);
  }
}

bool Checker::Use(const Expr* e) {
  if (e == nullptr) return true;
  if (const auto* pair = dyn_cast<syntax::KeyValueExpr>(e)) {
    return Use(pair->value);
  }
  // A blank name is no error of its own.
  const auto* ident = dyn_cast<Ident>(e);
  if (ident != nullptr && ident->name->blank) return false;
  Operand x;
  Raw(x, e, nullptr);
  return !x.Invalid();
}

bool Checker::UseAll(ArrayRef<const Expr*> list) {
  bool ok = true;
  for (const Expr* e : list) ok &= Use(e);
  return ok;
}

bool Checker::UseLhs(const Expr* e) {
  const auto* ident = dyn_cast<Ident>(syntax::Unparen(e));
  if (ident == nullptr) return Use(e);
  if (ident->name->blank) return true;
  // Being assigned to is no use.
  Symbol* symbol = Lookup(ident->name);
  bool local = symbol != nullptr && symbol->kind == SymbolKind::kVar;
  bool used = local && symbol->used;
  bool ok = Use(e);
  if (local) symbol->used = used;
  return ok;
}

void Checker::RawInternal(Operand& x, const Expr* e, const Type* hint) {
  switch (e->kind) {
    case NodeKind::kBadExpr:
      return;
    case NodeKind::kIdent:
      IdentExpr(x, cast<Ident>(e), /*want_type=*/false);
      return;
    case NodeKind::kBasicLit:
      LiteralExpr(x, cast<syntax::BasicLit>(e));
      return;
    case NodeKind::kFuncLit:
      FuncLitExpr(x, cast<syntax::FuncLit>(e));
      return;
    case NodeKind::kCompositeLit:
      CompositeLit(x, cast<syntax::CompositeLit>(e), hint);
      return;
    case NodeKind::kParenExpr: {
      const Expr* inner = cast<syntax::ParenExpr>(e)->inner;
      Raw(x, inner, hint);
      return;
    }
    case NodeKind::kSelectorExpr:
      SelectorExpr(x, cast<syntax::SelectorExpr>(e), /*want_type=*/false);
      return;
    case NodeKind::kIndexExpr:
      IndexExpr(x, cast<syntax::IndexExpr>(e));
      return;
    case NodeKind::kSliceExpr:
      SliceExpr(x, cast<syntax::SliceExpr>(e));
      return;
    case NodeKind::kTypeAssertExpr:
      TypeAssertExpr(x, cast<syntax::TypeAssertExpr>(e));
      return;
    case NodeKind::kCallExpr:
      CallExpr(x, cast<syntax::CallExpr>(e));
      return;
    case NodeKind::kStarExpr:
      StarExpr(x, cast<syntax::StarExpr>(e));
      return;
    case NodeKind::kUnaryExpr:
      UnaryExpr(x, cast<syntax::UnaryExpr>(e), hint);
      return;
    case NodeKind::kBinaryExpr:
      BinaryExpr(x, cast<syntax::BinaryExpr>(e));
      return;
    case NodeKind::kKeyValueExpr:
      Report(DiagKind::kNoKeyValue, PosOf(e));
      return;
    case NodeKind::kArrayTypeExpr:
    case NodeKind::kStructTypeExpr:
    case NodeKind::kFuncTypeExpr:
    case NodeKind::kInterfaceTypeExpr:
    case NodeKind::kMapTypeExpr:
    case NodeKind::kChanTypeExpr:
      x.type = TypeExpr(e);
      x.mode = IsInvalid(x.type) ? Mode::kNone : Mode::kType;
      return;
    case NodeKind::kEllipsisExpr:
      Report(DiagKind::kInvalidDots, PosOf(e));
      return;
    default:
      return;
  }
}

// --- identifiers and literals
// --------------------------------------------------

void Checker::IdentExpr(Operand& x, const Ident* e, bool want_type) {
  x.mode = Mode::kNone;
  x.type = Invalid();
  Symbol* symbol = Lookup(e->name);
  if (symbol == nullptr) {
    if (e->name->blank) {
      Report(DiagKind::kBlankValue, PosOf(e));
    } else {
      ReportUndefined(e);
    }
    return;
  }
  info_.symbols[e->id] = symbol;
  if (symbol->package != &package_ && symbol->package != nullptr) {
    auto dot = dot_symbols_.find(symbol);
    if (dot != dot_symbols_.end()) dot_imports_[dot->second].used = true;
  }
  // A variable's or function's use, for the initialization order.
  bool global = symbol->is_global || symbol->kind == SymbolKind::kFunc ||
                symbol->kind == SymbolKind::kConst;
  if (global && env_.decl != nullptr && symbol->function == nullptr) {
    AddDependency(symbol);
  }
  if (symbol->type == nullptr || !path_.empty()) ResolveAny(symbol);
  const Type* t = symbol->type != nullptr ? symbol->type : Invalid();
  x.type = t;
  switch (symbol->kind) {
    case SymbolKind::kPackageName:
      Report(DiagKind::kPackageUse, PosOf(e), e->name->text);
      x.type = Invalid();
      return;
    case SymbolKind::kConst:
      if (symbol->package == nullptr && e->name == iota_) {
        if (env_.iota == nullptr) {
          Report(DiagKind::kIotaOutside, PosOf(e));
          x.type = Invalid();
          return;
        }
        x.value = env_.iota;
      } else {
        x.value = symbol->value;
      }
      if (IsInvalid(t)) return;
      x.mode = Mode::kConstant;
      return;
    case SymbolKind::kTypeName:
      if (IsInvalid(t)) {
        const auto* alias = dyn_cast<Alias>(t);
        if (alias == nullptr || !alias->open) return;
        if (FindDecl(symbol) == nullptr) {
          // Inside a function only the alias itself can be under way.
          ReportCycle(symbol);
          return;
        }
      }
      x.mode = Mode::kType;
      return;
    case SymbolKind::kVar:
      if (symbol->package == &package_) symbol->used = true;
      if (IsInvalid(t)) return;
      x.mode = Mode::kVariable;
      return;
    case SymbolKind::kFunc:
      if (IsInvalid(t)) return;
      x.mode = Mode::kValue;
      return;
    case SymbolKind::kBuiltin:
      x.mode = Mode::kBuiltin;
      x.builtin = symbol->builtin;
      return;
    case SymbolKind::kNil:
      x.mode = Mode::kNil;
      x.type = Basic(BasicKind::kUntypedNil);
      return;
    case SymbolKind::kLabel:
      return;
  }
}

void Checker::LiteralExpr(Operand& x, const syntax::BasicLit* e) {
  static constexpr BasicKind kKinds[] = {
      BasicKind::kUntypedInt, BasicKind::kUntypedFloat,
      BasicKind::kUntypedComplex, BasicKind::kUntypedRune,
      BasicKind::kUntypedString};
  const Constant* value = Constants().FromLiteral(e->lit_kind, e->text);
  if (value->Kind() == ConstKind::kUnknown) {
    Report(DiagKind::kMalformedConstant, PosOf(e), e->text);
    return;
  }
  x.mode = Mode::kConstant;
  x.type = Basic(kKinds[static_cast<size_t>(e->lit_kind)]);
  x.value = value;
  x.expr = e;
  if (e->lit_kind == syntax::LitKind::kInt && e->text.size() > 100) {
    CheckOverflow(x, e->pos);
  }
}

void Checker::FuncLitExpr(Operand& x, const syntax::FuncLit* e) {
  Signature* signature = SignatureOf(e->type, nullptr);
  info_.types[e->type->id] = {signature, nullptr, Mode::kType};
  info_.signatures[e] = signature;
  x.mode = Mode::kValue;
  x.type = signature;
  DeclInfo* decl = env_.decl;
  Scope* scope = env_.scope;
  if (env_.function != nullptr) {
    FuncBody(decl, e, signature, e->body, scope);
  } else {
    // At package level types may be incomplete still.
    const Constant* iota = env_.iota;
    uint32_t step = env_.step;
    auto check = [=, this] {
      env_.iota = iota;
      env_.step = step;
      FuncBody(decl, e, signature, e->body, scope);
      env_.iota = nullptr;
      env_.step = 0;
    };
    if (collect_bodies_) {
      bodies_.push_back(check);
    } else {
      Later(check);
    }
  }
}

// --- unary operators
// -------------------------------------------------------------

void Checker::UnaryExpr(Operand& x, const syntax::UnaryExpr* e,
                        const Type* hint) {
  if (e->op == Op::kAnd) {
    AddressOf(x, e, hint);
    return;
  }
  if (e->op == Op::kRecv) {
    ReceiveExpr(x, e);
    return;
  }
  if (e->op == Op::kTilde) {
    Use(e->x);
    Report(DiagKind::kTildeOutside, PosOf(e));
    x.mode = Mode::kNone;
    return;
  }
  Value(x, e->x);
  if (x.Invalid()) return;
  if (!OperatorDefined(x, e->op, /*unary=*/true)) {
    x.mode = Mode::kNone;
    return;
  }
  if (x.mode == Mode::kConstant) {
    if (x.value->Kind() == ConstKind::kUnknown) return;
    int unsigned_bits = 0;
    if (IsBasic(x.type, kIsUnsigned)) {
      unsigned_bits = static_cast<int>(SizeOf(x.type)) * 8;
    }
    x.value = Constants().Unary(e->op, x.value, unsigned_bits);
    x.expr = e;
    CheckOverflow(x, e->pos);
    return;
  }
  x.mode = Mode::kValue;
}

void Checker::AddressOf(Operand& x, const syntax::UnaryExpr* e,
                        const Type* hint) {
  const Expr* inner = syntax::Unparen(e->x);
  const Type* elem_hint = nullptr;
  if (hint != nullptr && isa<syntax::CompositeLit>(inner)) {
    if (const auto* pointer = As<Pointer>(hint)) elem_hint = pointer->elem;
  }
  // Parentheses around the operand mean nothing here.
  ValueWithHint(x, inner, elem_hint);
  for (const Expr* at = e->x; at != inner;
       at = cast<syntax::ParenExpr>(at)->inner) {
    info_.types[at->id] = info_.types[inner->id];
  }
  if (x.Invalid()) return;
  if (!isa<syntax::CompositeLit>(inner) && x.mode != Mode::kVariable) {
    Report(DiagKind::kCannotTakeAddress, PosOf(inner), Str(x));
    x.mode = Mode::kNone;
    return;
  }
  x.mode = Mode::kValue;
  x.type = world_.types.New<Pointer>(x.type);
}

void Checker::ReceiveExpr(Operand& x, const syntax::UnaryExpr* e) {
  Value(x, e->x);
  if (x.Invalid()) return;
  if (!x.IsNil() && IsTypeParam(x.type)) {
    x.type = ParamChanElem(x, /*receive=*/true, PosOf(e->x));
    x.mode = x.type != nullptr ? Mode::kCommaOk : Mode::kNone;
    env_.has_call = true;
    return;
  }
  const auto* chan = dyn_cast_or_null<Chan>(CoreType(x.type));
  if (chan == nullptr) {
    if (!IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kReceiveNonChan, PosOf(e->x), Str(x.type), Str(x));
    }
    x.mode = Mode::kNone;
    return;
  }
  if (chan->dir == syntax::ChanDir::kSend) {
    Report(DiagKind::kReceiveSendOnly, PosOf(e->x), Str(x.type), Str(x));
    x.mode = Mode::kNone;
    return;
  }
  env_.has_call = true;
  x.mode = Mode::kCommaOk;
  x.type = chan->elem;
}

void Checker::StarExpr(Operand& x, const syntax::StarExpr* e) {
  ValueOrType(x, e->x);
  if (x.Invalid()) return;
  if (x.mode == Mode::kType) {
    x.type = world_.types.New<Pointer>(x.type);
    return;
  }
  const auto* pointer =
      x.IsNil() ? nullptr : dyn_cast_or_null<Pointer>(CoreType(x.type));
  if (pointer == nullptr) {
    llvm::SmallVector<Term, 4> terms;
    bool pointers = !x.IsNil() && IsTypeParam(x.type) &&
                    TermsOf(x.type, &terms) && !terms.empty() &&
                    std::all_of(terms.begin(), terms.end(), [](const Term& t) {
                      return As<Pointer>(t.type) != nullptr;
                    });
    if (pointers) {
      Report(DiagKind::kPointersDiffer, PosOf(e->x), Str(x));
    } else if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kCannotIndirect, PosOf(e->x), Str(x));
    }
    x.mode = Mode::kNone;
    return;
  }
  x.mode = Mode::kVariable;
  x.type = pointer->elem;
}

// --- type assertions
// ---------------------------------------------------------------

void Checker::TypeAssertExpr(Operand& x, const syntax::TypeAssertExpr* e) {
  Value(x, e->x);
  if (e->type == nullptr) {
    if (!x.Invalid()) Report(DiagKind::kTypeSwitchOnly, PosOf(e));
    x.mode = Mode::kNone;
    return;
  }
  if (!x.Invalid() && (x.IsNil() || !IsInterface(x.type))) {
    if (!x.IsNil() && IsTypeParam(x.type)) {
      Report(DiagKind::kTypeParamAssertion, PosOf(x.expr), Str(x));
    } else if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kNotInterface, PosOf(e->x), Str(x));
    }
    x.mode = Mode::kNone;
  }
  // As in Go, the type is not looked at then.
  if (x.Invalid()) return;
  const Type* t = VarType(e->type);
  if (IsInvalid(t)) {
    x.mode = Mode::kNone;
    return;
  }
  CheckTypeAssertion(e, x, t, /*type_switch=*/false);
  x.mode = Mode::kCommaOk;
  x.type = t;
}

void Checker::CheckTypeAssertion(const Expr* e, const Operand& x, const Type* t,
                                 bool type_switch) {
  std::string cause;
  if (AssertableTo(Context(), x.type, t, &cause)) return;
  if (type_switch) {
    Report(DiagKind::kImpossibleCase, PosOf(e), Str(e), Str(x), Str(t), cause);
  } else {
    Report(DiagKind::kImpossibleAssertion, PosOf(e), Str(e), Str(t),
           Str(x.type), cause);
  }
}

}  // namespace mgo::types
