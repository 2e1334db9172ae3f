// Expressions: dispatch, constants, names, selectors, indexing, slicing.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using syntax::NodeKind;
using syntax::Unparen;
using types::As;
using types::BasicKind;
using types::Constant;
using types::Mode;
using types::SelectionKind;
using types::SymbolKind;

Operand FunctionLowering::Value(const Expr* e, Reg want) {
  if (!hoisted_.empty()) {
    auto it = hoisted_.find(e);
    if (it != hoisted_.end()) return it->second;
  }
  const types::TypeAndValue& tv = Tv(e);
  if (tv.value != nullptr) return ConstValue(tv.value, TypeOf(e), want);
  if (tv.mode == Mode::kNil) return ZeroValue(TypeOf(e), want);
  switch (e->kind) {
    case NodeKind::kParenExpr:
      return Value(cast<syntax::ParenExpr>(e)->inner, want);
    case NodeKind::kIdent:
      return Ident(cast<syntax::Ident>(e), want);
    case NodeKind::kFuncLit:
      pos_ = e->pos;
      return FuncLit(cast<syntax::FuncLit>(e), want);
    case NodeKind::kCompositeLit:
      return CompositeLit(cast<syntax::CompositeLit>(e), TypeOf(e), want);
    case NodeKind::kSelectorExpr:
      return Selector(cast<syntax::SelectorExpr>(e), want);
    case NodeKind::kIndexExpr:
      return Index(cast<syntax::IndexExpr>(e), want);
    case NodeKind::kSliceExpr:
      return SliceOp(cast<syntax::SliceExpr>(e), want);
    case NodeKind::kTypeAssertExpr: {
      const auto* ta = cast<syntax::TypeAssertExpr>(e);
      Operand x = Value(ta->x);
      pos_ = ta->lparen;
      return TypeAssert(x, TypeOf(ta->x), TypeOf(ta->type), want, {});
    }
    case NodeKind::kCallExpr:
      return CallValue(cast<syntax::CallExpr>(e), want);
    case NodeKind::kStarExpr:
      return Load(PlaceOf(e), want);
    case NodeKind::kUnaryExpr:
      return Unary(cast<syntax::UnaryExpr>(e), want);
    case NodeKind::kBinaryExpr:
      return Binary(cast<syntax::BinaryExpr>(e), want);
    default:
      program_.NotSupported(e->pos, "this expression");
      return Operand::Imm(0);
  }
}

Operand FunctionLowering::ValueAs(const Expr* e, const Type* to, Reg want) {
  if (Tv(e).mode == Mode::kNil) return ZeroValue(to, want);
  const Type* from = TypeOf(e);
  if (types::IsInterface(to) && !types::Identical(from, to)) {
    return Implicit(Value(e), from, to, want);
  }
  return Value(e, want);
}

void FunctionLowering::ValueInto(const Expr* e, const Type* to, Reg dst,
                                 bool fresh) {
  Reg saved = fresh_;
  fresh_ = fresh ? dst : Reg{};
  Operand v = ValueAs(e, to, dst);
  fresh_ = saved;
  Move(dst, v, to);
}

void FunctionLowering::Effects(const Expr* e) {
  e = Unparen(e);
  if (const auto* call = dyn_cast<syntax::CallExpr>(e)) {
    if (hoisted_.count(e) != 0) return;
    types::Builtin b = BuiltinOf(call->fun);
    bool conversion = Tv(call->fun).mode == Mode::kType;
    if (!conversion && b == types::Builtin::kNone) {
      CallWith(call, {}, CallMode::kCall);
      return;
    }
  }
  if (const auto* unary = dyn_cast<syntax::UnaryExpr>(e)) {
    if (unary->op == syntax::Op::kRecv) {
      Operand c = Value(unary->x);
      pos_ = e->pos;
      Emit(Op::kChanRecv, {}, c).type = As<types::Chan>(TypeOf(unary->x))->elem;
      return;
    }
  }
  if (Tv(e).value != nullptr || Tv(e).mode == Mode::kNil) return;
  Value(e);
}

Operand FunctionLowering::ConstString(llvm::StringRef text, Reg want) {
  const Type* t = program_.Basic(BasicKind::kString);
  if (text.empty()) return ZeroValue(t, want);
  Reg dst = WantOr(want, t);
  Emit(Op::kConstString, dst).text = text;
  return dst;
}

// The bits of an integer constant.
static int64_t IntBits(types::ConstantArena& arena, const Constant* value) {
  const Constant* v = arena.ToInt(value);
  int64_t i = 0;
  uint64_t u = 0;
  if (v->Kind() != types::ConstKind::kInt) return 0;
  if (v->Int64Value(&i)) return i;
  if (v->Uint64Value(&u)) return static_cast<int64_t>(u);
  return 0;
}

static int64_t Float64Bits(double d) { return std::bit_cast<int64_t>(d); }
static int64_t Float32Bits(float f) {
  return static_cast<int64_t>(std::bit_cast<uint32_t>(f));
}

Operand FunctionLowering::ConstValue(const Constant* value, const Type* t,
                                     Reg want) {
  types::ConstantArena& arena = program_.world.constants;
  if (types::IsInterface(t)) {
    BasicKind kind = BasicKind::kInt;
    switch (value->Kind()) {
      case types::ConstKind::kBool:
        kind = BasicKind::kBool;
        break;
      case types::ConstKind::kString:
        kind = BasicKind::kString;
        break;
      case types::ConstKind::kFloat:
        kind = BasicKind::kFloat64;
        break;
      case types::ConstKind::kComplex:
        kind = BasicKind::kComplex128;
        break;
      default:
        break;
    }
    const Type* from = program_.Basic(kind);
    return ToInterface(ConstValue(value, from, {}), from, t, want);
  }
  const auto* basic = As<types::Basic>(t);
  if (basic == nullptr) {
    program_.NotSupported(pos_, "a constant of this type");
    return Operand::Imm(0);
  }
  if ((basic->flags & types::kIsBoolean) != 0) {
    return Operand::Imm(value->BoolValue() ? 1 : 0);
  }
  if ((basic->flags & types::kIsString) != 0) {
    return ConstString(value->StringValue(), want);
  }
  if ((basic->flags & types::kIsComplex) != 0) {
    const Constant* z = arena.ToComplex(value);
    const Type* part = PartType(t);
    Complex c{ConstValue(arena.Real(z), part, {}),
              ConstValue(arena.Imag(z), part, {})};
    return JoinComplex(c, t, want);
  }
  switch (RepOf(t)) {
    case Rep::kF64:
      return Operand::Imm(Float64Bits(value->Float64Value()));
    case Rep::kF32:
      return Operand::Imm(Float32Bits(value->Float32Value()));
    default:
      return Operand::Imm(IntBits(arena, value));
  }
}

Operand FunctionLowering::IntValue(const Expr* e) {
  if (const Constant* value = Tv(e).value) {
    return Operand::Imm(IntBits(program_.world.constants, value));
  }
  return Value(e);
}

bool FunctionLowering::IsHugeIndex(const Expr* e) {
  return e != nullptr && RepOf(TypeOf(e)) == Rep::kU64;
}

types::Selection FunctionLowering::SelectionOf(const syntax::SelectorExpr* e) {
  const types::Selection* found = package_->info.selections.lookup(e->id);
  assert(found != nullptr && "a selector that was not checked");
  types::Selection sel = *found;
  if (env_.Empty()) return sel;
  sel.recv = Subst(sel.recv);
  types::LookupResult r =
      types::LookupFieldOrMethod(sel.recv, true, package_, sel.symbol->name);
  if (r.symbol == nullptr) return sel;
  sel.symbol = r.symbol;
  sel.indirect = r.indirect;
  size_t n = r.path.size();
  if (sel.kind != SelectionKind::kField && n > 0) --n;
  sel.path =
      llvm::ArrayRef<int>(r.path).take_front(n).copy(program_.program->text);
  return sel;
}

llvm::ArrayRef<const Type*> FunctionLowering::TypeArgsOf(
    const syntax::Ident* id) {
  auto it = package_->info.instances.find(id->id);
  if (it == package_->info.instances.end()) return {};
  llvm::SmallVector<const Type*, 4> args;
  for (const Type* t : it->second.type_args) args.push_back(Subst(t));
  return program_.Keep(args);
}

Operand FunctionLowering::FunctionValue(Symbol* s,
                                        llvm::ArrayRef<const Type*> args,
                                        const Type* t, Reg want) {
  Function* f = program_.CallableFor(s, args);
  Reg dst = WantOr(want, t);
  Instr& instr = Emit(Op::kConstRef, dst);
  instr.ref.kind = RefKind::kFunction;
  instr.ref.func = f;
  return dst;
}

Operand FunctionLowering::Ident(const syntax::Ident* e, Reg want) {
  Symbol* s = SymbolOf(e);
  if (s == nullptr) return Operand::Imm(0);
  switch (s->kind) {
    case SymbolKind::kVar:
      return Load(PlaceOfVar(s), want);
    case SymbolKind::kFunc:
      return FunctionValue(s, TypeArgsOf(e), TypeOf(e), want);
    case SymbolKind::kNil:
      return ZeroValue(TypeOf(e), want);
    default:
      program_.NotSupported(e->pos, "this use of a name");
      return Operand::Imm(0);
  }
}

Operand FunctionLowering::Selector(const syntax::SelectorExpr* e, Reg want) {
  if (const auto* id = dyn_cast<syntax::Ident>(e->x)) {
    Symbol* s = SymbolOf(id);
    if (s != nullptr && s->kind == SymbolKind::kPackageName) {
      Symbol* member = SymbolOf(e->sel);
      if (member->kind == SymbolKind::kFunc) {
        return FunctionValue(member, TypeArgsOf(e->sel), TypeOf(e), want);
      }
      return Load(PlaceOfVar(member), want);
    }
  }
  types::Selection sel = SelectionOf(e);
  if (sel.kind == SelectionKind::kField) return Load(PlaceOf(e), want);
  return MethodValue(e, want);
}

Operand FunctionLowering::Index(const syntax::IndexExpr* e, Reg want) {
  const Type* xt = TypeOf(e->x);
  if (As<types::Signature>(xt) != nullptr) return Value(e->x, want);
  const Expr* index = e->indices[0];
  HoistOperands({e->x, index});
  if (types::IsBasic(xt, types::kIsString)) {
    Operand x = Value(e->x);
    Operand i = IntValue(index);
    pos_ = e->lbrack;
    const Type* byte = program_.Basic(BasicKind::kUint8);
    Reg dst = WantOr(want, byte);
    Instr& instr = Emit(Op::kElemLoad, dst, ToReg(x, xt), i);
    instr.type = byte;
    instr.rep = Rep::kU8;
    instr.unsigned_bounds = IsHugeIndex(index);
    return dst;
  }
  return Load(PlaceOf(e), want);
}

Operand FunctionLowering::SliceOp(const syntax::SliceExpr* e, Reg want) {
  const Type* xt = TypeOf(e->x);
  llvm::SmallVector<const Expr*, 4> operands{e->x};
  for (const Expr* bound : {e->lo, e->hi, e->max}) {
    if (bound != nullptr) operands.push_back(bound);
  }
  HoistOperands(operands);
  auto bound = [&](const Expr* b) {
    return b != nullptr ? IntValue(b) : Operand();
  };
  uint8_t unsigned_bounds = static_cast<uint8_t>(
      IsHugeIndex(e->lo) | IsHugeIndex(e->hi) << 1 | IsHugeIndex(e->max) << 2);
  const Type* t = TypeOf(e);
  if (types::IsBasic(xt, types::kIsString)) {
    Operand x = Value(e->x);
    Operand lo = bound(e->lo);
    Operand hi = bound(e->hi);
    pos_ = e->lbrack;
    Reg dst = WantOr(want, t);
    Instr& instr = Emit(Op::kStrSlice, dst, ToReg(x, xt), lo);
    instr.c = hi;
    instr.unsigned_bounds = unsigned_bounds;
    return dst;
  }
  Operand a;
  const types::Array* array = nullptr;
  const auto* slice = As<types::Slice>(xt);
  if (slice != nullptr) {
    a = Value(e->x);
  } else if (const auto* pointer = As<types::Pointer>(xt)) {
    a = Value(e->x);
    array = As<types::Array>(pointer->elem);
  } else {
    array = As<types::Array>(xt);
    a = AddrOf(PlaceOf(e->x));
  }
  Operand lo = bound(e->lo);
  Operand hi = bound(e->hi);
  Operand max = bound(e->max);
  pos_ = e->lbrack;
  Reg dst = WantOr(want, t);
  Instr& instr =
      Emit(slice != nullptr ? Op::kSliceSlice : Op::kArraySlice, dst, a);
  instr.args = {lo, hi, max};
  instr.type = slice != nullptr ? slice->elem : array->elem;
  if (array != nullptr) instr.imm = array->length;
  instr.unsigned_bounds = unsigned_bounds;
  return dst;
}

Operand FunctionLowering::Receive(const Expr* chan, Reg want, Reg ok) {
  Operand c = Value(chan);
  const Type* elem = As<types::Chan>(TypeOf(chan))->elem;
  Reg dst = WantOr(want, elem);
  Instr& instr = Emit(Op::kChanRecv, dst, c);
  instr.c = ok;
  instr.type = elem;
  return dst;
}

Operand FunctionLowering::Unary(const syntax::UnaryExpr* e, Reg want) {
  const Type* t = TypeOf(e);
  switch (e->op) {
    case syntax::Op::kAnd:
      return AddressOf(e->x, want);
    case syntax::Op::kRecv:
      pos_ = e->pos;
      return Receive(e->x, want, {});
    case syntax::Op::kAdd:
      return Value(e->x, want);
    case syntax::Op::kNot:
      return LogicValue(e, want);
    case syntax::Op::kXor: {
      Operand x = Value(e->x);
      Rep rep = RepOf(t);
      Operand ones = ConvertRep(Operand::Imm(-1), Rep::kI64, rep, {}, t);
      return Arith(Op::kXor, rep, x, ones, want, t);
    }
    case syntax::Op::kSub: {
      Operand x = Value(e->x);
      if (types::IsBasic(t, types::kIsComplex)) {
        Complex c = SplitComplex(x, t);
        const Type* part = PartType(t);
        Rep rep = RepOf(part);
        c.re = Arith(Op::kNeg, rep, c.re, {}, {}, part);
        c.im = Arith(Op::kNeg, rep, c.im, {}, {}, part);
        return JoinComplex(c, t, want);
      }
      return Arith(Op::kNeg, RepOf(t), x, {}, want, t);
    }
    default:
      program_.NotSupported(e->pos, "this operator");
      return Operand::Imm(0);
  }
}

Operand FunctionLowering::AddressOf(const Expr* e, Reg want) {
  e = Unparen(e);
  if (const auto* lit = dyn_cast<syntax::CompositeLit>(e)) {
    return LitPointer(lit, TypeOf(e), want);
  }
  if (const auto* star = dyn_cast<syntax::StarExpr>(e)) {
    Operand p = Value(star->x, want);
    pos_ = e->pos;
    Emit(Op::kNilCheck, {}, p);
    return p;
  }
  return AddrOf(PlaceOf(e), want);
}

Operand FunctionLowering::CommaOk(const Expr* e, Reg ok, Reg want) {
  e = Unparen(e);
  if (const auto* ta = dyn_cast<syntax::TypeAssertExpr>(e)) {
    Operand x = Value(ta->x);
    pos_ = ta->lparen;
    return TypeAssert(x, TypeOf(ta->x), TypeOf(ta->type), want, ok);
  }
  if (const auto* unary = dyn_cast<syntax::UnaryExpr>(e)) {
    pos_ = e->pos;
    return Receive(unary->x, want, ok);
  }
  const auto* index = cast<syntax::IndexExpr>(e);
  const Type* xt = TypeOf(index->x);
  const auto* map = As<types::Map>(xt);
  HoistOperands({index->x, index->indices[0]});
  Operand m = Value(index->x);
  Operand key = ToReg(ValueAs(index->indices[0], map->key), map->key);
  pos_ = index->lbrack;
  Reg dst = WantOr(want, map->value);
  Instr& instr = Emit(Op::kMapLoadOk, dst, m, key);
  instr.c = ok;
  instr.type = xt;
  return dst;
}

}  // namespace mgo::ir
