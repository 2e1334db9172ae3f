#include "cmd/mgo/build_constraint.h"

#include <gtest/gtest.h>

namespace mgo::cmd {
namespace {

TEST(BuildConstraint, FileNames) {
  for (const char* name :
       {"x.go", "windows.go", "x_linux.go", "x_amd64.go", "x_linux_amd64.mgo",
        "x_unix.go", "windows_x.go", "x_windows_y.go", "arm.go", "_linux.go"}) {
    EXPECT_TRUE(FileNameMatches(name)) << name;
  }
  for (const char* name :
       {"x_windows.go", "x_arm64.mgo", "x_darwin_amd64.go", "x_linux_arm.go",
        "a_b_plan9.go", "x_windows.x.go"}) {
    EXPECT_FALSE(FileNameMatches(name)) << name;
  }
}

// What a constraint comes to: "yes", "no" or its error.
std::string Holds(const std::string& text) {
  std::string error;
  bool holds = ConstraintHolds(text, &error);
  return !error.empty() ? error : holds ? "yes" : "no";
}

TEST(BuildConstraint, Lines) {
  EXPECT_EQ(Holds("package p"), "yes");
  EXPECT_EQ(Holds("//go:build linux\n\npackage p"), "yes");
  EXPECT_EQ(Holds("// about\n\n//go:build ignore\n\npackage p"), "no");
  EXPECT_EQ(Holds("/* a\n b */\n//go:build !linux\npackage p"), "no");
  EXPECT_EQ(Holds("package p\n//go:build ignore\n"), "yes");
  EXPECT_EQ(Holds("//go:builder ignore\npackage p"), "yes");
  EXPECT_EQ(Holds(""), "yes");
}

TEST(BuildConstraint, Expressions) {
  auto holds = [](const std::string& e) { return Holds("//go:build " + e); };
  EXPECT_EQ(holds("windows || amd64"), "yes");
  EXPECT_EQ(holds("windows || linux && arm64"), "no");
  EXPECT_EQ(holds("(windows || linux) && !(arm64 || cgo)"), "yes");
  EXPECT_EQ(holds("go1.1 && go1.26 && gc && unix"), "yes");
  EXPECT_EQ(holds("go1.27"), "no");
  EXPECT_EQ(holds("!!linux"), "yes");
  EXPECT_EQ(holds("linux windows"), "unexpected token w");
  EXPECT_EQ(holds("(linux"), "missing close paren");
  EXPECT_EQ(holds("linux &&"), "unexpected end of expression");
  EXPECT_EQ(holds(""), "unexpected end of expression");
  EXPECT_EQ(holds(std::string(100000, '!') + "a"),
            "expression nests too deeply");
}

}  // namespace
}  // namespace mgo::cmd
