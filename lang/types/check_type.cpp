// Type expressions: from syntax to types.
#include "lang/types/check.h"

namespace mgo::types {

using syntax::Field;

const Type* Checker::TypeExpr(const Expr* e) {
  const Type* t = TypeInternal(e);
  info_.types[e->id] = {t, nullptr, IsInvalid(t) ? Mode::kNone : Mode::kType};
  return t;
}

const Type* Checker::DefinedType(const Expr* e) {
  resolving_++;
  const Type* t = TypeExpr(e);
  resolving_--;
  return t;
}

const Type* Checker::VarType(const Expr* e) {
  const Type* t = TypeExpr(e);
  // Only interfaces can be constraints; the common types need no look later.
  if (isa<Named>(t) || isa<Alias>(t) || isa<Interface>(t)) {
    if (resolving_ > 0) {
      Later([this, e, t] { CheckNotConstraint(e, t); });
    } else {
      CheckNotConstraint(e, t);
    }
  }
  if (resolving_ == 0 && !later_.empty()) ProcessLater();
  return t;
}

void Checker::CheckNotConstraint(const Expr* e, const Type* t) {
  if (isa<TypeParam>(Unalias(t))) return;
  const auto* iface = dyn_cast<Interface>(Underlying(t));
  if (iface == nullptr) return;
  Complete(iface);
  if (iface->has_terms) {
    Report(DiagKind::kConstraintAsType, PosOf(e), Str(t),
           "contains type constraints");
  } else if (iface->comparable) {
    Report(DiagKind::kConstraintAsType, PosOf(e), Str(t),
           "is (or embeds) comparable");
  }
}

const Type* Checker::IdentType(const Expr* e) {
  Operand x;
  x.expr = e;
  if (const auto* ident = dyn_cast<Ident>(e)) {
    Symbol* named = Lookup(ident->name);
    // What cannot be a type is not even looked at.
    if (named != nullptr && named->kind != SymbolKind::kTypeName) {
      info_.symbols[ident->id] = named;
      if (named->kind == SymbolKind::kVar) named->used = true;
      ReportNotType(e, named);
      return Invalid();
    }
    IdentExpr(x, ident, /*want_type=*/true);
  } else {
    SelectorExpr(x, cast<syntax::SelectorExpr>(e), /*want_type=*/true);
  }
  if (x.mode == Mode::kType) return x.type;
  if (x.mode == Mode::kNone) return Invalid();
  const Symbol* symbol = info_.symbols[cast<syntax::SelectorExpr>(e)->sel->id];
  ReportNotType(e, symbol);
  return Invalid();
}

void Checker::ReportNotType(const Expr* e, const Symbol* symbol) {
  const char* what = nullptr;
  bool qualified = isa<Ident>(e);
  if (const auto* selector = dyn_cast<syntax::SelectorExpr>(e)) {
    const auto* package = dyn_cast<Ident>(selector->x);
    qualified = package != nullptr && info_.symbols[package->id] != nullptr &&
                info_.symbols[package->id]->kind == SymbolKind::kPackageName;
  }
  if (symbol != nullptr && qualified) {
    switch (symbol->kind) {
      case SymbolKind::kPackageName:
        what = "package name";
        break;
      case SymbolKind::kConst:
        what = "constant";
        break;
      case SymbolKind::kVar:
        what = symbol->is_global ? "package-level variable" : "local variable";
        break;
      case SymbolKind::kFunc:
        what = "function";
        break;
      case SymbolKind::kBuiltin:
        what = "built-in function";
        break;
      case SymbolKind::kNil:
        what = "untyped nil";
        break;
      default:
        break;
    }
  }
  std::string text = Str(e);
  if (what != nullptr) text += llvm::formatv(" ({0})", what).str();
  Report(DiagKind::kNotType, PosOf(e), text);
}

const Type* Checker::TypeInternal(const Expr* e) {
  switch (e->kind) {
    case NodeKind::kBadExpr:
      return Invalid();
    case NodeKind::kIdent:
    case NodeKind::kSelectorExpr:
      return RequireInstance(e, IdentType(e));
    case NodeKind::kParenExpr:
      return TypeExpr(cast<syntax::ParenExpr>(e)->inner);
    case NodeKind::kIndexExpr:
      return InstanceTypeOf(cast<syntax::IndexExpr>(e));
    case NodeKind::kArrayTypeExpr:
      return ArrayTypeOf(cast<syntax::ArrayTypeExpr>(e));
    case NodeKind::kStructTypeExpr:
      return StructTypeOf(cast<syntax::StructTypeExpr>(e));
    case NodeKind::kStarExpr:
      return world_.types.New<Pointer>(VarType(cast<syntax::StarExpr>(e)->x));
    case NodeKind::kFuncTypeExpr:
      return SignatureOf(cast<syntax::FuncTypeExpr>(e), nullptr);
    case NodeKind::kInterfaceTypeExpr:
      return InterfaceTypeOf(cast<syntax::InterfaceTypeExpr>(e));
    case NodeKind::kMapTypeExpr:
      return MapTypeOf(cast<syntax::MapTypeExpr>(e));
    case NodeKind::kChanTypeExpr: {
      const auto* chan = cast<syntax::ChanTypeExpr>(e);
      const Type* t = world_.types.New<Chan>(chan->dir, VarType(chan->elem));
      limited_.push_back({PosOf(e), t});
      return t;
    }
    case NodeKind::kEllipsisExpr:
      Report(DiagKind::kInvalidDots, PosOf(e));
      return Invalid();
    default: {
      Use(e);
      Report(DiagKind::kNotType, PosOf(e), Str(e));
      return Invalid();
    }
  }
}

const Type* Checker::ArrayTypeOf(const syntax::ArrayTypeExpr* e) {
  if (e->len == nullptr) {
    return world_.types.New<Slice>(VarType(e->elem));
  }
  if (isa<syntax::EllipsisExpr>(e->len)) {
    Report(DiagKind::kDotsArray, PosOf(e));
    VarType(e->elem);
    return Invalid();
  }
  int64_t length = ArrayLength(e->len);
  const Type* elem = VarType(e->elem);
  if (length < 0) return Invalid();
  const Type* t = world_.types.New<Array>(elem, length);
  limited_.push_back({PosOf(e), t});
  return t;
}

int64_t Checker::ArrayLength(const Expr* e) {
  if (const auto* ident = dyn_cast<Ident>(e)) {
    Symbol* symbol = Lookup(ident->name);
    if (symbol == nullptr) {
      Report(DiagKind::kUndefinedLength, PosOf(e), ident->name->text);
      return -1;
    }
    if (symbol->kind != SymbolKind::kConst) {
      Report(DiagKind::kInvalidLength, PosOf(e), ident->name->text);
      return -1;
    }
  }
  Operand x;
  Value(x, e);
  if (x.Invalid() || IsInvalid(x.type)) return -1;
  if (x.mode != Mode::kConstant) {
    Report(DiagKind::kLengthNotConstant, PosOf(e), Str(x));
    return -1;
  }
  if (IsUntyped(x.type) || IsBasic(x.type, kIsInteger)) {
    const Constant* value = Constants().ToInt(x.value);
    if (x.value->Kind() == ConstKind::kUnknown) return -1;
    if (value->Kind() == ConstKind::kInt) {
      int64_t n;
      if (value->Int64Value(&n) && n >= 0) {
        if (IsUntyped(x.type)) {
          UpdateExprType(e, Basic(BasicKind::kInt), true);
        }
        return n;
      }
      Report(DiagKind::kInvalidLength, PosOf(e), Str(x));
      return -1;
    }
  }
  Report(DiagKind::kLengthNotInteger, PosOf(e), Str(x));
  return -1;
}

// --- structs
// ----------------------------------------------------------------------

// The name that an embedded field has.
static const Ident* EmbeddedName(const Expr* type) {
  for (;;) {
    switch (type->kind) {
      case NodeKind::kIdent:
        return cast<Ident>(type);
      case NodeKind::kParenExpr:
        type = cast<syntax::ParenExpr>(type)->inner;
        break;
      case NodeKind::kStarExpr:
        type = cast<syntax::StarExpr>(type)->x;
        break;
      case NodeKind::kSelectorExpr:
        return cast<syntax::SelectorExpr>(type)->sel;
      case NodeKind::kIndexExpr:
        type = cast<syntax::IndexExpr>(type)->x;
        break;
      default:
        return nullptr;
    }
  }
}

const Type* Checker::StructTypeOf(const syntax::StructTypeExpr* e) {
  llvm::SmallVector<Symbol*, 8> fields;
  llvm::SmallVector<StringRef, 8> tags;
  bool has_tags = false;
  llvm::SmallDenseMap<const Name*, Symbol*, 16> seen;
  const Expr* last_expr = nullptr;
  const Type* last_type = nullptr;
  for (const Field& field : e->fields) {
    if (field.type != last_expr) {
      last_expr = field.type;
      last_type = VarType(field.type);
    }
    const Ident* name =
        field.name != nullptr ? field.name : EmbeddedName(field.type);
    if (name == nullptr) continue;
    Symbol* symbol =
        NewSymbol(SymbolKind::kVar, name->pos, name->name, last_type);
    symbol->is_field = true;
    symbol->embedded = field.name == nullptr;
    if (field.name != nullptr) info_.symbols[name->id] = symbol;
    if (symbol->embedded) {
      const Type* t = last_type;
      const Field* f = &field;
      Later([this, f, t] { CheckEmbedded(*f, t); });
    }
    if (!name->name->blank) {
      auto [entry, is_new] = seen.try_emplace(name->name, symbol);
      if (!is_new) {
        AddReport(DiagKind::kFieldRedeclared, name->pos,
                  llvm::formatv(diag::PatternOf(DiagKind::kFieldRedeclared),
                                name->name->text)
                          .str() +
                      OtherDeclaration(entry->second));
        continue;
      }
    }
    StringRef tag;
    if (field.tag != nullptr) {
      const Constant* value =
          Constants().FromLiteral(syntax::LitKind::kString, field.tag->text);
      if (value->Kind() == ConstKind::kString) tag = value->StringValue();
      has_tags = true;
    }
    fields.push_back(symbol);
    tags.push_back(tag);
  }
  if (resolving_ == 0) ProcessLater();
  return world_.types.New<Struct>(
      world_.types.Copy(ArrayRef<Symbol*>(fields)),
      has_tags ? world_.types.Copy(ArrayRef<StringRef>(tags))
               : ArrayRef<StringRef>());
}

void Checker::CheckEmbedded(const Field& field, const Type* t) {
  const Type* base = Unalias(t);
  bool is_pointer = false;
  // As in Go, an alias of *T is as good as *T.
  if (const auto* pointer = dyn_cast<Pointer>(base)) {
    base = pointer->elem;
    is_pointer = true;
  }
  const Type* under = Underlying(base);
  if (const auto* basic = dyn_cast<mgo::types::Basic>(under)) {
    if (basic->basic == BasicKind::kUnsafePointer) {
      Report(DiagKind::kEmbeddedUnsafe, field.pos);
    }
  } else if (isa<Pointer>(under)) {
    Report(DiagKind::kEmbeddedPointer, field.pos);
  } else if (isa<TypeParam>(Unalias(base))) {
    Report(DiagKind::kEmbeddedTypeParam, field.pos);
  } else if (isa<Interface>(under) && is_pointer) {
    Report(DiagKind::kEmbeddedInterfacePointer, field.pos);
  }
}

const Type* Checker::MapTypeOf(const syntax::MapTypeExpr* e) {
  const Type* key = VarType(e->key);
  const Type* value = VarType(e->value);
  if (!isa<mgo::types::Basic>(key)) {
    const Expr* key_expr = e->key;
    if (resolving_ > 0) {
      Later([this, key_expr, key] { RequireComparableKey(key_expr, key); });
    } else {
      RequireComparableKey(key_expr, key);
    }
  }
  return world_.types.New<Map>(key, value);
}

void Checker::RequireComparableKey(const Expr* e, const Type* key) {
  if (IsInvalid(Underlying(key)) || Comparable(key, false, nullptr)) return;
  Report(DiagKind::kInvalidMapKey, PosOf(e), Str(key),
         IsTypeParam(key) ? " (missing comparable constraint)" : "");
}

// --- functions
// --------------------------------------------------------------------

const Tuple* Checker::CollectParams(ArrayRef<Field> fields, bool results,
                                    bool* variadic) {
  if (fields.empty()) return world_.universe->empty_tuple;
  llvm::SmallVector<Symbol*, 8> vars;
  const Expr* last_expr = nullptr;
  const Type* last_type = nullptr;
  for (size_t i = 0; i < fields.size(); i++) {
    const Field& field = fields[i];
    if (field.type != last_expr) {
      last_expr = field.type;
      const auto* dots = dyn_cast<syntax::EllipsisExpr>(field.type);
      if (dots != nullptr && dots->x != nullptr) {
        const Type* elem = VarType(dots->x);
        if (variadic != nullptr && i + 1 == fields.size()) {
          *variadic = true;
          last_type = IsInvalid(elem) ? elem : world_.types.New<Slice>(elem);
        } else {
          Report(DiagKind::kMisplacedDots, PosOf(dots));
          last_type = elem;
        }
        info_.types[dots->id] = {last_type, nullptr, Mode::kType};
      } else {
        last_type = VarType(field.type);
      }
    }
    Symbol* symbol = NewSymbol(
        SymbolKind::kVar, field.pos,
        field.name != nullptr ? field.name->name : nullptr, last_type);
    symbol->is_param = true;
    symbol->is_result = results;
    symbol->used = true;
    if (field.name != nullptr && !field.name->name->blank) {
      info_.symbols[field.name->id] = symbol;
    }
    vars.push_back(symbol);
  }
  return world_.types.New<Tuple>(world_.types.Copy(ArrayRef<Symbol*>(vars)));
}

Signature* Checker::SignatureOf(const syntax::FuncTypeExpr* e,
                                const Field* recv) {
  bool variadic = false;
  Signature* signature = world_.types.New<Signature>(
      world_.universe->empty_tuple, world_.universe->empty_tuple, false);
  if (recv != nullptr) signature->recv = CollectReceiver(*recv, signature);
  signature->params = CollectParams(e->params, false, &variadic);
  signature->results = CollectParams(e->results, true, nullptr);
  signature->variadic = variadic;
  CheckParamNames(signature);
  return signature;
}

void Checker::CheckParamNames(const Signature* signature) {
  llvm::SmallVector<Symbol*, 8> seen;
  llvm::SmallDenseMap<const Name*, Symbol*, 8> index;
  auto check = [&](Symbol* symbol) {
    if (symbol->name == nullptr || symbol->name->blank) return;
    auto [entry, is_new] = index.try_emplace(symbol->name, symbol);
    if (is_new) return;
    AddReport(DiagKind::kRedeclared, symbol->pos,
              llvm::formatv(diag::PatternOf(DiagKind::kRedeclared),
                            symbol->name->text)
                      .str() +
                  OtherDeclaration(entry->second));
  };
  if (signature->recv != nullptr) check(signature->recv);
  for (Symbol* symbol : signature->params->vars) check(symbol);
  for (Symbol* symbol : signature->results->vars) check(symbol);
}

Symbol* Checker::CollectReceiver(const Field& field, Signature* signature) {
  const Type* t = GenericReceiver(field.type, &signature->recv_type_params);
  if (t == nullptr) t = TypeExpr(field.type);
  Symbol* symbol =
      NewSymbol(SymbolKind::kVar, field.pos,
                field.name != nullptr ? field.name->name : nullptr, t);
  symbol->is_param = true;
  symbol->used = true;
  if (field.name != nullptr && !field.name->name->blank) {
    info_.symbols[field.name->id] = symbol;
  }
  const Field* f = &field;
  Later([this, f, t] { CheckReceiver(*f, t); });
  return symbol;
}

void Checker::CheckReceiver(const Field& field, const Type* t) {
  if (IsInvalid(t)) return;
  const Type* base = t;
  if (const auto* pointer = dyn_cast<Pointer>(Unalias(t))) {
    base = pointer->elem;
  }
  // Behind the star, as Go points.
  const Expr* written = syntax::Unparen(field.type);
  Pos base_pos = isa<syntax::StarExpr>(written)
                     ? syntax::Unparen(cast<syntax::StarExpr>(written)->x)->pos
                     : written->pos;
  const Type* actual = Unalias(base);
  if (const auto* named = dyn_cast<Named>(actual)) {
    if (named->symbol->package != &package_) {
      Report(DiagKind::kNonLocalMethod, base_pos, Str(base));
      return;
    }
    const Type* under = Underlying(named);
    const auto* basic = dyn_cast<mgo::types::Basic>(under);
    if (isa<Pointer>(under) || isa<Interface>(under)) {
      Report(DiagKind::kInvalidReceiverKind, base_pos, Str(base));
    } else if (basic != nullptr && basic->basic == BasicKind::kUnsafePointer) {
      Report(DiagKind::kInvalidReceiver, base_pos, Str(base));
    }
  } else if (isa<mgo::types::Basic>(actual)) {
    if (!IsInvalid(actual))
      Report(DiagKind::kNonLocalMethod, base_pos, Str(base));
  } else {
    Report(DiagKind::kInvalidReceiver, base_pos, Str(t));
  }
}

}  // namespace mgo::types
