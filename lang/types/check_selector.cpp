// Selectors: package members, fields, method values, method expressions.
#include "lang/types/check.h"
#include "llvm/ADT/StringExtras.h"

namespace mgo::types {

void Checker::RecordSelection(const syntax::SelectorExpr* e, SelectionKind kind,
                              const Type* recv, const LookupResult& found) {
  ArrayRef<int> path(found.path);
  if (kind != SelectionKind::kField && !path.empty()) path = path.drop_back();
  auto* selection = world_.types.New<Selection>(Selection{
      kind, recv, found.symbol, world_.types.Copy(path), found.indirect});
  info_.selections[e->id] = selection;
  info_.symbols[e->sel->id] = found.symbol;
}

bool Checker::PackageSelector(Operand& x, const syntax::SelectorExpr* e,
                              bool want_type) {
  const auto* ident = dyn_cast<Ident>(e->x);
  if (ident == nullptr) return false;
  Symbol* package = Lookup(ident->name);
  if (package == nullptr && IsScript()) package = ImportUnasked(ident);
  if (package == nullptr || package->kind != SymbolKind::kPackageName) {
    return false;
  }
  package->used = true;
  info_.symbols[ident->id] = package;
  Package* imported = package->imported;
  const Name* name = e->sel->name;
  Symbol* symbol =
      imported->scope == nullptr ? nullptr : imported->scope->Find(name);
  x.mode = Mode::kNone;
  x.type = Invalid();
  // An exported name of that spelling may be meant.
  Symbol* upper = nullptr;
  if (!name->exported && !name->blank && imported->scope != nullptr) {
    std::string text = name->text.str();
    text[0] = llvm::toUpper(text[0]);
    upper = imported->scope->Find(world_.names.Intern(text));
  }
  // What the library keeps to itself is not what Go's does.
  bool hidden = symbol != nullptr && imported->is_library && upper != nullptr;
  if (symbol == nullptr || symbol->kind == SymbolKind::kPackageName || hidden) {
    std::string text = Str(e);
    if (upper != nullptr) {
      text += " (but have " + upper->name->text.str() + ")";
    }
    auto* d = Report(DiagKind::kUndefined, e->sel->pos, text);
    if (upper == nullptr) HintMember(d, imported, name);
    return true;
  }
  if (!name->exported) {
    auto* d = Report(DiagKind::kNotExported, e->sel->pos, name->text,
                     imported->name->text);
    HintMember(d, imported, name);
    return true;
  }
  info_.symbols[e->sel->id] = symbol;
  if (symbol->type == nullptr) ResolveAny(symbol);
  x.type = symbol->type != nullptr ? symbol->type : Invalid();
  if (symbol->kind == SymbolKind::kBuiltin) {
    x.mode = Mode::kBuiltin;
    x.builtin = symbol->builtin;
    return true;
  }
  if (IsInvalid(x.type)) return true;
  switch (symbol->kind) {
    case SymbolKind::kConst:
      x.mode = Mode::kConstant;
      x.value = symbol->value;
      break;
    case SymbolKind::kTypeName:
      x.mode = Mode::kType;
      break;
    case SymbolKind::kVar:
      x.mode = Mode::kVariable;
      break;
    case SymbolKind::kFunc:
      x.mode = Mode::kValue;
      break;
    default:
      break;
  }
  return true;
}

void Checker::SelectorExpr(Operand& x, const syntax::SelectorExpr* e,
                           bool want_type) {
  if (PackageSelector(x, e, want_type)) {
    if (!want_type) return;
    // The identifier's facts serve both; types are recorded by the caller.
    return;
  }
  Raw(x, e->x, nullptr);
  if (x.mode == Mode::kBuiltin) {
    Report(DiagKind::kBuiltinSelector, OperatorPos(e), Str(x));
    x.mode = Mode::kNone;
  } else if (x.mode == Mode::kNoValue) {
    Report(DiagKind::kNoValueOrType, PosOf(x.expr), Str(x));
    x.mode = Mode::kNone;
  } else {
    SingleValue(x);
  }
  if (x.Invalid()) return;
  const auto* pointer = dyn_cast<Pointer>(Unalias(x.type));
  if (!RequireFinished(pointer != nullptr ? pointer->elem : x.type) ||
      IsInvalid(Underlying(x.type))) {
    x.mode = Mode::kNone;
    return;
  }
  if (want_type) {
    Report(DiagKind::kNotType, e->sel->pos, Str(e));
    x.mode = Mode::kNone;
    return;
  }
  bool addressable = x.mode == Mode::kVariable;
  LookupResult found;
  if (!e->sel->name->blank && !x.IsNil()) {
    found = LookupFieldOrMethod(x.type, addressable, &package_, e->sel->name);
  }
  if (found.symbol == nullptr) {
    ReportNoSelector(x, e, found);
    x.mode = Mode::kNone;
    return;
  }
  Symbol* symbol = found.symbol;
  const Type* t = mgo::types::TypeOf(symbol);
  if (t == nullptr) t = Invalid();
  if (symbol->kind == SymbolKind::kFunc && symbol->package == &package_) {
    Symbol* method = symbol->origin != nullptr ? symbol->origin : symbol;
    AddDependency(method);
    DeclInfo* info = FindDecl(method);
    if (info != nullptr && info->color == Color::kGrey) {
      // Its signature is just being read.
      ResolveGrey(info);
      Report(DiagKind::kMethodCycle, PosOf(e));
      x.mode = Mode::kNone;
      return;
    }
  }
  if (x.mode == Mode::kType) {
    if (symbol->kind != SymbolKind::kFunc) {
      Report(DiagKind::kNoMethod, e->sel->pos, Str(e), Str(x.type),
             e->sel->name->text);
      x.mode = Mode::kNone;
      return;
    }
    if (IsInvalid(t)) {
      x.mode = Mode::kNone;
      return;
    }
    MethodExpr(x, e, found);
    return;
  }
  if (symbol->kind == SymbolKind::kVar) {
    RecordSelection(e, SelectionKind::kField, x.type, found);
    x.mode = x.mode == Mode::kVariable || found.indirect ? Mode::kVariable
                                                         : Mode::kValue;
    x.type = t;
    if (IsInvalid(t)) x.mode = Mode::kNone;
    return;
  }
  RecordSelection(e, SelectionKind::kMethodValue, x.type, found);
  x.mode = Mode::kValue;
  if (IsInvalid(t)) {
    x.mode = Mode::kNone;
    return;
  }
  x.type = WithoutReceiver(cast<Signature>(t));
}

const Signature* Checker::WithoutReceiver(const Signature* signature) {
  if (signature->recv == nullptr) return signature;
  const Signature*& plain = plain_signatures_[signature];
  if (plain == nullptr) {
    plain = world_.types.New<Signature>(signature->params, signature->results,
                                        signature->variadic);
  }
  return plain;
}

void Checker::MethodExpr(Operand& x, const syntax::SelectorExpr* e,
                         const LookupResult& found) {
  const auto* signature = cast<Signature>(mgo::types::TypeOf(found.symbol));
  RecordSelection(e, SelectionKind::kMethodExpr, x.type, found);
  llvm::SmallVector<Symbol*, 8> params;
  const Name* recv_name = nullptr;
  ArrayRef<Symbol*> declared = signature->params->vars;
  // Parameters have names either all or none.
  if (!declared.empty() && declared[0]->name != nullptr) {
    recv_name = signature->recv != nullptr ? signature->recv->name : nullptr;
    if (recv_name == nullptr) recv_name = blank_;
  }
  Symbol* recv = NewSymbol(SymbolKind::kVar, Pos{}, recv_name, x.type);
  recv->is_param = true;
  params.push_back(recv);
  params.append(declared.begin(), declared.end());
  const Tuple* tuple =
      world_.types.New<Tuple>(world_.types.Copy(ArrayRef<Symbol*>(params)));
  x.mode = Mode::kValue;
  x.type = world_.types.New<Signature>(tuple, signature->results,
                                       signature->variadic);
}

// What may have been meant: "but does have method M", or that the name cannot
// be used from here.
std::string Checker::LookupHint(const Type* t, const Name* sel,
                                bool addressable) {
  LookupResult other =
      LookupFieldOrMethod(t, addressable, &package_, sel, /*fold_case=*/true);
  Symbol* symbol =
      other.symbol != nullptr ? other.symbol : other.pointer_method;
  std::string type = Str(t);
  if (symbol == nullptr) {
    return llvm::formatv("type {0} has no field or method {1}", type, sel->text)
        .str();
  }
  const char* what = symbol->kind == SymbolKind::kVar ? "field" : "method";
  StringRef alt = symbol->name->text;
  if (symbol->package != &package_ && !symbol->name->exported) {
    if (alt == sel->text) {
      return llvm::formatv("cannot refer to unexported {0} {1}", what, alt)
          .str();
    }
    if (alt.drop_front() == sel->text.drop_front()) {
      return llvm::formatv(
                 "type {0} has no field or method {1}, but does have "
                 "unexported {2} {3}",
                 type, sel->text, what, alt)
          .str();
    }
    return llvm::formatv("type {0} has no field or method {1}", type, sel->text)
        .str();
  }
  return llvm::formatv(
             "type {0} has no field or method {1}, but does have {2} {3}", type,
             sel->text, what, alt)
      .str();
}

void Checker::ReportNoSelector(const Operand& x, const syntax::SelectorExpr* e,
                               const LookupResult& found) {
  const Name* sel = e->sel->name;
  Pos pos = e->sel->pos;
  if (found.ambiguous) {
    Report(DiagKind::kAmbiguousSelector, pos, Str(e));
    return;
  }
  if (found.pointer_method != nullptr) {
    if (x.mode == Mode::kType) {
      Report(DiagKind::kMethodNeedsPointer, pos, Str(x.type), sel->text,
             Str(x.type), sel->text);
    } else {
      Report(DiagKind::kPointerMethod, pos, sel->text, Str(x.type));
    }
    return;
  }
  std::string why;
  const auto* pointer = x.IsNil() ? nullptr : As<Pointer>(x.type);
  if (x.IsNil()) {
    why =
        llvm::formatv("type untyped nil has no field or method {0}", sel->text)
            .str();
  } else if (pointer != nullptr && IsTypeParam(pointer->elem)) {
    why = llvm::formatv(
              "type {0} is pointer to type parameter, not type "
              "parameter",
              Str(x.type))
              .str();
  } else if (pointer != nullptr && IsInterface(pointer->elem)) {
    why = llvm::formatv("type {0} is pointer to interface, not interface",
                        Str(x.type))
              .str();
  } else {
    why = LookupHint(x.type, sel, x.mode == Mode::kVariable);
  }
  auto* d = Report(DiagKind::kNoSelector, pos, Str(e), why);
  bool has_hint = StringRef(why).contains(", but does have");
  if (!x.IsNil() && !has_hint) HintMember(d, x.type, sel);
}

}  // namespace mgo::types
