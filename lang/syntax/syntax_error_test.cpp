#include <gtest/gtest.h>

#include <string>

#include "lang/syntax/parser.h"

namespace mgo::syntax {
namespace {

// `line:column: message` of each error, one a line, without the words
// `syntax error: `.
std::string Errors(const std::string& text) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  ParseFile(*sources.Add("t.go", text), names, package, sink);
  sink.SortAndDeduplicate();
  std::string errors;
  for (const diag::Diagnostic& d : sink.All()) {
    diag::Location at = sources.Locate(d.pos);
    if (!errors.empty()) errors += '\n';
    llvm::StringRef message = d.message;
    message.consume_front("syntax error: ");
    errors += std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
              message.str();
  }
  return errors;
}

struct Case {
  const char* source;
  const char* errors;
};

TEST(SyntaxError, InBodyAsGoWordsIt) {
  const Case cases[] = {
#define IN_BODY(source, errors) {source, errors},
#define IN_FILE(source, errors)
#include "lang/syntax/syntax_error_cases.def"
#undef IN_BODY
#undef IN_FILE
  };
  for (const Case& c : cases) {
    std::string text =
        std::string("package p\nfunc f() {\n") + c.source + "\n}\n";
    EXPECT_EQ(Errors(text), c.errors) << c.source;
  }
}

TEST(SyntaxError, InFileAsGoWordsIt) {
  const Case cases[] = {
#define IN_BODY(source, errors)
#define IN_FILE(source, errors) {source, errors},
#include "lang/syntax/syntax_error_cases.def"
#undef IN_BODY
#undef IN_FILE
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Errors(std::string("package p\n") + c.source), c.errors)
        << c.source;
  }
}

TEST(SyntaxError, PackageClause) {
  EXPECT_EQ(Errors("package"), "1:8: unexpected EOF, expected name");
  EXPECT_EQ(Errors("package 1"), "1:9: unexpected literal 1, expected name");
  EXPECT_EQ(Errors("package p q"),
            "1:11: unexpected name q, expected semicolon or newline");
}

TEST(SyntaxError, Scripts) {
  EXPECT_EQ(Errors(""), "");
  EXPECT_EQ(Errors("#!/usr/bin/env mgo\nx := 1; x++\nfunc f() {}\n"), "");
  EXPECT_EQ(Errors("import \"fmt\"\nimport ()\nfunc (T) f() {}"), "");
  EXPECT_EQ(Errors("func() T { return 1 }()\nfunc (t T) T() {}"), "");
  EXPECT_EQ(Errors("x := 1 1\ny := )\n"),
            "1:8: unexpected literal 1 at end of statement\n"
            "2:6: unexpected ), expected expression");
  EXPECT_EQ(Errors("f()\n}\nf(]\n"),
            "2:1: unexpected }, expected statement\n"
            "3:3: unexpected ], expected expression");
  EXPECT_EQ(Errors("f()\npackage p\n"),
            "2:1: unexpected keyword package, expected statement");
  EXPECT_EQ(Errors("if x {\n"), "2:1: unexpected EOF, expected }");
  EXPECT_EQ(Errors("{\nfunc f() {}\n}\n"),
            "2:6: unexpected name f, expected (\n"
            "3:1: unexpected }, expected statement");
  EXPECT_EQ(Errors("{\nimport \"fmt\"\n}\n"),
            "2:1: unexpected keyword import, expected }\n"
            "3:1: unexpected }, expected statement");
  EXPECT_EQ(Errors("func 1() {}"), "1:6: unexpected literal 1, expected (");
  EXPECT_EQ(Errors("func f[]() {}"), "1:8: empty type parameter list");
  EXPECT_EQ(Errors("import 1"), "1:8: import path must be a string");
}

TEST(SyntaxError, OneALine) {
  EXPECT_EQ(Errors("package p\nvar a b c; var d e f\nvar g h i\n"),
            "2:9: unexpected name c after top level declaration\n"
            "3:9: unexpected name i after top level declaration");
}

TEST(SyntaxError, SliceIndices) {
  EXPECT_EQ(Errors("package p\nvar x = a[::]\n"),
            "2:12: middle index required in 3-index slice\n"
            "2:13: final index required in 3-index slice");
}

TEST(SyntaxError, Receivers) {
  EXPECT_EQ(Errors("package p\nfunc () f() {}\n"),
            "2:9: method has no receiver");
  EXPECT_EQ(Errors("package p\nfunc (x T, y U) f() {}\n"),
            "2:17: method has multiple receivers");
}

TEST(SyntaxError, StopsAfterMany) {
  std::string text = "package p\nfunc f() {\n";
  for (int i = 0; i < 1000; i++) text += "x y\n";
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  ParseFile(*sources.Add("t.go", text + "}\n"), names, package, sink);
  EXPECT_EQ(sink.Count(), static_cast<size_t>(kMaxSyntaxErrors));
}

// What nests too deeply for later phases is refused, however it nests.
TEST(SyntaxError, Nesting) {
  auto repeat = [](const char* unit, int count) {
    std::string text;
    for (int i = 0; i < count; i++) text += unit;
    return text;
  };
  constexpr int kMany = 50000;
  const std::string programs[] = {
      "var x = " + repeat("(", kMany) + "1" + repeat(")", kMany),
      "var x = " + repeat("- ", kMany) + "1",
      "var x = f" + repeat("()", kMany),
      "var x = f" + repeat(".a", kMany),
      "var x = f" + repeat("[0]", kMany),
      "var x " + repeat("[]", kMany) + "int",
      "var x " + repeat("*", kMany) + "int",
      "var x " + repeat("func() ", kMany),
      "func f() " + repeat("{", kMany) + repeat("}", kMany),
      "func f() { " + repeat("a: ", kMany) + "}",
      "func f() { if x {}" + repeat(" else if x {}", kMany) + " }",
  };
  for (const std::string& program : programs) {
    EXPECT_TRUE(llvm::StringRef(Errors("package p\n" + program + "\n"))
                    .contains("nesting is deeper than 10000 levels"))
        << program.substr(0, 40);
  }
}

TEST(SyntaxError, LongChainsAreFine) {
  std::string text = "package p\nvar x = 1";
  for (int i = 0; i < 100000; i++) text += " + 1 * 2";
  EXPECT_EQ(Errors(text + "\n"), "");
}

// The note at the first error with one.
std::string Note(const std::string& text) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  NameTable names;
  PackageSyntax package;
  ParseFile(*sources.Add("t.go", "package p\n" + text), names, package, sink);
  for (const diag::Diagnostic& d : sink.All()) {
    if (!d.notes.empty()) return d.notes[0];
  }
  return "";
}

TEST(SyntaxError, NotesSayHowGoSpellsIt) {
  auto in_body = [](const std::string& text) {
    return Note("func f() {\n" + text + "\n}\n");
  };
  EXPECT_EQ("Go's only loop is for: for x < 10 {", in_body("while x < 3 {\n}"));
  EXPECT_EQ("Go's only loop is for: for {", in_body("do {\ng(1)\n}"));
  EXPECT_EQ("this loop is: for i, x := range xs {",
            in_body("for x in xs {\n}"));
  EXPECT_EQ("++ and -- are statements, and stand behind their variable: i++",
            in_body("++i"));
  EXPECT_EQ("++ and -- are statements, and stand behind their variable: i++",
            in_body("x := i++"));
  EXPECT_EQ("this is spelt else if", in_body("if x {\n} elif y {\n}"));
  EXPECT_EQ("else must stand on the line of the } before it",
            in_body("if x {\n}\nelse {\n}"));
  EXPECT_EQ("the { must stand at the end of the line that it belongs to",
            in_body("if x\n{\n}"));
  EXPECT_EQ("the { must stand at the end of the line that it belongs to",
            Note("func f()\n{\n}\n"));
  EXPECT_EQ("there is no ?: operator: use if and else", in_body("x := a ? b"));
  EXPECT_EQ("a string stands in double quotes", in_body("x := 'ab'"));
  EXPECT_EQ("the type stands behind the name: var x int", in_body("int x = 5"));
  EXPECT_EQ("the type stands behind the name: var x int", Note("int x = 5\n"));
  EXPECT_EQ("variables are declared with := or var", in_body("let x = 5"));
  EXPECT_EQ("outside functions a variable is: var x = …", Note("x := 5\n"));
  EXPECT_EQ("a function begins with func: func f(x int) int {",
            Note("def f(x):\n"));
  EXPECT_EQ("a type with fields is: type T struct {", Note("class A {\n}\n"));
  EXPECT_EQ("this operator is spelt &&", in_body("x := a and b"));
  EXPECT_EQ("a list of values begins with its type: []int{1, 2}",
            in_body("x := [1, 2]"));
  EXPECT_EQ("fields are set with a colon: x: 1", in_body("p := P{x = 1}"));
  EXPECT_EQ("a pointer to a new value is: &P{}", in_body("p := new P()"));
  EXPECT_EQ("the arguments of a call stand in parentheses",
            in_body("panic \"x\""));
  // What may mean anything gets none.
  EXPECT_EQ("", in_body("x y"));
  EXPECT_EQ("", in_body("f(1,\n2\n)"));
}

}  // namespace
}  // namespace mgo::syntax
