// Tokens: what the lexer makes of a file's bytes and the parser reads.
//
// A token is twelve bytes and refers to the file's text instead of holding it,
// so that lexing a file is one pass that allocates one vector.
#ifndef MGO_LANG_LEX_TOKEN_H_
#define MGO_LANG_LEX_TOKEN_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "lang/diag/source.h"
#include "llvm/ADT/StringRef.h"

namespace mgo::lex {

using diag::Pos;

// The kind of a token; one enumerator per row of tokens.def. kLBody is a `{`
// that opens the body of an if, for, switch or select statement; only the
// brace filter makes it. kFuncDecl and kImportDecl are keywords that start a
// declaration at the top level of a script, and kScript stands before a
// script's first token; only the script filter makes those.
enum class TokenKind : uint8_t {
#define TOKEN(name, spelling) k##name,
#include "lang/lex/tokens.def"
};

// How many kinds there are.
inline constexpr int kTokenKinds = 0
#define TOKEN(name, spelling) +1
#include "lang/lex/tokens.def"
    ;

// What else is known about a token.
enum TokenFlag : uint8_t {
  // A semicolon that stands for the end of a line.
  kFromNewline = 1,
  // A semicolon that stands for the end of the file.
  kFromEof = 2,
  // A raw string that contains carriage returns.
  kHasCarriageReturn = 4,
  // A literal about which the lexer reported an error.
  kMalformed = 8,
};

// One token.
struct Token {
  TokenKind kind = TokenKind::kEof;
  // TokenFlag bits.
  uint8_t flags = 0;
  // Its first byte.
  Pos pos;
  // Its bytes; 0 for a semicolon that was not written and for the end.
  uint32_t length = 0;
};

// A comment `//go:...` or `//mgo:...`, with its position.
using Directive = std::pair<Pos, llvm::StringRef>;

// The tokens of one file.
struct TokenStream {
  // At least the end, which comes last.
  std::vector<Token> tokens;
  std::vector<Directive> directives;
};

// A token's bytes in the file.
inline llvm::StringRef TextOf(const Token& token,
                              const diag::SourceFile& file) {
  return file.Text().substr(token.pos.offset - file.Base().offset,
                            token.length);
}

// The spelling of an operator or keyword; a word for the class of others.
const char* Spelling(TokenKind kind);
// The name of the kind, as in tokens.def, for dumps.
const char* TokenKindName(TokenKind kind);
// Tells whether the kind is a reserved word.
inline bool IsKeyword(TokenKind kind) { return kind >= TokenKind::kBreak; }
// Tells whether the kind is a literal.
inline bool IsLiteral(TokenKind kind) {
  return kind >= TokenKind::kInt && kind <= TokenKind::kString;
}

}  // namespace mgo::lex

#endif  // MGO_LANG_LEX_TOKEN_H_
