// Implementing interfaces and satisfying constraints.
#include "lang/types/assignable.h"
#include "lang/types/package.h"

namespace mgo::types {

namespace {

// Names of messages: TypeString relative to the context's package.
std::string Show(const TypeContext& context, const Type* t) {
  return TypeString(t, context.package);
}

bool IsInterfacePointer(const Type* t) {
  const auto* pointer = As<Pointer>(t);
  return pointer != nullptr && IsInterface(pointer->elem);
}

std::string PointerNote(const TypeContext& context, const Type* t) {
  if (IsTypeParam(As<Pointer>(t)->elem)) {
    return "type " + Show(context, t) +
           " is pointer to type parameter, not type parameter";
  }
  return "type " + Show(context, t) + " is pointer to interface, not interface";
}

// "Name(int) string".
std::string MethodString(const Symbol* method, const Package* relative) {
  std::string text = method->name->text.str();
  const auto* sig =
      llvm::dyn_cast_if_present<Signature>(TypeOf(const_cast<Symbol*>(method)));
  return sig != nullptr ? text + SignatureString(sig, relative) : text;
}

std::string HaveWant(const MissingResult& missing, const Package* relative) {
  return "\n\t\thave " + MethodString(missing.found, relative) + "\n\t\twant " +
         MethodString(missing.wanted, relative);
}

void Explain(std::string* cause, std::string text) {
  if (cause != nullptr) *cause = std::move(text);
}

// Whether one of the interface's embedded elements or terms is t, or mentions
// it as an element.
bool Mentions(const Type* where, const Type* t) {
  if (Identical(where, t)) return true;
  if (const auto* iface = llvm::dyn_cast_if_present<Interface>(where)) {
    for (const Type* e : iface->embedded) {
      if (Mentions(e, t)) return true;
    }
  } else if (const auto* u = llvm::dyn_cast_if_present<Union>(where)) {
    for (const Term& term : u->terms) {
      if (Mentions(term.type, t)) return true;
    }
  }
  return false;
}

std::string TermsString(const TypeContext& context, const Interface* iface) {
  std::string text;
  for (const Term& term : iface->terms) {
    if (!text.empty()) text += " | ";
    if (term.tilde) text += "~";
    text += Show(context, term.type);
  }
  return text;
}

// One check of t against an interface.
class Check {
 public:
  Check(const TypeContext& context, const Type* t, const Type* iface,
        bool constraint, std::string* cause)
      : context_(context),
        t_(t),
        iface_(iface),
        constraint_(constraint),
        cause_(cause) {}

  bool Run();

 private:
  bool ComparabilityHolds(const Interface* set);
  bool InTerms(const Interface* set);
  // "T does not implement I".
  std::string Refusal() const {
    return Show(context_, t_) + " does not " + Verb() + " " +
           Show(context_, iface_);
  }
  const char* Verb() const { return constraint_ ? "satisfy" : "implement"; }

  const TypeContext& context_;
  const Type *t_, *iface_;
  bool constraint_;
  std::string* cause_;
};

bool Check::ComparabilityHolds(const Interface* set) {
  bool wanted = set->comparable;
  if (set->has_terms) return true;  // the terms have decided
  if (!wanted || Comparable(t_, /*strict=*/true, nullptr)) return true;
  // "A type T satisfies a constraint C if C can be written in the form
  // interface{ comparable; E } and T is comparable and implements E."
  if (constraint_ && Comparable(t_, /*strict=*/false, nullptr)) return true;
  Explain(cause_, Show(context_, t_) + " does not " + Verb() + " comparable");
  return false;
}

bool Check::InTerms(const Interface* set) {
  if (const auto* own = As<Interface>(t_)) {
    if (IsSubset(own, set)) return true;
    Explain(cause_, Refusal());
    return false;
  }
  const Type* almost = nullptr;
  for (const Term& term : set->terms) {
    if (Includes(term, t_)) return true;
    bool own_underlying = Identical(term.type, Underlying(term.type));
    if (almost == nullptr && !term.tilde && own_underlying &&
        Includes({true, term.type}, t_)) {
      almost = term.type;
    }
  }
  std::string detail;
  if (almost != nullptr) {
    detail = "possibly missing ~ for " + Show(context_, almost) + " in " +
             Show(context_, iface_);
  } else if (Mentions(Underlying(iface_), t_)) {
    detail = Show(context_, iface_) + " mentions " + Show(context_, t_) +
             ", but " + Show(context_, t_) + " is not in the type set of " +
             Show(context_, iface_);
  } else {
    detail = Show(context_, t_) + " missing in " + TermsString(context_, set);
  }
  Explain(cause_, Refusal() + " (" + detail + ")");
  return false;
}

bool Check::Run() {
  const Type* u = Underlying(t_);
  if (IsInvalid(u) || IsInvalid(Underlying(iface_))) return true;
  if (const auto* pointer = llvm::dyn_cast<Pointer>(u);
      pointer != nullptr && IsInvalid(Underlying(pointer->elem))) {
    return true;
  }
  const auto* set = As<Interface>(iface_);
  if (set == nullptr) {
    std::string detail = IsInterfacePointer(iface_)
                             ? PointerNote(context_, iface_)
                             : Show(context_, iface_) + " is not an interface";
    Explain(cause_, Refusal() + " (" + detail + ")");
    return false;
  }
  Complete(set);
  bool admits_all =
      set->all_methods.empty() && !set->has_terms && !set->comparable;
  if (admits_all) return true;
  if (const auto* own = llvm::dyn_cast<Interface>(u); own && IsEmptySet(own)) {
    return true;
  }
  if (IsEmptySet(set)) {
    Explain(cause_, std::string("cannot ") + Verb() + " " +
                        Show(context_, iface_) + " (empty type set)");
    return false;
  }
  std::string missing;
  if (!HasAllMethods(context_, t_, iface_, /*static_type=*/true,
                     cause_ != nullptr ? &missing : nullptr)) {
    if (cause_ != nullptr) *cause_ = Refusal() + " " + missing;
    return false;
  }
  if (set->has_terms && !InTerms(set)) return false;
  return ComparabilityHolds(set);
}

}  // namespace

std::string MissingCause(const TypeContext& context, const Type* t,
                         const Type* iface, const MissingResult& missing) {
  std::string name = missing.wanted->name->text.str();
  switch (missing.why) {
    case Missing::kNothing:
      return "";
    case Missing::kNotFound:
      if (IsInterfacePointer(t)) return "(" + PointerNote(context, t) + ")";
      if (IsInterfacePointer(iface)) {
        return "(" + PointerNote(context, iface) + ")";
      }
      return "(missing method " + name + ")";
    case Missing::kWrongName:
      return "(missing method " + name + ")" +
             HaveWant(missing, context.package);
    case Missing::kUnexported:
      return "(unexported method " + name + ")";
    case Missing::kWrongType: {
      std::string text = "(wrong type for method " + name + ")";
      std::string detail = HaveWant(missing, context.package);
      return text + detail;
    }
    case Missing::kAmbiguous:
      return "(ambiguous selector " + Show(context, t) + "." + name + ")";
    case Missing::kPointer:
      return "(method " + name + " has pointer receiver)";
    case Missing::kField:
      return "(" + Show(context, t) + "." + name + " is a field, not a method)";
  }
  return "";
}

bool HasAllMethods(const TypeContext& context, const Type* t, const Type* iface,
                   bool static_type, std::string* cause) {
  const auto* set = As<Interface>(iface);
  if (set == nullptr) return false;
  MissingResult missing = FindMissingMethod(t, set, static_type);
  if (missing.why == Missing::kNothing) return true;
  if (cause != nullptr) *cause = MissingCause(context, t, iface, missing);
  return false;
}

bool Implements(const TypeContext& context, const Type* t, const Type* iface,
                bool constraint, std::string* cause) {
  return Check(context, t, iface, constraint, cause).Run();
}

bool AssertableTo(const TypeContext& context, const Type* from, const Type* to,
                  std::string* cause) {
  // An interface value may hold anything that implements another interface.
  if (IsInterface(to)) return true;
  return HasAllMethods(context, to, from, /*static_type=*/false, cause);
}

}  // namespace mgo::types
