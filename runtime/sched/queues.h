// The queues that all Ps share, and dead Gs. For the scheduler itself; all with
// sched.lock held but those that say otherwise.
#ifndef MGO_RUNTIME_SCHED_QUEUES_H_
#define MGO_RUNTIME_SCHED_QUEUES_H_

#include "runtime/sched/sched.h"

namespace mgo::rt {

// Puts a runnable goroutine at the end of the global queue.
inline void PushGlobal(G* g) {
  sched.global_queue.PushBack(g);
  sched.global_size.store(sched.global_queue.Size(), std::memory_order_seq_cst);
}

// Takes p's share of the global queue, at most `max`: one to run, which it
// returns, the rest goes to p's ring, which has room. Null: the queue is empty.
G* TakeGlobalLocked(P* p, uint32_t max);
// The same; sched.lock not held.
G* TakeGlobal(P* p, uint32_t max);

// Puts a dead G into the list of free ones; takes one out (there is one).
inline void PushFreeG(G* g) {
  g->sched_link = sched.gfree;
  sched.gfree = g;
  sched.gfree_count.store(sched.gfree_count.load(std::memory_order_relaxed) + 1,
                          std::memory_order_relaxed);
}

inline G* PopFreeG() {
  G* g = sched.gfree;
  sched.gfree = g->sched_link;
  sched.gfree_count.store(sched.gfree_count.load(std::memory_order_relaxed) - 1,
                          std::memory_order_relaxed);
  return g;
}

// The running goroutine goes to the end of the global queue; PickNext follows.
// sched.lock not held.
void Requeue(G* g);

// Makes g, kRunnable, the running goroutine of m; sched.lock not held. Null: it
// is locked to another M, which has m's P now.
G* Start(M* m, P* p, G* g, bool inherit);

// Runs the timers of p that are due; true: something may have become runnable.
// sched.lock not held; the caller holds a P.
bool RunTimers(P* p);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_QUEUES_H_
