// A checked package: the checker's immutable result, and what later phases
// read.
#ifndef MGO_LANG_TYPES_PACKAGE_H_
#define MGO_LANG_TYPES_PACKAGE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lang/syntax/ast.h"
#include "lang/types/constant.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"
#include "llvm/ADT/DenseMap.h"

namespace mgo::types {

// What an expression denotes.
enum class Mode : uint8_t {
  kNone,      // not visited (dead or erroneous code)
  kNoValue,   // a call without results
  kBuiltin,   // a predeclared function
  kType,      // a type
  kConstant,  // value is set
  kVariable,  // addressable
  kMapIndex,  // m[k]: assignable, not addressable; comma-ok form possible
  kValue,     // any other value; a Tuple for several results
  kNil,       // untyped nil; type is the type it is converted to
  kCommaOk,   // x.(T), <-c: like kValue, comma-ok form possible
};

// Facts about one expression. `type` is final: an untyped constant operand has
// the type that it is converted to (its default type where nothing else asks).
// The operand of a comma-ok assignment has a Tuple type (value, bool).
struct TypeAndValue {
  const Type* type = nullptr;
  const Constant* value = nullptr;  // kConstant only
  Mode mode = Mode::kNone;
};

enum class SelectionKind : uint8_t { kField, kMethodValue, kMethodExpr };

// What x.f denotes when x is not a package.
struct Selection {
  SelectionKind kind;
  const Type* recv;  // type of x (kMethodExpr: the type x)
  Symbol* symbol;    // field or method
  // Fields to go through; for kField the field itself last, for methods the
  // embedded fields only (the method is `symbol`).
  llvm::ArrayRef<int> path;
  bool indirect;  // a pointer is followed somewhere on the way
};

// Type arguments of a generic function or type that an identifier names.
struct Instance {
  llvm::ArrayRef<const Type*> type_args;
  const Type* type;
};

// One step of package initialization: lhs = rhs.
struct Initializer {
  llvm::ArrayRef<Symbol*> lhs;  // more than one: rhs is a multi-value
  const syntax::Expr* rhs;
};

// Tables of facts, by Expr::id unless said otherwise.
struct Info {
  std::vector<TypeAndValue> types;
  // Ident: the symbol that it uses or declares; null for `_` and for the
  // symbolic variable of a type switch.
  std::vector<Symbol*> symbols;
  llvm::DenseMap<uint32_t, const Selection*> selections;  // SelectorExpr
  llvm::DenseMap<uint32_t, Instance> instances;           // Ident
  // CaseClause of a type switch with a variable: the clause's own variable.
  llvm::DenseMap<const syntax::Node*, Symbol*> implicits;
  // Receiver (if any), parameters and results of FuncDecl and FuncLit, as
  // declared in the body: unnamed ones too, in order receiver, params, results.
  llvm::DenseMap<const syntax::Node*, const Signature*> signatures;
  // Go's name for a function literal is its outer function's and a number;
  // FuncLits in source order, per outermost function or initializer.
  std::vector<Initializer> init_order;
  std::vector<const syntax::FuncDecl*> inits;  // init functions, in order
};

class Checker;

// A package under or after checking.
struct Package {
  std::string path;  // import path; "main" for the program
  const Name* name = nullptr;
  bool is_library = false;  // of the standard library: bodies on request
  std::unique_ptr<syntax::PackageSyntax> syntax;
  // A script's statements, as a function main that no name leads to; null in
  // package mode.
  Symbol* script = nullptr;
  Scope* scope = nullptr;         // package-level names
  std::vector<Package*> imports;  // in order of first appearance
  Info info;
  // The package's checker, which the World keeps; null before CheckPackage.
  Checker* checker = nullptr;
  // Whether it can be run.
  bool IsProgram() const {
    return script != nullptr || (name != nullptr && name->text == "main");
  }
  // The type name of each dense symbol id is not kept: symbols point here.
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_PACKAGE_H_
