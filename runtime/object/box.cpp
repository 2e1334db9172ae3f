// Values into interfaces' data words and back.
#include <cstring>

#include "runtime/gc/mutator.h"
#include "runtime/object/iface.h"

namespace mgo::rt {
namespace {

// Zero values up to this size are not copied to the heap: boxes are immutable,
// so all may share this memory.
constexpr uint64_t kSharedZero = 32;
alignas(16) constexpr uint64_t kZeroValue[kSharedZero / 8] = {};

template <typename T>
uint64_t LoadAs(const void* p) {
  T v;
  std::memcpy(&v, p, sizeof(T));
  // From a signed type this extends the sign.
  return static_cast<uint64_t>(v);
}

bool IsZero(const void* value, uint64_t size) {
  return size <= kSharedZero && std::memcmp(value, kZeroValue, size) == 0;
}

}  // namespace

uint64_t LoadScalar(const TypeDesc* type, const void* value) {
  switch (type->kind) {
    case Kind::kInt8:
      return LoadAs<int8_t>(value);
    case Kind::kInt16:
      return LoadAs<int16_t>(value);
    case Kind::kInt32:
      return LoadAs<int32_t>(value);
    default:
      break;
  }
  switch (type->size) {
    case 1:
      return LoadAs<uint8_t>(value);
    case 2:
      return LoadAs<uint16_t>(value);
    case 4:
      return LoadAs<uint32_t>(value);
    default:
      return LoadAs<uint64_t>(value);
  }
}

void StoreScalar(const TypeDesc* type, void* to, uint64_t slot) {
  // Little-endian: the low bytes come first.
  std::memcpy(to, &slot, type->size);
}

uint64_t Box(G* g, const TypeDesc* type, const void* value) {
  if (type->IsDirectIface()) return LoadScalar(type, value);
  if (IsZero(value, type->size)) {
    return reinterpret_cast<uint64_t>(&kZeroValue);
  }
  void* box = NewObject(g, type);
  if (type->HasPointers()) {
    TypedCopy(box, value, type);
  } else {
    std::memcpy(box, value, type->size);
  }
  return reinterpret_cast<uint64_t>(box);
}

uint64_t BoxString(G* g, GoString s) {
  if (s.len == 0) return reinterpret_cast<uint64_t>(&kZeroValue);
  static const uint64_t kStringMask[] = {1};
  static const TypeDesc* const type = [] {
    auto* t = new TypeDesc();
    t->self.type = t;
    t->kind = Kind::kString;
    t->string = "string";
    t->size = 16;
    t->align = 8;
    t->pointer_bytes = 8;
    t->ptr_mask = kStringMask;
    return t;
  }();
  auto* box = static_cast<GoString*>(NewObject(g, type));
  StoreString(box, s);
  return reinterpret_cast<uint64_t>(box);
}

}  // namespace mgo::rt
