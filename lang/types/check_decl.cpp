// Declarations: resolving package-level ones on demand with cycle detection,
// and those inside functions.
//
// A declaration is white before, grey while and black after its resolution, and
// path_ holds the grey ones. Meeting a grey declaration closes a cycle; whether
// that is an error depends on what lies on it (ResolveGrey). Cycles of values
// are left to the initialization order, which sees those through functions too.
#include "lang/types/check.h"

namespace mgo::types {

using syntax::ConstDecl;
using syntax::FuncDecl;
using syntax::TypeDecl;
using syntax::VarDecl;

void Checker::ResolveDecl(DeclInfo* info) {
  if (info->color == Color::kBlack) return;
  if (info->color == Color::kGrey) {
    ResolveGrey(info);
    return;
  }
  info->color = Color::kGrey;
  path_.push_back(info->symbol);
  resolving_++;
  Environment saved = env_;
  env_ = Environment{};
  env_.decl = info;
  env_.scope = info->file_scope;
  env_.step = info->step;
  switch (info->symbol->kind) {
    case SymbolKind::kConst:
      ResolveConst(info);
      break;
    case SymbolKind::kVar:
      ResolveVar(info);
      break;
    case SymbolKind::kTypeName:
      ResolveType(info);
      break;
    case SymbolKind::kFunc:
      ResolveFunc(info);
      break;
    default:
      break;
  }
  env_ = saved;
  resolving_--;
  path_.pop_back();
  info->color = Color::kBlack;
}

void Checker::ResolveGrey(DeclInfo* info) {
  Symbol* symbol = info->symbol;
  size_t start = path_.size();
  while (start > 0 && path_[start - 1] != symbol) start--;
  if (start == 0) return;
  ArrayRef<Symbol*> cycle(path_.data() + start - 1, path_.size() - start + 1);
  size_t values = 0, definitions = 0;
  bool ordered = true;
  for (Symbol* one : cycle) {
    if (one->kind == SymbolKind::kConst || one->kind == SymbolKind::kVar) {
      values++;
      // Of a script's variables there is no initialization order.
      ordered &= FindDecl(one)->step == 0;
    } else if (one->kind == SymbolKind::kTypeName &&
               !cast<TypeDecl>(FindDecl(one)->decl)->alias) {
      definitions++;
    }
  }
  bool valid =
      (values == cycle.size() && ordered) || (values == 0 && definitions > 0);
  if (symbol->kind == SymbolKind::kFunc && values == 0) valid = true;
  if (!valid) {
    ReportCycle(cycle);
    if (symbol->kind == SymbolKind::kTypeName) {
      if (auto* alias =
              dyn_cast_or_null<Alias>(const_cast<Type*>(symbol->type))) {
        alias->actual = Invalid();
      }
      return;
    }
    if (symbol->kind != SymbolKind::kFunc) symbol->type = Invalid();
  }
  if (symbol->type == nullptr && symbol->kind != SymbolKind::kFunc) {
    symbol->type = Invalid();
    symbol->value = Constants().Unknown();
  }
}

void Checker::ReportCycle(ArrayRef<Symbol*> cycle, bool as_given,
                          ArrayRef<Pos> positions) {
  auto at = [&](size_t i) {
    return positions.empty() ? cycle[i]->pos : positions[i];
  };
  // One instance of a generic type says nothing of others.
  auto instance = [&](size_t i) { return at(i) != cycle[i]->pos; };
  auto shown = [&](const Symbol* symbol) {
    bool foreign = symbol->package != &package_ && symbol->package != nullptr;
    std::string package =
        foreign ? symbol->package->name->text.str() + "." : "";
    return package + symbol->name->text.str();
  };
  size_t first = 0;
  for (size_t i = 0; i < cycle.size(); i++) {
    if (as_given) break;
    DeclInfo* info = instance(i) ? nullptr : FindDecl(cycle[i]);
    // One report is enough for a knot of cycles.
    if (info != nullptr && info->cycle_reported) return;
    if (at(i) < at(first)) first = i;
  }
  for (size_t i = 0; i < cycle.size(); i++) {
    DeclInfo* info = instance(i) ? nullptr : FindDecl(cycle[i]);
    if (info != nullptr) info->cycle_reported = true;
  }
  Symbol* symbol = cycle[first];
  bool is_type = false;
  for (Symbol* one : cycle) is_type |= one->kind == SymbolKind::kTypeName;
  if (cycle.size() == 1) {
    Report(is_type ? DiagKind::kSelfRecursiveType : DiagKind::kSelfInitCycle,
           at(first), shown(symbol));
    return;
  }
  DiagKind kind = is_type ? DiagKind::kRecursiveType : DiagKind::kInitCycle;
  std::string text = llvm::formatv(diag::PatternOf(kind), shown(symbol)).str();
  for (size_t i = 0; i < cycle.size(); i++) {
    size_t k = (first + i) % cycle.size();
    Symbol* from = cycle[k];
    Symbol* to = cycle[(k + 1) % cycle.size()];
    text += llvm::formatv("\n\t{0}: {1} refers to {2}", Str(at(k)), shown(from),
                          shown(to))
                .str();
  }
  AddReport(kind, at(first), std::move(text));
}

// --- constants and variables
// ----------------------------------------------------

void Checker::ResolveConst(DeclInfo* info) {
  env_.iota = Constants().Int(info->iota);
  ConstDeclaration(info->symbol, info->type, info->init, info->inherited);
}

void Checker::ConstDeclaration(Symbol* symbol, const Expr* type,
                               const Expr* init, bool inherited) {
  symbol->value = Constants().Unknown();
  if (type != nullptr) {
    const Type* t = TypeExpr(type);
    if (!IsBasic(t, kIsConstType) && !IsInvalid(t)) {
      if (!IsInvalid(Underlying(t))) {
        Report(DiagKind::kInvalidConstType, PosOf(type), Str(t));
      }
      symbol->type = Invalid();
      return;
    }
    symbol->type = t;
  }
  if (init == nullptr) {
    if (symbol->type == nullptr) symbol->type = Invalid();
    return;
  }
  // Errors in an initializer that is repeated are shown at the name.
  if (inherited) env_.err_pos = symbol->pos;
  Operand x;
  Value(x, init);
  if (x.Invalid() || IsInvalid(x.type) ||
      (symbol->type != nullptr && IsInvalid(symbol->type))) {
    if (symbol->type == nullptr) symbol->type = Invalid();
    return;
  }
  if (x.mode != Mode::kConstant) {
    Report(DiagKind::kNotConstant, PosOf(init), Str(x));
    if (symbol->type == nullptr) symbol->type = Invalid();
    return;
  }
  if (symbol->type == nullptr) symbol->type = x.type;
  Assignment(x, symbol->type, "constant declaration");
  if (x.Invalid()) return;
  symbol->value = x.value;
}

void Checker::ResolveVar(DeclInfo* info) {
  Symbol* symbol = info->symbol;
  if (info->step != 0 && info->init_checked && symbol->type == nullptr) {
    // Asked for by what its own statement needs.
    ReportCycle(symbol);
    symbol->type = Invalid();
    return;
  }
  if (info->define != nullptr) {
    if (!info->init_checked) ShortVarDecl(info->define);
    if (symbol->type == nullptr) symbol->type = Invalid();
    return;
  }
  if (info->type != nullptr) symbol->type = VarType(info->type);
  if (info->init == nullptr) {
    if (symbol->type == nullptr) symbol->type = Invalid();
    return;
  }
  if (info->init_checked) return;
  // A library's typed variable needs its initializer only when it is lowered.
  if (package_.is_library && info->type != nullptr) return;
  CheckVarInit(info);
}

void Checker::CheckVarInit(DeclInfo* info) {
  Symbol* symbol = info->symbol;
  info->init_checked = true;
  if (info->lhs.empty()) {
    Operand x;
    ValueForTarget(x, info->init);
    InitVar(symbol, x, "variable declaration");
    return;
  }
  for (Symbol* one : info->lhs) {
    DeclInfo* other = FindDecl(one);
    other->init_checked = true;
    if (info->type != nullptr) one->type = symbol->type;
  }
  InitVars(info->lhs, ArrayRef<const Expr*>(&info->init, 1), nullptr);
  // What one of them needs, all of them need.
  for (Symbol* one : info->lhs) {
    DeclInfo* other = FindDecl(one);
    if (other != info) {
      for (Symbol* dep : info->deps) other->deps.insert(dep);
    }
  }
}

// --- types
// ------------------------------------------------------------------------

void Checker::ResolveType(DeclInfo* info) {
  TypeDeclaration(info->symbol, cast<TypeDecl>(info->decl));
}

void Checker::TypeDeclaration(Symbol* symbol, const TypeDecl* decl) {
  resolving_++;
  bool generic = !decl->type_params.empty();
  Scope* outer = env_.scope;
  if (generic) OpenTypeParamScope();
  if (decl->alias) {
    Alias* alias = world_.types.New<Alias>(symbol);
    alias->actual = Invalid();
    symbol->type = alias;
    open_aliases_.insert(alias);
    if (generic) CollectTypeParams(decl->type_params, &alias->type_params);
    const Type* rhs = DefinedType(decl->type);
    open_aliases_.erase(alias);
    const auto* param = dyn_cast<TypeParam>(Unalias(rhs));
    if (param != nullptr && llvm::is_contained(alias->type_params, param)) {
      Report(DiagKind::kTypeParamAlias, PosOf(decl->type));
      rhs = Invalid();
    }
    DeclInfo* info = FindDecl(symbol);
    if (info == nullptr || !info->cycle_reported) alias->actual = rhs;
  } else {
    Named* named = world_.types.New<Named>(symbol);
    symbol->type = named;
    if (env_.function != nullptr) {
      named->outer_params = env_.type_params;
      named->local_number = ++local_types_;
    }
    incomplete_.insert(named);
    if (generic) CollectTypeParams(decl->type_params, &named->type_params);
    const Type* rhs = DefinedType(decl->type);
    if (IsTypeParam(rhs)) {
      Report(DiagKind::kTypeParamRhs, PosOf(decl->type));
      rhs = Invalid();
    }
    right_side_[named] = rhs;
    CompleteNamed(named, rhs);
    CollectMethods(named);
    Later([this, named] { CheckValidType(named); });
  }
  env_.scope = outer;
  resolving_--;
}

void Checker::CompleteNamed(Named* named, const Type* rhs) {
  const Named* base = dyn_cast<Named>(Unalias(rhs));
  if (base != nullptr && base->origin != nullptr) base = base->origin;
  if (base != nullptr && incomplete_.count(base)) {
    // Follow what each one waits for; back at the start it is a cycle.
    llvm::SmallVector<Symbol*, 4> cycle = {named->symbol};
    for (const Named* at = base; at != nullptr;) {
      if (at == named) {
        ReportCycle(cycle);
        named->underlying = Invalid();
        incomplete_.erase(named);
        valid_.insert(named);
        return;
      }
      cycle.push_back(at->symbol);
      const Named* next = nullptr;
      for (auto& [waiter, target] : waiting_) {
        if (waiter == at) next = target;
      }
      at = next;
    }
    waiting_.push_back({named, base});
    return;
  }
  named->underlying = Underlying(rhs);
  incomplete_.erase(named);
  for (size_t i = 0; i < waiting_.size(); i++) {
    if (waiting_[i].second != named) continue;
    Named* waiter = waiting_[i].first;
    waiting_[i] = waiting_.back();
    waiting_.pop_back();
    CompleteNamed(waiter, right_side_[waiter]);
    i = static_cast<size_t>(-1);
  }
}

void Checker::CollectMethods(Named* named) {
  auto found = methods_of_.find(named->symbol);
  if (found == methods_of_.end()) return;
  llvm::SmallDenseMap<const Name*, Symbol*, 8> seen;
  for (DeclInfo* method : found->second) {
    Symbol* symbol = method->symbol;
    if (symbol->name->blank) continue;
    auto [entry, is_new] = seen.try_emplace(symbol->name, symbol);
    if (!is_new) {
      Report(DiagKind::kMethodRedeclared, symbol->pos,
             named->symbol->name->text, symbol->name->text,
             Str(entry->second->pos));
      continue;
    }
    named->methods.push_back(symbol);
  }
  Later([this, named] {
    const auto* s = As<Struct>(named);
    if (s == nullptr) return;
    for (Symbol* method : named->methods) {
      for (Symbol* field : s->fields) {
        if (field->name != method->name) continue;
        AddReport(DiagKind::kFieldAndMethod, method->pos,
                  llvm::formatv(diag::PatternOf(DiagKind::kFieldAndMethod),
                                method->name->text)
                          .str() +
                      OtherDeclaration(field));
      }
    }
  });
}

void Checker::CheckValidType(const Named* named) {
  llvm::SmallVector<const Named*, 8> path;
  ValidType(named, path);
}

// Walks what a value of the type contains; false once a cycle was reported.
bool Checker::ValidType(const Type* t,
                        llvm::SmallVectorImpl<const Named*>& path) {
  t = Unalias(t);
  if (IsInvalid(t)) return true;
  if (const auto* array = dyn_cast<Array>(t)) {
    return ValidType(array->elem, path);
  }
  if (const auto* s = dyn_cast<Struct>(t)) {
    for (Symbol* field : s->fields) {
      if (!ValidType(field->type, path)) return false;
    }
    return true;
  }
  if (const auto* iface = dyn_cast<Interface>(t)) {
    for (const Type* embedded : iface->embedded) {
      if (!ValidType(embedded, path)) return false;
    }
    return true;
  }
  const auto* named = dyn_cast<Named>(t);
  if (named == nullptr) return true;
  // A type of another package is valid, but type arguments are of this one.
  bool foreign = named->symbol->package != &package_;
  if (foreign && named->type_args.empty()) return true;
  if (valid_.count(named)) return true;
  // An instance may grow without end.
  constexpr size_t kDeepestPath = 500;
  for (size_t i = 0; i < path.size(); i++) {
    if (path[i] != named && path.size() < kDeepestPath) continue;
    llvm::SmallVector<Symbol*, 4> cycle;
    llvm::SmallVector<Pos, 4> positions;
    for (size_t j = i; j < path.size(); j++) {
      cycle.push_back(path[j]->symbol);
      // Of an instance Go shows where it was first written.
      auto written = instance_pos_.find(path[j]);
      positions.push_back(written != instance_pos_.end()
                              ? written->second
                              : path[j]->symbol->pos);
      const_cast<Named*>(path[j])->underlying = Invalid();
      valid_.insert(path[j]);
    }
    ReportCycle(cycle, /*as_given=*/false, positions);
    return false;
  }
  path.push_back(named);
  auto right =
      named->origin != nullptr ? right_side_.end() : right_side_.find(named);
  bool ok = ValidType(
      right != right_side_.end() ? right->second : Underlying(named), path);
  path.pop_back();
  valid_.insert(named);
  return ok;
}

// --- functions
// --------------------------------------------------------------------

void Checker::ResolveFunc(DeclInfo* info) {
  const auto* decl = cast<FuncDecl>(info->decl);
  ArrayRef<const TypeParam*> type_params;
  if (!decl->type->type_params.empty()) {
    OpenTypeParamScope();
    CollectTypeParams(decl->type->type_params, &type_params);
  }
  // The scope of parameters is opened with the body.
  Signature* signature =
      SignatureOf(decl->type, decl->recv.empty() ? nullptr : &decl->recv[0]);
  signature->type_params = type_params;
  CheckTypeParamNames(signature);
  // The body sees the type parameters.
  info->file_scope = env_.scope;
  info->symbol->type = signature;
  info_.signatures[decl] = signature;
  info_.types[decl->type->id] = {signature, nullptr, Mode::kType};
}

// Whether a signature has a type parameter of this name.
static bool NamesTypeParam(const Signature* signature, const Name* name) {
  auto named = [&](const TypeParam* param) {
    return param->symbol->name == name;
  };
  return llvm::any_of(signature->type_params, named) ||
         llvm::any_of(signature->recv_type_params, named);
}

// Type parameters and parameters are declared in the same block.
void Checker::CheckTypeParamNames(const Signature* signature) {
  auto check = [&](const Symbol* symbol) {
    if (symbol->name == nullptr || symbol->name->blank) return;
    for (ArrayRef<const TypeParam*> params :
         {signature->type_params, signature->recv_type_params}) {
      for (const TypeParam* param : params) {
        if (param->symbol->name != symbol->name) continue;
        AddReport(DiagKind::kRedeclared, symbol->pos,
                  llvm::formatv(diag::PatternOf(DiagKind::kRedeclared),
                                symbol->name->text)
                          .str() +
                      OtherDeclaration(param->symbol));
      }
    }
  };
  if (signature->type_params.empty() && signature->recv_type_params.empty()) {
    return;
  }
  if (signature->recv != nullptr) check(signature->recv);
  for (Symbol* symbol : signature->params->vars) check(symbol);
  for (Symbol* symbol : signature->results->vars) check(symbol);
}

void Checker::DeclareParams(const Signature* signature) {
  auto declare = [&](Symbol* symbol) {
    symbol->function = env_.function;
    if (symbol->name == nullptr || symbol->name->blank) return;
    // Redeclared ones were reported with the signature.
    if (NamesTypeParam(signature, symbol->name)) return;
    env_.scope->Insert(symbol);
    symbol->scope = env_.scope;
  };
  if (signature->recv != nullptr) declare(signature->recv);
  for (Symbol* symbol : signature->params->vars) declare(symbol);
  for (Symbol* symbol : signature->results->vars) declare(symbol);
}

void Checker::FuncBody(DeclInfo* decl, const Node* node,
                       const Signature* signature, const BlockStmt* body,
                       Scope* outer) {
  Environment saved = env_;
  size_t first_local = locals_.size();
  const Constant* iota = env_.iota;
  env_ = Environment{};
  // "const n = len(func() …)": iota is known inside, too.
  env_.iota = iota;
  env_.step = isa<FuncDecl>(node) ? 0 : saved.step;
  env_.decl = decl;
  env_.function = node;
  env_.signature = signature;
  if (isa<FuncDecl>(node)) {
    // Of a function its own; methods have their receiver's.
    env_.type_params = signature->recv != nullptr ? signature->recv_type_params
                                                  : signature->type_params;
  } else {
    env_.type_params = saved.type_params;
  }
  env_.scope = outer;
  OpenScope();
  DeclareParams(signature);
  if (IsScript() && node == package_.script->decl) {
    ScriptBody(body->stmts);
  } else {
    StmtList(body->stmts, 0);
  }
  if (env_.has_label) CheckLabels(body);
  if (!signature->results->vars.empty() && !IsTerminatingList(body->stmts)) {
    Report(DiagKind::kMissingReturn, body->rbrace);
  }
  ReportUnusedVars(first_local);
  env_ = saved;
}

// --- inside functions
// ------------------------------------------------------------------

void Checker::LocalDeclaration(const syntax::DeclStmt* stmt) {
  for (const syntax::Decl* decl : stmt->decls) {
    switch (decl->kind) {
      case NodeKind::kConstDecl:
        LocalConst(cast<ConstDecl>(decl));
        break;
      case NodeKind::kVarDecl:
        LocalVar(cast<VarDecl>(decl));
        break;
      case NodeKind::kTypeDecl:
        LocalType(cast<TypeDecl>(decl));
        break;
      default:
        break;
    }
  }
}

void Checker::LocalConst(const ConstDecl* decl) {
  const ConstDecl* from =
      decl->inherits_from != nullptr ? decl->inherits_from : decl;
  llvm::SmallVector<Symbol*, 4> symbols;
  const Constant* saved_iota = env_.iota;
  Pos saved_pos = env_.err_pos;
  env_.iota = Constants().Int(decl->iota);
  for (size_t i = 0; i < decl->names.size(); i++) {
    const Ident* ident = decl->names[i];
    Symbol* symbol =
        NewSymbol(SymbolKind::kConst, ident->pos, ident->name, nullptr);
    symbol->function = env_.function;
    symbols.push_back(symbol);
    ConstDeclaration(symbol, from->type,
                     i < from->values.size() ? from->values[i] : nullptr,
                     decl->inherits_from != nullptr);
  }
  env_.iota = saved_iota;
  env_.err_pos = saved_pos;
  CheckConstArity(decl, /*local=*/true);
  for (size_t i = 0; i < symbols.size(); i++) {
    Declare(env_.scope, decl->names[i], symbols[i], decl->pos);
  }
}

void Checker::LocalVar(const VarDecl* decl) {
  size_t names = decl->names.size();
  size_t values = decl->values.size();
  const Type* type = decl->type != nullptr ? VarType(decl->type) : nullptr;
  llvm::SmallVector<Symbol*, 4> symbols;
  for (const Ident* ident : decl->names) {
    symbols.push_back(NewLocal(ident, type));
  }
  if (values == 1 && names > 1) {
    InitVars(symbols, decl->values, nullptr);
  } else {
    for (size_t i = 0; i < names; i++) {
      if (i >= values) {
        if (type == nullptr) symbols[i]->type = Invalid();
        continue;
      }
      Operand x;
      ValueForTarget(x, decl->values[i]);
      InitVar(symbols[i], x, "variable declaration");
    }
    for (size_t i = names; i < values; i++) Use(decl->values[i]);
    CheckVarArity(decl);
  }
  for (size_t i = 0; i < names; i++) {
    Declare(env_.scope, decl->names[i], symbols[i], decl->pos);
  }
}

void Checker::LocalType(const TypeDecl* decl) {
  Symbol* symbol = NewSymbol(SymbolKind::kTypeName, decl->name->pos,
                             decl->name->name, nullptr);
  symbol->function = env_.function;
  Declare(env_.scope, decl->name, symbol, decl->name->pos);
  TypeDeclaration(symbol, decl);
  ProcessLater();
}

}  // namespace mgo::types
