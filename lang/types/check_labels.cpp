// Labels, and the branch statements that name them. Runs over a function body
// only where there are any.
#include "lang/types/check.h"

namespace mgo::types {

// Walks the statements of one function body, function literals apart.
class LabelChecker {
 public:
  explicit LabelChecker(Checker& checker) : checker_(checker) {}

  void Check(const BlockStmt* body) {
    Collect(body->stmts, body->pos);
    std::vector<const syntax::BranchStmt*> open;
    BlockScope top{nullptr, nullptr, {}};
    List(body->stmts, &top, &open);
    for (const syntax::BranchStmt* jump : open) {
      LabelInfo* label = Find(jump->label->name);
      if (label == nullptr) {
        checker_.Report(DiagKind::kLabelUndefined, jump->label->pos,
                        jump->label->name->text);
      } else {
        label->used = true;
        checker_.Report(DiagKind::kGotoIntoBlock, jump->label->pos,
                        jump->label->name->text,
                        checker_.Str(label->block_start));
      }
    }
    for (const LabelInfo& label : labels_) {
      if (label.used) continue;
      checker_.Report(DiagKind::kLabelUnused, label.stmt->pos,
                      label.stmt->label->name->text);
    }
  }

 private:
  struct LabelInfo {
    const syntax::LabeledStmt* stmt;
    Pos block_start;
    bool used;
    bool seen;  // on the way through the body
  };
  // A block on the way down; `labeled` is the labelled statement that it
  // belongs to, if any.
  struct BlockScope {
    BlockScope* parent;
    const syntax::LabeledStmt* labeled;
    llvm::SmallVector<const Name*, 4> labels;
  };

  LabelInfo* Find(const Name* name) {
    for (LabelInfo& label : labels_) {
      if (label.stmt->label->name == name) return &label;
    }
    return nullptr;
  }

  // Finds all labels first, for jumps forward and for duplicates.
  void Collect(ArrayRef<const Stmt*> list, Pos start) {
    for (const Stmt* s : list) CollectOne(s, start);
  }
  void CollectOne(const Stmt* s, Pos start);

  void List(ArrayRef<const Stmt*> list, BlockScope* block,
            std::vector<const syntax::BranchStmt*>* open);
  void Nested(ArrayRef<const Stmt*> list, BlockScope* block,
              const syntax::LabeledStmt* labeled,
              std::vector<const syntax::BranchStmt*>* open) {
    BlockScope inner{block, labeled, {}};
    List(list, &inner, open);
  }
  void One(const Stmt* s, BlockScope* block, const syntax::LabeledStmt* labeled,
           std::vector<const syntax::BranchStmt*>* open);
  void Branch(const syntax::BranchStmt* s, BlockScope* block,
              std::vector<const syntax::BranchStmt*>* open);

  Checker& checker_;
  std::vector<LabelInfo> labels_;
};

void LabelChecker::CollectOne(const Stmt* s, Pos start) {
  switch (s->kind) {
    case NodeKind::kLabeledStmt: {
      const auto* labeled = cast<syntax::LabeledStmt>(s);
      const Name* name = labeled->label->name;
      if (!name->blank) {
        if (LabelInfo* other = Find(name)) {
          checker_.Report(DiagKind::kLabelRedefined, labeled->pos, name->text,
                          checker_.Str(other->stmt->pos));
        } else {
          labels_.push_back({labeled, start, false, false});
        }
      }
      CollectOne(labeled->stmt, start);
      return;
    }
    case NodeKind::kBlockStmt:
      Collect(cast<BlockStmt>(s)->stmts, s->pos);
      return;
    case NodeKind::kIfStmt: {
      const auto* cond = cast<syntax::IfStmt>(s);
      Collect(cond->then->stmts, cond->then->pos);
      if (cond->els != nullptr) CollectOne(cond->els, start);
      return;
    }
    case NodeKind::kForStmt: {
      const auto* loop = cast<syntax::ForStmt>(s);
      Collect(loop->body->stmts, loop->body->pos);
      return;
    }
    case NodeKind::kRangeStmt: {
      const auto* loop = cast<syntax::RangeStmt>(s);
      Collect(loop->body->stmts, loop->body->pos);
      return;
    }
    case NodeKind::kSwitchStmt:
      for (const auto* c : cast<syntax::SwitchStmt>(s)->clauses) {
        Collect(c->body, c->pos);
      }
      return;
    case NodeKind::kTypeSwitchStmt:
      for (const auto* c : cast<syntax::TypeSwitchStmt>(s)->clauses) {
        Collect(c->body, c->pos);
      }
      return;
    case NodeKind::kSelectStmt:
      for (const auto* c : cast<syntax::SelectStmt>(s)->clauses) {
        Collect(c->body, c->pos);
      }
      return;
    default:
      return;
  }
}

// "Executing the goto statement must not cause any variables to come into scope
// that were not already in scope at the point of the goto."
void LabelChecker::List(ArrayRef<const Stmt*> list, BlockScope* block,
                        std::vector<const syntax::BranchStmt*>* open) {
  std::vector<const syntax::BranchStmt*> jumps;  // forward, out of this list
  size_t crossing = 0;  // so many of them jump over a declaration
  const Name* variable = nullptr;
  Pos declared;
  auto declare = [&](const Name* name, Pos pos) {
    variable = name;
    declared = pos;
    crossing = jumps.size();
  };
  for (const Stmt* s : list) {
    const syntax::LabeledStmt* labeled = nullptr;
    while (const auto* label = dyn_cast<syntax::LabeledStmt>(s)) {
      labeled = label;
      const Name* name = label->label->name;
      if (!name->blank) block->labels.push_back(name);
      if (LabelInfo* info = Find(name)) info->seen |= info->stmt == label;
      for (size_t i = 0; i < jumps.size();) {
        if (jumps[i]->label->name != name) {
          i++;
          continue;
        }
        if (LabelInfo* info = Find(name)) info->used = true;
        if (i < crossing) {
          checker_.Report(DiagKind::kGotoOverVar, jumps[i]->label->pos,
                          name->text, variable->text, checker_.Str(declared));
          crossing--;
        }
        jumps.erase(jumps.begin() + i);
      }
      s = label->stmt;
    }
    if (const auto* decl = dyn_cast<syntax::DeclStmt>(s)) {
      for (const syntax::Decl* one : decl->decls) {
        if (const auto* var = dyn_cast<syntax::VarDecl>(one)) {
          declare(var->names[0]->name, var->names[0]->pos);
        }
      }
    } else if (const auto* assign = dyn_cast<syntax::AssignStmt>(s)) {
      if (assign->define) {
        const auto* ident = dyn_cast<Ident>(assign->lhs[0]);
        if (ident != nullptr) declare(ident->name, assign->op_pos);
      }
    }
    One(s, block, labeled, &jumps);
  }
  open->insert(open->end(), jumps.begin(), jumps.end());
}

void LabelChecker::One(const Stmt* s, BlockScope* block,
                       const syntax::LabeledStmt* labeled,
                       std::vector<const syntax::BranchStmt*>* open) {
  switch (s->kind) {
    case NodeKind::kBranchStmt:
      Branch(cast<syntax::BranchStmt>(s), block, open);
      return;
    case NodeKind::kBlockStmt:
      Nested(cast<BlockStmt>(s)->stmts, block, labeled, open);
      return;
    case NodeKind::kIfStmt: {
      const auto* cond = cast<syntax::IfStmt>(s);
      Nested(cond->then->stmts, block, labeled, open);
      if (cond->els != nullptr) One(cond->els, block, labeled, open);
      return;
    }
    case NodeKind::kForStmt:
      Nested(cast<syntax::ForStmt>(s)->body->stmts, block, labeled, open);
      return;
    case NodeKind::kRangeStmt:
      Nested(cast<syntax::RangeStmt>(s)->body->stmts, block, labeled, open);
      return;
    case NodeKind::kSwitchStmt:
      for (const auto* c : cast<syntax::SwitchStmt>(s)->clauses) {
        Nested(c->body, block, labeled, open);
      }
      return;
    case NodeKind::kTypeSwitchStmt:
      for (const auto* c : cast<syntax::TypeSwitchStmt>(s)->clauses) {
        Nested(c->body, block, labeled, open);
      }
      return;
    case NodeKind::kSelectStmt:
      for (const auto* c : cast<syntax::SelectStmt>(s)->clauses) {
        Nested(c->body, block, labeled, open);
      }
      return;
    default:
      return;
  }
}

void LabelChecker::Branch(const syntax::BranchStmt* s, BlockScope* block,
                          std::vector<const syntax::BranchStmt*>* open) {
  if (s->label == nullptr) return;
  const Name* name = s->label->name;
  if (s->branch == syntax::BranchKind::kGoto) {
    for (BlockScope* at = block; at != nullptr; at = at->parent) {
      if (llvm::is_contained(at->labels, name)) {
        Find(name)->used = true;
        return;
      }
    }
    open->push_back(s);
    return;
  }
  bool is_break = s->branch == syntax::BranchKind::kBreak;
  LabelInfo* label = Find(name);
  if (label == nullptr || !label->seen) {
    checker_.Report(is_break ? DiagKind::kBreakLabelUndefined
                             : DiagKind::kContinueLabelUndefined,
                    s->label->pos, name->text);
    return;
  }
  label->used = true;
  for (BlockScope* at = block; at != nullptr; at = at->parent) {
    if (at->labeled != label->stmt) continue;
    const Stmt* target = at->labeled->stmt;
    bool loop = isa<syntax::ForStmt>(target) || isa<syntax::RangeStmt>(target);
    bool other = isa<syntax::SwitchStmt>(target) ||
                 isa<syntax::TypeSwitchStmt>(target) ||
                 isa<syntax::SelectStmt>(target);
    if (loop || (is_break && other)) return;
    break;
  }
  checker_.Report(
      is_break ? DiagKind::kInvalidBreakLabel : DiagKind::kInvalidContinueLabel,
      s->label->pos, name->text);
}

void Checker::CheckLabels(const BlockStmt* body) {
  LabelChecker(*this).Check(body);
}

}  // namespace mgo::types
