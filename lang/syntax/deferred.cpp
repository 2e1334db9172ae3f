#include "lang/syntax/deferred.h"

#include <algorithm>

#include "lang/syntax/builder.h"
#include "lang/syntax/grammar.hpp"
#include "lang/syntax/parse_state.h"

namespace mgo::syntax {

namespace {

using lex::Token;
using K = lex::TokenKind;

bool Opens(K kind) {
  return kind == K::kLBrace || kind == K::kLBody || kind == K::kLParen ||
         kind == K::kLBrack;
}
bool Closes(K kind) {
  return kind == K::kRBrace || kind == K::kRParen || kind == K::kRBrack;
}

// The index of the bracket that closes the one at `open`.
size_t ClosingOf(const std::vector<Token>& tokens, size_t open) {
  int depth = 0;
  size_t at = open;
  for (; tokens[at].kind != K::kEof; at++) {
    if (Opens(tokens[at].kind)) depth++;
    if (Closes(tokens[at].kind) && --depth == 0) break;
  }
  return at;
}

// The index of the brace that opens the body of the function whose keyword is
// at `func`; that of the next semicolon when it has none.
size_t BodyOf(const std::vector<Token>& tokens, size_t func) {
  for (size_t at = func + 1;; at++) {
    K kind = tokens[at].kind;
    if (kind == K::kSemicolon || kind == K::kEof) return at;
    if (!Opens(kind)) continue;
    K before = tokens[at - 1].kind;
    if (kind == K::kLBrace && before != K::kStruct && before != K::kInterface) {
      return at;
    }
    at = ClosingOf(tokens, at);
    if (tokens[at].kind == K::kEof) return at;
  }
}

}  // namespace

PackageSyntax::PackageSyntax() = default;
PackageSyntax::~PackageSyntax() = default;

std::vector<Token> WithoutBodies(DeferredFile* file) {
  const std::vector<Token>& tokens = file->tokens;
  std::vector<Token> out;
  out.reserve(tokens.size() / 2);
  for (size_t at = 0; at < tokens.size(); at++) {
    if (tokens[at].kind != K::kFunc || at == 0 ||
        tokens[at - 1].kind != K::kSemicolon) {
      // What else stands at top level is kept whole.
      size_t end = Opens(tokens[at].kind) ? ClosingOf(tokens, at) : at;
      end = std::min(end, tokens.size() - 1);
      out.insert(out.end(), tokens.begin() + at, tokens.begin() + end + 1);
      at = end;
      continue;
    }
    size_t body = BodyOf(tokens, at);
    out.insert(out.end(), tokens.begin() + at, tokens.begin() + body + 1);
    if (tokens[body].kind == K::kLBrace) {
      size_t end = ClosingOf(tokens, body);
      file->functions.push_back(
          {static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
      out.push_back(tokens[end]);
      body = end;
    }
    at = body;
  }
  return out;
}

void ParseBody(PackageSyntax& package, const FuncDecl& decl, NameTable& names,
               diag::DiagnosticSink& sink) {
  for (auto& file : package.deferred) {
    diag::Pos base = file->source->Base();
    if (decl.pos.offset < base.offset ||
        decl.pos.offset - base.offset > file->source->Text().size()) {
      continue;
    }
    auto range = std::lower_bound(
        file->functions.begin(), file->functions.end(), decl.pos,
        [&](const DeferredFile::Range& r, diag::Pos pos) {
          return file->tokens[r.func].pos.offset < pos.offset;
        });
    if (range == file->functions.end() ||
        !(file->tokens[range->func].pos == decl.pos) || range->end == 0) {
      return;
    }
    // The package clause, the function once more, a semicolon, the end.
    const auto& all = file->tokens;
    std::vector<Token> tokens(all.begin(), all.begin() + 3);
    tokens.insert(tokens.end(), all.begin() + range->func,
                  all.begin() + range->end + 1);
    tokens.push_back(all[2]);
    tokens.push_back(all.back());
    range->end = 0;
    Builder builder(*file->source, names, package, sink, sink.Count());
    ParseState state(builder, tokens);
    GrammarParser(state).parse();
    // Nobody has looked at the block yet: see above.
    auto* block = const_cast<BlockStmt*>(decl.body);
    block->stmts = builder.OnlyFunction()->body->stmts;
    return;
  }
}

}  // namespace mgo::syntax
