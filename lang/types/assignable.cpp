#include "lang/types/assignable.h"

#include "lang/types/package.h"

namespace mgo::types {

namespace {

// Whether the type has a name of its own: predeclared, declared, or a type
// parameter.
bool IsNamedType(const Type* t) {
  t = Unalias(t);
  return llvm::isa<Basic>(t) || llvm::isa<Named>(t) || llvm::isa<TypeParam>(t);
}

void Explain(std::string* cause, std::string text) {
  if (cause != nullptr) *cause = std::move(text);
}

std::string Show(const TypeContext& context, const Type* t) {
  return TypeString(t, context.package);
}

// --- untyped values ----------------------------------------------------------

// Untyped values that are no constants: comparisons, shifts of untyped
// constants by variables, nil.
bool UntypedKindFits(BasicKind kind, const Basic* to) {
  switch (kind) {
    case BasicKind::kUntypedBool:
      return (to->flags & kIsBoolean) != 0;
    case BasicKind::kUntypedInt:
    case BasicKind::kUntypedRune:
    case BasicKind::kUntypedFloat:
    case BasicKind::kUntypedComplex:
      return (to->flags & kIsNumeric) != 0;
    case BasicKind::kUntypedString:
      return (to->flags & kIsString) != 0;
    case BasicKind::kUntypedNil:
      return to->basic == BasicKind::kUnsafePointer;
    default:
      return false;
  }
}

bool UntypedAssignable(const TypeContext& context, const Basic* from,
                       const Constant* value, const Type* to,
                       std::string* cause) {
  if (IsTypeParam(to)) {
    llvm::SmallVector<Term, 8> terms;
    if (!TermsOf(to, &terms) || terms.empty()) return false;
    for (const Term& term : terms) {
      if (!UntypedAssignable(context, from, value, term.type, nullptr))
        return false;
    }
    return true;
  }
  bool nil = from->basic == BasicKind::kUntypedNil;
  const Type* u = Underlying(to);
  if (const auto* basic = llvm::dyn_cast<Basic>(u)) {
    if (value != nullptr) {
      return Represent(*context.constants, value, from, to, nullptr) ==
             Representation::kOk;
    }
    return UntypedKindFits(from->basic, basic);
  }
  if (nil) return HasNil(to);
  // "The dynamic type of an untyped constant is its default type."
  return llvm::isa<Interface>(u) && Implements(context, DefaultType(from), to,
                                               /*constraint=*/false, cause);
}

// --- type parameters ---------------------------------------------------------

using Relation = bool (*)(const TypeContext&, const Type*, const Constant*,
                          const Type*, std::string*);

// Whether the relation holds for each type that `from` and `to`, one of them a
// type parameter, may be. `verb` is for the cause.
bool HoldsForTerms(const TypeContext& context, const Type* from,
                   const Constant* value, const Type* to, const char* verb,
                   Relation relation, std::string* cause) {
  llvm::SmallVector<Term, 8> sources, targets;
  if (!TermsOf(from, &sources) || !TermsOf(to, &targets) || sources.empty() ||
      targets.empty()) {
    return false;
  }
  for (const Term& source : sources) {
    for (const Term& target : targets) {
      if (relation(context, source.type, value, target.type, nullptr)) continue;
      std::string text =
          std::string("cannot ") + verb + " " + Show(context, source.type);
      if (IsTypeParam(from)) text += " (in " + Show(context, from) + ")";
      bool type_word = std::string_view(verb) == "convert";
      text += (type_word ? " to type " : " to ") + Show(context, target.type);
      if (IsTypeParam(to)) text += " (in " + Show(context, to) + ")";
      Explain(cause, std::move(text));
      return false;
    }
  }
  return true;
}

// --- conversions -------------------------------------------------------------

// Identity that ignores struct tags.
bool IdenticalIgnoringTags(const Type* a, const Type* b);

bool SameFieldsIgnoringTags(const Struct* a, const Struct* b) {
  if (a->fields.size() != b->fields.size()) return false;
  for (size_t i = 0; i < a->fields.size(); i++) {
    const Symbol *f = a->fields[i], *g = b->fields[i];
    bool same_name =
        f->name == g->name && f->embedded == g->embedded &&
        (f->name == nullptr || f->name->exported || f->package == g->package);
    if (!same_name || !IdenticalIgnoringTags(f->type, g->type)) return false;
  }
  return true;
}

bool SameTupleIgnoringTags(const Tuple* a, const Tuple* b) {
  if (a->vars.size() != b->vars.size()) return false;
  for (size_t i = 0; i < a->vars.size(); i++) {
    if (!IdenticalIgnoringTags(a->vars[i]->type, b->vars[i]->type)) {
      return false;
    }
  }
  return true;
}

// Structs are all that has tags; the types around them are taken apart here.
bool IdenticalIgnoringTags(const Type* a, const Type* b) {
  a = Unalias(a);
  b = Unalias(b);
  if (Identical(a, b)) return true;
  if (a == nullptr || b == nullptr || a->kind != b->kind) return false;
  auto same = IdenticalIgnoringTags;
  switch (a->kind) {
    case TypeKind::kStruct:
      return SameFieldsIgnoringTags(llvm::cast<Struct>(a),
                                    llvm::cast<Struct>(b));
    case TypeKind::kPointer:
      return same(llvm::cast<Pointer>(a)->elem, llvm::cast<Pointer>(b)->elem);
    case TypeKind::kSlice:
      return same(llvm::cast<Slice>(a)->elem, llvm::cast<Slice>(b)->elem);
    case TypeKind::kArray:
      return llvm::cast<Array>(a)->length == llvm::cast<Array>(b)->length &&
             same(llvm::cast<Array>(a)->elem, llvm::cast<Array>(b)->elem);
    case TypeKind::kMap:
      return same(llvm::cast<Map>(a)->key, llvm::cast<Map>(b)->key) &&
             same(llvm::cast<Map>(a)->value, llvm::cast<Map>(b)->value);
    case TypeKind::kChan:
      return llvm::cast<Chan>(a)->dir == llvm::cast<Chan>(b)->dir &&
             same(llvm::cast<Chan>(a)->elem, llvm::cast<Chan>(b)->elem);
    case TypeKind::kSignature: {
      const auto *f = llvm::cast<Signature>(a), *g = llvm::cast<Signature>(b);
      return f->variadic == g->variadic && f->type_params.empty() &&
             g->type_params.empty() &&
             SameTupleIgnoringTags(f->params, g->params) &&
             SameTupleIgnoringTags(f->results, g->results);
    }
    default:
      return false;
  }
}

bool IsByteOrRuneSlice(const Type* t) {
  const auto* slice = As<Slice>(t);
  if (slice == nullptr) return false;
  const auto* elem = As<Basic>(slice->elem);
  return elem != nullptr &&
         (elem->basic == BasicKind::kUint8 || elem->basic == BasicKind::kInt32);
}

bool IsUnsafePointer(const Type* t) {
  const auto* basic = As<Basic>(t);
  return basic != nullptr && basic->basic == BasicKind::kUnsafePointer;
}

bool IsUintptr(const Type* t) {
  const auto* basic = As<Basic>(t);
  return basic != nullptr && basic->basic == BasicKind::kUintptr;
}

// "Converting a slice to an array, or to a pointer to one."
bool SliceToArray(const Type* from, const Type* to) {
  const auto* slice = As<Slice>(from);
  if (slice == nullptr) return false;
  const auto* array = As<Array>(to);
  if (const auto* pointer = As<Pointer>(to)) array = As<Array>(pointer->elem);
  return array != nullptr && Identical(slice->elem, array->elem);
}

// The conversions that are no assignments, between types that are no type
// parameters.
bool Convertible(const Type* from, const Type* to) {
  if (IdenticalIgnoringTags(Underlying(from), Underlying(to))) return true;
  const auto* p = llvm::dyn_cast<Pointer>(Unalias(from));
  const auto* q = llvm::dyn_cast<Pointer>(Unalias(to));
  if (p != nullptr && q != nullptr && !IsTypeParam(p->elem) &&
      !IsTypeParam(q->elem) &&
      IdenticalIgnoringTags(Underlying(p->elem), Underlying(q->elem))) {
    return true;
  }
  constexpr uint16_t kRealFlags = kIsInteger | kIsFloat;
  if (IsBasic(from, kRealFlags) && IsBasic(to, kRealFlags)) return true;
  if (IsBasic(from, kIsComplex) && IsBasic(to, kIsComplex)) return true;
  bool from_text = IsBasic(from, kIsInteger) || IsByteOrRuneSlice(from);
  if (IsBasic(to, kIsString) && from_text) return true;
  if (IsBasic(from, kIsString) && IsByteOrRuneSlice(to)) return true;
  bool from_address = As<Pointer>(from) != nullptr || IsUintptr(from);
  bool to_address = As<Pointer>(to) != nullptr || IsUintptr(to);
  if (IsUnsafePointer(to) && from_address) return true;
  if (IsUnsafePointer(from) && to_address) return true;
  return SliceToArray(from, to);
}

bool ConvertRelation(const TypeContext& context, const Type* from,
                     const Constant*, const Type* to, std::string* cause) {
  return ConvertibleTo(context, from, to, cause);
}

// --- assignments of typed values ---------------------------------------------

// "V is a bidirectional channel, T is a channel type, they have identical
// element types and at least one of V or T is not a named type."
bool ChanAssignable(const Type* from, const Type* to) {
  const auto *v = As<Chan>(from), *t = As<Chan>(to);
  if (v == nullptr || t == nullptr) return false;
  return v->dir == syntax::ChanDir::kBoth && Identical(v->elem, t->elem) &&
         (!IsNamedType(from) || !IsNamedType(to));
}

}  // namespace

bool AssignableTo(const TypeContext& context, const Type* from,
                  const Constant* value, const Type* to, std::string* cause) {
  if (from == to || IsInvalid(from) || IsInvalid(to)) return true;
  if (IsUntyped(from)) {
    return UntypedAssignable(context, llvm::cast<Basic>(from), value, to,
                             cause);
  }
  if (Identical(from, to)) return true;

  bool from_param = IsTypeParam(from), to_param = IsTypeParam(to);
  bool named = IsNamedType(from) && IsNamedType(to);
  if (!named && !from_param && !to_param &&
      Identical(Underlying(from), Underlying(to))) {
    return true;
  }
  const auto* pointer = As<Pointer>(to);
  bool to_interface_pointer = pointer != nullptr && IsInterface(pointer->elem);
  if (IsInterface(to) || to_interface_pointer) {
    if (Implements(context, from, to, /*constraint=*/false, cause)) return true;
    // The terms of a type parameter may still be assignable one by one.
    if (!from_param) return false;
    if (cause != nullptr) cause->clear();
  }
  if (IsInterface(from) && !from_param &&
      Implements(context, to, from, /*constraint=*/false, nullptr)) {
    Explain(cause, "need type assertion");
    return false;
  }
  if (ChanAssignable(from, to)) return true;
  if (!from_param && !to_param) return false;
  bool one_unnamed =
      (to_param && !IsNamedType(from)) || (from_param && !IsNamedType(to));
  return one_unnamed &&
         HoldsForTerms(context, from, value, to, "assign", AssignableTo, cause);
}

bool ConvertibleTo(const TypeContext& context, const Type* from, const Type* to,
                   std::string* cause) {
  if (AssignableTo(context, from, nullptr, to, nullptr)) return true;
  bool params = IsTypeParam(from) || IsTypeParam(to);
  if (params) {
    return HoldsForTerms(context, from, nullptr, to, "convert", ConvertRelation,
                         cause);
  }
  return Convertible(from, to);
}

bool ComparableWith(const TypeContext& context, const Type* a, const Type* b) {
  return AssignableTo(context, a, nullptr, b, nullptr) ||
         AssignableTo(context, b, nullptr, a, nullptr);
}

}  // namespace mgo::types
