#include "lang/types/assignable.h"

#include <gtest/gtest.h>

#include "lang/types/type_test_support.h"

namespace mgo::types {
namespace {

using syntax::ChanDir;

class AssignableTest : public TypeTest {
 protected:
  AssignableTest() {
    m_int_ = InterfaceOf({{"M", Func({}, {Of("int")})}});
    i_ = NamedOf("I", m_int_);
  }
  // The cause of a refusal, "ok" when assignable.
  std::string Assign(const Type* from, const Type* to,
                     const Constant* value = nullptr) {
    std::string cause;
    return AssignableTo(Context(), from, value, to, &cause) ? "ok" : cause;
  }
  bool Convert(const Type* from, const Type* to) {
    return ConvertibleTo(Context(), from, to, nullptr);
  }
  std::string Satisfy(const Type* arg, const Type* constraint) {
    std::string cause;
    return Satisfies(Context(), arg, constraint, &cause) ? "ok" : cause;
  }
  Representation Rep(const Constant* x, BasicKind from, const char* to) {
    rounded_ = nullptr;
    return Represent(constants_, x, universe_.Of(from), Of(to), &rounded_);
  }
  const Constant* Float(const char* text) {
    return constants_.FromLiteral(syntax::LitKind::kFloat, text);
  }

  Interface* m_int_;
  Named* i_;  // type I interface { M() int }
  const Constant* rounded_ = nullptr;
};

TEST_F(AssignableTest, Representable) {
  constexpr auto kInt = BasicKind::kUntypedInt;
  constexpr auto kFloat = BasicKind::kUntypedFloat;
  constexpr auto kOk = Representation::kOk;
  constexpr auto kOverflow = Representation::kOverflow;
  constexpr auto kTruncated = Representation::kTruncated;
  EXPECT_EQ(Rep(constants_.Int(255), kInt, "byte"), kOk);
  EXPECT_EQ(Rep(constants_.Int(256), kInt, "byte"), kOverflow);
  EXPECT_EQ(Rep(constants_.Int(-1), kInt, "uint64"), kOverflow);
  EXPECT_EQ(Rep(constants_.Int(-128), kInt, "int8"), kOk);
  EXPECT_EQ(Rep(constants_.Int(128), kInt, "int8"), kOverflow);
  EXPECT_EQ(Rep(constants_.Uint(UINT64_MAX), kInt, "uint64"), kOk);
  EXPECT_EQ(Rep(constants_.Uint(UINT64_MAX), kInt, "int64"), kOverflow);
  EXPECT_EQ(Rep(Float("1.5"), kFloat, "int"), kTruncated);
  EXPECT_EQ(Rep(Float("2.0"), kFloat, "int"), kOk);
  EXPECT_EQ(rounded_->Kind(), ConstKind::kInt);
  EXPECT_EQ(Rep(Float("1e40"), kFloat, "float32"), kOverflow);
  EXPECT_EQ(Rep(Float("0.1"), kFloat, "float32"), kOk);
  EXPECT_EQ(rounded_->Float64Value(), static_cast<double>(0.1f));
  EXPECT_EQ(Rep(Float("1e-400"), kFloat, "float64"), kOk);
  EXPECT_EQ(rounded_->Sign(), 0);
  EXPECT_EQ(Rep(constants_.Int(1), kInt, "float64"), kOk);
  EXPECT_EQ(rounded_->Kind(), ConstKind::kFloat);
  EXPECT_EQ(Rep(constants_.Complex(Float("1.0"), Float("0.0")),
                BasicKind::kUntypedComplex, "int"),
            kOk);
  EXPECT_EQ(Rep(constants_.Complex(Float("1.0"), Float("1.0")),
                BasicKind::kUntypedComplex, "float64"),
            kOverflow);
  EXPECT_EQ(Rep(constants_.String("x"), BasicKind::kUntypedString, "int"),
            Representation::kMismatch);
  EXPECT_EQ(Rep(constants_.Int(1), kInt, "string"), Representation::kMismatch);
  EXPECT_EQ(Rep(constants_.Bool(true), BasicKind::kUntypedBool, "bool"), kOk);
}

TEST_F(AssignableTest, ConvertsConstants) {
  const Constant* result;
  const Type* untyped = universe_.Of(BasicKind::kUntypedInt);
  ASSERT_TRUE(ConvertConstant(Context(), constants_.Int(0x65e5), untyped,
                              Of("string"), &result));
  EXPECT_EQ(result->StringValue(), "\xe6\x97\xa5");
  ASSERT_TRUE(ConvertConstant(Context(), constants_.Int(-1), untyped,
                              Of("string"), &result));
  EXPECT_EQ(result->StringValue(), "\xef\xbf\xbd");
  EXPECT_FALSE(ConvertConstant(Context(), constants_.Int(300), untyped,
                               Of("byte"), &result));
}

TEST_F(AssignableTest, TypedValues) {
  const Type *i = Of("int"), *s = Of("string");
  Named* my = NamedOf("MyInt", i);
  Named* ints = NamedOf("Ints", SliceOf(i));
  EXPECT_EQ(Assign(i, i), "ok");
  EXPECT_EQ(Assign(i, my), "");
  EXPECT_EQ(Assign(SliceOf(i), ints), "ok");
  EXPECT_EQ(Assign(ints, SliceOf(i)), "ok");
  EXPECT_EQ(Assign(ints, NamedOf("Other", SliceOf(i))), "");
  EXPECT_EQ(Assign(i, Of("any")), "ok");
  EXPECT_EQ(Assign(Of("any"), i), "need type assertion");
  const Type* both = ChanOf(ChanDir::kBoth, s);
  EXPECT_EQ(Assign(both, ChanOf(ChanDir::kRecv, s)), "ok");
  EXPECT_EQ(Assign(ChanOf(ChanDir::kRecv, s), both), "");
  EXPECT_EQ(Assign(NamedOf("C", both), NamedOf("D", both)), "");
}

TEST_F(AssignableTest, UntypedValues) {
  auto untyped = [&](BasicKind kind) { return universe_.Of(kind); };
  const Type* nil = untyped(BasicKind::kUntypedNil);
  EXPECT_EQ(Assign(nil, SliceOf(Of("int"))), "ok");
  EXPECT_EQ(Assign(nil, Of("error")), "ok");
  EXPECT_EQ(Assign(nil, Of("int")), "");
  const Type* boolean = untyped(BasicKind::kUntypedBool);
  EXPECT_EQ(Assign(boolean, NamedOf("B", Of("bool"))), "ok");
  EXPECT_EQ(Assign(boolean, Of("int")), "");
  const Type* integer = untyped(BasicKind::kUntypedInt);
  EXPECT_EQ(Assign(integer, Of("float64"), constants_.Int(1)), "ok");
  EXPECT_EQ(Assign(integer, Of("int8"), constants_.Int(1000)), "");
  EXPECT_EQ(Assign(integer, Of("any"), constants_.Int(1)), "ok");
  EXPECT_EQ(Assign(integer, i_, constants_.Int(1)),
            "int does not implement I (missing method M)");
}

// The causes are what Go prints for the same declarations.
TEST_F(AssignableTest, Interfaces) {
  Named* wrong = NamedOf("W", StructOf({}));
  Method(wrong, "M", Func({}, {}), false);
  EXPECT_EQ(Assign(wrong, i_),
            "W does not implement I (wrong type for method M)\n"
            "\t\thave M()\n\t\twant M() int");
  Named* pointer = NamedOf("P", StructOf({}));
  Method(pointer, "M", Func({}, {Of("int")}), true);
  EXPECT_EQ(Assign(pointer, i_),
            "P does not implement I (method M has pointer receiver)");
  EXPECT_EQ(Assign(Ptr(pointer), i_), "ok");
  Named* lower = NamedOf("L", StructOf({}));
  Method(lower, "m", Func({}, {Of("int")}), false);
  EXPECT_EQ(Assign(lower, i_),
            "L does not implement I (missing method M)\n"
            "\t\thave m() int\n\t\twant M() int");
  Named* field = NamedOf("F", StructOf({Field("M", Of("int"))}));
  EXPECT_EQ(Assign(field, i_),
            "F does not implement I (F.M is a field, not a method)");
  EXPECT_EQ(Assign(Ptr(field), i_),
            "*F does not implement I (*F.M is a field, not a method)");
  Named* a = NamedOf("A", StructOf({}));
  Named* b = NamedOf("B", StructOf({}));
  Method(a, "M", Func({}, {Of("int")}), false);
  Method(b, "M", Func({}, {Of("int")}), false);
  Named* ambiguous =
      NamedOf("Amb", StructOf({Field("A", a, true), Field("B", b, true)}));
  EXPECT_EQ(Assign(ambiguous, i_),
            "Amb does not implement I (ambiguous selector Amb.M)");
  EXPECT_EQ(Assign(i_, a), "need type assertion");
  EXPECT_EQ(Assign(Ptr(i_), i_),
            "*I does not implement I (type *I is pointer to interface, not "
            "interface)");
  EXPECT_EQ(Assign(a, Ptr(i_)),
            "A does not implement *I (type *I is pointer to interface, not "
            "interface)");
  Named* k = NamedOf("K", InterfaceOf({{"N", Func({}, {})}}, {i_}));
  EXPECT_EQ(Assign(k, i_), "ok");
  EXPECT_EQ(Assign(i_, k), "I does not implement K (missing method N)");
}

TEST_F(AssignableTest, Assertions) {
  std::string cause;
  Named* w = NamedOf("W", StructOf({}));
  EXPECT_FALSE(AssertableTo(Context(), i_, w, &cause));
  EXPECT_EQ(cause, "(missing method M)");
  EXPECT_TRUE(AssertableTo(Context(), i_, Of("error"), &cause));
  EXPECT_TRUE(AssertableTo(Context(), Of("any"), w, &cause));
}

TEST_F(AssignableTest, Conversions) {
  const Type *i = Of("int"), *s = Of("string");
  EXPECT_TRUE(Convert(i, Of("float32")));
  EXPECT_TRUE(Convert(Of("float64"), Of("uint8")));
  EXPECT_FALSE(Convert(i, Of("complex128")));
  EXPECT_FALSE(Convert(i, Of("bool")));
  EXPECT_TRUE(Convert(i, s));
  EXPECT_FALSE(Convert(Of("float64"), s));
  EXPECT_TRUE(Convert(s, SliceOf(Of("byte"))));
  EXPECT_TRUE(Convert(SliceOf(Of("rune")), NamedOf("S", s)));
  EXPECT_FALSE(Convert(s, SliceOf(i)));
  const Type* tagged = StructOf({Field("a", i)}, {"x"});
  const Type* untagged = StructOf({Field("a", i)});
  EXPECT_TRUE(Convert(tagged, NamedOf("T", untagged)));
  EXPECT_TRUE(Convert(Ptr(NamedOf("T", untagged)), Ptr(tagged)));
  EXPECT_TRUE(Convert(SliceOf(i), ArrayOf(4, i)));
  EXPECT_TRUE(Convert(SliceOf(i), Ptr(ArrayOf(4, i))));
  EXPECT_FALSE(Convert(SliceOf(i), ArrayOf(4, s)));
  EXPECT_FALSE(Convert(ArrayOf(4, i), SliceOf(i)));
  const Type* unsafe = universe_.Of(BasicKind::kUnsafePointer);
  EXPECT_TRUE(Convert(Ptr(i), unsafe));
  EXPECT_TRUE(Convert(unsafe, Of("uintptr")));
  EXPECT_FALSE(Convert(unsafe, i));
}

TEST_F(AssignableTest, Constraints) {
  const Type *i = Of("int"), *f64 = Of("float64");
  Named* floats =
      NamedOf("Float",
              InterfaceOf({}, {UnionOf({{true, Of("float32")}, {true, f64}})}));
  Named* ints = NamedOf(
      "Int", InterfaceOf({}, {UnionOf({{false, i}, {false, Of("string")}})}));
  Named* my = NamedOf("MyInt", i);
  EXPECT_EQ(Satisfy(f64, floats), "ok");
  EXPECT_EQ(Satisfy(NamedOf("F", f64), floats), "ok");
  EXPECT_EQ(Satisfy(i, floats),
            "int does not satisfy Float (int missing in ~float32 | ~float64)");
  EXPECT_EQ(Satisfy(my, ints),
            "MyInt does not satisfy Int (possibly missing ~ for int in Int)");
  EXPECT_EQ(Satisfy(i_, ints), "I does not satisfy Int");
  EXPECT_EQ(Satisfy(SliceOf(i), Of("comparable")),
            "[]int does not satisfy comparable");
  EXPECT_EQ(Satisfy(Of("any"), Of("comparable")), "ok");
  EXPECT_EQ(Satisfy(i, InterfaceOf({}, {i, Of("string")})),
            "cannot satisfy interface{int; string} (empty type set)");
  const TypeParam* t = Param("T", 0, ints);
  EXPECT_EQ(Satisfy(t, ints), "ok");
  EXPECT_EQ(Satisfy(t, floats), "T does not satisfy Float");
  EXPECT_EQ(Satisfy(t, Of("comparable")), "ok");
  EXPECT_EQ(Satisfy(Param("U", 0, Of("any")), Of("comparable")),
            "U does not satisfy comparable");
}

TEST_F(AssignableTest, TypeParameters) {
  const Type *i = Of("int"), *f64 = Of("float64"), *s = Of("string");
  auto param = [&](const char* name, const Type* a, const Type* b) {
    return Param(name, 0, InterfaceOf({}, {UnionOf({{false, a}, {false, b}})}));
  };
  const TypeParam* t = param("T", i, s);
  const TypeParam* v = param("V", i, f64);
  const Type* untyped = universe_.Of(BasicKind::kUntypedInt);
  EXPECT_EQ(Assign(untyped, v, constants_.Int(3)), "ok");
  EXPECT_EQ(Assign(untyped, t, constants_.Int(3)), "");
  EXPECT_EQ(Assign(NamedOf("M", i), v), "");
  EXPECT_TRUE(Convert(NamedOf("M", i), v));
  EXPECT_TRUE(Convert(v, i));
  std::string cause;
  EXPECT_FALSE(ConvertibleTo(Context(), v, t, &cause));
  EXPECT_EQ(cause, "cannot convert float64 (in V) to type string (in T)");
  EXPECT_FALSE(ConvertibleTo(Context(), v, s, &cause));
  EXPECT_EQ(cause, "cannot convert float64 (in V) to type string");
  EXPECT_FALSE(ConvertibleTo(Context(), t, i, &cause));
  EXPECT_EQ(cause, "cannot convert string (in T) to type int");
}

}  // namespace
}  // namespace mgo::types
