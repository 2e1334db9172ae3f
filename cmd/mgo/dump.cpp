#include "lang/syntax/dump.h"

#include "cmd/mgo/commands.h"
#include "cmd/mgo/compile.h"
#include "lang/syntax/parser.h"
#if __has_include("lang/types/dump.h")
#include "lang/types/dump.h"
#define MGO_HAS_TYPES_DUMP
#endif
#include "llvm/Support/MemoryBuffer.h"
#include "runtime/base/debug_vars.h"
#include "vm/bytecode/disassemble.h"
#include "vm/ir/dump.h"

namespace mgo::cmd {
namespace {

// Tokens and syntax trees need no checked program.
bool DumpSyntax(const std::vector<std::string>& sources, bool tokens) {
  types::World world;
  diag::DiagnosticSink sink;
  for (const std::string& name : sources) {
    auto buffer = llvm::MemoryBuffer::getFile(name);
    if (!buffer) {
      llvm::errs() << "mgo: " << name << ": " << buffer.getError().message()
                   << "\n";
      return false;
    }
    const diag::SourceFile* source =
        world.sources.Add(name, (*buffer)->getBuffer().str());
    if (tokens) {
      lex::TokenStream stream = syntax::LexForParser(*source, sink);
      syntax::DumpTokens(stream.tokens, *source, llvm::outs());
    } else {
      syntax::PackageSyntax package;
      const syntax::File* file =
          syntax::ParseFile(*source, world.names, package, sink);
      syntax::DumpAst(*file, llvm::outs());
    }
  }
  if (!sink.HasErrors()) return true;
  diag::Print(sink, world.sources, llvm::errs());
  return false;
}

void DumpBytecode(const Compilation& c, bool all) {
  for (const auto& f : c.program->functions) {
    bool library = f->package == nullptr || f->package->is_library;
    if (library && !all) continue;
    std::string text;
    bytecode::Disassemble(
        *c.image->Functions()[f->index],
        [&](const bytecode::Inst& inst, int word) {
          return c.image->NameOfWord(inst, word);
        },
        &text);
    llvm::outs() << text << "\n";
  }
}

bool DumpPhase(llvm::StringRef phase, const std::vector<std::string>& sources,
               bool all) {
  if (phase == "--tokens" || phase == "--ast") {
    return DumpSyntax(sources, phase == "--tokens");
  }
  Compilation& c = NewCompilation();
  Phase last = phase == "--types" ? Phase::kCheck
               : phase == "--ir"  ? Phase::kLower
                                  : Phase::kGenerate;
  if (!Compile(c, sources, last, false)) return false;
  if (phase == "--types") {
#ifdef MGO_HAS_TYPES_DUMP
    types::DumpTypes(*c.main, c.world.sources, llvm::outs());
#endif
  } else if (phase == "--ir") {
    ir::DumpProgram(*c.program, llvm::outs(), all ? "" : "main");
  } else {
    DumpBytecode(c, all);
  }
  return true;
}

}  // namespace

int Dump(const Command& self, llvm::ArrayRef<std::string> args) {
  static const llvm::StringRef kPhases[] = {"--tokens", "--ast", "--types",
                                            "--ir", "--bytecode"};
  std::string phase;
  bool all = false;
  while (!args.empty() && llvm::StringRef(args[0]).starts_with("-")) {
    if (args[0] == "--all") {
      all = true;
    } else if (llvm::is_contained(kPhases, llvm::StringRef(args[0]))) {
      phase = args[0];
    } else {
      return UsageError(self, "unknown flag " + args[0]);
    }
    args = args.drop_front();
  }
  if (phase.empty()) return UsageError(self, "say which phase to show");
  std::vector<std::string> sources = TakeSources(args);
  if (sources.empty()) return UsageError(self, "no file given");
  if (!args.empty()) return UsageError(self, "unexpected " + args[0]);
  rt::InitDebugVars();
  bool ok = false;
  OnLargeStack([&] { ok = DumpPhase(phase, sources, all); });
  return ok ? 0 : kExitCompileError;
}

}  // namespace mgo::cmd
