// Go's maps.
//
// A Swiss table: groups of eight slots, each group led by eight control bytes
// that hold seven bits of each entry's hash, so that one 8-byte SSE2 compare
// finds the candidates of a group, and an empty control byte ends a probe.
// Key, value and control bytes of a group lie together: a lookup touches one or
// two neighbouring cache lines.
//
// Groups form tables of 1 to 128 groups (8 to 1024 slots). A map begins with
// one table that is replaced by one of twice the size when it is 7/8 full; a
// full table of 128 groups is split in two by one more bit of the hash, under a
// directory indexed by the hash's top bits (extendible hashing). So no
// insertion ever moves more than 1024 entries, however large the map. A small
// map is the case of a directory with one entry, which lies in the Map itself:
// lookups are the same code for all sizes:
//
//   table = dir[(hash >> dir_shift) & dir_mask]
//   group = (hash >> 7) & group_mask, then +1, +3, +6...
//   tag   = hash & 127
//
// Iteration walks the hash space, prefix by prefix, from a random point. A
// table that was replaced or split while the iterator stood in it is `stale`:
// the iterator goes on in its old copy, which nobody changes any more, but asks
// the map for each key whether it is still there and with what value. Ranges of
// prefixes nest, so each entry is met once, whatever grew meanwhile.
//
// Keys and values over 128 bytes lie in boxes of their own, slots point at
// them.
//
// The tables are ordinary heap objects with descriptors (MapInfo), which the
// collector follows as it does any struct.
//
// Who may touch a map: as in Go, the program sees to it that nobody writes
// while others read. `flags` tries to notice when it does not; and what it does
// not notice breaks no memory but the map's own entries:
//
//   - tables and directories are never changed in size, and all masks only ever
//     grow; a mask is published after what it is for, and read before it. So no
//     index is ever outside of a table or directory;
//   - a writer takes the size of a table from that table;
//   - a control byte is set after its slot was filled, and cleared before;
//   - of two writers that want to change the structure at once one ends the
//     program (`growing`).
//
// What is left are torn strings and interfaces, as in any racing program.
#ifndef MGO_RUNTIME_OBJECT_MAP_H_
#define MGO_RUNTIME_OBJECT_MAP_H_

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/abi/type_desc.h"
#include "runtime/abi/values.h"
#include "runtime/object/equality.h"
#include "runtime/object/string.h"

namespace mgo::rt {

struct G;

inline constexpr uint32_t kMapGroupSlots = 8;
inline constexpr uint32_t kMapMaxGroups = 128;  // of one table
// Keys and values above this size lie in boxes of their own.
inline constexpr uint64_t kMapMaxInline = 128;

// Control bytes: a full slot's is its tag, 0..127.
inline constexpr uint8_t kCtrlEmpty = 0x80;
inline constexpr uint8_t kCtrlDeleted = 0xFE;
inline constexpr uint64_t kCtrlAllEmpty = 0x8080808080808080;

// A table; its groups follow. A group is eight control bytes, then eight slots.
struct MapTable {
  uint32_t growth_left;  // empty slots that may still be filled
  uint16_t used;         // full slots
  uint16_t tombstones;   // deleted slots
  uint16_t group_count;  // a power of two
  uint8_t depth;         // top bits of the hash that all its entries share
  uint8_t stale;         // replaced; only iterators still look at it
  uint32_t padding;
  uint8_t* Groups() { return reinterpret_cast<uint8_t*>(this + 1); }
};
static_assert(sizeof(MapTable) == 16);

enum MapFlags : uint8_t {
  kMapWriting = 1,        // somebody is in an assignment or deletion
  kMapIndirectKey = 2,    // slots hold pointers to keys
  kMapIndirectValue = 4,  // slots hold pointers to values
};

// A map value points at one; nil maps are null. len(m) is the first word.
struct Map {
  int64_t count;
  MapTable** dir;    // 1 << depth entries; &single while there is one table
  MapTable* single;  // the first table
  uint64_t seed;
  uint32_t dir_mask;
  uint32_t group_mask;    // of every table
  uint32_t group_size;    // bytes
  uint16_t slot_size;     // bytes
  uint16_t value_offset;  // of the value in a slot
  uint8_t dir_shift;      // 64 - depth, 63 at most
  uint8_t flags;          // MapFlags
  uint8_t depth;
  uint8_t growing;       // 1: somebody is changing tables; atomic
  uint32_t clear_count;  // how often it was cleared, for iterators
};
static_assert(offsetof(Map, count) == 0);
static_assert(sizeof(Map) <= 64);

// Which of the fast paths a map's key type takes.
enum class MapKeyKind : uint8_t {
  kGeneric,
  k8,       // plain keys of one byte (bool, int8, ...)
  k16,      // of two
  k32,      // of four: MapAccess32 and its kind
  k64,      // of eight, pointers and channels included: MapAccess64 ...
  kString,  // MapAccessStr ...
};

// What the implementation knows about a map type; TypeDesc::map_info.
struct MapInfo {
  const TypeDesc* type;
  const TypeDesc* key;
  const TypeDesc* elem;
  uint32_t group_size;
  uint16_t slot_size;
  uint16_t value_offset;
  MapKeyKind key_kind;
  uint8_t flags;          // kMapIndirectKey, kMapIndirectValue
  bool key_has_pointers;  // a slot's key part needs write barriers
  bool rewrite_key;       // an equal key may differ (-0, string memory)
  bool slot_has_pointers;
  // Descriptors of the storage: a slot, and tables of 1, 2, 4 ... 128 groups.
  const TypeDesc* slot;
  const TypeDesc* tables[8];
};

// The MapInfo of a map type, made at its first use.
const MapInfo* MakeMapInfo(const TypeDesc* map_type);
inline const MapInfo* GetMapInfo(const TypeDesc* map_type) {
  const void* info = __atomic_load_n(&map_type->map_info, __ATOMIC_ACQUIRE);
  if (info != nullptr) [[likely]]
    return static_cast<const MapInfo*>(info);
  return MakeMapInfo(map_type);
}

// The descriptor of a Map itself.
const TypeDesc* MapObjectType();
// The fast path of maps of this type (for the compiler).
MapKeyKind MapKeyKindOf(const TypeDesc* map_type);

// make(map[K]V, hint); a negative or absurd hint counts as 0.
Map* MakeMap(G* g, const TypeDesc* map_type, int64_t hint);

// m[*key]: *value points at the value, or is null where there is none (also for
// a nil map). False: panicked (unhashable key). `key` is in memory form.
[[nodiscard]] bool MapAccess(G* g, const TypeDesc* map_type, Map* m,
                             const void* key, void** value);
// The address of the value cell of m[*key], made (zero) if there was none. The
// caller stores into it, with write barriers, before anything else happens to
// the map. Null: panicked (nil map, unhashable key).
[[nodiscard]] void* MapAssign(G* g, const TypeDesc* map_type, Map* m,
                              const void* key);
// delete(m, *key). False: panicked (unhashable key).
[[nodiscard]] bool MapDelete(G* g, const TypeDesc* map_type, Map* m,
                             const void* key);
// clear(m).
void MapClear(G* g, const TypeDesc* map_type, Map* m);
// A copy of `m` with the same entries (maps.Clone).
Map* MapClone(G* g, const TypeDesc* map_type, Map* m);

// MapAssign for the key kinds k64 (keys that hold pointers too), k32, kString.
// Null: panicked (nil map).
[[nodiscard]] void* MapAssign64(G* g, const TypeDesc* map_type, Map* m,
                                uint64_t key);
[[nodiscard]] void* MapAssign32(G* g, const TypeDesc* map_type, Map* m,
                                uint32_t key);
[[nodiscard]] void* MapAssignStr(G* g, const TypeDesc* map_type, Map* m,
                                 GoString key);
// MapDelete for the same key kinds. They cannot panic.
void MapDelete64(G* g, const TypeDesc* map_type, Map* m, uint64_t key);
void MapDelete32(G* g, const TypeDesc* map_type, Map* m, uint32_t key);
void MapDeleteStr(G* g, const TypeDesc* map_type, Map* m, GoString key);

// Lookups whose map has flags set: a race, or values in boxes.
void* MapAccess64Slow(Map* m, uint64_t key);
void* MapAccess32Slow(Map* m, uint32_t key);
void* MapAccessStrSlow(Map* m, GoString key);

// The control bytes of a group, and sets of slots of it (bit i: slot i).
struct MapGroup {
  __m128i ctrl;
  explicit MapGroup(const uint8_t* group)
      : ctrl(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(group))) {}
  // Slots with this tag.
  uint32_t Match(uint8_t tag) const {
    return static_cast<uint32_t>(_mm_movemask_epi8(
               _mm_cmpeq_epi8(ctrl, _mm_set1_epi8(static_cast<char>(tag))))) &
           0xFF;
  }
  // Slots never used since the table was made.
  uint32_t Empty() const { return Match(kCtrlEmpty); }
  // Slots that hold no entry.
  uint32_t Free() const {
    return static_cast<uint32_t>(_mm_movemask_epi8(ctrl)) & 0xFF;
  }
  // Slots that hold an entry.
  uint32_t Full() const { return Free() ^ 0xFF; }
};

// The mask of the indexes of groups, for the table that is read afterwards.
inline uint32_t MapGroupMask(const Map* m) {
  return __atomic_load_n(&m->group_mask, __ATOMIC_ACQUIRE);
}
// The table for entries of this hash.
inline MapTable* MapTableOf(const Map* m, uint64_t hash) {
  uint32_t mask = __atomic_load_n(&m->dir_mask, __ATOMIC_ACQUIRE);
  return m->dir[(hash >> m->dir_shift) & mask];
}

// The slot whose key `equal(slot)` accepts, among those of this hash in a
// table; null: there is none. `mask`: no larger than the table.
template <typename KeyEqual>
inline uint8_t* MapFindIn(const Map* m, MapTable* table, uint32_t mask,
                          uint64_t hash, KeyEqual equal) {
  uint8_t* groups = table->Groups();
  uint32_t index = static_cast<uint32_t>(hash >> 7) & mask;
  uint32_t step = 0;
  const uint8_t tag = hash & 0x7F;
  for (;;) {
    uint8_t* group = groups + static_cast<uint64_t>(index) * m->group_size;
    MapGroup ctrl(group);
    for (uint32_t set = ctrl.Match(tag); set != 0; set &= set - 1) {
      uint8_t* slot =
          group + 8 + static_cast<uint32_t>(__builtin_ctz(set)) * m->slot_size;
      if (equal(slot)) [[likely]]
        return slot;
    }
    if (ctrl.Empty() != 0) [[likely]]
      return nullptr;
    // A table of one group may be full: stop when all have been seen.
    if (++step > mask) return nullptr;
    index = (index + step) & mask;
  }
}

// The same in the whole map.
template <typename KeyEqual>
inline uint8_t* MapFindSlot(const Map* m, uint64_t hash, KeyEqual equal) {
  uint32_t mask = MapGroupMask(m);
  return MapFindIn(m, MapTableOf(m, hash), mask, hash, equal);
}

// m[key] for key kind k64: where the value is; null: there is none.
inline void* MapAccess64(Map* m, uint64_t key) {
  if (m == nullptr || m->count == 0) return nullptr;
  if (m->flags != 0) [[unlikely]]
    return MapAccess64Slow(m, key);
  uint8_t* slot =
      MapFindSlot(m, HashInt(key, m->seed), [key](const uint8_t* s) {
        uint64_t k;
        std::memcpy(&k, s, 8);
        return k == key;
      });
  return slot == nullptr ? nullptr : slot + m->value_offset;
}

// m[key] for key kind k32.
inline void* MapAccess32(Map* m, uint32_t key) {
  if (m == nullptr || m->count == 0) return nullptr;
  if (m->flags != 0) [[unlikely]]
    return MapAccess32Slow(m, key);
  uint8_t* slot =
      MapFindSlot(m, HashInt(key, m->seed), [key](const uint8_t* s) {
        uint32_t k;
        std::memcpy(&k, s, 4);
        return k == key;
      });
  return slot == nullptr ? nullptr : slot + m->value_offset;
}

// m[key] for key kind kString.
inline void* MapAccessStr(Map* m, GoString key) {
  if (m == nullptr || m->count == 0) return nullptr;
  if (m->flags != 0) [[unlikely]]
    return MapAccessStrSlow(m, key);
  uint64_t hash = HashBytes(key.ptr, static_cast<size_t>(key.len), m->seed);
  uint8_t* slot = MapFindSlot(m, hash, [key](const uint8_t* s) {
    GoString k;
    std::memcpy(&k, s, sizeof(k));
    return EqualStrings(k, key);
  });
  return slot == nullptr ? nullptr : slot + m->value_offset;
}

// An iteration under way; lives in a frame. key and value are what MapIterNext
// found, valid until the map is written or the goroutine stops: they are no
// roots, copy what they point at at once.
struct MapIter {
  Map* map;         // root
  MapTable* table;  // root; null: take the next one
  const void* key;  // not roots
  void* value;
  const TypeDesc* type;  // the map's
  // The hash space, cut into 2^32 prefixes: where the next table's range
  // begins, and how many prefixes are left after the present table's.
  uint64_t next_prefix;
  uint64_t prefixes_left;
  uint32_t group;          // groups of the table visited so far
  uint32_t pending;        // slots of the present group still to visit
  uint32_t offset;         // random, of this iteration
  uint32_t clear_count;    // the map's, when the table was entered
  uint8_t* group_address;  // in the table, no root
};
inline constexpr int kMapIterSlots = sizeof(MapIter) / 8;
// The frame slots of a MapIter that are roots, bit 0 the first.
inline constexpr uint64_t kMapIterPointerMask = 3;
static_assert(sizeof(MapIter) % 8 == 0);

// The descriptor of a MapIter.
const TypeDesc* MapIterType();

// Begins `for range m`; m may be nil. MapIterNext gives the first entry.
void MapIterInit(const TypeDesc* map_type, Map* m, MapIter* it);
// MapIterNext when the group at hand has no more entries that can be given
// without further ado.
bool MapIterNextSlow(MapIter* it);

// The next entry, into it->key and it->value. False: there is none.
inline bool MapIterNext(MapIter* it) {
  MapTable* table = it->table;
  if (table != nullptr && it->pending != 0 && it->map->flags == 0 &&
      !table->stale) [[likely]] {
    uint32_t number = static_cast<uint32_t>(__builtin_ctz(it->pending));
    uint32_t index = (number + it->offset) & 7;
    it->pending &= it->pending - 1;
    if (it->group_address[index] < 0x80) [[likely]] {
      uint8_t* slot = it->group_address + 8 + index * it->map->slot_size;
      it->key = slot;
      it->value = slot + it->map->value_offset;
      return true;
    }
  }
  return MapIterNextSlow(it);
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_MAP_H_
