#include "runtime/object/print.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/object/string.h"
#include "runtime/object/test_types.h"

namespace mgo::rt {
namespace {

std::string Float(double v) {
  PrintBuffer b;
  b.Float(v);
  return b.text;
}
std::string Complex(double re, double im) {
  PrintBuffer b;
  b.Complex(re, im);
  return b.text;
}

TEST(PrintTest, Floats) {
  EXPECT_EQ(Float(1.5), "1.5");
  EXPECT_EQ(Float(0), "0");
  EXPECT_EQ(Float(-0.0), "-0");
  EXPECT_EQ(Float(NAN), "NaN");
  EXPECT_EQ(Float(-NAN), "NaN");
  EXPECT_EQ(Float(INFINITY), "+Inf");
  EXPECT_EQ(Float(-INFINITY), "-Inf");
  EXPECT_EQ(Float(1e100), "1e+100");
  EXPECT_EQ(Float(100000), "100000");
  EXPECT_EQ(Float(100000.5), "100000.5");
  EXPECT_EQ(Float(1e6), "1e+06");
  EXPECT_EQ(Float(1234567), "1.234567e+06");
  EXPECT_EQ(Float(0.0001), "0.0001");
  EXPECT_EQ(Float(0.00001), "1e-05");
  EXPECT_EQ(Float(5e-324), "5e-324");
  EXPECT_EQ(Float(std::numeric_limits<double>::max()),
            "1.7976931348623157e+308");
  PrintBuffer b;
  b.Float32(0.1f);
  b.Text(" ");
  b.Float32(16777216);
  EXPECT_EQ(b.text, "0.1 1.6777216e+07");
}

TEST(PrintTest, ComplexNumbers) {
  EXPECT_EQ(Complex(1, -2), "(1-2i)");
  EXPECT_EQ(Complex(1e6, -0.00001), "(1e+06-1e-05i)");
  EXPECT_EQ(Complex(INFINITY, -INFINITY), "(+Inf-Infi)");
  EXPECT_EQ(Complex(-NAN, -NAN), "(NaN+NaNi)");
  EXPECT_EQ(Complex(1, INFINITY), "(1+Infi)");
}

TEST(PrintTest, Values) {
  PrintBuffer b;
  int8_t i8 = -5;
  b.Value(test::Int8(), &i8);
  b.Text(" ");
  GoSlice s = {nullptr, 2, 3};
  b.Value(test::IntSlice(), &s);
  b.Text(" ");
  GoIface nil = {};
  b.Value(test::Any(), &nil);
  b.Text(" ");
  void* p = reinterpret_cast<void*>(0xc0de);
  b.Value(test::Pointer(), &p);
  b.Text(" ");
  GoString text = StaticString("text");
  b.Value(test::String(), &text);
  EXPECT_EQ(b.text, "-5 [2/3]0x0 (0x0,0x0) 0xc0de text");
}

TEST(PrintTest, Line) {
  ::testing::internal::CaptureStderr();
  int64_t one = 1, two = 2;
  const TypeDesc* types[] = {test::Int(), test::Int()};
  const void* values[] = {&one, &two};
  PrintValues(types, values, 2, true);
  PrintValues(types, values, 2, false);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "1 2\n12");
}

}  // namespace
}  // namespace mgo::rt
