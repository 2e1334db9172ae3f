// Sizes, alignments and offsets, which are Go's for amd64; and what they are in
// a frame.
//
// A struct's fields are laid out in source order, each aligned. A struct that
// ends in a field of size zero and is not itself empty is one byte longer, so
// that the address of that field is inside it. Sizes of structs are remembered
// in them, so a deep nest is not walked again and again.
#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"
#include "llvm/Support/MathExtras.h"

namespace mgo::types {

namespace {

constexpr int64_t kWord = 8;
// Anything larger does not fit an address space.
constexpr int64_t kMaxSize = int64_t{1} << 50;

struct Extent {
  int64_t size;   // -1: not known, or too large
  int64_t align;  // at least 1
};

constexpr Extent kUnknown = {-1, 1};

Extent Measure(const Type* t);

Extent MeasureBasic(BasicKind kind) {
  switch (kind) {
    case BasicKind::kBool:
    case BasicKind::kInt8:
    case BasicKind::kUint8:
    case BasicKind::kUntypedBool:
      return {1, 1};
    case BasicKind::kInt16:
    case BasicKind::kUint16:
      return {2, 2};
    case BasicKind::kInt32:
    case BasicKind::kUint32:
    case BasicKind::kFloat32:
    case BasicKind::kUntypedRune:
      return {4, 4};
    case BasicKind::kComplex64:
      return {8, 4};
    case BasicKind::kComplex128:
    case BasicKind::kUntypedComplex:
      return {16, 8};
    case BasicKind::kString:
    case BasicKind::kUntypedString:
      return {2 * kWord, kWord};
    case BasicKind::kInvalid:
      return kUnknown;
    default:
      return {kWord, kWord};
  }
}

// Lays the fields out; *offsets, if not null, gets each one's, -1 for one that
// is not known or too large.
Extent LayOut(const Struct* s, llvm::SmallVectorImpl<int64_t>* offsets) {
  int64_t size = 0, align = 1, last = 1;
  bool known = true;
  for (const Symbol* field : s->fields) {
    Extent extent = Measure(field->type);
    size = static_cast<int64_t>(llvm::alignTo(size, extent.align));
    if (offsets != nullptr) offsets->push_back(known ? size : -1);
    known = known && extent.size >= 0;
    if (!known) extent.size = 0;
    size += extent.size;
    if (size > kMaxSize) known = false;
    align = std::max(align, extent.align);
    last = extent.size;
  }
  if (!known) return {-1, align};
  if (size > 0 && last == 0) size++;
  return {static_cast<int64_t>(llvm::alignTo(size, align)), align};
}

Extent MeasureStruct(const Struct* s) {
  if (s->size >= 0) return {s->size, s->align};
  Extent extent = LayOut(s, nullptr);
  if (extent.size >= 0) {
    s->size = extent.size;
    s->align = static_cast<int32_t>(extent.align);
  }
  return extent;
}

// A type that contains itself is an error that the checker reports; here it
// only must not recurse for ever.
Extent MeasureNamed(const Named* named) {
  const Type* u = Underlying(named);
  if (u->kind != TypeKind::kStruct && u->kind != TypeKind::kArray) {
    return Measure(u);
  }
  if (named->visiting) return kUnknown;
  named->visiting = true;
  Extent extent = Measure(u);
  named->visiting = false;
  return extent;
}

Extent Measure(const Type* t) {
  t = Unalias(t);
  if (t == nullptr) return kUnknown;
  switch (t->kind) {
    case TypeKind::kBasic:
      return MeasureBasic(llvm::cast<Basic>(t)->basic);
    case TypeKind::kNamed:
      return MeasureNamed(llvm::cast<Named>(t));
    case TypeKind::kPointer:
    case TypeKind::kMap:
    case TypeKind::kChan:
    case TypeKind::kSignature:
      return {kWord, kWord};
    case TypeKind::kSlice:
      return {3 * kWord, kWord};
    case TypeKind::kInterface:
      return {2 * kWord, kWord};
    case TypeKind::kArray: {
      const auto* array = llvm::cast<Array>(t);
      Extent elem = Measure(array->elem);
      if (elem.size < 0 || array->length < 0) return {-1, elem.align};
      int64_t size;
      if (__builtin_mul_overflow(elem.size, array->length, &size) ||
          size > kMaxSize) {
        return {-1, elem.align};
      }
      return {size, elem.align};
    }
    case TypeKind::kStruct:
      return MeasureStruct(llvm::cast<Struct>(t));
    default:
      return kUnknown;
  }
}

// Whether `wanted` is true of t or of what a value of it contains.
bool SizeHas(const Type* t, bool (*wanted)(const Type*)) {
  t = Unalias(t);
  if (t == nullptr) return false;
  if (wanted(t)) return true;
  const Type* under = Underlying(t);
  if (const auto* named = llvm::dyn_cast<Named>(t)) {
    // As in MeasureNamed.
    if (named->visiting) return false;
    named->visiting = true;
    bool found = SizeHas(under, wanted);
    named->visiting = false;
    return found;
  }
  if (const auto* array = llvm::dyn_cast<Array>(under)) {
    return SizeHas(array->elem, wanted);
  }
  if (const auto* s = llvm::dyn_cast<Struct>(under)) {
    for (const Symbol* field : s->fields) {
      if (SizeHas(field->type, wanted)) return true;
    }
  }
  return false;
}

}  // namespace

bool SizeHasTypeParam(const Type* t) {
  return SizeHas(t,
                 [](const Type* part) { return llvm::isa<TypeParam>(part); });
}

bool SizeHasInvalid(const Type* t) { return SizeHas(t, IsInvalid); }

int64_t SizeOf(const Type* t) { return Measure(t).size; }

int64_t AlignOf(const Type* t) { return Measure(t).align; }

llvm::SmallVector<int64_t, 8> OffsetsOf(const Struct* s) {
  llvm::SmallVector<int64_t, 8> offsets;
  LayOut(s, &offsets);
  return offsets;
}

int64_t SlotsOf(const Type* t) {
  if (const auto* tuple = llvm::dyn_cast_if_present<Tuple>(t)) {
    int64_t slots = 0;
    for (const Symbol* var : tuple->vars) slots += SlotsOf(var->type);
    return slots;
  }
  int64_t size = SizeOf(t);
  return size < 0 ? size : (size + kWord - 1) / kWord;
}

bool HasPointers(const Type* t) {
  const Type* u = Underlying(t);
  if (u == nullptr) return false;
  switch (u->kind) {
    case TypeKind::kBasic: {
      BasicKind kind = llvm::cast<Basic>(u)->basic;
      return kind == BasicKind::kString || kind == BasicKind::kUntypedString ||
             kind == BasicKind::kUnsafePointer;
    }
    case TypeKind::kArray: {
      const auto* array = llvm::cast<Array>(u);
      return array->length != 0 && HasPointers(array->elem);
    }
    case TypeKind::kStruct: {
      const auto* s = llvm::cast<Struct>(u);
      if (s->has_pointers >= 0) return s->has_pointers == 1;
      const Named* named = AsNamed(t);
      if (named != nullptr && named->visiting) return false;
      if (named != nullptr) named->visiting = true;
      bool found = false;
      for (const Symbol* field : s->fields) {
        if ((found = HasPointers(field->type))) break;
      }
      if (named != nullptr) named->visiting = false;
      if (SizeOf(s) >= 0) s->has_pointers = found;
      return found;
    }
    case TypeKind::kTuple:
      for (const Symbol* var : llvm::cast<Tuple>(u)->vars) {
        if (HasPointers(var->type)) return true;
      }
      return false;
    default:
      return true;
  }
}

}  // namespace mgo::types
