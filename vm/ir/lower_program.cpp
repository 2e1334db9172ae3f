// The worklist, functions, types.
#include "vm/ir/lower_program.h"

#include "vm/ir/lower.h"
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using types::Signature;

ProgramLowering::ProgramLowering(types::World& w, types::Package& main,
                                 diag::DiagnosticSink& s)
    : world(w),
      main_package(main),
      sink(s),
      program(std::make_unique<Program>()) {}

std::unique_ptr<Program> LowerProgram(types::World& world, types::Package& main,
                                      diag::DiagnosticSink& sink) {
  return ProgramLowering(world, main, sink).Run();
}

void ProgramLowering::NotSupported(Pos pos, llvm::StringRef what) {
  sink.Report(diag::DiagKind::kNotSupported, pos, what);
}

// --- names -------------------------------------------------------------------

// The defined type of a method's receiver.
static const types::Named* ReceiverNamed(const Signature* sig, bool* pointer) {
  const Type* t = types::Unalias(sig->recv->type);
  *pointer = false;
  if (const auto* p = dyn_cast<types::Pointer>(t)) {
    *pointer = true;
    t = p->elem;
  }
  return types::AsNamed(t);
}

std::string ProgramLowering::FullName(Symbol* symbol, bool instance) {
  std::string name = symbol->package != nullptr ? symbol->package->path : "";
  const auto* sig = dyn_cast<Signature>(TypeOfSymbol(symbol));
  name += '.';
  if (sig != nullptr && sig->recv != nullptr) {
    bool pointer;
    const types::Named* named = ReceiverNamed(sig, &pointer);
    std::string type = named != nullptr ? named->symbol->name->text.str() : "?";
    if (named != nullptr &&
        (!named->type_args.empty() || !named->type_params.empty())) {
      type += "[...]";
    }
    name += pointer ? "(*" + type + ")" : type;
    name += '.';
    name += symbol->name->text;
    return name;
  }
  name += symbol->name->text;
  if (instance) name += "[...]";
  return name;
}

// --- functions ---------------------------------------------------------------

Function* ProgramLowering::NewFunction(std::string name,
                                       types::Package* package) {
  auto f = std::make_unique<Function>();
  f->name = std::move(name);
  f->package = package;
  f->index = static_cast<uint32_t>(program->functions.size());
  program->functions.push_back(std::move(f));
  return program->functions.back().get();
}

static bool SameTypes(llvm::ArrayRef<const Type*> a,
                      llvm::ArrayRef<const Type*> b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!types::Identical(a[i], b[i])) return false;
  }
  return true;
}

Function* ProgramLowering::Declare(Symbol* symbol,
                                   llvm::ArrayRef<const Type*> args) {
  Function* f = NewFunction(FullName(symbol, !args.empty()), symbol->package);
  f->symbol = symbol;
  f->pos = symbol->pos;
  TypeEnv env;
  if (!args.empty()) {
    const auto* sig = cast<Signature>(TypeOfSymbol(symbol));
    env.from = sig->recv != nullptr ? sig->recv_type_params : sig->type_params;
    env.to = Keep(args);
  }
  ReachPackage(symbol->package);
  work_.push_back({f, symbol->package, symbol->decl, nullptr, env});
  return f;
}

Function* ProgramLowering::FunctionFor(Symbol* symbol,
                                       llvm::ArrayRef<const Type*> args) {
  if (symbol->origin != nullptr) symbol = symbol->origin;
  Function* f;
  if (args.empty()) {
    Function*& slot = functions_[symbol];
    if (slot != nullptr) {
      NoteUse(slot);
      return slot;
    }
    f = Declare(symbol, args);
    functions_[symbol] = f;
  } else {
    for (const InstanceEntry& entry : instances_[symbol]) {
      if (!SameTypes(entry.args, args)) continue;
      NoteUse(entry.function);
      return entry.function;
    }
    f = Declare(symbol, args);
    instances_[symbol].push_back({Keep(args), f});
  }
  NoteUse(f);
  return f;
}

// Natives that are instructions.
static bool FindIntrinsic(llvm::StringRef name, Intrinsic* id) {
  static const struct {
    const char* name;
    Intrinsic id;
  } kTable[] = {
      {"math.Sqrt", Intrinsic::kSqrt},
      {"math.sqrt", Intrinsic::kSqrt},
      {"math.Abs", Intrinsic::kAbs},
      {"math.Floor", Intrinsic::kFloor},
      {"math.Ceil", Intrinsic::kCeil},
      {"math.Trunc", Intrinsic::kTrunc},
      {"math.FMA", Intrinsic::kFma},
      {"math.Copysign", Intrinsic::kCopysign},
      {"math.Float64bits", Intrinsic::kFloat64bits},
      {"math.Float64frombits", Intrinsic::kFloat64frombits},
      {"math.Float32bits", Intrinsic::kFloat32bits},
      {"math.Float32frombits", Intrinsic::kFloat32frombits},
      {"math/bits.LeadingZeros64", Intrinsic::kLeadingZeros64},
      {"math/bits.TrailingZeros64", Intrinsic::kTrailingZeros64},
      {"math/bits.OnesCount64", Intrinsic::kOnesCount64},
      {"math/bits.ReverseBytes64", Intrinsic::kReverseBytes64},
      {"math/bits.ReverseBytes32", Intrinsic::kReverseBytes32},
      {"math/bits.RotateLeft64", Intrinsic::kRotateLeft64},
      {"math/bits.RotateLeft32", Intrinsic::kRotateLeft32},
  };
  for (const auto& row : kTable) {
    if (name == row.name) {
      *id = row.id;
      return true;
    }
  }
  return false;
}

Callee ProgramLowering::Resolve(Symbol* symbol,
                                llvm::ArrayRef<const Type*> args) {
  if (symbol->origin != nullptr) symbol = symbol->origin;
  if (symbol->decl == nullptr) {
    NotSupported(symbol->pos, "a call of a method without declaration");
    Callee callee;
    callee.kind = Callee::kNative;
    callee.native = "?";
    return callee;
  }
  if (symbol->decl->body != nullptr) {
    Callee callee;
    callee.function = FunctionFor(symbol, args);
    return callee;
  }
  ReachPackage(symbol->package);
  Callee& callee = natives_[symbol];
  if (callee.native.empty()) {
    callee.kind = Callee::kNative;
    callee.native = KeepText(FullName(symbol, false));
    if (FindIntrinsic(callee.native, &callee.intrinsic)) {
      callee.kind = Callee::kIntrinsic;
    }
  }
  return callee;
}

Function* ProgramLowering::CallableFor(Symbol* symbol,
                                       llvm::ArrayRef<const Type*> args) {
  Callee callee = Resolve(symbol, args);
  if (callee.kind == Callee::kFunction) return callee.function;
  return NativeThunk(symbol->origin != nullptr ? symbol->origin : symbol);
}

Function* ProgramLowering::LiteralFunction(const syntax::FuncLit* literal,
                                           Function* outer,
                                           types::Package* package,
                                           const TypeEnv& env) {
  bool nested = literal_functions_.count(outer) != 0;
  const LiteralInfo& info = literals[literal];
  std::string name =
      outer->name + (nested ? "." : ".func") + std::to_string(info.ordinal);
  Function* f = NewFunction(std::move(name), package);
  literal_functions_.insert(f);
  f->pos = literal->pos;
  NoteUse(f);
  work_.push_back({f, package, literal, nullptr, env});
  return f;
}

// --- types -------------------------------------------------------------------

const types::Pointer* ProgramLowering::PointerTo(const Type* elem) {
  const types::Pointer*& slot = pointers_[elem];
  if (slot == nullptr) slot = world.types.New<types::Pointer>(elem);
  return slot;
}

const types::Array* ProgramLowering::ArrayOf(const Type* elem, int64_t length) {
  return world.types.New<types::Array>(elem, length);
}

const types::Slice* ProgramLowering::SliceOf(const Type* elem) {
  const types::Slice*& slot = slices_[elem];
  if (slot == nullptr) slot = world.types.New<types::Slice>(elem);
  return slot;
}

int64_t ProgramLowering::OffsetOf(const types::Struct* s, int field) {
  auto& offsets = offsets_[s];
  if (offsets.empty()) offsets = types::OffsetsOf(s);
  return offsets[field];
}

const Type* ProgramLowering::TypeOfSymbol(Symbol* symbol) {
  if (symbol->type != nullptr) return symbol->type;
  types::ResolveSymbol(world, symbol, sink);
  if (symbol->type != nullptr) return symbol->type;
  return types::TypeOf(symbol);
}

const Type* ProgramLowering::Substitute(const Type* t, const TypeEnv& env) {
  if (t == nullptr || env.Empty()) return t;
  return types::Substitute(world.types, t, env.from, env.to);
}

llvm::ArrayRef<const Type*> ProgramLowering::Keep(
    llvm::ArrayRef<const Type*> list) {
  return list.copy(program->text);
}

llvm::StringRef ProgramLowering::KeepText(llvm::StringRef text) {
  return text.copy(program->text);
}

Symbol* ProgramLowering::FindLibrary(llvm::StringRef path,
                                     llvm::StringRef name) {
  for (const auto& package : world.packages) {
    if (!package->is_library || package->path != path) continue;
    Symbol* s = package->scope->Find(world.names.Intern(name));
    if (s != nullptr) TypeOfSymbol(s);
    return s;
  }
  return nullptr;
}

// --- the work ----------------------------------------------------------------

ProgramLowering::Uses& ProgramLowering::UsesOf(Function* f) {
  if (uses_.size() <= f->index) uses_.resize(f->index + 1);
  return uses_[f->index];
}

void ProgramLowering::NoteUse(Function* f) {
  if (current == nullptr || !current->package->is_library) return;
  UsesOf(current).functions.push_back(f);
}

void ProgramLowering::NoteUse(Global* g) {
  if (current == nullptr || !current->package->is_library) return;
  UsesOf(current).globals.push_back(g);
}

void ProgramLowering::LowerOne(const Work& work) {
  current = work.function;
  size_t errors = sink.Count();
  if (work.init != nullptr) {
    Prescan(*work.package, work.init->rhs);
    FunctionLowering lowering(*this, *work.function, work.package, work.env);
    lowering.LowerInitializers(*work.init);
  } else {
    if (work.package->is_library && work.function->symbol != nullptr) {
      types::CheckBody(world, *work.package, work.function->symbol, sink);
      if (sink.Count() != errors) {
        current = nullptr;
        return;
      }
    }
    if (llvm::isa<syntax::FuncDecl>(work.node)) {
      Prescan(*work.package, work.node);
    }
    FunctionLowering lowering(*this, *work.function, work.package, work.env);
    lowering.LowerFunction(work.node);
  }
  current = nullptr;
}

void ProgramLowering::Drain() {
  while (!work_.empty()) {
    Work work = work_.front();
    work_.pop_front();
    LowerOne(work);
  }
}

void ProgramLowering::AddHooks() {
  // Functions of package runtime that the VM calls.
  static const char* const kHooks[] = {"raise", "panicText"};
  for (const char* name : kHooks) AddHook(name);
}

void ProgramLowering::AddHook(llvm::StringRef name) {
  std::string full = ("runtime." + name).str();
  for (const auto& hook : program->hooks) {
    if (hook.first == full) return;
  }
  Symbol* s = FindLibrary("runtime", name);
  if (s == nullptr || s->kind != types::SymbolKind::kFunc) return;
  program->hooks.push_back({full, CallableFor(s, {})});
}

std::unique_ptr<Program> ProgramLowering::Run() {
  AddHooks();
  for (const auto& package : world.packages) {
    if (!package->is_library && package.get() != &main_package) {
      LowerUserInits(package.get());
    }
  }
  LowerUserInits(&main_package);
  Symbol* main = main_package.script != nullptr
                     ? main_package.script
                     : main_package.scope->Find(world.names.Intern("main"));
  Function* main_function = nullptr;
  if (main != nullptr && main->kind == types::SymbolKind::kFunc) {
    main_function = FunctionFor(main, {});
  }
  Drain();
  BuildEntry(main_function);
  return std::move(program);
}

}  // namespace mgo::ir
