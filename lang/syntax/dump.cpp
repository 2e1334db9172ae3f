#include "lang/syntax/dump.h"

namespace mgo::syntax {
namespace {

using llvm::cast;
using llvm::StringRef;

// Writes the nodes of one file.
class Dumper {
 public:
  Dumper(const diag::SourceFile& source, llvm::raw_ostream& out, int level)
      : source_(source), out_(out), level_(level) {}

  void DumpFile(const File& file);
  void Dump(const Expr* expr, StringRef role = "");

 private:
  void Dump(const Stmt* stmt, StringRef role = "");
  void Dump(const Decl* decl);
  template <typename T>
  void DumpAll(ArrayRef<const T*> nodes, StringRef role = "") {
    for (const T* node : nodes) Dump(node, role);
  }
  void DumpOptional(const Expr* expr, StringRef role) {
    if (expr != nullptr) Dump(expr, role);
  }
  void DumpOptional(const Stmt* stmt, StringRef role) {
    if (stmt != nullptr) Dump(stmt, role);
  }
  void DumpFields(ArrayRef<Field> fields, StringRef role);
  void DumpNames(ArrayRef<const Ident*> names);
  void DumpHead(const Node* node, StringRef role);
  void DumpOperator(const Expr* expr);
  void DumpChildren(const Expr* expr);
  void DumpSimple(const Stmt* stmt);
  void DumpControl(const Stmt* stmt);

  llvm::raw_ostream& Line() { return out_.indent(2 * level_); }
  void End() { out_ << '\n'; }

  const diag::SourceFile& source_;
  llvm::raw_ostream& out_;
  int level_;
};

// A raw string may hold line ends.
void PrintOnOneLine(StringRef text, llvm::raw_ostream& out) {
  for (char c : text) {
    if (c == '\n') {
      out << "\\n";
    } else {
      out << c;
    }
  }
}

constexpr const char* kLitKinds[] = {"int", "float", "imag", "char", "string"};
constexpr const char* kChanDirs[] = {"both", "send", "recv"};
constexpr const char* kBranches[] = {"break", "continue", "goto",
                                     "fallthrough"};

void Dumper::DumpHead(const Node* node, StringRef role) {
  uint32_t offset = node->pos.offset - source_.Base().offset;
  int line = source_.LineOf(offset);
  int column = static_cast<int>(offset - source_.LineStart(line)) + 1;
  Line();
  if (!role.empty()) out_ << role << ' ';
  out_ << NodeKindName(node->kind) << " @" << line << ':' << column;
}

void Dumper::DumpFields(ArrayRef<Field> fields, StringRef role) {
  for (const Field& field : fields) {
    Line() << role;
    if (field.name != nullptr) out_ << ' ' << field.name->name->text;
    if (field.tag != nullptr) out_ << " tag " << field.tag->text;
    End();
    level_++;
    Dump(field.type);
    level_--;
  }
}

void Dumper::DumpNames(ArrayRef<const Ident*> names) {
  for (const Ident* name : names) out_ << ' ' << name->name->text;
}

// What an expression's line says besides its class.
void Dumper::DumpOperator(const Expr* expr) {
  switch (expr->kind) {
    case NodeKind::kIdent:
      out_ << ' ' << cast<Ident>(expr)->name->text;
      break;
    case NodeKind::kBasicLit: {
      const auto* literal = cast<BasicLit>(expr);
      out_ << ' ' << kLitKinds[static_cast<int>(literal->lit_kind)] << ' ';
      PrintOnOneLine(literal->text, out_);
      break;
    }
    case NodeKind::kSelectorExpr:
      out_ << " ." << cast<SelectorExpr>(expr)->sel->name->text;
      break;
    case NodeKind::kUnaryExpr:
      out_ << ' ' << Spelling(cast<UnaryExpr>(expr)->op);
      break;
    case NodeKind::kBinaryExpr:
      out_ << ' ' << Spelling(cast<BinaryExpr>(expr)->op);
      break;
    case NodeKind::kCallExpr:
      if (cast<CallExpr>(expr)->ellipsis.IsValid()) out_ << " ...";
      break;
    case NodeKind::kSliceExpr:
      if (cast<SliceExpr>(expr)->three) out_ << " three";
      break;
    case NodeKind::kChanTypeExpr:
      out_ << ' ' << kChanDirs[static_cast<int>(cast<ChanTypeExpr>(expr)->dir)];
      break;
    default:
      break;
  }
}

void Dumper::DumpChildren(const Expr* expr) {
  switch (expr->kind) {
    case NodeKind::kCompositeLit:
      DumpOptional(cast<CompositeLit>(expr)->type, "type");
      DumpAll(cast<CompositeLit>(expr)->elements);
      break;
    case NodeKind::kFuncLit:
      Dump(cast<FuncLit>(expr)->type);
      Dump(cast<FuncLit>(expr)->body);
      break;
    case NodeKind::kParenExpr:
      Dump(cast<ParenExpr>(expr)->inner);
      break;
    case NodeKind::kSelectorExpr:
      Dump(cast<SelectorExpr>(expr)->x);
      break;
    case NodeKind::kIndexExpr:
      Dump(cast<IndexExpr>(expr)->x);
      DumpAll(cast<IndexExpr>(expr)->indices, "index");
      break;
    case NodeKind::kSliceExpr: {
      const auto* slice = cast<SliceExpr>(expr);
      Dump(slice->x);
      DumpOptional(slice->lo, "low");
      DumpOptional(slice->hi, "high");
      DumpOptional(slice->max, "max");
      break;
    }
    case NodeKind::kTypeAssertExpr:
      Dump(cast<TypeAssertExpr>(expr)->x);
      DumpOptional(cast<TypeAssertExpr>(expr)->type, "type");
      break;
    case NodeKind::kCallExpr:
      Dump(cast<CallExpr>(expr)->fun, "fun");
      DumpAll(cast<CallExpr>(expr)->args);
      break;
    case NodeKind::kStarExpr:
      Dump(cast<StarExpr>(expr)->x);
      break;
    case NodeKind::kUnaryExpr:
      Dump(cast<UnaryExpr>(expr)->x);
      break;
    case NodeKind::kBinaryExpr:
      Dump(cast<BinaryExpr>(expr)->x);
      Dump(cast<BinaryExpr>(expr)->y);
      break;
    case NodeKind::kKeyValueExpr:
      Dump(cast<KeyValueExpr>(expr)->key, "key");
      Dump(cast<KeyValueExpr>(expr)->value);
      break;
    case NodeKind::kEllipsisExpr:
      DumpOptional(cast<EllipsisExpr>(expr)->x, "");
      break;
    case NodeKind::kArrayTypeExpr:
      DumpOptional(cast<ArrayTypeExpr>(expr)->len, "len");
      Dump(cast<ArrayTypeExpr>(expr)->elem, "elem");
      break;
    case NodeKind::kStructTypeExpr:
      DumpFields(cast<StructTypeExpr>(expr)->fields, "field");
      break;
    case NodeKind::kFuncTypeExpr: {
      const auto* func = cast<FuncTypeExpr>(expr);
      DumpFields(func->type_params, "type param");
      DumpFields(func->params, "param");
      DumpFields(func->results, "result");
      break;
    }
    case NodeKind::kInterfaceTypeExpr:
      DumpFields(cast<InterfaceTypeExpr>(expr)->elements, "element");
      break;
    case NodeKind::kMapTypeExpr:
      Dump(cast<MapTypeExpr>(expr)->key, "key");
      Dump(cast<MapTypeExpr>(expr)->value, "value");
      break;
    case NodeKind::kChanTypeExpr:
      Dump(cast<ChanTypeExpr>(expr)->elem, "elem");
      break;
    default:
      break;
  }
}

void Dumper::Dump(const Expr* expr, StringRef role) {
  // The left spine of a long chain, without recursion: heads downwards, then
  // right operands upwards.
  if (const auto* top = llvm::dyn_cast<BinaryExpr>(expr)) {
    std::vector<const BinaryExpr*> spine;
    const Expr* left = top;
    while (const auto* binary = llvm::dyn_cast<BinaryExpr>(left)) {
      DumpHead(binary, role);
      DumpOperator(binary);
      End();
      role = "";
      level_++;
      spine.push_back(binary);
      left = binary->x;
    }
    Dump(left);
    while (!spine.empty()) {
      Dump(spine.back()->y);
      spine.pop_back();
      level_--;
    }
    return;
  }
  DumpHead(expr, role);
  DumpOperator(expr);
  End();
  level_++;
  DumpChildren(expr);
  level_--;
}

// Statements without statements in them.
void Dumper::DumpSimple(const Stmt* stmt) {
  switch (stmt->kind) {
    case NodeKind::kDeclStmt:
      for (const Decl* decl : cast<DeclStmt>(stmt)->decls) Dump(decl);
      break;
    case NodeKind::kExprStmt:
      Dump(cast<ExprStmt>(stmt)->x);
      break;
    case NodeKind::kSendStmt:
      Dump(cast<SendStmt>(stmt)->chan);
      Dump(cast<SendStmt>(stmt)->value);
      break;
    case NodeKind::kIncDecStmt:
      Dump(cast<IncDecStmt>(stmt)->x);
      break;
    case NodeKind::kAssignStmt:
      DumpAll(cast<AssignStmt>(stmt)->lhs, "left");
      DumpAll(cast<AssignStmt>(stmt)->rhs, "right");
      break;
    case NodeKind::kGoStmt:
      Dump(cast<GoStmt>(stmt)->call);
      break;
    case NodeKind::kDeferStmt:
      Dump(cast<DeferStmt>(stmt)->call);
      break;
    case NodeKind::kReturnStmt:
      DumpAll(cast<ReturnStmt>(stmt)->results);
      break;
    default:
      DumpControl(stmt);
  }
}

void Dumper::DumpControl(const Stmt* stmt) {
  switch (stmt->kind) {
    case NodeKind::kLabeledStmt:
      Dump(cast<LabeledStmt>(stmt)->stmt);
      break;
    case NodeKind::kBlockStmt:
      DumpAll(cast<BlockStmt>(stmt)->stmts);
      break;
    case NodeKind::kIfStmt: {
      const auto* s = cast<IfStmt>(stmt);
      DumpOptional(s->init, "init");
      DumpOptional(s->cond, "cond");
      Dump(s->then, "then");
      DumpOptional(s->els, "else");
      break;
    }
    case NodeKind::kCaseClause:
      DumpAll(cast<CaseClause>(stmt)->values, "value");
      DumpAll(cast<CaseClause>(stmt)->body);
      break;
    case NodeKind::kSwitchStmt:
      DumpOptional(cast<SwitchStmt>(stmt)->init, "init");
      DumpOptional(cast<SwitchStmt>(stmt)->tag, "tag");
      DumpAll(cast<SwitchStmt>(stmt)->clauses);
      break;
    case NodeKind::kTypeSwitchStmt:
      DumpOptional(cast<TypeSwitchStmt>(stmt)->init, "init");
      Dump(cast<TypeSwitchStmt>(stmt)->x, "operand");
      DumpAll(cast<TypeSwitchStmt>(stmt)->clauses);
      break;
    case NodeKind::kCommClause:
      DumpOptional(cast<CommClause>(stmt)->comm, "comm");
      DumpAll(cast<CommClause>(stmt)->body);
      break;
    case NodeKind::kSelectStmt:
      DumpAll(cast<SelectStmt>(stmt)->clauses);
      break;
    case NodeKind::kForStmt: {
      const auto* s = cast<ForStmt>(stmt);
      DumpOptional(s->init, "init");
      DumpOptional(s->cond, "cond");
      DumpOptional(s->post, "post");
      Dump(s->body);
      break;
    }
    case NodeKind::kRangeStmt: {
      const auto* s = cast<RangeStmt>(stmt);
      DumpOptional(s->key, "key");
      DumpOptional(s->value, "value");
      DumpOptional(s->extra, "extra");
      Dump(s->x, "range");
      Dump(s->body);
      break;
    }
    default:
      break;
  }
}

void Dumper::Dump(const Stmt* stmt, StringRef role) {
  DumpHead(stmt, role);
  switch (stmt->kind) {
    case NodeKind::kLabeledStmt:
      out_ << ' ' << cast<LabeledStmt>(stmt)->label->name->text;
      break;
    case NodeKind::kIncDecStmt:
      out_ << (cast<IncDecStmt>(stmt)->increment ? " ++" : " --");
      break;
    case NodeKind::kAssignStmt: {
      const auto* s = cast<AssignStmt>(stmt);
      out_ << ' ' << (s->define ? ":" : Spelling(s->op)) << '=';
      break;
    }
    case NodeKind::kBranchStmt: {
      const auto* s = cast<BranchStmt>(stmt);
      out_ << ' ' << kBranches[static_cast<int>(s->branch)];
      if (s->label != nullptr) out_ << ' ' << s->label->name->text;
      break;
    }
    case NodeKind::kCaseClause:
      if (cast<CaseClause>(stmt)->is_default) out_ << " default";
      break;
    case NodeKind::kCommClause:
      if (cast<CommClause>(stmt)->comm == nullptr) out_ << " default";
      break;
    case NodeKind::kTypeSwitchStmt:
      if (const Ident* name = cast<TypeSwitchStmt>(stmt)->name) {
        out_ << ' ' << name->name->text;
      }
      break;
    case NodeKind::kRangeStmt:
      if (cast<RangeStmt>(stmt)->define) out_ << " :=";
      break;
    default:
      break;
  }
  End();
  level_++;
  DumpSimple(stmt);
  level_--;
}

void Dumper::Dump(const Decl* decl) {
  DumpHead(decl, "");
  level_++;
  switch (decl->kind) {
    case NodeKind::kImportDecl: {
      const auto* d = cast<ImportDecl>(decl);
      if (d->name != nullptr) out_ << ' ' << d->name->name->text;
      out_ << ' ' << d->path->text;
      End();
      break;
    }
    case NodeKind::kConstDecl: {
      const auto* d = cast<ConstDecl>(decl);
      DumpNames(d->names);
      out_ << " iota " << d->iota << (d->inherits_from ? " inherits" : "");
      End();
      DumpOptional(d->type, "type");
      DumpAll(d->values);
      break;
    }
    case NodeKind::kVarDecl:
      DumpNames(cast<VarDecl>(decl)->names);
      End();
      DumpOptional(cast<VarDecl>(decl)->type, "type");
      DumpAll(cast<VarDecl>(decl)->values);
      break;
    case NodeKind::kTypeDecl: {
      const auto* d = cast<TypeDecl>(decl);
      out_ << ' ' << d->name->name->text << (d->alias ? " alias" : "");
      End();
      DumpFields(d->type_params, "type param");
      Dump(d->type);
      break;
    }
    case NodeKind::kFuncDecl: {
      const auto* d = cast<FuncDecl>(decl);
      out_ << ' ' << d->name->name->text;
      End();
      DumpFields(d->recv, "receiver");
      Dump(d->type);
      DumpOptional(d->body, "");
      break;
    }
    default:
      End();
  }
  level_--;
}

void Dumper::DumpFile(const File& file) {
  Line() << "File";
  if (file.package_name != nullptr) {
    out_ << " package " << file.package_name->name->text;
  }
  End();
  level_++;
  for (const auto& [pos, text] : file.directives) {
    Line() << "directive " << text;
    End();
  }
  for (const Decl* decl : file.decls) Dump(decl);
  if (file.script != nullptr) Dump(file.script->body);
  level_--;
}

}  // namespace

void DumpTokens(const std::vector<lex::Token>& tokens,
                const diag::SourceFile& source, llvm::raw_ostream& out) {
  for (const lex::Token& token : tokens) {
    uint32_t offset = token.pos.offset - source.Base().offset;
    int line = source.LineOf(offset);
    out << line << ':' << offset - source.LineStart(line) + 1 << ' '
        << lex::TokenKindName(token.kind);
    if (token.kind == lex::TokenKind::kName || lex::IsLiteral(token.kind)) {
      out << ' ';
      PrintOnOneLine(lex::TextOf(token, source), out);
    }
    if (token.flags & lex::kFromNewline) out << " newline";
    if (token.flags & lex::kFromEof) out << " EOF";
    if (token.flags & lex::kMalformed) out << " malformed";
    out << '\n';
  }
}

void DumpAst(const File& file, llvm::raw_ostream& out) {
  Dumper(*file.source, out, 0).DumpFile(file);
}

void DumpExpr(const Expr* expr, const diag::SourceFile& source,
              llvm::raw_ostream& out, int level) {
  Dumper(source, out, level).Dump(expr);
}

}  // namespace mgo::syntax
