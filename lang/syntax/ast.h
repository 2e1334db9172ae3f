// The abstract syntax tree.
//
// One class per construct of the specification; nodes are made by the parser in
// the package's Arena and never change afterwards. What the checker finds out
// is kept beside the tree, in tables indexed by Expr::id (types/info.h), so
// that one body can be checked or lowered more than once (generic instances).
//
// Parentheses are kept (ParenExpr), because messages and positions need them.
// Types are expressions here: until names are resolved nobody can tell `a[b]`
// the element from `a[b]` the instance.
#ifndef MGO_LANG_SYNTAX_AST_H_
#define MGO_LANG_SYNTAX_AST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lang/diag/source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Casting.h"

namespace mgo::syntax {

using diag::Pos;
using llvm::ArrayRef;

// The class of a node.
enum class NodeKind : uint8_t {
#define EXPR(name) k##name,
#define STMT(name) k##name,
#define DECL(name) k##name,
#include "lang/syntax/ast_nodes.def"
};

// The class name of a kind, for dumps.
const char* NodeKindName(NodeKind kind);

// An interned identifier: equal names are the same object.
struct Name {
  llvm::StringRef text;
  // Starts with an upper-case letter (Unicode class Lu).
  bool exported = false;
  // The blank identifier `_`.
  bool blank = false;
};

// Interns identifiers; one for all packages of a compilation.
class NameTable {
 public:
  // The one Name for `text`; the table owns it and copies the text.
  const Name* Intern(llvm::StringRef text);

 private:
  llvm::StringMap<Name, llvm::BumpPtrAllocator> names_;
};

// Memory of the nodes of one package. Nothing in it is ever destroyed, so
// nodes hold no owning members.
class Arena {
 public:
  // Makes a node.
  template <typename T, typename... Args>
  T* New(Args&&... args) {
    return new (allocator_.Allocate<T>()) T(std::forward<Args>(args)...);
  }
  // Copies a sequence into the arena.
  template <typename T>
  ArrayRef<T> Copy(ArrayRef<T> items) {
    return items.copy(allocator_);
  }
  // Copies text into the arena.
  llvm::StringRef CopyText(llvm::StringRef text) {
    return text.copy(allocator_);
  }

 private:
  llvm::BumpPtrAllocator allocator_;
};

// Base of all nodes. `pos` is where Go reports errors about the node (for a
// binary expression its operator, for a call its opening parenthesis is in the
// class itself); Start() is its first byte.
struct Node {
  NodeKind kind;
  Pos pos;
  Node(NodeKind k, Pos p) : kind(k), pos(p) {}
};

// An expression or a type.
struct Expr : Node {
  // Dense within the package, from 0; index of the checker's tables.
  uint32_t id = 0;
  Expr(NodeKind k, Pos p) : Node(k, p) {}
  static bool classof(const Node* n) { return n->kind < NodeKind::kBadStmt; }
};

// A statement.
struct Stmt : Node {
  Stmt(NodeKind k, Pos p) : Node(k, p) {}
  static bool classof(const Node* n) {
    return n->kind >= NodeKind::kBadStmt && n->kind < NodeKind::kImportDecl;
  }
};

// A declaration: one specification of an import, const, var or type
// declaration, or a function.
struct Decl : Node {
  Decl(NodeKind k, Pos p) : Node(k, p) {}
  static bool classof(const Node* n) {
    return n->kind >= NodeKind::kImportDecl;
  }
};

// First byte of an expression: pos of a binary expression's left operand and so
// on.
Pos StartOf(const Expr* expr);
// One past the last byte of an expression, as far as the tree knows it.
Pos EndOf(const Expr* expr);
// The expression without enclosing parentheses.
const Expr* Unparen(const Expr* expr);

// Operators, as the lexer names them; also the operator part of `op=`.
enum class Op : uint8_t {
  kNone,
  kAdd,
  kSub,
  kMul,
  kQuo,
  kRem,  // + - * / %
  kAnd,
  kOr,
  kXor,
  kShl,
  kShr,
  kAndNot,  // & | ^ << >> &^
  kLAnd,
  kLOr,  // && ||
  kEql,
  kNeq,
  kLss,
  kLeq,
  kGtr,
  kGeq,  // == != < <= > >=
  kNot,
  kRecv,
  kTilde,  // ! <- ~ ; & is kAnd, ^ is kXor
};

// The operator as it is written.
const char* Spelling(Op op);

#define MGO_NODE(name) \
  static bool classof(const Node* n) { return n->kind == NodeKind::k##name; }

// --- expressions ---------------------------------------------------------

// Something that could not be parsed; an error was reported.
struct BadExpr : Expr {
  explicit BadExpr(Pos p) : Expr(NodeKind::kBadExpr, p) {}
  MGO_NODE(BadExpr)
};

// An identifier. pos: its first byte.
struct Ident : Expr {
  const Name* name;
  Ident(Pos p, const Name* n) : Expr(NodeKind::kIdent, p), name(n) {}
  MGO_NODE(Ident)
};

enum class LitKind : uint8_t { kInt, kFloat, kImag, kChar, kString };

// A literal. `text` is as written (with quotes, underscores, base prefix).
struct BasicLit : Expr {
  LitKind lit_kind;
  llvm::StringRef text;
  BasicLit(Pos p, LitKind k, llvm::StringRef t)
      : Expr(NodeKind::kBasicLit, p), lit_kind(k), text(t) {}
  MGO_NODE(BasicLit)
};

// T{elements}; type is null for an elided one. pos: the type's start, or the
// brace.
struct CompositeLit : Expr {
  const Expr* type;
  Pos lbrace, rbrace;
  // Values or KeyValueExpr.
  ArrayRef<const Expr*> elements;
  CompositeLit(Pos p, const Expr* t, Pos l, ArrayRef<const Expr*> e, Pos r)
      : Expr(NodeKind::kCompositeLit, p),
        type(t),
        lbrace(l),
        rbrace(r),
        elements(e) {}
  MGO_NODE(CompositeLit)
};

struct FuncTypeExpr;
struct BlockStmt;

// func(...) {...}. pos: the keyword.
struct FuncLit : Expr {
  const FuncTypeExpr* type;
  const BlockStmt* body;
  FuncLit(Pos p, const FuncTypeExpr* t, const BlockStmt* b)
      : Expr(NodeKind::kFuncLit, p), type(t), body(b) {}
  MGO_NODE(FuncLit)
};

// (x). pos: the parenthesis.
struct ParenExpr : Expr {
  const Expr* inner;
  Pos rparen;
  ParenExpr(Pos p, const Expr* x, Pos r)
      : Expr(NodeKind::kParenExpr, p), inner(x), rparen(r) {}
  MGO_NODE(ParenExpr)
};

// x.sel; a qualified identifier too. pos: x's start.
struct SelectorExpr : Expr {
  const Expr* x;
  const Ident* sel;
  SelectorExpr(Pos p, const Expr* x_, const Ident* s)
      : Expr(NodeKind::kSelectorExpr, p), x(x_), sel(s) {}
  MGO_NODE(SelectorExpr)
};

// x[i] or an instance x[T1, T2]. pos: x's start.
struct IndexExpr : Expr {
  const Expr* x;
  Pos lbrack, rbrack;
  ArrayRef<const Expr*> indices;  // at least one
  IndexExpr(Pos p, const Expr* x_, Pos l, ArrayRef<const Expr*> i, Pos r)
      : Expr(NodeKind::kIndexExpr, p),
        x(x_),
        lbrack(l),
        rbrack(r),
        indices(i) {}
  MGO_NODE(IndexExpr)
};

// x[lo:hi:max]; absent ones are null. pos: x's start.
struct SliceExpr : Expr {
  const Expr *x, *lo, *hi, *max;
  bool three;  // two colons were written
  Pos lbrack, rbrack;
  SliceExpr(Pos p, const Expr* x_, Pos l, const Expr* lo_, const Expr* hi_,
            const Expr* max_, bool t, Pos r)
      : Expr(NodeKind::kSliceExpr, p),
        x(x_),
        lo(lo_),
        hi(hi_),
        max(max_),
        three(t),
        lbrack(l),
        rbrack(r) {}
  MGO_NODE(SliceExpr)
};

// x.(T); type is null for x.(type). pos: x's start.
struct TypeAssertExpr : Expr {
  const Expr *x, *type;
  Pos lparen, rparen;
  TypeAssertExpr(Pos p, const Expr* x_, Pos l, const Expr* t, Pos r)
      : Expr(NodeKind::kTypeAssertExpr, p),
        x(x_),
        type(t),
        lparen(l),
        rparen(r) {}
  MGO_NODE(TypeAssertExpr)
};

// fun(args) and conversions. pos: fun's start. `ellipsis` is valid for
// f(xs...).
struct CallExpr : Expr {
  const Expr* fun;
  Pos lparen, ellipsis, rparen;
  ArrayRef<const Expr*> args;
  CallExpr(Pos p, const Expr* f, Pos l, ArrayRef<const Expr*> a, Pos e, Pos r)
      : Expr(NodeKind::kCallExpr, p),
        fun(f),
        lparen(l),
        ellipsis(e),
        rparen(r),
        args(a) {}
  MGO_NODE(CallExpr)
};

// *x: dereference or pointer type. pos: the star.
struct StarExpr : Expr {
  const Expr* x;
  StarExpr(Pos p, const Expr* x_) : Expr(NodeKind::kStarExpr, p), x(x_) {}
  MGO_NODE(StarExpr)
};

// op x: + - ! ^ & <- ~. pos: the operator.
struct UnaryExpr : Expr {
  Op op;
  const Expr* x;
  UnaryExpr(Pos p, Op o, const Expr* x_)
      : Expr(NodeKind::kUnaryExpr, p), op(o), x(x_) {}
  MGO_NODE(UnaryExpr)
};

// x op y. pos: x's start; op_pos: the operator. Long chains of one operator
// lean left and may be a million deep: whoever walks them does it in a loop.
struct BinaryExpr : Expr {
  Op op;
  Pos op_pos;
  const Expr *x, *y;
  BinaryExpr(Pos p, const Expr* x_, Op o, Pos op_p, const Expr* y_)
      : Expr(NodeKind::kBinaryExpr, p), op(o), op_pos(op_p), x(x_), y(y_) {}
  MGO_NODE(BinaryExpr)
};

// key: value in a composite literal. pos: key's start.
struct KeyValueExpr : Expr {
  const Expr *key, *value;
  Pos colon;
  KeyValueExpr(Pos p, const Expr* k, Pos c, const Expr* v)
      : Expr(NodeKind::kKeyValueExpr, p), key(k), value(v), colon(c) {}
  MGO_NODE(KeyValueExpr)
};

// ...T, the type of a variadic parameter, or the length in [...]T (x null).
struct EllipsisExpr : Expr {
  const Expr* x;
  EllipsisExpr(Pos p, const Expr* x_)
      : Expr(NodeKind::kEllipsisExpr, p), x(x_) {}
  MGO_NODE(EllipsisExpr)
};

// --- type expressions ----------------------------------------------------

// [len]elem; len null: slice; len an EllipsisExpr: [...]elem.
struct ArrayTypeExpr : Expr {
  const Expr *len, *elem;
  ArrayTypeExpr(Pos p, const Expr* l, const Expr* e)
      : Expr(NodeKind::kArrayTypeExpr, p), len(l), elem(e) {}
  MGO_NODE(ArrayTypeExpr)
};

// A field, a parameter, a result, a type parameter, or an interface element.
// `name` is null for an unnamed parameter or result, and for an embedded field
// or interface element. `a, b T` is two Fields that share the type expression.
struct Field {
  const Ident* name = nullptr;
  const Expr* type = nullptr;
  const BasicLit* tag = nullptr;  // struct fields only
  Pos pos;                        // of the name, or of the type
};

struct StructTypeExpr : Expr {
  ArrayRef<Field> fields;  // embedded ones have no name
  Pos rbrace;
  StructTypeExpr(Pos p, ArrayRef<Field> f, Pos r)
      : Expr(NodeKind::kStructTypeExpr, p), fields(f), rbrace(r) {}
  MGO_NODE(StructTypeExpr)
};

// func[tparams](params) results. A variadic parameter's type is an
// EllipsisExpr.
struct FuncTypeExpr : Expr {
  ArrayRef<Field> type_params;  // of function declarations only
  ArrayRef<Field> params, results;
  Pos lparen, rparen;  // of the parameters
  FuncTypeExpr(Pos p, ArrayRef<Field> t, ArrayRef<Field> ps, ArrayRef<Field> rs,
               Pos l, Pos r)
      : Expr(NodeKind::kFuncTypeExpr, p),
        type_params(t),
        params(ps),
        results(rs),
        lparen(l),
        rparen(r) {}
  MGO_NODE(FuncTypeExpr)
};

// A method (name and FuncTypeExpr) or an embedded element: a type, ~T, or a
// union, which is a BinaryExpr with Op::kOr.
struct InterfaceTypeExpr : Expr {
  ArrayRef<Field> elements;
  Pos rbrace;
  InterfaceTypeExpr(Pos p, ArrayRef<Field> e, Pos r)
      : Expr(NodeKind::kInterfaceTypeExpr, p), elements(e), rbrace(r) {}
  MGO_NODE(InterfaceTypeExpr)
};

struct MapTypeExpr : Expr {
  const Expr *key, *value;
  MapTypeExpr(Pos p, const Expr* k, const Expr* v)
      : Expr(NodeKind::kMapTypeExpr, p), key(k), value(v) {}
  MGO_NODE(MapTypeExpr)
};

enum class ChanDir : uint8_t { kBoth, kSend, kRecv };

struct ChanTypeExpr : Expr {
  ChanDir dir;
  const Expr* elem;
  ChanTypeExpr(Pos p, ChanDir d, const Expr* e)
      : Expr(NodeKind::kChanTypeExpr, p), dir(d), elem(e) {}
  MGO_NODE(ChanTypeExpr)
};

// --- statements ----------------------------------------------------------

struct BadStmt : Stmt {
  explicit BadStmt(Pos p) : Stmt(NodeKind::kBadStmt, p) {}
  MGO_NODE(BadStmt)
};

struct EmptyStmt : Stmt {
  explicit EmptyStmt(Pos p) : Stmt(NodeKind::kEmptyStmt, p) {}
  MGO_NODE(EmptyStmt)
};

// const, var or type declarations inside a function: all specs of one keyword.
struct DeclStmt : Stmt {
  ArrayRef<const Decl*> decls;
  DeclStmt(Pos p, ArrayRef<const Decl*> d)
      : Stmt(NodeKind::kDeclStmt, p), decls(d) {}
  MGO_NODE(DeclStmt)
};

// label: stmt. pos: the label.
struct LabeledStmt : Stmt {
  const Ident* label;
  const Stmt* stmt;
  LabeledStmt(Pos p, const Ident* l, const Stmt* s)
      : Stmt(NodeKind::kLabeledStmt, p), label(l), stmt(s) {}
  MGO_NODE(LabeledStmt)
};

struct ExprStmt : Stmt {
  const Expr* x;
  ExprStmt(Pos p, const Expr* x_) : Stmt(NodeKind::kExprStmt, p), x(x_) {}
  MGO_NODE(ExprStmt)
};

// chan <- value. pos: chan's start.
struct SendStmt : Stmt {
  const Expr *chan, *value;
  Pos arrow;
  SendStmt(Pos p, const Expr* c, Pos a, const Expr* v)
      : Stmt(NodeKind::kSendStmt, p), chan(c), value(v), arrow(a) {}
  MGO_NODE(SendStmt)
};

// x++ or x--. pos: x's start.
struct IncDecStmt : Stmt {
  const Expr* x;
  bool increment;
  Pos op_pos;
  IncDecStmt(Pos p, const Expr* x_, bool inc, Pos op_p)
      : Stmt(NodeKind::kIncDecStmt, p), x(x_), increment(inc), op_pos(op_p) {}
  MGO_NODE(IncDecStmt)
};

// lhs = rhs, lhs := rhs (define), lhs op= rhs (op). pos: the first operand's
// start; op_pos: the operator.
struct AssignStmt : Stmt {
  ArrayRef<const Expr*> lhs, rhs;
  bool define;
  Op op;  // kNone for = and :=
  Pos op_pos;
  AssignStmt(Pos p, ArrayRef<const Expr*> l, bool d, Op o, Pos op_p,
             ArrayRef<const Expr*> r)
      : Stmt(NodeKind::kAssignStmt, p),
        lhs(l),
        rhs(r),
        define(d),
        op(o),
        op_pos(op_p) {}
  MGO_NODE(AssignStmt)
};

// go call. The parser accepts any expression; the checker wants a call.
struct GoStmt : Stmt {
  const Expr* call;
  GoStmt(Pos p, const Expr* c) : Stmt(NodeKind::kGoStmt, p), call(c) {}
  MGO_NODE(GoStmt)
};

struct DeferStmt : Stmt {
  const Expr* call;
  DeferStmt(Pos p, const Expr* c) : Stmt(NodeKind::kDeferStmt, p), call(c) {}
  MGO_NODE(DeferStmt)
};

struct ReturnStmt : Stmt {
  ArrayRef<const Expr*> results;
  ReturnStmt(Pos p, ArrayRef<const Expr*> r)
      : Stmt(NodeKind::kReturnStmt, p), results(r) {}
  MGO_NODE(ReturnStmt)
};

enum class BranchKind : uint8_t { kBreak, kContinue, kGoto, kFallthrough };

struct BranchStmt : Stmt {
  BranchKind branch;
  const Ident* label;  // null where there is none
  BranchStmt(Pos p, BranchKind b, const Ident* l)
      : Stmt(NodeKind::kBranchStmt, p), branch(b), label(l) {}
  MGO_NODE(BranchStmt)
};

struct BlockStmt : Stmt {
  ArrayRef<const Stmt*> stmts;
  Pos rbrace;
  BlockStmt(Pos p, ArrayRef<const Stmt*> s, Pos r)
      : Stmt(NodeKind::kBlockStmt, p), stmts(s), rbrace(r) {}
  MGO_NODE(BlockStmt)
};

struct IfStmt : Stmt {
  const Stmt* init;  // may be null
  const Expr* cond;
  const BlockStmt* then;
  const Stmt* els;  // null, IfStmt or BlockStmt
  IfStmt(Pos p, const Stmt* i, const Expr* c, const BlockStmt* t, const Stmt* e)
      : Stmt(NodeKind::kIfStmt, p), init(i), cond(c), then(t), els(e) {}
  MGO_NODE(IfStmt)
};

// case values: body; or default: (is_default). In a type switch the values are
// types, or nil.
struct CaseClause : Stmt {
  bool is_default;
  ArrayRef<const Expr*> values;
  Pos colon;
  ArrayRef<const Stmt*> body;
  CaseClause(Pos p, bool d, ArrayRef<const Expr*> v, Pos c,
             ArrayRef<const Stmt*> b)
      : Stmt(NodeKind::kCaseClause, p),
        is_default(d),
        values(v),
        colon(c),
        body(b) {}
  MGO_NODE(CaseClause)
};

struct SwitchStmt : Stmt {
  const Stmt* init;  // may be null
  const Expr* tag;   // may be null
  Pos lbrace;
  ArrayRef<const CaseClause*> clauses;
  Pos rbrace;
  SwitchStmt(Pos p, const Stmt* i, const Expr* t, Pos l,
             ArrayRef<const CaseClause*> c, Pos r)
      : Stmt(NodeKind::kSwitchStmt, p),
        init(i),
        tag(t),
        lbrace(l),
        clauses(c),
        rbrace(r) {}
  MGO_NODE(SwitchStmt)
};

// switch init; name := x.(type) {...}; name may be null.
struct TypeSwitchStmt : Stmt {
  const Stmt* init;
  const Ident* name;
  const Expr* x;  // the operand, without .(type)
  Pos lbrace;
  ArrayRef<const CaseClause*> clauses;
  Pos rbrace;
  TypeSwitchStmt(Pos p, const Stmt* i, const Ident* n, const Expr* x_, Pos l,
                 ArrayRef<const CaseClause*> c, Pos r)
      : Stmt(NodeKind::kTypeSwitchStmt, p),
        init(i),
        name(n),
        x(x_),
        lbrace(l),
        clauses(c),
        rbrace(r) {}
  MGO_NODE(TypeSwitchStmt)
};

// case comm: body; comm is a SendStmt, an ExprStmt (<-c) or an AssignStmt
// (v, ok = <-c); null: default.
struct CommClause : Stmt {
  const Stmt* comm;
  Pos colon;
  ArrayRef<const Stmt*> body;
  CommClause(Pos p, const Stmt* c, Pos col, ArrayRef<const Stmt*> b)
      : Stmt(NodeKind::kCommClause, p), comm(c), colon(col), body(b) {}
  MGO_NODE(CommClause)
};

struct SelectStmt : Stmt {
  ArrayRef<const CommClause*> clauses;
  Pos rbrace;
  SelectStmt(Pos p, ArrayRef<const CommClause*> c, Pos r)
      : Stmt(NodeKind::kSelectStmt, p), clauses(c), rbrace(r) {}
  MGO_NODE(SelectStmt)
};

// for init; cond; post {...}; each may be null.
struct ForStmt : Stmt {
  const Stmt* init;
  const Expr* cond;
  const Stmt* post;
  const BlockStmt* body;
  ForStmt(Pos p, const Stmt* i, const Expr* c, const Stmt* po,
          const BlockStmt* b)
      : Stmt(NodeKind::kForStmt, p), init(i), cond(c), post(po), body(b) {}
  MGO_NODE(ForStmt)
};

// for key, value = range x {...}; key and value may be null.
struct RangeStmt : Stmt {
  const Expr *key, *value;
  // The parser keeps what stood to the right of a second comma, for the
  // checker's message; null otherwise.
  const Expr* extra = nullptr;
  bool define;
  Pos op_pos;  // of = or :=, invalid without variables
  const Expr* x;
  const BlockStmt* body;
  RangeStmt(Pos p, const Expr* k, const Expr* v, bool d, Pos op_p,
            const Expr* x_, const BlockStmt* b)
      : Stmt(NodeKind::kRangeStmt, p),
        key(k),
        value(v),
        define(d),
        op_pos(op_p),
        x(x_),
        body(b) {}
  MGO_NODE(RangeStmt)
};

// --- declarations --------------------------------------------------------

// import name "path"; name may be null, `.` or `_`. pos: the spec's start.
struct ImportDecl : Decl {
  const Ident* name;
  const BasicLit* path;
  ImportDecl(Pos p, const Ident* n, const BasicLit* pa)
      : Decl(NodeKind::kImportDecl, p), name(n), path(pa) {}
  MGO_NODE(ImportDecl)
};

// names type = values; type null and values empty where a group repeats the
// ones of `inherits_from`.
struct ConstDecl : Decl {
  ArrayRef<const Ident*> names;
  const Expr* type;
  ArrayRef<const Expr*> values;
  uint32_t iota;  // position in the group
  // The spec whose type and values this one repeats; null when it has its own.
  const ConstDecl* inherits_from;
  ConstDecl(Pos p, ArrayRef<const Ident*> n, const Expr* t,
            ArrayRef<const Expr*> v, uint32_t i, const ConstDecl* from)
      : Decl(NodeKind::kConstDecl, p),
        names(n),
        type(t),
        values(v),
        iota(i),
        inherits_from(from) {}
  MGO_NODE(ConstDecl)
};

struct VarDecl : Decl {
  ArrayRef<const Ident*> names;
  const Expr* type;  // may be null
  ArrayRef<const Expr*> values;
  VarDecl(Pos p, ArrayRef<const Ident*> n, const Expr* t,
          ArrayRef<const Expr*> v)
      : Decl(NodeKind::kVarDecl, p), names(n), type(t), values(v) {}
  MGO_NODE(VarDecl)
};

// type name[tparams] = type.
struct TypeDecl : Decl {
  const Ident* name;
  ArrayRef<Field> type_params;
  bool alias;
  const Expr* type;
  TypeDecl(Pos p, const Ident* n, ArrayRef<Field> t, bool a, const Expr* ty)
      : Decl(NodeKind::kTypeDecl, p),
        name(n),
        type_params(t),
        alias(a),
        type(ty) {}
  MGO_NODE(TypeDecl)
};

// func (recv) name(params) results body; recv holds one Field for a method
// (the parser reports other counts). body null: a native of the library.
// A body of the library's may be empty until ParseBody (deferred.h) fills it
// in.
struct FuncDecl : Decl {
  ArrayRef<Field> recv;
  const Ident* name;
  const FuncTypeExpr* type;
  const BlockStmt* body;
  FuncDecl(Pos p, ArrayRef<Field> r, const Ident* n, const FuncTypeExpr* t,
           const BlockStmt* b)
      : Decl(NodeKind::kFuncDecl, p), recv(r), name(n), type(t), body(b) {}
  MGO_NODE(FuncDecl)
};

#undef MGO_NODE

// --- files ---------------------------------------------------------------

// A parsed file. A script's top-level statements are the body of a function
// `main` that the parser makes; the declarations among them of constants, types
// and variables are DeclStmts there.
struct File {
  const diag::SourceFile* source = nullptr;
  // Null: no package clause, a script.
  const Ident* package_name = nullptr;
  ArrayRef<const Decl*> decls;  // imports first, then source order
  // A script's statements; null in package mode, and after a syntax error.
  const FuncDecl* script = nullptr;
  // Raw directive comments (`//mgo:...`, `//go:...`) with their positions.
  ArrayRef<std::pair<Pos, llvm::StringRef>> directives;
};

struct DeferredFile;

// All files of one package, with the memory of their nodes.
struct PackageSyntax {
  PackageSyntax();
  ~PackageSyntax();

  std::string path;  // import path; "main" for the program
  Arena arena;
  std::vector<const File*> files;
  uint32_t expr_count = 0;  // ids are below it
  // Files whose functions' bodies are parsed on demand (deferred.h).
  std::vector<std::unique_ptr<DeferredFile>> deferred;
  // A file's imports could not be read: nothing else is worth looking at.
  bool broken_imports = false;
};

}  // namespace mgo::syntax

#endif  // MGO_LANG_SYNTAX_AST_H_
