// printing operands natively: what fmt's natives share.
#ifndef MGO_STDLIB_FMT_PRINTER_H_
#define MGO_STDLIB_FMT_PRINTER_H_

#include <cstdint>

#include "runtime/abi/values.h"
#include "stdlib/fmt/formatter.h"
#include "stdlib/internal/rt/value.h"

namespace mgo::stdlib {

// fmt.printer in guest memory.
struct Printer {
  rt::GoSlice buf;
  rt::GoIface arg;
  int64_t width;
  int64_t prec;
  int64_t pos;
  int64_t arg_num;
  int32_t verb;
  uint32_t flags;
  rt::GoSlice wrapped;
};

// Whether methods of a value may be called; value.mgo has the same.
enum class Access { kAccessible, kEmbedded, kHidden };

// How a value is reached.
struct PrintContext {
  uint32_t verb;
  int depth = 0;
  bool skip_methods = false;
  Access access = Access::kAccessible;
};

// Appends v. False: guest code is needed, for a method of v or of a part;
// what was appended then is to be cut off.
bool PrintValue(Formatter& f, Value v, PrintContext context);

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_FMT_PRINTER_H_
