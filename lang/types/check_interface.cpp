// Interface types: their elements, and the errors among these.
#include <algorithm>

#include "lang/types/check.h"

namespace mgo::types {

const Type* Checker::InterfaceTypeOf(const syntax::InterfaceTypeExpr* e) {
  if (e->elements.empty()) return world_.universe->empty_interface;
  llvm::SmallVector<Symbol*, 8> methods;
  llvm::SmallVector<const Type*, 4> embedded;
  llvm::SmallVector<Pos, 4> positions;
  Interface* iface =
      world_.types.New<Interface>(ArrayRef<Symbol*>(), ArrayRef<const Type*>());
  for (const syntax::Field& field : e->elements) {
    if (field.name == nullptr) {
      embedded.push_back(UnionOf(field.type));
      positions.push_back(field.pos);
      continue;
    }
    if (field.name->name->blank) {
      Report(DiagKind::kBlankMethod, PosOf(field.name));
      continue;
    }
    Symbol* method = NewSymbol(SymbolKind::kFunc, field.name->pos,
                               field.name->name, nullptr);
    Signature* signature =
        SignatureOf(cast<syntax::FuncTypeExpr>(field.type), nullptr);
    Symbol* recv = NewSymbol(SymbolKind::kVar, field.name->pos, nullptr, iface);
    recv->is_param = true;
    signature->recv = recv;
    method->type = signature;
    info_.types[field.type->id] = {signature, nullptr, Mode::kType};
    info_.symbols[field.name->id] = method;
    methods.push_back(method);
  }
  // Go shows them sorted.
  std::stable_sort(methods.begin(), methods.end(), MethodLess);
  iface->methods = world_.types.Copy(ArrayRef<Symbol*>(methods));
  iface->embedded = world_.types.Copy(ArrayRef<const Type*>(embedded));
  iface->embedded_pos = world_.types.Copy(ArrayRef<Pos>(positions));
  limited_.push_back({PosOf(e), iface});
  Later([this, iface] { CheckInterface(iface); });
  if (resolving_ == 0) ProcessLater();
  return iface;
}

const Type* Checker::UnionOf(const Expr* e, bool bare) {
  llvm::SmallVector<const Expr*, 4> parts;
  const Expr* left = e;
  for (;;) {
    const auto* binary = dyn_cast<syntax::BinaryExpr>(left);
    if (binary == nullptr || binary->op != Op::kOr) break;
    parts.push_back(binary->y);
    left = binary->x;
  }
  parts.push_back(left);
  std::reverse(parts.begin(), parts.end());
  llvm::SmallVector<Term, 4> terms;
  llvm::SmallVector<Pos, 4> positions;
  for (const Expr* part : parts) {
    const auto* unary = dyn_cast<syntax::UnaryExpr>(part);
    bool tilde = unary != nullptr && unary->op == Op::kTilde;
    const Expr* type = tilde ? unary->x : part;
    const Type* t = TypeExpr(type);
    if (tilde) info_.types[part->id] = {t, nullptr, Mode::kType};
    bool alone = !tilde && parts.size() == 1;
    if (IsTypeParam(t) && !(alone && bare)) {
      if (tilde) {
        Report(DiagKind::kTildeTypeParam, PosOf(type), Str(t));
      } else {
        Report(DiagKind::kTermTypeParam, PosOf(type));
      }
      t = Invalid();
    }
    terms.push_back({tilde, t});
    positions.push_back(PosOf(part));
  }
  if (terms.size() == 1 && !terms[0].tilde) return terms[0].type;
  const auto* u =
      world_.types.New<Union>(world_.types.Copy(ArrayRef<Term>(terms)));
  info_.types[e->id] = {u, nullptr, Mode::kType};
  Later([this, u, kept = std::vector<Pos>(positions.begin(), positions.end())] {
    CheckUnion(u, kept);
  });
  return u;
}

void Checker::CheckUnion(const Union* u, ArrayRef<Pos> positions) {
  auto text = [](const Term& term) {
    return (term.tilde ? "~" : "") + TypeString(term.type, nullptr);
  };
  for (size_t i = 0; i < u->terms.size(); i++) {
    const Term& term = u->terms[i];
    const Type* under = Underlying(term.type);
    if (IsInvalid(under)) continue;
    const auto* iface = dyn_cast<Interface>(under);
    if (term.tilde && iface != nullptr) {
      Report(DiagKind::kInvalidTildeInterface, positions[i], Str(term.type));
      continue;
    }
    if (term.tilde && !Identical(term.type, under)) {
      Report(DiagKind::kInvalidTilde, positions[i], Str(term.type), Str(under));
      continue;
    }
    if (iface != nullptr) {
      Complete(iface);
      if (!iface->all_methods.empty()) {
        Report(DiagKind::kUnionMethods, positions[i], Str(term.type));
      } else if (under == Underlying(world_.universe->comparable_type)) {
        Report(DiagKind::kUnionComparable, positions[i]);
      } else if (iface->comparable) {
        Report(DiagKind::kUnionEmbedsComparable, positions[i], Str(term.type));
      }
      continue;
    }
    for (size_t j = 0; j < i; j++) {
      const Term& other = u->terms[j];
      if (IsInvalid(Underlying(other.type)) || IsInterface(other.type))
        continue;
      if (!IsSubset(term, other) && !IsSubset(other, term)) continue;
      Report(DiagKind::kOverlappingTerms, positions[i], text(term),
             text(other));
      break;
    }
  }
}

// What the rest of the checker does not see: methods of one name that cannot be
// the same. The type set itself is made by Complete (typeset.cpp).
void Checker::CheckInterface(const Interface* iface) {
  if (iface->embedded.empty() && iface->methods.size() < 2) return;
  std::vector<std::pair<Symbol*, Pos>> seen;
  auto add = [&](Symbol* method, Pos pos, bool is_explicit) {
    for (auto& [other, other_pos] : seen) {
      if (!SameName(other, method->package, method->name)) continue;
      if (other == method) return;
      if (!is_explicit && Identical(other->type, method->type)) return;
      std::string text =
          llvm::formatv(diag::PatternOf(DiagKind::kDuplicateMethod),
                        method->name->text)
              .str();
      if (other_pos.IsValid()) {
        text += llvm::formatv("\n\t{0}: other declaration of method {1}",
                              Str(other_pos), method->name->text)
                    .str();
      }
      AddReport(DiagKind::kDuplicateMethod, pos, std::move(text));
      return;
    }
    seen.push_back({method, pos});
  };
  // In source order, so that the second one is to blame.
  std::vector<Symbol*> written = iface->methods.vec();
  std::stable_sort(
      written.begin(), written.end(),
      [](const Symbol* a, const Symbol* b) { return a->pos < b->pos; });
  for (Symbol* method : written) add(method, method->pos, true);
  for (size_t i = 0; i < iface->embedded.size(); i++) {
    const auto* other = As<Interface>(iface->embedded[i]);
    if (other == nullptr) continue;
    Pos pos = i < iface->embedded_pos.size() ? iface->embedded_pos[i] : Pos{};
    for (Symbol* method : Complete(other)->all_methods) {
      add(method, pos, false);
    }
  }
}

}  // namespace mgo::types
