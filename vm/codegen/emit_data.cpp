// Strings, slices, maps, channels, interfaces.
#include <cassert>

#include "runtime/abi/type_desc.h"
#include "vm/codegen/emit.h"

namespace mgo::codegen {

using bytecode::kNoSlot;
using ir::Op;
using ir::Rep;
using types::Type;

// Makes canonical what lies in a slot in memory form, its upper bytes unknown.
void Emitter::Canonicalize(uint32_t slot, const Type* type) {
  switch (ir::RepOf(type)) {
    case Rep::kI8:
      return Put(Opcode::kExtI8, slot, slot);
    case Rep::kU8:
      return Put(Opcode::kExtU8, slot, slot);
    case Rep::kI16:
      return Put(Opcode::kExtI16, slot, slot);
    case Rep::kU16:
      return Put(Opcode::kExtU16, slot, slot);
    case Rep::kI32:
      return Put(Opcode::kExtI32, slot, slot);
    case Rep::kU32:
    case Rep::kF32:
      return Put(Opcode::kExtU32, slot, slot);
    default:
      return;
  }
}

void Emitter::EmitStrings(const Instr& i) {
  uint32_t to = Slot(i.dst);
  auto unary = [&](Opcode op) {
    uint32_t a = SlotOf(i.a);
    Put(op, to, a);
  };
  auto binary = [&](Opcode op) {
    uint32_t a = SlotOf(i.a), b = SlotOf(i.b);
    Put(op, to, a, b);
  };
  switch (i.op) {
    case Op::kStrConcat: {
      // The operands side by side.
      bool adjacent = true;
      for (size_t k = 0; k < i.args.size(); k++) {
        adjacent &= Slot(i.args[k].reg) == Slot(i.args[0].reg) + 2 * k;
      }
      uint32_t count = static_cast<uint32_t>(i.args.size());
      uint32_t base = adjacent ? Slot(i.args[0].reg) : Scratch(2 * count);
      for (uint32_t k = 0; !adjacent && k < count; k++) {
        Move(base + 2 * k, Slot(i.args[k].reg), 2);
      }
      return Put(Opcode::kConcat, to, base, count);
    }
    case Op::kStrEq:
      return binary(Opcode::kStrEq);
    case Op::kStrLt:
      return binary(Opcode::kStrLt);
    case Op::kStrLe:
      return binary(Opcode::kStrLe);
    case Op::kStrToBytes:
      return unary(Opcode::kStrToBytes);
    case Op::kStrToRunes:
      return unary(Opcode::kStrToRunes);
    case Op::kBytesToStr:
      return unary(Opcode::kBytesToStr);
    case Op::kRunesToStr:
      return unary(Opcode::kRunesToStr);
    case Op::kRuneToStr:
      return unary(Opcode::kRuneToStr);
    default: {
      uint32_t text = Slot(i.a.reg), at = SlotOf(i.b);
      uint32_t next = i.c.IsReg() ? Slot(i.c.reg) : Scratch(1);
      Put(Opcode::kDecodeRune, to, text, at);
      return PutWord(next);
    }
  }
}

void Emitter::EmitSlicing(const Instr& i) {
  uint32_t to = Slot(i.dst), from = SlotOf(i.a);
  auto bound = [&](const Operand& o) -> uint64_t {
    return o.IsAbsent() ? kNoSlot : SlotOf(o);
  };
  if (i.op == Op::kStrSlice) {
    uint64_t lo = bound(i.b), hi = bound(i.c);
    Put(Opcode::kSliceStr, to, from);
    return PutWord(lo | hi << 16 | uint64_t{kNoSlot} << 32);
  }
  if (i.op == Op::kSliceToArrayPtr) {
    Put(Opcode::kSliceToArray, to, from);
    return PutWord(static_cast<uint64_t>(i.imm));
  }
  uint64_t bounds[3];
  for (size_t k = 0; k < 3; k++) {
    bounds[k] = k < i.args.size() ? bound(i.args[k]) : kNoSlot;
  }
  uint64_t size = static_cast<uint64_t>(types::SizeOf(i.type));
  bool array = i.op == Op::kArraySlice;
  if (array) size |= static_cast<uint64_t>(i.imm) << 32;
  Put(array ? Opcode::kSliceArray : Opcode::kSliceSlice, to, from);
  PutWord(bounds[0] | bounds[1] << 16 | bounds[2] << 32);
  PutWord(size);
}

void Emitter::EmitAppend(const Instr& i) {
  if (i.op == Op::kCopySlice) {
    uint32_t to = Slot(i.a.reg), from = Slot(i.b.reg);
    uint32_t count = i.dst.IsValid() ? Slot(i.dst) : kNoSlot;
    bool text = f_.regs[i.b.reg.id].type != nullptr &&
                types::IsBasic(f_.regs[i.b.reg.id].type, types::kIsString);
    Put(text ? Opcode::kCopyStr : Opcode::kCopySlice, count, to, from);
    if (!text) PutAddress(resolver_.TypeDescOf(i.type));
    return;
  }
  uint32_t to = Slot(i.dst), from = Slot(i.a.reg);
  if (i.op == Op::kAppendSlice) {
    uint32_t more = Slot(i.b.reg);
    bool text = f_.regs[i.b.reg.id].type != nullptr &&
                types::IsBasic(f_.regs[i.b.reg.id].type, types::kIsString);
    Put(text ? Opcode::kAppendStr : Opcode::kAppendSlice, to, from, more);
    if (!text) PutAddress(resolver_.TypeDescOf(i.type));
    return;
  }
  const rt::TypeDesc* elem = resolver_.TypeDescOf(i.type);
  if (i.args.size() != 1) {
    Put(Opcode::kAppendReserve, to, from, static_cast<uint32_t>(i.args.size()));
    PutAddress(elem);
    from = to;
  }
  Opcode op = Opcode::kAppendN;
  switch (ir::RepOf(i.type)) {
    case Rep::kI8:
    case Rep::kU8:
      op = Opcode::kAppend8;
      break;
    case Rep::kI16:
    case Rep::kU16:
      op = Opcode::kAppend16;
      break;
    case Rep::kI32:
    case Rep::kU32:
    case Rep::kF32:
      op = Opcode::kAppend32;
      break;
    case Rep::kI64:
    case Rep::kU64:
    case Rep::kF64:
      op = Opcode::kAppend64;
      break;
    case Rep::kPtr:
      op = elem->HasPointers() ? Opcode::kAppendPtr : Opcode::kAppend64;
      break;
    case Rep::kNone:
      break;
  }
  for (const Operand& arg : i.args) {
    uint32_t value = SlotOf(arg);
    Put(op, to, from, value);
    PutAddress(elem);
    from = to;
  }
}

namespace {

// Which family of map instructions a key type takes.
enum class KeyClass { kAny, k64, k32, kStr };

KeyClass ClassOfKey(const Type* key) {
  switch (ir::RepOf(key)) {
    case Rep::kI64:
    case Rep::kU64:
    case Rep::kPtr:
      return KeyClass::k64;
    case Rep::kI32:
    case Rep::kU32:
      return KeyClass::k32;
    default:
      break;
  }
  return types::IsBasic(key, types::kIsString) ? KeyClass::kStr
                                               : KeyClass::kAny;
}

Opcode ByKey(KeyClass key, Opcode any, Opcode k64, Opcode k32, Opcode str) {
  switch (key) {
    case KeyClass::k64:
      return k64;
    case KeyClass::k32:
      return k32;
    case KeyClass::kStr:
      return str;
    default:
      return any;
  }
}

#define MAP_OP(name, key)                                               \
  ByKey(key, Opcode::k##name, Opcode::k##name##64, Opcode::k##name##32, \
        Opcode::k##name##Str)

}  // namespace

void Emitter::EmitMap(const Instr& i) {
  const rt::TypeDesc* desc = resolver_.TypeDescOf(i.type);
  const auto* map = types::As<types::Map>(i.type);
  KeyClass key = ClassOfKey(map->key);
  switch (i.op) {
    case Op::kMapClear:
      Put(Opcode::kMapClear, SlotOf(i.a));
      return PutAddress(desc);
    case Op::kMapIterInit: {
      uint32_t m = SlotOf(i.a);
      Put(Opcode::kMapIterInit, Slot(i.dst), m);
      return PutAddress(desc);
    }
    case Op::kMapDelete: {
      uint32_t m = SlotOf(i.a), k = SlotOf(i.b);
      Put(MAP_OP(MapDelete, key), m, k);
      return PutAddress(desc);
    }
    case Op::kMapAssign: {
      uint32_t m = SlotOf(i.a), k = SlotOf(i.b);
      Put(MAP_OP(MapAssign, key), Slot(i.dst), m, k);
      return PutAddress(desc);
    }
    default:
      break;
  }
  uint32_t m = SlotOf(i.a), k = SlotOf(i.b);
  bool ok = i.op == Op::kMapLoadOk;
  Rep value = ir::RepOf(map->value);
  bool word = value != Rep::kNone && ir::WidthOf(value) == 8;
  if (!ok && word && i.dst.IsValid() &&
      (key == KeyClass::k64 || key == KeyClass::kStr)) {
    Put(key == KeyClass::k64 ? Opcode::kMapGet64To64 : Opcode::kMapGetStrTo64,
        Slot(i.dst), m, k);
    return PutAddress(desc);
  }
  uint32_t found = Scratch(2);
  Put(ok ? MAP_OP(MapPtrOk, key) : MAP_OP(MapPtr, key), found, m, k);
  PutAddress(desc);
  if (i.dst.IsValid()) EmitLoadFrom(Slot(i.dst), found, 0, map->value);
  if (ok && i.c.IsReg()) Move(Slot(i.c.reg), found + 1, 1);
}

void Emitter::EmitChannel(const Instr& i) {
  switch (i.op) {
    case Op::kLen: {
      uint32_t a = SlotOf(i.a);
      const Type* type = i.a.IsReg() ? f_.regs[i.a.reg.id].type : nullptr;
      if (i.type != nullptr) type = i.type;
      bool chan = type != nullptr && types::As<types::Chan>(type) != nullptr;
      return Put(chan ? Opcode::kChanLen : Opcode::kMapLen, Slot(i.dst), a);
    }
    case Op::kChanCap: {
      uint32_t a = SlotOf(i.a);
      return Put(Opcode::kChanCap, Slot(i.dst), a);
    }
    case Op::kChanClose:
      return Put(Opcode::kClose, SlotOf(i.a));
    case Op::kChanSend: {
      uint32_t chan = SlotOf(i.a), value = SlotOf(i.b);
      Put(Opcode::kSend, chan, value);
      // The value stays a root while the goroutine waits for a receiver.
      return AddCallMap(i, Here(), {{value, i.type}});
    }
    default: {
      uint32_t chan = SlotOf(i.a);
      uint32_t to = i.dst.IsValid() ? Slot(i.dst) : uint32_t{kNoSlot};
      uint32_t ok = i.c.IsReg() ? Slot(i.c.reg) : uint32_t{kNoSlot};
      Put(Opcode::kRecv, to, chan, ok);
      if (to == kNoSlot) return AddCallMap(i, Here(), {});
      AddCallMap(i, Here(), {{to, i.type}});
      return Canonicalize(to, i.type);
    }
  }
}

void Emitter::EmitSelect(const Instr& i) {
  uint32_t count = static_cast<uint32_t>(i.cases.size());
  uint32_t records = Scratch(2 * count + 2);
  uint32_t chosen = records + 2 * count;
  llvm::SmallVector<LiveValue, 4> extra;
  for (uint32_t k = 0; k < count; k++) {
    const ir::SelectCase& c = i.cases[k];
    uint32_t chan = SlotOf(c.chan);
    Move(records + 2 * k, chan, 1);
    uint32_t value = c.value.IsValid() ? Slot(c.value) : uint32_t{kNoSlot};
    LoadImmediate(
        records + 2 * k + 1,
        static_cast<int64_t>(value | (c.send ? bytecode::kSelectSend : 0)));
    if (c.value.IsValid()) extra.push_back({value, c.elem});
  }
  Put(Opcode::kSelect, chosen, records, count);
  PutWord(i.imm != 0 ? 1 : 0);
  AddCallMap(i, Here(), extra);
  for (const ir::SelectCase& c : i.cases) {
    if (!c.send && c.value.IsValid()) Canonicalize(Slot(c.value), c.elem);
  }
  if (i.dst.IsValid()) Move(Slot(i.dst), chosen, 1);
  if (i.c.IsReg()) Move(Slot(i.c.reg), chosen + 1, 1);
}

void Emitter::EmitIface(const Instr& i) {
  uint32_t a = SlotOf(i.a), to = Slot(i.dst);
  switch (i.op) {
    case Op::kTypeOf:
      return Put(Opcode::kTypeOf, to, a);
    case Op::kIfaceEq: {
      uint32_t b = SlotOf(i.b);
      return Put(Opcode::kIfaceEq, to, a, b);
    }
    case Op::kValueEq: {
      uint32_t b = SlotOf(i.b);
      Put(Opcode::kValueEq, to, a, b);
      return PutAddress(resolver_.TypeDescOf(i.type));
    }
    default:
      if (i.c.IsReg()) {
        Put(Opcode::kAssertIfaceOk, to, a, Slot(i.c.reg));
      } else {
        Put(Opcode::kAssertIface, to, a);
      }
      return PutAddress(resolver_.TypeDescOf(i.type));
  }
}

void Emitter::EmitPrint(const Instr& i) {
  bool line = i.imm != 0;
  for (size_t k = 0; k < i.args.size(); k++) {
    if (line && k > 0) Put(Opcode::kPrintSpace);
    const Operand& arg = i.args[k];
    Put(Opcode::kPrint, SlotOf(arg));
    PutAddress(resolver_.TypeDescOf(f_.regs[arg.reg.id].type));
  }
  if (line) Put(Opcode::kPrintLine);
}

}  // namespace mgo::codegen
