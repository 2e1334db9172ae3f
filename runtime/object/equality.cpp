#include "runtime/object/equality.h"

#include <string>

#include "runtime/base/fastrand.h"
#include "runtime/object/raise.h"
#include "runtime/object/string.h"

namespace mgo::rt {
namespace {

template <typename T>
T Load(const void* p) {
  T v;
  std::memcpy(&v, p, sizeof(T));
  return v;
}

const char* Advance(const void* p, uint64_t n) {
  return static_cast<const char*>(p) + n;
}

EqualResult FromBool(bool equal) {
  return equal ? EqualResult::kEqual : EqualResult::kDifferent;
}

// Compares `Floats` numbers of type F.
template <typename F, int Floats>
EqualResult EqualFloats(const void* a, const void* b) {
  for (int i = 0; i < Floats; ++i) {
    if (!(Load<F>(Advance(a, i * sizeof(F))) ==
          Load<F>(Advance(b, i * sizeof(F))))) {
      return EqualResult::kDifferent;
    }
  }
  return EqualResult::kEqual;
}

EqualResult EqualArray(const TypeDesc* type, const void* a, const void* b,
                       const TypeDesc** bad) {
  uint64_t step = type->elem->size;
  for (uint64_t i = 0; i < type->length; ++i) {
    EqualResult r =
        Equal(type->elem, Advance(a, i * step), Advance(b, i * step), bad);
    if (r != EqualResult::kEqual) return r;
  }
  return EqualResult::kEqual;
}

// "Struct types are comparable if all their field types are comparable. Two
// struct values are equal if their corresponding non-blank field values are
// equal. The fields are compared in source order, and comparison stops as soon
// as two field values differ."
EqualResult EqualStruct(const TypeDesc* type, const void* a, const void* b,
                        const TypeDesc** bad) {
  for (uint32_t i = 0; i < type->field_count; ++i) {
    const FieldDesc& field = type->fields[i];
    if (field.name == "_") continue;
    EqualResult r = Equal(field.type, Advance(a, field.offset),
                          Advance(b, field.offset), bad);
    if (r != EqualResult::kEqual) return r;
  }
  return EqualResult::kEqual;
}

// Hashes a float so that -0 and +0 agree; a NaN is like nothing else.
uint64_t HashFloat(double v, uint64_t seed) {
  if (v == 0) return HashInt(0, seed);
  if (v != v) return HashInt(FastRand64(), seed);
  return HashInt(Load<uint64_t>(&v), seed);
}

template <typename F>
uint64_t HashComplex(const void* p, uint64_t seed) {
  return HashFloat(Load<F>(Advance(p, sizeof(F))), HashFloat(Load<F>(p), seed));
}

bool HashIface(GoIface v, uint64_t seed, uint64_t* hash, const TypeDesc** bad) {
  const TypeDesc* type = v.Type();
  if (type == nullptr) {
    *hash = HashInt(0, seed);
    return true;
  }
  if ((type->flags & kNotComparable) != 0) {
    *bad = type;
    return false;
  }
  seed = HashInt(type->hash, seed);
  const void* value = type->IsDirectIface()
                          ? static_cast<const void*>(&v.data)
                          : reinterpret_cast<const void*>(v.data);
  return Hash(type, value, seed, hash, bad);
}

bool HashArray(const TypeDesc* type, const void* value, uint64_t seed,
               uint64_t* hash, const TypeDesc** bad) {
  for (uint64_t i = 0; i < type->length; ++i) {
    if (!Hash(type->elem, Advance(value, i * type->elem->size), seed, &seed,
              bad)) {
      return false;
    }
  }
  *hash = seed;
  return true;
}

bool HashStruct(const TypeDesc* type, const void* value, uint64_t seed,
                uint64_t* hash, const TypeDesc** bad) {
  for (uint32_t i = 0; i < type->field_count; ++i) {
    const FieldDesc& field = type->fields[i];
    if (field.name == "_") continue;
    if (!Hash(field.type, Advance(value, field.offset), seed, &seed, bad)) {
      return false;
    }
  }
  *hash = seed;
  return true;
}

}  // namespace

EqualResult EqualIface(GoIface a, GoIface b, const TypeDesc** bad) {
  const TypeDesc* type = a.Type();
  if (type != b.Type()) return EqualResult::kDifferent;
  if (type == nullptr) return EqualResult::kEqual;
  if ((type->flags & kNotComparable) != 0) {
    *bad = type;
    return EqualResult::kUncomparable;
  }
  if (type->IsDirectIface()) {
    if ((type->flags & kPlainEqual) != 0) return FromBool(a.data == b.data);
    return Equal(type, &a.data, &b.data, bad);
  }
  // Even the same box may hold values that differ from themselves.
  return Equal(type, reinterpret_cast<const void*>(a.data),
               reinterpret_cast<const void*>(b.data), bad);
}

EqualResult EqualIfaceValue(GoIface iface, const TypeDesc* type,
                            const void* value, const TypeDesc** bad) {
  if (iface.Type() != type) return EqualResult::kDifferent;
  const void* held = type->IsDirectIface()
                         ? static_cast<const void*>(&iface.data)
                         : reinterpret_cast<const void*>(iface.data);
  return Equal(type, held, value, bad);
}

EqualResult Equal(const TypeDesc* type, const void* a, const void* b,
                  const TypeDesc** bad) {
  switch (type->kind) {
    case Kind::kFloat32:
      return EqualFloats<float, 1>(a, b);
    case Kind::kFloat64:
      return EqualFloats<double, 1>(a, b);
    case Kind::kComplex64:
      return EqualFloats<float, 2>(a, b);
    case Kind::kComplex128:
      return EqualFloats<double, 2>(a, b);
    case Kind::kString:
      return FromBool(EqualStrings(Load<GoString>(a), Load<GoString>(b)));
    case Kind::kInterface:
      return EqualIface(Load<GoIface>(a), Load<GoIface>(b), bad);
    case Kind::kArray:
      if ((type->flags & kPlainEqual) != 0) break;
      return EqualArray(type, a, b, bad);
    case Kind::kStruct:
      if ((type->flags & kPlainEqual) != 0) break;
      return EqualStruct(type, a, b, bad);
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kSlice:
      *bad = type;
      return EqualResult::kUncomparable;
    default:
      break;
  }
  return FromBool(std::memcmp(a, b, type->size) == 0);
}

bool Hash(const TypeDesc* type, const void* value, uint64_t seed,
          uint64_t* hash, const TypeDesc** bad) {
  switch (type->kind) {
    case Kind::kFloat32:
      *hash = HashFloat(Load<float>(value), seed);
      return true;
    case Kind::kFloat64:
      *hash = HashFloat(Load<double>(value), seed);
      return true;
    case Kind::kComplex64:
      *hash = HashComplex<float>(value, seed);
      return true;
    case Kind::kComplex128:
      *hash = HashComplex<double>(value, seed);
      return true;
    case Kind::kString: {
      GoString s = Load<GoString>(value);
      *hash = HashBytes(s.ptr, static_cast<size_t>(s.len), seed);
      return true;
    }
    case Kind::kInterface:
      return HashIface(Load<GoIface>(value), seed, hash, bad);
    case Kind::kArray:
      if ((type->flags & kPlainEqual) != 0) break;
      return HashArray(type, value, seed, hash, bad);
    case Kind::kStruct:
      if ((type->flags & kPlainEqual) != 0) break;
      return HashStruct(type, value, seed, hash, bad);
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kSlice:
      *bad = type;
      return false;
    default:
      break;
  }
  switch (type->size) {
    case 1:
      *hash = HashInt(Load<uint8_t>(value), seed);
      return true;
    case 2:
      *hash = HashInt(Load<uint16_t>(value), seed);
      return true;
    case 4:
      *hash = HashInt(Load<uint32_t>(value), seed);
      return true;
    case 8:
      *hash = HashInt(Load<uint64_t>(value), seed);
      return true;
    default:
      *hash = HashBytes(value, type->size, seed);
      return true;
  }
}

void RaiseUncomparable(G* g, const TypeDesc* bad) {
  std::string text = "comparing uncomparable type ";
  RaiseRuntimeError(g, text.append(bad->string));
}

void RaiseUnhashable(G* g, const TypeDesc* bad) {
  std::string text = "hash of unhashable type ";
  RaiseRuntimeError(g, text.append(bad->string));
}

}  // namespace mgo::rt
