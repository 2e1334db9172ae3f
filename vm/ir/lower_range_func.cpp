// Ranges over functions.
//
// The body becomes a function of its own, made like a literal, which the
// iterator calls; a `continue` returns true from it, a `break` false. Whatever
// leaves more than the loop (return, goto, branches to labels outside) sets
// `next` to a number, returns false, and is done by the function that it leads
// to, once the iterators in between have returned. A nest of such loops in one
// function shares `next`; each loop has a `state`, which finds out when an
// iterator calls a body that must not be called any more, or hides a panic.
//
// A deferred call in a body belongs to the function around: the loop defers one
// call of runtime.rangeDefers, with a list that bodies add to. The interpreter
// puts the calls of the list in its place when its turn comes.
//
// Bodies are lowered at once, within the function around, since only then is
// it known what they leave for.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using syntax::Unparen;
using types::As;
using types::BasicKind;
using types::Signature;

// Where a loop stands; runtime.rangePanic knows the numbers.
static constexpr int64_t kReady = 0;      // the body may be called
static constexpr int64_t kDone = 1;       // it has returned false
static constexpr int64_t kRunning = 2;    // it runs, or has panicked
static constexpr int64_t kExhausted = 3;  // the iterator has returned
static constexpr int64_t kMissing = 4;    // no state: a panic was lost

static constexpr int64_t kReturnCode = -1;

bool ProgramLowering::IsFuncRange(const types::Info& info,
                                  const syntax::RangeStmt* s) {
  const Type* core = types::CoreType(info.types[s->x->id].type);
  return core != nullptr && llvm::isa<Signature>(core);
}

Operand FunctionLowering::LoadVar(Symbol* s) { return Load(PlaceOfVar(s)); }

void FunctionLowering::CallRuntime(llvm::StringRef name,
                                   llvm::ArrayRef<Operand> args,
                                   CallMode mode) {
  Symbol* s = program_.FindLibrary("runtime", name);
  assert(s != nullptr && "package runtime lacks a function");
  const auto* sig = As<Signature>(program_.TypeOfSymbol(s));
  Callee callee = program_.Resolve(s, {});
  // Only panics are called from many places.
  if (name == "rangePanic") callee.function->no_inline = true;
  EmitCall(callee, sig, args, {}, mode, s, {});
}

// --- the loop ----------------------------------------------------------------

void FunctionLowering::RangeFunc(const syntax::RangeStmt* s,
                                 const syntax::Name* label) {
  RangeInfo& info = *program_.ranges[s];
  const Type* t = TypeOf(s->x);
  const auto* sig = As<Signature>(t);
  const Type* yield_type = TypeOfSym(sig->params->vars[0]);
  const auto* yield = As<Signature>(yield_type);
  Reg iterator = CopyToTemp(Value(s->x), t);
  hoisted_.clear();
  pos_ = s->pos;
  if (range_ == nullptr) BeginRangeNest(info);
  DeclareWith(info.state, Operand::Imm(kReady));

  Function* f = program_.NewFunction(
      Home()->f_.name + "-range" + std::to_string(info.ordinal), package_);
  f->pos = s->pos;
  FunctionLowering body(program_, *f, package_, env_);
  body.range_ = s;
  body.range_info_ = &info;
  body.parent_ = this;
  body.home_ = Home();
  body.outer_range_ = outer_range_;
  Function* saved = program_.current;
  program_.current = f;
  body.RangeBody(s, label, yield);
  program_.current = saved;
  program_.NoteUse(f);

  pos_ = s->pos;
  Reg closure =
      ToReg(MakeClosure(f, info.captures, yield_type, {}), yield_type);
  Instr& call = Emit(Op::kCallClosure);
  call.a = iterator;
  call.type = sig;
  call.args.push_back(closure);
  // A body that has not come to its end has panicked, so there is a panic that
  // the iterator did not let through.
  uint32_t lost = NewBlock();
  uint32_t good = NewBlock();
  BranchCmp(Op::kEq, Rep::kI64, LoadVar(info.state), Operand::Imm(kRunning),
            lost, good);
  SetBlock(lost);
  CallRuntime("rangePanic", {Operand::Imm(kMissing)});
  Jump(good);
  SetBlock(good);
  Store(PlaceOfVar(info.state), Operand::Imm(kExhausted));
  RangeDispatch(body);
}

void FunctionLowering::BeginRangeNest(RangeInfo& info) {
  outer_range_ = &info;
  if (info.next != nullptr) DeclareWith(info.next, Operand::Imm(0));
  if (info.defers == nullptr) return;
  const Type* list = As<types::Pointer>(TypeOfSym(info.defers))->elem;
  DeclareWith(info.defers, NewObject(list));
  CallRuntime("rangeDefers", {LoadVar(info.defers)}, CallMode::kDefer);
  program_.AddHook("rangeDefers");
}

void FunctionLowering::RangeDispatch(const FunctionLowering& body) {
  if (body.exits_.empty()) return;
  Reg next =
      CopyToTemp(LoadVar(outer_range_->next), program_.Basic(BasicKind::kInt));
  bool further = false;
  for (const RangeExit& e : body.exits_) {
    bool here = e.target == this || (e.target == nullptr && range_ == nullptr);
    if (!here) {
      further = true;
      AddExit(e);
      continue;
    }
    uint32_t go = NewBlock();
    uint32_t rest = NewBlock();
    BranchCmp(Op::kEq, Rep::kI64, next, Operand::Imm(e.code), go, rest);
    SetBlock(go);
    if (e.target == nullptr) {
      FinishReturn();
    } else {
      Store(PlaceOfVar(outer_range_->next), Operand::Imm(0));
      Jump(e.block);
    }
    cur_ = Function::kNoBlock;
    SetBlock(rest);
  }
  if (!further) return;
  uint32_t leave = NewBlock();
  uint32_t rest = NewBlock();
  BranchCmp(Op::kNe, Rep::kI64, next, Operand::Imm(0), leave, rest);
  SetBlock(leave);
  ReturnFromBody(false);
  SetBlock(rest);
}

// --- the body ----------------------------------------------------------------

void FunctionLowering::ReturnFromBody(bool more) {
  Move(f_.results[0], Operand::Imm(more ? 1 : 0),
       program_.Basic(BasicKind::kBool));
  Return();
}

void FunctionLowering::RangeBody(const syntax::RangeStmt* s,
                                 const syntax::Name* label,
                                 const Signature* yield) {
  pos_ = s->pos;
  SetBlock(NewBlock());
  f_.results.push_back(AddReg(f_, program_.Basic(BasicKind::kBool)));
  llvm::SmallVector<const Type*, 2> param_types;
  for (Symbol* param : yield->params->vars) {
    param_types.push_back(TypeOfSym(param));
    f_.params.push_back(AddReg(f_, param_types.back()));
  }
  LoadCaptures(range_info_->captures);
  uint32_t bad = NewBlock();
  uint32_t good = NewBlock();
  Reg state =
      CopyToTemp(LoadVar(range_info_->state), program_.Basic(BasicKind::kInt));
  BranchCmp(Op::kEq, Rep::kI64, state, Operand::Imm(kReady), good, bad);
  SetBlock(bad);
  // This panic, too, must not be lost.
  Store(PlaceOfVar(range_info_->state), Operand::Imm(kRunning));
  CallRuntime("rangePanic", {state});
  ReturnFromBody(false);
  SetBlock(good);
  Store(PlaceOfVar(range_info_->state), Operand::Imm(kRunning));

  uint32_t stop = NewBlock();
  uint32_t next = NewBlock();
  targets_.push_back({label, stop, next});
  Operand key, value;
  if (s->key != nullptr) key = f_.params[0];
  if (s->value != nullptr) value = f_.params[1];
  RangeAssignBoth(s, key, s->key != nullptr ? param_types[0] : nullptr, value,
                  s->value != nullptr ? param_types[1] : nullptr);
  Statement(s->body);
  hoisted_.clear();
  pos_ = s->body->rbrace;
  JumpTo(next);
  Store(PlaceOfVar(range_info_->state), Operand::Imm(kReady));
  ReturnFromBody(true);
  SetBlock(stop);
  Store(PlaceOfVar(range_info_->state), Operand::Imm(kDone));
  ReturnFromBody(false);
  Finish();
}

void FunctionLowering::AddExit(const RangeExit& e) {
  for (const RangeExit& known : exits_) {
    if (known.code == e.code) return;
  }
  exits_.push_back(e);
}

void FunctionLowering::LeaveRange(FunctionLowering* target, uint32_t block) {
  int64_t code = kReturnCode;
  if (target != nullptr) {
    code = 0;
    for (const RangeExit& e : exits_) {
      if (e.target == target && e.block == block) code = e.code;
    }
    if (code == 0) code = ++Home()->exit_codes_;
  }
  AddExit({target, block, code});
  const FunctionLowering* end = target != nullptr ? target : Home();
  for (FunctionLowering* c = this; c != end; c = c->parent_) {
    Store(PlaceOfVar(c->range_info_->state), Operand::Imm(kDone));
  }
  Store(PlaceOfVar(outer_range_->next), Operand::Imm(code));
  ReturnFromBody(false);
}

bool FunctionLowering::RangeGoto(const syntax::Name* label) {
  auto declares = [&](const FunctionLowering* c) {
    const auto& labels = c->range_info_->labels;
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  };
  FunctionLowering* c = this;
  while (c->range_ != nullptr && !declares(c)) c = c->parent_;
  if (c == this) return false;
  LeaveRange(c, c->LabelBlock(label));
  return true;
}

void FunctionLowering::RangeBranch(const syntax::Name* label, bool is_break) {
  for (FunctionLowering* c = parent_; c != nullptr; c = c->parent_) {
    for (size_t i = c->targets_.size(); i-- > 0;) {
      const Target& t = c->targets_[i];
      if (t.label != label) continue;
      return LeaveRange(c, is_break ? t.break_block : t.continue_block);
    }
  }
}

void FunctionLowering::RangeReturn(const syntax::ReturnStmt* s) {
  llvm::ArrayRef<Symbol*> vars = Home()->sig_->results->vars;
  Operands values;
  if (s->results.size() == 1 && vars.size() > 1) {
    const auto* call = cast<syntax::CallExpr>(Unparen(s->results[0]));
    const auto* tuple = cast<types::Tuple>(TypeOf(call));
    Operands results;
    CallMulti(call, results);
    for (size_t i = 0; i < vars.size(); ++i) {
      values.push_back(Implicit(results[i], TypeOfSym(tuple->vars[i]),
                                TypeOfSym(vars[i]), {}));
    }
  } else if (!s->results.empty()) {
    HoistOperands(s->results);
    for (size_t i = 0; i < vars.size(); ++i) {
      const Type* t = TypeOfSym(vars[i]);
      Operand v = ValueAs(s->results[i], t);
      // One may be a result that another is about to replace.
      values.push_back(vars.size() > 1 ? Operand(CopyToTemp(v, t)) : v);
    }
  }
  for (size_t i = 0; i < values.size(); ++i) {
    Store(PlaceOfVar(vars[i]), values[i]);
  }
  LeaveRange(nullptr, Function::kNoBlock);
}

// --- deferred calls ----------------------------------------------------------

void FunctionLowering::RangeDefer(const Expr* e) {
  GoOrDefer(e, CallMode::kDefer);
  if (!Reachable()) return;
  std::vector<Instr>& instrs = f_.blocks[cur_].instrs;
  if (instrs.empty() || instrs.back().call_mode != CallMode::kDefer) return;
  Instr call = std::move(instrs.back());
  instrs.pop_back();

  // A function without parameters that holds what the call needs.
  Function* f = program_.NewFunction(Home()->f_.name + ".deferwrap", package_);
  f->is_wrapper = true;
  f->no_inline = true;
  f->pos = call.pos;
  FunctionLowering wrap(program_, *f, package_, env_);
  wrap.pos_ = call.pos;
  wrap.SetBlock(wrap.NewBlock());
  Operands held;
  int64_t offset = 8;
  auto hold = [&](Operand& o, const Type* t) {
    if (!o.IsReg()) return;
    if (held.empty()) f->context = wrap.TempAddr();
    held.push_back(CopyToTemp(o, t));
    f->captures.push_back(t);
    o = wrap.LoadAt(t, f->context, offset, true);
    offset += 8 * types::SlotsOf(t);
  };
  if (call.op == Op::kCallIface) {
    // The method is looked up at the statement.
    Emit(Op::kNilCheck, {}, call.a);
    hold(call.a, call.type2);
  } else if (call.op == Op::kCallClosure) {
    hold(call.a, call.type);
  }
  const auto* sig = As<Signature>(call.type);
  for (size_t i = 0; i < call.args.size(); ++i) {
    const Type* t;
    if (sig == nullptr) {
      t = call.ref.func->regs[call.ref.func->params[i].id].type;
    } else {
      size_t receivers = call.args.size() - sig->params->vars.size();
      t = i < receivers ? receiver_type_
                        : TypeOfSym(sig->params->vars[i - receivers]);
    }
    hold(call.args[i], t);
  }
  call.call_mode = CallMode::kCall;
  call.results.assign(sig != nullptr ? sig->results->vars.size() : 0, Reg{});
  Pos pos = call.pos;
  Instr& copy = wrap.Emit(call.op);
  copy = std::move(call);
  copy.pos = pos;
  wrap.Return();
  wrap.Finish();
  program_.NoteUse(f);

  pos_ = pos;
  Symbol* push = program_.FindLibrary("runtime", "pushDefer");
  const auto* push_sig = As<Signature>(program_.TypeOfSymbol(push));
  Reg closure = Temp(program_.TypeOfSymbol(push_sig->params->vars[1]));
  Instr& make = Emit(held.empty() ? Op::kConstRef : Op::kMakeClosure, closure);
  make.ref.kind = RefKind::kFunction;
  make.ref.func = f;
  make.args.append(held.begin(), held.end());
  CallRuntime("pushDefer", {LoadVar(outer_range_->defers), closure});
}

}  // namespace mgo::ir
