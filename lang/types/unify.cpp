#include "lang/types/unify.h"

#include "lang/types/package.h"
#include "lang/types/symbol.h"

namespace mgo::types {

// Types nested deeper than this, or that would have to contain themselves, do
// not match.
static constexpr int kMaxDepth = 100;

Unifier::Unifier(llvm::ArrayRef<const TypeParam*> params,
                 llvm::ArrayRef<const Type*> args)
    : params_(params), values_(args.begin(), args.end()) {
  for (size_t i = 0; i < params.size(); i++) {
    parents_.push_back(static_cast<int>(i));
  }
  values_.resize(params.size(), nullptr);
}

int Unifier::Root(int param) const {
  while (parents_[param] != param) param = parents_[param];
  return param;
}

int Unifier::Unknowns() const {
  int count = 0;
  for (size_t i = 0; i < params_.size(); i++) {
    if (At(static_cast<int>(i)) == nullptr) count++;
  }
  return count;
}

int Unifier::IndexOf(const Type* t) const {
  if (t == nullptr || t->kind != TypeKind::kTypeParam) return -1;
  for (size_t i = 0; i < params_.size(); i++) {
    if (params_[i] == t) return static_cast<int>(i);
  }
  return -1;
}

bool Unifier::Unify(const Type* x, const Type* y, UnifyMode mode) {
  if (depth_ >= kMaxDepth) return false;
  depth_++;
  bool matched = Match(x, y, mode);
  depth_--;
  return matched;
}

// A type that no declaration gave a name; basic types count as such.
static bool IsLiteral(const Type* t) {
  return !llvm::isa<Named>(t) && !llvm::isa<TypeParam>(t);
}

static const Interface* InterfaceOf(const Type* t) {
  return IsTypeParam(t) ? nullptr : As<Interface>(t);
}

bool Unifier::Match(const Type* as_x, const Type* as_y, UnifyMode mode) {
  const Type *x = Unalias(as_x), *y = Unalias(as_y);
  if (x == nullptr || y == nullptr) return false;
  if (x == y) return true;
  int px = IndexOf(x), py = IndexOf(y);
  if (px >= 0 && py >= 0) {
    const Type *tx = At(px), *ty = At(py);
    if (tx != nullptr && ty != nullptr) return Unify(tx, ty, mode);
    int rx = Root(px), ry = Root(py);
    if (rx == ry) return true;
    parents_[rx] = ry;
    if (tx != nullptr) values_[ry] = tx;
    return true;
  }
  // The aliases stay, for messages.
  if (px >= 0) return MatchBound(px, as_y, mode);
  if (py >= 0) return MatchBound(py, as_x, mode);

  if (mode == UnifyMode::kLoose) {
    if (llvm::isa<Named>(x)) std::swap(x, y);
    if (llvm::isa<Named>(y) && IsLiteral(x) && !IsInterface(x)) {
      const Type* u = Underlying(y);
      if (!llvm::isa<Interface>(u)) y = u;
    }
    const Interface *xi = InterfaceOf(x), *yi = InterfaceOf(y);
    if (xi != nullptr && yi != nullptr) return MatchInterfaces(xi, yi);
    if (xi != nullptr) return MatchMethods(xi, y);
    if (yi != nullptr) return MatchMethods(yi, x);
    // A type parameter of an enclosing function stands for its core type.
    if (IsTypeParam(y)) std::swap(x, y);
    if (IsTypeParam(x)) {
      const Type* core = CoreType(x);
      return core != nullptr && Unify(core, y, mode);
    }
  }
  return MatchStructure(x, y, mode);
}

bool Unifier::MatchBound(int param, const Type* y, UnifyMode mode) {
  const Type* known = At(param);
  if (known == nullptr) {
    Set(param, y);
    return true;
  }
  // One type parameter is not two different interfaces, even where one has all
  // methods of the other.
  const Interface *xi = InterfaceOf(known), *yi = InterfaceOf(y);
  if (xi != nullptr && yi != nullptr &&
      Complete(xi)->all_methods.size() != Complete(yi)->all_methods.size()) {
    return false;
  }
  if ((xi == nullptr) != (yi == nullptr)) {
    if (!IsTypeParam(known) && !IsTypeParam(y)) return false;
  }
  if (!Unify(known, y, mode)) return false;
  if (mode == UnifyMode::kExact) return true;
  known = Unalias(At(param));
  // Of several types that match, the defined one can be assigned from the
  // others, and so can the directional channel.
  known = Unalias(At(param));
  const Type* other = Unalias(y);
  const auto* chan = llvm::dyn_cast<Chan>(known);
  bool directional = chan != nullptr && chan->dir == syntax::ChanDir::kBoth &&
                     llvm::isa<Chan>(other);
  bool defined = llvm::isa<Named>(known);
  if (!defined && (llvm::isa<Named>(other) || directional)) Set(param, y);
  return true;
}

// "The type sets have the same terms, and the methods of one are among those of
// the other, with signatures that unify."
bool Unifier::MatchInterfaces(const Interface* x, const Interface* y) {
  Complete(x);
  Complete(y);
  if (x->comparable != y->comparable || x->has_terms != y->has_terms) {
    return false;
  }
  if (x->has_terms && (!IsSubset(x, y) || !IsSubset(y, x))) return false;
  if (x->all_methods.size() > y->all_methods.size()) std::swap(x, y);
  for (Symbol* method : x->all_methods) {
    Symbol* found = nullptr;
    for (Symbol* other : y->all_methods) {
      if (SameName(other, method->package, method->name)) found = other;
    }
    if (found == nullptr ||
        !Unify(TypeOf(method), TypeOf(found), UnifyMode::kExact)) {
      return false;
    }
  }
  return true;
}

bool Unifier::MatchMethods(const Interface* iface, const Type* t) {
  Complete(iface);
  for (Symbol* method : iface->all_methods) {
    LookupResult found =
        LookupFieldOrMethod(t, false, method->package, method->name);
    if (found.symbol == nullptr || found.symbol->kind != SymbolKind::kFunc ||
        !Unify(TypeOf(method), TypeOf(found.symbol), UnifyMode::kExact)) {
      return false;
    }
  }
  return true;
}

bool Unifier::MatchTuples(const Tuple* x, const Tuple* y) {
  if (x->vars.size() != y->vars.size()) return false;
  for (size_t i = 0; i < x->vars.size(); i++) {
    if (!Unify(x->vars[i]->type, y->vars[i]->type, UnifyMode::kExact)) {
      return false;
    }
  }
  return true;
}

bool Unifier::MatchSignatures(const Signature* x, const Signature* y) {
  return x->variadic == y->variadic &&
         x->type_params.size() == y->type_params.size() &&
         MatchTuples(x->params, y->params) &&
         MatchTuples(x->results, y->results);
}

bool Unifier::MatchStructs(const Struct* x, const Struct* y) {
  if (x->fields.size() != y->fields.size() || x->tags != y->tags) return false;
  for (size_t i = 0; i < x->fields.size(); i++) {
    const Symbol *f = x->fields[i], *g = y->fields[i];
    bool same_name =
        f->name == g->name && f->embedded == g->embedded &&
        (f->name == nullptr || f->name->exported || f->package == g->package);
    if (!same_name || !Unify(f->type, g->type, UnifyMode::kExact)) return false;
  }
  return true;
}

bool Unifier::MatchStructure(const Type* x, const Type* y, UnifyMode mode) {
  if (x->kind != y->kind) return false;
  constexpr UnifyMode kExact = UnifyMode::kExact;
  switch (x->kind) {
    case TypeKind::kNamed: {
      const auto *a = llvm::cast<Named>(x), *b = llvm::cast<Named>(y);
      if (a->symbol != b->symbol ||
          a->type_args.size() != b->type_args.size() || a->type_args.empty()) {
        return false;
      }
      for (size_t i = 0; i < a->type_args.size(); i++) {
        if (!Unify(a->type_args[i], b->type_args[i], kExact)) return false;
      }
      return true;
    }
    case TypeKind::kPointer:
      return Unify(llvm::cast<Pointer>(x)->elem, llvm::cast<Pointer>(y)->elem,
                   kExact);
    case TypeKind::kSlice:
      return Unify(llvm::cast<Slice>(x)->elem, llvm::cast<Slice>(y)->elem,
                   kExact);
    case TypeKind::kArray: {
      const auto *a = llvm::cast<Array>(x), *b = llvm::cast<Array>(y);
      bool same = a->length == b->length || a->length < 0 || b->length < 0;
      return same && Unify(a->elem, b->elem, kExact);
    }
    case TypeKind::kMap: {
      const auto *a = llvm::cast<Map>(x), *b = llvm::cast<Map>(y);
      return Unify(a->key, b->key, kExact) && Unify(a->value, b->value, kExact);
    }
    case TypeKind::kChan: {
      const auto *a = llvm::cast<Chan>(x), *b = llvm::cast<Chan>(y);
      return (mode == UnifyMode::kLoose || a->dir == b->dir) &&
             Unify(a->elem, b->elem, kExact);
    }
    case TypeKind::kSignature:
      return MatchSignatures(llvm::cast<Signature>(x),
                             llvm::cast<Signature>(y));
    case TypeKind::kStruct:
      return MatchStructs(llvm::cast<Struct>(x), llvm::cast<Struct>(y));
    case TypeKind::kInterface: {
      const auto *a = llvm::cast<Interface>(x), *b = llvm::cast<Interface>(y);
      return Complete(a)->all_methods.size() ==
                 Complete(b)->all_methods.size() &&
             MatchInterfaces(a, b);
    }
    default:
      return Identical(x, y);
  }
}

}  // namespace mgo::types
