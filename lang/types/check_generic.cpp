// Generic declarations and their instances.
//
// A generic body is checked once, with type parameters for types. Where a
// generic type or function is named with type arguments, written or inferred,
// the identifier's Instance says which; inside generic code they may mention
// type parameters of the surroundings.
#include "lang/types/check.h"
#include "lang/types/infer.h"
#include "lang/types/instantiate.h"

namespace mgo::types {

void Checker::OpenTypeParamScope() {
  scopes_.emplace_back(env_.scope);
  env_.scope = &scopes_.back();
}

TypeParam* Checker::DeclareTypeParam(const Ident* ident, int index) {
  Symbol* symbol =
      NewSymbol(SymbolKind::kTypeName, ident->pos, ident->name, nullptr);
  TypeParam* param = world_.types.New<TypeParam>(symbol, index);
  param->constraint = world_.universe->empty_interface;
  symbol->type = param;
  info_.types[ident->id] = {param, nullptr, Mode::kType};
  Declare(env_.scope, ident, symbol, Pos{});
  return param;
}

const Type* Checker::ConstraintOf(const Expr* e) {
  const Type* t = UnionOf(e, /*bare=*/true);
  if (IsInvalid(t)) return world_.universe->empty_interface;
  if (IsTypeParam(t)) {
    Report(DiagKind::kTypeParamConstraint, PosOf(e));
    return world_.universe->empty_interface;
  }
  if (isa<Named>(Unalias(t)) || isa<Interface>(Unalias(t))) {
    // A Named may turn out to be no interface once it is complete.
    if (isa<Interface>(Unalias(t)) || As<Interface>(t) != nullptr ||
        incomplete_.count(cast<Named>(Unalias(t)))) {
      return t;
    }
  }
  // "In a type parameter list the enclosing interface{…} may be omitted."
  const Type* embedded[] = {t};
  Pos positions[] = {e->pos};
  Interface* iface = world_.types.New<Interface>(
      ArrayRef<Symbol*>(), world_.types.Copy(ArrayRef<const Type*>(embedded)));
  iface->embedded_pos = world_.types.Copy(ArrayRef<Pos>(positions));
  iface->implicit = true;
  return iface;
}

void Checker::CollectTypeParams(ArrayRef<syntax::Field> fields,
                                ArrayRef<const TypeParam*>* out) {
  llvm::SmallVector<TypeParam*, 4> params;
  for (const syntax::Field& field : fields) {
    if (field.name == nullptr) continue;
    params.push_back(
        DeclareTypeParam(field.name, static_cast<int>(params.size())));
  }
  // Visible to their own constraints, by way of *out too.
  *out = world_.types.Copy(ArrayRef<const TypeParam*>(
      const_cast<const TypeParam**>(params.data()), params.size()));
  const Expr* last = nullptr;
  const Type* constraint = nullptr;
  size_t i = 0;
  for (const syntax::Field& field : fields) {
    if (field.name == nullptr) continue;
    if (field.type != last) {
      last = field.type;
      constraint = ConstraintOf(field.type);
    }
    params[i++]->constraint = constraint;
  }
}

bool Checker::IsGeneric(const Type* t) {
  if (const auto* alias = dyn_cast<Alias>(t)) {
    if (!alias->type_params.empty() && alias->origin == nullptr) return true;
  }
  const auto* named = dyn_cast<Named>(Unalias(t));
  return named != nullptr && !named->type_params.empty() &&
         named->origin == nullptr;
}

bool Checker::IsGenericFunc(const Operand& x) {
  if (x.mode != Mode::kValue || x.type == nullptr) return false;
  const auto* signature = dyn_cast<Signature>(x.type);
  return signature != nullptr && !signature->type_params.empty();
}

const Type* Checker::RequireInstance(const Expr* e, const Type* t) {
  if (IsInvalid(t) || !IsGeneric(t)) return t;
  Report(DiagKind::kNotInstantiated, PosOf(e), "type", Str(t));
  return Invalid();
}

ArrayRef<const TypeParam*> Checker::TypeParamsOf(const Type* t) {
  if (const auto* alias = dyn_cast<Alias>(t)) {
    if (!alias->type_params.empty()) return alias->type_params;
  }
  const auto* named = dyn_cast<Named>(Unalias(t));
  return named != nullptr ? named->type_params : ArrayRef<const TypeParam*>();
}

// The identifier whose facts tell about an instance.
static const Ident* InstanceIdent(const Expr* e) {
  for (;;) {
    e = syntax::Unparen(e);
    if (const auto* index = dyn_cast<syntax::IndexExpr>(e)) {
      e = index->x;
    } else if (const auto* selector = dyn_cast<syntax::SelectorExpr>(e)) {
      return selector->sel;
    } else {
      return dyn_cast<Ident>(e);
    }
  }
}

void Checker::RecordInstance(const Expr* e, ArrayRef<const Type*> args,
                             const Type* type) {
  const Ident* ident = InstanceIdent(e);
  if (ident == nullptr) return;
  info_.instances[ident->id] = Instance{world_.types.Copy(args), type};
}

const Type* Checker::InstanceTypeOf(const syntax::IndexExpr* e) {
  const Type* generic;
  const Expr* base = syntax::Unparen(e->x);
  if (isa<Ident>(base) || isa<syntax::SelectorExpr>(base)) {
    generic = IdentType(base);
    info_.types[base->id] = {generic, nullptr, Mode::kType};
  } else {
    generic = TypeExpr(e->x);
  }
  return InstanceOf(e, generic);
}

const Type* Checker::InstanceOf(const syntax::IndexExpr* e,
                                const Type* generic) {
  llvm::SmallVector<const Type*, 4> args;
  const auto* alias = dyn_cast<Alias>(generic);
  bool ok = !IsInvalid(generic) || (alias != nullptr && alias->open);
  bool known = ok;
  for (const Expr* arg : e->indices) {
    args.push_back(TypeExpr(arg));
    ok &= !IsInvalid(args.back());
  }
  if (!known) return Invalid();
  if (!IsGeneric(generic)) {
    Report(DiagKind::kNotGeneric, PosOf(e), Str(e), Str(generic));
    return Invalid();
  }
  if (!ok) return Invalid();
  ArrayRef<const TypeParam*> params = TypeParamsOf(generic);
  if (args.size() != params.size()) {
    bool few = args.size() < params.size();
    Pos pos = PosOf(e);
    std::string name = Str(e->x);
    if (const auto* selector = dyn_cast<syntax::SelectorExpr>(e->x)) {
      // Go points at the dot.
      pos = Pos{selector->sel->pos.offset - 1};
      name = selector->sel->name->text.str();
    }
    Report(DiagKind::kTypeArgumentCount, pos, few ? "not enough" : "too many",
           "type", name, args.size(), params.size());
    return Invalid();
  }
  const Type* t;
  if (alias != nullptr && !alias->type_params.empty()) {
    t = InstantiateAlias(world_.types, alias, args);
  } else {
    t = Instantiate(world_.types, cast<Named>(Unalias(generic)), args);
  }
  RecordInstance(e, args, t);
  NoteInstance(params, args, e->indices, PosOf(e));
  if (const auto* named = dyn_cast<Named>(t)) {
    instance_pos_.try_emplace(named, PosOf(e));
  }
  ArrayRef<const Type*> kept = world_.types.Copy(ArrayRef<const Type*>(args));
  Later([this, e, params, kept] {
    std::string cause;
    int bad = VerifyInstance(Context(), params, kept, &cause);
    if (bad < 0) return;
    Report(DiagKind::kNotSatisfied, PosOf(e->indices[bad]), cause);
  });
  if (resolving_ == 0) ProcessLater();
  return t;
}

// --- generic methods
// ----------------------------------------------------------------

const Type* Checker::GenericReceiver(const Expr* e,
                                     ArrayRef<const TypeParam*>* params) {
  const Expr* inner = syntax::Unparen(e);
  bool pointer = false;
  if (const auto* star = dyn_cast<syntax::StarExpr>(inner)) {
    pointer = true;
    inner = syntax::Unparen(star->x);
  }
  const auto* index = dyn_cast<syntax::IndexExpr>(inner);
  if (index == nullptr) return nullptr;
  const auto* ident = dyn_cast<Ident>(syntax::Unparen(index->x));
  if (ident == nullptr) return nullptr;
  const Type* base = IdentType(ident);
  info_.types[ident->id] = {base, nullptr, Mode::kType};
  const auto* named = dyn_cast<Named>(Unalias(base));
  if (named == nullptr || !IsGeneric(base)) {
    if (!IsInvalid(base)) {
      Report(DiagKind::kReceiverNotGeneric, PosOf(index), Str(base));
    }
    return Invalid();
  }
  if (index->indices.size() != named->type_params.size()) {
    Report(DiagKind::kReceiverTypeParams, PosOf(index), index->indices.size(),
           index->indices.size() == 1 ? "" : "s", named->type_params.size());
    return Invalid();
  }
  OpenTypeParamScope();
  llvm::SmallVector<TypeParam*, 4> fresh;
  llvm::SmallVector<const Type*, 4> args;
  for (const Expr* arg : index->indices) {
    const auto* name = dyn_cast<Ident>(arg);
    if (name == nullptr) {
      Report(DiagKind::kReceiverTypeParam, PosOf(arg), Str(arg));
      return Invalid();
    }
    fresh.push_back(DeclareTypeParam(name, static_cast<int>(fresh.size())));
    receiver_params_[fresh.back()] = named->type_params[args.size()];
    args.push_back(fresh.back());
  }
  for (size_t i = 0; i < fresh.size(); i++) {
    fresh[i]->constraint =
        Substitute(world_.types, named->type_params[i]->constraint,
                   named->type_params, args);
  }
  *params = world_.types.Copy(ArrayRef<const TypeParam*>(
      const_cast<const TypeParam**>(fresh.data()), fresh.size()));
  const Type* t = Instantiate(world_.types, named, args);
  RecordInstance(index, args, t);
  info_.types[index->id] = {t, nullptr, Mode::kType};
  if (pointer) {
    t = world_.types.New<Pointer>(t);
    info_.types[syntax::Unparen(e)->id] = {t, nullptr, Mode::kType};
  }
  info_.types[e->id] = {t, nullptr, Mode::kType};
  return t;
}

// --- generic functions
// ---------------------------------------------------------------

void Checker::FuncInstance(Operand& x, const syntax::IndexExpr* e) {
  const auto* signature = cast<Signature>(x.type);
  llvm::SmallVector<const Type*, 4> args;
  bool ok = true;
  for (const Expr* arg : e->indices) {
    args.push_back(TypeExpr(arg));
    ok &= !IsInvalid(args.back());
  }
  size_t wanted = signature->type_params.size();
  if (args.size() > wanted) {
    Report(DiagKind::kTooManyTypeArgs, PosOf(e->indices[wanted]), args.size(),
           wanted);
    ok = false;
  }
  if (!ok) {
    x.mode = Mode::kNone;
    return;
  }
  if (args.size() < wanted) {
    // What is missing a call, an assignment or the constraints may tell.
    partial_args_[e->id].assign(args.begin(), args.end());
    return;
  }
  x.expr = e;
  InstantiateFunc(x, e, args, e->pos);
}

void Checker::InstantiateFunc(Operand& x, const Expr* fun,
                              ArrayRef<const Type*> args, Pos pos) {
  const auto* signature = cast<Signature>(x.type);
  const Signature* t = InstantiateSignature(world_.types, signature, args);
  RecordInstance(fun, args, t);
  const auto* written = dyn_cast<syntax::IndexExpr>(syntax::Unparen(fun));
  NoteInstance(signature->type_params, args,
               written != nullptr ? written->indices : ArrayRef<const Expr*>(),
               pos);
  x.type = t;
  for (const Expr* at = fun;;) {
    if (info_.types[at->id].mode != Mode::kNone) info_.types[at->id].type = t;
    if (const auto* paren = dyn_cast<syntax::ParenExpr>(at)) {
      at = paren->inner;
    } else if (const auto* index = dyn_cast<syntax::IndexExpr>(at)) {
      at = index->x;
    } else {
      break;
    }
  }
  ArrayRef<const TypeParam*> params = signature->type_params;
  ArrayRef<const Type*> kept = world_.types.Copy(args);
  auto verify = [this, params, kept, fun, pos] {
    std::string cause;
    int bad = VerifyInstance(Context(), params, kept, &cause);
    if (bad < 0) return;
    Pos at = pos;
    const auto* index = dyn_cast<syntax::IndexExpr>(syntax::Unparen(fun));
    if (index != nullptr && static_cast<size_t>(bad) < index->indices.size()) {
      at = PosOf(index->indices[bad]);
    }
    Report(DiagKind::kNotSatisfied, at, cause);
  };
  if (resolving_ == 0) {
    verify();
  } else {
    Later(verify);
  }
}

void Checker::ReportInferError(const InferError& error, const Expr* fun,
                               Pos pos) {
  std::string text = error.message;
  if (error.unknown != nullptr) {
    text += llvm::formatv(" (declared at {0})", Str(error.unknown->symbol->pos))
                .str();
  }
  Report(DiagKind::kCannotInfer, pos, Str(fun), text);
}

bool Checker::RequireFuncInstance(Operand& x, const Type* target,
                                  const std::string& target_name) {
  if (!IsGenericFunc(x)) return true;
  const auto* signature = cast<Signature>(x.type);
  llvm::SmallVector<const Type*, 4> args(signature->type_params.size(),
                                         nullptr);
  const std::vector<const Type*>* partial = PartialArgs(x.expr);
  if (partial != nullptr) llvm::copy(*partial, args.begin());
  InferError error;
  llvm::SmallVector<InferArgument, 1> arguments;
  bool reverse = target != nullptr && As<Signature>(target) != nullptr;
  if (reverse) {
    const auto* plain = world_.types.New<Signature>(
        signature->params, signature->results, signature->variadic);
    arguments.push_back({plain, target, x.expr, target, target_name});
  }
  if ((reverse || partial != nullptr) &&
      Infer(Context(), signature->type_params, &args, arguments, reverse,
            &error)) {
    const Expr* fun = x.expr;
    InstantiateFunc(x, fun, args, PosOf(fun));
    return true;
  }
  if (error.argument >= 0) {
    Report(DiagKind::kTargetMismatch, PosOf(x.expr), error.message);
  } else {
    Report(DiagKind::kNotInstantiated, PosOf(x.expr), "function", Str(x.expr));
  }
  x.mode = Mode::kNone;
  return false;
}

// Type parameters that a call is about to find arguments for, under new names:
// in a recursive call the arguments may mention the very type parameters.
struct Checker::CallTypeParams {
  llvm::SmallVector<const TypeParam*, 8> params;  // new ones
  llvm::SmallVector<const Type*, 8> types;        // what is known of them

  // Adds those of a signature, of which `partial` are given; returns the
  // signature with the new ones, and without parameters of its own.
  const Signature* Add(TypeArena& arena, const Signature* signature,
                       const std::vector<const Type*>* partial) {
    ArrayRef<const TypeParam*> fresh =
        RenameTypeParams(arena, signature->type_params);
    params.append(fresh.begin(), fresh.end());
    size_t first = types.size();
    types.resize(params.size(), nullptr);
    if (partial != nullptr) llvm::copy(*partial, types.begin() + first);
    llvm::SmallVector<const Type*, 4> as_types(fresh.begin(), fresh.end());
    const auto* renamed = cast<Signature>(
        Substitute(arena, signature, signature->type_params, as_types));
    return arena.New<Signature>(renamed->params, renamed->results,
                                renamed->variadic);
  }
};

const std::vector<const Type*>* Checker::PartialArgs(const Expr* e) const {
  auto found = partial_args_.find(e->id);
  return found != partial_args_.end() ? &found->second : nullptr;
}

const Signature* Checker::InferCall(const syntax::CallExpr* e,
                                    const Signature* signature,
                                    llvm::SmallVectorImpl<Operand>& args,
                                    bool spread) {
  CallTypeParams all;
  ArrayRef<Symbol*> vars =
      all.Add(world_.types, signature, PartialArgs(e->fun))->params->vars;
  size_t own = signature->type_params.size();
  llvm::SmallVector<InferArgument, 8> arguments;
  // "If a function argument is generic, its type parameters, too, are bound."
  llvm::SmallVector<std::pair<size_t, size_t>, 4> generic_args;
  for (size_t i = 0; i < args.size(); i++) {
    if (args[i].Invalid()) continue;
    const Type* param;
    if (spread && i + 1 >= vars.size()) {
      const auto* slice = As<Slice>(vars.back()->type);
      if (slice == nullptr) continue;
      param = slice->elem;
    } else {
      param = vars[i]->type;
    }
    const Type* type = args[i].type;
    if (IsGenericFunc(args[i])) {
      generic_args.push_back({i, all.params.size()});
      type = all.Add(world_.types, cast<Signature>(type),
                     PartialArgs(args[i].expr));
    }
    arguments.push_back({param, type, args[i].expr, args[i].type, {}});
  }
  InferError error;
  if (!Infer(Context(), all.params, &all.types, arguments, /*reverse=*/false,
             &error)) {
    Pos pos = e->lparen;
    if (error.argument >= 0 &&
        static_cast<size_t>(error.argument) < arguments.size()) {
      pos = PosOf(arguments[error.argument].expr);
    }
    // What is wrong with an argument has been said.
    bool said = std::any_of(args.begin(), args.end(),
                            [](const Operand& x) { return x.Invalid(); });
    if (!said) ReportInferError(error, e->fun, pos);
    for (auto& [i, first] : generic_args) args[i].mode = Mode::kNone;
    return own == 0 ? signature : nullptr;
  }
  ArrayRef<const Type*> types = all.types;
  for (auto& [i, first] : generic_args) {
    size_t count = cast<Signature>(args[i].type)->type_params.size();
    const Expr* arg = args[i].expr;
    InstantiateFunc(args[i], arg, types.slice(first, count), PosOf(arg));
  }
  if (own == 0) return signature;
  Operand fun;
  fun.mode = Mode::kValue;
  fun.type = signature;
  fun.expr = e->fun;
  InstantiateFunc(fun, e->fun, types.take_front(own), e->lparen);
  return cast<Signature>(fun.type);
}

}  // namespace mgo::types
