// The descriptors of map storage, made once for each map type.
#include <bit>

#include "runtime/base/mutex.h"
#include "runtime/object/map.h"
#include "runtime/object/storage_type.h"

namespace mgo::rt {
namespace {

constinit Mutex info_lock(LockRank::kLeaf);

MapKeyKind KeyKindOf(const TypeDesc* key) {
  if (key->kind == Kind::kString) return MapKeyKind::kString;
  if ((key->flags & kPlainEqual) == 0) return MapKeyKind::kGeneric;
  // Of structs and arrays, only those aligned as their size are sure to be
  // loaded whole; they may as well take the generic path.
  if (key->kind == Kind::kStruct || key->kind == Kind::kArray) {
    return MapKeyKind::kGeneric;
  }
  switch (key->size) {
    case 1:
      return MapKeyKind::k8;
    case 2:
      return MapKeyKind::k16;
    case 4:
      return MapKeyKind::k32;
    case 8:
      return MapKeyKind::k64;
    default:
      return MapKeyKind::kGeneric;
  }
}

// Whether an assignment to an equal key has to write the key as well, because
// the new one may be another value (-0 for 0) or hold on to less memory.
bool NeedsRewrite(const TypeDesc* key) {
  switch (key->kind) {
    case Kind::kFloat32:
    case Kind::kFloat64:
    case Kind::kComplex64:
    case Kind::kComplex128:
    case Kind::kInterface:
    case Kind::kString:
      return true;
    case Kind::kArray:
      return NeedsRewrite(key->elem);
    case Kind::kStruct:
      for (uint32_t i = 0; i < key->field_count; ++i) {
        if (NeedsRewrite(key->fields[i].type)) return true;
      }
      return false;
    default:
      return false;
  }
}

MapInfo* BuildInfo(const TypeDesc* map_type) {
  auto* info = new MapInfo();
  info->type = map_type;
  info->key = map_type->key;
  info->elem = map_type->elem;
  const TypeDesc* key = info->key;
  const TypeDesc* elem = info->elem;
  if (key->size > kMapMaxInline) {
    info->flags |= kMapIndirectKey;
    key = PointerWordType();
  }
  if (elem->size > kMapMaxInline) {
    info->flags |= kMapIndirectValue;
    elem = PointerWordType();
  }
  // map[struct{}]struct{}: slots need addresses of their own all the same.
  if (key->size == 0 && elem->size == 0) elem = WordType();
  const TypeDesc* slot_fields[] = {key, elem};
  const TypeDesc* slot = MakeStorageStruct("map.slot", slot_fields, 2);
  const TypeDesc* slots = MakeStorageArray("map.slots", slot, kMapGroupSlots);
  const TypeDesc* group_fields[] = {WordType(), slots};
  const TypeDesc* group = MakeStorageStruct("map.group", group_fields, 2);
  for (int i = 0; i < 8; ++i) {
    const TypeDesc* groups = MakeStorageArray("map.groups", group, 1u << i);
    const TypeDesc* fields[] = {WordType(), WordType(), groups};
    info->tables[i] = MakeStorageStruct("map.table", fields, 3);
  }
  info->slot = slot;
  info->slot_size = static_cast<uint16_t>(slot->size);
  info->value_offset = static_cast<uint16_t>(slot->fields[1].offset);
  info->group_size = static_cast<uint32_t>(group->size);
  info->key_kind = KeyKindOf(info->key);
  info->key_has_pointers = key->HasPointers();
  info->slot_has_pointers = slot->HasPointers();
  info->rewrite_key = NeedsRewrite(info->key);
  return info;
}

}  // namespace

const MapInfo* MakeMapInfo(const TypeDesc* map_type) {
  MutexLock lock(info_lock);
  const void* known = map_type->map_info;
  if (known != nullptr) return static_cast<const MapInfo*>(known);
  MapInfo* info = BuildInfo(map_type);
  __atomic_store_n(&map_type->map_info, info, __ATOMIC_RELEASE);
  return info;
}

MapKeyKind MapKeyKindOf(const TypeDesc* map_type) {
  return GetMapInfo(map_type)->key_kind;
}

const TypeDesc* MapObjectType() {
  static const TypeDesc* const type = [] {
    const TypeDesc* fields[sizeof(Map) / 8];
    for (const TypeDesc*& field : fields) field = WordType();
    fields[offsetof(Map, dir) / 8] = PointerWordType();
    fields[offsetof(Map, single) / 8] = PointerWordType();
    return MakeStorageStruct("map", fields, sizeof(Map) / 8);
  }();
  return type;
}

const TypeDesc* MapIterType() {
  static const TypeDesc* const type = [] {
    const TypeDesc* fields[kMapIterSlots];
    for (const TypeDesc*& field : fields) field = WordType();
    fields[offsetof(MapIter, map) / 8] = PointerWordType();
    fields[offsetof(MapIter, table) / 8] = PointerWordType();
    return MakeStorageStruct("map.iter", fields, kMapIterSlots);
  }();
  return type;
}

}  // namespace mgo::rt
