// Tests of the checker on small programs, and of every kind of diagnostic.
#include <gtest/gtest.h>

#include "lang/types/dump.h"
#include "lang/types/test_importer.h"

namespace mgo::types {
namespace {

using diag::DiagKind;

// The messages for a program, one per line: "line:col: message".
std::string Check(const std::string& text) {
  TestLoader loader("stdlib");
  loader.Check({{"x.mgo", text}});
  std::string result;
  loader.sink.SortAndDeduplicate();
  for (const diag::Diagnostic& d : loader.sink.All()) {
    diag::Location at = loader.world.sources.Locate(d.pos);
    result += std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
              d.message + "\n";
  }
  return result;
}

// The same for statements of a function.
std::string CheckBody(const std::string& body) {
  return Check("package p\nfunc f() {\n" + body + "\n}\n");
}

TEST(CheckTest, InfersTypeArgumentsOfGenericArguments) {
  EXPECT_EQ("", Check(R"(package p
func id[T any](x T) T { return x }
func pair[T any](x T) (T, T) { return x, x }
func apply[A, B any](a A, f func(A) B) B { return f(a) }
func apply2[A, B, C any](a A, f func(A) (B, C)) (B, C) { return f(a) }
var s string = apply("x", id)
var f, g float64 = apply2(1.5, pair)
var h func(int, func(int) int) int = apply
)"));
  EXPECT_EQ(
      "3:24: inferred type func(x int) int for func(x T) T does not match type "
      "func(int) bool of v\n",
      Check(R"(package p
func id[T any](x T) T { return x }
var v func(int) bool = id
)"));
}

TEST(CheckTest, FindsInstancesWithoutEnd) {
  EXPECT_EQ("2:8: instantiation cycle:\n\tx.mgo:2:23: T instantiated as *T\n",
            Check("package p\nfunc f[T any](x T) { f(&x) }\n"));
  EXPECT_EQ("", Check("package p\nfunc f[A, B any]() { f[B, A]() }\n"));
}

TEST(CheckTest, AcceptsPlainProgram) {
  EXPECT_EQ("", Check(R"(package p
type T struct { next *T; name string }
func (t *T) Len() int { if t == nil { return 0 }; return 1 + t.next.Len() }
var total = (&T{name: "a"}).Len()
func main2() (n int, err error) {
	for i := range 10 { n += i << 2 }
	m := map[string][]int{"a": {1, 2}}
	if v, ok := m["a"]; ok { n += v[0] }
	defer func() { _ = recover() }()
	return n, nil
})"));
}

TEST(CheckTest, ReportsMismatches) {
  EXPECT_EQ(
      "4:5: invalid operation: x + \"a\" (mismatched types int and untyped "
      "string)\n",
      CheckBody("x := 1\n_ = x + \"a\""));
  EXPECT_EQ(
      "3:13: cannot use \"a\" (untyped string constant) as int value in "
      "variable declaration\n",
      CheckBody("var x int = \"a\"; _ = x"));
}

TEST(CheckTest, SilentAfterAnError) {
  EXPECT_EQ("3:6: undefined: y\n",
            CheckBody("x := y\n_ = x + 1\n_ = x.foo(x)[3]"));
}

TEST(CheckTest, FindsUnusedVariables) {
  EXPECT_EQ("3:1: declared and not used: x\n", CheckBody("x := 1"));
  EXPECT_EQ("", CheckBody("x := 1; func() { x++ }()"));
}

TEST(CheckTest, OrdersInitialization) {
  TestLoader loader("stdlib");
  Package* package = loader.Check({{"x.mgo", R"(package p
var a = c + b
var b = f()
var c = 1
func f() int { return d }
var d = 2
)"}});
  ASSERT_NE(nullptr, package);
  std::string order;
  for (const Initializer& step : package->info.init_order) {
    order += step.lhs[0]->name->text;
  }
  EXPECT_EQ("cdba", order);
}

TEST(CheckTest, GivesUntypedOperandsTheirTypes) {
  TestLoader loader("stdlib");
  Package* package = loader.Check(
      {{"x.mgo", "package p\nvar s uint = 3\nvar f int64 = 1<<s + 2\n"}});
  ASSERT_NE(nullptr, package);
  std::string text;
  llvm::raw_string_ostream out(text);
  DumpTypes(*package, loader.world.sources, out);
  EXPECT_NE(std::string::npos, text.find("3:15 1 << s + 2: value int64"));
  EXPECT_NE(std::string::npos, text.find("3:15 1: constant int64 = 1"));
  EXPECT_NE(std::string::npos, text.find("3:22 2: constant int64 = 2"));
}

TEST(CheckTest, ChecksGenerics) {
  EXPECT_EQ("", Check(R"(package p
type Number interface { ~int | ~float64 }
func Sum[T Number](xs []T) (s T) { for _, x := range xs { s += x }; return }
type List[T any] struct { head *node[T] }
type node[T any] struct { value T; next *node[T] }
func (l *List[T]) Push(v T) { l.head = &node[T]{v, l.head} }
var a = Sum([]int{1, 2})
func g() { var l List[string]; l.Push("a") }
)"));
  EXPECT_EQ(
      "3:15: string does not satisfy Number (string missing in ~int | "
      "~float64)\n",
      Check("package p; type Number interface { ~int | ~float64 }\n"
            "func Sum[T Number](xs ...T) {}\n"
            "func g() { Sum(\"a\") }\n"));
}

TEST(CheckTest, LongChainsTakeNoStack) {
  std::string text = "package p\nvar x = 1\nvar y = x";
  for (int i = 0; i < 200000; i++) text += " + 1";
  EXPECT_EQ("", Check(text + "\n"));
}

// The notes for a program, one per line: "line: note".
std::string Notes(const std::string& text) {
  TestLoader loader("stdlib");
  loader.world.library_path = [](llvm::StringRef name) {
    return std::string(name == "rand"  ? "math/rand"
                       : name == "fmt" ? "fmt"
                                       : "");
  };
  loader.Check({{"x.mgo", text}});
  std::string result;
  loader.sink.SortAndDeduplicate();
  for (const diag::Diagnostic& d : loader.sink.All()) {
    for (const std::string& note : d.notes) {
      result +=
          std::to_string(loader.world.sources.Locate(d.pos).line) + ": " + note;
      result += "\n";
    }
  }
  return result;
}

TEST(CheckTest, HintsAtWhatWasMeant) {
  EXPECT_EQ(
      "5: did you mean count?\n"
      "6: import \"math/rand\" is missing\n"
      "7: did you mean Name?\n"
      "9: did you mean Println?\n",
      Notes(R"(package p
import "fmt"
type T struct { Name, hidden int }
func f(t T, counts, count int) {
	_ = cuont
	_ = rand.Int()
	_ = t.Nane
	_ = completelyOther
	fmt.Prntln()
})"));
  EXPECT_EQ(
      "6: the text of a number is fmt.Sprint(n)\n"
      "7: it may be converted: float64(n)\n"
      "8: it may be converted: int(f)\n"
      "9: a string stands in double quotes\n"
      "10: a condition is a comparison: n != 0\n"
      "11: values are added by x = append(x, v)\n"
      "12: its length is len(x)\n"
      "13: did you mean nil?\n"
      "14: \"fmt\" is imported as out\n",
      Notes(R"(package p
import out "fmt"
func f(n int, f float64, xs []int) {
	out.Println()
	// What other languages do without being asked.
	_ = "n: " + n
	_ = n * f
	n = f
	var s string = 'a'; _ = s
	if n {}
	xs.push(1)
	_ = xs.length
	xs = None
	fmt.Println()
})"));
  // Elsewhere a name that the script declares later would be found.
  EXPECT_EQ("1: b is declared after this, on line 2\n",
            Notes("a := b\nb := 1\nfunc f() int { return b }\n"));
}

TEST(CheckTest, ScriptVariablesThatNoFunctionSeesAreLocal) {
  TestLoader loader("stdlib");
  Package* p = loader.Check({{"x.mgo", R"(
seen := 1
var method, unseen = 2, 3
f := func() int { return unseen }
type T struct{}
func (T) get() int { return method }
func g() { seen++ }
)"}});
  ASSERT_FALSE(loader.sink.HasErrors());
  ASSERT_NE(p->script, nullptr);
  std::string globals;
  for (const Symbol* symbol : p->scope->Symbols()) {
    if (symbol->kind != SymbolKind::kVar) continue;
    EXPECT_EQ(symbol->is_global, symbol->function == nullptr);
    if (symbol->is_global) globals += symbol->name->text.str() + " ";
  }
  EXPECT_EQ(globals, "seen method ");
}

// Every kind of the checker's diagnostics has a program that triggers it.
TEST(CheckTest, EveryKindHasAnExample) {
  static constexpr DiagKind kKinds[] = {
#define DIAG(name, pattern, example) DiagKind::k##name,
#include "lang/diag/types.def"
#undef DIAG
  };
  for (DiagKind kind : kKinds) {
    std::string example = diag::ExampleOf(kind);
    if (example.empty()) continue;
    // Imports stand on their own lines, as in any program.
    for (size_t at; (at = example.find("; import")) != std::string::npos;) {
      example.replace(at, 2, "\n");
    }
    TestLoader loader("stdlib");
    loader.Check({{"x.mgo", example + "\n"}});
    bool found = false;
    std::string others;
    for (const diag::Diagnostic& d : loader.sink.All()) {
      found |= d.kind == kind;
      others += d.message + "\n";
    }
    EXPECT_TRUE(found) << diag::NameOf(kind) << ": " << example << "\n"
                       << others;
  }
}

}  // namespace
}  // namespace mgo::types
