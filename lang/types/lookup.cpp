// Fields and methods: what a selector finds, method sets, missing methods.
//
// A selector denotes the field or method at the least depth of embedding, if
// there is just one. The search goes level by level; a level holds each
// embedded type once, and notes whether it is there several times (then
// whatever it contributes is ambiguous).
#include <algorithm>
#include <cassert>

#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace mgo::types {

// Types with more methods than this get an index by name.
static constexpr size_t kLinearMethods = 8;

bool SameName(const Symbol* symbol, const Package* pkg, const Name* name) {
  return symbol->name == name && (name->exported || symbol->package == pkg);
}

bool MethodLess(const Symbol* a, const Symbol* b) {
  if (a->name->exported != b->name->exported) return a->name->exported;
  if (a->name != b->name) return a->name->text < b->name->text;
  if (a->package == b->package || a->name->exported) return false;
  auto path = [](const Symbol* s) {
    return s->package != nullptr ? llvm::StringRef(s->package->path)
                                 : llvm::StringRef();
  };
  return path(a) < path(b);
}

bool HasPointerReceiver(const Symbol* method) {
  if (method->origin != nullptr) return HasPointerReceiver(method->origin);
  if (const auto* sig = llvm::dyn_cast_if_present<Signature>(method->type)) {
    return sig->recv != nullptr &&
           llvm::isa_and_present<Pointer>(Unalias(sig->recv->type));
  }
  // Not resolved yet: the syntax tells.
  if (method->decl == nullptr || method->decl->recv.empty()) return false;
  const syntax::Expr* type = syntax::Unparen(method->decl->recv[0].type);
  return llvm::isa<syntax::StarExpr>(type);
}

// The position of a declared method among the methods of t, or -1. An
// instance's methods have the names and the order of the generic type's.
static int MethodIndex(const Named* t, const Package* pkg, const Name* name) {
  const Named* home = t->origin != nullptr ? t->origin : t;
  const std::vector<Symbol*>& methods = home->methods;
  int found = -1;
  if (methods.size() > kLinearMethods) {
    if (home->method_index == nullptr) {
      home->method_index = std::make_unique<llvm::DenseMap<const Name*, int>>();
    }
    // Methods may have been added since it was made; blank or duplicate names
    // (errors) make the sizes differ, so it is brought up to date by position.
    auto& index = *home->method_index;
    for (size_t& i = home->indexed_methods; i < methods.size(); i++) {
      index.try_emplace(methods[i]->name, static_cast<int>(i));
    }
    auto it = index.find(name);
    if (it != index.end()) found = it->second;
  } else {
    for (size_t i = 0; i < methods.size() && found < 0; i++) {
      if (methods[i]->name == name) found = static_cast<int>(i);
    }
  }
  return found >= 0 && SameName(methods[found], pkg, name) ? found : -1;
}

Symbol* FindMethod(const Named* t, const Package* pkg, const Name* name) {
  int index = MethodIndex(t, pkg, name);
  if (index < 0) return nullptr;
  Symbol* method = MethodsOf(t)[index];
  if (method->origin != nullptr) TypeOf(method);
  return method;
}

namespace {

// A type to search at some depth.
struct Candidate {
  const Type* type;  // not a pointer
  llvm::SmallVector<int, 4> path;
  bool indirect;
  bool multiple;  // the same type is at this depth more than once
};

using Level = llvm::SmallVector<Candidate, 4>;

// Drops one unnamed pointer.
const Type* Deref(const Type* t, bool* was_pointer) {
  const auto* pointer = llvm::dyn_cast_if_present<Pointer>(Unalias(t));
  *was_pointer = pointer != nullptr;
  return pointer != nullptr ? pointer->elem : t;
}

// Adds an embedded field's type to the next level.
void AddEmbedded(const Candidate& outer, int index, const Symbol* field,
                 Level* next) {
  bool pointer;
  const Type* type = Deref(field->type, &pointer);
  if (type == nullptr) return;
  for (Candidate& other : *next) {
    if (Identical(other.type, type)) {
      other.multiple = true;
      return;
    }
  }
  Candidate inner{type, outer.path, outer.indirect || pointer, outer.multiple};
  inner.path.push_back(index);
  next->push_back(std::move(inner));
}

bool Matches(const Symbol* symbol, const Package* pkg, const Name* name,
             bool fold_case) {
  if (fold_case && symbol->name->text.equals_insensitive(name->text)) {
    return true;
  }
  return SameName(symbol, pkg, name);
}

// The search for one name.
class Search {
 public:
  Search(const Package* pkg, const Name* name, bool fold_case)
      : pkg_(pkg), name_(name), fold_case_(fold_case) {}

  LookupResult Run(const Type* t, bool indirect);

 private:
  void Visit(const Candidate& c, Level* next);
  void VisitStruct(const Struct* s, const Candidate& c, Level* next);
  Symbol* Method(const Named* named, int* index);
  void Found(Symbol* symbol, int index, const Candidate& c);

  const Package* pkg_;
  const Name* name_;
  bool fold_case_;
  LookupResult result_;
  int count_ = 0;
};

void Search::Found(Symbol* symbol, int index, const Candidate& c) {
  count_ += c.multiple ? 2 : 1;
  result_.symbol = symbol;
  result_.path = c.path;
  result_.path.push_back(index);
  result_.indirect = c.indirect;
}

Symbol* Search::Method(const Named* named, int* index) {
  *index = MethodIndex(named, pkg_, name_);
  if (*index < 0 && fold_case_) {
    llvm::ArrayRef<Symbol*> methods = MethodsOf(named);
    for (size_t i = 0; i < methods.size() && *index < 0; i++) {
      if (Matches(methods[i], pkg_, name_, fold_case_)) {
        *index = static_cast<int>(i);
      }
    }
  }
  if (*index < 0) return nullptr;
  Symbol* method = MethodsOf(named)[*index];
  if (method->origin != nullptr) TypeOf(method);
  return method;
}

void Search::VisitStruct(const Struct* s, const Candidate& c, Level* next) {
  for (size_t i = 0; i < s->fields.size(); i++) {
    Symbol* field = s->fields[i];
    if (field->name != nullptr && Matches(field, pkg_, name_, fold_case_)) {
      Found(field, static_cast<int>(i), c);
    } else if (count_ == 0 && field->embedded) {
      AddEmbedded(c, static_cast<int>(i), field, next);
    }
  }
}

void Search::Visit(const Candidate& c, Level* next) {
  if (const Named* named = AsNamed(c.type)) {
    int index;
    if (Symbol* method = Method(named, &index)) {
      Found(method, index, c);
      return;
    }
  }
  const Type* u = Underlying(c.type);
  if (const auto* s = llvm::dyn_cast_if_present<Struct>(u)) {
    VisitStruct(s, c, next);
  } else if (const auto* iface = llvm::dyn_cast_if_present<Interface>(u)) {
    Complete(iface);
    for (size_t i = 0; i < iface->all_methods.size(); i++) {
      if (Matches(iface->all_methods[i], pkg_, name_, fold_case_)) {
        Found(iface->all_methods[i], static_cast<int>(i), c);
        break;
      }
    }
  }
}

LookupResult Search::Run(const Type* t, bool indirect) {
  Level level;
  level.push_back({t, {}, indirect, false});
  llvm::SmallPtrSet<const Type*, 8> seen;
  while (!level.empty()) {
    Level next;
    for (const Candidate& c : level) {
      // A name seen at a lesser depth hides whatever it would add here.
      const Named* named = AsNamed(c.type);
      if (named != nullptr && !seen.insert(named).second) continue;
      Visit(c, &next);
    }
    if (count_ == 1) return std::move(result_);
    if (count_ > 1) {
      result_.symbol = nullptr;
      result_.ambiguous = true;
      return std::move(result_);
    }
    level = std::move(next);
  }
  return {};
}

// The lookup without the rule about pointer receivers.
LookupResult LookupAny(const Type* t, const Package* pkg, const Name* name,
                       bool fold_case) {
  if (t == nullptr || name->blank) return {};
  // A named pointer type has its base's fields but no methods.
  if (const Named* named = AsNamed(t)) {
    if (llvm::isa_and_present<Pointer>(Underlying(named))) {
      LookupResult result = LookupAny(Underlying(named), pkg, name, fold_case);
      bool method =
          result.symbol != nullptr && result.symbol->kind == SymbolKind::kFunc;
      return method ? LookupResult() : result;
    }
  }
  bool pointer;
  t = Deref(t, &pointer);
  // Pointers to interfaces have no methods.
  if (pointer && As<Interface>(t) != nullptr) return {};
  return Search(pkg, name, fold_case).Run(t, pointer);
}

}  // namespace

LookupResult LookupFieldOrMethod(const Type* t, bool addressable,
                                 const Package* pkg, const Name* name,
                                 bool fold_case) {
  LookupResult result = LookupAny(t, pkg, name, fold_case);
  Symbol* found = result.symbol;
  if (found != nullptr && found->kind == SymbolKind::kFunc &&
      !result.indirect && !addressable && HasPointerReceiver(found)) {
    result.pointer_method = found;
    result.symbol = nullptr;
  }
  return result;
}

// --- method sets -------------------------------------------------------------

namespace {

// Collects a method set level by level.
class Collector {
 public:
  std::vector<MethodSetEntry> Run(const Type* t, bool indirect);

 private:
  // What a name stands for at the least depth where it occurs.
  struct Slot {
    Symbol* symbol;
    size_t depth;
    MethodSetEntry entry;  // method null: a field, or several things
  };
  void Add(Symbol* symbol, bool method, int index, const Candidate& c);
  void Visit(const Candidate& c, Level* next);

  std::vector<Slot> slots_;
  // By name: the index in slots_ of the first, and a chain for unexported names
  // of several packages.
  llvm::DenseMap<const Name*, llvm::SmallVector<size_t, 1>> index_;
  size_t depth_ = 0;
};

void Collector::Add(Symbol* symbol, bool method, int index,
                    const Candidate& c) {
  if (symbol->name == nullptr || symbol->name->blank) return;
  auto& candidates = index_[symbol->name];
  for (size_t i : candidates) {
    Slot& slot = slots_[i];
    if (!SameName(slot.symbol, symbol->package, symbol->name)) continue;
    if (slot.depth == depth_) slot.entry.method = nullptr;  // ambiguous
    return;
  }
  Slot slot{symbol, depth_, {nullptr, c.path, c.indirect}};
  if (method && !c.multiple) slot.entry.method = symbol;
  candidates.push_back(slots_.size());
  slots_.push_back(std::move(slot));
}

void Collector::Visit(const Candidate& c, Level* next) {
  if (const Named* named = AsNamed(c.type)) {
    llvm::ArrayRef<Symbol*> methods = MethodsOf(named);
    for (size_t i = 0; i < methods.size(); i++) {
      TypeOf(methods[i]);
      Add(methods[i], true, static_cast<int>(i), c);
    }
  }
  const Type* u = Underlying(c.type);
  if (const auto* s = llvm::dyn_cast_if_present<Struct>(u)) {
    for (size_t i = 0; i < s->fields.size(); i++) {
      Add(s->fields[i], false, static_cast<int>(i), c);
      if (s->fields[i]->embedded) {
        AddEmbedded(c, static_cast<int>(i), s->fields[i], next);
      }
    }
  } else if (const auto* iface = llvm::dyn_cast_if_present<Interface>(u)) {
    Complete(iface);
    for (size_t i = 0; i < iface->all_methods.size(); i++) {
      Add(iface->all_methods[i], true, static_cast<int>(i), c);
    }
  }
}

std::vector<MethodSetEntry> Collector::Run(const Type* t, bool indirect) {
  Level level;
  level.push_back({t, {}, indirect, false});
  llvm::SmallPtrSet<const Type*, 8> seen;
  for (; !level.empty(); depth_++) {
    Level next;
    for (const Candidate& c : level) {
      const Named* named = AsNamed(c.type);
      if (named != nullptr && !seen.insert(named).second) continue;
      Visit(c, &next);
    }
    level = std::move(next);
  }
  std::vector<MethodSetEntry> result;
  for (Slot& slot : slots_) {
    if (slot.entry.method == nullptr) continue;
    if (!slot.entry.indirect && HasPointerReceiver(slot.entry.method)) continue;
    result.push_back(std::move(slot.entry));
  }
  std::sort(result.begin(), result.end(),
            [](const MethodSetEntry& a, const MethodSetEntry& b) {
              return MethodLess(a.method, b.method);
            });
  return result;
}

}  // namespace

std::vector<MethodSetEntry> MethodSetOf(const Type* t) {
  bool pointer;
  const Type* base = Deref(t, &pointer);
  const Type* u = Underlying(base);
  if (base == nullptr || (pointer && llvm::isa_and_present<Interface>(u)) ||
      llvm::isa_and_present<Pointer>(u)) {
    return {};
  }
  return Collector().Run(base, pointer);
}

// --- missing methods ---------------------------------------------------------

namespace {

// Whether two methods' types are the same.
bool SameSignature(Symbol* a, Symbol* b) {
  return Identical(TypeOf(a), TypeOf(b));
}

// Why lookups of an interface's method in t fail.
MissingResult Explain(const Type* t, Symbol* wanted, LookupResult found) {
  if (found.ambiguous) return {Missing::kAmbiguous, wanted, nullptr};
  if (found.pointer_method != nullptr) {
    return {Missing::kPointer, wanted, found.pointer_method};
  }
  if (found.symbol != nullptr) {
    bool method = found.symbol->kind == SymbolKind::kFunc;
    return {method ? Missing::kWrongType : Missing::kField, wanted,
            found.symbol};
  }
  LookupResult similar = LookupFieldOrMethod(t, true, wanted->package,
                                             wanted->name, /*fold_case=*/true);
  if (similar.symbol != nullptr && similar.symbol->kind == SymbolKind::kFunc) {
    bool same_name = similar.symbol->name == wanted->name;
    return {same_name ? Missing::kUnexported : Missing::kWrongName, wanted,
            similar.symbol};
  }
  return {Missing::kNotFound, wanted, nullptr};
}

}  // namespace

MissingResult FindMissingMethod(const Type* t, const Interface* iface,
                                bool static_type) {
  Complete(iface);
  const auto* own = As<Interface>(t);
  for (Symbol* wanted : iface->all_methods) {
    LookupResult found =
        LookupFieldOrMethod(t, false, wanted->package, wanted->name);
    bool method =
        found.symbol != nullptr && found.symbol->kind == SymbolKind::kFunc;
    if (method &&
        (found.symbol == wanted || SameSignature(found.symbol, wanted))) {
      continue;
    }
    // The dynamic type of an interface value may have more methods.
    if (!method && own != nullptr && !static_type) continue;
    return Explain(t, wanted, std::move(found));
  }
  return {};
}

const Symbol* MissingMethod(const Type* t, const Interface* iface,
                            bool static_type, const Symbol** wrong_type) {
  MissingResult result = FindMissingMethod(t, iface, static_type);
  if (wrong_type != nullptr) {
    bool wrong =
        result.why == Missing::kWrongType || result.why == Missing::kPointer;
    *wrong_type = wrong ? result.found : nullptr;
  }
  return result.wanted;
}

}  // namespace mgo::types
