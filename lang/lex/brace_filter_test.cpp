#include "lang/lex/brace_filter.h"

#include <gtest/gtest.h>

#include <string>

#include "lang/lex/lexer.h"

namespace mgo::lex {
namespace {

// `text` with every body's brace replaced by `<`.
std::string Filtered(const std::string& text) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  const diag::SourceFile* file = sources.Add("t.go", text);
  TokenStream stream = Lex(*file, sink);
  EXPECT_TRUE(FilterBraces(&stream.tokens, sink));
  std::string marked = text;
  for (const Token& token : stream.tokens) {
    if (token.kind == TokenKind::kLBody) {
      marked[token.pos.offset - file->Base().offset] = '<';
    }
  }
  return marked;
}

TEST(BraceFilter, BodiesOfControlClauses) {
  EXPECT_EQ(Filtered("if x {}"), "if x <}");
  EXPECT_EQ(Filtered("if x {} else if y {} else {}"),
            "if x <} else if y <} else {}");
  EXPECT_EQ(Filtered("for {}"), "for <}");
  EXPECT_EQ(Filtered("for i := 0; i < n; i++ {}"), "for i := 0; i < n; i++ <}");
  EXPECT_EQ(Filtered("for range ch {}"), "for range ch <}");
  EXPECT_EQ(Filtered("switch {}"), "switch <}");
  EXPECT_EQ(Filtered("switch x := y.(type) {}"), "switch x := y.(type) <}");
  EXPECT_EQ(Filtered("select {}"), "select <}");
}

TEST(BraceFilter, OtherBracesAreLeftAlone) {
  EXPECT_EQ(Filtered("func f() { x := T{1} }"), "func f() { x := T{1} }");
  EXPECT_EQ(Filtered("type T struct { a int }"), "type T struct { a int }");
}

TEST(BraceFilter, BodyHoldsPlainBraces) {
  EXPECT_EQ(Filtered("if x { y = T{1} }"), "if x < y = T{1} }");
  EXPECT_EQ(Filtered("if x { { } }"), "if x < { } }");
  EXPECT_EQ(Filtered("if x { if y { } }"), "if x < if y < } }");
}

TEST(BraceFilter, NamedTypeNeedsParentheses) {
  EXPECT_EQ(Filtered("if x == T{1} {}"), "if x == T<1} {}");
  EXPECT_EQ(Filtered("if x == (T{1}) {}"), "if x == (T{1}) <}");
  EXPECT_EQ(Filtered("if f(T{1}) {}"), "if f(T{1}) <}");
  EXPECT_EQ(Filtered("if a[T{1}] {}"), "if a[T{1}] <}");
  EXPECT_EQ(Filtered("for range G[int]{} {}"), "for range G[int]<} {}");
}

TEST(BraceFilter, TypeLiterals) {
  EXPECT_EQ(Filtered("for range []int{1} {}"), "for range []int{1} <}");
  EXPECT_EQ(Filtered("for range [2]p.T{} {}"), "for range [2]p.T{} <}");
  EXPECT_EQ(Filtered("for range [...]T[int]{} {}"),
            "for range [...]T[int]{} <}");
  EXPECT_EQ(Filtered("if x == map[K]V{1: 2}[3] {}"),
            "if x == map[K]V{1: 2}[3] <}");
  EXPECT_EQ(Filtered("for range []*T{} {}"), "for range []*T{} <}");
  EXPECT_EQ(Filtered("for range [][]map[a]chan<- T{} {}"),
            "for range [][]map[a]chan<- T{} <}");
  EXPECT_EQ(Filtered("for range []func(){} {}"), "for range []func(){} <}");
  EXPECT_EQ(Filtered("for range []func() T{} {}"), "for range []func() T{} <}");
  EXPECT_EQ(Filtered("if x == struct{ a int }{1} {}"),
            "if x == struct{ a int }{1} <}");
  EXPECT_EQ(Filtered("for range []struct{ a int }{{1}} {}"),
            "for range []struct{ a int }{{1}} <}");
  EXPECT_EQ(Filtered("if x == interface{}(y) {}"), "if x == interface{}(y) <}");
  EXPECT_EQ(Filtered("if _, ok := x.(interface{ M() }); ok {}"),
            "if _, ok := x.(interface{ M() }); ok <}");
}

TEST(BraceFilter, IndexIsNoType) {
  EXPECT_EQ(Filtered("if a[1] {}"), "if a[1] <}");
  EXPECT_EQ(Filtered("for range f()[1] {}"), "for range f()[1] <}");
  EXPECT_EQ(Filtered("for range a[1][2] {}"), "for range a[1][2] <}");
}

TEST(BraceFilter, FuncLiterals) {
  EXPECT_EQ(Filtered("if f := func() bool { return true }; f() {}"),
            "if f := func() bool { return true }; f() <}");
  EXPECT_EQ(Filtered("for range func(x T) (a, b int) { if y {} } {}"),
            "for range func(x T) (a, b int) { if y <} } <}");
  EXPECT_EQ(Filtered("if func() { for { } }(); x {}"),
            "if func() { for < } }(); x <}");
}

TEST(BraceFilter, BrokenHeaders) {
  // A header that lost its body ends at the block's end, or at a keyword.
  EXPECT_EQ(Filtered("{ if x } { }"), "{ if x } { }");
  EXPECT_EQ(Filtered("if x\nreturn {}"), "if x\nreturn {}");
  EXPECT_EQ(Filtered("if x\n{}"), "if x\n<}");
}

TEST(BraceFilter, NestingIsLimited) {
  std::string text(kMaxNesting + 1, '(');
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  TokenStream stream = Lex(*sources.Add("t.go", text), sink);
  EXPECT_FALSE(FilterBraces(&stream.tokens, sink));
  ASSERT_EQ(sink.Count(), 1u);
  EXPECT_EQ(sink.All()[0].message, "nesting is deeper than 10000 levels");
  EXPECT_EQ(stream.tokens.size(), static_cast<size_t>(kMaxNesting) + 1);
  EXPECT_EQ(stream.tokens.back().kind, TokenKind::kEof);
}

}  // namespace
}  // namespace mgo::lex
