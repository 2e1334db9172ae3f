// Predeclared functions, and those of package unsafe.
#include "llvm/ADT/Twine.h"
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;
using syntax::Unparen;
using types::As;
using types::BasicKind;
using types::Builtin;

Operand FunctionLowering::BuiltinCall(const syntax::CallExpr* e, Builtin b,
                                      Reg want) {
  const Type* t = TypeOf(e);
  auto arg = [&](size_t i) { return e->args[i]; };
  pos_ = e->pos;
  if (e->args.size() == 1 && Tv(arg(0)).type != nullptr &&
      Tv(arg(0)).type->kind == types::TypeKind::kTuple) {
    return BuiltinOfMulti(e, b, want);
  }
  switch (b) {
    case Builtin::kAppend:
      return BuiltinAppend(e, want);
    case Builtin::kCap:
      return BuiltinLen(arg(0), true, want);
    case Builtin::kLen:
      return BuiltinLen(arg(0), false, want);
    case Builtin::kClear:
      BuiltinClear(e);
      return {};
    case Builtin::kClose: {
      Operand c = Value(arg(0));
      pos_ = e->pos;
      Emit(Op::kChanClose, {}, c);
      return {};
    }
    case Builtin::kComplex: {
      HoistOperands(e->args);
      Complex c{Value(arg(0)), Value(arg(1))};
      return JoinComplex(c, t, want);
    }
    case Builtin::kReal:
    case Builtin::kImag: {
      Complex c = SplitComplex(Value(arg(0)), TypeOf(arg(0)));
      return b == Builtin::kReal ? c.re : c.im;
    }
    case Builtin::kCopy: {
      HoistOperands(e->args);
      const Type* dst_type = TypeOf(arg(0));
      Operand to = ToReg(Value(arg(0)), dst_type);
      Operand from = ToReg(Value(arg(1)), TypeOf(arg(1)));
      pos_ = e->pos;
      Reg n = want.IsValid() ? want : TempInt();
      Emit(Op::kCopySlice, n, to, from).type = As<types::Slice>(dst_type)->elem;
      return n;
    }
    case Builtin::kDelete: {
      HoistOperands(e->args);
      const Type* mt = TypeOf(arg(0));
      const Type* kt = As<types::Map>(mt)->key;
      Operand m = Value(arg(0));
      Operand key = ToReg(ValueAs(arg(1), kt), kt);
      pos_ = e->pos;
      Emit(Op::kMapDelete, {}, m, key).type = mt;
      return {};
    }
    case Builtin::kMake:
      return BuiltinMake(e, want);
    case Builtin::kMin:
    case Builtin::kMax:
      return BuiltinMinMax(e, b == Builtin::kMax, want);
    case Builtin::kNew:
      return BuiltinNew(e, want);
    case Builtin::kPanic:
      PanicOf(arg(0));
      return {};
    case Builtin::kPrint:
    case Builtin::kPrintln: {
      HoistOperands(e->args);
      Operands args;
      llvm::SmallVector<const Type*, 4> arg_types;
      for (const Expr* a : e->args) {
        const Type* at = types::DefaultType(TypeOf(a));
        args.push_back(ToReg(Value(a), at));
        arg_types.push_back(at);
      }
      BuiltinPrint(args, arg_types, b == Builtin::kPrintln);
      return {};
    }
    case Builtin::kRecover: {
      f_.has_recover = true;
      Reg dst = want.IsValid() ? want
                               : Temp(program_.world.universe->empty_interface);
      Emit(Op::kRecover, dst);
      return dst;
    }
    default:
      return BuiltinUnsafe(e, b, want);
  }
}

// b(f()) for a function f of several results.
Operand FunctionLowering::BuiltinOfMulti(const syntax::CallExpr* e, Builtin b,
                                         Reg want) {
  const auto* inner = cast<syntax::CallExpr>(Unparen(e->args[0]));
  Operands values;
  CallMulti(inner, values);
  llvm::SmallVector<const Type*, 4> value_types;
  for (Symbol* s : cast<types::Tuple>(TypeOf(inner))->vars) {
    value_types.push_back(TypeOfSym(s));
  }
  pos_ = e->pos;
  const Type* t = TypeOf(e);
  if (b == Builtin::kAppend) {
    const Type* elem = As<types::Slice>(t)->elem;
    Operands args;
    for (size_t i = 1; i < values.size(); ++i) {
      args.push_back(Implicit(values[i], value_types[i], elem, {}));
    }
    Reg dst = WantOr(want, t);
    Instr& instr = Emit(Op::kAppend, dst, values[0]);
    instr.args.append(args.begin(), args.end());
    instr.type = elem;
    instr.rep = RepOf(elem);
    return dst;
  }
  if (b == Builtin::kComplex) {
    return JoinComplex({values[0], values[1]}, t, want);
  }
  if (b == Builtin::kCopy) {
    Reg n = want.IsValid() ? want : TempInt();
    Emit(Op::kCopySlice, n, values[0], values[1]).type =
        As<types::Slice>(value_types[0])->elem;
    return n;
  }
  if (b == Builtin::kDelete) {
    const Type* key = As<types::Map>(value_types[0])->key;
    values[1] = ToReg(Implicit(values[1], value_types[1], key, {}), key);
  }
  return BuiltinOnOperands(b, values, value_types);
}

void FunctionLowering::BuiltinPrint(llvm::ArrayRef<Operand> args,
                                    llvm::ArrayRef<const Type*> arg_types,
                                    bool newline) {
  Operands regs;
  for (size_t i = 0; i < args.size(); ++i) {
    regs.push_back(ToReg(args[i], arg_types[i]));
  }
  Instr& instr = Emit(Op::kPrint);
  instr.args.append(regs.begin(), regs.end());
  instr.imm = newline ? 1 : 0;
}

Operand FunctionLowering::BuiltinLen(const Expr* x, bool cap, Reg want) {
  const Type* t = TypeOf(x);
  const Type* u = types::Underlying(t);
  if (const auto* pointer = dyn_cast<types::Pointer>(u)) {
    Operand p = Value(x);  // for its effects
    (void)p;
    return Operand::Imm(As<types::Array>(pointer->elem)->length);
  }
  if (const auto* array = dyn_cast<types::Array>(u)) {
    if (HasCall(x)) Effects(x);
    return Operand::Imm(array->length);
  }
  if (isa<types::Map>(u) || isa<types::Chan>(u)) {
    Operand v = Value(x);
    Reg dst = want.IsValid() ? want : TempInt();
    Emit(cap ? Op::kChanCap : Op::kLen, dst, v);
    return dst;
  }
  // A slice or a string: the word itself, without loading the rest.
  Place p = PlaceOrTemp(x);
  const Type* integer = program_.Basic(BasicKind::kInt);
  return Load(Part(p, cap ? 16 : 8, integer), want);
}

Operand FunctionLowering::BuiltinAppend(const syntax::CallExpr* e, Reg want) {
  const Type* t = TypeOf(e);
  const Type* elem = As<types::Slice>(t)->elem;
  HoistOperands(e->args);
  Operand s;
  if (Tv(e->args[0]).mode == types::Mode::kNil) {
    s = ZeroValue(t);
  } else {
    s = ToReg(Value(e->args[0]), TypeOf(e->args[0]));
  }
  if (e->args.size() == 1) return s;
  if (e->ellipsis.IsValid()) {
    const Expr* tail = e->args[1];
    if (Tv(tail).mode == types::Mode::kNil) return s;
    Operand rest = ToReg(Value(tail), TypeOf(tail));
    pos_ = e->pos;
    Reg dst = WantOr(want, t);
    Emit(Op::kAppendSlice, dst, s, rest).type = elem;
    return dst;
  }
  Operands args;
  for (size_t i = 1; i < e->args.size(); ++i) {
    args.push_back(ValueAs(e->args[i], elem));
  }
  pos_ = e->pos;
  Reg dst = WantOr(want, t);
  Instr& instr = Emit(Op::kAppend, dst, s);
  instr.args.append(args.begin(), args.end());
  instr.type = elem;
  instr.rep = RepOf(elem);
  return dst;
}

Operand FunctionLowering::BuiltinMake(const syntax::CallExpr* e, Reg want) {
  const Type* t = TypeOf(e);
  llvm::ArrayRef<const Expr*> sizes = e->args.drop_front();
  HoistOperands(sizes);
  Operand a = !sizes.empty() ? IntValue(sizes[0]) : Operand();
  Operand b = sizes.size() > 1 ? IntValue(sizes[1]) : Operand();
  pos_ = e->pos;
  Reg dst = WantOr(want, t);
  const Type* u = types::Underlying(t);
  if (const auto* slice = dyn_cast<types::Slice>(u)) {
    Emit(Op::kMakeSlice, dst, a, b.IsAbsent() ? a : b).type = slice->elem;
  } else if (isa<types::Map>(u)) {
    Emit(Op::kMakeMap, dst, a.IsAbsent() ? Operand::Imm(0) : a).type = t;
  } else {
    Emit(Op::kMakeChan, dst, a.IsAbsent() ? Operand::Imm(0) : a).type = t;
  }
  return dst;
}

Operand FunctionLowering::BuiltinNew(const syntax::CallExpr* e, Reg want) {
  const auto* pointer = As<types::Pointer>(TypeOf(e));
  const Type* t = pointer->elem;
  if (Tv(e->args[0]).mode == types::Mode::kType) return NewObject(t);
  Operand v = ValueAs(e->args[0], t);
  pos_ = e->pos;
  Reg object = NewObject(t);
  StoreAt(t, object, 0, v, true);
  return object;
}

Operand FunctionLowering::BuiltinMinMax(const syntax::CallExpr* e, bool max,
                                        Reg want) {
  const Type* t = TypeOf(e);
  Rep rep = RepOf(t);
  HoistOperands(e->args);
  Operands values;
  for (const Expr* a : e->args) values.push_back(Value(a));
  if (rep == Rep::kF32 || rep == Rep::kF64) {
    Operand r = values[0];
    for (size_t i = 1; i < values.size(); ++i) {
      r = Arith(max ? Op::kFMax : Op::kFMin, rep, r, values[i], {}, t);
    }
    return r;
  }
  Reg r = CopyToTemp(values[0], t);
  for (size_t i = 1; i < values.size(); ++i) {
    uint32_t take = NewBlock();
    uint32_t next = NewBlock();
    if (rep != Rep::kNone) {
      BranchCmp(max ? Op::kGt : Op::kLt, rep, values[i], r, take, next);
    } else {
      Operand less = LessString(max ? syntax::Op::kGtr : syntax::Op::kLss,
                                values[i], r, {});
      Branch(less, take, next);
    }
    SetBlock(take);
    Move(r, values[i], t);
    JumpTo(next);
  }
  return r;
}

void FunctionLowering::BuiltinClear(const syntax::CallExpr* e) {
  const Expr* x = e->args[0];
  const Type* t = TypeOf(x);
  BuiltinOnOperands(Builtin::kClear, {Value(x)}, {t});
}

void FunctionLowering::EmitPanic(Operand value) {
  Emit(Op::kPanic, {}, value);
  cur_ = Function::kNoBlock;
}

void FunctionLowering::PanicOf(const Expr* e) {
  Pos pos = pos_;
  const Type* any = program_.world.universe->empty_interface;
  Operand v = ValueAs(e, any);
  pos_ = pos;
  BuiltinOnOperands(
      Builtin::kPanic, {v},
      {types::IsInterface(TypeOf(e)) || Tv(e).mode == types::Mode::kNil
           ? any
           : nullptr});
}

Operand FunctionLowering::BuiltinOnOperands(
    Builtin b, llvm::ArrayRef<Operand> args,
    llvm::ArrayRef<const Type*> arg_types) {
  const Type* any = program_.world.universe->empty_interface;
  switch (b) {
    case Builtin::kClose:
      Emit(Op::kChanClose, {}, args[0]);
      break;
    case Builtin::kDelete:
      Emit(Op::kMapDelete, {}, args[0], args[1]).type = arg_types[0];
      break;
    case Builtin::kCopy:
      Emit(Op::kCopySlice, TempInt(), args[0], args[1]).type =
          As<types::Slice>(arg_types[0])->elem;
      break;
    case Builtin::kPrint:
    case Builtin::kPrintln:
      BuiltinPrint(args, arg_types, b == Builtin::kPrintln);
      break;
    case Builtin::kPanic: {
      // panic(nil) panics with a *runtime.PanicNilError.
      Symbol* nil_error = nullptr;
      if (arg_types[0] != nullptr) {
        nil_error = program_.FindLibrary("runtime", "PanicNilError");
      }
      Reg v = ToReg(args[0], any);
      if (nil_error != nullptr) {
        uint32_t nil = NewBlock();
        uint32_t go = NewBlock();
        BranchCmp(Op::kEq, Rep::kPtr, v, Operand::Imm(0), nil, go);
        SetBlock(nil);
        const Type* t = program_.TypeOfSymbol(nil_error);
        Reg object = NewObject(t);
        EmitPanic(
            ToReg(ToInterface(object, program_.PointerTo(t), any, {}), any));
        SetBlock(go);
      }
      EmitPanic(v);
      break;
    }
    case Builtin::kClear: {
      const Type* t = arg_types[0];
      if (As<types::Map>(t) != nullptr) {
        Emit(Op::kMapClear, {}, args[0]).type = t;
        break;
      }
      const Type* elem = As<types::Slice>(t)->elem;
      Reg s = ToReg(args[0], t);
      Reg i = TempInt();
      const Type* integer = program_.Basic(BasicKind::kInt);
      Move(i, Operand::Imm(0), integer);
      Operand zero = ZeroValue(elem);
      ++loop_depth_;
      uint32_t head = NewBlock();
      uint32_t body = NewBlock();
      --loop_depth_;
      uint32_t done = NewBlock();
      JumpTo(head);
      BranchCmp(Op::kLt, Rep::kI64, i, s.At(1), body, done);
      SetBlock(body);
      Instr& instr = Emit(Op::kElemStore);
      instr.a = s;
      instr.b = i;
      instr.c = zero;
      instr.type = elem;
      instr.rep = RepOf(elem);
      instr.no_check = true;
      Arith(Op::kAdd, Rep::kI64, i, Operand::Imm(1), i, integer);
      Jump(head);
      SetBlock(done);
      break;
    }
    default:
      break;
  }
  return {};
}

// Panics unless 0 <= length and the memory ends within the address space; none
// of it may be at nil.
void FunctionLowering::CheckUnsafe(Operand pointer, Operand length,
                                   int64_t size, const char* name) {
  Symbol* error = program_.FindLibrary("runtime", "errorString");
  if (error == nullptr) return;
  const Type* word = program_.Basic(BasicKind::kUint64);
  const Type* error_type = program_.TypeOfSymbol(error);
  const Type* any = program_.world.universe->empty_interface;
  uint32_t good = NewBlock();
  uint32_t bad = NewBlock();
  uint32_t nil = NewBlock();
  uint32_t range = NewBlock();
  // As unsigned numbers: length * size <= -pointer, 0 for nil.
  Operand room = Operand::Imm(INT64_MAX);
  if (size > 0) {
    room = Arith(Op::kSub, Rep::kU64, CopyToTemp(Operand::Imm(0), word),
                 pointer, {}, word);
    if (size > 1) {
      room = Arith(Op::kDiv, Rep::kU64, room, Operand::Imm(size), {}, word);
    }
  }
  Reg n = CopyToTemp(length, word);
  BranchCmp(Op::kLe, Rep::kU64, n, room, good, bad);
  SetBlock(bad);
  auto panic = [&](const char* text) {
    Operand v = ConstString(
        program_.KeepText((llvm::Twine(name) + ": " + text).str()), {});
    v = CopyToTemp(v, error_type);
    EmitPanic(ToReg(ToInterface(v, error_type, any, {}), any));
  };
  BranchCmp(Op::kEq, Rep::kPtr, pointer, Operand::Imm(0), nil, range);
  SetBlock(nil);
  uint32_t negative = NewBlock();
  BranchCmp(Op::kLt, Rep::kI64, n, Operand::Imm(0), range, negative);
  SetBlock(negative);
  panic("ptr is nil and len is not zero");
  SetBlock(range);
  panic("len out of range");
  SetBlock(good);
}

int64_t FunctionLowering::OffsetOf(const Expr* field) {
  const auto* selector = cast<syntax::SelectorExpr>(syntax::Unparen(field));
  types::Selection selection = SelectionOf(selector);
  const Type* t = selection.recv;
  if (const auto* p = As<types::Pointer>(t)) t = p->elem;
  int64_t offset = 0;
  for (int index : selection.path) {
    const auto* s = As<types::Struct>(t);
    offset += program_.OffsetOf(s, index);
    t = program_.TypeOfSymbol(s->fields[index]);
  }
  return offset;
}

Operand FunctionLowering::BuiltinUnsafe(const syntax::CallExpr* e, Builtin b,
                                        Reg want) {
  const Type* t = TypeOf(e);
  // In generic code only: elsewhere these are constants. The argument is not
  // evaluated.
  if (b == Builtin::kUnsafeSizeof) {
    return Operand::Imm(types::SizeOf(TypeOf(e->args[0])));
  }
  if (b == Builtin::kUnsafeAlignof) {
    return Operand::Imm(types::AlignOf(TypeOf(e->args[0])));
  }
  if (b == Builtin::kUnsafeOffsetof) return Operand::Imm(OffsetOf(e->args[0]));
  HoistOperands(e->args);
  const Type* pointer = program_.Basic(BasicKind::kUnsafePointer);
  const Type* integer = program_.Basic(BasicKind::kInt);
  Operand x = Value(e->args[0]);
  switch (b) {
    case Builtin::kUnsafeAdd: {
      Operand n = IntValue(e->args[1]);
      return Arith(Op::kAdd, Rep::kU64, x, n, want, pointer);
    }
    case Builtin::kUnsafeString:
    case Builtin::kUnsafeSlice: {
      Operand n = IntValue(e->args[1]);
      bool string = b == Builtin::kUnsafeString;
      CheckUnsafe(x, n, string ? 1 : types::SizeOf(As<types::Slice>(t)->elem),
                  string ? "unsafe.String" : "unsafe.Slice");
      Reg dst = Temp(t);
      Move(dst, x, pointer);
      Move(dst.At(1), n, integer);
      if (b == Builtin::kUnsafeSlice) Move(dst.At(2), n, integer);
      return dst;
    }
    case Builtin::kUnsafeSliceData:
    case Builtin::kUnsafeStringData: {
      Reg s = ToReg(x, TypeOf(e->args[0]));
      return CopyToTemp(s, pointer);
    }
    default:
      program_.NotSupported(e->pos, "this function");
      return Operand::Imm(0);
  }
}

}  // namespace mgo::ir
