#include "runtime/sched/defer.h"

#include <cstdlib>
#include <cstring>
#include <vector>

#include "runtime/base/mutex.h"
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

// What a P keeps in a pool. Records that are made on one P and given back on
// another would gather there; so half of a full pool goes to where others find
// it.
constexpr uint32_t kMaxPooled = 64;

Mutex shared_lock(LockRank::kLeaf);
// Chains of kMaxPooled / 2 free records; protector: shared_lock.
std::vector<Defer*> shared_chains[kPools];

// In a free record `param_slots` is the length of the chain from it on.
void Push(Defer** pool, Defer* defer) {
  defer->link = *pool;
  defer->param_slots = *pool == nullptr ? 1 : (*pool)->param_slots + 1;
  *pool = defer;
}

void ShareHalf(uint32_t pool, Defer** head) {
  Defer* chain = *head;
  Defer* last = chain;
  for (uint32_t i = 1; i < kMaxPooled / 2; i++) last = last->link;
  *head = last->link;
  last->link = nullptr;
  MutexLock guard(shared_lock);
  shared_chains[pool].push_back(chain);
}

Defer* TakeShared(uint32_t pool) {
  MutexLock guard(shared_lock);
  if (shared_chains[pool].empty()) return nullptr;
  Defer* chain = shared_chains[pool].back();
  shared_chains[pool].pop_back();
  return chain;
}

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
      Defer* free_defer = TakeShared(pool);
      while (free_defer != nullptr) {
        Defer* link = free_defer->link;
        Push(&p->defer_pool[pool], free_defer);
        free_defer = link;
      }
    }
    if (p->defer_pool[pool] == nullptr) {
      uint64_t bytes = DeferBytes(kPoolSlots[pool]);
      auto* batch = static_cast<uint8_t*>(PersistentAlloc(bytes * kBatch));
      for (uint32_t i = 0; i < kBatch; i++) {
        Push(&p->defer_pool[pool], reinterpret_cast<Defer*>(batch + i * bytes));
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
  uint32_t pool = defer->pool;
  Defer** head = &g->p->defer_pool[pool];
  Push(head, defer);
  if ((*head)->param_slots >= kMaxPooled) ShareHalf(pool, head);
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
