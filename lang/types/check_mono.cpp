// Generic code that would need infinitely many instances.
//
// Code is made for every type argument list, so a generic function that calls
// itself with ever larger types cannot be compiled, whether or not the calls
// would end at run time. A type argument flows into the type parameter that it
// is for: each type parameter that it mentions is an edge to that one. The edge
// grows when the argument is more than the parameter alone. A cycle with an
// edge that grows is an error; others only exchange parameters.
//
// A type that is declared inside a generic function is a node too: the
// function's type parameters flow into it, and grow.
#include "lang/types/check.h"

namespace mgo::types {

int Checker::MonoNode(const Type* t) {
  if (const auto* param = dyn_cast<TypeParam>(t)) {
    // The parameters of a method's receiver are those of the generic type.
    if (const TypeParam* own = receiver_params_.lookup(param)) t = own;
  }
  auto [entry, is_new] =
      mono_index_.try_emplace(t, static_cast<int>(mono_nodes_.size()));
  if (!is_new) return entry->second;
  int node = entry->second;
  mono_nodes_.push_back({t});
  if (const auto* local = dyn_cast<Named>(t)) {
    for (const TypeParam* param : local->outer_params) {
      int from = MonoNode(param);
      mono_edges_.push_back({from, node, true, local->symbol->pos, param});
    }
  }
  return node;
}

void Checker::MonoMention(const Type* t, const Type* arg, int to, Pos pos) {
  auto all = [&](ArrayRef<const Type*> types) {
    for (const Type* part : types) MonoMention(part, arg, to, pos);
  };
  auto vars = [&](ArrayRef<Symbol*> symbols) {
    for (Symbol* symbol : symbols) MonoMention(symbol->type, arg, to, pos);
  };
  t = Unalias(t);
  if (t == nullptr) return;
  auto flow = [&](const Type* source) {
    int from = MonoNode(source);
    mono_edges_.push_back({from, to, t != Unalias(arg), pos, arg});
  };
  switch (t->kind) {
    case TypeKind::kTypeParam:
      return flow(t);
    case TypeKind::kNamed: {
      const auto* named = cast<Named>(t);
      const Named* declared = named->origin != nullptr ? named->origin : named;
      if (!declared->outer_params.empty()) flow(declared);
      return all(named->type_args);
    }
    case TypeKind::kPointer:
      return MonoMention(cast<Pointer>(t)->elem, arg, to, pos);
    case TypeKind::kSlice:
      return MonoMention(cast<Slice>(t)->elem, arg, to, pos);
    case TypeKind::kArray:
      return MonoMention(cast<Array>(t)->elem, arg, to, pos);
    case TypeKind::kChan:
      return MonoMention(cast<Chan>(t)->elem, arg, to, pos);
    case TypeKind::kMap:
      MonoMention(cast<Map>(t)->key, arg, to, pos);
      return MonoMention(cast<Map>(t)->value, arg, to, pos);
    case TypeKind::kStruct:
      return vars(cast<Struct>(t)->fields);
    case TypeKind::kTuple:
      return vars(cast<Tuple>(t)->vars);
    case TypeKind::kSignature:
      MonoMention(cast<Signature>(t)->params, arg, to, pos);
      return MonoMention(cast<Signature>(t)->results, arg, to, pos);
    case TypeKind::kInterface:
      for (Symbol* method : cast<Interface>(t)->methods) {
        MonoMention(TypeOf(method), arg, to, pos);
      }
      return all(cast<Interface>(t)->embedded);
    default:
      return;
  }
}

void Checker::NoteInstance(ArrayRef<const TypeParam*> params,
                           ArrayRef<const Type*> args,
                           ArrayRef<const Expr*> written, Pos pos) {
  for (size_t i = 0; i < params.size() && i < args.size(); i++) {
    // Most arguments mention nothing, and then there is nothing to remember.
    if (isa<mgo::types::Basic>(Unalias(args[i]))) continue;
    Pos at = i < written.size() ? PosOf(written[i]) : pos;
    mono_instances_.push_back({params[i], args[i], at});
  }
}

void Checker::ReportInstanceCycle(int node) {
  // Backwards, until a node comes again: that one is on the cycle.
  std::vector<bool> seen(mono_nodes_.size(), false);
  llvm::SmallVector<int, 8> path;
  while (!seen[node]) {
    seen[node] = true;
    path.push_back(node);
    node = mono_edges_[mono_nodes_[node].best].from;
  }
  auto name = [&](int n) {
    const Type* t = mono_nodes_[n].type;
    return isa<TypeParam>(t) ? cast<TypeParam>(t)->symbol
                             : cast<Named>(t)->symbol;
  };
  size_t start = 0;
  while (path[start] != node) start++;
  std::string text = "instantiation cycle:";
  for (size_t i = start; i < path.size(); i++) {
    const MonoEdge& edge = mono_edges_[mono_nodes_[path[i]].best];
    bool param = isa<TypeParam>(mono_nodes_[path[i]].type);
    text += "\n\t" + Str(edge.pos) + ": " + name(path[i])->name->text.str() +
            (param ? " instantiated as " : " implicitly parameterized by ") +
            Str(edge.type);
  }
  AddReport(DiagKind::kInstantiationCycle, name(node)->pos, text);
}

void Checker::CheckInstanceCycles() {
  for (const MonoInstance& instance : mono_instances_) {
    MonoMention(instance.arg, instance.arg, MonoNode(instance.param),
                instance.pos);
  }
  mono_instances_.clear();
  // Longest paths; one longer than there are nodes goes around a cycle.
  for (bool again = true; again;) {
    again = false;
    for (size_t i = 0; i < mono_edges_.size(); i++) {
      const MonoEdge& edge = mono_edges_[i];
      const MonoVertex& from = mono_nodes_[edge.from];
      MonoVertex& to = mono_nodes_[edge.to];
      int weight = from.weight + (edge.grows ? 1 : 0);
      if (weight <= to.weight) continue;
      to.weight = weight;
      to.best = static_cast<int>(i);
      to.length = from.length + 1;
      if (to.length >= static_cast<int>(mono_nodes_.size())) {
        ReportInstanceCycle(edge.to);
        return;
      }
      again = true;
    }
  }
}

}  // namespace mgo::types
