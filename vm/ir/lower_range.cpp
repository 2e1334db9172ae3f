// Range loops.
//
// The range expression is evaluated once. Variables that := declares are new in
// every iteration; one that stays in a register and that the body never
// assigns to is the loop's own counter.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;
using syntax::Unparen;
using types::As;
using types::BasicKind;

void FunctionLowering::Range(const syntax::RangeStmt* s,
                             const syntax::Name* label) {
  const Type* t = TypeOf(s->x);
  const Type* u = types::Underlying(t);
  if (isa<types::Signature>(u)) {
    RangeFunc(s, label);
    return;
  }
  uint32_t done = NewBlock();
  ++loop_depth_;
  uint32_t next = NewBlock();
  targets_.push_back({label, done, next});
  range_break_ = done;
  range_continue_ = next;
  if (isa<types::Slice>(u)) {
    RangeSlice(s);
  } else if (isa<types::Array>(u) || isa<types::Pointer>(u)) {
    RangeArray(s);
  } else if (isa<types::Map>(u)) {
    RangeMap(s);
  } else if (isa<types::Chan>(u)) {
    RangeChan(s);
  } else if (types::IsBasic(u, types::kIsString)) {
    RangeString(s);
  } else {
    RangeInt(s);
  }
  targets_.pop_back();
  --loop_depth_;
  SetBlock(done);
}

static bool IsBlank(const Expr* e) {
  if (e == nullptr) return true;
  const auto* id = dyn_cast<syntax::Ident>(e);
  return id != nullptr && id->name->blank;
}

void FunctionLowering::RangeAssign(const Expr* lhs, bool define, Operand v,
                                   const Type* t) {
  if (IsBlank(lhs)) return;
  AssignOperand(lhs, define, v, t);
}

void FunctionLowering::RangeAssignBoth(const syntax::RangeStmt* s, Operand key,
                                       const Type* key_type, Operand value,
                                       const Type* value_type) {
  if (!s->define && !IsBlank(s->key) && !IsBlank(s->value)) {
    AssignOperands({s->key, s->value}, false, {key, value},
                   {key_type, value_type});
    return;
  }
  RangeAssign(s->key, s->define, key, key_type);
  RangeAssign(s->value, s->define, value, value_type);
}

// The counter of a loop over indices: the key variable itself where it may be.
static Symbol* CounterVariable(const syntax::RangeStmt* s, Symbol* key,
                               uint8_t flags, bool needs_memory) {
  if (!s->define || key == nullptr || IsBlank(s->key)) return nullptr;
  if (needs_memory || (flags & kReassigned) != 0) return nullptr;
  return key;
}

void FunctionLowering::RangeIndexed(const syntax::RangeStmt* s, Operand length,
                                    const Place* element, const Type* elem) {
  uint32_t done = range_break_;
  uint32_t next = range_continue_;
  uint32_t body = NewBlock();
  Symbol* key = nullptr;
  if (s->key != nullptr && s->define) {
    key = SymbolOf(cast<syntax::Ident>(s->key));
  }
  // The type that the counter has: of an integer range, that of the integer.
  const Type* t = program_.Basic(BasicKind::kInt);
  if (element == nullptr && elem != nullptr) t = elem;
  Rep rep = RepOf(t);
  Symbol* counter = nullptr;
  if (key != nullptr) {
    counter = CounterVariable(s, key, program_.FlagsOfVar(key),
                              NeedsMemory(key, TypeOfSym(key)));
  }
  Reg i = counter != nullptr ? Declare(counter).reg : Temp(t);
  Move(i, Operand::Imm(0), t);
  BranchCmp(Op::kGt, rep, length, i, body, done);
  SetBlock(body);
  bool together = !s->define && element != nullptr && !IsBlank(s->value) &&
                  !IsBlank(s->key);
  if (counter == nullptr && !together) RangeAssign(s->key, s->define, i, t);
  if (element != nullptr && !IsBlank(s->value)) {
    Place p = *element;
    p.index = i;
    Reg want;
    if (s->define) {
      Symbol* v = SymbolOf(cast<syntax::Ident>(s->value));
      if (v != nullptr && !NeedsMemory(v, TypeOfSym(v))) want = Declare(v).reg;
    }
    pos_ = s->pos;
    p.pos = s->pos;
    Reg dst = WantOr(want, elem);
    bool slice = p.kind == Place::kSlice;
    Instr& instr =
        Emit(slice ? Op::kElemLoad : Op::kPtrElemLoad, dst, p.base, p.index);
    instr.type = elem;
    instr.rep = RepOf(elem);
    instr.imm = p.length;
    // The length was taken before the loop, and the slice is a copy.
    instr.no_check = true;
    if (together) {
      AssignOperands({s->key, s->value}, false, {Operand(i), Operand(dst)},
                     {t, elem});
    } else if (!want.IsValid()) {
      RangeAssign(s->value, s->define, dst, elem);
    }
  }
  Statement(s->body);
  JumpTo(next);
  pos_ = s->pos;
  Arith(Op::kAdd, rep, i, Operand::Imm(1), i, t);
  BranchCmp(Op::kGt, rep, length, i, body, done);
}

void FunctionLowering::RangeInt(const syntax::RangeStmt* s) {
  const Type* t = types::DefaultType(TypeOf(s->x));
  if (s->key != nullptr && !IsBlank(s->key) && Tv(s->x).value != nullptr) {
    // An untyped constant takes the variable's type.
    t = s->define ? TypeOfSym(SymbolOf(cast<syntax::Ident>(s->key)))
                  : TypeOf(s->key);
  }
  Operand n = Value(s->x);
  if (n.IsReg()) n = CopyToTemp(n, t);
  // A hidden counter when the variable is of another kind than a register.
  RangeIndexed(s, n, nullptr, t);
}

void FunctionLowering::RangeSlice(const syntax::RangeStmt* s) {
  const Type* t = TypeOf(s->x);
  const Type* elem = As<types::Slice>(t)->elem;
  Operand x = Value(s->x);
  Reg slice;
  if (IsBlank(s->value)) {
    // Only the length matters.
    const Type* integer = program_.Basic(BasicKind::kInt);
    Reg n = CopyToTemp(x.reg.At(1), integer);
    RangeIndexed(s, n, nullptr, nullptr);
    return;
  }
  // Registers with names are variables: only one that nobody assigns to need
  // not be copied.
  bool own = f_.regs[x.reg.id].name.empty();
  if (const auto* id = dyn_cast<syntax::Ident>(Unparen(s->x))) {
    Symbol* v = SymbolOf(id);
    own |= v != nullptr && !v->is_global &&
           (program_.FlagsOfVar(v) & (kReassigned | kAddressTaken)) == 0;
  }
  slice = own ? ToReg(x, t) : CopyToTemp(x, t);
  Place element;
  element.kind = Place::kSlice;
  element.type = elem;
  element.base = slice;
  RangeIndexed(s, slice.At(1), &element, elem);
}

void FunctionLowering::RangeArray(const syntax::RangeStmt* s) {
  const Type* t = TypeOf(s->x);
  const auto* pointer = As<types::Pointer>(t);
  const auto* array = As<types::Array>(pointer != nullptr ? pointer->elem : t);
  const Type* elem = array->elem;
  Operand length = Operand::Imm(array->length);
  if (IsBlank(s->value)) {
    // "If at most one iteration variable is present, the range expression is
    // not evaluated", unless it has calls.
    if (HasCall(s->x)) Effects(s->x);
    RangeIndexed(s, length, nullptr, nullptr);
    return;
  }
  Place element;
  element.kind = Place::kPtrElem;
  element.type = elem;
  element.length = array->length;
  if (pointer != nullptr) {
    Operand p = CopyToTemp(Value(s->x), t);
    if (array->length > 0) Emit(Op::kNilCheck, {}, p);
    element.base = p;
  } else {
    Place p = PlaceOrTemp(s->x);
    bool own = p.kind == Place::kReg && isa<syntax::CallExpr>(Unparen(s->x));
    if (const auto* id = dyn_cast<syntax::Ident>(Unparen(s->x))) {
      Symbol* v = SymbolOf(id);
      own = v != nullptr && !v->is_global &&
            (program_.FlagsOfVar(v) & (kReassigned | kAddressTaken)) == 0;
    }
    if (isa<syntax::CompositeLit>(Unparen(s->x))) own = true;
    if (!own) {
      // The loop goes over a copy.
      if (p.kind == Place::kReg || types::SizeOf(t) <= 256) {
        p = RegPlace(CopyToTemp(Load(p), t), t);
      } else {
        Reg copy = NewObject(t);
        Operand from = AddrOf(ToMem(p));
        Instr& instr = Emit(Op::kMemCopy);
        instr.a = copy;
        instr.b = from;
        instr.type = t;
        p = MemPlace(copy, 0, t, true);
      }
    }
    element.base = AddrOf(ToMem(p));
  }
  element.no_check = true;
  RangeIndexed(s, length, &element, elem);
}

void FunctionLowering::RangeString(const syntax::RangeStmt* s) {
  const Type* t = TypeOf(s->x);
  Reg x = CopyToTemp(Value(s->x), t);
  uint32_t done = range_break_;
  uint32_t next = range_continue_;
  uint32_t body = NewBlock();
  const Type* integer = program_.Basic(BasicKind::kInt);
  const Type* rune = program_.Basic(BasicKind::kInt32);
  Reg i = TempInt();
  Reg after = TempInt();
  Move(i, Operand::Imm(0), integer);
  BranchCmp(Op::kLt, Rep::kI64, i, x.At(1), body, done);
  SetBlock(body);
  Reg r = Temp(rune);
  Instr& instr = Emit(Op::kDecodeRune, r, x, i);
  instr.c = after;
  RangeAssignBoth(s, i, integer, r, rune);
  Statement(s->body);
  JumpTo(next);
  pos_ = s->pos;
  Move(i, after, integer);
  BranchCmp(Op::kLt, Rep::kI64, i, x.At(1), body, done);
}

void FunctionLowering::RangeMap(const syntax::RangeStmt* s) {
  const Type* t = TypeOf(s->x);
  const auto* map = As<types::Map>(t);
  uint32_t done = range_break_;
  uint32_t next = range_continue_;
  uint32_t body = NewBlock();
  Reg iter = AddMapIterReg(f_);
  Operand m = Value(s->x);
  Emit(Op::kMapIterInit, iter, m).type = t;
  JumpTo(next);
  Reg key = IsBlank(s->key) ? Reg{} : Temp(map->key);
  Reg value = IsBlank(s->value) ? Reg{} : Temp(map->value);
  Instr& instr = Emit(Op::kMapIterNext, {}, iter, key);
  instr.c = value;
  instr.type = t;
  instr.targets.push_back(body);
  instr.targets.push_back(done);
  cur_ = Function::kNoBlock;
  SetBlock(body);
  RangeAssignBoth(s, key, map->key, value, map->value);
  Statement(s->body);
  Jump(next);
}

void FunctionLowering::RangeChan(const syntax::RangeStmt* s) {
  const Type* t = TypeOf(s->x);
  const Type* elem = As<types::Chan>(t)->elem;
  uint32_t done = range_break_;
  uint32_t next = range_continue_;
  uint32_t body = NewBlock();
  Operand c = CopyToTemp(Value(s->x), t);
  JumpTo(next);
  Reg ok = TempBool();
  Reg v = IsBlank(s->key) ? Reg{} : Temp(elem);
  pos_ = s->pos;
  Instr& instr = Emit(Op::kChanRecv, v, c);
  instr.c = ok;
  instr.type = elem;
  Branch(ok, body, done);
  SetBlock(body);
  if (v.IsValid()) RangeAssign(s->key, s->define, v, elem);
  Statement(s->body);
  Jump(next);
}

}  // namespace mgo::ir
