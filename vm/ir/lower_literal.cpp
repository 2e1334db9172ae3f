// Composite literals.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;
using syntax::Unparen;
using types::As;

Operand FunctionLowering::CompositeLit(const syntax::CompositeLit* e,
                                       const Type* t, Reg want) {
  const Type* u = types::Underlying(t);
  switch (u->kind) {
    case types::TypeKind::kSlice:
      return SliceLit(e, t, want);
    case types::TypeKind::kMap:
      return MapLit(e, t, want);
    case types::TypeKind::kStruct:
    case types::TypeKind::kArray: {
      bool in_place = want.IsValid() && want == fresh_;
      Reg dst = in_place ? want : Temp(t);
      LitInto(e, t, RegPlace(dst, t), false);
      return dst;
    }
    case types::TypeKind::kPointer:
      return LitPointer(e, llvm::cast<types::Pointer>(u)->elem, want);
    default:
      program_.NotSupported(e->pos, "this composite literal");
      return Operand::Imm(0);
  }
}

// An element's value, without its key.
static const Expr* ElementValue(const Expr* e) {
  if (const auto* kv = dyn_cast<syntax::KeyValueExpr>(e)) return kv->value;
  return e;
}

void FunctionLowering::LitInto(const syntax::CompositeLit* e, const Type* t,
                               const Place& p, bool zeroed) {
  llvm::SmallVector<const Expr*, 8> values;
  for (const Expr* element : e->elements) {
    values.push_back(ElementValue(element));
  }
  HoistOperands(values);
  const Type* u = types::Underlying(t);
  if (isa<types::Struct>(u)) {
    StructLit(e, t, p, zeroed);
    return;
  }
  const auto* array = cast<types::Array>(u);
  int64_t size = types::SizeOf(array->elem);
  bool whole = size % 8 == 0 || p.kind == Place::kMem;
  bool keyed = false;
  for (const Expr* element : e->elements) {
    keyed |= isa<syntax::KeyValueExpr>(element);
  }
  bool covered = !keyed && whole &&
                 static_cast<int64_t>(e->elements.size()) == array->length;
  if (!zeroed && !covered) {
    if (p.kind == Place::kMem) {
      Operand a = AddrOf(p);
      Emit(Op::kMemZero, {}, a).type = t;
    } else {
      Store(p, ZeroValue(t));
    }
    zeroed = true;
  }
  ArrayLit(e, array->elem, p, zeroed);
}

void FunctionLowering::StructLit(const syntax::CompositeLit* e, const Type* t,
                                 const Place& p, bool zeroed) {
  const auto* s = As<types::Struct>(t);
  if (!zeroed) {
    bool covered = e->elements.size() == s->fields.size();
    if (covered && p.kind != Place::kMem) {
      // Parts of slots do not define a register.
      for (size_t i = 0; i < s->fields.size() && covered; ++i) {
        Place field = Field(p, s, static_cast<int>(i), TypeOfSym(s->fields[i]));
        covered = field.kind == Place::kReg;
      }
    }
    if (!covered || s->fields.empty()) {
      if (p.kind == Place::kMem) {
        Operand a = AddrOf(p);
        Emit(Op::kMemZero, {}, a).type = t;
      } else if (p.kind == Place::kReg) {
        MoveZero(p.reg, t);
      } else {
        Store(p, ZeroValue(t));
      }
      zeroed = true;
    }
  }
  for (size_t i = 0; i < e->elements.size(); ++i) {
    const Expr* element = e->elements[i];
    size_t index = i;
    if (const auto* kv = dyn_cast<syntax::KeyValueExpr>(element)) {
      const auto* key = cast<syntax::Ident>(kv->key);
      for (index = 0; index < s->fields.size(); ++index) {
        if (s->fields[index]->name == key->name) break;
      }
      element = kv->value;
    }
    const Type* ft = TypeOfSym(s->fields[index]);
    LitElement(element, ft, Field(p, s, static_cast<int>(index), ft), zeroed);
  }
}

int64_t FunctionLowering::LitLength(const syntax::CompositeLit* e) {
  int64_t next = 0;
  int64_t length = 0;
  for (const Expr* element : e->elements) {
    if (const auto* kv = dyn_cast<syntax::KeyValueExpr>(element)) {
      next = IntValue(kv->key).imm;
    }
    ++next;
    length = std::max(length, next);
  }
  return length;
}

void FunctionLowering::ArrayLit(const syntax::CompositeLit* e, const Type* elem,
                                const Place& p, bool zeroed) {
  int64_t size = types::SizeOf(elem);
  int64_t index = 0;
  for (const Expr* element : e->elements) {
    if (const auto* kv = dyn_cast<syntax::KeyValueExpr>(element)) {
      index = IntValue(kv->key).imm;
      element = kv->value;
    }
    LitElement(element, elem, Part(p, index * size, elem), zeroed);
    ++index;
  }
}

// Element `e` of a literal, of type t, into a part of it.
// `zeroed`: it is zero already.
void FunctionLowering::LitElement(const Expr* e, const Type* t, const Place& p,
                                  bool zeroed) {
  if (const auto* lit = dyn_cast<syntax::CompositeLit>(e);
      lit != nullptr && lit->type == nullptr) {
    const Type* u = types::Underlying(t);
    if (isa<types::Struct>(u) || isa<types::Array>(u)) {
      LitInto(lit, t, p, zeroed);
    } else {
      Store(p, CompositeLit(lit, t, p.kind == Place::kReg ? p.reg : Reg{}));
    }
    return;
  }
  if (p.kind == Place::kMem) {
    const Type* u = types::Underlying(t);
    if (const auto* lit = dyn_cast<syntax::CompositeLit>(Unparen(e));
        lit != nullptr && (isa<types::Struct>(u) || isa<types::Array>(u))) {
      LitInto(lit, t, p, zeroed);
      return;
    }
  }
  StoreExpr(p, e, p.kind == Place::kReg);
}

Operand FunctionLowering::LitValue(const Expr* e, const Type* t) {
  if (const auto* lit = dyn_cast<syntax::CompositeLit>(e);
      lit != nullptr && lit->type == nullptr) {
    return CompositeLit(lit, t, {});
  }
  return ValueAs(e, t);
}

Operand FunctionLowering::SliceLit(const syntax::CompositeLit* e, const Type* t,
                                   Reg want) {
  const Type* elem = As<types::Slice>(t)->elem;
  int64_t length = LitLength(e);
  const types::Array* array = program_.ArrayOf(elem, length);
  llvm::SmallVector<const Expr*, 8> values;
  for (const Expr* element : e->elements) {
    values.push_back(ElementValue(element));
  }
  HoistOperands(values);
  pos_ = e->pos;
  Reg object = NewObject(array);
  ArrayLit(e, elem, MemPlace(object, 0, array, true), true);
  Reg dst = WantOr(want, t);
  Instr& instr = Emit(Op::kArraySlice, dst, object);
  instr.args.resize(3);
  instr.imm = length;
  instr.type = elem;
  instr.no_check = true;
  return dst;
}

Operand FunctionLowering::MapLit(const syntax::CompositeLit* e, const Type* t,
                                 Reg want) {
  const auto* map = As<types::Map>(t);
  pos_ = e->pos;
  // Not in `want`: the elements may still read what is there.
  Reg m = want.IsValid() && want == fresh_ ? want : Temp(t);
  Emit(Op::kMakeMap, m, Operand::Imm(static_cast<int64_t>(e->elements.size())))
      .type = t;
  for (const Expr* element : e->elements) {
    const auto* kv = cast<syntax::KeyValueExpr>(element);
    HoistOperands({kv->key, kv->value});
    Place p;
    p.kind = Place::kMap;
    p.map_type = t;
    p.type = map->value;
    p.base = m;
    p.index = ToReg(LitValue(kv->key, map->key), map->key);
    Operand v = LitValue(kv->value, map->value);
    p.pos = kv->pos;
    Store(p, v);
  }
  return m;
}

Operand FunctionLowering::LitPointer(const syntax::CompositeLit* e,
                                     const Type* t, Reg want) {
  pos_ = e->pos;
  const Type* u = types::Underlying(t);
  if (!isa<types::Struct>(u) && !isa<types::Array>(u)) {
    Operand v = CompositeLit(e, t, {});
    Reg object = NewObject(t);
    StoreAt(t, object, 0, v, true);
    return object;
  }
  Reg object = NewObject(t);
  LitInto(e, t, MemPlace(object, 0, t, true), true);
  return object;
}

}  // namespace mgo::ir
