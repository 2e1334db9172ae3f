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
#include <algorithm>

#include "vm/ir/opt_cfg.h"
#include "vm/ir/opt_fold.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"

namespace mgo::ir {

namespace {

constexpr uint32_t kNoUnit = UINT32_MAX;
// Loads that are remembered at a time.
constexpr size_t kMaxLoads = 12;

// A value as it was at some moment: an immediate, or slots of a register at a
// version.
struct Value {
  enum Kind : uint8_t { kNone, kImm, kReg } kind = kNone;
  Reg reg;
  uint32_t version = 0;
  int64_t imm = 0;
  friend bool operator==(const Value& a, const Value& b) {
    return a.kind == b.kind && a.reg == b.reg && a.version == b.version &&
           a.imm == b.imm;
  }
};

struct Fact {
  enum Kind : uint8_t { kNone, kImm, kCopy } kind = kNone;
  bool stable = false;  // the kind's
  bool not_nil = false;
  bool own_stable =
      false;  // of not_nil, function, expression: unit written once
  uint32_t epoch = 0;
  Value value;
  Function* function = nullptr;      // a func value of that function
  uint32_t expression = UINT32_MAX;  // in exprs_
};

// An expression that has been computed into a register.
struct Expr {
  Op op;
  Rep rep, from;
  int64_t imm;
  const void* extra;
  const void* extra2;
  Value a, b, c;
  Reg dst;
  uint32_t dst_version;
  uint32_t slots;
  bool stable;
  uint32_t epoch;
  uint32_t bucket, next;
};

// A load whose result is known.
struct Known {
  Op op;
  Value a, b;
  int64_t imm;
  const Type* type;
  Value value;
  uint32_t slots;
};

class Propagator {
 public:
  explicit Propagator(Function& f) : f_(f), cfg_(BuildCfg(f, true)) {}
  bool Run();

 private:
  struct Undo {
    uint32_t unit;
    uint32_t version;
    Fact fact;
  };
  struct Visit {
    uint32_t block;
    uint32_t next_child;
    size_t undo, exprs;
    uint32_t epoch;
    std::vector<Known> loads;  // at the block's end
  };

  void Number();
  void CountDefs();
  uint32_t Unit(Reg r) const {
    uint32_t n = units_[r.id];
    if (n == 0) return kNoUnit;
    return first_[r.id] + (n == 1 ? 0 : r.slot);
  }
  bool Single(uint32_t unit) const {
    return defs_[unit] == 1 && version_[unit] != 0;
  }
  void Touch(uint32_t unit) {
    undo_.push_back({unit, version_[unit], facts_[unit]});
  }
  // Which slots the collector follows: 0 none, 1 pointers, 2 data words.
  int MaskOf(Reg r) const;
  bool SameMasks(Reg a, Reg b, uint32_t slots) const;
  bool SameShape(Reg a, Reg b) const;

  Value ValueOf(const Operand& o, uint32_t slots) const;
  bool Holds(const Value& v, uint32_t slots) const;
  bool StableValue(const Value& v, uint32_t slots) const;
  Operand AsOperand(const Value& v) const {
    return v.kind == Value::kImm ? Operand::Imm(v.imm) : Operand(v.reg);
  }
  const Fact* FactOf(Reg r) const;
  const Fact* OwnFactOf(Reg r) const;
  bool LookUp(Reg r, uint32_t slots, Operand* to) const;

  void Walk();
  void WalkBlock(uint32_t b);
  // Returns false when the instruction is to go.
  bool VisitInstr(Instr& i);
  void RewriteUses(Instr& i);
  void RewriteLocal(Instr& i);
  void FoldMore(Instr& i);
  void FuseBranch(Instr& i);
  void BindCall(Instr& i);
  bool FindExpression(Instr& i, Expr* key, uint32_t* bucket);
  bool FindLoad(Instr& i);
  void NoteLoad(const Instr& i);
  void NoteMemory(const Instr& i);
  void NoteDefs(const Instr& i);
  void NoteFacts(const Instr& i);
  void NoteCopy(Reg dst, const Operand& from, uint32_t slots);
  void NoteNotNil(const Operand& o);
  void ToCopy(Instr& i, const Value& v, uint32_t slots);

  Function& f_;
  Cfg cfg_;
  bool changed_ = false;
  std::vector<uint32_t> first_, units_;   // by register
  std::vector<uint32_t> defs_, version_;  // by unit
  std::vector<Fact> facts_;
  std::vector<Undo> undo_;
  std::vector<Expr> exprs_;
  std::vector<uint32_t> buckets_;
  std::vector<Known> loads_;
  uint32_t epoch_ = 1, next_epoch_ = 2, clock_ = 1;
  std::vector<std::vector<uint32_t>> children_;
};

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

// Looks the instruction's expression up. If a register holds it already the
// instruction becomes a copy and the result is true; else *key and *bucket are
// what to remember, unless key->slots is 0.
bool Propagator::FindExpression(Instr& i, Expr* key, uint32_t* bucket) {
  key->slots = 0;
  switch (i.op) {
    case Op::kElemAddr:
    case Op::kPtrElemAddr:
    case Op::kFieldAddr:
      break;
    default:
      if (!IsPure(i)) return false;
      break;
    case Op::kConst:
    case Op::kCopy:
    case Op::kZero:
    case Op::kLoadLocal:
      return false;
  }
  if (Unit(i.dst) == kNoUnit) return false;
  // The step of a counter costs no more than the copy it could become, and code
  // generation makes it part of the loop's branch.
  if (i.op == Op::kAdd && i.b.IsImm() && i.a.IsReg() && i.a.reg == i.dst) {
    return false;
  }
  Expr e{};
  e.op = i.op;
  e.rep = i.rep;
  e.from = i.from;
  e.imm = i.imm;
  e.extra = i.type;
  if (i.op == Op::kConstRef) {
    e.extra = i.ref.func != nullptr     ? static_cast<const void*>(i.ref.func)
              : i.ref.global != nullptr ? static_cast<const void*>(i.ref.global)
                                        : i.ref.type;
    e.extra2 = i.ref.iface;
    e.imm = static_cast<int64_t>(i.ref.kind) + i.imm * 256;
    if (i.ref.kind == RefKind::kNative) return false;
  } else if (i.op == Op::kConstString) {
    e.extra = i.text.data();
    e.imm = static_cast<int64_t>(i.text.size());
  } else if (i.op == Op::kFrameAddr) {
    e.extra2 = &f_.regs[i.a.reg.id];
    e.imm = i.imm + i.a.reg.slot * 8;
  }
  bool ok = true, stable = true;
  const OperandCodes& codes = CodesOf(i.op);
  auto take = [&](const Operand& o, char code, Value* v) {
    if (code == 0 || o.IsAbsent()) return;
    UseShape shape = ShapeOfUse(f_, i, o, code);
    *v = ValueOf(o, shape.slots);
    if (v->kind == Value::kNone) ok = false;
    stable &= StableValue(*v, shape.slots);
  };
  take(i.a, codes.a, &e.a);
  take(i.b, codes.b, &e.b);
  take(i.c, codes.c, &e.c);
  if (!ok) return false;
  e.stable = stable;
  uint64_t h = static_cast<uint64_t>(e.op) * 0x9E3779B97F4A7C15u;
  auto mix = [&](uint64_t x) {
    h = (h ^ x) * 0xFF51AFD7ED558CCDu;
    h ^= h >> 32;
  };
  mix(static_cast<uint64_t>(e.imm));
  mix(reinterpret_cast<uint64_t>(e.extra));
  for (const Value* v : {&e.a, &e.b, &e.c}) {
    mix(static_cast<uint64_t>(v->imm) + (uint64_t{v->reg.id} << 32) +
        v->reg.slot + (uint64_t{v->version} << 8));
  }
  *bucket =
      static_cast<uint32_t>(h) & (static_cast<uint32_t>(buckets_.size()) - 1);
  uint32_t slots = i.op == Op::kConstString ? 2 : 1;
  for (uint32_t k = buckets_[*bucket]; k != UINT32_MAX; k = exprs_[k].next) {
    const Expr& x = exprs_[k];
    if (x.op != e.op || x.rep != e.rep || x.from != e.from || x.imm != e.imm ||
        x.extra != e.extra || x.extra2 != e.extra2 || !(x.a == e.a) ||
        !(x.b == e.b) || !(x.c == e.c)) {
      continue;
    }
    if (!x.stable && x.epoch != epoch_) continue;
    Value held;
    held.kind = Value::kReg;
    held.reg = x.dst;
    held.version = x.dst_version;
    if (!Holds(held, slots) || !SameMasks(i.dst, x.dst, slots)) continue;
    // A stable expression may lie in a register that is not.
    if (x.epoch != epoch_ && !StableValue(held, slots)) continue;
    if (x.dst == i.dst) continue;
    ToCopy(i, held, slots);
    return true;
  }
  e.slots = slots;
  *key = e;
  return false;
}

bool Propagator::FindLoad(Instr& i) {
  if (i.op != Op::kLoad && i.op != Op::kElemLoad && i.op != Op::kPtrElemLoad) {
    return false;
  }
  Value a = ValueOf(i.a, i.op == Op::kElemLoad ? 2 : 1);
  Value b = ValueOf(i.b, 1);
  if (Unit(i.dst) == kNoUnit) return false;
  uint32_t slots = SlotsOfType(i.type);
  for (const Known& k : loads_) {
    if (k.op != i.op || !(k.a == a) || !(k.b == b) || k.imm != i.imm ||
        k.slots != slots) {
      continue;
    }
    if (k.type != i.type) {
      Rep rep = RepOf(i.type);
      if (rep == Rep::kNone || rep != RepOf(k.type)) continue;
    }
    if (!Holds(k.value, slots)) continue;
    if (k.value.kind == Value::kReg && !SameMasks(i.dst, k.value.reg, slots)) {
      continue;
    }
    ToCopy(i, k.value, slots);
    return true;
  }
  return false;
}

// Remembers what a load or store says about memory. Runs after NoteDefs.
void Propagator::NoteLoad(const Instr& i) {
  Known k{};
  k.imm = i.imm;
  k.type = i.type;
  switch (i.op) {
    case Op::kLoad:
    case Op::kElemLoad:
    case Op::kPtrElemLoad:
      k.op = i.op;
      k.slots = SlotsOfType(i.type);
      k.value = ValueOf(Operand(i.dst), k.slots);
      // Loaded over its own address?
      if (i.a.reg.id == i.dst.id || (i.b.IsReg() && i.b.reg.id == i.dst.id)) {
        return;
      }
      break;
    case Op::kStore:
      k.op = Op::kLoad;
      k.slots = SlotsOfType(i.type);
      k.value = ValueOf(i.b, k.slots);
      break;
    case Op::kElemStore:
    case Op::kPtrElemStore:
      k.op = i.op == Op::kElemStore ? Op::kElemLoad : Op::kPtrElemLoad;
      k.slots = SlotsOfType(i.type);
      k.value = ValueOf(i.c, k.slots);
      break;
    default:
      return;
  }
  if (k.slots == 0 || k.value.kind == Value::kNone) return;
  k.a = ValueOf(i.a, k.op == Op::kElemLoad ? 2 : 1);
  if (k.op != Op::kLoad) k.b = ValueOf(i.b, 1);
  if (k.a.kind != Value::kReg) return;
  if (loads_.size() >= kMaxLoads) loads_.erase(loads_.begin());
  loads_.push_back(k);
}

void Propagator::NoteMemory(const Instr& i) {
  if (!WritesMemory(f_, i)) return;
  if (i.op == Op::kStore) {
    Value a = ValueOf(i.a, 1);
    int64_t size = types::SizeOf(i.type);
    llvm::erase_if(loads_, [&](const Known& k) {
      if (k.op != Op::kLoad || !(k.a == a)) return true;
      return i.imm < k.imm + types::SizeOf(k.type) && k.imm < i.imm + size;
    });
    return;
  }
  loads_.clear();
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

}  // namespace

bool Propagate(Function& f) { return Propagator(f).Run(); }

}  // namespace mgo::ir
