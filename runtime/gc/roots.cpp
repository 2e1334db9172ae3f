#include <vector>

#include "runtime/abi/function.h"
#include "runtime/base/mutex.h"
#include "runtime/base/throw.h"
#include "runtime/gc/finalizer.h"
#include "runtime/gc/mark.h"
#include "runtime/gc/mutator.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {

// The list of handles; RootHandle's friend.
struct RootHandles {
  static RootHandle* first;  // protector: roots_lock
  static void Mark(Marker& marker) {
    for (RootHandle* h = first; h != nullptr; h = h->next_) {
      marker.Pointer(h->Get());
    }
  }
  static void Add(RootHandle* handle) {
    handle->prev_ = nullptr;
    handle->next_ = first;
    if (first != nullptr) first->prev_ = handle;
    first = handle;
  }
  static void Remove(RootHandle* handle) {
    if (handle->prev_ != nullptr) {
      handle->prev_->next_ = handle->next_;
    } else {
      first = handle->next_;
    }
    if (handle->next_ != nullptr) handle->next_->prev_ = handle->prev_;
  }
};
RootHandle* RootHandles::first = nullptr;

namespace {

struct GlobalArea {
  void* base;
  const TypeDesc* type;
};

Mutex roots_lock(LockRank::kRoots);
std::vector<GlobalArea>& Globals() {  // protector: roots_lock
  static auto* globals = new std::vector<GlobalArea>;
  return *globals;
}
std::vector<void (*)(Marker&)>& Sources() {  // protector: roots_lock
  static auto* sources = new std::vector<void (*)(Marker&)>;
  return *sources;
}

// The slots of `base` that a map calls pointers, from map slot `skip` on; map
// slot `skip` is base[0].
void MarkSlots(Marker& marker, const RootMap* map, const Slot* base,
               uint32_t skip, uint32_t limit) {
  uint32_t end = map->slot_count < limit ? map->slot_count : limit;
  for (uint32_t w = 0; w * 64 < end; w++) {
    for (uint64_t bits = map->pointers[w]; bits != 0; bits &= bits - 1) {
      auto i = w * 64 + static_cast<uint32_t>(__builtin_ctzll(bits));
      if (i >= skip && i < end) marker.Pointer(base[i - skip]);
    }
    if (map->iface_data == nullptr) continue;
    for (uint64_t bits = map->iface_data[w]; bits != 0; bits &= bits - 1) {
      auto i = w * 64 + static_cast<uint32_t>(__builtin_ctzll(bits));
      if (i > skip && i < end) {
        marker.Iface(base[i - 1 - skip], base[i - skip]);
      }
    }
  }
}

void MarkFrames(Marker& marker, G* g) {
  for (FrameWalker w(g); w.Valid(); w.Next()) {
    const RootMap* map = w.unwinding ? w.function->unwind_map : nullptr;
    if (map == nullptr) map = FindRootMap(w.function, w.pc);
    // No safepoint, and no roots: nothing in it will be used again.
    if (map == nullptr && w.unwinding) continue;
    if (map == nullptr) {
      PrintError("runtime: no root map in %.*s at offset %lld\n",
                 static_cast<int>(w.function->name.size()),
                 w.function->name.data(),
                 static_cast<long long>(w.pc - w.function->entry));
      Throw("missing root map");
    }
    MarkSlots(marker, map, w.fp, 0, UINT32_MAX);
  }
}

void MarkGoroutine(Marker& marker, G* g) {
  MarkFrames(marker, g);
  for (Defer* d = g->defers; d != nullptr; d = d->link) {
    marker.Pointer(d->closure);
    const Function* f = d->function;
    if (f == nullptr || d->param_slots == 0 || f->root_map_count == 0) continue;
    MarkSlots(marker, &f->root_maps[0], d->params, f->result_slots,
              f->result_slots + d->param_slots);
  }
  for (Panic* p = g->panics; p != nullptr; p = p->link) {
    marker.Iface(reinterpret_cast<uint64_t>(p->value.word), p->value.data);
  }
  for (Sudog* s = g->waiting; s != nullptr; s = s->wait_link) {
    if (s->chan == nullptr) {
      // A semaphore's address keeps the object alive that it lies in.
      marker.Pointer(s->elem);
      continue;
    }
    marker.Pointer(s->chan);
    // A value to be sent is dead in the frame, but not gone.
    if (s->is_send && s->elem != nullptr) marker.Typed(s->elem, s->elem_type);
  }
}

void MarkGoroutines(Marker& marker) {
  size_t n = AllGCount();
  for (size_t i = 0; i < n; i++) {
    G* g = AllG(i);
    GStatus status = g->Status();
    if (status != kGdead && status != kGidle) MarkGoroutine(marker, g);
  }
}

void MarkGlobals(Marker& marker) {
  MutexLock guard(roots_lock);
  for (const GlobalArea& area : Globals()) marker.Typed(area.base, area.type);
}

void MarkHandles(Marker& marker) {
  MutexLock guard(roots_lock);
  RootHandles::Mark(marker);
}

void MarkTimers(Marker& marker) {
  for (uint32_t i = 0; i < sched.proc_count; i++) {
    TimerHeap& timers = sched.procs[i]->timers;
    for (size_t t = 0; t < timers.Count(); t++) {
      Timer* timer = timers.At(t);
      if ((timer->flags & kTimerWeak) != 0) continue;
      if ((timer->flags & kTimerIsObject) != 0) marker.Pointer(timer);
      marker.Pointer(timer->ref);
    }
  }
}

void MarkSources(Marker& marker) {
  MutexLock guard(roots_lock);
  for (auto visit : Sources()) visit(marker);
}

}  // namespace

void MarkRoots(Marker& marker) {
#define MGO_ROOT(function, what) function(marker);
#include "runtime/gc/roots.def"
}

void RegisterGlobals(void* base, const TypeDesc* type) {
  MutexLock guard(roots_lock);
  Globals().push_back({base, type});
}

void RegisterRootSource(void (*visit)(Marker& marker)) {
  MutexLock guard(roots_lock);
  Sources().push_back(visit);
}

RootHandle::RootHandle(void* object) : object_(object) {
  MutexLock guard(roots_lock);
  RootHandles::Add(this);
}

RootHandle::~RootHandle() {
  MutexLock guard(roots_lock);
  RootHandles::Remove(this);
}

}  // namespace mgo::rt
