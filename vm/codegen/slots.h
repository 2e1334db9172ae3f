// Slot assignment: which frame slots a register lives in, and where calls put
// their callee's frame.
//
// Registers get slots by a scan over live intervals in the order of the code,
// so that a dead register's slots are used again. Results and parameters are
// pinned to the frame's first slots, as rt::Function lays them out. A register
// that is only made to be an argument is put where the callee will look for it,
// and a result stays where the callee left it, whenever nothing else needs the
// place.
#ifndef MGO_VM_CODEGEN_SLOTS_H_
#define MGO_VM_CODEGEN_SLOTS_H_

#include <cstdint>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "vm/ir/ir.h"
#include "vm/ir/liveness.h"

namespace mgo::codegen {

// The outgoing area of a call, by slots of its Go values.
struct CallShape {
  bool is_call = false;
  bool has_header = false;      // all but natives
  uint32_t receiver_slots = 0;  // an interface call's data word
  llvm::SmallVector<uint32_t, 4> arg_slots, result_slots;
  uint32_t Results() const;
  uint32_t Params() const;
};

// The shape of a call instruction; is_call is false for others.
CallShape ShapeOf(const ir::Function& f, const ir::Instr& instr);

struct SlotAssignment {
  // First slot of each register; kNone for registers never mentioned.
  std::vector<uint32_t> slot;
  // Callee frame (or native block) slot of each call, by position: the
  // instruction's number in code order.
  llvm::DenseMap<uint32_t, uint32_t> call_base;
  // Slots from the frame pointer that registers and outgoing areas take.
  uint32_t frame_slots = 0;

  static constexpr uint32_t kNone = UINT32_MAX;
};

// Assigns slots for the blocks in the given order.
SlotAssignment AssignSlots(const ir::Function& f, const ir::Liveness& liveness,
                           const std::vector<uint32_t>& order);

}  // namespace mgo::codegen

#endif  // MGO_VM_CODEGEN_SLOTS_H_
