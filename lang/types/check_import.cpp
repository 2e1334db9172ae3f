// Imports: their paths, the names that they declare, and those that nothing
// uses.
#include <utf8proc.h>

#include "lang/types/check.h"

namespace mgo::types {

using syntax::ImportDecl;

namespace {

// Unicode's categories L, M, N, P, S, but no spaces.
bool IsVisibleCharacter(int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
      return false;
    default:
      return true;
  }
}

// Spec, "Import declarations": "a compiler may restrict ImportPaths to
// non-empty strings using only characters belonging to Unicode's L, M, N, P,
// and S general categories (the Graphic characters without spaces) and may also
// exclude the characters !"#$%&'()*,:;<=>?[\]^`{|} and the Unicode replacement
// character U+FFFD."
bool IsValidImportPath(StringRef path) {
  if (path.empty()) return false;
  constexpr StringRef kExcluded = "!\"#$%&'()*,:;<=>?[\\]^`{|}";
  constexpr int32_t kReplacement = 0xfffd;
  for (size_t at = 0; at < path.size();) {
    utf8proc_int32_t code_point = 0;
    utf8proc_ssize_t size = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(path.data() + at),
        static_cast<utf8proc_ssize_t>(path.size() - at), &code_point);
    StringRef character = path.substr(at, size > 0 ? size : 1);
    at += character.size();
    if (size <= 0) code_point = kReplacement;
    bool excluded = code_point == kReplacement ||
                    (character.size() == 1 && kExcluded.contains(character[0]));
    if (!excluded && IsVisibleCharacter(code_point)) continue;
    return false;
  }
  return true;
}

}  // namespace

void Checker::CollectImport(const ImportDecl* decl, Scope* file_scope) {
  const Constant* value =
      Constants().FromLiteral(syntax::LitKind::kString, decl->path->text);
  if (value->Kind() != ConstKind::kString) return;
  StringRef path = value->StringValue();
  if (!IsValidImportPath(path)) {
    Report(DiagKind::kInvalidImportPath, decl->pos, path);
    import_failed_ = true;
    return;
  }
  Package* imported = path == "unsafe" ? world_.universe->unsafe_package.get()
                                       : importer_(path, decl->pos);
  if (imported == nullptr) {
    import_failed_ = true;
    return;
  }
  if (llvm::find(package_.imports, imported) == package_.imports.end() &&
      path != "unsafe") {
    package_.imports.push_back(imported);
  }
  const Name* name = imported->name;
  Pos pos = decl->path->pos;
  if (decl->name != nullptr) {
    name = decl->name->name;
    pos = decl->name->pos;
    if (name->text == ".") {
      CollectDotImport(decl, file_scope, imported);
      return;
    }
  }
  if (name == nullptr || name->blank) return;
  if (name == init_) {
    Report(DiagKind::kImportAsInit, pos);
    return;
  }
  Symbol* symbol = NewSymbol(SymbolKind::kPackageName, pos, name, Invalid());
  symbol->imported = imported;
  imports_.push_back({decl, symbol});
  Declare(file_scope, decl->name, symbol, Pos{});
}

void Checker::CollectDotImport(const ImportDecl* decl, Scope* file_scope,
                               Package* imported) {
  size_t index = dot_imports_.size();
  dot_imports_.push_back({decl, imported, false});
  if (imported->scope == nullptr) return;
  for (Symbol* symbol : imported->scope->Symbols()) {
    if (!symbol->name->exported) continue;
    if (Symbol* other = file_scope->Find(symbol->name)) {
      if (other == symbol) continue;
      AddReport(DiagKind::kRedeclared, decl->name->pos,
                symbol->name->text.str() + " redeclared in this block" +
                    OtherDeclaration(other));
      continue;
    }
    // Scope::Insert does not touch the symbol: it stays its own package's.
    file_scope->Insert(symbol);
    dot_symbols_[symbol] = index;
  }
}

void Checker::CheckImportConflicts() {
  for (auto& [scope, file] : file_scopes_) {
    for (Symbol* symbol : scope->Symbols()) {
      Symbol* other = package_.scope->Find(symbol->name);
      if (other == nullptr) continue;
      if (DeclInfo* info = FindDecl(other); info && info->step != 0) continue;
      if (symbol->kind == SymbolKind::kPackageName) {
        AddReport(DiagKind::kAlreadyImported, other->pos,
                  llvm::formatv(diag::PatternOf(DiagKind::kAlreadyImported),
                                other->name->text, symbol->imported->name->text,
                                symbol->imported->path)
                          .str() +
                      OtherDeclaration(symbol));
      } else {
        auto dot = dot_symbols_.find(symbol);
        if (dot == dot_symbols_.end()) continue;
        const auto& import = dot_imports_[dot->second];
        AddReport(
            DiagKind::kAlreadyDotImported, other->pos,
            llvm::formatv(diag::PatternOf(DiagKind::kAlreadyDotImported),
                          other->name->text, import.imported->name->text,
                          import.imported->path)
                    .str() +
                (import.imported->is_library ? "" : OtherDeclaration(symbol)));
      }
    }
  }
}

StringRef Checker::WrittenPath(const ImportDecl* decl) {
  return Constants()
      .FromLiteral(syntax::LitKind::kString, decl->path->text)
      ->StringValue();
}

void Checker::ReportUnusedImports() {
  if (IsScript()) return;
  for (auto& [decl, symbol] : imports_) {
    if (symbol->used) continue;
    StringRef path = WrittenPath(decl);
    size_t slash = path.rfind('/');
    StringRef last = slash == StringRef::npos ? path : path.substr(slash + 1);
    if (symbol->name->text == last) {
      Report(DiagKind::kUnusedImport, symbol->pos, path);
    } else {
      Report(DiagKind::kUnusedImportAs, symbol->pos, path, symbol->name->text);
    }
  }
  for (const DotImport& import : dot_imports_) {
    if (!import.used) {
      Report(DiagKind::kUnusedImport, import.decl->name->pos,
             WrittenPath(import.decl));
    }
  }
}

}  // namespace mgo::types
