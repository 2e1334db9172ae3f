#include "vm/codegen/emit.h"

#include <algorithm>
#include <cassert>

namespace mgo::codegen {

using ir::Op;

Emitter::Emitter(const ir::Function& f, const ir::Liveness& liveness,
                 const std::vector<uint32_t>& order,
                 const SlotAssignment& slots, const diag::SourceSet& sources,
                 Resolver& resolver)
    : f_(f),
      liveness_(liveness),
      order_(order),
      slots_(slots),
      sources_(sources),
      resolver_(resolver) {}

void Emitter::Put(Opcode op, uint32_t a, uint32_t b, uint32_t c) {
  Inst inst{static_cast<uint16_t>(op), static_cast<uint16_t>(a),
            static_cast<uint16_t>(b), static_cast<uint16_t>(c)};
  TakeFromAccumulator(inst);
  NoteAccumulator(inst);
  last_inst_ = Here();
  code_.words.push_back(std::bit_cast<rt::CodeWord>(inst));
}

void Emitter::TakeFromAccumulator(Inst& inst) const {
  Opcode op = static_cast<Opcode>(inst.op);
  uint16_t flags = bytecode::InfoOf(op).flags;
  constexpr uint16_t kForms =
      bytecode::kHasFormA | bytecode::kHasFormB | bytecode::kHasFormC;
  if ((flags & kForms) == 0) return;
  uint32_t acc = (flags & bytecode::kFloatOperand) != 0 ? float_acc_ : int_acc_;
  if (acc == kNothing) return;
  if ((flags & bytecode::kCommutes) != 0 && inst.c == acc && inst.b != acc) {
    std::swap(inst.b, inst.c);
  }
  auto take = [&](uint16_t form, uint16_t slot) {
    if ((flags & form) == 0 || slot != acc) return false;
    inst.op = static_cast<uint16_t>(bytecode::AccumulatorForm(op, form));
    return true;
  };
  take(bytecode::kHasFormA, inst.a) || take(bytecode::kHasFormB, inst.b) ||
      take(bytecode::kHasFormC, inst.c);
}

void Emitter::NoteAccumulator(const Inst& inst) {
  uint16_t flags = bytecode::InfoOf(static_cast<Opcode>(inst.op)).flags;
  if ((flags & bytecode::kKeepsAccumulators) != 0) return;
  int_acc_ = (flags & bytecode::kIntResult) != 0 ? inst.a : kNothing;
  float_acc_ = (flags & bytecode::kFloatResult) != 0 ? inst.a : kNothing;
}

// Whether the block at `index` of the order is entered from the one before it
// and in no other way.
bool Emitter::OnlyFallsInto(size_t index) const {
  if (index == 0) return false;
  uint32_t block = order_[index];
  if (block == f_.recovery_block) return false;
  const auto& before = f_.blocks[order_[index - 1]].instrs.back().targets;
  return entries_[block] == 1 &&
         std::count(before.begin(), before.end(), block) == 1;
}

void Emitter::PutImm32(Opcode op, uint32_t a, int32_t imm) {
  uint32_t bits = static_cast<uint32_t>(imm);
  Put(op, a, bits & 0xFFFF, bits >> 16);
}

void Emitter::PutWord(uint64_t word) { code_.words.push_back(word); }

uint32_t Emitter::Slot(Reg r) {
  assert(r.IsValid() && "the operand is a register");
  uint32_t first = slots_.slot[r.id];
  // A register that nobody uses or that takes no slots: any place will do.
  if (first == SlotAssignment::kNone) return Scratch(f_.regs[r.id].slots + 1);
  return first + r.slot;
}

uint32_t Emitter::SlotOf(const Operand& o) {
  if (o.IsReg()) return Slot(o.reg);
  uint32_t slot = Scratch(1);
  LoadImmediate(slot, o.IsImm() ? o.imm : 0);
  return slot;
}

uint32_t Emitter::Scratch(uint32_t slots) {
  uint32_t slot = scratch_base_ + scratch_used_;
  scratch_used_ += slots;
  scratch_top_ = std::max(scratch_top_, scratch_base_ + scratch_used_);
  return slot;
}

void Emitter::LoadImmediate(uint32_t slot, int64_t value) {
  if (value == 0) {
    Put(Opcode::kZero, slot);
  } else if (value == static_cast<int32_t>(value)) {
    PutImm32(Opcode::kLoadImm, slot, static_cast<int32_t>(value));
  } else {
    Put(Opcode::kLoadWord, slot);
    PutWord(static_cast<uint64_t>(value));
  }
}

void Emitter::Move(uint32_t to, uint32_t from, uint32_t slots) {
  if (to == from || slots == 0) return;
  switch (slots) {
    case 1:
      Put(Opcode::kMov, to, from);
      break;
    case 2:
      Put(Opcode::kMov2, to, from);
      break;
    case 3:
      Put(Opcode::kMov3, to, from);
      break;
    default:
      Put(Opcode::kMovN, to, from, slots);
      break;
  }
}

void Emitter::Clear(uint32_t slot, uint32_t slots) {
  switch (slots) {
    case 0:
      break;
    case 1:
      Put(Opcode::kZero, slot);
      break;
    case 2:
      Put(Opcode::kZero2, slot);
      break;
    case 3:
      Put(Opcode::kZero3, slot);
      break;
    default:
      Put(Opcode::kZeroN, slot, slots);
      break;
  }
}

void Emitter::MoveAll(llvm::SmallVectorImpl<Transfer>& transfers) {
  llvm::SmallVector<Transfer, 8> pending;
  for (const Transfer& t : transfers) {
    if (!t.is_imm && t.slots != 0 && t.to != t.from) pending.push_back(t);
  }
  auto overlap = [](uint32_t a, uint32_t an, uint32_t b, uint32_t bn) {
    return a < b + bn && b < a + an;
  };
  while (!pending.empty()) {
    bool moved = false;
    for (size_t i = 0; i < pending.size() && !moved; i++) {
      const Transfer t = pending[i];
      bool clobbers = false;
      for (size_t j = 0; j < pending.size(); j++) {
        const Transfer& other = pending[j];
        clobbers |= j != i && overlap(t.to, t.slots, other.from, other.slots);
      }
      if (clobbers) continue;
      Move(t.to, t.from, t.slots);
      pending.erase(pending.begin() + static_cast<ptrdiff_t>(i));
      moved = true;
    }
    if (moved) continue;
    // A cycle: one source goes through scratch.
    Transfer& t = pending.front();
    uint32_t aside = Scratch(t.slots);
    Move(aside, t.from, t.slots);
    t.from = aside;
  }
  for (const Transfer& t : transfers) {
    if (t.is_imm) LoadImmediate(t.to, t.imm);
  }
}

void Emitter::EmitEntry() {
  // Pointers that some path reads without having written them start as nil; so
  // does everything that has its address taken.
  std::vector<bool> fixed(f_.regs.size(), false);
  for (Reg param : f_.params) fixed[param.id] = true;
  if (f_.context.IsValid()) fixed[f_.context.id] = true;
  // The entry's map: what is live of the parameters.
  llvm::BitVector live(liveness_.units);
  const llvm::BitVector& in = liveness_.live_in[order_.front()];
  for (size_t r = 0; r < f_.regs.size(); r++) {
    if (!fixed[r]) continue;
    for (uint32_t u = 0; u < liveness_.unit_count[r]; u++) {
      uint32_t unit = liveness_.first_unit[r] + u;
      if (in.test(unit) || liveness_.always.test(unit)) live.set(unit);
    }
  }
  AddMap(0, live);
  for (size_t r = 0; r < f_.regs.size(); r++) {
    const ir::RegInfo& reg = f_.regs[r];
    if (fixed[r] || reg.slots == 0) continue;
    if (slots_.slot[r] == SlotAssignment::kNone) continue;
    bool clear = reg.in_memory;
    for (uint32_t u = 0; u < liveness_.unit_count[r]; u++) {
      uint32_t unit = liveness_.first_unit[r] + u;
      clear |= in.test(unit) || liveness_.always.test(unit);
    }
    if (clear) Clear(slots_.slot[r], reg.slots);
  }
}

// Whether others may see what the operation does, or it what others do.
static bool StopsBefore(Op op) {
  return (FlagsOf(op) & (ir::kSafepoint | ir::kWritesMemory)) != 0 &&
         (FlagsOf(op) & ir::kTerminator) == 0;
}

void Emitter::EmitBlock(size_t index) {
  uint32_t block = order_[index];
  block_offset_[block] = block_start_ = Here();
  if (!OnlyFallsInto(index)) int_acc_ = float_acc_ = kNothing;
  const auto& instrs = f_.blocks[block].instrs;
  // What is live after each instruction, found from the end.
  std::vector<llvm::BitVector> after(instrs.size());
  std::vector<llvm::BitVector> before(stops_everywhere_ ? instrs.size() : 0);
  llvm::BitVector fusible_end(instrs.size());
  for (size_t i = 0; i < instrs.size(); i++) {
    size_t n = FusibleLength(llvm::ArrayRef(instrs).drop_front(i));
    for (size_t k = 2; k <= n; k++) fusible_end.set(i + k - 1);
  }
  llvm::BitVector live = liveness_.live_out[block];
  for (size_t i = instrs.size(); i-- > 0;) {
    bool wanted =
        (FlagsOf(instrs[i].op) & ir::kSafepoint) != 0 || fusible_end.test(i);
    if (wanted) after[i] = live;
    ir::StepBack(f_, liveness_, instrs[i], live);
    if (stops_everywhere_ && StopsBefore(instrs[i].op)) before[i] = live;
  }
  for (size_t i = 0; i < instrs.size(); i++) {
    scratch_used_ = 0;
    live_after_ = &after[i];
    NoteLine(instrs[i]);
    if (stops_everywhere_ && StopsBefore(instrs[i].op)) EmitStop(before[i]);
    size_t fused = EmitFused(llvm::ArrayRef(instrs).drop_front(i),
                             llvm::ArrayRef(after).drop_front(i));
    if (fused != 0) {
      number_ += static_cast<uint32_t>(fused);
      i += fused - 1;
      continue;
    }
    if ((FlagsOf(instrs[i].op) & ir::kTerminator) != 0) {
      EmitTerminator(instrs[i], index);
    } else {
      EmitInstr(instrs[i]);
    }
    number_++;
  }
}

// A place to stop: a jump to the next instruction that looks as a back edge
// does.
void Emitter::EmitStop(const llvm::BitVector& live) {
  PutImm32(Opcode::kJumpLoop, 0, 1);
  int_acc_ = float_acc_ = kNothing;
  AddMap(Here(), live);
}

Code Emitter::Run() {
  scratch_base_ = scratch_top_ = slots_.frame_slots;
  block_offset_.assign(f_.blocks.size(), UINT32_MAX);
  order_index_.assign(f_.blocks.size(), UINT32_MAX);
  entries_.assign(f_.blocks.size(), 0);
  for (size_t i = 0; i < order_.size(); i++) {
    order_index_[order_[i]] = static_cast<uint32_t>(i);
    for (uint32_t target : f_.blocks[order_[i]].instrs.back().targets) {
      entries_[target]++;
    }
  }
  // Operands must be able to name every slot; nothing is emitted otherwise.
  if (slots_.frame_slots + 4096 > bytecode::kMaxFrameSlots) {
    code_.too_large = true;
    return std::move(code_);
  }
  EmitEntry();
  // The entry's map is for parameters only: no loop may share its offset.
  if (Here() == 0) {
    bool looped = false;
    for (const ir::Block& block : f_.blocks) {
      if (block.instrs.empty()) continue;
      for (uint32_t target : block.instrs.back().targets) {
        looped |= target == order_.front();
      }
    }
    if (looped) PutImm32(Opcode::kJump, 0, 1);
  }
  for (size_t i = 0; i < order_.size(); i++) EmitBlock(i);
  PatchBranches();
  // Offset 0 is the entry's, which covers parameters only; any other will do.
  // (DenseMap keeps the two largest keys for itself.)
  AddMap(UINT32_MAX - 2, llvm::BitVector(liveness_.units));
  code_.unwind_map = std::move(code_.maps.back());
  code_.maps.pop_back();
  code_.frame_slots = scratch_top_;
  if (f_.recovery_block != ir::Function::kNoBlock) {
    code_.recovery_offset = block_offset_[f_.recovery_block];
  }
  std::stable_sort(code_.maps.begin(), code_.maps.end(),
                   [](const PendingMap& a, const PendingMap& b) {
                     return a.offset < b.offset;
                   });
  code_.too_large |= code_.frame_slots > bytecode::kMaxFrameSlots;
  return std::move(code_);
}

void Emitter::EmitInstr(const Instr& i) {
  switch (i.op) {
    case Op::kConst:
      LoadImmediate(Slot(i.dst), i.imm);
      break;
    case Op::kConstString:
      Put(Opcode::kLoadStr, Slot(i.dst));
      PutAddress(resolver_.StringOf(i.text));
      break;
    case Op::kConstRef:
      EmitConstRef(i);
      break;
    case Op::kCopy:
      if (i.a.IsReg()) {
        Move(Slot(i.dst), Slot(i.a.reg), i.n);
      } else {
        LoadImmediate(Slot(i.dst), i.a.imm);
      }
      break;
    case Op::kZero:
      Clear(Slot(i.dst), i.n);
      break;
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kRem:
    case Op::kAnd:
    case Op::kOr:
    case Op::kXor:
    case Op::kAndNot:
    case Op::kFMin:
    case Op::kFMax:
      EmitBinary(i);
      break;
    case Op::kShl:
    case Op::kShr:
      EmitShift(i);
      break;
    case Op::kCheckShift:
      Put(Opcode::kCheckShift, SlotOf(i.a));
      break;
    case Op::kNeg:
      EmitNeg(i);
      break;
    case Op::kNot:
      Put(Opcode::kNot, Slot(i.dst), SlotOf(i.a));
      break;
    case Op::kConvert:
      EmitConvert(i);
      break;
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      EmitCompare(i);
      break;
    case Op::kIntrinsic:
      EmitIntrinsic(i);
      break;
    case Op::kLoadLocal:
    case Op::kStoreLocal:
      EmitLocal(i);
      break;
    case Op::kElemLoad:
      EmitLoadElem(i);
      break;
    case Op::kElemStore:
      EmitStoreElem(i);
      break;
    case Op::kPtrElemLoad:
      EmitPtrElemLoad(i);
      break;
    case Op::kPtrElemStore:
      EmitPtrElemStore(i);
      break;
    case Op::kMakeClosure:
      EmitClosure(i);
      break;
    case Op::kCall:
    case Op::kCallClosure:
    case Op::kCallIface:
    case Op::kCallNative:
      EmitCall(i);
      break;
    case Op::kRunDefers:
      // A deferred call returns to the second of the pair.
      Put(Opcode::kRunDefers);
      AddCallMap(i, Here(), {});
      Put(Opcode::kRunDefers);
      AddCallMap(i, Here(), {});
      break;
    case Op::kStrConcat:
    case Op::kStrEq:
    case Op::kStrLt:
    case Op::kStrLe:
    case Op::kStrToBytes:
    case Op::kStrToRunes:
    case Op::kBytesToStr:
    case Op::kRunesToStr:
    case Op::kRuneToStr:
    case Op::kDecodeRune:
      EmitStrings(i);
      break;
    case Op::kStrSlice:
    case Op::kSliceSlice:
    case Op::kArraySlice:
    case Op::kSliceToArrayPtr:
      EmitSlicing(i);
      break;
    case Op::kAppend:
    case Op::kAppendSlice:
    case Op::kCopySlice:
      EmitAppend(i);
      break;
    case Op::kMapLoad:
    case Op::kMapLoadOk:
    case Op::kMapAssign:
    case Op::kMapDelete:
    case Op::kMapClear:
    case Op::kMapIterInit:
      EmitMap(i);
      break;
    case Op::kLen:
    case Op::kChanCap:
    case Op::kChanSend:
    case Op::kChanRecv:
    case Op::kChanClose:
      EmitChannel(i);
      break;
    case Op::kSelect:
      EmitSelect(i);
      break;
    case Op::kTypeOf:
    case Op::kAssertIface:
    case Op::kIfaceEq:
    case Op::kValueEq:
      EmitIface(i);
      break;
    case Op::kRecover:
      Put(Opcode::kRecover, Slot(i.dst));
      break;
    case Op::kPrint:
      EmitPrint(i);
      break;
    default:
      EmitMemory(i);
      break;
  }
}

}  // namespace mgo::codegen
