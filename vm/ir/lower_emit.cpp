// Emitting instructions and blocks.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using types::BasicKind;

Instr& FunctionLowering::Emit(Op op) {
  if (!Reachable()) cur_ = NewBlock();
  Instr& instr = f_.blocks[cur_].instrs.emplace_back();
  instr.op = op;
  instr.pos = pos_;
  return instr;
}

Instr& FunctionLowering::Emit(Op op, Reg dst, Operand a, Operand b) {
  Instr& instr = Emit(op);
  instr.dst = dst;
  instr.a = a;
  instr.b = b;
  return instr;
}

Reg FunctionLowering::Temp(const Type* t) { return AddReg(f_, t); }

Reg FunctionLowering::TempOf(BasicKind kind) {
  return AddReg(f_, program_.Basic(kind));
}

void FunctionLowering::Move(Reg dst, Operand src, const Type* t) {
  if (src.IsAbsent()) return;
  if (src.IsImm()) {
    Instr& instr = Emit(Op::kConst, dst);
    instr.imm = src.imm;
    instr.rep = RepOf(t);
    return;
  }
  if (src.reg == dst) return;
  auto slots = static_cast<uint32_t>(types::SlotsOf(t));
  if (slots == 0) return;
  Emit(Op::kCopy, dst, src).n = slots;
}

Reg FunctionLowering::ToReg(Operand o, const Type* t) {
  if (o.IsReg() && o.reg.slot == 0 && f_.regs[o.reg.id].type != nullptr &&
      (f_.regs[o.reg.id].type == t ||
       types::Identical(f_.regs[o.reg.id].type, t))) {
    return o.reg;
  }
  return CopyToTemp(o, t);
}

Reg FunctionLowering::CopyToTemp(Operand o, const Type* t) {
  Reg r = Temp(t);
  Move(r, o, t);
  return r;
}

void FunctionLowering::MoveZero(Reg dst, const Type* t) {
  Rep rep = RepOf(t);
  if (rep != Rep::kNone) {
    Instr& instr = Emit(Op::kConst, dst);
    instr.rep = rep;
    return;
  }
  auto slots = static_cast<uint32_t>(types::SlotsOf(t));
  if (slots == 0) return;
  Emit(Op::kZero, dst).n = slots;
}

Operand FunctionLowering::ZeroValue(const Type* t, Reg want) {
  if (RepOf(t) != Rep::kNone) return Operand::Imm(0);
  Reg r = WantOr(want, t);
  MoveZero(r, t);
  return r;
}

Operand FunctionLowering::Arith(Op op, Rep rep, Operand a, Operand b, Reg want,
                                const Type* t) {
  Reg dst = WantOr(want, t);
  Emit(op, dst, a, b).rep = rep;
  return dst;
}

// The comparison with its operands exchanged.
static Op Swapped(Op cmp) {
  switch (cmp) {
    case Op::kLt:
      return Op::kGt;
    case Op::kLe:
      return Op::kGe;
    case Op::kGt:
      return Op::kLt;
    case Op::kGe:
      return Op::kLe;
    default:
      return cmp;
  }
}

Operand FunctionLowering::Compare(Op cmp, Rep rep, Operand a, Operand b,
                                  Reg want) {
  if (a.IsImm() && b.IsReg()) {
    std::swap(a, b);
    cmp = Swapped(cmp);
  }
  if (a.IsImm()) a = CopyToTemp(a, program_.Basic(BasicKind::kUint64));
  Reg dst = want.IsValid() ? want : TempBool();
  Emit(cmp, dst, a, b).rep = rep;
  return dst;
}

Operand FunctionLowering::LoadAt(const Type* t, Operand pointer, int64_t offset,
                                 bool no_check, Reg want) {
  Reg dst = WantOr(want, t);
  Instr& instr = Emit(Op::kLoad, dst, pointer);
  instr.imm = offset;
  instr.type = t;
  instr.rep = RepOf(t);
  instr.no_check = no_check;
  return dst;
}

void FunctionLowering::StoreAt(const Type* t, Operand pointer, int64_t offset,
                               Operand value, bool no_check) {
  Instr& instr = Emit(Op::kStore);
  instr.a = pointer;
  instr.b = value;
  instr.imm = offset;
  instr.type = t;
  instr.rep = RepOf(t);
  instr.no_check = no_check;
}

// Bits of a scalar after conversion between integer representations.
static int64_t ConvertBits(int64_t v, Rep to) {
  switch (to) {
    case Rep::kI8:
      return static_cast<int8_t>(v);
    case Rep::kI16:
      return static_cast<int16_t>(v);
    case Rep::kI32:
      return static_cast<int32_t>(v);
    case Rep::kU8:
      return static_cast<uint8_t>(v);
    case Rep::kU16:
      return static_cast<uint16_t>(v);
    case Rep::kU32:
      return static_cast<uint32_t>(v);
    default:
      return v;
  }
}

static bool IsFloatRep(Rep rep) { return rep == Rep::kF32 || rep == Rep::kF64; }

static bool IsSignedRep(Rep rep) {
  return rep == Rep::kI8 || rep == Rep::kI16 || rep == Rep::kI32 ||
         rep == Rep::kI64;
}

// Whether every canonical slot of `from` is the canonical slot of its value in
// the integer representation `to`.
static bool SameBits(Rep from, Rep to) {
  if (from == to) return true;
  if (IsFloatRep(from) || IsFloatRep(to)) return false;
  int fw = WidthOf(from);
  int tw = WidthOf(to);
  if (tw == 8) return true;
  if (fw >= tw) return false;
  return !IsSignedRep(from) || IsSignedRep(to);
}

Operand FunctionLowering::ConvertRep(Operand a, Rep from, Rep to, Reg want,
                                     const Type* t) {
  if (SameBits(from, to)) return a;
  if (a.IsImm() && !IsFloatRep(from) && !IsFloatRep(to)) {
    return Operand::Imm(ConvertBits(a.imm, to));
  }
  Reg dst = WantOr(want, t);
  Instr& instr = Emit(Op::kConvert, dst, a);
  instr.rep = to;
  instr.from = from;
  return dst;
}

Reg FunctionLowering::NewObject(const Type* t) {
  Reg r = Temp(program_.PointerTo(t));
  Emit(Op::kNew, r).type = t;
  return r;
}

uint32_t FunctionLowering::NewBlock() {
  f_.blocks.emplace_back().loop_depth = loop_depth_;
  return static_cast<uint32_t>(f_.blocks.size() - 1);
}

void FunctionLowering::Jump(uint32_t block) {
  if (!Reachable()) return;
  Emit(Op::kJump).targets.push_back(block);
  cur_ = Function::kNoBlock;
}

void FunctionLowering::JumpTo(uint32_t block) {
  Jump(block);
  SetBlock(block);
}

void FunctionLowering::Branch(Operand cond, uint32_t yes, uint32_t no) {
  if (cond.IsImm()) {
    if (!Reachable()) return;
    Jump(cond.imm != 0 ? yes : no);
    return;
  }
  Instr& instr = Emit(Op::kBranch);
  instr.a = cond;
  instr.targets.push_back(yes);
  instr.targets.push_back(no);
  cur_ = Function::kNoBlock;
}

void FunctionLowering::BranchCmp(Op cmp, Rep rep, Operand a, Operand b,
                                 uint32_t yes, uint32_t no) {
  if (a.IsImm() && b.IsReg()) {
    std::swap(a, b);
    cmp = Swapped(cmp);
  }
  if (a.IsImm()) a = CopyToTemp(a, program_.Basic(BasicKind::kUint64));
  Instr& instr = Emit(Op::kBranchCmp);
  instr.cmp = cmp;
  instr.rep = rep;
  instr.a = a;
  instr.b = b;
  instr.targets.push_back(yes);
  instr.targets.push_back(no);
  cur_ = Function::kNoBlock;
}

void FunctionLowering::Return() {
  Emit(Op::kReturn);
  cur_ = Function::kNoBlock;
}

}  // namespace mgo::ir
