// Pages: which are free, and getting more from the system.
//
// Free runs of pages are spans in state kFree, in lists by length; the first
// and last page of each point at its record in the arena's table, so that
// neighbours are found and joined when a span is freed (boundary tags).
//
// Tried and left out: asking for huge pages (madvise) for arenas and slabs of
// stacks. The page faults saved were worth less than what the kernel spent on
// finding huge pages, and the figures varied by a factor of four.
#ifndef MGO_RUNTIME_HEAP_PAGE_ALLOC_H_
#define MGO_RUNTIME_HEAP_PAGE_ALLOC_H_

#include "runtime/heap/mcentral.h"
#include "runtime/heap/mspan.h"

namespace mgo::rt {

// All with heap.lock held.

// A run of pages, as a record with base, pages and need_zero set, state kDead;
// null: the system or the limit refuses.
MSpan* TakePages(uint64_t pages);
// Gives a run back; joins it with its neighbours. Takes the record over.
void ReturnPages(MSpan* span);
// A mapping of its own for a huge object; gives it back to the system.
MSpan* MapHuge(uint64_t pages);
void UnmapHuge(MSpan* span);
// Sets the arena's table for all pages of a span in use.
void SetSpanPages(MSpan* span, MSpan* value);
// Span records.
MSpan* NewSpanRecord();
void FreeSpanRecord(MSpan* span);
// Free pages in the lists.
uint64_t FreePageCount();
// Unmaps all arenas.
void ResetPagesForTesting();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_HEAP_PAGE_ALLOC_H_
