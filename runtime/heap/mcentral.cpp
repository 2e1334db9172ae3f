#include "runtime/heap/mcentral.h"

#include "runtime/heap/mheap.h"

namespace mgo::rt {

MCentral mcentrals[kSpanClasses];

namespace {

// How many spans one refill sweeps in search of room before it asks for new
// pages; as in Go: bounds the latency of one allocation.
constexpr int kSweepBudget = 100;

// Which of the two sets of lists is the swept one.
uint32_t Swept() {
  return heap.sweep_gen.load(std::memory_order_relaxed) / 2 % 2;
}

MSpan* PopLocked(MCentral* central, SpanList& list) {
  MutexLock guard(central->lock);
  return list.Pop();
}

bool HasRoom(const MSpan* span) { return span->alloc_count < span->elem_count; }

}  // namespace

void SpanList::Push(MSpan* span) {
  span->prev = nullptr;
  span->next = first;
  if (first != nullptr) first->prev = span;
  first = span;
  count++;
}

void SpanList::Remove(MSpan* span) {
  if (span->prev != nullptr) {
    span->prev->next = span->next;
  } else {
    first = span->next;
  }
  if (span->next != nullptr) span->next->prev = span->prev;
  span->next = span->prev = nullptr;
  count--;
}

MSpan* SpanList::Pop() {
  MSpan* span = first;
  if (span != nullptr) Remove(span);
  return span;
}

MSpan* MCentral::CacheSpan(uint32_t span_class) {
  uint32_t swept = Swept(), unswept = 1 - swept;
  if (MSpan* span = PopLocked(this, partial[swept])) return span;
  for (int i = 0; i < kSweepBudget; i++) {
    MSpan* span = PopLocked(this, partial[unswept]);
    if (span == nullptr) break;
    if (!SweepListed(span)) return span;
  }
  for (int i = 0; i < kSweepBudget; i++) {
    MSpan* span = PopLocked(this, full[unswept]);
    if (span == nullptr) break;
    if (SweepListed(span)) continue;
    if (HasRoom(span)) return span;
    MutexLock guard(lock);
    full[swept].Push(span);
  }
  uint32_t size_class = span_class / kSpanKinds;
  uint64_t pages = ClassPages(size_class);
  heap.Reclaim(pages, 16);
  return heap.AllocSpan(pages, span_class, ClassSize(size_class));
}

void MCentral::UncacheSpan(MSpan* span) {
  MutexLock guard(lock);
  (HasRoom(span) ? partial : full)[Swept()].Push(span);
}

int64_t MCentral::SweepOne() {
  uint32_t swept = Swept();
  MSpan* span;
  {
    MutexLock guard(lock);
    span = partial[1 - swept].Pop();
    if (span == nullptr) span = full[1 - swept].Pop();
  }
  if (span == nullptr) return -1;
  auto pages = static_cast<int64_t>(span->pages);
  if (SweepListed(span)) return pages;
  UncacheSpan(span);
  return 0;
}

}  // namespace mgo::rt
