#include "stdlib/stdlib.h"

#include <algorithm>
#include <iterator>

#include "stdlib/natives.h"

// All sources, one after the other (embed.py).
extern "C" const char mgo_stdlib_text[];

namespace mgo::stdlib {

namespace {

struct Native {
  std::string_view name;
  rt::NativeFn function;
};

constexpr Native kNatives[] = {
#define NATIVE(name, function) {name, function},
#include "stdlib/natives.def"
#undef NATIVE
};

constexpr bool Sorted() {
  for (size_t i = 1; i < std::size(kNatives); ++i) {
    if (kNatives[i - 1].name >= kNatives[i].name) return false;
  }
  return true;
}
static_assert(Sorted(), "natives.def is sorted by name");

constexpr std::string_view kPackages[] = {
#define EMBEDDED(package, path, at, size) package,
#include "embedded.inc"
#undef EMBEDDED
};

const SourceFile* Files() {
  static const SourceFile files[] = {
#define EMBEDDED(package, path, at, size) \
  {path, {mgo_stdlib_text + (at), size}},
#include "embedded.inc"
#undef EMBEDDED
  };
  return files;
}

}  // namespace

std::span<const SourceFile> FilesOf(std::string_view package_path) {
  auto range = std::equal_range(std::begin(kPackages), std::end(kPackages),
                                package_path);
  return {Files() + (range.first - std::begin(kPackages)),
          static_cast<size_t>(range.second - range.first)};
}

std::string_view PathOfName(std::string_view name) {
  // Of packages with the same name.
  static constexpr std::string_view kPreferred[] = {"math/rand",
                                                    "text/template"};
  std::string_view found;
  for (std::string_view path : kPackages) {
    size_t slash = path.rfind('/');
    std::string_view last =
        slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (last != name || path.starts_with("internal/")) continue;
    if (found.empty() || std::find(std::begin(kPreferred), std::end(kPreferred),
                                   path) != std::end(kPreferred)) {
      found = path;
    }
  }
  return found;
}

rt::NativeFn LookUpNative(std::string_view full_name) {
  const auto* native = std::lower_bound(
      std::begin(kNatives), std::end(kNatives), full_name,
      [](const Native& n, std::string_view name) { return n.name < name; });
  if (native == std::end(kNatives) || native->name != full_name) {
    return nullptr;
  }
  return native->function;
}

}  // namespace mgo::stdlib
