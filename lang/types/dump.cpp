#include "lang/types/dump.h"

#include "lang/syntax/print.h"
#include "lang/types/walk.h"

namespace mgo::types {

namespace {

const char* ModeName(Mode mode) {
  static constexpr const char* kNames[] = {
      "none",     "no value",  "builtin", "type", "constant",
      "variable", "map index", "value",   "nil",  "comma ok"};
  return kNames[static_cast<size_t>(mode)];
}

const char* KindName(SymbolKind kind) {
  static constexpr const char* kNames[] = {
      "package", "const", "type", "var", "func", "label", "builtin", "nil"};
  return kNames[static_cast<size_t>(kind)];
}

void DumpSymbol(const Package& package, const Symbol* symbol,
                llvm::raw_ostream& out) {
  out << KindName(symbol->kind) << ' ' << symbol->name->text;
  if (symbol->type == nullptr) {
    out << " (not resolved)\n";
    return;
  }
  out << ' ' << TypeString(symbol->type, &package);
  if (symbol->kind == SymbolKind::kConst && symbol->value != nullptr) {
    out << " = " << symbol->value->ExactString();
  }
  const Named* named =
      symbol->kind == SymbolKind::kTypeName ? AsNamed(symbol->type) : nullptr;
  if (named != nullptr && named->symbol == symbol) {
    out << " = " << TypeString(Underlying(named), &package) << '\n';
    for (const Symbol* method : named->methods) {
      out << "  method " << method->name->text << ' '
          << (method->type != nullptr ? TypeString(method->type, &package)
                                      : std::string("(not resolved)"))
          << '\n';
    }
    return;
  }
  out << '\n';
}

void DumpExpr(const Package& package, const diag::SourceSet& sources,
              const syntax::Expr* e, llvm::raw_ostream& out) {
  const TypeAndValue& fact = package.info.types[e->id];
  if (fact.mode == Mode::kNone || fact.type == nullptr) return;
  diag::Location at = sources.Locate(e->pos);
  out << at.line << ':' << at.column << ' ' << syntax::ExprString(e) << ": "
      << ModeName(fact.mode);
  if (fact.mode != Mode::kNoValue && fact.mode != Mode::kBuiltin) {
    out << ' ' << TypeString(fact.type, &package);
  }
  if (fact.value != nullptr) out << " = " << fact.value->ExactString();
  auto selection = package.info.selections.find(e->id);
  if (selection != package.info.selections.end()) {
    out << " [";
    for (int index : selection->second->path) out << index << ' ';
    out << (selection->second->indirect ? "indirect" : "direct") << ']';
  }
  out << '\n';
}

}  // namespace

void DumpTypes(const Package& package, const diag::SourceSet& sources,
               llvm::raw_ostream& out) {
  out << "package " << package.path << '\n';
  for (const Symbol* symbol : package.scope->Symbols()) {
    DumpSymbol(package, symbol, out);
  }
  for (const syntax::File* file : package.syntax->files) {
    out << "file " << file->source->Name() << '\n';
    ForEachExpr(file, [&](const syntax::Expr* e) {
      DumpExpr(package, sources, e, out);
    });
  }
  if (package.info.init_order.empty()) return;
  out << "init order\n";
  for (const Initializer& step : package.info.init_order) {
    out << ' ';
    for (const Symbol* symbol : step.lhs) out << ' ' << symbol->name->text;
    out << " = " << syntax::ExprString(step.rhs) << '\n';
  }
}

}  // namespace mgo::types
