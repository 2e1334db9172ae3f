// Statements.
#include "lang/types/check.h"

namespace mgo::types {

void Checker::StmtList(ArrayRef<const Stmt*> list, unsigned flags) {
  unsigned inner = flags & ~kFallthroughOk;
  size_t count = list.size();
  // Empty statements at the end do not count: "fallthrough;" is the last one.
  while (count > 0 && isa<syntax::EmptyStmt>(list[count - 1])) count--;
  for (size_t i = 0; i < count; i++) {
    Statement(list[i], i + 1 == count ? flags : inner);
  }
}

void Checker::Block(const BlockStmt* block, unsigned flags) {
  OpenScope();
  StmtList(block->stmts, flags);
  CloseScope();
}

void Checker::Statement(const Stmt* s, unsigned flags) {
  // What holds for statements inside this one.
  unsigned inner = flags & ~(kFallthroughOk | kFinalCase | kInTypeSwitch);
  switch (s->kind) {
    case NodeKind::kBadStmt:
    case NodeKind::kEmptyStmt:
      return;
    case NodeKind::kDeclStmt:
      LocalDeclaration(cast<syntax::DeclStmt>(s));
      return;
    case NodeKind::kLabeledStmt:
      Statement(cast<syntax::LabeledStmt>(s)->stmt, flags);
      return;
    case NodeKind::kExprStmt:
      ExprStatement(cast<syntax::ExprStmt>(s));
      return;
    case NodeKind::kSendStmt:
      SendStatement(cast<syntax::SendStmt>(s));
      return;
    case NodeKind::kIncDecStmt:
      IncDecStatement(cast<syntax::IncDecStmt>(s));
      return;
    case NodeKind::kAssignStmt:
      AssignStatement(cast<syntax::AssignStmt>(s));
      return;
    case NodeKind::kGoStmt:
      GoOrDefer("go", cast<syntax::GoStmt>(s)->call);
      return;
    case NodeKind::kDeferStmt:
      GoOrDefer("defer", cast<syntax::DeferStmt>(s)->call);
      return;
    case NodeKind::kReturnStmt:
      ReturnStatement(cast<syntax::ReturnStmt>(s));
      return;
    case NodeKind::kBranchStmt:
      BranchStatement(cast<syntax::BranchStmt>(s), flags);
      return;
    case NodeKind::kBlockStmt:
      Block(cast<BlockStmt>(s), inner);
      return;
    case NodeKind::kIfStmt:
      IfStatement(cast<syntax::IfStmt>(s), inner);
      return;
    case NodeKind::kSwitchStmt:
      SwitchStatement(cast<syntax::SwitchStmt>(s), inner);
      return;
    case NodeKind::kTypeSwitchStmt:
      TypeSwitchStatement(cast<syntax::TypeSwitchStmt>(s),
                          inner | kInTypeSwitch);
      return;
    case NodeKind::kSelectStmt:
      SelectStatement(cast<syntax::SelectStmt>(s), inner);
      return;
    case NodeKind::kForStmt:
      ForStatement(cast<syntax::ForStmt>(s), inner);
      return;
    case NodeKind::kRangeStmt:
      RangeStatement(cast<syntax::RangeStmt>(s), inner);
      return;
    default:
      return;
  }
}

// --- expressions as statements
// ------------------------------------------------

namespace {

// What a call is, as far as its value goes.
enum class CallKind { kNotCall, kConversion, kValueBuiltin, kStatement };

// Whether a builtin's result must be used.
bool IsValueBuiltin(Builtin id) {
  switch (id) {
    case Builtin::kClear:
    case Builtin::kClose:
    case Builtin::kCopy:
    case Builtin::kDelete:
    case Builtin::kPanic:
    case Builtin::kPrint:
    case Builtin::kPrintln:
    case Builtin::kRecover:
      return false;
    default:
      return true;
  }
}

CallKind KindOfCall(const Info& info, const Expr* e) {
  e = syntax::Unparen(e);
  if (const auto* unary = dyn_cast<syntax::UnaryExpr>(e)) {
    return unary->op == Op::kRecv ? CallKind::kStatement : CallKind::kNotCall;
  }
  const auto* call = dyn_cast<syntax::CallExpr>(e);
  if (call == nullptr) return CallKind::kNotCall;
  const Expr* fun = syntax::Unparen(call->fun);
  Mode mode = info.types[fun->id].mode;
  if (mode == Mode::kType) return CallKind::kConversion;
  if (mode != Mode::kBuiltin) return CallKind::kStatement;
  const Symbol* symbol = nullptr;
  if (const auto* ident = dyn_cast<Ident>(fun)) {
    symbol = info.symbols[ident->id];
  } else if (const auto* sel = dyn_cast<syntax::SelectorExpr>(fun)) {
    symbol = info.symbols[sel->sel->id];
  }
  if (symbol == nullptr) return CallKind::kStatement;
  return IsValueBuiltin(symbol->builtin) ? CallKind::kValueBuiltin
                                         : CallKind::kStatement;
}

}  // namespace

void Checker::ExprStatement(const syntax::ExprStmt* s) {
  Operand x;
  Raw(x, s->x, nullptr);
  if (x.Invalid()) return;
  switch (x.mode) {
    case Mode::kBuiltin:
      Report(DiagKind::kBuiltinNotCalled, PosOf(s->x), Str(x));
      return;
    case Mode::kType:
      Report(DiagKind::kTypeNotExpr, PosOf(s->x), Str(x));
      return;
    default:
      break;
  }
  if (KindOfCall(info_, s->x) == CallKind::kStatement) return;
  Report(DiagKind::kNotUsed, PosOf(s->x), Str(x));
}

void Checker::SendStatement(const syntax::SendStmt* s) {
  Operand chan, value;
  Value(chan, s->chan);
  const Chan* t = nullptr;
  if (!chan.Invalid() && !chan.IsNil()) {
    t = dyn_cast_or_null<Chan>(CoreType(chan.type));
  }
  Value(value, s->value);
  if (chan.Invalid() || value.Invalid()) return;
  if (!chan.IsNil() && IsTypeParam(chan.type)) {
    const Type* elem = ParamChanElem(chan, /*receive=*/false, s->pos);
    if (elem != nullptr) Assignment(value, elem, "send");
    return;
  }
  if (t == nullptr) {
    if (chan.IsNil() || !IsInvalid(Underlying(chan.type))) {
      Report(DiagKind::kSendNonChan, s->pos, Str(chan.type), Str(chan));
    }
    return;
  }
  if (t->dir == syntax::ChanDir::kRecv) {
    Report(DiagKind::kSendRecvOnly, s->pos, Str(chan.type), Str(chan));
    return;
  }
  Assignment(value, t->elem, "send");
}

void Checker::GoOrDefer(const char* keyword, const Expr* call) {
  const Expr* inner = syntax::Unparen(call);
  if (!isa<syntax::CallExpr>(inner)) {
    Use(call);
    Report(DiagKind::kMustBeCall, PosOf(inner), keyword);
    return;
  }
  Operand x;
  Raw(x, inner, nullptr);
  if (x.Invalid()) return;
  switch (KindOfCall(info_, inner)) {
    case CallKind::kConversion:
      Report(DiagKind::kGoConversion, PosOf(inner), keyword, Str(x));
      return;
    case CallKind::kValueBuiltin:
      Report(DiagKind::kDiscardsResult, PosOf(inner), keyword, Str(x));
      return;
    default:
      return;
  }
}

// --- control flow
// ------------------------------------------------------------------

void Checker::BranchStatement(const syntax::BranchStmt* s, unsigned flags) {
  // CheckBranches says what is wrong with the others.
  if (s->branch != syntax::BranchKind::kFallthrough) return;
  if (flags & kFallthroughOk) return;
  if (flags & kFinalCase) {
    Report(DiagKind::kFallthroughFinal, s->pos);
  } else if (flags & kInTypeSwitch) {
    Report(DiagKind::kFallthroughTypeSwitch, s->pos);
  } else {
    Report(DiagKind::kMisplacedFallthrough, s->pos);
  }
}

// An object as Go's notes show it: "var a int".
static std::string DescribeSymbol(const Symbol* symbol,
                                  const std::string& type) {
  const char* what = "var";
  if (symbol->kind == SymbolKind::kConst) what = "const";
  if (symbol->kind == SymbolKind::kTypeName) what = "type";
  if (symbol->kind == SymbolKind::kFunc) what = "func";
  return llvm::formatv("{0} {1} {2}", what, symbol->name->text, type).str();
}

void Checker::ReturnStatement(const syntax::ReturnStmt* s) {
  if (env_.signature == nullptr) return;
  ArrayRef<Symbol*> results = env_.signature->results->vars;
  if (results.empty()) {
    if (s->results.empty()) return;
    llvm::SmallVector<Operand, 4> values;
    Arguments(s->results, values);
    ReturnMismatch(s, values, results);
    return;
  }
  if (!s->results.empty()) {
    InitVars(results, s->results, s);
    return;
  }
  if (results[0]->name == nullptr) {
    ReturnMismatch(s, {}, results);
    return;
  }
  // "The compiler may disallow an empty expression list if a different entity
  // with the same name as a result parameter is in scope."
  for (Symbol* result : results) {
    if (result->name->blank) continue;
    Symbol* inner = Lookup(result->name);
    if (inner == nullptr || inner == result) continue;
    std::string text = llvm::formatv(diag::PatternOf(DiagKind::kResultShadowed),
                                     result->name->text)
                           .str();
    text += llvm::formatv("\n\t{0}: inner declaration of {1}", Str(inner->pos),
                          DescribeSymbol(result, result->type != nullptr
                                                     ? Str(result->type)
                                                     : std::string()))
                .str();
    AddReport(DiagKind::kResultShadowed, s->pos, std::move(text));
    return;
  }
}

void Checker::Condition(const Expr* cond, const char* what) {
  Operand x;
  Value(x, cond);
  if (x.Invalid()) return;
  if (x.IsNil() || !AllBasic(x.type, kIsBoolean)) {
    if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      auto* d = Report(DiagKind::kNonBooleanCondition, PosOf(cond), what);
      HintCondition(d, x);
    }
    return;
  }
  if (IsUntyped(x.type)) {
    SetImplicit(x, Basic(BasicKind::kBool), nullptr);
  }
}

void Checker::IfStatement(const syntax::IfStmt* s, unsigned flags) {
  // Long chains of else-if are walked in a loop; each opens a scope in the one
  // before.
  Scope* outer = env_.scope;
  for (;;) {
    OpenScope();
    if (s->init != nullptr) Statement(s->init, 0);
    Condition(s->cond, "if");
    Block(s->then, flags);
    const auto* next = dyn_cast_or_null<syntax::IfStmt>(s->els);
    if (next == nullptr) break;
    s = next;
  }
  if (s->els != nullptr) Statement(s->els, flags);
  env_.scope = outer;
}

void Checker::ForStatement(const syntax::ForStmt* s, unsigned flags) {
  OpenScope();
  if (s->init != nullptr) Statement(s->init, 0);
  if (s->cond != nullptr) Condition(s->cond, "for");
  if (s->post != nullptr) {
    Statement(s->post, 0);
  }
  Block(s->body, flags);
  CloseScope();
}

void Checker::SelectStatement(const syntax::SelectStmt* s, unsigned flags) {
  const syntax::CommClause* first_default = nullptr;
  for (const syntax::CommClause* clause : s->clauses) {
    if (clause->comm == nullptr) {
      if (first_default != nullptr) {
        Report(DiagKind::kMultipleDefaults, clause->pos, "select",
               Str(first_default->pos));
      } else {
        first_default = clause;
      }
    }
    bool valid = clause->comm == nullptr;
    const Expr* recv = nullptr;
    if (clause->comm != nullptr) {
      if (isa<syntax::SendStmt>(clause->comm)) {
        valid = true;
      } else if (const auto* e = dyn_cast<syntax::ExprStmt>(clause->comm)) {
        recv = e->x;
      } else if (const auto* a = dyn_cast<syntax::AssignStmt>(clause->comm)) {
        if (a->rhs.size() == 1 && a->op == Op::kNone) recv = a->rhs[0];
      }
    }
    if (recv != nullptr) {
      const auto* unary = dyn_cast<syntax::UnaryExpr>(syntax::Unparen(recv));
      valid = unary != nullptr && unary->op == Op::kRecv;
    }
    if (!valid) {
      Pos pos = clause->comm->pos;
      if (const auto* e = dyn_cast<syntax::ExprStmt>(clause->comm)) {
        pos = OperatorPos(e->x);
      }
      Report(DiagKind::kInvalidSelectCase, pos);
      continue;
    }
    OpenScope();
    if (clause->comm != nullptr) Statement(clause->comm, 0);
    StmtList(clause->body, flags);
    CloseScope();
  }
}

}  // namespace mgo::types
