#include "runtime/sched/seeded.h"

#include <vector>

#include "runtime/base/fastrand.h"
#include "runtime/base/nanotime.h"
#include "runtime/sched/m.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/queues.h"

namespace mgo::rt {
namespace {

// What a stretch of code from safepoint to safepoint takes.
constexpr int64_t kStep = 100;
// One in 2^1 to 2^kRarest safepoints preempts, which one the seed says: some
// runs switch all the time, others seldom.
constexpr uint32_t kRarest = 8;

bool seeded = false;
uint32_t preempt_one_in = 1;
// All runnable goroutines that are on no queue.
std::vector<G*> runnable;

// Takes all there is from the queues.
void Collect(P* p) {
  bool inherit;
  while (G* g = p->runq.Get(&inherit)) runnable.push_back(g);
  while (G* g = TakeGlobal(p, 1)) runnable.push_back(g);
}

// Descriptors that are ready, without waiting: those of the program's own pipes
// are so at the same time in every run.
void LookAtDescriptors() {
  if (NetpollWaiters() == 0) return;
  std::vector<G*> ready;
  Netpoll(0, &ready);
  MakeRunnable(ready);
}

// Nothing is runnable: waits until something may be.
void Wait(P* p) {
  if (AnyTimerCanWake()) {
    AdvanceClock(p->timers.NextWhen() - Nanotime());
    return;
  }
  if (NetpollWaiters() != 0) {
    std::vector<G*> ready;
    Netpoll(-1, &ready);
    MakeRunnable(ready);
    return;
  }
  // Nothing will: CheckDead says so, with this M counted as idle.
  MutexLock guard(sched.lock);
  sched.idle_m_count++;
  CheckDead();
}

}  // namespace

void StartSeeded(uint64_t seed) {
  seeded = true;
  FastRandSeed(seed * 0x9e3779b97f4a7c15u + 1);
  preempt_one_in = 2u << FastRandN(kRarest);
  StartVirtualTime();
  SetMaxProcs(nullptr, 1);
  sched.always_stop.store(true);
  sched.attention.fetch_or(kSeeded);
}

bool Seeded() { return seeded; }

G* PickSeeded(M* m) {
  P* p = m->p;
  for (;;) {
    RunTimers(p);
    LookAtDescriptors();
    Collect(p);
    if (!runnable.empty()) break;
    Wait(p);
    if ((sched.attention.load() & ~uint32_t{kSeeded}) != 0) return nullptr;
  }
  uint32_t i = FastRandN(static_cast<uint32_t>(runnable.size()));
  G* g = runnable[i];
  runnable[i] = runnable.back();
  runnable.pop_back();
  return Start(m, p, g, false);
}

bool SeedPreempts() {
  if (!seeded) return false;
  AdvanceClock(kStep);
  return FastRandN(preempt_one_in) == 0;
}

}  // namespace mgo::rt
