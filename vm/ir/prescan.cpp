// The scan before lowering: what happens to each local variable of a body,
// which expressions contain calls, and what function literals capture.
//
// The flags decide where a variable lives (FunctionLowering::NeedsMemory), so
// they must cover everything that takes its address. A flag too many costs
// speed only.
#include "vm/ir/lower_program.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using syntax::Expr;
using syntax::NodeKind;
using syntax::Stmt;
using syntax::Unparen;
using types::As;
using types::Mode;
using types::SymbolKind;

class Prescanner {
 public:
  Prescanner(ProgramLowering& program, types::Package& package)
      : p_(program), info_(package.info) {
    size_t symbols = p_.world.next_symbol_id + 1;
    if (p_.var_flags.size() < symbols) p_.var_flags.resize(symbols);
    auto& bits = p_.has_call_[&package];
    size_t words = (info_.types.size() + 63) / 64;
    if (bits.size() < words) bits.resize(words);
    bits_ = &bits;
  }

  void Function(const syntax::Node* node, const Stmt* body) {
    levels_.push_back({node, nullptr, 0, 0, nullptr, nullptr});
    Statement(body);
    levels_.pop_back();
  }

  void Initializer(const Expr* e, uint32_t* ordinal) {
    levels_.push_back({nullptr, nullptr, *ordinal, 0, nullptr, nullptr});
    Expression(e);
    *ordinal = levels_.back().ordinal;
    levels_.pop_back();
  }

 private:
  // A function, or the body of a range over a function, that is being scanned.
  struct Level {
    const syntax::Node* node;  // the function that it is or is in
    const syntax::FuncLit* literal;
    uint32_t ordinal;                // of the last literal directly in it
    uint32_t ranges;                 // and of the last range over a function
    const syntax::RangeStmt* range;  // null: a function
    RangeInfo* info;                 // of the range
  };

  const types::TypeAndValue& Tv(const Expr* e) const {
    return info_.types[e->id];
  }
  void Flag(Symbol* s, uint8_t flag) {
    if (s != nullptr && !s->is_global) p_.var_flags[s->id] |= flag;
  }
  bool SetCall(const Expr* e, bool call) {
    if (call) (*bits_)[e->id / 64] |= uint64_t{1} << (e->id % 64);
    return call;
  }

  // The variable that e is, or is a part of.
  Symbol* Root(const Expr* e);
  void Assigned(const Expr* lhs, bool define);
  void Use(const syntax::Ident* id);
  bool Expression(const Expr* e);
  bool Binary(const syntax::BinaryExpr* e);
  bool Call(const syntax::CallExpr* e);
  bool Selector(const syntax::SelectorExpr* e);
  void Literal(const syntax::FuncLit* e);
  // The index of the level of the function that the innermost one belongs to.
  size_t FunctionLevel() const {
    size_t i = levels_.size() - 1;
    while (levels_[i].range != nullptr) --i;
    return i;
  }
  bool InRangeBody() const { return levels_.back().range != nullptr; }
  // Whether the variable is declared directly at that level.
  static bool IsHome(const Level& level, const Symbol* s);
  void Capture(const Level& level, Symbol* s);
  // Captures a variable of a certain level in all levels further in.
  void UseFrom(size_t home, Symbol* s, uint8_t flags);
  Symbol* NewVariable(llvm::StringRef name, const Type* t);
  void RangeFunc(const syntax::RangeStmt* s);
  // Something leaves the loop that it is in the body of.
  void LeaveRange();
  void RangeReturn(const syntax::ReturnStmt* s);
  void RangeDefer();
  void Statement(const Stmt* s);
  void Statements(llvm::ArrayRef<const Stmt*> list) {
    for (const Stmt* s : list) Statement(s);
  }

  ProgramLowering& p_;
  types::Info& info_;
  std::vector<uint64_t>* bits_;
  llvm::SmallVector<Level, 8> levels_;
};

Symbol* Prescanner::Root(const Expr* e) {
  for (;;) {
    e = Unparen(e);
    switch (e->kind) {
      case NodeKind::kIdent: {
        Symbol* s = info_.symbols[e->id];
        return s != nullptr && s->kind == SymbolKind::kVar ? s : nullptr;
      }
      case NodeKind::kSelectorExpr: {
        const types::Selection* sel = info_.selections.lookup(e->id);
        if (sel == nullptr || sel->indirect) return nullptr;
        e = cast<syntax::SelectorExpr>(e)->x;
        if (As<types::Pointer>(Tv(e).type) != nullptr) return nullptr;
        continue;
      }
      case NodeKind::kIndexExpr: {
        e = cast<syntax::IndexExpr>(e)->x;
        const Type* t = Tv(e).type;
        if (As<types::Array>(t) == nullptr && !types::IsTypeParam(t)) {
          return nullptr;
        }
        continue;
      }
      default:
        return nullptr;
    }
  }
}

void Prescanner::Assigned(const Expr* lhs, bool define) {
  if (const auto* id = dyn_cast<syntax::Ident>(lhs)) {
    Symbol* s = info_.symbols[id->id];
    if (s == nullptr || (define && s->pos == id->pos)) return;
  }
  Flag(Root(lhs), kReassigned);
}

void Prescanner::Use(const syntax::Ident* id) {
  Symbol* s = info_.symbols[id->id];
  if (s == nullptr || s->kind != SymbolKind::kVar || s->is_global ||
      s->is_field || s->function == nullptr) {
    return;
  }
  if (IsHome(levels_.back(), s)) return;
  p_.var_flags[s->id] |= kCaptured;
  for (size_t i = levels_.size(); i-- > 0;) {
    if (IsHome(levels_[i], s)) break;
    Capture(levels_[i], s);
  }
}

bool Prescanner::IsHome(const Level& level, const Symbol* s) {
  if (level.node != s->function) return false;
  if (level.range == nullptr) return true;
  // Variables of the loop itself are the body's, too.
  return level.range->pos < s->pos && s->pos < level.range->body->rbrace;
}

void Prescanner::Capture(const Level& level, Symbol* s) {
  if (level.literal == nullptr && level.range == nullptr) return;
  auto& captures = level.range != nullptr ? level.info->captures
                                          : p_.literals[level.literal].captures;
  if (std::find(captures.begin(), captures.end(), s) == captures.end()) {
    captures.push_back(s);
  }
}

bool Prescanner::Binary(const syntax::BinaryExpr* e) {
  // Left-leaning chains in a loop; bits from the bottom up.
  llvm::SmallVector<const Expr*, 8> chain;
  const Expr* x = e;
  while (const auto* b = dyn_cast<syntax::BinaryExpr>(x)) {
    if (Tv(x).value != nullptr) break;
    chain.push_back(x);
    x = b->x;
  }
  bool call = Expression(x);
  while (!chain.empty()) {
    const auto* b = cast<syntax::BinaryExpr>(chain.pop_back_val());
    call |= Expression(b->y);
    SetCall(b, call);
  }
  return call;
}

bool Prescanner::Selector(const syntax::SelectorExpr* e) {
  const types::Selection* sel = info_.selections.lookup(e->id);
  if (sel == nullptr) return false;  // a package's member
  if (sel->kind == types::SelectionKind::kMethodExpr) return false;
  bool call = Expression(e->x);
  if (sel->kind == types::SelectionKind::kMethodValue) {
    // &x is taken implicitly for a pointer receiver.
    const Type* t = Tv(e->x).type;
    if (types::IsTypeParam(t)) {
      Flag(Root(e->x), kAddressTaken);
    } else if (!types::IsInterface(t) &&
               types::HasPointerReceiver(sel->symbol)) {
      bool pointer = As<types::Pointer>(t) != nullptr;
      for (int i : sel->path) {
        if (pointer) break;
        t = types::TypeOf(As<types::Struct>(t)->fields[i]);
        pointer = As<types::Pointer>(t) != nullptr;
      }
      if (!pointer) Flag(Root(e->x), kAddressTaken);
    }
  }
  return call;
}

bool Prescanner::Call(const syntax::CallExpr* e) {
  Mode mode = Tv(e->fun).mode;
  bool call = false;
  if (mode != Mode::kType && mode != Mode::kBuiltin) {
    Expression(e->fun);
    call = true;
  }
  if (mode == Mode::kBuiltin) {
    const Expr* fun = Unparen(e->fun);
    if (const auto* id = dyn_cast<syntax::Ident>(fun)) {
      const Symbol* s = info_.symbols[id->id];
      types::Builtin b = s != nullptr ? s->builtin : types::Builtin::kNone;
      // Like a receive, the length of a channel is read in its turn.
      call = b == types::Builtin::kRecover ||
             ((b == types::Builtin::kLen || b == types::Builtin::kCap) &&
              As<types::Chan>(Tv(e->args[0]).type) != nullptr);
    }
  }
  for (const Expr* a : e->args) call |= Expression(a);
  return call;
}

void Prescanner::Literal(const syntax::FuncLit* e) {
  uint32_t ordinal = ++levels_[FunctionLevel()].ordinal;
  p_.literals[e].ordinal = ordinal;
  levels_.push_back({e, e, 0, 0, nullptr, nullptr});
  Statement(e->body);
  levels_.pop_back();
}

// --- ranges over functions ---------------------------------------------------

Symbol* Prescanner::NewVariable(llvm::StringRef name, const Type* t) {
  auto* s = p_.world.types.New<Symbol>();
  s->kind = SymbolKind::kVar;
  s->name = p_.world.names.Intern(name);
  s->type = t;
  s->function = levels_[FunctionLevel()].node;
  s->id = p_.world.next_symbol_id++;
  if (p_.var_flags.size() <= s->id) p_.var_flags.resize(s->id + 1);
  return s;
}

void Prescanner::UseFrom(size_t home, Symbol* s, uint8_t flags) {
  p_.var_flags[s->id] |= flags;
  for (size_t i = home + 1; i < levels_.size(); ++i) Capture(levels_[i], s);
}

void Prescanner::RangeFunc(const syntax::RangeStmt* s) {
  size_t home = levels_.size() - 1;
  auto& info = p_.ranges[s];
  info = std::make_unique<RangeInfo>();
  size_t function = FunctionLevel();
  info->ordinal = ++levels_[function].ranges;
  info->state = NewVariable(".state", p_.Basic(types::BasicKind::kInt));
  levels_.push_back({levels_[function].node, nullptr, 0, 0, s, info.get()});
  UseFrom(home, info->state, kCaptured | kReassigned);
  for (const Expr* e : {s->key, s->value}) {
    if (e == nullptr) continue;
    Assigned(e, s->define);
    Expression(e);
  }
  Statement(s->body);
  levels_.pop_back();
}

void Prescanner::LeaveRange() {
  size_t function = FunctionLevel();
  RangeInfo* outermost = levels_[function + 1].info;
  if (outermost->next == nullptr) {
    outermost->next = NewVariable(".next", p_.Basic(types::BasicKind::kInt));
  }
  UseFrom(function, outermost->next, kCaptured | kReassigned);
  for (size_t i = function + 1; i < levels_.size(); ++i) {
    UseFrom(i - 1, levels_[i].info->state, kCaptured | kReassigned);
  }
}

void Prescanner::RangeReturn(const syntax::ReturnStmt* s) {
  LeaveRange();
  if (s->results.empty()) return;
  size_t function = FunctionLevel();
  const types::Signature* sig = info_.signatures[levels_[function].node];
  for (Symbol* result : sig->results->vars) {
    UseFrom(function, result, kCaptured | kReassigned);
  }
}

void Prescanner::RangeDefer() {
  size_t function = FunctionLevel();
  RangeInfo* outermost = levels_[function + 1].info;
  if (outermost->defers == nullptr) {
    Symbol* list = p_.FindLibrary("runtime", "deferList");
    const Type* t = p_.PointerTo(p_.TypeOfSymbol(list));
    outermost->defers = NewVariable(".defers", t);
  }
  UseFrom(function, outermost->defers, kCaptured);
}

bool Prescanner::Expression(const Expr* e) {
  if (e == nullptr) return false;
  const types::TypeAndValue& tv = Tv(e);
  if (tv.value != nullptr || tv.mode == Mode::kType) return false;
  bool call = false;
  switch (e->kind) {
    case NodeKind::kIdent:
      Use(cast<syntax::Ident>(e));
      return false;
    case NodeKind::kParenExpr:
      call = Expression(cast<syntax::ParenExpr>(e)->inner);
      break;
    case NodeKind::kFuncLit:
      Literal(cast<syntax::FuncLit>(e));
      return false;
    case NodeKind::kCompositeLit:
      for (const Expr* element : cast<syntax::CompositeLit>(e)->elements) {
        if (const auto* kv = dyn_cast<syntax::KeyValueExpr>(element)) {
          // A field name is no expression.
          const Type* t = Tv(e).type;
          const auto* pointer = As<types::Pointer>(t);
          if (pointer != nullptr) t = pointer->elem;
          if (As<types::Struct>(t) == nullptr) call |= Expression(kv->key);
          call |= Expression(kv->value);
        } else {
          call |= Expression(element);
        }
      }
      break;
    case NodeKind::kSelectorExpr:
      call = Selector(cast<syntax::SelectorExpr>(e));
      break;
    case NodeKind::kIndexExpr: {
      const auto* index = cast<syntax::IndexExpr>(e);
      call = Expression(index->x);
      for (const Expr* i : index->indices) call |= Expression(i);
      break;
    }
    case NodeKind::kSliceExpr: {
      const auto* s = cast<syntax::SliceExpr>(e);
      call = Expression(s->x);
      call |= Expression(s->lo);
      call |= Expression(s->hi);
      call |= Expression(s->max);
      const Type* t = Tv(s->x).type;
      if (As<types::Array>(t) != nullptr || types::IsTypeParam(t)) {
        Flag(Root(s->x), kAddressTaken);
      }
      break;
    }
    case NodeKind::kTypeAssertExpr:
      call = Expression(cast<syntax::TypeAssertExpr>(e)->x);
      break;
    case NodeKind::kCallExpr:
      call = Call(cast<syntax::CallExpr>(e));
      break;
    case NodeKind::kStarExpr:
      call = Expression(cast<syntax::StarExpr>(e)->x);
      break;
    case NodeKind::kUnaryExpr: {
      const auto* u = cast<syntax::UnaryExpr>(e);
      call = Expression(u->x);
      if (u->op == syntax::Op::kRecv) call = true;
      if (u->op == syntax::Op::kAnd) Flag(Root(u->x), kAddressTaken);
      break;
    }
    case NodeKind::kBinaryExpr:
      return Binary(cast<syntax::BinaryExpr>(e));
    default:
      return false;
  }
  return SetCall(e, call);
}

void Prescanner::Statement(const Stmt* s) {
  if (s == nullptr) return;
  switch (s->kind) {
    case NodeKind::kBlockStmt:
      Statements(cast<syntax::BlockStmt>(s)->stmts);
      return;
    case NodeKind::kExprStmt:
      Expression(cast<syntax::ExprStmt>(s)->x);
      return;
    case NodeKind::kAssignStmt: {
      const auto* a = cast<syntax::AssignStmt>(s);
      for (const Expr* e : a->lhs) {
        Assigned(e, a->define);
        Expression(e);
      }
      for (const Expr* e : a->rhs) Expression(e);
      return;
    }
    case NodeKind::kIncDecStmt: {
      const auto* i = cast<syntax::IncDecStmt>(s);
      Assigned(i->x, false);
      Expression(i->x);
      return;
    }
    case NodeKind::kDeclStmt:
      for (const syntax::Decl* d : cast<syntax::DeclStmt>(s)->decls) {
        if (const auto* var = dyn_cast<syntax::VarDecl>(d)) {
          for (const Expr* e : var->values) Expression(e);
        }
      }
      return;
    case NodeKind::kIfStmt: {
      const auto* i = cast<syntax::IfStmt>(s);
      Statement(i->init);
      Expression(i->cond);
      Statement(i->then);
      Statement(i->els);
      return;
    }
    case NodeKind::kForStmt: {
      const auto* f = cast<syntax::ForStmt>(s);
      Statement(f->init);
      Expression(f->cond);
      Statement(f->body);
      Statement(f->post);
      return;
    }
    case NodeKind::kRangeStmt: {
      const auto* r = cast<syntax::RangeStmt>(s);
      Expression(r->x);
      if (ProgramLowering::IsFuncRange(info_, r)) {
        RangeFunc(r);
        return;
      }
      for (const Expr* e : {r->key, r->value}) {
        if (e == nullptr) continue;
        Assigned(e, r->define);
        Expression(e);
      }
      Statement(r->body);
      return;
    }
    case NodeKind::kSwitchStmt: {
      const auto* w = cast<syntax::SwitchStmt>(s);
      Statement(w->init);
      Expression(w->tag);
      for (const syntax::CaseClause* c : w->clauses) {
        for (const Expr* e : c->values) Expression(e);
        Statements(c->body);
      }
      return;
    }
    case NodeKind::kTypeSwitchStmt: {
      const auto* w = cast<syntax::TypeSwitchStmt>(s);
      Statement(w->init);
      Expression(w->x);
      for (const syntax::CaseClause* c : w->clauses) Statements(c->body);
      return;
    }
    case NodeKind::kSelectStmt:
      for (const auto* c : cast<syntax::SelectStmt>(s)->clauses) {
        Statement(c->comm);
        Statements(c->body);
      }
      return;
    case NodeKind::kReturnStmt:
      for (const Expr* e : cast<syntax::ReturnStmt>(s)->results) Expression(e);
      if (InRangeBody()) RangeReturn(cast<syntax::ReturnStmt>(s));
      return;
    case NodeKind::kBranchStmt:
      if (InRangeBody() && cast<syntax::BranchStmt>(s)->label != nullptr) {
        LeaveRange();
      }
      return;
    case NodeKind::kLabeledStmt: {
      const auto* labeled = cast<syntax::LabeledStmt>(s);
      for (size_t i = levels_.size(); levels_[--i].range != nullptr;) {
        levels_[i].info->labels.push_back(labeled->label->name);
      }
      Statement(labeled->stmt);
      return;
    }
    case NodeKind::kGoStmt:
      Expression(cast<syntax::GoStmt>(s)->call);
      return;
    case NodeKind::kDeferStmt:
      Expression(cast<syntax::DeferStmt>(s)->call);
      if (InRangeBody()) RangeDefer();
      return;
    case NodeKind::kSendStmt:
      Expression(cast<syntax::SendStmt>(s)->chan);
      Expression(cast<syntax::SendStmt>(s)->value);
      return;
    default:
      return;
  }
}

void ProgramLowering::Prescan(types::Package& package,
                              const syntax::Node* root) {
  if (!scanned_.insert(root).second) return;
  Prescanner scanner(*this, package);
  if (const auto* decl = dyn_cast<syntax::FuncDecl>(root)) {
    scanner.Function(decl, decl->body);
  } else if (const auto* e = dyn_cast<Expr>(root)) {
    scanner.Initializer(e, &init_literals_[&package]);
  }
  call_package_ = nullptr;
}

bool ProgramLowering::HasCall(const types::Package& package, const Expr* e) {
  if (call_package_ != &package) {
    call_package_ = &package;
    call_bits_ = &has_call_[&package];
  }
  size_t word = e->id / 64;
  if (word >= call_bits_->size()) return false;
  return ((*call_bits_)[word] >> (e->id % 64) & 1) != 0;
}

}  // namespace mgo::ir
