// What the grammar's actions call: makes nodes from the parser's semantic
// values. Everything here belongs to one parse of one file.
//
// A semantic value is sixteen bytes, whatever it stands for. Lists under
// construction live on work stacks that all lists of one element type share:
// the value of a list is where it starts, and as inner lists are finished
// before outer ones go on, each list is the top of its stack when it is taken.
// After a syntax error the stacks may hold elements of abandoned lists; the
// tree is then not looked at, and the types of the stacks keep it well formed.
#ifndef MGO_LANG_SYNTAX_BUILDER_H_
#define MGO_LANG_SYNTAX_BUILDER_H_

#include <cstdint>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/lex/token.h"
#include "lang/syntax/ast.h"

namespace mgo::syntax {

// Parts of the header of if, switch or for.
struct Header {
  Stmt* init = nullptr;
  Stmt* cond = nullptr;
  Stmt* post = nullptr;
  // The first semicolon, invalid where there is none.
  lex::Token semi;
  bool has_semi = false;
  // Of a for clause with two semicolons.
  bool has_clauses = false;
  // `for key, value = range x`; null in other headers.
  RangeStmt* range = nullptr;
};

// A semantic value.
struct Value {
  union {
    const lex::Token* token;
    const Name* name;
    Expr* expr;
    Ident* ident;
    BasicLit* lit;
    FuncTypeExpr* func;
    Stmt* stmt;
    BlockStmt* block;
    Decl* decl;
    Header* header;
  };
  // Of a token: its position. Of a list: where it starts on its work stack.
  uint32_t at;
  // Of a node or a list: how deep the tree below it is.
  uint32_t depth;
};

// Where a parameter list stands; decides what is legal and what it is called.
enum class ParamRole : uint8_t { kParams, kTypeParams };

// Makes nodes. `first_error`: how many diagnostics the sink held before the
// file.
class Builder {
 public:
  Builder(const diag::SourceFile& source, NameTable& names,
          PackageSyntax& package, diag::DiagnosticSink& sink,
          size_t first_error)
      : source_(source),
        names_(names),
        package_(package),
        sink_(sink),
        first_error_(first_error) {}

  // --- tokens and errors ---
  // The position of a token.
  static Pos PosOf(const Value& token) { return Pos{token.at}; }
  // The interned name of a name token.
  const Name* Intern(const lex::Token& token);
  // Reports `syntax error: message`, unless the line has one already, with a
  // note if there is one.
  void SyntaxError(Pos pos, const llvm::Twine& message,
                   std::string note = std::string());
  // Reports a call in a go or defer statement that is in parentheses.
  void RequireBareCall(const char* keyword, const Expr* call);
  // Tells whether anything was reported about this file.
  bool HasErrors() const { return sink_.Count() > first_error_; }
  // Reports `message` as it is.
  void PlainError(Pos pos, const llvm::Twine& message);
  // Reports `message` as it is, and nothing more about this file.
  void FinalError(Pos pos, const llvm::Twine& message) {
    PlainError(pos, message);
    package_.broken_imports = true;
    stopped_ = true;
  }
  // Tells whether parsing should stop: enough errors, or too deep a tree.
  bool Stopped() const { return stopped_; }
  // The file.
  const diag::SourceFile& Source() const { return source_; }
  // Tells whether the last declaration is a function without a body.
  bool LastIsBodylessFunc() const;

  // --- expressions (build_expr.cpp) ---
  Value MakeIdent(const Value& name);
  Value MakeLit(const Value& token, LitKind kind);
  // A literal that stays one even where it is malformed.
  Value MakeRawLit(const Value& token, LitKind kind);
  Value MakeParen(const Value& lparen, const Value& inner, const Value& rparen);
  Value MakeSelector(const Value& x, const Value& name);
  Value MakeIndex(const Value& x, const Value& lbrack, const Value& indices,
                  const Value& rbrack);
  Value MakeSlice(const Value& x, const Value& lbrack, const Value& lo,
                  const Value& hi, const Value& rbrack);
  Value MakeSlice3(const Value& x, const Value& lbrack, const Value& lo,
                   const Value& hi, const Value& colon, const Value& max,
                   const Value& rbrack);
  Value MakeTypeAssert(const Value& x, const Value& lparen, const Value& type,
                       const Value& rparen);
  Value MakeCall(const Value& x, const Value& lparen, const Value& args,
                 const Value& ellipsis, const Value& rparen);
  // A composite literal without a type, and the same with one.
  Value MakeComposite(const Value& lbrace, const Value& elements,
                      const Value& rbrace);
  Value SetLiteralType(const Value& literal, const Value& type);
  // The same where the type stands in parentheses, which is an error.
  Value SetParenthesizedType(const Value& literal, const Value& type);
  Value MakeKeyValue(const Value& key, const Value& colon, const Value& value);
  Value MakeFuncLit(const Value& type, const Value& body);
  Value MakeUnary(Op op, const Value& token, const Value& x);
  Value MakeStar(const Value& star, const Value& x);
  // `here`: what follows.
  Value MakeRecv(const Value& arrow, const Value& x, Pos here);
  Value MakeBinary(const Value& x, Op op, const Value& token, const Value& y);
  Value MakeBad(const Value& token);

  // --- types (build_type.cpp) ---
  Value MakeQualified(const Value& package, const Value& name);
  Value MakeArrayType(const Value& lbrack, const Value& len, const Value& elem);
  // `[lens]elem` with the first of a list of lengths.
  Value MakeArrayOf(const Value& lbrack, const Value& lens, const Value& elem);
  Value MakeEllipsis(const Value& token, const Value& x);
  Value MakeMapType(const Value& keyword, const Value& key, const Value& value);
  Value MakeChanType(const Value& first, ChanDir dir, const Value& elem);
  Value MakeStructType(const Value& keyword, const Value& fields,
                       const Value& rbrace);
  Value MakeInterfaceType(const Value& keyword, const Value& elements,
                          const Value& rbrace);
  // The type of a function that has no results yet, and the same with them.
  Value MakeSignature(const Value& lparen, const Value& params,
                      const Value& rparen);
  Value SetResults(const Value& signature, const Value& results);
  // Sets where a function type starts.
  Value MakeFuncType(const Value& keyword, const Value& signature);
  // The results of a function with one unnamed result.
  Value OneResult(const Value& type);
  // Sorts a parenthesized list out into names and types, in place; `close` is
  // the bracket that ends it.
  Value FinishParams(const Value& list, ParamRole role, const Value& close);
  // Tells whether `[expr]` after the name in a type declaration must be type
  // parameters (`comma`: a comma follows). Starts the list of them if so.
  bool SplitTypeParam(const Value& expr, bool comma, Value* list);

  // --- fields ---
  static Value NoValue() {
    Value none;
    none.expr = nullptr;
    none.at = 0;
    none.depth = 0;
    return none;
  }
  Value StartFields() { return ListAt(fields_.size()); }
  // Appends name (may hold null) and type (may hold null) to a list.
  Value AddField(const Value& list, const Value& name, const Value& type);
  // Appends names, all of one type.
  Value AddFields(const Value& list, const Value& names, const Value& type);
  // Gives the fields since `from` a tag.
  void SetTags(const Value& from, const Value& tag);

  // --- lists ---
  Value StartExprs() { return ListAt(exprs_.size()); }
  Value AddExpr(const Value& list, const Value& expr);
  Value StartNames() { return ListAt(idents_.size()); }
  Value AddName(const Value& list, const Value& name);
  Value StartStmts() { return ListAt(stmts_.size()); }
  Value AddStmt(const Value& list, const Value& stmt);
  Value StartCases() { return ListAt(cases_.size()); }
  Value AddCase(const Value& list, const Value& clause);
  Value StartComms() { return ListAt(comms_.size()); }
  Value AddComm(const Value& list, const Value& clause);
  Value StartDecls() { return ListAt(decls_.size()); }
  Value AddDecl(const Value& list, const Value& decl);

  // --- statements (build_stmt.cpp) ---
  Value MakeEmpty(Pos pos);
  Value MakeExprStmt(const Value& x);
  Value MakeSend(const Value& chan, const Value& arrow, const Value& value);
  Value MakeIncDec(const Value& x, bool increment, const Value& op);
  Value MakeAssign(const Value& lhs, bool define, const Value& op,
                   const Value& rhs);
  Value MakeOpAssign(const Value& x, Op op, const Value& token, const Value& y);
  Value MakeLabeled(const Value& label, const Value& stmt);
  Value MakeGo(const Value& keyword, const Value& call);
  Value MakeDefer(const Value& keyword, const Value& call);
  Value MakeReturn(const Value& keyword, const Value& results);
  Value MakeBranch(const Value& keyword, BranchKind kind, const Value& label);
  Value MakeBlock(const Value& lbrace, const Value& stmts, const Value& rbrace);
  // Reports `case` or `default` behind an unfinished statement.
  void CheckCaseStart(const Value& keyword);
  // `decls` holds its keyword besides.
  Value MakeDeclStmt(const Value& decls);
  Value MakeHeader(const Value& cond);
  Value MakeHeader(const Value& init, const Value& semi, const Value& cond);
  Value MakeForHeader(const Value& init, const Value& semi, const Value& cond,
                      const Value& post);
  Value MakeRangeHeader(const Value& lhs, bool define, const Value& op,
                        const Value& x);
  Value MakeIf(const Value& keyword, const Value& header, const Value& body,
               const Value& els);
  Value MakeFor(const Value& keyword, const Value& header, const Value& body);
  Value MakeSwitch(const Value& keyword, const Value& header,
                   const Value& lbrace, const Value& clauses,
                   const Value& rbrace);
  Value MakeSelect(const Value& keyword, const Value& clauses,
                   const Value& rbrace);
  Value MakeCase(const Value& keyword, bool is_default, const Value& values,
                 const Value& colon, const Value& body);
  Value MakeComm(const Value& keyword, const Value& comm, const Value& colon,
                 const Value& body);

  // --- declarations (build_decl.cpp) ---
  void SetPackage(const Value& name);
  // Makes the statements of a script, which ends at `end`, a function.
  void SetScript(const Value& start, const Value& stmts, const Value& end);
  // Reports an import after something else; those after that one pass.
  void CheckImport(const Value& keyword);
  // Tells whether all that has been seen are imports.
  bool ImportMayFollow() const { return import_may_follow_; }
  // Notes that something else than an import has been seen.
  void EndImports() { import_may_follow_ = false; }
  Value MakeImport(const Value& name, const Value& path);
  Value MakeConst(const Value& names, const Value& type, const Value& values);
  // Reports a receiver list, opened by `lparen`, that is well-formed but has
  // not one element, where `after` is what follows it.
  void CheckReceiver(const Value& lparen, const Value& recv, Pos after);
  // Numbers the specifications of a const group that starts at `group`.
  void FinishConstGroup(const Value& group);
  Value MakeVar(const Value& names, const Value& type, const Value& values);
  Value MakeType(const Value& name, const Value& type_params, bool alias,
                 const Value& type);
  Value MakeFunc(const Value& keyword, const Value& recv, const Value& name,
                 const Value& type_params, const Value& signature,
                 const Value& body);
  // The file, from all declarations that were added.
  const File* Finish(ArrayRef<lex::Directive> directives);
  // The one declaration that was added, a function.
  const FuncDecl* OnlyFunction() const {
    return llvm::cast<FuncDecl>(decls_[0]);
  }

 private:
  static Value ListAt(size_t start) {
    Value list;
    list.expr = nullptr;
    list.at = static_cast<uint32_t>(start);
    list.depth = 0;
    return list;
  }
  template <typename T>
  static Value NodeValue(T* node, uint32_t depth) {
    Value value;
    value.expr = nullptr;
    Assign(&value, node);
    value.at = node->pos.offset;
    value.depth = depth;
    return value;
  }
  static void Assign(Value* value, Expr* node) { value->expr = node; }
  static void Assign(Value* value, Stmt* node) { value->stmt = node; }
  static void Assign(Value* value, Decl* node) { value->decl = node; }

  // Makes a node one level above what is `depth` deep.
  template <typename T, typename... Args>
  Value NewExpr(uint32_t depth, Args&&... args) {
    T* node = package_.arena.New<T>(std::forward<Args>(args)...);
    node->id = package_.expr_count++;
    return NodeValue(node, Deeper(depth, node->pos));
  }
  template <typename T, typename... Args>
  Value NewNode(uint32_t depth, Args&&... args) {
    T* node = package_.arena.New<T>(std::forward<Args>(args)...);
    return NodeValue(node, Deeper(depth, node->pos));
  }
  // One more than `depth`; stops the parser where that is too much.
  uint32_t Deeper(uint32_t depth, Pos pos);

  ArrayRef<const Expr*> TakeExprs(const Value& list);
  ArrayRef<const Ident*> TakeNames(const Value& list);
  ArrayRef<const Stmt*> TakeStmts(const Value& list);
  ArrayRef<Field> TakeFields(const Value& list);

  void SortOutParams(llvm::MutableArrayRef<Field> params, ParamRole role,
                     const Value& close);
  void CheckTypeArgs(ArrayRef<const Expr*> args);
  const Expr* HeaderExpr(const Stmt* stmt);

  const diag::SourceFile& source_;
  NameTable& names_;
  PackageSyntax& package_;
  diag::DiagnosticSink& sink_;
  const Ident* package_name_ = nullptr;
  const FuncDecl* script_ = nullptr;
  bool stopped_ = false;
  bool import_may_follow_ = true;
  Pos last_error_;  // the last syntax error, reported or not
  size_t first_error_;
  int errors_ = 0;
  // End of the line of the last syntax error, to report one a line.
  int last_error_line_ = 0;
  std::vector<const Expr*> exprs_;
  std::vector<const Ident*> idents_;
  std::vector<const Stmt*> stmts_;
  std::vector<const CaseClause*> cases_;
  std::vector<const CommClause*> comms_;
  std::vector<Decl*> decls_;
  std::vector<Field> fields_;
};

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_BUILDER_H_
