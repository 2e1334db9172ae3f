#include "runtime/object/map.h"

#include <bit>
#include <string>

#include "runtime/base/fastrand.h"
#include "runtime/gc/barrier.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/map_internal.h"
#include "runtime/object/raise.h"

namespace mgo::rt {

using namespace map_internal;

namespace {

template <typename T>
T LoadKey(const void* p) {
  T v;
  std::memcpy(&v, p, sizeof(T));
  return v;
}

// Writes a pointer to heap memory.
void StoreBox(uint8_t* at, void* box) {
  StorePointer(reinterpret_cast<void**>(at), box);
}

// A key kind: how its keys are hashed, compared, and put into slots.
template <typename T>
struct PlainKey {
  T key;
  uint64_t HashWith(uint64_t seed) const { return HashInt(key, seed); }
  bool operator()(const uint8_t* slot) const { return LoadKey<T>(slot) == key; }
  void Store(G*, const MapInfo* info, uint8_t* slot) const {
    if constexpr (sizeof(T) == 8) {
      if (info->key_has_pointers) {
        StoreBox(slot, reinterpret_cast<void*>(key));
        return;
      }
    }
    std::memcpy(slot, &key, sizeof(T));
  }
  void Rewrite(uint8_t*) const {}
};

struct StringKey {
  GoString key;
  uint64_t HashWith(uint64_t seed) const {
    return HashBytes(key.ptr, static_cast<size_t>(key.len), seed);
  }
  bool operator()(const uint8_t* slot) const {
    return EqualStrings(LoadKey<GoString>(slot), key);
  }
  void Store(G*, const MapInfo*, uint8_t* slot) const {
    StoreString(reinterpret_cast<GoString*>(slot), key);
  }
  // Keeping the new string lets go of whatever large one the old was cut from.
  void Rewrite(uint8_t* slot) const {
    if (LoadKey<GoString>(slot).ptr != key.ptr) {
      StoreString(reinterpret_cast<GoString*>(slot), key);
    }
  }
};

struct GenericKey {
  const void* key;
  const MapInfo* info;
  bool operator()(uint8_t* slot) const {
    const void* other = slot;
    if ((info->flags & kMapIndirectKey) != 0) {
      other = LoadKey<void*>(slot);
      // It is just being deleted.
      if (other == nullptr) return false;
    }
    const TypeDesc* bad;
    return Equal(info->key, other, key, &bad) == EqualResult::kEqual;
  }
  void Store(G* g, const MapInfo*, uint8_t* slot) const {
    if ((info->flags & kMapIndirectKey) != 0) {
      void* box = NewObject(g, info->key);
      TypedCopy(box, key, info->key);
      StoreBox(slot, box);
    } else {
      TypedCopy(slot, key, info->key);
    }
  }
  void Rewrite(uint8_t* slot) const {
    if (!info->rewrite_key) return;
    void* to = slot;
    if ((info->flags & kMapIndirectKey) != 0) to = LoadKey<void*>(slot);
    if (to == nullptr) ThrowWrites();
    TypedCopy(to, key, info->key);
  }
};

// Where an assignment stores the value.
inline void* CellIn(const Map* m, uint8_t* slot) {
  void* cell = ValueIn(m, slot);
  if (cell == nullptr) [[unlikely]]
    ThrowWrites();
  return cell;
}

// Makes an entry for a key that the map does not hold, and ends the write.
template <typename Key>
MGO_NOINLINE void* Insert(G* g, const TypeDesc* map_type, Map* m, uint64_t hash,
                          Key key) {
  const MapInfo* info = GetMapInfo(map_type);
  FreeSlot free;
  for (;;) {
    free = ClaimFreeSlot(m, MapTableOf(m, hash), hash);
    if (free.slot != nullptr) [[likely]]
      break;
    MakeRoom(g, info, m, hash);
  }
  uint8_t* slot = free.slot;
  key.Store(g, info, slot);
  if ((m->flags & kMapIndirectValue) != 0) [[unlikely]] {
    StoreBox(slot + m->value_offset, NewObject(g, info->elem));
  }
  PublishSlot(free, hash);
  m->count += 1;
  EndWrite(m);
  return CellIn(m, slot);
}

// The rest of an assignment, after BeginWrite: the entry is not where one looks
// first, or not there.
template <typename Key>
MGO_NOINLINE void* FinishAssign(G* g, const TypeDesc* map_type, Map* m,
                                uint64_t hash, Key key) {
  uint8_t* slot = MapFindSlot(m, hash, key);
  if (slot == nullptr) return Insert(g, map_type, m, hash, key);
  key.Rewrite(slot);
  EndWrite(m);
  return CellIn(m, slot);
}

// The value cell of the key's entry, made if need be; any flags.
template <typename Key>
MGO_NOINLINE void* AssignSlow(G* g, const TypeDesc* map_type, Map* m,
                              uint64_t hash, Key key) {
  BeginWrite(m);
  return FinishAssign(g, map_type, m, hash, key);
}

MGO_NOINLINE void* RaiseNilMap(G* g) {
  RaisePlainError(g, "assignment to entry in nil map");
  return nullptr;
}

// MapAssign for the fast key kinds. The common case, an entry that is there, in
// its first group, in a map without flags, calls nothing and has no loop, so
// that it needs no prologue; and what it stores into `flags` does not depend on
// what it loaded, or each assignment would wait for the one before.
template <typename Key>
inline void* AssignFast(G* g, const TypeDesc* map_type, Map* m, Key key) {
  if (m == nullptr) [[unlikely]]
    return RaiseNilMap(g);
  uint64_t hash = key.HashWith(m->seed);
  if (LoadFlags(m) != 0) [[unlikely]] {
    return AssignSlow(g, map_type, m, hash, key);
  }
  __atomic_store_n(&m->flags, kMapWriting, __ATOMIC_RELAXED);
  uint64_t index = static_cast<uint32_t>(hash >> 7) & MapGroupMask(m);
  MapTable* table = MapTableOf(m, hash);
  uint8_t* group = table->Groups() + index * m->group_size;
  MapGroup ctrl(group);
  uint32_t set = ctrl.Match(hash & 0x7F);
  if (set != 0) [[likely]] {
    uint8_t* slot =
        group + 8 + static_cast<uint32_t>(__builtin_ctz(set)) * m->slot_size;
    if (key(slot)) [[likely]] {
      key.Rewrite(slot);
      if (LoadFlags(m) != kMapWriting) [[unlikely]]
        EndWrite(m);
      __atomic_store_n(&m->flags, uint8_t{0}, __ATOMIC_RELAXED);
      return slot + m->value_offset;
    }
  } else if (ctrl.Empty() != 0) {
    return Insert(g, map_type, m, hash, key);
  }
  return FinishAssign(g, map_type, m, hash, key);
}

void ClearSlotMemory(const MapInfo* info, uint8_t* slot) {
  if (info->slot_has_pointers) {
    TypedClear(slot, info->slot, 1);
  } else {
    std::memset(slot, 0, info->slot_size);
  }
}

// Makes all slots of a table that holds no entries usable again.
void ResetControl(const MapInfo* info, MapTable* table) {
  uint8_t* group = table->Groups();
  for (uint32_t i = 0; i < table->group_count; ++i) {
    std::memcpy(group, &kCtrlAllEmpty, 8);
    group += info->group_size;
  }
  table->used = 0;
  table->tombstones = 0;
  table->growth_left = MaxLoad(table->group_count);
}

// Removes the entry in `slot` of the table.
void RemoveSlot(const MapInfo* info, Map* m, MapTable* table, uint8_t* slot) {
  uint64_t offset = static_cast<uint64_t>(slot - table->Groups());
  uint64_t group_index = offset / m->group_size;
  uint8_t* group = table->Groups() + group_index * m->group_size;
  uint64_t i = static_cast<uint64_t>(slot - group - 8) / m->slot_size;
  // A probe ends at a group with an empty slot; so one more of them there,
  // where there is one, ends none too early.
  if (MapGroup(group).Empty() != 0) {
    __atomic_store_n(&group[i], kCtrlEmpty, __ATOMIC_RELAXED);
    table->growth_left += 1;
  } else {
    __atomic_store_n(&group[i], kCtrlDeleted, __ATOMIC_RELAXED);
    table->tombstones += 1;
  }
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  ClearSlotMemory(info, slot);
  table->used -= 1;
  m->count -= 1;
  // Emptied, after enough deletions to pay for it.
  if (table->used == 0 && table->tombstones * 4 >= table->group_count) {
    ResetControl(info, table);
  }
}

template <typename Key>
inline void Delete(const MapInfo* info, Map* m, uint64_t hash, const Key& key) {
  BeginWrite(m);
  uint32_t mask = MapGroupMask(m);
  MapTable* table = MapTableOf(m, hash);
  uint8_t* slot = MapFindIn(m, table, mask, hash, key);
  if (slot != nullptr) RemoveSlot(info, m, table, slot);
  EndWrite(m);
}

// m[key] where flags are set.
template <typename Key>
void* AccessSlow(Map* m, const Key& key) {
  if ((LoadFlags(m) & kMapWriting) != 0) {
    ThrowUser("concurrent map read and map write");
  }
  uint8_t* slot = MapFindSlot(m, key.HashWith(m->seed), key);
  return slot == nullptr ? nullptr : ValueIn(m, slot);
}

template <typename Key>
void DeleteFast(const TypeDesc* map_type, Map* m, const Key& key) {
  if (m == nullptr || m->count == 0) return;
  Delete(GetMapInfo(map_type), m, key.HashWith(m->seed), key);
}

// Looking a key up in a map without entries panics as well if it has no hash;
// in other words than otherwise.
bool CheckHashable(G* g, const MapInfo* info, const void* key) {
  const TypeDesc* bad;
  uint64_t hash;
  if (Hash(info->key, key, 0, &hash, &bad)) return true;
  std::string text = "hash of unhashable type: ";
  RaisePlainError(g, text.append(bad->string));
  return false;
}

}  // namespace

namespace map_internal {

uint64_t HashOfStoredKey(const MapInfo* info, const Map* m, const void* key) {
  switch (info->key_kind) {
    case MapKeyKind::k64:
      return HashInt(LoadKey<uint64_t>(key), m->seed);
    case MapKeyKind::k32:
      return HashInt(LoadKey<uint32_t>(key), m->seed);
    default: {
      uint64_t hash = 0;
      const TypeDesc* bad;
      if (!Hash(info->key, key, m->seed, &hash, &bad)) {
        Throw("map: stored key without hash");
      }
      return hash;
    }
  }
}

uint8_t* FindSlot(const MapInfo* info, const Map* m, uint64_t hash,
                  const void* key) {
  switch (info->key_kind) {
    case MapKeyKind::k64:
      return MapFindSlot(m, hash, PlainKey<uint64_t>{LoadKey<uint64_t>(key)});
    case MapKeyKind::k32:
      return MapFindSlot(m, hash, PlainKey<uint32_t>{LoadKey<uint32_t>(key)});
    case MapKeyKind::kString:
      return MapFindSlot(m, hash, StringKey{LoadKey<GoString>(key)});
    default:
      return MapFindSlot(m, hash, GenericKey{key, info});
  }
}

}  // namespace map_internal

void* MapAccess64Slow(Map* m, uint64_t key) {
  return AccessSlow(m, PlainKey<uint64_t>{key});
}
void* MapAccess32Slow(Map* m, uint32_t key) {
  return AccessSlow(m, PlainKey<uint32_t>{key});
}
void* MapAccessStrSlow(Map* m, GoString key) {
  return AccessSlow(m, StringKey{key});
}

void* MapAssign64(G* g, const TypeDesc* map_type, Map* m, uint64_t key) {
  return AssignFast(g, map_type, m, PlainKey<uint64_t>{key});
}
void* MapAssign32(G* g, const TypeDesc* map_type, Map* m, uint32_t key) {
  return AssignFast(g, map_type, m, PlainKey<uint32_t>{key});
}
void* MapAssignStr(G* g, const TypeDesc* map_type, Map* m, GoString key) {
  return AssignFast(g, map_type, m, StringKey{key});
}

void MapDelete64(G*, const TypeDesc* map_type, Map* m, uint64_t key) {
  DeleteFast(map_type, m, PlainKey<uint64_t>{key});
}
void MapDelete32(G*, const TypeDesc* map_type, Map* m, uint32_t key) {
  DeleteFast(map_type, m, PlainKey<uint32_t>{key});
}
void MapDeleteStr(G*, const TypeDesc* map_type, Map* m, GoString key) {
  DeleteFast(map_type, m, StringKey{key});
}

Map* MakeMap(G* g, const TypeDesc* map_type, int64_t hint) {
  const MapInfo* info = GetMapInfo(map_type);
  auto* m = static_cast<Map*>(NewObject(g, MapObjectType()));
  m->seed = FastRand64();
  m->group_size = info->group_size;
  m->slot_size = info->slot_size;
  m->value_offset = info->value_offset;
  m->flags = info->flags;
  m->dir_shift = 63;
  // The shared table is static, so neither store needs a barrier.
  m->single = const_cast<MapTable*>(&kEmptyTable.table);
  m->dir = &m->single;
  // Absurd: more than memory has.
  constexpr int64_t kMaxHint = int64_t{1} << 40;
  if (hint <= kMapGroupSlots || hint > kMaxHint) return m;
  uint64_t groups = std::bit_ceil((static_cast<uint64_t>(hint) + 6) / 7);
  if (groups <= kMapMaxGroups) {
    MapTable* table = NewTable(g, info, static_cast<uint32_t>(groups), 0);
    StorePointer(reinterpret_cast<void**>(&m->single), table);
    m->group_mask = static_cast<uint32_t>(groups - 1);
  } else {
    uint64_t tables = groups / kMapMaxGroups;
    MakeDirectory(g, info, m, static_cast<uint8_t>(std::countr_zero(tables)));
  }
  return m;
}

bool MapAccess(G* g, const TypeDesc* map_type, Map* m, const void* key,
               void** value) {
  const MapInfo* info = GetMapInfo(map_type);
  *value = nullptr;
  if (m == nullptr || m->count == 0) return CheckHashable(g, info, key);
  if ((LoadFlags(m) & kMapWriting) != 0) {
    ThrowUser("concurrent map read and map write");
  }
  uint64_t hash;
  const TypeDesc* bad;
  if (!Hash(info->key, key, m->seed, &hash, &bad)) {
    RaiseUnhashable(g, bad);
    return false;
  }
  uint8_t* slot = FindSlot(info, m, hash, key);
  if (slot != nullptr) *value = ValueIn(m, slot);
  return true;
}

void* MapAssign(G* g, const TypeDesc* map_type, Map* m, const void* key) {
  const MapInfo* info = GetMapInfo(map_type);
  switch (info->key_kind) {
    case MapKeyKind::k64:
      return MapAssign64(g, map_type, m, LoadKey<uint64_t>(key));
    case MapKeyKind::k32:
      return MapAssign32(g, map_type, m, LoadKey<uint32_t>(key));
    case MapKeyKind::kString:
      return MapAssignStr(g, map_type, m, LoadKey<GoString>(key));
    default:
      break;
  }
  if (m == nullptr) return RaiseNilMap(g);
  uint64_t hash;
  const TypeDesc* bad;
  if (!Hash(info->key, key, m->seed, &hash, &bad)) {
    RaiseUnhashable(g, bad);
    return nullptr;
  }
  return AssignSlow(g, map_type, m, hash, GenericKey{key, info});
}

bool MapDelete(G* g, const TypeDesc* map_type, Map* m, const void* key) {
  const MapInfo* info = GetMapInfo(map_type);
  if (m == nullptr || m->count == 0) return CheckHashable(g, info, key);
  uint64_t hash;
  const TypeDesc* bad;
  if (!Hash(info->key, key, m->seed, &hash, &bad)) {
    RaiseUnhashable(g, bad);
    return false;
  }
  switch (info->key_kind) {
    case MapKeyKind::k64:
      Delete(info, m, hash, PlainKey<uint64_t>{LoadKey<uint64_t>(key)});
      break;
    case MapKeyKind::k32:
      Delete(info, m, hash, PlainKey<uint32_t>{LoadKey<uint32_t>(key)});
      break;
    case MapKeyKind::kString:
      Delete(info, m, hash, StringKey{LoadKey<GoString>(key)});
      break;
    default:
      Delete(info, m, hash, GenericKey{key, info});
  }
  return true;
}

void MapClear(G*, const TypeDesc* map_type, Map* m) {
  if (m == nullptr) return;
  const MapInfo* info = GetMapInfo(map_type);
  BeginWrite(m);
  const uint8_t depth = m->depth;
  __atomic_signal_fence(__ATOMIC_ACQUIRE);
  MapTable** dir = m->dir;
  for (uint64_t i = 0; i < uint64_t{1} << depth;) {
    MapTable* table = dir[i];
    i += uint64_t{1} << (depth > table->depth ? depth - table->depth : 0);
    if (table->used == 0 && table->tombstones == 0) continue;
    uint8_t* group = table->Groups();
    for (uint32_t n = 0; n < table->group_count; ++n) {
      for (uint32_t set = MapGroup(group).Full(); set != 0; set &= set - 1) {
        ClearSlotMemory(
            info, group + 8 +
                      static_cast<uint32_t>(__builtin_ctz(set)) * m->slot_size);
      }
      group += m->group_size;
    }
    ResetControl(info, table);
  }
  m->count = 0;
  m->clear_count += 1;
  EndWrite(m);
}

Map* MapClone(G* g, const TypeDesc* map_type, Map* m) {
  if (m == nullptr) return nullptr;
  const MapInfo* info = GetMapInfo(map_type);
  Map* copy = MakeMap(g, map_type, m->count);
  MapIter it;
  MapIterInit(map_type, m, &it);
  while (MapIterNext(&it)) {
    uint64_t hash = HashOfStoredKey(info, copy, it.key);
    void* value = AssignSlow(g, map_type, copy, hash, GenericKey{it.key, info});
    TypedCopy(value, it.value, info->elem);
  }
  return copy;
}

}  // namespace mgo::rt
