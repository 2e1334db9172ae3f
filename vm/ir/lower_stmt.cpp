// Statements: blocks, if, for, branches, declarations.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using llvm::dyn_cast_if_present;
using syntax::NodeKind;
using types::As;

void FunctionLowering::Statements(llvm::ArrayRef<const Stmt*> stmts) {
  for (const Stmt* s : stmts) Statement(s);
}

// Whether a statement that cannot be reached must be lowered all the same: it
// may hold a label that a goto finds.
static bool MayHoldLabel(const Stmt* s) {
  switch (s->kind) {
    case NodeKind::kLabeledStmt:
    case NodeKind::kBlockStmt:
    case NodeKind::kIfStmt:
    case NodeKind::kForStmt:
    case NodeKind::kRangeStmt:
    case NodeKind::kSwitchStmt:
    case NodeKind::kTypeSwitchStmt:
    case NodeKind::kSelectStmt:
    case NodeKind::kDeclStmt:
      return true;
    default:
      return false;
  }
}

void FunctionLowering::Statement(const Stmt* s) {
  if (s == nullptr) return;
  if (!Reachable() && !MayHoldLabel(s)) return;
  if (!hoisted_.empty()) hoisted_.clear();
  if (s->pos.IsValid()) pos_ = s->pos;
  switch (s->kind) {
    case NodeKind::kBlockStmt:
      Statements(cast<syntax::BlockStmt>(s)->stmts);
      break;
    case NodeKind::kExprStmt:
      Effects(cast<syntax::ExprStmt>(s)->x);
      break;
    case NodeKind::kAssignStmt:
      Assign(cast<syntax::AssignStmt>(s));
      break;
    case NodeKind::kIncDecStmt: {
      const auto* inc = cast<syntax::IncDecStmt>(s);
      AssignOp(inc->x, inc->increment ? syntax::Op::kAdd : syntax::Op::kSub,
               nullptr, inc->pos);
      break;
    }
    case NodeKind::kDeclStmt:
      for (const syntax::Decl* d : cast<syntax::DeclStmt>(s)->decls) {
        if (const auto* var = dyn_cast<syntax::VarDecl>(d)) VarDeclaration(var);
      }
      break;
    case NodeKind::kIfStmt:
      If(cast<syntax::IfStmt>(s));
      break;
    case NodeKind::kForStmt:
      For(cast<syntax::ForStmt>(s), nullptr);
      break;
    case NodeKind::kRangeStmt:
      Range(cast<syntax::RangeStmt>(s), nullptr);
      break;
    case NodeKind::kSwitchStmt:
      Switch(cast<syntax::SwitchStmt>(s), nullptr);
      break;
    case NodeKind::kTypeSwitchStmt:
      TypeSwitch(cast<syntax::TypeSwitchStmt>(s), nullptr);
      break;
    case NodeKind::kSelectStmt:
      Select(cast<syntax::SelectStmt>(s), nullptr);
      break;
    case NodeKind::kReturnStmt:
      ReturnStatement(cast<syntax::ReturnStmt>(s));
      break;
    case NodeKind::kBranchStmt:
      BranchStatement(cast<syntax::BranchStmt>(s));
      break;
    case NodeKind::kLabeledStmt:
      Labeled(cast<syntax::LabeledStmt>(s));
      break;
    case NodeKind::kGoStmt:
      GoOrDefer(cast<syntax::GoStmt>(s)->call, CallMode::kGo);
      break;
    case NodeKind::kDeferStmt:
      if (range_ != nullptr) {
        RangeDefer(cast<syntax::DeferStmt>(s)->call);
      } else {
        GoOrDefer(cast<syntax::DeferStmt>(s)->call, CallMode::kDefer);
      }
      break;
    case NodeKind::kSendStmt: {
      const auto* send = cast<syntax::SendStmt>(s);
      const Type* elem = As<types::Chan>(TypeOf(send->chan))->elem;
      HoistOperands({send->chan, send->value});
      Operand c = Value(send->chan);
      Reg v = ToReg(ValueAs(send->value, elem), elem);
      pos_ = send->pos;
      Emit(Op::kChanSend, {}, c, v).type = elem;
      break;
    }
    default:
      break;  // empty and bad statements, const and type declarations
  }
}

void FunctionLowering::If(const syntax::IfStmt* s) {
  if (s->init != nullptr) {
    Statement(s->init);
    hoisted_.clear();
  }
  uint32_t then = NewBlock();
  uint32_t done = NewBlock();
  uint32_t els = s->els != nullptr ? NewBlock() : done;
  Cond(s->cond, then, els);
  cur_ = Function::kNoBlock;
  SetBlock(then);
  Statement(s->then);
  Jump(done);
  if (s->els != nullptr) {
    SetBlock(els);
    Statement(s->els);
    Jump(done);
  }
  SetBlock(done);
}

// The variables that a for statement's init declares and that need a new
// object in each iteration.
void FunctionLowering::For(const syntax::ForStmt* s,
                           const syntax::Name* label) {
  if (s->init != nullptr) Statement(s->init);
  llvm::SmallVector<Symbol*, 2> renewed;
  if (const auto* init = dyn_cast_if_present<syntax::AssignStmt>(s->init)) {
    if (init->define) {
      for (const Expr* lhs : init->lhs) {
        Symbol* v = SymbolOf(cast<syntax::Ident>(lhs));
        if (v == nullptr || v->is_global) continue;
        if (LocOf(v).in_memory &&
            (program_.FlagsOfVar(v) & (kAddressTaken | kCaptured)) != 0) {
          renewed.push_back(v);
        }
      }
    }
  }
  uint32_t done = NewBlock();
  ++loop_depth_;
  uint32_t body = NewBlock();
  uint32_t next = NewBlock();
  // The condition is tested before the loop and again at its end, unless it is
  // complicated.
  bool invert = s->cond == nullptr || !HasCall(s->cond);
  uint32_t head = next;
  hoisted_.clear();
  if (invert) {
    if (s->cond != nullptr) {
      Cond(s->cond, body, done);
    } else {
      Jump(body);
    }
  } else {
    head = NewBlock();
    JumpTo(head);
    Cond(s->cond, body, done);
  }
  targets_.push_back({label, done, next});
  cur_ = Function::kNoBlock;
  SetBlock(body);
  Statement(s->body);
  Jump(next);
  targets_.pop_back();
  SetBlock(next);
  for (Symbol* v : renewed) {
    const Type* t = TypeOfSym(v);
    VarLoc loc = LocOf(v);
    Operand old = CopyToTemp(LoadAt(t, loc.reg, 0, true), t);
    Emit(Op::kNew, loc.reg).type = t;
    StoreAt(t, loc.reg, 0, old, true);
  }
  if (s->post != nullptr) Statement(s->post);
  hoisted_.clear();
  if (invert) {
    if (s->cond != nullptr) {
      pos_ = s->cond->pos;
      Cond(s->cond, body, done);
    } else {
      Jump(body);
    }
  } else {
    Jump(head);
  }
  --loop_depth_;
  SetBlock(done);
}

void FunctionLowering::BranchStatement(const syntax::BranchStmt* s) {
  const syntax::Name* label = s->label != nullptr ? s->label->name : nullptr;
  switch (s->branch) {
    case syntax::BranchKind::kGoto: {
      if (!RangeGoto(label)) Jump(LabelBlock(label));
      return;
    }
    case syntax::BranchKind::kFallthrough:
      Jump(fallthrough_);
      return;
    default:
      break;
  }
  bool is_break = s->branch == syntax::BranchKind::kBreak;
  for (size_t i = targets_.size(); i-- > 0;) {
    const Target& t = targets_[i];
    if (label != nullptr && t.label != label) continue;
    uint32_t block = is_break ? t.break_block : t.continue_block;
    if (block == Function::kNoBlock) continue;
    Jump(block);
    return;
  }
  RangeBranch(label, is_break);
}

uint32_t FunctionLowering::LabelBlock(const syntax::Name* label) {
  auto [it, added] = labels_.try_emplace(label, 0);
  if (added) it->second = NewBlock();
  return it->second;
}

void FunctionLowering::Labeled(const syntax::LabeledStmt* s) {
  const syntax::Name* label = s->label->name;
  // Nothing goes to a blank label, and there may be several.
  if (!label->blank) JumpTo(LabelBlock(label));
  const Stmt* inner = s->stmt;
  if (inner == nullptr) return;
  hoisted_.clear();
  pos_ = inner->pos;
  switch (inner->kind) {
    case NodeKind::kForStmt:
      For(cast<syntax::ForStmt>(inner), label);
      break;
    case NodeKind::kRangeStmt:
      Range(cast<syntax::RangeStmt>(inner), label);
      break;
    case NodeKind::kSwitchStmt:
      Switch(cast<syntax::SwitchStmt>(inner), label);
      break;
    case NodeKind::kTypeSwitchStmt:
      TypeSwitch(cast<syntax::TypeSwitchStmt>(inner), label);
      break;
    case NodeKind::kSelectStmt:
      Select(cast<syntax::SelectStmt>(inner), label);
      break;
    case NodeKind::kBlockStmt: {
      // `break L` out of a labelled block is no Go, but costs nothing.
      Statement(inner);
      break;
    }
    default:
      Statement(inner);
      break;
  }
}

void FunctionLowering::VarDeclaration(const syntax::VarDecl* d) {
  hoisted_.clear();
  pos_ = d->pos;
  if (d->values.empty()) {
    for (const syntax::Ident* id : d->names) {
      Symbol* s = SymbolOf(id);
      if (s != nullptr && !id->name->blank) DeclareZero(s);
    }
    return;
  }
  llvm::SmallVector<const Expr*, 4> lhs(d->names.begin(), d->names.end());
  if (d->values.size() == 1 && d->names.size() > 1) {
    AssignMulti(lhs, d->values[0], true);
    return;
  }
  if (d->names.size() == 1) {
    AssignOne(lhs[0], d->values[0], true);
    return;
  }
  // All values before any variable: they are of one specification.
  HoistOperands(d->values);
  Operands values;
  for (size_t i = 0; i < d->values.size(); ++i) {
    Symbol* s = SymbolOf(d->names[i]);
    bool blank = d->names[i]->name->blank || s == nullptr;
    const Type* t = blank ? TypeOf(d->values[i]) : TypeOfSym(s);
    values.push_back(ValueAs(d->values[i], t));
  }
  for (size_t i = 0; i < d->values.size(); ++i) {
    Symbol* s = SymbolOf(d->names[i]);
    if (s != nullptr && !d->names[i]->name->blank) DeclareWith(s, values[i]);
  }
}

}  // namespace mgo::ir
