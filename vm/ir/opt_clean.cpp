// Clean-up of the control-flow graph.
#include <algorithm>

#include "vm/ir/opt_cfg.h"
#include "vm/ir/opt_fold.h"
#include "vm/ir/opt_operands.h"

namespace mgo::ir {

namespace {

// Longest block whose branch is copied into a predecessor that decides it.
constexpr size_t kThreadLimit = 2;

class Cleaner {
 public:
  explicit Cleaner(Function& f) : f_(f) {}
  bool Run();

 private:
  bool FoldBranches();
  bool SkipEmpty();
  bool ThreadConstants();
  bool Join();
  bool DropUnreachable();
  bool LastConst(const Block& block, Reg r, int64_t* value) const;

  Function& f_;
};

void MakeJump(Instr& i, uint32_t target) {
  i.op = Op::kJump;
  i.a = i.b = i.c = Operand();
  i.targets.clear();
  i.targets.push_back(target);
}

bool Cleaner::FoldBranches() {
  bool changed = false;
  for (Block& block : f_.blocks) {
    Instr& i = block.instrs.back();
    if (i.op == Op::kBranchCmp && i.a.IsImm() && i.b.IsImm()) {
      bool yes = FoldCompare(i.cmp, i.rep, i.a.imm, i.b.imm);
      MakeJump(i, i.targets[yes ? 0 : 1]);
      changed = true;
    } else if ((i.op == Op::kBranch || i.op == Op::kBranchCmp) &&
               i.targets[0] == i.targets[1]) {
      MakeJump(i, i.targets[0]);
      changed = true;
    }
  }
  return changed;
}

// Lets jumps to a block that only jumps go where it goes.
bool Cleaner::SkipEmpty() {
  bool changed = false;
  auto final_target = [&](uint32_t t) {
    for (int steps = 0; steps < 8; steps++) {
      const Block& block = f_.blocks[t];
      if (block.instrs.size() != 1 || block.instrs[0].op != Op::kJump) break;
      if (block.instrs[0].targets[0] == t) break;
      t = block.instrs[0].targets[0];
    }
    return t;
  };
  for (Block& block : f_.blocks) {
    for (uint32_t& t : block.instrs.back().targets) {
      uint32_t to = final_target(t);
      changed |= to != t;
      t = to;
    }
  }
  if (f_.recovery_block != Function::kNoBlock) {
    f_.recovery_block = final_target(f_.recovery_block);
  }
  return changed;
}

// Whether the register holds a known constant at the end of the block because
// of one of its last instructions.
bool Cleaner::LastConst(const Block& block, Reg r, int64_t* value) const {
  size_t n = block.instrs.size() - 1;
  size_t first = n > 8 ? n - 8 : 0;
  for (size_t k = n; k-- > first;) {
    const Instr& i = block.instrs[k];
    bool writes = false;
    ForEachDef(f_, i, [&](Reg d, uint32_t slots) {
      writes |= d.id == r.id && d.slot <= r.slot && r.slot < d.slot + slots;
    });
    if (!writes) continue;
    if (i.op != Op::kConst || !(i.dst == r)) return false;
    *value = i.imm;
    return true;
  }
  return false;
}

// A block that only branches on a register is skipped by predecessors that have
// just set it to a constant.
bool Cleaner::ThreadConstants() {
  bool changed = false;
  for (Block& block : f_.blocks) {
    Instr& jump = block.instrs.back();
    if (jump.op != Op::kJump) continue;
    const Block& to = f_.blocks[jump.targets[0]];
    if (&to == &block || to.instrs.size() > kThreadLimit) continue;
    const Instr& branch = to.instrs.back();
    bool truth = branch.op == Op::kBranch;
    bool compare =
        branch.op == Op::kBranchCmp && branch.a.IsReg() && branch.b.IsImm();
    if (!truth && !compare) continue;
    Reg r = branch.a.reg;
    if (f_.regs[r.id].in_memory) continue;
    int64_t value = 0;
    Instr copy;
    bool has_copy = to.instrs.size() == 2;
    if (has_copy) {
      copy = to.instrs[0];
      if (copy.op != Op::kCopy || copy.n != 1 || !copy.a.IsReg() ||
          f_.regs[copy.dst.id].in_memory) {
        continue;
      }
      bool through = copy.dst == r;
      if (!through && copy.dst.id == r.id) continue;
      if (!LastConst(block, through ? copy.a.reg : r, &value)) continue;
    } else if (!LastConst(block, r, &value)) {
      continue;
    }
    bool yes = truth ? value != 0
                     : FoldCompare(branch.cmp, branch.rep, value, branch.b.imm);
    uint32_t target = branch.targets[yes ? 0 : 1];
    jump.targets[0] = target;
    if (has_copy) {
      Instr moved = std::move(block.instrs.back());
      block.instrs.back() = std::move(copy);
      block.instrs.push_back(std::move(moved));
    }
    changed = true;
  }
  return changed;
}

// Appends a block to its only predecessor when that only goes there.
bool Cleaner::Join() {
  bool changed = false;
  std::vector<uint32_t> count(f_.blocks.size(), 0);
  for (const Block& block : f_.blocks) {
    for (uint32_t t : block.instrs.back().targets) count[t]++;
  }
  count[0]++;
  if (f_.recovery_block != Function::kNoBlock) count[f_.recovery_block]++;
  for (uint32_t b = 0; b < f_.blocks.size(); b++) {
    while (true) {
      Block& block = f_.blocks[b];
      if (block.instrs.back().op != Op::kJump) break;
      uint32_t t = block.instrs.back().targets[0];
      if (t == b || count[t] != 1) break;
      Block& next = f_.blocks[t];
      block.instrs.pop_back();
      block.instrs.insert(block.instrs.end(),
                          std::make_move_iterator(next.instrs.begin()),
                          std::make_move_iterator(next.instrs.end()));
      next.instrs.clear();
      next.instrs.emplace_back().op = Op::kUnreachable;
      count[t] = 0;
      changed = true;
    }
  }
  return changed;
}

bool Cleaner::DropUnreachable() {
  size_t n = f_.blocks.size();
  std::vector<uint32_t> number(n, Function::kNoBlock);
  llvm::SmallVector<uint32_t, 32> stack{0};
  number[0] = 0;
  if (f_.recovery_block != Function::kNoBlock &&
      number[f_.recovery_block] == Function::kNoBlock) {
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
  for (uint32_t b = 0; b < n; b++) {
    if (number[b] == Function::kNoBlock) continue;
    if (next != b) f_.blocks[next] = std::move(f_.blocks[b]);
    number[b] = next++;
  }
  if (next == n) return false;
  f_.blocks.resize(next);
  for (Block& block : f_.blocks) {
    for (uint32_t& t : block.instrs.back().targets) t = number[t];
  }
  if (f_.recovery_block != Function::kNoBlock) {
    f_.recovery_block = number[f_.recovery_block];
  }
  return true;
}

bool Cleaner::Run() {
  bool any = false;
  for (int round = 0; round < 4; round++) {
    bool changed = FoldBranches();
    changed |= SkipEmpty();
    changed |= ThreadConstants();
    changed |= DropUnreachable();
    changed |= Join();
    changed |= DropUnreachable();
    any |= changed;
    if (!changed) break;
  }
  return any;
}

}  // namespace

bool CleanCfg(Function& f) { return Cleaner(f).Run(); }

}  // namespace mgo::ir
