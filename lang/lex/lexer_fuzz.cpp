// libFuzzer target: the lexer and the brace filter, on any bytes. Both must
// end, and leave tokens that lie in the text, in order, with the end last.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lang/lex/brace_filter.h"
#include "lang/lex/lexer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mgo;  // NOLINT
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  const diag::SourceFile* file = sources.Add(
      "fuzz.go", std::string(reinterpret_cast<const char*>(data), size));
  lex::TokenStream stream = lex::Lex(*file, sink);
  lex::FilterBraces(&stream.tokens, sink);
  if (stream.tokens.empty() ||
      stream.tokens.back().kind != lex::TokenKind::kEof) {
    abort();
  }
  uint32_t at = file->Base().offset;
  for (const lex::Token& token : stream.tokens) {
    uint32_t end = file->Base().offset + static_cast<uint32_t>(size);
    if (token.pos.offset < at || token.pos.offset + token.length > end) abort();
    at = token.pos.offset;
  }
  return 0;
}
