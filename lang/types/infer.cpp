#include "lang/types/infer.h"

#include <algorithm>

#include "lang/syntax/print.h"
#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/unify.h"

namespace mgo::types {

// --- mentions ----------------------------------------------------------------

static bool AnyMentions(llvm::ArrayRef<const Type*> types,
                        llvm::ArrayRef<const TypeParam*> params) {
  return std::any_of(types.begin(), types.end(),
                     [&](const Type* t) { return MentionsAny(t, params); });
}

static bool VarsMention(llvm::ArrayRef<Symbol*> vars,
                        llvm::ArrayRef<const TypeParam*> params) {
  return std::any_of(vars.begin(), vars.end(), [&](const Symbol* var) {
    return MentionsAny(var->type, params);
  });
}

bool MentionsAny(const Type* t, llvm::ArrayRef<const TypeParam*> params) {
  t = Unalias(t);
  if (t == nullptr) return false;
  auto in = [&](const Type* part) { return MentionsAny(part, params); };
  switch (t->kind) {
    case TypeKind::kTypeParam:
      return std::find(params.begin(), params.end(), t) != params.end();
    case TypeKind::kNamed:
      return AnyMentions(llvm::cast<Named>(t)->type_args, params) ||
             AnyMentions(llvm::cast<Named>(t)->outer_args, params);
    case TypeKind::kPointer:
      return in(llvm::cast<Pointer>(t)->elem);
    case TypeKind::kSlice:
      return in(llvm::cast<Slice>(t)->elem);
    case TypeKind::kArray:
      return in(llvm::cast<Array>(t)->elem);
    case TypeKind::kMap:
      return in(llvm::cast<Map>(t)->key) || in(llvm::cast<Map>(t)->value);
    case TypeKind::kChan:
      return in(llvm::cast<Chan>(t)->elem);
    case TypeKind::kStruct:
      return VarsMention(llvm::cast<Struct>(t)->fields, params);
    case TypeKind::kTuple:
      return VarsMention(llvm::cast<Tuple>(t)->vars, params);
    case TypeKind::kSignature: {
      const auto* sig = llvm::cast<Signature>(t);
      return in(sig->params) || in(sig->results);
    }
    case TypeKind::kInterface: {
      const auto* iface = llvm::cast<Interface>(t);
      for (Symbol* method : iface->methods) {
        if (in(TypeOf(method))) return true;
      }
      return AnyMentions(iface->embedded, params);
    }
    case TypeKind::kUnion: {
      llvm::ArrayRef<Term> terms = llvm::cast<Union>(t)->terms;
      return std::any_of(terms.begin(), terms.end(),
                         [&](const Term& term) { return in(term.type); });
    }
    default:
      return false;
  }
}

llvm::ArrayRef<const TypeParam*> RenameTypeParams(
    TypeArena& arena, llvm::ArrayRef<const TypeParam*> params) {
  llvm::SmallVector<TypeParam*, 4> fresh;
  llvm::SmallVector<const Type*, 4> as_types;
  llvm::SmallVector<const TypeParam*, 4> result;
  for (const TypeParam* param : params) {
    fresh.push_back(arena.New<TypeParam>(param->symbol, param->index));
    as_types.push_back(fresh.back());
    result.push_back(fresh.back());
  }
  for (size_t i = 0; i < params.size(); i++) {
    fresh[i]->constraint =
        Substitute(arena, params[i]->constraint, params, as_types);
  }
  return arena.Copy(llvm::ArrayRef<const TypeParam*>(result));
}

namespace {

// --- one inference -----------------------------------------------------------

class Inference {
 public:
  Inference(const TypeContext& context, llvm::ArrayRef<const TypeParam*> params,
            llvm::SmallVectorImpl<const Type*>* args,
            llvm::ArrayRef<InferArgument> arguments, bool reverse,
            InferError* error)
      : context_(context),
        params_(params),
        args_(args),
        reverse_(reverse),
        error_(error),
        unifier_(params, *args) {
    ApplyGiven(arguments);
  }

  bool Run() {
    return UnifyArguments() && UseConstraints() && UseConstants() && Finish();
  }

 private:
  void ApplyGiven(llvm::ArrayRef<InferArgument> arguments);
  bool UnifyArguments();
  bool UseConstraints();
  bool UseCoreType(int param, const Type* core, bool tilde, bool single);
  bool UseMethods(int param);
  bool UseConstants();
  bool Finish();
  void BreakCycles();
  bool Reaches(const Type* t, int target, std::vector<bool>* seen);
  bool Mismatch(int argument);
  bool Unsatisfied(int param, const std::string& detail);
  std::string Show(const Type* t) { return TypeString(t, context_.package); }
  std::string ParamNames();
  // What is known so far, as arguments of Substitute.
  llvm::SmallVector<const Type*, 4> Known() {
    llvm::SmallVector<const Type*, 4> known;
    for (size_t i = 0; i < params_.size(); i++) {
      known.push_back(unifier_.At(static_cast<int>(i)));
    }
    return known;
  }

  const TypeContext& context_;
  llvm::ArrayRef<const TypeParam*> params_;
  llvm::SmallVectorImpl<const Type*>* args_;
  std::vector<InferArgument> arguments_;
  bool reverse_;
  InferError* error_;
  Unifier unifier_;
  std::vector<int> constants_;  // untyped arguments for plain parameters
};

// "T", "T and U", "T, U, and V".
std::string Inference::ParamNames() {
  std::string names;
  size_t n = params_.size();
  for (size_t i = 0; i < n; i++) {
    if (i > 0) names += n == 2 ? " and " : i + 1 == n ? ", and " : ", ";
    names += params_[i]->symbol->name->text;
  }
  return names;
}

bool Inference::Mismatch(int argument) {
  const InferArgument& arg = arguments_[argument];
  error_->argument = argument;
  std::string expr =
      arg.expr != nullptr ? syntax::ExprString(arg.expr) : std::string("_");
  if (!arg.name.empty()) expr = arg.name;
  std::string seen = "type " + Show(arg.shown) + " of " + expr;
  llvm::SmallVector<const Type*, 4> known = Known();
  bool nothing_known = std::all_of(known.begin(), known.end(),
                                   [](const Type* t) { return t == nullptr; });
  if (nothing_known) {
    error_->message = seen + " does not match " + Show(arg.param) +
                      " (cannot infer " + ParamNames() + ")";
    return false;
  }
  const Type* inferred = Substitute(*context_.types, arg.param, params_, known);
  if (inferred == arg.param) {
    error_->message = seen + " does not match " + Show(arg.param);
  } else if (reverse_) {
    error_->message = "inferred type " + Show(inferred) + " for " +
                      Show(arg.param) + " does not match " + seen;
  } else {
    error_->message = seen + " does not match inferred type " + Show(inferred) +
                      " for " + Show(arg.param);
  }
  return false;
}

// Of a parameter that the given type arguments settle there is nothing to
// infer; whether its argument fits the call finds out.
void Inference::ApplyGiven(llvm::ArrayRef<InferArgument> arguments) {
  arguments_ = arguments.vec();
  llvm::SmallVector<const Type*, 4> known = Known();
  if (llvm::none_of(known, [](const Type* t) { return t != nullptr; })) return;
  for (InferArgument& arg : arguments_) {
    arg.param = Substitute(*context_.types, arg.param, params_, known);
  }
}

bool Inference::UnifyArguments() {
  for (size_t i = 0; i < arguments_.size(); i++) {
    const InferArgument& arg = arguments_[i];
    if (IsInvalid(arg.type)) continue;
    if (!MentionsAny(arg.param, params_) && !MentionsAny(arg.type, params_)) {
      continue;
    }
    if (IsUntyped(arg.type)) {
      // Only a parameter whose type is a type parameter learns from it.
      bool nil = llvm::cast<Basic>(arg.type)->basic == BasicKind::kUntypedNil;
      if (!nil && unifier_.IndexOf(Unalias(arg.param)) >= 0) {
        constants_.push_back(static_cast<int>(i));
      }
    } else if (!unifier_.Unify(arg.param, arg.type, UnifyMode::kLoose)) {
      return Mismatch(static_cast<int>(i));
    }
  }
  return true;
}

bool Inference::Unsatisfied(int param, const std::string& detail) {
  error_->message = Show(params_[param]) + " (type " +
                    Show(unifier_.At(param)) + ") does not satisfy " +
                    Show(params_[param]->constraint);
  if (!detail.empty()) error_->message += " " + detail;
  return false;
}

bool Inference::UseCoreType(int param, const Type* core, bool tilde,
                            bool single) {
  const Type* known = unifier_.At(param);
  if (known == nullptr) {
    if (single && !tilde) unifier_.Set(param, core);
    return true;
  }
  const Type* match = known;
  if (tilde && !IsTypeParam(known)) match = Underlying(known);
  return unifier_.Unify(match, core, UnifyMode::kLoose) ||
         Unsatisfied(param, "");
}

bool Inference::UseMethods(int param) {
  const Type* known = unifier_.At(param);
  const auto* set = As<Interface>(params_[param]);
  if (known == nullptr || set == nullptr) return true;
  for (Symbol* wanted : Complete(set)->all_methods) {
    LookupResult found =
        LookupFieldOrMethod(known, false, wanted->package, wanted->name);
    bool method =
        found.symbol != nullptr && found.symbol->kind == SymbolKind::kFunc;
    if (method && unifier_.Unify(TypeOf(found.symbol), TypeOf(wanted),
                                 UnifyMode::kExact)) {
      continue;
    }
    MissingResult missing = FindMissingMethod(known, set, /*static_type=*/true);
    if (missing.why == Missing::kNothing) continue;
    return Unsatisfied(
        param,
        MissingCause(context_, known, params_[param]->constraint, missing));
  }
  return true;
}

bool Inference::UseConstraints() {
  for (int before = -1; before != unifier_.Unknowns();) {
    before = unifier_.Unknowns();
    for (size_t i = 0; i < params_.size(); i++) {
      int param = static_cast<int>(i);
      llvm::SmallVector<Term, 8> terms;
      bool limited = TermsOf(params_[i], &terms) && !terms.empty();
      bool single = limited && terms.size() == 1;
      const Type* core = nullptr;
      bool tilde = false;
      if (single) {
        core = terms[0].type;
        tilde = terms[0].tilde;
      } else if (limited) {
        core = CoreType(params_[i]);
        tilde = true;  // the core type is an underlying type
      }
      bool ok = core != nullptr ? UseCoreType(param, core, tilde, single)
                                : UseMethods(param);
      if (!ok) return false;
    }
  }
  return true;
}

// The wider of two untyped kinds, or null when they do not mix.
const Type* WiderUntyped(const Type* a, const Type* b) {
  const auto *x = llvm::cast<Basic>(a), *y = llvm::cast<Basic>(b);
  if (x->basic == y->basic) return a;
  if ((x->flags & kIsNumeric) == 0 || (y->flags & kIsNumeric) == 0) {
    return nullptr;
  }
  return x->basic > y->basic ? a : b;
}

bool Inference::UseConstants() {
  std::vector<const Type*> widest(params_.size(), nullptr);
  for (int i : constants_) {
    const InferArgument& arg = arguments_[i];
    int param = unifier_.IndexOf(Unalias(arg.param));
    if (unifier_.At(param) != nullptr) continue;
    const Type*& max = widest[param];
    const Type* wider = max == nullptr ? arg.type : WiderUntyped(max, arg.type);
    if (wider == nullptr) {
      error_->argument = i;
      error_->message = "mismatched types " + Show(max) + " and " +
                        Show(arg.type) + " (cannot infer " + Show(arg.param) +
                        ")";
      return false;
    }
    max = wider;
  }
  for (size_t i = 0; i < widest.size(); i++) {
    int param = static_cast<int>(i);
    if (widest[i] != nullptr && unifier_.At(param) == nullptr) {
      unifier_.Set(param, DefaultType(widest[i]));
    }
  }
  return true;
}

// Whether following inferred types from t leads to the parameter.
bool Inference::Reaches(const Type* t, int target, std::vector<bool>* seen) {
  for (size_t i = 0; i < params_.size(); i++) {
    if (!MentionsAny(t, params_[i])) continue;
    if (static_cast<int>(i) == target) return true;
    if ((*seen)[i]) continue;
    (*seen)[i] = true;
    const Type* next = (*args_)[i];
    if (next != nullptr && Reaches(next, target, seen)) return true;
  }
  return false;
}

// A type that would contain itself is unknown.
void Inference::BreakCycles() {
  for (size_t i = 0; i < params_.size(); i++) {
    const Type* t = (*args_)[i];
    if (t == nullptr) continue;
    std::vector<bool> seen(params_.size(), false);
    if (Reaches(t, static_cast<int>(i), &seen)) (*args_)[i] = nullptr;
  }
}

// Inferred types may mention other parameters: replaces those.
bool Inference::Finish() {
  llvm::SmallVector<const Type*, 4> known = Known();
  args_->assign(known.begin(), known.end());
  BreakCycles();
  for (size_t round = 0; round < params_.size(); round++) {
    bool changed = false;
    for (const Type*& arg : *args_) {
      if (arg == nullptr) continue;
      const Type* next = Substitute(*context_.types, arg, params_, *args_);
      changed = changed || next != arg;
      arg = next;
    }
    if (!changed) break;
  }
  for (size_t i = 0; i < params_.size(); i++) {
    const Type* arg = (*args_)[i];
    if (arg != nullptr && !MentionsAny(arg, params_)) continue;
    error_->unknown = params_[i];
    error_->message = "cannot infer " + params_[i]->symbol->name->text.str();
    return false;
  }
  return true;
}

}  // namespace

bool Infer(const TypeContext& context, llvm::ArrayRef<const TypeParam*> params,
           llvm::SmallVectorImpl<const Type*>* args,
           llvm::ArrayRef<InferArgument> arguments, bool reverse,
           InferError* error) {
  args->resize(params.size(), nullptr);
  bool complete = std::all_of(args->begin(), args->end(),
                              [](const Type* t) { return t != nullptr; });
  if (complete) return true;
  // A failure elsewhere was reported; guessing on would only confuse.
  return Inference(context, params, args, arguments, reverse, error).Run();
}

}  // namespace mgo::types
