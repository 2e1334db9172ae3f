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
    last_ = next_;
    if (next_ + 1 < tokens_.size()) next_++;
    return tokens_[last_];
  }
  // All tokens, and the index of the one that was read last.
  const std::vector<lex::Token>& Tokens() const { return tokens_; }
  size_t LastIndex() const { return last_; }

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
  // The list `list`, to which `added` was appended on the work stack.
  Value Longer(const Value& list, const Value& added) {
    Value longer = list;
    longer.depth = std::max(list.depth, added.depth);
    return longer;
  }
  // Fields `first, rest... type`.
  Value FieldsOf(const Value& first, const Value& rest, const Value& type) {
    Value fields =
        b.AddField(b.StartFields(), b.MakeIdent(first), type);
    return b.AddFields(fields, rest, type);
  }
  // `[lens]elem`, where lens should be one expression.
  Value ArrayOfFirst(const Value& lbrack, const Value& lens,
                     const Value& rbrack, const Value& elem);
  // Complaints about what the grammar reads and Go refuses.
  void UnexpectedAssign(const Value& assign);
  void UnexpectedComma(const Value& comma);
  void MethodTypeParams(const Value& params);
  void CheckReceiver(const Value& lparen, const Value& fields);

 private:
  const std::vector<lex::Token>& tokens_;
  size_t next_ = 0;
  size_t last_ = 0;
  Value field_name_ = Builder::NoValue();
};

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_PARSE_STATE_H_
