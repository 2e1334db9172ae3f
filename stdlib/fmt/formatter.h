// Formatter: values of basic types by verb, flags, width and precision, as
// Go's package fmt prints them.
#ifndef MGO_STDLIB_FMT_FORMATTER_H_
#define MGO_STDLIB_FMT_FORMATTER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace mgo::stdlib {

// Flags; print.mgo has the same.
enum FormatFlag : uint32_t {
  kHasWidth = 1 << 0,
  kHasPrec = 1 << 1,
  kMinus = 1 << 2,
  kPlus = 1 << 3,
  kSharp = 1 << 4,
  kSpaceFlag = 1 << 5,
  kZero = 1 << 6,
  kPlusV = 1 << 7,
  kSharpV = 1 << 8,
  kErroring = 1 << 9,
  kPanicking = 1 << 10,
  kWrapErrors = 1 << 11,
  kReordered = 1 << 12,
  kFormatFlags = kErroring - 1,
};

// The text being made and how to make the next value of it.
struct Formatter {
  std::string out;
  uint32_t flags = 0;
  int64_t width = 0;
  int64_t prec = 0;

  bool Has(uint32_t flag) const { return (flags & flag) != 0; }

  // Each returns false, with nothing printed, if the verb does not fit.
  bool Bool(bool v, uint32_t verb);
  bool Integer(uint64_t v, bool is_signed, uint32_t verb);
  bool Float(double v, int bits, uint32_t verb);
  bool Complex(double re, double im, int bits, uint32_t verb);
  bool String(std::string_view s, uint32_t verb);
  // %s, %q, %x, %X of bytes.
  bool Bytes(std::string_view s, uint32_t verb);

  // Appends s, padded to the width.
  void Pad(std::string_view s);
  // An integer in a base, with all flags; `verb` decides on prefixes.
  void PlainInteger(uint64_t v, int base, bool is_signed, uint32_t verb,
                    bool upper);
  // An integer in hexadecimal, with or without 0x.
  void Hex(uint64_t v, bool prefix);

 private:
  void Padding(int64_t n);
  void PlainString(std::string_view s);
  void HexBytes(std::string_view s, bool upper);
  void Quoted(std::string_view s);
  void Char(uint64_t v);
  void QuotedChar(uint64_t v);
  void UnicodePoint(uint64_t v);
  void PlainFloat(double v, int bits, char format, int64_t precision);
  std::string_view Truncate(std::string_view s) const;
};

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_FMT_FORMATTER_H_
