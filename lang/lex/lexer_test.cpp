#include "lang/lex/lexer.h"

#include <gtest/gtest.h>

#include <string>

namespace mgo::lex {
namespace {

// The tokens of `text` as words: a spelling, `name:x`, `int:1`, `;newline`.
std::string Tokens(const std::string& text) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  const diag::SourceFile* file = sources.Add("t.go", text);
  std::string words;
  for (const Token& token : Lex(*file, sink).tokens) {
    if (!words.empty()) words += ' ';
    std::string token_text = TextOf(token, *file).str();
    switch (token.kind) {
      case TokenKind::kName:
        words += "name:" + token_text;
        break;
      case TokenKind::kInt:
        words += "int:" + token_text;
        break;
      case TokenKind::kFloat:
        words += "float:" + token_text;
        break;
      case TokenKind::kImag:
        words += "imag:" + token_text;
        break;
      case TokenKind::kChar:
        words += "char:" + token_text;
        break;
      case TokenKind::kString:
        words += "string:" + token_text;
        break;
      case TokenKind::kSemicolon:
        words += ';';
        if (token.flags & kFromNewline) words += "newline";
        if (token.flags & kFromEof) words += "EOF";
        break;
      default:
        words += Spelling(token.kind);
    }
  }
  EXPECT_FALSE(sink.HasErrors()) << text << ": " << sink.All()[0].message;
  return words;
}

// `line:column: message` of each error, one a line.
std::string Errors(const std::string& text) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  Lex(*sources.Add("t.go", text), sink);
  sink.SortAndDeduplicate();
  std::string errors;
  for (const diag::Diagnostic& d : sink.All()) {
    diag::Location at = sources.Locate(d.pos);
    if (!errors.empty()) errors += '\n';
    errors += std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
              d.message;
  }
  return errors;
}

TEST(Lexer, EverySpellingIsItsToken) {
  struct Row {
    TokenKind kind;
    const char* spelling;
  };
  const Row rows[] = {
#define TOKEN(name, spelling)
#define PUNCT(name, spelling) {TokenKind::k##name, spelling},
#define KEYWORD(name, spelling) {TokenKind::k##name, spelling},
#include "lang/lex/tokens.def"
  };
  for (const Row& row : rows) {
    if (row.kind == TokenKind::kLBody) continue;
    diag::SourceSet sources;
    diag::DiagnosticSink sink;
    TokenStream stream =
        Lex(*sources.Add("t.go", std::string(row.spelling) + " "), sink);
    EXPECT_EQ(stream.tokens[0].kind, row.kind) << row.spelling;
    EXPECT_EQ(stream.tokens[0].length, llvm::StringRef(row.spelling).size());
    EXPECT_FALSE(sink.HasErrors());
  }
}

TEST(Lexer, KeywordsAreWholeWords) {
  EXPECT_EQ(Tokens("iff _if func1 mapé"),
            "name:iff name:_if name:func1 name:mapé ;EOF EOF");
}

TEST(Lexer, LongestOperatorWins) {
  EXPECT_EQ(Tokens("a&^=b<<=c<-d...e"),
            "name:a &^= name:b <<= name:c <- name:d ... name:e ;EOF EOF");
  EXPECT_EQ(Tokens("x+++y"), "name:x ++ + name:y ;EOF EOF");
}

TEST(Lexer, Numbers) {
  for (const char* text : {"0", "42", "4_2", "0600", "0_600", "0o600", "0O600",
                           "0xBadFace", "0xBad_Face", "0x_67_7a", "0b1011",
                           "0B_1", "170141183460469231731687303715884105727"}) {
    EXPECT_EQ(Tokens(text), std::string("int:") + text + " ;EOF EOF");
  }
  for (const char* text :
       {"0.", "72.40", "072.40", "2.71828", "1.e+0", "6.67428e-11", "1E6",
        ".25", ".12345E+5", "1_5.", "0.15e+0_2", "0x1p-2", "0x2.p10",
        "0x1.Fp+0", "0X.8p-0", "0X_1FFFP-16", "09.5", "08e1"}) {
    EXPECT_EQ(Tokens(text), std::string("float:") + text + " ;EOF EOF");
  }
  for (const char* text : {"0i", "0123i", "0o123i", "0xabci", "0.i", "2.71828i",
                           "1.e+0i", "0x1p-2i", "09i"}) {
    EXPECT_EQ(Tokens(text), std::string("imag:") + text + " ;EOF EOF");
  }
  EXPECT_EQ(Tokens("1..2"), "float:1. float:.2 ;EOF EOF");
  EXPECT_EQ(Tokens("x.1"), "name:x float:.1 ;EOF EOF");
}

TEST(Lexer, RunesAndStrings) {
  for (const char* text : {"'a'", "'ä'", "'本'", "'\\t'", "'\\000'", "'\\x07'",
                           "'\\u12e4'", "'\\U00101234'", "'\\''"}) {
    EXPECT_EQ(Tokens(text), std::string("char:") + text + " ;EOF EOF");
  }
  for (const char* text :
       {"\"\"", "\"\\n\"", "\"\\\"\"", "\"日本語\"", "\"\\u65e5\\U00008a9e\"",
        "\"\\xff\\377\"", "``", "`a\nb`", "`\\n`", "`\"`"}) {
    EXPECT_EQ(Tokens(text), std::string("string:") + text + " ;EOF EOF");
  }
}

TEST(Lexer, RawStringRemembersCarriageReturn) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  TokenStream stream = Lex(*sources.Add("t.go", "`a\r\nb` `c`"), sink);
  EXPECT_EQ(stream.tokens[0].flags, kHasCarriageReturn);
  EXPECT_EQ(stream.tokens[1].flags, 0);
}

TEST(Lexer, SemicolonsAtLineEnds) {
  for (const char* text :
       {"x", "1", "1.5", "2i", "'a'", "\"a\"", "break", "continue",
        "fallthrough", "return", "++", "--", ")", "]", "}"}) {
    EXPECT_TRUE(llvm::StringRef(Tokens(std::string(text) + "\n+"))
                    .contains(";newline +"))
        << text;
  }
  EXPECT_EQ(Tokens("+\n(\n,\nif\n"), "+ ( , if EOF");
  EXPECT_EQ(Tokens("x;\n"), "name:x ; EOF");
  EXPECT_EQ(Tokens("x\n\n\n"), "name:x ;newline EOF");
  EXPECT_EQ(Tokens("x\r\ny"), "name:x ;newline name:y ;EOF EOF");
}

TEST(Lexer, CommentsAndSemicolons) {
  EXPECT_EQ(Tokens("x // c\ny"), "name:x ;newline name:y ;EOF EOF");
  EXPECT_EQ(Tokens("x /* c */ y"), "name:x name:y ;EOF EOF");
  EXPECT_EQ(Tokens("x /* c\n */ y"), "name:x ;newline name:y ;EOF EOF");
  EXPECT_EQ(Tokens("+ /* c\n */ y"), "+ name:y ;EOF EOF");
  EXPECT_EQ(Tokens("x // c"), "name:x ;EOF EOF");
  EXPECT_EQ(Tokens("x /* ** / */"), "name:x ;EOF EOF");
}

TEST(Lexer, PositionOfSemicolon) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  const diag::SourceFile* file = sources.Add("t.go", "x // c\ny /* \n */ z");
  TokenStream stream = Lex(*file, sink);
  // A line comment's is at the newline, a general comment's at its start.
  EXPECT_EQ(sources.Locate(stream.tokens[1].pos).column, 7);
  EXPECT_EQ(sources.Locate(stream.tokens[3].pos).column, 3);
}

TEST(Lexer, ByteOrderMarkAndHashBangAtStart) {
  EXPECT_EQ(Tokens("\xEF\xBB\xBFx"), "name:x ;EOF EOF");
  EXPECT_EQ(Tokens("#!/usr/bin/env mgo\nx"), "name:x ;EOF EOF");
}

TEST(Lexer, Directives) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  TokenStream stream =
      Lex(*sources.Add("t.go", "//go:noinline\r\n// no\n//mgo:x y\n"), sink);
  ASSERT_EQ(stream.directives.size(), 2u);
  EXPECT_EQ(stream.directives[0].second, "//go:noinline");
  EXPECT_EQ(stream.directives[1].second, "//mgo:x y");
  EXPECT_EQ(sources.Locate(stream.directives[1].first).line, 3);
}

TEST(Lexer, LineDirectives) {
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  const std::string text =
      "a\n"
      "//line x.go:10\n"
      "b\n"
      "/*line y.go:20:5*/ c\n"
      " d //line z.go:1\n"
      "/*line :30*/ e /*line c:/x.go:7*/ f\n"
      "//line :40:2\n"
      "g\n"
      "//line no directive\n"
      "`\n//line z.go:1\n` h";
  TokenStream stream = Lex(*sources.Add("t.go", text), sink);
  std::string places;
  for (const Token& token : stream.tokens) {
    if (token.kind != TokenKind::kName) continue;
    diag::Location at = sources.Locate(token.pos);
    places += at.file.str() + ":" + std::to_string(at.line) + ":" +
              std::to_string(at.column) + " ";
  }
  EXPECT_EQ(places,
            "t.go:1:1 x.go:10:0 y.go:20:6 y.go:21:2 :30:0 c:/x.go:7:0 "
            "c:/x.go:40:2 c:/x.go:44:3 ");
  EXPECT_EQ(Errors("//line x.go:0\n//line x.go:b\n//line x.go:1:0\n"),
            "1:13: invalid line number: 0\n"
            "2:13: invalid line number: b\n"
            "3:15: invalid column number: 0");
}

TEST(Lexer, ErrorsAsGoWordsThem) {
  struct Row {
    const char* source;
    const char* errors;
  };
  const Row rows[] = {
#define LEX_ERROR(source, errors) {source, errors},
#include "lang/lex/lex_error_cases.def"
  };
  for (const Row& row : rows) {
    std::string text =
        std::string("package p\nfunc f() {\n") + row.source + "\n}\n";
    EXPECT_EQ(Errors(text), row.errors) << row.source;
  }
}

TEST(Lexer, NulIsAnError) {
  EXPECT_EQ(Errors(std::string("x := \0 1", 8)), "1:6: invalid NUL character");
  EXPECT_EQ(Errors(std::string("// \0", 4)), "1:4: invalid NUL character");
}

TEST(Lexer, UnterminatedAtEndOfFile) {
  EXPECT_EQ(Errors("x \"abc"), "1:3: string not terminated");
  EXPECT_EQ(Errors("x 'a"), "1:3: rune literal not terminated");
  EXPECT_EQ(Errors("x `a\n"), "1:3: string not terminated");
  EXPECT_EQ(Errors("x /* a\n"), "1:3: comment not terminated");
  EXPECT_EQ(Errors("x \"\\"), "1:3: string not terminated");
}

TEST(Lexer, GivesUpAfterManyErrors) {
  std::string text;
  for (int i = 0; i < 1000; i++) text += "@\n";
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  TokenStream stream = Lex(*sources.Add("t.go", text), sink);
  EXPECT_EQ(sink.Count(), static_cast<size_t>(kMaxLexErrors));
  EXPECT_EQ(stream.tokens.back().kind, TokenKind::kEof);
}

TEST(Lexer, LongLiteral) {
  std::string text = "\"" + std::string(1 << 20, 'a') + "\"";
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  TokenStream stream = Lex(*sources.Add("t.go", text), sink);
  EXPECT_EQ(stream.tokens[0].length, (1u << 20) + 2);
  EXPECT_FALSE(sink.HasErrors());
}

}  // namespace
}  // namespace mgo::lex
