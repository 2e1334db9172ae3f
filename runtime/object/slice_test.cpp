#include "runtime/object/slice.h"

#include <gtest/gtest.h>

#include <vector>

#include "runtime/object/test_env.h"
#include "runtime/object/test_types.h"

namespace mgo::rt {
namespace {

using test::Int;

// What Go 1.26 says: append of `extra` elements to a full slice of `old`.
struct Capacity {
  uint64_t elem_size;
  bool has_pointers;
  int64_t old, extra, cap;
};
constexpr Capacity kCapacities[] = {
    {1, 0, 8, 3, 16},
    {1, 0, 32, 100, 144},
    {1, 0, 255, 100, 512},
    {2, 0, 1, 100, 104},
    {2, 0, 127, 3, 256},
    {3, 0, 3, 3, 8},
    {3, 0, 100, 8, 213},
    {3, 0, 256, 257, 597},
    {4, 0, 31, 17, 64},
    {4, 0, 300, 2, 576},
    {4, 0, 800, 801, 1632},
    {5, 0, 10, 8, 22},
    {6, 0, 33, 8, 69},
    {6, 0, 255, 256, 512},
    {7, 0, 0, 2, 2},
    {7, 0, 50, 51, 109},
    {7, 0, 255, 2, 585},
    {7, 0, 848, 5, 1353},
    {8, 0, 0, 1, 1},
    {8, 0, 1, 1, 2},
    {8, 0, 2, 1, 4},
    {8, 0, 3, 1, 6},
    {8, 0, 4, 1, 8},
    {8, 0, 5, 1, 10},
    {8, 0, 7, 1, 14},
    {8, 0, 8, 1, 16},
    {8, 0, 10, 1, 20},
    {8, 0, 15, 1, 30},
    {8, 0, 16, 1, 32},
    {8, 0, 17, 1, 36},
    {8, 0, 31, 1, 64},
    {8, 0, 32, 1, 64},
    {8, 0, 33, 1, 72},
    {8, 0, 50, 1, 112},
    {8, 0, 64, 1, 128},
    {8, 0, 100, 1, 224},
    {8, 0, 127, 1, 256},
    {8, 0, 128, 1, 256},
    {8, 0, 128, 2, 256},
    {8, 0, 200, 1, 400},
    {8, 0, 255, 1, 512},
    {8, 0, 256, 1, 512},
    {8, 0, 256, 100, 512},
    {8, 0, 257, 1, 608},
    {8, 0, 300, 1, 608},
    {8, 0, 512, 1, 848},
    {8, 0, 513, 1, 848},
    {8, 0, 800, 1, 1216},
    {8, 0, 848, 1, 1280},
    {8, 0, 1000, 1, 1536},
    {8, 0, 1024, 1, 1536},
    {8, 0, 2000, 1, 2720},
    {8, 0, 4096, 1, 6144},
    {8, 1, 7, 2, 14},
    {8, 1, 10, 5, 20},
    {9, 0, 17, 17, 35},
    {10, 0, 1, 2, 3},
    {10, 0, 32, 2, 64},
    {12, 0, 17, 3, 34},
    {12, 0, 128, 17, 256},
    {12, 0, 257, 5, 544},
    {15, 0, 848, 8, 1271},
    {16, 0, 31, 3, 64},
    {16, 0, 127, 1, 256},
    {16, 1, 50, 17, 111},
    {16, 1, 127, 1, 255},
    {16, 1, 800, 5, 1279},
    {16, 1, 2000, 1, 3072},
    {20, 0, 1, 2, 3},
    {20, 0, 3, 100, 115},
    {20, 0, 800, 17, 1228},
    {24, 0, 257, 17, 565},
    {24, 1, 7, 8, 16},
    {24, 1, 31, 5, 63},
    {24, 1, 800, 1, 1194},
    {24, 1, 2000, 8, 2730},
    {28, 0, 4, 2, 8},
    {28, 0, 17, 1, 36},
    {28, 0, 32, 2, 64},
    {32, 0, 2, 5, 7},
    {32, 0, 31, 3, 64},
    {32, 0, 1024, 5, 1536},
    {32, 0, 1024, 100, 1536},
    {32, 0, 10000, 1, 12800},
    {32, 1, 33, 8, 71},
    {32, 1, 128, 8, 295},
    {32, 1, 5000, 3, 6656},
    {33, 0, 5, 17, 23},
    {33, 0, 10, 5, 21},
    {33, 0, 15, 16, 31},
    {40, 0, 5, 17, 22},
    {40, 0, 64, 65, 134},
    {40, 0, 300, 100, 614},
    {40, 1, 0, 8, 8},
    {40, 1, 50, 51, 102},
    {40, 1, 513, 1, 1024},
    {48, 0, 8, 2, 16},
    {48, 0, 8, 17, 26},
    {48, 0, 15, 100, 128},
    {48, 0, 128, 3, 256},
    {48, 0, 255, 3, 512},
    {48, 1, 64, 2, 135},
    {56, 0, 32, 33, 73},
    {56, 0, 128, 5, 256},
    {56, 0, 800, 3, 1316},
    {56, 0, 1024, 3, 1609},
    {56, 0, 5000, 8, 6582},
    {64, 0, 1, 2, 3},
    {64, 0, 2, 3, 5},
    {64, 0, 32, 33, 76},
    {64, 1, 4, 2, 8},
    {64, 1, 7, 2, 15},
    {64, 1, 31, 100, 147},
    {64, 1, 256, 1, 512},
    {72, 0, 513, 17, 910},
    {72, 0, 848, 2, 1365},
    {72, 1, 15, 16, 31},
    {72, 1, 33, 3, 67},
    {72, 1, 1024, 5, 1479},
    {80, 0, 1, 5, 6},
    {80, 0, 512, 8, 921},
    {80, 0, 10000, 100, 12697},
    {80, 1, 2, 100, 102},
    {80, 1, 8, 5, 17},
    {96, 0, 5, 17, 24},
    {96, 0, 15, 17, 32},
    {96, 0, 10000, 3, 12714},
    {96, 1, 127, 3, 255},
    {96, 1, 300, 100, 597},
    {100, 0, 4, 5, 10},
    {104, 1, 2000, 2001, 4017},
    {128, 1, 1000, 17, 1472},
    {128, 1, 1024, 1025, 2112},
    {128, 1, 4096, 8, 5312},
    {136, 0, 127, 128, 301},
    {136, 1, 7, 3, 15},
    {136, 1, 5000, 1, 6445},
    {200, 0, 128, 17, 286},
    {200, 0, 255, 17, 532},
    {200, 0, 2000, 100, 2703},
    {200, 0, 5000, 1, 6471},
    {200, 1, 0, 17, 17},
    {200, 1, 31, 1, 67},
    {200, 1, 513, 2, 860},
    {200, 1, 1024, 3, 1474},
    {256, 0, 1, 8, 9},
    {256, 0, 4, 5, 9},
    {256, 0, 257, 1, 544},
    {256, 0, 513, 1, 864},
    {256, 1, 5, 5, 10},
    {256, 1, 4096, 1, 5312},
    {300, 0, 256, 3, 518},
    {304, 1, 4, 1, 8},
    {304, 1, 5, 6, 11},
    {304, 1, 64, 5, 134},
    {304, 1, 10000, 3, 12692},
    {512, 0, 1000, 2, 1456},
    {512, 1, 255, 8, 512},
    {520, 0, 0, 1, 1},
    {520, 0, 64, 8, 141},
    {520, 1, 16, 1, 35},
    {1000, 0, 255, 17, 516},
    {1000, 0, 848, 100, 1253},
    {1000, 1, 1000, 1, 1449},
    {1000, 1, 1024, 17, 1474},
    {1024, 0, 16, 3, 32},
    {1024, 0, 33, 8, 72},
    {1024, 0, 513, 8, 840},
    {2000, 0, 3, 1, 6},
    {2000, 0, 256, 5, 512},
    {2000, 0, 256, 100, 512},
    {2000, 1, 0, 100, 102},
    {2000, 1, 17, 1, 36},
    {2000, 1, 4096, 4097, 8196},
    {3000, 0, 2, 17, 19},
    {3000, 0, 5, 3, 10},
    {3000, 0, 50, 8, 101},
    {3000, 0, 200, 5, 401},
    {3000, 0, 1000, 2, 1444},
    {4096, 0, 1, 3, 4},
    {4096, 0, 5, 1, 10},
    {4096, 1, 7, 8, 16},
    {4096, 1, 33, 2, 66},
    {5000, 1, 5, 8, 13},
    {5000, 1, 300, 1, 568},
    {5000, 1, 1000, 100, 1443},
    {10000, 0, 0, 1, 1},
    {10000, 0, 16, 17, 33},
    {10000, 1, 64, 65, 129},
    {33000, 0, 0, 3, 3},
    {33000, 0, 3, 1, 6},
    {33000, 0, 15, 16, 31},
    {33000, 0, 32, 8, 64},
};

TEST(SliceTest, CapacitiesAreGos) {
  for (const Capacity& c : kCapacities) {
    EXPECT_EQ(GrowCapacity(c.old + c.extra, c.old, c.elem_size, c.has_pointers),
              c.cap)
        << c.elem_size << " " << c.has_pointers << " " << c.old << " "
        << c.extra;
  }
}

TEST(SliceTest, AppendOneByOne) {
  GoSlice s = {};
  for (int64_t i = 0; i < 1000; ++i) {
    if (s.len == s.cap) {
      ASSERT_TRUE(GrowSlice(TestG(), &s, 1, Int()));
    }
    reinterpret_cast<int64_t*>(s.ptr)[s.len++] = i;
  }
  EXPECT_EQ(s.cap, 1280);
  for (int64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(reinterpret_cast<int64_t*>(s.ptr)[i], i);
  }
  for (int64_t i = 1000; i < s.cap; ++i) {
    ASSERT_EQ(reinterpret_cast<int64_t*>(s.ptr)[i], 0);
  }
}

TEST(SliceTest, AppendSliceAndString) {
  GoSlice s = {};
  int64_t more[] = {1, 2, 3, 4, 5};
  GoSlice tail = {reinterpret_cast<uint8_t*>(more), 5, 5};
  ASSERT_TRUE(AppendSlice(TestG(), &s, tail, Int()));
  EXPECT_EQ(s.len, 5);
  EXPECT_EQ(s.cap, 6);
  ASSERT_TRUE(AppendSlice(TestG(), &s, s, Int()));
  EXPECT_EQ(s.len, 10);
  EXPECT_EQ(reinterpret_cast<int64_t*>(s.ptr)[9], 5);
  GoSlice nothing = {};
  ASSERT_TRUE(AppendSlice(TestG(), &nothing, GoSlice{}, Int()));
  EXPECT_EQ(nothing.ptr, nullptr);
  GoSlice b = {};
  GoString text = {reinterpret_cast<const uint8_t*>("hello"), 5};
  ASSERT_TRUE(AppendString(TestG(), &b, text, test::Uint8()));
  EXPECT_EQ(b.len, 5);
  EXPECT_EQ(b.cap, 8);
}

TEST(SliceTest, PointersAreCopied) {
  int64_t x = 0;
  void* p[] = {&x, nullptr, &x};
  GoSlice tail = {reinterpret_cast<uint8_t*>(p), 3, 3};
  GoSlice s = {};
  ASSERT_TRUE(AppendSlice(TestG(), &s, tail, test::Pointer()));
  EXPECT_EQ(s.cap, 3);
  EXPECT_EQ(reinterpret_cast<void**>(s.ptr)[2], &x);
  ClearSlice(s, test::Pointer());
  EXPECT_EQ(reinterpret_cast<void**>(s.ptr)[2], nullptr);
}

TEST(SliceTest, CopyOverlaps) {
  int64_t v[] = {1, 2, 3, 4, 5};
  GoSlice s = {reinterpret_cast<uint8_t*>(v), 5, 5};
  GoSlice shifted = SliceSlice(s, 1, 5, 5, 8);
  EXPECT_EQ(CopySlice(shifted, s, Int()), 4);
  EXPECT_EQ(v[1], 1);
  EXPECT_EQ(v[4], 4);
  EXPECT_EQ(CopySlice(s, shifted, Int()), 4);
  EXPECT_EQ(v[0], 1);
  EXPECT_EQ(v[3], 4);
  EXPECT_EQ(CopySlice(s, GoSlice{}, Int()), 0);
  uint8_t bytes[4] = {};
  GoSlice b = {bytes, 4, 4};
  EXPECT_EQ(CopyString(b, {reinterpret_cast<const uint8_t*>("abcdef"), 6}), 4);
  EXPECT_EQ(bytes[3], 'd');
}

TEST(SliceTest, EmptySliceKeepsItsStart) {
  int64_t v[4] = {};
  GoSlice s = {reinterpret_cast<uint8_t*>(v), 4, 4};
  EXPECT_EQ(SliceSlice(s, 4, 4, 4, 8).ptr, s.ptr);
  EXPECT_EQ(SliceSlice(s, 2, 2, 4, 8).ptr, s.ptr + 16);
}

TEST(SliceTest, MakeSliceChecks) {
  GoSlice s;
  ASSERT_TRUE(MakeSlice(TestG(), Int(), 3, 5, &s));
  EXPECT_EQ(s.len, 3);
  EXPECT_EQ(s.cap, 5);
  EXPECT_EQ(reinterpret_cast<int64_t*>(s.ptr)[4], 0);
  ASSERT_TRUE(MakeSlice(TestG(), Int(), 0, 0, &s));
  EXPECT_NE(s.ptr, nullptr);
  const char* len_error = "runtime error: makeslice: len out of range";
  const char* cap_error = "runtime error: makeslice: cap out of range";
  EXPECT_FALSE(MakeSlice(TestG(), Int(), -1, -1, &s));
  EXPECT_EQ(TakePanic(), len_error);
  EXPECT_FALSE(
      MakeSlice(TestG(), Int(), int64_t{1} << 60, int64_t{1} << 60, &s));
  EXPECT_EQ(TakePanic(), len_error);
  EXPECT_FALSE(MakeSlice(TestG(), Int(), 2, 1, &s));
  EXPECT_EQ(TakePanic(), cap_error);
  EXPECT_FALSE(MakeSlice(TestG(), Int(), 1, -1, &s));
  EXPECT_EQ(TakePanic(), cap_error);
  EXPECT_FALSE(MakeSlice(TestG(), Int(), 1, int64_t{1} << 60, &s));
  EXPECT_EQ(TakePanic(), cap_error);
}

TEST(SliceTest, GrowTooFar) {
  const TypeDesc* empty = test::Struct("struct {}", {}, kPlainEqual);
  GoSlice s = {nullptr, int64_t{1} << 62, int64_t{1} << 62};
  EXPECT_FALSE(GrowSlice(TestG(), &s, int64_t{1} << 62, empty));
  EXPECT_EQ(TakePanic(), "runtime error: growslice: len out of range");
  s.len = s.cap = 10;
  ASSERT_TRUE(GrowSlice(TestG(), &s, 5, empty));
  EXPECT_EQ(s.cap, 15);
}

}  // namespace
}  // namespace mgo::rt
