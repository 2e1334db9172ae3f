#include "runtime/sched/defer.h"

#include <cstdlib>
#include <cstring>

#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/p.h"

namespace mgo::rt {
namespace {

// Parameter slots of the pools' records.
constexpr uint32_t kPoolSlots[] = {2, 6, 14, 30};
constexpr uint32_t kPools = sizeof kPoolSlots / sizeof kPoolSlots[0];
constexpr uint32_t kNotPooled = 255;
// Records made at once when a pool is empty.
constexpr uint32_t kBatch = 16;

constexpr uint64_t DeferBytes(uint64_t slots) {
  return offsetof(Defer, params) + slots * sizeof(Slot);
}

}  // namespace

Defer* NewDefer(G* g, uint32_t param_slots) {
  P* p = g->p;
  uint32_t pool = 0;
  while (pool < kPools && kPoolSlots[pool] < param_slots) pool++;
  Defer* defer;
  if (pool == kPools) {
    defer = static_cast<Defer*>(malloc(DeferBytes(param_slots)));
    if (defer == nullptr) Throw("out of memory");
    pool = kNotPooled;
  } else {
    if (p->defer_pool[pool] == nullptr) {
      uint64_t bytes = DeferBytes(kPoolSlots[pool]);
      auto* batch = static_cast<uint8_t*>(PersistentAlloc(bytes * kBatch));
      for (uint32_t i = 0; i < kBatch; i++) {
        auto* free_defer = reinterpret_cast<Defer*>(batch + i * bytes);
        free_defer->link = p->defer_pool[pool];
        p->defer_pool[pool] = free_defer;
      }
    }
    defer = p->defer_pool[pool];
    p->defer_pool[pool] = defer->link;
  }
  memset(static_cast<void*>(defer), 0, offsetof(Defer, params));
  defer->param_slots = param_slots;
  defer->pool = pool;
  return defer;
}

void FreeDefer(G* g, Defer* defer) {
  if (defer->pool == kNotPooled) {
    free(defer);
    return;
  }
  P* p = g->p;
  defer->link = p->defer_pool[defer->pool];
  p->defer_pool[defer->pool] = defer;
}

Panic* NewPanic(G* g) {
  auto* panic = static_cast<Panic*>(calloc(1, sizeof(Panic)));
  if (panic == nullptr) Throw("out of memory");
  return panic;
}

void FreePanic(G* g, Panic* panic) { free(panic); }

void SetPanic(G* g, GoIface value) {
  PendingPanic& pending = g->m->pending;
  pending.kind = static_cast<uint32_t>(RuntimeErrorKind::kNone);
  pending.value = value;
}

void SetRuntimeError(G* g, RuntimeErrorKind kind, std::string_view text) {
  PendingPanic& pending = g->m->pending;
  pending.kind = static_cast<uint32_t>(kind);
  pending.value = {};
  size_t n = text.copy(pending.text, sizeof pending.text - 1);
  pending.text[n] = 0;
}

}  // namespace mgo::rt
