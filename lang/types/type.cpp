#include "lang/types/type.h"

#include "lang/types/instantiate.h"
#include "lang/types/package.h"
#include "lang/types/symbol.h"

namespace mgo::types {

// --- basic types -------------------------------------------------------------

// Immutable and shared by all compilations. In the order of BasicKind.
static constexpr int kBasicCount = 26;
static const Basic kBasics[kBasicCount] = {
    {BasicKind::kInvalid, 0, "invalid type"},
    {BasicKind::kBool, kIsBoolean, "bool"},
    {BasicKind::kInt, kIsInteger, "int"},
    {BasicKind::kInt8, kIsInteger, "int8"},
    {BasicKind::kInt16, kIsInteger, "int16"},
    {BasicKind::kInt32, kIsInteger, "int32"},
    {BasicKind::kInt64, kIsInteger, "int64"},
    {BasicKind::kUint, kIsInteger | kIsUnsigned, "uint"},
    {BasicKind::kUint8, kIsInteger | kIsUnsigned, "uint8"},
    {BasicKind::kUint16, kIsInteger | kIsUnsigned, "uint16"},
    {BasicKind::kUint32, kIsInteger | kIsUnsigned, "uint32"},
    {BasicKind::kUint64, kIsInteger | kIsUnsigned, "uint64"},
    {BasicKind::kUintptr, kIsInteger | kIsUnsigned, "uintptr"},
    {BasicKind::kFloat32, kIsFloat, "float32"},
    {BasicKind::kFloat64, kIsFloat, "float64"},
    {BasicKind::kComplex64, kIsComplex, "complex64"},
    {BasicKind::kComplex128, kIsComplex, "complex128"},
    {BasicKind::kString, kIsString, "string"},
    {BasicKind::kUnsafePointer, 0, "unsafe.Pointer"},
    {BasicKind::kUntypedBool, kIsBoolean | kIsUntyped, "untyped bool"},
    {BasicKind::kUntypedInt, kIsInteger | kIsUntyped, "untyped int"},
    {BasicKind::kUntypedRune, kIsInteger | kIsUntyped, "untyped rune"},
    {BasicKind::kUntypedFloat, kIsFloat | kIsUntyped, "untyped float"},
    {BasicKind::kUntypedComplex, kIsComplex | kIsUntyped, "untyped complex"},
    {BasicKind::kUntypedString, kIsString | kIsUntyped, "untyped string"},
    {BasicKind::kUntypedNil, kIsUntyped, "untyped nil"},
};

const Basic kByteType(BasicKind::kUint8, kIsInteger | kIsUnsigned, "byte");
const Basic kRuneType(BasicKind::kInt32, kIsInteger, "rune");

const Basic* BasicType(BasicKind kind) {
  return &kBasics[static_cast<int>(kind)];
}

// --- the arena ---------------------------------------------------------------

TypeArena::TypeArena() : instances_(new InstanceTable) {}

TypeArena::~TypeArena() {
  for (const Cleanup& cleanup : cleanups_) cleanup.destroy(cleanup.object);
}

// --- resolution on demand ----------------------------------------------------

static thread_local SymbolResolver* current_resolver = nullptr;

SymbolResolver* SymbolResolver::Install(SymbolResolver* resolver) {
  SymbolResolver* former = current_resolver;
  current_resolver = resolver;
  return former;
}

const Type* TypeOf(Symbol* symbol) {
  if (symbol->type != nullptr) return symbol->type;
  if (symbol->origin != nullptr) {
    ResolveInstanceMethod(symbol);
  } else if (current_resolver != nullptr) {
    current_resolver->Resolve(symbol);
  }
  return symbol->type;
}

// --- classification ----------------------------------------------------------

const Type* Unalias(const Type* t) {
  while (const auto* alias = llvm::dyn_cast_if_present<Alias>(t)) {
    t = alias->actual;
  }
  return t;
}

const Type* SlowUnderlying(const Type* t) {
  if (t->kind == TypeKind::kNamed) {
    const Type* u = static_cast<const Named*>(t)->underlying;
    if (u != nullptr && u->kind != TypeKind::kNamed &&
        u->kind != TypeKind::kAlias) {
      return u;
    }
  }
  // A chain of names whose declarations are still being checked; a cycle in it
  // is an error reported elsewhere.
  constexpr int kMaxChain = 1000;
  for (int i = 0; i < kMaxChain; i++) {
    t = Unalias(t);
    if (t == nullptr) break;
    if (const auto* named = llvm::dyn_cast<Named>(t)) {
      if (named->underlying == nullptr) ExpandUnderlying(named);
      t = named->underlying;
    } else if (const auto* param = llvm::dyn_cast<TypeParam>(t)) {
      t = param->constraint;
    } else {
      return t;
    }
  }
  return BasicType(BasicKind::kInvalid);
}

const Named* AsNamed(const Type* t) {
  return llvm::dyn_cast_if_present<Named>(Unalias(t));
}

bool IsBasic(const Type* t, uint16_t flags) {
  if (t == nullptr || IsTypeParam(t)) return false;
  const auto* basic = As<Basic>(t);
  return basic != nullptr && (basic->flags & flags) != 0;
}

bool AllBasic(const Type* t, uint16_t flags) {
  if (!IsTypeParam(t)) return IsBasic(t, flags);
  llvm::SmallVector<Term, 8> terms;
  if (!TermsOf(t, &terms) || terms.empty()) return false;
  for (const Term& term : terms) {
    if (!IsBasic(term.type, flags)) return false;
  }
  return true;
}

bool IsUntyped(const Type* t) {
  return t != nullptr && t->kind == TypeKind::kBasic &&
         (static_cast<const Basic*>(t)->flags & kIsUntyped) != 0;
}

bool IsInterface(const Type* t) {
  return !IsTypeParam(t) && As<Interface>(t) != nullptr;
}

bool IsTypeParam(const Type* t) {
  return llvm::isa_and_present<TypeParam>(Unalias(t));
}

bool IsInvalid(const Type* t) {
  const auto* basic = llvm::dyn_cast_if_present<Basic>(Unalias(t));
  return t == nullptr ||
         (basic != nullptr && basic->basic == BasicKind::kInvalid);
}

bool HasNil(const Type* t) {
  if (IsTypeParam(t)) {
    llvm::SmallVector<Term, 8> terms;
    if (!TermsOf(t, &terms) || terms.empty()) return false;
    for (const Term& term : terms) {
      if (!HasNil(term.type)) return false;
    }
    return true;
  }
  const Type* u = Underlying(t);
  if (u == nullptr) return false;
  switch (u->kind) {
    case TypeKind::kBasic: {
      BasicKind kind = llvm::cast<Basic>(u)->basic;
      return kind == BasicKind::kUnsafePointer ||
             kind == BasicKind::kUntypedNil;
    }
    case TypeKind::kPointer:
    case TypeKind::kSlice:
    case TypeKind::kMap:
    case TypeKind::kChan:
    case TypeKind::kSignature:
    case TypeKind::kInterface:
      return true;
    default:
      return false;
  }
}

const Type* DefaultType(const Type* t) {
  if (!IsUntyped(t)) return t;
  switch (llvm::cast<Basic>(t)->basic) {
    case BasicKind::kUntypedBool:
      return BasicType(BasicKind::kBool);
    case BasicKind::kUntypedInt:
      return BasicType(BasicKind::kInt);
    case BasicKind::kUntypedRune:
      return &kRuneType;
    case BasicKind::kUntypedFloat:
      return BasicType(BasicKind::kFloat64);
    case BasicKind::kUntypedComplex:
      return BasicType(BasicKind::kComplex128);
    case BasicKind::kUntypedString:
      return BasicType(BasicKind::kString);
    default:
      return t;  // untyped nil has none
  }
}

// The channel type that stands for both a and b, or null.
static const Chan* CommonChan(const Chan* a, const Chan* b) {
  if (!Identical(a->elem, b->elem)) return nullptr;
  if (a->dir == b->dir || b->dir == syntax::ChanDir::kBoth) return a;
  return a->dir == syntax::ChanDir::kBoth ? b : nullptr;
}

const Type* CoreType(const Type* t) {
  if (!IsTypeParam(t)) return Underlying(t);
  llvm::SmallVector<Term, 8> terms;
  if (!TermsOf(t, &terms) || terms.empty()) return nullptr;
  const Type* core = Underlying(terms.front().type);
  for (const Term& term : llvm::drop_begin(terms)) {
    const Type* u = Underlying(term.type);
    const auto* c1 = llvm::dyn_cast<Chan>(core);
    const auto* c2 = llvm::dyn_cast<Chan>(u);
    if (c1 != nullptr && c2 != nullptr) {
      core = CommonChan(c1, c2);
      if (core == nullptr) return nullptr;
    } else if (!Identical(core, u)) {
      return nullptr;
    }
  }
  return core;
}

const char* CompositeKind(const Type* t) {
  const Type* u = Underlying(t);
  if (u == nullptr) return "";
  switch (u->kind) {
    case TypeKind::kArray:
      return "array";
    case TypeKind::kSlice:
      return "slice";
    case TypeKind::kStruct:
      return "struct";
    case TypeKind::kPointer:
      return "pointer";
    case TypeKind::kSignature:
      return "func";
    case TypeKind::kInterface:
      return IsTypeParam(t) ? "type parameter" : "interface";
    case TypeKind::kMap:
      return "map";
    case TypeKind::kChan:
      return "chan";
    case TypeKind::kTuple:
      return "tuple";
    case TypeKind::kUnion:
      return "union";
    default:
      return "";
  }
}

// --- comparability -----------------------------------------------------------

namespace {

// Sets a Named's mark for the time of a walk through it.
class Visit {
 public:
  explicit Visit(const Named* named) : named_(named) {
    if (named_ != nullptr) named_->visiting = true;
  }
  ~Visit() {
    if (named_ != nullptr) named_->visiting = false;
  }

 private:
  const Named* named_;
};

bool InterfaceComparable(const Interface* iface, std::string* cause) {
  Complete(iface);
  bool comparable = iface->comparable;
  if (iface->has_terms) {
    comparable = !iface->terms.empty();
    for (const Term& term : iface->terms) {
      comparable = comparable && Comparable(term.type, true, nullptr);
    }
  }
  if (!comparable && cause != nullptr) {
    *cause =
        IsEmptySet(iface) ? "empty type set" : "incomparable types in type set";
  }
  return comparable;
}

bool ComparableIn(const Type* t, bool strict, const Package* relative,
                  std::string* cause);

bool StructComparable(const Struct* s, bool strict, const Package* relative,
                      std::string* cause) {
  // The answer of a complete type is remembered, so that a deep nest of structs
  // is not walked again and again.
  int8_t& known = s->comparable[strict];
  if (known == 1 || (known == 0 && cause == nullptr)) return known == 1;
  for (const Symbol* field : s->fields) {
    if (ComparableIn(field->type, strict, relative, nullptr)) continue;
    if (SizeOf(s) >= 0) known = 0;
    if (cause != nullptr) {
      *cause = "struct containing " + TypeString(field->type, relative) +
               " cannot be compared";
    }
    return false;
  }
  if (SizeOf(s) >= 0) known = 1;
  return true;
}

// Comparable, with names relative to a package in the cause.
bool ComparableIn(const Type* t, bool strict, const Package* relative,
                  std::string* cause) {
  const Type* u = Underlying(t);
  if (u == nullptr) return true;
  const Named* named = AsNamed(t);
  if (named != nullptr && named->visiting) return true;
  Visit visit(named);
  switch (u->kind) {
    case TypeKind::kBasic:
      return llvm::cast<Basic>(u)->basic != BasicKind::kUntypedNil;
    case TypeKind::kPointer:
    case TypeKind::kChan:
      return true;
    case TypeKind::kInterface:
      if (!strict && !IsTypeParam(t)) return true;
      return InterfaceComparable(llvm::cast<Interface>(u), cause);
    case TypeKind::kStruct:
      return StructComparable(llvm::cast<Struct>(u), strict, relative, cause);
    case TypeKind::kArray:
      if (ComparableIn(llvm::cast<Array>(u)->elem, strict, relative, nullptr)) {
        return true;
      }
      if (cause != nullptr) {
        *cause = TypeString(t, relative) + " cannot be compared";
      }
      return false;
    default:
      return false;
  }
}

}  // namespace

bool Comparable(const Type* t, bool strict, std::string* cause) {
  return ComparableIn(t, strict, nullptr, cause);
}

std::string IncomparableCause(const Type* t, const Package* relative) {
  const Type* u = Underlying(t);
  if (u != nullptr &&
      (u->kind == TypeKind::kSlice || u->kind == TypeKind::kSignature ||
       u->kind == TypeKind::kMap)) {
    return std::string(CompositeKind(t)) + " can only be compared to nil";
  }
  std::string cause;
  ComparableIn(t, /*strict=*/false, relative, &cause);
  return cause;
}

}  // namespace mgo::types
