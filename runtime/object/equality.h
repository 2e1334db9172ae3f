// == and hashing of values in memory, directed by their type.
//
// Hash agrees with Equal: equal values have equal hashes under the same seed.
// Both may meet an interface that holds a value of a type without equality;
// they report that type and the caller panics. Hashes differ from process to
// process only by the seed.
#ifndef MGO_RUNTIME_OBJECT_EQUALITY_H_
#define MGO_RUNTIME_OBJECT_EQUALITY_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/abi/type_desc.h"
#include "runtime/abi/values.h"

namespace mgo::rt {

struct G;

// The outcome of a comparison.
enum class EqualResult : uint8_t {
  kDifferent = 0,
  kEqual = 1,
  kUncomparable = 2,  // *bad was set; nothing was raised
};

// Compares two values of type `type` in memory form, in the order the
// specification says (struct fields and array elements in order, stopping at
// the first difference). kUncomparable: *bad is the dynamic type without
// equality.
EqualResult Equal(const TypeDesc* type, const void* a, const void* b,
                  const TypeDesc** bad);

// Compares two interface values: same dynamic type and equal dynamic values.
EqualResult EqualIface(GoIface a, GoIface b, const TypeDesc** bad);

// Compares the dynamic value of `iface` with the value of the concrete type
// `type` at `value` (the mixed comparison `iface == value`).
EqualResult EqualIfaceValue(GoIface iface, const TypeDesc* type,
                            const void* value, const TypeDesc** bad);

// Hashes the value of type `type` at `value` into *hash. False: *bad is the
// dynamic type that has no hash; nothing was raised. A NaN's hash is random.
[[nodiscard]] bool Hash(const TypeDesc* type, const void* value, uint64_t seed,
                        uint64_t* hash, const TypeDesc** bad);

// Raises "comparing uncomparable type T".
void RaiseUncomparable(G* g, const TypeDesc* bad);
// Raises "hash of unhashable type T".
void RaiseUnhashable(G* g, const TypeDesc* bad);

// One step of mixing: the two halves of the 128-bit product, folded.
inline uint64_t MixHash(uint64_t a, uint64_t b) {
  unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Odd numbers without structure, for mixing.
inline constexpr uint64_t kHashMul0 = 0x9e3779b97f4a7c15;
inline constexpr uint64_t kHashMul1 = 0xd6e8feb86659fd93;
inline constexpr uint64_t kHashMul2 = 0xa0761d6478bd642f;

// The hash of an integer key of up to 64 bits.
inline uint64_t HashInt(uint64_t key, uint64_t seed) {
  return MixHash(key ^ seed, kHashMul0);
}

// The hash of `size` bytes.
inline uint64_t HashBytes(const void* data, size_t size, uint64_t seed) {
  auto* p = static_cast<const uint8_t*>(data);
  auto load64 = [](const uint8_t* q) {
    uint64_t v;
    std::memcpy(&v, q, 8);
    return v;
  };
  auto load32 = [](const uint8_t* q) {
    uint32_t v;
    std::memcpy(&v, q, 4);
    return static_cast<uint64_t>(v);
  };
  // The secret is part of both factors: nobody who does not know the seed can
  // make one of them zero, and the other's bytes irrelevant.
  const uint64_t secret = seed ^ kHashMul2;
  uint64_t state = seed ^ (size * kHashMul1);
  uint64_t a = 0, b = 0;
  if (size <= 16) {
    if (size >= 8) {
      a = load64(p);
      b = load64(p + size - 8);
    } else if (size >= 4) {
      a = load32(p);
      b = load32(p + size - 4);
    } else if (size > 0) {
      // First, middle and last byte: all there are.
      a = static_cast<uint64_t>(p[0]) |
          static_cast<uint64_t>(p[size / 2]) << 8 |
          static_cast<uint64_t>(p[size - 1]) << 16;
    }
  } else {
    const uint8_t* last = p + size - 16;
    for (; p < last; p += 16) {
      state = MixHash(load64(p) ^ secret, load64(p + 8) ^ state);
    }
    a = load64(last);
    b = load64(last + 8);
  }
  return MixHash(kHashMul0 ^ size, MixHash(a ^ secret, b ^ state));
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_EQUALITY_H_
