#include "vm/codegen/type_table.h"

#include <algorithm>
#include <cassert>

#include "lang/types/package.h"
#include "vm/ir/ir.h"

namespace mgo::codegen {

using rt::Kind;
using rt::TypeDesc;
using types::BasicKind;
using types::Type;

namespace {

Kind KindOfBasic(BasicKind basic) {
  switch (basic) {
    case BasicKind::kBool:
    case BasicKind::kUntypedBool:
      return Kind::kBool;
    case BasicKind::kInt:
    case BasicKind::kUntypedInt:
      return Kind::kInt;
    case BasicKind::kInt8:
      return Kind::kInt8;
    case BasicKind::kInt16:
      return Kind::kInt16;
    case BasicKind::kInt32:
    case BasicKind::kUntypedRune:
      return Kind::kInt32;
    case BasicKind::kInt64:
      return Kind::kInt64;
    case BasicKind::kUint:
      return Kind::kUint;
    case BasicKind::kUint8:
      return Kind::kUint8;
    case BasicKind::kUint16:
      return Kind::kUint16;
    case BasicKind::kUint32:
      return Kind::kUint32;
    case BasicKind::kUint64:
      return Kind::kUint64;
    case BasicKind::kUintptr:
      return Kind::kUintptr;
    case BasicKind::kFloat32:
      return Kind::kFloat32;
    case BasicKind::kFloat64:
    case BasicKind::kUntypedFloat:
      return Kind::kFloat64;
    case BasicKind::kComplex64:
      return Kind::kComplex64;
    case BasicKind::kComplex128:
    case BasicKind::kUntypedComplex:
      return Kind::kComplex128;
    case BasicKind::kString:
    case BasicKind::kUntypedString:
      return Kind::kString;
    case BasicKind::kUnsafePointer:
    case BasicKind::kUntypedNil:
      return Kind::kUnsafePointer;
    case BasicKind::kInvalid:
      break;
  }
  return Kind::kInvalid;
}

Kind KindOf(const Type* type) {
  const Type* under = types::Underlying(type);
  switch (under->kind) {
    case types::TypeKind::kBasic:
      return KindOfBasic(llvm::cast<types::Basic>(under)->basic);
    case types::TypeKind::kPointer:
      return Kind::kPointer;
    case types::TypeKind::kSlice:
      return Kind::kSlice;
    case types::TypeKind::kArray:
      return Kind::kArray;
    case types::TypeKind::kMap:
      return Kind::kMap;
    case types::TypeKind::kChan:
      return Kind::kChan;
    case types::TypeKind::kStruct:
      return Kind::kStruct;
    case types::TypeKind::kSignature:
      return Kind::kFunc;
    case types::TypeKind::kInterface:
      return Kind::kInterface;
    default:
      return Kind::kInvalid;
  }
}

bool IsDirectKind(Kind kind) {
  switch (kind) {
    case Kind::kArray:
    case Kind::kStruct:
    case Kind::kString:
    case Kind::kSlice:
    case Kind::kInterface:
    case Kind::kComplex128:
    case Kind::kInvalid:
      return false;
    default:
      return true;
  }
}

// Whether equality of the kind is equality of bytes, for kinds without parts.
bool IsPlainKind(Kind kind) {
  switch (kind) {
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kInt8:
    case Kind::kInt16:
    case Kind::kInt32:
    case Kind::kInt64:
    case Kind::kUint:
    case Kind::kUint8:
    case Kind::kUint16:
    case Kind::kUint32:
    case Kind::kUint64:
    case Kind::kUintptr:
    case Kind::kPointer:
    case Kind::kChan:
    case Kind::kUnsafePointer:
      return true;
    default:
      return false;
  }
}

std::string_view View(llvm::StringRef s) { return {s.data(), s.size()}; }

}  // namespace

std::string_view TypeTable::Keep(llvm::StringRef text) {
  return View(text.copy(allocator_));
}

TypeDesc* TypeTable::Get(const Type* type) {
  type = types::Unalias(type);
  if (TypeDesc* known = by_type_.lookup(type)) return known;
  uint64_t hash = types::HashOf(type);
  for (auto& [other, desc] : by_hash_[hash]) {
    if (types::Identical(other, type)) {
      by_type_[type] = desc;
      return desc;
    }
  }
  return Build(type, hash);
}

TypeDesc* TypeTable::Build(const Type* type, uint64_t hash) {
  TypeDesc* d = Array<TypeDesc>(1);
  by_type_[type] = d;
  by_hash_[hash].push_back({type, d});
  type_of_[d] = type;
  d->self.type = d;
  d->size = static_cast<uint64_t>(types::SizeOf(type));
  d->align = static_cast<uint8_t>(types::AlignOf(type));
  d->hash = static_cast<uint32_t>(hash ^ (hash >> 32));
  d->kind = KindOf(type);
  if (IsDirectKind(d->kind)) d->flags |= rt::kDirectIface;
  if (IsPlainKind(d->kind)) d->flags |= rt::kPlainEqual;
  if (!types::Comparable(type, false, nullptr)) {
    d->flags |= rt::kNotComparable;
  }
  d->string = Keep(ReflectString(type));
  if (const types::Named* named = types::AsNamed(type)) {
    d->flags |= rt::kNamedType;
    size_t dot = d->string.find('.');
    const types::Package* package = named->symbol->package;
    d->name = package == nullptr || dot == std::string_view::npos
                  ? d->string
                  : d->string.substr(dot + 1);
    if (package != nullptr) d->package_path = View(package->path);
  } else if (llvm::isa<types::Basic>(type)) {
    d->flags |= rt::kNamedType;
    d->name = d->string;
  }
  BuildStructure(d, types::Underlying(type));
  BuildMasks(d, type);
  return d;
}

void TypeTable::BuildStructure(TypeDesc* d, const Type* type) {
  if (const auto* slice = llvm::dyn_cast<types::Slice>(type)) {
    d->elem = Get(slice->elem);
  } else if (const auto* array = llvm::dyn_cast<types::Array>(type)) {
    d->elem = Get(array->elem);
    d->length = static_cast<uint64_t>(array->length);
    if ((d->elem->flags & rt::kPlainEqual) != 0) d->flags |= rt::kPlainEqual;
  } else if (const auto* map = llvm::dyn_cast<types::Map>(type)) {
    d->key = Get(map->key);
    d->elem = Get(map->value);
  } else if (const auto* chan = llvm::dyn_cast<types::Chan>(type)) {
    d->elem = Get(chan->elem);
    d->chan_dir = chan->dir == syntax::ChanDir::kRecv   ? 1
                  : chan->dir == syntax::ChanDir::kSend ? 2
                                                        : 3;
  } else if (const auto* s = llvm::dyn_cast<types::Struct>(type)) {
    BuildStruct(d, s);
  } else if (const auto* i = llvm::dyn_cast<types::Interface>(type)) {
    BuildInterface(d, i);
  } else if (const auto* sig = llvm::dyn_cast<types::Signature>(type)) {
    d->variadic = sig->variadic;
    d->param_count = static_cast<uint32_t>(sig->params->vars.size());
    d->result_count = static_cast<uint32_t>(sig->results->vars.size());
  }
}

void TypeTable::BuildStruct(TypeDesc* d, const types::Struct* s) {
  size_t count = s->fields.size();
  auto offsets = types::OffsetsOf(s);
  auto* fields = Array<rt::FieldDesc>(count);
  uint64_t end = 0;
  bool plain = true;
  for (size_t i = 0; i < count; i++) {
    const types::Symbol* symbol = s->fields[i];
    rt::FieldDesc& field = fields[i];
    field.name = View(symbol->name->text);
    field.exported = symbol->name->exported;
    if (!field.exported && symbol->package != nullptr) {
      field.package_path = View(symbol->package->path);
    }
    field.type = Get(symbol->type);
    field.offset = static_cast<uint64_t>(offsets[i]);
    if (i < s->tags.size()) field.tag = View(s->tags[i]);
    field.embedded = symbol->embedded;
    plain &= (field.type->flags & rt::kPlainEqual) != 0;
    plain &= field.offset == end && !symbol->name->blank;
    end = field.offset + field.type->size;
  }
  plain &= end == d->size;
  if (plain) d->flags |= rt::kPlainEqual;
  d->fields = fields;
  d->field_count = static_cast<uint32_t>(count);
}

void TypeTable::BuildInterface(TypeDesc* d, const types::Interface* i) {
  size_t count = i->all_methods.size();
  auto* methods = Array<rt::MethodDesc>(count);
  d->methods = methods;
  d->method_count = static_cast<uint32_t>(count);
  for (size_t k = 0; k < count; k++) {
    const types::Symbol* method = i->all_methods[k];
    methods[k].name.name = View(method->name->text);
    if (!method->name->exported && method->package != nullptr) {
      methods[k].name.package_path = View(method->package->path);
    }
    methods[k].signature = Get(method->type);
  }
}

void TypeTable::BuildMasks(TypeDesc* d, const Type* type) {
  if (!types::HasPointers(type)) return;
  ir::RegInfo info;
  info.type = type;
  // Masks of huge types are not spelled out: the collector goes by structure.
  if (d->size > rt::kMaxMaskBytes) {
    d->pointer_bytes = d->size;
    bool ifaces =
        d->elem != nullptr && (d->elem->flags & rt::kHasIfaceWords) != 0;
    for (uint32_t i = 0; i < d->field_count; i++) {
      ifaces |= (d->fields[i].type->flags & rt::kHasIfaceWords) != 0;
    }
    if (ifaces) d->flags |= rt::kHasIfaceWords;
    return;
  }
  ir::SetRegMasks(info);
  size_t words = (d->size / 8 + 63) / 64;
  auto* pointers = Array<uint64_t>(words);
  auto* data = Array<uint64_t>(words);
  bool any_data = false;
  for (uint64_t slot = 0; slot < d->size / 8; slot++) {
    auto bit = [&](const llvm::SmallVectorImpl<uint64_t>& mask) {
      return slot / 64 < mask.size() &&
             ((mask[slot / 64] >> (slot % 64)) & 1) != 0;
    };
    uint64_t set = uint64_t{1} << (slot % 64);
    if (bit(info.pointers)) pointers[slot / 64] |= set;
    if (bit(info.iface_data)) {
      data[slot / 64] |= set;
      any_data = true;
    }
    if (bit(info.pointers) || bit(info.iface_data)) {
      d->pointer_bytes = (slot + 1) * 8;
    }
  }
  d->ptr_mask = pointers;
  if (any_data) {
    d->iface_mask = data;
    d->flags |= rt::kHasIfaceWords;
  }
}

void TypeTable::Complete(const Type* type, llvm::ArrayRef<MethodCode> methods) {
  TypeDesc* d = Get(type);
  const Type* under = types::Underlying(type);
  if (const auto* pointer = llvm::dyn_cast<types::Pointer>(under)) {
    TypeDesc* elem = Get(pointer->elem);
    d->elem = elem;
    if (!types::AsNamed(type)) elem->pointer_to = d;
  } else if (const auto* sig = llvm::dyn_cast<types::Signature>(under)) {
    auto* params = Array<const TypeDesc*>(d->param_count + d->result_count);
    size_t n = 0;
    for (types::Symbol* v : sig->params->vars) params[n++] = Get(v->type);
    for (types::Symbol* v : sig->results->vars) params[n++] = Get(v->type);
    d->params = params;
  }
  if (d->kind != Kind::kInterface) CompleteMethods(d, type, methods);
}

void TypeTable::CompleteMethods(TypeDesc* d, const Type* type,
                                llvm::ArrayRef<MethodCode> methods) {
  std::vector<types::MethodSetEntry> set = types::MethodSetOf(type);
  if (set.empty()) return;
  auto* descs = Array<rt::MethodDesc>(set.size());
  for (size_t i = 0; i < set.size(); i++) {
    const types::Symbol* method = set[i].method;
    descs[i].name.name = View(method->name->text);
    if (!method->name->exported && method->package != nullptr) {
      descs[i].name.package_path = View(method->package->path);
    }
    if (method->type != nullptr) descs[i].signature = Get(method->type);
    for (const MethodCode& code : methods) {
      if (code.method == method) descs[i].function = code.function;
    }
  }
  std::sort(descs, descs + set.size(),
            [](const rt::MethodDesc& a, const rt::MethodDesc& b) {
              if (a.name.name != b.name.name) return a.name.name < b.name.name;
              return a.name.package_path < b.name.package_path;
            });
  d->methods = descs;
  d->method_count = static_cast<uint32_t>(set.size());
}

const TypeDesc* TypeTable::ClosureObject(llvm::ArrayRef<const Type*> captures) {
  TypeDesc* d = Array<TypeDesc>(1);
  d->self.type = d;
  d->kind = Kind::kStruct;
  d->align = 8;
  d->string = "closure";
  uint32_t slots = 1;
  std::vector<uint64_t> pointers(1), data(1);
  bool any_data = false;
  for (const Type* type : captures) {
    ir::RegInfo info;
    info.type = type;
    ir::SetRegMasks(info);
    for (uint32_t i = 0; i < info.slots; i++, slots++) {
      if (pointers.size() <= slots / 64) {
        pointers.push_back(0);
        data.push_back(0);
      }
      uint64_t set = uint64_t{1} << (slots % 64);
      auto bit = [&](const llvm::SmallVectorImpl<uint64_t>& mask) {
        return i / 64 < mask.size() && ((mask[i / 64] >> (i % 64)) & 1) != 0;
      };
      if (bit(info.pointers)) pointers[slots / 64] |= set;
      if (bit(info.iface_data)) {
        data[slots / 64] |= set;
        any_data = true;
      }
      if (bit(info.pointers) || bit(info.iface_data)) {
        d->pointer_bytes = (slots + 1) * 8;
      }
    }
  }
  d->size = uint64_t{slots} * 8;
  if (d->pointer_bytes != 0) {
    auto* mask = Array<uint64_t>(pointers.size());
    std::copy(pointers.begin(), pointers.end(), mask);
    d->ptr_mask = mask;
    if (any_data) {
      auto* ifaces = Array<uint64_t>(data.size());
      std::copy(data.begin(), data.end(), ifaces);
      d->iface_mask = ifaces;
      d->flags |= rt::kHasIfaceWords;
    }
  }
  return d;
}

const TypeDesc* TypeTable::Find(std::string_view string) const {
  for (const auto& [desc, type] : type_of_) {
    if (desc->string == string) return desc;
  }
  return nullptr;
}

const Type* TypeTable::TypeOf(const TypeDesc* desc) const {
  return type_of_.lookup(desc);
}

}  // namespace mgo::codegen
