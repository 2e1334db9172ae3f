#include "runtime/object/equality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "runtime/object/string.h"
#include "runtime/object/test_env.h"
#include "runtime/object/test_types.h"

namespace mgo::rt {
namespace {

using test::Any;
using test::Eface;
using test::Float64;
using test::Int;
using test::IntSlice;
using test::String;

// Compares, expecting no panic.
template <typename T>
bool Same(const TypeDesc* type, const T& a, const T& b) {
  const TypeDesc* bad = nullptr;
  EqualResult r = Equal(type, &a, &b, &bad);
  EXPECT_NE(r, EqualResult::kUncomparable);
  uint64_t ha, hb;
  EXPECT_TRUE(Hash(type, &a, 17, &ha, &bad));
  EXPECT_TRUE(Hash(type, &b, 17, &hb, &bad));
  if (r == EqualResult::kEqual) {
    EXPECT_EQ(ha, hb);
  }
  return r == EqualResult::kEqual;
}

TEST(EqualityTest, Scalars) {
  EXPECT_TRUE(Same(Int(), int64_t{5}, int64_t{5}));
  EXPECT_FALSE(Same(Int(), int64_t{5}, int64_t{6}));
  EXPECT_TRUE(Same(Float64(), 0.0, -0.0));
  EXPECT_FALSE(Same(Float64(), double{NAN}, double{NAN}));
  EXPECT_TRUE(Same(test::Float32(), 0.0f, -0.0f));
  struct C {
    double re, im;
  };
  EXPECT_TRUE(Same(test::Complex128(), C{0.0, 1}, C{-0.0, 1}));
  EXPECT_FALSE(Same(test::Complex128(), C{0, 1}, C{0, 2}));
  EXPECT_FALSE(Same(test::Complex128(), C{NAN, 1}, C{NAN, 1}));
}

TEST(EqualityTest, Strings) {
  std::string a = "hello", b = "hello";
  EXPECT_TRUE(Same(String(), StaticString(a), StaticString(b)));
  EXPECT_FALSE(Same(String(), StaticString(a), StaticString("hellp")));
  EXPECT_FALSE(Same(String(), StaticString(a), StaticString("hell")));
  EXPECT_TRUE(Same(String(), GoString{nullptr, 0}, StaticString("")));
}

TEST(EqualityTest, HashOfBytesSeesEveryByte) {
  for (size_t size = 1; size < 80; ++size) {
    std::string s(size, 'a');
    uint64_t h = HashBytes(s.data(), size, 3);
    EXPECT_EQ(h, HashBytes(s.data(), size, 3));
    EXPECT_NE(h, HashBytes(s.data(), size, 4));
    EXPECT_NE(h, HashBytes(s.data(), size - 1, 3));
    for (size_t i = 0; i < size; ++i) {
      std::string t = s;
      t[i] = 'b';
      EXPECT_NE(h, HashBytes(t.data(), size, 3)) << size << " " << i;
    }
  }
}

TEST(EqualityTest, StructsSkipPaddingAndBlanks) {
  TypeDesc* type = test::Struct("main.S", {test::Int8(), Int(), Int()}, 0);
  const_cast<FieldDesc*>(type->fields)[2].name = "_";
  struct S {
    int8_t a;
    char padding[7];
    int64_t b, blank;
  };
  S x = {1, {1}, 2, 3}, y = {1, {9}, 2, 4}, z = {1, {1}, 5, 3};
  EXPECT_TRUE(Same(type, x, y));
  EXPECT_FALSE(Same(type, x, z));
}

TEST(EqualityTest, ArraysOfStrings) {
  const TypeDesc* type = test::Array("[2]string", String(), 2, 0);
  std::string copy = "two";
  GoString a[] = {StaticString("one"), StaticString("two")};
  GoString b[] = {StaticString("one"), StaticString(copy)};
  GoString c[] = {StaticString("one"), StaticString("three")};
  EXPECT_TRUE(Same(type, a, b));
  EXPECT_FALSE(Same(type, a, c));
}

TEST(EqualityTest, Interfaces) {
  GoString s = StaticString("x");
  std::string copy = "x";
  GoString t = StaticString(copy);
  EXPECT_TRUE(Same(Any(), GoIface{}, GoIface{}));
  EXPECT_TRUE(Same(Any(), Eface(String(), &s), Eface(String(), &t)));
  EXPECT_FALSE(Same(Any(), Eface(Int(), uint64_t{1}),
                    Eface(test::Uint8(), uint64_t{1})));
  EXPECT_FALSE(Same(Any(), Eface(Int(), uint64_t{1}), GoIface{}));
  double nan = NAN;
  uint64_t bits;
  std::memcpy(&bits, &nan, 8);
  EXPECT_FALSE(Same(Any(), Eface(Float64(), bits), Eface(Float64(), bits)));
  const TypeDesc* bad;
  int64_t one = 1;
  EXPECT_EQ(EqualIfaceValue(Eface(Int(), uint64_t{1}), Int(), &one, &bad),
            EqualResult::kEqual);
  EXPECT_EQ(EqualIfaceValue(GoIface{}, Int(), &one, &bad),
            EqualResult::kDifferent);
}

TEST(EqualityTest, Uncomparable) {
  GoSlice slice = {};
  GoIface a = Eface(IntSlice(), &slice);
  const TypeDesc* bad = nullptr;
  EXPECT_EQ(EqualIface(a, a, &bad), EqualResult::kUncomparable);
  EXPECT_EQ(bad, IntSlice());
  RaiseUncomparable(TestG(), bad);
  EXPECT_EQ(TakePanic(), "runtime error: comparing uncomparable type []int");
  EXPECT_EQ(EqualIface(a, Eface(Int(), uint64_t{1}), &bad),
            EqualResult::kDifferent);
  uint64_t hash;
  EXPECT_FALSE(Hash(Any(), &a, 1, &hash, &bad));
  RaiseUnhashable(TestG(), bad);
  EXPECT_EQ(TakePanic(), "runtime error: hash of unhashable type []int");
  // A difference found before the uncomparable part decides.
  const TypeDesc* pair = test::Struct("main.P", {Int(), Any()}, 0);
  struct P {
    int64_t n;
    GoIface v;
  };
  P x = {1, a}, y = {2, a}, z = {1, a};
  EXPECT_EQ(Equal(pair, &x, &y, &bad), EqualResult::kDifferent);
  EXPECT_EQ(Equal(pair, &x, &z, &bad), EqualResult::kUncomparable);
}

}  // namespace
}  // namespace mgo::rt
