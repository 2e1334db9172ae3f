#include "lang/syntax/print.h"

#include <gtest/gtest.h>

#include <string>

#include "lang/syntax/parser.h"

namespace mgo::syntax {
namespace {

// Parses `text` as an expression and prints it.
std::string Printed(const std::string& text) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  const File* file = ParseFile(
      *sources.Add("t.go", "package p; var x = " + text), names, package, sink);
  EXPECT_FALSE(sink.HasErrors()) << text << ": " << sink.All()[0].message;
  return ExprString(llvm::cast<VarDecl>(file->decls[0])->values[0]);
}

TEST(PrintExpr, AsGoShowsIt) {
  struct Row {
    const char* source;
    const char* printed;
  };
  const Row rows[] = {
      {"f(1+2*3,a...)", "f(1 + 2 * 3, a...)"},
      {"f((1+2)*3)", "f((1 + 2) * 3)"},
      {"func(x,y int,z string)(a,b int){return 1,2}",
       "func(x, y int, z string) (a, b int) {…}"},
      {"func(...int){}", "func(...int) {}"},
      {"func()int{return 1}()", "func() int {…}()"},
      {"&T{a:1}", "&T{…}"},
      {"T{}", "T{}"},
      {"[]int{1,2}", "[]int{…}"},
      {"[...]int{1}", "[...]int{…}"},
      {"map[string]int{}", "map[string]int{}"},
      {"struct{a,b int;T}{1}", "struct{a, b int; T}{…}"},
      {"struct{a int `tag`}{}", "struct{a int `tag`}{}"},
      {"m[\"x\"]", "m[\"x\"]"},
      {"<-c", "<-c"},
      {"i.(int)", "i.(int)"},
      {"a[1:2:3]", "a[1:2:3]"},
      {"a[:]", "a[:]"},
      {"a[1:]", "a[1:]"},
      {"-a[0]+^a[1]", "-a[0] + ^a[1]"},
      {"- -a", "--a"},
      {"(*int)(nil)", "(*int)(nil)"},
      {"interface{M();~int|string}(nil)", "interface{M(); ~int | string}(nil)"},
      {"(chan<-int)(c)", "(chan<- int)(c)"},
      {"(<-chan int)(c)", "(<-chan int)(c)"},
      {"(chan(<-chan int))(nil)", "(chan (<-chan int))(nil)"},
      {"(func(a int,b,c string)(int,string))(nil)",
       "(func(a int, b, c string) (int, string))(nil)"},
      {"G[int,string]{}", "G[int, string]{}"},
      {"a[f(1,2)+1]", "a[f(1, 2) + 1]"},
      {"1<<3|2", "1 << 3 | 2"},
      {"0x_1F+'a'", "0x_1F + 'a'"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Printed(row.source), row.printed) << row.source;
  }
}

}  // namespace
}  // namespace mgo::syntax
