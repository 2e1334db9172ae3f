// The constants that stood in a switch or as a map literal's keys, to find
// duplicates.
#ifndef MGO_LANG_TYPES_CHECK_SEEN_H_
#define MGO_LANG_TYPES_CHECK_SEEN_H_

#include <utility>

#include "lang/types/constant.h"
#include "lang/types/type.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace mgo::types {

// A set of constants; where values may have several types, of (type, constant).
class SeenConstants {
 public:
  // Adds a constant; false when it was there, with the place in *earlier.
  // `type` is null where all have one type.
  bool Insert(const Constant* value, const Type* type, syntax::Pos pos,
              syntax::Pos* earlier) {
    if (value == nullptr || value->Kind() == ConstKind::kUnknown) return true;
    std::string key;
    int64_t number;
    if (value->Kind() == ConstKind::kString) {
      key = "s" + value->StringValue().str();
    } else if (value->Kind() == ConstKind::kInt && value->Int64Value(&number)) {
      key.assign(reinterpret_cast<const char*>(&number), sizeof number);
      key += 'i';
    } else {
      key = "x" + value->ExactString();
    }
    auto& entries = seen_[key];
    for (auto& [other, at] : entries) {
      if (type == nullptr || Identical(type, other)) {
        *earlier = at;
        return false;
      }
    }
    entries.push_back({type, pos});
    return true;
  }

 private:
  llvm::StringMap<llvm::SmallVector<std::pair<const Type*, syntax::Pos>, 1>>
      seen_;
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_CHECK_SEEN_H_
