#include "lang/types/walk.h"

#include <algorithm>

#include "llvm/ADT/SmallVector.h"

namespace mgo::types {

using llvm::ArrayRef;
using llvm::cast;
using namespace mgo::syntax;

namespace {

// Keeps what is still to visit in a list of its own, last one next.
class Walker {
 public:
  explicit Walker(llvm::function_ref<void(const Expr*)> visit)
      : visit_(visit) {}

  void Run(const Node* root) {
    Push(root);
    while (!pending_.empty()) {
      const Node* node = pending_.pop_back_val();
      size_t base = pending_.size();
      if (const auto* expr = llvm::dyn_cast<Expr>(node)) {
        visit_(expr);
        Children(expr);
      } else if (const auto* stmt = llvm::dyn_cast<Stmt>(node)) {
        Children(stmt);
      } else {
        Children(cast<Decl>(node));
      }
      std::reverse(pending_.begin() + base, pending_.end());
    }
  }

 private:
  void Push(const Node* node) {
    if (node != nullptr) pending_.push_back(node);
  }
  template <typename T>
  void PushAll(ArrayRef<const T*> list) {
    for (const T* node : list) Push(node);
  }
  void Fields(ArrayRef<Field> fields) {
    const Expr* last = nullptr;
    for (const Field& field : fields) {
      Push(field.name);
      if (field.type != last) Push(field.type);
      last = field.type;
    }
  }
  void Children(const Expr* e);
  void TypeChildren(const Expr* e);
  void Children(const Stmt* s);
  void Children(const Decl* d);

  llvm::function_ref<void(const Expr*)> visit_;
  llvm::SmallVector<const Node*, 64> pending_;
};

void Walker::Children(const Expr* e) {
  switch (e->kind) {
    case NodeKind::kCompositeLit:
      Push(cast<CompositeLit>(e)->type);
      PushAll(cast<CompositeLit>(e)->elements);
      return;
    case NodeKind::kFuncLit:
      Push(cast<FuncLit>(e)->type);
      Push(cast<FuncLit>(e)->body);
      return;
    case NodeKind::kParenExpr:
      Push(cast<ParenExpr>(e)->inner);
      return;
    case NodeKind::kSelectorExpr:
      Push(cast<SelectorExpr>(e)->x);
      Push(cast<SelectorExpr>(e)->sel);
      return;
    case NodeKind::kIndexExpr:
      Push(cast<IndexExpr>(e)->x);
      PushAll(cast<IndexExpr>(e)->indices);
      return;
    case NodeKind::kSliceExpr: {
      const auto* slice = cast<SliceExpr>(e);
      Push(slice->x);
      Push(slice->lo);
      Push(slice->hi);
      Push(slice->max);
      return;
    }
    case NodeKind::kTypeAssertExpr:
      Push(cast<TypeAssertExpr>(e)->x);
      Push(cast<TypeAssertExpr>(e)->type);
      return;
    case NodeKind::kCallExpr:
      Push(cast<CallExpr>(e)->fun);
      PushAll(cast<CallExpr>(e)->args);
      return;
    case NodeKind::kStarExpr:
      Push(cast<StarExpr>(e)->x);
      return;
    case NodeKind::kUnaryExpr:
      Push(cast<UnaryExpr>(e)->x);
      return;
    case NodeKind::kBinaryExpr:
      Push(cast<BinaryExpr>(e)->x);
      Push(cast<BinaryExpr>(e)->y);
      return;
    case NodeKind::kKeyValueExpr:
      Push(cast<KeyValueExpr>(e)->key);
      Push(cast<KeyValueExpr>(e)->value);
      return;
    default:
      TypeChildren(e);
      return;
  }
}

void Walker::TypeChildren(const Expr* e) {
  switch (e->kind) {
    case NodeKind::kEllipsisExpr:
      Push(cast<EllipsisExpr>(e)->x);
      return;
    case NodeKind::kArrayTypeExpr:
      Push(cast<ArrayTypeExpr>(e)->len);
      Push(cast<ArrayTypeExpr>(e)->elem);
      return;
    case NodeKind::kStructTypeExpr:
      Fields(cast<StructTypeExpr>(e)->fields);
      return;
    case NodeKind::kFuncTypeExpr:
      Fields(cast<FuncTypeExpr>(e)->type_params);
      Fields(cast<FuncTypeExpr>(e)->params);
      Fields(cast<FuncTypeExpr>(e)->results);
      return;
    case NodeKind::kInterfaceTypeExpr:
      Fields(cast<InterfaceTypeExpr>(e)->elements);
      return;
    case NodeKind::kMapTypeExpr:
      Push(cast<MapTypeExpr>(e)->key);
      Push(cast<MapTypeExpr>(e)->value);
      return;
    case NodeKind::kChanTypeExpr:
      Push(cast<ChanTypeExpr>(e)->elem);
      return;
    default:
      return;
  }
}

void Walker::Children(const Stmt* s) {
  switch (s->kind) {
    case NodeKind::kDeclStmt:
      PushAll(cast<DeclStmt>(s)->decls);
      return;
    case NodeKind::kLabeledStmt:
      Push(cast<LabeledStmt>(s)->stmt);
      return;
    case NodeKind::kExprStmt:
      Push(cast<ExprStmt>(s)->x);
      return;
    case NodeKind::kSendStmt:
      Push(cast<SendStmt>(s)->chan);
      Push(cast<SendStmt>(s)->value);
      return;
    case NodeKind::kIncDecStmt:
      Push(cast<IncDecStmt>(s)->x);
      return;
    case NodeKind::kAssignStmt:
      PushAll(cast<AssignStmt>(s)->lhs);
      PushAll(cast<AssignStmt>(s)->rhs);
      return;
    case NodeKind::kGoStmt:
      Push(cast<GoStmt>(s)->call);
      return;
    case NodeKind::kDeferStmt:
      Push(cast<DeferStmt>(s)->call);
      return;
    case NodeKind::kReturnStmt:
      PushAll(cast<ReturnStmt>(s)->results);
      return;
    case NodeKind::kBlockStmt:
      PushAll(cast<BlockStmt>(s)->stmts);
      return;
    case NodeKind::kIfStmt: {
      const auto* cond = cast<IfStmt>(s);
      Push(cond->init);
      Push(cond->cond);
      Push(cond->then);
      Push(cond->els);
      return;
    }
    case NodeKind::kCaseClause:
      PushAll(cast<CaseClause>(s)->values);
      PushAll(cast<CaseClause>(s)->body);
      return;
    case NodeKind::kSwitchStmt:
      Push(cast<SwitchStmt>(s)->init);
      Push(cast<SwitchStmt>(s)->tag);
      PushAll(cast<SwitchStmt>(s)->clauses);
      return;
    case NodeKind::kTypeSwitchStmt:
      Push(cast<TypeSwitchStmt>(s)->init);
      Push(cast<TypeSwitchStmt>(s)->name);
      Push(cast<TypeSwitchStmt>(s)->x);
      PushAll(cast<TypeSwitchStmt>(s)->clauses);
      return;
    case NodeKind::kCommClause:
      Push(cast<CommClause>(s)->comm);
      PushAll(cast<CommClause>(s)->body);
      return;
    case NodeKind::kSelectStmt:
      PushAll(cast<SelectStmt>(s)->clauses);
      return;
    case NodeKind::kForStmt: {
      const auto* loop = cast<ForStmt>(s);
      Push(loop->init);
      Push(loop->cond);
      Push(loop->post);
      Push(loop->body);
      return;
    }
    case NodeKind::kRangeStmt: {
      const auto* loop = cast<RangeStmt>(s);
      Push(loop->key);
      Push(loop->value);
      Push(loop->x);
      Push(loop->body);
      return;
    }
    default:
      return;
  }
}

void Walker::Children(const Decl* d) {
  switch (d->kind) {
    case NodeKind::kConstDecl:
      PushAll(cast<ConstDecl>(d)->names);
      // A repeated list belongs to the spec that wrote it.
      if (cast<ConstDecl>(d)->inherits_from == nullptr) {
        Push(cast<ConstDecl>(d)->type);
        PushAll(cast<ConstDecl>(d)->values);
      }
      return;
    case NodeKind::kVarDecl:
      PushAll(cast<VarDecl>(d)->names);
      Push(cast<VarDecl>(d)->type);
      PushAll(cast<VarDecl>(d)->values);
      return;
    case NodeKind::kTypeDecl:
      Push(cast<TypeDecl>(d)->name);
      Fields(cast<TypeDecl>(d)->type_params);
      Push(cast<TypeDecl>(d)->type);
      return;
    case NodeKind::kFuncDecl:
      Fields(cast<FuncDecl>(d)->recv);
      Push(cast<FuncDecl>(d)->name);
      Push(cast<FuncDecl>(d)->type);
      Push(cast<FuncDecl>(d)->body);
      return;
    default:
      return;
  }
}

}  // namespace

void ForEachExpr(const File* file,
                 llvm::function_ref<void(const Expr*)> visit) {
  for (const Decl* decl : file->decls) ForEachExpr(decl, visit);
  if (file->script != nullptr) ForEachExpr(file->script, visit);
}

void ForEachExpr(const Decl* decl,
                 llvm::function_ref<void(const Expr*)> visit) {
  Walker(visit).Run(decl);
}

}  // namespace mgo::types
