// Calls: callee, receiver, arguments, results.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using llvm::dyn_cast_if_present;
using llvm::isa;
using syntax::Unparen;
using types::As;
using types::SelectionKind;
using types::Signature;
using types::SymbolKind;

types::Builtin FunctionLowering::BuiltinOf(const Expr* fun) {
  fun = Unparen(fun);
  if (Tv(fun).mode != types::Mode::kBuiltin) return types::Builtin::kNone;
  const syntax::Ident* id = nullptr;
  if (const auto* sel = dyn_cast<syntax::SelectorExpr>(fun)) {
    id = sel->sel;
  } else {
    id = dyn_cast<syntax::Ident>(fun);
  }
  Symbol* s = id != nullptr ? SymbolOf(id) : nullptr;
  return s != nullptr ? s->builtin : types::Builtin::kNone;
}

Operand FunctionLowering::CallValue(const syntax::CallExpr* e, Reg want) {
  if (Tv(e->fun).mode == types::Mode::kType) {
    return Conversion(e->args[0], TypeOf(e), want);
  }
  types::Builtin b = BuiltinOf(e->fun);
  if (b != types::Builtin::kNone) return BuiltinCall(e, b, want);
  const Type* t = TypeOf(e);
  if (Tv(e).mode == types::Mode::kNoValue || t == nullptr) {
    CallWith(e, {}, CallMode::kCall);
    return {};
  }
  if (isa<types::Tuple>(t)) {
    Operands results;
    CallMulti(e, results);
    return results.empty() ? Operand() : results[0];
  }
  Reg dst = WantOr(want, t);
  CallWith(e, {dst}, CallMode::kCall);
  return dst;
}

void FunctionLowering::CallMulti(const syntax::CallExpr* e, Operands& results) {
  const auto* tuple = dyn_cast_if_present<types::Tuple>(TypeOf(e));
  llvm::SmallVector<Reg, 4> regs;
  if (tuple != nullptr) {
    for (Symbol* s : tuple->vars) {
      regs.push_back(Temp(TypeOfSym(s)));
      results.push_back(regs.back());
    }
  }
  CallWith(e, regs, CallMode::kCall);
}

void FunctionLowering::PackVariadic(llvm::ArrayRef<Operand> values,
                                    llvm::ArrayRef<const Type*> value_types,
                                    const Signature* sig, Operands& args) {
  llvm::ArrayRef<Symbol*> params = sig->params->vars;
  const Type* t = TypeOfSym(params.back());
  if (values.empty()) {
    args.push_back(ZeroValue(t));
    return;
  }
  const Type* elem = As<types::Slice>(t)->elem;
  auto n = static_cast<int64_t>(values.size());
  Reg object = NewObject(program_.ArrayOf(elem, n));
  int64_t size = types::SizeOf(elem);
  for (size_t i = 0; i < values.size(); ++i) {
    Operand v = Implicit(values[i], value_types[i], elem, {});
    StoreAt(elem, object, static_cast<int64_t>(i) * size, v, true);
  }
  Reg slice = Temp(t);
  Instr& instr = Emit(Op::kArraySlice, slice, object);
  instr.args.resize(3);
  instr.imm = n;
  instr.type = elem;
  instr.no_check = true;
  args.push_back(slice);
}

void FunctionLowering::Arguments(const syntax::CallExpr* e,
                                 const Signature* sig, Operands& args) {
  llvm::ArrayRef<Symbol*> params = sig->params->vars;
  size_t fixed = params.size() - (sig->variadic ? 1 : 0);
  if (e->args.size() == 1) {
    const auto* tuple = dyn_cast_if_present<types::Tuple>(TypeOf(e->args[0]));
    if (tuple != nullptr) {
      Operands values;
      CallMulti(cast<syntax::CallExpr>(Unparen(e->args[0])), values);
      llvm::SmallVector<const Type*, 4> value_types;
      for (Symbol* s : tuple->vars) value_types.push_back(TypeOfSym(s));
      for (size_t i = 0; i < fixed; ++i) {
        args.push_back(
            Implicit(values[i], value_types[i], TypeOfSym(params[i]), {}));
      }
      if (sig->variadic) {
        PackVariadic(llvm::ArrayRef<Operand>(values).drop_front(fixed),
                     llvm::ArrayRef<const Type*>(value_types).drop_front(fixed),
                     sig, args);
      }
      return;
    }
  }
  for (size_t i = 0; i < fixed; ++i) {
    args.push_back(ValueAs(e->args[i], TypeOfSym(params[i])));
  }
  if (!sig->variadic) return;
  const Type* t = TypeOfSym(params.back());
  if (e->ellipsis.IsValid()) {
    args.push_back(ValueAs(e->args.back(), t));
    return;
  }
  if (e->args.size() == fixed) {
    args.push_back(ZeroValue(t));
    return;
  }
  const Type* elem = As<types::Slice>(t)->elem;
  auto n = static_cast<int64_t>(e->args.size() - fixed);
  int64_t size = types::SizeOf(elem);
  // An argument with a call of its own must not see a half-made slice, but
  // nobody else can: the array may be made first.
  Reg object = NewObject(program_.ArrayOf(elem, n));
  for (int64_t i = 0; i < n; ++i) {
    StoreExpr(MemPlace(object, i * size, elem, true), e->args[fixed + i], true);
  }
  pos_ = e->pos;
  Reg slice = Temp(t);
  Instr& instr = Emit(Op::kArraySlice, slice, object);
  instr.args.resize(3);
  instr.imm = n;
  instr.type = elem;
  instr.no_check = true;
  args.push_back(slice);
}

// The receiver's defined type's arguments, if it is an instance.
static llvm::ArrayRef<const Type*> ReceiverArgs(const Type* t) {
  if (const auto* pointer = dyn_cast<types::Pointer>(types::Unalias(t))) {
    t = pointer->elem;
  }
  const types::Named* named = types::AsNamed(t);
  return named != nullptr ? named->type_args : llvm::ArrayRef<const Type*>();
}

Operand FunctionLowering::Receiver(const Expr* x, const types::Selection& sel,
                                   const Type** recv_type) {
  Place p = PlaceOrTemp(x);
  Pos pos = x->pos;
  p = FieldPath(p, sel.path, pos);
  pos_ = pos;
  const Type* t = p.type;
  if (types::IsInterface(t)) {
    *recv_type = t;
    return Load(p);
  }
  const auto* pointer = dyn_cast<types::Pointer>(types::Unalias(t));
  if (pointer == nullptr) pointer = As<types::Pointer>(t);
  // A defined pointer type has no methods, so a pointer here is to the
  // receiver's type.
  if (types::HasPointerReceiver(sel.symbol)) {
    *recv_type = pointer != nullptr ? t : program_.PointerTo(t);
    return pointer != nullptr ? Load(p) : AddrOf(p);
  }
  if (pointer != nullptr && types::AsNamed(t) == nullptr) {
    *recv_type = pointer->elem;
    Operand base = Load(p);
    pos_ = pos;
    return LoadAt(pointer->elem, base, 0, false);
  }
  *recv_type = t;
  return Load(p);
}

void FunctionLowering::MethodCall(const syntax::CallExpr* e,
                                  const syntax::SelectorExpr* sel,
                                  const Signature* sig,
                                  llvm::ArrayRef<Reg> results, CallMode mode) {
  types::Selection selection = SelectionOf(sel);
  if (HasCall(e)) {
    llvm::SmallVector<const Expr*, 8> operands{sel->x};
    operands.append(e->args.begin(), e->args.end());
    HoistOperands(operands);
  }
  const Type* recv_type = nullptr;
  pos_ = e->pos;
  Operand recv = Receiver(sel->x, selection, &recv_type);
  receiver_type_ = recv_type;
  Operands args;
  if (types::IsInterface(recv_type)) {
    Reg iface = ToReg(recv, recv_type);
    Arguments(e, sig, args);
    pos_ = sel->sel->pos;
    EmitIfaceCall(iface, recv_type, selection.symbol, sig, args, results, mode);
    return;
  }
  args.push_back(recv);
  Arguments(e, sig, args);
  pos_ = sel->sel->pos;
  llvm::ArrayRef<const Type*> targs = ReceiverArgs(recv_type);
  Callee callee = program_.Resolve(selection.symbol, targs);
  EmitCall(callee, sig, args, results, mode, selection.symbol, targs);
}

void FunctionLowering::CallWith(const syntax::CallExpr* e,
                                llvm::ArrayRef<Reg> results, CallMode mode) {
  const Expr* fun = Unparen(e->fun);
  // A call is on the line of its parenthesis, a go or defer statement on that
  // of its keyword.
  const Pos at = mode == CallMode::kCall ? e->lparen : e->pos;
  const auto* sig = As<Signature>(TypeOf(e->fun));
  if (sig == nullptr) {
    // A value of a type parameter's core type, or an error.
    program_.NotSupported(e->pos, "this call");
    return;
  }
  if (const auto* index = dyn_cast<syntax::IndexExpr>(fun)) {
    // An instance f[T], not an element.
    const Expr* base = Unparen(index->x);
    if (As<Signature>(Tv(index->x).type) != nullptr) fun = base;
  }
  Symbol* target = nullptr;
  const syntax::Ident* name = nullptr;
  if (const auto* id = dyn_cast<syntax::Ident>(fun)) {
    name = id;
    target = SymbolOf(id);
  } else if (const auto* sel = dyn_cast<syntax::SelectorExpr>(fun)) {
    const auto* x = dyn_cast<syntax::Ident>(sel->x);
    Symbol* s = x != nullptr ? SymbolOf(x) : nullptr;
    if (s != nullptr && s->kind == SymbolKind::kPackageName) {
      name = sel->sel;
      target = SymbolOf(name);
    } else {
      const types::Selection* found = package_->info.selections.lookup(sel->id);
      if (found != nullptr && found->kind == SelectionKind::kMethodValue) {
        MethodCall(e, sel, sig, results, mode);
        return;
      }
    }
  }
  Operands args;
  if (target != nullptr && target->kind == SymbolKind::kFunc) {
    llvm::ArrayRef<const Type*> targs = TypeArgsOf(name);
    Callee callee = program_.Resolve(target, targs);
    HoistOperands(e->args);
    pos_ = at;
    Arguments(e, sig, args);
    pos_ = at;
    EmitCall(callee, sig, args, results, mode, target, targs);
    return;
  }
  const auto* literal = dyn_cast<syntax::FuncLit>(fun);
  if (literal != nullptr && program_.literals[literal].captures.empty()) {
    Callee callee;
    callee.function =
        program_.LiteralFunction(literal, &Home()->f_, package_, env_);
    HoistOperands(e->args);
    Arguments(e, sig, args);
    pos_ = at;
    EmitCall(callee, sig, args, results, mode, nullptr, {});
    return;
  }
  HoistOperands(e->args);
  pos_ = at;
  Operand f = Value(fun);
  f = ToReg(f, TypeOf(e->fun));
  Arguments(e, sig, args);
  pos_ = at;
  Instr& instr = Emit(Op::kCallClosure);
  instr.a = f;
  instr.type = sig;
  instr.call_mode = mode;
  instr.args.append(args.begin(), args.end());
  instr.results.append(results.begin(), results.end());
  if (results.empty()) instr.results.resize(sig->results->vars.size());
}

void FunctionLowering::EmitCall(const Callee& callee, const Signature* sig,
                                llvm::ArrayRef<Operand> args,
                                llvm::ArrayRef<Reg> results, CallMode mode,
                                Symbol* symbol,
                                llvm::ArrayRef<const Type*> targs) {
  Function* f = callee.function;
  if (callee.kind == Callee::kIntrinsic && mode == CallMode::kCall) {
    const Type* t = TypeOfSym(sig->results->vars[0]);
    Reg dst = results.empty() ? Reg{} : results[0];
    Operand v = EmitIntrinsic(callee.intrinsic, args, t, dst);
    if (dst.IsValid()) Move(dst, v, t);
    return;
  }
  if (callee.kind != Callee::kFunction && mode != CallMode::kCall) {
    f = program_.CallableFor(symbol, targs);
  }
  Instr& instr = Emit(f != nullptr ? Op::kCall : Op::kCallNative);
  if (f != nullptr) {
    instr.ref.kind = RefKind::kFunction;
    instr.ref.func = f;
    program_.NoteUse(f);
  } else {
    instr.ref.kind = RefKind::kNative;
    instr.ref.name = callee.native;
  }
  instr.type = sig;
  instr.call_mode = mode;
  instr.args.append(args.begin(), args.end());
  instr.results.append(results.begin(), results.end());
  if (results.empty()) instr.results.resize(sig->results->vars.size());
}

void FunctionLowering::EmitIfaceCall(Operand iface, const Type* iface_type,
                                     Symbol* method, const Signature* sig,
                                     llvm::ArrayRef<Operand> args,
                                     llvm::ArrayRef<Reg> results,
                                     CallMode mode) {
  const types::Interface* complete =
      types::Complete(As<types::Interface>(iface_type));
  int64_t number = 0;
  for (size_t i = 0; i < complete->all_methods.size(); ++i) {
    const Symbol* m = complete->all_methods[i];
    if (m->name == method->name &&
        (m->name->exported || m->package == method->package)) {
      number = static_cast<int64_t>(i);
    }
  }
  program_.NoteMethodCall(method->name);
  Instr& instr = Emit(Op::kCallIface);
  instr.a = iface;
  instr.imm = number;
  instr.type = sig;
  instr.type2 = iface_type;
  instr.call_mode = mode;
  instr.args.append(args.begin(), args.end());
  instr.results.append(results.begin(), results.end());
  if (results.empty()) instr.results.resize(sig->results->vars.size());
}

Operand FunctionLowering::EmitIntrinsic(Intrinsic id,
                                        llvm::ArrayRef<Operand> args,
                                        const Type* result, Reg want) {
  Reg dst = WantOr(want, result);
  Instr& instr = Emit(Op::kIntrinsic, dst);
  instr.imm = static_cast<int64_t>(id);
  instr.rep = RepOf(result);
  if (!args.empty()) instr.a = args[0];
  if (args.size() > 1) instr.b = args[1];
  if (args.size() > 2) instr.c = args[2];
  return dst;
}

void FunctionLowering::CallHelper(llvm::StringRef native,
                                  llvm::ArrayRef<Operand> args,
                                  llvm::ArrayRef<Reg> results) {
  Instr& instr = Emit(Op::kCallNative);
  instr.ref.kind = RefKind::kNative;
  instr.ref.name = native;
  instr.args.append(args.begin(), args.end());
  instr.results.append(results.begin(), results.end());
}

Operand FunctionLowering::MethodValue(const syntax::SelectorExpr* e, Reg want) {
  types::Selection sel = SelectionOf(e);
  const Type* t = TypeOf(e);
  if (sel.kind == SelectionKind::kMethodExpr) {
    Function* f =
        program_.MethodExpression(sel.recv, sel.symbol, sel.path, sel.indirect);
    Reg dst = WantOr(want, t);
    Instr& instr = Emit(Op::kConstRef, dst);
    instr.ref.kind = RefKind::kFunction;
    instr.ref.func = f;
    program_.NoteUse(f);
    return dst;
  }
  const Type* recv_type = nullptr;
  Operand recv = Receiver(e->x, sel, &recv_type);
  pos_ = e->sel->pos;
  if (types::IsInterface(recv_type)) {
    recv = ToReg(recv, recv_type);
    Emit(Op::kNilCheck, {}, recv);
  }
  Function* f = program_.BoundMethod(recv_type, sel.symbol);
  program_.NoteUse(f);
  Reg held = ToReg(recv, recv_type);
  Reg dst = WantOr(want, t);
  Instr& instr = Emit(Op::kMakeClosure, dst);
  instr.ref.kind = RefKind::kFunction;
  instr.ref.func = f;
  instr.args.push_back(held);
  return dst;
}

Operand FunctionLowering::FuncLit(const syntax::FuncLit* e, Reg want) {
  Function* f = program_.LiteralFunction(e, &Home()->f_, package_, env_);
  return MakeClosure(f, program_.literals[e].captures, TypeOf(e), want);
}

Operand FunctionLowering::MakeClosure(Function* f,
                                      llvm::ArrayRef<Symbol*> captures,
                                      const Type* t, Reg want) {
  Operands held;
  for (Symbol* s : captures) held.push_back(LocOf(s).reg);
  Reg dst = WantOr(want, t);
  Instr& instr = Emit(captures.empty() ? Op::kConstRef : Op::kMakeClosure, dst);
  instr.ref.kind = RefKind::kFunction;
  instr.ref.func = f;
  instr.args.append(held.begin(), held.end());
  return dst;
}

}  // namespace mgo::ir
