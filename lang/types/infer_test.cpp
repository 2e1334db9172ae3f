#include "lang/types/infer.h"

#include <gtest/gtest.h>

#include "lang/types/type_test_support.h"

namespace mgo::types {
namespace {

using syntax::ChanDir;

// Expectations are what Go says about the same calls.
class InferTest : public TypeTest {
 protected:
  InferTest() {
    t_ = Param("T", 0, Of("any"));
    u_ = Param("U", 1, Of("any"));
    untyped_int_ = universe_.Of(BasicKind::kUntypedInt);
    untyped_float_ = universe_.Of(BasicKind::kUntypedFloat);
    nil_ = universe_.Of(BasicKind::kUntypedNil);
  }
  // A constraint of one term.
  const Type* Constraint(bool tilde, const Type* t) {
    Interface* iface = InterfaceOf({}, {UnionOf({{tilde, t}})});
    iface->implicit = true;
    return iface;
  }
  // The inferred types, or the error.
  std::string Run(std::vector<const TypeParam*> params, const Types& types,
                  const Types& args, bool reverse = false) {
    std::vector<InferArgument> arguments;
    arguments.reserve(types.size());
    for (size_t i = 0; i < types.size(); i++) {
      arguments.push_back({types[i], args[i], nullptr, args[i], {}});
    }
    llvm::SmallVector<const Type*, 4> result(params.size(), nullptr);
    InferError error;
    if (!Infer(Context(), params, &result, arguments, reverse, &error)) {
      return std::to_string(error.argument) + ": " + error.message;
    }
    std::string text;
    for (const Type* t : result) {
      text += (text.empty() ? "" : " ") + Show(t);
    }
    return text;
  }

  const TypeParam *t_, *u_;
  const Type *untyped_int_, *untyped_float_, *nil_;
};

TEST_F(InferTest, FromArguments) {
  const Type *i = Of("int"), *s = Of("string");
  EXPECT_EQ(Run({t_}, {t_, t_}, {i, i}), "int");
  EXPECT_EQ(Run({t_}, {t_, t_}, {i, s}),
            "1: type string of _ does not match inferred type int for T");
  EXPECT_EQ(Run({t_}, {SliceOf(t_)}, {SliceOf(s)}), "string");
  EXPECT_EQ(Run({t_}, {SliceOf(t_)}, {NamedOf("Ints", SliceOf(i))}), "int");
  EXPECT_EQ(Run({t_}, {ArrayOf(4, t_)}, {ArrayOf(3, i)}),
            "0: type [3]int of _ does not match [4]T (cannot infer T)");
  EXPECT_EQ(Run({t_, u_}, {Func({t_}, {u_}), t_}, {Func({i}, {s}), i}),
            "int string");
  EXPECT_EQ(Run({t_, u_}, {Func({t_}, {u_}), Func({u_}, {t_})},
                {Func({i}, {s}), Func({i}, {i})}),
            "1: type func(int) int of _ does not match inferred type "
            "func(string) int for func(U) T");
  EXPECT_EQ(Run({t_}, {}, {}), "-1: cannot infer T");
  EXPECT_EQ(Run({t_}, {Func({t_}, {t_})}, {Func({i}, {s})}, true),
            "0: inferred type func(int) int for func(T) T does not match type "
            "func(int) string of _");
}

TEST_F(InferTest, DefinedTypesAndChannels) {
  const Type* i = Of("int");
  Named* my = NamedOf("MyInt", i);
  EXPECT_EQ(Run({t_}, {t_, t_}, {i, my}), "MyInt");
  EXPECT_EQ(Run({t_}, {t_, t_}, {my, i}), "MyInt");
  EXPECT_EQ(Run({t_}, {t_, t_}, {SliceOf(my), SliceOf(i)}),
            "1: type []int of _ does not match inferred type []MyInt for T");
  const Type* both = ChanOf(ChanDir::kBoth, i);
  const Type* recv = ChanOf(ChanDir::kRecv, i);
  EXPECT_EQ(Run({t_}, {ChanOf(ChanDir::kRecv, t_)}, {both}), "int");
  EXPECT_EQ(Run({t_}, {t_, t_}, {both, recv}), "<-chan int");
  EXPECT_EQ(Run({t_}, {t_, t_}, {recv, both}), "<-chan int");
  EXPECT_EQ(Run({t_}, {t_, t_}, {SliceOf(both), SliceOf(recv)}),
            "1: type []<-chan int of _ does not match inferred type "
            "[]chan int for T");
}

TEST_F(InferTest, Constants) {
  EXPECT_EQ(Run({t_}, {t_}, {untyped_int_}), "int");
  EXPECT_EQ(Run({t_}, {t_, t_}, {untyped_int_, untyped_float_}), "float64");
  EXPECT_EQ(Run({t_}, {t_, t_}, {untyped_int_, Of("int8")}), "int8");
  EXPECT_EQ(Run({t_}, {t_, t_},
                {untyped_int_, universe_.Of(BasicKind::kUntypedString)}),
            "1: mismatched types untyped int and untyped string (cannot infer "
            "T)");
  EXPECT_EQ(Run({t_}, {t_, t_}, {nil_, Of("error")}), "error");
  EXPECT_EQ(Run({t_}, {t_}, {nil_}), "-1: cannot infer T");
}

TEST_F(InferTest, CoreTypes) {
  const TypeParam* e = Param("E", 1, Of("any"));
  const TypeParam* s = Param("S", 0, Constraint(true, SliceOf(e)));
  Named* ints = NamedOf("Ints", SliceOf(Of("int")));
  EXPECT_EQ(Run({s, e}, {s}, {ints}), "Ints int");
  EXPECT_EQ(Run({s, e}, {s}, {Of("int")}),
            "-1: S (type int) does not satisfy ~[]E");
  EXPECT_EQ(Run({s, e}, {s}, {untyped_int_}), "-1: cannot infer E");
  // func f[T any, P interface { *T }](x T)
  const TypeParam* p = Param("P", 1, InterfaceOf({}, {Ptr(t_)}));
  EXPECT_EQ(Run({t_, p}, {t_}, {Of("int")}), "int *int");
  EXPECT_EQ(Run({t_, p}, {p}, {Ptr(Of("int"))}), "int *int");
  // A cycle: T's type would be *T.
  const TypeParam* q = Param("Q", 0, nullptr);
  const_cast<TypeParam*>(q)->constraint = InterfaceOf({}, {Ptr(q)});
  EXPECT_EQ(Run({q}, {}, {}), "-1: cannot infer Q");
}

TEST_F(InferTest, Interfaces) {
  // type G[T any] interface { Get() T }
  const TypeParam* param = Param("T", 0, Of("any"));
  Named* g = NamedOf("G", InterfaceOf({{"Get", Func({}, {param})}}));
  g->type_params = Params({param});
  Named* impl = NamedOf("GI", StructOf({}));
  Method(impl, "Get", Func({}, {Of("int")}), false);
  EXPECT_EQ(Run({t_}, {InstanceOf(g, {t_})}, {impl}), "int");
  EXPECT_EQ(Run({t_}, {InstanceOf(g, {t_})}, {Of("int")}),
            "0: type int of _ does not match G[T] (cannot infer T)");
  EXPECT_EQ(Run({t_}, {InstanceOf(g, {t_})}, {InstanceOf(g, {Of("bool")})}),
            "bool");
  EXPECT_EQ(Run({t_}, {SliceOf(InstanceOf(g, {t_}))}, {SliceOf(impl)}),
            "0: type []GI of _ does not match []G[T] (cannot infer T)");
  // func conv[T any, C G[T]](c C)
  const TypeParam* c = Param("C", 1, InstanceOf(g, {t_}));
  EXPECT_EQ(Run({t_, c}, {c}, {impl}), "int GI");
  EXPECT_EQ(Run({t_, c}, {c}, {Of("int")}),
            "-1: C (type int) does not satisfy G[T] (missing method Get)");
  EXPECT_EQ(Run({t_}, {t_, t_}, {Of("error"), Of("any")}),
            "1: type any of _ does not match inferred type error for T");
  EXPECT_EQ(Run({t_}, {t_, t_}, {Of("any"), impl}),
            "1: type GI of _ does not match inferred type any for T");
}

TEST_F(InferTest, RecursiveCalls) {
  auto fresh = RenameTypeParams(arena_, {t_});
  const Type* args[] = {fresh[0]};
  const Type* param = Substitute(arena_, t_, {t_}, args);
  EXPECT_EQ(Run({fresh[0]}, {param}, {Ptr(t_)}), "*T");
}

}  // namespace
}  // namespace mgo::types
