// Several IR instructions as one.
//
// A run of instructions that hands one value from each to the next, where
// nobody else wants it, becomes one instruction of the interpreter: an update
// of memory (`p.n += x`, `a[i]++`, `b.vx -= dx * m`), arithmetic with an
// operand in memory (`sum += a[i]`), a multiplication that is added. What is
// saved is dispatch, and the way of the value through the frame. Runs stand in
// one block and in order; the values between must be dead behind them.
#include <algorithm>

#include "vm/codegen/emit.h"

namespace mgo::codegen {

using ir::Instr;
using ir::Op;
using ir::Operand;
using ir::Rep;

namespace {

constexpr size_t kLongestRun = 4;

bool IsWord(Rep rep) {
  return rep == Rep::kI64 || rep == Rep::kU64 || rep == Rep::kF64;
}

bool IsAddOrSub(const Instr& i) {
  return (i.op == Op::kAdd || i.op == Op::kSub) && IsWord(i.rep);
}

bool IsFloatMul(const Instr& i) {
  return i.op == Op::kMul && i.rep == Rep::kF64 && i.a.IsReg() && i.b.IsReg();
}

bool IsLoad(const Instr& i) {
  return (i.op == Op::kLoad || i.op == Op::kElemLoad) &&
         IsWord(ir::RepOf(i.type));
}

// Whether `store` writes where `load` has read.
bool SamePlace(const Instr& load, const Instr& store) {
  Op wanted = load.op == Op::kLoad ? Op::kStore : Op::kElemStore;
  if (store.op != wanted || !load.a.IsReg() || !store.a.IsReg() ||
      !(load.a.reg == store.a.reg) ||
      ir::RepOf(load.type) != ir::RepOf(store.type)) {
    return false;
  }
  if (load.op == Op::kLoad) return load.imm == store.imm;
  if (load.b.IsReg()) {
    return store.b.IsReg() && load.b.reg == store.b.reg;
  }
  return store.b.IsImm() && load.b.imm == store.b.imm;
}

bool IsReg(const Operand& o, ir::Reg r) { return o.IsReg() && o.reg == r; }

// The operand of an addition (or of a subtraction from `value`) that is not
// `value`; absent: it is no such operation.
Operand OtherOperand(const Instr& op, ir::Reg value) {
  if (IsReg(op.a, value) && !IsReg(op.b, value)) return op.b;
  bool commutes = op.op != Op::kSub;
  if (commutes && IsReg(op.b, value) && !IsReg(op.a, value)) return op.a;
  return {};
}

// The opcode that exchanges elements of that type; kCount: none does.
Opcode SwapOp(const types::Type* type) {
  Rep rep = ir::RepOf(type);
  if (IsWord(rep)) return Opcode::kSwapElem64;
  if (rep == Rep::kPtr && types::HasPointers(type)) {
    return Opcode::kSwapElemPtr;
  }
  if (types::IsBasic(types::Underlying(type), types::kIsString)) {
    return Opcode::kSwapElemStr;
  }
  return Opcode::kCount;
}

// `t = a[j]; u = a[i]; a[i] = t; a[j] = u`.
bool IsSwap(llvm::ArrayRef<Instr> run) {
  if (run.size() < 4) return false;
  const Instr &from_j = run[0], &from_i = run[1];
  const Instr &to_i = run[2], &to_j = run[3];
  return from_j.op == Op::kElemLoad && from_i.op == Op::kElemLoad &&
         SwapOp(from_i.type) != Opcode::kCount && SamePlace(from_i, to_i) &&
         SamePlace(from_j, to_j) && IsReg(from_i.a, from_j.a.reg) &&
         IsReg(to_i.c, from_j.dst) && IsReg(to_j.c, from_i.dst) &&
         !(from_i.dst == from_j.dst);
}

bool FitsI16(int64_t v) { return v == static_cast<int16_t>(v); }

}  // namespace

size_t FusibleLength(llvm::ArrayRef<Instr> instrs) {
  bool mul = IsFloatMul(instrs[0]), load = IsLoad(instrs[0]);
  if (IsSwap(instrs)) return kLongestRun;
  if (!mul && !load) return 0;
  size_t n = 1;
  while (n < std::min(instrs.size(), kLongestRun) &&
         (IsFloatMul(instrs[n]) || IsAddOrSub(instrs[n]))) {
    n++;
  }
  if (load && n > 1 && n < instrs.size() && SamePlace(instrs[0], instrs[n])) {
    n++;
  }
  return n == 1 ? 0 : std::min(n, kLongestRun);
}

// Whether nobody wants what r holds behind the run.
bool Emitter::IsDead(Reg r, const llvm::BitVector& after) const {
  bool wanted = f_.regs[r.id].in_memory;
  liveness_.ForUnits(
      {r.id, r.slot, f_.regs[r.id].slots - r.slot}, [&](uint32_t unit) {
        wanted |= after.test(unit) || liveness_.always.test(unit);
      });
  return !wanted;
}

// Emits the longest run at the start of `instrs` that is one instruction;
// returns its length, 0 where there is none. `after`: what is live after each.
size_t Emitter::EmitFused(llvm::ArrayRef<Instr> instrs,
                          llvm::ArrayRef<llvm::BitVector> after) {
  for (size_t n = FusibleLength(instrs); n >= 2; n--) {
    llvm::ArrayRef<Instr> run = instrs.take_front(n);
    const llvm::BitVector& live = after[n - 1];
    if (FuseSwap(run, live)) return n;
    // Others may come between a read and a write.
    if (stops_everywhere_) continue;
    if (FuseUpdate(run, live) || FuseElemOperand(run, live) ||
        FuseMemOperand(run, live) || FuseMulAdd(run, live)) {
      return n;
    }
  }
  return 0;
}

// `t = x * y; a = a + t`, or -.
bool Emitter::FuseMulAdd(llvm::ArrayRef<Instr> run,
                         const llvm::BitVector& after) {
  if (run.size() != 2 || !IsFloatMul(run[0]) || !IsAddOrSub(run[1])) {
    return false;
  }
  const Instr &mul = run[0], &add = run[1];
  Operand sum = OtherOperand(add, mul.dst);
  // Subtraction is from the sum.
  if (add.op == Op::kSub) sum = IsReg(add.b, mul.dst) ? add.a : Operand();
  if (!sum.IsReg() || sum.reg == mul.dst || Slot(sum.reg) != Slot(add.dst) ||
      (!IsDead(mul.dst, after) && !(add.dst == mul.dst))) {
    return false;
  }
  uint32_t x = Slot(mul.a.reg), y = Slot(mul.b.reg);
  if (x == float_acc_) std::swap(x, y);
  Put(add.op == Op::kAdd ? Opcode::kMulAddF64 : Opcode::kMulSubF64,
      Slot(add.dst), x, y);
  return true;
}

// An exchange of two elements of a slice.
bool Emitter::FuseSwap(llvm::ArrayRef<Instr> run,
                       const llvm::BitVector& after) {
  if (run.size() != 4 || !IsSwap(run) || !IsDead(run[0].dst, after) ||
      !IsDead(run[1].dst, after)) {
    return false;
  }
  const Instr &from_j = run[0], &from_i = run[1];
  for (const Instr* load : {&from_j, &from_i}) {
    for (const Operand* o : {&from_j.a, &from_j.b, &from_i.b}) {
      if (IsReg(*o, load->dst)) return false;
    }
  }
  uint32_t base = Slot(from_j.a.reg);
  uint32_t i = SlotOf(from_i.b), j = SlotOf(from_j.b);
  Put(SwapOp(from_i.type), base, i, j);
  return true;
}

// `t = [p]; t = t + x; [p] = t`, or -, or with x a product; p an address or an
// element of a slice.
bool Emitter::FuseUpdate(llvm::ArrayRef<Instr> run,
                         const llvm::BitVector& after) {
  const Instr &load = run.front(), &store = run.back();
  const Instr& op = run[run.size() - 2];
  if (!IsLoad(load) || run.size() < 3 || !SamePlace(load, store)) return false;
  bool elem = load.op == Op::kElemLoad;
  const Operand& stored = elem ? store.c : store.b;
  bool is_float = op.rep == Rep::kF64;
  if (!IsAddOrSub(op) || !IsReg(stored, op.dst) ||
      is_float != (ir::RepOf(load.type) == Rep::kF64) ||
      !IsDead(op.dst, after) || !IsDead(load.dst, after)) {
    return false;
  }
  Operand x = OtherOperand(op, load.dst);
  // None of the values between may be what says where.
  for (const Instr& i : run.drop_back()) {
    if (IsReg(load.a, i.dst) || (elem && IsReg(load.b, i.dst))) return false;
  }
  bool add = op.op == Op::kAdd;
  if (!elem && (load.imm < 0 || load.imm > UINT16_MAX)) return false;
  uint32_t offset = static_cast<uint32_t>(load.imm);
  if (run.size() == 4) {
    const Instr& mul = run[1];
    if (elem || !IsFloatMul(mul) || !IsReg(x, mul.dst) ||
        !IsDead(mul.dst, after) || IsReg(mul.a, load.dst) ||
        IsReg(mul.b, load.dst)) {
      return false;
    }
    uint32_t p = Slot(load.a.reg);
    uint32_t y = Slot(mul.a.reg), z = Slot(mul.b.reg);
    Put(add ? Opcode::kMulAddToMemF64 : Opcode::kMulSubToMemF64, p, y, z);
    PutWord(offset);
    return true;
  }
  if (run.size() != 3 || x.IsAbsent()) return false;
  if (x.IsImm() && !is_float) {
    int64_t by = add ? x.imm : -x.imm;
    if (FitsI16(by)) {
      uint32_t p = Slot(load.a.reg);
      uint16_t imm = static_cast<uint16_t>(by);
      if (elem) {
        Put(Opcode::kAddToElemI64Imm, p, SlotOf(load.b), imm);
      } else {
        Put(Opcode::kAddToMemI64Imm, p, imm, offset);
      }
      return true;
    }
  }
  if (!is_float && !add) return false;
  uint32_t p = Slot(load.a.reg);
  if (elem) {
    uint32_t index = SlotOf(load.b), value = SlotOf(x);
    Put(!is_float ? Opcode::kAddToElemI64
        : add     ? Opcode::kAddToElemF64
                  : Opcode::kSubToElemF64,
        p, index, value);
  } else {
    uint32_t value = SlotOf(x);
    Put(!is_float ? Opcode::kAddToMemI64
        : add     ? Opcode::kAddToMemF64
                  : Opcode::kSubToMemF64,
        p, value, offset);
  }
  return true;
}

// `t = b[c]; a = a + t`, or `a = a + acc * t`.
bool Emitter::FuseElemOperand(llvm::ArrayRef<Instr> run,
                              const llvm::BitVector& after) {
  const Instr &load = run.front(), &add = run.back();
  if (load.op != Op::kElemLoad || !IsLoad(load) || add.op != Op::kAdd ||
      !IsAddOrSub(add) || !IsDead(load.dst, after)) {
    return false;
  }
  bool is_float = ir::RepOf(load.type) == Rep::kF64;
  if (is_float != (add.rep == Rep::kF64)) return false;
  Reg term = load.dst;
  if (run.size() == 3) {
    const Instr& mul = run[1];
    if (!IsFloatMul(mul) || !IsDead(mul.dst, after)) return false;
    Operand factor = OtherOperand(mul, load.dst);
    if (!factor.IsReg() || Slot(factor.reg) != float_acc_) return false;
    term = mul.dst;
  } else if (run.size() != 2) {
    return false;
  }
  Operand sum = OtherOperand(add, term);
  if (!sum.IsReg() || sum.reg == load.dst || Slot(sum.reg) != Slot(add.dst)) {
    return false;
  }
  // An index that is a constant takes an instruction, which loses the
  // accumulator.
  if (run.size() == 3 && !load.b.IsReg()) return false;
  uint32_t base = Slot(load.a.reg), index = SlotOf(load.b);
  Put(run.size() == 3 ? Opcode::kMulAddF64Elem
      : is_float      ? Opcode::kAddF64Elem
                      : Opcode::kAddI64Elem,
      Slot(add.dst), base, index);
  return true;
}

// `t = [p]; a = acc + t`, or - or *.
bool Emitter::FuseMemOperand(llvm::ArrayRef<Instr> run,
                             const llvm::BitVector& after) {
  if (run.size() != 2 || run[0].op != Op::kLoad || !IsLoad(run[0]) ||
      run[1].rep != Rep::kF64 || !run[0].a.IsReg() || run[0].imm < 0 ||
      run[0].imm > UINT16_MAX ||
      (!IsDead(run[0].dst, after) && !(run[1].dst == run[0].dst))) {
    return false;
  }
  const Instr &load = run[0], &op = run[1];
  if (ir::RepOf(load.type) != Rep::kF64) return false;
  Operand x = OtherOperand(op, load.dst);
  if (op.op == Op::kSub) x = IsReg(op.b, load.dst) ? op.a : Operand();
  if (!x.IsReg() || x.reg == load.dst || Slot(x.reg) != float_acc_) {
    return false;
  }
  Put(op.op == Op::kAdd   ? Opcode::kAddF64Mem
      : op.op == Op::kSub ? Opcode::kSubF64Mem
                          : Opcode::kMulF64Mem,
      Slot(op.dst), Slot(load.a.reg), static_cast<uint32_t>(load.imm));
  return true;
}

}  // namespace mgo::codegen
