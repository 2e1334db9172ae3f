// Messages, and the small services that every aspect of the checker uses:
// symbols, scopes, put-off work, dependencies.
#include "lang/syntax/print.h"
#include "lang/types/check.h"

namespace mgo::types {

Checker::Checker(World& world, Package& package, Importer importer,
                 diag::DiagnosticSink& sink)
    : world_(world),
      package_(package),
      info_(package.info),
      importer_(std::move(importer)),
      sink_(&sink),
      blank_(world.names.Intern("_")),
      init_(world.names.Intern("init")),
      main_(world.names.Intern("main")),
      iota_(world.names.Intern("iota")) {}

diag::Diagnostic* Checker::AddReport(DiagKind kind, Pos pos,
                                     std::string message) {
  // What names an invalid operand or type follows from an earlier error.
  StringRef text = message;
  if (sink_->HasErrors() &&
      (text.contains("invalid operand") || text.contains("invalid type"))) {
    return nullptr;
  }
  if (env_.err_pos.IsValid()) pos = env_.err_pos;
  // Of equal messages for one line that follow each other Go shows the first.
  int line = world_.sources.Locate(pos).line;
  if (line == last_line_ && message == last_message_) return nullptr;
  last_line_ = line;
  last_message_ = message;
  return &sink_->Add(kind, pos, std::move(message));
}

Pos Checker::PosOf(const Expr* e) {
  for (;;) {
    switch (e->kind) {
      case NodeKind::kSelectorExpr:
        e = cast<syntax::SelectorExpr>(e)->x;
        break;
      case NodeKind::kIndexExpr:
        e = cast<syntax::IndexExpr>(e)->x;
        break;
      case NodeKind::kTypeAssertExpr:
        e = cast<syntax::TypeAssertExpr>(e)->x;
        break;
      case NodeKind::kCallExpr:
        e = cast<syntax::CallExpr>(e)->fun;
        break;
      case NodeKind::kBinaryExpr:
        e = cast<syntax::BinaryExpr>(e)->x;
        break;
      case NodeKind::kKeyValueExpr:
        e = cast<syntax::KeyValueExpr>(e)->key;
        break;
      case NodeKind::kSliceExpr:
        return cast<syntax::SliceExpr>(e)->lbrack;
      case NodeKind::kFuncTypeExpr:
        return cast<syntax::FuncTypeExpr>(e)->lparen;
      default:
        return e->pos;
    }
  }
}

Pos Checker::OperatorPos(const Expr* e) {
  switch (e->kind) {
    case NodeKind::kBinaryExpr:
      return cast<syntax::BinaryExpr>(e)->op_pos;
    case NodeKind::kCallExpr:
      return cast<syntax::CallExpr>(e)->lparen;
    case NodeKind::kIndexExpr:
      return cast<syntax::IndexExpr>(e)->lbrack;
    case NodeKind::kSliceExpr:
      return cast<syntax::SliceExpr>(e)->lbrack;
    case NodeKind::kSelectorExpr:
      // The dot, as the name usually follows it at once.
      return Pos{cast<syntax::SelectorExpr>(e)->sel->pos.offset - 1};
    default:
      return PosOf(e);
  }
}

std::string Checker::Str(const Type* t) const {
  return TypeString(t, &package_);
}

std::string Checker::Str(const Expr* e) const { return syntax::ExprString(e); }

std::string Checker::Str(Pos pos) const {
  return PositionText(world_.sources, pos);
}

std::string PositionText(const diag::SourceSet& sources, Pos pos) {
  diag::Location at = sources.Locate(pos);
  StringRef file = at.file;
  size_t slash = file.rfind('/');
  if (slash != StringRef::npos) file = file.drop_front(slash + 1);
  return llvm::formatv("{0}:{1}:{2}", file, at.line, at.column).str();
}

std::string Checker::DescribeKind(const Type* t) const {
  if (!isa<Named>(t) && !isa<Alias>(t)) return "";
  if (IsTypeParam(t)) return "";
  const Type* under = Underlying(t);
  switch (under->kind) {
    case TypeKind::kBasic:
      if (IsInvalid(under)) return "";
      if (cast<mgo::types::Basic>(under)->basic == BasicKind::kUnsafePointer) {
        return "Pointer ";
      }
      return std::string(cast<mgo::types::Basic>(under)->name) + " ";
    case TypeKind::kArray:
      return "array ";
    case TypeKind::kSlice:
      return "slice ";
    case TypeKind::kStruct:
      return "struct ";
    case TypeKind::kPointer:
      return "pointer ";
    case TypeKind::kSignature:
      return "func ";
    case TypeKind::kInterface:
      return "interface ";
    case TypeKind::kMap:
      return "map ";
    case TypeKind::kChan:
      return "chan ";
    case TypeKind::kTuple:
      return "tuple ";
    default:
      return "";
  }
}

std::string Checker::Str(const Operand& x) const {
  if (x.mode == Mode::kNil) return "nil";
  std::string expr = x.expr != nullptr ? Str(x.expr) : std::string();
  std::string text = expr;
  auto open = [&] {
    if (!expr.empty()) text += " (";
  };
  const char* what = "";
  switch (x.mode) {
    case Mode::kNone:
      what = "invalid operand";
      break;
    case Mode::kNoValue:
      what = "no value";
      break;
    case Mode::kBuiltin:
      what = "built-in";
      break;
    case Mode::kType:
      what = "type";
      break;
    case Mode::kConstant:
      what = "constant";
      break;
    case Mode::kVariable:
      what = "variable";
      break;
    case Mode::kMapIndex:
      what = "map index expression";
      break;
    case Mode::kValue:
      what = "value";
      break;
    case Mode::kNil:
      what = "nil";
      break;
    case Mode::kCommaOk:
      what = "comma, ok expression";
      break;
  }
  open();
  bool has_type = false;
  if (x.mode != Mode::kNone && x.mode != Mode::kNoValue &&
      x.mode != Mode::kBuiltin && x.mode != Mode::kType && x.type != nullptr) {
    if (IsUntyped(x.type)) {
      text += Str(x.type);
      text += ' ';
    } else {
      has_type = true;
    }
  }
  text += what;
  if (x.mode == Mode::kConstant && x.value != nullptr) {
    std::string value = x.value->ToString();
    if (value != expr) {
      text += ' ';
      text += value;
    }
  }
  if (has_type) {
    if (IsInvalid(x.type)) {
      text += " with invalid type";
    } else {
      text += " of ";
      text += DescribeKind(x.type);
      text += "type ";
      text += Str(x.type);
      if (const auto* param = dyn_cast<TypeParam>(Unalias(x.type))) {
        text += " constrained by ";
        text += Str(param->constraint);
        const auto* set = As<Interface>(param);
        if (set != nullptr && IsEmptySet(set)) text += " with empty type set";
      }
    }
  }
  if (!expr.empty()) text += ')';
  return text;
}

std::string Checker::OtherDeclaration(const Symbol* other) const {
  if (!other->pos.IsValid()) return "";
  return llvm::formatv("\n\t{0}: other declaration of {1}", Str(other->pos),
                       other->name->text)
      .str();
}

std::string Checker::TypesSummary(ArrayRef<const Type*> types, bool variadic,
                                  bool has_dots) const {
  std::string text = "(";
  for (size_t i = 0; i < types.size(); i++) {
    const Type* t = types[i];
    if (i > 0) text += ", ";
    if (t == nullptr) {
      text += "nil";
    } else if (IsInvalid(t)) {
      text += "unknown type";
    } else if (IsUntyped(t)) {
      // "number" hides the distinction of untyped kinds.
      const auto* basic = cast<mgo::types::Basic>(t);
      if (basic->flags & kIsNumeric) {
        text += "number";
      } else {
        StringRef name = basic->name;
        name.consume_front("untyped ");
        text += name.str();
      }
    } else if (variadic && i + 1 == types.size()) {
      text += "..." + Str(cast<Slice>(Unalias(t))->elem);
    } else {
      text += Str(t);
    }
  }
  if (has_dots) text += "...";
  return text + ")";
}

Symbol* Checker::NewSymbol(SymbolKind kind, Pos pos, const Name* name,
                           const Type* type) {
  Symbol* symbol = world_.types.New<Symbol>();
  symbol->kind = kind;
  symbol->pos = pos;
  symbol->name = name;
  symbol->package = &package_;
  symbol->type = type;
  symbol->id = world_.next_symbol_id++;
  return symbol;
}

Symbol* Checker::NewLocal(const Ident* ident, const Type* type) {
  Symbol* symbol = NewSymbol(SymbolKind::kVar, ident->pos, ident->name, type);
  symbol->function = env_.function;
  symbol->scope = env_.scope;
  info_.symbols[ident->id] = ident->name->blank ? nullptr : symbol;
  return symbol;
}

Scope* Checker::OpenScope() {
  scopes_.emplace_back(env_.scope);
  env_.scope = &scopes_.back();
  return env_.scope;
}

void Checker::ReportRedeclared(Pos pos, const Symbol* other) {
  AddReport(
      DiagKind::kRedeclared, pos,
      llvm::formatv(diag::PatternOf(DiagKind::kRedeclared), other->name->text)
              .str() +
          OtherDeclaration(other));
}

void Checker::Declare(Scope* scope, const Ident* ident, Symbol* symbol,
                      Pos start) {
  if (!symbol->name->blank) {
    if (Symbol* other = scope->Insert(symbol)) {
      ReportRedeclared(symbol->pos, other);
      return;
    }
  }
  symbol->scope = scope;
  symbol->scope_start = start;
  if (symbol->kind == SymbolKind::kVar && symbol->function != nullptr &&
      !symbol->name->blank) {
    locals_.push_back(symbol);
  }
  if (ident != nullptr && !ident->name->blank) {
    info_.symbols[ident->id] = symbol;
  }
}

Symbol* Checker::Lookup(const Name* name) const {
  for (Scope* scope = env_.scope; scope != nullptr; scope = scope->Parent()) {
    Symbol* symbol = scope->Find(name);
    if (symbol != nullptr && IsVisible(symbol)) return symbol;
  }
  return nullptr;
}

void Checker::Later(std::function<void()> action) {
  later_.push_back(std::move(action));
}

void Checker::ProcessLater() {
  if (processing_later_ || resolving_ > 0) return;
  processing_later_ = true;
  Environment saved = env_;
  while (!later_.empty()) {
    std::function<void()> action = std::move(later_.front());
    later_.pop_front();
    action();
  }
  env_ = saved;
  processing_later_ = false;
}

void Checker::AddDependency(Symbol* symbol) {
  if (env_.decl == nullptr || package_.is_library) return;
  if (symbol->package != &package_) return;
  env_.decl->deps.insert(symbol);
}

DeclInfo* Checker::FindDecl(const Symbol* symbol) const {
  auto found = decl_of_.find(symbol);
  return found == decl_of_.end() ? nullptr : found->second;
}

Checker* Checker::Owner(const Symbol* symbol) const {
  if (symbol->package == nullptr) return nullptr;
  return symbol->package->checker;
}

void Checker::ResolveAny(Symbol* symbol) {
  if (symbol->type != nullptr && symbol->package != &package_) return;
  Checker* owner = Owner(symbol);
  if (owner == nullptr) return;
  if (owner == this) {
    Resolve(symbol);
  } else {
    owner->Resolve(symbol);
  }
}

}  // namespace mgo::types
