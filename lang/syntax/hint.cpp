// What somebody who knows another language may have meant.
//
// The message of a syntax error is Go's, which knows of no other language. A
// note says how Go spells what was probably meant. It is guessed from the words
// at the error and at the start of its statement, and there is none where the
// guess would be a weak one.
#include "lang/syntax/diagnose.h"

namespace mgo::syntax {
namespace {

using K = lex::TokenKind;
using lex::Token;

constexpr char kStepNote[] =
    "++ and -- are statements, and stand behind their variable: i++";
constexpr char kBraceNote[] =
    "the { must stand at the end of the line that it belongs to";
constexpr char kLiteralNote[] =
    "a list of values begins with its type: []int{1, 2}";
constexpr char kFuncNote[] = "a function begins with func: func f(x int) int {";

struct WordNote {
  const char* word;
  const char* note;
};

// Words that begin a statement or a declaration elsewhere.
constexpr WordNote kFirstWords[] = {
    {"while", "Go's only loop is for: for x < 10 {"},
    {"until", "Go's only loop is for: for x < 10 {"},
    {"loop", "Go's only loop is for: for {"},
    {"do", "Go's only loop is for: for {"},
    {"foreach", "this loop is: for i, x := range xs {"},
    {"let", "variables are declared with := or var"},
    {"auto", "variables are declared with := or var"},
    {"val", "variables are declared with := or var"},
    {"unless", "there is no unless: if !x {"},
    {"elif", "this is spelt else if, on the line of the } before it"},
    {"elsif", "this is spelt else if, on the line of the } before it"},
    {"elseif", "this is spelt else if, on the line of the } before it"},
    {"try", "functions return an error as a result: if err != nil {"},
    {"catch", "functions return an error as a result: if err != nil {"},
    {"except", "functions return an error as a result: if err != nil {"},
    {"finally", "what must happen at a function's end is deferred: defer f()"},
    {"throw", "functions return an error as a result, or call panic"},
    {"raise", "functions return an error as a result, or call panic"},
    {"def", kFuncNote},
    {"fn", kFuncNote},
    {"fun", kFuncNote},
    {"function", kFuncNote},
    {"void", kFuncNote},
    {"class", "a type with fields is: type T struct {"},
    {"struct", "a type with fields is: type T struct {"},
    {"enum", "named constants are counted with iota in a const group"},
    {"using", "a package is imported: import \"fmt\""},
    {"from", "a package is imported: import \"fmt\""},
    {"include", "a package is imported: import \"fmt\""},
};

// Words at the error.
constexpr WordNote kHereWords[] = {
    {"elif", "this is spelt else if"},
    {"elsif", "this is spelt else if"},
    {"elseif", "this is spelt else if"},
    {"catch", "functions return an error as a result: if err != nil {"},
    {"and", "this operator is spelt &&"},
    {"or", "this operator is spelt ||"},
    {"not", "this operator is spelt !"},
    {"is", "this operator is spelt =="},
    {"in", "this loop is: for i, x := range xs {"},
    {"of", "this loop is: for i, x := range xs {"},
};

// Types, here and elsewhere, that stand before a variable there.
constexpr const char* kTypeWords[] = {
    "int",     "string", "bool", "byte", "rune",   "int64", "float32",
    "float64", "uint",   "char", "long", "double", "float", "boolean",
};

// Guesses for one error.
class Guess {
 public:
  explicit Guess(const ErrorSite& site) : site_(site) {}

  std::string Note(const Finding& finding) const {
    llvm::StringRef message = finding.message;
    if (message.contains("outside function body")) return TopLevel();
    if (message.contains("semicolon or newline before {")) return kBraceNote;
    if (message.contains("unexpected newline, expected {")) return kBraceNote;
    if (message.contains("in composite literal")) return InLiteral();
    switch (Kind(0)) {
      case K::kElse:
        return "else must stand on the line of the } before it";
      case K::kInc:
      case K::kDec:
        return kStepNote;
      case K::kLBrace:
        return message.contains("expected expression") ? kLiteralNote : "";
      case K::kComma:
        return message.contains("expected ]") ? kLiteralNote : "";
      case K::kAssign:
        if (Kind(1) == K::kGtr) {
          return "a function without a name is: func(x int) int { return x }";
        }
        return "";
      default:
        return Words(message);
    }
  }

 private:
  // The token so many places behind the error, or before it.
  const Token* At(int offset) const {
    int64_t index = static_cast<int64_t>(site_.at) + offset;
    bool there =
        index >= 0 && index < static_cast<int64_t>(site_.tokens.size());
    return there ? &site_.tokens[index] : nullptr;
  }
  K Kind(int offset) const {
    const Token* token = At(offset);
    return token != nullptr ? token->kind : K::kEof;
  }
  llvm::StringRef Word(size_t index) const {
    const Token& token = site_.tokens[index];
    // Of keywords only those are asked about that are none in Go, and struct.
    if (token.kind == K::kStruct) return "struct";
    return token.kind == K::kName ? lex::TextOf(token, site_.source) : "";
  }
  static std::string Find(llvm::ArrayRef<WordNote> notes,
                          llvm::StringRef word) {
    for (const WordNote& one : notes) {
      if (word == one.word) return one.note;
    }
    return "";
  }
  static bool IsTypeWord(llvm::StringRef word) {
    return llvm::is_contained(kTypeWords, word);
  }

  // Where the statement with the error begins.
  size_t Start() const {
    size_t at = site_.at;
    while (at > 0) {
      K before = site_.tokens[at - 1].kind;
      if (before == K::kSemicolon || before == K::kLBrace ||
          before == K::kLBody || before == K::kRBrace) {
        break;
      }
      at--;
    }
    return at;
  }

  std::string TopLevel() const {
    llvm::StringRef word = Word(site_.at);
    std::string note = Find(kFirstWords, word);
    if (!note.empty()) return note;
    if (Kind(0) != K::kName) return "";
    if (Kind(1) == K::kDefine) {
      return "outside functions a variable is: var " + word.str() + " = …";
    }
    if (!IsTypeWord(word) || Kind(1) != K::kName) return "";
    if (Kind(2) == K::kLParen) return kFuncNote;
    return TypeFirst(site_.at);
  }

  // `int x = 5`.
  std::string TypeFirst(size_t at) const {
    return ("the type stands behind the name: var " + Word(at + 1) + " " +
            Word(at))
        .str();
  }

  // In a list in braces, which may be the block of `try {`.
  std::string InLiteral() const {
    if (Kind(0) == K::kAssign) return "fields are set with a colon: x: 1";
    int depth = 0;
    for (size_t at = site_.at; at-- > 1;) {
      K kind = site_.tokens[at].kind;
      if (kind == K::kRBrace) depth++;
      if (kind != K::kLBrace && kind != K::kLBody) continue;
      if (depth-- > 0) continue;
      return Find(kFirstWords, Word(at - 1));
    }
    return "";
  }

  std::string Words(llvm::StringRef message) const {
    size_t start = Start();
    if (start < site_.at) {
      std::string note = Find(kFirstWords, Word(start));
      if (!note.empty()) return note;
    }
    if (Kind(0) == K::kName) {
      std::string note = Find(kHereWords, Word(site_.at));
      if (!note.empty()) return note;
      if (start + 1 == site_.at && IsTypeWord(Word(start))) {
        return TypeFirst(start);
      }
      if (Kind(-1) == K::kName && Word(site_.at - 1) == "new") {
        return ("a pointer to a new value is: &" + Word(site_.at) + "{}").str();
      }
    }
    bool call = lex::IsLiteral(Kind(0)) && Kind(-1) == K::kName &&
                message.ends_with("at end of statement");
    return call ? "the arguments of a call stand in parentheses" : "";
  }

  const ErrorSite& site_;
};

}  // namespace

std::string HintFor(const ErrorSite& site, const Finding& finding) {
  return Guess(site).Note(finding);
}

}  // namespace mgo::syntax
