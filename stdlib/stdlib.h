// The standard library: its sources, which are part of the binary, and its
// natives.
#ifndef MGO_STDLIB_STDLIB_H_
#define MGO_STDLIB_STDLIB_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/native.h"

namespace mgo::stdlib {

// A source file of the library; both texts live as long as the program.
struct SourceFile {
  std::string_view path;  // "fmt/print.mgo"
  std::string_view text;
};

// The files of the package with this import path, sorted; empty: there is no
// such package.
std::span<const SourceFile> FilesOf(std::string_view package_path);

// The path of the package with this name: "math/rand" for "rand". Of several,
// the one that Go programs mean most often; empty: there is none.
std::string_view PathOfName(std::string_view name);

// The native of a function: "math.Sqrt", "sync.(*Mutex).Lock". Null: there is
// none.
rt::NativeFn LookUpNative(std::string_view full_name);

// Sets os.Args; before the program starts.
void SetArguments(std::vector<std::string> arguments);

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_STDLIB_H_
