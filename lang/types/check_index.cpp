// Index and slice expressions, and the checks on constant indices.
#include "lang/types/check.h"

namespace mgo::types {

void Checker::IndexExpr(Operand& x, const syntax::IndexExpr* e) {
  Raw(x, e->x, nullptr);
  if (x.mode == Mode::kType) {
    x.type = InstanceOf(e, x.type);
    x.mode = IsInvalid(x.type) ? Mode::kNone : Mode::kType;
    return;
  }
  if (IsGenericFunc(x)) {
    FuncInstance(x, e);
    return;
  }
  if (x.mode == Mode::kNoValue) {
    Report(DiagKind::kNoValueOrType, PosOf(x.expr), Str(x));
    x.mode = Mode::kNone;
  } else if (x.mode == Mode::kBuiltin) {
    Report(DiagKind::kCannotIndex, e->lbrack, Str(x));
    x.mode = Mode::kNone;
  } else {
    ExcludeNonValues(x);
    SingleValue(x);
  }
  if (x.Invalid()) {
    UseAll(e->indices);
    return;
  }
  if (IsTypeParam(x.type) && TypeParamIndex(x, e)) return;
  const Type* under = x.IsNil() ? Invalid() : CoreType(x.type);
  if (under == nullptr) under = Invalid();
  int64_t length = -1;
  bool valid = true;
  switch (under->kind) {
    case TypeKind::kBasic:
      valid = IsBasic(under, kIsString);
      if (!valid) break;
      if (x.mode == Mode::kConstant) {
        length = static_cast<int64_t>(x.value->StringValue().size());
        if (IsUntyped(x.type)) ConvertUntyped(x, Basic(BasicKind::kString));
      }
      x.mode = Mode::kValue;
      x.type = world_.universe->byte_type;
      break;
    case TypeKind::kArray:
      length = cast<Array>(under)->length;
      if (x.mode != Mode::kVariable) x.mode = Mode::kValue;
      x.type = cast<Array>(under)->elem;
      break;
    case TypeKind::kPointer: {
      const auto* array = As<Array>(cast<Pointer>(under)->elem);
      valid = array != nullptr;
      if (!valid) break;
      length = array->length;
      x.mode = Mode::kVariable;
      x.type = array->elem;
      break;
    }
    case TypeKind::kSlice:
      x.mode = Mode::kVariable;
      x.type = cast<Slice>(under)->elem;
      break;
    case TypeKind::kMap:
      MapIndex(x, e, cast<Map>(under));
      return;
    default:
      valid = false;
      break;
  }
  if (!valid) {
    if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kCannotIndex, e->lbrack, Str(x));
    }
    UseAll(e->indices);
    x.mode = Mode::kNone;
    return;
  }
  int64_t value;
  Index(e->indices[0], length, &value);
}

// Indexing a type parameter whose types have no single underlying type: all of
// them must have the same elements.
bool Checker::TypeParamIndex(Operand& x, const syntax::IndexExpr* e) {
  if (CoreType(x.type) != nullptr) return false;
  llvm::SmallVector<Term, 8> terms;
  if (!TermsOf(x.type, &terms) || terms.empty()) return false;
  const Type* elem = nullptr;
  Mode mode = Mode::kVariable;
  for (const Term& term : terms) {
    const Type* under = Underlying(term.type);
    const Type* one = nullptr;
    if (IsBasic(under, kIsString)) {
      one = world_.universe->byte_type;
      mode = Mode::kValue;
    } else if (const auto* array = dyn_cast<Array>(under)) {
      one = array->elem;
      if (x.mode != Mode::kVariable) mode = Mode::kValue;
    } else if (const auto* slice = dyn_cast<Slice>(under)) {
      one = slice->elem;
    } else if (const auto* pointer = dyn_cast<Pointer>(under)) {
      if (const auto* pointed = As<Array>(pointer->elem)) one = pointed->elem;
    }
    if (one == nullptr) return false;
    if (elem != nullptr && !Identical(elem, one)) return false;
    elem = one;
  }
  x.mode = mode;
  x.type = elem;
  int64_t value;
  Index(e->indices[0], -1, &value);
  return true;
}

void Checker::MapIndex(Operand& x, const syntax::IndexExpr* e, const Map* map) {
  Operand key;
  const Expr* index = e->indices[0];
  Value(key, index);
  Assignment(key, map->key, "map index");
  // A wrong key does not make the element's type unknown.
  x.mode = Mode::kMapIndex;
  x.type = map->value;
}

bool Checker::ValidIndex(Operand& x, const char* what, bool allow_negative) {
  if (x.Invalid()) return false;
  ConvertUntyped(x, Basic(BasicKind::kInt));
  if (x.Invalid()) return false;
  if (!AllBasic(x.type, kIsInteger)) {
    if (!IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kIndexNotInteger, PosOf(x.expr), what, Str(x));
    }
    return false;
  }
  if (x.mode == Mode::kConstant) {
    if (x.value->Kind() == ConstKind::kUnknown) return false;
    if (!allow_negative && x.value->Sign() < 0) {
      Report(DiagKind::kIndexNegative, PosOf(x.expr), what, Str(x));
      return false;
    }
    int64_t unused;
    if (!x.value->Int64Value(&unused)) {
      Report(DiagKind::kIndexOverflow, PosOf(x.expr), what, Str(x));
      return false;
    }
  }
  return true;
}

bool Checker::Index(const Expr* e, int64_t limit, int64_t* value) {
  *value = -1;
  Operand x;
  Value(x, e);
  return ConstantIndex(x, limit, value);
}

bool Checker::ConstantIndex(Operand& x, int64_t limit, int64_t* value) {
  if (!ValidIndex(x, "index", /*allow_negative=*/false)) return false;
  if (x.mode != Mode::kConstant) return true;
  if (!x.value->Int64Value(value)) return true;
  if (limit >= 0 && *value >= limit) {
    Report(DiagKind::kIndexOutOfBounds, PosOf(x.expr), x.value->ToString(),
           limit);
    *value = -1;
    return false;
  }
  return true;
}

void Checker::SliceExpr(Operand& x, const syntax::SliceExpr* e) {
  Value(x, e->x);
  const Expr* indices[] = {e->lo, e->hi, e->max};
  if (x.Invalid()) {
    UseAll(indices);
    return;
  }
  int64_t length = -1;
  const Type* under = x.IsNil() ? Invalid() : CoreType(x.type);
  std::string cause;
  if (under == nullptr && IsByteString(x.type)) {
    under = Basic(BasicKind::kString);
  } else if (under == nullptr) {
    under = Underlying(x.type);
    cause = ": " + WhyNoCommonType(x.type);
    if (cause == ": no specific type") cause += " in " + Str(x.type);
  }
  bool valid = false;
  if (IsBasic(under, kIsString)) {
    if (e->three) {
      const Expr* at = e->max != nullptr ? e->max : e;
      Report(DiagKind::kSliceString3, PosOf(at));
      UseAll(indices);
      x.mode = Mode::kNone;
      return;
    }
    valid = true;
    if (x.mode == Mode::kConstant) {
      length = static_cast<int64_t>(x.value->StringValue().size());
    }
    if (IsUntyped(x.type)) ConvertUntyped(x, Basic(BasicKind::kString));
    x.mode = Mode::kValue;
  } else if (const auto* array = dyn_cast<Array>(under)) {
    valid = true;
    length = array->length;
    if (x.mode != Mode::kVariable) {
      Report(DiagKind::kSliceUnaddressable, PosOf(e->x), Str(x));
      UseAll(indices);
      x.mode = Mode::kNone;
      return;
    }
    x.type = world_.types.New<Slice>(array->elem);
  } else if (const auto* pointer = dyn_cast<Pointer>(under)) {
    if (const auto* pointed = As<Array>(pointer->elem)) {
      valid = true;
      length = pointed->length;
      x.type = world_.types.New<Slice>(pointed->elem);
    }
  } else if (isa<Slice>(under)) {
    valid = true;
  }
  if (!valid) {
    if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kCannotSlice, PosOf(e->x), Str(x) + cause);
    }
    x.mode = Mode::kNone;
    return;
  }
  x.mode = Mode::kValue;
  int64_t values[3] = {-1, -1, -1};
  for (int i = 0; i < 3; i++) {
    if (indices[i] == nullptr) continue;
    Index(indices[i], length >= 0 ? length + 1 : -1, &values[i]);
  }
  for (int i = 0; i < 3; i++) {
    if (values[i] <= 0) continue;
    for (int j = i + 1; j < 3; j++) {
      if (values[j] >= 0 && values[j] < values[i]) {
        Report(DiagKind::kSwappedIndices, indices[j]->pos, values[j],
               values[i]);
        return;
      }
    }
  }
}

}  // namespace mgo::types
