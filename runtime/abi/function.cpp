// The table of functions by code address.
//
// Readers (stack walks, possibly of many threads) search a sorted array that
// never changes once published; registering appends to a pending list, and the
// first reader afterwards publishes a merged array. Old arrays are kept, since
// a reader may still be in one: a program registers in few batches.
//
// The word after a function's last may be the next function's entry: a search
// for a return address is made for the word before it.
#include "runtime/abi/function.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "runtime/base/mutex.h"

namespace mgo::rt {
namespace {

// A function's code, kept here so that a search touches no Function.
struct Entry {
  const CodeWord* begin;
  const CodeWord* end;
  const Function* function;
};

struct Table {
  std::vector<Entry> entries;  // by begin
  const Table* older;          // the one before, for readers that are in it
};

Mutex table_lock(LockRank::kFunctions);
std::vector<Entry> pending;  // protector: table_lock
std::atomic<bool> has_pending{false};
std::atomic<const Table*> published{nullptr};

const Table* CurrentTable() {
  if (has_pending.load(std::memory_order_acquire)) {
    MutexLock lock(table_lock);
    if (!pending.empty()) {
      auto* table = new Table;
      table->older = published.load();
      auto& entries = table->entries;
      if (table->older != nullptr) entries = table->older->entries;
      entries.insert(entries.end(), pending.begin(), pending.end());
      std::sort(
          entries.begin(), entries.end(),
          [](const Entry& a, const Entry& b) { return a.begin < b.begin; });
      pending.clear();
      published.store(table, std::memory_order_release);
      has_pending.store(false, std::memory_order_release);
    }
  }
  return published.load(std::memory_order_acquire);
}

}  // namespace

void RegisterFunction(const Function* function) {
  MutexLock lock(table_lock);
  pending.push_back(
      {function->entry, function->entry + function->code_words, function});
  has_pending.store(true, std::memory_order_release);
}

void ResetFunctionsForTesting() {
  MutexLock lock(table_lock);
  pending.clear();
  has_pending.store(false);
  for (const Table* table = published.exchange(nullptr); table != nullptr;) {
    const Table* older = table->older;
    delete table;
    table = older;
  }
}

const Function* FindFunction(const CodeWord* pc) {
  const Table* table = CurrentTable();
  if (table == nullptr) return nullptr;
  const auto& entries = table->entries;
  auto it = std::upper_bound(
      entries.begin(), entries.end(), pc,
      [](const CodeWord* p, const Entry& e) { return p < e.begin; });
  if (it == entries.begin()) return nullptr;
  --it;
  return pc <= it->end ? it->function : nullptr;
}

const RootMap* FindRootMap(const Function* function, const CodeWord* pc) {
  auto offset = static_cast<uint32_t>(pc - function->entry);
  const RootMap* begin = function->root_maps;
  const RootMap* end = begin + function->root_map_count;
  const RootMap* it = std::lower_bound(
      begin, end, offset,
      [](const RootMap& map, uint32_t o) { return map.offset < o; });
  return it != end && it->offset == offset ? it : nullptr;
}

const LineEntry* FindLine(const Function* function, uint32_t offset) {
  const LineEntry* begin = function->lines;
  const LineEntry* end = begin + function->line_count;
  if (begin == end) return nullptr;
  const LineEntry* it = std::upper_bound(
      begin, end, offset,
      [](uint32_t o, const LineEntry& line) { return o < line.offset; });
  return it == begin ? begin : it - 1;
}

}  // namespace mgo::rt
