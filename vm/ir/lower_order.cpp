// Order of evaluation: see the head of lower_function.h.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using syntax::NodeKind;

// Whether values of the type are equal where their bytes are.
static bool IsPlainMemory(const Type* t) {
  if (types::IsBasic(t, types::kIsInteger | types::kIsBoolean)) return true;
  if (types::As<types::Pointer>(t) || types::As<types::Chan>(t)) return true;
  if (const auto* array = types::As<types::Array>(t)) {
    return IsPlainMemory(array->elem);
  }
  const auto* s = types::As<types::Struct>(t);
  if (s == nullptr) return false;
  int64_t size = 0;
  for (const Symbol* field : s->fields) {
    if (!IsPlainMemory(field->type) || field->name->blank) return false;
    size += types::SizeOf(field->type);
  }
  return size == types::SizeOf(t);
}

// Whether Go reads such a map as late as memory: where the key is a word or a
// string and the element small, it does not copy what it finds.
static bool IsFastMap(const types::Map* map) {
  constexpr int64_t kMaxElem = 128;
  if (types::SizeOf(map->value) > kMaxElem) return false;
  if (types::IsBasic(map->key, types::kIsString)) return true;
  int64_t size = types::SizeOf(map->key);
  return (size == 4 || size == 8) && IsPlainMemory(map->key);
}

// Whether a plain read in e could see what a later call changes.
bool FunctionLowering::ReadsMemory(const Expr* e) {
  for (;;) {
    if (Tv(e).value != nullptr) return false;
    switch (e->kind) {
      case NodeKind::kParenExpr:
        e = cast<syntax::ParenExpr>(e)->inner;
        continue;
      case NodeKind::kIdent: {
        Symbol* s = SymbolOf(cast<syntax::Ident>(e));
        if (s == nullptr || s->kind != types::SymbolKind::kVar) return false;
        if (s->is_global) return true;
        auto it = vars_.find(s);
        return it != vars_.end() && it->second.in_memory;
      }
      case NodeKind::kUnaryExpr:
        e = cast<syntax::UnaryExpr>(e)->x;
        continue;
      case NodeKind::kBinaryExpr: {
        const auto* b = cast<syntax::BinaryExpr>(e);
        if (ReadsMemory(b->y)) return true;
        e = b->x;
        continue;
      }
      case NodeKind::kFuncLit:
        return false;
      case NodeKind::kCallExpr: {
        // Hoisted itself; its arguments are read then.
        const auto* call = cast<syntax::CallExpr>(e);
        if (Tv(call->fun).mode == types::Mode::kType &&
            call->args.size() == 1) {
          // string(bytes) reads the bytes.
          if (types::As<types::Slice>(Tv(call->args[0]).type) != nullptr) {
            return true;
          }
          e = call->args[0];
          continue;
        }
        return BuiltinOf(call->fun) != types::Builtin::kNone;
      }
      default:
        return true;
    }
  }
}

void FunctionLowering::HoistOperands(llvm::ArrayRef<const Expr*> operands,
                                     size_t places) {
  size_t last = operands.size();
  while (last > 0 && !HasCall(operands[last - 1])) --last;
  if (last < 2) return;
  bool reads = false;
  for (size_t i = 0; i + 1 < last && !reads; ++i) {
    reads = ReadsMemory(operands[i]);
  }
  if (!reads) return;
  for (size_t i = 0; i < last; ++i) {
    const Expr* e = syntax::Unparen(operands[i]);
    if (i < places) {
      HoistPlace(e);
    } else {
      HoistCalls(e);
    }
  }
}

// The calls in something that is assigned to: m[k] itself is not read.
void FunctionLowering::HoistPlace(const Expr* e) {
  const auto* index = dyn_cast<syntax::IndexExpr>(e);
  if (index == nullptr) {
    HoistCalls(e);
    return;
  }
  HoistCalls(index->x);
  HoistCalls(index->indices[0]);
}

// Whether Go computes the conversion e in its turn, like a call: it copies what
// a later call may change.
bool FunctionLowering::IsCopyingConversion(const syntax::CallExpr* e) {
  return e->args.size() == 1 && types::As<types::Slice>(TypeOf(e)) != nullptr &&
         types::IsBasic(TypeOf(e->args[0]), types::kIsString);
}

void FunctionLowering::HoistCalls(const Expr* e) {
  if (Tv(e).value != nullptr || hoisted_.count(e) != 0) return;
  if (!HasCall(e) && !ReadsMemory(e)) return;
  auto hoist = [&] {
    Operand v = Value(e);
    // Registers with names are variables.
    bool variable = v.IsReg() && !f_.regs[v.reg.id].name.empty();
    hoisted_[e] = variable ? Operand(CopyToTemp(v, TypeOf(e))) : v;
  };
  switch (e->kind) {
    case NodeKind::kParenExpr:
      return HoistCalls(cast<syntax::ParenExpr>(e)->inner);
    case NodeKind::kSelectorExpr:
      return HoistCalls(cast<syntax::SelectorExpr>(e)->x);
    case NodeKind::kStarExpr:
      return HoistCalls(cast<syntax::StarExpr>(e)->x);
    case NodeKind::kTypeAssertExpr:
      if (Tv(e).type->kind != types::TypeKind::kTuple &&
          RepOf(TypeOf(e)) != Rep::kPtr) {
        return hoist();
      }
      return HoistCalls(cast<syntax::TypeAssertExpr>(e)->x);
    case NodeKind::kIndexExpr: {
      const auto* index = cast<syntax::IndexExpr>(e);
      const auto* map = types::As<types::Map>(TypeOf(index->x));
      if (map != nullptr && Tv(e).type->kind != types::TypeKind::kTuple &&
          (HasCall(e) || !IsFastMap(map))) {
        return hoist();
      }
      HoistCalls(index->x);
      return HoistCalls(index->indices[0]);
    }
    case NodeKind::kSliceExpr:
      return hoist();
    case NodeKind::kUnaryExpr: {
      const auto* u = cast<syntax::UnaryExpr>(e);
      if (u->op == syntax::Op::kRecv &&
          Tv(e).type->kind != types::TypeKind::kTuple) {
        return hoist();
      }
      if (u->op == syntax::Op::kAnd) return;
      return HoistCalls(u->x);
    }
    case NodeKind::kBinaryExpr: {
      const auto* b = cast<syntax::BinaryExpr>(e);
      if (b->op == syntax::Op::kLAnd || b->op == syntax::Op::kLOr) {
        return hoist();
      }
      llvm::SmallVector<const Expr*, 8> right;
      const Expr* x = e;
      while (const auto* chain = dyn_cast<syntax::BinaryExpr>(x)) {
        if (chain->op == syntax::Op::kLAnd || chain->op == syntax::Op::kLOr) {
          break;
        }
        right.push_back(chain->y);
        x = chain->x;
      }
      HoistCalls(x);
      while (!right.empty()) HoistCalls(right.pop_back_val());
      return;
    }
    case NodeKind::kCallExpr: {
      const auto* call = cast<syntax::CallExpr>(e);
      if (Tv(e).type == nullptr || Tv(e).mode == types::Mode::kNoValue ||
          Tv(e).type->kind == types::TypeKind::kTuple) {
        return;
      }
      if (Tv(call->fun).mode == types::Mode::kType) {
        if (IsCopyingConversion(call)) return hoist();
        if (call->args.size() == 1) HoistCalls(call->args[0]);
        return;
      }
      return hoist();
    }
    case NodeKind::kCompositeLit: {
      bool fields = types::As<types::Struct>(TypeOf(e)) != nullptr ||
                    types::As<types::Pointer>(TypeOf(e)) != nullptr;
      for (const Expr* element : cast<syntax::CompositeLit>(e)->elements) {
        const auto* kv = dyn_cast<syntax::KeyValueExpr>(element);
        if (kv == nullptr) {
          HoistCalls(element);
          continue;
        }
        if (!fields) HoistCalls(kv->key);
        HoistCalls(kv->value);
      }
      return;
    }
    default:
      return;
  }
}

}  // namespace mgo::ir
