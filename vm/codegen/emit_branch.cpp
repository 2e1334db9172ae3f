// Block order, branches, ends of blocks.
//
// Code order is what decides which branches fall through, and which go
// backwards and so must be of a Loop form, where the goroutine can be stopped.
// A block that is the target of a backward branch has a root map at its start.
#include <algorithm>
#include <cassert>

#include "vm/codegen/emit.h"

namespace mgo::codegen {

using ir::Op;

// Reverse postorder. Of a block's successors the one visited last comes right
// after it: a loop's exit is visited before its body, so that a loop's blocks
// stay together, and otherwise the first target last, so that the body of an
// `if` or of a loop follows its condition.
std::vector<uint32_t> LayOutBlocks(const ir::Function& f) {
  std::vector<uint32_t> postorder;
  std::vector<bool> seen(f.blocks.size(), false);
  struct Visit {
    uint32_t block;
    llvm::SmallVector<uint32_t, 2> left;  // successors, next at the back
  };
  std::vector<Visit> stack;
  auto enter = [&](uint32_t block) {
    seen[block] = true;
    const auto& targets = f.blocks[block].instrs.back().targets;
    Visit visit{block, {targets.begin(), targets.end()}};
    std::stable_sort(visit.left.begin(), visit.left.end(),
                     [&](uint32_t a, uint32_t b) {
                       return f.blocks[a].loop_depth > f.blocks[b].loop_depth;
                     });
    stack.push_back(std::move(visit));
  };
  auto run = [&](uint32_t root) {
    if (seen[root]) return;
    enter(root);
    while (!stack.empty()) {
      Visit& top = stack.back();
      if (top.left.empty()) {
        postorder.push_back(top.block);
        stack.pop_back();
        continue;
      }
      uint32_t next = top.left.pop_back_val();
      if (!seen[next]) enter(next);
    }
  };
  // The recovery block goes last.
  if (f.recovery_block != ir::Function::kNoBlock) run(f.recovery_block);
  run(0);
  std::reverse(postorder.begin(), postorder.end());
  return postorder;
}

bool Emitter::IsBackward(uint32_t block) const {
  return block_offset_[block] != UINT32_MAX;
}

namespace {

Opcode LoopForm(Opcode op) {
  // Each Loop form follows its plain one in opcodes.def.
  return static_cast<Opcode>(static_cast<uint16_t>(op) + 1);
}

// Branch to the opposite condition.
Opcode Inverse(Opcode op) {
  switch (op) {
    case Opcode::kJTrue:
      return Opcode::kJFalse;
    case Opcode::kJFalse:
      return Opcode::kJTrue;
    case Opcode::kJEqI64:
      return Opcode::kJNeI64;
    case Opcode::kJNeI64:
      return Opcode::kJEqI64;
    case Opcode::kJEqI64Imm:
      return Opcode::kJNeI64Imm;
    case Opcode::kJNeI64Imm:
      return Opcode::kJEqI64Imm;
    case Opcode::kJLtI64Imm:
      return Opcode::kJGeI64Imm;
    case Opcode::kJLeI64Imm:
      return Opcode::kJGtI64Imm;
    case Opcode::kJGtI64Imm:
      return Opcode::kJLeI64Imm;
    case Opcode::kJGeI64Imm:
      return Opcode::kJLtI64Imm;
    case Opcode::kJEqF64:
      return Opcode::kJNeF64;
    case Opcode::kJNeF64:
      return Opcode::kJEqF64;
    case Opcode::kJLtF64:
      return Opcode::kJNotLtF64;
    case Opcode::kJLeF64:
      return Opcode::kJNotLeF64;
    case Opcode::kJNotLtF64:
      return Opcode::kJLtF64;
    case Opcode::kJNotLeF64:
      return Opcode::kJLeF64;
    case Opcode::kJEqF32:
      return Opcode::kJNeF32;
    case Opcode::kJNeF32:
      return Opcode::kJEqF32;
    case Opcode::kJLtF32:
      return Opcode::kJNotLtF32;
    case Opcode::kJLeF32:
      return Opcode::kJNotLeF32;
    case Opcode::kJNotLtF32:
      return Opcode::kJLtF32;
    case Opcode::kJNotLeF32:
      return Opcode::kJLeF32;
    default:
      return Opcode::kCount;  // JLt and JLe of registers: swap
  }
}

bool IsLong(Opcode op) {
  return bytecode::InfoOf(op).format == bytecode::Format::kAJ32;
}

}  // namespace

// When `op` is the backward branch that ends a counting loop and the last
// instruction is the counting, takes that instruction back and returns the
// opcode that does both; else returns op.
Opcode Emitter::TakeCountingStep(Opcode op, uint32_t a, uint32_t b) {
  // The counting must be the last instruction, in this block.
  if (int_acc_ != a || last_inst_ + 1 != Here() || last_inst_ < block_start_) {
    return op;
  }
  const Inst& last = reinterpret_cast<const Inst&>(code_.words.back());
  Opcode step = static_cast<Opcode>(last.op);
  bool counts = step == Opcode::kAddI64Imm || step == Opcode::kAddI64ImmB;
  if (!counts || last.a != a || last.b != a) return op;
  int16_t by = static_cast<int16_t>(last.c);
  Opcode both = op;
  if (by == 1 && op == Opcode::kJLtI64 && b != a) {
    both = Opcode::kIncJLtI64Loop;
  } else if (by == 1 && op == Opcode::kJLtI64Imm) {
    both = Opcode::kIncJLtI64ImmLoop;
  } else if (by == -1 && op == Opcode::kJGeI64Imm) {
    both = Opcode::kDecJGeI64ImmLoop;
  }
  if (both == op) return op;
  code_.words.pop_back();
  return both;
}

// A conditional branch to `target`, forwards or backwards.
void Emitter::Conditional(Opcode op, uint32_t a, uint32_t b, uint32_t target) {
  bool back = IsBackward(target);
  bool near = IsLong(op);
  if (!near && back) {
    int64_t jump = int64_t{block_offset_[target]} - Here();
    near = jump >= INT16_MIN;
  } else if (!near) {
    // Forwards the distance is unknown; functions of this size are rare, so
    // measure by what is left of the function.
    near = f_.blocks.size() < 2000;
  }
  if (!near) {
    // Around a long jump.
    Opcode inverse = Inverse(op);
    uint32_t x = a, y = b;
    if (inverse == Opcode::kCount) {
      // !(a < b) is b <= a, !(a <= b) is b < a.
      std::swap(x, y);
      inverse = op == Opcode::kJLtI64   ? Opcode::kJLeI64
                : op == Opcode::kJLeI64 ? Opcode::kJLtI64
                : op == Opcode::kJLtU64 ? Opcode::kJLeU64
                                        : Opcode::kJLtU64;
    }
    Put(inverse, x, y, 2);
    patches_.push_back({Here(), 0, target});
    Put(back ? Opcode::kJumpLoop : Opcode::kJump);
    return;
  }
  if (back) {
    Opcode both = TakeCountingStep(op, a, b);
    op = both != op ? both : LoopForm(op);
  }
  patches_.push_back({Here(), 0, target});
  Put(op, a, b, 0);
}

void Emitter::JumpTo(uint32_t block, size_t index) {
  if (index + 1 < order_.size() && order_[index + 1] == block) return;
  patches_.push_back({Here(), 0, block});
  Put(IsBackward(block) ? Opcode::kJumpLoop : Opcode::kJump);
}

void Emitter::EmitBranch(const Instr& i, size_t index) {
  uint32_t yes = i.targets[0], no = i.targets[1];
  if (yes == no) return JumpTo(yes, index);
  bool yes_next = index + 1 < order_.size() && order_[index + 1] == yes;
  Op cmp = i.cmp;
  Operand a = i.a, b = i.b;
  if (i.op == Op::kBranch) {
    Opcode op = yes_next ? Opcode::kJFalse : Opcode::kJTrue;
    Conditional(op, SlotOf(a), 0, yes_next ? no : yes);
    if (!yes_next) JumpTo(no, index);
    return;
  }
  bool invert = yes_next;
  Opcode op;
  uint32_t x, y;
  if (i.rep == Rep::kF64 || i.rep == Rep::kF32) {
    if (cmp == Op::kGt || cmp == Op::kGe) {
      std::swap(a, b);
      cmp = cmp == Op::kGt ? Op::kLt : Op::kLe;
    }
    bool f64 = i.rep == Rep::kF64;
    op = cmp == Op::kEq   ? (f64 ? Opcode::kJEqF64 : Opcode::kJEqF32)
         : cmp == Op::kNe ? (f64 ? Opcode::kJNeF64 : Opcode::kJNeF32)
         : cmp == Op::kLt ? (f64 ? Opcode::kJLtF64 : Opcode::kJLtF32)
                          : (f64 ? Opcode::kJLeF64 : Opcode::kJLeF32);
    if (invert) op = Inverse(op);
    x = SlotOf(a);
    y = SlotOf(b);
  } else {
    if (invert) {
      cmp = cmp == Op::kEq   ? Op::kNe
            : cmp == Op::kNe ? Op::kEq
            : cmp == Op::kLt ? Op::kGe
            : cmp == Op::kLe ? Op::kGt
            : cmp == Op::kGt ? Op::kLe
                             : Op::kLt;
    }
    if (a.IsImm() && !b.IsImm()) {
      std::swap(a, b);
      cmp = cmp == Op::kLt   ? Op::kGt
            : cmp == Op::kLe ? Op::kGe
            : cmp == Op::kGt ? Op::kLt
            : cmp == Op::kGe ? Op::kLe
                             : cmp;
    }
    bool wide = i.rep == Rep::kU64 || i.rep == Rep::kPtr;
    bool equality = cmp == Op::kEq || cmp == Op::kNe;
    if (b.IsImm() && b.imm == static_cast<int16_t>(b.imm) &&
        (!wide || equality)) {
      op = cmp == Op::kEq   ? Opcode::kJEqI64Imm
           : cmp == Op::kNe ? Opcode::kJNeI64Imm
           : cmp == Op::kLt ? Opcode::kJLtI64Imm
           : cmp == Op::kLe ? Opcode::kJLeI64Imm
           : cmp == Op::kGt ? Opcode::kJGtI64Imm
                            : Opcode::kJGeI64Imm;
      x = SlotOf(a);
      y = static_cast<uint16_t>(b.imm);
    } else {
      if (cmp == Op::kGt || cmp == Op::kGe) {
        std::swap(a, b);
        cmp = cmp == Op::kGt ? Op::kLt : Op::kLe;
      }
      op = cmp == Op::kEq   ? Opcode::kJEqI64
           : cmp == Op::kNe ? Opcode::kJNeI64
           : cmp == Op::kLt ? (wide ? Opcode::kJLtU64 : Opcode::kJLtI64)
                            : (wide ? Opcode::kJLeU64 : Opcode::kJLeI64);
      x = SlotOf(a);
      y = SlotOf(b);
    }
  }
  Conditional(op, x, y, invert ? no : yes);
  if (!invert) JumpTo(no, index);
}

void Emitter::EmitTerminator(const Instr& i, size_t index) {
  switch (i.op) {
    case Op::kJump:
      return JumpTo(i.targets[0], index);
    case Op::kBranch:
    case Op::kBranchCmp:
      return EmitBranch(i, index);
    case Op::kJumpTable: {
      uint32_t a = SlotOf(i.a);
      if (i.imm != 0) {
        uint32_t shifted = Scratch(2);
        if (i.imm > INT16_MIN && i.imm <= INT16_MAX) {
          Put(Opcode::kAddI64Imm, shifted, a, static_cast<uint16_t>(-i.imm));
        } else {
          LoadImmediate(shifted + 1, i.imm);
          Put(Opcode::kSubI64, shifted, a, shifted + 1);
        }
        a = shifted;
      }
      uint32_t at = Here();
      Put(Opcode::kJumpTable, a, static_cast<uint32_t>(i.targets.size() - 1));
      for (uint32_t k = 0; k < i.targets.size(); k++) {
        if (!IsBackward(i.targets[k])) {
          patches_.push_back({at, k + 1, i.targets[k]});
        }
        PutWord(0);
      }
      // The table only goes forwards; what goes back takes one more jump.
      for (uint32_t k = 0; k < i.targets.size(); k++) {
        if (!IsBackward(i.targets[k])) continue;
        code_.words[at + k + 1] = Here() - at;
        patches_.push_back({Here(), 0, i.targets[k]});
        Put(Opcode::kJumpLoop);
      }
      return;
    }
    case Op::kMapIterNext: {
      uint32_t iter = Slot(i.a.reg);
      uint32_t at = Here();
      bool end_is_back = IsBackward(i.targets[1]);
      if (!end_is_back) patches_.push_back({at, 0, i.targets[1]});
      Put(Opcode::kMapIterNext, iter);
      const auto* map = types::As<types::Map>(i.type);
      // rt::MapIter: key and value pointers are its third and fourth words.
      if (i.b.IsReg()) EmitLoadFrom(Slot(i.b.reg), iter + 2, 0, map->key);
      if (i.c.IsReg()) EmitLoadFrom(Slot(i.c.reg), iter + 3, 0, map->value);
      if (!end_is_back) return JumpTo(i.targets[0], index);
      JumpTo(i.targets[0], order_.size());
      Inst& next = reinterpret_cast<Inst&>(code_.words[at]);
      next.b = static_cast<uint16_t>(Here() - at);
      patches_.push_back({Here(), 0, i.targets[1]});
      return Put(Opcode::kJumpLoop);
    }
    case Op::kPanicAssert:
      Put(Opcode::kPanicAssert, SlotOf(i.a));
      PutAddress(resolver_.TypeDescOf(i.type));
      return PutAddress(i.type2 == nullptr ? nullptr
                                           : resolver_.TypeDescOf(i.type2));
    case Op::kPanic:
      return Put(Opcode::kPanic, SlotOf(i.a));
    case Op::kReturn:
      return Put(Opcode::kReturn);
    default:
      return Put(Opcode::kUnreachable);
  }
}

void Emitter::PatchBranches() {
  for (const Patch& patch : patches_) {
    uint32_t target = block_offset_[patch.target];
    int64_t jump = int64_t{target} - patch.at;
    if (patch.word != 0) {
      code_.words[patch.at + patch.word] = static_cast<uint64_t>(jump);
      continue;
    }
    Inst& inst = reinterpret_cast<Inst&>(code_.words[patch.at]);
    bytecode::OpcodeInfo info = bytecode::InfoOf(static_cast<Opcode>(inst.op));
    if (info.format == bytecode::Format::kJ32 ||
        info.format == bytecode::Format::kAJ32) {
      uint32_t bits = static_cast<uint32_t>(jump);
      inst.b = static_cast<uint16_t>(bits);
      inst.c = static_cast<uint16_t>(bits >> 16);
    } else {
      if (jump != static_cast<int16_t>(jump)) code_.too_large = true;
      inst.c = static_cast<uint16_t>(jump);
    }
    if ((info.flags & bytecode::kCanStop) != 0) {
      AddMap(target, liveness_.live_in[patch.target]);
    }
  }
}

}  // namespace mgo::codegen
