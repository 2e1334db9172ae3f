// Binary operators: arithmetic, shifts, comparisons.
#include "lang/types/check.h"

namespace mgo::types {

namespace {

bool IsShift(Op op) { return op == Op::kShl || op == Op::kShr; }

bool IsComparison(Op op) { return op >= Op::kEql && op <= Op::kGeq; }

// The name of an operation in "constant … overflow".
const char* OperationName(const Expr* e) {
  if (const auto* binary = dyn_cast<syntax::BinaryExpr>(e)) {
    switch (binary->op) {
      case Op::kAdd:
        return "addition ";
      case Op::kSub:
        return "subtraction ";
      case Op::kXor:
        return "bitwise XOR ";
      case Op::kMul:
        return "multiplication ";
      case Op::kShl:
        return "shift ";
      default:
        return "";
    }
  }
  if (const auto* unary = dyn_cast<syntax::UnaryExpr>(e)) {
    if (unary->op == Op::kXor) return "bitwise complement ";
  }
  return "";
}

}  // namespace

// A chain such as a + b + c leans left and may be very long, so its spine is
// walked in a loop.
void Checker::BinaryExpr(Operand& x, const syntax::BinaryExpr* e) {
  llvm::SmallVector<const syntax::BinaryExpr*, 4> spine;
  const Expr* left = e;
  while (const auto* binary = dyn_cast<syntax::BinaryExpr>(left)) {
    spine.push_back(binary);
    left = binary->x;
  }
  Value(x, left);
  for (size_t i = spine.size(); i-- > 0;) {
    const syntax::BinaryExpr* step = spine[i];
    Binary(x, step, step->x, step->y, step->op, step->op_pos);
    x.expr = step;
    if (i > 0) Record(x);
  }
}

void Checker::Binary(Operand& x, const syntax::BinaryExpr* e, const Expr* lhs,
                     const Expr* rhs, Op op, Pos op_pos) {
  Operand y;
  Value(y, rhs);
  if (x.Invalid()) return;
  if (y.Invalid()) {
    x.mode = Mode::kNone;
    x.type = y.type;
    return;
  }
  BinaryWith(x, y, e, lhs, op, op_pos);
}

void Checker::BinaryWith(Operand& x, Operand& y, const syntax::BinaryExpr* e,
                         const Expr* lhs, Op op, Pos op_pos) {
  if (IsShift(op)) {
    Shift(x, y, e, op, op_pos);
    return;
  }
  // "Except for shift operations, if one operand is an untyped constant and the
  // other operand is not, the constant is implicitly converted to the type of
  // the other operand."
  const Type *x_before = x.type, *y_before = y.type;
  if (x.type != y.type && !MatchUntyped(x, y)) return;
  if (IsComparison(op)) {
    Comparison(x, y, op);
    return;
  }
  if (x.type != y.type && !Identical(x.type, y.type)) {
    // Beside an interface Go shows a number's type as it was.
    if (IsInterface(x.type) && IsBasic(y_before, kIsNumeric)) y.type = y_before;
    if (IsInterface(y.type) && IsBasic(x_before, kIsNumeric)) x.type = x_before;
    ReportMismatch(x, y, e, lhs, op);
    x.mode = Mode::kNone;
    return;
  }
  if (!OperatorDefined(x, op, /*unary=*/false)) {
    x.mode = Mode::kNone;
    return;
  }
  bool constant = x.mode == Mode::kConstant && y.mode == Mode::kConstant;
  if (op == Op::kQuo || op == Op::kRem) {
    if (y.mode == Mode::kConstant && y.value->Kind() != ConstKind::kUnknown &&
        (IsZero(y.value) || (constant && AllBasic(x.type, kIsComplex) &&
                             SquareVanishes(y.value))) &&
        (x.mode == Mode::kConstant || AllBasic(x.type, kIsInteger))) {
      Report(DiagKind::kDivisionByZero, PosOf(y.expr));
      x.mode = Mode::kNone;
      return;
    }
  }
  if (!constant) {
    x.mode = Mode::kValue;
    return;
  }
  if (x.value->Kind() == ConstKind::kUnknown ||
      y.value->Kind() == ConstKind::kUnknown) {
    x.value = Constants().Unknown();
    return;
  }
  x.value =
      Constants().Binary(x.value, op, y.value, IsBasic(x.type, kIsInteger));
  if (e != nullptr) x.expr = e;
  CheckOverflow(x, op_pos);
}

bool Checker::IsZero(const Constant* value) {
  if (value->Kind() != ConstKind::kComplex) return value->Sign() == 0;
  return Constants().Real(value)->Sign() == 0 &&
         Constants().Imag(value)->Sign() == 0;
}

// Complex division divides by the square of the divisor's magnitude, whose
// exponent may be too small for a constant.
bool Checker::SquareVanishes(const Constant* value) {
  for (const Constant* part :
       {Constants().Real(value), Constants().Imag(value)}) {
    const Constant* square =
        Constants().Binary(part, Op::kMul, part, /*integer_division=*/false);
    if (square->Sign() != 0) return false;
  }
  return true;
}

void Checker::ReportMismatch(Operand& x, Operand& y,
                             const syntax::BinaryExpr* e, const Expr* lhs,
                             Op op) {
  if (IsInvalid(x.type) || IsInvalid(y.type)) return;
  if (e != nullptr) {
    HintMismatch(Report(DiagKind::kMismatchedTypes, PosOf(x.expr), Str(e),
                        Str(x.type), Str(y.type)),
                 x, y);
    return;
  }
  std::string text =
      llvm::formatv("{0} {1}= {2}", Str(lhs), syntax::Spelling(op), Str(y.expr))
          .str();
  HintMismatch(Report(DiagKind::kMismatchedTypes, PosOf(x.expr), text,
                      Str(x.type), Str(y.type)),
               x, y);
}

bool Checker::MayConvert(const Operand& x, const Operand& y) const {
  bool x_untyped = IsUntyped(x.type), y_untyped = IsUntyped(y.type);
  if (!x_untyped && !y_untyped) return false;
  // An untyped operand takes its default type beside an empty interface.
  for (const Type* t : {x.type, y.type}) {
    if (!IsInterface(t)) continue;
    return x.IsNil() || y.IsNil() ||
           Complete(As<Interface>(t))->all_methods.empty();
  }
  if (AllBasic(x.type, kIsBoolean) != AllBasic(y.type, kIsBoolean)) {
    return false;
  }
  if (AllBasic(x.type, kIsString) != AllBasic(y.type, kIsString)) return false;
  if (x.IsNil()) return y.IsNil() || HasNil(y.type);
  if (y.IsNil()) return HasNil(x.type);
  // Only basic types (and type parameters) can take an untyped value.
  return (IsTypeParam(x.type) || isa<mgo::types::Basic>(Underlying(x.type))) &&
         (IsTypeParam(y.type) || isa<mgo::types::Basic>(Underlying(y.type)));
}

bool Checker::MatchUntyped(Operand& x, Operand& y) {
  if (!MayConvert(x, y)) return true;
  ConvertUntyped(x, y.type);
  if (x.Invalid()) return false;
  ConvertUntyped(y, x.type);
  if (y.Invalid()) {
    x.mode = Mode::kNone;
    return false;
  }
  return true;
}

bool Checker::OperatorDefined(const Operand& x, Op op, bool unary) {
  uint16_t wanted;
  switch (op) {
    case Op::kAdd:
      wanted = unary ? kIsNumeric : (kIsNumeric | kIsString);
      break;
    case Op::kSub:
    case Op::kMul:
    case Op::kQuo:
      wanted = kIsNumeric;
      break;
    case Op::kLAnd:
    case Op::kLOr:
    case Op::kNot:
      wanted = kIsBoolean;
      break;
    default:
      wanted = kIsInteger;
      break;
  }
  if (!x.IsNil() && AllBasic(x.type, wanted)) return true;
  if (IsInvalid(Underlying(x.type))) return false;
  Report(DiagKind::kOperatorUndefined, PosOf(x.expr), syntax::Spelling(op),
         Str(x));
  return false;
}

void Checker::CheckOverflow(Operand& x, Pos op_pos) {
  if (x.value->Kind() == ConstKind::kUnknown) {
    Report(DiagKind::kNotRepresentable, op_pos);
    return;
  }
  if (!IsUntyped(x.type)) {
    Representable(x, x.type);
    return;
  }
  // Longer integers than any program needs are an error, not a wait.
  constexpr int kMaxBits = 512;
  int64_t small;
  if (x.value->Kind() != ConstKind::kInt || x.value->Int64Value(&small)) return;
  if (ConstantArena::BitLength(x.value) > kMaxBits) {
    Report(DiagKind::kConstantOverflow, op_pos, OperationName(x.expr));
    x.value = Constants().Unknown();
  }
}

// --- shifts
// -----------------------------------------------------------------------

void Checker::Shift(Operand& x, Operand& y, const Expr* e, Op op, Pos op_pos) {
  // "The left operand must be of integer type or be an untyped constant
  // representable by a value of type int."
  const Constant* value = nullptr;
  bool ok = AllBasic(x.type, kIsInteger);
  if (x.mode == Mode::kConstant) {
    value = Constants().ToInt(x.value);
    ok |= IsUntyped(x.type) && value->Kind() == ConstKind::kInt;
  }
  if (!ok) {
    if (!IsInvalid(Underlying(x.type))) {
      Report(DiagKind::kShiftedOperand, PosOf(x.expr), Str(x));
    }
    x.mode = Mode::kNone;
    return;
  }
  const Constant* count = nullptr;
  if (y.mode == Mode::kConstant) {
    count = Constants().ToInt(y.value);
    if (count->Kind() == ConstKind::kInt && count->Sign() < 0) {
      Report(DiagKind::kNegativeShift, PosOf(y.expr), Str(y));
      x.mode = Mode::kNone;
      return;
    }
  }
  Operand written = y;  // for messages
  if (IsUntyped(y.type) && !y.IsNil()) {
    ConvertUntyped(y, Basic(BasicKind::kUint));
    if (y.Invalid()) {
      x.mode = Mode::kNone;
      return;
    }
  } else if (y.IsNil() || !AllBasic(y.type, kIsInteger)) {
    if (y.IsNil()) {
      Report(DiagKind::kCannotConvert, PosOf(y.expr), Str(y), "uint");
    } else {
      Report(DiagKind::kShiftCount, PosOf(y.expr), Str(y));
    }
    x.mode = Mode::kNone;
    return;
  }
  if (x.mode == Mode::kConstant) {
    if (y.mode == Mode::kConstant) {
      if (value->Kind() != ConstKind::kInt ||
          count->Kind() != ConstKind::kInt) {
        x.value = Constants().Unknown();
        if (!IsBasic(x.type, kIsInteger)) {
          x.type = Basic(BasicKind::kUntypedInt);
        }
        return;
      }
      // Enough for every float64's exponent.
      constexpr uint64_t kShiftBound = 1023 - 1 + 52;
      uint64_t bits;
      if (!count->Uint64Value(&bits) || bits > kShiftBound) {
        Report(DiagKind::kInvalidShift, PosOf(y.expr), Str(written));
        x.mode = Mode::kNone;
        return;
      }
      if (!IsBasic(x.type, kIsInteger)) x.type = Basic(BasicKind::kUntypedInt);
      x.value = Constants().Shift(value, op, bits);
      if (e != nullptr) x.expr = e;
      CheckOverflow(x, op_pos);
      return;
    }
    if (IsUntyped(x.type)) {
      // "If the left operand of a non-constant shift expression is an untyped
      // constant, it is first implicitly converted to the type it would assume
      // if the shift expression were replaced by its left operand alone."
      shift_lhs_.insert(x.expr->id);
      x.mode = Mode::kValue;
      return;
    }
  }
  if (!AllBasic(x.type, kIsInteger)) {
    Report(DiagKind::kShiftedOperand, PosOf(x.expr), Str(x));
    x.mode = Mode::kNone;
    return;
  }
  x.mode = Mode::kValue;
}

// --- comparisons
// --------------------------------------------------------------------

void Checker::Comparison(Operand& x, Operand& y, Op op) {
  bool equality = op == Op::kEql || op == Op::kNeq;
  bool ok = x.type == y.type || ComparableWith(Context(), x.type, y.type);
  if (x.IsNil() || y.IsNil()) {
    ok = ok || (x.IsNil() && HasNil(y.type)) || (y.IsNil() && HasNil(x.type));
  }
  if (ok && equality) {
    if (x.IsNil() || y.IsNil()) {
      const Type* other = x.IsNil() ? y.type : x.type;
      ok = !(x.IsNil() && y.IsNil()) && HasNil(other);
    } else {
      const Type* under = x.type;
      if (!isa<mgo::types::Basic>(under)) {
        ok = Comparable(x.type, false, nullptr) &&
             (x.type == y.type || Comparable(y.type, false, nullptr));
      }
    }
  } else if (ok) {
    ok = !x.IsNil() && !y.IsNil() && AllBasic(x.type, kIsOrdered) &&
         AllBasic(y.type, kIsOrdered);
  }
  if (!ok) {
    ReportComparison(x, y, op, /*switch_case=*/false);
    x.mode = Mode::kNone;
    return;
  }
  if (x.mode == Mode::kConstant && y.mode == Mode::kConstant) {
    if (x.value->Kind() == ConstKind::kUnknown ||
        y.value->Kind() == ConstKind::kUnknown) {
      x.value = Constants().Unknown();
    } else {
      x.value = Constants().Bool(Constants().Compare(x.value, op, y.value));
    }
    x.type = Basic(BasicKind::kUntypedBool);
    return;
  }
  if (IsUntyped(x.type)) UpdateExprType(x.expr, DefaultType(x.type), true);
  if (IsUntyped(y.type)) UpdateExprType(y.expr, DefaultType(y.type), true);
  x.mode = Mode::kValue;
  x.type = Basic(BasicKind::kUntypedBool);
}

void Checker::ReportComparison(Operand& x, Operand& y, Op op,
                               bool switch_case) {
  if (IsInvalid(Underlying(x.type)) || IsInvalid(Underlying(y.type))) return;
  const Operand* culprit = &x;
  std::string cause;
  bool equality = op == Op::kEql || op == Op::kNeq;
  bool assignable = ComparableWith(Context(), x.type, y.type) ||
                    (x.IsNil() && !y.IsNil() && HasNil(y.type)) ||
                    (y.IsNil() && !x.IsNil() && HasNil(x.type)) ||
                    (x.IsNil() && y.IsNil());
  if (!assignable) {
    // Only the second operand tells that the two do not match.
    culprit = &y;
    auto name = [&](const Operand& o) {
      return o.IsNil() ? std::string("untyped nil") : Str(o.type);
    };
    cause =
        llvm::formatv("mismatched types {0} and {1}", name(x), name(y)).str();
  } else if (equality) {
    if (x.IsNil() || y.IsNil()) {
      culprit = &y;
    } else if (!Comparable(x.type, false, nullptr)) {
      cause = IsTypeParam(x.type) ? "incomparable types in type set"
                                  : IncomparableCause(x.type, &package_);
    } else {
      culprit = &y;
      cause = IncomparableCause(y.type, &package_);
    }
  } else if (!x.IsNil() && AllBasic(x.type, kIsOrdered)) {
    culprit = &y;
  }
  if (cause.empty()) {
    if (IsTypeParam(x.type) || IsTypeParam(y.type)) {
      if (!IsTypeParam(x.type)) culprit = &y;
      cause = llvm::formatv("type parameter {0} cannot use operator {1}",
                            Str(culprit->type), syntax::Spelling(op))
                  .str();
    } else {
      std::string what =
          culprit->IsNil() ? "untyped nil" : CompositeKind(culprit->type);
      if (what.empty()) what = Str(culprit->type);
      cause = llvm::formatv("operator {0} not defined on {1}",
                            syntax::Spelling(op), what)
                  .str();
    }
  }
  if (switch_case) {
    Report(DiagKind::kInvalidCase, PosOf(x.expr), Str(x.expr), Str(y.expr),
           cause);
  } else {
    Report(DiagKind::kInvalidComparison, PosOf(culprit->expr), Str(x.expr),
           syntax::Spelling(op), Str(y.expr), cause);
  }
}

}  // namespace mgo::types
