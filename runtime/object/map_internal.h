// What the files of the map implementation share.
#ifndef MGO_RUNTIME_OBJECT_MAP_INTERNAL_H_
#define MGO_RUNTIME_OBJECT_MAP_INTERNAL_H_

#include "runtime/base/compiler.h"
#include "runtime/base/throw.h"
#include "runtime/object/map.h"

namespace mgo::rt::map_internal {

// The table of maps that never held anything: one group of empty slots, never
// written.
extern const struct EmptyTable {
  MapTable table;
  uint64_t ctrl;
} kEmptyTable;

// Whether `table` is the shared empty one.
inline bool IsSharedEmpty(const MapTable* table) {
  return table == &kEmptyTable.table;
}

// Entries that a table of this many groups may hold, tombstones included: all
// of one group, 7/8 of more.
inline uint32_t MaxLoad(uint32_t group_count) {
  return group_count == 1 ? kMapGroupSlots : group_count * 7;
}

// A table without entries.
MapTable* NewTable(G* g, const MapInfo* info, uint32_t group_count,
                   uint8_t depth);
// Makes `new_count` tables of 128 groups under a directory of that size.
void MakeDirectory(G* g, const MapInfo* info, Map* m, uint8_t depth);
// Makes room in the table for entries of this hash, which has no free slot
// left: by a larger table, by a split, or by dropping tombstones. The table at
// hand becomes stale.
void MakeRoom(G* g, const MapInfo* info, Map* m, uint64_t hash);

// A slot that was taken for a new entry. Its control byte is still to be set,
// when the entry is there.
struct FreeSlot {
  uint8_t* slot;  // null: the table has no room
  uint8_t* ctrl;
};

// Makes the entry in the slot one that is found.
inline void PublishSlot(FreeSlot free, uint64_t hash) {
  __atomic_store_n(free.ctrl, static_cast<uint8_t>(hash & 0x7F),
                   __ATOMIC_RELEASE);
}

// Takes a slot of the table for an entry of this hash, whose key it does not
// hold.
inline FreeSlot ClaimFreeSlot(const Map* m, MapTable* table, uint64_t hash) {
  uint32_t mask = table->group_count - 1u;
  uint32_t index = static_cast<uint32_t>(hash >> 7) & mask;
  for (uint32_t step = 1;; ++step) {
    uint8_t* group =
        table->Groups() + static_cast<uint64_t>(index) * m->group_size;
    MapGroup ctrl(group);
    if (uint32_t free = ctrl.Free(); free != 0) {
      uint32_t deleted = free & ~ctrl.Empty();
      if (deleted != 0) {
        table->tombstones -= 1;
        free = deleted;
      } else if (table->growth_left != 0) {
        table->growth_left -= 1;
      } else {
        return {nullptr, nullptr};
      }
      uint32_t i = static_cast<uint32_t>(__builtin_ctz(free));
      table->used += 1;
      return {group + 8 + i * m->slot_size, group + i};
    }
    if (step > mask) return {nullptr, nullptr};
    index = (index + step) & mask;
  }
}

// Whoever finds the map in a state that only racing writers can have made.
[[noreturn]] inline void ThrowWrites() { ThrowUser("concurrent map writes"); }

// The hash of a key that is known to be hashable.
uint64_t HashOfStoredKey(const MapInfo* info, const Map* m, const void* key);
// The slot of `key`, of this hash; null: none.
uint8_t* FindSlot(const MapInfo* info, const Map* m, uint64_t hash,
                  const void* key);

// Where a slot's key and value are, behind boxes if there are any.
inline void* KeyIn(const Map* m, uint8_t* slot) {
  if ((m->flags & kMapIndirectKey) == 0) return slot;
  void* key;
  std::memcpy(&key, slot, sizeof(key));
  return key;
}
inline void* ValueIn(const Map* m, uint8_t* slot) {
  slot += m->value_offset;
  if ((m->flags & kMapIndirectValue) == 0) return slot;
  void* value;
  std::memcpy(&value, slot, sizeof(value));
  return value;
}

// Reading `flags` and marking the map as being written. Relaxed: they are to
// notice races, and order nothing.
inline uint8_t LoadFlags(const Map* m) {
  return __atomic_load_n(&m->flags, __ATOMIC_RELAXED);
}
inline void BeginWrite(Map* m) {
  uint8_t flags = LoadFlags(m);
  if ((flags & kMapWriting) != 0) [[unlikely]]
    ThrowWrites();
  __atomic_store_n(&m->flags, flags | kMapWriting, __ATOMIC_RELAXED);
}
inline void EndWrite(Map* m) {
  uint8_t flags = LoadFlags(m);
  if ((flags & kMapWriting) == 0) [[unlikely]]
    ThrowWrites();
  __atomic_store_n(&m->flags, flags & ~kMapWriting, __ATOMIC_RELAXED);
}

}  // namespace mgo::rt::map_internal

#endif  // MGO_RUNTIME_OBJECT_MAP_INTERNAL_H_
