// Numbers as text and back, to the letter as Go's strconv.
#ifndef MGO_STDLIB_INTERNAL_TEXT_NUMBER_H_
#define MGO_STDLIB_INTERNAL_TEXT_NUMBER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace mgo::stdlib {

// Why a text is no number; strconv.mgo has the same numbers.
enum class NumberError { kOk, kSyntax, kRange, kBase, kBitSize };

// A parsed number; where the error is kRange, the nearest one.
template <typename T>
struct ParsedNumber {
  T value;
  NumberError error;
};

// strconv.ParseInt.
ParsedNumber<int64_t> ParseInt(std::string_view s, int64_t base,
                               int64_t bit_size);

// strconv.ParseUint.
ParsedNumber<uint64_t> ParseUint(std::string_view s, int64_t base,
                                 int64_t bit_size);

// A parsed float and how much of the text it took.
struct ParsedFloat {
  double value;
  int64_t length;
  NumberError error;
};

// Reads the longest floating-point number s begins with, as strconv's
// ParseFloat would; bit_size 32 rounds to float, others to double.
ParsedFloat ParseFloatPrefix(std::string_view s, int64_t bit_size);

// Appends u in a base from 2 to 36.
void AppendUint(std::string& out, uint64_t u, int base);

// Appends i in a base from 2 to 36.
void AppendInt(std::string& out, int64_t i, int base);

// Appends f as strconv.AppendFloat does; bits is 32 or 64.
void AppendFloat(std::string& out, double f, char format, int64_t precision,
                 int bits);

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_INTERNAL_TEXT_NUMBER_H_
