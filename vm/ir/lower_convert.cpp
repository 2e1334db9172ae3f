// Conversions.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using types::As;
using types::BasicKind;

static bool IsString(const Type* t) {
  return types::IsBasic(t, types::kIsString);
}

// The kind of a byte or rune slice's element, or kInvalid.
static BasicKind TextElem(const Type* t) {
  const auto* slice = As<types::Slice>(t);
  if (slice == nullptr) return BasicKind::kInvalid;
  const auto* elem = As<types::Basic>(slice->elem);
  return elem != nullptr ? elem->basic : BasicKind::kInvalid;
}

Operand FunctionLowering::Conversion(const Expr* x, const Type* to, Reg want) {
  if (Tv(x).mode == types::Mode::kNil) return ZeroValue(to, want);
  const Type* from = TypeOf(x);
  const types::Constant* value = Tv(x).value;
  if (value != nullptr && types::IsBasic(from, types::kIsNumeric) &&
      types::IsBasic(to, types::kIsNumeric)) {
    // A constant converted to a type parameter's type.
    return ConstValue(value, to, want);
  }
  Operand v = Value(x);
  pos_ = x->pos;
  return ConvertValue(v, from, to, want);
}

Operand FunctionLowering::ConvertValue(Operand v, const Type* from,
                                       const Type* to, Reg want) {
  if (types::IsInterface(to)) return Implicit(v, from, to, want);
  Rep from_rep = RepOf(from);
  Rep to_rep = RepOf(to);
  auto unary = [&](Op op, Operand a) -> Operand {
    Reg dst = WantOr(want, to);
    Emit(op, dst, a);
    return dst;
  };
  if (IsString(to)) {
    if (IsString(from)) return v;
    if (from_rep != Rep::kNone) {
      // Beyond any rune, whatever the low bits say.
      Reg dst = WantOr(want, to);
      Instr& instr = Emit(Op::kRuneToStr, dst, v);
      instr.rep = from_rep;
      return dst;
    }
    return unary(
        TextElem(from) == BasicKind::kUint8 ? Op::kBytesToStr : Op::kRunesToStr,
        ToReg(v, from));
  }
  if (IsString(from)) {
    return unary(
        TextElem(to) == BasicKind::kUint8 ? Op::kStrToBytes : Op::kStrToRunes,
        ToReg(v, from));
  }
  if (types::IsBasic(to, types::kIsComplex) &&
      types::IsBasic(from, types::kIsComplex)) {
    const Type* from_part = PartType(from);
    const Type* to_part = PartType(to);
    if (from_part == to_part) return v;
    return JoinComplex(ConvertParts(SplitComplex(v, from), from_part, to_part),
                       to, want);
  }
  if (from_rep != Rep::kNone && to_rep != Rep::kNone) {
    return ConvertRep(v, from_rep, to_rep, want, to);
  }
  if (As<types::Slice>(from) != nullptr) {
    const types::Array* array = As<types::Array>(to);
    if (array != nullptr || to_rep == Rep::kPtr) {
      const Type* pointer = array != nullptr ? program_.PointerTo(to) : to;
      if (array == nullptr) {
        array = As<types::Array>(As<types::Pointer>(to)->elem);
      }
      Reg dst = to_rep == Rep::kPtr ? WantOr(want, to) : Temp(pointer);
      Emit(Op::kSliceToArrayPtr, dst, ToReg(v, from)).imm = array->length;
      if (to_rep == Rep::kPtr) return dst;
      if (types::SizeOf(to) == 0) return ZeroValue(to, want);
      return LoadAt(to, dst, 0, true, want);
    }
  }
  return v;  // the same representation
}

Operand FunctionLowering::Implicit(Operand v, const Type* from, const Type* to,
                                   Reg want) {
  if (!types::IsInterface(to) || types::Identical(from, to)) return v;
  return ToInterface(v, from, to, want);
}

}  // namespace mgo::ir
