// The addresses by which guest code knows the frames of a stack
// (runtime.Callers, runtime.FuncForPC).
//
// As in Go an address is that of a call plus one, so that both it and the
// address before it name the call. Where calls were inlined one code word
// belongs to several frames; bits 48 to 62 count how many of them are inside
// the one that is meant. What is no guest code, runtime.main and
// runtime.goexit below it and runtime.gopanic where a panic runs deferred
// calls, has addresses of its own that are no code's.
#ifndef MGO_RUNTIME_SCHED_CALLERS_H_
#define MGO_RUNTIME_SCHED_CALLERS_H_

#include <cstdint>

#include "runtime/sched/g.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {

// Writes the addresses of the frames of `g` to `out`, the newest first and the
// first `skip` left out, at most `limit`; returns how many.
int64_t CallersOf(G* g, int64_t skip, uint64_t* out, int64_t limit);

// What an address that CallersOf returned (or the one before, or a function's
// entry) stands for; false: nothing.
bool DescribeCaller(uint64_t address, TraceFrame* frame);

// The entry of the function that such an address is in; 0: none.
uint64_t EntryOfCaller(uint64_t address);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_CALLERS_H_
