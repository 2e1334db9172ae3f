// Variables that are declared and never used.
#include "lang/types/check.h"

namespace mgo::types {

// Whether `inner` lies in `outer`.
static bool Within(const Scope* inner, const Scope* outer) {
  while (inner != nullptr && inner != outer) inner = inner->Parent();
  return inner != nullptr;
}

// A block's variables come before those of the blocks in it: where there are
// too many errors, that decides which ones are shown.
void Checker::ReportUnusedVars(size_t first) {
  llvm::SmallVector<const Symbol*, 4> unused;
  for (size_t i = first; i < locals_.size(); i++) {
    const Symbol* symbol = locals_[i];
    if (!symbol->used && !IsScript()) unused.push_back(symbol);
  }
  llvm::stable_sort(unused, [](const Symbol* a, const Symbol* b) {
    if (a->scope == b->scope) return a->pos < b->pos;
    if (Within(b->scope, a->scope)) return true;
    return !Within(a->scope, b->scope) && a->pos < b->pos;
  });
  for (const Symbol* symbol : unused) {
    Report(DiagKind::kUnusedVariable, symbol->pos, symbol->name->text);
  }
  locals_.resize(first);
}

}  // namespace mgo::types
