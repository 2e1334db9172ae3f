#include "lang/lex/token.h"

namespace mgo::lex {

const char* Spelling(TokenKind kind) {
  static constexpr const char* kSpellings[] = {
#define TOKEN(name, spelling) spelling,
#include "lang/lex/tokens.def"
  };
  return kSpellings[static_cast<size_t>(kind)];
}

const char* TokenKindName(TokenKind kind) {
  static constexpr const char* kNames[] = {
#define TOKEN(name, spelling) #name,
#include "lang/lex/tokens.def"
  };
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace mgo::lex
