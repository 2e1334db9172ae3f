// Scalar promotion: frame memory becomes registers again when its address is
// only loaded from and stored to, at offsets known here. What was memory
// because a closure or a method wanted a pointer is so no more when that has
// been inlined.
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"

namespace mgo::ir {

namespace {

class Promoter {
 public:
  explicit Promoter(Function& f) : f_(f) {}
  bool Run();

 private:
  // An address register: what it points to.
  struct Address {
    uint32_t object = kNoReg;
    int64_t offset = 0;
    uint32_t defs = 0;
  };

  void FindAddresses();
  void CheckUses();
  bool CanAccess(const Instr& i, const Address& address) const;
  bool WholeSlots(int64_t offset, const Type* t) const;
  void Rewrite(Instr& i, const Address& address);

  Function& f_;
  std::vector<Address> addresses_;  // by register
  std::vector<bool> candidate_;     // by register
};

void Promoter::FindAddresses() {
  addresses_.assign(f_.regs.size(), Address());
  candidate_.assign(f_.regs.size(), false);
  for (size_t r = 0; r < f_.regs.size(); r++) {
    const RegInfo& reg = f_.regs[r];
    candidate_[r] = reg.in_memory && reg.slots != 0 &&
                    (reg.type != nullptr || reg.name == ".closure");
  }
  for (Reg r : f_.params) addresses_[r.id].defs++;
  if (f_.context.IsValid()) addresses_[f_.context.id].defs++;
  for (const Block& block : f_.blocks) {
    for (const Instr& i : block.instrs) {
      ForEachDef(f_, i, [&](Reg r, uint32_t) { addresses_[r.id].defs++; });
      if (i.op != Op::kFrameAddr) continue;
      Address& address = addresses_[i.dst.id];
      // A register that may point to either of two objects: to neither surely.
      if (address.object != kNoReg) candidate_[address.object] = false;
      address.object = i.a.reg.id;
      address.offset = i.imm + i.a.reg.slot * 8;
      if (i.dst.slot != 0 || f_.regs[i.dst.id].slots != 1 ||
          f_.regs[i.dst.id].in_memory) {
        candidate_[i.a.reg.id] = false;
      }
    }
  }
  for (const Address& address : addresses_) {
    if (address.object != kNoReg && address.defs != 1) {
      candidate_[address.object] = false;
    }
  }
}

bool Promoter::WholeSlots(int64_t offset, const Type* t) const {
  if (offset % 8 != 0) return false;
  Rep rep = RepOf(t);
  if (rep != Rep::kNone) return WidthOf(rep) == 8;
  return types::SizeOf(t) % 8 == 0;
}

// Whether the load or store can work on the register.
bool Promoter::CanAccess(const Instr& i, const Address& address) const {
  const RegInfo& object = f_.regs[address.object];
  if (i.op == Op::kMemZero) {
    return address.offset == 0 && i.type == object.type;
  }
  int64_t offset = address.offset + i.imm;
  int64_t size = types::SizeOf(i.type);
  if (offset < 0 || size == 0 || offset + size > int64_t{object.slots} * 8) {
    return false;
  }
  Rep rep = RepOf(i.type);
  Rep own = object.type == nullptr ? Rep::kNone : RepOf(object.type);
  if (own != Rep::kNone) {
    // A scalar variable, accessed as what it is or bit by bit.
    return offset == 0 &&
           (rep == own || (WidthOf(rep) == 8 && WidthOf(own) == 8));
  }
  if (WholeSlots(offset, i.type)) {
    // A data word alone cannot be told from its type word's point of view.
    auto slot = static_cast<uint32_t>(offset / 8);
    uint32_t word = slot / 64;
    bool data = word < object.iface_data.size() &&
                ((object.iface_data[word] >> (slot % 64)) & 1) != 0;
    return !data;
  }
  if (rep != Rep::kNone) return true;
  return offset == 0 && i.type == object.type;
}

void Promoter::CheckUses() {
  for (Block& block : f_.blocks) {
    for (Instr& i : block.instrs) {
      bool direct =
          i.op == Op::kLoad || i.op == Op::kStore || i.op == Op::kMemZero;
      const Operand* base = &i.a;
      ForEachUse(f_, i, [&](Operand& o, uint32_t, UseKind) {
        if (!o.IsReg()) return;
        const Address& address = addresses_[o.reg.id];
        if (address.object == kNoReg) return;
        if (!direct || &o != base || !CanAccess(i, address)) {
          candidate_[address.object] = false;
        }
      });
      // Values that are no operands.
      for (const SelectCase& c : i.cases) {
        if (!c.value.IsValid()) continue;
        const Address& address = addresses_[c.value.id];
        if (address.object != kNoReg) candidate_[address.object] = false;
      }
      if (i.op == Op::kMapIterNext && i.a.IsReg()) {
        candidate_[i.a.reg.id] = false;
      }
    }
  }
  for (Reg r : f_.results) {
    const Address& address = addresses_[r.id];
    if (address.object != kNoReg) candidate_[address.object] = false;
  }
}

void Promoter::Rewrite(Instr& i, const Address& address) {
  const RegInfo& object = f_.regs[address.object];
  Reg whole{address.object, 0};
  if (i.op == Op::kMemZero) {
    i.op = Op::kZero;
    i.dst = whole;
    i.n = object.slots;
    i.a = Operand();
    return;
  }
  int64_t offset = address.offset + i.imm;
  Rep own = object.type == nullptr ? Rep::kNone : RepOf(object.type);
  bool slots = own != Rep::kNone || WholeSlots(offset, i.type) ||
               RepOf(i.type) == Rep::kNone;
  Reg part = whole.At(static_cast<uint32_t>(offset / 8));
  bool load = i.op == Op::kLoad;
  if (!slots) {
    i.op = load ? Op::kLoadLocal : Op::kStoreLocal;
    i.imm = offset;
    i.rep = RepOf(i.type);
    if (load) {
      i.a = Operand(whole);
    } else {
      i.dst = whole;
      i.a = Operand();
    }
    return;
  }
  i.imm = 0;
  i.n = SlotsOfType(i.type);
  if (load) {
    i.op = Op::kCopy;
    i.a = Operand(part);
    return;
  }
  i.dst = part;
  i.a = i.b;
  i.b = Operand();
  i.op = Op::kCopy;
  if (i.a.IsImm()) {
    i.op = Op::kConst;
    i.imm = i.a.imm;
    i.a = Operand();
  }
}

bool Promoter::Run() {
  bool any = false;
  for (const RegInfo& reg : f_.regs) any |= reg.in_memory;
  if (!any) return false;
  FindAddresses();
  CheckUses();
  any = false;
  for (size_t r = 0; r < candidate_.size(); r++) {
    if (!candidate_[r]) continue;
    any = true;
    f_.regs[r].in_memory = false;
  }
  if (!any) return false;
  for (Block& block : f_.blocks) {
    size_t out = 0;
    for (size_t k = 0; k < block.instrs.size(); k++) {
      Instr& i = block.instrs[k];
      if (i.op == Op::kFrameAddr && candidate_[i.a.reg.id]) continue;
      bool direct =
          i.op == Op::kLoad || i.op == Op::kStore || i.op == Op::kMemZero;
      if (direct && i.a.IsReg()) {
        const Address& address = addresses_[i.a.reg.id];
        if (address.object != kNoReg && candidate_[address.object]) {
          Rewrite(i, address);
        }
      }
      if (out != k) block.instrs[out] = std::move(i);
      out++;
    }
    block.instrs.resize(out);
  }
  return true;
}

}  // namespace

bool PromoteFrameMemory(Function& f) { return Promoter(f).Run(); }

}  // namespace mgo::ir
