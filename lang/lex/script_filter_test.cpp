#include "lang/lex/script_filter.h"

#include <gtest/gtest.h>

#include <string>

#include "lang/lex/lexer.h"

namespace mgo::lex {
namespace {

// `text` with the first letter of each declaration's keyword in upper case.
std::string Marked(const std::string& text) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  const diag::SourceFile* file = sources.Add("t.mgo", text);
  TokenStream stream = Lex(*file, sink);
  EXPECT_TRUE(IsScript(stream.tokens));
  MarkScript(&stream.tokens);
  EXPECT_EQ(stream.tokens[0].kind, TokenKind::kScript);
  std::string marked = text;
  for (const Token& token : stream.tokens) {
    char* first = &marked[token.pos.offset - file->Base().offset];
    if (token.kind == TokenKind::kFuncDecl) *first = 'F';
    if (token.kind == TokenKind::kImportDecl) *first = 'I';
  }
  return marked;
}

TEST(ScriptFilter, DeclarationsOfFunctions) {
  EXPECT_EQ(Marked("func f() {}"), "Func f() {}");
  EXPECT_EQ(Marked("x(); func f[T any](x T) {}"), "x(); Func f[T any](x T) {}");
  EXPECT_EQ(Marked("func (t *T) f() {}"), "Func (t *T) f() {}");
  EXPECT_EQ(Marked("func (t T[P]) f(int) {}"), "Func (t T[P]) f(int) {}");
  EXPECT_EQ(Marked("func (t T) f[P any]() {}"), "Func (t T) f[P any]() {}");
}

TEST(ScriptFilter, FunctionLiterals) {
  EXPECT_EQ(Marked("func() {}()"), "func() {}()");
  EXPECT_EQ(Marked("func() int { return 1 }()"), "func() int { return 1 }()");
  EXPECT_EQ(Marked("func() T[int] { return x }()"),
            "func() T[int] { return x }()");
  EXPECT_EQ(Marked("func() p.T { return x }()"), "func() p.T { return x }()");
  EXPECT_EQ(Marked("func() (T) { return x }()"), "func() (T) { return x }()");
  EXPECT_EQ(Marked("f := func(int) {}"), "f := func(int) {}");
}

TEST(ScriptFilter, OnlyAtTopLevel) {
  EXPECT_EQ(Marked("import \"fmt\"; import ()"), "Import \"fmt\"; Import ()");
  EXPECT_EQ(Marked("{ func f() {}; import \"fmt\" }"),
            "{ func f() {}; import \"fmt\" }");
  EXPECT_EQ(Marked("} func g() {}; func f() {}"), "} func g() {}; Func f() {}");
  EXPECT_EQ(Marked("func ("), "func (");
}

}  // namespace
}  // namespace mgo::lex
