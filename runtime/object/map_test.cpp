#include "runtime/object/map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <unordered_map>

#include "runtime/object/string.h"
#include "runtime/object/test_env.h"
#include "runtime/object/test_types.h"

namespace mgo::rt {
namespace {

using test::Any;
using test::Eface;
using test::Float64;
using test::Int;
using test::Int32;
using test::IntSlice;
using test::MapOf;
using test::String;

const TypeDesc* IntInt() {
  static const TypeDesc* t = MapOf(Int(), Int());
  return t;
}

void Set(Map* m, int64_t k, int64_t v) {
  void* cell = MapAssign64(TestG(), IntInt(), m, static_cast<uint64_t>(k));
  std::memcpy(cell, &v, 8);
}

// The value, or -1.
int64_t Get(Map* m, int64_t k) {
  void* p = MapAccess64(m, static_cast<uint64_t>(k));
  if (p == nullptr) return -1;
  int64_t v;
  std::memcpy(&v, p, 8);
  return v;
}

template <typename T>
T At(const void* p) {
  T v;
  std::memcpy(&v, p, sizeof(T));
  return v;
}

TEST(MapTest, CountIsTheFirstWord) {
  Map* m = MakeMap(TestG(), IntInt(), 0);
  Set(m, 7, 8);
  EXPECT_EQ(*reinterpret_cast<int64_t*>(m), 1);
}

TEST(MapTest, SetGetOverwrite) {
  Map* m = MakeMap(TestG(), IntInt(), 0);
  EXPECT_EQ(Get(m, 1), -1);
  for (int i = 0; i < 5000; ++i) Set(m, i * 7919, i);
  for (int i = 0; i < 5000; ++i) Set(m, i * 7919, i + 1);
  EXPECT_EQ(m->count, 5000);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(Get(m, i * 7919), i + 1);
  EXPECT_EQ(Get(m, 3), -1);
}

TEST(MapTest, FullGroupOfOneTable) {
  Map* m = MakeMap(TestG(), IntInt(), 8);
  for (int i = 0; i < 8; ++i) Set(m, i, i);
  EXPECT_EQ(m->group_mask, 0u);
  EXPECT_EQ(Get(m, 99), -1);
  MapDelete64(TestG(), IntInt(), m, 3);
  Set(m, 99, 5);
  EXPECT_EQ(m->group_mask, 0u);
  EXPECT_EQ(Get(m, 99), 5);
  EXPECT_EQ(Get(m, 3), -1);
  Set(m, 100, 6);
  EXPECT_EQ(m->group_mask, 1u);
  EXPECT_EQ(m->count, 9);
}

TEST(MapTest, HintsReserveRoom) {
  for (int64_t hint : {9, 14, 15, 100, 896, 897, 5000, 100000}) {
    Map* m = MakeMap(TestG(), IntInt(), hint);
    uint64_t room = (m->group_mask + 1) * 7 * (uint64_t{1} << m->depth);
    EXPECT_GE(room, static_cast<uint64_t>(hint));
    for (int i = 0; i < hint; ++i) Set(m, i, i);
    for (int i = 0; i < hint; ++i) ASSERT_EQ(Get(m, i), i);
  }
  EXPECT_EQ(MakeMap(TestG(), IntInt(), -1)->count, 0);
  EXPECT_EQ(MakeMap(TestG(), IntInt(), int64_t{1} << 62)->count, 0);
}

TEST(MapTest, NilMap) {
  EXPECT_EQ(MapAccess64(nullptr, 1), nullptr);
  MapDelete64(TestG(), IntInt(), nullptr, 1);
  MapClear(TestG(), IntInt(), nullptr);
  MapIter it;
  MapIterInit(IntInt(), nullptr, &it);
  EXPECT_FALSE(MapIterNext(&it));
  EXPECT_EQ(MapAssign64(TestG(), IntInt(), nullptr, 1), nullptr);
  EXPECT_EQ(TakePanic(), "assignment to entry in nil map");
}

TEST(MapTest, StringKeys) {
  const TypeDesc* type = MapOf(String(), Int());
  Map* m = MakeMap(TestG(), type, 0);
  std::vector<std::string> keys;
  keys.reserve(3000);
  for (int i = 0; i < 3000; ++i) {
    keys.push_back(std::string(i % 50, 'x') + std::to_string(i));
  }
  for (int i = 0; i < 3000; ++i) {
    void* cell = MapAssignStr(TestG(), type, m, StaticString(keys[i]));
    *static_cast<int64_t*>(cell) = i;
  }
  for (int i = 0; i < 3000; ++i) {
    // Equal bytes in another place.
    std::string copy = keys[i];  // NOLINT
    void* p = MapAccessStr(m, StaticString(copy));
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(At<int64_t>(p), i);
    GoString key = StaticString(copy);
    ASSERT_TRUE(MapAccess(TestG(), type, m, &key, &p));
    EXPECT_EQ(At<int64_t>(p), i);
  }
  EXPECT_EQ(MapAccessStr(m, StaticString("nobody")), nullptr);
  MapDeleteStr(TestG(), type, m, StaticString(keys[5]));
  EXPECT_EQ(MapAccessStr(m, StaticString(keys[5])), nullptr);
  EXPECT_EQ(m->count, 2999);
}

TEST(MapTest, SmallKeys) {
  const TypeDesc* type = MapOf(Int32(), test::Int8());
  Map* m = MakeMap(TestG(), type, 0);
  for (int32_t i = -1000; i < 1000; ++i) {
    *static_cast<int8_t*>(MapAssign32(
        TestG(), type, m, static_cast<uint32_t>(i))) = static_cast<int8_t>(i);
  }
  for (int32_t i = -1000; i < 1000; ++i) {
    void* p = MapAccess32(m, static_cast<uint32_t>(i));
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(At<int8_t>(p), static_cast<int8_t>(i));
  }
  const TypeDesc* type16 = MapOf(test::Uint16(), Int());
  Map* m16 = MakeMap(TestG(), type16, 0);
  for (int i = 0; i < 65536; ++i) {
    uint16_t key = static_cast<uint16_t>(i);
    *static_cast<int64_t*>(MapAssign(TestG(), type16, m16, &key)) = i;
  }
  EXPECT_EQ(m16->count, 65536);
  for (int i = 0; i < 65536; ++i) {
    uint16_t key = static_cast<uint16_t>(i);
    void* p;
    ASSERT_TRUE(MapAccess(TestG(), type16, m16, &key, &p));
    ASSERT_EQ(At<int64_t>(p), i);
  }
}

TEST(MapTest, FloatKeys) {
  const TypeDesc* type = MapOf(Float64(), Int());
  Map* m = MakeMap(TestG(), type, 0);
  auto assign = [&](double k, int64_t v) {
    *static_cast<int64_t*>(MapAssign(TestG(), type, m, &k)) = v;
  };
  assign(0.0, 1);
  assign(-0.0, 2);
  EXPECT_EQ(m->count, 1);
  MapIter it;
  MapIterInit(type, m, &it);
  ASSERT_TRUE(MapIterNext(&it));
  EXPECT_TRUE(std::signbit(At<double>(it.key)));  // the key was rewritten
  for (int i = 0; i < 100; ++i) assign(NAN, i);
  EXPECT_EQ(m->count, 101);
  double nan = NAN;
  void* p;
  ASSERT_TRUE(MapAccess(TestG(), type, m, &nan, &p));
  EXPECT_EQ(p, nullptr);
  ASSERT_TRUE(MapDelete(TestG(), type, m, &nan));
  EXPECT_EQ(m->count, 101);
  MapClear(TestG(), type, m);
  EXPECT_EQ(m->count, 0);
}

TEST(MapTest, InterfaceKeysAndUnhashable) {
  const TypeDesc* type = MapOf(Any(), Int());
  Map* m = MakeMap(TestG(), type, 0);
  GoString text = StaticString("key");
  GoIface keys[] = {Eface(Int(), uint64_t{1}),
                    Eface(Int32(), uint64_t{1}),
                    Eface(String(), &text),
                    {nullptr, 0}};
  GoSlice slice = {};
  GoIface bad = Eface(IntSlice(), &slice);
  void* p;
  EXPECT_FALSE(MapAccess(TestG(), type, nullptr, &bad, &p));
  EXPECT_EQ(TakePanic(), "hash of unhashable type: []int");
  EXPECT_FALSE(MapDelete(TestG(), type, m, &bad));
  EXPECT_EQ(TakePanic(), "hash of unhashable type: []int");
  for (int i = 0; i < 4; ++i) {
    *static_cast<int64_t*>(MapAssign(TestG(), type, m, &keys[i])) = i;
  }
  EXPECT_EQ(m->count, 4);
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(MapAccess(TestG(), type, m, &keys[i], &p));
    EXPECT_EQ(At<int64_t>(p), i);
  }
  EXPECT_FALSE(MapAccess(TestG(), type, m, &bad, &p));
  EXPECT_EQ(TakePanic(), "runtime error: hash of unhashable type []int");
  EXPECT_EQ(MapAssign(TestG(), type, m, &bad), nullptr);
  EXPECT_EQ(TakePanic(), "runtime error: hash of unhashable type []int");
  EXPECT_FALSE(MapDelete(TestG(), type, m, &bad));
  EXPECT_EQ(TakePanic(), "runtime error: hash of unhashable type []int");
}

TEST(MapTest, BigKeysAndValues) {
  const TypeDesc* big = test::Array("[40]int", Int(), 40, kPlainEqual);
  const TypeDesc* type = MapOf(big, big);
  Map* m = MakeMap(TestG(), type, 0);
  struct Big {
    int64_t words[40];
  };
  for (int i = 0; i < 2000; ++i) {
    Big key = {};
    key.words[39] = i;
    auto* value = static_cast<Big*>(MapAssign(TestG(), type, m, &key));
    EXPECT_EQ(value->words[0], 0);
    value->words[0] = i * 2;
  }
  for (int i = 0; i < 2000; i += 2) {
    Big key = {};
    key.words[39] = i;
    ASSERT_TRUE(MapDelete(TestG(), type, m, &key));
  }
  EXPECT_EQ(m->count, 1000);
  MapIter it;
  MapIterInit(type, m, &it);
  int seen = 0;
  while (MapIterNext(&it)) {
    EXPECT_EQ(At<Big>(it.key).words[39] * 2, At<Big>(it.value).words[0]);
    ++seen;
  }
  EXPECT_EQ(seen, 1000);
  // Integer keys with boxed values take the fast calls, too.
  const TypeDesc* mixed = MapOf(Int(), big);
  Map* n = MakeMap(TestG(), mixed, 0);
  static_cast<Big*>(MapAssign64(TestG(), mixed, n, 5))->words[3] = 9;
  EXPECT_EQ(static_cast<Big*>(MapAccess64(n, 5))->words[3], 9);
}

TEST(MapTest, IterationOrderVaries) {
  Map* m = MakeMap(TestG(), IntInt(), 0);
  for (int i = 0; i < 6; ++i) Set(m, i, i);
  std::set<std::string> orders;
  for (int round = 0; round < 200; ++round) {
    MapIter it;
    std::string order;
    for (MapIterInit(IntInt(), m, &it); MapIterNext(&it);) {
      order += std::to_string(At<int64_t>(it.key));
    }
    EXPECT_EQ(order.size(), 6u);
    orders.insert(order);
  }
  EXPECT_GT(orders.size(), 3u);
}

// Iterates while growing, deleting and clearing, and checks the promises: an
// entry that is there all the time comes exactly once; a deleted one that has
// not come never comes; nothing comes twice.
TEST(MapTest, IterationUnderMutation) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 400; ++round) {
    Map* m = MakeMap(TestG(), IntInt(), 0);
    std::unordered_map<int64_t, int64_t> model;
    int64_t start = static_cast<int64_t>(random() % (round % 4 ? 100 : 6000));
    for (int64_t i = 0; i < start; ++i) {
      Set(m, i, i);
      model[i] = i;
    }
    std::set<int64_t> must;  // there from the beginning, never deleted
    for (auto& [k, v] : model) must.insert(k);
    std::set<int64_t> seen;
    int64_t next_new = 1000000;
    unsigned inserts = random() % 20, deletes = random() % 3;
    MapIter it;
    int64_t steps = 0;
    for (MapIterInit(IntInt(), m, &it); MapIterNext(&it); ++steps) {
      int64_t k = At<int64_t>(it.key), v = At<int64_t>(it.value);
      ASSERT_TRUE(model.count(k)) << "deleted entry came";
      ASSERT_EQ(model[k], v);
      ASSERT_TRUE(seen.insert(k).second) << "entry came twice";
      if (steps > 4 * start + 100) break;
      for (unsigned i = 0; i < inserts && next_new < 1040000; ++i) {
        Set(m, next_new, next_new);
        model[next_new] = next_new;
        ++next_new;
      }
      for (unsigned i = 0; i < deletes; ++i) {
        int64_t victim = static_cast<int64_t>(random() % (start + 1));
        MapDelete64(TestG(), IntInt(), m, static_cast<uint64_t>(victim));
        model.erase(victim);
        must.erase(victim);
      }
      int64_t change = static_cast<int64_t>(random() % (start + 1));
      if (model.count(change)) {
        Set(m, change, change * 3);
        model[change] = change * 3;
      }
      if (random() % 5000 == 0) {
        MapClear(TestG(), IntInt(), m);
        model.clear();
        must.clear();
      }
    }
    ASSERT_EQ(m->count, static_cast<int64_t>(model.size()));
    if (steps <= 4 * start + 100) {
      for (int64_t k : must) ASSERT_TRUE(seen.count(k)) << "entry missed";
    }
  }
}

TEST(MapTest, DeleteAllWhileIterating) {
  Map* m = MakeMap(TestG(), IntInt(), 0);
  for (int i = 0; i < 10000; ++i) Set(m, i, i);
  MapIter it;
  int seen = 0;
  for (MapIterInit(IntInt(), m, &it); MapIterNext(&it); ++seen) {
    MapDelete64(TestG(), IntInt(), m, At<uint64_t>(it.key));
  }
  EXPECT_EQ(seen, 10000);
  EXPECT_EQ(m->count, 0);
  for (int i = 0; i < 10000; ++i) Set(m, i, i);
  EXPECT_EQ(m->count, 10000);
}

TEST(MapTest, NanEntriesSurviveGrowthWhileIterating) {
  const TypeDesc* type = MapOf(Float64(), Int());
  for (int round = 0; round < 50; ++round) {
    Map* m = MakeMap(TestG(), type, 0);
    double nan = NAN;
    for (int i = 0; i < 50; ++i) {
      *static_cast<int64_t*>(MapAssign(TestG(), type, m, &nan)) = i;
    }
    std::map<int64_t, int> seen;
    MapIter it;
    int step = 0;
    for (MapIterInit(type, m, &it); MapIterNext(&it); ++step) {
      int64_t v = At<int64_t>(it.value);
      if (v < 50) seen[v] += 1;
      for (int i = 0; i < 40 && step < 50; ++i) {
        double key = step * 40 + i;
        *static_cast<int64_t*>(MapAssign(TestG(), type, m, &key)) = 1000;
      }
    }
    ASSERT_EQ(seen.size(), 50u);
    for (auto& [v, times] : seen) ASSERT_EQ(times, 1);
  }
}

TEST(MapTest, ClearEndsIteration) {
  Map* m = MakeMap(TestG(), IntInt(), 0);
  for (int i = 0; i < 1000; ++i) Set(m, i, i);
  MapIter it;
  int seen = 0;
  for (MapIterInit(IntInt(), m, &it); MapIterNext(&it); ++seen) {
    MapClear(TestG(), IntInt(), m);
  }
  EXPECT_EQ(seen, 1);
}

// Random operations against the standard library's.
TEST(MapTest, RandomAgainstModel) {
  std::mt19937_64 random(2);
  for (int range : {10, 100, 3000, 100000}) {
    Map* m = MakeMap(TestG(), IntInt(), 0);
    std::unordered_map<int64_t, int64_t> model;
    for (int i = 0; i < 200000; ++i) {
      int64_t k = static_cast<int64_t>(random() % range);
      switch (random() % 8) {
        case 0:
        case 1:
        case 2:
          Set(m, k, i);
          model[k] = i;
          break;
        case 3:
        case 4:
          MapDelete64(TestG(), IntInt(), m, static_cast<uint64_t>(k));
          model.erase(k);
          break;
        default:
          auto found = model.find(k);
          ASSERT_EQ(Get(m, k), found == model.end() ? -1 : found->second);
      }
      ASSERT_EQ(m->count, static_cast<int64_t>(model.size()));
      if (i == 150000) {
        MapClear(TestG(), IntInt(), m);
        model.clear();
      }
    }
    Map* clone = MapClone(TestG(), IntInt(), m);
    EXPECT_EQ(clone->count, m->count);
    for (auto& [k, v] : model) ASSERT_EQ(Get(clone, k), v);
  }
}

// A queue: keys come and go, so that tombstones have to be dropped again and
// the map must not grow.
TEST(MapTest, QueueDoesNotGrow) {
  Map* m = MakeMap(TestG(), IntInt(), 0);
  for (int i = 0; i < 1000; ++i) Set(m, i, i);
  uint8_t depth = m->depth;
  for (int i = 1000; i < 500000; ++i) {
    Set(m, i, i);
    MapDelete64(TestG(), IntInt(), m, static_cast<uint64_t>(i - 1000));
  }
  EXPECT_EQ(m->count, 1000);
  EXPECT_LE(m->depth, depth + 2);
}

TEST(MapTest, ZeroSizeValues) {
  const TypeDesc* empty = test::Struct("struct {}", {}, kPlainEqual);
  const TypeDesc* type = MapOf(Int(), empty);
  Map* m = MakeMap(TestG(), type, 0);
  for (uint64_t i = 0; i < 3000; ++i) {
    ASSERT_NE(MapAssign64(TestG(), type, m, i), nullptr);
  }
  EXPECT_EQ(m->count, 3000);
  EXPECT_NE(MapAccess64(m, 7), nullptr);
  const TypeDesc* nothing = MapOf(empty, Int());
  Map* n = MakeMap(TestG(), nothing, 0);
  char key = 0;
  ASSERT_NE(MapAssign(TestG(), nothing, n, &key), nullptr);
  ASSERT_NE(MapAssign(TestG(), nothing, n, &key), nullptr);
  EXPECT_EQ(n->count, 1);
  const TypeDesc* both = MapOf(empty, empty);
  Map* b = MakeMap(TestG(), both, 0);
  ASSERT_NE(MapAssign(TestG(), both, b, &key), nullptr);
  EXPECT_EQ(b->count, 1);
  ASSERT_TRUE(MapDelete(TestG(), both, b, &key));
  EXPECT_EQ(b->count, 0);
}

TEST(MapTest, Descriptors) {
  const TypeDesc* type = MapOf(String(), Any());
  const MapInfo* info = GetMapInfo(type);
  EXPECT_EQ(info, GetMapInfo(type));
  EXPECT_EQ(info->key_kind, MapKeyKind::kString);
  EXPECT_EQ(info->slot_size, 32);
  EXPECT_EQ(info->group_size, 8u + 8 * 32);
  // Table of one group: two words, control word, then slots of a string and an
  // interface.
  const TypeDesc* table = info->tables[0];
  EXPECT_EQ(table->size, 16u + info->group_size);
  EXPECT_EQ(table->ptr_mask[0] & 0x7F, 0x08u);
  EXPECT_EQ(table->iface_mask[0] & 0x7F, 0x40u);
  EXPECT_NE(table->flags & kHasIfaceWords, 0);
  EXPECT_EQ(info->tables[7]->ptr_mask, nullptr);
  EXPECT_EQ(info->tables[7]->size, 16u + 128u * info->group_size);
  EXPECT_EQ(MapObjectType()->ptr_mask[0], 6u);
  EXPECT_EQ(MapIterType()->ptr_mask[0], kMapIterPointerMask);
}

TEST(MapDeathTest, RacesAreFatal) {
  Map* m = MakeMap(TestG(), IntInt(), 0);
  Set(m, 1, 1);
  m->flags |= kMapWriting;
  EXPECT_DEATH(MapAccess64(m, 1),
               "fatal error: concurrent map read and map write");
  EXPECT_DEATH(Set(m, 2, 2), "fatal error: concurrent map writes");
  MapIter it;
  EXPECT_DEATH(MapIterInit(IntInt(), m, &it),
               "fatal error: concurrent map iteration and map write");
  m->flags = 0;
  MapIterInit(IntInt(), m, &it);
  m->flags |= kMapWriting;
  EXPECT_DEATH(MapIterNext(&it),
               "fatal error: concurrent map iteration and map write");
}

}  // namespace
}  // namespace mgo::rt
