// Types, as the checker knows them.
//
// Types are compared with Identical, by structure, as the specification says;
// canonical ones (pointer identity) exist only at run time, as TypeDescs. A
// Type lives in the TypeArena of the compilation and is immutable once it is
// complete: a Named gets its underlying type and methods while its declaration
// is checked.
#ifndef MGO_LANG_TYPES_TYPE_H_
#define MGO_LANG_TYPES_TYPE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "lang/syntax/ast.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Casting.h"

namespace mgo::types {

struct Symbol;
struct Package;
class Scope;
class TypeArena;
class InstanceTable;
using syntax::Name;

enum class TypeKind : uint8_t {
  kBasic,
  kNamed,
  kAlias,
  kPointer,
  kSlice,
  kArray,
  kMap,
  kChan,
  kStruct,
  kTuple,
  kSignature,
  kInterface,
  kUnion,
  kTypeParam,
};

struct Type {
  TypeKind kind;
  explicit Type(TypeKind k) : kind(k) {}
};

#define MGO_TYPE(name) \
  static bool classof(const Type* t) { return t->kind == TypeKind::k##name; }

// Predeclared types; byte and rune are aliases of uint8 and int32 that keep
// their spelling (see Universe).
enum class BasicKind : uint8_t {
  kInvalid,
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUintptr,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kString,
  kUnsafePointer,
  kUntypedBool,
  kUntypedInt,
  kUntypedRune,
  kUntypedFloat,
  kUntypedComplex,
  kUntypedString,
  kUntypedNil,
};

// Properties of basic types, as bits.
enum BasicFlags : uint16_t {
  kIsBoolean = 1,
  kIsInteger = 2,
  kIsUnsigned = 4,
  kIsFloat = 8,
  kIsComplex = 16,
  kIsString = 32,
  kIsUntyped = 64,
  kIsOrdered = kIsInteger | kIsFloat | kIsString,
  kIsNumeric = kIsInteger | kIsFloat | kIsComplex,
  kIsConstType = kIsBoolean | kIsNumeric | kIsString,
};

struct Basic : Type {
  BasicKind basic;
  uint16_t flags;
  const char* name;  // "byte" for the byte spelling of uint8
  Basic(BasicKind b, uint16_t f, const char* n)
      : Type(TypeKind::kBasic), basic(b), flags(f), name(n) {}
  MGO_TYPE(Basic)
};

// A defined type, or an instance of a generic one. Of an instance, underlying
// type and methods are made when Underlying and MethodsOf first ask for them.
struct Named : Type {
  Symbol* symbol;                    // its type name
  const Type* underlying = nullptr;  // never Named or Alias when complete
  std::vector<Symbol*> methods;      // declared ones, in source order
  llvm::ArrayRef<const struct TypeParam*> type_params;  // of a generic type
  // Of a type that is declared inside a generic function: the function's type
  // parameters, on which it depends as if they were its own.
  llvm::ArrayRef<const struct TypeParam*> outer_params;
  // Of an instance: the generic type and the arguments.
  const Named* origin = nullptr;
  llvm::ArrayRef<const Type*> type_args;
  llvm::ArrayRef<const Type*> outer_args;
  TypeArena* arena = nullptr;  // of an instance: where it was made
  // Of a type declared in a function: its number among the package's, from 1.
  uint32_t local_number = 0;
  // Guards of walks over types and an index of the methods, once there are
  // many.
  mutable bool visiting = false;
  mutable std::unique_ptr<llvm::DenseMap<const Name*, int>> method_index;
  mutable size_t indexed_methods = 0;
  explicit Named(Symbol* s) : Type(TypeKind::kNamed), symbol(s) {}
  MGO_TYPE(Named)
};

// A declared alias; transparent for every purpose but printing.
struct Alias : Type {
  Symbol* symbol;
  const Type* actual = nullptr;
  llvm::ArrayRef<const struct TypeParam*> type_params;  // of a generic alias
  // Of an instance: the generic alias and the arguments.
  const Alias* origin = nullptr;
  llvm::ArrayRef<const Type*> type_args;
  // Of a generic alias whose right side is not known yet: the instances that
  // get theirs with it.
  bool open = false;
  mutable std::vector<Alias*> waiting;
  explicit Alias(Symbol* s) : Type(TypeKind::kAlias), symbol(s) {}
  MGO_TYPE(Alias)
};

struct Pointer : Type {
  const Type* elem;
  explicit Pointer(const Type* e) : Type(TypeKind::kPointer), elem(e) {}
  MGO_TYPE(Pointer)
};

struct Slice : Type {
  const Type* elem;
  explicit Slice(const Type* e) : Type(TypeKind::kSlice), elem(e) {}
  MGO_TYPE(Slice)
};

struct Array : Type {
  const Type* elem;
  int64_t length;  // -1: unknown after an error
  Array(const Type* e, int64_t n)
      : Type(TypeKind::kArray), elem(e), length(n) {}
  MGO_TYPE(Array)
};

struct Map : Type {
  const Type *key, *value;
  Map(const Type* k, const Type* v) : Type(TypeKind::kMap), key(k), value(v) {}
  MGO_TYPE(Map)
};

struct Chan : Type {
  syntax::ChanDir dir;
  const Type* elem;
  Chan(syntax::ChanDir d, const Type* e)
      : Type(TypeKind::kChan), dir(d), elem(e) {}
  MGO_TYPE(Chan)
};

// Fields are Var symbols (is_field), in source order, with their tags.
struct Struct : Type {
  llvm::ArrayRef<Symbol*> fields;
  llvm::ArrayRef<llvm::StringRef> tags;  // unquoted; empty when there are none
  // Facts about the type, once they are known and cannot change any more: size
  // and alignment (layout.cpp), then the others: -1 unknown, 0 no, 1 yes.
  mutable int64_t size = -1;
  mutable int32_t align = 0;
  mutable int8_t has_pointers = -1;
  mutable int8_t comparable[2] = {-1, -1};  // by strictness
  Struct(llvm::ArrayRef<Symbol*> f, llvm::ArrayRef<llvm::StringRef> t)
      : Type(TypeKind::kStruct), fields(f), tags(t) {}
  MGO_TYPE(Struct)
};

// Parameters, results, or a multi-value. Vars are Var symbols.
struct Tuple : Type {
  llvm::ArrayRef<Symbol*> vars;
  explicit Tuple(llvm::ArrayRef<Symbol*> v) : Type(TypeKind::kTuple), vars(v) {}
  MGO_TYPE(Tuple)
};

// A function type. The last parameter of a variadic one has type []T.
struct Signature : Type {
  Symbol* recv = nullptr;  // of a declared or interface method
  const Tuple* params;
  const Tuple* results;
  bool variadic;
  llvm::ArrayRef<const TypeParam*> type_params;  // of a generic function
  llvm::ArrayRef<const TypeParam*> recv_type_params;
  Signature(const Tuple* p, const Tuple* r, bool v)
      : Type(TypeKind::kSignature), params(p), results(r), variadic(v) {}
  MGO_TYPE(Signature)
};

struct Term {
  bool tilde;
  const Type* type;
};

// ~A | B in a constraint.
struct Union : Type {
  llvm::ArrayRef<Term> terms;
  explicit Union(llvm::ArrayRef<Term> t) : Type(TypeKind::kUnion), terms(t) {}
  MGO_TYPE(Union)
};

// An interface. `methods` and `embedded` are as written; `all_methods` (sorted
// by name, exported ones first, then by package) and the type set are there
// once it is complete.
struct Interface : Type {
  llvm::ArrayRef<Symbol*> methods;
  llvm::ArrayRef<const Type*> embedded;
  llvm::ArrayRef<syntax::Pos> embedded_pos;
  bool complete = false;
  std::vector<Symbol*> all_methods;
  // The type set's terms; meaningful when has_terms (otherwise: all types).
  bool has_terms = false;
  std::vector<Term> terms;
  bool comparable = false;  // has or embeds `comparable`
  bool implicit = false;    // written as a bare constraint such as ~int
  Interface(llvm::ArrayRef<Symbol*> m, llvm::ArrayRef<const Type*> e)
      : Type(TypeKind::kInterface), methods(m), embedded(e) {}
  MGO_TYPE(Interface)
};

struct TypeParam : Type {
  Symbol* symbol;
  int index;                         // in its list
  const Type* constraint = nullptr;  // its Interface is under Underlying()
  TypeParam(Symbol* s, int i)
      : Type(TypeKind::kTypeParam), symbol(s), index(i) {}
  MGO_TYPE(TypeParam)
};

#undef MGO_TYPE

// Memory of all types of a compilation.
class TypeArena {
 public:
  TypeArena();
  ~TypeArena();
  TypeArena(const TypeArena&) = delete;
  TypeArena& operator=(const TypeArena&) = delete;
  // Makes a type (or a Symbol, or a Scope).
  template <typename T, typename... Args>
  T* New(Args&&... args) {
    T* t = new (allocator_.Allocate<T>()) T(std::forward<Args>(args)...);
    if constexpr (!std::is_trivially_destructible_v<T>) {
      cleanups_.push_back({t, [](void* p) { static_cast<T*>(p)->~T(); }});
    }
    return t;
  }
  template <typename T>
  llvm::ArrayRef<T> Copy(llvm::ArrayRef<T> items) {
    return items.copy(allocator_);
  }
  llvm::StringRef CopyText(llvm::StringRef text) {
    return text.copy(allocator_);
  }
  // All instances of generic types (instantiate.h).
  InstanceTable& Instances() { return *instances_; }
  // Where symbols of instances get their numbers; the Universe sets it.
  void SetSymbolCounter(uint32_t* next) { next_symbol_id_ = next; }
  uint32_t NextSymbolId() { return next_symbol_id_ ? (*next_symbol_id_)++ : 0; }

 private:
  struct Cleanup {
    void* object;
    void (*destroy)(void*);
  };
  llvm::BumpPtrAllocator allocator_;
  std::vector<Cleanup> cleanups_;
  std::unique_ptr<InstanceTable> instances_;
  uint32_t* next_symbol_id_ = nullptr;
};

// --- questions about types ---------------------------------------------------

// The type behind aliases.
const Type* Unalias(const Type* t);
// The underlying type (of a TypeParam: its constraint's interface). While a
// Named is not complete it is the invalid type.
inline const Type* Underlying(const Type* t);
// Unaliased and of class T, or null: As<Pointer>(t) looks through names.
template <typename T>
const T* As(const Type* t) {
  return llvm::dyn_cast_if_present<T>(Underlying(t));
}
// The rest of Underlying: names, aliases, type parameters.
const Type* SlowUnderlying(const Type* t);
inline const Type* Underlying(const Type* t) {
  bool itself = t == nullptr ||
                (t->kind != TypeKind::kNamed && t->kind != TypeKind::kAlias &&
                 t->kind != TypeKind::kTypeParam);
  return itself ? t : SlowUnderlying(t);
}

// Finds the type of a symbol that is declared but not resolved yet (type null).
// The checker installs one while it works; a question about types that meets
// such a method asks it.
class SymbolResolver {
 public:
  virtual ~SymbolResolver() = default;
  // Sets symbol->type (to the invalid type after an error).
  virtual void Resolve(Symbol* symbol) = 0;
  // Installs `resolver` (may be null) for this thread; returns the former one.
  static SymbolResolver* Install(SymbolResolver* resolver);
};
// The type of a symbol, resolved on demand: asks the SymbolResolver, or makes
// the substituted signature of an instance's method. Null if neither knows.
const Type* TypeOf(Symbol* symbol);

// The Named (behind aliases) or null.
const Named* AsNamed(const Type* t);
// Tells whether the underlying type is a Basic with any of `flags`.
bool IsBasic(const Type* t, uint16_t flags);
// Like IsBasic, but of a type parameter every type of its type set must be so.
bool AllBasic(const Type* t, uint16_t flags);
// The one Basic of a kind; byte and rune have objects of their own.
const Basic* BasicType(BasicKind kind);
extern const Basic kByteType, kRuneType;
bool IsUntyped(const Type* t);
bool IsInterface(const Type* t);  // not a type parameter
bool IsTypeParam(const Type* t);
bool IsInvalid(const Type* t);
// Tells whether values can be nil (unsafe.Pointer included).
bool HasNil(const Type* t);
// The default type of an untyped one; other types as they are.
const Type* DefaultType(const Type* t);
// The core type: the underlying type, or the single one of a type set; null.
const Type* CoreType(const Type* t);

// Completes an interface: all_methods and the type set. The embedded types'
// underlying types must be there. All questions below do so by themselves.
const Interface* Complete(const Interface* iface);
// Whether the interface may stand only as a constraint (type set or
// comparable).
bool IsConstraintInterface(const Interface* iface);

// Identity as in the specification.
bool Identical(const Type* a, const Type* b);
// Hash that agrees with Identical.
uint64_t HashOf(const Type* t);
// Comparability of values (== allowed). `strict`: and cannot panic. Where it is
// not, *cause says why, in Go's words.
bool Comparable(const Type* t, bool strict, std::string* cause);
// Why t cannot be compared, as Go says it after "invalid operation: x == y":
// "slice can only be compared to nil", "struct containing []int cannot be
// compared"; package-relative names as in TypeString.
std::string IncomparableCause(const Type* t, const Package* relative);
// Go's word for the kind of a composite type: "map", "func", "slice", …; empty
// for basic types.
const char* CompositeKind(const Type* t);
// Writes the type as Go's messages do; names of packages other than `relative`
// are qualified by the package's name.
std::string TypeString(const Type* t, const Package* relative);
// Parameters and results without their names, as Go shows a method's behind its
// own: "(int) string"; named results keep their parentheses.
std::string SignatureString(const Signature* sig, const Package* relative);

// --- fields and methods ------------------------------------------------------

// What a selector finds.
struct LookupResult {
  Symbol* symbol = nullptr;        // a field Var or a method Func; null: none
  llvm::SmallVector<int, 4> path;  // field indices, the method's index last
  bool indirect = false;           // a pointer was followed on the way
  bool ambiguous = false;          // found more than once at the least depth
  // With symbol null: the method that is there but needs a pointer receiver.
  Symbol* pointer_method = nullptr;
};

// The declared methods of t; those of an instance are made on demand.
llvm::ArrayRef<Symbol*> MethodsOf(const Named* t);
// The declared method of that name, or null; not through embedded fields.
// Unexported names match only within `pkg`.
Symbol* FindMethod(const Named* t, const Package* pkg, const Name* name);
// Whether a declared method has a pointer receiver; it need not be resolved.
bool HasPointerReceiver(const Symbol* method);

// Whether the symbol is what `name`, written in `pkg`, selects.
bool SameName(const Symbol* symbol, const Package* pkg, const Name* name);
// Order of methods: exported ones first, then by name, then by package path.
bool MethodLess(const Symbol* a, const Symbol* b);

// Looks `name` up in t as a selector does (`pkg` is where, for unexported
// names): fields and methods through embedded fields. t may be a pointer. With
// fold_case names that differ in case only match too (for hints).
LookupResult LookupFieldOrMethod(const Type* t, bool addressable,
                                 const Package* pkg, const Name* name,
                                 bool fold_case = false);

// One method of a type's method set.
struct MethodSetEntry {
  Symbol* method;                  // the Func
  llvm::SmallVector<int, 4> path;  // embedded fields to go through
  bool indirect;
};

// The method set of t (which may be a pointer or an interface), sorted by name.
std::vector<MethodSetEntry> MethodSetOf(const Type* t);

// The first method of the interface that t lacks, or null. *wrong_type is the
// method of that name with another signature or a pointer receiver, if any.
const Symbol* MissingMethod(const Type* t, const Interface* iface,
                            bool static_type, const Symbol** wrong_type);

// Why the method search of MissingMethod failed.
enum class Missing : uint8_t {
  kNothing,  // all methods are there
  kNotFound,
  kWrongName,   // one whose name differs in case only
  kUnexported,  // one of that name, unexported, of another package
  kWrongType,   // one with another signature
  kAmbiguous,   // several at the same depth
  kPointer,     // one with a pointer receiver
  kField,       // a field of that name
};
struct MissingResult {
  Missing why = Missing::kNothing;
  const Symbol* wanted = nullptr;  // the interface's method
  Symbol* found = nullptr;         // what is there instead, if any
};
// Like MissingMethod, with the reason.
MissingResult FindMissingMethod(const Type* t, const Interface* iface,
                                bool static_type);

// --- type sets ---------------------------------------------------------------

// Whether t is one of the term's types.
bool Includes(const Term& term, const Type* t);
// Whether all types of x are in y.
bool IsSubset(const Term& x, const Term& y);
// Whether every type of a's type set is in b's, as far as terms go.
bool IsSubset(const Interface* a, const Interface* b);
// Whether no type is in the set.
bool IsEmptySet(const Interface* iface);
// The terms of a type parameter, or of t itself: the types that a value of type
// t may have. False when they are not limited (no terms).
bool TermsOf(const Type* t, llvm::SmallVectorImpl<Term>* out);

// --- memory ------------------------------------------------------------------

// Size, alignment and field offsets are Go's for amd64, in bytes. A size is -1
// when it does not fit, and while a type is not complete.
int64_t SizeOf(const Type* t);
// Tells whether the size is known only once there are type arguments.
bool SizeHasTypeParam(const Type* t);
// Whether it contains a type that an earlier error made invalid.
bool SizeHasInvalid(const Type* t);
int64_t AlignOf(const Type* t);
// Offsets of all fields of a struct.
llvm::SmallVector<int64_t, 8> OffsetsOf(const Struct* s);
// Slots of 8 bytes that a value takes in a frame.
int64_t SlotsOf(const Type* t);
// Tells whether a value contains pointers.
bool HasPointers(const Type* t);

// Replaces type parameters by arguments, for generic instances. `from` and `to`
// have equal length. Types without any of them come back as they are.
const Type* Substitute(TypeArena& arena, const Type* t,
                       llvm::ArrayRef<const TypeParam*> from,
                       llvm::ArrayRef<const Type*> to);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_TYPE_H_
