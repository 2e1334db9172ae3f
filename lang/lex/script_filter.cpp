#include "lang/lex/script_filter.h"

namespace mgo::lex {
namespace {

using K = TokenKind;

bool Opens(K kind) {
  return kind == K::kLParen || kind == K::kLBrack || kind == K::kLBrace ||
         kind == K::kLBody;
}

bool Closes(K kind) {
  return kind == K::kRParen || kind == K::kRBrack || kind == K::kRBrace;
}

// The index after the bracket that closes the one at `at`; that of the end
// where there is none.
size_t Closing(const std::vector<Token>& tokens, size_t at) {
  int depth = 0;
  for (; tokens[at].kind != K::kEof; at++) {
    if (Opens(tokens[at].kind)) depth++;
    if (Closes(tokens[at].kind) && --depth == 0) return at + 1;
  }
  return at;
}

// Tells whether the `func` at `at`, where a statement starts, declares: a name
// follows, or a receiver and then a name with parameters. After the parameters
// of a literal a name is its result, and no parameters follow.
bool Declares(const std::vector<Token>& tokens, size_t at) {
  at++;
  if (tokens[at].kind == K::kName) return true;
  if (tokens[at].kind != K::kLParen) return false;
  at = Closing(tokens, at);
  if (tokens[at].kind != K::kName) return false;
  at++;
  // Type parameters, which methods must not have.
  if (tokens[at].kind == K::kLBrack) at = Closing(tokens, at);
  return tokens[at].kind == K::kLParen;
}

}  // namespace

void MarkScript(std::vector<Token>* tokens) {
  int depth = 0;
  bool starts = true;
  for (size_t at = 0; at < tokens->size(); at++) {
    Token& token = (*tokens)[at];
    if (starts && depth == 0) {
      if (token.kind == K::kImport) token.kind = K::kImportDecl;
      if (token.kind == K::kFunc && Declares(*tokens, at)) {
        token.kind = K::kFuncDecl;
      }
    }
    if (Opens(token.kind)) depth++;
    if (Closes(token.kind) && depth > 0) depth--;
    starts = token.kind == K::kSemicolon;
  }
  Token script = (*tokens)[0];
  script.kind = K::kScript;
  script.flags = 0;
  script.length = 0;
  tokens->insert(tokens->begin(), script);
}

}  // namespace mgo::lex
