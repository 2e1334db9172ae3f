#include "lang/types/type.h"

#include <gtest/gtest.h>

#include "lang/types/type_test_support.h"

namespace mgo::types {
namespace {

using syntax::ChanDir;

TEST_F(TypeTest, WritesTypesAsGoDoes) {
  const Type *i = Of("int"), *s = Of("string");
  EXPECT_EQ(Show(SliceOf(Of("byte"))), "[]byte");
  EXPECT_EQ(Show(SliceOf(Of("uint8"))), "[]uint8");
  EXPECT_EQ(Show(Of("any")), "any");
  EXPECT_EQ(Show(universe_.empty_interface), "interface{}");
  EXPECT_EQ(Show(Of("error")), "error");
  EXPECT_EQ(Show(universe_.unsafe_package->scope->Symbols()[0]->type),
            "unsafe.Pointer");
  EXPECT_EQ(Show(MapOf(s, SliceOf(Ptr(ArrayOf(3, i))))),
            "map[string][]*[3]int");
  EXPECT_EQ(Show(StructOf({Field("a", i), Field("b", s)}, {"", "tag\n"})),
            "struct{a int; b string \"tag\\n\"}");
  Named* pt = NamedOf("Pt", StructOf({}));
  EXPECT_EQ(Show(StructOf({Field("Pt", Ptr(pt), true)})), "struct{*Pt}");
  EXPECT_EQ(TypeString(pt, nullptr), "main.Pt");

  const Type* recv = ChanOf(ChanDir::kRecv, i);
  EXPECT_EQ(Show(ChanOf(ChanDir::kBoth, recv)), "chan (<-chan int)");
  EXPECT_EQ(Show(ChanOf(ChanDir::kSend, recv)), "chan<- <-chan int");
  EXPECT_EQ(Show(ChanOf(ChanDir::kRecv, ChanOf(ChanDir::kBoth, i))),
            "<-chan chan int");

  auto* named = arena_.New<Signature>(
      TupleOf({Sym(SymbolKind::kVar, "x", i),
               Sym(SymbolKind::kVar, "y", SliceOf(s))}),
      TupleOf({Sym(SymbolKind::kVar, "_", Of("error"))}), true);
  EXPECT_EQ(Show(named), "func(x int, y ...string) (_ error)");
  EXPECT_EQ(Show(Func({Func({i}, {s})}, {Func({}, {})})),
            "func(func(int) string) func()");
  EXPECT_EQ(Show(InterfaceOf({{"M", Func({}, {})}, {"N", Func({i}, {s})}},
                             {Of("error")})),
            "interface{M(); N(int) string; error}");
}

TEST_F(TypeTest, WritesGenericTypes) {
  Interface* set =
      InterfaceOf({}, {UnionOf({{true, Of("int")}, {false, Of("string")}})});
  set->implicit = true;
  const TypeParam* a = Param("A", 0, Of("any"));
  const TypeParam* b = Param("B", 1, Of("any"));
  const TypeParam* c = Param("C", 2, set);
  Named* tri = NamedOf("Tri", StructOf({}));
  tri->type_params = Params({a, b, c});
  EXPECT_EQ(Show(tri), "Tri[A, B any, C ~int | string]");
  EXPECT_EQ(Show(InstanceOf(tri, {Of("int"), SliceOf(a), Of("rune")})),
            "Tri[int, []A, rune]");
}

TEST_F(TypeTest, IdentityIsStructural) {
  const Type* i = Of("int");
  EXPECT_TRUE(Identical(Of("byte"), Of("uint8")));
  EXPECT_TRUE(Identical(Of("any"), universe_.empty_interface));
  EXPECT_FALSE(Identical(i, Of("int64")));
  EXPECT_TRUE(Identical(SliceOf(Ptr(i)), SliceOf(Ptr(i))));
  EXPECT_FALSE(Identical(ArrayOf(2, i), ArrayOf(3, i)));
  EXPECT_FALSE(Identical(ChanOf(ChanDir::kBoth, i), ChanOf(ChanDir::kRecv, i)));
  EXPECT_TRUE(Identical(Func({i}, {i}), Func({i}, {i})));
  EXPECT_FALSE(Identical(Func({SliceOf(i)}, {}, true), Func({SliceOf(i)}, {})));
  EXPECT_FALSE(Identical(StructOf({Field("a", i)}), StructOf({Field("b", i)})));
  EXPECT_FALSE(
      Identical(StructOf({Field("a", i)}, {"x"}), StructOf({Field("a", i)})));
  // Unexported names of different packages differ.
  Symbol* foreign = Field("a", i);
  Package other;
  foreign->package = &other;
  EXPECT_FALSE(Identical(StructOf({Field("a", i)}), StructOf({foreign})));
  // Method order does not matter; names of methods do.
  const Signature* f = Func({}, {});
  EXPECT_TRUE(Identical(InterfaceOf({{"A", f}, {"B", f}}),
                        InterfaceOf({{"B", f}}, {InterfaceOf({{"A", f}})})));
  EXPECT_FALSE(Identical(InterfaceOf({{"A", f}}), InterfaceOf({{"B", f}})));
}

TEST_F(TypeTest, HashAgreesWithIdentity) {
  const Type* i = Of("int");
  const Signature* f = Func({i}, {Of("error")});
  EXPECT_EQ(HashOf(SliceOf(Of("byte"))), HashOf(SliceOf(Of("uint8"))));
  EXPECT_EQ(HashOf(InterfaceOf({{"A", f}, {"B", f}})),
            HashOf(InterfaceOf({{"B", f}}, {InterfaceOf({{"A", f}})})));
  EXPECT_EQ(HashOf(StructOf({Field("a", MapOf(i, f))})),
            HashOf(StructOf({Field("a", MapOf(i, Func({i}, {Of("error")})))})));
  EXPECT_NE(HashOf(SliceOf(i)), HashOf(SliceOf(Of("string"))));
  const Type* deep = i;
  for (int n = 0; n < 50; n++) deep = Ptr(deep);
  EXPECT_EQ(HashOf(deep), HashOf(deep));
}

// type T interface { m() interface { T } }: comparing its parts must end.
TEST_F(TypeTest, RecursiveTypesEnd) {
  Named* t = NamedOf("T", nullptr);
  auto with_self = [&] {
    return InterfaceOf({{"M", Func({}, {InterfaceOf({}, {t})})}});
  };
  t->underlying = with_self();
  Interface* again = InterfaceOf({}, {t});
  Interface* more = InterfaceOf({}, {t});
  EXPECT_TRUE(Identical(again, more));
  EXPECT_EQ(HashOf(again), HashOf(more));
  EXPECT_EQ(Show(t->underlying), "interface{M() interface{T}}");

  Named* list = NamedOf("List", nullptr);
  list->underlying =
      StructOf({Field("next", Ptr(list)), Field("v", Of("int"))});
  EXPECT_TRUE(Comparable(list, true, nullptr));
  EXPECT_TRUE(HasPointers(list));
  EXPECT_EQ(SizeOf(list), 16);

  // Erroneous ones too.
  Named* inside = NamedOf("Inside", nullptr);
  inside->underlying = StructOf({Field("self", inside)});
  EXPECT_EQ(SizeOf(inside), -1);
  EXPECT_FALSE(HasPointers(inside));
  EXPECT_TRUE(Comparable(inside, true, nullptr));
  Named* a = NamedOf("A", nullptr);
  Named* b = NamedOf("B", a);
  a->underlying = b;
  EXPECT_TRUE(IsInvalid(Underlying(a)));
  Named* embeds_itself = NamedOf("E", nullptr);
  embeds_itself->underlying = InterfaceOf({}, {embeds_itself});
  EXPECT_TRUE(As<Interface>(embeds_itself) != nullptr);
  Complete(As<Interface>(embeds_itself));
}

TEST_F(TypeTest, Comparability) {
  std::string cause;
  const Type* slice = SliceOf(Of("int"));
  EXPECT_FALSE(Comparable(slice, false, nullptr));
  EXPECT_EQ(IncomparableCause(slice, &package_),
            "slice can only be compared to nil");
  EXPECT_EQ(IncomparableCause(MapOf(slice, slice), &package_),
            "map can only be compared to nil");
  EXPECT_EQ(IncomparableCause(Func({}, {}), &package_),
            "func can only be compared to nil");
  const Type* s = StructOf({Field("a", Of("int")), Field("b", slice)});
  EXPECT_EQ(IncomparableCause(s, &package_),
            "struct containing []int cannot be compared");
  EXPECT_FALSE(Comparable(ArrayOf(2, s), false, &cause));
  EXPECT_EQ(cause, "[2]struct{a int; b []int} cannot be compared");
  EXPECT_TRUE(Comparable(Of("any"), false, nullptr));
  EXPECT_FALSE(Comparable(Of("any"), true, nullptr));
  EXPECT_TRUE(Comparable(Of("comparable"), true, nullptr));
}

TEST_F(TypeTest, FindsFieldsAndMethods) {
  Named* inner = NamedOf(
      "Inner", StructOf({Field("X", Of("int")), Field("y", Of("int"))}));
  Symbol* value = Method(inner, "Value", Func({}, {}), false);
  Symbol* ptr = Method(inner, "Pointer", Func({}, {}), true);
  Named* outer = NamedOf("Outer", StructOf({Field("Z", Of("string")),
                                            Field("Inner", inner, true)}));
  LookupResult x = LookupFieldOrMethod(outer, false, &package_, Intern("X"));
  ASSERT_NE(x.symbol, nullptr);
  EXPECT_EQ(x.path, (llvm::SmallVector<int, 4>{1, 0}));
  EXPECT_FALSE(x.indirect);
  Package other;
  EXPECT_EQ(LookupFieldOrMethod(outer, false, &other, Intern("y")).symbol,
            nullptr);
  EXPECT_EQ(
      LookupFieldOrMethod(outer, false, &package_, Intern("Value")).symbol,
      value);
  LookupResult p =
      LookupFieldOrMethod(outer, false, &package_, Intern("Pointer"));
  EXPECT_EQ(p.symbol, nullptr);
  EXPECT_EQ(p.pointer_method, ptr);
  EXPECT_EQ(
      LookupFieldOrMethod(outer, true, &package_, Intern("Pointer")).symbol,
      ptr);
  p = LookupFieldOrMethod(Ptr(outer), false, &package_, Intern("Pointer"));
  EXPECT_EQ(p.symbol, ptr);
  EXPECT_TRUE(p.indirect);
  EXPECT_EQ(p.path, (llvm::SmallVector<int, 4>{1, 1}));
  EXPECT_EQ(
      LookupFieldOrMethod(outer, true, &package_, Intern("value"), true).symbol,
      value);

  // A named pointer type has the fields only.
  Named* pointer = NamedOf("P", Ptr(inner));
  EXPECT_NE(LookupFieldOrMethod(pointer, true, &package_, Intern("X")).symbol,
            nullptr);
  EXPECT_EQ(
      LookupFieldOrMethod(pointer, true, &package_, Intern("Value")).symbol,
      nullptr);

  // Two at the same depth; the shallower one wins over a deeper one.
  Named* other_inner = NamedOf("Other", StructOf({Field("X", Of("int"))}));
  Named* both = NamedOf("Both", StructOf({Field("Inner", inner, true),
                                          Field("Other", other_inner, true)}));
  LookupResult ambiguous =
      LookupFieldOrMethod(both, true, &package_, Intern("X"));
  EXPECT_TRUE(ambiguous.ambiguous);
  EXPECT_EQ(ambiguous.symbol, nullptr);
  EXPECT_EQ(LookupFieldOrMethod(both, true, &package_, Intern("Value")).symbol,
            value);
}

TEST_F(TypeTest, ManyMethodsAreIndexed) {
  Named* t = NamedOf("T", StructOf({}));
  std::vector<std::string> names;
  names.reserve(100);
  for (int i = 0; i < 100; i++) names.push_back("M" + std::to_string(i));
  for (int i = 0; i < 50; i++) {
    Method(t, names[i].c_str(), Func({}, {}), i % 2 == 0);
  }
  EXPECT_EQ(FindMethod(t, &package_, Intern("M99")), nullptr);
  for (int i = 50; i < 100; i++) {
    Method(t, names[i].c_str(), Func({}, {}), false);
  }
  for (int i = 0; i < 100; i++) {
    EXPECT_EQ(FindMethod(t, &package_, Intern(names[i].c_str())),
              t->methods[i]);
  }
}

std::string NamesOf(const std::vector<MethodSetEntry>& set) {
  std::string names;
  for (const MethodSetEntry& entry : set) {
    names += entry.method->name->text.str() + " ";
  }
  return names;
}

TEST_F(TypeTest, MethodSets) {
  const Signature* f = Func({}, {});
  Named* inner = NamedOf("Inner", StructOf({}));
  Method(inner, "V", Func({}, {}), false);
  Method(inner, "P", Func({}, {}), true);
  Method(inner, "lower", Func({}, {}), false);
  EXPECT_EQ(NamesOf(MethodSetOf(inner)), "V lower ");
  EXPECT_EQ(NamesOf(MethodSetOf(Ptr(inner))), "P V lower ");
  Named* by_value = NamedOf("S", StructOf({Field("Inner", inner, true)}));
  EXPECT_EQ(NamesOf(MethodSetOf(by_value)), "V lower ");
  EXPECT_EQ(NamesOf(MethodSetOf(Ptr(by_value))), "P V lower ");
  Named* by_pointer =
      NamedOf("SP", StructOf({Field("Inner", Ptr(inner), true)}));
  EXPECT_EQ(NamesOf(MethodSetOf(by_pointer)), "P V lower ");
  Interface* iface = InterfaceOf({{"V", f}, {"Q", f}});
  EXPECT_EQ(NamesOf(MethodSetOf(iface)), "Q V ");
  EXPECT_EQ(NamesOf(MethodSetOf(Ptr(iface))), "");
  Named* holder = NamedOf("H", StructOf({Field("I", NamedOf("I", iface), true),
                                         Field("Inner", inner, true)}));
  // V is there twice at depth 1; a field hides a method of the same name.
  EXPECT_EQ(NamesOf(MethodSetOf(holder)), "Q lower ");
  const Type* hiding =
      StructOf({Field("V", Of("int")), Field("Inner", inner, true)});
  EXPECT_EQ(NamesOf(MethodSetOf(hiding)), "lower ");
}

TEST_F(TypeTest, TypeSets) {
  const Type *i = Of("int"), *s = Of("string");
  Interface* number = InterfaceOf(
      {}, {UnionOf({{true, i}, {false, i}, {true, Of("float64")}})});
  Complete(number);
  EXPECT_EQ(number->terms.size(), 2u);
  EXPECT_TRUE(IsConstraintInterface(number));
  Interface* both = InterfaceOf({}, {number, UnionOf({{false, i}, {true, s}})});
  Complete(both);
  ASSERT_EQ(both->terms.size(), 1u);
  EXPECT_FALSE(both->terms[0].tilde);
  EXPECT_TRUE(IsEmptySet(InterfaceOf({}, {i, s})));
  EXPECT_TRUE(IsSubset(both, number));
  EXPECT_FALSE(IsSubset(number, both));
  Interface* comparable = InterfaceOf(
      {}, {Of("comparable"), UnionOf({{false, i}, {false, SliceOf(i)}})});
  Complete(comparable);
  EXPECT_EQ(comparable->terms.size(), 1u);

  const TypeParam* p =
      Param("P", 0,
            InterfaceOf({}, {UnionOf({{true, SliceOf(i)},
                                      {false, NamedOf("S", SliceOf(i))}})}));
  ASSERT_NE(CoreType(p), nullptr);
  EXPECT_EQ(Show(CoreType(p)), "[]int");
  EXPECT_EQ(CoreType(Param("N", 0, number)), nullptr);
  EXPECT_TRUE(AllBasic(Param("N", 0, number), kIsNumeric));
  EXPECT_FALSE(AllBasic(Param("N", 0, number), kIsInteger));
  EXPECT_TRUE(HasNil(p));
}

TEST_F(TypeTest, Instances) {
  // type List[T any] struct { head T; next *List[T] }
  const TypeParam* t = Param("T", 0, Of("any"));
  Named* list = NamedOf("List", nullptr);
  list->type_params = Params({t});
  const Named* own = InstanceOf(list, {t});
  const Named* early = InstanceOf(list, {Of("bool")});
  EXPECT_TRUE(IsInvalid(Underlying(early)));
  list->underlying = StructOf({Field("head", t), Field("next", Ptr(own))});
  // func (l *List[U]) Push(x U) List[U]
  const TypeParam* u = Param("U", 0, Of("any"));
  Signature* push = Func({u}, {InstanceOf(list, {u})});
  push->recv_type_params = Params({u});
  push->recv = Sym(SymbolKind::kVar, "l", Ptr(InstanceOf(list, {u})));
  Symbol* method = Sym(SymbolKind::kFunc, "Push", push);
  list->methods.push_back(method);

  const Named* ints = InstanceOf(list, {Of("int")});
  EXPECT_EQ(ints, InstanceOf(list, {Of("int")}));
  EXPECT_NE(ints, InstanceOf(list, {Of("string")}));
  EXPECT_EQ(Show(Underlying(ints)), "struct{head int; next *List[int]}");
  EXPECT_EQ(Show(Underlying(early)), "struct{head bool; next *List[bool]}");
  Symbol* instance_method = FindMethod(ints, &package_, Intern("Push"));
  ASSERT_NE(instance_method, nullptr);
  EXPECT_EQ(instance_method->origin, method);
  EXPECT_EQ(Show(instance_method->type), "func(int) List[int]");
  const auto* sig = llvm::cast<Signature>(instance_method->type);
  EXPECT_EQ(Show(sig->recv->type), "*List[int]");
  EXPECT_TRUE(HasPointerReceiver(instance_method));
  EXPECT_EQ(NamesOf(MethodSetOf(Ptr(ints))), "Push ");
  EXPECT_EQ(SizeOf(ints), 16);
  // Unchanged types come back as they are.
  const Type* plain = MapOf(Of("int"), SliceOf(Of("string")));
  const Type* args[] = {Of("int")};
  EXPECT_EQ(Substitute(arena_, plain, list->type_params, args), plain);
}

}  // namespace
}  // namespace mgo::types
