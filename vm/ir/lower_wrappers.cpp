// Functions that the compiler makes around methods: for method tables, method
// expressions, bound methods, and natives as values.
#include "vm/ir/lower_function.h"
#include "vm/ir/lower_program.h"

namespace mgo::ir {

using llvm::dyn_cast;
using types::As;
using types::Signature;

namespace {

// Builds the body of one wrapper.
class Builder {
 public:
  Builder(ProgramLowering& program, Function* f, Pos pos)
      : program_(program), f_(f), low_(program, *f, f->package, {}) {
    f->is_wrapper = true;
    f->pos = pos;
    saved_ = program.current;
    program.current = f;
    low_.pos_ = pos;
    low_.SetBlock(low_.NewBlock());
  }
  ~Builder() { program_.current = saved_; }

  FunctionLowering& Low() { return low_; }

  // A parameter ahead of the signature's.
  Reg Param(const Type* t) {
    Reg r = AddReg(*f_, t);
    f_->params.push_back(r);
    return r;
  }
  // The parameters and results of the signature.
  void Frame(const Signature* sig) {
    for (Symbol* s : sig->results->vars) {
      f_->results.push_back(AddReg(*f_, program_.TypeOfSymbol(s)));
    }
    for (Symbol* s : sig->params->vars) {
      args_.push_back(Param(program_.TypeOfSymbol(s)));
    }
  }

  // A value method called through a nil pointer panics with a text of its own.
  void CheckReceiver(Reg recv, const MethodPath& path) {
    Symbol* error = program_.FindLibrary("runtime", "plainError");
    if (error == nullptr) return;
    uint32_t nil = low_.NewBlock();
    uint32_t good = low_.NewBlock();
    low_.BranchCmp(Op::kEq, Rep::kPtr, recv, Operand::Imm(0), nil, good);
    low_.SetBlock(nil);
    std::string type = types::TypeString(path.base, nullptr);
    size_t dot = type.rfind('.');
    std::string text =
        "value method " + type + "." + path.method->name->text.str() +
        " called using nil *" +
        (dot == std::string::npos ? type : type.substr(dot + 1)) + " pointer";
    const Type* any = program_.world.universe->empty_interface;
    Operand v = low_.ConstString(program_.KeepText(text), {});
    const Type* t = program_.TypeOfSymbol(error);
    v = low_.CopyToTemp(v, t);
    low_.EmitPanic(low_.ToReg(low_.ToInterface(v, t, any, {}), any));
    low_.SetBlock(good);
  }

  // Calls `method` on the receiver in this place, and returns its results.
  // The place holds a value or a pointer of the receiver's type, or an
  // interface.
  void CallOn(Place p, Symbol* method, const Signature* sig) {
    const Type* t = p.type;
    if (types::IsInterface(t)) {
      Reg iface = low_.ToReg(low_.Load(p), t);
      low_.EmitIfaceCall(iface, t, method, sig, args_, f_->results,
                         CallMode::kCall);
    } else {
      const auto* pointer = As<types::Pointer>(t);
      bool through = pointer != nullptr && types::AsNamed(t) == nullptr;
      Operand recv;
      if (types::HasPointerReceiver(method)) {
        recv = through ? low_.Load(p) : low_.AddrOf(p);
      } else if (through) {
        recv = low_.LoadAt(pointer->elem, low_.Load(p), 0, false);
      } else {
        recv = low_.Load(p);
      }
      const Type* base = through ? pointer->elem : t;
      const types::Named* named = types::AsNamed(base);
      llvm::ArrayRef<const Type*> targs;
      if (named != nullptr) targs = named->type_args;
      llvm::SmallVector<Operand, 8> args{recv};
      args.append(args_.begin(), args_.end());
      Callee callee = program_.Resolve(method, targs);
      low_.EmitCall(callee, sig, args, f_->results, CallMode::kCall, method,
                    targs);
    }
    low_.Return();
    low_.Finish();
  }

 private:
  ProgramLowering& program_;
  Function* f_;
  FunctionLowering low_;
  Function* saved_;
  llvm::SmallVector<Operand, 8> args_;
};

const Signature* SignatureOf(ProgramLowering& program, Symbol* method) {
  return As<Signature>(program.TypeOfSymbol(method));
}

std::string MethodName(const Type* recv, Symbol* method,
                       const types::Package* package) {
  std::string type = types::TypeString(recv, nullptr);
  if (llvm::isa<types::Pointer>(types::Unalias(recv))) type = "(" + type + ")";
  return type + "." + method->name->text.str();
}

}  // namespace

Function* ProgramLowering::PathWrapper(const MethodPath& path) {
  uint64_t key = types::HashOf(path.base) * 31 + path.method->id;
  for (auto& [known, f] : path_wrappers_[key]) {
    if (known.method == path.method && known.path == path.path &&
        types::Identical(known.base, path.base)) {
      NoteUse(f);
      return f;
    }
  }
  const Signature* sig = SignatureOf(*this, path.method);
  types::Package* package =
      path.method->package != nullptr ? path.method->package : &main_package;
  const Type* pointer = PointerTo(path.base);
  Function* f = NewFunction(MethodName(pointer, path.method, package), package);
  path_wrappers_[key].push_back({path, f});
  Builder b(*this, f, path.method->pos);
  Reg recv = b.Param(pointer);
  b.Frame(sig);
  // Go says nothing special of instances of generic types.
  const types::Named* named = types::AsNamed(path.base);
  bool instance = named != nullptr && named->origin != nullptr;
  if (path.path.empty() && !instance) b.CheckReceiver(recv, path);
  Place p = b.Low().MemPlace(recv, 0, path.base, false);
  p = b.Low().FieldPath(p, path.path, path.method->pos);
  b.CallOn(p, path.method, sig);
  return f;
}

// The declared method that a receiver of that type can be passed to as it is.
static bool IsOwnMethod(const types::MethodSetEntry& entry) {
  return entry.path.empty();
}

Function* ProgramLowering::ItabMethod(const Type* t,
                                      const types::MethodSetEntry& entry) {
  Symbol* method = entry.method;
  const auto* pointer = dyn_cast<types::Pointer>(types::Unalias(t));
  const Type* base = pointer != nullptr ? pointer->elem : t;
  if (IsOwnMethod(entry)) {
    bool own = types::HasPointerReceiver(method)
                   ? pointer != nullptr
                   : pointer == nullptr && IsDirect(t);
    if (own) {
      const types::Named* named = types::AsNamed(base);
      return CallableFor(method, named != nullptr
                                     ? named->type_args
                                     : llvm::ArrayRef<const Type*>());
    }
  }
  return PathWrapper({base, entry.path, method});
}

Function* ProgramLowering::MethodExpression(const Type* recv, Symbol* method,
                                            llvm::ArrayRef<int> path,
                                            bool indirect) {
  for (const MethodKey& known : expressions_[method]) {
    if (types::Identical(known.recv, recv)) {
      NoteUse(known.function);
      return known.function;
    }
  }
  const Signature* sig = SignatureOf(*this, method);
  types::Package* package =
      method->package != nullptr ? method->package : &main_package;
  Function* f = NewFunction(MethodName(recv, method, package), package);
  expressions_[method].push_back({recv, method, f});
  NoteUse(f);
  Builder b(*this, f, method->pos);
  Reg r = b.Param(recv);
  b.Frame(sig);
  Place p = b.Low().RegPlace(r, recv);
  p = b.Low().FieldPath(p, path, method->pos);
  b.CallOn(p, method, sig);
  return f;
}

Function* ProgramLowering::BoundMethod(const Type* recv, Symbol* method) {
  for (const MethodKey& known : bound_[method]) {
    if (types::Identical(known.recv, recv)) return known.function;
  }
  const Signature* sig = SignatureOf(*this, method);
  types::Package* package =
      method->package != nullptr ? method->package : &main_package;
  Function* f = NewFunction(MethodName(recv, method, package) + "-fm", package);
  bound_[method].push_back({recv, method, f});
  Builder b(*this, f, method->pos);
  b.Frame(sig);
  f->context = b.Low().TempAddr();
  f->captures.push_back(recv);
  Reg r = b.Low().LoadAt(recv, f->context, 8, true).reg;
  b.CallOn(b.Low().RegPlace(r, recv), method, sig);
  return f;
}

Function* ProgramLowering::NativeThunk(Symbol* symbol) {
  Function*& slot = thunks_[symbol];
  if (slot != nullptr) {
    NoteUse(slot);
    return slot;
  }
  const Signature* sig = SignatureOf(*this, symbol);
  Function* f = NewFunction(FullName(symbol, false), symbol->package);
  thunks_[symbol] = f;
  NoteUse(f);
  Builder b(*this, f, symbol->pos);
  llvm::SmallVector<Operand, 8> args;
  if (sig->recv != nullptr) {
    args.push_back(b.Param(TypeOfSymbol(sig->recv)));
  }
  b.Frame(sig);
  for (size_t i = args.size(); i < f->params.size(); ++i) {
    args.push_back(f->params[i]);
  }
  Callee callee = Resolve(symbol, {});
  b.Low().EmitCall(callee, sig, args, f->results, CallMode::kCall, symbol, {});
  b.Low().Return();
  b.Low().Finish();
  return f;
}

}  // namespace mgo::ir
