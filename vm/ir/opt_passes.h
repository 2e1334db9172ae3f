// The passes of the optimiser; internal to opt_*.cpp.
#ifndef MGO_VM_IR_OPT_PASSES_H_
#define MGO_VM_IR_OPT_PASSES_H_

#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "vm/ir/opt.h"

namespace mgo::ir {

// What a call does with the objects that an argument points to. The number of
// pointers followed from the argument to what leaks is the least such number;
// kNoLeak: none does.
struct ParamSummary {
  static constexpr uint8_t kNoLeak = 255;
  uint8_t heap = kNoLeak;                 // to the heap
  llvm::SmallVector<uint8_t, 2> results;  // into result i
};

// What is known about a function that has been through all passes.
struct FunctionSummary {
  bool known = false;  // escape analysis is through with it
  std::vector<ParamSummary> params;
  ParamSummary context;  // of what a closure holds
};

// State shared by the passes over one program.
struct OptContext {
  Program& program;
  types::World& world;
  OptOptions options;
  std::vector<FunctionSummary> summaries;  // by Function::index
  std::vector<uint32_t> component;    // of the call graph, by Function::index
  std::vector<uint32_t> inline_cost;  // by Function::index; UINT32_MAX: never
};

// Propagates constants and copies, finds common subexpressions and redundant
// loads, folds operations, binds calls of known closures. Returns whether
// anything changed. opt_propagate.cpp
bool Propagate(Function& f);

// Removes what nobody needs, and lets an instruction write to where its result
// is copied. opt_dead.cpp
bool RemoveDead(Function& f);

// Replaces calls by the bodies of small functions. Returns whether there were
// any. opt_inline.cpp
bool InlineCalls(OptContext& context, Function& f);
// What inlining a call of the function costs; UINT32_MAX: it cannot be.
uint32_t InlineCost(const OptContext& context, const Function& f);

// Finds out which objects outlive the functions of a component of the call
// graph, and puts the others into their frames. opt_escape.cpp
void AnalyseEscape(OptContext& context, llvm::ArrayRef<Function*> component);

// Takes frame memory whose address is only loaded from and stored to back into
// registers. Returns whether there was any. opt_promote.cpp
bool PromoteFrameMemory(Function& f);

// Moves what does not change in a loop in front of it, with the constants that
// instructions cannot hold. opt_loop.cpp
bool HoistInvariants(Function& f);

// Functions of the program so that callees come before their callers, by
// strongly connected components. opt_callgraph.cpp
std::vector<std::vector<Function*>> CallOrder(const Program& program);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_OPT_PASSES_H_
