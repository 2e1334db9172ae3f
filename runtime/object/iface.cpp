#include "runtime/object/iface.h"

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstring>

#include "runtime/base/mutex.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/equality.h"
#include "runtime/object/raise.h"

namespace mgo::rt {
namespace {

// What is known of one pair. Never changed once it is in the table.
struct ItabRecord {
  bool implements;
  Itab itab;  // its functions may go on behind the record
};

// The table: open addressing, a power of two, at most half full. Readers take
// no lock; `itab_lock` protects insertion. A table that was outgrown is never
// freed, since somebody may still be reading it; together they are no larger
// than the present one.
struct ItabTable {
  ItabTable* outgrown;  // the one before, may be null
  uint64_t mask;
  uint64_t count;  // protector: itab_lock
  std::atomic<const ItabRecord*> entries[1];
};

constexpr uint64_t kFirstItabTable = 256;

constinit Mutex itab_lock(LockRank::kLeaf);
constinit std::atomic<ItabTable*> itab_table{nullptr};

uint64_t HashPair(const TypeDesc* iface, const TypeDesc* type) {
  return MixHash(reinterpret_cast<uintptr_t>(iface) ^ kHashMul2,
                 reinterpret_cast<uintptr_t>(type) ^ kHashMul0);
}

// The record of the pair; null: not known yet.
const ItabRecord* FindRecord(const ItabTable* table, const TypeDesc* iface,
                             const TypeDesc* type) {
  if (table == nullptr) return nullptr;
  for (uint64_t i = HashPair(iface, type);; ++i) {
    const ItabRecord* record =
        table->entries[i & table->mask].load(std::memory_order_acquire);
    if (record == nullptr ||
        (record->itab.iface == iface && record->itab.word.type == type)) {
      return record;
    }
  }
}

ItabTable* NewItabTable(uint64_t size, ItabTable* outgrown) {
  void* memory = ::operator new(offsetof(ItabTable, entries) +
                                size * sizeof(std::atomic<void*>));
  auto* table = static_cast<ItabTable*>(memory);
  table->outgrown = outgrown;
  table->mask = size - 1;
  table->count = 0;
  for (uint64_t i = 0; i < size; ++i) {
    new (&table->entries[i]) std::atomic<const ItabRecord*>(nullptr);
  }
  return table;
}

// Under itab_lock.
void InsertRecord(ItabTable* table, const ItabRecord* record) {
  uint64_t i = HashPair(record->itab.iface, record->itab.word.type);
  while (table->entries[i & table->mask].load(std::memory_order_relaxed) !=
         nullptr) {
    ++i;
  }
  table->entries[i & table->mask].store(record, std::memory_order_release);
  table->count += 1;
}

// The present table, with room for one more. Under itab_lock.
ItabTable* TableWithRoom() {
  ItabTable* table = itab_table.load(std::memory_order_relaxed);
  if (table != nullptr && table->count * 2 <= table->mask) return table;
  ItabTable* larger = NewItabTable(
      table == nullptr ? kFirstItabTable : (table->mask + 1) * 2, table);
  for (uint64_t i = 0; table != nullptr && i <= table->mask; ++i) {
    const ItabRecord* record =
        table->entries[i].load(std::memory_order_relaxed);
    if (record != nullptr) InsertRecord(larger, record);
  }
  itab_table.store(larger, std::memory_order_release);
  return larger;
}

// Order of methods in a type's list.
int CompareNames(const MethodName& a, const MethodName& b) {
  int order = a.name.compare(b.name);
  return order != 0 ? order : a.package_path.compare(b.package_path);
}

// Finds the methods of `iface` among those of `type`, both sorted, in one pass.
// `functions`, if not null, gets them. False: *missing is the first that is not
// there.
bool MatchMethods(const TypeDesc* iface, const TypeDesc* type,
                  const Function** functions, MethodName* missing) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < iface->method_count; ++i) {
    const MethodDesc& wanted = iface->methods[i];
    while (at < type->method_count &&
           CompareNames(type->methods[at].name, wanted.name) < 0) {
      ++at;
    }
    if (at == type->method_count ||
        CompareNames(type->methods[at].name, wanted.name) != 0 ||
        type->methods[at].signature != wanted.signature) {
      if (missing != nullptr) *missing = wanted.name;
      return false;
    }
    if (functions != nullptr) functions[i] = type->methods[at].function;
  }
  return true;
}

const ItabRecord* MakeRecord(const TypeDesc* iface, const TypeDesc* type) {
  uint64_t size =
      sizeof(ItabRecord) + iface->method_count * sizeof(const Function*);
  void* memory = ::operator new(size);
  std::memset(memory, 0, size);
  auto* record = static_cast<ItabRecord*>(memory);
  record->itab.word.type = type;
  record->itab.iface = iface;
  record->implements =
      MatchMethods(iface, type, record->itab.functions, nullptr);
  return record;
}

const ItabRecord* GetRecord(const TypeDesc* iface, const TypeDesc* type) {
  const ItabRecord* record =
      FindRecord(itab_table.load(std::memory_order_acquire), iface, type);
  if (record != nullptr) [[likely]]
    return record;
  MutexLock lock(itab_lock);
  ItabTable* table = TableWithRoom();
  record = FindRecord(table, iface, type);
  if (record == nullptr) {
    record = MakeRecord(iface, type);
    InsertRecord(table, record);
  }
  return record;
}

// The package that a type belongs to by its name, or by the first of its fields
// or methods that is not exported; empty: none.
std::string_view PackageOf(const TypeDesc* type) {
  if (!type->package_path.empty()) return type->package_path;
  for (uint32_t i = 0; i < type->field_count; i++) {
    if (!type->fields[i].exported) return type->fields[i].package_path;
  }
  for (uint32_t i = 0; i < type->method_count; i++) {
    std::string_view path = type->methods[i].name.package_path;
    if (!path.empty()) return path;
  }
  return {};
}

// Two types that print alike: where they differ.
const char* WhyDifferent(const TypeDesc* a, const TypeDesc* b) {
  return PackageOf(a) != PackageOf(b) ? " (types from different packages)"
                                      : " (types from different scopes)";
}

}  // namespace

const Itab* GetItab(const TypeDesc* iface, const TypeDesc* type) {
  assert(iface->kind == Kind::kInterface && iface->method_count != 0 &&
         "an itab is for an interface with methods");
  const ItabRecord* record = GetRecord(iface, type);
  return record->implements ? &record->itab : nullptr;
}

bool Implements(const TypeDesc* iface, const TypeDesc* type,
                MethodName* missing) {
  return MatchMethods(iface, type, nullptr, missing);
}

const TypeWord* WordFor(const TypeDesc* iface, const TypeDesc* type) {
  if (iface->method_count == 0) return &type->self;
  const Itab* itab = GetItab(iface, type);
  return itab == nullptr ? nullptr : &itab->word;
}

bool TryAssertIface(const TypeDesc* iface, GoIface value, GoIface* result) {
  const TypeDesc* type = value.Type();
  const TypeWord* word = type == nullptr ? nullptr : WordFor(iface, type);
  *result = {word, word == nullptr ? 0 : value.data};
  return word != nullptr;
}

bool AssertIface(G* g, const TypeDesc* iface, GoIface value, GoIface* result) {
  if (TryAssertIface(iface, value, result)) [[likely]]
    return true;
  RaiseAssertion(g, nullptr, value, iface);
  return false;
}

GoIface ConvertIface(const TypeDesc* iface, GoIface value) {
  GoIface result;
  TryAssertIface(iface, value, &result);
  return result;
}

std::string AssertionText(const TypeDesc* static_type, GoIface value,
                          const TypeDesc* wanted) {
  const TypeDesc* type = value.Type();
  std::string text = "interface conversion: ";
  if (type != nullptr && wanted->kind == Kind::kInterface) {
    MethodName missing = {};
    Implements(wanted, type, &missing);
    text.append(type->string).append(" is not ").append(wanted->string);
    return text.append(": missing method ").append(missing.name);
  }
  bool name_static = static_type != nullptr && wanted->kind != Kind::kInterface;
  text.append(name_static ? static_type->string : "interface").append(" is ");
  if (type == nullptr) {
    return text.append("nil, not ").append(wanted->string);
  }
  text.append(type->string).append(", not ").append(wanted->string);
  if (type->string == wanted->string) text += WhyDifferent(type, wanted);
  return text;
}

void RaiseAssertion(G* g, const TypeDesc* static_type, GoIface value,
                    const TypeDesc* wanted) {
  RaiseTypeAssertion(g, AssertionText(static_type, value, wanted));
}

}  // namespace mgo::rt
