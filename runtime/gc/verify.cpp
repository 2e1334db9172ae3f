#include "runtime/gc/verify.h"

#include "runtime/base/throw.h"
#include "runtime/gc/mark.h"
#include "runtime/heap/mheap.h"

namespace mgo::rt {

void VerifyMarks(bool exact) {
  VerifySet reachable;
  Marker marker;
  marker.SetVerify(&reachable);
  MarkRoots(marker);
  marker.Drain();
  for (uint64_t s = 0; s < heap.all_span_count; s++) {
    MSpan* span = heap.all_spans[s];
    for (uint32_t i = 0; i < span->elem_count; i++) {
      bool marked = span->IsMarked(i);
      bool reached = reachable.Contains(span->ObjectAt(i));
      if (marked == reached || (marked && !exact)) continue;
      PrintError(
          "runtime: object %#llx, size %llu: %s\n",
          static_cast<unsigned long long>(span->ObjectAt(i)),
          static_cast<unsigned long long>(span->elem_size),
          marked ? "marked, but not reachable" : "reachable, but not marked");
      Throw("gcverify: marks are wrong");
    }
  }
}

}  // namespace mgo::rt
