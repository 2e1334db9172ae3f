// Semaphores, mutexes and condition variables with threads that really run at
// once.
#include "runtime/sched/sema.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

// What a goroutine does when it gets its turn.
enum class Turn {
  kAgain,   // goes on at once
  kParked,  // it was parked: the next turn comes when it has been made ready
  kYield,   // others first
  kExit,
};
using Body = std::function<Turn(G*)>;

// A scheduler of its own: every thread has an M with a P, and runs what is on
// that P's queue or on a list for all.
class Threads {
 public:
  explicit Threads(uint32_t count) : count_(count) {
    ResetSchedForTesting();
    sched.proc_count = count;
  }
  ~Threads() {
    // The Ps there are is one again.
    sched.proc_count = 1;
    for (G* g : gs_) g->status.store(kGdead);
  }

  void Go(Body body) {
    bodies_.push_back(std::make_unique<Body>(std::move(body)));
    G* g = AllocG();
    g->status.store(kGrunnable);
    g->goid = bodies_.size();
    gs_.push_back(g);
    ready_.push_back(g);
    left_.fetch_add(1);
  }

  // Runs until all goroutines have ended.
  void Run() {
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < count_; i++)
      threads.emplace_back([this] { Loop(); });
    for (auto& thread : threads) thread.join();
  }

 private:
  void Loop() {
    auto m = std::make_unique<M>();
    auto p = std::make_unique<P>();
    m->p = p.get();
    current_m = m.get();
    while (left_.load() != 0) {
      G* g = Next(p.get());
      if (g == nullptr) {
        std::this_thread::yield();
        continue;
      }
      CasStatus(g, kGrunnable, kGrunning);
      g->m = m.get();
      g->p = p.get();
      m->curg.store(g);
      RunOne(g, p.get());
    }
    current_m = nullptr;
  }

  void RunOne(G* g, P* p) {
    Body& body = *bodies_[g->goid - 1];
    for (;;) {
      Turn turn = body(g);
      // Others may run what this thread has readied.
      Share(p);
      switch (turn) {
        case Turn::kAgain:
          continue;
        case Turn::kParked:
          return;
        case Turn::kYield: {
          CasStatus(g, kGrunning, kGrunnable);
          std::lock_guard guard(lock_);
          ready_.push_back(g);
          return;
        }
        case Turn::kExit:
          CasStatus(g, kGrunning, kGdead);
          left_.fetch_sub(1);
          return;
      }
    }
  }

  G* Next(P* p) {
    bool inherit;
    if (G* g = p->runq.Get(&inherit)) return g;
    std::lock_guard guard(lock_);
    if (ready_.empty()) return nullptr;
    G* g = ready_.front();
    ready_.erase(ready_.begin());
    return g;
  }

  void Share(P* p) {
    bool inherit;
    while (G* g = p->runq.Get(&inherit)) {
      std::lock_guard guard(lock_);
      ready_.push_back(g);
    }
  }

  const uint32_t count_;
  std::vector<std::unique_ptr<Body>> bodies_;
  std::vector<G*> gs_;
  std::mutex lock_;
  std::vector<G*> ready_;
  std::atomic<int> left_{0};
};

constexpr uint32_t kThreads = 4;

// Whoever has the mutex is alone, and everybody gets it as often as he wants.
TEST(Mutex, ExcludesAndLosesNoWaiter) {
  constexpr int kGoroutines = 12, kRounds = 3000;
  Threads threads(kThreads);
  uint32_t word = 0;
  std::atomic<int> inside{0};
  int count = 0;
  for (int i = 0; i < kGoroutines; i++) {
    auto round = std::make_shared<int>(0);
    auto again = std::make_shared<bool>(false);
    threads.Go([&, round, again](G* g) {
      if (*round == kRounds) return Turn::kExit;
      bool second = *again;
      *again = true;
      if (!LockMutex(g, &word, second, [](G*) {})) return Turn::kParked;
      *again = false;
      EXPECT_EQ(inside.fetch_add(1), 0);
      count++;
      inside.fetch_sub(1);
      ++*round;
      int done = *round;
      EXPECT_TRUE(UnlockMutex(&word));
      return done % 7 == 0 ? Turn::kYield : Turn::kAgain;
    });
  }
  threads.Run();
  EXPECT_EQ(count, kGoroutines * kRounds);
  EXPECT_EQ(word, 0u);
  EXPECT_FALSE(UnlockMutex(&word));
}

// A goroutine that hardly ever opens the mutex does not keep another one out.
TEST(Mutex, StarvingWaiterIsHandedTheMutex) {
  Threads threads(2);
  uint32_t word = 0;
  std::atomic<bool> served{false}, again{false};
  auto held = std::make_shared<bool>(false);
  threads.Go([&, held](G* g) {
    if (served.load()) {
      if (*held) UnlockMutex(&word);
      return Turn::kExit;
    }
    if (*held) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      UnlockMutex(&word);
      *held = false;
    }
    // Handed over meanwhile: this one waits, and comes second.
    if (!TryLockMutex(&word)) return Turn::kYield;
    *held = true;
    return Turn::kAgain;
  });
  threads.Go([&](G* g) {
    bool second = again.exchange(true);
    if (!LockMutex(g, &word, second, [](G*) {})) return Turn::kParked;
    served.store(true);
    UnlockMutex(&word);
    return Turn::kExit;
  });
  threads.Run();
  EXPECT_EQ(word & kMutexLocked, 0u);
}

TEST(Mutex, TryLock) {
  uint32_t word = 0;
  EXPECT_TRUE(TryLockMutex(&word));
  EXPECT_FALSE(TryLockMutex(&word));
  EXPECT_TRUE(UnlockMutex(&word));
  EXPECT_TRUE(TryLockMutex(&word));
  // As one that was copied while somebody waited for it.
  word |= kMutexWaiters;
  EXPECT_TRUE(UnlockMutex(&word));
  EXPECT_EQ(word, 0u);
}

// Never more are in than there are places, and all come in.
TEST(Sema, CountsUnderThreads) {
  constexpr int kGoroutines = 12, kRounds = 2000;
  constexpr uint32_t kPlaces = 3;
  Threads threads(kThreads);
  uint32_t sema = kPlaces;
  std::atomic<uint32_t> inside{0};
  std::atomic<int> count{0};
  for (int i = 0; i < kGoroutines; i++) {
    auto round = std::make_shared<int>(0);
    auto asked = std::make_shared<bool>(false);
    threads.Go([&, round, asked](G* g) {
      if (*round == kRounds) return Turn::kExit;
      if (!*asked) {
        *asked = true;
        if (!SemAcquire(g, &sema, false, WaitReason::kSemacquire)) {
          return Turn::kParked;
        }
      }
      EXPECT_LT(inside.fetch_add(1), kPlaces);
      count.fetch_add(1);
      inside.fetch_sub(1);
      *asked = false;
      bool handoff = ++*round % 2 == 0;
      SemRelease(&sema, handoff);
      return Turn::kAgain;
    });
  }
  threads.Run();
  EXPECT_EQ(count.load(), kGoroutines * kRounds);
  EXPECT_EQ(sema, kPlaces);
}

// Each ticket that is notified wakes its waiter, whether it waits already.
TEST(NotifyList, NobodyIsForgotten) {
  constexpr int kWaiters = 8, kRounds = 1000;
  Threads threads(kThreads);
  NotifyList list = {};
  std::atomic<int> woken{0};
  for (int i = 0; i < kWaiters; i++) {
    auto round = std::make_shared<int>(0);
    auto waits = std::make_shared<bool>(false);
    threads.Go([&, round, waits](G* g) {
      if (!*waits) {
        *waits = true;
        uint32_t ticket = NotifyListAdd(&list);
        if (!NotifyListWait(g, &list, ticket)) return Turn::kParked;
      }
      *waits = false;
      woken.fetch_add(1);
      return ++*round == kRounds ? Turn::kExit : Turn::kYield;
    });
  }
  auto turn = std::make_shared<int>(0);
  threads.Go([&, turn](G*) {
    if (woken.load() == kWaiters * kRounds) return Turn::kExit;
    if (++*turn % 5 == 0) {
      NotifyListNotifyAll(&list);
    } else {
      NotifyListNotifyOne(&list);
    }
    return Turn::kYield;
  });
  threads.Run();
  EXPECT_EQ(woken.load(), kWaiters * kRounds);
  EXPECT_EQ(list.first, nullptr);
}

}  // namespace
}  // namespace mgo::rt
