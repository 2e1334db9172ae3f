// The natives of package sort: slices of basic types.
#include <algorithm>
#include <cmath>

#include "runtime/gc/barrier.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

NativeStatus SortInts(NativeFrame& f) {
  GoSlice s = f.Slice(0);
  auto* p = reinterpret_cast<int64_t*>(s.ptr);
  std::sort(p, p + s.len);
  return NativeStatus::kOk;
}

NativeStatus SortFloat64s(NativeFrame& f) {
  GoSlice s = f.Slice(0);
  auto* p = reinterpret_cast<double*>(s.ptr);
  // NaNs first, in their order; the rest by value.
  double* rest =
      std::partition(p, p + s.len, [](double x) { return std::isnan(x); });
  std::sort(rest, p + s.len);
  return NativeStatus::kOk;
}

NativeStatus SortStrings(NativeFrame& f) {
  GoSlice s = f.Slice(0);
  auto* p = reinterpret_cast<GoString*>(s.ptr);
  // The strings only change places; a collector that has seen half of the
  // slice must not miss one, so all are shaded first.
  for (int64_t i = 0; i < s.len; ++i) {
    rt::WriteBarrier(reinterpret_cast<void* const*>(p + i), p[i].ptr);
  }
  std::sort(p, p + s.len, [](const GoString& a, const GoString& b) {
    return a.View() < b.View();
  });
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
