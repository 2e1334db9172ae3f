// Type identity, and the hash that goes with it.
//
// Structure is compared recursively. All cycles among types go through names,
// which are compared as such, with one exception: a method of an unnamed
// interface may mention a name whose type has the same unnamed interface; pairs
// of interfaces that are being compared are therefore taken as identical.
#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"
#include "llvm/ADT/Hashing.h"

namespace mgo::types {

namespace {

// Two interfaces under comparison.
struct InterfacePair {
  const Interface *a, *b;
  const InterfacePair* outer;
};

// The type parameters of two generic signatures under comparison correspond.
struct ParamPair {
  llvm::ArrayRef<const TypeParam*> a, b;
  const ParamPair* outer;
};

class Comparer {
 public:
  bool Same(const Type* a, const Type* b);

 private:
  bool SameStruct(const Struct* a, const Struct* b);
  bool SameTuple(const Tuple* a, const Tuple* b);
  bool SameSignature(const Signature* a, const Signature* b);
  bool SameInterface(const Interface* a, const Interface* b);
  bool SameUnion(const Union* a, const Union* b);
  bool SameNamed(const Named* a, const Named* b);
  bool SameArgs(llvm::ArrayRef<const Type*> a, llvm::ArrayRef<const Type*> b);
  bool SameParam(const TypeParam* a, const TypeParam* b);

  const InterfacePair* interfaces_ = nullptr;
  const ParamPair* params_ = nullptr;
};

bool SameSymbolName(const Symbol* a, const Symbol* b) {
  if (a->name != b->name) return false;
  return a->name == nullptr || a->name->exported || a->package == b->package;
}

bool Comparer::SameStruct(const Struct* a, const Struct* b) {
  if (a->fields.size() != b->fields.size()) return false;
  auto tag = [](const Struct* s, size_t i) {
    return i < s->tags.size() ? s->tags[i] : llvm::StringRef();
  };
  for (size_t i = 0; i < a->fields.size(); i++) {
    const Symbol *f = a->fields[i], *g = b->fields[i];
    if (f->embedded != g->embedded || !SameSymbolName(f, g)) return false;
    if (tag(a, i) != tag(b, i) || !Same(f->type, g->type)) return false;
  }
  return true;
}

bool Comparer::SameTuple(const Tuple* a, const Tuple* b) {
  size_t n = a != nullptr ? a->vars.size() : 0;
  size_t m = b != nullptr ? b->vars.size() : 0;
  if (n != m) return false;
  for (size_t i = 0; i < n; i++) {
    if (!Same(a->vars[i]->type, b->vars[i]->type)) return false;
  }
  return true;
}

bool Comparer::SameSignature(const Signature* a, const Signature* b) {
  if (a->variadic != b->variadic ||
      a->type_params.size() != b->type_params.size()) {
    return false;
  }
  if (a->type_params.empty()) {
    return SameTuple(a->params, b->params) && SameTuple(a->results, b->results);
  }
  ParamPair pair{a->type_params, b->type_params, params_};
  params_ = &pair;
  bool same = true;
  for (size_t i = 0; same && i < a->type_params.size(); i++) {
    same = Same(a->type_params[i]->constraint, b->type_params[i]->constraint);
  }
  same = same && SameTuple(a->params, b->params) &&
         SameTuple(a->results, b->results);
  params_ = pair.outer;
  return same;
}

bool Comparer::SameInterface(const Interface* a, const Interface* b) {
  Complete(a);
  Complete(b);
  if (a->all_methods.size() != b->all_methods.size() ||
      a->comparable != b->comparable || a->has_terms != b->has_terms) {
    return false;
  }
  for (size_t i = 0; i < a->all_methods.size(); i++) {
    if (!SameSymbolName(a->all_methods[i], b->all_methods[i])) return false;
  }
  if (a->has_terms && (!IsSubset(a, b) || !IsSubset(b, a))) return false;
  for (const InterfacePair* p = interfaces_; p != nullptr; p = p->outer) {
    if ((p->a == a && p->b == b) || (p->a == b && p->b == a)) return true;
  }
  InterfacePair pair{a, b, interfaces_};
  interfaces_ = &pair;
  bool same = true;
  for (size_t i = 0; same && i < a->all_methods.size(); i++) {
    same = Same(TypeOf(a->all_methods[i]), TypeOf(b->all_methods[i]));
  }
  interfaces_ = pair.outer;
  return same;
}

bool Comparer::SameUnion(const Union* a, const Union* b) {
  if (a->terms.size() != b->terms.size()) return false;
  for (size_t i = 0; i < a->terms.size(); i++) {
    if (a->terms[i].tilde != b->terms[i].tilde ||
        !Same(a->terms[i].type, b->terms[i].type)) {
      return false;
    }
  }
  return true;
}

bool Comparer::SameNamed(const Named* a, const Named* b) {
  // Instances are unique unless type parameters correspond.
  if (a->symbol != b->symbol) return false;
  if (a->type_args.empty() && a->outer_args.empty()) return false;
  return SameArgs(a->type_args, b->type_args) &&
         SameArgs(a->outer_args, b->outer_args);
}

bool Comparer::SameArgs(llvm::ArrayRef<const Type*> a,
                        llvm::ArrayRef<const Type*> b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    if (!Same(a[i], b[i])) return false;
  }
  return true;
}

bool Comparer::SameParam(const TypeParam* a, const TypeParam* b) {
  for (const ParamPair* p = params_; p != nullptr; p = p->outer) {
    auto at = [](llvm::ArrayRef<const TypeParam*> list, const TypeParam* t) {
      return static_cast<size_t>(t->index) < list.size() && list[t->index] == t;
    };
    if (at(p->a, a) && at(p->b, b)) return a->index == b->index;
  }
  return false;
}

bool Comparer::Same(const Type* a, const Type* b) {
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  if (a->kind == TypeKind::kAlias) a = Unalias(a);
  if (b->kind == TypeKind::kAlias) b = Unalias(b);
  if (a == b) return true;
  if (a == nullptr || b == nullptr || a->kind != b->kind) return false;
  switch (a->kind) {
    case TypeKind::kBasic:
      return llvm::cast<Basic>(a)->basic == llvm::cast<Basic>(b)->basic;
    case TypeKind::kNamed:
      return SameNamed(llvm::cast<Named>(a), llvm::cast<Named>(b));
    case TypeKind::kAlias:
      return false;
    case TypeKind::kPointer:
      return Same(llvm::cast<Pointer>(a)->elem, llvm::cast<Pointer>(b)->elem);
    case TypeKind::kSlice:
      return Same(llvm::cast<Slice>(a)->elem, llvm::cast<Slice>(b)->elem);
    case TypeKind::kArray: {
      const auto *x = llvm::cast<Array>(a), *y = llvm::cast<Array>(b);
      bool unknown = x->length < 0 || y->length < 0;
      return (unknown || x->length == y->length) && Same(x->elem, y->elem);
    }
    case TypeKind::kMap: {
      const auto *x = llvm::cast<Map>(a), *y = llvm::cast<Map>(b);
      return Same(x->key, y->key) && Same(x->value, y->value);
    }
    case TypeKind::kChan: {
      const auto *x = llvm::cast<Chan>(a), *y = llvm::cast<Chan>(b);
      return x->dir == y->dir && Same(x->elem, y->elem);
    }
    case TypeKind::kStruct:
      return SameStruct(llvm::cast<Struct>(a), llvm::cast<Struct>(b));
    case TypeKind::kTuple:
      return SameTuple(llvm::cast<Tuple>(a), llvm::cast<Tuple>(b));
    case TypeKind::kSignature:
      return SameSignature(llvm::cast<Signature>(a), llvm::cast<Signature>(b));
    case TypeKind::kInterface:
      return SameInterface(llvm::cast<Interface>(a), llvm::cast<Interface>(b));
    case TypeKind::kUnion:
      return SameUnion(llvm::cast<Union>(a), llvm::cast<Union>(b));
    case TypeKind::kTypeParam:
      return SameParam(llvm::cast<TypeParam>(a), llvm::cast<TypeParam>(b));
  }
  return false;
}

// How deep the hash looks; what is further down does not tell types apart.
constexpr int kHashDepth = 6;

uint64_t Hash(const Type* t, int depth);

uint64_t HashTuple(const Tuple* tuple, int depth) {
  uint64_t hash = tuple != nullptr ? tuple->vars.size() : 0;
  if (hash == 0) return 0;
  for (const Symbol* var : tuple->vars) {
    hash = llvm::hash_combine(hash, Hash(var->type, depth));
  }
  return hash;
}

uint64_t HashInterface(const Interface* t) {
  Complete(t);
  uint64_t hash =
      llvm::hash_combine(t->all_methods.size(), t->has_terms, t->comparable);
  for (const Symbol* method : t->all_methods) {
    hash = llvm::hash_combine(hash, method->name);
  }
  return hash;
}

uint64_t Hash(const Type* t, int depth) {
  t = Unalias(t);
  if (t == nullptr) return 0;
  if (depth == 0) return static_cast<uint64_t>(t->kind);
  depth--;
  auto with = [&](auto... parts) -> uint64_t {
    return llvm::hash_combine(static_cast<int>(t->kind), parts...);
  };
  switch (t->kind) {
    case TypeKind::kBasic:
      return with(static_cast<int>(llvm::cast<Basic>(t)->basic));
    case TypeKind::kNamed: {
      const auto* named = llvm::cast<Named>(t);
      uint64_t hash = with(named->symbol);
      for (const Type* arg : named->type_args) {
        hash = llvm::hash_combine(hash, Hash(arg, depth));
      }
      for (const Type* arg : named->outer_args) {
        hash = llvm::hash_combine(hash, Hash(arg, depth));
      }
      return hash;
    }
    case TypeKind::kAlias:
      return 0;
    case TypeKind::kPointer:
      return with(Hash(llvm::cast<Pointer>(t)->elem, depth));
    case TypeKind::kSlice:
      return with(Hash(llvm::cast<Slice>(t)->elem, depth));
    case TypeKind::kArray:
      return with(Hash(llvm::cast<Array>(t)->elem, depth));
    case TypeKind::kMap:
      return with(Hash(llvm::cast<Map>(t)->key, depth),
                  Hash(llvm::cast<Map>(t)->value, depth));
    case TypeKind::kChan:
      return with(static_cast<int>(llvm::cast<Chan>(t)->dir),
                  Hash(llvm::cast<Chan>(t)->elem, depth));
    case TypeKind::kStruct: {
      const auto* s = llvm::cast<Struct>(t);
      uint64_t hash = with(s->fields.size());
      for (const Symbol* field : s->fields) {
        hash = llvm::hash_combine(hash, field->name, Hash(field->type, depth));
      }
      return hash;
    }
    case TypeKind::kTuple:
      return with(HashTuple(llvm::cast<Tuple>(t), depth));
    case TypeKind::kSignature: {
      const auto* sig = llvm::cast<Signature>(t);
      return with(sig->variadic, sig->type_params.size(),
                  HashTuple(sig->params, depth),
                  HashTuple(sig->results, depth));
    }
    case TypeKind::kInterface:
      return with(HashInterface(llvm::cast<Interface>(t)));
    case TypeKind::kUnion:
      return with(llvm::cast<Union>(t)->terms.size());
    case TypeKind::kTypeParam:
      return with(llvm::cast<TypeParam>(t)->index);
  }
  return 0;
}

}  // namespace

bool Identical(const Type* a, const Type* b) {
  if (a == b) return true;
  return Comparer().Same(a, b);
}

uint64_t HashOf(const Type* t) { return Hash(t, kHashDepth); }

}  // namespace mgo::types
