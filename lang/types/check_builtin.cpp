// Calls of predeclared functions.
#include "lang/types/check.h"

namespace mgo::types {

namespace {

// How many arguments a builtin takes.
struct Arity {
  int least;
  bool variadic;
};

Arity ArityOf(Builtin id) {
  switch (id) {
    case Builtin::kAppend:
    case Builtin::kMake:
    case Builtin::kMax:
    case Builtin::kMin:
      return {1, true};
    case Builtin::kComplex:
    case Builtin::kCopy:
    case Builtin::kDelete:
    case Builtin::kUnsafeAdd:
    case Builtin::kUnsafeSlice:
    case Builtin::kUnsafeString:
      return {2, false};
    case Builtin::kPrint:
    case Builtin::kPrintln:
      return {0, true};
    case Builtin::kRecover:
      return {0, false};
    default:
      return {1, false};
  }
}

}  // namespace

void Checker::BuiltinCall(Operand& x, const syntax::CallExpr* e, Builtin id) {
  // len and cap of arrays are constant when nothing in the argument is called.
  bool had_call = env_.has_call;
  env_.has_call = false;
  x.mode = Mode::kNone;
  if (e->ellipsis.IsValid() && id != Builtin::kAppend) {
    Report(DiagKind::kDotsWithBuiltin, PosOf(e), Str(e->fun));
    UseAll(e->args);
    env_.has_call |= had_call;
    return;
  }
  llvm::SmallVector<Operand, 4> args;
  bool ok = true;
  switch (id) {
    case Builtin::kMake:
    case Builtin::kNew:
    case Builtin::kUnsafeOffsetof:
      break;
    default:
      Arguments(e->args, args);
      break;
  }
  for (Operand& arg : args) ok &= !arg.Invalid();
  if (!ok) {
    env_.has_call |= had_call;
    return;
  }
  size_t count = args.empty() ? e->args.size() : args.size();
  Arity arity = ArityOf(id);
  const char* problem = nullptr;
  if (count < static_cast<size_t>(arity.least)) problem = "not enough";
  if (!arity.variadic && count > static_cast<size_t>(arity.least)) {
    problem = "too many";
  }
  if (problem != nullptr) {
    if (args.empty()) UseAll(e->args);
    Report(DiagKind::kBuiltinArgumentCount, PosOf(e), problem, Str(e),
           arity.least, count);
    env_.has_call |= had_call;
    return;
  }
  if (!args.empty()) x = args[0];
  switch (id) {
    case Builtin::kAppend:
      BuiltinAppend(x, e, args);
      break;
    case Builtin::kCap:
    case Builtin::kLen:
      BuiltinLen(x, e, id);
      break;
    case Builtin::kClear:
      BuiltinClear(x);
      break;
    case Builtin::kClose:
      BuiltinClose(x);
      break;
    case Builtin::kComplex:
      BuiltinComplex(x, e, args[1]);
      break;
    case Builtin::kCopy:
      BuiltinCopy(x, args[1]);
      break;
    case Builtin::kDelete:
      BuiltinDelete(x, args[1]);
      break;
    case Builtin::kImag:
    case Builtin::kReal:
      BuiltinRealImag(x, e, id);
      break;
    case Builtin::kMake:
      BuiltinMake(x, e);
      break;
    case Builtin::kMax:
    case Builtin::kMin:
      BuiltinMinMax(x, e, id, args);
      break;
    case Builtin::kNew:
      BuiltinNew(x, e);
      break;
    case Builtin::kPanic:
      panic_calls_.insert(e);
      Assignment(x, world_.universe->empty_interface, "argument to panic");
      if (!x.Invalid()) NoValue(x);
      break;
    case Builtin::kPrint:
    case Builtin::kPrintln:
      BuiltinPrint(x, args, id);
      break;
    case Builtin::kRecover:
      x.mode = Mode::kValue;
      x.type = world_.universe->empty_interface;
      break;
    default:
      UnsafeCall(x, e, id, args);
      break;
  }
  env_.has_call |= had_call;
}

void Checker::BuiltinAppend(Operand& x, const syntax::CallExpr* e,
                            llvm::SmallVectorImpl<Operand>& args) {
  std::string mismatch;
  const Type* elem = x.IsNil() ? nullptr : SliceElem(x.type, &mismatch);
  if (elem == nullptr) {
    if (!mismatch.empty()) {
      Report(DiagKind::kElementMismatch, PosOf(x.expr), "append", mismatch,
             Str(x));
    } else if (x.IsNil()) {
      Report(DiagKind::kAppendNotSlice, PosOf(x.expr), "untyped nil");
    } else if (!IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kAppendNotSlice, PosOf(x.expr), Str(x));
    }
    x.mode = Mode::kNone;
    return;
  }
  const Type* t = x.type;
  bool dots = e->ellipsis.IsValid();
  // "As a special case, append also accepts a first argument assignable to
  // []byte with a second argument of string type followed by …"
  if (dots && args.size() == 2 &&
      Identical(Underlying(elem), Basic(BasicKind::kUint8)) &&
      !args[1].IsNil() && IsByteString(args[1].type)) {
    if (IsUntyped(args[1].type)) {
      ConvertUntyped(args[1], Basic(BasicKind::kString));
    }
    x.mode = Mode::kValue;
    return;
  }
  if (dots) {
    if (args.size() != 2) {
      llvm::SmallVector<const Type*, 8> have;
      for (const Operand& arg : args) {
        have.push_back(arg.IsNil() ? nullptr : arg.type);
      }
      const Type* want[] = {t, world_.types.New<Slice>(elem)};
      bool many = args.size() > 2;
      Report(DiagKind::kArgumentCount,
             many ? args[2].expr->pos : args.back().expr->pos,
             many ? "too many" : "not enough", Str(e->fun),
             TypesSummary(have, false, true), TypesSummary(want, true, false));
    } else {
      const Type* rest = isa<Slice>(Unalias(t)) ? t : nullptr;
      if (rest == nullptr) rest = world_.types.New<Slice>(elem);
      Assignment(args[1], rest, "argument to ", e->fun);
    }
  } else {
    for (size_t i = 1; i < args.size(); i++) {
      Assignment(args[i], elem, "argument to ", e->fun);
    }
  }
  x.mode = Mode::kValue;
  x.type = t;
}

void Checker::BuiltinLen(Operand& x, const syntax::CallExpr* e, Builtin id) {
  const char* name = id == Builtin::kLen ? "len" : "cap";
  const Constant* value = nullptr;
  bool ok = false;
  const Type* under = x.IsNil() ? nullptr : Underlying(x.type);
  if (under != nullptr && isa<Pointer>(under)) {
    const Type* elem = Underlying(cast<Pointer>(under)->elem);
    if (isa<Array>(elem)) under = elem;
  }
  if (under != nullptr && IsTypeParam(x.type)) {
    llvm::SmallVector<Term, 8> terms;
    ok = TermsOf(x.type, &terms) && !terms.empty();
    for (const Term& term : terms) {
      const Type* u = Underlying(term.type);
      if (const auto* p = dyn_cast<Pointer>(u)) {
        if (As<Array>(p->elem) != nullptr) u = Underlying(p->elem);
      }
      ok &= isa<Array>(u) || isa<Slice>(u) || isa<Chan>(u) ||
            (id == Builtin::kLen && (isa<Map>(u) || IsBasic(u, kIsString)));
    }
  } else if (under != nullptr) {
    switch (under->kind) {
      case TypeKind::kBasic:
        ok = id == Builtin::kLen && IsBasic(under, kIsString);
        if (ok && x.mode == Mode::kConstant) {
          if (x.value->Kind() == ConstKind::kString) {
            value = Constants().Int(
                static_cast<int64_t>(x.value->StringValue().size()));
          } else {
            value = Constants().Unknown();
          }
        }
        break;
      case TypeKind::kArray:
        ok = true;
        if (!env_.has_call) value = Constants().Int(cast<Array>(under)->length);
        break;
      case TypeKind::kSlice:
      case TypeKind::kChan:
        ok = true;
        break;
      case TypeKind::kMap:
        ok = id == Builtin::kLen;
        break;
      default:
        break;
    }
  }
  if (!ok) {
    if (under == nullptr || !IsInvalid(under)) {
      Report(DiagKind::kInvalidLenArg, PosOf(x.expr), Str(x), name);
    }
    x.mode = Mode::kNone;
    return;
  }
  if (IsUntyped(x.type)) ConvertUntyped(x, Basic(BasicKind::kString));
  x.mode = value != nullptr ? Mode::kConstant : Mode::kValue;
  x.value = value;
  x.type = Basic(BasicKind::kInt);
}

void Checker::BuiltinClear(Operand& x) {
  llvm::SmallVector<Term, 4> terms;
  bool valid = !x.IsNil() && TermsOf(x.type, &terms) && !terms.empty();
  for (const Term& term : terms) {
    const Type* under = Underlying(term.type);
    valid &= isa<Map>(under) || isa<Slice>(under);
  }
  if (!valid) {
    if (x.IsNil() || !IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kInvalidClear, PosOf(x.expr), Str(x));
    }
    x.mode = Mode::kNone;
    return;
  }
  NoValue(x);
}

void Checker::BuiltinClose(Operand& x) {
  llvm::SmallVector<Term, 4> terms;
  if (!x.IsNil()) TermsOf(x.type, &terms);
  const Chan* chan = nullptr;
  for (const Term& term : terms) {
    const auto* one = As<Chan>(term.type);
    if (one == nullptr) {
      chan = nullptr;
      break;
    }
    if (chan == nullptr || one->dir == syntax::ChanDir::kRecv) chan = one;
  }
  if (chan == nullptr) {
    Report(DiagKind::kCloseNonChan, PosOf(x.expr), Str(x));
    x.mode = Mode::kNone;
    return;
  }
  if (chan->dir == syntax::ChanDir::kRecv) {
    Report(DiagKind::kCloseRecvOnly, PosOf(x.expr), Str(x));
    x.mode = Mode::kNone;
    return;
  }
  NoValue(x);
}

void Checker::BuiltinComplex(Operand& x, const syntax::CallExpr* e,
                             Operand& y) {
  if (x.IsNil() || y.IsNil()) {
    const Operand& nil = x.IsNil() ? x : y;
    const Operand& other = x.IsNil() ? y : x;
    bool typed = !other.IsNil() && !IsUntyped(other.type);
    Report(DiagKind::kCannotConvert, PosOf(nil.expr), Str(nil),
           typed ? Str(other.type) : "float64");
    x.mode = Mode::kNone;
    return;
  }
  bool x_untyped = IsUntyped(x.type), y_untyped = IsUntyped(y.type);
  if (x_untyped && !y_untyped) {
    ConvertUntyped(x, y.type);
  } else if (!x_untyped && y_untyped) {
    ConvertUntyped(y, x.type);
  } else if (x_untyped && y_untyped) {
    // Both real constants: their common kind is untyped float.
    auto to_float = [&](Operand& o) {
      if (o.mode == Mode::kConstant && IsBasic(o.type, kIsNumeric) &&
          Constants().ToFloat(o.value)->Kind() != ConstKind::kUnknown) {
        o.type = Basic(BasicKind::kUntypedFloat);
      } else if (o.mode != Mode::kConstant && IsBasic(o.type, kIsNumeric)) {
        ConvertUntyped(o, Basic(BasicKind::kFloat64));
      }
    };
    to_float(x);
    to_float(y);
    if (!IsUntyped(x.type) && IsUntyped(y.type)) ConvertUntyped(y, x.type);
    if (IsUntyped(x.type) && !IsUntyped(y.type)) ConvertUntyped(x, y.type);
  }
  if (x.Invalid() || y.Invalid()) {
    x.mode = Mode::kNone;
    return;
  }
  if (!Identical(x.type, y.type)) {
    Report(DiagKind::kMismatchedTypes, PosOf(x.expr), Str(e), Str(x.type),
           Str(y.type));
    x.mode = Mode::kNone;
    return;
  }
  const Type* result = nullptr;
  if (const auto* basic = As<mgo::types::Basic>(x.type)) {
    switch (basic->basic) {
      case BasicKind::kFloat32:
        result = Basic(BasicKind::kComplex64);
        break;
      case BasicKind::kFloat64:
        result = Basic(BasicKind::kComplex128);
        break;
      case BasicKind::kUntypedFloat:
        result = Basic(BasicKind::kUntypedComplex);
        break;
      default:
        break;
    }
  }
  if (result == nullptr) {
    Report(DiagKind::kComplexArgs, PosOf(x.expr), Str(x.type));
    x.mode = Mode::kNone;
    return;
  }
  if (x.mode == Mode::kConstant && y.mode == Mode::kConstant) {
    x.value = Constants().Complex(Constants().ToFloat(x.value),
                                  Constants().ToFloat(y.value));
  } else {
    x.mode = Mode::kValue;
  }
  x.type = result;
}

void Checker::BuiltinRealImag(Operand& x, const syntax::CallExpr* e,
                              Builtin id) {
  if (x.IsNil()) {
    Report(DiagKind::kCannotConvert, PosOf(x.expr), Str(x), "complex128");
    x.mode = Mode::kNone;
    return;
  }
  if (IsUntyped(x.type)) {
    if (x.mode == Mode::kConstant) {
      if (IsBasic(x.type, kIsNumeric)) {
        x.type = Basic(BasicKind::kUntypedComplex);
      }
    } else {
      ConvertUntyped(x, Basic(BasicKind::kComplex128));
      if (x.Invalid()) return;
    }
  }
  const Type* result = nullptr;
  if (const auto* basic = As<mgo::types::Basic>(x.type)) {
    switch (basic->basic) {
      case BasicKind::kComplex64:
        result = Basic(BasicKind::kFloat32);
        break;
      case BasicKind::kComplex128:
        result = Basic(BasicKind::kFloat64);
        break;
      case BasicKind::kUntypedComplex:
        result = Basic(BasicKind::kUntypedFloat);
        break;
      default:
        break;
    }
  }
  if (result == nullptr) {
    Report(DiagKind::kNotComplex, PosOf(x.expr), Str(x.type));
    x.mode = Mode::kNone;
    return;
  }
  if (x.mode == Mode::kConstant) {
    x.value = id == Builtin::kReal ? Constants().Real(x.value)
                                   : Constants().Imag(x.value);
  } else {
    x.mode = Mode::kValue;
  }
  x.type = result;
}

void Checker::BuiltinCopy(Operand& x, Operand& y) {
  auto elem_of = [&](const Operand& s) -> const Type* {
    std::string mismatch;
    const Type* elem = s.IsNil() ? nullptr : SliceElem(s.type, &mismatch);
    if (elem != nullptr) return elem;
    if (!mismatch.empty()) {
      Report(DiagKind::kElementMismatch, PosOf(s.expr), "copy", mismatch,
             Str(s));
    } else {
      Report(DiagKind::kCopyNotSlice, PosOf(s.expr),
             s.IsNil() ? std::string("untyped nil") : Str(s));
    }
    return nullptr;
  };
  const Type* dst_elem = elem_of(x);
  const Type* src_elem = nullptr;
  if (dst_elem != nullptr) {
    src_elem = !y.IsNil() && IsByteString(y.type)
                   ? static_cast<const Type*>(world_.universe->byte_type)
                   : elem_of(y);
  }
  if (src_elem == nullptr) {
    x.mode = Mode::kNone;
    return;
  }
  if (!Identical(dst_elem, src_elem)) {
    Report(DiagKind::kCopyElements, PosOf(x.expr), Str(x), Str(y),
           Str(dst_elem), Str(src_elem));
    x.mode = Mode::kNone;
    return;
  }
  if (IsUntyped(y.type)) ConvertUntyped(y, Basic(BasicKind::kString));
  x.mode = Mode::kValue;
  x.type = Basic(BasicKind::kInt);
}

void Checker::BuiltinDelete(Operand& x, Operand& y) {
  llvm::SmallVector<Term, 4> terms;
  if (!x.IsNil()) TermsOf(x.type, &terms);
  const Map* map = nullptr;
  for (const Term& term : terms) {
    const auto* one = As<Map>(term.type);
    if (one != nullptr && map != nullptr && !Identical(map->key, one->key)) {
      Report(DiagKind::kMapKeysDiffer, PosOf(x.expr), Str(x));
      x.mode = Mode::kNone;
      return;
    }
    map = one;
    if (map == nullptr) break;
  }
  if (map == nullptr) {
    Report(DiagKind::kDeleteNotMap, PosOf(x.expr), Str(x));
    x.mode = Mode::kNone;
    return;
  }
  Assignment(y, map->key, "argument to delete");
  if (y.Invalid()) {
    x.mode = Mode::kNone;
    return;
  }
  NoValue(x);
}

void Checker::BuiltinMake(Operand& x, const syntax::CallExpr* e) {
  const Type* t = VarType(e->args[0]);
  ArrayRef<const Expr*> sizes = e->args.drop_front();
  if (IsInvalid(t)) {
    UseAll(sizes);
    return;
  }
  size_t least = 0;
  const Type* core = CoreType(t);
  if (core == nullptr) core = Invalid();
  switch (core->kind) {
    case TypeKind::kSlice:
      least = 2;
      break;
    case TypeKind::kMap:
    case TypeKind::kChan:
      least = 1;
      break;
    default:
      if (!IsInvalid(Underlying(t))) {
        Report(DiagKind::kCannotMake, PosOf(e->args[0]), Str(t),
               IsTypeParam(t) && CoreType(t) == nullptr && !IsByteString(t)
                   ? WhyNoCommonType(t)
                   : "type must be slice, map, or channel");
      }
      UseAll(sizes);
      return;
  }
  if (e->args.size() < least || e->args.size() > least + 1) {
    Report(DiagKind::kMakeArguments, PosOf(e), Str(e), least, least + 1,
           e->args.size());
    UseAll(sizes);
    return;
  }
  int64_t values[2] = {-1, -1};
  for (size_t i = 0; i < sizes.size(); i++) Index(sizes[i], -1, &values[i]);
  if (sizes.size() == 2 && values[0] >= 0 && values[1] >= 0 &&
      values[0] > values[1]) {
    Report(DiagKind::kLenCapSwapped, sizes[0]->pos);
  }
  x.mode = Mode::kValue;
  x.type = t;
}

void Checker::BuiltinNew(Operand& x, const syntax::CallExpr* e) {
  ValueOrType(x, e->args[0]);
  if (x.Invalid()) return;
  if (x.mode == Mode::kType) {
    CheckNotConstraint(e->args[0], x.type);
    if (!RequireFinished(x.type)) {
      x.mode = Mode::kNone;
      return;
    }
  } else {
    Assignment(x, nullptr, "argument to new");
    if (x.Invalid()) return;
  }
  x.mode = Mode::kValue;
  x.type = world_.types.New<Pointer>(x.type);
}

void Checker::BuiltinMinMax(Operand& x, const syntax::CallExpr* e, Builtin id,
                            llvm::SmallVectorImpl<Operand>& args) {
  Op op = id == Builtin::kMax ? Op::kGtr : Op::kLss;
  for (size_t i = 0; i < args.size(); i++) {
    Operand& arg = args[i];
    if (arg.IsNil() || !AllBasic(arg.type, kIsOrdered)) {
      Report(DiagKind::kCannotOrder, PosOf(arg.expr), Str(arg));
      x.mode = Mode::kNone;
      return;
    }
    if (i == 0) continue;
    if (!MatchUntyped(x, arg)) return;
    if (!Identical(x.type, arg.type)) {
      Report(DiagKind::kMinMaxMismatch, PosOf(arg.expr), Str(x.type),
             Str(arg.type), Str(arg.expr));
      x.mode = Mode::kNone;
      return;
    }
    if (x.mode == Mode::kConstant && arg.mode == Mode::kConstant) {
      if (x.value->Kind() != ConstKind::kUnknown &&
          arg.value->Kind() != ConstKind::kUnknown &&
          Constants().Compare(arg.value, op, x.value)) {
        x = arg;
      }
    } else {
      x.mode = Mode::kValue;
    }
  }
  if (x.mode != Mode::kConstant) {
    x.mode = Mode::kValue;
    if (IsUntyped(x.type)) {
      Assignment(x, world_.universe->empty_interface,
                 "argument to built-in min");
      if (x.Invalid()) return;
    }
  }
  if (!IsUntyped(x.type)) {
    for (Operand& arg : args) {
      if (IsUntyped(info_.types[arg.expr->id].type)) {
        UpdateExprType(arg.expr, x.type, true);
      }
    }
  }
}

void Checker::BuiltinPrint(Operand& x, llvm::SmallVectorImpl<Operand>& args,
                           Builtin id) {
  const char* context = id == Builtin::kPrint ? "argument to built-in print"
                                              : "argument to built-in println";
  bool ok = true;
  for (Operand& arg : args) {
    Assignment(arg, nullptr, context);
    ok &= !arg.Invalid();
  }
  x.mode = Mode::kNone;
  if (ok) NoValue(x);
}

}  // namespace mgo::types
