// Symbols: what names stand for, and the scopes that hold them.
#ifndef MGO_LANG_TYPES_SYMBOL_H_
#define MGO_LANG_TYPES_SYMBOL_H_

#include <cstdint>
#include <vector>

#include "lang/syntax/ast.h"
#include "lang/types/constant.h"
#include "lang/types/type.h"
#include "llvm/ADT/DenseMap.h"

namespace mgo::types {

using syntax::Pos;

enum class SymbolKind : uint8_t {
  kPackageName,
  kConst,
  kTypeName,
  kVar,
  kFunc,
  kLabel,
  kBuiltin,
  kNil,
};

// Predeclared functions, and those of package unsafe.
enum class Builtin : uint8_t {
  kNone,
  kAppend,
  kCap,
  kClear,
  kClose,
  kComplex,
  kCopy,
  kDelete,
  kImag,
  kLen,
  kMake,
  kMax,
  kMin,
  kNew,
  kPanic,
  kPrint,
  kPrintln,
  kReal,
  kRecover,
  kUnsafeAdd,
  kUnsafeAlignof,
  kUnsafeOffsetof,
  kUnsafeSizeof,
  kUnsafeSlice,
  kUnsafeSliceData,
  kUnsafeString,
  kUnsafeStringData,
};

// The one thing a name stands for. Fields below the kind that they belong to
// are meaningless for others.
struct Symbol {
  SymbolKind kind;
  Pos pos;                     // of the declaration; none when predeclared
  const Name* name = nullptr;  // null: unnamed parameter or result
  Package* package = nullptr;  // null: predeclared
  const Type* type = nullptr;  // null until resolved
  Scope* scope = nullptr;      // where it is declared; null for fields
  Pos scope_start;             // local: visible from here on

  // kPackageName
  Package* imported = nullptr;
  // kConst
  const Constant* value = nullptr;
  // kVar
  bool is_field = false;
  bool embedded = false;
  bool is_param = false;  // receivers too
  bool is_result = false;
  bool is_global = false;
  bool used = false;  // and kPackageName, kLabel
  // Innermost enclosing function of a local variable: FuncDecl or FuncLit node;
  // null for globals and fields.
  const syntax::Node* function = nullptr;
  // kFunc: the declaration; null for interface methods. A method has a receiver
  // in its Signature.
  const syntax::FuncDecl* decl = nullptr;
  // kBuiltin
  Builtin builtin = Builtin::kNone;
  // A field, method or function of an instance: the generic one it comes from.
  Symbol* origin = nullptr;
  // A method of an instance: that instance.
  const Named* instance = nullptr;
  // Dense number within the compilation, for tables of later phases.
  uint32_t id = 0;
};

// A block's names. Lookups go outwards by way of `parent`.
class Scope {
 public:
  explicit Scope(Scope* parent) : parent_(parent) {}
  Scope* Parent() const { return parent_; }
  // The symbol of that name in this very scope, or null.
  Symbol* Find(const Name* name) const;
  // Declares it; returns the earlier symbol of that name, or null when it is
  // new (and inserted). Blank names are not inserted.
  Symbol* Insert(Symbol* symbol);
  // In insertion order.
  const std::vector<Symbol*>& Symbols() const { return symbols_; }

 private:
  Scope* parent_;
  std::vector<Symbol*> symbols_;
  // Only once there are many; small scopes are searched linearly.
  llvm::DenseMap<const Name*, Symbol*> index_;
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_SYMBOL_H_
