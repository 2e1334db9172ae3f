// Expressions that have been computed, and loads: found again, remembered,
// forgotten.
#include <algorithm>

#include "vm/ir/opt_fold.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"
#include "vm/ir/opt_propagate.h"

namespace mgo::ir::propagate {

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

}  // namespace mgo::ir::propagate
