// Scripts: files without a package clause.
//
// The parser makes a script's statements the body of a function main
// (Package::script), and that is what they are in every later phase. What is
// special is where their declarations go. Constants and types are package-level
// ones. So are the variables that `var` and `:=` declare, and functions may use
// them wherever they stand; but they get their values when their statement is
// reached, and to the statements and the function literals in them they are
// visible from the next statement on only, as in a function: `len := len(x)`
// is legal. For that, each statement that declares variables is a step with a
// number; a variable of step n can be seen from steps after n. Functions and
// constants belong to step 0, from where everything can be seen. The type of a
// variable is found when it is asked for, as that of any package-level one.
//
// The names of imports are in a scope of their own outside the package's, since
// any of them may be declared anew. There go the packages, too, that the script
// uses and does not import.
//
// A variable that no function mentions is made a local one of main in the end:
// it may then live in a register.
#include "lang/types/check.h"

namespace mgo::types {

using syntax::AssignStmt;
using syntax::ConstDecl;
using syntax::DeclStmt;
using syntax::FuncDecl;
using syntax::TypeDecl;
using syntax::VarDecl;

namespace {

// The statement behind labels.
const Stmt* Unlabeled(const Stmt* s) {
  while (const auto* labeled = dyn_cast<syntax::LabeledStmt>(s)) {
    s = labeled->stmt;
  }
  return s;
}

const AssignStmt* AsDefine(const Stmt* s) {
  const auto* assign = dyn_cast<AssignStmt>(s);
  return assign != nullptr && assign->define ? assign : nullptr;
}

}  // namespace

bool Checker::StartScript() {
  ArrayRef<const syntax::File*> files = package_.syntax->files;
  if (files.size() != 1 || files[0]->script == nullptr) return false;
  const FuncDecl* script = files[0]->script;
  package_.name = main_;
  package_.script = NewSymbol(SymbolKind::kFunc, script->pos, main_, nullptr);
  package_.script->decl = script;
  return true;
}

void Checker::CollectScript(const FuncDecl* script) {
  uint32_t step = 0;
  for (const Stmt* s : script->body->stmts) {
    s = Unlabeled(s);
    if (const AssignStmt* define = AsDefine(s)) {
      CollectDefine(define, ++step);
      continue;
    }
    const auto* stmt = dyn_cast<DeclStmt>(s);
    if (stmt == nullptr) continue;
    for (const syntax::Decl* decl : stmt->decls) {
      if (const auto* constant = dyn_cast<ConstDecl>(decl)) {
        CollectConst(constant, package_.scope);
      } else if (const auto* type = dyn_cast<TypeDecl>(decl)) {
        CollectType(type, package_.scope);
      } else if (const auto* var = dyn_cast<VarDecl>(decl)) {
        CollectVar(var, package_.scope, ++step);
      }
    }
  }
  info_.symbols[script->name->id] = package_.script;
  decl_list_.push_back(NewDecl(package_.script, package_.scope, script));
}

void Checker::CollectDefine(const AssignStmt* define, uint32_t step) {
  for (const Expr* lhs : define->lhs) {
    const auto* ident = dyn_cast<Ident>(lhs);
    // The rest of what may be wrong ShortVarDecl reports.
    if (ident == nullptr || ident->name->blank) continue;
    if (package_.scope->Find(ident->name) != nullptr) continue;
    Symbol* symbol =
        NewSymbol(SymbolKind::kVar, ident->pos, ident->name, nullptr);
    symbol->is_global = true;
    DeclInfo* info = NewDecl(symbol, package_.scope, nullptr);
    info->step = step;
    info->define = define;
    DeclareGlobal(ident, symbol, info);
  }
}

void Checker::ScriptBody(ArrayRef<const Stmt*> list) {
  uint32_t step = 0;
  for (const Stmt* s : list) {
    const Stmt* inner = Unlabeled(s);
    // It is behind all steps so far.
    env_.step = step + 1;
    const AssignStmt* define = AsDefine(inner);
    if (define != nullptr) {
      step++;
      ScriptVars(define->lhs);
      Scope* scope = env_.scope;
      bool declares = false;
      for (const Expr* lhs : define->lhs) {
        const auto* ident = dyn_cast<Ident>(lhs);
        Symbol* symbol =
            ident != nullptr ? package_.scope->Find(ident->name) : nullptr;
        DeclInfo* info = symbol != nullptr ? FindDecl(symbol) : nullptr;
        declares |= info != nullptr && info->define == define;
      }
      // Nothing new: it has not been checked yet.
      env_.scope = package_.scope;
      if (!declares) ShortVarDecl(define);
      env_.scope = scope;
    } else if (const auto* decl = dyn_cast<DeclStmt>(inner)) {
      for (const syntax::Decl* one : decl->decls) {
        const auto* var = dyn_cast<VarDecl>(one);
        if (var == nullptr) continue;
        step++;
        for (const Ident* name : var->names) ScriptVars({name});
      }
    } else {
      Statement(inner, 0);
    }
  }
}

void Checker::ScriptVars(ArrayRef<const Expr*> names) {
  for (const Expr* name : names) {
    const auto* ident = dyn_cast<Ident>(name);
    Symbol* symbol = ident != nullptr ? info_.symbols[ident->id] : nullptr;
    if (symbol == nullptr) continue;
    Resolve(symbol);
    info_.types[ident->id] = {symbol->type, nullptr, Mode::kVariable};
  }
}

bool Checker::IsVisible(const Symbol* symbol) const {
  if (env_.step == 0 || !symbol->is_global) return true;
  DeclInfo* info = FindDecl(symbol);
  return info == nullptr || info->step < env_.step;
}

Symbol* Checker::ImportUnasked(const Ident* name) {
  if (!world_.library_path) return nullptr;
  std::string path = world_.library_path(name->name->text);
  if (path.empty()) return nullptr;
  Package* imported = importer_(path, name->pos);
  if (imported == nullptr) return nullptr;
  if (!llvm::is_contained(package_.imports, imported)) {
    package_.imports.push_back(imported);
  }
  Symbol* symbol =
      NewSymbol(SymbolKind::kPackageName, name->pos, name->name, Invalid());
  symbol->imported = imported;
  package_.scope->Parent()->Insert(symbol);
  return symbol;
}

void Checker::CheckScriptMain() {
  Symbol* main = package_.scope->Find(main_);
  if (main == nullptr || main->kind != SymbolKind::kFunc) return;
  for (const Stmt* s : package_.script->decl->body->stmts) {
    if (!isa<DeclStmt>(s) && !isa<syntax::EmptyStmt>(s)) return;
  }
  Report(DiagKind::kScriptMain, main->pos);
}

void Checker::LocalizeScriptVars() {
  llvm::DenseSet<const Symbol*> shared;
  for (DeclInfo* info : decl_list_) {
    if (info->symbol->kind != SymbolKind::kFunc) continue;
    if (info->symbol == package_.script) continue;
    for (const Symbol* dep : info->deps) shared.insert(dep);
  }
  for (DeclInfo* info : decl_list_) {
    Symbol* symbol = info->symbol;
    if (info->step == 0 || shared.contains(symbol)) continue;
    symbol->is_global = false;
    symbol->function = package_.script->decl;
  }
}

}  // namespace mgo::types
