// Places: where values are. See the head of lower_function.h.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;
using syntax::NodeKind;
using syntax::Unparen;
using types::As;

// Composite literals and values above this size are built and copied in
// memory, in bytes.
static constexpr int64_t kMaxRegisterValue = 256;

Place FunctionLowering::RegPlace(Reg reg, const Type* t) {
  Place p;
  p.kind = Place::kReg;
  p.type = t;
  p.reg = reg;
  p.pos = pos_;
  return p;
}

Place FunctionLowering::MemPlace(Operand pointer, int64_t offset, const Type* t,
                                 bool no_check) {
  Place p;
  p.kind = Place::kMem;
  p.type = t;
  p.base = pointer;
  if (pointer.IsImm()) p.base = ToReg(pointer, program_.PointerTo(t));
  p.offset = offset;
  p.no_check = no_check;
  p.pos = pos_;
  return p;
}

Place FunctionLowering::ToMem(Place p) {
  switch (p.kind) {
    case Place::kMem:
      return p;
    case Place::kReg:
    case Place::kRegPart: {
      int64_t offset = p.kind == Place::kReg ? p.reg.slot * 8 : p.offset;
      f_.regs[p.reg.id].in_memory = true;
      Reg addr = Temp(program_.PointerTo(p.type));
      Emit(Op::kFrameAddr, addr, Reg{p.reg.id, 0}).imm = offset;
      return MemPlace(addr, 0, p.type, true);
    }
    case Place::kSlice:
    case Place::kPtrElem: {
      Reg addr = Temp(program_.PointerTo(p.type));
      bool slice = p.kind == Place::kSlice;
      pos_ = p.pos;
      Instr& instr =
          Emit(slice ? Op::kElemAddr : Op::kPtrElemAddr, addr, p.base, p.index);
      instr.type = p.type;
      instr.rep = RepOf(p.type);
      instr.imm = p.length;
      instr.no_check = !slice && p.no_check;
      instr.unsigned_bounds = p.unsigned_index;
      return MemPlace(addr, 0, p.type, true);
    }
    case Place::kMap:
    case Place::kBlank: {
      Reg value = CopyToTemp(Load(p), p.type);
      return ToMem(RegPlace(value, p.type));
    }
  }
  return p;
}

// Whether a component at that byte of a register is whole slots.
static bool WholeSlots(int64_t byte, const Type* t) {
  if (byte % 8 != 0) return false;
  Rep rep = RepOf(t);
  if (rep != Rep::kNone) return WidthOf(rep) == 8;
  return types::SizeOf(t) % 8 == 0;
}

Place FunctionLowering::Part(Place base, int64_t offset, const Type* t) {
  switch (base.kind) {
    case Place::kReg:
    case Place::kRegPart: {
      int64_t byte =
          (base.kind == Place::kReg ? base.reg.slot * 8 : base.offset) + offset;
      base.type = t;
      if (WholeSlots(byte, t)) {
        base.kind = Place::kReg;
        base.reg.slot = static_cast<uint32_t>(byte / 8);
      } else {
        base.kind = Place::kRegPart;
        base.reg.slot = 0;
        base.offset = byte;
      }
      return base;
    }
    case Place::kMem:
      base.offset += offset;
      base.type = t;
      return base;
    case Place::kMap:
    case Place::kBlank:
      return Part(RegPlace(CopyToTemp(Load(base), base.type), base.type),
                  offset, t);
    default:
      return Part(ToMem(base), offset, t);
  }
}

Place FunctionLowering::Field(Place base, const types::Struct* s, int index,
                              const Type* t) {
  return Part(base, program_.OffsetOf(s, index), t);
}

Place FunctionLowering::FieldPath(Place base, llvm::ArrayRef<int> path,
                                  Pos pos) {
  for (int index : path) {
    if (const auto* pointer = As<types::Pointer>(base.type)) {
      Operand p = Load(base);
      pos_ = pos;
      base = MemPlace(p, 0, pointer->elem, false);
    }
    const auto* s = As<types::Struct>(base.type);
    const Type* t = TypeOfSym(s->fields[index]);
    base = Field(base, s, index, t);
  }
  return base;
}

Place FunctionLowering::ArrayElem(Place base, const Expr* index, Pos pos) {
  const auto* array = As<types::Array>(base.type);
  int64_t size = types::SizeOf(array->elem);
  if (Tv(index).value != nullptr) {
    Operand i = IntValue(index);
    return Part(base, i.imm * size, array->elem);
  }
  Operand i = IntValue(index);
  pos_ = pos;
  if (base.kind == Place::kMap || base.kind == Place::kBlank) {
    base = RegPlace(CopyToTemp(Load(base), base.type), base.type);
  }
  base = ToMem(base);
  Place p;
  p.kind = Place::kPtrElem;
  p.type = array->elem;
  p.length = array->length;
  p.index = i;
  p.unsigned_index = IsHugeIndex(index);
  p.pos = pos_;
  p.base = base.base;
  p.no_check = base.no_check;
  if (base.offset != 0) {
    Reg addr = Temp(program_.PointerTo(base.type));
    Instr& instr = Emit(Op::kFieldAddr, addr, base.base);
    instr.imm = base.offset;
    instr.no_check = base.no_check;
    p.base = addr;
    p.no_check = true;
  }
  return p;
}

Place FunctionLowering::PlaceOrTemp(const Expr* e) {
  const Expr* inner = Unparen(e);
  if (hoisted_.empty() || hoisted_.count(inner) == 0) {
    switch (inner->kind) {
      case NodeKind::kIdent: {
        Symbol* s = SymbolOf(cast<syntax::Ident>(inner));
        if (s != nullptr && s->kind == types::SymbolKind::kVar) {
          return PlaceOfVar(s);
        }
        break;
      }
      case NodeKind::kSelectorExpr:
      case NodeKind::kStarExpr:
        return PlaceOf(inner);
      case NodeKind::kIndexExpr:
        if (!types::IsBasic(TypeOf(cast<syntax::IndexExpr>(inner)->x),
                            types::kIsString)) {
          return PlaceOf(inner);
        }
        break;
      case NodeKind::kCompositeLit: {
        const Type* t = TypeOf(inner);
        if (types::SizeOf(t) > kMaxRegisterValue) {
          Reg object = NewObject(t);
          Place p = MemPlace(object, 0, t, true);
          LitInto(cast<syntax::CompositeLit>(inner), t, p, true);
          return p;
        }
        break;
      }
      default:
        break;
    }
  }
  const Type* t = TypeOf(e);
  return RegPlace(ToReg(Value(e), t), t);
}

Place FunctionLowering::PlaceOf(const Expr* e) {
  e = Unparen(e);
  if (!hoisted_.empty() && hoisted_.count(e) != 0) return PlaceOrTemp(e);
  switch (e->kind) {
    case NodeKind::kIdent: {
      const auto* id = cast<syntax::Ident>(e);
      if (id->name->blank) return {};
      return PlaceOfVar(SymbolOf(id));
    }
    case NodeKind::kSelectorExpr: {
      const auto* sel = cast<syntax::SelectorExpr>(e);
      if (const auto* id = dyn_cast<syntax::Ident>(sel->x)) {
        Symbol* s = SymbolOf(id);
        if (s != nullptr && s->kind == types::SymbolKind::kPackageName) {
          return PlaceOfVar(SymbolOf(sel->sel));
        }
      }
      types::Selection selection = SelectionOf(sel);
      if (selection.kind != types::SelectionKind::kField) break;
      Place base = PlaceOrTemp(sel->x);
      pos_ = sel->sel->pos;
      return FieldPath(base, selection.path, sel->sel->pos);
    }
    case NodeKind::kStarExpr: {
      Operand p = Value(cast<syntax::StarExpr>(e)->x);
      pos_ = e->pos;
      return MemPlace(p, 0, TypeOf(e), false);
    }
    case NodeKind::kIndexExpr: {
      const auto* index = cast<syntax::IndexExpr>(e);
      const Type* xt = TypeOf(index->x);
      const Expr* i = index->indices[0];
      HoistOperands({index->x, i});
      Place p;
      if (const auto* slice = As<types::Slice>(xt)) {
        p.kind = Place::kSlice;
        p.type = slice->elem;
        p.base = ToReg(Value(index->x), xt);
        p.index = IntValue(i);
        p.unsigned_index = IsHugeIndex(i);
        p.pos = index->lbrack;
        return p;
      }
      if (const auto* map = As<types::Map>(xt)) {
        p.kind = Place::kMap;
        p.map_type = xt;
        p.type = map->value;
        p.base = Value(index->x);
        p.index = ToReg(ValueAs(i, map->key), map->key);
        p.pos = index->lbrack;
        return p;
      }
      if (const auto* pointer = As<types::Pointer>(xt)) {
        Operand base = Value(index->x);
        pos_ = index->lbrack;
        return ArrayElem(MemPlace(base, 0, pointer->elem, false), i,
                         index->lbrack);
      }
      if (As<types::Array>(xt) != nullptr) {
        Place base = PlaceOrTemp(index->x);
        return ArrayElem(base, i, index->lbrack);
      }
      break;
    }
    default:
      break;
  }
  return PlaceOrTemp(e);
}

Operand FunctionLowering::Load(const Place& p, Reg want) {
  if (p.pos.IsValid()) pos_ = p.pos;
  switch (p.kind) {
    case Place::kBlank:
      return Operand::Imm(0);
    case Place::kReg:
      return p.reg;
    case Place::kRegPart: {
      if (RepOf(p.type) == Rep::kNone) return Load(ToMem(p), want);
      Reg dst = WantOr(want, p.type);
      Instr& instr = Emit(Op::kLoadLocal, dst, p.reg);
      instr.imm = p.offset;
      instr.type = p.type;
      instr.rep = RepOf(p.type);
      return dst;
    }
    case Place::kMem:
      return LoadAt(p.type, p.base, p.offset, p.no_check, want);
    case Place::kSlice:
    case Place::kPtrElem: {
      Reg dst = WantOr(want, p.type);
      Instr& instr =
          Emit(p.kind == Place::kSlice ? Op::kElemLoad : Op::kPtrElemLoad, dst,
               p.base, p.index);
      instr.type = p.type;
      instr.rep = RepOf(p.type);
      instr.imm = p.length;
      instr.no_check = p.kind == Place::kPtrElem && p.no_check;
      instr.unsigned_bounds = p.unsigned_index;
      return dst;
    }
    case Place::kMap: {
      Reg dst = WantOr(want, p.type);
      Emit(Op::kMapLoad, dst, p.base, p.index).type = p.map_type;
      return dst;
    }
  }
  return {};
}

void FunctionLowering::Store(const Place& p, Operand value) {
  if (p.pos.IsValid()) pos_ = p.pos;
  switch (p.kind) {
    case Place::kBlank:
      return;
    case Place::kReg:
      Move(p.reg, value, p.type);
      return;
    case Place::kRegPart: {
      if (RepOf(p.type) == Rep::kNone) {
        Store(ToMem(p), value);
        return;
      }
      Instr& instr = Emit(Op::kStoreLocal, p.reg);
      instr.b = value;
      instr.imm = p.offset;
      instr.type = p.type;
      instr.rep = RepOf(p.type);
      return;
    }
    case Place::kMem:
      StoreAt(p.type, p.base, p.offset, value, p.no_check);
      return;
    case Place::kSlice:
    case Place::kPtrElem: {
      Instr& instr =
          Emit(p.kind == Place::kSlice ? Op::kElemStore : Op::kPtrElemStore);
      instr.a = p.base;
      instr.b = p.index;
      instr.c = value;
      instr.type = p.type;
      instr.rep = RepOf(p.type);
      instr.imm = p.length;
      instr.no_check = p.kind == Place::kPtrElem && p.no_check;
      instr.unsigned_bounds = p.unsigned_index;
      return;
    }
    case Place::kMap: {
      Reg cell = Temp(program_.PointerTo(p.type));
      Emit(Op::kMapAssign, cell, p.base, p.index).type = p.map_type;
      StoreAt(p.type, cell, 0, value, true);
      return;
    }
  }
}

Operand FunctionLowering::AddrOf(Place p, Reg want) {
  p = ToMem(p);
  if (p.offset == 0 && p.no_check) return p.base;
  Reg dst = WantOr(want, program_.PointerTo(p.type));
  Instr& instr = Emit(Op::kFieldAddr, dst, p.base);
  instr.imm = p.offset;
  instr.no_check = p.no_check;
  return dst;
}

bool FunctionLowering::PlaceUses(const Place& p, Reg var) {
  auto uses = [&](const Operand& o) { return o.IsReg() && o.reg.id == var.id; };
  return uses(p.base) || uses(p.index);
}

void FunctionLowering::PinPlace(Place& p) {
  auto pin = [&](Operand& o, const Type* t) {
    if (o.IsReg()) o = CopyToTemp(o, t);
  };
  const Type* address = program_.Basic(types::BasicKind::kUnsafePointer);
  const Type* integer = program_.Basic(types::BasicKind::kInt);
  switch (p.kind) {
    case Place::kMem:
      pin(p.base, address);
      return;
    case Place::kPtrElem:
      pin(p.base, address);
      pin(p.index, integer);
      return;
    case Place::kSlice:
      pin(p.base, program_.SliceOf(p.type));
      pin(p.index, integer);
      return;
    case Place::kMap:
      pin(p.base, p.map_type);
      pin(p.index, As<types::Map>(p.map_type)->key);
      return;
    default:
      return;
  }
}

void FunctionLowering::StoreExpr(const Place& p, const Expr* e, bool fresh) {
  const Expr* inner = Unparen(e);
  const Type* t = p.type;
  bool hoisted = !hoisted_.empty() && hoisted_.count(inner) != 0;
  const Type* u = types::Underlying(t);
  bool aggregate = isa<types::Struct>(u) || isa<types::Array>(u);
  if (aggregate && !hoisted) {
    if (const auto* lit = dyn_cast<syntax::CompositeLit>(inner)) {
      if (fresh && p.kind != Place::kSlice && p.kind != Place::kPtrElem &&
          p.kind != Place::kMap && p.kind != Place::kBlank) {
        LitInto(lit, t, p, p.kind == Place::kMem);
        return;
      }
    }
    if (types::SizeOf(t) > kMaxRegisterValue && p.kind != Place::kBlank &&
        p.kind != Place::kMap) {
      Place from = PlaceOrTemp(inner);
      if (from.kind != Place::kReg) {
        Place source = ToMem(from);
        Operand a = AddrOf(ToMem(p));
        Operand b = AddrOf(source);
        Instr& instr = Emit(Op::kMemCopy);
        instr.a = a;
        instr.b = b;
        instr.type = t;
        return;
      }
      Store(p, from.reg);
      return;
    }
  }
  if (p.kind == Place::kReg) {
    ValueInto(e, t, p.reg, fresh);
    return;
  }
  Operand v = ValueAs(e, t);
  Store(p, v);
}

}  // namespace mgo::ir
