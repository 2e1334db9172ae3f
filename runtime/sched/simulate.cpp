#include "runtime/sched/simulate.h"

#include <deque>
#include <queue>
#include <vector>

#include "runtime/abi/function.h"
#include "runtime/base/fastrand.h"
#include "runtime/base/throw.h"
#include "runtime/sched/m.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

// What things take, in ns; measured on a machine of 2026.
constexpr int64_t kSwitch = 60;    // to find a goroutine in the own queue
constexpr int64_t kSearch = 2000;  // to look at other Ps, or to fall asleep
constexpr int64_t kWakeUp = 5000;  // from a call that wakes a thread to its run
constexpr int64_t kSpawn = 150;    // to start a goroutine
constexpr int64_t kStuckFor = 3000;

constexpr uint32_t kLeavesPerP = 64;
constexpr uint32_t kBurstTasksPerP = 200;
constexpr uint32_t kPairsPerP = 4;
constexpr uint32_t kPairTurns = 200;

// What a goroutine does: works, then acts; its frame's parameter points here.
struct Task {
  Workload workload;
  int depth = 0;      // tree
  uint32_t left = 0;  // burst: to be started; pairs: turns
  Task* partner = nullptr;
  G* g = nullptr;
  bool waits = false;    // pairs: parked
  int64_t runnable = 0;  // since when
};

// A virtual thread.
struct Thread {
  int64_t now = 0;  // its own clock
  G* running = nullptr;
  int64_t until = 0;    // its goroutine's work is done then
  bool queued = false;  // in `ready`
};

class Simulation {
 public:
  Simulation(Workload workload, uint32_t procs, uint64_t seed);
  SimulationResult Run();

  void Woken(M* m) { Queue(m, now_ + kWakeUp); }
  bool Stuck(const P* p) {
    M* m = p->m.load();
    return m != nullptr && ThreadOf(m).until > now_ + kStuckFor;
  }
  static Simulation* current;

 private:
  struct Event {
    int64_t when;
    uint64_t order;  // so that equal times have one order
    M* m;
    bool operator>(const Event& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };

  Thread& ThreadOf(M* m) {
    while (threads_.size() <= m->id) threads_.emplace_back();
    return threads_[m->id];
  }
  void Queue(M* m, int64_t when) {
    Thread& t = ThreadOf(m);
    if (t.queued) return;
    t.queued = true;
    if (when > t.now) t.now = when;
    events_.push({t.now, order_++, m});
  }
  Task* TaskOf(G* g) { return reinterpret_cast<Task*>(g->exec.fp[0]); }
  void Start(Workload workload, int depth, uint32_t left);
  void Ready(Task* task);
  int64_t WorkOf(Task* task);
  void Act(M* m, G* g);
  void Step(M* m);

  Workload workload_;
  uint32_t procs_;
  int64_t now_ = 0, busy_ = 0, longest_wait_ = 0, last_ = 0;
  uint64_t order_ = 0, goroutines_ = 0;
  std::deque<Task> tasks_;
  std::deque<Thread> threads_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  CodeWord code_[8] = {};
  CodeWord stubs_[2] = {};
  Function function_ = {};
};

Simulation* Simulation::current = nullptr;

const Simulator kHooks = {
    [](M* m) { Simulation::current->Woken(m); },
    [](const P* p) { return Simulation::current->Stuck(p); },
};

Simulation::Simulation(Workload workload, uint32_t procs, uint64_t seed)
    : workload_(workload), procs_(procs) {
  current = this;
  function_.entry = code_;
  function_.code_words = 8;
  function_.frame_slots = 4;
  function_.param_slots = 1;
  function_.name = "simulated";
  ResetSchedForTesting(procs);
  Executor executor = {};
  executor.goroutine_exit_pc = stubs_;
  executor.chunk_return_pc = stubs_ + 1;
  SetExecutor(executor);
  FastRandSeed(seed);
  simulator = &kHooks;
}

// Starts a goroutine on the current P.
void Simulation::Start(Workload workload, int depth, uint32_t left) {
  Task& task = tasks_.emplace_back();
  task.workload = workload;
  task.depth = depth;
  task.left = left;
  task.runnable = now_;
  Slot param = reinterpret_cast<Slot>(&task);
  goroutines_++;
  task.g = NewProc(nullptr, nullptr, &function_, nullptr, &param, 1);
}

void Simulation::Ready(Task* task) {
  task->waits = false;
  task->runnable = now_;
  Goready(task->g);
}

// How long a goroutine works before it acts.
int64_t Simulation::WorkOf(Task* task) {
  switch (task->workload) {
    case Workload::kTree:
      return task->depth == 0 ? 20000 + FastRandN(80000) : 500;
    case Workload::kBurst:
      return task->left != 0 ? kSpawn : 5000 + FastRandN(195000);
    case Workload::kPairs:
      return 2000 + FastRandN(6000);
  }
  return 0;
}

// A goroutine has worked: it starts others, wakes its partner, or ends.
void Simulation::Act(M* m, G* g) {
  Task* task = TaskOf(g);
  Thread& thread = ThreadOf(m);
  if (task->workload == Workload::kBurst && task->left != 0) {
    task->left--;
    Start(Workload::kBurst, 0, 0);
    // The producer goes on until it has no more to start.
    thread.until = thread.now + kSpawn;
    return;
  }
  thread.running = nullptr;
  thread.until = 0;
  if (task->workload == Workload::kTree && task->depth > 0) {
    Start(Workload::kTree, task->depth - 1, 0);
    Start(Workload::kTree, task->depth - 1, 0);
  }
  if (task->workload == Workload::kPairs && task->left > 0) {
    task->left--;
    if (task->partner->waits) Ready(task->partner);
    if (task->left > 0 || task->partner->left > 0) {
      task->waits = true;
      Gopark(g, WaitReason::kChanReceive);
      return;
    }
  }
  // One that is still waited for is never the main goroutine.
  g->flags &= ~uint32_t{kGMain};
  ExitGoroutine(g, false);
}

// A thread's next step; its clock goes on by what that takes.
void Simulation::Step(M* m) {
  Thread& thread = ThreadOf(m);
  thread.queued = false;
  now_ = thread.now;
  current_m = m;
  if (m->p == nullptr) {
    P* p = m->next_p.exchange(nullptr);
    if (p == nullptr) return;
    AcquireP(m, p);
  }
  if (thread.running != nullptr) {
    Act(m, thread.running);
  } else {
    uint32_t own = m->p->runq.Size();
    G* g = FindRunnable();
    thread.now += own != 0 ? kSwitch : kSearch;
    if (g != nullptr) {
      Task* task = TaskOf(g);
      int64_t wait = thread.now - task->runnable;
      if (wait > longest_wait_) longest_wait_ = wait;
      thread.running = g;
      thread.until = thread.now + WorkOf(task);
    }
  }
  if (thread.running != nullptr) {
    busy_ += thread.until - thread.now;
    thread.now = thread.until;
    if (thread.now > last_) last_ = thread.now;
  }
  // An M without a P is asleep, until somebody wakes it.
  if (m->p != nullptr) Queue(m, thread.now);
}

// The Ms have no threads that could refer to them.
void DropThreads() {
  MutexLock guard(sched.lock);
  while (M* m = sched.all_ms) {
    sched.all_ms = m->all_link;
    if (m != sched.main_m) delete m;
  }
  sched.main_m->all_link = nullptr;
  sched.all_ms = sched.main_m;
  sched.idle_ms = nullptr;
  sched.idle_m_count = 0;
  sched.m_count = 1;
}

SimulationResult Simulation::Run() {
  switch (workload_) {
    case Workload::kTree: {
      int depth = 0;
      while (uint64_t{1} << depth < uint64_t{kLeavesPerP} * procs_) depth++;
      Start(workload_, depth, 0);
      break;
    }
    case Workload::kBurst:
      Start(workload_, 0, kBurstTasksPerP * procs_);
      break;
    case Workload::kPairs:
      for (uint32_t i = 0; i < kPairsPerP * procs_; i++) {
        Start(workload_, 0, kPairTurns);
        Start(workload_, 0, kPairTurns);
        Task *a = &tasks_[2 * i], *b = &tasks_[2 * i + 1];
        a->partner = b;
        b->partner = a;
      }
      break;
  }
  Queue(sched.main_m, 0);
  while (!events_.empty()) {
    M* m = events_.top().m;
    events_.pop();
    Step(m);
  }
  SimulationResult result = {};
  result.goroutines = goroutines_;
  result.makespan = last_;
  result.utilisation =
      static_cast<double>(busy_) / (static_cast<double>(last_) * procs_);
  uint64_t steals = 0;
  for (uint32_t i = 0; i < procs_; i++) {
    steals += sched.procs[i]->counters.steals.Get();
  }
  result.steals =
      static_cast<double>(steals) / static_cast<double>(goroutines_);
  result.longest_wait = longest_wait_;
  if (GoroutineCount() != 0) Throw("simulation: goroutines were lost");
  current_m = sched.main_m;
  simulator = nullptr;
  DropThreads();
  return result;
}

}  // namespace

SimulationResult Simulate(Workload workload, uint32_t procs, uint64_t seed) {
  return Simulation(workload, procs, seed).Run();
}

}  // namespace mgo::rt
