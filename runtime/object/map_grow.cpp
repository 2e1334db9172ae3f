// Tables and directories of maps: making, growing, splitting.
//
// Entries are moved into fresh tables by plain copies, without write barriers.
// That loses nothing to a concurrent marker: the table they come from is shaded
// when it is unlinked (the directory entry is written with a barrier), and it
// still holds every pointer that was copied; and entries put into it earlier
// went through barriers themselves.
#include <bit>
#include <cassert>

#include "runtime/gc/barrier.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/map_internal.h"
#include "runtime/object/storage_type.h"

namespace mgo::rt::map_internal {

namespace {

// A directory this deep has 2^28 tables: only hashes that all agree lead there.
constexpr uint8_t kMaxDepth = 28;

// Stores a pointer for readers that hold no lock.
void Publish(void** slot, void* value) {
  WriteBarrier(slot, value);
  __atomic_store_n(slot, value, __ATOMIC_RELEASE);
}

void SetDirEntry(MapTable** entry, MapTable* table) {
  Publish(reinterpret_cast<void**>(entry), table);
}

// What the map's masks are for has been published.
void SetGroupMask(Map* m, uint32_t group_count) {
  __atomic_store_n(&m->group_mask, group_count - 1, __ATOMIC_RELEASE);
}
void SetDirectory(Map* m, MapTable** dir, uint8_t depth) {
  Publish(reinterpret_cast<void**>(&m->dir), dir);
  uint32_t mask = static_cast<uint32_t>((uint64_t{1} << depth) - 1);
  __atomic_store_n(&m->dir_mask, mask, __ATOMIC_RELEASE);
  m->dir_shift = static_cast<uint8_t>(64 - depth);
  __atomic_store_n(&m->depth, depth, __ATOMIC_RELEASE);
}

uint64_t HashOfSlot(const MapInfo* info, const Map* m, uint8_t* slot) {
  void* key = KeyIn(m, slot);
  if (key == nullptr) ThrowWrites();
  return HashOfStoredKey(info, m, key);
}

// Calls visit(slot) for every entry.
template <typename Visit>
void ForEachSlot(const MapInfo* info, MapTable* table, Visit visit) {
  uint8_t* group = table->Groups();
  for (uint32_t i = 0; i < table->group_count; ++i) {
    for (uint32_t set = MapGroup(group).Full(); set != 0; set &= set - 1) {
      visit(group + 8 +
            static_cast<uint32_t>(__builtin_ctz(set)) * info->slot_size);
    }
    group += info->group_size;
  }
}

// Copies a slot to where its hash wants it in a fresh table.
void MoveSlot(const MapInfo* info, const Map* m, MapTable* to, uint64_t hash,
              const uint8_t* slot) {
  FreeSlot free = ClaimFreeSlot(m, to, hash);
  if (free.slot == nullptr) ThrowWrites();
  std::memcpy(free.slot, slot, info->slot_size);
  PublishSlot(free, hash);
}

// Replaces the only table by one of `group_count` groups.
void ReplaceSingle(G* g, const MapInfo* info, Map* m, uint32_t group_count) {
  MapTable* old = m->single;
  MapTable* table = NewTable(g, info, group_count, 0);
  if (!IsSharedEmpty(old)) {
    ForEachSlot(info, old, [&](uint8_t* slot) {
      MoveSlot(info, m, table, HashOfSlot(info, m, slot), slot);
    });
    old->stale = 1;
  }
  SetDirEntry(&m->single, table);
  SetGroupMask(m, group_count);
}

// The first directory entry of `table`, to which entries of this hash belong.
uint64_t FirstEntry(const Map* m, const MapTable* table, uint64_t hash) {
  uint64_t index = (hash >> m->dir_shift) & m->dir_mask;
  uint64_t span = uint64_t{1} << (m->depth - table->depth);
  return index & ~(span - 1);
}

// Replaces `old` under the directory by `left` and, for the upper half of its
// range, `right`.
void ReplaceInDirectory(Map* m, MapTable* old, uint64_t hash, MapTable* left,
                        MapTable* right) {
  uint64_t span = uint64_t{1} << (m->depth - old->depth);
  uint64_t first = FirstEntry(m, old, hash);
  for (uint64_t i = 0; i < span; ++i) {
    SetDirEntry(&m->dir[first + i], i < span / 2 ? left : right);
  }
  if (first == 0) SetDirEntry(&m->single, m->dir[0]);
  old->stale = 1;
}

// A directory twice as large, each table entered twice as often.
void DoubleDirectory(G* g, Map* m) {
  if (m->depth >= kMaxDepth) Throw("map: too many equal hashes");
  uint64_t old_size = uint64_t{1} << m->depth;
  auto** dir =
      static_cast<MapTable**>(NewArray(g, PointerWordType(), old_size * 2));
  for (uint64_t i = 0; i < old_size; ++i) {
    dir[2 * i] = dir[2 * i + 1] = m->dir[i];
  }
  SetDirectory(m, dir, m->depth + 1);
}

// Parts the entries of a full-size table by the next bit of their hashes.
void Split(G* g, const MapInfo* info, Map* m, MapTable* old, uint64_t hash) {
  if (old->depth == m->depth) DoubleDirectory(g, m);
  uint8_t depth = old->depth + 1;
  MapTable* left = NewTable(g, info, kMapMaxGroups, depth);
  MapTable* right = NewTable(g, info, kMapMaxGroups, depth);
  ForEachSlot(info, old, [&](uint8_t* slot) {
    uint64_t h = HashOfSlot(info, m, slot);
    bool upper = (h >> (64 - depth) & 1) != 0;
    MoveSlot(info, m, upper ? right : left, h, slot);
  });
  ReplaceInDirectory(m, old, hash, left, right);
}

// A fresh table of the same size, without the tombstones.
void DropTombstones(G* g, const MapInfo* info, Map* m, MapTable* old,
                    uint64_t hash) {
  if (m->depth == 0) return ReplaceSingle(g, info, m, old->group_count);
  MapTable* table = NewTable(g, info, old->group_count, old->depth);
  ForEachSlot(info, old, [&](uint8_t* slot) {
    MoveSlot(info, m, table, HashOfSlot(info, m, slot), slot);
  });
  ReplaceInDirectory(m, old, hash, table, table);
}

}  // namespace

constexpr EmptyTable kEmptyTable = {{.growth_left = 0,
                                     .used = 0,
                                     .tombstones = 0,
                                     .group_count = 1,
                                     .depth = 0,
                                     .stale = 0,
                                     .padding = 0},
                                    kCtrlAllEmpty};

MapTable* NewTable(G* g, const MapInfo* info, uint32_t group_count,
                   uint8_t depth) {
  const TypeDesc* type = info->tables[std::countr_zero(group_count)];
  auto* table = static_cast<MapTable*>(NewObject(g, type));
  table->growth_left = MaxLoad(group_count);
  table->group_count = static_cast<uint16_t>(group_count);
  table->depth = depth;
  uint8_t* group = table->Groups();
  for (uint32_t i = 0; i < group_count; ++i) {
    std::memcpy(group, &kCtrlAllEmpty, 8);
    group += info->group_size;
  }
  return table;
}

void MakeDirectory(G* g, const MapInfo* info, Map* m, uint8_t depth) {
  uint64_t size = uint64_t{1} << depth;
  auto** dir = static_cast<MapTable**>(NewArray(g, PointerWordType(), size));
  for (uint64_t i = 0; i < size; ++i) {
    SetDirEntry(&dir[i], NewTable(g, info, kMapMaxGroups, depth));
  }
  SetDirEntry(&m->single, dir[0]);
  SetDirectory(m, dir, depth);
  SetGroupMask(m, kMapMaxGroups);
}

namespace {

void ChangeTables(G* g, const MapInfo* info, Map* m, uint64_t hash) {
  MapTable* table = MapTableOf(m, hash);
  if (IsSharedEmpty(table)) return ReplaceSingle(g, info, m, 1);
  // A quarter of tombstones pays for the copy.
  if (uint32_t{table->tombstones} * 4 >= MaxLoad(table->group_count)) {
    return DropTombstones(g, info, m, table, hash);
  }
  if (table->group_count < kMapMaxGroups) {
    return ReplaceSingle(g, info, m, uint32_t{table->group_count} * 2);
  }
  Split(g, info, m, table, hash);
}

}  // namespace

void MakeRoom(G* g, const MapInfo* info, Map* m, uint64_t hash) {
  if (__atomic_exchange_n(&m->growing, 1, __ATOMIC_ACQUIRE) != 0) ThrowWrites();
  ChangeTables(g, info, m, hash);
  __atomic_store_n(&m->growing, 0, __ATOMIC_RELEASE);
}

}  // namespace mgo::rt::map_internal
