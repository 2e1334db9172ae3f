#include "vm/ir/opt_cfg.h"

#include <algorithm>

#include "vm/ir/opt_operands.h"

namespace mgo::ir {

bool Cfg::Dominates(uint32_t a, uint32_t b) const {
  while (b != kNone) {
    if (a == b) return true;
    if (rpo_index[b] < rpo_index[a]) return false;
    b = idom[b];
  }
  return false;
}

namespace {

void Postorder(const Function& f, uint32_t root, std::vector<uint8_t>& seen,
               std::vector<uint32_t>& order) {
  if (seen[root] != 0) return;
  std::vector<std::pair<uint32_t, uint32_t>> stack{{root, 0}};
  seen[root] = 1;
  while (!stack.empty()) {
    auto& [block, next] = stack.back();
    const auto& targets = f.blocks[block].instrs.back().targets;
    if (next == targets.size()) {
      order.push_back(block);
      stack.pop_back();
      continue;
    }
    uint32_t target = targets[next++];
    if (seen[target] != 0) continue;
    seen[target] = 1;
    stack.push_back({target, 0});
  }
}

// Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm. The virtual root
// above the entries is kNone.
void FindDominators(const Function& f, Cfg& cfg) {
  constexpr uint32_t kUnset = UINT32_MAX - 1;
  cfg.idom.assign(f.blocks.size(), kUnset);
  auto is_entry = [&](uint32_t b) { return b == 0 || b == f.recovery_block; };
  auto meet = [&](uint32_t a, uint32_t b) {
    while (a != b) {
      if (a == Cfg::kNone || b == Cfg::kNone) return Cfg::kNone;
      if (cfg.rpo_index[a] > cfg.rpo_index[b]) {
        a = cfg.idom[a];
      } else {
        b = cfg.idom[b];
      }
    }
    return a;
  };
  bool changed = true;
  while (changed) {
    changed = false;
    for (uint32_t b : cfg.rpo) {
      uint32_t idom = kUnset;
      if (is_entry(b)) {
        idom = Cfg::kNone;
      } else {
        for (uint32_t p : cfg.preds[b]) {
          if (cfg.idom[p] == kUnset) continue;
          idom = idom == kUnset ? p : meet(p, idom);
        }
      }
      if (cfg.idom[b] != idom) {
        cfg.idom[b] = idom;
        changed = true;
      }
    }
  }
}

}  // namespace

Cfg BuildCfg(const Function& f, bool dominators) {
  Cfg cfg;
  size_t n = f.blocks.size();
  std::vector<uint8_t> seen(n, 0);
  cfg.rpo.reserve(n);
  if (f.recovery_block != Function::kNoBlock) {
    Postorder(f, f.recovery_block, seen, cfg.rpo);
  }
  Postorder(f, 0, seen, cfg.rpo);
  std::reverse(cfg.rpo.begin(), cfg.rpo.end());
  cfg.rpo_index.assign(n, Cfg::kNone);
  for (size_t i = 0; i < cfg.rpo.size(); i++) {
    cfg.rpo_index[cfg.rpo[i]] = static_cast<uint32_t>(i);
  }
  cfg.preds.resize(n);
  for (uint32_t b : cfg.rpo) {
    for (uint32_t t : f.blocks[b].instrs.back().targets) {
      cfg.preds[t].push_back(b);
    }
  }
  if (dominators) FindDominators(f, cfg);
  return cfg;
}

std::vector<Loop> FindLoops(Function& f, const Cfg& cfg) {
  std::vector<Loop> loops;
  for (Block& block : f.blocks) block.loop_depth = 0;
  std::vector<uint32_t> in_loop(f.blocks.size(), Cfg::kNone);  // header
  // Headers from the innermost: a later header in reverse postorder cannot be
  // around an earlier one.
  for (size_t k = cfg.rpo.size(); k-- > 0;) {
    uint32_t header = cfg.rpo[k];
    Loop loop;
    loop.header = header;
    for (uint32_t p : cfg.preds[header]) {
      bool known = std::find(loop.latches.begin(), loop.latches.end(), p) !=
                   loop.latches.end();
      if (!known && cfg.Dominates(header, p)) loop.latches.push_back(p);
    }
    if (loop.latches.empty()) continue;
    loop.blocks.push_back(header);
    in_loop[header] = header;
    std::vector<uint32_t> stack;
    for (uint32_t latch : loop.latches) {
      if (in_loop[latch] == header) continue;
      in_loop[latch] = header;
      stack.push_back(latch);
    }
    while (!stack.empty()) {
      uint32_t b = stack.back();
      stack.pop_back();
      loop.blocks.push_back(b);
      for (uint32_t p : cfg.preds[b]) {
        if (in_loop[p] == header) continue;
        in_loop[p] = header;
        stack.push_back(p);
      }
    }
    for (uint32_t b : loop.blocks) f.blocks[b].loop_depth++;
    loops.push_back(std::move(loop));
  }
  for (Loop& loop : loops) loop.depth = f.blocks[loop.header].loop_depth;
  return loops;
}

std::vector<bool> BlocksInCycles(const Function& f) {
  // Tarjan's strongly connected components, without recursion.
  size_t n = f.blocks.size();
  std::vector<bool> cyclic(n, false);
  std::vector<uint32_t> index(n, 0), low(n, 0);
  std::vector<bool> on_stack(n, false);
  std::vector<uint32_t> stack;
  uint32_t counter = 0;
  struct Visit {
    uint32_t block, next;
  };
  std::vector<Visit> work;
  for (uint32_t root = 0; root < n; root++) {
    if (index[root] != 0) continue;
    work.push_back({root, 0});
    index[root] = low[root] = ++counter;
    stack.push_back(root);
    on_stack[root] = true;
    while (!work.empty()) {
      Visit& v = work.back();
      const auto& targets = f.blocks[v.block].instrs.back().targets;
      if (v.next < targets.size()) {
        uint32_t t = targets[v.next++];
        if (t == v.block) cyclic[t] = true;
        if (index[t] == 0) {
          index[t] = low[t] = ++counter;
          stack.push_back(t);
          on_stack[t] = true;
          work.push_back({t, 0});
        } else if (on_stack[t]) {
          low[v.block] = std::min(low[v.block], index[t]);
        }
        continue;
      }
      uint32_t b = v.block;
      work.pop_back();
      if (!work.empty()) {
        uint32_t up = work.back().block;
        low[up] = std::min(low[up], low[b]);
      }
      if (low[b] != index[b]) continue;
      bool many = stack.back() != b;
      while (true) {
        uint32_t member = stack.back();
        stack.pop_back();
        on_stack[member] = false;
        if (many) cyclic[member] = true;
        if (member == b) break;
      }
    }
  }
  return cyclic;
}

uint32_t EnsurePreheader(Function& f, const Cfg& cfg, const Loop& loop,
                         bool* changed) {
  *changed = false;
  llvm::SmallVector<uint32_t, 4> outside;
  for (uint32_t p : cfg.preds[loop.header]) {
    bool latch = std::find(loop.latches.begin(), loop.latches.end(), p) !=
                 loop.latches.end();
    if (!latch) outside.push_back(p);
  }
  if (outside.size() == 1 && loop.header != 0 &&
      f.blocks[outside[0]].instrs.back().op == Op::kJump) {
    return outside[0];
  }
  // The entry block cannot get a predecessor: loops there stay as they are.
  if (loop.header == 0 || loop.header == f.recovery_block) return Cfg::kNone;
  *changed = true;
  auto number = static_cast<uint32_t>(f.blocks.size());
  Block& block = f.blocks.emplace_back();
  block.loop_depth = loop.depth - 1;
  Instr& jump = block.instrs.emplace_back();
  jump.op = Op::kJump;
  jump.pos = f.blocks[loop.header].instrs.front().pos;
  jump.inline_site = f.blocks[loop.header].instrs.front().inline_site;
  jump.targets.push_back(loop.header);
  for (uint32_t p : outside) {
    for (uint32_t& t : f.blocks[p].instrs.back().targets) {
      if (t == loop.header) t = number;
    }
  }
  return number;
}

}  // namespace mgo::ir
