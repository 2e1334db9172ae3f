// What the types of a type parameter's type set have in common.
//
// Most operations on an operand of type parameter type need one underlying type
// for all of its types; where there is none, Go says which two differ.
#include "lang/types/check.h"

namespace mgo::types {

std::string Checker::WhyNoCommonType(const Type* t) const {
  llvm::SmallVector<Term, 8> terms;
  if (!TermsOf(t, &terms) || terms.empty()) return "no specific type";
  const Type* first = terms[0].type;
  for (const Term& term : terms) {
    const auto* a = As<Chan>(first);
    const auto* b = As<Chan>(term.type);
    std::string pair = Str(first) + " and " + Str(term.type);
    if (a != nullptr && b != nullptr) {
      if (!Identical(a->elem, b->elem)) {
        return "channels " + pair + " have different element types";
      }
      bool conflict = a->dir != b->dir && a->dir != syntax::ChanDir::kBoth &&
                      b->dir != syntax::ChanDir::kBoth;
      if (conflict) return "channels " + pair + " have conflicting directions";
      if (a->dir == syntax::ChanDir::kBoth) first = term.type;
    } else if (!Identical(Underlying(first), Underlying(term.type))) {
      return pair + " have different underlying types";
    }
  }
  return "no common underlying type";
}

// Whether t is a string, or each type of its type set is a string or []byte.
bool Checker::IsByteString(const Type* t) {
  if (!IsTypeParam(t)) return IsBasic(t, kIsString);
  llvm::SmallVector<Term, 4> terms;
  if (!TermsOf(t, &terms) || terms.empty()) return false;
  for (const Term& term : terms) {
    const auto* slice = As<Slice>(term.type);
    bool bytes =
        slice != nullptr && IsBasic(slice->elem, kIsInteger) &&
        Identical(Underlying(slice->elem), BasicType(BasicKind::kUint8));
    if (!bytes && !IsBasic(term.type, kIsString)) return false;
  }
  return true;
}

const Type* Checker::SliceElem(const Type* t, std::string* mismatch) {
  llvm::SmallVector<Term, 4> terms;
  if (!TermsOf(t, &terms) || terms.empty()) return nullptr;
  const Type* elem = nullptr;
  for (const Term& term : terms) {
    const auto* slice = As<Slice>(term.type);
    if (slice == nullptr) return nullptr;
    if (elem != nullptr && !Identical(elem, slice->elem)) {
      *mismatch = Str(elem) + " and " + Str(slice->elem);
      return nullptr;
    }
    elem = slice->elem;
  }
  return elem;
}

const Type* Checker::ParamChanElem(const Operand& x, bool receive, Pos pos) {
  llvm::SmallVector<Term, 4> terms;
  std::string cause;
  if (!TermsOf(x.type, &terms) || terms.empty()) {
    cause = "no specific channel type";
  }
  for (const Term& term : terms) {
    const auto* chan = As<Chan>(term.type);
    if (chan == nullptr) {
      cause = "non-channel " + Str(term.type);
    } else if (receive && chan->dir == syntax::ChanDir::kSend) {
      cause = "send-only channel " + Str(term.type);
    } else if (!receive && chan->dir == syntax::ChanDir::kRecv) {
      cause = "receive-only channel " + Str(term.type);
    }
    if (!cause.empty()) break;
  }
  if (cause.empty()) {
    if (const auto* chan = dyn_cast_or_null<Chan>(CoreType(x.type))) {
      return chan->elem;
    }
    cause = WhyNoCommonType(x.type);
  }
  Report(DiagKind::kParamChannel, pos, receive ? "receive from" : "send to",
         Str(x), cause);
  return nullptr;
}

}  // namespace mgo::types
