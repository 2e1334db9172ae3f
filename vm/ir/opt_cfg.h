// The control-flow graph of a function: predecessors, dominators, loops; and
// the passes that only change the graph.
//
// A recovered panic enters the recovery block from anywhere: it counts as a
// second entry, which nothing but itself dominates.
#ifndef MGO_VM_IR_OPT_CFG_H_
#define MGO_VM_IR_OPT_CFG_H_

#include <cstdint>
#include <vector>

#include "vm/ir/ir.h"

namespace mgo::ir {

// Facts about the graph; false as soon as a pass changes a terminator.
struct Cfg {
  static constexpr uint32_t kNone = UINT32_MAX;

  std::vector<llvm::SmallVector<uint32_t, 2>> preds;
  std::vector<uint32_t> rpo;        // reachable blocks in reverse postorder
  std::vector<uint32_t> rpo_index;  // by block; kNone: not reachable
  std::vector<uint32_t> idom;       // by block; kNone: an entry

  bool Reachable(uint32_t block) const { return rpo_index[block] != kNone; }
  bool Dominates(uint32_t a, uint32_t b) const;
};

// A natural loop. Loops that share a header are one.
struct Loop {
  uint32_t header;
  uint32_t depth = 1;
  std::vector<uint32_t> blocks;   // header first
  std::vector<uint32_t> latches;  // blocks that jump back to the header
};

// Predecessors, order and, if wanted, dominators.
Cfg BuildCfg(const Function& f, bool dominators);

// Loops, inner ones before those around them; sets Block::loop_depth.
std::vector<Loop> FindLoops(Function& f, const Cfg& cfg);

// For each block whether control can come back to it.
std::vector<bool> BlocksInCycles(const Function& f);

// Folds branches on constants, skips empty blocks, joins a block with its only
// successor, drops what cannot be reached. Returns whether anything changed.
bool CleanCfg(Function& f);

// A block of its own on every edge from outside of the loop to its header, if
// there is more than one or the one has other successors. Returns the
// preheader; the Cfg is out of date when *changed.
uint32_t EnsurePreheader(Function& f, const Cfg& cfg, const Loop& loop,
                         bool* changed);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_OPT_CFG_H_
