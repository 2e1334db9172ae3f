#include "runtime/object/iface.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

#include "runtime/abi/function.h"
#include "runtime/object/string.h"
#include "runtime/object/test_env.h"
#include "runtime/object/test_types.h"

namespace mgo::rt {
namespace {

using test::Any;
using test::Eface;
using test::Int;
using test::String;

// A method; package is empty for exported ones.
struct Method {
  const char* name;
  const char* package = "";
  const TypeDesc* signature = test::Func();
};

// A type of `kind` with these methods, sorted here; each has its own function.
TypeDesc* WithMethods(Kind kind, const char* name,
                      std::vector<Method> methods) {
  bool is_iface = kind == Kind::kInterface;
  TypeDesc* t =
      test::Basic(kind, name, is_iface ? 16 : 8, is_iface ? 0 : kDirectIface);
  std::sort(methods.begin(), methods.end(),
            [](const Method& a, const Method& b) {
              return std::string_view(a.name) < std::string_view(b.name);
            });
  auto* descs = new MethodDesc[methods.size()]();
  for (size_t i = 0; i < methods.size(); ++i) {
    descs[i].name = {methods[i].name, methods[i].package};
    descs[i].signature = methods[i].signature;
    if (!is_iface) descs[i].function = new Function();
  }
  t->methods = descs;
  t->method_count = static_cast<uint32_t>(methods.size());
  return t;
}

TEST(IfaceTest, ItabHasTheInterfacesOrder) {
  TypeDesc* iface = WithMethods(Kind::kInterface, "main.I", {{"M"}, {"B"}});
  TypeDesc* type =
      WithMethods(Kind::kInt, "main.T", {{"Z"}, {"M"}, {"A"}, {"B"}});
  const Itab* itab = GetItab(iface, type);
  ASSERT_NE(itab, nullptr);
  EXPECT_EQ(itab->word.type, type);
  EXPECT_EQ(itab->iface, iface);
  EXPECT_EQ(itab->functions[0], type->methods[1].function);  // B
  EXPECT_EQ(itab->functions[1], type->methods[2].function);  // M
  EXPECT_EQ(GetItab(iface, type), itab);
}

TEST(IfaceTest, Implements) {
  TypeDesc* iface =
      WithMethods(Kind::kInterface, "main.I", {{"M"}, {"n", "main"}});
  MethodName missing;
  TypeDesc* no_n = WithMethods(Kind::kInt, "main.A", {{"M"}});
  EXPECT_FALSE(Implements(iface, no_n, &missing));
  EXPECT_EQ(missing.name, "n");
  TypeDesc* other_n =
      WithMethods(Kind::kInt, "main.B", {{"M"}, {"n", "other"}});
  EXPECT_FALSE(Implements(iface, other_n, &missing));
  TypeDesc* wrong =
      WithMethods(Kind::kInt, "main.C", {{"M", "", Int()}, {"n", "main"}});
  EXPECT_FALSE(Implements(iface, wrong, &missing));
  EXPECT_EQ(missing.name, "M");
  EXPECT_EQ(GetItab(iface, wrong), nullptr);
  EXPECT_EQ(GetItab(iface, wrong), nullptr);
  TypeDesc* good = WithMethods(Kind::kInt, "main.D", {{"M"}, {"n", "main"}});
  EXPECT_TRUE(Implements(iface, good, nullptr));
}

TEST(IfaceTest, ManyPairsFromManyThreads) {
  std::vector<TypeDesc*> ifaces, types;
  for (int i = 0; i < 40; ++i) {
    ifaces.push_back(WithMethods(Kind::kInterface, "I", {{"M"}}));
    types.push_back(WithMethods(Kind::kInt, "T", {{i % 2 ? "M" : "N"}}));
  }
  std::vector<const Itab*> seen[2];
  auto run = [&](int which) {
    for (TypeDesc* iface : ifaces) {
      for (TypeDesc* type : types) seen[which].push_back(GetItab(iface, type));
    }
  };
  std::thread a(run, 0), b(run, 1);
  a.join();
  b.join();
  EXPECT_EQ(seen[0], seen[1]);
  for (size_t i = 0; i < seen[0].size(); ++i) {
    EXPECT_EQ(seen[0][i] != nullptr, i % 2 == 1);
  }
}

TEST(IfaceTest, AssertAndConvert) {
  TypeDesc* iface = WithMethods(Kind::kInterface, "main.I", {{"M"}});
  TypeDesc* good = WithMethods(Kind::kInt, "main.T", {{"M"}});
  GoIface out;
  ASSERT_TRUE(AssertIface(TestG(), iface, Eface(good, uint64_t{42}), &out));
  EXPECT_EQ(out.Type(), good);
  EXPECT_EQ(out.data, 42u);
  EXPECT_EQ(out.word, &GetItab(iface, good)->word);
  EXPECT_EQ(ConvertIface(Any(), out).word, &good->self);
  EXPECT_EQ(ConvertIface(iface, GoIface{}).word, nullptr);
  EXPECT_FALSE(TryAssertIface(iface, Eface(Int(), uint64_t{1}), &out));
  EXPECT_EQ(out.word, nullptr);
  EXPECT_FALSE(AssertIface(TestG(), iface, Eface(Int(), uint64_t{1}), &out));
  EXPECT_EQ(TakePanic(),
            "interface conversion: int is not main.I: missing method M");
  EXPECT_FALSE(AssertIface(TestG(), iface, GoIface{}, &out));
  EXPECT_EQ(TakePanic(), "interface conversion: interface is nil, not main.I");
}

TEST(IfaceTest, AssertionTexts) {
  GoString text = StaticString("s");
  GoIface s = Eface(String(), &text);
  EXPECT_EQ(AssertionText(Any(), s, Int()),
            "interface conversion: interface {} is string, not int");
  EXPECT_EQ(AssertionText(Any(), GoIface{}, Int()),
            "interface conversion: interface {} is nil, not int");
  TypeDesc* iface = WithMethods(Kind::kInterface, "main.I", {{"M"}});
  TypeDesc* type = WithMethods(Kind::kInt, "main.T", {{"M"}});
  GoIface i = {&GetItab(iface, type)->word, 1};
  EXPECT_EQ(AssertionText(iface, i, Int()),
            "interface conversion: main.I is main.T, not int");
  TypeDesc* same = WithMethods(Kind::kInt, "main.T", {});
  EXPECT_EQ(AssertionText(Any(), Eface(same, uint64_t{1}), type),
            "interface conversion: interface {} is main.T, not main.T (types "
            "from different scopes)");
  type->package_path = "a/main";
  same->package_path = "b/main";
  EXPECT_EQ(AssertionText(Any(), Eface(same, uint64_t{1}), type),
            "interface conversion: interface {} is main.T, not main.T (types "
            "from different packages)");
}

TEST(BoxTest, Scalars) {
  int8_t small = -3;
  EXPECT_EQ(Box(TestG(), test::Int8(), &small), static_cast<uint64_t>(-3));
  uint8_t byte = 200;
  EXPECT_EQ(Box(TestG(), test::Uint8(), &byte), 200u);
  int32_t word = -100000;
  uint64_t slot = LoadScalar(test::Int32(), &word);
  EXPECT_EQ(slot, static_cast<uint64_t>(-100000));
  int32_t back = 0;
  StoreScalar(test::Int32(), &back, slot);
  EXPECT_EQ(back, word);
  float f = 1.5f;
  uint32_t bits;
  std::memcpy(&bits, &f, 4);
  EXPECT_EQ(Box(TestG(), test::Float32(), &f), bits);
}

TEST(BoxTest, Boxes) {
  GoString text = StaticString("hello");
  uint64_t data = BoxString(TestG(), text);
  EXPECT_EQ(static_cast<const GoString*>(Unbox(String(), &data))->View(),
            "hello");
  uint64_t other = Box(TestG(), String(), &text);
  EXPECT_NE(other, data);
  EXPECT_EQ(static_cast<const GoString*>(Unbox(String(), &other))->View(),
            "hello");
  // Zero values share memory.
  GoString empty = {};
  EXPECT_EQ(BoxString(TestG(), empty), Box(TestG(), String(), &empty));
  uint64_t number = 5;
  EXPECT_EQ(Unbox(Int(), &number), &number);
}

}  // namespace
}  // namespace mgo::rt
