// Composite literals.
#include "lang/types/check.h"
#include "lang/types/check_seen.h"

namespace mgo::types {

using syntax::KeyValueExpr;

void Checker::CompositeLit(Operand& x, const syntax::CompositeLit* e,
                           const Type* hint) {
  const Type* t = nullptr;
  const Type* base = nullptr;
  const syntax::ArrayTypeExpr* open_array = nullptr;
  if (e->type != nullptr) {
    const auto* array = dyn_cast<syntax::ArrayTypeExpr>(e->type);
    if (array != nullptr && array->len != nullptr &&
        isa<syntax::EllipsisExpr>(array->len)) {
      open_array = array;
      t = world_.types.New<Array>(VarType(array->elem), -1);
    } else {
      t = TypeExpr(e->type);
    }
    base = t;
  } else if (hint != nullptr) {
    t = hint;
    base = hint;
    // "&T may be elided when the element type is *T."
    const Type* core = CoreType(hint);
    if (const auto* pointer = dyn_cast_or_null<Pointer>(core)) {
      base = pointer->elem;
    }
  } else {
    Report(DiagKind::kMissingLiteralType, PosOf(e));
    t = base = Invalid();
  }
  if (!RequireFinished(base)) return;
  x.mode = Mode::kValue;
  x.type = t;
  const Type* under = CoreType(base);
  if (under == nullptr) under = Underlying(base);
  switch (under->kind) {
    case TypeKind::kStruct:
      StructLit(e, base, cast<Struct>(under));
      break;
    case TypeKind::kArray: {
      const auto* array = cast<Array>(under);
      int64_t count = ElementList(e->elements, array->elem,
                                  open_array != nullptr ? -1 : array->length);
      if (open_array != nullptr) {
        x.type = world_.types.New<Array>(array->elem, count);
        info_.types[e->type->id] = {x.type, nullptr, Mode::kType};
      }
      break;
    }
    case TypeKind::kSlice:
      ElementList(e->elements, cast<Slice>(under)->elem, -1);
      break;
    case TypeKind::kMap:
      MapLit(e, cast<Map>(under));
      break;
    default:
      for (const Expr* element : e->elements) {
        if (const auto* pair = dyn_cast<KeyValueExpr>(element)) {
          // The key may be a field's name: nothing to say about it.
          if (!isa<Ident>(pair->key)) Use(pair->key);
          Use(pair->value);
        } else {
          Use(element);
        }
      }
      if (!IsInvalid(under)) {
        Report(DiagKind::kInvalidLiteralType, PosOf(e),
               Str(t) + (IsTypeParam(base) && CoreType(base) == nullptr
                             ? " (no common underlying type)"
                             : ""));
      }
      x.mode = Mode::kNone;
      break;
  }
}

void Checker::StructLit(const syntax::CompositeLit* e, const Type* type,
                        const Struct* s) {
  if (e->elements.empty()) return;
  if (isa<KeyValueExpr>(e->elements[0])) {
    KeyedStructLit(e, type, s);
  } else {
    PositionalStructLit(e, type, s);
  }
}

void Checker::KeyedStructLit(const syntax::CompositeLit* e, const Type* type,
                             const Struct* s) {
  llvm::SmallVector<bool, 16> seen(s->fields.size(), false);
  for (const Expr* element : e->elements) {
    const auto* pair = dyn_cast<KeyValueExpr>(element);
    if (pair == nullptr) {
      Report(DiagKind::kMixedStructLit, PosOf(element));
      Use(element);
      continue;
    }
    const auto* key = dyn_cast<Ident>(pair->key);
    if (key == nullptr) {
      Report(DiagKind::kInvalidFieldName, PosOf(pair), Str(pair->key));
      Use(pair->value);
      continue;
    }
    size_t index = key->name->blank ? s->fields.size() : 0;
    while (index < s->fields.size() &&
           !SameName(s->fields[index], &package_, key->name)) {
      index++;
    }
    if (index == s->fields.size()) {
      ReportUnknownField(key, type, s);
      Use(pair->value);
      continue;
    }
    Symbol* field = s->fields[index];
    info_.symbols[key->id] = field;
    Operand value;
    Value(value, pair->value);
    Assignment(value, field->type, "struct literal");
    if (seen[index]) {
      Report(DiagKind::kDuplicateField, PosOf(pair), key->name->text);
    }
    seen[index] = true;
  }
}

void Checker::ReportUnknownField(const Ident* key, const Type* type,
                                 const Struct* s) {
  for (Symbol* field : s->fields) {
    if (key->name->blank) break;
    if (!field->name->text.equals_insensitive(key->name->text)) continue;
    bool foreign = field->package != &package_ && !field->name->exported;
    if (foreign && field->name == key->name) {
      Report(DiagKind::kUnexportedLitField, key->pos, key->name->text,
             Str(type));
      return;
    }
    if (foreign &&
        field->name->text.drop_front() != key->name->text.drop_front()) {
      continue;
    }
    Report(DiagKind::kUnknownFieldHint, key->pos, key->name->text, Str(type),
           foreign ? "unexported " : "", field->name->text);
    return;
  }
  Report(DiagKind::kUnknownField, key->pos, key->name->text, Str(type));
}

void Checker::PositionalStructLit(const syntax::CompositeLit* e,
                                  const Type* type, const Struct* s) {
  size_t count = e->elements.size();
  for (size_t i = 0; i < count; i++) {
    const Expr* element = e->elements[i];
    if (const auto* pair = dyn_cast<KeyValueExpr>(element)) {
      Report(DiagKind::kMixedStructLit, PosOf(pair));
      Use(pair->value);
      continue;
    }
    if (i >= s->fields.size()) {
      Use(element);
      Report(DiagKind::kTooManyValues, PosOf(element), Str(type));
      for (size_t j = i + 1; j < count; j++) Use(e->elements[j]);
      return;
    }
    Symbol* field = s->fields[i];
    Operand value;
    Value(value, element);
    if (!field->name->exported && field->package != &package_) {
      Report(DiagKind::kImplicitUnexported, PosOf(element), field->name->text,
             Str(type));
      continue;
    }
    Assignment(value, field->type, "struct literal");
  }
  if (count < s->fields.size()) {
    Report(DiagKind::kTooFewValues, e->rbrace, Str(type));
  }
}

int64_t Checker::ElementList(ArrayRef<const Expr*> elements, const Type* elem,
                             int64_t length) {
  llvm::DenseSet<int64_t> seen;
  bool has_keys = false;
  int64_t index = 0, count = 0;
  for (const Expr* element : elements) {
    bool valid = false;
    const Expr* value = element;
    if (const auto* pair = dyn_cast<KeyValueExpr>(element)) {
      if (!has_keys) {
        for (int64_t i = 0; i < index; i++) seen.insert(i);
        has_keys = true;
      }
      value = pair->value;
      Operand key;
      Value(key, pair->key);
      if (key.mode == Mode::kConstant || key.Invalid()) {
        if (!key.Invalid()) {
          int64_t at = -1;
          if (ConstantIndex(key, length, &at)) {
            index = at;
            valid = true;
          }
        }
      } else if (ValidIndex(key, "index", /*allow_negative=*/false)) {
        Report(DiagKind::kIndexNotConstant, pair->key->pos, Str(pair->key));
      }
    } else if (length >= 0 && index >= length) {
      Report(DiagKind::kLitIndexOutOfBounds, PosOf(element), index, length);
    } else {
      valid = true;
    }
    if (valid && has_keys && !seen.insert(index).second) {
      Report(DiagKind::kDuplicateIndex, PosOf(element), index);
    }
    index++;
    if (index > count) count = index;
    Operand x;
    ValueWithHint(x, value, elem);
    Assignment(x, elem, "array or slice literal");
  }
  return count;
}

void Checker::MapLit(const syntax::CompositeLit* e, const Map* m) {
  SeenConstants seen;
  bool by_type = IsInterface(m->key);
  for (const Expr* element : e->elements) {
    const auto* pair = dyn_cast<KeyValueExpr>(element);
    if (pair == nullptr) {
      Report(DiagKind::kMissingKey, PosOf(element));
      Use(element);
      continue;
    }
    Operand key;
    ValueWithHint(key, pair->key, m->key);
    Assignment(key, m->key, "map literal");
    if (key.Invalid()) continue;
    if (key.mode == Mode::kConstant) {
      Pos earlier;
      if (!seen.Insert(key.value, by_type ? key.type : nullptr, pair->key->pos,
                       &earlier)) {
        Report(DiagKind::kDuplicateKey, pair->key->pos, key.value->ToString());
        continue;
      }
    }
    Operand value;
    ValueWithHint(value, pair->value, m->value);
    Assignment(value, m->value, "map literal");
  }
}

}  // namespace mgo::types
