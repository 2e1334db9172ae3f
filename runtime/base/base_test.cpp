#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "runtime/base/debug_vars.h"
#include "runtime/base/fastrand.h"
#include "runtime/base/fault.h"
#include "runtime/base/mutex.h"
#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"

namespace mgo::rt {
namespace {

TEST(Mutex, ExcludesThreads) {
  Mutex mutex(LockRank::kLeaf);
  int64_t counter = 0;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20000; i++) {
        MutexLock lock(mutex);
        counter++;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(counter, 80000);
  EXPECT_FALSE(mutex.Held());
}

TEST(Mutex, TryLock) {
  Mutex mutex(LockRank::kLeaf);
  EXPECT_TRUE(mutex.TryLock());
  EXPECT_FALSE(mutex.TryLock());
  mutex.Unlock();
}

#ifdef MGO_DEBUG
TEST(MutexDeathTest, OrderIsChecked) {
  Mutex heap(LockRank::kMHeap), sched(LockRank::kSched);
  EXPECT_EXIT(
      {
        heap.Lock();
        sched.Lock();
      },
      testing::ExitedWithCode(2), "lock Sched taken while MHeap is held");
}
#endif

TEST(Note, WakeBeforeSleepAndTimeout) {
  Note note;
  note.Wake();
  EXPECT_TRUE(note.Sleep(-1));
  int64_t start = Nanotime();
  EXPECT_FALSE(note.Sleep(2000000));
  EXPECT_GE(Nanotime() - start, 2000000);
  std::thread waker([&] { note.Wake(); });
  EXPECT_TRUE(note.Sleep(-1));
  waker.join();
}

TEST(FastRand, SeedRepeatsAndBoundHolds) {
  FastRandSeed(7);
  uint64_t a = FastRand64(), b = FastRand64();
  FastRandSeed(7);
  EXPECT_EQ(FastRand64(), a);
  EXPECT_EQ(FastRand64(), b);
  int counts[5] = {};
  for (int i = 0; i < 10000; i++) counts[FastRandN(5)]++;
  for (int n : counts) EXPECT_GT(n, 1500);
}

TEST(DebugVars, Parse) {
  ParseDebugVars("gctrace=2,nonsense=1,schedtrace=x,gcstress=3,,=");
  EXPECT_EQ(debug_vars.gctrace, 2);
  EXPECT_EQ(debug_vars.schedtrace, 0);
  EXPECT_EQ(debug_vars.gcstress, 3);
  ParseDebugVars("gctrace=0,gcstress=0");
  size_t count;
  const DebugVarInfo* rows = DebugVarTable(&count);
  EXPECT_GT(count, 5u);
  EXPECT_STREQ(rows[0].name, "gctrace");
}

TEST(ThrowDeathTest, PrintsAndExits) {
  EXPECT_EXIT(Throw("broken"), testing::ExitedWithCode(2),
              "fatal error: broken");
}

// Of two threads that report the end of the process one does, to its end.
TEST(ThrowDeathTest, OneThreadReports) {
  EXPECT_EXIT(
      {
        SetThrowDump([](bool) {
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
          PrintError("\ndumped to the end\n");
        });
        std::thread second([] {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          Throw("second");
        });
        Throw("first");
      },
      testing::ExitedWithCode(2),
      "^fatal error: first\n\ndumped to the end\n$");
}

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
TEST(FaultDeathTest, EndsLikeGo) {
  EXPECT_EXIT(
      {
        CatchFaults();
        *reinterpret_cast<volatile int*>(uintptr_t{0x1234567890}) = 1;
      },
      testing::ExitedWithCode(2),
      "^unexpected fault address 0x1234567890\nfatal error: fault\n"
      ".signal SIGSEGV: segmentation violation code=0x1 addr=0x1234567890");
}
#endif

int hook_runs = 0;
TEST(Exit, HooksRunOnce) {
  AddExitHook([] { hook_runs++; });
  RunExitHooks();
  RunExitHooks();
  EXPECT_EQ(hook_runs, 1);
}

}  // namespace
}  // namespace mgo::rt
