// Replacing type parameters by arguments.
//
// A type without any of the parameters comes back as it is, so comparing
// pointers tells whether something changed. Names are not entered, but
// instances get their arguments substituted. Fields, parameters and methods of
// a changed type are new symbols whose `origin` is the generic one.
#include "lang/types/instantiate.h"
#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"

namespace mgo::types {

namespace {

class Substituter {
 public:
  Substituter(TypeArena& arena, llvm::ArrayRef<const TypeParam*> from,
              llvm::ArrayRef<const Type*> to)
      : arena_(arena), from_(from), to_(to) {}

  const Type* Apply(const Type* t);

 private:
  Symbol* CopySymbol(Symbol* symbol, const Type* type);
  // Substitutes every item; true when one changed.
  bool ApplyAll(llvm::ArrayRef<const Type*> types,
                llvm::SmallVectorImpl<const Type*>* out);
  bool ApplyVars(llvm::ArrayRef<Symbol*> vars,
                 llvm::SmallVectorImpl<Symbol*>* out);
  const Tuple* ApplyTuple(const Tuple* tuple);
  const Type* ApplySignature(const Signature* sig);
  const Type* ApplyStruct(const Struct* s);
  const Type* ApplyInterface(const Interface* iface);
  const Type* ApplyUnion(const Union* u);
  const Type* ApplyNamed(const Named* named);

  TypeArena& arena_;
  llvm::ArrayRef<const TypeParam*> from_;
  llvm::ArrayRef<const Type*> to_;
};

Symbol* Substituter::CopySymbol(Symbol* symbol, const Type* type) {
  Symbol* copy = arena_.New<Symbol>(*symbol);
  copy->type = type;
  copy->origin = symbol->origin != nullptr ? symbol->origin : symbol;
  copy->id = arena_.NextSymbolId();
  return copy;
}

bool Substituter::ApplyAll(llvm::ArrayRef<const Type*> types,
                           llvm::SmallVectorImpl<const Type*>* out) {
  bool changed = false;
  for (const Type* t : types) {
    out->push_back(Apply(t));
    changed = changed || out->back() != t;
  }
  return changed;
}

bool Substituter::ApplyVars(llvm::ArrayRef<Symbol*> vars,
                            llvm::SmallVectorImpl<Symbol*>* out) {
  bool changed = false;
  for (Symbol* var : vars) {
    const Type* type = Apply(var->type);
    bool same = type == var->type;
    out->push_back(same ? var : CopySymbol(var, type));
    changed = changed || !same;
  }
  return changed;
}

const Tuple* Substituter::ApplyTuple(const Tuple* tuple) {
  if (tuple == nullptr) return nullptr;
  llvm::SmallVector<Symbol*, 8> vars;
  if (!ApplyVars(tuple->vars, &vars)) return tuple;
  return arena_.New<Tuple>(arena_.Copy(llvm::ArrayRef<Symbol*>(vars)));
}

// Type parameters of the signature itself stay, but their constraints may
// mention outer ones only in method declarations, which have none of their own.
const Type* Substituter::ApplySignature(const Signature* sig) {
  const Tuple* params = ApplyTuple(sig->params);
  const Tuple* results = ApplyTuple(sig->results);
  if (params == sig->params && results == sig->results) return sig;
  auto* copy = arena_.New<Signature>(params, results, sig->variadic);
  copy->recv = sig->recv;
  copy->type_params = sig->type_params;
  copy->recv_type_params = sig->recv_type_params;
  return copy;
}

const Type* Substituter::ApplyStruct(const Struct* s) {
  llvm::SmallVector<Symbol*, 8> fields;
  if (!ApplyVars(s->fields, &fields)) return s;
  return arena_.New<Struct>(arena_.Copy(llvm::ArrayRef<Symbol*>(fields)),
                            s->tags);
}

const Type* Substituter::ApplyInterface(const Interface* iface) {
  llvm::SmallVector<Symbol*, 8> methods;
  bool changed = false;
  for (Symbol* method : iface->methods) {
    const Type* old = TypeOf(method);
    const Type* type = Apply(old);
    methods.push_back(type == old ? method : CopySymbol(method, type));
    changed = changed || type != old;
  }
  llvm::SmallVector<const Type*, 8> embedded;
  changed = ApplyAll(iface->embedded, &embedded) || changed;
  if (!changed) return iface;
  auto* copy =
      arena_.New<Interface>(arena_.Copy(llvm::ArrayRef<Symbol*>(methods)),
                            arena_.Copy(llvm::ArrayRef<const Type*>(embedded)));
  copy->embedded_pos = iface->embedded_pos;
  copy->implicit = iface->implicit;
  // `comparable` itself has neither methods nor embedded types and is never
  // copied; whoever embeds it gets the property from completion.
  return copy;
}

const Type* Substituter::ApplyNamed(const Named* named) {
  const Named* origin = named->origin != nullptr ? named->origin : named;
  bool generic = !origin->type_params.empty() && named == origin;
  if (generic || (named->type_args.empty() && origin->outer_params.empty())) {
    return named;
  }
  // A type declared inside a generic function, in there: with its parameters.
  llvm::SmallVector<const Type*, 4> outer_args(origin->outer_params.begin(),
                                               origin->outer_params.end());
  if (named->origin != nullptr) {
    outer_args.assign(named->outer_args.begin(), named->outer_args.end());
  }
  llvm::SmallVector<const Type*, 4> outer, args;
  bool changed = ApplyAll(outer_args, &outer);
  changed = ApplyAll(named->type_args, &args) || changed;
  return changed ? InstantiateLocal(arena_, origin, outer, args) : named;
}

const Type* Substituter::ApplyUnion(const Union* u) {
  llvm::SmallVector<Term, 8> terms;
  bool changed = false;
  for (const Term& term : u->terms) {
    terms.push_back({term.tilde, Apply(term.type)});
    changed = changed || terms.back().type != term.type;
  }
  if (!changed) return u;
  return arena_.New<Union>(arena_.Copy(llvm::ArrayRef<Term>(terms)));
}

const Type* Substituter::Apply(const Type* t) {
  if (t == nullptr) return nullptr;
  switch (t->kind) {
    case TypeKind::kBasic:
      return t;
    case TypeKind::kTypeParam:
      for (size_t i = 0; i < from_.size(); i++) {
        if (from_[i] == t) return to_[i] != nullptr ? to_[i] : t;
      }
      return t;
    case TypeKind::kNamed:
      return ApplyNamed(llvm::cast<Named>(t));
    case TypeKind::kAlias: {
      const auto* alias = llvm::cast<Alias>(t);
      llvm::SmallVector<const Type*, 4> args;
      if (ApplyAll(alias->type_args, &args)) {
        return InstantiateAlias(arena_, alias->origin, args);
      }
      // A local alias may mention a type parameter without having any.
      const Type* actual = Apply(alias->actual);
      return actual == alias->actual ? t : actual;
    }
    case TypeKind::kPointer: {
      const Type* old = llvm::cast<Pointer>(t)->elem;
      const Type* elem = Apply(old);
      return elem == old ? t : arena_.New<Pointer>(elem);
    }
    case TypeKind::kSlice: {
      const Type* old = llvm::cast<Slice>(t)->elem;
      const Type* elem = Apply(old);
      return elem == old ? t : arena_.New<Slice>(elem);
    }
    case TypeKind::kArray: {
      const auto* array = llvm::cast<Array>(t);
      const Type* elem = Apply(array->elem);
      return elem == array->elem ? t : arena_.New<Array>(elem, array->length);
    }
    case TypeKind::kMap: {
      const auto* map = llvm::cast<Map>(t);
      const Type *key = Apply(map->key), *value = Apply(map->value);
      if (key == map->key && value == map->value) return t;
      return arena_.New<Map>(key, value);
    }
    case TypeKind::kChan: {
      const auto* chan = llvm::cast<Chan>(t);
      const Type* elem = Apply(chan->elem);
      return elem == chan->elem ? t : arena_.New<Chan>(chan->dir, elem);
    }
    case TypeKind::kStruct:
      return ApplyStruct(llvm::cast<Struct>(t));
    case TypeKind::kTuple:
      return ApplyTuple(llvm::cast<Tuple>(t));
    case TypeKind::kSignature:
      return ApplySignature(llvm::cast<Signature>(t));
    case TypeKind::kInterface:
      return ApplyInterface(llvm::cast<Interface>(t));
    case TypeKind::kUnion:
      return ApplyUnion(llvm::cast<Union>(t));
  }
  return t;
}

}  // namespace

const Type* Substitute(TypeArena& arena, const Type* t,
                       llvm::ArrayRef<const TypeParam*> from,
                       llvm::ArrayRef<const Type*> to) {
  if (from.empty()) return t;
  return Substituter(arena, from, to).Apply(t);
}

}  // namespace mgo::types
