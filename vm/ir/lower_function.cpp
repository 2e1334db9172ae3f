// Function bodies, variables, returns.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;

// Variables above this size live in memory, in bytes.
static constexpr int64_t kMaxRegisterVariable = 1024;

FunctionLowering::FunctionLowering(ProgramLowering& program, Function& function,
                                   types::Package* package, const TypeEnv& env)
    : program_(program), f_(function), package_(package), env_(env) {}

bool FunctionLowering::NeedsMemory(Symbol* s, const Type* t) {
  uint8_t flags = program_.FlagsOfVar(s);
  if ((flags & kAddressTaken) != 0) return true;
  // A literal may see what `return` assigns to a result.
  if ((flags & kCaptured) != 0 &&
      ((flags & kReassigned) != 0 || s->is_result)) {
    return true;
  }
  if (s->is_param || s->is_result) return false;
  return types::SizeOf(t) > kMaxRegisterVariable;
}

VarLoc& FunctionLowering::Declare(Symbol* s) {
  const Type* t = TypeOfSym(s);
  VarLoc loc;
  loc.in_memory = NeedsMemory(s, t);
  auto it = vars_.find(s);
  if (it != vars_.end()) {
    // Declared again, by a loop or by code that is lowered twice.
    if (it->second.in_memory) {
      Emit(Op::kNew, it->second.reg).type = t;
    }
    return it->second;
  }
  llvm::StringRef name = s->name != nullptr ? s->name->text : "";
  if (loc.in_memory) {
    loc.reg = AddReg(f_, program_.PointerTo(t), name);
    Emit(Op::kNew, loc.reg).type = t;
  } else {
    loc.reg = AddReg(f_, t, name);
  }
  return vars_[s] = loc;
}

void FunctionLowering::DeclareZero(Symbol* s) {
  if (s->is_global) {
    Store(PlaceOfVar(s), ZeroValue(TypeOfSym(s)));
    return;
  }
  VarLoc loc = Declare(s);
  if (!loc.in_memory) MoveZero(loc.reg, TypeOfSym(s));
}

void FunctionLowering::DeclareWith(Symbol* s, Operand value) {
  if (s->is_global) {
    Store(PlaceOfVar(s), value);
    return;
  }
  const Type* t = TypeOfSym(s);
  VarLoc loc = Declare(s);
  if (loc.in_memory) {
    StoreAt(t, loc.reg, 0, value, true);
  } else {
    Move(loc.reg, value, t);
  }
}

VarLoc& FunctionLowering::LocOf(Symbol* s) {
  auto it = vars_.find(s);
  if (it != vars_.end()) return it->second;
  // Only in unreachable code: a goto jumped over everything.
  return Declare(s);
}

Place FunctionLowering::PlaceOfVar(Symbol* s) {
  const Type* t = TypeOfSym(s);
  if (s->is_global) {
    Global* g = program_.GlobalFor(s);
    Reg r = Temp(program_.PointerTo(t));
    Instr& instr = Emit(Op::kConstRef, r);
    instr.ref.kind = RefKind::kGlobal;
    instr.ref.global = g;
    return MemPlace(r, 0, t, true);
  }
  VarLoc loc = LocOf(s);
  if (loc.in_memory) return MemPlace(loc.reg, 0, t, true);
  return RegPlace(loc.reg, t);
}

static bool ContainsDefer(const Stmt* s);

static bool ContainsDefer(llvm::ArrayRef<const Stmt*> stmts) {
  for (const Stmt* s : stmts) {
    if (ContainsDefer(s)) return true;
  }
  return false;
}

static bool ContainsDefer(const Stmt* s) {
  using syntax::NodeKind;
  if (s == nullptr) return false;
  switch (s->kind) {
    case NodeKind::kDeferStmt:
      return true;
    case NodeKind::kBlockStmt:
      return ContainsDefer(cast<syntax::BlockStmt>(s)->stmts);
    case NodeKind::kLabeledStmt:
      return ContainsDefer(cast<syntax::LabeledStmt>(s)->stmt);
    case NodeKind::kIfStmt: {
      const auto* i = cast<syntax::IfStmt>(s);
      return ContainsDefer(i->then) || ContainsDefer(i->els);
    }
    case NodeKind::kForStmt:
      return ContainsDefer(cast<syntax::ForStmt>(s)->body);
    case NodeKind::kRangeStmt:
      return ContainsDefer(cast<syntax::RangeStmt>(s)->body);
    case NodeKind::kSwitchStmt:
      for (const auto* c : cast<syntax::SwitchStmt>(s)->clauses) {
        if (ContainsDefer(c->body)) return true;
      }
      return false;
    case NodeKind::kTypeSwitchStmt:
      for (const auto* c : cast<syntax::TypeSwitchStmt>(s)->clauses) {
        if (ContainsDefer(c->body)) return true;
      }
      return false;
    case NodeKind::kSelectStmt:
      for (const auto* c : cast<syntax::SelectStmt>(s)->clauses) {
        if (ContainsDefer(c->body)) return true;
      }
      return false;
    default:
      return false;
  }
}

void FunctionLowering::LowerFunction(const syntax::Node* node) {
  const syntax::BlockStmt* body;
  const auto* literal = dyn_cast<syntax::FuncLit>(node);
  if (literal != nullptr) {
    body = literal->body;
  } else {
    body = cast<syntax::FuncDecl>(node)->body;
  }
  auto found = package_->info.signatures.find(node);
  if (found == package_->info.signatures.end()) {
    program_.NotSupported(node->pos, "a function that was not checked");
    return;
  }
  sig_ = found->second;
  f_.pos = node->pos;
  pos_ = node->pos;
  SetBlock(NewBlock());
  f_.has_defer = ContainsDefer(body);
  // Registers of results and parameters come first, whatever their variables
  // are.
  for (Symbol* s : sig_->results->vars) {
    f_.results.push_back(
        AddReg(f_, TypeOfSym(s), s->name != nullptr ? s->name->text : ""));
  }
  llvm::SmallVector<Symbol*, 8> params;
  if (sig_->recv != nullptr) params.push_back(sig_->recv);
  params.append(sig_->params->vars.begin(), sig_->params->vars.end());
  for (Symbol* s : params) {
    f_.params.push_back(
        AddReg(f_, TypeOfSym(s), s->name != nullptr ? s->name->text : ""));
  }
  for (size_t i = 0; i < params.size(); ++i) {
    Symbol* s = params[i];
    const Type* t = TypeOfSym(s);
    if (NeedsMemory(s, t)) {
      VarLoc loc;
      loc.in_memory = true;
      loc.reg = AddReg(f_, program_.PointerTo(t), s->name->text);
      Emit(Op::kNew, loc.reg).type = t;
      StoreAt(t, loc.reg, 0, f_.params[i], true);
      vars_[s] = loc;
    } else {
      vars_[s] = VarLoc{false, f_.params[i]};
    }
  }
  bool named = false;
  for (size_t i = 0; i < sig_->results->vars.size(); ++i) {
    Symbol* s = sig_->results->vars[i];
    const Type* t = TypeOfSym(s);
    if (s->name != nullptr) named = true;
    if (NeedsMemory(s, t)) {
      VarLoc loc;
      loc.in_memory = true;
      loc.reg = AddReg(f_, program_.PointerTo(t),
                       s->name != nullptr ? s->name->text : "");
      Emit(Op::kNew, loc.reg).type = t;
      vars_[s] = loc;
      // A recovered panic returns what is there.
      if (f_.has_defer) MoveZero(f_.results[i], t);
    } else {
      vars_[s] = VarLoc{false, f_.results[i]};
      if (named || f_.has_defer) MoveZero(f_.results[i], t);
    }
  }
  // Captured variables.
  if (literal != nullptr) {
    LoadCaptures(program_.literals[literal].captures);
  }
  Statements(body->stmts);
  pos_ = body->rbrace;
  if (Reachable()) FinishReturn();
  Finish();
}

void FunctionLowering::LoadCaptures(llvm::ArrayRef<Symbol*> captures) {
  if (captures.empty()) return;
  f_.context = TempAddr();
  f_.regs[f_.context.id].name = ".ctx";
  int64_t offset = 8;
  for (Symbol* s : captures) {
    const Type* t = TypeOfSym(s);
    VarLoc loc;
    loc.in_memory = NeedsMemory(s, t);
    const Type* held = loc.in_memory ? program_.PointerTo(t) : t;
    loc.reg = AddReg(f_, held, s->name != nullptr ? s->name->text : "");
    LoadAt(held, f_.context, offset, true, loc.reg);
    vars_[s] = loc;
    offset += 8 * types::SlotsOf(held);
    f_.captures.push_back(held);
  }
}

void FunctionLowering::LowerInitializers(
    llvm::ArrayRef<types::Initializer> steps) {
  SetBlock(NewBlock());
  for (const types::Initializer& step : steps) {
    pos_ = step.rhs->pos;
    hoisted_.clear();
    if (step.lhs.size() == 1) {
      Symbol* s = step.lhs[0];
      if (s->name->blank) {
        Effects(step.rhs);
        continue;
      }
      const Type* t = TypeOfSym(s);
      if (llvm::isa<syntax::CompositeLit>(syntax::Unparen(step.rhs)) &&
          !types::IsInterface(t)) {
        StoreExpr(PlaceOfVar(s), step.rhs, true);
      } else {
        Operand v = ValueAs(step.rhs, t);
        Store(PlaceOfVar(s), v);
      }
      continue;
    }
    Operands results;
    llvm::SmallVector<const Type*, 4> result_types;
    const Expr* rhs = syntax::Unparen(step.rhs);
    if (const auto* call = dyn_cast<syntax::CallExpr>(rhs);
        call != nullptr && step.lhs.size() != 2) {
      CallMulti(call, results);
    } else if (call != nullptr) {
      CallMulti(call, results);
    } else {
      Reg ok = TempBool();
      Operand v = CommaOk(rhs, ok);
      results.push_back(v);
      results.push_back(ok);
    }
    const auto* tuple = dyn_cast<types::Tuple>(TypeOf(rhs));
    for (size_t i = 0; i < step.lhs.size(); ++i) {
      Symbol* s = step.lhs[i];
      if (s->name->blank) continue;
      const Type* t = TypeOfSym(s);
      const Type* from = tuple != nullptr ? TypeOfSym(tuple->vars[i]) : t;
      Operand v = Implicit(results[i], from, t, {});
      Store(PlaceOfVar(s), v);
    }
  }
  Return();
  Finish();
}

void FunctionLowering::ReturnStatement(const syntax::ReturnStmt* s) {
  if (range_ != nullptr) return RangeReturn(s);
  size_t n = f_.results.size();
  llvm::ArrayRef<Symbol*> vars;
  if (sig_ != nullptr) vars = sig_->results->vars;
  if (s->results.empty() || n == 0) {
    FinishReturn();
    return;
  }
  auto put = [&](size_t i, Operand v) {
    VarLoc loc = LocOf(vars[i]);
    const Type* t = TypeOfSym(vars[i]);
    if (loc.in_memory) StoreAt(t, loc.reg, 0, v, true);
    if (!loc.in_memory) Move(f_.results[i], v, t);
  };
  if (s->results.size() == 1 && n > 1) {
    Operands results;
    const auto* call = cast<syntax::CallExpr>(syntax::Unparen(s->results[0]));
    const auto* tuple = cast<types::Tuple>(TypeOf(call));
    CallMulti(call, results);
    Operands converted;
    for (size_t i = 0; i < n; ++i) {
      converted.push_back(Implicit(results[i], TypeOfSym(tuple->vars[i]),
                                   TypeOfSym(vars[i]), {}));
    }
    for (size_t i = 0; i < n; ++i) put(i, converted[i]);
    FinishReturn();
    return;
  }
  if (n == 1) {
    const Type* t = TypeOfSym(vars[0]);
    VarLoc loc = LocOf(vars[0]);
    if (!loc.in_memory && !f_.has_defer) {
      bool fresh = vars[0]->name == nullptr;
      ValueInto(s->results[0], t, f_.results[0], fresh);
    } else {
      put(0, ValueAs(s->results[0], t));
    }
    FinishReturn();
    return;
  }
  HoistOperands(s->results);
  Operands values;
  for (size_t i = 0; i < n; ++i) {
    values.push_back(ValueAs(s->results[i], TypeOfSym(vars[i])));
  }
  // A result that is read after its register was written gets a copy.
  for (size_t i = 1; i < n; ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (values[i].IsReg() && values[i].reg.id == f_.results[j].id) {
        values[i] = CopyToTemp(values[i], TypeOfSym(vars[i]));
        break;
      }
    }
  }
  for (size_t i = 0; i < n; ++i) put(i, values[i]);
  FinishReturn();
}

void FunctionLowering::FinishReturn() {
  if (f_.has_defer) {
    // Deferred calls are made on the line of the return.
    Emit(Op::kRunDefers);
  }
  if (sig_ != nullptr) {
    for (size_t i = 0; i < sig_->results->vars.size(); ++i) {
      VarLoc loc = LocOf(sig_->results->vars[i]);
      if (loc.in_memory) {
        LoadAt(TypeOfSym(sig_->results->vars[i]), loc.reg, 0, true,
               f_.results[i]);
      }
    }
  }
  Return();
}

void FunctionLowering::Finish() {
  if (f_.has_defer) {
    if (exit_block_ == Function::kNoBlock) exit_block_ = NewBlock();
    SetBlock(exit_block_);
    f_.recovery_block = exit_block_;
    Emit(Op::kRunDefers);
    for (size_t i = 0; i < sig_->results->vars.size(); ++i) {
      VarLoc loc = LocOf(sig_->results->vars[i]);
      if (loc.in_memory) {
        LoadAt(TypeOfSym(sig_->results->vars[i]), loc.reg, 0, true,
               f_.results[i]);
      }
    }
    Return();
  }
  // Every block ends in one terminator.
  for (Block& block : f_.blocks) {
    if (block.instrs.empty() ||
        (FlagsOf(block.instrs.back().op) & kTerminator) == 0) {
      Instr& instr = block.instrs.emplace_back();
      instr.op = Op::kUnreachable;
      instr.pos = pos_;
    }
  }
  // Reachability, then renumbering in the old order.
  std::vector<uint32_t> number(f_.blocks.size(), Function::kNoBlock);
  llvm::SmallVector<uint32_t, 32> stack{0};
  number[0] = 0;
  if (f_.recovery_block != Function::kNoBlock) {
    number[f_.recovery_block] = 0;
    stack.push_back(f_.recovery_block);
  }
  while (!stack.empty()) {
    uint32_t b = stack.pop_back_val();
    for (uint32_t t : f_.blocks[b].instrs.back().targets) {
      if (number[t] != Function::kNoBlock) continue;
      number[t] = 0;
      stack.push_back(t);
    }
  }
  uint32_t next = 0;
  for (size_t b = 0; b < f_.blocks.size(); ++b) {
    if (number[b] == Function::kNoBlock) continue;
    if (next != b) f_.blocks[next] = std::move(f_.blocks[b]);
    number[b] = next++;
  }
  f_.blocks.resize(next);
  for (Block& block : f_.blocks) {
    for (uint32_t& t : block.instrs.back().targets) t = number[t];
  }
  if (f_.recovery_block != Function::kNoBlock) {
    f_.recovery_block = number[f_.recovery_block];
  }
}

}  // namespace mgo::ir
