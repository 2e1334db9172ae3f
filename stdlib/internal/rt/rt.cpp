// The natives of package internal/rt.
#include <cstring>

#include "runtime/gc/barrier.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/iface.h"
#include "stdlib/internal/glue.h"
#include "stdlib/internal/rt/value.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

using rt::Kind;

namespace {

const TypeDesc* TypeAt(NativeFrame& f, int slot) {
  return f.Pointer<const TypeDesc>(slot);
}

void SetText(NativeFrame& f, std::string_view s) {
  f.Set(0, GoString{reinterpret_cast<const uint8_t*>(s.data()),
                    static_cast<int64_t>(s.size())});
}

// The names of kinds, by number.
constexpr std::string_view kKindNames[] = {
    "invalid", "bool",    "int",           "int8",      "int16",      "int32",
    "int64",   "uint",    "uint8",         "uint16",    "uint32",     "uint64",
    "uintptr", "float32", "float64",       "complex64", "complex128", "array",
    "chan",    "func",    "interface",     "map",       "ptr",        "slice",
    "string",  "struct",  "unsafe.Pointer"};

}  // namespace

NativeStatus RtTypeOf(NativeFrame& f) {
  f.SetPointer(0, f.Iface(1).Type());
  return NativeStatus::kOk;
}

NativeStatus RtKindOf(NativeFrame& f) {
  const TypeDesc* t = f.Iface(1).Type();
  f.SetInt(0, t == nullptr ? 0 : static_cast<int>(t->kind));
  return NativeStatus::kOk;
}

NativeStatus RtKindString(NativeFrame& f) {
  uint64_t k = f.Uint(2);
  SetText(f,
          k < sizeof kKindNames / sizeof kKindNames[0] ? kKindNames[k] : "?");
  return NativeStatus::kOk;
}

NativeStatus RtTypeKind(NativeFrame& f) {
  const TypeDesc* t = TypeAt(f, 1);
  f.SetInt(0, t == nullptr ? 0 : static_cast<int>(t->kind));
  return NativeStatus::kOk;
}

NativeStatus RtTypeString(NativeFrame& f) {
  const TypeDesc* t = TypeAt(f, 2);
  SetText(f, t == nullptr ? "<nil>" : t->string);
  return NativeStatus::kOk;
}

NativeStatus RtTypeElem(NativeFrame& f) {
  const TypeDesc* t = TypeAt(f, 1);
  f.SetPointer(0, t == nullptr ? nullptr : t->elem);
  return NativeStatus::kOk;
}

NativeStatus RtTypeKey(NativeFrame& f) {
  const TypeDesc* t = TypeAt(f, 1);
  f.SetPointer(0, t == nullptr ? nullptr : t->key);
  return NativeStatus::kOk;
}

NativeStatus RtHasMethods(NativeFrame& f) {
  const TypeDesc* t = TypeAt(f, 1);
  f.SetBool(0, t != nullptr && t->method_count != 0);
  return NativeStatus::kOk;
}

NativeStatus RtComparable(NativeFrame& f) {
  const TypeDesc* t = f.Iface(1).Type();
  f.SetBool(0, t == nullptr || (t->flags & rt::kNotComparable) == 0);
  return NativeStatus::kOk;
}

NativeStatus RtIntOf(NativeFrame& f) {
  GoIface v = f.Iface(1);
  f.SetUint(0, IntegerOf(ValueOf(v)));
  return NativeStatus::kOk;
}

NativeStatus RtFloatOf(NativeFrame& f) {
  GoIface v = f.Iface(1);
  f.SetFloat(0, FloatOf(ValueOf(v)));
  return NativeStatus::kOk;
}

NativeStatus RtComplexOf(NativeFrame& f) {
  GoIface v = f.Iface(2);
  double re, im;
  ComplexOf(ValueOf(v), &re, &im);
  f.SetFloat(0, re);
  f.SetFloat(1, im);
  return NativeStatus::kOk;
}

NativeStatus RtStringOf(NativeFrame& f) {
  GoIface v = f.Iface(2);
  SetText(f, StringOf(ValueOf(v)));
  return NativeStatus::kOk;
}

NativeStatus RtLen(NativeFrame& f) {
  GoIface v = f.Iface(1);
  f.SetInt(0, v.word == nullptr ? 0 : LengthOf(ValueOf(v)));
  return NativeStatus::kOk;
}

NativeStatus RtAddress(NativeFrame& f) {
  GoIface v = f.Iface(1);
  f.SetUint(0, AddressOf(ValueOf(v)));
  return NativeStatus::kOk;
}

NativeStatus RtBytes(NativeFrame& f) {
  GoIface v = f.Iface(3);
  std::string_view s = BytesOf(ValueOf(v));
  auto n = static_cast<int64_t>(s.size());
  auto* p = reinterpret_cast<uint8_t*>(const_cast<char*>(s.data()));
  f.Set(0, GoSlice{p, n, n});
  return NativeStatus::kOk;
}

NativeStatus RtElem(NativeFrame& f) {
  GoIface v = f.Iface(2);
  f.Set(0, ToAny(ElemOf(ValueOf(v))));
  return NativeStatus::kOk;
}

NativeStatus RtIndex(NativeFrame& f) {
  GoIface v = f.Iface(2);
  f.Set(0, ToAny(IndexOf(ValueOf(v), f.Int(4))));
  return NativeStatus::kOk;
}

NativeStatus RtNumField(NativeFrame& f) {
  f.SetInt(0, f.Iface(1).Type()->field_count);
  return NativeStatus::kOk;
}

NativeStatus RtField(NativeFrame& f) {
  GoIface v = f.Iface(2);
  f.Set(0, ToAny(FieldOf(ValueOf(v), static_cast<uint32_t>(f.Int(4)))));
  return NativeStatus::kOk;
}

NativeStatus RtFieldName(NativeFrame& f) {
  SetText(f, f.Iface(2).Type()->fields[f.Int(4)].name);
  return NativeStatus::kOk;
}

NativeStatus RtFieldType(NativeFrame& f) {
  f.SetPointer(0, f.Iface(1).Type()->fields[f.Int(3)].type);
  return NativeStatus::kOk;
}

NativeStatus RtFieldInfo(NativeFrame& f) {
  const rt::FieldDesc& field = f.Iface(1).Type()->fields[f.Int(3)];
  f.SetInt(0, (field.exported ? 1 : 0) | (field.embedded ? 2 : 0));
  return NativeStatus::kOk;
}

// func MapItems(v any) (keys, values []any)
NativeStatus RtMapItems(NativeFrame& f) {
  GoIface v = f.Iface(6);
  std::vector<MapItem> items = SortedItems(ValueOf(v));
  auto n = static_cast<int64_t>(items.size());
  GoSlice keys = MakeSliceOf(f, kAnyType, n);
  GoSlice values = MakeSliceOf(f, kAnyType, n);
  auto* key = reinterpret_cast<GoIface*>(keys.ptr);
  auto* value = reinterpret_cast<GoIface*>(values.ptr);
  for (const MapItem& item : items) {
    rt::StoreIface(key++, ToAny(item.key));
    rt::StoreIface(value++, ToAny(item.value));
  }
  f.Set(0, keys);
  f.Set(3, values);
  return NativeStatus::kOk;
}

NativeStatus RtCheckAsTarget(NativeFrame& f) {
  GoIface target = f.Iface(1);
  const TypeDesc* t = target.Type();
  int64_t answer = 0;
  if (t == nullptr || t->kind != Kind::kPointer || target.data == 0) {
    answer = 1;
  } else if (t->elem->kind != Kind::kInterface) {
    answer = 2;
  }
  f.SetInt(0, answer);
  return NativeStatus::kOk;
}

NativeStatus RtZeroElem(NativeFrame& f) {
  const TypeDesc* elem = f.Iface(2).Type()->elem;
  uint64_t data = 0;
  if (!elem->IsDirectIface()) {
    data = reinterpret_cast<uint64_t>(rt::NewObject(f.g, elem));
  }
  f.Set(0, GoIface{&elem->self, data});
  return NativeStatus::kOk;
}

// func AssignTo(v any, target any) bool
NativeStatus RtAssignTo(NativeFrame& f) {
  GoIface v = f.Iface(1);
  GoIface target = f.Iface(3);
  const TypeDesc* type = v.Type();
  const TypeDesc* elem = target.Type()->elem;
  auto* to = reinterpret_cast<void*>(target.data);
  bool ok = false;
  if (elem->kind == Kind::kInterface) {
    const rt::TypeWord* word = rt::WordFor(elem, type);
    if (word != nullptr) {
      rt::StoreIface(static_cast<GoIface*>(to), {word, v.data});
      ok = true;
    }
  } else if (elem == type) {
    rt::TypedCopy(to, rt::Unbox(type, &v.data), type);
    ok = true;
  }
  f.SetBool(0, ok);
  return NativeStatus::kOk;
}

// func SwapElems(slice any, i, j int)
NativeStatus RtSwapElems(NativeFrame& f) {
  GoIface v = f.Iface(0);
  GoSlice s;
  std::memcpy(&s, reinterpret_cast<const void*>(v.data), sizeof s);
  int64_t i = f.Int(2);
  int64_t j = f.Int(3);
  if (i < 0 || i >= s.len || j < 0 || j >= s.len) {
    return PanicText(f, "reflect: slice index out of range");
  }
  const TypeDesc* elem = v.Type()->elem;
  uint8_t* a = s.ptr + static_cast<uint64_t>(i) * elem->size;
  uint8_t* b = s.ptr + static_cast<uint64_t>(j) * elem->size;
  if (elem->size == 8 && elem->pointer_bytes == 0) {
    uint64_t x, y;
    std::memcpy(&x, a, 8);
    std::memcpy(&y, b, 8);
    std::memcpy(a, &y, 8);
    std::memcpy(b, &x, 8);
    return NativeStatus::kOk;
  }
  constexpr uint64_t kSmall = 256;
  uint8_t small[kSmall];
  uint8_t* copy = elem->size <= kSmall ? small : new uint8_t[elem->size];
  std::memcpy(copy, a, elem->size);
  if (elem->pointer_bytes == 0 || rt::gc_barrier_enabled == 0) {
    std::memmove(a, b, elem->size);
    std::memcpy(b, copy, elem->size);
  } else {
    rt::TypedCopy(a, b, elem);
    rt::TypedCopy(b, copy, elem);
  }
  if (copy != small) delete[] copy;
  return NativeStatus::kOk;
}

// func SetBits(pointer any, bits uint64)
NativeStatus RtSetBits(NativeFrame& f) {
  GoIface p = f.Iface(0);
  rt::StoreScalar(p.Type()->elem, reinterpret_cast<void*>(p.data), f.Uint(2));
  return NativeStatus::kOk;
}

// func SetFloat(pointer any, v float64)
NativeStatus RtSetFloat(NativeFrame& f) {
  GoIface p = f.Iface(0);
  auto* to = reinterpret_cast<void*>(p.data);
  if (p.Type()->elem->kind == Kind::kFloat32) {
    auto v = static_cast<float>(f.Float(2));
    std::memcpy(to, &v, sizeof v);
  } else {
    double v = f.Float(2);
    std::memcpy(to, &v, sizeof v);
  }
  return NativeStatus::kOk;
}

// func SetComplex(pointer any, v complex128)
NativeStatus RtSetComplex(NativeFrame& f) {
  GoIface p = f.Iface(0);
  auto* to = reinterpret_cast<void*>(p.data);
  if (p.Type()->elem->kind == Kind::kComplex64) {
    float v[2] = {static_cast<float>(f.Float(2)),
                  static_cast<float>(f.Float(3))};
    std::memcpy(to, v, sizeof v);
  } else {
    double v[2] = {f.Float(2), f.Float(3)};
    std::memcpy(to, v, sizeof v);
  }
  return NativeStatus::kOk;
}

// func SetString(pointer any, s string)
NativeStatus RtSetString(NativeFrame& f) {
  rt::StoreString(reinterpret_cast<GoString*>(f.Iface(0).data), f.String(2));
  return NativeStatus::kOk;
}

// func SetBytes(pointer any, b []byte)
NativeStatus RtSetBytes(NativeFrame& f) {
  rt::StoreSlice(reinterpret_cast<GoSlice*>(f.Iface(0).data), f.Slice(2));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
