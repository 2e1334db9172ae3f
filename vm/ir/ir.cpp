#include "vm/ir/ir.h"

#include "lang/types/type.h"

namespace mgo::ir {

using namespace types;  // NOLINT: this file maps types to representations

const char* OpName(Op op) {
  static const char* const kNames[] = {
#define IR_OP(name, operands, flags, prose) #name,
#include "vm/ir/ir_ops.def"
  };
  return kNames[static_cast<int>(op)];
}

uint8_t FlagsOf(Op op) {
  static const uint8_t kFlags[] = {
#define IR_OP(name, operands, flags, prose) flags,
#include "vm/ir/ir_ops.def"
  };
  return kFlags[static_cast<int>(op)];
}

const char* IntrinsicName(Intrinsic id) {
  static const char* const kNames[] = {"sqrt",        "abs",
                                       "floor",       "ceil",
                                       "trunc",       "fma",
                                       "float64bits", "float64frombits",
                                       "float32bits", "float32frombits",
                                       "clz64",       "ctz64",
                                       "popcnt64",    "bswap64",
                                       "bswap32",     "rotl64",
                                       "rotl32",      "copysign"};
  return kNames[static_cast<int>(id)];
}

static Rep RepOfBasic(BasicKind kind) {
  switch (kind) {
    case BasicKind::kBool:
    case BasicKind::kUntypedBool:
    case BasicKind::kUint8:
      return Rep::kU8;
    case BasicKind::kInt:
    case BasicKind::kInt64:
    case BasicKind::kUntypedInt:
      return Rep::kI64;
    case BasicKind::kInt8:
      return Rep::kI8;
    case BasicKind::kInt16:
      return Rep::kI16;
    case BasicKind::kInt32:
    case BasicKind::kUntypedRune:
      return Rep::kI32;
    case BasicKind::kUint:
    case BasicKind::kUint64:
    case BasicKind::kUintptr:
      return Rep::kU64;
    case BasicKind::kUint16:
      return Rep::kU16;
    case BasicKind::kUint32:
      return Rep::kU32;
    case BasicKind::kFloat32:
      return Rep::kF32;
    case BasicKind::kFloat64:
    case BasicKind::kUntypedFloat:
      return Rep::kF64;
    case BasicKind::kUnsafePointer:
    case BasicKind::kUntypedNil:
      return Rep::kPtr;
    default:
      return Rep::kNone;
  }
}

Rep RepOf(const Type* type) {
  const Type* t = Underlying(type);
  if (t == nullptr) return Rep::kNone;
  switch (t->kind) {
    case TypeKind::kBasic:
      return RepOfBasic(llvm::cast<Basic>(t)->basic);
    case TypeKind::kPointer:
    case TypeKind::kMap:
    case TypeKind::kChan:
    case TypeKind::kSignature:
      return Rep::kPtr;
    default:
      return Rep::kNone;
  }
}

int WidthOf(Rep rep) {
  switch (rep) {
    case Rep::kNone:
      return 0;
    case Rep::kI8:
    case Rep::kU8:
      return 1;
    case Rep::kI16:
    case Rep::kU16:
      return 2;
    case Rep::kI32:
    case Rep::kU32:
    case Rep::kF32:
      return 4;
    default:
      return 8;
  }
}

static void SetBit(llvm::SmallVectorImpl<uint64_t>& bits, uint64_t i) {
  if (bits.size() <= i / 64) bits.resize(i / 64 + 1);
  bits[i / 64] |= uint64_t{1} << (i % 64);
}

// Marks the pointers of a value of type `t` at byte `offset`.
static void MarkType(RegInfo& reg, const Type* t, int64_t offset) {
  t = Underlying(t);
  int64_t slot = offset / 8;
  switch (t->kind) {
    case TypeKind::kBasic: {
      const auto* basic = llvm::cast<Basic>(t);
      if ((basic->flags & kIsString) != 0 ||
          basic->basic == BasicKind::kUnsafePointer ||
          basic->basic == BasicKind::kUntypedNil) {
        SetBit(reg.pointers, slot);
      }
      return;
    }
    case TypeKind::kPointer:
    case TypeKind::kMap:
    case TypeKind::kChan:
    case TypeKind::kSignature:
    case TypeKind::kSlice:
      SetBit(reg.pointers, slot);
      return;
    case TypeKind::kInterface:
      SetBit(reg.iface_data, slot + 1);
      return;
    case TypeKind::kArray: {
      const auto* array = llvm::cast<Array>(t);
      if (!HasPointers(array->elem)) return;
      int64_t size = SizeOf(array->elem);
      for (int64_t i = 0; i < array->length; ++i) {
        MarkType(reg, array->elem, offset + i * size);
      }
      return;
    }
    case TypeKind::kStruct: {
      const auto* s = llvm::cast<Struct>(t);
      if (!HasPointers(t)) return;
      auto offsets = OffsetsOf(s);
      for (size_t i = 0; i < s->fields.size(); ++i) {
        MarkType(reg, s->fields[i]->type, offset + offsets[i]);
      }
      return;
    }
    default:
      return;
  }
}

void SetRegMasks(RegInfo& reg) {
  reg.slots = static_cast<uint32_t>(SlotsOf(reg.type));
  reg.pointers.clear();
  reg.iface_data.clear();
  MarkType(reg, reg.type, 0);
}

Reg AddReg(Function& f, const Type* type, llvm::StringRef name) {
  RegInfo& info = f.regs.emplace_back();
  info.type = type;
  info.name = name;
  SetRegMasks(info);
  return Reg{static_cast<uint32_t>(f.regs.size() - 1), 0};
}

Reg AddMapIterReg(Function& f) {
  RegInfo& info = f.regs.emplace_back();
  info.slots = kMapIterSlots;
  info.pointers.push_back(kMapIterPointers);
  info.in_memory = true;
  info.name = ".iter";
  return Reg{static_cast<uint32_t>(f.regs.size() - 1), 0};
}

}  // namespace mgo::ir
