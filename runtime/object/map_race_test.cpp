// Programs that use one map from several threads without a lock: either nobody
// notices, or they end with Go's fatal error; nothing else happens.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <functional>
#include <thread>
#include <vector>

#include "runtime/object/map.h"
#include "runtime/object/test_env.h"
#include "runtime/object/test_types.h"

namespace mgo::rt {
namespace {

using test::Array;
using test::Int;
using test::MapOf;

constexpr int kThreads = 3;
constexpr int kPrograms = 40;

// What a thread does with the map, again and again, as the i-th time.
using Work = std::function<void(G* g, Map* m, int thread, int i)>;

// A thread with a P of its own.
void RunThread(const Work& work, Map* m, int thread, int count) {
  M machine{};
  auto* p = new P();
  G g{};
  machine.p = p;
  g.m = &machine;
  g.p = p;
  current_m = &machine;
  for (int i = 0; i < count; i++) work(&g, m, thread, i);
  current_m = nullptr;
}

[[noreturn]] void Race(Map* m, const Work& work, int count) {
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; t++) {
    threads.emplace_back([&, t] { RunThread(work, m, t, count); });
  }
  for (auto& thread : threads) thread.join();
  _exit(0);
}

// It ended by itself, or by a fatal error; not by a signal.
bool EndedWell(int status) {
  return WIFEXITED(status) &&
         (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 2);
}

class MapRaceDeathTest : public testing::Test {
 protected:
  void SetUp() override {
#if __has_feature(thread_sanitizer)
    GTEST_SKIP() << "races on purpose";
#endif
    TestG();
  }
  void Check(const TypeDesc* type, const Work& work, int count) {
    for (int i = 0; i < kPrograms; i++) {
      EXPECT_EXIT(Race(MakeMap(TestG(), type, 0), work, count), EndedWell, "");
    }
  }
};

uint64_t Mix(int thread, int i) {
  return static_cast<uint64_t>(i) * 7919 + static_cast<uint64_t>(thread) * 13;
}

TEST_F(MapRaceDeathTest, WritersOfWords) {
  const TypeDesc* type = MapOf(Int(), Int());
  Check(
      type,
      [=](G* g, Map* m, int thread, int i) {
        auto* at =
            static_cast<uint64_t*>(MapAssign64(g, type, m, Mix(thread, i)));
        *at = Mix(thread, i);
        if (i % 3 == 0) MapDelete64(g, type, m, Mix(thread, i / 2));
        if (i % 5000 == 4999) MapClear(g, type, m);
      },
      20000);
}

TEST_F(MapRaceDeathTest, ReadersBesideAWriter) {
  const TypeDesc* type = MapOf(Int(), Int());
  Check(
      type,
      [=](G* g, Map* m, int thread, int i) {
        if (thread == 0) {
          *static_cast<uint64_t*>(MapAssign64(g, type, m, Mix(0, i))) = 1;
          return;
        }
        MapAccess64(m, Mix(0, i));
        if (i % 1000 != 0) return;
        MapIter it;
        MapIterInit(type, m, &it);
        for (int n = 0; n < 100 && MapIterNext(&it); n++) {
        }
      },
      20000);
}

TEST_F(MapRaceDeathTest, WritersOfBoxes) {
  const TypeDesc* large = Array("[20]int", Int(), 20, kPlainEqual);
  const TypeDesc* type = MapOf(large, large);
  Check(
      type,
      [=](G* g, Map* m, int thread, int i) {
        uint64_t key[20] = {Mix(thread, i % 500)};
        auto* at = static_cast<uint64_t*>(MapAssign(g, type, m, key));
        if (at != nullptr) *at = 1;
        void* value;
        if (!MapAccess(g, type, m, key, &value)) return;
        key[0] = Mix(thread, i % 300);
        if (!MapDelete(g, type, m, key)) return;
      },
      5000);
}

// The flag is seen by those that look for it.
TEST_F(MapRaceDeathTest, AnotherWriterIsNoticed) {
  const TypeDesc* type = MapOf(Int(), Int());
  auto writing = [&] {
    Map* m = MakeMap(TestG(), type, 0);
    *static_cast<uint64_t*>(MapAssign64(TestG(), type, m, 1)) = 1;
    m->flags |= kMapWriting;
    return m;
  };
  auto fatal = testing::ExitedWithCode(2);
  EXPECT_EXIT((void)MapAssign64(TestG(), type, writing(), 1), fatal,
              "fatal error: concurrent map writes");
  EXPECT_EXIT(MapDelete64(TestG(), type, writing(), 1), fatal,
              "fatal error: concurrent map writes");
  EXPECT_EXIT(MapClear(TestG(), type, writing()), fatal,
              "fatal error: concurrent map writes");
  EXPECT_EXIT(MapAccess64(writing(), 1), fatal,
              "fatal error: concurrent map read and map write");
  EXPECT_EXIT(
      {
        MapIter it;
        MapIterInit(type, writing(), &it);
      },
      fatal, "fatal error: concurrent map iteration and map write");
  EXPECT_EXIT(
      {
        Map* m = writing();
        m->flags = 0;
        MapIter it;
        MapIterInit(type, m, &it);
        m->flags = kMapWriting;
        MapIterNext(&it);
      },
      fatal, "fatal error: concurrent map iteration and map write");
}

}  // namespace
}  // namespace mgo::rt
