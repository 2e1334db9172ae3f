#include "runtime/object/storage_type.h"

#include <cassert>

namespace mgo::rt {
namespace {

// Sets in `masks[which]` the bits of a value of `type` at byte `offset`.
void AddBits(const TypeDesc* type, uint64_t offset, uint64_t* ptr_mask,
             uint64_t* iface_mask) {
  uint64_t words = (type->pointer_bytes + 7) / 8;
  for (uint64_t i = 0; i < words; ++i) {
    uint64_t at = offset / 8 + i;
    uint64_t bit = uint64_t{1} << (at % 64);
    if ((type->ptr_mask[i / 64] >> (i % 64) & 1) != 0) ptr_mask[at / 64] |= bit;
    if (type->iface_mask != nullptr &&
        (type->iface_mask[i / 64] >> (i % 64) & 1) != 0) {
      iface_mask[at / 64] |= bit;
    }
  }
}

TypeDesc* NewType(std::string_view name, Kind kind) {
  auto* type = new TypeDesc();
  type->self.type = type;
  type->kind = kind;
  type->string = name;
  type->align = 1;
  return type;
}

TypeDesc* MakeWord(Kind kind) {
  TypeDesc* type = NewType("word", kind);
  type->size = 8;
  type->align = 8;
  type->flags = kPlainEqual | kDirectIface;
  return type;
}

}  // namespace

void FillPointerMasks(TypeDesc* type) {
  uint64_t end = 0;
  bool has_iface = false;
  bool is_array = type->kind == Kind::kArray;
  if (is_array) {
    if (type->length != 0 && type->elem->HasPointers()) {
      end = (type->length - 1) * type->elem->size + type->elem->pointer_bytes;
      has_iface = (type->elem->flags & kHasIfaceWords) != 0;
    }
  } else {
    for (uint32_t i = 0; i < type->field_count; ++i) {
      const FieldDesc& field = type->fields[i];
      if (!field.type->HasPointers()) continue;
      end = field.offset + field.type->pointer_bytes;
      has_iface |= (field.type->flags & kHasIfaceWords) != 0;
    }
  }
  type->pointer_bytes = end;
  if (has_iface) type->flags |= kHasIfaceWords;
  if (end == 0 || type->size > kMaxMaskBytes) return;
  uint64_t words = (end / 8 + 63) / 64;
  auto* ptr_mask = new uint64_t[words]();
  auto* iface_mask = new uint64_t[words]();
  if (is_array) {
    for (uint64_t i = 0; i < type->length; ++i) {
      AddBits(type->elem, i * type->elem->size, ptr_mask, iface_mask);
    }
  } else {
    for (uint32_t i = 0; i < type->field_count; ++i) {
      const FieldDesc& field = type->fields[i];
      AddBits(field.type, field.offset, ptr_mask, iface_mask);
    }
  }
  type->ptr_mask = ptr_mask;
  if (has_iface) {
    type->iface_mask = iface_mask;
  } else {
    delete[] iface_mask;
  }
}

const TypeDesc* WordType() {
  static const TypeDesc* const type = MakeWord(Kind::kUint64);
  return type;
}

const TypeDesc* PointerWordType() {
  static const TypeDesc* const type = [] {
    static const uint64_t mask[] = {1};
    TypeDesc* t = MakeWord(Kind::kUnsafePointer);
    t->pointer_bytes = 8;
    t->ptr_mask = mask;
    return t;
  }();
  return type;
}

const TypeDesc* MakeStorageStruct(std::string_view name,
                                  const TypeDesc* const* fields,
                                  uint32_t count) {
  TypeDesc* type = NewType(name, Kind::kStruct);
  auto* descs = new FieldDesc[count]();
  uint64_t offset = 0;
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t align = fields[i]->align;
    assert(align != 0 && "field type without alignment");
    offset = (offset + align - 1) / align * align;
    descs[i].type = fields[i];
    descs[i].offset = offset;
    offset += fields[i]->size;
    if (align > type->align) type->align = static_cast<uint8_t>(align);
  }
  type->size = (offset + type->align - 1) / type->align * type->align;
  type->fields = descs;
  type->field_count = count;
  FillPointerMasks(type);
  return type;
}

const TypeDesc* MakeStorageArray(std::string_view name, const TypeDesc* elem,
                                 uint64_t length) {
  TypeDesc* type = NewType(name, Kind::kArray);
  type->elem = elem;
  type->length = length;
  type->align = elem->align;
  type->size = elem->size * length;
  FillPointerMasks(type);
  return type;
}

}  // namespace mgo::rt
