#include "lang/types/instantiate.h"

#include <cassert>

#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "llvm/ADT/Hashing.h"

namespace mgo::types {

// Type arguments nested deeper than this come from a generic type that expands
// without end, which the checker refuses.
static constexpr int kMaxArgDepth = 100;

// --- the table ---------------------------------------------------------------

static uint64_t Key(const Symbol* origin, llvm::ArrayRef<const Type*> args) {
  uint64_t hash = llvm::hash_value(origin);
  for (const Type* arg : args) hash = llvm::hash_combine(hash, HashOf(arg));
  // The two values that DenseMap keeps for itself.
  return hash >= UINT64_MAX - 1 ? 0 : hash;
}

// Identical, and type parameters are the same ones.
static bool SameArgs(llvm::ArrayRef<const Type*> a,
                     llvm::ArrayRef<const Type*> b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    if (!Identical(a[i], b[i])) return false;
  }
  return true;
}

const Type* InstanceTable::Find(const Symbol* origin,
                                llvm::ArrayRef<const Type*> args) {
  auto it = entries_.find(Key(origin, args));
  if (it == entries_.end()) return nullptr;
  for (const Entry& entry : it->second) {
    if (entry.origin == origin && SameArgs(entry.args, args)) {
      return entry.instance;
    }
  }
  return nullptr;
}

void InstanceTable::Add(const Symbol* origin, llvm::ArrayRef<const Type*> args,
                        const Type* instance) {
  entries_[Key(origin, args)].push_back({origin, args, instance});
}

// --- instances ---------------------------------------------------------------

const Named* Instantiate(TypeArena& arena, const Named* origin,
                         llvm::ArrayRef<const Type*> args) {
  // Inside the generic function, its parameters stand for themselves.
  llvm::SmallVector<const Type*, 4> outer(origin->outer_params.begin(),
                                          origin->outer_params.end());
  return InstantiateLocal(arena, origin, outer, args);
}

const Named* InstantiateLocal(TypeArena& arena, const Named* origin,
                              llvm::ArrayRef<const Type*> outer_args,
                              llvm::ArrayRef<const Type*> args) {
  InstanceTable& table = arena.Instances();
  llvm::SmallVector<const Type*, 8> all(outer_args.begin(), outer_args.end());
  all.append(args.begin(), args.end());
  if (const Type* known = table.Find(origin->symbol, all)) {
    return llvm::cast<Named>(known);
  }
  auto* instance = arena.New<Named>(origin->symbol);
  llvm::ArrayRef<const Type*> kept = arena.Copy(llvm::ArrayRef(all));
  instance->origin = origin;
  instance->outer_args = kept.take_front(outer_args.size());
  instance->type_args = kept.drop_front(outer_args.size());
  instance->local_number = origin->local_number;
  instance->arena = &arena;
  table.Add(origin->symbol, kept, instance);
  return instance;
}

const Alias* InstantiateAlias(TypeArena& arena, const Alias* origin,
                              llvm::ArrayRef<const Type*> args) {
  InstanceTable& table = arena.Instances();
  if (const Type* known = table.Find(origin->symbol, args)) {
    return llvm::cast<Alias>(known);
  }
  auto* instance = arena.New<Alias>(origin->symbol);
  instance->origin = origin;
  instance->type_args = arena.Copy(args);
  table.Add(origin->symbol, instance->type_args, instance);
  if (origin->open) {
    instance->actual = BasicType(BasicKind::kInvalid);
    origin->waiting.push_back(instance);
  } else {
    instance->actual =
        Substitute(arena, origin->actual, origin->type_params, args);
  }
  return instance;
}

void CloseAlias(TypeArena& arena, Alias* origin) {
  origin->open = false;
  for (Alias* instance : origin->waiting) {
    instance->actual = Substitute(arena, origin->actual, origin->type_params,
                                  instance->type_args);
  }
  origin->waiting.clear();
}

const Signature* InstantiateSignature(TypeArena& arena, const Signature* sig,
                                      llvm::ArrayRef<const Type*> args) {
  const auto* substituted =
      llvm::cast<Signature>(Substitute(arena, sig, sig->type_params, args));
  auto* result = arena.New<Signature>(substituted->params, substituted->results,
                                      substituted->variadic);
  result->recv = sig->recv;
  return result;
}

// How deep instances are nested in each other's arguments.
static int ArgDepth(const Type* t, int limit) {
  if (limit == 0) return 0;
  t = Unalias(t);
  if (t == nullptr) return 0;
  switch (t->kind) {
    case TypeKind::kNamed: {
      int depth = 0;
      const auto* named = llvm::cast<Named>(t);
      for (llvm::ArrayRef<const Type*> args :
           {named->outer_args, named->type_args}) {
        for (const Type* arg : args) {
          depth = std::max(depth, 1 + ArgDepth(arg, limit - 1));
        }
      }
      return depth;
    }
    case TypeKind::kPointer:
      return 1 + ArgDepth(llvm::cast<Pointer>(t)->elem, limit - 1);
    case TypeKind::kSlice:
      return 1 + ArgDepth(llvm::cast<Slice>(t)->elem, limit - 1);
    case TypeKind::kArray:
      return 1 + ArgDepth(llvm::cast<Array>(t)->elem, limit - 1);
    case TypeKind::kChan:
      return 1 + ArgDepth(llvm::cast<Chan>(t)->elem, limit - 1);
    case TypeKind::kMap:
      return 1 + std::max(ArgDepth(llvm::cast<Map>(t)->key, limit - 1),
                          ArgDepth(llvm::cast<Map>(t)->value, limit - 1));
    default:
      return 0;
  }
}

void ExpandUnderlying(const Named* instance) {
  if (instance->origin == nullptr || instance->underlying != nullptr) return;
  const Named* origin = instance->origin;
  if (origin->underlying == nullptr) {
    // The generic type may be declared in a library and not resolved yet.
    if (origin->symbol->type == nullptr) TypeOf(origin->symbol);
    if (origin->underlying == nullptr) return;
  }
  const Type* generic = Underlying(origin);
  if (IsInvalid(generic)) return;
  // The one place where an instance changes.
  auto* named = const_cast<Named*>(instance);
  if (ArgDepth(instance, kMaxArgDepth) >= kMaxArgDepth) {
    named->underlying = BasicType(BasicKind::kInvalid);
    return;
  }
  // Underlying() again: the generic type's may be one of its parameters.
  llvm::SmallVector<const TypeParam*, 8> from(origin->outer_params.begin(),
                                              origin->outer_params.end());
  from.append(origin->type_params.begin(), origin->type_params.end());
  llvm::SmallVector<const Type*, 8> to(instance->outer_args.begin(),
                                       instance->outer_args.end());
  to.append(instance->type_args.begin(), instance->type_args.end());
  named->underlying =
      Underlying(Substitute(*instance->arena, generic, from, to));
}

llvm::ArrayRef<Symbol*> MethodsOf(const Named* t) {
  if (t->origin == nullptr) return t->methods;
  // The generic type may have got more methods since.
  auto* named = const_cast<Named*>(t);
  for (size_t i = t->methods.size(); i < t->origin->methods.size(); i++) {
    Symbol* generic = t->origin->methods[i];
    Symbol* method = t->arena->New<Symbol>(*generic);
    method->origin = generic;
    method->id = t->arena->NextSymbolId();
    method->type = nullptr;
    method->instance = t;
    named->methods.push_back(method);
  }
  return t->methods;
}

void ResolveInstanceMethod(Symbol* method) {
  const Named* instance = method->instance;
  if (instance == nullptr || method->type != nullptr) return;
  const Type* type = TypeOf(method->origin);
  const auto* generic = llvm::dyn_cast_if_present<Signature>(type);
  if (generic == nullptr) {
    method->type = type;
    return;
  }
  TypeArena& arena = *instance->arena;
  llvm::ArrayRef<const TypeParam*> params = generic->recv_type_params;
  if (params.size() != instance->type_args.size()) {
    params = instance->origin->type_params;
  }
  const auto* substituted = llvm::cast<Signature>(
      Substitute(arena, generic, params, instance->type_args));
  auto* signature = arena.New<Signature>(
      substituted->params, substituted->results, substituted->variadic);
  if (generic->recv != nullptr) {
    signature->recv = arena.New<Symbol>(*generic->recv);
    signature->recv->type =
        Substitute(arena, generic->recv->type, params, instance->type_args);
    signature->recv->origin = generic->recv;
    signature->recv->id = arena.NextSymbolId();
  }
  method->type = signature;
}

// --- constraints -------------------------------------------------------------

int VerifyInstance(const TypeContext& context,
                   llvm::ArrayRef<const TypeParam*> params,
                   llvm::ArrayRef<const Type*> args, std::string* cause) {
  for (size_t i = 0; i < params.size() && i < args.size(); i++) {
    // Constraints may mention the other parameters.
    const Type* constraint =
        Substitute(*context.types, params[i]->constraint, params, args);
    if (!Satisfies(context, args[i], constraint, cause)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace mgo::types
