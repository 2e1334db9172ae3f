// Representability: "a constant x is representable by a value of type T if x is
// in the set of values determined by T, T is a floating-point type and x can be
// rounded to T's precision without overflow, or T is a complex type, and real
// and imaginary part are representable by T's component type."
#include <cstdio>

#include "lang/types/assignable.h"

namespace mgo::types {

namespace {

// The width of an integer type; 0 of an untyped one.
int IntegerBits(BasicKind kind) {
  switch (kind) {
    case BasicKind::kInt8:
    case BasicKind::kUint8:
      return 8;
    case BasicKind::kInt16:
    case BasicKind::kUint16:
      return 16;
    case BasicKind::kInt32:
    case BasicKind::kUint32:
      return 32;
    case BasicKind::kUntypedInt:
    case BasicKind::kUntypedRune:
      return 0;
    default:
      return 64;
  }
}

bool FitsInteger(const Constant* value, const Basic* type) {
  int bits = IntegerBits(type->basic);
  if (bits == 0) return true;
  if ((type->flags & kIsUnsigned) != 0) {
    uint64_t v;
    return value->Uint64Value(&v) && (bits == 64 || v >> bits == 0);
  }
  int64_t v;
  if (!value->Int64Value(&v)) return false;
  if (bits == 64) return true;
  int64_t limit = int64_t{1} << (bits - 1);
  return v >= -limit && v < limit;
}

// The real number rounded to a float of that many bits; null when it overflows.
const Constant* RoundReal(ConstantArena& constants, const Constant* value,
                          bool single) {
  const Constant* rounded =
      single ? constants.RoundFloat32(value) : constants.RoundFloat64(value);
  return rounded->Kind() == ConstKind::kUnknown ? nullptr : rounded;
}

// The value as the type has it, or null.
const Constant* Fit(ConstantArena& constants, const Constant* value,
                    const Basic* type) {
  if ((type->flags & kIsInteger) != 0) {
    const Constant* x = constants.ToInt(value);
    bool fits = x->Kind() == ConstKind::kInt && FitsInteger(x, type);
    return fits ? x : nullptr;
  }
  if ((type->flags & kIsFloat) != 0) {
    const Constant* x = constants.ToFloat(value);
    if (x->Kind() != ConstKind::kFloat) return nullptr;
    if (type->basic == BasicKind::kUntypedFloat) return x;
    return RoundReal(constants, x, type->basic == BasicKind::kFloat32);
  }
  if ((type->flags & kIsComplex) != 0) {
    const Constant* x = constants.ToComplex(value);
    if (x->Kind() != ConstKind::kComplex) return nullptr;
    if (type->basic == BasicKind::kUntypedComplex) return x;
    bool single = type->basic == BasicKind::kComplex64;
    const Constant* re = RoundReal(constants, constants.Real(x), single);
    const Constant* im = RoundReal(constants, constants.Imag(x), single);
    if (re == nullptr || im == nullptr) return nullptr;
    return constants.Complex(re, im);
  }
  if ((type->flags & kIsString) != 0) {
    return value->Kind() == ConstKind::kString ? value : nullptr;
  }
  if ((type->flags & kIsBoolean) != 0) {
    return value->Kind() == ConstKind::kBool ? value : nullptr;
  }
  return nullptr;
}

}  // namespace

Representation Represent(ConstantArena& constants, const Constant* value,
                         const Type* from, const Type* to,
                         const Constant** rounded) {
  if (value->Kind() == ConstKind::kUnknown) {
    if (rounded != nullptr) *rounded = value;
    return Representation::kOk;
  }
  const auto* type = As<Basic>(to);
  if (type == nullptr || IsTypeParam(to)) return Representation::kMismatch;
  if (const Constant* fit = Fit(constants, value, type)) {
    if (rounded != nullptr) *rounded = fit;
    return Representation::kOk;
  }
  if (!IsBasic(from, kIsNumeric) || (type->flags & kIsNumeric) == 0) {
    return Representation::kMismatch;
  }
  bool was_integer = IsBasic(from, kIsInteger);
  bool to_integer = (type->flags & kIsInteger) != 0;
  return !was_integer && to_integer ? Representation::kTruncated
                                    : Representation::kOverflow;
}

bool ConvertConstant(const TypeContext& context, const Constant* value,
                     const Type* from, const Type* to,
                     const Constant** result) {
  const auto* type = As<Basic>(to);
  if (type == nullptr || IsTypeParam(to)) return false;
  if (Represent(*context.constants, value, from, to, result) ==
      Representation::kOk) {
    return true;
  }
  if (!IsBasic(from, kIsInteger) || (type->flags & kIsString) == 0) {
    return false;
  }
  // "Converting an integer to a string type yields the UTF-8 representation of
  // it; values outside the range of valid code points become \uFFFD."
  *result = RuneString(*context.constants, value);
  return true;
}

const Constant* RuneString(ConstantArena& constants, const Constant* rune) {
  constexpr uint64_t kMaxRune = 0x10FFFF, kReplacement = 0xFFFD;
  uint64_t v;
  if (!rune->Uint64Value(&v) || v > kMaxRune) v = kReplacement;
  // As an escape of a literal, so that there is one encoder.
  char literal[16];
  std::snprintf(literal, sizeof(literal), "\"\\U%08x\"",
                static_cast<unsigned>(v));
  return constants.FromLiteral(syntax::LitKind::kString, literal);
}

}  // namespace mgo::types
