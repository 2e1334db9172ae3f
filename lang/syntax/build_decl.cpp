// Nodes of declarations, and the file.
#include <algorithm>

#include "lang/syntax/builder.h"

namespace mgo::syntax {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;

void Builder::SetPackage(const Value& name) {
  package_name_ = cast<Ident>(MakeIdent(name).expr);
}

void Builder::SetScript(const Value& start, const Value& stmts,
                        const Value& end) {
  Value signature =
      SetResults(MakeSignature(start, StartFields(), start), StartFields());
  Value name = NewExpr<Ident>(0, PosOf(start), names_.Intern("main"));
  Value body = MakeBlock(start, stmts, end);
  script_ = package_.arena.New<FuncDecl>(PosOf(start), ArrayRef<Field>(),
                                         cast<Ident>(name.expr), signature.func,
                                         body.block);
}

void Builder::CheckImport(const Value& keyword) {
  if (!import_may_follow_) {
    SyntaxError(PosOf(keyword),
                "imports must appear before other declarations");
  }
  import_may_follow_ = true;
}

Value Builder::MakeImport(const Value& name, const Value& path) {
  Pos pos = name.ident != nullptr ? name.ident->pos : path.expr->pos;
  return NewNode<ImportDecl>(0, pos, name.ident, cast<BasicLit>(path.expr));
}

Value Builder::MakeConst(const Value& names, const Value& type,
                         const Value& values) {
  ArrayRef<const Ident*> idents = TakeNames(names);
  return NewNode<ConstDecl>(std::max(type.depth, values.depth), idents[0]->pos,
                            idents, type.expr, TakeExprs(values), 0u, nullptr);
}

// Spec, "Constant declarations": "Within a parenthesized const declaration
// list the expression list may be omitted from any but the first ConstSpec.
// Such an empty list is equivalent to the textual substitution of the first
// preceding non-empty expression list and its type if any."
void Builder::FinishConstGroup(const Value& group) {
  const ConstDecl* from = nullptr;
  uint32_t iota = 0;
  for (size_t i = group.at; i < decls_.size(); i++) {
    auto* decl = dyn_cast<ConstDecl>(decls_[i]);
    if (decl == nullptr) continue;
    decl->iota = iota++;
    if (decl->type != nullptr || !decl->values.empty()) {
      from = decl;
    } else {
      decl->inherits_from = from;
    }
  }
}

Value Builder::MakeVar(const Value& names, const Value& type,
                       const Value& values) {
  ArrayRef<const Ident*> idents = TakeNames(names);
  return NewNode<VarDecl>(std::max(type.depth, values.depth), idents[0]->pos,
                          idents, type.expr, TakeExprs(values));
}

Value Builder::MakeType(const Value& name, const Value& type_params, bool alias,
                        const Value& type) {
  auto* ident = cast<Ident>(MakeIdent(name).expr);
  return NewNode<TypeDecl>(std::max(type_params.depth, type.depth), ident->pos,
                           ident, TakeFields(type_params), alias, type.expr);
}

// Spec, "Method declarations": the receiver "must declare a single non-variadic
// parameter".
void Builder::CheckReceiver(const Value& lparen, const Value& recv, Pos after) {
  size_t count = fields_.size() - std::min<size_t>(recv.at, fields_.size());
  if (count == 1 || PosOf(lparen) < last_error_) return;
  PlainError(after, count == 0 ? "method has no receiver"
                               : "method has multiple receivers");
}

Value Builder::MakeFunc(const Value& keyword, const Value& recv,
                        const Value& name, const Value& type_params,
                        const Value& signature, const Value& body) {
  uint32_t depth = std::max(std::max(recv.depth, type_params.depth),
                            std::max(signature.depth, body.depth));
  auto* ident = cast<Ident>(MakeIdent(name).expr);
  signature.func->pos = PosOf(keyword);
  signature.func->type_params = TakeFields(type_params);
  ArrayRef<Field> receivers = TakeFields(recv);
  return NewNode<FuncDecl>(depth, PosOf(keyword), receivers, ident,
                           signature.func, body.block);
}

bool Builder::LastIsBodylessFunc() const {
  if (decls_.empty()) return false;
  const auto* func = dyn_cast<FuncDecl>(decls_.back());
  return func != nullptr && func->body == nullptr;
}

Value Builder::AddDecl(const Value& list, const Value& decl) {
  decls_.push_back(decl.decl);
  Value longer = list;
  longer.depth = std::max(list.depth, decl.depth);
  return longer;
}

const File* Builder::Finish(ArrayRef<lex::Directive> directives) {
  File* file = package_.arena.New<File>();
  file->source = &source_;
  file->package_name = package_name_;
  file->script = script_;
  std::vector<const Decl*> decls(decls_.begin(), decls_.end());
  std::stable_partition(decls.begin(), decls.end(),
                        [](const Decl* decl) { return isa<ImportDecl>(decl); });
  file->decls = package_.arena.Copy(ArrayRef(decls));
  file->directives = package_.arena.Copy(directives);
  package_.files.push_back(file);
  return file;
}

}  // namespace mgo::syntax
