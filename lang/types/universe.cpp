#include "lang/types/universe.h"

namespace mgo::types {

namespace {

// Makes the symbols of one scope that belongs to no source file.
struct Declarer {
  syntax::NameTable& names;
  TypeArena& types;
  uint32_t* next_symbol_id;
  Package* package;  // null: predeclared
  Scope* scope;

  Symbol* Declare(SymbolKind kind, const char* name, const Type* type) {
    Symbol* symbol = types.New<Symbol>();
    symbol->kind = kind;
    symbol->name = names.Intern(name);
    symbol->package = package;
    symbol->type = type;
    symbol->scope = scope;
    symbol->id = (*next_symbol_id)++;
    scope->Insert(symbol);
    return symbol;
  }

  void DeclareBuiltins(
      llvm::ArrayRef<std::pair<const char*, Builtin>> builtins) {
    for (auto [name, builtin] : builtins) {
      Declare(SymbolKind::kBuiltin, name, BasicType(BasicKind::kInvalid))
          ->builtin = builtin;
    }
  }
};

// interface{ Error() string }
const Interface* MakeErrorInterface(Declarer& declarer, const Named* error,
                                    const Tuple* no_params) {
  TypeArena& types = declarer.types;
  auto unnamed = [&](const Type* type) {
    Symbol* symbol = types.New<Symbol>();
    symbol->kind = SymbolKind::kVar;
    symbol->type = type;
    symbol->is_param = true;
    symbol->id = (*declarer.next_symbol_id)++;
    return symbol;
  };
  Symbol* result = unnamed(BasicType(BasicKind::kString));
  result->is_param = false;
  result->is_result = true;
  auto* results = types.New<Tuple>(types.Copy(llvm::ArrayRef<Symbol*>(result)));
  auto* signature = types.New<Signature>(no_params, results, false);
  signature->recv = unnamed(error);
  Symbol* method = types.New<Symbol>();
  method->kind = SymbolKind::kFunc;
  method->name = declarer.names.Intern("Error");
  method->type = signature;
  method->id = (*declarer.next_symbol_id)++;
  return types.New<Interface>(types.Copy(llvm::ArrayRef<Symbol*>(method)),
                              llvm::ArrayRef<const Type*>());
}

constexpr std::pair<const char*, Builtin> kBuiltins[] = {
    {"append", Builtin::kAppend},   {"cap", Builtin::kCap},
    {"clear", Builtin::kClear},     {"close", Builtin::kClose},
    {"complex", Builtin::kComplex}, {"copy", Builtin::kCopy},
    {"delete", Builtin::kDelete},   {"imag", Builtin::kImag},
    {"len", Builtin::kLen},         {"make", Builtin::kMake},
    {"max", Builtin::kMax},         {"min", Builtin::kMin},
    {"new", Builtin::kNew},         {"panic", Builtin::kPanic},
    {"print", Builtin::kPrint},     {"println", Builtin::kPrintln},
    {"real", Builtin::kReal},       {"recover", Builtin::kRecover},
};

constexpr std::pair<const char*, Builtin> kUnsafeBuiltins[] = {
    {"Add", Builtin::kUnsafeAdd},
    {"Alignof", Builtin::kUnsafeAlignof},
    {"Offsetof", Builtin::kUnsafeOffsetof},
    {"Sizeof", Builtin::kUnsafeSizeof},
    {"Slice", Builtin::kUnsafeSlice},
    {"SliceData", Builtin::kUnsafeSliceData},
    {"String", Builtin::kUnsafeString},
    {"StringData", Builtin::kUnsafeStringData},
};

}  // namespace

Universe::Universe(syntax::NameTable& names, TypeArena& types,
                   ConstantArena& constants, uint32_t* next_symbol_id) {
  types.SetSymbolCounter(next_symbol_id);
  scope = types.New<Scope>(nullptr);
  Declarer declarer{names, types, next_symbol_id, nullptr, scope};

  for (size_t i = 0; i < std::size(basic); i++) {
    auto kind = static_cast<BasicKind>(i);
    basic[i] = BasicType(kind);
    bool spelled = kind >= BasicKind::kBool && kind <= BasicKind::kString;
    if (spelled) {
      declarer.Declare(SymbolKind::kTypeName, BasicType(kind)->name, basic[i]);
    }
  }
  byte_type = &kByteType;
  rune_type = &kRuneType;
  declarer.Declare(SymbolKind::kTypeName, "byte", byte_type);
  declarer.Declare(SymbolKind::kTypeName, "rune", rune_type);
  empty_tuple = types.New<Tuple>(llvm::ArrayRef<Symbol*>());

  empty_interface = types.New<Interface>(llvm::ArrayRef<Symbol*>(),
                                         llvm::ArrayRef<const Type*>());
  Symbol* any = declarer.Declare(SymbolKind::kTypeName, "any", nullptr);
  auto* any_alias = types.New<Alias>(any);
  any_alias->actual = empty_interface;
  any->type = any_type = any_alias;

  Symbol* error = declarer.Declare(SymbolKind::kTypeName, "error", nullptr);
  auto* error_named = types.New<Named>(error);
  error_named->underlying =
      MakeErrorInterface(declarer, error_named, empty_tuple);
  error->type = error_type = error_named;

  Symbol* comparable =
      declarer.Declare(SymbolKind::kTypeName, "comparable", nullptr);
  auto* comparable_named = types.New<Named>(comparable);
  auto* comparable_set = types.New<Interface>(llvm::ArrayRef<Symbol*>(),
                                              llvm::ArrayRef<const Type*>());
  comparable_set->comparable = true;
  comparable_named->underlying = comparable_set;
  comparable->type = comparable_type = comparable_named;

  const Type* untyped_bool = Of(BasicKind::kUntypedBool);
  declarer.Declare(SymbolKind::kConst, "true", untyped_bool)->value =
      constants.Bool(true);
  declarer.Declare(SymbolKind::kConst, "false", untyped_bool)->value =
      constants.Bool(false);
  declarer.Declare(SymbolKind::kConst, "iota", Of(BasicKind::kUntypedInt))
      ->value = constants.Int(0);
  declarer.Declare(SymbolKind::kNil, "nil", Of(BasicKind::kUntypedNil));
  declarer.DeclareBuiltins(kBuiltins);

  unsafe_package = std::make_unique<Package>();
  unsafe_package->path = "unsafe";
  unsafe_package->name = names.Intern("unsafe");
  unsafe_package->is_library = true;
  unsafe_package->scope = types.New<Scope>(scope);
  Declarer unsafe{names, types, next_symbol_id, unsafe_package.get(),
                  unsafe_package->scope};
  unsafe.Declare(SymbolKind::kTypeName, "Pointer",
                 Of(BasicKind::kUnsafePointer));
  unsafe.DeclareBuiltins(kUnsafeBuiltins);
}

}  // namespace mgo::types
