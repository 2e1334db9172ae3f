#include "vm/bytecode/inst.h"

namespace mgo::bytecode {
namespace {

constexpr OpcodeInfo kOpcodes[] = {
#define OP(name, format, flags, prose) {#name, Format::format, flags, prose},
#include "vm/bytecode/opcodes.def"
};

}  // namespace

const OpcodeInfo& InfoOf(Opcode op) {
  return kOpcodes[static_cast<uint16_t>(op)];
}

Opcode AccumulatorForm(Opcode op, uint16_t operand) {
  uint16_t flags = InfoOf(op).flags;
  int number = 1;
  for (uint16_t earlier : {kHasFormA, kHasFormB}) {
    if (earlier < operand && (flags & earlier) != 0) number++;
  }
  // A branch and its Loop form stand together.
  if ((flags & kJumps) != 0) number *= 2;
  return static_cast<Opcode>(static_cast<int>(op) + number);
}

}  // namespace mgo::bytecode
