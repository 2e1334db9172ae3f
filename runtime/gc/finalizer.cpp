#include "runtime/gc/finalizer.h"

#include <deque>
#include <unordered_map>
#include <vector>

#include "runtime/abi/function.h"
#include "runtime/base/mutex.h"
#include "runtime/gc/gc.h"
#include "runtime/gc/mark.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

struct Cleanup {
  uint64_t id;
  const Closure* closure;
};

// What is set for one object.
struct Specials {
  const Closure* finalizer = nullptr;
  std::vector<Cleanup> cleanups;
};

// A call to be made.
struct Call {
  void* object;  // null: a cleanup, without parameters
  const Closure* closure;
};

Mutex lock(LockRank::kFinalizers);
struct State {
  std::unordered_map<uintptr_t, Specials> specials;  // by object
  std::deque<Call> queue;
  uint64_t next_id = 1;
  bool running = false;
};
State& state = *new State;  // protector: lock

bool IsMarkedObject(uintptr_t object) {
  MSpan* span = SpanOf(object);
  return span != nullptr && span->IsMarked(span->IndexOf(object));
}

}  // namespace

bool SetFinalizer(void* object, const Closure* closure) {
  MutexLock guard(lock);
  auto address = reinterpret_cast<uintptr_t>(object);
  if (closure == nullptr) {
    auto it = state.specials.find(address);
    if (it == state.specials.end()) return true;
    it->second.finalizer = nullptr;
    if (it->second.cleanups.empty()) state.specials.erase(it);
    return true;
  }
  if (FindObject(object) != object) return false;
  Specials& specials = state.specials[address];
  if (specials.finalizer != nullptr) return false;
  specials.finalizer = closure;
  return true;
}

uint64_t AddCleanup(void* pointer, const Closure* closure) {
  MutexLock guard(lock);
  void* object = FindObject(pointer);
  if (object == nullptr) return 0;
  uint64_t id = state.next_id++;
  state.specials[reinterpret_cast<uintptr_t>(object)].cleanups.push_back(
      {id, closure});
  return id;
}

void RemoveCleanup(void* pointer, uint64_t id) {
  MutexLock guard(lock);
  auto it =
      state.specials.find(reinterpret_cast<uintptr_t>(FindObject(pointer)));
  if (it == state.specials.end()) return;
  auto& cleanups = it->second.cleanups;
  for (size_t i = 0; i < cleanups.size(); i++) {
    if (cleanups[i].id != id) continue;
    cleanups.erase(cleanups.begin() + static_cast<ptrdiff_t>(i));
    break;
  }
  if (cleanups.empty() && it->second.finalizer == nullptr) {
    state.specials.erase(it);
  }
}

void MarkSpecials(Marker& marker) {
  MutexLock guard(lock);
  for (auto& [object, specials] : state.specials) {
    for (Cleanup& cleanup : specials.cleanups) marker.Pointer(cleanup.closure);
    if (specials.finalizer == nullptr) continue;
    marker.Pointer(specials.finalizer);
    MSpan* span = SpanOf(object);
    if (span != nullptr) {
      marker.Children(object, span, span->IndexOf(object));
    }
  }
  for (Call& call : state.queue) {
    marker.Pointer(call.object);
    marker.Pointer(call.closure);
  }
}

void QueueSpecials(Marker& marker) {
  MutexLock guard(lock);
  for (auto it = state.specials.begin(); it != state.specials.end();) {
    auto& [object, specials] = *it;
    if (IsMarkedObject(object)) {
      ++it;
      continue;
    }
    if (specials.finalizer != nullptr) {
      // Cleanups wait until the object is gone for good.
      void* p = reinterpret_cast<void*>(object);
      state.queue.push_back({p, specials.finalizer});
      specials.finalizer = nullptr;
      marker.Pointer(p);
      if (!specials.cleanups.empty()) {
        ++it;
        continue;
      }
    }
    for (Cleanup& cleanup : specials.cleanups) {
      state.queue.push_back({nullptr, cleanup.closure});
    }
    it = state.specials.erase(it);
  }
}

void StartFinalizers() {
  Call call;
  {
    MutexLock guard(lock);
    if (state.running || state.queue.empty()) return;
    call = state.queue.front();
    state.queue.pop_front();
    state.running = true;
  }
  const Function* function = call.closure->function;
  Slot params[4] = {reinterpret_cast<Slot>(call.object)};
  uint32_t param_slots = function->param_slots < 4 ? function->param_slots : 4;
  NewProc(nullptr, nullptr, function, call.closure, params, param_slots,
          kGFinalizer | kGSystem);
}

void FinalizerExited() {
  {
    MutexLock guard(lock);
    state.running = false;
  }
  StartFinalizers();
}

uint64_t SpecialCount() {
  MutexLock guard(lock);
  return state.specials.size();
}

uint64_t QueuedFinalizerCount() {
  MutexLock guard(lock);
  return state.queue.size();
}

}  // namespace mgo::rt
