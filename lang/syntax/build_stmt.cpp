// Nodes of statements.
#include <algorithm>

#include "lang/syntax/builder.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/print.h"

namespace mgo::syntax {

using llvm::cast;
using llvm::dyn_cast;
using llvm::dyn_cast_or_null;
using llvm::isa;

namespace {

uint32_t MaxDepth(const Value& a, const Value& b) {
  return std::max(a.depth, b.depth);
}

}  // namespace

Value Builder::MakeEmpty(Pos pos) { return NewNode<EmptyStmt>(0, pos); }

Value Builder::MakeExprStmt(const Value& x) {
  return NewNode<ExprStmt>(x.depth, x.expr->pos, x.expr);
}

Value Builder::MakeSend(const Value& chan, const Value& arrow,
                        const Value& value) {
  return NewNode<SendStmt>(MaxDepth(chan, value), chan.expr->pos, chan.expr,
                           PosOf(arrow), value.expr);
}

Value Builder::MakeIncDec(const Value& x, bool increment, const Value& op) {
  return NewNode<IncDecStmt>(x.depth, x.expr->pos, x.expr, increment,
                             PosOf(op));
}

Value Builder::MakeAssign(const Value& lhs, bool define, const Value& op,
                          const Value& rhs) {
  ArrayRef<const Expr*> values = TakeExprs(rhs);
  ArrayRef<const Expr*> targets = TakeExprs(lhs);
  return NewNode<AssignStmt>(MaxDepth(lhs, rhs), targets[0]->pos, targets,
                             define, Op::kNone, PosOf(op), values);
}

Value Builder::MakeOpAssign(const Value& x, Op op, const Value& token,
                            const Value& y) {
  const Expr* target = x.expr;
  const Expr* value = y.expr;
  return NewNode<AssignStmt>(MaxDepth(x, y), target->pos,
                             package_.arena.Copy(ArrayRef<const Expr*>(target)),
                             false, op, PosOf(token),
                             package_.arena.Copy(ArrayRef<const Expr*>(value)));
}

Value Builder::MakeLabeled(const Value& label, const Value& stmt) {
  auto* ident = cast<Ident>(MakeIdent(label).expr);
  Stmt* labeled = stmt.stmt;
  if (labeled == nullptr) labeled = MakeEmpty(ident->pos).stmt;
  return NewNode<LabeledStmt>(stmt.depth, ident->pos, ident, labeled);
}

void Builder::RequireBareCall(const char* keyword, const Expr* call) {
  if (stopped_ || !llvm::isa_and_nonnull<ParenExpr>(call)) return;
  sink_.Report(diag::DiagKind::kParenthesizedCall, call->pos, keyword);
  if (++errors_ >= kMaxSyntaxErrors) stopped_ = true;
}

Value Builder::MakeGo(const Value& keyword, const Value& call) {
  RequireBareCall("go", call.expr);
  return NewNode<GoStmt>(call.depth, PosOf(keyword), call.expr);
}

Value Builder::MakeDefer(const Value& keyword, const Value& call) {
  RequireBareCall("defer", call.expr);
  return NewNode<DeferStmt>(call.depth, PosOf(keyword), call.expr);
}

Value Builder::MakeReturn(const Value& keyword, const Value& results) {
  return NewNode<ReturnStmt>(results.depth, PosOf(keyword), TakeExprs(results));
}

Value Builder::MakeBranch(const Value& keyword, BranchKind kind,
                          const Value& label) {
  const Ident* ident = nullptr;
  if (label.token != nullptr) ident = cast<Ident>(MakeIdent(label).expr);
  return NewNode<BranchStmt>(0, PosOf(keyword), kind, ident);
}

Value Builder::MakeBlock(const Value& lbrace, const Value& stmts,
                         const Value& rbrace) {
  return NewNode<BlockStmt>(stmts.depth, PosOf(lbrace), TakeStmts(stmts),
                            PosOf(rbrace));
}

Value Builder::MakeDeclStmt(const Value& decls) {
  std::vector<const Decl*> taken(decls_.begin() + decls.at, decls_.end());
  decls_.resize(decls.at);
  return NewNode<DeclStmt>(decls.depth, decls.token->pos,
                           package_.arena.Copy(ArrayRef(taken)));
}

// --- control clauses ---

Value Builder::MakeHeader(const Value& cond) {
  Value value = NoValue();
  value.header = package_.arena.New<Header>();
  value.header->cond = cond.stmt;
  value.depth = cond.depth;
  return value;
}

Value Builder::MakeHeader(const Value& init, const Value& semi,
                          const Value& cond) {
  Value value = MakeHeader(cond);
  value.header->init = init.stmt;
  value.header->semi = *semi.token;
  value.header->has_semi = true;
  value.depth = MaxDepth(init, cond);
  return value;
}

Value Builder::MakeForHeader(const Value& init, const Value& semi,
                             const Value& cond, const Value& post) {
  Value value = MakeHeader(init, semi, cond);
  value.header->post = post.stmt;
  value.header->has_clauses = true;
  value.depth = MaxDepth(value, post);
  if (auto* assign = dyn_cast_or_null<AssignStmt>(post.stmt)) {
    if (assign->define) {
      SyntaxError(assign->op_pos,
                  "cannot declare in post statement of for loop");
    }
  }
  return value;
}

Value Builder::MakeRangeHeader(const Value& lhs, bool define, const Value& op,
                               const Value& x) {
  Value value = NoValue();
  value.header = package_.arena.New<Header>();
  value.depth = MaxDepth(lhs, x);
  ArrayRef<const Expr*> targets = TakeExprs(lhs);
  auto target = [&](size_t i) {
    return i < targets.size() ? targets[i] : nullptr;
  };
  auto* range = package_.arena.New<RangeStmt>(
      Pos{}, target(0), target(1), define, targets.empty() ? Pos{} : PosOf(op),
      x.expr, nullptr);
  range->extra = target(2);
  value.header->range = range;
  return value;
}

namespace {

// A statement that is no expression, in the words of Go's message.
void PrintAsValue(const Stmt* stmt, llvm::raw_ostream& out) {
  // In parentheses, `x = (y == z)` does not look like the intended `==`.
  auto print_list = [&](ArrayRef<const Expr*> list, bool emphasize) {
    for (size_t i = 0; i < list.size(); i++) {
      bool parens = emphasize && list.size() == 1 && isa<BinaryExpr>(list[i]);
      out << (i > 0 ? ", " : parens ? "(" : "");
      PrintExpr(list[i], out);
      if (parens) out << ')';
    }
  };
  if (const auto* assign = dyn_cast<AssignStmt>(stmt)) {
    bool plain = !assign->define && assign->op == Op::kNone;
    if (plain) out << "assignment ";
    print_list(assign->lhs, plain);
    out << ' ' << (assign->define ? ":" : Spelling(assign->op)) << "= ";
    print_list(assign->rhs, plain);
  } else if (const auto* step = dyn_cast<IncDecStmt>(stmt)) {
    PrintExpr(step->x, out);
    out << (step->increment ? "++" : "--");
  } else if (const auto* send = dyn_cast<SendStmt>(stmt)) {
    PrintExpr(send->chan, out);
    out << " <- ";
    PrintExpr(send->value, out);
  }
}

Pos OperatorOf(const Stmt* stmt) {
  if (const auto* assign = dyn_cast<AssignStmt>(stmt)) return assign->op_pos;
  if (const auto* step = dyn_cast<IncDecStmt>(stmt)) return step->op_pos;
  if (const auto* send = dyn_cast<SendStmt>(stmt)) return send->arrow;
  return stmt->pos;
}

}  // namespace

// The expression that `stmt`, in a header, consists of.
const Expr* Builder::HeaderExpr(const Stmt* stmt) {
  if (stmt == nullptr) return nullptr;
  if (const auto* expr = dyn_cast<ExprStmt>(stmt)) return expr->x;
  std::string text;
  llvm::raw_string_ostream out(text);
  PrintAsValue(stmt, out);
  SyntaxError(OperatorOf(stmt), "cannot use " + text + " as value");
  return nullptr;
}

Value Builder::MakeIf(const Value& keyword, const Value& header,
                      const Value& body, const Value& els) {
  const Header& h = *header.header;
  const Expr* cond = HeaderExpr(h.cond);
  if (h.cond == nullptr) {
    if (h.has_semi && (h.semi.flags & (lex::kFromNewline | lex::kFromEof))) {
      SyntaxError(h.semi.pos, "unexpected newline, expected { after if clause",
                  "the { must stand at the end of the line that it belongs to");
    } else {
      SyntaxError(h.has_semi ? h.semi.pos : PosOf(body),
                  "missing condition in if statement");
    }
  }
  uint32_t depth = std::max(MaxDepth(header, body), els.depth);
  return NewNode<IfStmt>(depth, PosOf(keyword), h.init, cond, body.block,
                         els.stmt);
}

Value Builder::MakeFor(const Value& keyword, const Value& header,
                       const Value& body) {
  const Header& h = *header.header;
  uint32_t depth = MaxDepth(header, body);
  if (h.range != nullptr) {
    h.range->pos = PosOf(keyword);
    h.range->body = body.block;
    return NodeValue(static_cast<Stmt*>(h.range), Deeper(depth, h.range->pos));
  }
  return NewNode<ForStmt>(depth, PosOf(keyword), h.init, HeaderExpr(h.cond),
                          h.post, body.block);
}

Value Builder::MakeSwitch(const Value& keyword, const Value& header,
                          const Value& lbrace, const Value& clauses,
                          const Value& rbrace) {
  const Header& h = *header.header;
  uint32_t depth = MaxDepth(header, clauses);
  auto taken = package_.arena.Copy(ArrayRef(cases_).drop_front(clauses.at));
  cases_.resize(clauses.at);
  const Expr* tag = nullptr;
  const Ident* name = nullptr;
  if (const auto* expr = dyn_cast_or_null<ExprStmt>(h.cond)) {
    tag = expr->x;
  } else if (const auto* assign = dyn_cast_or_null<AssignStmt>(h.cond)) {
    if (assign->define && assign->lhs.size() == 1 && assign->rhs.size() == 1 &&
        isa<Ident>(assign->lhs[0])) {
      tag = assign->rhs[0];
      name = cast<Ident>(assign->lhs[0]);
    }
  }
  const auto* guard = dyn_cast_or_null<TypeAssertExpr>(tag);
  if (guard != nullptr && guard->type == nullptr) {
    return NewNode<TypeSwitchStmt>(depth, PosOf(keyword), h.init, name,
                                   guard->x, PosOf(lbrace), taken,
                                   PosOf(rbrace));
  }
  return NewNode<SwitchStmt>(depth, PosOf(keyword), h.init, HeaderExpr(h.cond),
                             PosOf(lbrace), taken, PosOf(rbrace));
}

Value Builder::MakeSelect(const Value& keyword, const Value& clauses,
                          const Value& rbrace) {
  auto taken = package_.arena.Copy(ArrayRef(comms_).drop_front(clauses.at));
  comms_.resize(clauses.at);
  return NewNode<SelectStmt>(clauses.depth, PosOf(keyword), taken,
                             PosOf(rbrace));
}

// `case` ends the statements before it, but not the last statement.
void Builder::CheckCaseStart(const Value& keyword) {
  if (keyword.token->length == 0) return;  // made up
  lex::TokenKind before = (keyword.token - 1)->kind;
  if (before == lex::TokenKind::kSemicolon ||
      before == lex::TokenKind::kLBody || before == lex::TokenKind::kColon) {
    return;
  }
  SyntaxError(PosOf(keyword), llvm::Twine("unexpected keyword ") +
                                  lex::Spelling(keyword.token->kind) +
                                  " at end of statement");
}

Value Builder::MakeCase(const Value& keyword, bool is_default,
                        const Value& values, const Value& colon,
                        const Value& body) {
  return NewNode<CaseClause>(MaxDepth(values, body), PosOf(keyword), is_default,
                             TakeExprs(values), PosOf(colon), TakeStmts(body));
}

Value Builder::MakeComm(const Value& keyword, const Value& comm,
                        const Value& colon, const Value& body) {
  return NewNode<CommClause>(MaxDepth(comm, body), PosOf(keyword), comm.stmt,
                             PosOf(colon), TakeStmts(body));
}

// --- lists ---

Value Builder::AddStmt(const Value& list, const Value& stmt) {
  if (stmt.stmt == nullptr) return list;
  stmts_.push_back(stmt.stmt);
  Value longer = list;
  longer.depth = MaxDepth(list, stmt);
  return longer;
}

Value Builder::AddCase(const Value& list, const Value& clause) {
  cases_.push_back(cast<CaseClause>(clause.stmt));
  Value longer = list;
  longer.depth = MaxDepth(list, clause);
  return longer;
}

Value Builder::AddComm(const Value& list, const Value& clause) {
  comms_.push_back(cast<CommClause>(clause.stmt));
  Value longer = list;
  longer.depth = MaxDepth(list, clause);
  return longer;
}

ArrayRef<const Stmt*> Builder::TakeStmts(const Value& list) {
  if (list.at >= stmts_.size()) return {};
  auto taken = package_.arena.Copy(ArrayRef(stmts_).drop_front(list.at));
  stmts_.resize(list.at);
  return taken;
}

}  // namespace mgo::syntax
