// A package as a whole: collecting its declarations, the order in which they
// are checked, and the entry points of checker.h.
#include "lang/syntax/deferred.h"
#include "lang/types/check.h"

namespace mgo::types {

using syntax::ConstDecl;
using syntax::Decl;
using syntax::FuncDecl;
using syntax::ImportDecl;
using syntax::TypeDecl;
using syntax::VarDecl;

DeclInfo* Checker::NewDecl(Symbol* symbol, Scope* file_scope,
                           const Decl* decl) {
  decls_.emplace_back();
  DeclInfo* info = &decls_.back();
  info->symbol = symbol;
  info->file_scope = file_scope;
  info->decl = decl;
  info->order = next_order_++;
  decl_of_[symbol] = info;
  return info;
}

void Checker::DeclareGlobal(const Ident* ident, Symbol* symbol,
                            DeclInfo* info) {
  decl_list_.push_back(info);
  // Among statements any name will do.
  if (info->step != 0) {
    Declare(package_.scope, ident, symbol, Pos{});
    return;
  }
  if (ident->name == init_ && symbol->kind != SymbolKind::kFunc) {
    Report(DiagKind::kInitNotFunc, ident->pos);
    return;
  }
  if (ident->name == main_ && package_.name == main_ && !IsScript() &&
      symbol->kind != SymbolKind::kFunc) {
    Report(DiagKind::kMainNotFunc, ident->pos);
    return;
  }
  Declare(package_.scope, ident, symbol, Pos{});
}

void Checker::Collect() {
  info_.types.resize(package_.syntax->expr_count);
  info_.symbols.resize(package_.syntax->expr_count);
  if (package_.scope == nullptr) {
    Scope* outer = world_.universe->scope;
    if (StartScript()) {
      // The names of imports, which a script may declare anew.
      scopes_.emplace_back(outer);
      outer = &scopes_.back();
    }
    scopes_.emplace_back(outer);
    package_.scope = &scopes_.back();
  }
  for (const syntax::File* file : package_.syntax->files) CollectFile(file);
  CheckImportConflicts();
  AssociateMethods();
}

void Checker::CollectFile(const syntax::File* file) {
  if (file->package_name != nullptr && file->package_name->name->blank) {
    Report(DiagKind::kInvalidPackageName, file->package_name->pos);
  }
  if (package_.name == nullptr && file->package_name != nullptr) {
    package_.name = file->package_name->name;
  }
  Scope* scope = package_.scope;
  Scope* imports = scope->Parent();
  if (!IsScript()) {
    scopes_.emplace_back(package_.scope);
    scope = imports = &scopes_.back();
  }
  file_scopes_.push_back({imports, file});
  for (const Decl* decl : file->decls) {
    switch (decl->kind) {
      case NodeKind::kImportDecl:
        CollectImport(cast<ImportDecl>(decl), imports);
        break;
      case NodeKind::kConstDecl:
        CollectConst(cast<ConstDecl>(decl), scope);
        break;
      case NodeKind::kVarDecl:
        CollectVar(cast<VarDecl>(decl), scope);
        break;
      case NodeKind::kTypeDecl:
        CollectType(cast<TypeDecl>(decl), scope);
        break;
      case NodeKind::kFuncDecl:
        CollectFunc(cast<FuncDecl>(decl), scope);
        break;
      default:
        break;
    }
  }
  if (IsScript()) CollectScript(file->script);
}

void Checker::CheckConstArity(const ConstDecl* decl, bool local) {
  const ConstDecl* from =
      decl->inherits_from != nullptr ? decl->inherits_from : decl;
  size_t names = decl->names.size();
  size_t values = from->values.size();
  if (values > names) {
    const Expr* extra = from->values[names];
    if (decl->inherits_from != nullptr) {
      Report(DiagKind::kExtraInitAt, PosOf(decl->names[0]), Str(extra->pos));
    } else {
      Report(DiagKind::kExtraInit, PosOf(extra), Str(extra));
    }
  } else if (values < names) {
    Report(DiagKind::kMissingInit, PosOf(decl->names[values]),
           decl->names[values]->name->text);
  }
}

void Checker::CollectConst(const ConstDecl* decl, Scope* file_scope) {
  const ConstDecl* from =
      decl->inherits_from != nullptr ? decl->inherits_from : decl;
  for (size_t i = 0; i < decl->names.size(); i++) {
    const Ident* ident = decl->names[i];
    Symbol* symbol =
        NewSymbol(SymbolKind::kConst, ident->pos, ident->name, nullptr);
    DeclInfo* info = NewDecl(symbol, file_scope, decl);
    info->type = from->type;
    info->init = i < from->values.size() ? from->values[i] : nullptr;
    info->iota = decl->iota;
    info->inherited = decl->inherits_from != nullptr;
    DeclareGlobal(ident, symbol, info);
  }
  CheckConstArity(decl, /*local=*/false);
}

bool Checker::CheckVarArity(const VarDecl* decl) {
  size_t names = decl->names.size();
  size_t values = decl->values.size();
  if (values == 0 || values == names) return true;
  if (values > names) {
    const Expr* extra = decl->values[names];
    Report(DiagKind::kExtraInit, PosOf(extra), Str(extra));
    return false;
  }
  if (values > 1) {
    Report(DiagKind::kMissingInit, PosOf(decl->names[values]),
           decl->names[values]->name->text);
    return false;
  }
  return true;
}

void Checker::CollectVar(const VarDecl* decl, Scope* file_scope,
                         uint32_t step) {
  size_t names = decl->names.size();
  size_t values = decl->values.size();
  llvm::SmallVector<Symbol*, 4> symbols;
  llvm::SmallVector<DeclInfo*, 4> infos;
  for (const Ident* ident : decl->names) {
    Symbol* symbol =
        NewSymbol(SymbolKind::kVar, ident->pos, ident->name, nullptr);
    symbol->is_global = true;
    DeclInfo* info = NewDecl(symbol, file_scope, decl);
    info->type = decl->type;
    info->step = step;
    symbols.push_back(symbol);
    infos.push_back(info);
  }
  bool shared = values == 1 && names > 1;
  ArrayRef<Symbol*> lhs =
      world_.types.Copy(ArrayRef<Symbol*>(symbols.data(), symbols.size()));
  for (size_t i = 0; i < names; i++) {
    if (shared) {
      infos[i]->init = decl->values[0];
      infos[i]->lhs = lhs;
    } else if (i < values) {
      infos[i]->init = decl->values[i];
    }
    DeclareGlobal(decl->names[i], symbols[i], infos[i]);
    info_.symbols[decl->names[i]->id] = symbols[i];
  }
  CheckVarArity(decl);
}

void Checker::CollectType(const TypeDecl* decl, Scope* file_scope) {
  Symbol* symbol = NewSymbol(SymbolKind::kTypeName, decl->name->pos,
                             decl->name->name, nullptr);
  DeclInfo* info = NewDecl(symbol, file_scope, decl);
  DeclareGlobal(decl->name, symbol, info);
}

void Checker::CollectFunc(const FuncDecl* decl, Scope* file_scope) {
  const Name* name = decl->name->name;
  Symbol* symbol = NewSymbol(SymbolKind::kFunc, decl->name->pos, name, nullptr);
  symbol->decl = decl;
  DeclInfo* info = NewDecl(symbol, file_scope, decl);
  info_.symbols[decl->name->id] = symbol;
  if (!decl->recv.empty()) {
    decl_list_.push_back(info);
    methods_.push_back(info);
    return;
  }
  bool is_main = name == main_ && package_.name == main_ && !IsScript();
  if (name == init_ || is_main) {
    if (!decl->type->type_params.empty()) {
      Report(DiagKind::kNoTypeParams, decl->type->type_params[0].pos,
             name->text);
    }
    if (!decl->type->params.empty() || !decl->type->results.empty()) {
      Report(DiagKind::kNoArguments, decl->name->pos, name->text);
    }
  }
  if (name == init_) {
    decl_list_.push_back(info);
    symbol->scope = package_.scope;
    info_.inits.push_back(decl);
    if (decl->body == nullptr && !package_.is_library) {
      Report(DiagKind::kInitWithoutBody, decl->name->pos);
    }
    return;
  }
  if (name->blank) {
    decl_list_.push_back(info);
    return;
  }
  decl_list_.push_back(info);
  Declare(package_.scope, decl->name, symbol, Pos{});
}

// The name of the receiver's base type, as far as syntax tells.
static const Ident* ReceiverBase(const Expr* type) {
  for (;;) {
    type = syntax::Unparen(type);
    if (const auto* star = dyn_cast<syntax::StarExpr>(type)) {
      type = star->x;
    } else if (const auto* index = dyn_cast<syntax::IndexExpr>(type)) {
      type = index->x;
    } else {
      return dyn_cast<Ident>(type);
    }
  }
}

void Checker::AssociateMethods() {
  for (DeclInfo* method : methods_) {
    const Ident* base =
        ReceiverBase(cast<FuncDecl>(method->decl)->recv[0].type);
    // An alias leads to the type that it names, if that is in this package too.
    for (int steps = 0; base != nullptr && steps < 100; steps++) {
      Symbol* symbol = package_.scope->Find(base->name);
      DeclInfo* info = symbol == nullptr ? nullptr : FindDecl(symbol);
      if (info == nullptr || symbol->kind != SymbolKind::kTypeName) break;
      const auto* decl = cast<TypeDecl>(info->decl);
      if (!decl->alias) {
        methods_of_[symbol].push_back(method);
        break;
      }
      base = ReceiverBase(decl->type);
    }
  }
}

void Checker::CheckAll(size_t parser_errors) {
  // Without an imported package nothing that is said would be of use.
  if (import_failed_) return;
  for (const syntax::File* file : package_.syntax->files) {
    CheckBranches(*file, *sink_, parser_errors, world_.sources);
  }
  // Types first: what follows may then rely on complete ones.
  for (DeclInfo* info : decl_list_) {
    if (info->symbol->kind == SymbolKind::kTypeName) Resolve(info->symbol);
  }
  bool missing_body = false;
  collect_bodies_ = true;
  for (DeclInfo* info : decl_list_) {
    Resolve(info->symbol);
    if (info->symbol->kind != SymbolKind::kFunc) continue;
    missing_body |= cast<FuncDecl>(info->decl)->body == nullptr;
    Symbol* symbol = info->symbol;
    bodies_.push_back([this, symbol] { CheckFuncBody(symbol); });
  }
  collect_bodies_ = false;
  while (!bodies_.empty()) {
    std::function<void()> check = std::move(bodies_.front());
    bodies_.pop_front();
    env_ = Environment{};
    check();
  }
  ComputeInitOrder();
  ReportUnusedImports();
  if (IsScript()) CheckScriptMain();
  if (sink_->HasErrors()) return;
  CheckInstanceCycles();
  if (IsScript()) LocalizeScriptVars();
  CheckLimits();
  if (missing_body) {
    for (DeclInfo* info : decl_list_) {
      const auto* decl = dyn_cast_or_null<FuncDecl>(info->decl);
      if (decl != nullptr && decl->body == nullptr) {
        // Go points behind the keyword: at a receiver, if there is one.
        Report(DiagKind::kMissingBody,
               decl->recv.empty() ? decl->name->pos : decl->pos + 5);
      }
    }
    return;
  }
  if (package_.name == main_ && package_.path == "main" && !IsScript() &&
      package_.scope->Find(main_) == nullptr) {
    Report(DiagKind::kNoMain, Pos{});
  }
}

void Checker::Resolve(Symbol* symbol) {
  DeclInfo* info = FindDecl(symbol);
  if (info == nullptr || info->color == Color::kBlack) return;
  ResolveDecl(info);
  if (resolving_ == 0 && !later_.empty()) ProcessLater();
}

void Checker::CheckFuncBody(Symbol* symbol) {
  DeclInfo* info = FindDecl(symbol);
  if (info == nullptr || info->body_checked) return;
  Resolve(symbol);
  info->body_checked = true;
  const auto* decl = cast<FuncDecl>(info->decl);
  if (decl->body == nullptr) return;
  syntax::ParseBody(*package_.syntax, *decl, world_.names, *sink_);
  info_.types.resize(package_.syntax->expr_count);
  info_.symbols.resize(package_.syntax->expr_count);
  const auto* signature = dyn_cast_or_null<Signature>(symbol->type);
  if (signature == nullptr) return;
  FuncBody(info, decl, signature, decl->body, info->file_scope);
}

void Checker::CheckBodies() {
  for (DeclInfo* info : decl_list_) {
    Resolve(info->symbol);
    if (info->symbol->kind == SymbolKind::kFunc) CheckFuncBody(info->symbol);
    if (info->symbol->kind == SymbolKind::kVar) CheckGlobalInit(info->symbol);
  }
  ReportUnusedImports();
}

const Initializer* Checker::CheckGlobalInit(const Symbol* symbol) {
  DeclInfo* info = FindDecl(symbol);
  if (info == nullptr || info->init == nullptr) return nullptr;
  Resolve(info->symbol);
  if (!info->init_checked) {
    Environment saved = env_;
    env_ = Environment{};
    env_.decl = info;
    env_.scope = info->file_scope;
    CheckVarInit(info);
    env_ = saved;
    ProcessLater();
  }
  if (info->initializer == nullptr) {
    ArrayRef<Symbol*> lhs = info->lhs;
    if (lhs.empty()) {
      lhs = world_.types.Copy(ArrayRef<Symbol*>(&info->symbol, 1));
    }
    initializers_.push_back({lhs, info->init});
    for (Symbol* one : lhs) FindDecl(one)->initializer = &initializers_.back();
  }
  return info->initializer;
}

// --- checker.h ---------------------------------------------------------------

namespace {

// Resolves symbols that questions about types meet.
class PackageResolver : public SymbolResolver {
 public:
  void Resolve(Symbol* symbol) override {
    if (symbol->package == nullptr || symbol->package->checker == nullptr) {
      return;
    }
    symbol->package->checker->Resolve(symbol);
  }
};

// It has no state of its own, so one serves all compilations and stays
// installed for later phases.
void InstallResolver() {
  static PackageResolver resolver;
  SymbolResolver::Install(&resolver);
}

}  // namespace

World::World() {
  universe =
      std::make_unique<Universe>(names, types, constants, &next_symbol_id);
}

World::~World() = default;

void CheckPackage(World& world, Package& package, const Importer& importer,
                  diag::DiagnosticSink& sink) {
  InstallResolver();
  world.checkers.push_back(
      std::make_unique<Checker>(world, package, importer, sink));
  package.checker = world.checkers.back().get();
  size_t parser_errors = sink.Count();
  package.checker->Collect();
  if (!package.is_library) package.checker->CheckAll(parser_errors);
}

void CheckBody(World& world, Package& package, const Symbol* function,
               diag::DiagnosticSink& sink) {
  if (package.checker == nullptr) return;
  InstallResolver();
  package.checker->SetSink(sink);
  package.checker->CheckFuncBody(const_cast<Symbol*>(function));
}

const Initializer* CheckGlobal(World& world, Package& package,
                               const Symbol* variable,
                               diag::DiagnosticSink& sink) {
  if (package.checker == nullptr) return nullptr;
  InstallResolver();
  package.checker->SetSink(sink);
  return package.checker->CheckGlobalInit(variable);
}

void CheckEverything(World& world, Package& package,
                     diag::DiagnosticSink& sink) {
  if (package.checker == nullptr) return;
  InstallResolver();
  package.checker->SetSink(sink);
  package.checker->CheckBodies();
}

void ResolveSymbol(World& world, Symbol* symbol, diag::DiagnosticSink& sink) {
  if (symbol->package == nullptr || symbol->package->checker == nullptr) return;
  InstallResolver();
  symbol->package->checker->SetSink(sink);
  symbol->package->checker->Resolve(symbol);
}

}  // namespace mgo::types
