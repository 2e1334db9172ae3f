// Declarations that need themselves.
//
// Meeting a grey declaration closes a cycle; whether that is an error depends
// on what lies on it (ResolveGrey). Cycles of values are left to the
// initialization order, which sees those through functions too.
//
// Types may mention themselves, but a value of a type whose right side is still
// being read has no size yet: "type T [len(T{})]int" (RequireFinished).
//
// And a type must not contain itself (CheckValidType). The walk follows what
// stands in the declarations, not what instances expand to, which may have no
// end: a generic type is walked once, for all its instances, and its summary
// says which type parameters it contains. Of an instance only the arguments for
// those are walked.
#include "lang/types/check.h"

namespace mgo::types {

using syntax::TypeDecl;

void Checker::ResolveGrey(DeclInfo* info) {
  Symbol* symbol = info->symbol;
  size_t start = path_.size();
  while (start > 0 && path_[start - 1] != symbol) start--;
  if (start == 0) return;
  ArrayRef<Symbol*> cycle(path_.data() + start - 1, path_.size() - start + 1);
  size_t values = 0, definitions = 0;
  bool ordered = true;
  for (Symbol* one : cycle) {
    if (one->kind == SymbolKind::kConst || one->kind == SymbolKind::kVar) {
      values++;
      // Of a script's variables there is no initialization order.
      ordered &= FindDecl(one)->step == 0;
    } else if (one->kind == SymbolKind::kTypeName &&
               !cast<TypeDecl>(FindDecl(one)->decl)->alias) {
      definitions++;
    }
  }
  bool valid =
      (values == cycle.size() && ordered) || (values == 0 && definitions > 0);
  // Of a function the type is one without parameters for now.
  if (symbol->kind == SymbolKind::kFunc) {
    valid = cast<syntax::FuncDecl>(info->decl)->recv.empty();
  }
  if (!valid) {
    ReportCycle(cycle);
    if (symbol->kind == SymbolKind::kTypeName) {
      if (auto* alias =
              dyn_cast_or_null<Alias>(const_cast<Type*>(symbol->type))) {
        alias->actual = Invalid();
      }
      return;
    }
    if (symbol->kind != SymbolKind::kFunc) symbol->type = Invalid();
  }
  if (symbol->type == nullptr && symbol->kind != SymbolKind::kFunc) {
    symbol->type = Invalid();
    symbol->value = Constants().Unknown();
  }
}

void Checker::ReportCycle(ArrayRef<Symbol*> cycle, bool as_given,
                          ArrayRef<Pos> positions) {
  auto at = [&](size_t i) {
    return positions.empty() ? cycle[i]->pos : positions[i];
  };
  auto shown = [&](const Symbol* symbol) {
    bool foreign = symbol->package != &package_ && symbol->package != nullptr;
    std::string package =
        foreign ? symbol->package->name->text.str() + "." : "";
    return package + symbol->name->text.str();
  };
  size_t first = 0;
  for (size_t i = 0; i < cycle.size(); i++) {
    if (as_given) break;
    DeclInfo* info = FindDecl(cycle[i]);
    // One report is enough for a knot of cycles.
    if (info != nullptr && info->cycle_reported) return;
    if (at(i) < at(first)) first = i;
  }
  for (size_t i = 0; i < cycle.size(); i++) {
    // One instance of a generic type says nothing of others.
    DeclInfo* info = at(i) != cycle[i]->pos ? nullptr : FindDecl(cycle[i]);
    if (info != nullptr) info->cycle_reported = true;
  }
  Symbol* symbol = cycle[first];
  bool is_type = symbol->kind == SymbolKind::kTypeName;
  // Only variables and constants are initialized.
  bool only_values = true;
  for (Symbol* one : cycle) {
    only_values &=
        one->kind == SymbolKind::kVar || one->kind == SymbolKind::kConst;
  }
  bool init = as_given || only_values;
  if (cycle.size() == 1) {
    Report(is_type ? DiagKind::kSelfRecursiveType
           : init  ? DiagKind::kSelfInitCycle
                   : DiagKind::kSelfDeclCycle,
           at(first), shown(symbol));
    return;
  }
  DiagKind kind = is_type ? DiagKind::kRecursiveType
                  : init  ? DiagKind::kInitCycle
                          : DiagKind::kDeclCycle;
  std::string text = llvm::formatv(diag::PatternOf(kind), shown(symbol)).str();
  for (size_t i = 0; i < cycle.size(); i++) {
    size_t k = (first + i) % cycle.size();
    Symbol* from = cycle[k];
    Symbol* to = cycle[(k + 1) % cycle.size()];
    text += llvm::formatv("\n\t{0}: {1} refers to {2}", Str(at(k)), shown(from),
                          shown(to))
                .str();
  }
  AddReport(kind, at(first), std::move(text));
}

// --- values of unfinished types
// -----------------------------------------------------------

// The unfinished type that a value of type t contains, or null. *chain gets the
// finished ones around it, outermost first.
const Named* Checker::UnfinishedPart(const Type* t,
                                     llvm::DenseSet<const Named*>& seen,
                                     llvm::SmallVectorImpl<Symbol*>* chain) {
  t = Unalias(t);
  if (t == nullptr) return nullptr;
  if (const auto* array = dyn_cast<Array>(t)) {
    return UnfinishedPart(array->elem, seen, chain);
  }
  if (const auto* s = dyn_cast<Struct>(t)) {
    for (Symbol* field : s->fields) {
      const Named* found = UnfinishedPart(field->type, seen, chain);
      if (found != nullptr) return found;
    }
    return nullptr;
  }
  const auto* named = dyn_cast<Named>(t);
  if (named == nullptr) return nullptr;
  const Named* origin = OriginOf(named);
  if (incomplete_.count(origin)) return origin;
  if (origin->symbol->package != &package_ || valid_.count(origin)) {
    return nullptr;
  }
  if (!seen.insert(origin).second) return nullptr;
  chain->push_back(origin->symbol);
  const Named* found = UnfinishedPart(Underlying(origin), seen, chain);
  if (found == nullptr) chain->pop_back();
  return found;
}

bool Checker::RequireFinished(const Type* t) {
  if (incomplete_.empty()) return true;
  llvm::DenseSet<const Named*> seen;
  llvm::SmallVector<Symbol*, 4> inside;
  const Named* part = UnfinishedPart(t, seen, &inside);
  if (part == nullptr) return true;
  // From the declaration that is being resolved to the value's type, and on to
  // the part that is that declaration again.
  llvm::SmallVector<Symbol*, 4> behind;
  size_t start = path_.size();
  for (const Named* at = part; at != nullptr;) {
    start = path_.size();
    while (start > 0 && path_[start - 1] != at->symbol) start--;
    behind.push_back(at->symbol);
    if (start > 0) break;
    const Named* next = nullptr;
    for (auto& [waiter, target] : waiting_) {
      if (waiter == at) next = target;
    }
    at = next;
  }
  llvm::SmallVector<Symbol*, 4> cycle;
  if (start == 0) {
    // Declared in a function: nothing else can be on the way.
    cycle.push_back(part->symbol);
  } else {
    cycle.append(path_.begin() + start - 1, path_.end());
    cycle.append(inside.begin(), inside.end());
    behind.pop_back();
    cycle.append(behind.begin(), behind.end());
  }
  ReportCycle(cycle);
  return false;
}

// --- types that contain themselves
// -----------------------------------------------------------

void Checker::CheckValidType(const Named* named) {
  std::vector<ContainsFrame> path;
  WalkContents(named, -1, path);
}

// Walks what a value of type t contains, which is written in the declaration at
// path[env]; false once a cycle was reported.
bool Checker::WalkContents(const Type* t, int env,
                           std::vector<ContainsFrame>& path) {
  t = Unalias(t);
  if (t == nullptr || IsInvalid(t)) return true;
  if (const auto* array = dyn_cast<Array>(t)) {
    return WalkContents(array->elem, env, path);
  }
  if (const auto* s = dyn_cast<Struct>(t)) {
    for (Symbol* field : s->fields) {
      if (!WalkContents(field->type, env, path)) return false;
    }
    return true;
  }
  if (const auto* iface = dyn_cast<Interface>(t)) {
    for (const Type* embedded : iface->embedded) {
      if (!WalkContents(embedded, env, path)) return false;
    }
    return true;
  }
  if (const auto* param = dyn_cast<TypeParam>(t)) {
    if (env >= 0) NoteContained(param, env, path);
    return true;
  }
  const auto* named = dyn_cast<Named>(t);
  return named == nullptr || WalkNamed(named, env, path);
}

// Remembers how the generic type at path[env] contains its parameter.
void Checker::NoteContained(const TypeParam* param, int env,
                            ArrayRef<ContainsFrame> path) {
  const Named* origin = OriginOf(path[env].named);
  auto& contained = contents_[origin].contained;
  contained.resize(origin->type_params.size());
  for (size_t i = 0; i < origin->type_params.size(); i++) {
    if (origin->type_params[i] != param || contained[i].has_value()) continue;
    contained[i].emplace();
    for (const ContainsFrame& frame : path.drop_front(env + 1)) {
      contained[i]->push_back(frame.named);
    }
  }
}

bool Checker::WalkNamed(const Named* named, int env,
                        std::vector<ContainsFrame>& path) {
  const Named* origin = OriginOf(named);
  bool foreign = origin->symbol->package != &package_;
  // A type of another package is valid, but type arguments are of this one.
  if (foreign && named->type_args.empty()) return true;
  for (size_t i = 0; i < path.size(); i++) {
    if (OriginOf(path[i].named) != origin || !path[i].walking) continue;
    ReportContainsItself(named, env, i, path);
    return false;
  }
  int frame = static_cast<int>(path.size());
  path.push_back({named, env, true});
  bool ok = true;
  if (valid_.insert(origin).second) {
    auto right = right_side_.find(origin);
    const Type* content =
        right != right_side_.end() ? right->second : Underlying(origin);
    ok = WalkContents(content, frame, path);
  }
  path[frame].walking = false;
  if (ok && named != origin) ok = WalkArguments(named, env, path);
  path.pop_back();
  return ok;
}

// Walks the type arguments of an instance that it contains.
bool Checker::WalkArguments(const Named* named, int env,
                            std::vector<ContainsFrame>& path) {
  size_t depth = path.size();
  // By index: the walk may add summaries.
  for (size_t i = 0; i < named->type_args.size(); i++) {
    const auto& contained = contents_[OriginOf(named)].contained;
    if (i >= contained.size() || !contained[i].has_value()) continue;
    for (const Named* between : *contained[i]) {
      path.push_back({between, static_cast<int>(path.size()) - 1, false});
    }
    if (!WalkContents(named->type_args[i], env, path)) return false;
    path.resize(depth);
  }
  return true;
}

// Reports that the type at path[first] is reached again, as `named`. Go goes on
// until it finds the same instance again, and that starts its report.
void Checker::ReportContainsItself(const Named* named, int env, size_t first,
                                   ArrayRef<ContainsFrame> path) {
  llvm::SmallVector<const Named*, 4> types;
  for (const ContainsFrame& frame : path.drop_front(first)) {
    // Nothing is to expand them any more.
    const_cast<Named*>(frame.named)->underlying = Invalid();
    if (frame.walking) {
      const_cast<Named*>(OriginOf(frame.named))->underlying = Invalid();
    }
  }
  const_cast<Named*>(named)->underlying = Invalid();
  if (path[first].named == named) {
    for (const ContainsFrame& frame : path.drop_front(first)) {
      types.push_back(frame.named);
    }
  } else {
    llvm::DenseSet<int> around;
    for (int at = env; at >= 0; at = path[at].env) around.insert(at);
    size_t start = first + 1;
    while (start < path.size() && !around.count(static_cast<int>(start))) {
      start++;
    }
    for (size_t i = start; i < path.size(); i++) {
      types.push_back(path[i].named);
    }
    types.push_back(named);
    for (size_t i = first + 1; i < start; i++) types.push_back(path[i].named);
  }
  llvm::SmallVector<Symbol*, 4> cycle;
  llvm::SmallVector<Pos, 4> positions;
  bool reported = false;
  for (const Named* one : types) {
    cycle.push_back(one->symbol);
    // Of an instance Go shows where it was first written.
    auto written = instance_pos_.find(one);
    positions.push_back(written != instance_pos_.end() ? written->second
                                                       : one->symbol->pos);
    DeclInfo* info = one == OriginOf(one) ? FindDecl(one->symbol) : nullptr;
    reported |= info != nullptr && info->cycle_reported;
  }
  if (!reported) ReportCycle(cycle, /*as_given=*/true, positions);
}

}  // namespace mgo::types
