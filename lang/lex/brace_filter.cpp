#include "lang/lex/brace_filter.h"

namespace mgo::lex {
namespace {

using K = TokenKind;

// What encloses the token at hand.
enum class Context : uint8_t { kBracket, kBlock, kHeader };

bool IsOpening(K kind) {
  return kind == K::kLParen || kind == K::kLBrack || kind == K::kLBrace ||
         kind == K::kLBody;
}

bool IsClosing(K kind) {
  return kind == K::kRParen || kind == K::kRBrack || kind == K::kRBrace;
}

// Tells whether an operand may end with such a token, so that a bracket after
// it is an index.
bool EndsOperand(K kind) {
  return kind == K::kName || IsLiteral(kind) || IsClosing(kind);
}

// Statement keywords that no header contains: a header in which one shows up
// has lost its body.
bool EndsHeader(K kind) {
  switch (kind) {
    case K::kIf:
    case K::kFor:
    case K::kSwitch:
    case K::kSelect:
    case K::kReturn:
    case K::kGo:
    case K::kDefer:
    case K::kBreak:
    case K::kContinue:
    case K::kGoto:
    case K::kFallthrough:
    case K::kCase:
    case K::kDefault:
    case K::kElse:
    case K::kConst:
    case K::kType:
    case K::kImport:
    case K::kPackage:
      return true;
    default:
      return false;
  }
}

// Reads over types ahead of the filter.
class TypeReader {
 public:
  explicit TypeReader(const std::vector<Token>& tokens) : tokens_(tokens) {}

  // The index after the type that starts at `at`, as far as it is one.
  size_t SkipType(size_t at) const;

 private:
  K KindAt(size_t at) const {
    return at < tokens_.size() ? tokens_[at].kind : K::kEof;
  }
  // The index after the bracket that closes the one at `at`.
  size_t SkipBrackets(size_t at) const;
  size_t SkipNamed(size_t at) const;
  bool StartsType(size_t at) const;

  const std::vector<Token>& tokens_;
};

size_t TypeReader::SkipBrackets(size_t at) const {
  int depth = 0;
  for (; KindAt(at) != K::kEof; at++) {
    if (IsOpening(KindAt(at))) depth++;
    if (IsClosing(KindAt(at)) && --depth == 0) return at + 1;
    if (depth > kMaxNesting) break;
  }
  return at;
}

size_t TypeReader::SkipNamed(size_t at) const {
  at++;
  if (KindAt(at) == K::kPeriod && KindAt(at + 1) == K::kName) at += 2;
  if (KindAt(at) == K::kLBrack) at = SkipBrackets(at);
  return at;
}

bool TypeReader::StartsType(size_t at) const {
  switch (KindAt(at)) {
    case K::kName:
    case K::kMul:
    case K::kLParen:
    case K::kLBrack:
    case K::kArrow:
    case K::kChan:
    case K::kFunc:
    case K::kMap:
    case K::kStruct:
    case K::kInterface:
      return true;
    default:
      return false;
  }
}

size_t TypeReader::SkipType(size_t at) const {
  for (;;) {
    switch (KindAt(at)) {
      case K::kName:
        return SkipNamed(at);
      case K::kLParen:
        return SkipBrackets(at);
      case K::kMul:
      case K::kArrow:
      case K::kChan:
        at++;
        break;
      case K::kLBrack:
        at = SkipBrackets(at);
        break;
      case K::kMap:
        at++;
        if (KindAt(at) == K::kLBrack) at = SkipBrackets(at);
        break;
      case K::kStruct:
      case K::kInterface:
        at++;
        return KindAt(at) == K::kLBrace ? SkipBrackets(at) : at;
      case K::kFunc:
        at++;
        if (KindAt(at) != K::kLParen) return at;
        at = SkipBrackets(at);
        if (KindAt(at) == K::kLParen) return SkipBrackets(at);
        if (!StartsType(at)) return at;
        break;
      default:
        return at;
    }
  }
}

// Goes over the tokens once, with a stack of what encloses them.
class Filter {
 public:
  explicit Filter(std::vector<Token>* tokens)
      : tokens_(*tokens), types_(*tokens) {}

  // Returns the index of the token that nests too deeply, or the size.
  size_t Run();

 private:
  bool InHeader() const {
    return !stack_.empty() && stack_.back() == Context::kHeader;
  }
  void LeaveHeaders() {
    while (InHeader()) stack_.pop_back();
  }
  void Visit(size_t at);
  void VisitInHeader(size_t at);
  void Open(size_t at, K before);

  std::vector<Token>& tokens_;
  TypeReader types_;
  std::vector<Context> stack_;
  // End of the last type literal that was read ahead in a header.
  size_t type_end_ = 0;
  // A `{` there follows a type literal, and is no body.
  size_t literal_brace_ = 0;
};

void Filter::Open(size_t at, K before) {
  Token& token = tokens_[at];
  if (token.kind != K::kLBrace) {
    stack_.push_back(Context::kBracket);
    return;
  }
  bool is_body = InHeader() && at != literal_brace_ && before != K::kStruct &&
                 before != K::kInterface;
  if (is_body) {
    token.kind = K::kLBody;
    stack_.pop_back();
  }
  stack_.push_back(Context::kBlock);
}

// Reads ahead over a type literal where one starts, to know its brace.
void Filter::VisitInHeader(size_t at) {
  K kind = tokens_[at].kind;
  if (EndsHeader(kind)) {
    LeaveHeaders();
    return;
  }
  if (at < type_end_) return;
  K before = tokens_[at - 1].kind;  // there is a keyword at least
  bool starts_literal = kind == K::kMap || kind == K::kStruct ||
                        kind == K::kFunc ||
                        (kind == K::kLBrack && !EndsOperand(before));
  if (!starts_literal && kind != K::kChan && kind != K::kInterface) return;
  type_end_ = types_.SkipType(at);
  if (starts_literal) literal_brace_ = type_end_;
}

void Filter::Visit(size_t at) {
  K kind = tokens_[at].kind;
  if (InHeader()) VisitInHeader(at);
  if (IsOpening(kind)) {
    Open(at, at > 0 ? tokens_[at - 1].kind : K::kEof);
  } else if (IsClosing(kind)) {
    LeaveHeaders();
    if (!stack_.empty()) stack_.pop_back();
  } else if (kind == K::kIf || kind == K::kFor || kind == K::kSwitch ||
             kind == K::kSelect) {
    stack_.push_back(Context::kHeader);
  }
}

size_t Filter::Run() {
  for (size_t at = 0; at < tokens_.size(); at++) {
    K kind = tokens_[at].kind;
    // Most tokens cannot matter; only brackets and keywords do.
    if (kind < K::kLParen || (kind > K::kRBrace && kind < K::kBreak) ||
        kind == K::kComma || kind == K::kPeriod) {
      continue;
    }
    Visit(at);
    if (stack_.size() > kMaxNesting) return at;
  }
  return tokens_.size();
}

}  // namespace

bool FilterBraces(std::vector<Token>* tokens, diag::DiagnosticSink& sink) {
  size_t end = Filter(tokens).Run();
  if (end == tokens->size()) return true;
  Token eof = (*tokens)[end];
  sink.Report(diag::DiagKind::kNestingTooDeep, eof.pos, kMaxNesting);
  eof.kind = K::kEof;
  eof.flags = 0;
  eof.length = 0;
  tokens->resize(end);
  tokens->push_back(eof);
  return false;
}

}  // namespace mgo::lex
