// Text quoted as Go's strconv.Quote does, for messages.
#ifndef MGO_LANG_TYPES_QUOTE_H_
#define MGO_LANG_TYPES_QUOTE_H_

#include <string>

#include "llvm/ADT/StringRef.h"

namespace mgo::types {

// A double-quoted Go string literal for these bytes.
std::string Quote(llvm::StringRef bytes);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_QUOTE_H_
