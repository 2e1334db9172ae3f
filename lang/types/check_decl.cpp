// Declarations: resolving package-level ones on demand, and those inside
// functions.
//
// A declaration is white before, grey while and black after its resolution, and
// path_ holds the grey ones. Meeting a grey declaration closes a cycle: see
// check_cycle.cpp.
#include "lang/types/check.h"
#include "lang/types/instantiate.h"

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
  // What only types mention delays no initialization.
  bool is_value = info->symbol->kind == SymbolKind::kConst ||
                  info->symbol->kind == SymbolKind::kVar;
  env_.decl = is_value ? info : nullptr;
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
    alias->open = true;
    if (generic) CollectTypeParams(decl->type_params, &alias->type_params);
    const Type* rhs = DefinedType(decl->type);
    const auto* param = dyn_cast<TypeParam>(Unalias(rhs));
    if (param != nullptr && llvm::is_contained(alias->type_params, param)) {
      Report(DiagKind::kTypeParamAlias, PosOf(decl->type));
      rhs = Invalid();
    }
    DeclInfo* info = FindDecl(symbol);
    if (info == nullptr || !info->cycle_reported) alias->actual = rhs;
    CloseAlias(world_.types, alias);
  } else {
    Named* named = world_.types.New<Named>(symbol);
    symbol->type = named;
    if (env_.function != nullptr) {
      named->outer_params = env_.type_params;
      named->local_number = ++local_types_;
    }
    incomplete_.insert(named);
    // Before those of the types that this one mentions.
    Later([this, named] { CheckValidType(named); });
    if (generic) CollectTypeParams(decl->type_params, &named->type_params);
    const Type* rhs = DefinedType(decl->type);
    if (IsTypeParam(rhs)) {
      Report(DiagKind::kTypeParamRhs, PosOf(decl->type));
      rhs = Invalid();
    }
    right_side_[named] = rhs;
    CompleteNamed(named, rhs);
    CollectMethods(named);
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

// --- functions
// --------------------------------------------------------------------

void Checker::ResolveFunc(DeclInfo* info) {
  const auto* decl = cast<FuncDecl>(info->decl);
  // What is known of it to its own parameters.
  Signature* open = world_.types.New<Signature>(
      world_.universe->empty_tuple, world_.universe->empty_tuple, false);
  info->symbol->type = open;
  ArrayRef<const TypeParam*> type_params;
  if (!decl->type->type_params.empty()) {
    OpenTypeParamScope();
    CollectTypeParams(decl->type->type_params, &type_params);
    open->type_params = type_params;
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
