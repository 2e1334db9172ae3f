#include "runtime/abi/function.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace mgo::rt {
namespace {

TEST(FunctionTable, FindsByAddressAcrossBatches) {
  static CodeWord code[64];
  static std::vector<std::unique_ptr<Function>> functions;
  for (int i = 0; i < 8; i++) {
    auto f = std::make_unique<Function>();
    *f = {};
    f->entry = code + (7 - i) * 8;
    f->code_words = 7;
    RegisterFunction(f.get());
    functions.push_back(std::move(f));
    // A search between registrations publishes one more table.
    EXPECT_EQ(FindFunction(code + (7 - i) * 8), functions.back().get());
  }
  for (int i = 0; i < 8; i++) {
    const Function* f = functions[static_cast<size_t>(7 - i)].get();
    EXPECT_EQ(FindFunction(code + i * 8), f);
    EXPECT_EQ(FindFunction(code + i * 8 + 6), f);
    EXPECT_EQ(FindFunction(code + i * 8 + 7), f);
  }
  CodeWord elsewhere[1];
  EXPECT_EQ(FindFunction(elsewhere), nullptr);
  EXPECT_EQ(FindFunction(nullptr), nullptr);
}

TEST(FunctionTable, RootMapsAndLines) {
  CodeWord code[32];
  uint64_t bits = 5;
  RootMap maps[] = {{0, 3, &bits, nullptr}, {7, 1, &bits, nullptr}};
  LineEntry lines[] = {{0, 10, 0, 0, 0}, {4, 11, 0, 0, 0}, {9, 12, 0, 0, 0}};
  Function f = {};
  f.entry = code;
  f.code_words = 20;
  f.root_maps = maps;
  f.root_map_count = 2;
  f.lines = lines;
  f.line_count = 3;
  EXPECT_EQ(FindRootMap(&f, code), &maps[0]);
  EXPECT_EQ(FindRootMap(&f, code + 7), &maps[1]);
  EXPECT_EQ(FindRootMap(&f, code + 6), nullptr);
  EXPECT_EQ(FindRootMap(&f, code + 8), nullptr);
  EXPECT_EQ(FindLine(&f, 0)->line, 10u);
  EXPECT_EQ(FindLine(&f, 3)->line, 10u);
  EXPECT_EQ(FindLine(&f, 4)->line, 11u);
  EXPECT_EQ(FindLine(&f, 30)->line, 12u);
  f.line_count = 0;
  EXPECT_EQ(FindLine(&f, 0), nullptr);
}

}  // namespace
}  // namespace mgo::rt
