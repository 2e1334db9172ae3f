// Escape analysis: which objects do not outlive the frame that makes them.
//
// Locations are the registers that may hold pointers, the allocation sites, and
// the heap. An edge dst <- src with a number of derefs says that dst may hold
// what is found after following that many pointers from src; -1 is "the address
// of src". From the heap the least number of derefs to each location is found
// backwards along the edges; a site whose address gets there (-1) escapes, and
// what it holds then is on the heap too. The same from a function's results
// gives its parameters' summary for callers. (The scheme is that of "Escape
// analysis" as Go's own compiler documents it: flow-insensitive, with stores
// through unknown pointers taken as flows to the heap.)
//
// A site that may run again must not meet its earlier object: a site in a cycle
// escapes too when any register that may lead to its object is live there.
//
// What stays becomes a register in_memory: `New` is Zero and FrameAddr, a
// closure is laid out as its object would be: function word, then captures.
#include <algorithm>

#include "vm/ir/liveness.h"
#include "vm/ir/opt_cfg.h"
#include "vm/ir/opt_operands.h"
#include "vm/ir/opt_passes.h"

namespace mgo::ir {

namespace {

constexpr uint32_t kNoLoc = UINT32_MAX;
constexpr uint32_t kHeap = 0;
// Not reached.
constexpr int kFar = 100;
// Frame memory of a function, and of one object, in slots.
constexpr uint32_t kMaxFrame = 1024, kMaxObject = 512;
// Levels of pointers that are told apart.
constexpr int kMaxLevel = 3;
constexpr size_t kMaxLocations = 60000;

struct Edge {
  uint32_t src;
  int derefs;
};

struct Site {
  Function* f;
  uint32_t block, index;  // of the instruction
  uint32_t loc;
  uint32_t slots;
  bool escapes = false;
};

// What natives do with pointers among their arguments.
enum class NativeKind { kKeeps, kReturns };

NativeKind KindOfNative(llvm::StringRef name) {
  static constexpr llvm::StringRef kSafe[] = {
      "math.",           "math/",        "strings.",
      "bytes.",          "strconv.",     "unicode.",
      "unicode/",        "sort.",        "sync.",
      "os.pread",        "os.pwrite",    "os.fileOp",
      "os.stat",         "os.open",      "os.lookup",
      "internal/",       "time.Sleep",   "runtime.complex128div",
      "runtime.callers", "runtime.Stack"};
  if (name.starts_with("sync/atomic.")) {
    return name.contains("Pointer") ? NativeKind::kKeeps : NativeKind::kReturns;
  }
  if (name.starts_with("internal/reflect") ||
      name.starts_with("internal/value")) {
    return NativeKind::kKeeps;
  }
  for (llvm::StringRef safe : kSafe) {
    if (name.starts_with(safe)) return NativeKind::kReturns;
  }
  return NativeKind::kKeeps;
}

bool MayPoint(const RegInfo& reg) {
  return !reg.pointers.empty() || !reg.iface_data.empty();
}

class Analysis {
 public:
  Analysis(OptContext& context, llvm::ArrayRef<Function*> component)
      : context_(context), component_(component.begin(), component.end()) {}
  void Run();

 private:
  struct FunctionState {
    Function* f;
    std::vector<uint32_t> loc;     // by register
    std::vector<uint32_t> points;  // by register: the one location it points to
    std::vector<uint32_t> defs;    // by register
    std::vector<bool> cyclic;      // by block
  };

  uint32_t AddLoc() {
    edges_.emplace_back();
    return static_cast<uint32_t>(edges_.size() - 1);
  }
  uint32_t LocOf(const Operand& o) const {
    return o.IsReg() ? state_->loc[o.reg.id] : kNoLoc;
  }
  // A pointer that becomes an integer is lost sight of.
  void LeakIfPointer(const Operand& o) {
    if (!o.IsReg()) return;
    const RegInfo& reg = state_->f->regs[o.reg.id];
    uint32_t word = o.reg.slot / 64;
    if (word < reg.pointers.size() &&
        ((reg.pointers[word] >> (o.reg.slot % 64)) & 1) != 0) {
      Leak(o);
    }
  }
  void Flow(uint32_t dst, uint32_t src, int derefs) {
    if (dst == kNoLoc || src == kNoLoc || (dst == src && derefs == 0)) return;
    edges_[dst].push_back({src, derefs});
  }
  void Leak(const Operand& o, int derefs = 0) { Flow(kHeap, LocOf(o), derefs); }

  void Prepare(FunctionState& state);
  void FindSites(FunctionState& state);
  bool SizeOfSite(const Instr& i, uint32_t* slots) const;
  void Collect(const Instr& i, bool cyclic);
  void CollectCall(const Instr& i, bool cyclic);
  void CollectKnownCall(const Instr& i, Function& callee);
  void CollectNative(const Instr& i);
  void CollectClosure(const Instr& i);
  void LoadFrom(const Operand& pointer, uint32_t dst);
  void StoreTo(const Operand& pointer, const Operand& value);
  uint32_t PointsTo(const Operand& o) const {
    return o.IsReg() && o.reg.slot == 0 ? state_->points[o.reg.id] : kNoLoc;
  }

  std::vector<int> WalkFrom(llvm::ArrayRef<uint32_t> roots);
  void Summarize(const std::vector<int>& heap);
  void KeepToBudget();
  void CheckCycles();
  void Convert();
  void ConvertSite(Site& site, std::vector<Instr>& before);

  OptContext& context_;
  std::vector<Function*> component_;
  std::vector<FunctionState> states_;
  FunctionState* state_ = nullptr;
  std::vector<std::vector<Edge>> edges_;
  std::vector<Site> sites_;
};

void Analysis::Prepare(FunctionState& state) {
  Function& f = *state.f;
  state.loc.assign(f.regs.size(), kNoLoc);
  state.points.assign(f.regs.size(), kNoLoc);
  state.defs.assign(f.regs.size(), 0);
  for (size_t r = 0; r < f.regs.size(); r++) {
    if (MayPoint(f.regs[r]) || f.regs[r].in_memory) state.loc[r] = AddLoc();
  }
  for (Reg r : f.params) state.defs[r.id]++;
  if (f.context.IsValid()) state.defs[f.context.id]++;
  for (const Block& block : f.blocks) {
    for (const Instr& i : block.instrs) {
      ForEachDef(f, i, [&](Reg r, uint32_t) { state.defs[r.id]++; });
    }
  }
  state.cyclic = BlocksInCycles(f);
}

bool Analysis::SizeOfSite(const Instr& i, uint32_t* slots) const {
  switch (i.op) {
    case Op::kNew:
      *slots = SlotsOfType(i.type);
      return types::SizeOf(i.type) <= int64_t{kMaxObject} * 8;
    case Op::kMakeClosure: {
      uint32_t sum = 1;
      for (const Type* t : i.ref.func->captures) sum += SlotsOfType(t);
      *slots = sum;
      return i.args.size() == i.ref.func->captures.size();
    }
    case Op::kBox:
      if (RepOf(i.type) != Rep::kNone || types::SizeOf(i.type) == 0) {
        return false;
      }
      // One slot without a representation is complex64, which is direct.
      if (types::IsBasic(i.type, types::kIsComplex) &&
          types::SizeOf(i.type) == 8) {
        return false;
      }
      *slots = SlotsOfType(i.type);
      return *slots <= kMaxObject;
    case Op::kMakeSlice: {
      const Operand& cap = i.b.IsAbsent() ? i.a : i.b;
      if (!i.a.IsImm() || !cap.IsImm()) return false;
      if (i.a.imm < 0 || i.a.imm > cap.imm) return false;
      int64_t size = types::SizeOf(i.type);
      if (size == 0 || cap.imm == 0 ||
          cap.imm > int64_t{kMaxObject} * 8 / size) {
        return false;
      }
      *slots = static_cast<uint32_t>((size * cap.imm + 7) / 8);
      return true;
    }
    default:
      return false;
  }
}

void Analysis::FindSites(FunctionState& state) {
  Function& f = *state.f;
  for (uint32_t b = 0; b < f.blocks.size(); b++) {
    const auto& instrs = f.blocks[b].instrs;
    for (uint32_t k = 0; k < instrs.size(); k++) {
      const Instr& i = instrs[k];
      if (i.op == Op::kFrameAddr) {
        if (state.defs[i.dst.id] == 1 && i.dst.slot == 0) {
          state.points[i.dst.id] = state.loc[i.a.reg.id];
        }
        continue;
      }
      uint32_t slots = 0;
      if (!SizeOfSite(i, &slots)) continue;
      uint32_t loc = AddLoc();
      sites_.push_back({&f, b, k, loc, slots});
      if (state.defs[i.dst.id] == 1 && i.dst.slot == 0 && i.op != Op::kBox) {
        state.points[i.dst.id] = loc;
      }
      Flow(state.loc[i.dst.id], loc, -1);
      if (i.op == Op::kBox) {
        uint32_t src = i.a.IsReg() ? state.loc[i.a.reg.id] : kNoLoc;
        Flow(loc, src, 0);
      }
      if (i.op == Op::kMakeClosure) {
        for (const Operand& arg : i.args) {
          if (arg.IsReg()) Flow(loc, state.loc[arg.reg.id], 0);
        }
      }
    }
  }
}

void Analysis::LoadFrom(const Operand& pointer, uint32_t dst) {
  uint32_t target = PointsTo(pointer);
  if (target != kNoLoc) {
    Flow(dst, target, 0);
  } else {
    Flow(dst, LocOf(pointer), 1);
  }
}

void Analysis::StoreTo(const Operand& pointer, const Operand& value) {
  uint32_t target = PointsTo(pointer);
  Flow(target != kNoLoc ? target : kHeap, LocOf(value), 0);
}

void Analysis::CollectNative(const Instr& i) {
  if (KindOfNative(i.ref.name) == NativeKind::kKeeps) {
    for (const Operand& arg : i.args) Leak(arg);
    return;
  }
  for (Reg r : i.results) {
    if (!r.IsValid()) continue;
    for (const Operand& arg : i.args) {
      Flow(state_->loc[r.id], LocOf(arg), 0);
      Flow(state_->loc[r.id], LocOf(arg), 1);
    }
  }
}

// Flows of one argument by a summary.
static void ApplySummary(const ParamSummary& summary,
                         llvm::function_ref<void(int)> heap,
                         llvm::function_ref<void(size_t, int)> result) {
  if (summary.heap != ParamSummary::kNoLeak) heap(summary.heap);
  for (size_t k = 0; k < summary.results.size(); k++) {
    if (summary.results[k] != ParamSummary::kNoLeak) {
      result(k, summary.results[k]);
    }
  }
}

void Analysis::CollectKnownCall(const Instr& i, Function& callee) {
  bool closure = i.op == Op::kCallClosure;
  for (FunctionState& other : states_) {
    if (other.f != &callee) continue;
    for (size_t k = 0; k < i.args.size() && k < callee.params.size(); k++) {
      Flow(other.loc[callee.params[k].id], LocOf(i.args[k]), 0);
    }
    if (closure && callee.context.IsValid()) {
      Flow(other.loc[callee.context.id], LocOf(i.a), 0);
    }
    for (size_t k = 0; k < i.results.size() && k < callee.results.size(); k++) {
      if (!i.results[k].IsValid()) continue;
      Flow(state_->loc[i.results[k].id], other.loc[callee.results[k].id], 0);
    }
    return;
  }
  const FunctionSummary& summary = context_.summaries[callee.index];
  if (!summary.known || summary.params.size() != i.args.size()) {
    for (const Operand& arg : i.args) Leak(arg);
    return;
  }
  for (size_t k = 0; k < i.args.size(); k++) {
    ApplySummary(
        summary.params[k], [&](int derefs) { Leak(i.args[k], derefs); },
        [&](size_t result, int derefs) {
          if (result >= i.results.size() || !i.results[result].IsValid()) {
            return;
          }
          Flow(state_->loc[i.results[result].id], LocOf(i.args[k]), derefs);
        });
  }
}

void Analysis::CollectCall(const Instr& i, bool cyclic) {
  // A goroutine outlives us; deferred calls of a loop keep what one iteration
  // gives them for the next ones.
  bool keeps = i.call_mode == CallMode::kGo ||
               (i.call_mode == CallMode::kDefer && cyclic);
  if (keeps) {
    for (const Operand& arg : i.args) Leak(arg);
    if (i.op != Op::kCall && i.op != Op::kCallNative) Leak(i.a);
    return;
  }
  switch (i.op) {
    case Op::kCallNative:
      return CollectNative(i);
    case Op::kCall:
      return CollectKnownCall(i, *i.ref.func);
    case Op::kCallClosure:
      if (i.ref.func != nullptr) return CollectKnownCall(i, *i.ref.func);
      for (const Operand& arg : i.args) Leak(arg);
      return;
    default:
      for (const Operand& arg : i.args) Leak(arg);
      Leak(i.a);
      return;
  }
}

// What the closure's function does with what it holds, whoever calls it.
void Analysis::CollectClosure(const Instr& i) {
  Function& callee = *i.ref.func;
  uint32_t dst = state_->loc[i.dst.id];
  for (FunctionState& other : states_) {
    if (other.f != &callee || !callee.context.IsValid()) continue;
    Flow(other.loc[callee.context.id], dst, 0);
    return;
  }
  const FunctionSummary& summary = context_.summaries[callee.index];
  if (!summary.known) {
    Flow(kHeap, dst, 0);
    return;
  }
  if (summary.context.heap != ParamSummary::kNoLeak) {
    Flow(kHeap, dst, summary.context.heap);
  }
  for (uint8_t derefs : summary.context.results) {
    if (derefs != ParamSummary::kNoLeak) Flow(kHeap, dst, derefs);
  }
}

void Analysis::Collect(const Instr& i, bool cyclic) {
  uint32_t dst = i.dst.IsValid() ? state_->loc[i.dst.id] : kNoLoc;
  switch (i.op) {
    case Op::kCopy:
    case Op::kConvert:
      if (dst == kNoLoc) return LeakIfPointer(i.a);
      return Flow(dst, LocOf(i.a), 0);
    case Op::kFieldAddr:
    case Op::kElemAddr:
    case Op::kPtrElemAddr:
    case Op::kSliceSlice:
    case Op::kArraySlice:
    case Op::kStrSlice:
    case Op::kSliceToArrayPtr:
    case Op::kAssertIface:
    case Op::kLoadLocal:
      return Flow(dst, LocOf(i.a), 0);
    case Op::kAdd:
    case Op::kSub:
    case Op::kAnd:
    case Op::kAndNot:
    case Op::kOr:
    case Op::kXor:
      // Arithmetic on addresses.
      LeakIfPointer(i.a);
      return LeakIfPointer(i.b);
    case Op::kStoreLocal:
      return Flow(dst, LocOf(i.b), 0);
    case Op::kFrameAddr:
      return Flow(dst, state_->loc[i.a.reg.id], -1);
    case Op::kLoad:
    case Op::kPtrElemLoad:
      return LoadFrom(i.a, dst);
    case Op::kElemLoad:
      return Flow(dst, LocOf(i.a), 1);
    case Op::kStore:
      return StoreTo(i.a, i.b);
    case Op::kPtrElemStore:
      return StoreTo(i.a, i.c);
    case Op::kElemStore:
      return Leak(i.c);
    case Op::kMemCopy: {
      uint32_t from = PointsTo(i.b), to = PointsTo(i.a);
      Flow(to != kNoLoc ? to : kHeap, from != kNoLoc ? from : LocOf(i.b),
           from != kNoLoc ? 0 : 1);
      return;
    }
    case Op::kBox:
      // Boxes that are no sites.
      Flow(dst, LocOf(i.a), 0);
      return;
    case Op::kAppend:
      Flow(dst, LocOf(i.a), 0);
      for (const Operand& arg : i.args) Leak(arg);
      return;
    case Op::kAppendSlice:
      Flow(dst, LocOf(i.a), 0);
      if (types::HasPointers(i.type)) Leak(i.b, 1);
      return;
    case Op::kCopySlice:
      if (types::HasPointers(i.type)) Leak(i.b, 1);
      return;
    case Op::kMapAssign:
      return Leak(i.b);
    case Op::kChanSend:
      return Leak(i.b);
    case Op::kSelect:
      for (const SelectCase& c : i.cases) {
        if (c.send && c.value.IsValid()) Leak(Operand(c.value));
      }
      return;
    case Op::kPanic:
      return Leak(i.a);
    case Op::kMakeClosure:
      return CollectClosure(i);
    case Op::kCall:
    case Op::kCallClosure:
    case Op::kCallIface:
    case Op::kCallNative:
      return CollectCall(i, cyclic);
    default:
      return;
  }
}

// The least number of derefs from the roots to each location, -1 where an
// address gets there.
std::vector<int> Analysis::WalkFrom(llvm::ArrayRef<uint32_t> roots) {
  std::vector<int> dist(edges_.size(), kFar);
  std::vector<uint32_t> work;
  std::vector<bool> queued(edges_.size(), false);
  auto reach = [&](uint32_t loc, int derefs) {
    if (derefs >= dist[loc]) return;
    dist[loc] = derefs;
    if (queued[loc]) return;
    queued[loc] = true;
    work.push_back(loc);
  };
  for (uint32_t root : roots) reach(root, 0);
  while (!work.empty()) {
    uint32_t loc = work.back();
    work.pop_back();
    queued[loc] = false;
    int base = std::max(dist[loc], 0);
    for (const Edge& e : edges_[loc]) {
      reach(e.src, std::min(base + e.derefs, kMaxLevel + 1));
    }
  }
  return dist;
}

void Analysis::Summarize(const std::vector<int>& heap) {
  for (FunctionState& state : states_) {
    Function& f = *state.f;
    FunctionSummary& summary = context_.summaries[f.index];
    summary.params.assign(f.params.size(), ParamSummary());
    auto set_heap = [&](Reg r, ParamSummary* out) {
      uint32_t loc = state.loc[r.id];
      if (loc == kNoLoc || heap[loc] == kFar) return;
      out->heap = static_cast<uint8_t>(std::max(heap[loc], 0));
    };
    for (size_t k = 0; k < f.params.size(); k++) {
      set_heap(f.params[k], &summary.params[k]);
    }
    summary.context = ParamSummary();
    if (f.context.IsValid()) set_heap(f.context, &summary.context);
    for (size_t r = 0; r < f.results.size(); r++) {
      uint32_t root = state.loc[f.results[r].id];
      if (root == kNoLoc) continue;
      std::vector<int> dist = WalkFrom(root);
      auto set_result = [&](Reg reg, ParamSummary* out) {
        uint32_t loc = state.loc[reg.id];
        if (loc == kNoLoc || dist[loc] == kFar) return;
        out->results.resize(f.results.size(), ParamSummary::kNoLeak);
        out->results[r] = static_cast<uint8_t>(std::max(dist[loc], 0));
      };
      for (size_t k = 0; k < f.params.size(); k++) {
        set_result(f.params[k], &summary.params[k]);
      }
      if (f.context.IsValid()) set_result(f.context, &summary.context);
    }
    summary.known = true;
  }
}

// Frames have limits; objects of no size need no frame.
void Analysis::KeepToBudget() {
  for (FunctionState& state : states_) {
    uint32_t used = 0;
    for (const RegInfo& reg : state.f->regs) {
      if (reg.in_memory) used += reg.slots;
    }
    for (Site& site : sites_) {
      if (site.f != state.f || site.escapes) continue;
      if (site.slots == 0 || used + site.slots > kMaxFrame) {
        site.escapes = true;
      } else {
        used += site.slots;
      }
    }
  }
}

// A site that control comes back to escapes when its earlier object may still
// be reached then.
void Analysis::CheckCycles() {
  // Edges forwards, made only if there is something to ask.
  std::vector<std::vector<Edge>> out;
  for (FunctionState& state : states_) {
    Function& f = *state.f;
    bool any = false;
    for (Site& site : sites_) {
      any |= site.f == &f && !site.escapes && state.cyclic[site.block];
    }
    if (!any) continue;
    if (out.empty()) {
      out.resize(edges_.size());
      for (uint32_t dst = 0; dst < edges_.size(); dst++) {
        for (const Edge& e : edges_[dst]) {
          out[e.src].push_back({dst, e.derefs});
        }
      }
    }
    Liveness live = ComputeLiveness(f);
    std::vector<uint32_t> reg_of(edges_.size(), kNoReg);
    for (uint32_t r = 0; r < f.regs.size(); r++) {
      if (state.loc[r] != kNoLoc) reg_of[state.loc[r]] = r;
    }
    for (Site& site : sites_) {
      if (site.f != &f || site.escapes || !state.cyclic[site.block]) continue;
      // Holders of the address, with the loads that it takes at most.
      llvm::DenseMap<uint32_t, int> level;
      std::vector<uint32_t> work;
      auto hold = [&](uint32_t loc, int at) {
        at = std::min(at, kMaxLevel);
        auto [it, is_new] = level.try_emplace(loc, at);
        if (!is_new && it->second >= at) return;
        it->second = at;
        work.push_back(loc);
      };
      for (const Edge& e : out[site.loc]) {
        if (e.derefs == -1) hold(e.src, 0);
      }
      while (!work.empty()) {
        uint32_t loc = work.back();
        work.pop_back();
        int at = level[loc];
        for (const Edge& e : out[loc]) {
          if (at - e.derefs >= 0) hold(e.src, at - e.derefs);
        }
      }
      // What is live before the site's instruction.
      const auto& instrs = f.blocks[site.block].instrs;
      llvm::BitVector now = live.live_out[site.block];
      for (size_t k = instrs.size(); k-- > site.index;) {
        StepBack(f, live, instrs[k], now);
      }
      now |= live.always;
      for (auto [loc, at] : level) {
        uint32_t r = reg_of[loc];
        if (r == kNoReg) continue;
        bool reached = f.regs[r].in_memory;
        for (uint32_t u = 0; u < live.unit_count[r]; u++) {
          reached |= now.test(live.first_unit[r] + u);
        }
        if (reached) site.escapes = true;
      }
    }
  }
}

// Appends what makes the site's object in the frame to `before`, with the
// instruction itself.
void Analysis::ConvertSite(Site& site, std::vector<Instr>& before) {
  Function& f = *site.f;
  Instr i = std::move(f.blocks[site.block].instrs[site.index]);
  auto emit = [&](Op op, Reg dst) -> Instr& {
    Instr& x = before.emplace_back();
    x.op = op;
    x.dst = dst;
    x.pos = i.pos;
    x.inline_site = i.inline_site;
    return x;
  };
  Reg object;
  if (i.op == Op::kMakeClosure) {
    RegInfo info;
    info.slots = site.slots;
    info.pointers.resize((site.slots + 63) / 64);
    uint32_t at = 1;
    auto set = [](llvm::SmallVectorImpl<uint64_t>& to, uint32_t offset,
                  const llvm::SmallVectorImpl<uint64_t>& from, uint32_t slots) {
      for (uint32_t k = 0; k < slots; k++) {
        if (k / 64 >= from.size() || ((from[k / 64] >> (k % 64)) & 1) == 0) {
          continue;
        }
        uint32_t bit = offset + k;
        if (to.size() <= bit / 64) to.resize(bit / 64 + 1);
        to[bit / 64] |= uint64_t{1} << (bit % 64);
      }
    };
    for (const Type* t : i.ref.func->captures) {
      RegInfo part;
      part.type = t;
      SetRegMasks(part);
      set(info.pointers, at, part.pointers, part.slots);
      set(info.iface_data, at, part.iface_data, part.slots);
      at += part.slots;
    }
    object = Reg{static_cast<uint32_t>(f.regs.size()), 0};
    info.in_memory = true;
    info.name = ".closure";
    f.regs.push_back(std::move(info));
    Instr& word = emit(Op::kConstRef, object);
    word.ref = i.ref;
    word.imm = 1;  // the function itself
    at = 1;
    for (size_t k = 0; k < i.args.size(); k++) {
      uint32_t slots = SlotsOfType(i.ref.func->captures[k]);
      if (slots != 0 && i.args[k].IsReg()) {
        Instr& copy = emit(Op::kCopy, object.At(at));
        copy.a = i.args[k];
        copy.n = slots;
      } else if (slots != 0) {
        emit(Op::kConst, object.At(at)).imm = i.args[k].imm;
      }
      at += slots;
    }
  } else if (i.op == Op::kMakeSlice) {
    const Operand& cap = i.b.IsAbsent() ? i.a : i.b;
    const Type* array = context_.world.types.New<types::Array>(i.type, cap.imm);
    object = AddReg(f, array);
    f.regs[object.id].in_memory = true;
    emit(Op::kZero, object).n = f.regs[object.id].slots;
    emit(Op::kFrameAddr, i.dst).a = Operand(object);
    emit(Op::kConst, i.dst.At(1)).imm = i.a.imm;
    emit(Op::kConst, i.dst.At(2)).imm = cap.imm;
    return;
  } else {
    object = AddReg(f, i.type);
    f.regs[object.id].in_memory = true;
    uint32_t slots = f.regs[object.id].slots;
    if (i.op == Op::kBox) {
      Instr& copy = emit(Op::kCopy, object);
      copy.a = i.a;
      copy.n = slots;
    } else if (slots != 0) {
      emit(Op::kZero, object).n = slots;
    }
  }
  emit(Op::kFrameAddr, i.dst).a = Operand(object);
}

void Analysis::Convert() {
  for (FunctionState& state : states_) {
    Function& f = *state.f;
    // By block, in order of position (they were found in that order).
    size_t k = 0;
    while (k < sites_.size()) {
      if (sites_[k].f != &f) {
        k++;
        continue;
      }
      uint32_t b = sites_[k].block;
      size_t end = k;
      bool any = false;
      while (end < sites_.size() && sites_[end].f == &f &&
             sites_[end].block == b) {
        any |= !sites_[end++].escapes;
      }
      if (any) {
        std::vector<Instr> now;
        auto& instrs = f.blocks[b].instrs;
        now.reserve(instrs.size() + 2 * (end - k));
        size_t next = k;
        for (uint32_t n = 0; n < instrs.size(); n++) {
          while (next < end && sites_[next].index < n) next++;
          if (next < end && sites_[next].index == n && !sites_[next].escapes) {
            ConvertSite(sites_[next], now);
          } else {
            now.push_back(std::move(instrs[n]));
          }
        }
        f.blocks[b].instrs = std::move(now);
      }
      k = end;
    }
  }
}

void Analysis::Run() {
  AddLoc();  // the heap
  for (Function* f : component_) {
    states_.push_back({});
    states_.back().f = f;
    Prepare(states_.back());
  }
  if (edges_.size() > kMaxLocations) return;
  for (FunctionState& state : states_) FindSites(state);
  for (FunctionState& state : states_) {
    state_ = &state;
    const Function& f = *state.f;
    for (uint32_t b = 0; b < f.blocks.size(); b++) {
      for (const Instr& i : f.blocks[b].instrs) Collect(i, state.cyclic[b]);
    }
  }
  // An object that a result may lead to outlives the function.
  std::vector<uint32_t> roots{kHeap};
  std::vector<uint32_t> results;
  for (FunctionState& state : states_) {
    for (Reg r : state.f->results) {
      if (state.loc[r.id] != kNoLoc) results.push_back(state.loc[r.id]);
    }
  }
  std::vector<int> dist = WalkFrom(results);
  for (Site& site : sites_) {
    if (dist[site.loc] < 0) {
      site.escapes = true;
      Flow(kHeap, site.loc, -1);
    }
  }
  dist = WalkFrom(roots);
  for (Site& site : sites_) site.escapes |= dist[site.loc] < 0;
  KeepToBudget();
  CheckCycles();
  // Objects that went to the heap for such reasons take along what they hold.
  bool more = false;
  for (Site& site : sites_) {
    if (site.escapes && dist[site.loc] >= 0) {
      Flow(kHeap, site.loc, -1);
      more = true;
    }
  }
  if (more) {
    dist = WalkFrom(roots);
    for (Site& site : sites_) site.escapes |= dist[site.loc] < 0;
  }
  Summarize(dist);
  if (context_.options.escape) Convert();
}

}  // namespace

void AnalyseEscape(OptContext& context, llvm::ArrayRef<Function*> component) {
  Analysis(context, component).Run();
}

}  // namespace mgo::ir
