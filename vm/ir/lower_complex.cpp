// Complex numbers: pairs of floats. A complex128 is two slots, a complex64 one
// slot of two packed float32.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using types::BasicKind;
using SynOp = syntax::Op;

const Type* FunctionLowering::PartType(const Type* complex) {
  const auto* basic = types::As<types::Basic>(complex);
  bool narrow = basic->basic == BasicKind::kComplex64;
  return program_.Basic(narrow ? BasicKind::kFloat32 : BasicKind::kFloat64);
}

FunctionLowering::Complex FunctionLowering::SplitComplex(Operand v,
                                                         const Type* t) {
  const Type* part = PartType(t);
  if (RepOf(part) == Rep::kF64) return {v.reg, v.reg.At(1)};
  Complex c;
  for (int i = 0; i < 2; ++i) {
    Reg r = Temp(part);
    Instr& instr = Emit(Op::kLoadLocal, r, Reg{v.reg.id, 0});
    instr.imm = v.reg.slot * 8 + i * 4;
    instr.type = part;
    instr.rep = Rep::kF32;
    (i == 0 ? c.re : c.im) = r;
  }
  return c;
}

Operand FunctionLowering::JoinComplex(Complex c, const Type* t, Reg want) {
  auto uses = [&](Operand o) { return o.IsReg() && o.reg.id == want.id; };
  bool clash = want.IsValid() && (uses(c.re) || uses(c.im));
  Reg dst = want.IsValid() && !clash ? want : Temp(t);
  const Type* part = PartType(t);
  if (RepOf(part) == Rep::kF64) {
    Move(dst, c.re, part);
    Move(dst.At(1), c.im, part);
    return dst;
  }
  MoveZero(dst, t);
  for (int i = 0; i < 2; ++i) {
    Instr& instr = Emit(Op::kStoreLocal, Reg{dst.id, 0});
    instr.b = i == 0 ? c.re : c.im;
    instr.imm = dst.slot * 8 + i * 4;
    instr.type = part;
    instr.rep = Rep::kF32;
  }
  return dst;
}

FunctionLowering::Complex FunctionLowering::ConvertParts(Complex c,
                                                         const Type* from_part,
                                                         const Type* to_part) {
  Rep from = RepOf(from_part);
  Rep to = RepOf(to_part);
  return {ConvertRep(c.re, from, to, {}, to_part),
          ConvertRep(c.im, from, to, {}, to_part)};
}

Operand FunctionLowering::ComplexOp(SynOp op, Operand a, Operand b,
                                    const Type* t, Reg want) {
  const Type* part = PartType(t);
  Complex x = SplitComplex(a, t);
  Complex y = SplitComplex(b, t);
  Rep rep = RepOf(part);
  auto arith = [&](Op o, Rep r, Operand p, Operand q, const Type* pt) {
    return Arith(o, r, p, q, {}, pt);
  };
  if (op == SynOp::kAdd || op == SynOp::kSub) {
    Op o = op == SynOp::kAdd ? Op::kAdd : Op::kSub;
    return JoinComplex(
        {arith(o, rep, x.re, y.re, part), arith(o, rep, x.im, y.im, part)}, t,
        want);
  }
  // Products and quotients are computed in float64.
  const Type* wide = program_.Basic(BasicKind::kFloat64);
  x = ConvertParts(x, part, wide);
  y = ConvertParts(y, part, wide);
  Complex r;
  if (op == SynOp::kMul) {
    Rep f = Rep::kF64;
    r.re = arith(Op::kSub, f, arith(Op::kMul, f, x.re, y.re, wide),
                 arith(Op::kMul, f, x.im, y.im, wide), wide);
    r.im = arith(Op::kAdd, f, arith(Op::kMul, f, x.re, y.im, wide),
                 arith(Op::kMul, f, x.im, y.re, wide), wide);
  } else {
    const Type* c128 = program_.Basic(BasicKind::kComplex128);
    Reg n = ToReg(JoinComplex(x, c128, {}), c128);
    Reg m = ToReg(JoinComplex(y, c128, {}), c128);
    Reg q = Temp(c128);
    CallHelper("runtime.complex128div", {n, m}, {q});
    r = SplitComplex(q, c128);
  }
  return JoinComplex(ConvertParts(r, wide, part), t, want);
}

Operand FunctionLowering::ComplexEqual(Operand a, Operand b, const Type* t,
                                       Reg want) {
  const Type* part = PartType(t);
  Rep rep = RepOf(part);
  Complex x = SplitComplex(a, t);
  Complex y = SplitComplex(b, t);
  Operand re = Compare(Op::kEq, rep, x.re, y.re);
  Operand im = Compare(Op::kEq, rep, x.im, y.im);
  return Arith(Op::kAnd, Rep::kU8, re, im, want,
               program_.Basic(BasicKind::kBool));
}

}  // namespace mgo::ir
