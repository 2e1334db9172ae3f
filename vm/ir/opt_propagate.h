// Value propagation's state: what is known about registers, and where. Internal
// to the pass (opt_propagate.cpp has its essay); opt_propagate_facts.cpp finds
// out, opt_propagate_exprs.cpp remembers expressions and loads.
#ifndef MGO_VM_IR_OPT_PROPAGATE_H_
#define MGO_VM_IR_OPT_PROPAGATE_H_

#include <cstdint>
#include <vector>

#include "vm/ir/ir.h"
#include "vm/ir/opt_cfg.h"

namespace mgo::ir::propagate {

// No unit: a register of no slots.
constexpr uint32_t kNoUnit = UINT32_MAX;
// Loads that are remembered at a time.
constexpr size_t kMaxLoads = 12;

// A value as it was at some moment: an immediate, or slots of a register at a
// version.
struct Value {
  enum Kind : uint8_t { kNone, kImm, kReg } kind = kNone;
  Reg reg;
  uint32_t version = 0;
  int64_t imm = 0;
  friend bool operator==(const Value& a, const Value& b) {
    return a.kind == b.kind && a.reg == b.reg && a.version == b.version &&
           a.imm == b.imm;
  }
};

// What is known of a unit: its value, and things that are true of it.
struct Fact {
  enum Kind : uint8_t { kNone, kImm, kCopy } kind = kNone;
  bool stable = false;  // the kind's
  bool not_nil = false;
  bool own_stable =
      false;  // of not_nil, function, expression: unit written once
  uint32_t epoch = 0;
  Value value;
  Function* function = nullptr;      // a func value of that function
  uint32_t expression = UINT32_MAX;  // in exprs_
};

// An expression that has been computed into a register.
struct Expr {
  Op op;
  Rep rep, from;
  int64_t imm;
  const void* extra;
  const void* extra2;
  Value a, b, c;
  Reg dst;
  uint32_t dst_version;
  uint32_t slots;
  bool stable;
  uint32_t epoch;
  uint32_t bucket, next;
};

// A load whose result is known.
struct Known {
  Op op;
  Value a, b;
  int64_t imm;
  const Type* type;
  Value value;
  uint32_t slots;
};

// One run of the pass over a function.
class Propagator {
 public:
  explicit Propagator(Function& f) : f_(f), cfg_(BuildCfg(f, true)) {}
  // Tells whether it changed anything.
  bool Run();

 private:
  // A unit as it was before a subtree of the dominator tree.
  struct Undo {
    uint32_t unit;
    uint32_t version;
    Fact fact;
  };
  // A block that is being visited, and what to go back to behind it.
  struct Visit {
    uint32_t block;
    uint32_t next_child;
    size_t undo, exprs;
    uint32_t epoch;
    std::vector<Known> loads;  // at the block's end
  };

  // --- versions and facts (opt_propagate_facts.cpp) ---
  // Numbers the units: the slots of each register that is split, else itself.
  void Number();
  void CountDefs();
  // The unit of a register's slot.
  uint32_t Unit(Reg r) const {
    uint32_t n = units_[r.id];
    if (n == 0) return kNoUnit;
    return first_[r.id] + (n == 1 ? 0 : r.slot);
  }
  // Whether the unit's one definition has been seen.
  bool Single(uint32_t unit) const {
    return defs_[unit] == 1 && version_[unit] != 0;
  }
  // Remembers a unit for whoever leaves the subtree.
  void Touch(uint32_t unit) {
    undo_.push_back({unit, version_[unit], facts_[unit]});
  }
  // Which slots the collector follows: 0 none, 1 pointers, 2 data words.
  int MaskOf(Reg r) const;
  bool SameMasks(Reg a, Reg b, uint32_t slots) const;
  bool SameShape(Reg a, Reg b) const;

  // What an operand is worth now; Holds: a value still is what it was;
  // StableValue: it will be in every block below.
  Value ValueOf(const Operand& o, uint32_t slots) const;
  bool Holds(const Value& v, uint32_t slots) const;
  bool StableValue(const Value& v, uint32_t slots) const;
  Operand AsOperand(const Value& v) const {
    return v.kind == Value::kImm ? Operand::Imm(v.imm) : Operand(v.reg);
  }
  // The fact about a register that holds here; about itself, not its value.
  const Fact* FactOf(Reg r) const;
  const Fact* OwnFactOf(Reg r) const;
  // A better operand for slots of a register.
  bool LookUp(Reg r, uint32_t slots, Operand* to) const;

  void NoteDefs(const Instr& i);
  void NoteFacts(const Instr& i);
  void NoteCopy(Reg dst, const Operand& from, uint32_t slots);
  void NoteNotNil(const Operand& o);

  // --- the walk, and what becomes of an instruction (opt_propagate.cpp) ---
  void Walk();
  void WalkBlock(uint32_t b);
  // Returns false when the instruction is to go.
  bool VisitInstr(Instr& i);
  void RewriteUses(Instr& i);
  void RewriteLocal(Instr& i);
  void FoldMore(Instr& i);
  void FuseBranch(Instr& i);
  void BindCall(Instr& i);
  void ToCopy(Instr& i, const Value& v, uint32_t slots);

  // --- expressions and loads (opt_propagate_exprs.cpp) ---
  bool FindExpression(Instr& i, Expr* key, uint32_t* bucket);
  bool FindLoad(Instr& i);
  void NoteLoad(const Instr& i);
  void NoteMemory(const Instr& i);

  Function& f_;
  Cfg cfg_;
  bool changed_ = false;
  std::vector<uint32_t> first_, units_;   // by register
  std::vector<uint32_t> defs_, version_;  // by unit
  std::vector<Fact> facts_;
  std::vector<Undo> undo_;
  std::vector<Expr> exprs_;
  std::vector<uint32_t> buckets_;
  std::vector<Known> loads_;
  uint32_t epoch_ = 1, next_epoch_ = 2, clock_ = 1;
  std::vector<std::vector<uint32_t>> children_;
};

}  // namespace mgo::ir::propagate

#endif  // MGO_VM_IR_OPT_PROPAGATE_H_
