#include "runtime/sched/g.h"

#include <cstdlib>

#include "runtime/base/mutex.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/sched.h"

namespace mgo::rt {
namespace {

constexpr size_t kGsPerBlock = 4096;
constexpr size_t kMaxBlocks = 1 << 14;

Mutex all_gs_lock(LockRank::kAllGs);
std::atomic<size_t> all_g_count{0};  // written with all_gs_lock
// Blocks of pointers to Gs; written with all_gs_lock, before the count.
G** all_g_blocks[kMaxBlocks];

constexpr const char* kWaitReasons[] = {
#define MGO_WAIT_REASON(name, text) text,
#include "runtime/sched/wait_reasons.def"
};

bool IsLegal(GStatus from, GStatus to) {
  switch (from) {
    case kGidle:
      return to == kGdead;
    case kGdead:
      return to == kGrunnable;
    case kGrunnable:
      return to == kGrunning;
    case kGrunning:
      return to == kGrunnable || to == kGwaiting || to == kGsyscall ||
             to == kGdead || to == kGpreempted;
    case kGsyscall:
      return to == kGrunning || to == kGrunnable;
    case kGwaiting:
      return to == kGrunnable;
    case kGpreempted:
      return to == kGwaiting;
  }
  return false;
}

}  // namespace

const char* WaitReasonText(WaitReason reason) {
  return kWaitReasons[static_cast<size_t>(reason)];
}

void CheckTransition(G* g, GStatus from, GStatus to) {
  if (g->Status() != from || !IsLegal(from, to)) {
    PrintError("runtime: goroutine %llu: status %u, change from %u to %u\n",
               static_cast<unsigned long long>(g->goid),
               static_cast<unsigned>(g->Status()), static_cast<unsigned>(from),
               static_cast<unsigned>(to));
    Throw("bad g status");
  }
}

void AddAllG(G* g) {
  MutexLock guard(all_gs_lock);
  size_t n = all_g_count.load(std::memory_order_relaxed);
  size_t block = n / kGsPerBlock;
  if (block == kMaxBlocks) Throw("too many goroutines");
  if (all_g_blocks[block] == nullptr) {
    all_g_blocks[block] = static_cast<G**>(calloc(kGsPerBlock, sizeof(G*)));
    if (all_g_blocks[block] == nullptr) Throw("out of memory");
  }
  all_g_blocks[block][n % kGsPerBlock] = g;
  all_g_count.store(n + 1, std::memory_order_release);
}

size_t AllGCount() { return all_g_count.load(std::memory_order_acquire); }

G* AllG(size_t i) { return all_g_blocks[i / kGsPerBlock][i % kGsPerBlock]; }

void ResetAllGsForTesting() { all_g_count.store(0); }

int64_t GoroutineCount() {
  int64_t n = 0;
  for (uint32_t i = 0; i < kMaxProcs && sched.procs[i] != nullptr; i++) {
    const PCounters& counters = sched.procs[i]->counters;
    n += static_cast<int64_t>(counters.spawns.Get() - counters.exits.Get());
  }
  return n - sched.system_gs.load();
}

}  // namespace mgo::rt
