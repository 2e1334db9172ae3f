// The table of functions by code address.
//
// Readers (stack walks, possibly of many threads) search a sorted array that
// never changes once published; registering appends to a pending list, and the
// first reader afterwards publishes a merged array. Old arrays are kept, since
// a reader may still be in one: a program registers in few batches.
#include "runtime/abi/function.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "runtime/base/mutex.h"

namespace mgo::rt {
namespace {

struct Table {
  std::vector<const Function*> functions;  // by entry
};

Mutex table_lock(LockRank::kFunctions);
std::vector<const Function*> pending;  // protector: table_lock
std::atomic<bool> has_pending{false};
std::atomic<Table*> published{nullptr};

bool ByEntry(const Function* a, const Function* b) {
  return a->entry < b->entry;
}

Table* CurrentTable() {
  if (has_pending.load(std::memory_order_acquire)) {
    MutexLock lock(table_lock);
    if (!pending.empty()) {
      auto* table = new Table;
      if (Table* old = published.load()) table->functions = old->functions;
      size_t sorted = table->functions.size();
      std::sort(pending.begin(), pending.end(), ByEntry);
      table->functions.insert(table->functions.end(), pending.begin(),
                              pending.end());
      std::inplace_merge(
          table->functions.begin(),
          table->functions.begin() + static_cast<ptrdiff_t>(sorted),
          table->functions.end(), ByEntry);
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
  pending.push_back(function);
  has_pending.store(true, std::memory_order_release);
}

const Function* FindFunction(const CodeWord* pc) {
  Table* table = CurrentTable();
  if (table == nullptr) return nullptr;
  const auto& functions = table->functions;
  auto it = std::upper_bound(
      functions.begin(), functions.end(), pc,
      [](const CodeWord* p, const Function* f) { return p < f->entry; });
  if (it == functions.begin()) return nullptr;
  const Function* function = *--it;
  if (pc > function->entry + function->code_words) return nullptr;
  // The word after the last may be the next function's entry: an address is
  // then taken for that one's, unless the search for it ends here.
  return function;
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
