#include "lang/syntax/print.h"

#include "llvm/ADT/SmallVector.h"

namespace mgo::syntax {
namespace {

using llvm::cast;
using llvm::dyn_cast;

// Writes one expression; recursion is as deep as the tree, except along the
// left spine of binary expressions.
class Printer {
 public:
  explicit Printer(llvm::raw_ostream& out) : out_(out) {}

  void Print(const Expr* expr);

 private:
  void PrintList(ArrayRef<const Expr*> list);
  void PrintBinary(const BinaryExpr* expr);
  void PrintSlice(const SliceExpr* expr);
  void PrintCall(const CallExpr* expr);
  void PrintFuncLit(const FuncLit* expr);
  void PrintComposite(const CompositeLit* expr);
  void PrintArrayType(const ArrayTypeExpr* expr);
  void PrintChanType(const ChanTypeExpr* expr);
  void PrintStruct(const StructTypeExpr* expr);
  void PrintInterface(const InterfaceTypeExpr* expr);
  void PrintParams(ArrayRef<Field> params, char open, char close);
  void PrintSignature(const FuncTypeExpr* type);
  size_t PrintNames(ArrayRef<Field> fields, size_t first);

  llvm::raw_ostream& out_;
};

void Printer::PrintList(ArrayRef<const Expr*> list) {
  for (size_t i = 0; i < list.size(); i++) {
    if (i > 0) out_ << ", ";
    Print(list[i]);
  }
}

void Printer::PrintBinary(const BinaryExpr* expr) {
  llvm::SmallVector<const BinaryExpr*, 8> spine;
  const Expr* left = expr;
  while (const auto* binary = dyn_cast<BinaryExpr>(left)) {
    spine.push_back(binary);
    left = binary->x;
  }
  Print(left);
  for (const BinaryExpr* binary : llvm::reverse(spine)) {
    out_ << ' ' << Spelling(binary->op) << ' ';
    Print(binary->y);
  }
}

void Printer::PrintSlice(const SliceExpr* expr) {
  Print(expr->x);
  out_ << '[';
  if (expr->lo != nullptr) Print(expr->lo);
  out_ << ':';
  if (expr->hi != nullptr) Print(expr->hi);
  if (expr->three) out_ << ':';
  if (expr->max != nullptr) Print(expr->max);
  out_ << ']';
}

void Printer::PrintCall(const CallExpr* expr) {
  Print(expr->fun);
  out_ << '(';
  PrintList(expr->args);
  if (expr->ellipsis.IsValid()) out_ << "...";
  out_ << ')';
}

void Printer::PrintFuncLit(const FuncLit* expr) {
  Print(expr->type);
  out_ << (expr->body->stmts.empty() ? " {}" : " {…}");
}

void Printer::PrintComposite(const CompositeLit* expr) {
  if (expr->type != nullptr) Print(expr->type);
  out_ << (expr->elements.empty() ? "{}" : "{…}");
}

void Printer::PrintArrayType(const ArrayTypeExpr* expr) {
  out_ << '[';
  if (expr->len != nullptr) Print(expr->len);
  out_ << ']';
  Print(expr->elem);
}

void Printer::PrintChanType(const ChanTypeExpr* expr) {
  static constexpr const char* kPrefixes[] = {"chan ", "chan<- ", "<-chan "};
  out_ << kPrefixes[static_cast<size_t>(expr->dir)];
  const auto* elem = dyn_cast<ChanTypeExpr>(expr->elem);
  if (elem != nullptr && elem->dir == ChanDir::kRecv) {
    // `chan <-chan T` would read as `chan<- chan T`.
    out_ << '(';
    Print(elem);
    out_ << ')';
  } else {
    Print(expr->elem);
  }
}

// Writes the names of the fields that share the type of `fields[first]`;
// returns the index after the last of them.
size_t Printer::PrintNames(ArrayRef<Field> fields, size_t first) {
  size_t i = first;
  do {
    if (i > first) out_ << ", ";
    out_ << fields[i].name->name->text;
    i++;
  } while (i < fields.size() && fields[i].name != nullptr &&
           fields[i].type == fields[first].type);
  return i;
}

void Printer::PrintParams(ArrayRef<Field> params, char open, char close) {
  out_ << open;
  for (size_t i = 0; i < params.size();) {
    if (i > 0) out_ << ", ";
    const Expr* type = params[i].type;
    if (params[i].name != nullptr) {
      i = PrintNames(params, i);
      out_ << ' ';
    } else {
      i++;
    }
    Print(type);
  }
  out_ << close;
}

void Printer::PrintSignature(const FuncTypeExpr* type) {
  if (!type->type_params.empty()) PrintParams(type->type_params, '[', ']');
  PrintParams(type->params, '(', ')');
  if (type->results.empty()) return;
  out_ << ' ';
  if (type->results.size() == 1 && type->results[0].name == nullptr) {
    Print(type->results[0].type);
  } else {
    PrintParams(type->results, '(', ')');
  }
}

void Printer::PrintStruct(const StructTypeExpr* expr) {
  out_ << "struct{";
  for (size_t i = 0; i < expr->fields.size();) {
    if (i > 0) out_ << "; ";
    const Field& field = expr->fields[i];
    if (field.name != nullptr) {
      i = PrintNames(expr->fields, i);
      out_ << ' ';
    } else {
      i++;
    }
    Print(field.type);
    if (field.tag != nullptr) out_ << ' ' << field.tag->text;
  }
  out_ << '}';
}

void Printer::PrintInterface(const InterfaceTypeExpr* expr) {
  out_ << "interface{";
  for (size_t i = 0; i < expr->elements.size(); i++) {
    if (i > 0) out_ << "; ";
    const Field& element = expr->elements[i];
    if (element.name != nullptr) {
      out_ << element.name->name->text;
      PrintSignature(cast<FuncTypeExpr>(element.type));
    } else {
      Print(element.type);
    }
  }
  out_ << '}';
}

void Printer::Print(const Expr* expr) {
  switch (expr->kind) {
    case NodeKind::kIdent:
      out_ << cast<Ident>(expr)->name->text;
      break;
    case NodeKind::kBasicLit:
      out_ << cast<BasicLit>(expr)->text;
      break;
    case NodeKind::kCompositeLit:
      PrintComposite(cast<CompositeLit>(expr));
      break;
    case NodeKind::kFuncLit:
      PrintFuncLit(cast<FuncLit>(expr));
      break;
    case NodeKind::kParenExpr:
      out_ << '(';
      Print(cast<ParenExpr>(expr)->inner);
      out_ << ')';
      break;
    case NodeKind::kSelectorExpr:
      Print(cast<SelectorExpr>(expr)->x);
      out_ << '.' << cast<SelectorExpr>(expr)->sel->name->text;
      break;
    case NodeKind::kIndexExpr:
      Print(cast<IndexExpr>(expr)->x);
      out_ << '[';
      PrintList(cast<IndexExpr>(expr)->indices);
      out_ << ']';
      break;
    case NodeKind::kSliceExpr:
      PrintSlice(cast<SliceExpr>(expr));
      break;
    case NodeKind::kTypeAssertExpr: {
      const auto* assertion = cast<TypeAssertExpr>(expr);
      Print(assertion->x);
      out_ << ".(";
      if (assertion->type == nullptr) {
        out_ << "type";
      } else {
        Print(assertion->type);
      }
      out_ << ')';
      break;
    }
    case NodeKind::kCallExpr:
      PrintCall(cast<CallExpr>(expr));
      break;
    case NodeKind::kStarExpr:
      out_ << '*';
      Print(cast<StarExpr>(expr)->x);
      break;
    case NodeKind::kUnaryExpr:
      out_ << Spelling(cast<UnaryExpr>(expr)->op);
      Print(cast<UnaryExpr>(expr)->x);
      break;
    case NodeKind::kBinaryExpr:
      PrintBinary(cast<BinaryExpr>(expr));
      break;
    case NodeKind::kKeyValueExpr:
      Print(cast<KeyValueExpr>(expr)->key);
      out_ << ": ";
      Print(cast<KeyValueExpr>(expr)->value);
      break;
    case NodeKind::kEllipsisExpr:
      out_ << "...";
      if (const Expr* x = cast<EllipsisExpr>(expr)->x) Print(x);
      break;
    case NodeKind::kArrayTypeExpr:
      PrintArrayType(cast<ArrayTypeExpr>(expr));
      break;
    case NodeKind::kStructTypeExpr:
      PrintStruct(cast<StructTypeExpr>(expr));
      break;
    case NodeKind::kFuncTypeExpr:
      out_ << "func";
      PrintSignature(cast<FuncTypeExpr>(expr));
      break;
    case NodeKind::kInterfaceTypeExpr:
      PrintInterface(cast<InterfaceTypeExpr>(expr));
      break;
    case NodeKind::kMapTypeExpr:
      out_ << "map[";
      Print(cast<MapTypeExpr>(expr)->key);
      out_ << ']';
      Print(cast<MapTypeExpr>(expr)->value);
      break;
    case NodeKind::kChanTypeExpr:
      PrintChanType(cast<ChanTypeExpr>(expr));
      break;
    default:
      out_ << "_";
      break;
  }
}

}  // namespace

void PrintExpr(const Expr* expr, llvm::raw_ostream& out) {
  Printer(out).Print(expr);
}

std::string ExprString(const Expr* expr) {
  std::string text;
  llvm::raw_string_ostream out(text);
  PrintExpr(expr, out);
  return text;
}

}  // namespace mgo::syntax
