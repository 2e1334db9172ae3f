// Iteration over maps.
#include <algorithm>

#include "runtime/base/fastrand.h"
#include "runtime/object/map_internal.h"

namespace mgo::rt {

using namespace map_internal;

namespace {

// The hash space is cut into this many prefixes.
constexpr uint64_t kPrefixes = uint64_t{1} << 32;

// How many prefixes belong to a table.
uint64_t RangeOf(const MapTable* table) { return kPrefixes >> table->depth; }

MapTable* TableAt(const Map* m, uint64_t prefix) {
  // In this order: see map.h.
  uint32_t mask = __atomic_load_n(&m->dir_mask, __ATOMIC_ACQUIRE);
  return m->dir[(prefix >> (32 - m->depth)) & mask];
}

// Gives the entry in a slot. False: it is just being deleted.
bool Give(MapIter* it, uint8_t* slot) {
  it->key = KeyIn(it->map, slot);
  it->value = ValueIn(it->map, slot);
  return it->key != nullptr && it->value != nullptr;
}

void EnterTable(MapIter* it, MapTable* table) {
  it->table = table;
  it->group = 0;
  it->pending = 0;
  it->clear_count = it->map->clear_count;
}

// Goes on to the table of the next prefixes. False: all have been visited.
bool EnterNextTable(MapIter* it) {
  if (it->prefixes_left == 0) return false;
  MapTable* table = TableAt(it->map, it->next_prefix);
  // More than are left only while somebody changes the directory.
  uint64_t range = std::min(RangeOf(table), it->prefixes_left);
  it->next_prefix = (it->next_prefix + range) & (kPrefixes - 1);
  it->prefixes_left -= range;
  EnterTable(it, table);
  return true;
}

// Goes on to the next group of the table. False: all have been visited.
bool EnterNextGroup(MapIter* it) {
  MapTable* table = it->table;
  if (it->group == table->group_count) return false;
  uint32_t index = (it->group + (it->offset >> 3)) & (table->group_count - 1u);
  it->group += 1;
  it->group_address =
      table->Groups() + static_cast<uint64_t>(index) * it->map->group_size;
  // Rotated, so that bit n stands for slot (n + offset) & 7.
  uint32_t full = MapGroup(it->group_address).Full();
  uint32_t turn = it->offset & 7;
  it->pending = (full >> turn | full << (8 - turn)) & 0xFF;
  return true;
}

// Gives the entry in `slot` of a table that was replaced, as the map has it
// now. False: it is gone.
bool GiveFromStale(MapIter* it, uint8_t* slot) {
  Map* m = it->map;
  const MapInfo* info = GetMapInfo(it->type);
  void* key = KeyIn(m, slot);
  if (key == nullptr) return false;
  // A key without an equal cannot be looked up, so it cannot have been deleted
  // either, other than by clear.
  const TypeDesc* bad;
  if (info->key_kind == MapKeyKind::kGeneric &&
      Equal(info->key, key, key, &bad) != EqualResult::kEqual) {
    return Give(it, slot);
  }
  uint8_t* now = FindSlot(info, m, HashOfStoredKey(info, m, key), key);
  if (now == nullptr) return false;
  return Give(it, now);
}

}  // namespace

void MapIterInit(const TypeDesc* map_type, Map* m, MapIter* it) {
  *it = {};
  it->type = map_type;
  if (m == nullptr || m->count == 0) return;
  if ((LoadFlags(m) & kMapWriting) != 0) {
    ThrowUser("concurrent map iteration and map write");
  }
  it->map = m;
  it->offset = FastRand();
  uint64_t start = FastRand();
  MapTable* table = TableAt(m, start);
  uint64_t range = RangeOf(table);
  it->next_prefix = ((start & ~(range - 1)) + range) & (kPrefixes - 1);
  it->prefixes_left = kPrefixes - range;
  EnterTable(it, table);
}

bool MapIterNextSlow(MapIter* it) {
  Map* m = it->map;
  if (m == nullptr) return false;
  if ((LoadFlags(m) & kMapWriting) != 0) {
    ThrowUser("concurrent map iteration and map write");
  }
  for (;;) {
    MapTable* table = it->table;
    if (table == nullptr ||
        (table->stale && it->clear_count != m->clear_count) ||
        (it->pending == 0 && !EnterNextGroup(it))) {
      if (!EnterNextTable(it)) {
        it->map = nullptr;
        it->table = nullptr;
        return false;
      }
      continue;
    }
    while (it->pending != 0) {
      uint32_t number = static_cast<uint32_t>(__builtin_ctz(it->pending));
      uint32_t index = (number + it->offset) & 7;
      it->pending &= it->pending - 1;
      if (it->group_address[index] >= 0x80) continue;  // deleted meanwhile
      uint8_t* slot = it->group_address + 8 + index * m->slot_size;
      if (table->stale) {
        if (GiveFromStale(it, slot)) return true;
        continue;
      }
      if (Give(it, slot)) return true;
    }
  }
}

}  // namespace mgo::rt
