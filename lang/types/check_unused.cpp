// Variables that are declared and never used.
#include "lang/types/check.h"

namespace mgo::types {

void Checker::ReportUnusedVars(size_t first) {
  for (size_t i = first; i < locals_.size(); i++) {
    const Symbol* symbol = locals_[i];
    if (symbol->used || IsScript()) continue;
    Report(DiagKind::kUnusedVariable, symbol->pos, symbol->name->text);
  }
  locals_.resize(first);
}

}  // namespace mgo::types
