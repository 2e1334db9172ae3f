// Finalizers and cleanups: calls to be made when an object becomes unreachable.
//
// An object with a finalizer is treated as in Go: what it points to is a root
// (the finalizer will see it), the object itself is not. When marking ends and
// it is not marked, it is marked (it lives for one more cycle) and goes, with
// its finalizer, to the queue. A cleanup does not see its object, so the object
// goes at once.
#ifndef MGO_RUNTIME_GC_FINALIZER_H_
#define MGO_RUNTIME_GC_FINALIZER_H_

#include <cstdint>

namespace mgo::rt {

class Marker;

// Roots: see above. World stopped.
void MarkSpecials(Marker& marker);
// After marking: queues the finalizers and cleanups of what is not marked, and
// marks objects that live on for their finalizer. The caller drains the marker.
void QueueSpecials(Marker& marker);
// Starts a goroutine for the first call in the queue unless one is at it.
void StartFinalizers();
// That goroutine has ended: the next.
void FinalizerExited();
// Finalizers and cleanups that are set, and calls that are queued.
uint64_t SpecialCount();
uint64_t QueuedFinalizerCount();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_GC_FINALIZER_H_
