#include "runtime/object/print.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

namespace mgo::rt {
namespace {

// Exponents in which numbers are written out; beyond, in scientific form.
constexpr int kMinExponent = -4;
constexpr int kMaxExponent = 5;

// The shortest decimal digits that read back as `v`.
template <typename F>
void AppendFloat(std::string* text, F v) {
  if (std::isnan(v)) {
    text->append("NaN");
    return;
  }
  if (std::isinf(v)) {
    text->append(v < 0 ? "-Inf" : "+Inf");
    return;
  }
  char buffer[64];
  // d.ddde[+-]xx, the shortest.
  char* end = std::to_chars(buffer, buffer + sizeof(buffer), v,
                            std::chars_format::scientific)
                  .ptr;
  char* e = static_cast<char*>(std::memchr(buffer, 'e', end - buffer));
  int exponent = 0;
  const char* digits = e[1] == '+' ? e + 2 : e + 1;
  std::from_chars(digits, end, exponent);
  if (exponent < kMinExponent || exponent > kMaxExponent) {
    text->append(buffer, end);
    return;
  }
  end = std::to_chars(buffer, buffer + sizeof(buffer), v,
                      std::chars_format::fixed)
            .ptr;
  text->append(buffer, end);
}

// (re+imi): the imaginary part always has a sign.
template <typename F>
void AppendComplex(std::string* text, F re, F im) {
  text->push_back('(');
  AppendFloat(text, re);
  if (std::isnan(im) || (!std::signbit(im) && !std::isinf(im))) {
    text->push_back('+');
  }
  AppendFloat(text, im);
  text->append("i)");
}

template <typename T>
T Load(const void* p) {
  T v;
  std::memcpy(&v, p, sizeof(T));
  return v;
}

}  // namespace

void PrintBuffer::Bool(bool v) { text.append(v ? "true" : "false"); }

void PrintBuffer::Int(int64_t v) {
  char buffer[24];
  text.append(buffer, std::to_chars(buffer, buffer + sizeof(buffer), v).ptr);
}

void PrintBuffer::Uint(uint64_t v) {
  char buffer[24];
  text.append(buffer, std::to_chars(buffer, buffer + sizeof(buffer), v).ptr);
}

void PrintBuffer::Hex(uint64_t v) {
  char buffer[24];
  text.append("0x");
  text.append(buffer,
              std::to_chars(buffer, buffer + sizeof(buffer), v, 16).ptr);
}

void PrintBuffer::Float(double v) { AppendFloat(&text, v); }
void PrintBuffer::Float32(float v) { AppendFloat(&text, v); }

void PrintBuffer::Complex(double re, double im) {
  AppendComplex(&text, re, im);
}
void PrintBuffer::Complex64(float re, float im) {
  AppendComplex(&text, re, im);
}

void PrintBuffer::String(GoString s) { text.append(s.View()); }
void PrintBuffer::Text(std::string_view s) { text.append(s); }

void PrintBuffer::Slice(GoSlice s) {
  text.push_back('[');
  Int(s.len);
  text.push_back('/');
  Int(s.cap);
  text.push_back(']');
  Hex(reinterpret_cast<uint64_t>(s.ptr));
}

void PrintBuffer::Iface(GoIface v) {
  text.push_back('(');
  Hex(reinterpret_cast<uint64_t>(v.word));
  text.push_back(',');
  Hex(v.data);
  text.push_back(')');
}

void PrintBuffer::Value(const TypeDesc* type, const void* value) {
  switch (type->kind) {
    case Kind::kBool:
      return Bool(Load<uint8_t>(value) != 0);
    case Kind::kInt8:
      return Int(Load<int8_t>(value));
    case Kind::kInt16:
      return Int(Load<int16_t>(value));
    case Kind::kInt32:
      return Int(Load<int32_t>(value));
    case Kind::kInt:
    case Kind::kInt64:
      return Int(Load<int64_t>(value));
    case Kind::kUint8:
      return Uint(Load<uint8_t>(value));
    case Kind::kUint16:
      return Uint(Load<uint16_t>(value));
    case Kind::kUint32:
      return Uint(Load<uint32_t>(value));
    case Kind::kUint:
    case Kind::kUint64:
    case Kind::kUintptr:
      return Uint(Load<uint64_t>(value));
    case Kind::kFloat32:
      return Float32(Load<float>(value));
    case Kind::kFloat64:
      return Float(Load<double>(value));
    case Kind::kComplex64:
      return Complex64(Load<float>(value),
                       Load<float>(static_cast<const char*>(value) + 4));
    case Kind::kComplex128:
      return Complex(Load<double>(value),
                     Load<double>(static_cast<const char*>(value) + 8));
    case Kind::kString:
      return String(Load<GoString>(value));
    case Kind::kSlice:
      return Slice(Load<GoSlice>(value));
    case Kind::kInterface:
      return Iface(Load<GoIface>(value));
    default:
      return Hex(Load<uint64_t>(value));
  }
}

void PrintBuffer::Flush() {
  const char* p = text.data();
  size_t left = text.size();
  while (left != 0) {
    ssize_t n = ::write(STDERR_FILENO, p, left);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    p += n;
    left -= static_cast<size_t>(n);
  }
  text.clear();
}

void PrintValues(const TypeDesc* const* types, const void* const* values,
                 size_t count, bool line) {
  PrintBuffer buffer;
  for (size_t i = 0; i < count; ++i) {
    if (line && i != 0) buffer.Text(" ");
    buffer.Value(types[i], values[i]);
  }
  if (line) buffer.Text("\n");
  buffer.Flush();
}

}  // namespace mgo::rt
