// Lowering's view of the whole program: which functions, globals and run-time
// types it has.
//
// A worklist. Whoever lowers a body asks here for the functions and globals
// that it mentions (FunctionFor, GlobalFor, ...); what is new is queued and
// lowered in its turn. The set of methods that can be called dynamically grows
// the same way: a method of a run-time type gets a function when its name is
// called through some interface (NoteRuntimeType, NoteMethodCall).
#ifndef MGO_VM_IR_LOWER_PROGRAM_H_
#define MGO_VM_IR_LOWER_PROGRAM_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/types/checker.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "vm/ir/ir.h"

namespace mgo::ir {

using types::Symbol;

// Type arguments of the instance that is being lowered; empty for the rest.
struct TypeEnv {
  llvm::ArrayRef<const types::TypeParam*> from;
  llvm::ArrayRef<const Type*> to;
  bool Empty() const { return from.empty(); }
};

// What prescan finds out about a local variable; bits of
// ProgramLowering::var_flags.
enum VarFlags : uint8_t {
  kAddressTaken = 1,  // its address is needed
  kCaptured = 2,      // a function literal mentions it
  kReassigned = 4,    // assigned, also in part, other than by its declaration
};

// What prescan finds out about a function literal.
struct LiteralInfo {
  uint32_t ordinal = 0;  // from 1, within the enclosing function
  std::vector<Symbol*> captures;
};

// What prescan finds out about a range over a function, whose body becomes a
// function of its own (lower_range_func.cpp).
struct RangeInfo {
  uint32_t ordinal = 0;  // from 1, within the enclosing function
  std::vector<Symbol*> captures;
  // Labels declared in the body: a goto to another one leaves the loop.
  std::vector<const syntax::Name*> labels;
  // Variables that the compiler adds. Where the loop stands:
  Symbol* state = nullptr;
  // Of the outermost such loop only, null where the bodies do nothing of the
  // kind. What is to be done behind the loops:
  Symbol* next = nullptr;
  // The calls that bodies defer.
  Symbol* defers = nullptr;
};

// What a declared function is to a caller.
struct Callee {
  enum Kind : uint8_t { kFunction, kNative, kIntrinsic } kind = kFunction;
  Function* function = nullptr;
  llvm::StringRef native;
  Intrinsic intrinsic = Intrinsic::kSqrt;
};

// A method as found in a type's method set: the fields to go through, from a
// receiver that is a pointer to `base`.
struct MethodPath {
  const Type* base;
  llvm::SmallVector<int, 4> path;  // embedded fields only
  Symbol* method;
};

class ProgramLowering {
 public:
  ProgramLowering(types::World& world, types::Package& main,
                  diag::DiagnosticSink& sink);

  // Lowers everything.
  std::unique_ptr<Program> Run();

  // --- functions -------------------------------------------------------------

  // The declared function or method `symbol`, instantiated with `args` (of a
  // method of a generic type: the receiver's). Not for natives.
  Function* FunctionFor(Symbol* symbol, llvm::ArrayRef<const Type*> args);
  // The same for any declared function: how to call it.
  Callee Resolve(Symbol* symbol, llvm::ArrayRef<const Type*> args);
  // A function for it even if it is native.
  Function* CallableFor(Symbol* symbol, llvm::ArrayRef<const Type*> args);
  // A new function, not queued: the caller fills it in.
  Function* NewFunction(std::string name, types::Package* package);
  // The function of a literal that stands in `outer`; queued.
  Function* LiteralFunction(const syntax::FuncLit* literal, Function* outer,
                            types::Package* package, const TypeEnv& env);

  // --- wrappers (lower_wrappers.cpp) -----------------------------------------

  // A method as an interface's method table wants it: takes the data word of a
  // value of the concrete type `t`. `path` leads to the method's receiver.
  Function* ItabMethod(const Type* t, const types::MethodSetEntry& entry);
  // Takes a pointer to path.base and calls the method at the path's end.
  Function* PathWrapper(const MethodPath& path);
  // The function of a method expression T.M: takes a T, then the parameters.
  Function* MethodExpression(const Type* recv, Symbol* method,
                             llvm::ArrayRef<int> path, bool indirect);
  // The function of a bound method value: its closure holds the receiver, of
  // type `recv` (an interface, or exactly the method's receiver type).
  Function* BoundMethod(const Type* recv, Symbol* method);
  // A function that calls a native.
  Function* NativeThunk(Symbol* symbol);

  // --- globals and initialization (lower_init.cpp) ---------------------------

  Global* GlobalFor(Symbol* symbol);

  // --- run-time types (lower_iface.cpp) --------------------------------------

  // A value of type t may stand in an interface.
  void NoteRuntimeType(const Type* t);
  // A method of that name is called through an interface.
  void NoteMethodCall(const syntax::Name* name);

  // --- types -----------------------------------------------------------------

  const Type* Basic(types::BasicKind kind) const {
    return world.universe->Of(kind);
  }
  const types::Pointer* PointerTo(const Type* elem);
  const types::Array* ArrayOf(const Type* elem, int64_t length);
  const types::Slice* SliceOf(const Type* elem);
  // Byte offset of a field.
  int64_t OffsetOf(const types::Struct* s, int field);
  // The type of a symbol, resolved.
  const Type* TypeOfSymbol(Symbol* symbol);
  // `t` with the environment's type arguments.
  const Type* Substitute(const Type* t, const TypeEnv& env);
  // Copies a list of types into the program's memory.
  llvm::ArrayRef<const Type*> Keep(llvm::ArrayRef<const Type*> types);
  // Copies text into the program's memory.
  llvm::StringRef KeepText(llvm::StringRef text);

  // --- facts of prescan (prescan.cpp) ----------------------------------------

  uint8_t FlagsOfVar(const Symbol* symbol) const {
    return symbol->id < var_flags.size() ? var_flags[symbol->id] : 0;
  }
  // Whether the expression contains a call or a receive outside of function
  // literals.
  bool HasCall(const types::Package& package, const syntax::Expr* e);
  // Scans the body of a declared function, or an initializer, once.
  void Prescan(types::Package& package, const syntax::Node* root);

  // Whether a range is one over a function.
  static bool IsFuncRange(const types::Info& info, const syntax::RangeStmt* s);
  // Lets the VM find a function of package runtime that has been lowered.
  void AddHook(llvm::StringRef name);
  // A library symbol by package path and name, or null.
  Symbol* FindLibrary(llvm::StringRef path, llvm::StringRef name);
  // Reports something that is not supported.
  void NotSupported(Pos pos, llvm::StringRef what);
  // Remembers that the function being lowered needs `f` or `g` (for the order
  // of library initialization).
  void NoteUse(Function* f);
  void NoteUse(Global* g);

  types::World& world;
  types::Package& main_package;
  diag::DiagnosticSink& sink;
  std::unique_ptr<Program> program;
  std::vector<uint8_t> var_flags;  // VarFlags by Symbol::id
  llvm::DenseMap<const syntax::FuncLit*, LiteralInfo> literals;
  llvm::DenseMap<const syntax::RangeStmt*, std::unique_ptr<RangeInfo>> ranges;
  // Function that is being lowered, for NoteUse.
  Function* current = nullptr;

 private:
  friend class Prescanner;

  // A body to lower: a FuncDecl, a FuncLit, or an initializer.
  struct Work {
    Function* function;
    types::Package* package;
    const syntax::Node* node;
    const types::Initializer* init;
    TypeEnv env;
  };
  struct InstanceEntry {
    llvm::ArrayRef<const Type*> args;
    Function* function;
  };
  struct PackageState {
    bool reached = false;
    std::vector<const types::Initializer*> steps;  // library globals
    std::vector<Function*> step_functions;
    std::vector<Function*> init_functions;  // init.0, init.1, ...
    Function* globals_function = nullptr;   // user packages
  };
  struct Uses {
    llvm::SmallVector<Function*, 4> functions;
    llvm::SmallVector<Global*, 2> globals;
  };
  struct RuntimeTypeState {
    std::vector<types::MethodSetEntry> methods;
  };
  struct Waiting {
    uint32_t runtime_type;
    uint32_t method;
  };

  void ReachPackage(types::Package* package);
  void LowerUserInits(types::Package* package);
  void AddHooks();
  void Drain();
  void LowerOne(const Work& work);
  void BuildEntry(Function* main_function);
  void OrderLibrarySteps(types::Package* package,
                         std::vector<Function*>& order);
  // All packages, in the order in which they are initialized.
  std::vector<types::Package*> PackagesInOrder();
  void VisitForOrder(Function* f, std::vector<Function*>& order,
                     llvm::DenseSet<const Function*>& seen);
  void AddMethodFunction(uint32_t runtime_type, uint32_t method);
  Function* Declare(Symbol* symbol, llvm::ArrayRef<const Type*> args);
  std::string FullName(Symbol* symbol, bool instance);
  Uses& UsesOf(Function* f);

  std::deque<Work> work_;
  llvm::DenseMap<const Symbol*, Function*> functions_;
  llvm::DenseMap<const Symbol*, std::vector<InstanceEntry>> instances_;
  llvm::DenseMap<const Symbol*, Function*> thunks_;
  llvm::DenseMap<const Symbol*, Callee> natives_;
  llvm::DenseSet<const Function*> literal_functions_;
  llvm::DenseSet<const Function*> library_steps_, order_seen_;
  llvm::DenseMap<uint64_t, std::vector<std::pair<MethodPath, Function*>>>
      path_wrappers_;
  struct MethodKey {
    const Type* recv;
    Symbol* method;
    Function* function;
  };
  llvm::DenseMap<const Symbol*, std::vector<MethodKey>> bound_, expressions_;
  llvm::DenseMap<const Symbol*, Global*> globals_;
  llvm::DenseMap<const types::Package*, PackageState> packages_;
  // The step that initializes a library global, by global.
  llvm::DenseMap<const Global*, Function*> step_of_global_;
  llvm::DenseMap<const types::Initializer*, Function*> step_of_init_;
  std::vector<Uses> uses_;  // by Function::index
  llvm::DenseMap<const Type*, const types::Pointer*> pointers_;
  llvm::DenseMap<const Type*, const types::Slice*> slices_;
  llvm::DenseMap<const types::Struct*, llvm::SmallVector<int64_t, 8>> offsets_;
  // Run-time types: by type object, and by hash for identical ones.
  llvm::DenseSet<const Type*> runtime_seen_;
  llvm::DenseMap<uint64_t, llvm::SmallVector<uint32_t, 1>> runtime_by_hash_;
  std::vector<RuntimeTypeState> runtime_state_;
  llvm::DenseSet<const syntax::Name*> called_names_;
  llvm::DenseMap<const syntax::Name*, std::vector<Waiting>> waiting_;
  llvm::DenseMap<const types::Package*, std::vector<uint64_t>> has_call_;
  llvm::DenseSet<const syntax::Node*> scanned_;
  // Literals in package-level initializers so far.
  llvm::DenseMap<const types::Package*, uint32_t> init_literals_;
  // Cache of HasCall's bits of the last package asked for.
  const types::Package* call_package_ = nullptr;
  std::vector<uint64_t>* call_bits_ = nullptr;
};

// Whether an interface's data word holds a value of that concrete type itself.
bool IsDirect(const Type* t);

}  // namespace mgo::ir

#endif  // MGO_VM_IR_LOWER_PROGRAM_H_
