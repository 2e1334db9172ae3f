// MCentral: the spans of one span class that no P holds.
//
// Two sets of lists that change roles at each collection: spans already swept
// in this cycle, and not yet; each with spans that have room (partial) and
// that had none (full). A P takes a swept partial span; else sweeps one; else
// gets new pages. That is all the sweeping that allocation does; what is left
// is swept before the next cycle starts.
#ifndef MGO_RUNTIME_HEAP_MCENTRAL_H_
#define MGO_RUNTIME_HEAP_MCENTRAL_H_

#include "runtime/base/mutex.h"
#include "runtime/heap/mspan.h"

namespace mgo::rt {

// A doubly linked list of spans.
struct SpanList {
  MSpan* first = nullptr;
  uint64_t count = 0;
  void Push(MSpan* span);
  void Remove(MSpan* span);
  MSpan* Pop();
};

struct MCentral {
  Mutex lock{LockRank::kMCentral};
  SpanList partial[2];  // [Swept()] and the other; protector: lock
  SpanList full[2];
  // A swept span with room, for an mcache; null: out of memory.
  MSpan* CacheSpan(uint32_t span_class);
  // An mcache's span comes back.
  void UncacheSpan(MSpan* span);
  // Sweeps one unswept span. -1: there is none; else the pages that became
  // free.
  int64_t SweepOne();
};

// All of them, by span class.
extern MCentral mcentrals[kSpanClasses];

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_HEAP_MCENTRAL_H_
