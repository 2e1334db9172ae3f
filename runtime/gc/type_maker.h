// For tests: type descriptors made by hand.
#ifndef MGO_RUNTIME_GC_TYPE_MAKER_H_
#define MGO_RUNTIME_GC_TYPE_MAKER_H_

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/type_desc.h"

namespace mgo::rt::testing_support {

// Makes descriptors and keeps them.
class TypeMaker {
 public:
  // A type of 8-byte words: '.' no pointer, 'p' a pointer, 'i' the type word
  // of an interface (two words). "pip" is 4 words.
  TypeDesc* Words(std::string_view words) {
    std::string flat;
    for (char c : words)
      flat += c == 'i' ? std::string("ti") : std::string(1, c);
    TypeDesc* type = New(Kind::kStruct, flat.size() * 8);
    auto& pointers = masks_.emplace_back((flat.size() + 63) / 64);
    auto& ifaces = masks_.emplace_back((flat.size() + 63) / 64);
    for (size_t i = 0; i < flat.size(); i++) {
      if (flat[i] == 'p') pointers[i / 64] |= uint64_t{1} << (i % 64);
      if (flat[i] == 'i') {
        ifaces[i / 64] |= uint64_t{1} << (i % 64);
        type->flags |= kHasIfaceWords;
      }
      if (flat[i] == 'p' || flat[i] == 'i') type->pointer_bytes = (i + 1) * 8;
    }
    type->ptr_mask = pointers.data();
    type->iface_mask = ifaces.data();
    return type;
  }
  // A type of `size` bytes without pointers.
  TypeDesc* Plain(uint64_t size, Kind kind = Kind::kStruct) {
    return New(kind, size);
  }
  // A pointer type: one word, held directly by interfaces.
  TypeDesc* Pointer() {
    TypeDesc* type = Words("p");
    type->kind = Kind::kPointer;
    type->flags |= kDirectIface;
    return type;
  }
  // An int: one word, held directly.
  TypeDesc* Int() {
    TypeDesc* type = New(Kind::kInt, 8);
    type->flags |= kDirectIface;
    return type;
  }
  // [n]elem without masks, as large arrays are.
  TypeDesc* BigArray(const TypeDesc* elem, uint64_t n) {
    TypeDesc* type = New(Kind::kArray, elem->size * n);
    type->elem = elem;
    type->length = n;
    if (elem->pointer_bytes != 0) {
      type->pointer_bytes = elem->size * (n - 1) + elem->pointer_bytes;
    }
    type->flags |= elem->flags & kHasIfaceWords;
    return type;
  }

 private:
  TypeDesc* New(Kind kind, uint64_t size) {
    TypeDesc* type = &types_.emplace_back();
    *type = {};
    type->self.type = type;
    type->kind = kind;
    type->size = size;
    type->align = 8;
    return type;
  }
  std::deque<TypeDesc> types_;
  std::deque<std::vector<uint64_t>> masks_;
};

}  // namespace mgo::rt::testing_support

#endif  // MGO_RUNTIME_GC_TYPE_MAKER_H_
