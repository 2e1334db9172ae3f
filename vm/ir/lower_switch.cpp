// Expression switches and type switches.
#include <algorithm>

#include "vm/ir/lower_function.h"

namespace mgo::ir {

// A jump table is worth it from so many cases on, with so many table entries
// per case.
static constexpr size_t kMinTableCases = 4;
static constexpr int64_t kMaxTableSpread = 4;

void FunctionLowering::Switch(const syntax::SwitchStmt* s,
                              const syntax::Name* label) {
  if (s->init != nullptr) {
    Statement(s->init);
    hoisted_.clear();
  }
  pos_ = s->pos;
  Operand tag;
  const Type* t = nullptr;
  if (s->tag != nullptr) {
    t = types::DefaultType(TypeOf(s->tag));
    tag = ValueAs(s->tag, t);
    // Case expressions may not see the variable change, but they are not able
    // to change a register either.
    tag = ToReg(tag, t);
  }
  uint32_t done = NewBlock();
  llvm::SmallVector<uint32_t, 16> bodies;
  uint32_t otherwise = done;
  for (const syntax::CaseClause* clause : s->clauses) {
    bodies.push_back(NewBlock());
    if (clause->is_default) otherwise = bodies.back();
  }
  SwitchCases(s, tag, t, bodies, otherwise);
  targets_.push_back({label, done, Function::kNoBlock});
  uint32_t saved = fallthrough_;
  for (size_t i = 0; i < s->clauses.size(); ++i) {
    cur_ = Function::kNoBlock;
    SetBlock(bodies[i]);
    fallthrough_ = i + 1 < bodies.size() ? bodies[i + 1] : done;
    Statements(s->clauses[i]->body);
    Jump(done);
  }
  fallthrough_ = saved;
  targets_.pop_back();
  SetBlock(done);
}

void FunctionLowering::SwitchCases(const syntax::SwitchStmt* s, Operand tag,
                                   const Type* t,
                                   llvm::ArrayRef<uint32_t> bodies,
                                   uint32_t otherwise) {
  if (s->tag != nullptr && SwitchTable(s, tag, t, bodies, otherwise)) return;
  for (size_t i = 0; i < s->clauses.size(); ++i) {
    for (const Expr* value : s->clauses[i]->values) {
      uint32_t next = NewBlock();
      hoisted_.clear();
      pos_ = value->pos;
      if (s->tag == nullptr) {
        Cond(value, bodies[i], next);
        SetBlock(next);
        continue;
      }
      const Type* vt = TypeOf(value);
      if (Tv(value).mode == types::Mode::kNil) {
        BranchCmp(Op::kEq, Rep::kPtr, NilWord(tag, t), Operand::Imm(0),
                  bodies[i], next);
        SetBlock(next);
        continue;
      }
      Operand v = Value(value);
      bool ti = types::IsInterface(t);
      bool vi = types::IsInterface(vt);
      if (ti != vi) {
        Operand same =
            ti ? EqualMixed(tag, t, v, vt) : EqualMixed(v, vt, tag, t);
        Branch(same, bodies[i], next);
      } else if (RepOf(t) != Rep::kNone) {
        BranchCmp(Op::kEq, RepOf(t), tag, v, bodies[i], next);
      } else {
        Branch(Equal(tag, v, t, {}), bodies[i], next);
      }
      SetBlock(next);
    }
  }
  Jump(otherwise);
}

bool FunctionLowering::SwitchTable(const syntax::SwitchStmt* s, Operand tag,
                                   const Type* t,
                                   llvm::ArrayRef<uint32_t> bodies,
                                   uint32_t otherwise) {
  if (!types::IsBasic(t, types::kIsInteger)) return false;
  struct Case {
    int64_t value;
    uint32_t body;
  };
  llvm::SmallVector<Case, 16> cases;
  for (size_t i = 0; i < s->clauses.size(); ++i) {
    for (const Expr* value : s->clauses[i]->values) {
      if (Tv(value).value == nullptr) return false;
      cases.push_back({IntValue(value).imm, bodies[i]});
    }
  }
  if (cases.size() < kMinTableCases) return false;
  Rep rep = RepOf(t);
  bool wide_unsigned = rep == Rep::kU64;
  // Cases are distinct: the checker saw to that.
  std::sort(cases.begin(), cases.end(), [&](const Case& a, const Case& b) {
    if (wide_unsigned) {
      return static_cast<uint64_t>(a.value) < static_cast<uint64_t>(b.value);
    }
    return a.value < b.value;
  });
  int64_t low = cases.front().value;
  auto spread =
      static_cast<uint64_t>(cases.back().value) - static_cast<uint64_t>(low);
  if (spread <= cases.size() * kMaxTableSpread) {
    llvm::SmallVector<uint32_t, 2> targets(spread + 2, otherwise);
    for (size_t i = cases.size(); i-- > 0;) {
      targets[static_cast<uint64_t>(cases[i].value) -
              static_cast<uint64_t>(low)] = cases[i].body;
    }
    Instr& instr = Emit(Op::kJumpTable);
    instr.a = tag;
    instr.imm = low;
    instr.rep = rep;
    instr.targets = targets;
    cur_ = Function::kNoBlock;
    return true;
  }
  // Otherwise a binary search down to a few comparisons.
  struct Range {
    size_t begin, end;
    uint32_t block;
  };
  llvm::SmallVector<Range, 8> todo;
  uint32_t first = NewBlock();
  Jump(first);
  todo.push_back({0, cases.size(), first});
  while (!todo.empty()) {
    Range r = todo.pop_back_val();
    SetBlock(r.block);
    if (r.end - r.begin > 3) {
      size_t mid = r.begin + (r.end - r.begin) / 2;
      uint32_t left = NewBlock();
      uint32_t right = NewBlock();
      BranchCmp(Op::kLt, rep, tag, Operand::Imm(cases[mid].value), left, right);
      todo.push_back({mid, r.end, right});
      todo.push_back({r.begin, mid, left});
      continue;
    }
    for (size_t i = r.begin; i < r.end; ++i) {
      uint32_t next = i + 1 < r.end ? NewBlock() : otherwise;
      BranchCmp(Op::kEq, rep, tag, Operand::Imm(cases[i].value), cases[i].body,
                next);
      if (i + 1 < r.end) SetBlock(next);
    }
  }
  return true;
}

void FunctionLowering::TypeSwitch(const syntax::TypeSwitchStmt* s,
                                  const syntax::Name* label) {
  if (s->init != nullptr) {
    Statement(s->init);
    hoisted_.clear();
  }
  pos_ = s->pos;
  const Type* xt = TypeOf(s->x);
  // A copy: the clauses may assign to the operand.
  Reg x = CopyToTemp(Value(s->x), xt);
  Operand dynamic = DynamicType(x);
  uint32_t done = NewBlock();
  llvm::SmallVector<uint32_t, 16> bodies;
  uint32_t otherwise = done;
  for (const syntax::CaseClause* clause : s->clauses) {
    bodies.push_back(NewBlock());
    if (clause->is_default) otherwise = bodies.back();
  }
  // The value as the interface type of a single-type clause.
  llvm::SmallVector<Reg, 16> held(s->clauses.size());
  for (size_t i = 0; i < s->clauses.size(); ++i) {
    const syntax::CaseClause* clause = s->clauses[i];
    for (const Expr* value : clause->values) {
      uint32_t next = NewBlock();
      pos_ = value->pos;
      if (Tv(value).mode == types::Mode::kNil) {
        BranchCmp(Op::kEq, Rep::kPtr, dynamic, Operand::Imm(0), bodies[i],
                  next);
        SetBlock(next);
        continue;
      }
      const Type* t = TypeOf(value);
      if (types::IsInterface(t)) {
        Reg ok = TempBool();
        Reg as = Temp(t);
        Instr& instr = Emit(Op::kAssertIface, as, x);
        instr.c = ok;
        instr.type = t;
        instr.type2 = xt;
        held[i] = as;
        Branch(ok, bodies[i], next);
        SetBlock(next);
        continue;
      }
      program_.NoteRuntimeType(t);
      Reg desc = TempAddr();
      Instr& instr = Emit(Op::kConstRef, desc);
      instr.ref.kind = RefKind::kTypeDesc;
      instr.ref.type = t;
      BranchCmp(Op::kEq, Rep::kPtr, dynamic, desc, bodies[i], next);
      SetBlock(next);
    }
  }
  Jump(otherwise);
  targets_.push_back({label, done, Function::kNoBlock});
  for (size_t i = 0; i < s->clauses.size(); ++i) {
    const syntax::CaseClause* clause = s->clauses[i];
    cur_ = Function::kNoBlock;
    SetBlock(bodies[i]);
    auto implicit = package_->info.implicits.find(clause);
    if (implicit != package_->info.implicits.end()) {
      Symbol* v = implicit->second;
      const Type* t = TypeOfSym(v);
      bool single = clause->values.size() == 1 &&
                    Tv(clause->values[0]).mode != types::Mode::kNil;
      if (!single) {
        DeclareWith(v, x);
      } else if (held[i].IsValid()) {
        DeclareWith(v, held[i]);
      } else {
        DeclareWith(v, Unbox(x, t, {}));
      }
    }
    Statements(clause->body);
    Jump(done);
  }
  targets_.pop_back();
  SetBlock(done);
}

}  // namespace mgo::ir
