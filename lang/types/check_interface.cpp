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

const Type* Checker::UnionOf(const Expr* e) {
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
  for (const Expr* part : parts) {
    const auto* unary = dyn_cast<syntax::UnaryExpr>(part);
    if (unary != nullptr && unary->op == Op::kTilde) {
      const Type* t = TypeExpr(unary->x);
      info_.types[part->id] = {t, nullptr, Mode::kType};
      terms.push_back({true, t});
      Later([this, unary, t] {
        if (IsInvalid(t) || Identical(t, Underlying(t))) return;
        Report(DiagKind::kInvalidTilde, PosOf(unary), Str(t),
               Str(Underlying(t)));
      });
    } else {
      terms.push_back({false, TypeExpr(part)});
    }
  }
  if (terms.size() == 1 && !terms[0].tilde) return terms[0].type;
  const Type* t =
      world_.types.New<Union>(world_.types.Copy(ArrayRef<Term>(terms)));
  info_.types[e->id] = {t, nullptr, Mode::kType};
  return t;
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
