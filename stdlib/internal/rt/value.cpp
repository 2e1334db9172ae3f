#include "stdlib/internal/rt/value.h"

#include <algorithm>
#include <cstring>

#include "runtime/object/iface.h"
#include "runtime/object/map.h"

namespace mgo::stdlib {

using rt::Kind;
using rt::TypeDesc;

namespace {

template <typename T>
T Read(const void* p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// chan.h lies above this library's needs: the length is the first word, as of
// a map.
struct CountFirst {
  int64_t count;
};

}  // namespace

Value ValueOf(const rt::GoIface& iface) {
  const TypeDesc* type = iface.Type();
  if (type == nullptr) return {};
  return {type, rt::Unbox(type, &iface.data)};
}

rt::GoIface ToAny(Value v) {
  v = Unwrap(v);
  if (v.type == nullptr) return {nullptr, 0};
  uint64_t data = v.type->IsDirectIface() ? rt::LoadScalar(v.type, v.data)
                                          : reinterpret_cast<uint64_t>(v.data);
  return {&v.type->self, data};
}

Value Unwrap(Value v) {
  if (v.type == nullptr || v.type->kind != Kind::kInterface) return v;
  return ValueOf(*static_cast<const rt::GoIface*>(v.data));
}

uint64_t IntegerOf(Value v) {
  switch (v.type->kind) {
    case Kind::kBool:
    case Kind::kUint8:
      return Read<uint8_t>(v.data);
    case Kind::kUint16:
      return Read<uint16_t>(v.data);
    case Kind::kUint32:
      return Read<uint32_t>(v.data);
    case Kind::kInt8:
      return static_cast<uint64_t>(int64_t{Read<int8_t>(v.data)});
    case Kind::kInt16:
      return static_cast<uint64_t>(int64_t{Read<int16_t>(v.data)});
    case Kind::kInt32:
      return static_cast<uint64_t>(int64_t{Read<int32_t>(v.data)});
    default:
      return Read<uint64_t>(v.data);
  }
}

double FloatOf(Value v) {
  return v.type->kind == Kind::kFloat32 ? double{Read<float>(v.data)}
                                        : Read<double>(v.data);
}

void ComplexOf(Value v, double* re, double* im) {
  const auto* p = static_cast<const uint8_t*>(v.data);
  if (v.type->kind == Kind::kComplex64) {
    *re = Read<float>(p);
    *im = Read<float>(p + 4);
  } else {
    *re = Read<double>(p);
    *im = Read<double>(p + 8);
  }
}

std::string_view StringOf(Value v) { return Read<rt::GoString>(v.data).View(); }

std::string_view BytesOf(Value v) {
  if (v.type->kind == Kind::kArray) {
    return {static_cast<const char*>(v.data), v.type->length};
  }
  auto s = Read<rt::GoSlice>(v.data);
  return {reinterpret_cast<const char*>(s.ptr), static_cast<size_t>(s.len)};
}

int64_t LengthOf(Value v) {
  switch (v.type->kind) {
    case Kind::kArray:
      return static_cast<int64_t>(v.type->length);
    case Kind::kSlice:
      return Read<rt::GoSlice>(v.data).len;
    case Kind::kString:
      return Read<rt::GoString>(v.data).len;
    case Kind::kMap:
    case Kind::kChan: {
      const auto* p = Read<const CountFirst*>(v.data);
      return p == nullptr ? 0 : p->count;
    }
    default:
      return 0;
  }
}

uint64_t AddressOf(Value v) {
  auto word = Read<uint64_t>(v.data);
  if (v.type->kind == Kind::kFunc && word != 0) {
    return reinterpret_cast<uint64_t>(
        reinterpret_cast<const rt::Closure*>(word)->function);
  }
  return word;
}

Value ElemOf(Value pointer) {
  return {pointer.type->elem, Read<const void*>(pointer.data)};
}

Value IndexOf(Value v, int64_t i) {
  const TypeDesc* elem = v.type->elem;
  const auto* base = v.type->kind == Kind::kArray
                         ? static_cast<const uint8_t*>(v.data)
                         : Read<rt::GoSlice>(v.data).ptr;
  return {elem, base + static_cast<uint64_t>(i) * elem->size};
}

Value FieldOf(Value v, uint32_t i) {
  const rt::FieldDesc& field = v.type->fields[i];
  return {field.type, static_cast<const uint8_t*>(v.data) + field.offset};
}

namespace {

int Order(uint64_t a, uint64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

int FloatOrder(double a, double b) {
  bool a_nan = a != a;
  bool b_nan = b != b;
  if (a_nan || b_nan) return a_nan ? (b_nan ? 0 : -1) : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

// The order of map keys in fmt: nil first, then by kind.
int CompareKeys(Value a, Value b) {
  switch (a.type->kind) {
    case Kind::kString: {
      int c = StringOf(a).compare(StringOf(b));
      return c < 0 ? -1 : c > 0 ? 1 : 0;
    }
    case Kind::kFloat32:
    case Kind::kFloat64:
      return FloatOrder(FloatOf(a), FloatOf(b));
    case Kind::kComplex64:
    case Kind::kComplex128: {
      double ar, ai, br, bi;
      ComplexOf(a, &ar, &ai);
      ComplexOf(b, &br, &bi);
      int c = FloatOrder(ar, br);
      return c != 0 ? c : FloatOrder(ai, bi);
    }
    case Kind::kArray:
      for (int64_t i = 0; i < LengthOf(a); ++i) {
        int c = CompareKeys(IndexOf(a, i), IndexOf(b, i));
        if (c != 0) return c;
      }
      return 0;
    case Kind::kStruct:
      for (uint32_t i = 0; i < a.type->field_count; ++i) {
        int c = CompareKeys(FieldOf(a, i), FieldOf(b, i));
        if (c != 0) return c;
      }
      return 0;
    case Kind::kInterface: {
      Value x = Unwrap(a);
      Value y = Unwrap(b);
      if (x.type == nullptr || y.type == nullptr) {
        return x.type == y.type ? 0 : x.type == nullptr ? -1 : 1;
      }
      if (x.type != y.type) {
        return Order(reinterpret_cast<uint64_t>(x.type),
                     reinterpret_cast<uint64_t>(y.type));
      }
      return CompareKeys(x, y);
    }
    case Kind::kPointer:
    case Kind::kChan:
    case Kind::kUnsafePointer:
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kSlice:
      return Order(AddressOf(a), AddressOf(b));
    default: {
      uint64_t x = IntegerOf(a);
      uint64_t y = IntegerOf(b);
      if (IsSignedKind(a.type->kind)) {
        auto s = static_cast<int64_t>(x);
        auto t = static_cast<int64_t>(y);
        return s < t ? -1 : s > t ? 1 : 0;
      }
      return Order(x, y);
    }
  }
}

}  // namespace

std::vector<MapItem> SortedItems(Value map) {
  std::vector<MapItem> items;
  auto* m = Read<rt::Map*>(map.data);
  if (m == nullptr) return items;
  const rt::MapInfo* info = rt::GetMapInfo(map.type);
  rt::MapIter it{};
  rt::MapIterInit(map.type, m, &it);
  while (rt::MapIterNext(&it)) {
    const void* key = it.key;
    const void* value = it.value;
    items.push_back({{info->key, key}, {info->elem, value}});
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const MapItem& a, const MapItem& b) {
                     return CompareKeys(a.key, b.key) < 0;
                   });
  return items;
}

bool HasMethod(const TypeDesc* type, std::string_view name) {
  for (uint32_t i = 0; i < type->method_count; ++i) {
    if (type->methods[i].name.name == name) return true;
  }
  return false;
}

}  // namespace mgo::stdlib
