// What is known about registers: versions of their values, and facts.
#include <algorithm>

#include "vm/ir/opt_fold.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"
#include "vm/ir/opt_propagate.h"

namespace mgo::ir::propagate {

void Propagator::Number() {
  first_.resize(f_.regs.size());
  units_.resize(f_.regs.size());
  uint32_t next = 0;
  for (size_t r = 0; r < f_.regs.size(); r++) {
    const RegInfo& reg = f_.regs[r];
    first_[r] = next;
    units_[r] = reg.in_memory || reg.slots == 0 ? 0
                : reg.slots <= kMaxSplitSlots   ? reg.slots
                                                : 1;
    next += units_[r];
  }
  defs_.assign(next, 0);
  version_.assign(next, 0);
  facts_.assign(next, Fact());
}

void Propagator::CountDefs() {
  auto count = [&](Reg r, uint32_t slots) {
    uint32_t unit = Unit(r);
    if (unit == kNoUnit) return;
    uint32_t n = units_[r.id] == 1 ? 1 : slots;
    for (uint32_t k = 0; k < n; k++) defs_[unit + k]++;
  };
  auto entry = [&](Reg r) {
    if (!r.IsValid() || units_[r.id] == 0) return;
    for (uint32_t k = 0; k < units_[r.id]; k++) {
      defs_[first_[r.id] + k]++;
      version_[first_[r.id] + k] = clock_;
    }
  };
  for (Reg r : f_.params) entry(r);
  entry(f_.context);
  for (uint32_t b : cfg_.rpo) {
    for (const Instr& i : f_.blocks[b].instrs) ForEachDef(f_, i, count);
  }
}

int Propagator::MaskOf(Reg r) const {
  const RegInfo& reg = f_.regs[r.id];
  uint32_t word = r.slot / 64, bit = r.slot % 64;
  auto test = [&](const llvm::SmallVectorImpl<uint64_t>& mask) {
    return word < mask.size() && ((mask[word] >> bit) & 1) != 0;
  };
  if (test(reg.pointers)) return 1;
  return test(reg.iface_data) ? 2 : 0;
}

bool Propagator::SameMasks(Reg a, Reg b, uint32_t slots) const {
  for (uint32_t k = 0; k < slots; k++) {
    int mask = MaskOf(a.At(k));
    if (mask != MaskOf(b.At(k))) return false;
    // A data word goes with its type word.
    if (mask == 2 && k == 0) return false;
  }
  return true;
}

// Whether register b may stand for a where code generation asks for a whole
// register and its type.
bool Propagator::SameShape(Reg a, Reg b) const {
  if (a.slot != 0 || b.slot != 0) return false;
  const RegInfo &x = f_.regs[a.id], &y = f_.regs[b.id];
  if (x.slots != y.slots) return false;
  if (x.type == y.type) return x.type != nullptr;
  if (x.type == nullptr || y.type == nullptr) return false;
  const Type *s = types::Underlying(x.type), *t = types::Underlying(y.type);
  if (s == t) return true;
  if (s->kind != t->kind) return false;
  if (s->kind == types::TypeKind::kBasic) return RepOf(s) == RepOf(t);
  return s->kind == types::TypeKind::kSlice ||
         s->kind == types::TypeKind::kPointer;
}

Value Propagator::ValueOf(const Operand& o, uint32_t slots) const {
  Value v;
  if (o.IsImm()) {
    v.kind = Value::kImm;
    v.imm = o.imm;
  } else if (o.IsReg()) {
    uint32_t unit = Unit(o.reg);
    if (unit == kNoUnit) return v;
    v.kind = Value::kReg;
    v.reg = o.reg;
    uint32_t n = units_[o.reg.id] == 1 ? 1 : slots;
    for (uint32_t k = 0; k < n && unit + k < version_.size(); k++) {
      v.version = std::max(v.version, version_[unit + k]);
    }
  }
  return v;
}

bool Propagator::Holds(const Value& v, uint32_t slots) const {
  if (v.kind == Value::kImm) return true;
  if (v.kind == Value::kNone) return false;
  return ValueOf(Operand(v.reg), slots).version == v.version;
}

bool Propagator::StableValue(const Value& v, uint32_t slots) const {
  if (v.kind != Value::kReg) return true;
  uint32_t unit = Unit(v.reg);
  uint32_t n = units_[v.reg.id] == 1 ? 1 : slots;
  for (uint32_t k = 0; k < n; k++) {
    if (!Single(unit + k)) return false;
  }
  return true;
}

// The fact about what the slot holds, if there is one that holds here.
const Fact* Propagator::FactOf(Reg r) const {
  uint32_t unit = Unit(r);
  if (unit == kNoUnit) return nullptr;
  const Fact& fact = facts_[unit];
  if (fact.kind == Fact::kNone) return nullptr;
  if (!fact.stable && fact.epoch != epoch_) return nullptr;
  if (fact.kind == Fact::kCopy) {
    uint32_t n =
        units_[r.id] == 1 && f_.regs[r.id].slots > 1 ? f_.regs[r.id].slots : 1;
    if (!Holds(fact.value, n)) return nullptr;
  }
  return &fact;
}

// The fact about the slot by itself: not_nil, function, expression.
const Fact* Propagator::OwnFactOf(Reg r) const {
  uint32_t unit = Unit(r);
  if (unit == kNoUnit) return nullptr;
  const Fact& fact = facts_[unit];
  return fact.own_stable || fact.epoch == epoch_ ? &fact : nullptr;
}

bool Propagator::LookUp(Reg r, uint32_t slots, Operand* to) const {
  const Fact* fact = FactOf(r);
  if (fact == nullptr) return false;
  if (fact->kind == Fact::kImm) {
    if (slots != 1) return false;
    *to = Operand::Imm(fact->value.imm);
    return true;
  }
  Reg src = fact->value.reg;
  if (units_[r.id] == 1) {
    src = src.At(r.slot);
  } else {
    for (uint32_t k = 1; k < slots; k++) {
      const Fact* next = FactOf(r.At(k));
      if (next == nullptr || next->kind != Fact::kCopy ||
          !(next->value.reg == src.At(k))) {
        return false;
      }
    }
  }
  if (!SameMasks(r, src, slots)) return false;
  *to = Operand(src);
  return true;
}

void Propagator::NoteDefs(const Instr& i) {
  ForEachDef(f_, i, [&](Reg r, uint32_t slots) {
    uint32_t unit = Unit(r);
    if (unit == kNoUnit) return;
    uint32_t n = units_[r.id] == 1 ? 1 : slots;
    for (uint32_t k = 0; k < n; k++) {
      Touch(unit + k);
      version_[unit + k] = ++clock_;
      Fact& fact = facts_[unit + k];
      fact = Fact();
      fact.epoch = epoch_;
      fact.own_stable = defs_[unit + k] == 1;
    }
  });
}

void Propagator::NoteCopy(Reg dst, const Operand& from, uint32_t slots) {
  uint32_t unit = Unit(dst);
  if (unit == kNoUnit) return;
  if (units_[dst.id] == 1 && f_.regs[dst.id].slots > 1) {
    // All of a large register.
    if (slots != f_.regs[dst.id].slots || !from.IsReg() || dst.slot != 0)
      return;
    Value v = ValueOf(from, slots);
    if (v.kind != Value::kReg || from.reg.id == dst.id) return;
    Fact& fact = facts_[unit];
    fact.kind = Fact::kCopy;
    fact.value = v;
    fact.stable = fact.own_stable && StableValue(v, slots);
    return;
  }
  for (uint32_t k = 0; k < slots; k++) {
    Operand part = from;
    if (part.IsReg()) {
      part.reg = part.reg.At(k);
      if (part.reg.id == dst.id) return;
    }
    Value v = ValueOf(part, 1);
    if (v.kind == Value::kNone) return;
    Fact& fact = facts_[unit + k];
    fact.kind = v.kind == Value::kImm ? Fact::kImm : Fact::kCopy;
    fact.value = v;
    fact.stable = fact.own_stable && StableValue(v, 1);
    if (v.kind == Value::kReg) {
      if (const Fact* source = OwnFactOf(part.reg)) {
        fact.not_nil = source->not_nil;
        fact.function = source->function;
      }
    }
  }
}

void Propagator::NoteNotNil(const Operand& o) {
  if (!o.IsReg()) return;
  uint32_t unit = Unit(o.reg);
  if (unit == kNoUnit) return;
  Fact& fact = facts_[unit];
  bool single = Single(unit);
  if (fact.epoch != epoch_ && !single) return;
  if (fact.not_nil) return;
  Touch(unit);
  facts_[unit].not_nil = true;
  if (single) facts_[unit].own_stable = true;
}

void Propagator::NoteFacts(const Instr& i) {
  switch (i.op) {
    case Op::kConst:
      NoteCopy(i.dst, Operand::Imm(i.imm), 1);
      break;
    case Op::kZero:
      if (units_[i.dst.id] != 1 || f_.regs[i.dst.id].slots == 1) {
        for (uint32_t k = 0; k < i.n; k++) {
          NoteCopy(i.dst.At(k), Operand::Imm(0), 1);
        }
      }
      break;
    case Op::kCopy:
      NoteCopy(i.dst, i.a, i.n);
      break;
    case Op::kMakeClosure:
    case Op::kConstRef: {
      uint32_t unit = Unit(i.dst);
      if (unit == kNoUnit) break;
      facts_[unit].not_nil = true;
      if (i.ref.kind == RefKind::kFunction && i.imm == 0) {
        facts_[unit].function = i.ref.func;
      }
      break;
    }
    case Op::kNew:
    case Op::kFrameAddr:
    case Op::kElemAddr:
    case Op::kPtrElemAddr:
    case Op::kFieldAddr:
    case Op::kMapAssign:
      NoteNotNil(Operand(i.dst));
      break;
    default:
      break;
  }
  switch (i.op) {
    case Op::kLoad:
    case Op::kStore:
    case Op::kFieldAddr:
    case Op::kNilCheck:
    case Op::kPtrElemLoad:
    case Op::kPtrElemStore:
    case Op::kPtrElemAddr:
    case Op::kMemZero:
    case Op::kCallClosure:
      if (!(i.a.IsReg() && i.dst.IsValid() && i.a.reg.id == i.dst.id)) {
        NoteNotNil(i.a);
      }
      break;
    default:
      break;
  }
}

}  // namespace mgo::ir::propagate
