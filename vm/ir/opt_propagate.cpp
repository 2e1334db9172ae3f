// Value propagation over the dominator tree.
//
// The representation is not SSA, so a fact about a register ("holds 7", "is a
// copy of r3", "is r1 + r2") is only good as long as neither side is written
// again. Two devices see to that. Every write gives a register's slot (a unit)
// a new version, and a fact names the versions it is about. And a fact whose
// registers all have one definition, seen on the way down the dominator tree,
// is stable: it holds in every block below, as in SSA. Any other fact belongs
// to an epoch: a chain of blocks each with one predecessor; a block where paths
// meet begins a new epoch. What a subtree finds out is undone when the walk
// leaves it.
//
// Loads are remembered within an epoch until something may write memory.
// Registers in_memory may change through their address: nothing is ever known
// about them.
#include "vm/ir/opt_propagate.h"

#include <algorithm>

#include "vm/ir/opt_fold.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"

namespace mgo::ir::propagate {

void Propagator::RewriteUses(Instr& i) {
  ForEachUse(f_, i, [&](Operand& o, uint32_t slots, UseKind kind) {
    if (!o.IsReg() || kind == UseKind::kFixed) return;
    Operand to;
    if (!LookUp(o.reg, slots, &to)) return;
    if (to.IsImm()) {
      // A call takes an immediate for an argument of one slot.
      bool argument = kind == UseKind::kRest && slots == 1 &&
                      (FlagsOf(i.op) & kSafepoint) != 0 && i.type != nullptr &&
                      RepOf(f_.regs[o.reg.id].type) != Rep::kNone;
      if (kind != UseKind::kScalar && !argument) return;
    } else if (kind == UseKind::kRest && !SameShape(o.reg, to.reg)) {
      return;
    }
    o = to;
    changed_ = true;
  });
}

// Narrow components of aggregates.
void Propagator::RewriteLocal(Instr& i) {
  Reg part = i.a.reg.At(static_cast<uint32_t>(i.imm / 8));
  Operand to;
  if (!LookUp(part, 1, &to)) return;
  if (to.IsImm()) {
    Rep rep = RepOf(i.type);
    if (rep == Rep::kNone) return;
    int64_t bits =
        static_cast<int64_t>(static_cast<uint64_t>(to.imm) >> (i.imm % 8 * 8));
    i.op = Op::kConst;
    i.imm = Canonical(rep, bits);
    i.a = Operand();
  } else {
    i.a = to;
    i.imm %= 8;
  }
  changed_ = true;
}

void Propagator::FuseBranch(Instr& i) {
  if (i.op != Op::kBranch || !i.a.IsReg()) return;
  Operand to;
  if (LookUp(i.a.reg, 1, &to) && to.IsImm()) {
    uint32_t target = i.targets[to.imm != 0 ? 0 : 1];
    i.op = Op::kJump;
    i.a = Operand();
    i.targets.clear();
    i.targets.push_back(target);
    changed_ = true;
    return;
  }
  const Fact* fact = OwnFactOf(i.a.reg);
  if (fact == nullptr || fact->expression == UINT32_MAX) return;
  const Expr& e = exprs_[fact->expression];
  if (!Holds(e.a, 1) || (e.op != Op::kNot && !Holds(e.b, 1))) return;
  if (!e.stable && e.epoch != epoch_) return;
  switch (e.op) {
    case Op::kNot:
      i.a = AsOperand(e.a);
      std::swap(i.targets[0], i.targets[1]);
      changed_ = true;
      return FuseBranch(i);
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      i.op = Op::kBranchCmp;
      i.cmp = e.op;
      i.rep = e.rep;
      i.a = AsOperand(e.a);
      i.b = AsOperand(e.b);
      changed_ = true;
      return;
    default:
      return;
  }
}

// A call of a func value that is known.
void Propagator::BindCall(Instr& i) {
  if (i.op != Op::kCallClosure || !i.a.IsReg()) return;
  const Fact* fact = OwnFactOf(i.a.reg);
  if (fact == nullptr || fact->function == nullptr) return;
  Function* callee = fact->function;
  if (callee->params.size() != i.args.size()) return;
  if (callee->context.IsValid()) {
    // For whoever looks for it: the inliner, escape analysis.
    if (i.ref.func == callee) return;
    i.ref.kind = RefKind::kFunction;
    i.ref.func = callee;
    return;
  }
  i.op = Op::kCall;
  i.ref.kind = RefKind::kFunction;
  i.ref.func = callee;
  i.a = Operand();
  changed_ = true;
}

void Propagator::ToCopy(Instr& i, const Value& v, uint32_t slots) {
  if (v.kind == Value::kImm) {
    i.op = Op::kConst;
    i.imm = v.imm;
    i.a = Operand();
  } else {
    i.op = Op::kCopy;
    i.n = slots;
    i.a = Operand(v.reg);
  }
  i.b = i.c = Operand();
  i.args.clear();
  changed_ = true;
}

// More than Simplify: what needs facts about registers.
void Propagator::FoldMore(Instr& i) {
  switch (i.op) {
    case Op::kLoad:
    case Op::kStore:
    case Op::kFieldAddr:
    case Op::kNilCheck: {
      const Fact* fact = i.a.IsReg() ? OwnFactOf(i.a.reg) : nullptr;
      if (fact != nullptr && fact->not_nil) i.no_check = true;
      // An address and an offset.
      if (i.op != Op::kNilCheck && fact != nullptr &&
          fact->expression != UINT32_MAX) {
        const Expr& e = exprs_[fact->expression];
        if (e.op == Op::kFieldAddr && (e.stable || e.epoch == epoch_) &&
            e.imm + i.imm <= UINT16_MAX && Holds(e.a, 1) &&
            e.a.kind == Value::kReg) {
          i.a = Operand(e.a.reg);
          i.imm += e.imm;
          i.no_check = true;
          changed_ = true;
        }
      }
      if (i.op == Op::kFieldAddr && i.imm == 0 && i.no_check) {
        i.op = Op::kCopy;
        i.n = 1;
        changed_ = true;
      }
      break;
    }
    case Op::kBox:
      // A direct value is its own data word.
      if (RepOf(i.type) == Rep::kNone) break;
      i.n = 1;
      i.op = i.a.IsImm() ? Op::kConst : Op::kCopy;
      if (i.a.IsImm()) i.imm = i.a.imm;
      if (i.a.IsImm()) i.a = Operand();
      changed_ = true;
      break;
    case Op::kBranch:
      FuseBranch(i);
      break;
    case Op::kJumpTable: {
      Operand to;
      if (!i.a.IsReg() || !LookUp(i.a.reg, 1, &to) || !to.IsImm()) break;
      auto index = static_cast<uint64_t>(to.imm - i.imm);
      uint32_t target =
          i.targets[std::min<uint64_t>(index, i.targets.size() - 1)];
      i.op = Op::kJump;
      i.a = Operand();
      i.targets.assign(1, target);
      changed_ = true;
      break;
    }
    case Op::kCallClosure:
      BindCall(i);
      break;
    default:
      break;
  }
}

bool Propagator::VisitInstr(Instr& i) {
  if (i.op == Op::kLoadLocal) {
    RewriteLocal(i);
  } else {
    RewriteUses(i);
  }
  changed_ |= Simplify(i);
  FoldMore(i);
  if (i.op == Op::kNilCheck && i.no_check) return changed_ = true, false;
  if (i.op == Op::kCopy && i.a.IsReg() && i.a.reg == i.dst) {
    return changed_ = true, false;
  }
  if (i.op == Op::kBoundsCheck && i.a.IsImm() && i.b.IsImm() && i.a.imm >= 0 &&
      i.a.imm < i.b.imm) {
    return changed_ = true, false;
  }
  Expr key{};
  uint32_t bucket = 0;
  if (!FindExpression(i, &key, &bucket)) FindLoad(i);
  NoteMemory(i);
  NoteDefs(i);
  NoteFacts(i);
  NoteLoad(i);
  if (key.slots != 0) {
    // Computed from what it overwrites: gone already.
    bool own = false;
    for (const Value* v : {&key.a, &key.b, &key.c}) {
      own |= v->kind == Value::kReg && v->reg.id == i.dst.id;
    }
    if (own) return true;
    key.dst = i.dst;
    key.dst_version = ValueOf(Operand(i.dst), key.slots).version;
    key.epoch = epoch_;
    key.bucket = bucket;
    key.next = buckets_[bucket];
    buckets_[bucket] = static_cast<uint32_t>(exprs_.size());
    if (key.slots == 1) {
      facts_[Unit(i.dst)].expression = static_cast<uint32_t>(exprs_.size());
    }
    exprs_.push_back(key);
  }
  return true;
}

void Propagator::WalkBlock(uint32_t b) {
  auto& instrs = f_.blocks[b].instrs;
  size_t out = 0;
  for (size_t k = 0; k < instrs.size(); k++) {
    if (!VisitInstr(instrs[k])) continue;
    if (out != k) instrs[out] = std::move(instrs[k]);
    out++;
  }
  instrs.resize(out);
}

void Propagator::Walk() {
  std::vector<Visit> stack;
  auto enter = [&](uint32_t b, uint32_t epoch) {
    Visit v{b, 0, undo_.size(), exprs_.size(), epoch_, {}};
    epoch_ = epoch;
    WalkBlock(b);
    v.loads = loads_;
    stack.push_back(std::move(v));
  };
  for (uint32_t root : cfg_.rpo) {
    if (cfg_.idom[root] != Cfg::kNone) continue;
    loads_.clear();
    uint32_t epoch = root == 0 && cfg_.preds[0].empty() ? 1 : next_epoch_++;
    enter(root, epoch);
    while (!stack.empty()) {
      Visit& v = stack.back();
      if (v.next_child < children_[v.block].size()) {
        uint32_t child = children_[v.block][v.next_child++];
        bool chain =
            cfg_.preds[child].size() == 1 && cfg_.preds[child][0] == v.block;
        uint32_t epoch_now = epoch_;
        if (chain) {
          loads_ = v.loads;
        } else {
          loads_.clear();
        }
        enter(child, chain ? epoch_now : next_epoch_++);
        continue;
      }
      while (undo_.size() > v.undo) {
        Undo& u = undo_.back();
        version_[u.unit] = u.version;
        facts_[u.unit] = u.fact;
        undo_.pop_back();
      }
      while (exprs_.size() > v.exprs) {
        buckets_[exprs_.back().bucket] = exprs_.back().next;
        exprs_.pop_back();
      }
      epoch_ = v.epoch;
      stack.pop_back();
    }
  }
}

bool Propagator::Run() {
  Number();
  CountDefs();
  size_t instrs = 0;
  for (const Block& block : f_.blocks) instrs += block.instrs.size();
  size_t size = 64;
  while (size < instrs) size *= 2;
  buckets_.assign(size, UINT32_MAX);
  children_.resize(f_.blocks.size());
  for (uint32_t b : cfg_.rpo) {
    if (cfg_.idom[b] != Cfg::kNone) children_[cfg_.idom[b]].push_back(b);
  }
  Walk();
  return changed_;
}

}  // namespace mgo::ir::propagate

namespace mgo::ir {

bool Propagate(Function& f) { return propagate::Propagator(f).Run(); }

}  // namespace mgo::ir
