// The type checker's inside: one Checker per package, split over check_*.cpp by
// aspect.
//
// Package-level declarations are collected first (check_package.cpp) and
// resolved on demand (check_decl.cpp); a declaration that is asked for while it
// is being resolved is found by its colour. Whatever needs complete types
// (method sets, recursive struct checks, comparable map keys) is put off until
// the outermost resolution is done: see Later().
//
// An expression is checked into an Operand, and the result is written to
// Info::types at once. Untyped operands stay untyped there until the context
// decides; UpdateExprType then walks down to them. Constant operands are not
// walked: only the value of the whole matters.
//
// After an error an operand is invalid (Mode::kNone) and whatever is built of
// it is silently invalid too.
#ifndef MGO_LANG_TYPES_CHECK_H_
#define MGO_LANG_TYPES_CHECK_H_

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/types/assignable.h"
#include "lang/types/checker.h"
#include "lang/types/package.h"
#include "lang/types/universe.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"

namespace mgo::types {

using diag::DiagKind;
using llvm::ArrayRef;
using llvm::cast;
using llvm::dyn_cast;
using llvm::dyn_cast_or_null;
using llvm::isa;
using llvm::SmallVectorImpl;
using llvm::StringRef;
using syntax::BlockStmt;
using syntax::Expr;
using syntax::Ident;
using syntax::Node;
using syntax::NodeKind;
using syntax::Op;
using syntax::Stmt;

class SeenConstants;

// An expression under check.
struct Operand {
  Mode mode = Mode::kNone;  // kNone: invalid
  Builtin builtin = Builtin::kNone;
  bool is_part = false;  // one of several values of `expr`
  const Type* type = nullptr;
  const Constant* value = nullptr;  // kConstant only
  const Expr* expr = nullptr;

  // Whether an error made it meaningless.
  bool Invalid() const { return mode == Mode::kNone; }
  // Whether it is the untyped nil.
  bool IsNil() const { return mode == Mode::kNil; }
};

// How far the resolution of a declaration is.
enum class Color : uint8_t { kWhite, kGrey, kBlack };

// A package-level declaration, or a local type's.
struct DeclInfo {
  Symbol* symbol = nullptr;
  Scope* file_scope = nullptr;
  const syntax::Decl* decl = nullptr;
  const Expr* type = nullptr;  // const, var: may be null
  const Expr* init = nullptr;  // const, var: may be null
  ArrayRef<Symbol*> lhs;       // var: more than one share `init`
  uint32_t iota = 0;           // const
  bool inherited = false;      // const: type and init are another's
  Color color = Color::kWhite;
  bool body_checked = false;  // func
  bool cycle_reported = false;
  bool init_checked = false;                 // var
  const Initializer* initializer = nullptr;  // var of a library
  // Variables of a script (check_script.cpp): the step that declares it, and
  // the statement if that is `:=`.
  uint32_t step = 0;
  const syntax::AssignStmt* define = nullptr;
  uint32_t order = 0;  // in the package's source order
  // Package-level variables, constants, functions and methods that it mentions.
  llvm::SmallSetVector<Symbol*, 4> deps;
};

// Where the checker stands.
struct Environment {
  DeclInfo* decl = nullptr;  // takes the dependencies
  Scope* scope = nullptr;
  const Node* function = nullptr;  // innermost FuncDecl or FuncLit
  const Signature* signature = nullptr;
  // Type parameters that are in scope: those of the declared function.
  ArrayRef<const TypeParam*> type_params;
  const Constant* iota = nullptr;  // inside a constant declaration
  // Among a script's statements: the step they belong to; elsewhere 0.
  uint32_t step = 0;
  Pos err_pos;            // where an inherited constant's errors go
  bool has_call = false;  // a call or receive was seen
};

// What a fallthrough statement means at a place; bits.
enum StmtFlags : unsigned {
  kFallthroughOk = 1,
  kFinalCase = 2,
  kInTypeSwitch = 4,
};

// A place in messages: "file.go:3:5".
std::string PositionText(const diag::SourceSet& sources, Pos pos);

class Checker {
 public:
  Checker(World& world, Package& package, Importer importer,
          diag::DiagnosticSink& sink);

  // --- entry points (check_package.cpp) --------------------------------------

  // Collects all declarations of the package.
  void Collect();
  // Resolves and checks everything collected, after `parser_errors` errors of
  // the parser.
  void CheckAll(size_t parser_errors);
  // Resolves one declaration of this package.
  void Resolve(Symbol* symbol);
  // Checks one function's body, once.
  void CheckFuncBody(Symbol* symbol);
  // Checks a package variable's initializer, once; null when it has none.
  const Initializer* CheckGlobalInit(const Symbol* symbol);
  // Checks all bodies and initializers of a library.
  void CheckBodies();
  // Where errors go from now on.
  void SetSink(diag::DiagnosticSink& sink) { sink_ = &sink; }
  // The declaration behind a package-level symbol or method, or null.
  DeclInfo* FindDecl(const Symbol* symbol) const;

 private:
  // --- diagnostics (check_report.cpp) ----------------------------------------

  // Reports a diagnostic of a kind, its pattern filled with `args`; see
  // AddReport.
  template <typename... Args>
  diag::Diagnostic* Report(DiagKind kind, Pos pos, Args&&... args) {
    return AddReport(
        kind, pos,
        llvm::formatv(diag::PatternOf(kind), std::forward<Args>(args)...)
            .str());
  }
  // Reports a finished message, unless it follows from an earlier error; then
  // the result is null.
  diag::Diagnostic* AddReport(DiagKind kind, Pos pos, std::string message);
  // Where Go reports errors about an expression: where it starts, but for a
  // slice expression its bracket and for a function type its parameters.
  static Pos PosOf(const Expr* e);
  // The position of an expression's operator, or what comes nearest.
  static Pos OperatorPos(const Expr* e);
  // Text of an operand, a type, an expression, a place in messages.
  std::string Str(const Operand& x) const;
  std::string Str(const Type* t) const;
  std::string Str(const Expr* e) const;
  std::string Str(Pos pos) const;
  // "struct type ", "int32 type " … before the name of a defined type.
  std::string DescribeKind(const Type* t) const;
  // The line that points at an earlier declaration.
  std::string OtherDeclaration(const Symbol* other) const;
  // "(number, string)": the types of operands or variables.
  std::string TypesSummary(ArrayRef<const Type*> types, bool variadic,
                           bool has_dots) const;

  // --- hints (check_hint.cpp) ------------------------------------------------

  // The name under which the file at `pos` imports a package, if its import
  // gives it one.
  const Name* ImportedAs(StringRef path, Pos pos) const;
  // Reports an undefined name, with what may have been meant.
  void ReportUndefined(const Ident* e);
  // Adds what may have been meant by a name that a package, or the fields and
  // methods of a type, do not have. `d` may be null.
  void HintMember(diag::Diagnostic* d, const Package* imported,
                  const Name* name) const;
  void HintMember(diag::Diagnostic* d, const Type* t, const Name* name) const;
  // Adds how operands of two types, a value and the type that is wanted, or a
  // condition and bool may be brought together. `d` may be null.
  void HintMismatch(diag::Diagnostic* d, const Operand& x, const Operand& y);
  void HintConversion(diag::Diagnostic* d, const Operand& x, const Type* t);
  void HintCondition(diag::Diagnostic* d, const Operand& x);

  // --- environment (check_report.cpp) ----------------------------------------

  // A new symbol of this package.
  Symbol* NewSymbol(SymbolKind kind, Pos pos, const Name* name,
                    const Type* type);
  // A new local variable of the current function, recorded as declared by the
  // identifier.
  Symbol* NewLocal(const Ident* ident, const Type* type);
  // Opens and closes a block.
  Scope* OpenScope();
  void CloseScope() { env_.scope = env_.scope->Parent(); }
  // Declares a symbol in the current scope; reports a redeclaration.
  void Declare(Scope* scope, const Ident* ident, Symbol* symbol, Pos start);
  // Reports that the name of `other` is declared once more.
  void ReportRedeclared(Pos pos, const Symbol* other);
  // Innermost symbol of a name, or null.
  Symbol* Lookup(const Name* name) const;
  // Puts work off until all types under resolution are complete.
  void Later(std::function<void()> action);
  void ProcessLater();
  // Makes the current declaration depend on a package-level symbol.
  void AddDependency(Symbol* symbol);
  // The checker of the package that a symbol belongs to.
  Checker* Owner(const Symbol* symbol) const;
  // Resolves a symbol of any package.
  void ResolveAny(Symbol* symbol);
  // What types-core's relations need.
  TypeContext Context() const {
    return {&world_.types, &world_.constants, &package_};
  }
  const Type* Basic(BasicKind kind) const { return world_.universe->Of(kind); }
  const Type* Invalid() const { return Basic(BasicKind::kInvalid); }
  ConstantArena& Constants() { return world_.constants; }

  // --- collecting (check_package.cpp)
  // -----------------------------------------

  void CollectFile(const syntax::File* file);
  void CollectConst(const syntax::ConstDecl* decl, Scope* file_scope);
  // `step`: of a script's variable.
  void CollectVar(const syntax::VarDecl* decl, Scope* file_scope,
                  uint32_t step = 0);
  void CollectType(const syntax::TypeDecl* decl, Scope* file_scope);
  void CollectFunc(const syntax::FuncDecl* decl, Scope* file_scope);
  void AssociateMethods();
  void DeclareGlobal(const Ident* ident, Symbol* symbol, DeclInfo* info);
  DeclInfo* NewDecl(Symbol* symbol, Scope* file_scope,
                    const syntax::Decl* decl);
  // check_limits.cpp
  void CheckLimits();
  void CheckConstArity(const syntax::ConstDecl* decl, bool local);
  bool CheckVarArity(const syntax::VarDecl* decl);

  // --- imports (check_import.cpp)
  // ----------------------------------------------

  void CollectImport(const syntax::ImportDecl* decl, Scope* file_scope);
  void CollectDotImport(const syntax::ImportDecl* decl, Scope* file_scope,
                        Package* imported);
  void CheckImportConflicts();
  // The path in an import declaration.
  StringRef WrittenPath(const syntax::ImportDecl* decl);
  void ReportUnusedImports();

  // --- scripts (check_script.cpp)
  // ----------------------------------------------

  // Makes the package a script if its file is one.
  bool StartScript();
  // Whether the package is a script.
  bool IsScript() const { return package_.script != nullptr; }
  // Declares what the script's statements declare.
  void CollectScript(const syntax::FuncDecl* script);
  void CollectDefine(const syntax::AssignStmt* define, uint32_t step);
  // Checks the script's statements.
  void ScriptBody(ArrayRef<const Stmt*> list);
  // Resolves variables that the script declares here.
  void ScriptVars(ArrayRef<const Expr*> names);
  // Whether a package-level symbol can be seen from where the checker stands.
  bool IsVisible(const Symbol* symbol) const;
  // The standard package of that name, imported because it is used; or null.
  Symbol* ImportUnasked(const Ident* name);
  // Reports a function main that nothing calls.
  void CheckScriptMain();
  // Makes variables of the script that no function uses local ones.
  void LocalizeScriptVars();

  // --- declarations (check_decl.cpp)
  // -------------------------------------------

  void ResolveDecl(DeclInfo* info);
  void ResolveConst(DeclInfo* info);
  void ResolveVar(DeclInfo* info);
  // Checks the initializer of a package-level variable.
  void CheckVarInit(DeclInfo* info);
  void ResolveType(DeclInfo* info);
  void ResolveFunc(DeclInfo* info);
  void ConstDeclaration(Symbol* symbol, const Expr* type, const Expr* init,
                        bool inherited);
  void TypeDeclaration(Symbol* symbol, const syntax::TypeDecl* decl);
  void CollectMethods(Named* named);
  void CompleteNamed(Named* named, const Type* rhs);
  void LocalDeclaration(const syntax::DeclStmt* stmt);
  void LocalConst(const syntax::ConstDecl* decl);
  void LocalVar(const syntax::VarDecl* decl);
  void LocalType(const syntax::TypeDecl* decl);
  void FuncBody(DeclInfo* decl, const Node* node, const Signature* signature,
                const BlockStmt* body, Scope* outer);
  void CheckTypeParamNames(const Signature* signature);
  void DeclareParams(const Signature* signature);

  // --- cycles (check_cycle.cpp)

  void ResolveGrey(DeclInfo* info);
  // Reports a cycle; it starts at the first in the source, or as given.
  void ReportCycle(ArrayRef<Symbol*> cycle, bool as_given = false,
                   ArrayRef<Pos> positions = {});
  // Whether values of type t have a size already; reports a cycle if not.
  bool RequireFinished(const Type* t);
  const Named* UnfinishedPart(const Type* t, llvm::DenseSet<const Named*>& seen,
                              llvm::SmallVectorImpl<Symbol*>* chain);
  // Reports a type that contains itself.
  void CheckValidType(const Named* named);
  // A type on the way through what types contain.
  struct ContainsFrame {
    const Named* named;
    int env;  // index of the frame whose declaration mentions it, or -1
    bool walking;
  };
  static const Named* OriginOf(const Named* named) {
    return named->origin != nullptr ? named->origin : named;
  }
  bool WalkContents(const Type* t, int env, std::vector<ContainsFrame>& path);
  bool WalkNamed(const Named* named, int env, std::vector<ContainsFrame>& path);
  bool WalkArguments(const Named* named, int env,
                     std::vector<ContainsFrame>& path);
  void NoteContained(const TypeParam* param, int env,
                     ArrayRef<ContainsFrame> path);
  void ReportContainsItself(const Named* named, int env, size_t first,
                            ArrayRef<ContainsFrame> path);

  // --- type sets as operands (check_core.cpp)

  // Why the types of a type parameter have no common underlying type.
  std::string WhyNoCommonType(const Type* t) const;
  // Whether t is a string, or each type of its type set is a string or []byte.
  static bool IsByteString(const Type* t);
  // The element type that t, or all of its type set, has as a slice; null:
  // none, and where elements differ, *mismatch is "int and string".
  const Type* SliceElem(const Type* t, std::string* mismatch);
  // The element type of a channel x of type parameter type, to receive from it
  // or send to it; null after a report at pos.
  const Type* ParamChanElem(const Operand& x, bool receive, Pos pos);

  // --- instantiation cycles (check_mono.cpp)

  // Remembers what type arguments go to which type parameters. `written` are
  // the arguments' expressions as far as there are any; else `pos` counts.
  void NoteInstance(ArrayRef<const TypeParam*> params,
                    ArrayRef<const Type*> args, ArrayRef<const Expr*> written,
                    Pos pos);
  // Reports the first cycle among the instances noted.
  void CheckInstanceCycles();
  int MonoNode(const Type* t);
  // Adds the edges to `to` for what t, a part of `arg`, mentions.
  void MonoMention(const Type* t, const Type* arg, int to, Pos pos);
  void ReportInstanceCycle(int node);

  // --- generics (check_generic.cpp)
  // --------------------------------------------

  // Opens a scope for type parameters.
  void OpenTypeParamScope();
  // Declares a list of type parameters in the current scope.
  void CollectTypeParams(ArrayRef<syntax::Field> fields,
                         ArrayRef<const TypeParam*>* out);
  TypeParam* DeclareTypeParam(const Ident* ident, int index);
  // The type that an expression denotes as a constraint.
  const Type* ConstraintOf(const Expr* e);
  // Whether t is a generic type, not an instance of one.
  static bool IsGeneric(const Type* t);
  // Whether x is a generic function without all its type arguments.
  static bool IsGenericFunc(const Operand& x);
  static ArrayRef<const TypeParam*> TypeParamsOf(const Type* t);
  // t; reports it when it is generic.
  const Type* RequireInstance(const Expr* e, const Type* t);
  // Instantiates a generic function operand, for a target type if that is not
  // null; reports when that is impossible.
  bool RequireFuncInstance(Operand& x, const Type* target,
                           const std::string& target_name = {});
  struct CallTypeParams;
  // The type arguments of f[T1] that are not all that f has, or null.
  const std::vector<const Type*>* PartialArgs(const Expr* e) const;
  void RecordInstance(const Expr* e, ArrayRef<const Type*> args,
                      const Type* type);
  const Type* InstanceTypeOf(const syntax::IndexExpr* e);
  const Type* InstanceOf(const syntax::IndexExpr* e, const Type* generic);
  // The type of a receiver such as *T[P], with its type parameters declared in
  // a new scope; null when it is not of that form.
  const Type* GenericReceiver(const Expr* e,
                              ArrayRef<const TypeParam*>* params);
  // f[T1, T2] for a generic function f.
  void FuncInstance(Operand& x, const syntax::IndexExpr* e);
  void InstantiateFunc(Operand& x, const Expr* fun, ArrayRef<const Type*> args,
                       Pos pos);
  void ReportInferError(const struct InferError& error, const Expr* fun,
                        Pos pos);
  // The signature that a call of a generic function calls; null after an error.
  const Signature* InferCall(const syntax::CallExpr* e,
                             const Signature* signature,
                             llvm::SmallVectorImpl<Operand>& args, bool spread);

  // --- types (check_type.cpp)
  // ---------------------------------------------------

  // The type that an expression denotes; Invalid after an error.
  const Type* TypeExpr(const Expr* e);
  // The same for the right side of a type declaration.
  const Type* DefinedType(const Expr* e);
  // The same for a variable: no constraint interfaces.
  const Type* VarType(const Expr* e);
  const Type* TypeInternal(const Expr* e);
  const Type* IdentType(const Expr* e);
  void ReportNotType(const Expr* e, const Symbol* symbol);
  const Type* ArrayTypeOf(const syntax::ArrayTypeExpr* e);
  const Type* StructTypeOf(const syntax::StructTypeExpr* e);
  const Type* InterfaceTypeOf(const syntax::InterfaceTypeExpr* e);
  const Type* MapTypeOf(const syntax::MapTypeExpr* e);
  const Type* UnionOf(const Expr* e, bool bare = false);
  void CheckUnion(const Union* u, ArrayRef<Pos> positions);
  int64_t ArrayLength(const Expr* e);
  void CheckEmbedded(const syntax::Field& field, const Type* t);
  void CheckNotConstraint(const Expr* e, const Type* t);
  void RequireComparableKey(const Expr* e, const Type* key);
  Signature* SignatureOf(const syntax::FuncTypeExpr* e,
                         const syntax::Field* recv);
  const Tuple* CollectParams(ArrayRef<syntax::Field> fields, bool results,
                             bool* variadic);
  Symbol* CollectReceiver(const syntax::Field& field, Signature* signature);
  void CheckReceiver(const syntax::Field& field, const Type* t);
  void CheckParamNames(const Signature* signature);
  void CheckInterface(const Interface* iface);

  // --- expressions (check_expr.cpp)
  // ----------------------------------------------

  // A single value.
  void Value(Operand& x, const Expr* e);
  // A single value that may be a generic function, for Assignment.
  void ValueForTarget(Operand& x, const Expr* e);
  // A single value, with the type that a composite literal without one takes.
  void ValueWithHint(Operand& x, const Expr* e, const Type* hint);
  // A value, or several (a Tuple).
  void MultiValue(Operand& x, const Expr* e);
  // A value or a type.
  void ValueOrType(Operand& x, const Expr* e);
  // Anything; records what it finds.
  void Raw(Operand& x, const Expr* e, const Type* hint);
  void RawInternal(Operand& x, const Expr* e, const Type* hint);
  void Record(const Operand& x);
  // Checks an expression that an error has made useless, for its own errors and
  // for the variables that it uses.
  // Tells whether it was valid.
  bool Use(const Expr* e);
  bool UseAll(ArrayRef<const Expr*> list);
  bool UseLhs(const Expr* e);
  bool ExcludeNonValues(Operand& x);
  bool SingleValue(Operand& x);
  void IdentExpr(Operand& x, const Ident* e, bool want_type);
  void LiteralExpr(Operand& x, const syntax::BasicLit* e);
  void FuncLitExpr(Operand& x, const syntax::FuncLit* e);
  void UnaryExpr(Operand& x, const syntax::UnaryExpr* e, const Type* hint);
  void AddressOf(Operand& x, const syntax::UnaryExpr* e, const Type* hint);
  void ReceiveExpr(Operand& x, const syntax::UnaryExpr* e);
  void StarExpr(Operand& x, const syntax::StarExpr* e);
  void TypeAssertExpr(Operand& x, const syntax::TypeAssertExpr* e);
  void CheckTypeAssertion(const Expr* e, const Operand& x, const Type* t,
                          bool type_switch);
  void IndexExpr(Operand& x, const syntax::IndexExpr* e);
  void SliceExpr(Operand& x, const syntax::SliceExpr* e);
  bool TypeParamIndex(Operand& x, const syntax::IndexExpr* e);
  void MapIndex(Operand& x, const syntax::IndexExpr* e, const Map* map);
  // Checks an index; the constant value or -1. `limit` < 0: none.
  bool Index(const Expr* e, int64_t limit, int64_t* value);
  bool ValidIndex(Operand& x, const char* what, bool allow_negative);
  // The same for a constant operand that is there already.
  bool ConstantIndex(Operand& x, int64_t limit, int64_t* value);

  // --- operators (check_binary.cpp)
  // -----------------------------------------------

  void BinaryExpr(Operand& x, const syntax::BinaryExpr* e);
  // x op y into x; e is null for op=, where `pos` is the statement's.
  void Binary(Operand& x, const syntax::BinaryExpr* e, const Expr* lhs,
              const Expr* rhs, Op op, Pos op_pos);
  void BinaryWith(Operand& x, Operand& y, const syntax::BinaryExpr* e,
                  const Expr* lhs, Op op, Pos op_pos);
  void Shift(Operand& x, Operand& y, const Expr* e, Op op, Pos op_pos);
  void Comparison(Operand& x, Operand& y, Op op);
  void ReportComparison(Operand& x, Operand& y, Op op, bool switch_case);
  // Whether a numeric constant is 0.
  bool IsZero(const Constant* value);
  bool SquareVanishes(const Constant* value);
  void ReportMismatch(Operand& x, Operand& y, const syntax::BinaryExpr* e,
                      const Expr* lhs, Op op);
  bool MatchUntyped(Operand& x, Operand& y);
  bool MayConvert(const Operand& x, const Operand& y) const;
  bool OperatorDefined(const Operand& x, Op op, bool unary);
  void CheckOverflow(Operand& x, Pos op_pos);

  // --- conversions (check_conversion.cpp)
  // ------------------------------------------

  // Why an untyped operand cannot become a type.
  enum class Refusal : uint8_t { kNone, kMismatch, kTruncated, kOverflow };
  // The type and value that an untyped operand takes for `target`.
  Refusal ImplicitType(Operand& x, const Type* target, const Type** type,
                       const Constant** value);
  // Converts an untyped operand to `target`, or reports why not.
  void ConvertUntyped(Operand& x, const Type* target);
  // Sets the type of an untyped expression, down to its operands.
  void UpdateExprType(const Expr* e, const Type* type, bool final_type);
  void UpdateOne(const Expr* e, const Type* type, bool final_type,
                 llvm::SmallVectorImpl<const Expr*>& pending);
  // Gives an operand the type and value that ImplicitType found.
  void SetImplicit(Operand& x, const Type* type, const Constant* value);
  void ReportRefusal(Operand& x, const Type* target, Refusal refusal);
  // Rounds a constant to its type, or reports that it does not fit.
  bool Representable(Operand& x, const Type* t);
  Refusal Represents(const Operand& x, const Type* t, const Constant** rounded);
  // T(x).
  void Conversion(Operand& x, const Type* t, Pos rparen);
  // x as a value of type t (null: of its own), for assignment. The context is
  // "assignment" …, or "argument to " with the callee.
  void Assignment(Operand& x, const Type* t, const char* context,
                  const Expr* callee = nullptr);

  // --- selectors (check_selector.cpp)
  // --------------------------------------------

  void SelectorExpr(Operand& x, const syntax::SelectorExpr* e, bool want_type);
  bool PackageSelector(Operand& x, const syntax::SelectorExpr* e,
                       bool want_type);
  void MethodExpr(Operand& x, const syntax::SelectorExpr* e,
                  const LookupResult& found);
  void ReportNoSelector(const Operand& x, const syntax::SelectorExpr* e,
                        const LookupResult& found);
  std::string LookupHint(const Type* t, const Name* sel, bool addressable);
  const Signature* WithoutReceiver(const Signature* signature);
  void RecordSelection(const syntax::SelectorExpr* e, SelectionKind kind,
                       const Type* recv, const LookupResult& found);

  // --- calls (check_call.cpp)
  // -----------------------------------------------------

  void CallExpr(Operand& x, const syntax::CallExpr* e);
  // Why x cannot be called.
  std::string WhyNotFunc(const Operand& x) const;
  void ConversionCall(Operand& x, const syntax::CallExpr* e);
  // Evaluates arguments; a single multi-value call is spread.
  void Arguments(ArrayRef<const Expr*> list,
                 llvm::SmallVectorImpl<Operand>& args);
  // Checks arguments against parameters. The signature called, which inference
  // may have instantiated; null when that failed.
  const Signature* CallArguments(const syntax::CallExpr* e,
                                 const Signature* signature,
                                 llvm::SmallVectorImpl<Operand>& args);
  void ReportArgumentCount(const syntax::CallExpr* e,
                           const Signature* signature, ArrayRef<Operand> args,
                           size_t wanted);

  // --- builtins (check_builtin.cpp)
  // -------------------------------------------------

  void BuiltinCall(Operand& x, const syntax::CallExpr* e, Builtin id);
  void BuiltinAppend(Operand& x, const syntax::CallExpr* e,
                     llvm::SmallVectorImpl<Operand>& args);
  void BuiltinLen(Operand& x, const syntax::CallExpr* e, Builtin id);
  void BuiltinClear(Operand& x);
  void BuiltinClose(Operand& x);
  void BuiltinComplex(Operand& x, const syntax::CallExpr* e, Operand& y);
  void BuiltinRealImag(Operand& x, const syntax::CallExpr* e, Builtin id);
  void BuiltinCopy(Operand& x, Operand& y);
  void BuiltinDelete(Operand& x, Operand& y);
  void BuiltinMake(Operand& x, const syntax::CallExpr* e);
  void BuiltinNew(Operand& x, const syntax::CallExpr* e);
  void BuiltinMinMax(Operand& x, const syntax::CallExpr* e, Builtin id,
                     llvm::SmallVectorImpl<Operand>& args);
  void BuiltinPrint(Operand& x, llvm::SmallVectorImpl<Operand>& args,
                    Builtin id);
  void UnsafeCall(Operand& x, const syntax::CallExpr* e, Builtin id,
                  llvm::SmallVectorImpl<Operand>& args);
  void UnsafeOffsetof(Operand& x, const syntax::CallExpr* e);
  void NoValue(Operand& x) {
    x.mode = Mode::kNoValue;
    x.type = world_.universe->empty_tuple;
  }

  // --- literals (check_literal.cpp)
  // --------------------------------------------------

  void CompositeLit(Operand& x, const syntax::CompositeLit* e,
                    const Type* hint);
  void StructLit(const syntax::CompositeLit* e, const Type* type,
                 const Struct* s);
  void KeyedStructLit(const syntax::CompositeLit* e, const Type* type,
                      const Struct* s);
  void PositionalStructLit(const syntax::CompositeLit* e, const Type* type,
                           const Struct* s);
  void ReportUnknownField(const Ident* key, const Type* type, const Struct* s);
  int64_t ElementList(ArrayRef<const Expr*> elements, const Type* elem,
                      int64_t length);
  void MapLit(const syntax::CompositeLit* e, const Map* m);

  // --- statements (check_stmt.cpp, check_assign.cpp, …)
  // --------------------------------

  void StmtList(ArrayRef<const Stmt*> list, unsigned flags);
  void Statement(const Stmt* s, unsigned flags);
  void Block(const BlockStmt* block, unsigned flags);
  void ExprStatement(const syntax::ExprStmt* s);
  void SendStatement(const syntax::SendStmt* s);
  void GoOrDefer(const char* keyword, const Expr* call);
  void BranchStatement(const syntax::BranchStmt* s, unsigned flags);
  void ReturnStatement(const syntax::ReturnStmt* s);
  void IfStatement(const syntax::IfStmt* s, unsigned flags);
  void ForStatement(const syntax::ForStmt* s, unsigned flags);
  void SelectStatement(const syntax::SelectStmt* s, unsigned flags);
  void Condition(const Expr* cond, const char* what);

  void AssignStatement(const syntax::AssignStmt* s);
  void IncDecStatement(const syntax::IncDecStmt* s);
  void OpAssign(const syntax::AssignStmt* s);
  void ShortVarDecl(const syntax::AssignStmt* s);
  void AssignVars(ArrayRef<const Expr*> lhs, ArrayRef<const Expr*> rhs);
  void AssignVar(const Expr* lhs, const Expr* rhs, Operand* x,
                 const char* context);
  // Type of an assignment's left side: null for _, Invalid after an error.
  const Type* LhsVar(const Expr* lhs);
  void InitVar(Symbol* lhs, Operand& x, const char* context);
  void InitVars(ArrayRef<Symbol*> lhs, ArrayRef<const Expr*> rhs,
                const syntax::ReturnStmt* return_stmt);
  void AssignMismatch(ArrayRef<const Expr*> rhs, size_t l, size_t r);
  void ReturnMismatch(const syntax::ReturnStmt* s, ArrayRef<Operand> rhs,
                      ArrayRef<Symbol*> lhs);
  void RecordCommaOk(const Expr* e, const Type* value, const Type* ok);
  // Evaluates the single right side of several left ones: the components.
  bool MultiRhs(const Expr* rhs, size_t wanted,
                llvm::SmallVectorImpl<Operand>& out, bool* comma_ok);

  // check_switch.cpp
  void SwitchStatement(const syntax::SwitchStmt* s, unsigned flags);
  void CaseValues(Operand& tag, const syntax::CaseClause* clause,
                  SeenConstants* seen);
  bool MatchCase(Operand& value, Operand& tag);
  bool CaseComparable(Operand& value, Operand& tag);
  // The expression that a missing switch tag stands for.
  const Expr* TrueExpr(Pos pos);
  void TypeSwitchStatement(const syntax::TypeSwitchStmt* s, unsigned flags);
  const Type* CaseTypes(const syntax::TypeSwitchStmt* s, const Operand& x,
                        const syntax::CaseClause* clause,
                        std::vector<std::pair<const Type*, Pos>>* seen);

  // check_range.cpp
  void RangeStatement(const syntax::RangeStmt* s, unsigned flags);
  // Key and value types of a range operand, null where it has none; false: it
  // is not one, *cause may say why.
  bool RangeTypes(const Operand& x, const Type** key, const Type** value,
                  std::string* cause);
  bool RangeFuncTypes(const Signature* f, const Type** key, const Type** value,
                      std::string* cause);
  void RangeDefine(const syntax::RangeStmt* s, const Type* key,
                   const Type* value, Operand& x, bool is_int);
  void RangeAssign(const syntax::RangeStmt* s, const Type* key,
                   const Type* value, Operand& x, bool is_int);

  // check_return.cpp
  bool IsTerminating(const Stmt* s, const Name* label);
  bool IsTerminatingList(ArrayRef<const Stmt*> list);
  bool IsPanicCall(const Expr* e) const;

  // check_unused.cpp
  void ReportUnusedVars(size_t first);

  // init_order.cpp
  void ComputeInitOrder();
  bool FindInitCycle(DeclInfo* from, DeclInfo* target,
                     llvm::DenseSet<DeclInfo*>& visited,
                     std::vector<Symbol*>& path);
  void EmitInitializer(DeclInfo* info);

  World& world_;
  Package& package_;
  Info& info_;
  Importer importer_;
  diag::DiagnosticSink* sink_;
  Environment env_;

  std::deque<Scope> scopes_;
  std::deque<DeclInfo> decls_;
  std::deque<Initializer> initializers_;
  llvm::DenseMap<const Symbol*, DeclInfo*> decl_of_;
  std::vector<DeclInfo*> decl_list_;  // source order
  std::vector<DeclInfo*> methods_;    // not in the package scope
  llvm::DenseMap<const Symbol*, std::vector<DeclInfo*>> methods_of_;
  std::vector<Symbol*> path_;  // grey declarations, outermost first
  std::deque<std::function<void()>> later_;
  // Bodies to check once all declarations are resolved, in source order.
  std::deque<std::function<void()>> bodies_;
  bool collect_bodies_ = false;
  bool processing_later_ = false;
  bool import_failed_ = false;  // a package could not be found
  int resolving_ = 0;           // depth of type resolution
  // Named types whose right side was incomplete: (named, right side).
  std::vector<std::pair<Named*, const Named*>> waiting_;
  llvm::DenseSet<const Named*> incomplete_;
  // Methods' signatures without their receivers.
  llvm::DenseMap<const Signature*, const Signature*> plain_signatures_;
  // What stood on the right of a type declaration.
  llvm::DenseMap<const Named*, const Type*> right_side_;
  llvm::DenseSet<const Named*> valid_;  // by CheckValidType
  // What a generic type contains: of each type parameter, once it is found in
  // it, the instances around it.
  struct Contents {
    std::vector<std::optional<llvm::SmallVector<const Named*, 2>>> contained;
  };
  llvm::DenseMap<const Named*, Contents> contents_;
  // Type arguments of f[T1] that are not all that f has, by expression.
  llvm::DenseMap<uint32_t, std::vector<const Type*>> partial_args_;
  // Where an instance of a generic type was first written.
  llvm::DenseMap<const Named*, Pos> instance_pos_;
  // The receiver's type parameters of methods: those of the generic type.
  llvm::DenseMap<const TypeParam*, const TypeParam*> receiver_params_;
  // The graph of check_mono.cpp.
  struct MonoInstance {
    const TypeParam* param;
    const Type* arg;
    Pos pos;
  };
  struct MonoVertex {
    const Type* type;  // a TypeParam or a local Named
    int weight = 0;    // of the heaviest path to it
    int length = 0;    // edges of that path
    int best = -1;     // its last edge
  };
  struct MonoEdge {
    int from, to;
    bool grows;
    Pos pos;
    const Type* type;
  };
  std::vector<MonoInstance> mono_instances_;
  std::vector<MonoVertex> mono_nodes_;
  std::vector<MonoEdge> mono_edges_;
  llvm::DenseMap<const Type*, int> mono_index_;
  llvm::DenseSet<uint32_t> shift_lhs_;  // untyped left operands of shifts
  // Types as written that CheckLimits looks at.
  struct LimitedType {
    Pos pos;
    const Type* type;
  };
  std::vector<LimitedType> limited_;
  llvm::DenseSet<const Expr*> panic_calls_;  // of the builtin, checked
  std::vector<Symbol*> locals_;              // variables that must be used
  std::vector<std::pair<const syntax::ImportDecl*, Symbol*>> imports_;
  // Files' dot imports: (declaration, package, used).
  struct DotImport {
    const syntax::ImportDecl* decl;
    Package* imported;
    bool used;
  };
  std::vector<DotImport> dot_imports_;
  llvm::DenseMap<const Symbol*, size_t> dot_symbols_;
  std::vector<std::pair<Scope*, const syntax::File*>> file_scopes_;
  const Name *blank_, *init_, *main_, *iota_;
  const Expr* true_expr_ = nullptr;
  // The last message reported, and its line.
  int last_line_ = -1;
  std::string last_message_;
  uint32_t next_order_ = 0;
  uint32_t local_types_ = 0;  // types declared in functions so far
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_CHECK_H_
