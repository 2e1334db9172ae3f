// Calls, go, defer, closures.
#include <cassert>

#include "vm/codegen/emit.h"

namespace mgo::codegen {

using ir::CallMode;
using ir::Op;

// The map for a frame that waits for instruction i to end: what is live after
// it, without what the instruction itself writes.
void Emitter::AddCallMap(const Instr& i, uint32_t offset,
                         llvm::ArrayRef<LiveValue> extra) {
  llvm::BitVector live = *live_after_;
  ir::Effects effects;
  ir::EffectsOf(f_, i, &effects);
  for (const ir::RegRange& def : effects.defs) {
    liveness_.ForUnits(def, [&](uint32_t unit) { live.reset(unit); });
  }
  AddMap(offset, live, extra);
}

void Emitter::EmitCall(const Instr& i) {
  CallShape shape = ShapeOf(f_, i);
  uint32_t base = slots_.call_base.lookup(number_);
  uint32_t results = shape.Results(), params = shape.Params();
  bool called = i.call_mode == CallMode::kCall;

  llvm::SmallVector<Transfer, 8> transfers;
  uint32_t to = base + results;
  if (shape.receiver_slots != 0) {
    // A call proper passes the data word itself.
    if (!called) {
      transfers.push_back({to, Slot(i.a.reg) + 1, 1, false, 0});
    }
    to += shape.receiver_slots;
  }
  for (size_t k = 0; k < i.args.size(); k++) {
    const Operand& arg = i.args[k];
    if (arg.IsImm()) {
      transfers.push_back({to, 0, 1, true, arg.imm});
    } else if (arg.IsReg()) {
      transfers.push_back({to, Slot(arg.reg), shape.arg_slots[k], false, 0});
    }
    to += shape.arg_slots[k];
  }

  // What is called may lie where an argument goes: fetch it first.
  uint32_t callee = 0;
  bool overwritten = false;
  uint32_t target_slots = i.op == Op::kCallIface ? 2 : 1;
  if (i.op == Op::kCallClosure || i.op == Op::kCallIface) {
    callee = SlotOf(i.a);
    overwritten = callee + target_slots > base;
  }
  if (!called) {
    uint32_t closure = Scratch(1);
    if (i.op == Op::kCallIface) {
      Put(Opcode::kIfaceMethod, closure, callee, static_cast<uint32_t>(i.imm));
    } else if (i.op == Op::kCallClosure) {
      Move(closure, callee, 1);
    } else {
      assert(i.op != Op::kCallNative &&
             "lowering wraps natives for go and defer");
      Put(Opcode::kLoadWord, closure);
      PutAddress(&resolver_.FunctionOf(i.ref.func)->static_closure);
    }
    MoveAll(transfers);
    bool go = i.call_mode == CallMode::kGo;
    Put(go ? Opcode::kGo : Opcode::kDefer, base, closure, results + params);
    // Go is a safepoint; the map serves both.
    AddCallMap(i, Here(), {});
    return;
  }
  if (overwritten) {
    uint32_t aside = Scratch(target_slots);
    Move(aside, callee, target_slots);
    callee = aside;
  }
  MoveAll(transfers);
  switch (i.op) {
    case Op::kCall:
      code_.calls.push_back({Here(), i.ref.func});
      Put(Opcode::kCall, base);
      PutWord(0);
      break;
    case Op::kCallClosure:
      Put(Opcode::kCallClosure, base, callee);
      break;
    case Op::kCallIface:
      Put(Opcode::kCallIface, base, callee, static_cast<uint32_t>(i.imm));
      break;
    default: {
      // A native that parks may be called again: its arguments are roots then.
      llvm::SmallVector<LiveValue, 4> extra;
      uint32_t at = base + results;
      const auto* sig =
          i.type == nullptr ? nullptr : types::As<types::Signature>(i.type);
      for (size_t k = 0; k < i.args.size(); k++) {
        const types::Type* type = nullptr;
        if (sig != nullptr) {
          size_t skip = i.args.size() - sig->params->vars.size();
          if (k >= skip) type = sig->params->vars[k - skip]->type;
        }
        if (type == nullptr && i.args[k].IsReg()) {
          type = f_.regs[i.args[k].reg.id].type;
        }
        if (type != nullptr) extra.push_back({at, type});
        at += shape.arg_slots[k];
      }
      AddCallMap(i, Here(), extra);
      Put(Opcode::kCallNative, base, results + params);
      PutAddress(resolver_.NativeOf(i.ref.name, i.pos));
      break;
    }
  }
  // A goroutine may stop between a native and what takes its results.
  llvm::SmallVector<LiveValue, 4> results_made;
  if (i.op == Op::kCallNative) {
    const auto* sig =
        i.type == nullptr ? nullptr : types::As<types::Signature>(i.type);
    uint32_t at = base;
    for (size_t k = 0; k < i.results.size(); k++) {
      const types::Type* type = nullptr;
      if (sig != nullptr) {
        type = sig->results->vars[k]->type;
      } else if (i.results[k].IsValid()) {
        type = f_.regs[i.results[k].id].type;
      }
      if (type != nullptr) results_made.push_back({at, type});
      at += shape.result_slots[k];
    }
  }
  AddCallMap(i, Here(), results_made);

  transfers.clear();
  uint32_t from = base;
  for (size_t k = 0; k < i.results.size(); k++) {
    if (i.results[k].IsValid()) {
      transfers.push_back(
          {Slot(i.results[k]), from, shape.result_slots[k], false, 0});
    }
    from += shape.result_slots[k];
  }
  MoveAll(transfers);
}

void Emitter::EmitClosure(const Instr& i) {
  uint32_t to = Slot(i.dst);
  Put(Opcode::kNewClosure, to);
  PutAddress(resolver_.ClosureOf(i.ref.func));
  int64_t offset = 8;
  for (size_t k = 0; k < i.args.size(); k++) {
    const types::Type* type = i.ref.func->captures[k];
    if (!i.args[k].IsAbsent()) {
      EmitStoreTo(to, offset, SlotOf(i.args[k]), type);
    }
    offset += 8 * int64_t{ir::SlotsOfType(type)};
  }
}

}  // namespace mgo::codegen
