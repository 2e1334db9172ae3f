#include "vm/codegen/slots.h"

#include <algorithm>
#include <cassert>

#include "runtime/abi/function.h"

namespace mgo::codegen {

using ir::Function;
using ir::Instr;
using ir::Op;
using ir::Operand;
using ir::Reg;

uint32_t CallShape::Results() const {
  uint32_t sum = 0;
  for (uint32_t slots : result_slots) sum += slots;
  return sum;
}

uint32_t CallShape::Params() const {
  uint32_t sum = receiver_slots;
  for (uint32_t slots : arg_slots) sum += slots;
  return sum;
}

namespace {

uint32_t SlotsOfOperand(const Function& f, const Operand& o) {
  if (!o.IsReg()) return 1;
  return f.regs[o.reg.id].slots - o.reg.slot;
}

void ShapeFromSignature(const Function& f, const types::Signature* sig,
                        llvm::ArrayRef<Operand> args, CallShape* shape) {
  // Natives that are methods get their receiver as first argument, which the
  // signature does not mention.
  size_t extra = args.size() - sig->params->vars.size();
  for (size_t i = 0; i < args.size(); i++) {
    shape->arg_slots.push_back(
        i < extra ? SlotsOfOperand(f, args[i])
                  : ir::SlotsOfType(sig->params->vars[i - extra]->type));
  }
  for (const types::Symbol* result : sig->results->vars) {
    shape->result_slots.push_back(ir::SlotsOfType(result->type));
  }
}

}  // namespace

CallShape ShapeOf(const Function& f, const Instr& instr) {
  CallShape shape;
  switch (instr.op) {
    case Op::kCall:
    case Op::kCallClosure:
    case Op::kCallIface:
    case Op::kCallNative:
      break;
    default:
      return shape;
  }
  shape.is_call = true;
  shape.has_header = instr.op != Op::kCallNative;
  shape.receiver_slots = instr.op == Op::kCallIface ? 1 : 0;
  if (instr.op == Op::kCall) {
    const Function& callee = *instr.ref.func;
    for (Reg param : callee.params) {
      shape.arg_slots.push_back(callee.regs[param.id].slots);
    }
    for (Reg result : callee.results) {
      shape.result_slots.push_back(callee.regs[result.id].slots);
    }
    return shape;
  }
  if (instr.type != nullptr) {
    if (auto* sig = types::As<types::Signature>(instr.type)) {
      ShapeFromSignature(f, sig, instr.args, &shape);
      return shape;
    }
  }
  for (const Operand& arg : instr.args) {
    shape.arg_slots.push_back(SlotsOfOperand(f, arg));
  }
  for (Reg result : instr.results) {
    shape.result_slots.push_back(
        result.IsValid() ? f.regs[result.id].slots - result.slot : 1);
  }
  return shape;
}

namespace {

// Where a register is live, in positions: instruction number times two, plus
// one for the moment of writing results.
struct Interval {
  uint32_t reg;
  uint32_t start = UINT32_MAX;
  uint32_t end = 0;
  bool pinned = false;
  uint32_t slot = SlotAssignment::kNone;
  uint32_t slots = 1;
  // Positions (instruction numbers) of the call whose argument or result this
  // is, with the offset from the callee's frame; or of a copy to or from a
  // register.
  uint32_t arg_call = UINT32_MAX, arg_offset = 0;
  uint32_t result_call = UINT32_MAX, result_offset = 0;
  uint32_t friend_reg = ir::kNoReg, friend_slot = 0;

  void Cover(uint32_t position) {
    start = std::min(start, position);
    end = std::max(end, position);
  }
  bool Used() const { return start != UINT32_MAX; }
};

// Operations whose code writes the result before it has read all operands.
bool WritesEarly(Op op) {
  switch (op) {
    case Op::kMakeClosure:
    case Op::kAppend:
    case Op::kChanRecv:
    case Op::kSelect:
    case Op::kMapIterNext:
    case Op::kMapIterInit:
    case Op::kAssertIface:
    case Op::kIntrinsic:
      return true;
    default:
      return false;
  }
}

class Assigner {
 public:
  Assigner(const Function& f, const ir::Liveness& liveness,
           const std::vector<uint32_t>& order)
      : f_(f), liveness_(liveness), order_(order), intervals_(f.regs.size()) {}

  SlotAssignment Run();

 private:
  struct CallSite {
    uint32_t number;
    CallShape shape;
    uint32_t planned_base = SlotAssignment::kNone;
  };

  void BuildIntervals();
  void CoverBlock(uint32_t block, uint32_t first, uint32_t last);
  void CoverWholeFunction(uint32_t end);
  void FindHints();
  void HintCall(uint32_t number, const Instr& instr);
  void PinParams();
  void Scan();
  bool Fits(const Interval& v, uint32_t slot) const;
  uint32_t Choose(const Interval& v);
  uint32_t PlannedBase(uint32_t call_number, uint32_t now);
  void PlaceCalls();

  const Function& f_;
  const ir::Liveness& liveness_;
  const std::vector<uint32_t>& order_;
  std::vector<Interval> intervals_;
  std::vector<uint32_t> active_;  // registers whose interval is not over
  std::vector<CallSite> calls_;   // in code order
  llvm::DenseMap<uint32_t, uint32_t> call_index_;  // number → index in calls_
  uint32_t fixed_ = 0;  // slots of results, parameters, context
  SlotAssignment out_;
};

void Assigner::CoverBlock(uint32_t block, uint32_t first, uint32_t last) {
  auto cover = [&](const llvm::BitVector& units, uint32_t position) {
    if (units.none()) return;
    for (size_t r = 0; r < f_.regs.size(); r++) {
      uint32_t unit = liveness_.first_unit[r];
      for (uint32_t i = 0; i < liveness_.unit_count[r]; i++) {
        if (units.test(unit + i)) {
          intervals_[r].Cover(position);
          break;
        }
      }
    }
  };
  cover(liveness_.live_in[block], first * 2);
  cover(liveness_.live_out[block], last * 2 + 1);
}

void Assigner::CoverWholeFunction(uint32_t end) {
  for (size_t r = 0; r < f_.regs.size(); r++) {
    bool whole = f_.regs[r].in_memory;
    for (uint32_t i = 0; i < liveness_.unit_count[r]; i++) {
      whole |= liveness_.always.test(liveness_.first_unit[r] + i);
    }
    if (whole) {
      intervals_[r].Cover(0);
      intervals_[r].Cover(end);
    }
  }
}

void Assigner::BuildIntervals() {
  for (size_t r = 0; r < f_.regs.size(); r++) {
    intervals_[r].reg = static_cast<uint32_t>(r);
    intervals_[r].slots = f_.regs[r].slots;
  }
  uint32_t number = 0;
  ir::Effects effects;
  for (uint32_t block : order_) {
    uint32_t first = number;
    for (const Instr& instr : f_.blocks[block].instrs) {
      ir::EffectsOf(f_, instr, &effects);
      for (const ir::RegRange& use : effects.uses) {
        intervals_[use.reg].Cover(number * 2);
      }
      uint32_t written = number * 2 + (WritesEarly(instr.op) ? 0 : 1);
      for (const ir::RegRange& def : effects.defs) {
        intervals_[def.reg].Cover(written);
        intervals_[def.reg].Cover(number * 2 + 1);
      }
      if (instr.op == Op::kFrameAddr) {
        intervals_[instr.a.reg.id].Cover(number * 2);
      }
      CallShape shape = ShapeOf(f_, instr);
      if (shape.is_call) {
        call_index_[number] = static_cast<uint32_t>(calls_.size());
        calls_.push_back({number, std::move(shape)});
      }
      number++;
    }
    if (number > first) CoverBlock(block, first, number - 1);
  }
  CoverWholeFunction(number * 2 + 1);
}

void Assigner::PinParams() {
  uint32_t next = 0;
  auto pin = [&](Reg reg, bool from_start) {
    Interval& v = intervals_[reg.id];
    v.pinned = true;
    v.slot = next;
    next += v.slots;
    // A result stays in its place to the end once it is written.
    if (from_start) v.Cover(0);
    if (!from_start) {
      v.Cover(0);
      v.end = UINT32_MAX;
    }
  };
  for (Reg result : f_.results) pin(result, false);
  for (Reg param : f_.params) pin(param, true);
  if (f_.context.IsValid()) pin(f_.context, true);
  fixed_ = next;
}

void Assigner::HintCall(uint32_t number, const Instr& instr) {
  const CallShape& shape = calls_[call_index_[number]].shape;
  uint32_t offset = shape.Results() + shape.receiver_slots;
  for (size_t i = 0; i < instr.args.size(); i++) {
    const Operand& arg = instr.args[i];
    if (arg.IsReg() && arg.reg.slot == 0) {
      Interval& v = intervals_[arg.reg.id];
      if (v.end == number * 2 && v.slots == shape.arg_slots[i]) {
        v.arg_call = number;
        v.arg_offset = offset;
      }
    }
    offset += shape.arg_slots[i];
  }
  offset = 0;
  for (size_t i = 0; i < instr.results.size(); i++) {
    Reg result = instr.results[i];
    if (result.IsValid() && result.slot == 0) {
      Interval& v = intervals_[result.id];
      if (v.start >= number * 2 && v.slots == shape.result_slots[i]) {
        v.result_call = number;
        v.result_offset = offset;
      }
    }
    offset += shape.result_slots[i];
  }
}

void Assigner::FindHints() {
  uint32_t number = 0;
  for (uint32_t block : order_) {
    for (const Instr& instr : f_.blocks[block].instrs) {
      if (instr.op == Op::kCopy && instr.dst.IsValid() && instr.a.IsReg()) {
        Interval& from = intervals_[instr.a.reg.id];
        Interval& to = intervals_[instr.dst.id];
        if (to.pinned && instr.a.reg.slot == 0) {
          from.friend_reg = instr.dst.id;
          from.friend_slot = instr.dst.slot;
        } else if (instr.dst.slot == 0 && to.friend_reg == ir::kNoReg) {
          to.friend_reg = instr.a.reg.id;
          to.friend_slot = instr.a.reg.slot;
        }
      }
      if (call_index_.count(number) != 0) HintCall(number, instr);
      number++;
    }
  }
}

bool Assigner::Fits(const Interval& v, uint32_t slot) const {
  for (uint32_t other : active_) {
    const Interval& w = intervals_[other];
    if (w.start > v.end || w.end < v.start) continue;
    if (slot < w.slot + w.slots && w.slot < slot + v.slots) return false;
  }
  return true;
}

// Where the callee's frame of a call will be, as far as can be told at position
// `now`: above everything that is live now and still after the call.
uint32_t Assigner::PlannedBase(uint32_t call_number, uint32_t now) {
  CallSite& call = calls_[call_index_[call_number]];
  if (call.planned_base == SlotAssignment::kNone) {
    uint32_t top = fixed_;
    for (uint32_t other : active_) {
      const Interval& w = intervals_[other];
      if (w.end > call_number * 2) top = std::max(top, w.slot + w.slots);
    }
    call.planned_base =
        top + (call.shape.has_header ? rt::kFrameHeaderSlots : 0);
  }
  return call.planned_base;
}

uint32_t Assigner::Choose(const Interval& v) {
  if (v.slots == 0) return 0;
  if (v.arg_call != UINT32_MAX) {
    uint32_t slot = PlannedBase(v.arg_call, v.start) + v.arg_offset;
    if (Fits(v, slot)) return slot;
  }
  if (v.result_call != UINT32_MAX) {
    uint32_t slot = PlannedBase(v.result_call, v.start) + v.result_offset;
    if (Fits(v, slot)) return slot;
  }
  if (v.friend_reg != ir::kNoReg) {
    const Interval& w = intervals_[v.friend_reg];
    if (w.slot != SlotAssignment::kNone) {
      uint32_t slot = w.slot + v.friend_slot;
      if (Fits(v, slot)) return slot;
    }
  }
  // First fit: the lowest gap between the slots of registers that overlap.
  llvm::SmallVector<std::pair<uint32_t, uint32_t>, 16> taken;
  for (uint32_t other : active_) {
    const Interval& w = intervals_[other];
    if (w.start > v.end || w.end < v.start) continue;
    taken.push_back({w.slot, w.slot + w.slots});
  }
  std::sort(taken.begin(), taken.end());
  uint32_t at = 0;
  for (auto [begin, end] : taken) {
    if (begin >= at + v.slots) break;
    at = std::max(at, end);
  }
  return at;
}

void Assigner::Scan() {
  std::vector<uint32_t> by_start;
  for (const Interval& v : intervals_) {
    if (v.Used() || v.pinned) by_start.push_back(v.reg);
  }
  std::stable_sort(by_start.begin(), by_start.end(),
                   [&](uint32_t a, uint32_t b) {
                     const Interval &x = intervals_[a], &y = intervals_[b];
                     if (x.start != y.start) return x.start < y.start;
                     return x.pinned && !y.pinned;
                   });
  for (uint32_t reg : by_start) {
    Interval& v = intervals_[reg];
    llvm::erase_if(active_, [&](uint32_t other) {
      return intervals_[other].end < v.start;
    });
    if (!v.pinned) v.slot = Choose(v);
    out_.frame_slots = std::max(out_.frame_slots, v.slot + v.slots);
    active_.push_back(reg);
  }
}

// Puts each call's callee frame above all that is live across it.
void Assigner::PlaceCalls() {
  // Tops by interval; a sweep over calls in order with intervals by start.
  std::vector<const Interval*> by_start;
  for (const Interval& v : intervals_) {
    if (v.slot != SlotAssignment::kNone && v.slots != 0) by_start.push_back(&v);
  }
  std::sort(
      by_start.begin(), by_start.end(),
      [](const Interval* a, const Interval* b) { return a->start < b->start; });
  std::vector<const Interval*> live;
  size_t next = 0;
  for (CallSite& call : calls_) {
    uint32_t position = call.number * 2;
    while (next < by_start.size() && by_start[next]->start <= position) {
      live.push_back(by_start[next++]);
    }
    llvm::erase_if(live, [&](const Interval* v) { return v->end <= position; });
    uint32_t top = fixed_;
    for (const Interval* v : live) top = std::max(top, v->slot + v->slots);
    uint32_t base = top + (call.shape.has_header ? rt::kFrameHeaderSlots : 0);
    // A plan that turned out higher than need be keeps arguments in place.
    if (call.planned_base != SlotAssignment::kNone) {
      base = std::max(base, call.planned_base);
    }
    out_.call_base[call.number] = base;
    uint32_t extent = call.shape.Results() + call.shape.Params() + 1;
    out_.frame_slots = std::max(out_.frame_slots, base + extent);
  }
}

SlotAssignment Assigner::Run() {
  BuildIntervals();
  PinParams();
  FindHints();
  Scan();
  PlaceCalls();
  out_.frame_slots = std::max(out_.frame_slots, fixed_ + 1);
  out_.slot.resize(f_.regs.size(), SlotAssignment::kNone);
  for (const Interval& v : intervals_) out_.slot[v.reg] = v.slot;
  return std::move(out_);
}

}  // namespace

SlotAssignment AssignSlots(const Function& f, const ir::Liveness& liveness,
                           const std::vector<uint32_t>& order) {
  return Assigner(f, liveness, order).Run();
}

}  // namespace mgo::codegen
