#include "lang/types/symbol.h"

namespace mgo::types {

// Scopes with more symbols than this get an index.
static constexpr size_t kLinearLimit = 8;

Symbol* Scope::Find(const Name* name) const {
  if (symbols_.size() > kLinearLimit) return index_.lookup(name);
  for (Symbol* symbol : symbols_) {
    if (symbol->name == name) return symbol;
  }
  return nullptr;
}

Symbol* Scope::Insert(Symbol* symbol) {
  if (symbol->name == nullptr || symbol->name->blank) return nullptr;
  if (Symbol* earlier = Find(symbol->name)) return earlier;
  symbols_.push_back(symbol);
  if (symbols_.size() == kLinearLimit + 1) {
    for (Symbol* s : symbols_) index_[s->name] = s;
  } else if (symbols_.size() > kLinearLimit) {
    index_[symbol->name] = symbol;
  }
  return nullptr;
}

}  // namespace mgo::types
