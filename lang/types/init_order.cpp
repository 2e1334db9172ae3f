// The order in which package-level variables are initialized, and the errors
// when there is none.
//
// "The next package-level variable that is earliest in declaration order and
// ready for initialization": ready when no variable that it depends on,
// directly or through functions, waits still. Every declaration has noted what
// it mentions; here functions are looked through, and a heap by source order
// gives the next ready one.
#include <queue>
#include <tuple>

#include "lang/types/check.h"

namespace mgo::types {

namespace {

bool IsValue(const Symbol* symbol) {
  return symbol->kind == SymbolKind::kVar || symbol->kind == SymbolKind::kConst;
}

}  // namespace

// Finds a way from `from` back to `target`; false when there is none.
bool Checker::FindInitCycle(DeclInfo* from, DeclInfo* target,
                            llvm::DenseSet<DeclInfo*>& visited,
                            std::vector<Symbol*>& path) {
  // Iterative: chains of functions may be long.
  struct Frame {
    DeclInfo* info;
    size_t next;
  };
  std::vector<Frame> stack = {{from, 0}};
  visited.insert(from);
  while (!stack.empty()) {
    Frame& frame = stack.back();
    if (frame.next == frame.info->deps.size()) {
      stack.pop_back();
      continue;
    }
    DeclInfo* next = FindDecl(frame.info->deps[frame.next++]);
    if (next == nullptr) continue;
    if (next == target) {
      for (Frame& f : stack) path.push_back(f.info->symbol);
      return true;
    }
    if (visited.insert(next).second) stack.push_back({next, 0});
  }
  return false;
}

void Checker::ComputeInitOrder() {
  struct NodeInfo {
    DeclInfo* decl;
    size_t waits = 0;
    std::vector<size_t> dependents;
    bool done = false;
  };
  std::vector<NodeInfo> nodes;
  llvm::DenseMap<DeclInfo*, size_t> index;
  for (DeclInfo* info : decl_list_) {
    // A script's variables get their values where their statements stand.
    if (!IsValue(info->symbol) || info->step != 0) continue;
    index[info] = nodes.size();
    nodes.push_back({info, 0, {}});
  }
  for (size_t n = 0; n < nodes.size(); n++) {
    DeclInfo* start = nodes[n].decl;
    if (start->deps.empty()) continue;
    llvm::DenseSet<DeclInfo*> visited;
    std::vector<DeclInfo*> pending = {start};
    while (!pending.empty()) {
      DeclInfo* at = pending.back();
      pending.pop_back();
      for (Symbol* dep : at->deps) {
        DeclInfo* next = FindDecl(dep);
        if (next == nullptr || !visited.insert(next).second) continue;
        if (!IsValue(dep)) {
          pending.push_back(next);
          continue;
        }
        auto found = index.find(next);
        if (found == index.end()) continue;
        nodes[found->second].dependents.push_back(n);
        nodes[n].waits++;
      }
    }
  }
  // Constants come first: they are here for cycles, and delay no variable.
  using Entry = std::tuple<bool, uint32_t, size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> ready;
  auto push = [&](size_t n) {
    const DeclInfo* decl = nodes[n].decl;
    ready.push({decl->symbol->kind == SymbolKind::kVar, decl->order, n});
  };
  for (size_t n = 0; n < nodes.size(); n++) {
    if (nodes[n].waits == 0) push(n);
  }
  for (size_t left = nodes.size(); left > 0; left--) {
    size_t n = nodes.size();
    if (!ready.empty()) {
      n = std::get<2>(ready.top());
      ready.pop();
    } else {
      // A cycle. Go on with the one that waits for the fewest.
      for (size_t i = 0; i < nodes.size(); i++) {
        if (nodes[i].done) continue;
        if (n == nodes.size() || nodes[i].waits < nodes[n].waits) n = i;
      }
      llvm::DenseSet<DeclInfo*> visited;
      std::vector<Symbol*> path;
      DeclInfo* info = nodes[n].decl;
      if (FindInitCycle(info, info, visited, path)) {
        ReportCycle(path, /*as_given=*/true);
      }
    }
    nodes[n].done = true;
    EmitInitializer(nodes[n].decl);
    for (size_t d : nodes[n].dependents) {
      if (--nodes[d].waits == 0 && !nodes[d].done) push(d);
    }
  }
}

void Checker::EmitInitializer(DeclInfo* info) {
  if (info->symbol->kind != SymbolKind::kVar || info->init == nullptr) return;
  if (info->initializer != nullptr) return;
  ArrayRef<Symbol*> lhs = info->lhs;
  if (lhs.empty()) {
    lhs = world_.types.Copy(ArrayRef<Symbol*>(&info->symbol, 1));
  }
  initializers_.push_back({lhs, info->init});
  for (Symbol* one : lhs) FindDecl(one)->initializer = &initializers_.back();
  info_.init_order.push_back(initializers_.back());
}

}  // namespace mgo::types
