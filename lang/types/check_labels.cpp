// Labels, and the branch statements that name them. Runs over a function body
// only where there are any.
//
// None of it needs types, so Go has its parser do it, and it is done in files
// with syntax errors, too: for every function that has none inside. What is
// wrong is found before any error of types, which counts where there are more
// errors than are shown.
#include "lang/types/check.h"
#include "lang/types/walk.h"

namespace mgo::types {

// Walks the statements of one function body, function literals apart.
class LabelChecker {
 public:
  LabelChecker(diag::DiagnosticSink& sink, const diag::SourceSet& sources)
      : sink_(sink), sources_(sources) {}

  void Check(const BlockStmt* body) {
    Collect(body->stmts, body->pos);
    std::vector<const syntax::BranchStmt*> open;
    BlockScope top{nullptr, nullptr, {}};
    List(body->stmts, &top, &open);
    for (const syntax::BranchStmt* jump : open) {
      LabelInfo* label = Find(jump->label->name);
      if (label == nullptr) {
        sink_.Report(DiagKind::kLabelUndefined, jump->label->pos,
                     jump->label->name->text);
      } else {
        label->used = true;
        sink_.Report(DiagKind::kGotoIntoBlock, jump->label->pos,
                     jump->label->name->text,
                     PositionText(sources_, label->block_start));
      }
    }
    for (const LabelInfo& label : labels_) {
      if (label.used) continue;
      sink_.Report(DiagKind::kLabelUnused, label.stmt->pos,
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
  void Loop(const BlockStmt* body, BlockScope* block,
            const syntax::LabeledStmt* labeled,
            std::vector<const syntax::BranchStmt*>* open) {
    loops_++;
    breakables_++;
    Nested(body->stmts, block, labeled, open);
    breakables_--;
    loops_--;
  }
  template <typename Clause>
  void Clauses(ArrayRef<const Clause*> clauses, BlockScope* block,
               const syntax::LabeledStmt* labeled,
               std::vector<const syntax::BranchStmt*>* open) {
    breakables_++;
    for (const Clause* c : clauses) Nested(c->body, block, labeled, open);
    breakables_--;
  }
  void One(const Stmt* s, BlockScope* block, const syntax::LabeledStmt* labeled,
           std::vector<const syntax::BranchStmt*>* open);
  void Branch(const syntax::BranchStmt* s, BlockScope* block,
              std::vector<const syntax::BranchStmt*>* open);

  diag::DiagnosticSink& sink_;
  const diag::SourceSet& sources_;
  int loops_ = 0;       // around the statement
  int breakables_ = 0;  // loops, switch and select statements around it
  std::vector<LabelInfo> labels_;
};

void LabelChecker::CollectOne(const Stmt* s, Pos start) {
  switch (s->kind) {
    case NodeKind::kLabeledStmt: {
      const auto* labeled = cast<syntax::LabeledStmt>(s);
      const Name* name = labeled->label->name;
      if (!name->blank) {
        if (LabelInfo* other = Find(name)) {
          sink_.Report(DiagKind::kLabelRedefined, labeled->pos, name->text,
                       PositionText(sources_, other->stmt->pos));
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
          sink_.Report(DiagKind::kGotoOverVar, jumps[i]->label->pos, name->text,
                       variable->text, PositionText(sources_, declared));
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
      Loop(cast<syntax::ForStmt>(s)->body, block, labeled, open);
      return;
    case NodeKind::kRangeStmt:
      Loop(cast<syntax::RangeStmt>(s)->body, block, labeled, open);
      return;
    case NodeKind::kSwitchStmt:
      Clauses(cast<syntax::SwitchStmt>(s)->clauses, block, labeled, open);
      return;
    case NodeKind::kTypeSwitchStmt:
      Clauses(cast<syntax::TypeSwitchStmt>(s)->clauses, block, labeled, open);
      return;
    case NodeKind::kSelectStmt:
      Clauses(cast<syntax::SelectStmt>(s)->clauses, block, labeled, open);
      return;
    default:
      return;
  }
}

void LabelChecker::Branch(const syntax::BranchStmt* s, BlockScope* block,
                          std::vector<const syntax::BranchStmt*>* open) {
  if (s->label == nullptr) {
    if (s->branch == syntax::BranchKind::kBreak && breakables_ == 0) {
      sink_.Report(DiagKind::kMisplacedBreak, s->pos);
    } else if (s->branch == syntax::BranchKind::kContinue && loops_ == 0) {
      sink_.Report(DiagKind::kMisplacedContinue, s->pos);
    }
    return;
  }
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
    sink_.Report(is_break ? DiagKind::kBreakLabelUndefined
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
  sink_.Report(
      is_break ? DiagKind::kInvalidBreakLabel : DiagKind::kInvalidContinueLabel,
      s->label->pos, name->text);
}

void CheckBranches(const syntax::File& file, diag::DiagnosticSink& sink,
                   size_t parser_errors, const diag::SourceSet& sources) {
  std::vector<uint32_t> errors;
  for (const diag::Diagnostic& error :
       llvm::ArrayRef(sink.All()).take_front(parser_errors)) {
    errors.push_back(error.pos.offset);
  }
  llvm::sort(errors);
  auto check = [&](const Node* function, const BlockStmt* body) {
    auto first = llvm::lower_bound(errors, function->pos.offset);
    if (first != errors.end() && *first <= body->rbrace.offset) return;
    LabelChecker(sink, sources).Check(body);
  };
  auto literals = [&](const Expr* e) {
    if (const auto* literal = dyn_cast<syntax::FuncLit>(e)) {
      check(literal, literal->body);
    }
  };
  if (file.script != nullptr) {
    check(file.script, file.script->body);
    ForEachExpr(file.script, literals);
  }
  for (const syntax::Decl* decl : file.decls) {
    if (const auto* function = dyn_cast<syntax::FuncDecl>(decl)) {
      if (function->body != nullptr) check(function, function->body);
    }
    ForEachExpr(decl, literals);
  }
}

}  // namespace mgo::types
