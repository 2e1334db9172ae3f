// Loads, stores, addresses, allocation.
#include <cassert>

#include "runtime/abi/type_desc.h"
#include "vm/codegen/emit.h"

namespace mgo::codegen {

using ir::Op;
using ir::Rep;
using types::Type;

namespace {

// How a value of a type is moved between memory and slots.
enum class Shape {
  kI8,
  kU8,
  kI16,
  kU16,
  kI32,
  kU32,
  kWord,
  kF64,
  kPointer,
  kString,
  kSlice,
  kIface,
  kPair,    // two words without pointers
  kTriple,  // three words without pointers
  kBytes,   // anything else
  kNothing,
};

Shape ShapeOfType(const Type* type) {
  switch (ir::RepOf(type)) {
    case Rep::kI8:
      return Shape::kI8;
    case Rep::kU8:
      return Shape::kU8;
    case Rep::kI16:
      return Shape::kI16;
    case Rep::kU16:
      return Shape::kU16;
    case Rep::kI32:
      return Shape::kI32;
    case Rep::kU32:
    case Rep::kF32:
      return Shape::kU32;
    case Rep::kI64:
    case Rep::kU64:
      return Shape::kWord;
    case Rep::kF64:
      return Shape::kF64;
    case Rep::kPtr:
      return types::HasPointers(type) ? Shape::kPointer : Shape::kWord;
    case Rep::kNone:
      break;
  }
  const Type* under = types::Underlying(type);
  if (types::IsBasic(under, types::kIsString)) return Shape::kString;
  if (llvm::isa<types::Slice>(under)) return Shape::kSlice;
  if (llvm::isa<types::Interface>(under)) return Shape::kIface;
  int64_t size = types::SizeOf(type);
  if (size == 0) return Shape::kNothing;
  if (types::HasPointers(type)) return Shape::kBytes;
  if (size == 8) return Shape::kWord;
  if (size == 16) return Shape::kPair;
  if (size == 24) return Shape::kTriple;
  return Shape::kBytes;
}

constexpr int64_t kMaxOffset = UINT16_MAX;

}  // namespace

// The pointer plus as much of the offset as an instruction cannot name.
uint32_t Emitter::AddOffset(uint32_t pointer, int64_t* offset) {
  if (*offset >= 0 && *offset <= kMaxOffset) return pointer;
  uint32_t sum = Scratch(1);
  Put(Opcode::kAddrAddWord, sum, pointer);
  PutWord(static_cast<uint64_t>(*offset));
  *offset = 0;
  return sum;
}

void Emitter::EmitLoadFrom(uint32_t to, uint32_t pointer, int64_t offset,
                           const Type* type) {
  pointer = AddOffset(pointer, &offset);
  uint32_t off = static_cast<uint32_t>(offset);
  switch (ShapeOfType(type)) {
    case Shape::kI8:
      return Put(Opcode::kLoadI8, to, pointer, off);
    case Shape::kU8:
      return Put(Opcode::kLoadU8, to, pointer, off);
    case Shape::kI16:
      return Put(Opcode::kLoadI16, to, pointer, off);
    case Shape::kU16:
      return Put(Opcode::kLoadU16, to, pointer, off);
    case Shape::kI32:
      return Put(Opcode::kLoadI32, to, pointer, off);
    case Shape::kU32:
      return Put(Opcode::kLoadU32, to, pointer, off);
    case Shape::kF64:
      return Put(Opcode::kLoadF64, to, pointer, off);
    case Shape::kWord:
    case Shape::kPointer:
      return Put(Opcode::kLoad64, to, pointer, off);
    case Shape::kString:
    case Shape::kIface:
    case Shape::kPair:
      return Put(Opcode::kLoad128, to, pointer, off);
    case Shape::kSlice:
    case Shape::kTriple:
      return Put(Opcode::kLoad192, to, pointer, off);
    case Shape::kNothing:
      return Put(Opcode::kNilCheck, pointer);
    case Shape::kBytes:
      break;
  }
  int64_t size = types::SizeOf(type);
  if (size == 8) return Put(Opcode::kLoad64, to, pointer, off);
  if (size == 16) return Put(Opcode::kLoad128, to, pointer, off);
  if (size == 24) return Put(Opcode::kLoad192, to, pointer, off);
  Put(Opcode::kLoadN, to, pointer, off);
  PutWord(static_cast<uint64_t>(size));
}

void Emitter::EmitStoreTo(uint32_t pointer, int64_t offset, uint32_t from,
                          const Type* type) {
  pointer = AddOffset(pointer, &offset);
  uint32_t off = static_cast<uint32_t>(offset);
  switch (ShapeOfType(type)) {
    case Shape::kI8:
    case Shape::kU8:
      return Put(Opcode::kStore8, pointer, from, off);
    case Shape::kI16:
    case Shape::kU16:
      return Put(Opcode::kStore16, pointer, from, off);
    case Shape::kI32:
    case Shape::kU32:
      return Put(Opcode::kStore32, pointer, from, off);
    case Shape::kWord:
      return Put(Opcode::kStore64, pointer, from, off);
    case Shape::kF64:
      return Put(Opcode::kStoreF64, pointer, from, off);
    case Shape::kPointer:
      return Put(Opcode::kStorePtr, pointer, from, off);
    case Shape::kString:
      return Put(Opcode::kStoreStr, pointer, from, off);
    case Shape::kSlice:
      return Put(Opcode::kStoreSlice, pointer, from, off);
    case Shape::kIface:
      return Put(Opcode::kStoreIface, pointer, from, off);
    case Shape::kPair:
      return Put(Opcode::kStore128, pointer, from, off);
    case Shape::kNothing:
      return Put(Opcode::kNilCheck, pointer);
    case Shape::kTriple:
    case Shape::kBytes:
      break;
  }
  Put(Opcode::kStoreN, pointer, from, off);
  PutAddress(resolver_.TypeDescOf(type));
}

void Emitter::EmitConstRef(const Instr& i) {
  uint32_t to = Slot(i.dst);
  const void* address = nullptr;
  switch (i.ref.kind) {
    case ir::RefKind::kFunction:
      // The function itself is the first word of a closure in the frame.
      address = resolver_.FunctionOf(i.ref.func);
      if (i.imm == 0) {
        address = &resolver_.FunctionOf(i.ref.func)->static_closure;
      }
      break;
    case ir::RefKind::kNative:
      address = resolver_.NativeOf(i.ref.name, i.pos);
      break;
    case ir::RefKind::kGlobal:
      address = resolver_.GlobalAddress(i.ref.global);
      break;
    case ir::RefKind::kTypeDesc:
      address = resolver_.TypeDescOf(i.ref.type);
      break;
    case ir::RefKind::kItab:
      address = resolver_.ItabOf(i.ref.iface, i.ref.type);
      break;
    case ir::RefKind::kNone:
      break;
  }
  Put(Opcode::kLoadWord, to);
  PutAddress(address);
}

void Emitter::EmitMemory(const Instr& i) {
  switch (i.op) {
    case Op::kLoad: {
      uint32_t p = SlotOf(i.a);
      return EmitLoadFrom(Slot(i.dst), p, i.imm, i.type);
    }
    case Op::kStore: {
      uint32_t p = SlotOf(i.a), v = SlotOf(i.b);
      return EmitStoreTo(p, i.imm, v, i.type);
    }
    case Op::kFrameAddr: {
      uint32_t base = Slot(i.a.reg) + static_cast<uint32_t>(i.imm / 8);
      return Put(Opcode::kFrameAddr, Slot(i.dst), base,
                 static_cast<uint32_t>(i.imm % 8));
    }
    case Op::kFieldAddr: {
      uint32_t p = SlotOf(i.a), to = Slot(i.dst);
      if (i.imm >= 0 && i.imm <= kMaxOffset) {
        return Put(Opcode::kFieldAddr, to, p, static_cast<uint32_t>(i.imm));
      }
      Put(Opcode::kAddrAddWord, to, p);
      return PutWord(static_cast<uint64_t>(i.imm));
    }
    case Op::kNilCheck:
      return Put(Opcode::kNilCheck, SlotOf(i.a));
    case Op::kElemAddr:
      return EmitElemAddr(Slot(i.dst), i, false);
    case Op::kPtrElemAddr:
      return EmitElemAddr(Slot(i.dst), i, true);
    case Op::kBoundsCheck: {
      uint32_t index = SlotOf(i.a), length = SlotOf(i.b);
      return Put(Opcode::kBoundsCheck, index, length);
    }
    case Op::kMemCopy: {
      uint32_t to = SlotOf(i.a), from = SlotOf(i.b);
      Put(Opcode::kMemCopy, to, from);
      return PutAddress(resolver_.TypeDescOf(i.type));
    }
    case Op::kMemZero:
      Put(Opcode::kMemZero, SlotOf(i.a));
      return PutAddress(resolver_.TypeDescOf(i.type));
    case Op::kNew:
      Put(Opcode::kNew, Slot(i.dst));
      return PutAddress(resolver_.TypeDescOf(i.type));
    case Op::kMakeSlice: {
      uint32_t len = SlotOf(i.a);
      uint32_t cap = i.b.IsAbsent() ? len : SlotOf(i.b);
      Put(Opcode::kMakeSlice, Slot(i.dst), len, cap);
      return PutAddress(resolver_.TypeDescOf(i.type));
    }
    case Op::kMakeMap:
    case Op::kMakeChan: {
      uint32_t size = SlotOf(i.a);
      Put(i.op == Op::kMakeMap ? Opcode::kMakeMap : Opcode::kMakeChan,
          Slot(i.dst), size);
      return PutAddress(resolver_.TypeDescOf(i.type));
    }
    case Op::kBox: {
      uint32_t value = SlotOf(i.a);
      const rt::TypeDesc* desc = resolver_.TypeDescOf(i.type);
      if (desc->IsDirectIface()) return Move(Slot(i.dst), value, 1);
      Put(Opcode::kBox, Slot(i.dst), value);
      return PutAddress(desc);
    }
    default:
      assert(false && "an operation that nobody emits");
  }
}

void Emitter::EmitLocal(const Instr& i) {
  Reg aggregate = i.op == Op::kLoadLocal ? i.a.reg : i.dst;
  uint32_t slot = Slot(aggregate) + static_cast<uint32_t>(i.imm / 8);
  uint32_t byte = static_cast<uint32_t>(i.imm % 8);
  if (i.op == Op::kLoadLocal) {
    Opcode op = Opcode::kMov;
    switch (ShapeOfType(i.type)) {
      case Shape::kI8:
        op = Opcode::kLoadLocalI8;
        break;
      case Shape::kU8:
        op = Opcode::kLoadLocalU8;
        break;
      case Shape::kI16:
        op = Opcode::kLoadLocalI16;
        break;
      case Shape::kU16:
        op = Opcode::kLoadLocalU16;
        break;
      case Shape::kI32:
        op = Opcode::kLoadLocalI32;
        break;
      case Shape::kU32:
        op = Opcode::kLoadLocalU32;
        break;
      default: {
        // An aggregate of odd size inside another: by address.
        uint32_t address = Scratch(1);
        Put(Opcode::kFrameAddr, address, slot, byte);
        return EmitLoadFrom(Slot(i.dst), address, 0, i.type);
      }
    }
    return Put(op, Slot(i.dst), slot, byte);
  }
  uint32_t value = SlotOf(i.b);
  switch (types::SizeOf(i.type)) {
    case 1:
      return Put(Opcode::kStoreLocal8, slot, value, byte);
    case 2:
      return Put(Opcode::kStoreLocal16, slot, value, byte);
    case 4:
      return Put(Opcode::kStoreLocal32, slot, value, byte);
    default: {
      uint32_t address = Scratch(1);
      Put(Opcode::kFrameAddr, address, slot, byte);
      return EmitStoreTo(address, 0, value, i.type);
    }
  }
}

void Emitter::EmitElemAddr(uint32_t to, const Instr& i, bool through_pointer) {
  uint32_t base = Slot(i.a.reg), index = SlotOf(i.b);
  uint64_t size = static_cast<uint64_t>(types::SizeOf(i.type));
  if (!through_pointer) {
    Put(Opcode::kElemAddr, to, base, index);
    return PutWord(size);
  }
  assert(static_cast<uint64_t>(i.imm) <= UINT32_MAX && size <= UINT32_MAX);
  Put(Opcode::kPtrElemAddr, to, base, index);
  PutWord(static_cast<uint64_t>(i.imm) | size << 32);
}

void Emitter::EmitLoadElem(const Instr& i) {
  uint32_t to = Slot(i.dst), base = Slot(i.a.reg), index = SlotOf(i.b);
  Opcode op;
  switch (ShapeOfType(i.type)) {
    case Shape::kI8:
      op = Opcode::kLoadElemI8;
      break;
    case Shape::kU8:
      op = Opcode::kLoadElemU8;
      break;
    case Shape::kI16:
      op = Opcode::kLoadElemI16;
      break;
    case Shape::kU16:
      op = Opcode::kLoadElemU16;
      break;
    case Shape::kI32:
      op = Opcode::kLoadElemI32;
      break;
    case Shape::kU32:
      op = Opcode::kLoadElemU32;
      break;
    case Shape::kF64:
      op = Opcode::kLoadElemF64;
      break;
    default:
      switch (types::SizeOf(i.type)) {
        case 8:
          op = Opcode::kLoadElem64;
          break;
        case 16:
          op = Opcode::kLoadElem128;
          break;
        case 24:
          op = Opcode::kLoadElem192;
          break;
        default: {
          uint32_t address = Scratch(1);
          EmitElemAddr(address, i, false);
          if (types::SizeOf(i.type) != 0) {
            EmitLoadFrom(to, address, 0, i.type);
          }
          return;
        }
      }
  }
  Put(op, to, base, index);
}

void Emitter::EmitStoreElem(const Instr& i) {
  uint32_t base = Slot(i.a.reg), index = SlotOf(i.b), value = SlotOf(i.c);
  switch (ShapeOfType(i.type)) {
    case Shape::kI8:
    case Shape::kU8:
      return Put(Opcode::kStoreElem8, base, index, value);
    case Shape::kI16:
    case Shape::kU16:
      return Put(Opcode::kStoreElem16, base, index, value);
    case Shape::kI32:
    case Shape::kU32:
      return Put(Opcode::kStoreElem32, base, index, value);
    case Shape::kWord:
      return Put(Opcode::kStoreElem64, base, index, value);
    case Shape::kF64:
      return Put(Opcode::kStoreElemF64, base, index, value);
    case Shape::kPointer:
      return Put(Opcode::kStoreElemPtr, base, index, value);
    default: {
      uint32_t address = Scratch(1);
      Put(Opcode::kElemAddr, address, base, index);
      PutWord(static_cast<uint64_t>(types::SizeOf(i.type)));
      if (types::SizeOf(i.type) != 0) EmitStoreTo(address, 0, value, i.type);
    }
  }
}

void Emitter::EmitPtrElemLoad(const Instr& i) {
  uint32_t to = Slot(i.dst), base = Slot(i.a.reg), index = SlotOf(i.b);
  Opcode op;
  switch (ShapeOfType(i.type)) {
    case Shape::kI8:
      op = Opcode::kLoadPtrElemI8;
      break;
    case Shape::kU8:
      op = Opcode::kLoadPtrElemU8;
      break;
    case Shape::kI16:
      op = Opcode::kLoadPtrElemI16;
      break;
    case Shape::kU16:
      op = Opcode::kLoadPtrElemU16;
      break;
    case Shape::kI32:
      op = Opcode::kLoadPtrElemI32;
      break;
    case Shape::kU32:
      op = Opcode::kLoadPtrElemU32;
      break;
    case Shape::kF64:
      op = Opcode::kLoadPtrElemF64;
      break;
    case Shape::kWord:
    case Shape::kPointer:
      op = Opcode::kLoadPtrElem64;
      break;
    default: {
      uint32_t address = Scratch(1);
      EmitElemAddr(address, i, true);
      if (types::SizeOf(i.type) != 0) EmitLoadFrom(to, address, 0, i.type);
      return;
    }
  }
  Put(op, to, base, index);
  PutWord(static_cast<uint64_t>(i.imm));
}

void Emitter::EmitPtrElemStore(const Instr& i) {
  uint32_t base = Slot(i.a.reg), index = SlotOf(i.b), value = SlotOf(i.c);
  Opcode op;
  switch (ShapeOfType(i.type)) {
    case Shape::kI8:
    case Shape::kU8:
      op = Opcode::kStorePtrElem8;
      break;
    case Shape::kI16:
    case Shape::kU16:
      op = Opcode::kStorePtrElem16;
      break;
    case Shape::kI32:
    case Shape::kU32:
      op = Opcode::kStorePtrElem32;
      break;
    case Shape::kWord:
      op = Opcode::kStorePtrElem64;
      break;
    case Shape::kF64:
      op = Opcode::kStorePtrElemF64;
      break;
    case Shape::kPointer:
      op = Opcode::kStorePtrElemPtr;
      break;
    default: {
      uint32_t address = Scratch(1);
      EmitElemAddr(address, i, true);
      if (types::SizeOf(i.type) != 0) EmitStoreTo(address, 0, value, i.type);
      return;
    }
  }
  Put(op, base, index, value);
  PutWord(static_cast<uint64_t>(i.imm));
}

}  // namespace mgo::codegen
