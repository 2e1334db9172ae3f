// Descriptors of the runtime's own objects, built at run time.
//
// They describe layout to the collector; no program sees them. Each lives as
// long as the process.
#ifndef MGO_RUNTIME_OBJECT_STORAGE_TYPE_H_
#define MGO_RUNTIME_OBJECT_STORAGE_TYPE_H_

#include <cstdint>
#include <string_view>

#include "runtime/abi/type_desc.h"

namespace mgo::rt {

// A word without pointers; a word that is a pointer.
const TypeDesc* WordType();
const TypeDesc* PointerWordType();

// A struct of fields of these types, laid out as Go lays out structs. `name`
// is static text.
const TypeDesc* MakeStorageStruct(std::string_view name,
                                  const TypeDesc* const* fields,
                                  uint32_t count);
// An array.
const TypeDesc* MakeStorageArray(std::string_view name, const TypeDesc* elem,
                                 uint64_t length);

// Fills in size-dependent members of a struct or array descriptor whose fields,
// or element and length, are set: pointer_bytes, masks, kHasIfaceWords.
void FillPointerMasks(TypeDesc* type);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_STORAGE_TYPE_H_
