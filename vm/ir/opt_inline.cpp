// Inlining: a call of a small function becomes the function's body.
//
// Callees come first, so what is copied is optimised already. The copied
// instructions keep their positions and get an inline site that says which call
// they come from; traces show the frames as if they were there. A compiler-made
// wrapper leaves no site: its instructions count as the caller's.
//
// Not inlined: functions that defer or recover (they need a frame of their
// own), members of a recursion, and functions whose natives look at the stack.
#include "vm/ir/liveness.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"

namespace mgo::ir {

namespace {

constexpr uint32_t kNever = UINT32_MAX;
// What a callee may cost where the call is in a loop, and elsewhere.
constexpr uint32_t kLoopBudget = 40, kBudget = 20;
// No function grows beyond this many instructions by inlining.
constexpr size_t kMaxCaller = 4000;
constexpr size_t kMaxSites = 60000;
// Frame memory that inlining may add, in slots.
constexpr uint32_t kMaxFrameSlots = 1024;

uint32_t CostOf(const Instr& i) {
  switch (i.op) {
    case Op::kCopy:
    case Op::kConst:
    case Op::kZero:
    case Op::kJump:
    case Op::kReturn:
    case Op::kFrameAddr:
    case Op::kUnreachable:
      return 0;
    case Op::kCall:
    case Op::kCallClosure:
    case Op::kCallIface:
    case Op::kCallNative:
      return 3;
    case Op::kSelect:
      return 10;
    default:
      return 1;
  }
}

class Inliner {
 public:
  Inliner(OptContext& context, Function& f) : context_(context), f_(f) {}
  bool Run();

 private:
  Function* CalleeOf(const Instr& i, uint32_t depth);
  void Expand(uint32_t block, const Instr& call, Function& callee,
              uint32_t after);
  void CopyArguments(Block& block, const Instr& call, const Function& callee,
                     uint32_t regs);
  void Emit(Block& block, const Instr& like, Reg dst, Operand from,
            uint32_t slots);
  Instr Clone(const Instr& i, uint32_t regs, uint32_t blocks) const;
  uint16_t AddSites(const Instr& call, const Function& callee);

  OptContext& context_;
  Function& f_;
  size_t size_ = 0;
  uint32_t frame_slots_ = 0;
};

Function* Inliner::CalleeOf(const Instr& i, uint32_t depth) {
  if (i.op != Op::kCall && i.op != Op::kCallClosure) return nullptr;
  if (i.call_mode != CallMode::kCall || i.ref.func == nullptr) return nullptr;
  Function* callee = i.ref.func;
  uint32_t cost = context_.inline_cost[callee->index];
  if (cost == kNever) return nullptr;
  if (cost > (depth > 0 ? kLoopBudget : kBudget)) return nullptr;
  if (context_.component[callee->index] == context_.component[f_.index]) {
    return nullptr;
  }
  // What a wrapper calls must see that it is called by a wrapper.
  if (f_.is_wrapper && cost > 0) return nullptr;
  if (i.args.size() != callee->params.size()) return nullptr;
  if (i.op == Op::kCallClosure && !callee->context.IsValid()) return nullptr;
  if (i.op == Op::kCall && callee->context.IsValid()) return nullptr;
  for (size_t k = 0; k < i.args.size(); k++) {
    const Operand& arg = i.args[k];
    uint32_t slots = callee->regs[callee->params[k].id].slots;
    if (slots == 0) continue;
    if (arg.IsAbsent() || (arg.IsImm() && slots != 1)) return nullptr;
    if (arg.IsReg() && arg.reg.slot + slots > f_.regs[arg.reg.id].slots) {
      return nullptr;
    }
  }
  if (size_ + cost > kMaxCaller) return nullptr;
  if (f_.inlined.size() + callee->inlined.size() > kMaxSites) return nullptr;
  uint32_t memory = 0;
  for (const RegInfo& reg : callee->regs) {
    if (reg.in_memory) memory += reg.slots;
  }
  if (memory != 0 && frame_slots_ + memory > kMaxFrameSlots) return nullptr;
  frame_slots_ += memory;
  return callee;
}

void Inliner::Emit(Block& block, const Instr& like, Reg dst, Operand from,
                   uint32_t slots) {
  if (slots == 0) return;
  Instr& i = block.instrs.emplace_back();
  i.pos = like.pos;
  i.inline_site = like.inline_site;
  i.dst = dst;
  if (from.IsImm()) {
    i.op = Op::kConst;
    i.imm = from.imm;
  } else if (from.IsReg()) {
    i.op = Op::kCopy;
    i.a = from;
    i.n = slots;
  } else {
    i.op = Op::kZero;
    i.n = slots;
  }
}

void Inliner::CopyArguments(Block& block, const Instr& call,
                            const Function& callee, uint32_t regs) {
  for (size_t k = 0; k < call.args.size(); k++) {
    Reg param = callee.params[k];
    Emit(block, call, Reg{param.id + regs, 0}, call.args[k],
         callee.regs[param.id].slots);
  }
  if (callee.context.IsValid()) {
    Emit(block, call, Reg{callee.context.id + regs, 0}, call.a, 1);
  }
  // What a frame starts with as zero.
  Liveness live = ComputeLiveness(callee);
  std::vector<bool> is_param(callee.regs.size(), false);
  for (Reg param : callee.params) is_param[param.id] = true;
  if (callee.context.IsValid()) is_param[callee.context.id] = true;
  for (uint32_t r = 0; r < callee.regs.size(); r++) {
    if (is_param[r] || live.unit_count[r] == 0) continue;
    bool zero = false;
    for (uint32_t u = 0; u < live.unit_count[r]; u++) {
      zero |= live.live_in[0].test(live.first_unit[r] + u);
    }
    if (zero) {
      Emit(block, call, Reg{r + regs, 0}, Operand(), callee.regs[r].slots);
    }
  }
}

uint16_t Inliner::AddSites(const Instr& call, const Function& callee) {
  uint16_t own = call.inline_site;
  if (!callee.is_wrapper) {
    f_.inlined.push_back({callee.name, call.pos, call.inline_site});
    own = static_cast<uint16_t>(f_.inlined.size());
  }
  auto base = static_cast<uint16_t>(f_.inlined.size());
  for (const InlineSite& site : callee.inlined) {
    InlineSite copy = site;
    if (site.parent == 0) {
      copy.parent = own;
      if (callee.is_wrapper) copy.call_pos = call.pos;
    } else {
      copy.parent = static_cast<uint16_t>(base + site.parent);
    }
    f_.inlined.push_back(std::move(copy));
  }
  return own;
}

Instr Inliner::Clone(const Instr& i, uint32_t regs, uint32_t blocks) const {
  Instr copy = i;
  auto move = [&](Reg& r) {
    if (r.IsValid()) r.id += regs;
  };
  move(copy.dst);
  for (Operand* o : {&copy.a, &copy.b, &copy.c}) {
    if (o->IsReg()) move(o->reg);
  }
  for (Operand& o : copy.args) {
    if (o.IsReg()) move(o.reg);
  }
  for (Reg& r : copy.results) move(r);
  for (SelectCase& c : copy.cases) {
    if (c.chan.IsReg()) move(c.chan.reg);
    move(c.value);
  }
  for (uint32_t& t : copy.targets) t += blocks;
  return copy;
}

// Puts the callee's blocks behind `block`, which ends where the call was, and
// goes on at `after`.
void Inliner::Expand(uint32_t block, const Instr& call, Function& callee,
                     uint32_t after) {
  auto regs = static_cast<uint32_t>(f_.regs.size());
  f_.regs.insert(f_.regs.end(), callee.regs.begin(), callee.regs.end());
  auto blocks = static_cast<uint32_t>(f_.blocks.size());
  uint32_t depth = f_.blocks[block].loop_depth;
  auto base =
      static_cast<uint16_t>(f_.inlined.size() + (callee.is_wrapper ? 0 : 1));
  uint16_t own = AddSites(call, callee);
  CopyArguments(f_.blocks[block], call, callee, regs);
  Instr& jump = f_.blocks[block].instrs.emplace_back();
  jump.op = Op::kJump;
  jump.pos = call.pos;
  jump.inline_site = call.inline_site;
  jump.targets.push_back(blocks);
  for (const Block& from : callee.blocks) {
    Block& to = f_.blocks.emplace_back();
    to.loop_depth = depth + from.loop_depth;
    to.instrs.reserve(from.instrs.size());
    for (const Instr& i : from.instrs) {
      if (i.op == Op::kReturn) {
        Instr like = call;
        like.inline_site = i.inline_site == 0
                               ? own
                               : static_cast<uint16_t>(base + i.inline_site);
        like.pos = callee.is_wrapper ? call.pos : i.pos;
        for (size_t k = 0; k < callee.results.size(); k++) {
          if (k >= call.results.size() || !call.results[k].IsValid()) continue;
          Reg result = callee.results[k];
          Emit(to, like, call.results[k], Reg{result.id + regs, 0},
               callee.regs[result.id].slots);
        }
        Instr& back = to.instrs.emplace_back();
        back.op = Op::kJump;
        back.pos = like.pos;
        back.inline_site = like.inline_site;
        back.targets.push_back(after);
        continue;
      }
      Instr copy = Clone(i, regs, blocks);
      if (i.inline_site == 0) {
        copy.inline_site = own;
        if (callee.is_wrapper) copy.pos = call.pos;
      } else {
        copy.inline_site = static_cast<uint16_t>(base + i.inline_site);
      }
      to.instrs.push_back(std::move(copy));
    }
    size_ += from.instrs.size();
  }
}

bool Inliner::Run() {
  bool changed = false;
  for (const Block& block : f_.blocks) size_ += block.instrs.size();
  for (const RegInfo& reg : f_.regs) {
    if (reg.in_memory) frame_slots_ += reg.slots;
  }
  size_t count = f_.blocks.size();
  for (uint32_t b = 0; b < count; b++) {
    uint32_t depth = f_.blocks[b].loop_depth;
    bool any = false;
    for (const Instr& i : f_.blocks[b].instrs) {
      any |= (i.op == Op::kCall || i.op == Op::kCallClosure) &&
             i.ref.func != nullptr &&
             context_.inline_cost[i.ref.func->index] != kNever;
    }
    if (!any) continue;
    std::vector<Instr> instrs = std::move(f_.blocks[b].instrs);
    f_.blocks[b].instrs.clear();
    uint32_t now = b;
    for (Instr& i : instrs) {
      Function* callee = CalleeOf(i, depth);
      if (callee == nullptr) {
        f_.blocks[now].instrs.push_back(std::move(i));
        continue;
      }
      changed = true;
      auto after = static_cast<uint32_t>(f_.blocks.size());
      f_.blocks.emplace_back().loop_depth = depth;
      Expand(now, i, *callee, after);
      now = after;
    }
  }
  return changed;
}

// Natives that look at their caller's frame.
bool LooksAtStack(llvm::StringRef native) {
  return native.starts_with("runtime.") && native != "runtime.complex128div";
}

}  // namespace

uint32_t InlineCost(const OptContext& context, const Function& f) {
  if (f.blocks.empty() || f.has_defer || f.has_recover || f.no_inline ||
      f.recovery_block != Function::kNoBlock) {
    return kNever;
  }
  uint32_t cost = 0;
  for (const Block& block : f.blocks) {
    for (const Instr& i : block.instrs) {
      cost += CostOf(i);
      if (cost > kLoopBudget) return kNever;
      switch (i.op) {
        case Op::kRecover:
        case Op::kRunDefers:
        case Op::kSelect:
          return kNever;
        case Op::kCallNative:
          if (LooksAtStack(i.ref.name)) return kNever;
          break;
        case Op::kCall:
        case Op::kCallClosure:
        case Op::kCallIface:
          if (i.call_mode == CallMode::kDefer) return kNever;
          // A call from a wrapper must come from the wrapper.
          if (f.is_wrapper) return kNever;
          if (i.ref.func != nullptr && context.component[i.ref.func->index] ==
                                           context.component[f.index]) {
            return kNever;
          }
          break;
        default:
          break;
      }
    }
  }
  return cost;
}

bool InlineCalls(OptContext& context, Function& f) {
  return Inliner(context, f).Run();
}

}  // namespace mgo::ir
