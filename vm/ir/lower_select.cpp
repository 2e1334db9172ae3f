// Select statements.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using syntax::Unparen;
using types::As;

void FunctionLowering::Select(const syntax::SelectStmt* s,
                              const syntax::Name* label) {
  struct Clause {
    const syntax::CommClause* clause;
    uint32_t block;
    Reg value;
    const syntax::AssignStmt* assign;
  };
  std::vector<SelectCase> cases;
  llvm::SmallVector<Clause, 8> clauses;
  const syntax::CommClause* default_clause = nullptr;
  bool wants_ok = false;
  pos_ = s->pos;
  for (const syntax::CommClause* clause : s->clauses) {
    if (clause->comm == nullptr) {
      default_clause = clause;
      continue;
    }
    Clause c{clause, 0, {}, nullptr};
    SelectCase sc{};
    if (const auto* send = dyn_cast<syntax::SendStmt>(clause->comm)) {
      sc.send = true;
      sc.elem = As<types::Chan>(TypeOf(send->chan))->elem;
      HoistOperands({send->chan, send->value});
      sc.chan = CopyToTemp(Value(send->chan), TypeOf(send->chan));
      sc.value = CopyToTemp(ValueAs(send->value, sc.elem), sc.elem);
    } else {
      const Expr* receive;
      if (const auto* assign = dyn_cast<syntax::AssignStmt>(clause->comm)) {
        c.assign = assign;
        receive = Unparen(assign->rhs[0]);
        if (assign->lhs.size() == 2) wants_ok = true;
      } else {
        receive = Unparen(cast<syntax::ExprStmt>(clause->comm)->x);
      }
      const Expr* chan = cast<syntax::UnaryExpr>(receive)->x;
      sc.send = false;
      sc.elem = As<types::Chan>(TypeOf(chan))->elem;
      sc.chan = CopyToTemp(Value(chan), TypeOf(chan));
      if (c.assign != nullptr) sc.value = Temp(sc.elem);
    }
    c.value = sc.value;
    cases.push_back(sc);
    clauses.push_back(c);
  }
  uint32_t done = NewBlock();
  targets_.push_back({label, done, Function::kNoBlock});
  if (cases.empty() && default_clause != nullptr) {
    Statements(default_clause->body);
    Jump(done);
    targets_.pop_back();
    SetBlock(done);
    return;
  }
  Reg index = TempInt();
  Reg ok = wants_ok ? TempBool() : Reg{};
  // With one case (and a default) it is that case's operation that is blamed.
  pos_ = clauses.size() == 1 ? clauses[0].clause->pos : s->pos;
  Instr& instr = Emit(Op::kSelect, index);
  instr.c = ok;
  instr.cases = cases;
  instr.imm = default_clause != nullptr ? 1 : 0;
  if (cases.empty()) {
    Emit(Op::kUnreachable);
    cur_ = Function::kNoBlock;
    targets_.pop_back();
    SetBlock(done);
    return;
  }
  for (Clause& c : clauses) c.block = NewBlock();
  uint32_t default_block =
      default_clause != nullptr ? NewBlock() : clauses.back().block;
  if (clauses.size() >= 4) {
    Instr& table = Emit(Op::kJumpTable);
    table.a = index;
    table.rep = Rep::kI64;
    for (Clause& c : clauses) table.targets.push_back(c.block);
    table.targets.push_back(default_block);
    cur_ = Function::kNoBlock;
  } else {
    size_t tests = clauses.size() - (default_clause != nullptr ? 0 : 1);
    for (size_t i = 0; i < tests; ++i) {
      uint32_t next = NewBlock();
      BranchCmp(Op::kEq, Rep::kI64, index,
                Operand::Imm(static_cast<int64_t>(i)), clauses[i].block, next);
      SetBlock(next);
    }
    Jump(default_block);
  }
  for (const Clause& c : clauses) {
    cur_ = Function::kNoBlock;
    SetBlock(c.block);
    hoisted_.clear();
    if (c.assign != nullptr) {
      pos_ = c.assign->pos;
      const Expr* receive = Unparen(c.assign->rhs[0]);
      const Expr* chan = cast<syntax::UnaryExpr>(receive)->x;
      const Type* elem = As<types::Chan>(TypeOf(chan))->elem;
      AssignOperand(c.assign->lhs[0], c.assign->define, c.value, elem);
      if (c.assign->lhs.size() == 2) {
        AssignOperand(c.assign->lhs[1], c.assign->define, ok,
                      program_.Basic(types::BasicKind::kBool));
      }
    }
    Statements(c.clause->body);
    Jump(done);
  }
  if (default_clause != nullptr) {
    cur_ = Function::kNoBlock;
    SetBlock(default_block);
    Statements(default_clause->body);
    Jump(done);
  }
  targets_.pop_back();
  SetBlock(done);
}

}  // namespace mgo::ir
