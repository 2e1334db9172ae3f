// `mgo dump --types`: what the checker found out, as text.
#ifndef MGO_LANG_TYPES_DUMP_H_
#define MGO_LANG_TYPES_DUMP_H_

#include "lang/diag/source.h"
#include "lang/types/package.h"
#include "llvm/Support/raw_ostream.h"

namespace mgo::types {

// Writes each package-level symbol with its type, then each expression of the
// package, in the order of their ids: `line:col kind text: mode type = value`.
// Expressions that were not checked (unused library code) are left out.
void DumpTypes(const Package& package, const diag::SourceSet& sources,
               llvm::raw_ostream& out);

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_DUMP_H_
