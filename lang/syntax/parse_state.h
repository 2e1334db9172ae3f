// What one run of the Bison parser works on: the tokens, the builder, and the
// few things a reduction leaves for the next one. Internal to the parser.
#ifndef MGO_LANG_SYNTAX_PARSE_STATE_H_
#define MGO_LANG_SYNTAX_PARSE_STATE_H_

#include <algorithm>
#include <vector>

#include "lang/lex/token.h"
#include "lang/syntax/builder.h"

namespace mgo::syntax {

// The state of a parse. Methods are called by the grammar's actions.
class ParseState {
 public:
  ParseState(Builder& builder, const std::vector<lex::Token>& tokens)
      : b(builder), tokens_(tokens) {}

  // Makes all nodes.
  Builder& b;

  // The next token; the end over and over after the last.
  const lex::Token& Next() {
    if (!made_up_.empty()) [[unlikely]] {
      last_made_up_ = made_up_.back();
      made_up_.pop_back();
      return last_made_up_;
    }
    last_ = next_;
    if (next_ + 1 < tokens_.size()) next_++;
    return tokens_[last_];
  }
  // All tokens, and the index of the one that was read last.
  const std::vector<lex::Token>& Tokens() const { return tokens_; }
  size_t LastIndex() const { return last_; }

  // Goes on with the token at `resume`, after tokens that are made up.
  void GoOn(size_t resume, llvm::ArrayRef<lex::TokenKind> made_up,
            bool within_statement);
  // Tells whether that token was read last, and continues a statement.
  bool IsWithinStatement() const {
    return within_statement_ && last_ == last_resume_;
  }
  // Tells whether it makes no sense to go on.
  bool GivenUp() const { return given_up_ || b.Stopped(); }
  // The token that was read last, as a value for its position.
  Value Here() const {
    Value here = Builder::NoValue();
    here.token = &tokens_[last_];
    here.at = here.token->pos.offset;
    return here;
  }
  // Where the token is that will be read next.
  Pos NextPos() const { return tokens_[next_].pos; }
  Pos HerePos() const { return tokens_[last_].pos; }
  // What stands for a signature that could not be parsed.
  Value BadSignature() {
    Value empty = b.MakeSignature(Here(), b.StartFields(), Here());
    return b.SetResults(empty, b.StartFields());
  }

  // Complains where a label has not even an empty statement, and another clause
  // follows.
  void CheckLabeled(const Value& colon, const Value& stmt) {
    lex::TokenKind next = tokens_[last_].kind;
    if (stmt.stmt != nullptr) return;
    if (next == lex::TokenKind::kCase || next == lex::TokenKind::kDefault) {
      b.SyntaxError(Builder::PosOf(colon), "missing statement after label");
    }
  }

  // The name that belongs to the type a reduction has just produced.
  Value FieldName() const { return field_name_; }
  void SetFieldName(const Value& name) { field_name_ = name; }
  void SetFieldName() { field_name_ = Builder::NoValue(); }

  // A list of declarations with its keyword.
  Value From(const Value& keyword, const Value& decls) {
    Value list = decls;
    list.token = keyword.token;
    return list;
  }
  Value Const(const Value& keyword, const Value& decls) {
    b.FinishConstGroup(decls);
    return From(keyword, decls);
  }
  // A list of one type declaration.
  Value Type(const Value& name, const Value& type_params, bool alias,
             const Value& type) {
    Value decl = b.MakeType(name, type_params, alias, type);
    return b.AddDecl(b.StartDecls(), decl);
  }
  // The same of one constant or variable declaration.
  Value ConstSpec(const Value& names, const Value& type, const Value& values) {
    Value decl = b.MakeConst(names, type, values);
    return b.AddDecl(b.StartDecls(), decl);
  }
  Value VarSpec(const Value& names, const Value& type, const Value& values) {
    Value decl = b.MakeVar(names, type, values);
    return b.AddDecl(b.StartDecls(), decl);
  }
  // An import, as a declaration of its own.
  void Import(const Value& name, const Value& path) {
    Value literal = b.MakeRawLit(path, LitKind::kString);
    b.AddDecl(b.StartDecls(), b.MakeImport(name, literal));
  }
  // A list of one field without a name of its own.
  Value Embedded(const Value& type) {
    return b.AddField(b.StartFields(), b.NoValue(), type);
  }
  // The list `list`, to which `added` was appended on the work stack.
  Value Longer(const Value& list, const Value& added) {
    Value longer = list;
    longer.depth = std::max(list.depth, added.depth);
    return longer;
  }
  // Fields `first, rest... type`.
  Value FieldsOf(const Value& first, const Value& rest, const Value& type) {
    Value fields = b.AddField(b.StartFields(), b.MakeIdent(first), type);
    return b.AddFields(fields, rest, type);
  }
  // `[lens]elem`, where lens should be one expression.
  Value ArrayOfFirst(const Value& lbrack, const Value& lens,
                     const Value& elem) {
    return b.MakeArrayOf(lbrack, lens, elem);
  }
  // Complaints about what the grammar reads and Go refuses.
  void UnexpectedAssign(const Value& assign);
  void UnexpectedComma(const Value& comma);
  void MethodTypeParams(const Value& params);

 private:
  const std::vector<lex::Token>& tokens_;
  size_t next_ = 0;
  size_t last_ = 0;
  // Made-up tokens to come, last first, and the one handed out.
  std::vector<lex::Token> made_up_;
  lex::Token last_made_up_;
  // Where the last error went on, and how often in a row.
  static constexpr int kMaxStuck = 3;
  size_t last_resume_ = SIZE_MAX;
  int stuck_ = 0;
  bool within_statement_ = false;
  bool given_up_ = false;
  Value field_name_ = Builder::NoValue();
};

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_PARSE_STATE_H_
