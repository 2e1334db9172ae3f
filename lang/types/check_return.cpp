// Terminating statements: whether control can reach a function's end.
#include "lang/types/check.h"

namespace mgo::types {

namespace {

// Whether the statement holds a break that leaves the statement of that label
// (or, unlabelled, the one that it stands in: `implicit`).
bool HasBreak(const Stmt* s, const Name* label, bool implicit);

bool HasBreakList(ArrayRef<const Stmt*> list, const Name* label,
                  bool implicit) {
  for (const Stmt* s : list) {
    if (HasBreak(s, label, implicit)) return true;
  }
  return false;
}

bool HasBreak(const Stmt* s, const Name* label, bool implicit) {
  switch (s->kind) {
    case NodeKind::kLabeledStmt:
      return HasBreak(cast<syntax::LabeledStmt>(s)->stmt, label, implicit);
    case NodeKind::kBranchStmt: {
      const auto* branch = cast<syntax::BranchStmt>(s);
      if (branch->branch != syntax::BranchKind::kBreak) return false;
      if (branch->label == nullptr) return implicit;
      return branch->label->name == label;
    }
    case NodeKind::kBlockStmt:
      return HasBreakList(cast<BlockStmt>(s)->stmts, label, implicit);
    case NodeKind::kIfStmt: {
      for (const Stmt* at = s;;) {
        const auto* cond = cast<syntax::IfStmt>(at);
        if (HasBreakList(cond->then->stmts, label, implicit)) return true;
        if (cond->els == nullptr) return false;
        if (!isa<syntax::IfStmt>(cond->els)) {
          return HasBreak(cond->els, label, implicit);
        }
        at = cond->els;
      }
    }
    case NodeKind::kSwitchStmt:
      if (label == nullptr) return false;
      for (const auto* c : cast<syntax::SwitchStmt>(s)->clauses) {
        if (HasBreakList(c->body, label, false)) return true;
      }
      return false;
    case NodeKind::kTypeSwitchStmt:
      if (label == nullptr) return false;
      for (const auto* c : cast<syntax::TypeSwitchStmt>(s)->clauses) {
        if (HasBreakList(c->body, label, false)) return true;
      }
      return false;
    case NodeKind::kSelectStmt:
      if (label == nullptr) return false;
      for (const auto* c : cast<syntax::SelectStmt>(s)->clauses) {
        if (HasBreakList(c->body, label, false)) return true;
      }
      return false;
    case NodeKind::kForStmt:
      return label != nullptr &&
             HasBreakList(cast<syntax::ForStmt>(s)->body->stmts, label, false);
    case NodeKind::kRangeStmt:
      return label != nullptr &&
             HasBreakList(cast<syntax::RangeStmt>(s)->body->stmts, label,
                          false);
    default:
      return false;
  }
}

// Whether the last statement that counts is a fallthrough.
bool EndsInFallthrough(ArrayRef<const Stmt*> list) {
  while (!list.empty() && isa<syntax::EmptyStmt>(list.back())) {
    list = list.drop_back();
  }
  if (list.empty()) return false;
  const auto* branch = dyn_cast<syntax::BranchStmt>(list.back());
  return branch != nullptr &&
         branch->branch == syntax::BranchKind::kFallthrough;
}

}  // namespace

bool Checker::IsTerminatingList(ArrayRef<const Stmt*> list) {
  // "A statement list ends in a terminating statement if its final non-empty
  // statement is terminating."
  while (!list.empty() && isa<syntax::EmptyStmt>(list.back())) {
    list = list.drop_back();
  }
  return !list.empty() && IsTerminating(list.back(), nullptr);
}

bool Checker::IsPanicCall(const Expr* e) const {
  const auto* call = dyn_cast<syntax::CallExpr>(syntax::Unparen(e));
  return call != nullptr && panic_calls_.contains(call);
}

bool Checker::IsTerminating(const Stmt* s, const Name* label) {
  switch (s->kind) {
    case NodeKind::kReturnStmt:
      return true;
    case NodeKind::kBranchStmt:
      return cast<syntax::BranchStmt>(s)->branch == syntax::BranchKind::kGoto;
    case NodeKind::kExprStmt:
      return IsPanicCall(cast<syntax::ExprStmt>(s)->x);
    case NodeKind::kBlockStmt:
      return IsTerminatingList(cast<BlockStmt>(s)->stmts);
    case NodeKind::kLabeledStmt: {
      const auto* labeled = cast<syntax::LabeledStmt>(s);
      return IsTerminating(labeled->stmt, labeled->label->name);
    }
    case NodeKind::kIfStmt:
      for (const Stmt* at = s;;) {
        const auto* cond = cast<syntax::IfStmt>(at);
        if (!IsTerminatingList(cond->then->stmts)) return false;
        if (cond->els == nullptr) return false;
        if (!isa<syntax::IfStmt>(cond->els)) {
          return IsTerminating(cond->els, nullptr);
        }
        at = cond->els;
      }
    case NodeKind::kForStmt: {
      const auto* loop = cast<syntax::ForStmt>(s);
      return loop->cond == nullptr &&
             !HasBreakList(loop->body->stmts, label, true);
    }
    case NodeKind::kSwitchStmt: {
      bool has_default = false;
      for (const auto* c : cast<syntax::SwitchStmt>(s)->clauses) {
        has_default |= c->is_default;
        if (!IsTerminatingList(c->body) && !EndsInFallthrough(c->body)) {
          return false;
        }
        if (HasBreakList(c->body, label, true)) return false;
      }
      return has_default;
    }
    case NodeKind::kTypeSwitchStmt: {
      bool has_default = false;
      for (const auto* c : cast<syntax::TypeSwitchStmt>(s)->clauses) {
        has_default |= c->is_default;
        if (!IsTerminatingList(c->body) || HasBreakList(c->body, label, true)) {
          return false;
        }
      }
      return has_default;
    }
    case NodeKind::kSelectStmt:
      for (const auto* c : cast<syntax::SelectStmt>(s)->clauses) {
        if (!IsTerminatingList(c->body) || HasBreakList(c->body, label, true)) {
          return false;
        }
      }
      return true;
    default:
      return false;
  }
}

}  // namespace mgo::types
