// Which operands an instruction reads and which registers it writes, with
// access to change them. The same facts as EffectsOf (liveness.h), from a
// table.
#ifndef MGO_VM_IR_OPT_OPERANDS_H_
#define MGO_VM_IR_OPT_OPERANDS_H_

#include <cstdint>

#include "vm/ir/ir.h"
#include "vm/ir/liveness.h"

namespace mgo::ir {

// What may stand in an operand's place.
enum class UseKind : uint8_t {
  kScalar,  // one slot; an immediate will do
  kReg,     // slots of any register
  kRest,    // all that is left of a register from the slot on
  kFixed,   // only this register
};

// How an operand field is read or written; see the table in opt_operands.cpp.
struct OperandCodes {
  char dst, a, b, c, args;
};
const OperandCodes& CodesOf(Op op);

// Slots that a use with this code reads, and its kind.
struct UseShape {
  uint32_t slots;
  UseKind kind;
};
UseShape ShapeOfUse(const Function& f, const Instr& i, const Operand& o,
                    char code);
// Slots that a definition with this code writes.
uint32_t SlotsOfDef(const Function& f, const Instr& i, Reg r, char code);

// Calls fn(Operand&, slots, UseKind) for every operand that is read. The values
// that a select sends and the results that a return reads are not operands.
template <typename F>
void ForEachUse(const Function& f, Instr& i, F&& fn) {
  const OperandCodes& codes = CodesOf(i.op);
  auto visit = [&](Operand& o, char code) {
    if (o.IsAbsent()) return;
    UseShape shape = ShapeOfUse(f, i, o, code);
    if (shape.slots != 0) fn(o, shape.slots, shape.kind);
  };
  if (codes.a != 0) visit(i.a, codes.a);
  if (codes.b != 0) visit(i.b, codes.b);
  if (codes.c != 0) visit(i.c, codes.c);
  if (codes.args != 0) {
    for (Operand& arg : i.args) visit(arg, codes.args);
  }
  if (i.op == Op::kSelect) {
    for (SelectCase& c : i.cases) {
      if (c.chan.IsReg()) fn(c.chan, 1u, UseKind::kReg);
    }
  }
}

// Calls fn(Reg, slots) for every run of slots that is written. `part` writes of
// narrow components count.
template <typename F>
void ForEachDef(const Function& f, const Instr& i, F&& fn) {
  const OperandCodes& codes = CodesOf(i.op);
  if (codes.dst != 0 && i.dst.IsValid()) {
    Reg r = i.dst;
    if (codes.dst == 'P') r = r.At(static_cast<uint32_t>(i.imm / 8));
    uint32_t slots = SlotsOfDef(f, i, r, codes.dst);
    if (slots != 0) fn(r, slots);
  }
  auto visit = [&](const Operand& o, char code) {
    if ((code == 'D' || code == 'k' || code == 'v') && o.IsReg()) {
      uint32_t slots = SlotsOfDef(f, i, o.reg, code);
      if (slots != 0) fn(o.reg, slots);
    }
  };
  visit(i.b, codes.b);
  visit(i.c, codes.c);
  for (Reg r : i.results) {
    if (r.IsValid()) fn(r, f.regs[r.id].slots - r.slot);
  }
  if (i.op == Op::kSelect) {
    for (const SelectCase& c : i.cases) {
      if (!c.send && c.value.IsValid()) fn(c.value, SlotsOfType(c.elem));
    }
  }
}

// Whether an immediate in this operand costs nothing in the bytecode.
bool ImmediateFits(const Instr& i, const Operand& o);

// Whether the instruction may be left out when nobody wants what it writes.
bool IsRemovable(const Instr& i);
// Whether it computes the same from the same operands whenever it runs, cannot
// panic, and touches no memory.
bool IsPure(const Instr& i);
// Whether memory that a pointer may refer to can change.
bool WritesMemory(const Function& f, const Instr& i);

bool IsFloat(Rep rep);
bool IsSigned(Rep rep);
// The canonical slot for the low bits of `value`.
int64_t Canonical(Rep rep, int64_t value);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_OPT_OPERANDS_H_
