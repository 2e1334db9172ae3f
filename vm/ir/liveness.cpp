#include "vm/ir/liveness.h"

namespace mgo::ir {

uint32_t SlotsOfType(const Type* type) {
  return static_cast<uint32_t>(types::SlotsOf(type));
}

namespace {

// Collects the ranges of one instruction.
class EffectsBuilder {
 public:
  EffectsBuilder(const Function& f, const Instr& instr, Effects* out)
      : f_(f), i_(instr), out_(out) {}

  void Use(const Operand& o, uint32_t slots = 1) {
    if (o.IsReg() && slots > 0) {
      out_->uses.push_back({o.reg.id, o.reg.slot, slots});
    }
  }
  // The operand is a whole register of unknown extent: what is left of it.
  void UseRest(const Operand& o) {
    if (o.IsReg()) Use(o, f_.regs[o.reg.id].slots - o.reg.slot);
  }
  void Def(Reg r, uint32_t slots = 1) {
    if (r.IsValid() && slots > 0) out_->defs.push_back({r.id, r.slot, slots});
  }
  void DefRest(Reg r) {
    if (r.IsValid()) Def(r, f_.regs[r.id].slots - r.slot);
  }
  uint32_t TypeSlots() const { return SlotsOfType(i_.type); }

  void Build();

 private:
  void Memory();
  void Strings();
  void MapsAndChannels();
  void Calls();

  const Function& f_;
  const Instr& i_;
  Effects* out_;
};

void EffectsBuilder::Calls() {
  switch (i_.op) {
    case Op::kCallClosure:
      Use(i_.a);
      break;
    case Op::kCallIface:
      Use(i_.a, 2);
      break;
    default:
      break;
  }
  for (const Operand& arg : i_.args) UseRest(arg);
  for (Reg result : i_.results) DefRest(result);
  if (i_.op == Op::kMakeClosure) Def(i_.dst);
}

void EffectsBuilder::Memory() {
  switch (i_.op) {
    case Op::kLoad:
      Use(i_.a);
      Def(i_.dst, TypeSlots());
      break;
    case Op::kStore:
      Use(i_.a);
      Use(i_.b, TypeSlots());
      break;
    case Op::kLoadLocal:
      Use(Operand(i_.a.reg.At(static_cast<uint32_t>(i_.imm / 8))));
      Def(i_.dst);
      break;
    case Op::kStoreLocal: {
      Reg part = i_.dst.At(static_cast<uint32_t>(i_.imm / 8));
      Use(i_.b);
      Use(Operand(part));  // the rest of the slot stays
      Def(part);
      break;
    }
    case Op::kElemLoad:
      Use(i_.a, 2);
      Use(i_.b);
      Def(i_.dst, TypeSlots());
      break;
    case Op::kElemStore:
      Use(i_.a, 2);
      Use(i_.b);
      Use(i_.c, TypeSlots());
      break;
    case Op::kElemAddr:
      Use(i_.a, 2);
      Use(i_.b);
      Def(i_.dst);
      break;
    case Op::kPtrElemLoad:
      Use(i_.a);
      Use(i_.b);
      Def(i_.dst, TypeSlots());
      break;
    case Op::kPtrElemStore:
      Use(i_.a);
      Use(i_.b);
      Use(i_.c, TypeSlots());
      break;
    case Op::kBox:
      Use(i_.a, TypeSlots());
      Def(i_.dst);
      break;
    default:
      break;
  }
}

void EffectsBuilder::Strings() {
  switch (i_.op) {
    case Op::kStrConcat:
      for (const Operand& arg : i_.args) Use(arg, 2);
      Def(i_.dst, 2);
      break;
    case Op::kStrEq:
    case Op::kStrLt:
    case Op::kStrLe:
    case Op::kIfaceEq:
      Use(i_.a, 2);
      Use(i_.b, 2);
      Def(i_.dst);
      break;
    case Op::kStrSlice:
      Use(i_.a, 2);
      Use(i_.b);
      Use(i_.c);
      Def(i_.dst, 2);
      break;
    case Op::kSliceSlice:
      Use(i_.a, 3);
      for (const Operand& arg : i_.args) Use(arg);
      Def(i_.dst, 3);
      break;
    case Op::kArraySlice:
      Use(i_.a);
      for (const Operand& arg : i_.args) Use(arg);
      Def(i_.dst, 3);
      break;
    case Op::kSliceToArrayPtr:
      Use(i_.a, 3);
      Def(i_.dst);
      break;
    case Op::kAppend:
      Use(i_.a, 3);
      for (const Operand& arg : i_.args) Use(arg, TypeSlots());
      Def(i_.dst, 3);
      break;
    case Op::kAppendSlice:
    case Op::kCopySlice:
      Use(i_.a, 3);
      UseRest(i_.b);
      Def(i_.dst, i_.op == Op::kAppendSlice ? 3 : 1);
      break;
    case Op::kStrToBytes:
    case Op::kStrToRunes:
      Use(i_.a, 2);
      Def(i_.dst, 3);
      break;
    case Op::kBytesToStr:
    case Op::kRunesToStr:
      Use(i_.a, 3);
      Def(i_.dst, 2);
      break;
    case Op::kRuneToStr:
      Use(i_.a);
      Def(i_.dst, 2);
      break;
    case Op::kDecodeRune:
      Use(i_.a, 2);
      Use(i_.b);
      Def(i_.dst);
      if (i_.c.IsReg()) Def(i_.c.reg);
      break;
    default:
      break;
  }
}

void EffectsBuilder::MapsAndChannels() {
  const types::Map* map =
      i_.type == nullptr ? nullptr : types::As<types::Map>(i_.type);
  switch (i_.op) {
    case Op::kMapLoad:
    case Op::kMapLoadOk:
      Use(i_.a);
      Use(i_.b, SlotsOfType(map->key));
      Def(i_.dst, SlotsOfType(map->value));
      if (i_.op == Op::kMapLoadOk && i_.c.IsReg()) Def(i_.c.reg);
      break;
    case Op::kMapAssign:
    case Op::kMapDelete:
      Use(i_.a);
      Use(i_.b, SlotsOfType(map->key));
      Def(i_.dst);
      break;
    case Op::kMapIterInit:
      Use(i_.a);
      DefRest(i_.dst);
      break;
    case Op::kMapIterNext:
      UseRest(i_.a);
      if (i_.b.IsReg()) Def(i_.b.reg, SlotsOfType(map->key));
      if (i_.c.IsReg()) Def(i_.c.reg, SlotsOfType(map->value));
      break;
    case Op::kChanSend:
      Use(i_.a);
      Use(i_.b, TypeSlots());
      break;
    case Op::kChanRecv:
      Use(i_.a);
      Def(i_.dst, i_.dst.IsValid() ? TypeSlots() : 0);
      if (i_.c.IsReg()) Def(i_.c.reg);
      break;
    case Op::kSelect:
      for (const SelectCase& c : i_.cases) {
        Use(c.chan);
        uint32_t slots = SlotsOfType(c.elem);
        if (c.send) {
          Use(Operand(c.value), slots);
        } else {
          // Only the chosen case's variable is written: the others stay.
          Use(Operand(c.value), slots);
          Def(c.value, slots);
        }
      }
      Def(i_.dst);
      if (i_.c.IsReg()) Def(i_.c.reg);
      break;
    default:
      break;
  }
}

void EffectsBuilder::Build() {
  switch (i_.op) {
    case Op::kConstString:
      Def(i_.dst, 2);
      break;
    case Op::kCopy:
      Use(i_.a, i_.n);
      Def(i_.dst, i_.n);
      break;
    case Op::kZero:
      Def(i_.dst, i_.n);
      break;
    case Op::kFrameAddr:
      Def(i_.dst);
      break;
    case Op::kLoad:
    case Op::kStore:
    case Op::kLoadLocal:
    case Op::kStoreLocal:
    case Op::kElemLoad:
    case Op::kElemStore:
    case Op::kElemAddr:
    case Op::kPtrElemLoad:
    case Op::kPtrElemStore:
    case Op::kBox:
      Memory();
      break;
    case Op::kMakeSlice:
      Use(i_.a);
      Use(i_.b);
      Def(i_.dst, 3);
      break;
    case Op::kMakeClosure:
    case Op::kCall:
    case Op::kCallClosure:
    case Op::kCallIface:
    case Op::kCallNative:
      Calls();
      break;
    case Op::kStrConcat:
    case Op::kStrEq:
    case Op::kStrLt:
    case Op::kStrLe:
    case Op::kStrSlice:
    case Op::kSliceSlice:
    case Op::kArraySlice:
    case Op::kSliceToArrayPtr:
    case Op::kAppend:
    case Op::kAppendSlice:
    case Op::kCopySlice:
    case Op::kStrToBytes:
    case Op::kStrToRunes:
    case Op::kBytesToStr:
    case Op::kRunesToStr:
    case Op::kRuneToStr:
    case Op::kDecodeRune:
    case Op::kIfaceEq:
      Strings();
      break;
    case Op::kMapLoad:
    case Op::kMapLoadOk:
    case Op::kMapAssign:
    case Op::kMapDelete:
    case Op::kMapIterInit:
    case Op::kMapIterNext:
    case Op::kChanSend:
    case Op::kChanRecv:
    case Op::kSelect:
      MapsAndChannels();
      break;
    case Op::kTypeOf:
      Use(i_.a, 2);
      Def(i_.dst);
      break;
    case Op::kAssertIface:
      Use(i_.a, 2);
      Def(i_.dst, 2);
      if (i_.c.IsReg()) Def(i_.c.reg);
      break;
    case Op::kPanicAssert:
    case Op::kPanic:
      Use(i_.a, 2);
      break;
    case Op::kRecover:
      Def(i_.dst, 2);
      break;
    case Op::kValueEq:
      Use(i_.a, TypeSlots());
      Use(i_.b, TypeSlots());
      Def(i_.dst);
      break;
    case Op::kPrint:
      for (const Operand& arg : i_.args) UseRest(arg);
      break;
    case Op::kRunDefers:
    case Op::kReturn:
      for (Reg result : f_.results) UseRest(Operand(result));
      break;
    default:
      // Scalar operands and one scalar result.
      Use(i_.a);
      Use(i_.b);
      Use(i_.c);
      Def(i_.dst);
      break;
  }
}

void NumberUnits(const Function& f, Liveness* l) {
  l->first_unit.resize(f.regs.size());
  l->unit_count.resize(f.regs.size());
  for (size_t r = 0; r < f.regs.size(); r++) {
    const RegInfo& reg = f.regs[r];
    l->first_unit[r] = l->units;
    uint32_t count = reg.in_memory || reg.slots == 0 ? 0
                     : reg.slots <= kMaxSplitSlots   ? reg.slots
                                                     : 1;
    l->unit_count[r] = count;
    l->units += count;
  }
}

}  // namespace

void EffectsOf(const Function& f, const Instr& instr, Effects* out) {
  out->uses.clear();
  out->defs.clear();
  EffectsBuilder(f, instr, out).Build();
}

void StepBack(const Function& f, const Liveness& liveness, const Instr& instr,
              llvm::BitVector& live) {
  Effects effects;
  EffectsOf(f, instr, &effects);
  for (const RegRange& def : effects.defs) {
    if (!liveness.Covers(f, def)) continue;
    liveness.ForUnits(def, [&](uint32_t unit) { live.reset(unit); });
  }
  for (const RegRange& use : effects.uses) {
    liveness.ForUnits(use, [&](uint32_t unit) { live.set(unit); });
  }
}

Liveness ComputeLiveness(const Function& f) {
  Liveness l;
  NumberUnits(f, &l);
  size_t blocks = f.blocks.size();
  // Per block: read before written, and written before read.
  std::vector<llvm::BitVector> gen(blocks), kill(blocks);
  l.live_in.assign(blocks, llvm::BitVector(l.units));
  l.live_out.assign(blocks, llvm::BitVector(l.units));
  Effects effects;
  for (size_t b = 0; b < blocks; b++) {
    gen[b].resize(l.units);
    kill[b].resize(l.units);
    for (const Instr& instr : f.blocks[b].instrs) {
      EffectsOf(f, instr, &effects);
      for (const RegRange& use : effects.uses) {
        l.ForUnits(use, [&](uint32_t u) {
          if (!kill[b].test(u)) gen[b].set(u);
        });
      }
      for (const RegRange& def : effects.defs) {
        if (!l.Covers(f, def)) continue;
        l.ForUnits(def, [&](uint32_t u) { kill[b].set(u); });
      }
    }
  }
  bool changed = true;
  while (changed) {
    changed = false;
    for (size_t i = blocks; i-- > 0;) {
      if (f.blocks[i].instrs.empty()) continue;
      llvm::BitVector out(l.units);
      for (uint32_t target : f.blocks[i].instrs.back().targets) {
        out |= l.live_in[target];
      }
      llvm::BitVector in = out;
      in.reset(kill[i]);
      in |= gen[i];
      l.live_out[i] = std::move(out);
      if (in != l.live_in[i]) {
        l.live_in[i] = std::move(in);
        changed = true;
      }
    }
  }
  l.always.resize(l.units);
  if (f.recovery_block != Function::kNoBlock) {
    l.always = l.live_in[f.recovery_block];
  }
  return l;
}

}  // namespace mgo::ir
