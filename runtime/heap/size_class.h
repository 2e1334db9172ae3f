// Size classes and span classes.
#ifndef MGO_RUNTIME_HEAP_SIZE_CLASS_H_
#define MGO_RUNTIME_HEAP_SIZE_CLASS_H_

#include <array>
#include <cstdint>

namespace mgo::rt {

// Number of size classes, class 0 (large objects) included.
inline constexpr uint32_t kSizeClasses = 68;
// Larger objects have a span of their own.
inline constexpr uint64_t kMaxSmallSize = 32768;
// Unit of spans.
inline constexpr uint64_t kPageSize = 8192;
inline constexpr uint32_t kPageShift = 13;
// Objects up to this size have pointer bits in the arena's bitmap; larger ones
// have a type in their span's table.
inline constexpr uint64_t kMaxBitmapObject = 512;
// Pointer-free objects below this are packed into blocks of this size.
inline constexpr uint64_t kTinySize = 16;

// What a span's objects may hold; decides what the collector looks at.
enum SpanKind : uint32_t {
  kNoScan = 0,    // no pointers
  kPointers = 1,  // pointers, but no interface data words
  kIfaces = 2,    // interface data words too
};

// A span class: size class and kind in one.
inline constexpr uint32_t kSpanKinds = 3;
inline constexpr uint32_t kSpanClasses = kSizeClasses * kSpanKinds;
constexpr uint32_t MakeSpanClass(uint32_t size_class, SpanKind kind) {
  return size_class * kSpanKinds + kind;
}

namespace internal {

inline constexpr std::array<uint32_t, kSizeClasses> kClassSizes = {
#define MGO_SIZE_CLASS(bytes) bytes,
#include "runtime/heap/size_classes.def"
};

// Fewest pages whose left-over tail is at most an eighth of the span.
constexpr uint32_t PagesForSize(uint64_t size) {
  if (size == 0) return 0;
  uint64_t bytes = kPageSize;
  while (bytes < size || bytes % size > bytes / 8) bytes += kPageSize;
  return static_cast<uint32_t>(bytes / kPageSize);
}

constexpr std::array<uint32_t, kSizeClasses> MakeClassPages() {
  std::array<uint32_t, kSizeClasses> pages{};
  for (uint32_t c = 1; c < kSizeClasses; c++) {
    pages[c] = PagesForSize(kClassSizes[c]);
  }
  return pages;
}
inline constexpr auto kClassPages = MakeClassPages();

// For each size in steps of `kStep` up to kMax, the smallest class that holds
// it.
template <uint64_t kStep, uint64_t kMax>
constexpr std::array<uint8_t, kMax / kStep + 1> MakeClassTable() {
  std::array<uint8_t, kMax / kStep + 1> table{};
  uint32_t c = 1;
  for (uint64_t i = 0; i <= kMax / kStep; i++) {
    while (kClassSizes[c] < i * kStep) c++;
    table[i] = static_cast<uint8_t>(c);
  }
  return table;
}
inline constexpr auto kClassBySize8 = MakeClassTable<8, 1024>();
inline constexpr auto kClassBySize128 = MakeClassTable<128, kMaxSmallSize>();

}  // namespace internal

// Bytes of an object of a size class.
constexpr uint64_t ClassSize(uint32_t size_class) {
  return internal::kClassSizes[size_class];
}
// Pages of a span of a size class.
constexpr uint64_t ClassPages(uint32_t size_class) {
  return internal::kClassPages[size_class];
}
// The size class for 1 <= size <= kMaxSmallSize.
constexpr uint32_t SizeToClass(uint64_t size) {
  return size <= 1024 ? internal::kClassBySize8[(size + 7) / 8]
                      : internal::kClassBySize128[(size + 127) / 128];
}

// The bytes that Go's append makes of a wish for `size` bytes: what capacities
// are computed from. (Go puts an 8-byte header before objects with pointers
// over 512 bytes; mgo does not, but shows the same capacities.)
constexpr uint64_t RoundUpSize(uint64_t size, bool no_pointers) {
  if (size == 0) return 0;
  const uint64_t header = 8;
  if (size <= kMaxSmallSize - header) {
    uint64_t extra = !no_pointers && size > 512 ? header : 0;
    return ClassSize(SizeToClass(size + extra)) - extra;
  }
  uint64_t rounded = size + kPageSize - 1;
  if (rounded < size) return size;
  return rounded & ~(kPageSize - 1);
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_HEAP_SIZE_CLASS_H_
