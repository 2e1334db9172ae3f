// Build constraints: which files of a folder take part (go help
// buildconstraint). mgo is linux/amd64 to them, whatever it runs on, since that
// is whose layouts and constants it has.
#ifndef MGO_CMD_MGO_BUILD_CONSTRAINT_H_
#define MGO_CMD_MGO_BUILD_CONSTRAINT_H_

#include <string>

#include "llvm/ADT/StringRef.h"

namespace mgo::cmd {

// Tells whether a file name such as `x_windows.go` or `x_arm64.go` names
// another system than linux/amd64.
bool FileNameMatches(llvm::StringRef file_name);

// Tells whether the `//go:build` line in a file's text, if any, holds. Where it
// is malformed, *error says why.
bool ConstraintHolds(llvm::StringRef text, std::string* error);

}  // namespace mgo::cmd

#endif  // MGO_CMD_MGO_BUILD_CONSTRAINT_H_
