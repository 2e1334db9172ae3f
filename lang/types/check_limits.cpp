// What Go's compiler refuses beyond the specification, once a package has no
// other errors: interfaces that mention themselves without a name, and types
// too large for its runtime. Later phases rely on it.
#include <algorithm>

#include "lang/types/check.h"

namespace mgo::types {

namespace {

// The largest address space, and the largest element of a channel, in bytes.
constexpr int64_t kMaxSize = int64_t{1} << 50;
constexpr int64_t kMaxChanElem = int64_t{1} << 16;

// Finds interfaces that are reached again from their own methods' signatures
// without passing a named type. No type descriptor could be made of those.
class CycleFinder {
 public:
  bool FromMethods(const Interface* iface) {
    for (const Symbol* method : Complete(iface)->all_methods) {
      if (Visit(method->type)) return true;
    }
    return false;
  }
  // What has been found is not to be found once more.
  void Forget() {
    for (auto& [iface, cyclic] : cyclic_) cyclic = false;
  }

 private:
  bool VisitAll(ArrayRef<Symbol*> symbols) {
    return std::any_of(symbols.begin(), symbols.end(),
                       [&](const Symbol* s) { return Visit(s->type); });
  }
  bool Visit(const Type* t);

  // By interface: whether it is being visited.
  llvm::DenseMap<const Interface*, bool> cyclic_;
};

bool CycleFinder::Visit(const Type* t) {
  if (t == nullptr) return false;
  t = Unalias(t);
  switch (t->kind) {
    case TypeKind::kPointer:
      return Visit(cast<Pointer>(t)->elem);
    case TypeKind::kArray:
      return Visit(cast<Array>(t)->elem);
    case TypeKind::kSlice:
      return Visit(cast<Slice>(t)->elem);
    case TypeKind::kChan:
      return Visit(cast<Chan>(t)->elem);
    case TypeKind::kMap:
      return Visit(cast<Map>(t)->key) || Visit(cast<Map>(t)->value);
    case TypeKind::kStruct:
      return VisitAll(cast<Struct>(t)->fields);
    case TypeKind::kTuple:
      return VisitAll(cast<Tuple>(t)->vars);
    case TypeKind::kSignature: {
      const auto* signature = cast<Signature>(t);
      return Visit(signature->params) || Visit(signature->results);
    }
    case TypeKind::kInterface: {
      const auto* iface = cast<Interface>(t);
      if (iface->methods.empty() && iface->embedded.empty()) return false;
      auto [entry, is_new] = cyclic_.try_emplace(iface, true);
      if (!is_new) return entry->second;
      if (FromMethods(iface)) return true;
      cyclic_[iface] = false;
      return false;
    }
    default:
      return false;
  }
}

}  // namespace

void Checker::CheckLimits() {
  std::stable_sort(limited_.begin(), limited_.end(),
                   [](const auto& a, const auto& b) { return a.pos < b.pos; });
  CycleFinder finder;
  for (const LimitedType& limited : limited_) {
    if (const auto* iface = dyn_cast<Interface>(limited.type)) {
      if (!finder.FromMethods(iface)) continue;
      Report(DiagKind::kAnonymousCycle, limited.pos);
      finder.Forget();
    } else if (const auto* chan = dyn_cast<Chan>(limited.type)) {
      if (SizeHasTypeParam(chan->elem)) continue;
      int64_t size = SizeOf(chan->elem);
      if (size < kMaxChanElem && size >= 0) continue;
      Report(DiagKind::kChanElemTooLarge, limited.pos);
    } else if (!SizeHasTypeParam(limited.type)) {
      int64_t size = SizeOf(limited.type);
      if (size < kMaxSize && size >= 0) continue;
      Report(DiagKind::kTypeBeyondMemory, limited.pos, Str(limited.type));
    }
  }
}

}  // namespace mgo::types
