#include <gtest/gtest.h>

#include <string>

#include "lang/syntax/dump.h"
#include "lang/syntax/parser.h"

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

TEST(ParserStmt, SimpleStatements) {
  EXPECT_EQ(Tree(R"(func f() {
	x
	x <- y
	x++
	y--
	a, b = b, a
	c := 1
	d &^= 2
	;
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      ExprStmt @3:2
        Ident @3:2 x
      SendStmt @4:2
        Ident @4:2 x
        Ident @4:7 y
      IncDecStmt @5:2 ++
        Ident @5:2 x
      IncDecStmt @6:2 --
        Ident @6:2 y
      AssignStmt @7:2 =
        left Ident @7:2 a
        left Ident @7:5 b
        right Ident @7:9 b
        right Ident @7:12 a
      AssignStmt @8:2 :=
        left Ident @8:2 c
        right BasicLit @8:7 int 1
      AssignStmt @9:2 &^=
        left Ident @9:2 d
        right BasicLit @9:8 int 2
)");
}

TEST(ParserStmt, BranchStatements) {
  EXPECT_EQ(Tree(R"(func f() {
L:
	for {
		break L
		continue
		goto L
	}
M:
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      LabeledStmt @3:1 L
        ForStmt @4:2
          BlockStmt @4:6
            BranchStmt @5:3 break L
            BranchStmt @6:3 continue
            BranchStmt @7:3 goto L
      LabeledStmt @9:1 M
        EmptyStmt @9:1
)");
}

TEST(ParserStmt, DeclStatements) {
  EXPECT_EQ(Tree(R"(func f() {
	var a int
	const (
		b = iota
		c
	)
	type T[P any] struct{}
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      DeclStmt @3:2
        VarDecl @3:6 a
          type Ident @3:8 int
      DeclStmt @4:2
        ConstDecl @5:3 b iota 0
          Ident @5:7 iota
        ConstDecl @6:3 c iota 1 inherits
      DeclStmt @8:2
        TypeDecl @8:7 T
          type param P
            Ident @8:11 any
          StructTypeExpr @8:16
)");
}

TEST(ParserStmt, GoDeferReturn) {
  EXPECT_EQ(Tree(R"(func f() {
	go g()
	defer func() {}()
	return 1, 2
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      GoStmt @3:2
        CallExpr @3:5
          fun Ident @3:5 g
      DeferStmt @4:2
        CallExpr @4:8
          fun FuncLit @4:8
            FuncTypeExpr @4:8
            BlockStmt @4:15
      ReturnStmt @5:2
        BasicLit @5:9 int 1
        BasicLit @5:12 int 2
)");
}

TEST(ParserStmt, If) {
  EXPECT_EQ(Tree(R"(func f() {
	if a {
	} else if b := c; b {
		x
	} else {
		y
	}
	if ; d {
	}
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      IfStmt @3:2
        cond Ident @3:5 a
        then BlockStmt @3:7
        else IfStmt @4:9
          init AssignStmt @4:12 :=
            left Ident @4:12 b
            right Ident @4:17 c
          cond Ident @4:20 b
          then BlockStmt @4:22
            ExprStmt @5:3
              Ident @5:3 x
          else BlockStmt @6:9
            ExprStmt @7:3
              Ident @7:3 y
      IfStmt @9:2
        cond Ident @9:7 d
        then BlockStmt @9:9
)");
}

TEST(ParserStmt, For) {
  EXPECT_EQ(Tree(R"(func f() {
	for {
	}
	for a {
	}
	for i := 0; i < n; i++ {
	}
	for ; ; {
	}
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      ForStmt @3:2
        BlockStmt @3:6
      ForStmt @5:2
        cond Ident @5:6 a
        BlockStmt @5:8
      ForStmt @7:2
        init AssignStmt @7:6 :=
          left Ident @7:6 i
          right BasicLit @7:11 int 0
        cond BinaryExpr @7:14 <
          Ident @7:14 i
          Ident @7:18 n
        post IncDecStmt @7:21 ++
          Ident @7:21 i
        BlockStmt @7:25
      ForStmt @9:2
        BlockStmt @9:10
)");
}

TEST(ParserStmt, Range) {
  EXPECT_EQ(Tree(R"(func f() {
	for range a {
	}
	for k := range b {
	}
	for k, v = range []int{1} {
	}
	for i := range 10 {
	}
	for a, b, c := range d {
	}
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      RangeStmt @3:2
        range Ident @3:12 a
        BlockStmt @3:14
      RangeStmt @5:2 :=
        key Ident @5:6 k
        range Ident @5:17 b
        BlockStmt @5:19
      RangeStmt @7:2
        key Ident @7:6 k
        value Ident @7:9 v
        range CompositeLit @7:19
          type ArrayTypeExpr @7:19
            elem Ident @7:21 int
          BasicLit @7:25 int 1
        BlockStmt @7:28
      RangeStmt @9:2 :=
        key Ident @9:6 i
        range BasicLit @9:17 int 10
        BlockStmt @9:20
      RangeStmt @11:2 :=
        key Ident @11:6 a
        value Ident @11:9 b
        extra Ident @11:12 c
        range Ident @11:23 d
        BlockStmt @11:25
)");
}

TEST(ParserStmt, Switch) {
  EXPECT_EQ(Tree(R"(func f() {
	switch {
	}
	switch x := y; x {
	case 1, 2:
		fallthrough
	default:
		z
	}
	switch x := y; {
	}
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      SwitchStmt @3:2
      SwitchStmt @5:2
        init AssignStmt @5:9 :=
          left Ident @5:9 x
          right Ident @5:14 y
        tag Ident @5:17 x
        CaseClause @6:2
          value BasicLit @6:7 int 1
          value BasicLit @6:10 int 2
          BranchStmt @7:3 fallthrough
        CaseClause @8:2 default
          ExprStmt @9:3
            Ident @9:3 z
      SwitchStmt @11:2
        init AssignStmt @11:9 :=
          left Ident @11:9 x
          right Ident @11:14 y
)");
}

TEST(ParserStmt, TypeSwitch) {
  EXPECT_EQ(Tree(R"(func f() {
	switch y.(type) {
	}
	switch a := b; x := y.(type) {
	case int, *T, []U, nil:
	case func(), <-chan int:
		z
	}
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      TypeSwitchStmt @3:2
        operand Ident @3:9 y
      TypeSwitchStmt @5:2 x
        init AssignStmt @5:9 :=
          left Ident @5:9 a
          right Ident @5:14 b
        operand Ident @5:22 y
        CaseClause @6:2
          value Ident @6:7 int
          value StarExpr @6:12
            Ident @6:13 T
          value ArrayTypeExpr @6:16
            elem Ident @6:18 U
          value Ident @6:21 nil
        CaseClause @7:2
          value FuncTypeExpr @7:7
          value ChanTypeExpr @7:15 recv
            elem Ident @7:22 int
          ExprStmt @8:3
            Ident @8:3 z
)");
}

TEST(ParserStmt, Select) {
  EXPECT_EQ(Tree(R"(func f() {
	select {
	case <-a:
	case x, ok := <-b:
		y
	case c <- 1:
	default:
	}
})"),
            R"(
File package p
  FuncDecl @2:1 f
    FuncTypeExpr @2:1
    BlockStmt @2:10
      SelectStmt @3:2
        CommClause @4:2
          comm ExprStmt @4:7
            UnaryExpr @4:7 <-
              Ident @4:9 a
        CommClause @5:2
          comm AssignStmt @5:7 :=
            left Ident @5:7 x
            left Ident @5:10 ok
            right UnaryExpr @5:16 <-
              Ident @5:18 b
          ExprStmt @6:3
            Ident @6:3 y
        CommClause @7:2
          comm SendStmt @7:7
            Ident @7:7 c
            BasicLit @7:12 int 1
        CommClause @8:2 default
)");
}

TEST(ParserStmt, Directives) {
  EXPECT_EQ(Tree(R"(//go:noinline
func f() {})"),
            R"(
File package p
  directive //go:noinline
  FuncDecl @3:1 f
    FuncTypeExpr @3:1
    BlockStmt @3:10
)");
}

}  // namespace
}  // namespace mgo::syntax
