// Liveness of virtual registers, slot by slot.
//
// A unit is what is live or dead as one: each slot of a register of up to
// kMaxSplitSlots slots, or the whole of a larger one. Registers in_memory have
// no units: their addresses are not followed, so they count as live everywhere.
//
// Root maps come from here, so the answer must be exact where it says "live": a
// live unit has been written on every path that leads here. A unit that is live
// into the entry block without being a parameter is one that some path does not
// write; code generation clears it there.
#ifndef MGO_VM_IR_LIVENESS_H_
#define MGO_VM_IR_LIVENESS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "llvm/ADT/BitVector.h"
#include "vm/ir/ir.h"

namespace mgo::ir {

inline constexpr uint32_t kMaxSplitSlots = 8;

// A run of slots of one register that an instruction reads or writes.
struct RegRange {
  uint32_t reg;
  uint32_t slot;
  uint32_t slots;
};

// What one instruction does to registers. `defs_part` writes less than the
// range's units (a narrow component), so it keeps them alive.
struct Effects {
  llvm::SmallVector<RegRange, 6> uses;
  llvm::SmallVector<RegRange, 3> defs;
};

// Fills in what `instr` reads and writes.
void EffectsOf(const Function& f, const Instr& instr, Effects* out);

// Slots of the value of a type: types::SlotsOf, for tables.
uint32_t SlotsOfType(const Type* type);

struct Liveness {
  // First unit and number of units of each register.
  std::vector<uint32_t> first_unit, unit_count;
  uint32_t units = 0;
  std::vector<llvm::BitVector> live_in, live_out;  // by block
  // Units live into the recovery block: live throughout the function.
  llvm::BitVector always;

  // Calls `f` for each unit that the range touches.
  template <typename F>
  void ForUnits(const RegRange& range, F&& f) const {
    uint32_t count = unit_count[range.reg];
    if (count == 0) return;
    uint32_t first = first_unit[range.reg];
    if (count == 1) {
      f(first);
      return;
    }
    for (uint32_t i = 0; i < range.slots && range.slot + i < count; i++) {
      f(first + range.slot + i);
    }
  }
  // Tells whether writing the range writes its units entirely.
  bool Covers(const Function& f, const RegRange& range) const {
    return unit_count[range.reg] != 1 ||
           (range.slot == 0 && range.slots >= f.regs[range.reg].slots);
  }
};

// Computes liveness for a whole function.
Liveness ComputeLiveness(const Function& f);

// Steps `live` backwards over one instruction: from what is live after it to
// what is live before.
void StepBack(const Function& f, const Liveness& liveness, const Instr& instr,
              llvm::BitVector& live);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_LIVENESS_H_
