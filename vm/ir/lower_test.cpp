// Golden tests of lowering: small functions and the IR that they become.
#include "vm/ir/lower.h"

#include <gtest/gtest.h>

#include "lang/types/test_importer.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/ir/dump.h"
#include "vm/ir/verify.h"

namespace mgo::ir {
namespace {

// The IR of function `name` of a program with these declarations.
std::string Lower(const std::string& declarations, llvm::StringRef name) {
  types::TestLoader loader("stdlib");
  types::Package* main =
      loader.Check({{"t.go", "package main\n" + declarations}});
  std::string text;
  llvm::raw_string_ostream out(text);
  if (main == nullptr || loader.sink.HasErrors()) {
    diag::Print(loader.sink, loader.world.sources, out);
    return text;
  }
  auto program = LowerProgram(loader.world, *main, loader.sink);
  for (const auto& f : program->functions) {
    EXPECT_EQ(VerifyFunction(*f), "");
    if (f->name == name) DumpFunction(*f, out);
  }
  return text;
}

TEST(Lower, Fib) {
  EXPECT_EQ(Lower("func fib(n int) int {\n"
                  "  if n < 2 { return n }\n"
                  "  return fib(n-1) + fib(n-2)\n}\n"
                  "func main() { fib(3) }",
                  "main.fib"),
            "func main.fib(r1 n int) (r0 int)\n"
            "b0:\n"
            "  BranchCmp.Lt.i64 r1 #2 -> b1 b2\n"
            "b1:\n"
            "  r0 = Copy r1 x1\n"
            "  Return\n"
            "b2:\n"
            "  r3 = Sub.i64 r1 #1\n"
            "  r2 = Call func main.fib (r3)\n"
            "  r5 = Sub.i64 r1 #2\n"
            "  r4 = Call func main.fib (r5)\n"
            "  r0 = Add.i64 r2 r4\n"
            "  Return\n");
}

TEST(Lower, LoopTestsItsConditionAtTheEnd) {
  EXPECT_EQ(Lower("func f(a []int) (s int) {\n"
                  "  for i := 0; i < len(a); i++ { s += a[i] }\n"
                  "  return\n}\n"
                  "func main() { f(nil) }",
                  "main.f"),
            "func main.f(r1 a []int) (r0 s int)\n"
            "b0:\n"
            "  r0 = Const.i64 0\n"
            "  r2 = Const.i64 0\n"
            "  BranchCmp.Lt.i64 r2 r1.1 -> b2 b1\n"
            "b1:\n"
            "  Return\n"
            "b2:  ; loop depth 1\n"
            "  r3 = ElemLoad.i64 r1 r2 <int>\n"
            "  r0 = Add.i64 r0 r3\n"
            "  Jump -> b3\n"
            "b3:  ; loop depth 1\n"
            "  r2 = Add.i64 r2 #1\n"
            "  BranchCmp.Lt.i64 r2 r1.1 -> b2 b1\n");
}

TEST(Lower, SwapNeedsOneTemporary) {
  EXPECT_EQ(Lower("func f(a, b int) (int, int) {\n"
                  "  a, b = b, a\n  return a, b\n}\n"
                  "func main() { f(1, 2) }",
                  "main.f"),
            "func main.f(r2 a int, r3 b int) (r0 int, r1 int)\n"
            "b0:\n"
            "  r4 = Copy r2 x1\n"
            "  r2 = Copy r3 x1\n"
            "  r3 = Copy r4 x1\n"
            "  r0 = Copy r2 x1\n"
            "  r1 = Copy r3 x1\n"
            "  Return\n");
}

TEST(Lower, StructFieldsAreSlots) {
  EXPECT_EQ(Lower("type P struct { x int; small int8; y int }\n"
                  "func f(p P) int { p.small++; return p.x + p.y }\n"
                  "func main() { f(P{}) }",
                  "main.f"),
            "func main.f(r1 p main.P) (r0 int)\n"
            "b0:\n"
            "  r2 = LoadLocal.i8 r1 +8 <int8>\n"
            "  r3 = Add.i8 r2 #1\n"
            "  r1 = StoreLocal.i8 r3 +8 <int8>\n"
            "  r0 = Add.i64 r1 r1.2\n"
            "  Return\n");
}

TEST(Lower, CapturedVariableThatNobodyAssignsIsCopied) {
  std::string ir = Lower(
      "func f(n int) func() int { return func() int { return n } }\n"
      "func main() { f(1) }",
      "main.f");
  EXPECT_EQ(ir.find("New"), std::string::npos) << ir;
  EXPECT_NE(ir.find("MakeClosure func main.f.func1 (r1)"), std::string::npos)
      << ir;
}

TEST(Lower, CapturedVariableThatIsAssignedIsShared) {
  std::string ir = Lower(
      "func f(n int) func() int { return func() int { n++; return n } }\n"
      "func main() { f(1) }",
      "main.f");
  EXPECT_NE(ir.find("New <int>"), std::string::npos) << ir;
}

TEST(Lower, LoopVariableIsRenewedOnlyWhenShared) {
  const char* kShared =
      "var fs []func()\n"
      "func f() { for i := 0; i < 3; i++ { fs = append(fs, func() { i++ }) } "
      "}\nfunc main() { f() }";
  std::string ir = Lower(kShared, "main.f");
  size_t first = ir.find("New <int>");
  ASSERT_NE(first, std::string::npos) << ir;
  EXPECT_NE(ir.find("New <int>", first + 1), std::string::npos) << ir;
}

TEST(Lower, DenseSwitchIsATable) {
  std::string ir = Lower(
      "func f(n int) int {\n"
      "  switch n { case 1: return 10; case 2: return 20; case 3, 4: return 5 "
      "}\n  return 0\n}\nfunc main() { f(1) }",
      "main.f");
  EXPECT_NE(ir.find("JumpTable"), std::string::npos) << ir;
}

TEST(Lower, CallsBeforeReads) {
  std::string ir = Lower(
      "var g int\nfunc h() int { g++; return g }\n"
      "func f() int { return g + h() }\nfunc main() { f() }",
      "main.f");
  EXPECT_LT(ir.find("Call func main.h"), ir.find("Load.i64")) << ir;
}

TEST(Lower, EachReturnRunsDeferredFunctions) {
  std::string ir = Lower(
      "func g() {}\n"
      "func f(b bool) (n int) {\n"
      "  defer g()\n  if b { return 1 }\n  return 2\n}\n"
      "func main() { f(true) }",
      "main.f");
  size_t run = ir.find("RunDefers");
  ASSERT_NE(run, std::string::npos) << ir;
  // The returns, each on its own line, and the recovery.
  EXPECT_NE(ir.find("RunDefers", run + 1), std::string::npos) << ir;
  EXPECT_NE(ir.find("; recovery"), std::string::npos) << ir;
}

TEST(Lower, BodiesOfRangesOverFunctionsAreFunctions) {
  const char* kProgram =
      "import _ \"runtime\"\n"
      "func it(yield func(int) bool) { yield(1) }\n"
      "func f(n int) int {\n"
      "  for x := range it {\n    if x == n { return x }\n  }\n"
      "  return 0\n}\n"
      "func main() { f(1) }";
  std::string body = Lower(kProgram, "main.f-range1");
  EXPECT_NE(body.find("(r1 int) (r0 bool)"), std::string::npos) << body;
  EXPECT_NE(body.find("runtime.rangePanic"), std::string::npos) << body;
  // What to do next is told to the function around.
  std::string f = Lower(kProgram, "main.f");
  EXPECT_NE(f.find("MakeClosure func main.f-range1"), std::string::npos) << f;
  EXPECT_NE(f.find(".i64 r"), std::string::npos) << f;
  EXPECT_NE(f.find("#-1 ->"), std::string::npos) << f;
}

TEST(Lower, CallsDeferredInBodiesBelongToTheFunctionAround) {
  const char* kProgram =
      "import _ \"runtime\"\n"
      "func it(yield func(int) bool) { yield(1) }\n"
      "func g(int) {}\n"
      "func f() { for x := range it { defer g(x) } }\n"
      "func main() { f() }";
  std::string body = Lower(kProgram, "main.f-range1");
  EXPECT_NE(body.find("MakeClosure func main.f.deferwrap"), std::string::npos)
      << body;
  EXPECT_NE(body.find("runtime.pushDefer"), std::string::npos) << body;
  EXPECT_EQ(body.find("RunDefers"), std::string::npos) << body;
  std::string f = Lower(kProgram, "main.f");
  EXPECT_NE(f.find("runtime.rangeDefers"), std::string::npos) << f;
  EXPECT_NE(f.find("RunDefers"), std::string::npos) << f;
}

TEST(Lower, IdenticalInstancesAreOneFunction) {
  types::TestLoader loader("stdlib");
  types::Package* main = loader.Check(
      {{"t.go",
        "package main\n"
        "type num int\n"
        "type alias = int\n"
        "func f[T any](x T) T { return x }\n"
        "func main() { f(1); f[int](2); f[alias](3); f(num(4)) }"}});
  ASSERT_FALSE(loader.sink.HasErrors());
  auto program = LowerProgram(loader.world, *main, loader.sink);
  int instances = 0;
  for (const auto& f : program->functions) {
    instances += f->name == "main.f[...]";
  }
  EXPECT_EQ(instances, 2);
}

TEST(Lower, OnlyMethodsThatAreCalledByNameGetFunctions) {
  const char* kProgram =
      "type I interface { A() }\n"
      "type T int\nfunc (T) A() {}\nfunc (T) B() {}\n"
      "func f(i I) { i.A() }\n"
      "func main() { f(T(1)) }";
  EXPECT_NE(Lower(kProgram, "main.T.A"), "");
  EXPECT_EQ(Lower(kProgram, "main.T.B"), "");
}

TEST(Lower, LongChainsDoNotRecurse) {
  std::string chain = "x";
  for (int i = 0; i < 200000; ++i) chain += "+x";
  std::string ir =
      Lower("func f(x int) int { return " + chain + " }\nfunc main() { f(1) }",
            "main.f");
  EXPECT_NE(ir.find("Return"), std::string::npos);
}

}  // namespace
}  // namespace mgo::ir
