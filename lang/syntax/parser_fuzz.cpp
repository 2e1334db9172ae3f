// libFuzzer target: the parser, on any bytes. Where it reports nothing, the
// tree prints.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lang/syntax/dump.h"
#include "lang/syntax/parser.h"
#include "llvm/Support/raw_ostream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mgo;  // NOLINT
  diag::SourceSet sources;
  diag::DiagnosticSink sink;
  syntax::NameTable names;
  syntax::PackageSyntax package;
  const diag::SourceFile* source = sources.Add(
      "fuzz.go", std::string(reinterpret_cast<const char*>(data), size));
  const syntax::File* file = syntax::ParseFile(*source, names, package, sink);
  if (sink.HasErrors()) return 0;
  std::string text;
  llvm::raw_string_ostream out(text);
  syntax::DumpAst(*file, out);
  return 0;
}
