// The builtins print and println: to standard error, in the formats of Go's.
//
// The compiler turns print(a, b) into one call with the arguments' types; a
// PrintBuffer collects the text of one statement and writes it at once, so that
// statements of different goroutines do not mix.
#ifndef MGO_RUNTIME_OBJECT_PRINT_H_
#define MGO_RUNTIME_OBJECT_PRINT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/abi/type_desc.h"
#include "runtime/abi/values.h"

namespace mgo::rt {

// The text of one print statement.
struct PrintBuffer {
  std::string text;

  // true, false.
  void Bool(bool v);
  // Decimal; with 0x, hexadecimal.
  void Int(int64_t v);
  void Uint(uint64_t v);
  void Hex(uint64_t v);
  // The shortest form that reads back as v: 1.5, 1e+06, NaN, +Inf.
  void Float(double v);
  void Float32(float v);
  // (1+2i).
  void Complex(double re, double im);
  void Complex64(float re, float im);
  // The bytes as they are.
  void String(GoString s);
  void Text(std::string_view s);
  // [len/cap]0xaddress.
  void Slice(GoSlice s);
  // (0xtype,0xdata).
  void Iface(GoIface v);
  // Any value, by its type, from its slots (or memory form).
  void Value(const TypeDesc* type, const void* value);
  // Writes the text to standard error.
  void Flush();
};

// println(values...): `types[i]` is the type of the value at values[i]. `line`:
// with blanks between and a newline at the end.
void PrintValues(const TypeDesc* const* types, const void* const* values,
                 size_t count, bool line);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_PRINT_H_
