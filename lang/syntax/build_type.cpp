// Nodes of types, and what a parenthesized list of names and types means.
#include <algorithm>

#include "lang/syntax/builder.h"

namespace mgo::syntax {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;

Value Builder::MakeQualified(const Value& package, const Value& name) {
  return MakeSelector(MakeIdent(package), name);
}

Value Builder::MakeArrayType(const Value& lbrack, const Value& len,
                             const Value& elem) {
  return NewExpr<ArrayTypeExpr>(std::max(len.depth, elem.depth), PosOf(lbrack),
                                len.expr, elem.expr);
}

Value Builder::MakeArrayOf(const Value& lbrack, const Value& lens,
                           const Value& elem) {
  ArrayRef<const Expr*> taken = TakeExprs(lens);
  CheckTypeArgs(taken);
  return NewExpr<ArrayTypeExpr>(std::max(lens.depth, elem.depth), PosOf(lbrack),
                                taken[0], elem.expr);
}

Value Builder::MakeEllipsis(const Value& token, const Value& x) {
  return NewExpr<EllipsisExpr>(x.depth, PosOf(token), x.expr);
}

Value Builder::MakeMapType(const Value& keyword, const Value& key,
                           const Value& value) {
  return NewExpr<MapTypeExpr>(std::max(key.depth, value.depth), PosOf(keyword),
                              key.expr, value.expr);
}

Value Builder::MakeChanType(const Value& first, ChanDir dir,
                            const Value& elem) {
  return NewExpr<ChanTypeExpr>(elem.depth, PosOf(first), dir, elem.expr);
}

Value Builder::MakeStructType(const Value& keyword, const Value& fields,
                              const Value& rbrace) {
  return NewExpr<StructTypeExpr>(fields.depth, PosOf(keyword),
                                 TakeFields(fields), PosOf(rbrace));
}

Value Builder::MakeInterfaceType(const Value& keyword, const Value& elements,
                                 const Value& rbrace) {
  return NewExpr<InterfaceTypeExpr>(elements.depth, PosOf(keyword),
                                    TakeFields(elements), PosOf(rbrace));
}

Value Builder::MakeSignature(const Value& lparen, const Value& params,
                             const Value& rparen) {
  FinishParams(params, ParamRole::kParams, rparen);
  return NewExpr<FuncTypeExpr>(params.depth, PosOf(lparen), ArrayRef<Field>(),
                               TakeFields(params), ArrayRef<Field>(),
                               PosOf(lparen), PosOf(rparen));
}

Value Builder::SetResults(const Value& signature, const Value& results) {
  signature.func->results = TakeFields(results);
  Value longer = signature;
  longer.depth =
      std::max(signature.depth, Deeper(results.depth, signature.func->pos));
  return longer;
}

Value Builder::MakeFuncType(const Value& keyword, const Value& signature) {
  Value result = signature;
  result.expr->pos = PosOf(keyword);
  result.at = keyword.at;
  return result;
}

Value Builder::OneResult(const Value& type) {
  return AddField(StartFields(), NoValue(), type);
}

// --- fields ---

Value Builder::AddField(const Value& list, const Value& name,
                        const Value& type) {
  Field field;
  field.name = name.ident;
  field.type = type.expr;
  field.pos = name.ident != nullptr ? name.ident->pos : type.expr->pos;
  fields_.push_back(field);
  Value longer = list;
  longer.depth = std::max(list.depth, type.depth);
  return longer;
}

Value Builder::AddFields(const Value& list, const Value& names,
                         const Value& type) {
  for (size_t i = names.at; i < idents_.size(); i++) {
    Field field;
    field.name = idents_[i];
    field.type = type.expr;
    field.pos = idents_[i]->pos;
    fields_.push_back(field);
  }
  idents_.resize(names.at);
  Value longer = list;
  longer.depth = std::max(list.depth, type.depth);
  return longer;
}

void Builder::SetTags(const Value& from, const Value& tag) {
  for (size_t i = from.at; i < fields_.size(); i++) {
    fields_[i].tag = cast<BasicLit>(tag.expr);
  }
}

ArrayRef<Field> Builder::TakeFields(const Value& list) {
  if (list.at >= fields_.size()) return {};
  auto taken = package_.arena.Copy(ArrayRef(fields_).drop_front(list.at));
  fields_.resize(list.at);
  return taken;
}

Value Builder::FinishParams(const Value& list, ParamRole role,
                            const Value& close) {
  SortOutParams(llvm::MutableArrayRef(fields_).drop_front(list.at), role,
                close);
  return list;
}

// Spec, "Function types": "Within a list of parameters or results, the names
// must either all be present or all be absent." An entry that is one
// identifier stands here as a type without a name; in a list with names it is
// a name, of the type that comes next.
void Builder::SortOutParams(llvm::MutableArrayRef<Field> params, ParamRole role,
                            const Value& close) {
  bool named = role == ParamRole::kTypeParams;
  for (const Field& param : params) named |= param.name != nullptr;
  if (!named) return;
  const Expr* type = nullptr;
  Pos error_pos;
  bool name_missing = false;
  for (Field& param : llvm::reverse(params)) {
    if (param.name != nullptr) {
      type = param.type;
      continue;
    }
    const auto* ident = dyn_cast<Ident>(param.type);
    if (ident == nullptr) {
      type = param.type;
      error_pos = param.pos;
      name_missing = true;
    } else if (type == nullptr) {
      error_pos = param.pos;
      name_missing = false;
    } else {
      param.name = ident;
      param.type = type;
    }
  }
  if (!error_pos.IsValid()) return;
  if (!name_missing) error_pos = PosOf(close);
  const char* what =
      name_missing ? "missing parameter name" : "missing parameter type";
  if (role == ParamRole::kTypeParams) {
    what = !name_missing        ? "missing type constraint"
           : params.size() == 1 ? "missing type parameter name or invalid "
                                  "array length"
                                : "missing type parameter name";
  }
  SyntaxError(error_pos, what);
}

// --- type parameters or array length ---

namespace {

// Tells whether an expression can only be a type, as an element of a
// constraint.
bool IsTypeElement(const Expr* x) {
  for (;;) {
    switch (x->kind) {
      case NodeKind::kArrayTypeExpr:
      case NodeKind::kStructTypeExpr:
      case NodeKind::kFuncTypeExpr:
      case NodeKind::kInterfaceTypeExpr:
      case NodeKind::kMapTypeExpr:
      case NodeKind::kChanTypeExpr:
        return true;
      case NodeKind::kBinaryExpr:
        if (IsTypeElement(cast<BinaryExpr>(x)->y)) return true;
        x = cast<BinaryExpr>(x)->x;
        break;
      case NodeKind::kUnaryExpr:
        if (cast<UnaryExpr>(x)->op == Op::kTilde) return true;
        x = cast<UnaryExpr>(x)->x;
        break;
      case NodeKind::kStarExpr:
        x = cast<StarExpr>(x)->x;
        break;
      case NodeKind::kParenExpr:
        x = cast<ParenExpr>(x)->inner;
        break;
      default:
        return false;
    }
  }
}

}  // namespace

// Spec, "Type parameter declarations": `type T[P *C] …` and the like are
// ambiguous; they are array types unless a comma follows or the right side
// can only be a type.
bool Builder::SplitTypeParam(const Value& expr, bool comma, Value* list) {
  *list = StartFields();
  if (isa<Ident>(expr.expr)) {
    if (!comma) return false;
    *list = AddField(*list, NoValue(), expr);
    return true;
  }
  Value type = expr;
  const Ident* name = nullptr;
  if (auto* call = dyn_cast<CallExpr>(expr.expr)) {
    // P (C)
    name = dyn_cast<Ident>(call->fun);
    if (name == nullptr || call->args.size() != 1 || call->ellipsis.IsValid() ||
        !(comma || IsTypeElement(call->args[0]))) {
      return false;
    }
    type = NewExpr<ParenExpr>(expr.depth, call->lparen, call->args[0],
                              call->rparen);
  } else if (isa<BinaryExpr>(expr.expr)) {
    // P *C, or P *C | D | ...: the leftmost operator is the star.
    BinaryExpr* above = nullptr;
    auto* product = cast<BinaryExpr>(expr.expr);
    bool element = IsTypeElement(product->y);
    while (product->op == Op::kOr && isa<BinaryExpr>(product->x)) {
      above = product;
      product = const_cast<BinaryExpr*>(cast<BinaryExpr>(product->x));
      element |= IsTypeElement(product->y);
    }
    name = dyn_cast<Ident>(product->x);
    if (product->op != Op::kMul || name == nullptr || !(comma || element)) {
      return false;
    }
    Value star = NewExpr<StarExpr>(0, product->op_pos, product->y);
    if (above == nullptr) {
      type.expr = star.expr;
    } else {
      above->x = star.expr;
      auto* top = cast<BinaryExpr>(expr.expr);
      for (BinaryExpr* b = top;;
           b = const_cast<BinaryExpr*>(cast<BinaryExpr>(b->x))) {
        b->pos = product->op_pos;
        if (b == above) break;
      }
    }
  } else {
    return false;
  }
  Value name_value = NoValue();
  name_value.ident = const_cast<Ident*>(name);
  *list = AddField(*list, name_value, type);
  return true;
}

}  // namespace mgo::syntax
