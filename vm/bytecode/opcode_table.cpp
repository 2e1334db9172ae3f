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

}  // namespace mgo::bytecode
