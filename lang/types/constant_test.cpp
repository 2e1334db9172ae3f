#include "lang/types/constant.h"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <optional>

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace mgo::types {
namespace {

using syntax::LitKind;
using syntax::Op;

// Evaluates the postfix expressions of constant_cases.def.
class Evaluator {
 public:
  explicit Evaluator(ConstantArena& arena) : arena_(arena) {}

  const Constant* Run(llvm::StringRef text) {
    llvm::SmallVector<llvm::StringRef> words;
    text.split(words, ' ');
    for (llvm::StringRef word : words) Step(word);
    return stack_.back();
  }

 private:
  const Constant* Pop() {
    const Constant* top = stack_.back();
    stack_.pop_back();
    return top;
  }

  void Step(llvm::StringRef word) {
    if (!Operator(word) && !Function(word)) stack_.push_back(Literal(word));
  }

  bool Operator(llvm::StringRef word) {
    Op op = llvm::StringSwitch<Op>(word)
                .Case("+", Op::kAdd)
                .Case("-", Op::kSub)
                .Case("*", Op::kMul)
                .Cases("/", "//", Op::kQuo)
                .Case("%", Op::kRem)
                .Case("&", Op::kAnd)
                .Case("|", Op::kOr)
                .Case("^", Op::kXor)
                .Case("&^", Op::kAndNot)
                .Case("<<", Op::kShl)
                .Case(">>", Op::kShr)
                .Case("==", Op::kEql)
                .Case("!=", Op::kNeq)
                .Case("<", Op::kLss)
                .Case("<=", Op::kLeq)
                .Case(">", Op::kGtr)
                .Case(">=", Op::kGeq)
                .Case("&&", Op::kLAnd)
                .Case("||", Op::kLOr)
                .Default(Op::kNone);
    if (op == Op::kNone) return false;
    const Constant* y = Pop();
    const Constant* x = Pop();
    if (op == Op::kShl || op == Op::kShr) {
      uint64_t count = 0;
      EXPECT_TRUE(y->Uint64Value(&count));
      stack_.push_back(arena_.Shift(x, op, count));
    } else if (op >= Op::kEql && op <= Op::kGeq) {
      stack_.push_back(arena_.Bool(arena_.Compare(x, op, y)));
    } else {
      stack_.push_back(arena_.Binary(x, op, y, word == "//"));
    }
    return true;
  }

  bool Function(llvm::StringRef word) {
    if (word == "true" || word == "false") {
      stack_.push_back(arena_.Bool(word == "true"));
      return true;
    }
    constexpr llvm::StringLiteral kNames[] = {
        "neg",     "com", "com8", "com64", "not", "toint",
        "tofloat", "re",  "im",   "f32",   "f64"};
    if (llvm::find(kNames, word) == std::end(kNames)) return false;
    const Constant* x = Pop();
    const Constant* result = nullptr;
    if (word == "neg") result = arena_.Unary(Op::kSub, x, 0);
    if (word == "com") result = arena_.Unary(Op::kXor, x, 0);
    if (word == "com8") result = arena_.Unary(Op::kXor, x, 8);
    if (word == "com64") result = arena_.Unary(Op::kXor, x, 64);
    if (word == "not") result = arena_.Unary(Op::kNot, x, 0);
    if (word == "toint") result = arena_.ToInt(x);
    if (word == "tofloat") result = arena_.ToFloat(x);
    if (word == "re") result = arena_.Real(x);
    if (word == "im") result = arena_.Imag(x);
    if (word == "f32") result = arena_.RoundFloat32(x);
    if (word == "f64") result = arena_.RoundFloat64(x);
    stack_.push_back(result);
    return true;
  }

  const Constant* Literal(llvm::StringRef word) {
    LitKind kind = LitKind::kInt;
    bool hex = word.starts_with_insensitive("0x");
    if (word.front() == '"' || word.front() == '`') {
      kind = LitKind::kString;
    } else if (word.front() == '\'') {
      kind = LitKind::kChar;
    } else if (word.back() == 'i') {
      kind = LitKind::kImag;
    } else if (word.find_first_of(hex ? "pP." : ".eE") != word.npos) {
      kind = LitKind::kFloat;
    }
    return arena_.FromLiteral(kind, word);
  }

  ConstantArena& arena_;
  std::vector<const Constant*> stack_;
};

struct Case {
  const char* expression;
  ConstKind kind;
  const char* text;
  const char* exact;
  uint64_t float64;
  uint32_t float32;
};

const Case kCases[] = {
#define CASE(expression, kind, text, exact, f64, f32) \
  {expression, ConstKind::kind, text, exact, f64, f32},
#include "lang/types/constant_cases.def"
};

TEST(Constant, ComputesAsGoDoes) {
  ConstantArena arena;
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.expression);
    const Constant* x = Evaluator(arena).Run(c.expression);
    EXPECT_EQ(x->Kind(), c.kind);
    EXPECT_EQ(x->ToString(), c.text);
    if (*c.exact != '\0') {
      EXPECT_EQ(x->ExactString(), c.exact);
    }
    if (c.kind != ConstKind::kInt && c.kind != ConstKind::kFloat) continue;
    EXPECT_EQ(std::bit_cast<uint64_t>(x->Float64Value()), c.float64);
    EXPECT_EQ(std::bit_cast<uint32_t>(x->Float32Value()), c.float32);
  }
}

TEST(Constant, GivesIntegersWhereTheyFit) {
  ConstantArena arena;
  int64_t i;
  uint64_t u;
  const Constant* large = arena.Uint(UINT64_MAX);
  EXPECT_FALSE(large->Int64Value(&i));
  ASSERT_TRUE(large->Uint64Value(&u));
  EXPECT_EQ(u, UINT64_MAX);
  const Constant* negative = arena.Int(-5);
  ASSERT_TRUE(negative->Int64Value(&i));
  EXPECT_EQ(i, -5);
  EXPECT_FALSE(negative->Uint64Value(&u));
  EXPECT_EQ(ConstantArena::BitLength(large), 64);
  EXPECT_EQ(ConstantArena::BitLength(negative), 3);
  EXPECT_EQ(ConstantArena::BitLength(arena.Int(INT64_MIN)), 64);
  const Constant* huge = arena.Shift(arena.Int(1), Op::kShl, 511);
  EXPECT_EQ(ConstantArena::BitLength(huge), 512);
}

TEST(Constant, RefusesWhatIsTooLarge) {
  ConstantArena arena;
  uint64_t count = uint64_t{1} << 40;
  EXPECT_EQ(arena.Shift(arena.Int(1), Op::kShl, count)->Kind(),
            ConstKind::kUnknown);
  EXPECT_EQ(arena.Shift(arena.Int(0), Op::kShl, count)->ToString(), "0");
  EXPECT_EQ(arena.Shift(arena.Int(-1), Op::kShr, count)->ToString(), "-1");
  EXPECT_EQ(arena.Binary(arena.Int(1), Op::kQuo, arena.Int(0), true)->Kind(),
            ConstKind::kUnknown);
  EXPECT_EQ(arena.Binary(arena.Int(1), Op::kQuo, arena.Int(0), false)->Kind(),
            ConstKind::kUnknown);
  EXPECT_EQ(arena.FromLiteral(LitKind::kInt, "0x")->Kind(),
            ConstKind::kUnknown);
  EXPECT_EQ(arena.FromLiteral(LitKind::kString, "\"\\q\"")->Kind(),
            ConstKind::kUnknown);
  EXPECT_EQ(arena.FromLiteral(LitKind::kChar, "''")->Kind(),
            ConstKind::kUnknown);
}

// A sum of many strings, as generated tables have, takes linear time.
TEST(Constant, ConcatenatesManyStrings) {
  ConstantArena arena;
  constexpr int kParts = 300000;
  const Constant* part = arena.String("0123456789");
  const Constant* left = arena.String("");
  const Constant* right = arena.String("");
  for (int i = 0; i < kParts; i++) {
    left = arena.Binary(left, Op::kAdd, part, false);
    right = arena.Binary(part, Op::kAdd, right, false);
  }
  EXPECT_EQ(left->StringValue().size(), kParts * 10u);
  EXPECT_TRUE(arena.Compare(left, Op::kEql, right));
}

TEST(Constant, KeepsLiteralsBounded) {
  ConstantArena arena;
  auto start = std::chrono::steady_clock::now();
  std::string digits(100000, '7');
  EXPECT_EQ(arena.FromLiteral(LitKind::kInt, digits)->Kind(), ConstKind::kInt);
  for (const char* exponent : {"e600000000", "e-600000000", "e2147483647",
                               "e-2147483648", "e99999999999999999999"}) {
    const Constant* x =
        arena.FromLiteral(LitKind::kFloat, "1.5" + std::string(exponent));
    x->ToString();
    arena.Binary(x, Op::kMul, x, false)->ToString();
  }
  std::string small = "0." + std::string(100000, '0') + "1e100000";
  EXPECT_EQ(arena.FromLiteral(LitKind::kFloat, small)->ToString(), "0.1");
  auto spent = std::chrono::steady_clock::now() - start;
  EXPECT_LT(std::chrono::duration<double>(spent).count(), 5.0);
}

}  // namespace
}  // namespace mgo::types
