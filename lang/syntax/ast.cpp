#include "lang/syntax/ast.h"

#include <utf8proc.h>

namespace mgo::syntax {
namespace {

// Tells whether the identifier `text` starts with a letter of class Lu.
bool StartsUpper(llvm::StringRef text) {
  unsigned char first = text.empty() ? 0 : text[0];
  if (first < 0x80) return first >= 'A' && first <= 'Z';
  utf8proc_int32_t code_point = 0;
  utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  return utf8proc_category(code_point) == UTF8PROC_CATEGORY_LU;
}

// End of an expression that ends with one of its operands, which is stored in
// `next`; or its end itself.
Pos EndStep(const Expr* expr, const Expr** next) {
  using llvm::cast;
  *next = nullptr;
  switch (expr->kind) {
    case NodeKind::kIdent:
      return expr->pos + cast<Ident>(expr)->name->text.size();
    case NodeKind::kBasicLit:
      return expr->pos + cast<BasicLit>(expr)->text.size();
    case NodeKind::kCompositeLit:
      return cast<CompositeLit>(expr)->rbrace + 1;
    case NodeKind::kFuncLit:
      return cast<FuncLit>(expr)->body->rbrace + 1;
    case NodeKind::kParenExpr:
      return cast<ParenExpr>(expr)->rparen + 1;
    case NodeKind::kSelectorExpr:
      *next = cast<SelectorExpr>(expr)->sel;
      break;
    case NodeKind::kIndexExpr:
      return cast<IndexExpr>(expr)->rbrack + 1;
    case NodeKind::kSliceExpr:
      return cast<SliceExpr>(expr)->rbrack + 1;
    case NodeKind::kTypeAssertExpr:
      return cast<TypeAssertExpr>(expr)->rparen + 1;
    case NodeKind::kCallExpr:
      return cast<CallExpr>(expr)->rparen + 1;
    case NodeKind::kStarExpr:
      *next = cast<StarExpr>(expr)->x;
      break;
    case NodeKind::kUnaryExpr:
      *next = cast<UnaryExpr>(expr)->x;
      break;
    case NodeKind::kBinaryExpr:
      *next = cast<BinaryExpr>(expr)->y;
      break;
    case NodeKind::kKeyValueExpr:
      *next = cast<KeyValueExpr>(expr)->value;
      break;
    case NodeKind::kEllipsisExpr:
      *next = cast<EllipsisExpr>(expr)->x;
      return expr->pos + 3;
    case NodeKind::kArrayTypeExpr:
      *next = cast<ArrayTypeExpr>(expr)->elem;
      break;
    case NodeKind::kStructTypeExpr:
      return cast<StructTypeExpr>(expr)->rbrace + 1;
    case NodeKind::kInterfaceTypeExpr:
      return cast<InterfaceTypeExpr>(expr)->rbrace + 1;
    case NodeKind::kFuncTypeExpr: {
      const auto* func = cast<FuncTypeExpr>(expr);
      if (!func->results.empty()) *next = func->results.back().type;
      return func->rparen + 1;
    }
    case NodeKind::kMapTypeExpr:
      *next = cast<MapTypeExpr>(expr)->value;
      break;
    case NodeKind::kChanTypeExpr:
      *next = cast<ChanTypeExpr>(expr)->elem;
      break;
    default:
      break;
  }
  return expr->pos;
}

}  // namespace

const char* NodeKindName(NodeKind kind) {
  static constexpr const char* kNames[] = {
#define EXPR(name) #name,
#define STMT(name) #name,
#define DECL(name) #name,
#include "lang/syntax/ast_nodes.def"
  };
  return kNames[static_cast<size_t>(kind)];
}

const Name* NameTable::Intern(llvm::StringRef text) {
  auto [entry, is_new] = names_.try_emplace(text);
  Name& name = entry->second;
  if (is_new) {
    name.text = entry->first();
    name.exported = StartsUpper(text);
    name.blank = text == "_";
  }
  return &name;
}

Pos StartOf(const Expr* expr) { return expr->pos; }

Pos EndOf(const Expr* expr) {
  for (;;) {
    const Expr* next;
    Pos end = EndStep(expr, &next);
    if (next == nullptr) return end;
    expr = next;
  }
}

const Expr* Unparen(const Expr* expr) {
  while (const auto* paren = llvm::dyn_cast<ParenExpr>(expr)) {
    expr = paren->inner;
  }
  return expr;
}

const char* Spelling(Op op) {
  static constexpr const char* kSpellings[] = {
      "",   "+",  "-",  "*",  "/", "%",  "&", "|",  "^", "<<", ">>", "&^",
      "&&", "||", "==", "!=", "<", "<=", ">", ">=", "!", "<-", "~"};
  return kSpellings[static_cast<size_t>(op)];
}

}  // namespace mgo::syntax
