// Golden tests of code generation: small functions and the instructions and
// root maps that they become.
#include <gtest/gtest.h>

#include <string>

#include "lang/types/test_importer.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/bytecode/disassemble.h"
#include "vm/bytecode/verify.h"
#include "vm/codegen/image.h"
#include "vm/ir/lower.h"
#include "vm/ir/opt.h"

namespace mgo::codegen {
namespace {

// The bytecode of function `name` of a program with these declarations, without
// the lines that say source lines.
std::string CodeOf(const std::string& declarations, llvm::StringRef name) {
  types::TestLoader loader("stdlib");
  types::Package* main =
      loader.Check({{"t.go", "package main\n" + declarations}});
  std::string text;
  llvm::raw_string_ostream out(text);
  if (main == nullptr || loader.sink.HasErrors()) {
    diag::Print(loader.sink, loader.world.sources, out);
    return text;
  }
  auto program = ir::LowerProgram(loader.world, *main, loader.sink);
  ir::OptOptions options;
  options.inlining = false;
  ir::Optimize(*program, loader.world, options);
  auto image = codegen::Generate(*program, loader.world, nullptr,
                                 /*for_running=*/false, loader.sink);
  for (const rt::Function* f : image->Functions()) {
    EXPECT_EQ(bytecode::Verify(*f), "");
    if (name != llvm::StringRef(f->name.data(), f->name.size())) continue;
    std::string dump;
    bytecode::Disassemble(
        *f,
        [&](const bytecode::Inst& inst, int word) {
          return image->NameOfWord(inst, word);
        },
        &dump);
    llvm::SmallVector<llvm::StringRef, 32> lines;
    llvm::StringRef(dump).split(lines, '\n');
    for (llvm::StringRef line : lines) {
      if (!line.empty() && !line.starts_with("  ;"))
        out << line.rtrim() << "\n";
    }
  }
  return text;
}

TEST(Codegen, CallsAndResultsInPlace) {
  EXPECT_EQ(CodeOf("func fib(n int) int {\n"
                   "  if n < 2 { return n }\n"
                   "  return fib(n-1) + fib(n-2)\n}\n"
                   "func main() { fib(3) }",
                   "main.fib"),
            "main.fib: frame 10, results 1, params 1\n"
            "     0  JGeI64Imm        1 #2 ->3\n"
            "     1  Mov              0 1\n"
            "     2  Return\n"
            "     3  AddI64Imm        5 1 #-1\n"
            "     4  Call             4 #10 main.fib\n"
            "     6  AddI64Imm        8 1 #-2\n"
            "     7  Call             7 #10 main.fib\n"
            "     9  AddI64           0 4 7\n"
            "    10  Return\n"
            "  roots @0:\n"
            "  roots @6:\n"
            "  roots @9:\n");
}

TEST(Codegen, CountingLoop) {
  EXPECT_EQ(CodeOf("func sum(a []int) (s int) {\n"
                   "  for i := 0; i < len(a); i++ { s += a[i] }\n"
                   "  return\n}\n"
                   "func main() { sum(nil) }",
                   "main.sum"),
            "main.sum: frame 6, results 1, params 3\n"
            "     0  Zero             0\n"
            "     1  Zero             4\n"
            "     2  JLeI64Imm        2 #0 ->5\n"
            "     3  AddI64Elem       0 1 4\n"
            "     4  IncJLtI64Loop    4 2 ->3\n"
            "     5  Return\n"
            "  roots @0: 1\n"
            "  roots @3: 1\n");
}

TEST(Codegen, UpdatesOfMemory) {
  EXPECT_EQ(CodeOf("type T struct { n int; x, y float64 }\n"
                   "func f(p, q *T, k float64, a []int, i, j int) {\n"
                   "  p.n++\n"
                   "  p.x += k * k\n"
                   "  q.x = k - q.y\n"
                   "  q.y -= k\n"
                   "  a[i] += 7\n"
                   "  a[i], a[j] = a[j], a[i]\n}\n"
                   "func main() { f(nil, nil, 1, nil, 0, 0) }",
                   "main.f"),
            "main.f: frame 10, results 0, params 8\n"
            "     0  AddToMemI64Imm   0 #1 #0\n"
            "     1  MulAddToMemF64   0 2 2 #8\n"
            "     3  LoadF64          0 1 #16\n"
            "     4  SubF64C          8 2 0\n"
            "     5  StoreF64B        1 8 #8\n"
            "     6  SubF64           0 0 2\n"
            "     7  StoreF64B        1 0 #16\n"
            "     8  LoadElem64       0 3 6\n"
            "     9  AddI64ImmB       0 0 #7\n"
            "    10  StoreElem64C     3 6 0\n"
            "    11  LoadElem64       1 3 7\n"
            "    12  StoreElem64C     3 6 1\n"
            "    13  StoreElem64      3 7 0\n"
            "    14  Return\n"
            "  roots @0: 0 1 3\n");
}

TEST(Codegen, ValueUsedTwiceIsNoUpdate) {
  EXPECT_EQ(CodeOf("type T struct { n int }\n"
                   "func f(p *T) int { p.n++; return p.n }\n"
                   "func main() { f(nil) }",
                   "main.f"),
            "main.f: frame 3, results 1, params 1\n"
            "     0  Load64           2 1 #0\n"
            "     1  AddI64ImmB       2 2 #1\n"
            "     2  Store64B         1 2 #0\n"
            "     3  Mov              0 2\n"
            "     4  Return\n"
            "  roots @0: 1\n");
}

TEST(Codegen, FloatsThroughTheAccumulator) {
  EXPECT_EQ(CodeOf("func f(x, y, z float64) float64 {\n"
                   "  return (x - y) / (z * (x + y))\n}\n"
                   "func main() { f(1, 2, 3) }",
                   "main.f"),
            "main.f: frame 5, results 1, params 3\n"
            "     0  SubF64           4 1 2\n"
            "     1  AddF64           1 1 2\n"
            "     2  MulF64B          1 1 3\n"
            "     3  DivF64C          0 4 1\n"
            "     4  Return\n"
            "  roots @0:\n");
}

TEST(Codegen, RootMapsNameLivePointers) {
  EXPECT_EQ(CodeOf("type T struct { p *T; s string; i any }\n"
                   "func h() { h() }\n"
                   "func f(a *T, b *T, n int) *T {\n"
                   "  s, i := a.s, b.i\n"
                   "  h()\n"
                   "  for n > 0 { h(); n-- }\n"
                   "  b.s, b.i = s, i\n"
                   "  return b\n}\n"
                   "func main() { f(nil, nil, 3) }",
                   "main.f"),
            "main.f: frame 11, results 1, params 3\n"
            "     0  Load128          4 1 #8\n"
            "     1  Load128          6 2 #24\n"
            "     2  Call             10 #3 main.h\n"
            "     4  JLeI64Imm        3 #0 ->9\n"
            "     5  Call             10 #3 main.h\n"
            "     7  AddI64Imm        3 3 #-1\n"
            "     8  JGtI64ImmLoopA   3 #0 ->5\n"
            "     9  StoreStr         2 4 #8\n"
            "    10  StoreIface       2 6 #24\n"
            "    11  Mov              0 2\n"
            "    12  Return\n"
            "  roots @0: 1 2\n"
            "  roots @4: 2 4 7i\n"
            "  roots @5: 2 4 7i\n"
            "  roots @7: 2 4 7i\n");
}

TEST(Codegen, SwitchAsTable) {
  EXPECT_EQ(CodeOf("func f(n int) int {\n"
                   "  switch n {\n"
                   "  case 10: return 1\n"
                   "  case 11: return 4\n"
                   "  case 12: return 9\n"
                   "  case 13: return 16\n"
                   "  case 14: return 25\n"
                   "  }\n"
                   "  return 0\n}\n"
                   "func main() { f(1) }",
                   "main.f"),
            "main.f: frame 5, results 1, params 1\n"
            "     0  AddI64Imm        3 1 #-10\n"
            "     1  JumpTable        3 ->8 ->10 ->12 ->14 ->16 ->18\n"
            "     8  LoadImm          0 #1\n"
            "     9  Return\n"
            "    10  LoadImm          0 #4\n"
            "    11  Return\n"
            "    12  LoadImm          0 #9\n"
            "    13  Return\n"
            "    14  LoadImm          0 #16\n"
            "    15  Return\n"
            "    16  LoadImm          0 #25\n"
            "    17  Return\n"
            "    18  Zero             0\n"
            "    19  Return\n"
            "  roots @0:\n");
}

}  // namespace
}  // namespace mgo::codegen
