#include "lang/syntax/parser.h"

#include <algorithm>
#include <cassert>

#include "lang/lex/brace_filter.h"
#include "lang/lex/lexer.h"
#include "lang/lex/script_filter.h"
#include "lang/syntax/builder.h"
#include "lang/syntax/deferred.h"
#include "lang/syntax/grammar.hpp"
#include "lang/syntax/parse_state.h"
#include "lang/syntax/token_feed.h"

namespace mgo::syntax {
namespace {

using lex::TokenKind;

constexpr bool SameOrder(TokenKind kind, int bison) {
  return kind == TokenKind::kEof
             ? bison == 0
             : static_cast<int>(kind) + kBisonTokenShift == bison;
}

static_assert(SameOrder(TokenKind::kEof, GrammarParser::token::T_EOF));
static_assert(SameOrder(TokenKind::kName, GrammarParser::token::T_NAME));
static_assert(SameOrder(TokenKind::kAndNotAssign,
                        GrammarParser::token::T_AND_NOT_ASSIGN));
static_assert(SameOrder(TokenKind::kLBody, GrammarParser::token::T_LBODY));
static_assert(SameOrder(TokenKind::kColon, GrammarParser::token::T_COLON));
static_assert(SameOrder(TokenKind::kGo, GrammarParser::token::T_GO));
static_assert(SameOrder(TokenKind::kVar, GrammarParser::token::T_VAR));
static_assert(SameOrder(TokenKind::kScript, GrammarParser::token::T_SCRIPT));
static_assert(static_cast<int>(TokenKind::kScript) + 1 == lex::kTokenKinds);

}  // namespace

lex::TokenStream LexForParser(const diag::SourceFile& source,
                              diag::DiagnosticSink& sink) {
  lex::TokenStream stream = lex::Lex(source, sink);
  lex::FilterBraces(&stream.tokens, sink);
  if (lex::IsScript(stream.tokens)) lex::MarkScript(&stream.tokens);
  return stream;
}

// Go scans while it parses: it finds both kinds of errors in the order of the
// tokens, and what is wrong within a token before that it is there.
static void SortErrors(llvm::ArrayRef<lex::Token> tokens, size_t first,
                       size_t lexer_errors, diag::DiagnosticSink& sink) {
  std::vector<Pos> keys;
  for (const diag::Diagnostic& d : llvm::drop_begin(sink.All(), first)) {
    keys.push_back(d.pos);
    if (keys.size() > lexer_errors) continue;
    const lex::Token* after = llvm::upper_bound(
        tokens, d.pos,
        [](Pos pos, const lex::Token& token) { return pos < token.pos; });
    // Automatic semicolons, of no length, are not what the error is in.
    while (after != tokens.begin()) {
      if ((--after)->length > 0) break;
    }
    keys.back() = std::min(keys.back(), after->pos);
  }
  sink.SortFrom(first, keys);
}

const File* ParseFile(const diag::SourceFile& source, NameTable& names,
                      PackageSyntax& out, diag::DiagnosticSink& sink) {
  size_t first_error = sink.Count();
  lex::TokenStream stream = LexForParser(source, sink);
  size_t lexer_errors = sink.Count() - first_error;
  Builder builder(source, names, out, sink, first_error);
  ParseState state(builder, stream.tokens);
  GrammarParser(state).parse();
  const File* file = builder.Finish(stream.directives);
  SortErrors(stream.tokens, first_error, lexer_errors, sink);
  return file;
}

const File* ParseLibraryFile(const diag::SourceFile& source, NameTable& names,
                             PackageSyntax& out, diag::DiagnosticSink& sink) {
  size_t first_error = sink.Count();
  lex::TokenStream stream = LexForParser(source, sink);
  assert(stream.tokens[0].kind == TokenKind::kPackage &&
         "the library has no scripts");
  auto file = std::make_unique<DeferredFile>();
  file->source = &source;
  file->tokens = std::move(stream.tokens);
  std::vector<lex::Token> tokens = WithoutBodies(file.get());
  out.deferred.push_back(std::move(file));
  Builder builder(source, names, out, sink, first_error);
  ParseState state(builder, tokens);
  GrammarParser(state).parse();
  return builder.Finish(stream.directives);
}

}  // namespace mgo::syntax
