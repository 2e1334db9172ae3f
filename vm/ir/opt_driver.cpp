#include <cstdlib>

#include "llvm/Support/raw_ostream.h"
#include "vm/ir/dump.h"
#include "vm/ir/opt.h"
#include "vm/ir/opt_cfg.h"
#include "vm/ir/opt_passes.h"
#include "vm/ir/verify.h"

namespace mgo::ir {

namespace {

// Functions with more than this stay as they are: the passes' tables grow with
// blocks times registers.
constexpr size_t kMaxTable = 400u << 20;

bool TooLarge(const Function& f) {
  return f.blocks.size() * f.regs.size() > kMaxTable;
}

void Check(const OptContext& context, const Function& f, const char* pass) {
#ifdef MGO_DEBUG
  std::string error = VerifyFunction(f);
  if (!error.empty()) {
    llvm::errs() << "after " << pass << ": " << error << "\n";
    DumpFunction(f, llvm::errs());
    std::abort();
  }
#endif
  if (context.options.trace) {
    llvm::errs() << "; after " << pass << "\n";
    DumpFunction(f, llvm::errs());
  }
}

void SetLoopDepths(Function& f) {
  Cfg cfg = BuildCfg(f, true);
  FindLoops(f, cfg);
}

// Propagation and what it leaves behind. Copies that a pass has just made are
// joined with what makes their sources first, before their names are spread.
void Simplify(const OptContext& context, Function& f, const char* when) {
  RemoveDead(f);
  Propagate(f);
  Check(context, f, "propagate");
  CleanCfg(f);
  RemoveDead(f);
  Check(context, f, when);
}

void OptimizeFunction(OptContext& context, Function& f) {
  CleanCfg(f);
  Simplify(context, f, "simplify");
  if (context.options.inlining) {
    for (int round = 0; round < 3; round++) {
      SetLoopDepths(f);
      if (!InlineCalls(context, f)) break;
      Check(context, f, "inline");
      CleanCfg(f);
      Simplify(context, f, "simplify inlined");
    }
  }
}

void Finish(OptContext& context, Function& f) {
  for (int round = 0; round < 3 && PromoteFrameMemory(f); round++) {
    Check(context, f, "promote");
    Simplify(context, f, "simplify promoted");
  }
  if (HoistInvariants(f)) {
    Check(context, f, "hoist");
    RemoveDead(f);
  }
  CleanCfg(f);
  SetLoopDepths(f);
  Check(context, f, "finish");
}

}  // namespace

OptOptions OptOptionsFromEnvironment() {
  OptOptions options;
  const char* text = std::getenv("MGODEBUG");
  if (text == nullptr) return options;
  llvm::SmallVector<llvm::StringRef, 4> rows;
  llvm::StringRef(text).split(rows, ',');
  for (llvm::StringRef row : rows) {
    if (row == "noopt=1") options.enabled = false;
    if (row == "noinline=1") options.inlining = false;
    if (row == "noescape=1") options.escape = false;
    if (row == "opttrace=1") options.trace = true;
  }
  return options;
}

void Optimize(Program& program, types::World& world,
              const OptOptions& options) {
  if (!options.enabled) return;
  OptContext context{program, world, options, {}, {}, {}};
  size_t n = program.functions.size();
  for (size_t k = 0; k < n; k++) {
    program.functions[k]->index = static_cast<uint32_t>(k);
  }
  context.summaries.resize(n);
  context.component.assign(n, UINT32_MAX);
  context.inline_cost.assign(n, UINT32_MAX);
  std::vector<std::vector<Function*>> order = CallOrder(program);
  for (size_t k = 0; k < order.size(); k++) {
    for (Function* f : order[k]) {
      context.component[f->index] = static_cast<uint32_t>(k);
    }
  }
  std::vector<Function*> work;
  for (const auto& component : order) {
    work.clear();
    for (Function* f : component) {
      if (f->blocks.empty() || TooLarge(*f)) continue;
      OptimizeFunction(context, *f);
      work.push_back(f);
    }
    // Summaries are of whole components.
    if (work.size() == component.size()) AnalyseEscape(context, work);
    for (Function* f : work) {
      Check(context, *f, "escape");
      Finish(context, *f);
      context.inline_cost[f->index] = InlineCost(context, *f);
    }
  }
}

void Optimize(Program& program, types::World& world) {
  Optimize(program, world, OptOptionsFromEnvironment());
}

}  // namespace mgo::ir
