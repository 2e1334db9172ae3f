// Type sets: what an interface admits.
//
// An interface's type set is the intersection of its elements' sets. It is kept
// as all methods, whether values must be comparable, and a list of terms (T or
// ~T) unless every type is admitted as far as terms go. The list holds no term
// that another one includes.
#include <algorithm>

#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"

namespace mgo::types {

// --- terms -------------------------------------------------------------------

bool Includes(const Term& term, const Type* t) {
  if (Identical(term.type, t)) return true;
  return term.tilde && Identical(Underlying(term.type), Underlying(t));
}

// Whether no type is in both.
static bool Disjoint(const Term& x, const Term& y) {
  const Type* a = y.tilde ? Underlying(x.type) : x.type;
  const Type* b = x.tilde ? Underlying(y.type) : y.type;
  return !Identical(a, b);
}

bool IsSubset(const Term& x, const Term& y) {
  return !Disjoint(x, y) && (!x.tilde || y.tilde);
}

namespace {

// A list of terms, or all types.
struct TermList {
  bool all = true;
  std::vector<Term> terms;
};

// Adds a term, keeping the list free of redundant ones.
void AddTerm(const Term& term, std::vector<Term>* terms) {
  for (const Term& other : *terms) {
    if (IsSubset(term, other)) return;
  }
  std::erase_if(*terms,
                [&](const Term& other) { return IsSubset(other, term); });
  terms->push_back(term);
}

void Intersect(const TermList& with, TermList* list) {
  if (with.all) return;
  if (list->all) {
    *list = with;
    return;
  }
  std::vector<Term> result;
  for (const Term& x : list->terms) {
    for (const Term& y : with.terms) {
      if (Disjoint(x, y)) continue;
      AddTerm(x.tilde && !y.tilde ? y : x, &result);
    }
  }
  list->terms = std::move(result);
}

// The terms of an element of a union, or of an embedded type that is no
// interface.
TermList TermsOfElement(bool tilde, const Type* type) {
  TermList result;
  const Type* u = Underlying(type);
  if (IsInvalid(u)) return result;
  if (const auto* iface = llvm::dyn_cast<Interface>(u);
      iface != nullptr && !IsTypeParam(type)) {
    Complete(iface);
    if (iface->has_terms) {
      result.all = false;
      result.terms = iface->terms;
    }
    return result;
  }
  result.all = false;
  result.terms.push_back({tilde, type});
  return result;
}

TermList TermsOfUnion(const Union* u) {
  TermList result;
  result.all = false;
  for (const Term& term : u->terms) {
    TermList part = TermsOfElement(term.tilde, term.type);
    if (part.all) return part;
    for (const Term& t : part.terms) AddTerm(t, &result.terms);
  }
  return result;
}

// Adds methods that are not there yet. Two of one name and different types are
// an error that the checker reports.
void AddMethods(llvm::ArrayRef<Symbol*> methods, Interface* iface) {
  size_t before = iface->all_methods.size();
  for (Symbol* method : methods) {
    bool known = std::any_of(
        iface->all_methods.begin(), iface->all_methods.begin() + before,
        [&](const Symbol* m) {
          return m->name == method->name &&
                 (m->name->exported || m->package == method->package);
        });
    if (!known) iface->all_methods.push_back(method);
  }
}

}  // namespace

const Interface* Complete(const Interface* iface_const) {
  if (iface_const->complete) return iface_const;
  // The one place where an interface changes after its making.
  auto* iface = const_cast<Interface*>(iface_const);
  // Set first: an interface that embeds itself (an error) ends here.
  iface->complete = true;
  iface->all_methods.assign(iface->methods.begin(), iface->methods.end());
  bool all_known = true;
  TermList list;
  for (const Type* embedded : iface->embedded) {
    const Type* u = Underlying(embedded);
    if (IsInvalid(u)) {
      all_known = false;
    } else if (const auto* inner = llvm::dyn_cast<Interface>(u);
               inner != nullptr && !IsTypeParam(embedded)) {
      Complete(inner);
      all_known = all_known && inner->complete;
      AddMethods(inner->all_methods, iface);
      iface->comparable = iface->comparable || inner->comparable;
      if (inner->has_terms) Intersect({false, inner->terms}, &list);
    } else if (const auto* set = llvm::dyn_cast<Union>(u)) {
      Intersect(TermsOfUnion(set), &list);
    } else {
      Intersect(TermsOfElement(false, embedded), &list);
    }
  }
  if (iface->comparable && !list.all) {
    // With terms, comparability is just a filter on them.
    std::erase_if(list.terms, [](const Term& term) {
      return !Comparable(term.type, /*strict=*/true, nullptr);
    });
    iface->comparable = false;
  }
  iface->has_terms = !list.all;
  iface->terms = std::move(list.terms);
  if (iface->all_methods.size() > 1) {
    std::stable_sort(iface->all_methods.begin(), iface->all_methods.end(),
                     MethodLess);
  }
  iface->complete = all_known;
  return iface;
}

bool IsConstraintInterface(const Interface* iface) {
  Complete(iface);
  return iface->has_terms || iface->comparable;
}

bool IsSubset(const Interface* a, const Interface* b) {
  Complete(a);
  Complete(b);
  if (!b->has_terms) return true;
  if (!a->has_terms) return false;
  return std::all_of(a->terms.begin(), a->terms.end(), [&](const Term& x) {
    return std::any_of(b->terms.begin(), b->terms.end(),
                       [&](const Term& y) { return IsSubset(x, y); });
  });
}

bool IsEmptySet(const Interface* iface) {
  Complete(iface);
  return iface->has_terms && iface->terms.empty();
}

bool TermsOf(const Type* t, llvm::SmallVectorImpl<Term>* out) {
  if (!IsTypeParam(t)) {
    out->push_back({false, t});
    return true;
  }
  const auto* iface = As<Interface>(t);
  if (iface == nullptr) return false;
  Complete(iface);
  if (!iface->has_terms) return false;
  for (const Term& term : iface->terms) {
    // A type parameter as a term is an error, but must not hurt.
    if (!IsTypeParam(term.type)) out->push_back(term);
  }
  return true;
}

}  // namespace mgo::types
