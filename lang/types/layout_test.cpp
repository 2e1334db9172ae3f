#include <gtest/gtest.h>

#include "lang/types/type_test_support.h"

namespace mgo::types {
namespace {

// Sizes, alignments and offsets are what unsafe.Sizeof and so on give on amd64.
TEST_F(TypeTest, Sizes) {
  const struct {
    const char* name;
    int64_t size, align;
  } kBasics[] = {
      {"bool", 1, 1},        {"int8", 1, 1},    {"uint16", 2, 2},
      {"int32", 4, 4},       {"float32", 4, 4}, {"int", 8, 8},
      {"uintptr", 8, 8},     {"float64", 8, 8}, {"complex64", 8, 4},
      {"complex128", 16, 8}, {"string", 16, 8}, {"error", 16, 8},
      {"any", 16, 8},
  };
  for (const auto& basic : kBasics) {
    SCOPED_TRACE(basic.name);
    EXPECT_EQ(SizeOf(Of(basic.name)), basic.size);
    EXPECT_EQ(AlignOf(Of(basic.name)), basic.align);
  }
  const Type* i = Of("int");
  EXPECT_EQ(SizeOf(SliceOf(i)), 24);
  EXPECT_EQ(SizeOf(Ptr(i)), 8);
  EXPECT_EQ(SizeOf(MapOf(i, i)), 8);
  EXPECT_EQ(SizeOf(ChanOf(syntax::ChanDir::kBoth, i)), 8);
  EXPECT_EQ(SizeOf(Func({}, {})), 8);
  EXPECT_EQ(SizeOf(ArrayOf(3, Of("int16"))), 6);
  EXPECT_EQ(SizeOf(ArrayOf(0, i)), 0);
  EXPECT_EQ(AlignOf(ArrayOf(0, i)), 8);
  EXPECT_EQ(SizeOf(StructOf({})), 0);
  EXPECT_EQ(AlignOf(StructOf({})), 1);
}

TEST_F(TypeTest, Structs) {
  const Struct* s = StructOf({Field("a", Of("bool")), Field("b", Of("int64")),
                              Field("c", Of("int16")), Field("d", Of("int8"))});
  EXPECT_EQ(SizeOf(s), 24);
  EXPECT_EQ(OffsetsOf(s), (llvm::SmallVector<int64_t, 8>{0, 8, 16, 18}));
  // A last field of size zero gets a byte of its own.
  const Type* empty = StructOf({});
  EXPECT_EQ(SizeOf(StructOf({Field("a", Of("int32")), Field("e", empty)})), 8);
  EXPECT_EQ(SizeOf(StructOf({Field("e", empty), Field("a", Of("int32"))})), 4);
  EXPECT_EQ(SizeOf(StructOf({Field("e", empty), Field("f", empty)})), 0);
}

TEST_F(TypeTest, TooLarge) {
  const Type* large = ArrayOf(int64_t{1} << 40, Of("int"));
  EXPECT_EQ(SizeOf(ArrayOf(int64_t{1} << 40, large)), -1);
  EXPECT_EQ(SizeOf(StructOf({Field("a", ArrayOf(1 << 20, large))})), -1);
  EXPECT_EQ(SizeOf(ArrayOf(INT64_MAX, StructOf({}))), 0);
}

// A nest of doubling structs is measured in linear time.
TEST_F(TypeTest, DeepNest) {
  const Type* t = Of("int8");
  for (int i = 0; i < 48; i++) {
    t = NamedOf("T", StructOf({Field("a", t), Field("b", t)}));
  }
  EXPECT_EQ(SizeOf(t), int64_t{1} << 48);
  EXPECT_FALSE(HasPointers(t));
  EXPECT_TRUE(Comparable(t, true, nullptr));
}

TEST_F(TypeTest, Slots) {
  EXPECT_EQ(SlotsOf(Of("bool")), 1);
  EXPECT_EQ(SlotsOf(Of("string")), 2);
  EXPECT_EQ(SlotsOf(SliceOf(Of("int"))), 3);
  EXPECT_EQ(SlotsOf(Of("any")), 2);
  EXPECT_EQ(SlotsOf(Of("complex64")), 1);
  EXPECT_EQ(SlotsOf(Of("complex128")), 2);
  EXPECT_EQ(SlotsOf(StructOf({})), 0);
  EXPECT_EQ(SlotsOf(ArrayOf(9, Of("byte"))), 2);
  EXPECT_EQ(SlotsOf(Unnamed({Of("int"), Of("string"), Of("bool")})), 4);
}

TEST_F(TypeTest, Pointers) {
  EXPECT_FALSE(HasPointers(Of("int")));
  EXPECT_TRUE(HasPointers(Of("string")));
  EXPECT_TRUE(HasPointers(Of("any")));
  EXPECT_FALSE(HasPointers(ArrayOf(0, Of("string"))));
  EXPECT_FALSE(HasPointers(StructOf({Field("a", ArrayOf(4, Of("int")))})));
  EXPECT_TRUE(
      HasPointers(StructOf({Field("a", Of("int")), Field("f", Func({}, {}))})));
}

}  // namespace
}  // namespace mgo::types
