// The call graph's order.
#include <algorithm>

#include "vm/ir/opt_passes.h"

namespace mgo::ir {

namespace {

void Callees(const Function& f, llvm::SmallVectorImpl<Function*>& out) {
  for (const Block& block : f.blocks) {
    for (const Instr& i : block.instrs) {
      if (i.ref.func == nullptr) continue;
      // A reference counts as well: the call may become known later.
      if (!out.empty() && out.back() == i.ref.func) continue;
      out.push_back(i.ref.func);
    }
  }
}

}  // namespace

std::vector<std::vector<Function*>> CallOrder(const Program& program) {
  // Tarjan's algorithm yields components callees first.
  size_t n = program.functions.size();
  std::vector<uint32_t> index(n, 0), low(n, 0);
  std::vector<bool> on_stack(n, false);
  std::vector<uint32_t> stack;
  std::vector<std::vector<Function*>> order;
  struct Visit {
    uint32_t function;
    size_t next;
    llvm::SmallVector<Function*, 8> callees;
  };
  std::vector<Visit> work;
  uint32_t counter = 0;
  auto enter = [&](uint32_t v) {
    index[v] = low[v] = ++counter;
    stack.push_back(v);
    on_stack[v] = true;
    Visit visit{v, 0, {}};
    Callees(*program.functions[v], visit.callees);
    work.push_back(std::move(visit));
  };
  for (uint32_t root = 0; root < n; root++) {
    if (index[root] != 0) continue;
    enter(root);
    while (!work.empty()) {
      Visit& v = work.back();
      if (v.next < v.callees.size()) {
        uint32_t to = v.callees[v.next++]->index;
        if (index[to] == 0) {
          enter(to);
        } else if (on_stack[to]) {
          low[v.function] = std::min(low[v.function], index[to]);
        }
        continue;
      }
      uint32_t done = v.function;
      work.pop_back();
      if (!work.empty()) {
        uint32_t up = work.back().function;
        low[up] = std::min(low[up], low[done]);
      }
      if (low[done] != index[done]) continue;
      auto& component = order.emplace_back();
      while (true) {
        uint32_t member = stack.back();
        stack.pop_back();
        on_stack[member] = false;
        component.push_back(program.functions[member].get());
        if (member == done) break;
      }
    }
  }
  return order;
}

}  // namespace mgo::ir
