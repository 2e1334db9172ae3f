#include "lang/syntax/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "lang/syntax/dump.h"

namespace mgo::syntax {
namespace {

// The tree of `declarations`, which start on line 2.
std::string Tree(const char* declarations) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  const File* file =
      ParseFile(*sources.Add("t.go", std::string("package p\n") + declarations),
                names, package, sink);
  for (const diag::Diagnostic& d : sink.All()) ADD_FAILURE() << d.message;
  std::string tree;
  llvm::raw_string_ostream out(tree);
  out << '\n';
  DumpAst(*file, out);
  return tree;
}

TEST(Parser, Imports) {
  EXPECT_EQ(Tree(R"(import "a"
import (
	b "x/b"
	. "c"
	_ "d"
))"),
            R"(
File package p
  ImportDecl @2:8 "a"
  ImportDecl @4:2 b "x/b"
  ImportDecl @5:2 . "c"
  ImportDecl @6:2 _ "d"
)");
}

TEST(Parser, ConstGroup) {
  EXPECT_EQ(Tree(R"(const (
	a, b = iota, 1
	c, d
	e int = 2
	f
))"),
            R"(
File package p
  ConstDecl @3:2 a b iota 0
    Ident @3:9 iota
    BasicLit @3:15 int 1
  ConstDecl @4:2 c d iota 1 inherits
  ConstDecl @5:2 e iota 2
    type Ident @5:4 int
    BasicLit @5:10 int 2
  ConstDecl @6:2 f iota 3 inherits
)");
}

TEST(Parser, Vars) {
  EXPECT_EQ(Tree(R"(var a int
var b, c = 1, 2
var d []T = nil)"),
            R"(
File package p
  VarDecl @2:5 a
    type Ident @2:7 int
  VarDecl @3:5 b c
    BasicLit @3:12 int 1
    BasicLit @3:15 int 2
  VarDecl @4:5 d
    type ArrayTypeExpr @4:7
      elem Ident @4:9 T
    Ident @4:13 nil
)");
}

TEST(Parser, TypeDecls) {
  EXPECT_EQ(Tree(R"(type (
	A int
	B = A
	C [3]int
	D [n]int
	E []int
	F [n * m]int
))"),
            R"(
File package p
  TypeDecl @3:2 A
    Ident @3:4 int
  TypeDecl @4:2 B alias
    Ident @4:6 A
  TypeDecl @5:2 C
    ArrayTypeExpr @5:4
      len BasicLit @5:5 int 3
      elem Ident @5:7 int
  TypeDecl @6:2 D
    ArrayTypeExpr @6:4
      len Ident @6:5 n
      elem Ident @6:7 int
  TypeDecl @7:2 E
    ArrayTypeExpr @7:4
      elem Ident @7:6 int
  TypeDecl @8:2 F
    ArrayTypeExpr @8:4
      len BinaryExpr @8:5 *
        Ident @8:5 n
        Ident @8:9 m
      elem Ident @8:11 int
)");
}

TEST(Parser, TypeParams) {
  EXPECT_EQ(Tree(R"(type L[T any] []T
type M[K comparable, V any] map[K]V
type P[T *C,] int
type Q[T *C | ~int] int
type R[T interface{ ~int }] int
type S[T, U []int] int
type A[T any] = []T)"),
            R"(
File package p
  TypeDecl @2:6 L
    type param T
      Ident @2:10 any
    ArrayTypeExpr @2:15
      elem Ident @2:17 T
  TypeDecl @3:6 M
    type param K
      Ident @3:10 comparable
    type param V
      Ident @3:24 any
    MapTypeExpr @3:29
      key Ident @3:33 K
      value Ident @3:35 V
  TypeDecl @4:6 P
    type param T
      StarExpr @4:10
        Ident @4:11 C
    Ident @4:15 int
  TypeDecl @5:6 Q
    type param T
      BinaryExpr @5:10 |
        StarExpr @5:10
          Ident @5:11 C
        UnaryExpr @5:15 ~
          Ident @5:16 int
    Ident @5:21 int
  TypeDecl @6:6 R
    type param T
      InterfaceTypeExpr @6:10
        element
          UnaryExpr @6:21 ~
            Ident @6:22 int
    Ident @6:29 int
  TypeDecl @7:6 S
    type param T
      ArrayTypeExpr @7:13
        elem Ident @7:15 int
    type param U
      ArrayTypeExpr @7:13
        elem Ident @7:15 int
    Ident @7:20 int
  TypeDecl @8:6 A alias
    type param T
      Ident @8:10 any
    ArrayTypeExpr @8:17
      elem Ident @8:19 T
)");
}

TEST(Parser, ArraysNotTypeParams) {
  EXPECT_EQ(Tree(R"(type A [P * C]int
type B [P(C)]int
type C [P]int)"),
            R"(
File package p
  TypeDecl @2:6 A
    ArrayTypeExpr @2:8
      len BinaryExpr @2:9 *
        Ident @2:9 P
        Ident @2:13 C
      elem Ident @2:15 int
  TypeDecl @3:6 B
    ArrayTypeExpr @3:8
      len CallExpr @3:9
        fun Ident @3:9 P
        Ident @3:11 C
      elem Ident @3:14 int
  TypeDecl @4:6 C
    ArrayTypeExpr @4:8
      len Ident @4:9 P
      elem Ident @4:11 int
)");
}

TEST(Parser, StructFields) {
  EXPECT_EQ(Tree(R"(type T struct {
	a, b int `tag`
	p.E
	*F
	G[int]
	h [3]int
	_ func()
})"),
            R"(
File package p
  TypeDecl @2:6 T
    StructTypeExpr @2:8
      field a tag `tag`
        Ident @3:7 int
      field b tag `tag`
        Ident @3:7 int
      field
        SelectorExpr @4:2 .E
          Ident @4:2 p
      field
        StarExpr @5:2
          Ident @5:3 F
      field
        IndexExpr @6:2
          Ident @6:2 G
          index Ident @6:4 int
      field h
        ArrayTypeExpr @7:4
          len BasicLit @7:5 int 3
          elem Ident @7:7 int
      field _
        FuncTypeExpr @8:4
)");
}

TEST(Parser, InterfaceElements) {
  EXPECT_EQ(Tree(R"(type I interface {
	M(x int) (y string, err error)
	N()
	E
	p.F
	G[int]
	~int | string | *T
})"),
            R"(
File package p
  TypeDecl @2:6 I
    InterfaceTypeExpr @2:8
      element M
        FuncTypeExpr @3:3
          param x
            Ident @3:6 int
          result y
            Ident @3:14 string
          result err
            Ident @3:26 error
      element N
        FuncTypeExpr @4:3
      element
        Ident @5:2 E
      element
        SelectorExpr @6:2 .F
          Ident @6:2 p
      element
        IndexExpr @7:2
          Ident @7:2 G
          index Ident @7:4 int
      element
        BinaryExpr @8:2 |
          BinaryExpr @8:2 |
            UnaryExpr @8:2 ~
              Ident @8:3 int
            Ident @8:9 string
          StarExpr @8:18
            Ident @8:19 T
)");
}

TEST(Parser, Functions) {
  EXPECT_EQ(Tree(R"(func f()
func g(a, b int, c ...string) (d error) {}
func (r *T[P]) m(int, string) int { return 1 }
func h[A any, B ~int](x A, y [n]B, z G[A]) (B, p.C))"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
  FuncDecl @3:1 g
    FuncTypeExpr @3:1
      param a
        Ident @3:13 int
      param b
        Ident @3:13 int
      param c
        EllipsisExpr @3:20
          Ident @3:23 string
      result d
        Ident @3:34 error
    BlockStmt @3:41
  FuncDecl @4:1 m
    receiver r
      StarExpr @4:9
        IndexExpr @4:10
          Ident @4:10 T
          index Ident @4:12 P
    FuncTypeExpr @4:1
      param
        Ident @4:18 int
      param
        Ident @4:23 string
      result
        Ident @4:31 int
    BlockStmt @4:35
      ReturnStmt @4:37
        BasicLit @4:44 int 1
  FuncDecl @5:1 h
    FuncTypeExpr @5:1
      type param A
        Ident @5:10 any
      type param B
        UnaryExpr @5:17 ~
          Ident @5:18 int
      param x
        Ident @5:25 A
      param y
        ArrayTypeExpr @5:30
          len Ident @5:31 n
          elem Ident @5:33 B
      param z
        IndexExpr @5:38
          Ident @5:38 G
          index Ident @5:40 A
      result
        Ident @5:45 B
      result
        SelectorExpr @5:48 .C
          Ident @5:48 p
)");
}

TEST(Parser, FuncTypes) {
  EXPECT_EQ(Tree(R"(var f func(int, func(b, c T) (d U)) func())"), R"(
File package p
  VarDecl @2:5 f
    type FuncTypeExpr @2:7
      param
        Ident @2:12 int
      param
        FuncTypeExpr @2:17
          param b
            Ident @2:27 T
          param c
            Ident @2:27 T
          result d
            Ident @2:33 U
      result
        FuncTypeExpr @2:37
)");
}

TEST(Parser, ChanTypes) {
  EXPECT_EQ(Tree(R"(var a chan<- chan int
var b <-chan <-chan int
var c chan (<-chan int)
var d = make(<-chan int)
var e = <-chan<- chan int(x))"),
            R"(
File package p
  VarDecl @2:5 a
    type ChanTypeExpr @2:7 send
      elem ChanTypeExpr @2:14 both
        elem Ident @2:19 int
  VarDecl @3:5 b
    type ChanTypeExpr @3:7 recv
      elem ChanTypeExpr @3:14 recv
        elem Ident @3:21 int
  VarDecl @4:5 c
    type ChanTypeExpr @4:7 both
      elem ParenExpr @4:12
        ChanTypeExpr @4:13 recv
          elem Ident @4:20 int
  VarDecl @5:5 d
    CallExpr @5:9
      fun Ident @5:9 make
      ChanTypeExpr @5:14 recv
        elem Ident @5:21 int
  VarDecl @6:5 e
    UnaryExpr @6:9 <-
      CallExpr @6:11
        fun ChanTypeExpr @6:11 send
          elem ChanTypeExpr @6:18 both
            elem Ident @6:23 int
        Ident @6:27 x
)");
}

TEST(Parser, Operators) {
  EXPECT_EQ(Tree(R"(var x = a || b && c == d+e*f
var y = -a ^ ^b&^c<<1
var z = <-a + *b - &c)"),
            R"(
File package p
  VarDecl @2:5 x
    BinaryExpr @2:9 ||
      Ident @2:9 a
      BinaryExpr @2:14 &&
        Ident @2:14 b
        BinaryExpr @2:19 ==
          Ident @2:19 c
          BinaryExpr @2:24 +
            Ident @2:24 d
            BinaryExpr @2:26 *
              Ident @2:26 e
              Ident @2:28 f
  VarDecl @3:5 y
    BinaryExpr @3:9 ^
      UnaryExpr @3:9 -
        Ident @3:10 a
      BinaryExpr @3:14 <<
        BinaryExpr @3:14 &^
          UnaryExpr @3:14 ^
            Ident @3:15 b
          Ident @3:18 c
        BasicLit @3:21 int 1
  VarDecl @4:5 z
    BinaryExpr @4:9 -
      BinaryExpr @4:9 +
        UnaryExpr @4:9 <-
          Ident @4:11 a
        StarExpr @4:15
          Ident @4:16 b
      UnaryExpr @4:20 &
        Ident @4:21 c
)");
}

TEST(Parser, Literals) {
  EXPECT_EQ(Tree(R"(var x = f(1, 2.5, 3i, 'a', "b", `c`))"), R"(
File package p
  VarDecl @2:5 x
    CallExpr @2:9
      fun Ident @2:9 f
      BasicLit @2:11 int 1
      BasicLit @2:14 float 2.5
      BasicLit @2:19 imag 3i
      BasicLit @2:23 char 'a'
      BasicLit @2:28 string "b"
      BasicLit @2:33 string `c`
)");
}

TEST(Parser, CompositeLiterals) {
  EXPECT_EQ(Tree(R"(var x = []T{{1}, {a: 2}, 3: {}, "k": v}
var y = p.T[int]{}
var z = struct{ a int }{1}
var m = map[K]V{{1}: {2}})"),
            R"(
File package p
  VarDecl @2:5 x
    CompositeLit @2:9
      type ArrayTypeExpr @2:9
        elem Ident @2:11 T
      CompositeLit @2:13
        BasicLit @2:14 int 1
      CompositeLit @2:18
        KeyValueExpr @2:19
          key Ident @2:19 a
          BasicLit @2:22 int 2
      KeyValueExpr @2:26
        key BasicLit @2:26 int 3
        CompositeLit @2:29
      KeyValueExpr @2:33
        key BasicLit @2:33 string "k"
        Ident @2:38 v
  VarDecl @3:5 y
    CompositeLit @3:9
      type IndexExpr @3:9
        SelectorExpr @3:9 .T
          Ident @3:9 p
        index Ident @3:13 int
  VarDecl @4:5 z
    CompositeLit @4:9
      type StructTypeExpr @4:9
        field a
          Ident @4:19 int
      BasicLit @4:25 int 1
  VarDecl @5:5 m
    CompositeLit @5:9
      type MapTypeExpr @5:9
        key Ident @5:13 K
        value Ident @5:15 V
      KeyValueExpr @5:17
        key CompositeLit @5:17
          BasicLit @5:18 int 1
        CompositeLit @5:22
          BasicLit @5:23 int 2
)");
}

TEST(Parser, Selectors) {
  EXPECT_EQ(Tree(R"(var x = a.b(c...).(T)[i].d[i:j][:j:k][lo:])"), R"(
File package p
  VarDecl @2:5 x
    SliceExpr @2:9
      SliceExpr @2:9 three
        SliceExpr @2:9
          SelectorExpr @2:9 .d
            IndexExpr @2:9
              TypeAssertExpr @2:9
                CallExpr @2:9 ...
                  fun SelectorExpr @2:9 .b
                    Ident @2:9 a
                  Ident @2:13 c
                type Ident @2:20 T
              index Ident @2:23 i
          low Ident @2:28 i
          high Ident @2:30 j
        high Ident @2:34 j
        max Ident @2:36 k
      low Ident @2:39 lo
)");
}

TEST(Parser, Instances) {
  EXPECT_EQ(Tree(R"(var x = f[int, *T, []U](y))"), R"(
File package p
  VarDecl @2:5 x
    CallExpr @2:9
      fun IndexExpr @2:9
        Ident @2:9 f
        index Ident @2:11 int
        index StarExpr @2:16
          Ident @2:17 T
        index ArrayTypeExpr @2:20
          elem Ident @2:22 U
      Ident @2:25 y
)");
}

TEST(Parser, Conversions) {
  EXPECT_EQ(
      Tree(
          R"(var x = (*T)(a) + []byte(b) + (func())(c) + interface{}(d) + chan int(e))"),
      R"(
File package p
  VarDecl @2:5 x
    BinaryExpr @2:9 +
      BinaryExpr @2:9 +
        BinaryExpr @2:9 +
          BinaryExpr @2:9 +
            CallExpr @2:9
              fun ParenExpr @2:9
                StarExpr @2:10
                  Ident @2:11 T
              Ident @2:14 a
            CallExpr @2:19
              fun ArrayTypeExpr @2:19
                elem Ident @2:21 byte
              Ident @2:26 b
          CallExpr @2:31
            fun ParenExpr @2:31
              FuncTypeExpr @2:32
            Ident @2:40 c
        CallExpr @2:45
          fun InterfaceTypeExpr @2:45
          Ident @2:57 d
      CallExpr @2:62
        fun ChanTypeExpr @2:62 both
          elem Ident @2:67 int
        Ident @2:71 e
)");
}

TEST(Parser, FuncLiteral) {
  EXPECT_EQ(Tree(R"(var x = func(a int) int { return a }(1))"), R"(
File package p
  VarDecl @2:5 x
    CallExpr @2:9
      fun FuncLit @2:9
        FuncTypeExpr @2:9
          param a
            Ident @2:16 int
          result
            Ident @2:21 int
        BlockStmt @2:25
          ReturnStmt @2:27
            Ident @2:34 a
      BasicLit @2:38 int 1
)");
}

TEST(Parser, ExpressionsAreNumbered) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  const char* text = "package p; var x = a + b";
  ParseFile(*sources.Add("a.go", text), names, package, sink);
  uint32_t after_one = package.expr_count;
  ParseFile(*sources.Add("b.go", text), names, package, sink);
  EXPECT_EQ(package.expr_count, 2 * after_one);
  ASSERT_EQ(package.files.size(), 2u);
  const auto* decl = llvm::cast<VarDecl>(package.files[1]->decls[0]);
  EXPECT_GE(decl->values[0]->id, after_one);
  EXPECT_LT(decl->values[0]->id, package.expr_count);
}

TEST(Parser, NamesAreInterned) {
  NameTable names;
  EXPECT_EQ(names.Intern("abc"), names.Intern("abc"));
  EXPECT_TRUE(names.Intern("Abc")->exported);
  EXPECT_TRUE(names.Intern("Ölçü")->exported);
  EXPECT_FALSE(names.Intern("ölçü")->exported);
  EXPECT_FALSE(names.Intern("世界")->exported);
  EXPECT_TRUE(names.Intern("_")->blank);
}

TEST(Parser, EndOfExpressions) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  std::string text = "package p; var x = ";
  for (const char* expr :
       {"a", "a.b", "f(x)", "-a", "a + b[1]", "[]int{}", "*p", "(a)", "\"s\"",
        "func() {}", "x.(T)", "a[1:2]", "map[a]b"}) {
    const diag::SourceFile* source = sources.Add("t.go", text + expr);
    const File* file = ParseFile(*source, names, package, sink);
    const Expr* value = llvm::cast<VarDecl>(file->decls[0])->values[0];
    EXPECT_EQ(StartOf(value), source->Base() + text.size()) << expr;
    EXPECT_EQ(EndOf(value), source->Base() + source->Text().size()) << expr;
  }
  EXPECT_FALSE(sink.HasErrors());
}

TEST(Parser, CarriageReturnsLeaveRawStrings) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  const File* file =
      ParseFile(*sources.Add("t.go", "package p; var x = `a\r\nb`"), names,
                package, sink);
  const Expr* value = llvm::cast<VarDecl>(file->decls[0])->values[0];
  EXPECT_EQ(llvm::cast<BasicLit>(value)->text, "`a\nb`");
}

}  // namespace
}  // namespace mgo::syntax
