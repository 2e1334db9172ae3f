// Interfaces: making them, looking into them; the program's run-time types.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using types::As;
using types::BasicKind;
using types::TypeKind;

bool IsDirect(const Type* t) {
  if (RepOf(t) != Rep::kNone) return true;
  const auto* basic = As<types::Basic>(t);
  return basic != nullptr && basic->basic == BasicKind::kComplex64;
}

static bool IsEmptyInterface(const Type* t) {
  const auto* iface = As<types::Interface>(t);
  return types::Complete(iface)->all_methods.empty();
}

Operand FunctionLowering::TypeWord(const Type* concrete, const Type* iface,
                                   Reg want) {
  program_.NoteRuntimeType(concrete);
  Reg dst = want.IsValid() ? want : TempAddr();
  Instr& instr = Emit(Op::kConstRef, dst);
  instr.ref.type = concrete;
  if (IsEmptyInterface(iface)) {
    instr.ref.kind = RefKind::kTypeDesc;
  } else {
    instr.ref.kind = RefKind::kItab;
    instr.ref.iface = iface;
  }
  return dst;
}

Operand FunctionLowering::DynamicType(Operand iface) {
  Reg dst = TempAddr();
  Emit(Op::kTypeOf, dst, iface);
  return dst;
}

Operand FunctionLowering::ToInterface(Operand v, const Type* from,
                                      const Type* to, Reg want) {
  const auto* basic = As<types::Basic>(from);
  if (basic != nullptr && basic->basic == BasicKind::kUntypedNil) {
    return ZeroValue(to, want);
  }
  if (types::IsInterface(from)) {
    Reg src = ToReg(v, from);
    if (IsEmptyInterface(to)) {
      if (IsEmptyInterface(from)) return v;
      Reg dst = WantOr(want, to);
      Emit(Op::kTypeOf, dst, src);
      Move(dst.At(1), src.At(1), program_.Basic(BasicKind::kUnsafePointer));
      return dst;
    }
    // nil stays nil: the answer to "is it one" is dropped.
    Reg dst = WantOr(want, to);
    Instr& instr = Emit(Op::kAssertIface, dst, src);
    instr.c = TempBool();
    f_.blocks[cur_].instrs.back().type = to;
    return dst;
  }
  if (basic != nullptr && (basic->flags & types::kIsUntyped) != 0) {
    from = types::DefaultType(from);
  }
  Reg dst = WantOr(want, to);
  // The value first: it may read what is in dst.
  if (IsDirect(from)) {
    if (v.IsReg() && v.reg.id == dst.id) v = CopyToTemp(v, from);
    TypeWord(from, to, dst);
    Instr& instr = Emit(Op::kBox, dst.At(1), v);
    instr.type = from;
    return dst;
  }
  Reg value = ToReg(v, from);
  Reg data = dst.At(1);
  if (value.id == dst.id) data = TempAddr();
  Emit(Op::kBox, data, value).type = from;
  TypeWord(from, to, dst);
  Move(dst.At(1), data, program_.Basic(BasicKind::kUnsafePointer));
  return dst;
}

Operand FunctionLowering::Unbox(Operand iface, const Type* t, Reg want) {
  Operand data = iface.reg.At(1);
  if (IsDirect(t)) {
    // A whole register of the value's own type.
    Reg dst = WantOr(want, t);
    Move(dst, data, t);
    return dst;
  }
  if (types::SizeOf(t) == 0) return ZeroValue(t, want);
  return LoadAt(t, data, 0, true, want);
}

Operand FunctionLowering::TypeAssert(Operand x, const Type* from,
                                     const Type* to, Reg want, Reg ok) {
  Reg src = ToReg(x, from);
  if (types::IsInterface(to)) {
    if (IsEmptyInterface(to)) program_.NoteRuntimeType(to);
    Reg dst = want.IsValid() && want.id != src.id ? want : Temp(to);
    Instr& instr = Emit(Op::kAssertIface, dst, src);
    if (ok.IsValid()) instr.c = ok;
    instr.type = to;
    instr.type2 = from;
    return dst;
  }
  uint32_t good = NewBlock();
  uint32_t bad = NewBlock();
  Operand dynamic = DynamicType(src);
  Reg desc = TempAddr();
  Instr& instr = Emit(Op::kConstRef, desc);
  instr.ref.kind = RefKind::kTypeDesc;
  instr.ref.type = to;
  program_.NoteRuntimeType(to);
  BranchCmp(Op::kEq, Rep::kPtr, dynamic, desc, good, bad);
  if (!ok.IsValid()) {
    SetBlock(bad);
    Instr& panic = Emit(Op::kPanicAssert, {}, src);
    panic.b = dynamic;
    panic.type = to;
    panic.type2 = from;
    cur_ = Function::kNoBlock;
    SetBlock(good);
    return Unbox(src, to, want);
  }
  uint32_t done = NewBlock();
  const Type* boolean = program_.Basic(BasicKind::kBool);
  Reg dst = want.IsValid() && want.id != src.id ? want : Temp(to);
  SetBlock(good);
  Move(dst, Unbox(src, to, dst), to);
  Move(ok, Operand::Imm(1), boolean);
  Jump(done);
  SetBlock(bad);
  MoveZero(dst, to);
  Move(ok, Operand::Imm(0), boolean);
  JumpTo(done);
  return dst;
}

// --- run-time types ----------------------------------------------------------

void ProgramLowering::NoteRuntimeType(const Type* t) {
  if (t == nullptr) return;
  t = types::Unalias(t);
  if (!runtime_seen_.insert(t).second) return;
  auto& same_hash = runtime_by_hash_[types::HashOf(t)];
  for (uint32_t index : same_hash) {
    if (types::Identical(program->runtime_types[index].type, t)) return;
  }
  auto index = static_cast<uint32_t>(program->runtime_types.size());
  same_hash.push_back(index);
  program->runtime_types.push_back({t, {}});
  runtime_state_.emplace_back();
  if (!types::IsInterface(t)) {
    std::vector<types::MethodSetEntry> methods = types::MethodSetOf(t);
    for (uint32_t i = 0; i < methods.size(); ++i) {
      const syntax::Name* name = methods[i].method->name;
      if (called_names_.count(name) == 0) waiting_[name].push_back({index, i});
    }
    runtime_state_[index].methods = std::move(methods);
    for (uint32_t i = 0; i < runtime_state_[index].methods.size(); ++i) {
      const syntax::Name* name = runtime_state_[index].methods[i].method->name;
      if (called_names_.count(name) != 0) AddMethodFunction(index, i);
    }
  }
  const Type* u = types::Underlying(t);
  switch (u->kind) {
    case TypeKind::kPointer:
      NoteRuntimeType(cast<types::Pointer>(u)->elem);
      break;
    case TypeKind::kSlice:
      NoteRuntimeType(cast<types::Slice>(u)->elem);
      break;
    case TypeKind::kArray:
      NoteRuntimeType(cast<types::Array>(u)->elem);
      break;
    case TypeKind::kChan:
      NoteRuntimeType(cast<types::Chan>(u)->elem);
      break;
    case TypeKind::kMap:
      NoteRuntimeType(cast<types::Map>(u)->key);
      NoteRuntimeType(cast<types::Map>(u)->value);
      break;
    case TypeKind::kStruct:
      for (Symbol* field : cast<types::Struct>(u)->fields) {
        NoteRuntimeType(TypeOfSymbol(field));
      }
      break;
    default:
      break;
  }
}

void ProgramLowering::NoteMethodCall(const syntax::Name* name) {
  if (!called_names_.insert(name).second) return;
  auto it = waiting_.find(name);
  if (it == waiting_.end()) return;
  std::vector<Waiting> waiting = std::move(it->second);
  waiting_.erase(it);
  for (const Waiting& w : waiting) AddMethodFunction(w.runtime_type, w.method);
}

void ProgramLowering::AddMethodFunction(uint32_t runtime_type,
                                        uint32_t method) {
  const types::MethodSetEntry entry =
      runtime_state_[runtime_type].methods[method];
  const Type* t = program->runtime_types[runtime_type].type;
  Function* saved = current;
  current = nullptr;
  Function* f = ItabMethod(t, entry);
  current = saved;
  program->runtime_types[runtime_type].methods.push_back({entry.method, f});
}

}  // namespace mgo::ir
