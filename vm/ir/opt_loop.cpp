// Loop-invariant code.
//
// From the innermost loop outwards, an instruction that is pure, reads nothing
// that the loop writes, and whose register is written only once and not read
// before, moves to the loop's preheader. Before that, an immediate operand in a
// loop that the bytecode has no room for becomes a register of its own, so that
// it is loaded once.
#include <algorithm>

#include "vm/ir/liveness.h"
#include "vm/ir/opt_cfg.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"

namespace mgo::ir {

namespace {

class Hoister {
 public:
  explicit Hoister(Function& f) : f_(f) {}
  bool Run();

 private:
  void NameConstants();
  bool MakePreheaders();
  bool HoistFrom(const Cfg& cfg, const Loop& loop, const Liveness& live);
  void CountDefs();

  Function& f_;
  std::vector<uint32_t> defs_;  // instructions that write the register
};

const Type* TypeForRep(Rep rep) {
  using types::BasicKind;
  switch (rep) {
    case Rep::kF64:
      return types::BasicType(BasicKind::kFloat64);
    case Rep::kF32:
      return types::BasicType(BasicKind::kFloat32);
    default:
      return types::BasicType(BasicKind::kInt64);
  }
}

// Gives constants in loops registers.
void Hoister::NameConstants() {
  for (Block& block : f_.blocks) {
    if (block.loop_depth == 0) continue;
    std::vector<std::pair<int64_t, Reg>> known;
    std::vector<Instr> fresh;
    for (Instr& i : block.instrs) {
      if (i.op == Op::kConst) continue;
      ForEachUse(f_, i, [&](Operand& o, uint32_t, UseKind kind) {
        if (!o.IsImm() || ImmediateFits(i, o)) return;
        if (kind != UseKind::kScalar) return;
        Reg r;
        for (auto& [value, reg] : known) {
          if (value == o.imm) r = reg;
        }
        if (!r.IsValid()) {
          r = AddReg(f_, TypeForRep(i.rep));
          known.push_back({o.imm, r});
          Instr& c = fresh.emplace_back();
          c.op = Op::kConst;
          c.dst = r;
          c.imm = o.imm;
          c.pos = i.pos;
          c.inline_site = i.inline_site;
        }
        o = Operand(r);
      });
    }
    if (!fresh.empty()) {
      block.instrs.insert(block.instrs.begin(),
                          std::make_move_iterator(fresh.begin()),
                          std::make_move_iterator(fresh.end()));
    }
  }
}

void Hoister::CountDefs() {
  defs_.assign(f_.regs.size(), 0);
  for (Reg r : f_.params) defs_[r.id]++;
  if (f_.context.IsValid()) defs_[f_.context.id]++;
  for (const Block& block : f_.blocks) {
    for (const Instr& i : block.instrs) {
      ForEachDef(f_, i, [&](Reg r, uint32_t) { defs_[r.id]++; });
    }
  }
}

bool Hoister::HoistFrom(const Cfg& cfg, const Loop& loop,
                        const Liveness& live) {
  llvm::SmallVector<uint32_t, 2> outside;
  for (uint32_t p : cfg.preds[loop.header]) {
    if (std::find(loop.latches.begin(), loop.latches.end(), p) ==
        loop.latches.end()) {
      outside.push_back(p);
    }
  }
  if (outside.size() != 1) return false;
  Block& preheader = f_.blocks[outside[0]];
  if (preheader.instrs.back().op != Op::kJump) return false;
  // What the loop writes.
  std::vector<bool> written(f_.regs.size(), false);
  for (uint32_t b : loop.blocks) {
    for (const Instr& i : f_.blocks[b].instrs) {
      ForEachDef(f_, i, [&](Reg r, uint32_t) { written[r.id] = true; });
    }
  }
  std::vector<uint32_t> order = loop.blocks;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return cfg.rpo_index[a] < cfg.rpo_index[b];
  });
  std::vector<Instr> moved;
  for (uint32_t b : order) {
    auto& instrs = f_.blocks[b].instrs;
    size_t out = 0;
    for (size_t k = 0; k < instrs.size(); k++) {
      Instr& i = instrs[k];
      bool invariant = IsPure(i) && i.op != Op::kCopy && i.op != Op::kZero &&
                       i.dst.IsValid() && defs_[i.dst.id] == 1 &&
                       !f_.regs[i.dst.id].in_memory;
      if (invariant) {
        ForEachUse(f_, i, [&](Operand& o, uint32_t, UseKind) {
          if (o.IsReg() && (written[o.reg.id] || f_.regs[o.reg.id].in_memory)) {
            invariant = false;
          }
        });
      }
      if (invariant) {
        // Read before it is written, or by the recovery block?
        for (uint32_t u = 0; u < live.unit_count[i.dst.id]; u++) {
          uint32_t unit = live.first_unit[i.dst.id] + u;
          if (live.live_in[loop.header].test(unit) || live.always.test(unit)) {
            invariant = false;
          }
        }
      }
      if (invariant) {
        written[i.dst.id] = false;
        moved.push_back(std::move(i));
        continue;
      }
      if (out != k) instrs[out] = std::move(instrs[k]);
      out++;
    }
    instrs.resize(out);
  }
  if (moved.empty()) return false;
  preheader.instrs.insert(preheader.instrs.end() - 1,
                          std::make_move_iterator(moved.begin()),
                          std::make_move_iterator(moved.end()));
  return true;
}

bool Hoister::MakePreheaders() {
  bool any = false;
  Cfg cfg = BuildCfg(f_, true);
  for (const Loop& loop : FindLoops(f_, cfg)) {
    bool changed = false;
    EnsurePreheader(f_, cfg, loop, &changed);
    any |= changed;
    // The next loop's predecessors may have changed.
    if (changed) cfg = BuildCfg(f_, true);
  }
  return any;
}

bool Hoister::Run() {
  Cfg cfg = BuildCfg(f_, true);
  std::vector<Loop> loops = FindLoops(f_, cfg);
  if (loops.empty()) return false;
  NameConstants();
  if (MakePreheaders()) cfg = BuildCfg(f_, true);
  loops = FindLoops(f_, cfg);
  CountDefs();
  Liveness live = ComputeLiveness(f_);
  bool any = false;
  for (const Loop& loop : loops) any |= HoistFrom(cfg, loop, live);
  return any;
}

}  // namespace

bool HoistInvariants(Function& f) { return Hoister(f).Run(); }

}  // namespace mgo::ir
