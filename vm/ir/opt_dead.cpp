// Dead code, and results that are computed where they are wanted.
//
// One walk backwards over each block with what is live. An instruction whose
// results are dead goes, if it does nothing else. A copy d = t of a register
// that dies there is not needed when the instruction that made t, a little
// earlier in the block, can write d instead.
#include "vm/ir/liveness.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"

namespace mgo::ir {

namespace {

// How far before a copy the definition of its source is looked for.
constexpr size_t kReach = 24;

// Operations whose code writes the result before it has read all operands; as
// in vm/codegen/slots.cpp.
bool WritesEarly(Op op) {
  switch (op) {
    case Op::kMakeClosure:
    case Op::kAppend:
    case Op::kChanRecv:
    case Op::kSelect:
    case Op::kMapIterNext:
    case Op::kMapIterInit:
    case Op::kAssertIface:
    case Op::kIntrinsic:
      return true;
    default:
      return false;
  }
}

bool Overlap(const RegRange& x, Reg r, uint32_t slots) {
  return x.reg == r.id && x.slot < r.slot + slots && r.slot < x.slot + x.slots;
}

class Remover {
 public:
  explicit Remover(Function& f) : f_(f), live_(ComputeLiveness(f)) {}
  bool Run();

 private:
  bool Dead(const Instr& i, const llvm::BitVector& live) const;
  bool AnyLive(const RegRange& range, const llvm::BitVector& live) const;
  bool MoveDefinition(std::vector<Instr>& instrs, const std::vector<bool>& gone,
                      size_t at, const llvm::BitVector& live);
  bool SameMasks(Reg a, Reg b, uint32_t slots) const;
  bool IsAlways(Reg r, uint32_t slots) const;

  Function& f_;
  Liveness live_;
};

bool Remover::AnyLive(const RegRange& range,
                      const llvm::BitVector& live) const {
  bool any = f_.regs[range.reg].in_memory;
  live_.ForUnits(range, [&](uint32_t unit) { any |= live.test(unit); });
  return any;
}

bool Remover::Dead(const Instr& i, const llvm::BitVector& live) const {
  if (!IsRemovable(i)) return false;
  bool wanted = false;
  ForEachDef(f_, i, [&](Reg r, uint32_t slots) {
    wanted |= AnyLive({r.id, r.slot, slots}, live);
  });
  return !wanted;
}

bool Remover::SameMasks(Reg a, Reg b, uint32_t slots) const {
  auto bit = [&](const llvm::SmallVectorImpl<uint64_t>& mask, uint32_t s) {
    return s / 64 < mask.size() && ((mask[s / 64] >> (s % 64)) & 1) != 0;
  };
  const RegInfo &x = f_.regs[a.id], &y = f_.regs[b.id];
  for (uint32_t k = 0; k < slots; k++) {
    // What a pointer slot holds must be followed, and nothing else.
    int from = bit(x.pointers, a.slot + k)     ? 1
               : bit(x.iface_data, a.slot + k) ? 2
                                               : 0;
    int to = bit(y.pointers, b.slot + k)     ? 1
             : bit(y.iface_data, b.slot + k) ? 2
                                             : 0;
    if (from != to) return false;
    if (to == 2 && k == 0) return false;
  }
  return true;
}

bool Remover::IsAlways(Reg r, uint32_t slots) const {
  bool any = false;
  live_.ForUnits({r.id, r.slot, slots},
                 [&](uint32_t unit) { any |= live_.always.test(unit); });
  return any;
}

// instrs[at] is d = t. Lets the definition of t write d.
bool Remover::MoveDefinition(std::vector<Instr>& instrs,
                             const std::vector<bool>& gone, size_t at,
                             const llvm::BitVector& live) {
  const Instr& copy = instrs[at];
  Reg d = copy.dst, t = copy.a.reg;
  uint32_t n = copy.n;
  if (d.id == t.id || f_.regs[d.id].in_memory || f_.regs[t.id].in_memory) {
    return false;
  }
  RegRange from{t.id, t.slot, n};
  if (live_.unit_count[t.id] == 1 &&
      (t.slot != 0 || n != f_.regs[t.id].slots)) {
    return false;
  }
  if (live_.unit_count[d.id] == 1 &&
      (d.slot != 0 || n != f_.regs[d.id].slots)) {
    return false;
  }
  if (AnyLive(from, live) || !SameMasks(t, d, n)) return false;
  bool always = IsAlways(d, n) || IsAlways(t, n);
  Effects effects;
  size_t steps = 0;
  for (size_t k = at; k-- > 0 && steps < kReach;) {
    if (gone[k]) continue;
    steps++;
    Instr& i = instrs[k];
    EffectsOf(f_, i, &effects);
    bool defines = false, touches = false, reads_d = false;
    for (const RegRange& def : effects.defs) {
      bool exact = def.reg == t.id && def.slot == t.slot && def.slots == n;
      defines |= exact;
      touches |= !exact && Overlap(def, t, n);
      touches |= Overlap(def, d, n);
    }
    for (const RegRange& use : effects.uses) {
      touches |= Overlap(use, t, n);
      reads_d |= Overlap(use, d, n);
    }
    if (!defines) {
      if (touches || reads_d) return false;
      if (always && (FlagsOf(i.op) & (kCanPanic | kSafepoint)) != 0) {
        return false;
      }
      continue;
    }
    if (touches || (reads_d && WritesEarly(i.op))) return false;
    if (i.op == Op::kStoreLocal || i.op == Op::kSelect) return false;
    if (i.dst == t && CodesOf(i.op).dst != 0) {
      i.dst = d;
      return true;
    }
    for (Reg& r : i.results) {
      if (!(r == t)) continue;
      if (d.slot != 0 || f_.regs[d.id].slots != n) return false;
      r = d;
      return true;
    }
    return false;
  }
  return false;
}

bool Remover::Run() {
  bool changed = false;
  bool any_always = live_.always.any();
  for (size_t b = 0; b < f_.blocks.size(); b++) {
    auto& instrs = f_.blocks[b].instrs;
    llvm::BitVector live = live_.live_out[b];
    if (any_always) live |= live_.always;
    std::vector<bool> gone(instrs.size(), false);
    size_t count = 0;
    for (size_t k = instrs.size(); k-- > 0;) {
      Instr& i = instrs[k];
      bool go = Dead(i, live);
      if (!go && i.op == Op::kCopy && i.a.IsReg()) {
        go = MoveDefinition(instrs, gone, k, live);
      }
      if (go) {
        gone[k] = true;
        count++;
        continue;
      }
      StepBack(f_, live_, i, live);
      if (any_always) live |= live_.always;
    }
    if (count == 0) continue;
    changed = true;
    size_t out = 0;
    for (size_t k = 0; k < instrs.size(); k++) {
      if (gone[k]) continue;
      if (out != k) instrs[out] = std::move(instrs[k]);
      out++;
    }
    instrs.resize(out);
  }
  return changed;
}

}  // namespace

bool RemoveDead(Function& f) { return Remover(f).Run(); }

}  // namespace mgo::ir
