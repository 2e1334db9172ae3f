// Values of constant expressions, exact as the specification wants them:
// integers of any size (GMP), rationals while they stay small and 512-bit
// floats (MPFR) beyond, complex pairs of those, strings, booleans.
//
// A Constant is immutable and lives as long as the ConstantArena that made it.
// Small integers take no GMP number.
#ifndef MGO_LANG_TYPES_CONSTANT_H_
#define MGO_LANG_TYPES_CONSTANT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lang/syntax/ast.h"
#include "llvm/ADT/StringRef.h"

namespace mgo::types {

class ConstantImpl;

// kUnknown stands for the value of an erroneous expression.
enum class ConstKind : uint8_t {
  kUnknown,
  kBool,
  kString,
  kInt,
  kFloat,
  kComplex
};

// A constant's value. The kind is that of the representation: 2.0 may be kInt
// or kFloat; ToInt and friends convert.
class Constant {
 public:
  ConstKind Kind() const { return kind_; }
  // The value of a kBool.
  bool BoolValue() const;
  // The bytes of a kString.
  llvm::StringRef StringValue() const;
  // Tells whether a kInt fits, and gives it.
  bool Int64Value(int64_t* out) const;
  bool Uint64Value(uint64_t* out) const;
  // The nearest float64 (float32) of a kInt or kFloat; infinite when too large.
  double Float64Value() const;
  float Float32Value() const;
  // -1, 0 or 1 for numbers (for a complex: 0 only if zero).
  int Sign() const;
  // Text as Go's compiler shows it in messages (strings quoted and shortened,
  // floats in %.6g).
  std::string ToString() const;
  // Exact text: integers in full, floats to full precision.
  std::string ExactString() const;

 protected:
  explicit Constant(ConstKind kind) : kind_(kind) {}
  ~Constant() = default;
  ConstKind kind_;
  friend class ConstantArena;
  friend class ConstantImpl;
};

// Makes constants and computes with them. All results live in the arena.
// Operands must be of matching kinds after MatchKinds-like promotion, which the
// functions do themselves (int → float → complex).
class ConstantArena {
 public:
  ConstantArena();
  ~ConstantArena();
  ConstantArena(const ConstantArena&) = delete;
  ConstantArena& operator=(const ConstantArena&) = delete;

  const Constant* Unknown();
  const Constant* Bool(bool value);
  const Constant* String(llvm::StringRef bytes);
  const Constant* Int(int64_t value);
  const Constant* Uint(uint64_t value);
  const Constant* Float(double value);
  // real + imag·i, from real constants.
  const Constant* Complex(const Constant* real, const Constant* imag);
  // From a literal's text as written; kUnknown when it is malformed or exceeds
  // the implementation's limits (exponents beyond ±2^31 and the like).
  const Constant* FromLiteral(syntax::LitKind kind, llvm::StringRef text);

  // Conversions between representations; kUnknown when inexact (ToInt of 1.5).
  const Constant* ToInt(const Constant* x);
  const Constant* ToFloat(const Constant* x);
  const Constant* ToComplex(const Constant* x);
  // Parts of a number; imag of a real one is 0.
  const Constant* Real(const Constant* x);
  const Constant* Imag(const Constant* x);

  // op x for + - ! ^. For ^ of an unsigned type `unsigned_bits` is its width,
  // else 0.
  const Constant* Unary(syntax::Op op, const Constant* x, int unsigned_bits);
  // x op y for arithmetic, logic and string +. Division of integers truncates
  // when `integer_division`; the divisor is not zero.
  const Constant* Binary(const Constant* x, syntax::Op op, const Constant* y,
                         bool integer_division);
  // x << count or x >> count for an integer x.
  const Constant* Shift(const Constant* x, syntax::Op op, uint64_t count);
  // x op y for == != < <= > >=.
  bool Compare(const Constant* x, syntax::Op op, const Constant* y);

  // The value rounded to float32/float64 (kUnknown where it overflows), as
  // representing it in such a type does. A result that underflows is 0.
  const Constant* RoundFloat32(const Constant* x);
  const Constant* RoundFloat64(const Constant* x);
  // Bits needed for the absolute value of a kInt.
  static int BitLength(const Constant* x);

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_CONSTANT_H_
