// Nodes of expressions.
#include <algorithm>

#include "lang/lex/brace_filter.h"
#include "lang/syntax/builder.h"
#include "lang/syntax/print.h"

namespace mgo::syntax {

using diag::DiagKind;
using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;

namespace {

uint32_t MaxDepth(const Value& a, const Value& b) {
  return std::max(a.depth, b.depth);
}

}  // namespace

uint32_t Builder::Deeper(uint32_t depth, Pos pos) {
  if (depth + 1 > lex::kMaxNesting && !stopped_) {
    sink_.Report(DiagKind::kNestingTooDeep, pos, lex::kMaxNesting);
    stopped_ = true;
  }
  return depth + 1;
}

const Name* Builder::Intern(const lex::Token& token) {
  return names_.Intern(lex::TextOf(token, source_));
}

Value Builder::MakeIdent(const Value& name) {
  return NewExpr<Ident>(0, PosOf(name), Intern(*name.token));
}

Value Builder::MakeRawLit(const Value& token, LitKind kind) {
  llvm::StringRef text = lex::TextOf(*token.token, source_);
  if (token.token->flags & lex::kHasCarriageReturn) {
    std::string kept = text.str();
    std::erase(kept, '\r');
    text = package_.arena.CopyText(kept);
  }
  return NewExpr<BasicLit>(0, PosOf(token), kind, text);
}

Value Builder::MakeLit(const Value& token, LitKind kind) {
  if (token.token->flags & lex::kMalformed) return MakeBad(token);
  return MakeRawLit(token, kind);
}

Value Builder::MakeBad(const Value& token) {
  return NewExpr<BadExpr>(0, PosOf(token));
}

Value Builder::MakeParen(const Value& lparen, const Value& inner,
                         const Value& rparen) {
  return NewExpr<ParenExpr>(inner.depth, PosOf(lparen), inner.expr,
                            PosOf(rparen));
}

Value Builder::MakeSelector(const Value& x, const Value& name) {
  Value sel = MakeIdent(name);
  return NewExpr<SelectorExpr>(x.depth, x.expr->pos, x.expr,
                               cast<Ident>(sel.expr));
}

Value Builder::MakeIndex(const Value& x, const Value& lbrack,
                         const Value& indices, const Value& rbrack) {
  ArrayRef<const Expr*> taken = TakeExprs(indices);
  CheckTypeArgs(taken);
  return NewExpr<IndexExpr>(MaxDepth(x, indices), x.expr->pos, x.expr,
                            PosOf(lbrack), taken, PosOf(rbrack));
}

// Only the first of several indices may be other than a type.
void Builder::CheckTypeArgs(ArrayRef<const Expr*> args) {
  for (size_t i = 1; i < args.size(); i++) {
    if (const auto* literal = dyn_cast<BasicLit>(args[i])) {
      SyntaxError(literal->pos,
                  "unexpected literal " + literal->text + ", expected ]");
    }
  }
}

Value Builder::MakeSlice(const Value& x, const Value& lbrack, const Value& lo,
                         const Value& hi, const Value& rbrack) {
  uint32_t depth = std::max(x.depth, MaxDepth(lo, hi));
  return NewExpr<SliceExpr>(depth, x.expr->pos, x.expr, PosOf(lbrack), lo.expr,
                            hi.expr, nullptr, false, PosOf(rbrack));
}

Value Builder::MakeSlice3(const Value& x, const Value& lbrack, const Value& lo,
                          const Value& hi, const Value& colon, const Value& max,
                          const Value& rbrack) {
  if (hi.expr == nullptr) {
    PlainError(PosOf(colon), "middle index required in 3-index slice");
  }
  if (max.expr == nullptr) {
    PlainError(PosOf(rbrack), "final index required in 3-index slice");
  }
  uint32_t depth = std::max(MaxDepth(x, max), MaxDepth(lo, hi));
  return NewExpr<SliceExpr>(depth, x.expr->pos, x.expr, PosOf(lbrack), lo.expr,
                            hi.expr, max.expr, true, PosOf(rbrack));
}

Value Builder::MakeTypeAssert(const Value& x, const Value& lparen,
                              const Value& type, const Value& rparen) {
  return NewExpr<TypeAssertExpr>(MaxDepth(x, type), x.expr->pos, x.expr,
                                 PosOf(lparen), type.expr, PosOf(rparen));
}

Value Builder::MakeCall(const Value& x, const Value& lparen, const Value& args,
                        const Value& ellipsis, const Value& rparen) {
  return NewExpr<CallExpr>(MaxDepth(x, args), x.expr->pos, x.expr,
                           PosOf(lparen), TakeExprs(args), PosOf(ellipsis),
                           PosOf(rparen));
}

Value Builder::MakeComposite(const Value& lbrace, const Value& elements,
                             const Value& rbrace) {
  return NewExpr<CompositeLit>(elements.depth, PosOf(lbrace), nullptr,
                               PosOf(lbrace), TakeExprs(elements),
                               PosOf(rbrace));
}

Value Builder::SetLiteralType(const Value& literal, const Value& type) {
  auto* node = cast<CompositeLit>(literal.expr);
  node->type = type.expr;
  node->pos = type.expr->pos;
  return NodeValue(static_cast<Expr*>(node),
                   std::max(literal.depth, Deeper(type.depth, node->pos)));
}

Value Builder::SetParenthesizedType(const Value& literal, const Value& type) {
  bool is_type = false;
  switch (Unparen(type.expr)->kind) {
    case NodeKind::kIdent:
    case NodeKind::kSelectorExpr:
    case NodeKind::kIndexExpr:
    case NodeKind::kArrayTypeExpr:
    case NodeKind::kMapTypeExpr:
    case NodeKind::kStructTypeExpr:
      is_type = true;
      break;
    default:
      break;
  }
  SyntaxError(literal.expr->pos,
              is_type ? "cannot parenthesize type in composite literal"
                      : "unexpected { at end of statement");
  return SetLiteralType(literal, type);
}

Value Builder::MakeKeyValue(const Value& key, const Value& colon,
                            const Value& value) {
  return NewExpr<KeyValueExpr>(MaxDepth(key, value), key.expr->pos, key.expr,
                               PosOf(colon), value.expr);
}

Value Builder::MakeFuncLit(const Value& type, const Value& body) {
  return NewExpr<FuncLit>(MaxDepth(type, body), type.expr->pos,
                          cast<FuncTypeExpr>(type.expr), body.block);
}

Value Builder::MakeUnary(Op op, const Value& token, const Value& x) {
  return NewExpr<UnaryExpr>(x.depth, PosOf(token), op, x.expr);
}

Value Builder::MakeStar(const Value& star, const Value& x) {
  return NewExpr<StarExpr>(x.depth, PosOf(star), x.expr);
}

// `<-x`. Where x is a channel type the arrow belongs to it: `<-chan T` is a
// receive-only channel, and `<-chan<- T`, which the grammar reads as `<-` and
// `chan<- T`, is `<-chan (<-T)`.
Value Builder::MakeRecv(const Value& arrow, const Value& x, Pos here) {
  if (!isa<ChanTypeExpr>(x.expr)) return MakeUnary(Op::kRecv, arrow, x);
  auto* chan = cast<ChanTypeExpr>(x.expr);
  chan->pos = PosOf(arrow);
  Value result = x;
  result.at = arrow.at;
  for (;;) {
    ChanDir before = chan->dir;
    chan->dir = ChanDir::kRecv;
    if (before == ChanDir::kRecv) {
      SyntaxError(here, "unexpected <-, expected chan");
    }
    if (before != ChanDir::kSend) return result;
    const auto* elem = dyn_cast<ChanTypeExpr>(chan->elem);
    if (elem == nullptr) {
      SyntaxError(here,
                  "unexpected " + ExprString(chan->elem) + ", expected chan");
      return result;
    }
    chan = const_cast<ChanTypeExpr*>(elem);
  }
}

Value Builder::MakeBinary(const Value& x, Op op, const Value& token,
                          const Value& y) {
  // A chain that leans left counts as one level: it is walked in a loop.
  uint32_t left = x.depth;
  if (left > 0 && isa<BinaryExpr>(x.expr)) left--;
  return NewExpr<BinaryExpr>(std::max(left, y.depth), x.expr->pos, x.expr, op,
                             PosOf(token), y.expr);
}

// --- lists ---

Value Builder::AddExpr(const Value& list, const Value& expr) {
  exprs_.push_back(expr.expr);
  Value longer = list;
  longer.depth = std::max(list.depth, expr.depth);
  return longer;
}

Value Builder::AddName(const Value& list, const Value& name) {
  Value ident = MakeIdent(name);
  idents_.push_back(cast<Ident>(ident.expr));
  return list;
}

ArrayRef<const Expr*> Builder::TakeExprs(const Value& list) {
  if (list.at >= exprs_.size()) return {};
  auto taken = package_.arena.Copy(ArrayRef(exprs_).drop_front(list.at));
  exprs_.resize(list.at);
  return taken;
}

ArrayRef<const Ident*> Builder::TakeNames(const Value& list) {
  auto taken = package_.arena.Copy(ArrayRef(idents_).drop_front(list.at));
  idents_.resize(list.at);
  return taken;
}

}  // namespace mgo::syntax
