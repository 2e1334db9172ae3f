// Types made by hand, for the tests of this folder.
#ifndef MGO_LANG_TYPES_TYPE_TEST_SUPPORT_H_
#define MGO_LANG_TYPES_TYPE_TEST_SUPPORT_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lang/types/assignable.h"
#include "lang/types/instantiate.h"
#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"
#include "lang/types/universe.h"

namespace mgo::types {

// A universe, a package main, and makers of types.
class TypeTest : public ::testing::Test {
 protected:
  using Types = std::vector<const Type*>;
  using Methods = std::vector<std::pair<const char*, const Signature*>>;

  TypeTest() : universe_(names_, arena_, constants_, &next_id_) {
    package_.path = "main";
    package_.name = names_.Intern("main");
  }

  const Type* Of(const char* name) {
    Symbol* symbol = universe_.scope->Find(Intern(name));
    return symbol != nullptr ? symbol->type : nullptr;
  }
  // The Name of an identifier, with its flags as the lexer sets them.
  const Name* Intern(const char* text) { return names_.Intern(text); }

  Symbol* Sym(SymbolKind kind, const char* name, const Type* type) {
    Symbol* symbol = arena_.New<Symbol>();
    symbol->kind = kind;
    symbol->name = name != nullptr ? Intern(name) : nullptr;
    symbol->package = &package_;
    symbol->type = type;
    symbol->id = next_id_++;
    return symbol;
  }
  Symbol* Field(const char* name, const Type* type, bool embedded = false) {
    Symbol* symbol = Sym(SymbolKind::kVar, name, type);
    symbol->is_field = true;
    symbol->embedded = embedded;
    return symbol;
  }

  const Type* Ptr(const Type* t) { return arena_.New<Pointer>(t); }
  const Type* SliceOf(const Type* t) { return arena_.New<Slice>(t); }
  const Type* ArrayOf(int64_t n, const Type* t) {
    return arena_.New<Array>(t, n);
  }
  const Type* MapOf(const Type* k, const Type* v) {
    return arena_.New<Map>(k, v);
  }
  const Type* ChanOf(syntax::ChanDir dir, const Type* t) {
    return arena_.New<Chan>(dir, t);
  }
  const Struct* StructOf(std::vector<Symbol*> fields,
                         std::vector<llvm::StringRef> tags = {}) {
    return arena_.New<Struct>(
        arena_.Copy(llvm::ArrayRef<Symbol*>(fields)),
        arena_.Copy(llvm::ArrayRef<llvm::StringRef>(tags)));
  }
  const Tuple* TupleOf(std::vector<Symbol*> vars) {
    return arena_.New<Tuple>(arena_.Copy(llvm::ArrayRef<Symbol*>(vars)));
  }
  const Tuple* Unnamed(const Types& types) {
    std::vector<Symbol*> vars;
    for (const Type* t : types) {
      vars.push_back(Sym(SymbolKind::kVar, nullptr, t));
    }
    return TupleOf(vars);
  }
  Signature* Func(const Types& params, const Types& results,
                  bool variadic = false) {
    return arena_.New<Signature>(Unnamed(params), Unnamed(results), variadic);
  }
  Interface* InterfaceOf(const Methods& methods, const Types& embedded = {}) {
    std::vector<Symbol*> symbols;
    for (auto [name, signature] : methods) {
      symbols.push_back(Sym(SymbolKind::kFunc, name, signature));
    }
    return arena_.New<Interface>(
        arena_.Copy(llvm::ArrayRef<Symbol*>(symbols)),
        arena_.Copy(llvm::ArrayRef<const Type*>(embedded)));
  }
  const Type* UnionOf(std::vector<Term> terms) {
    return arena_.New<Union>(arena_.Copy(llvm::ArrayRef<Term>(terms)));
  }
  Named* NamedOf(const char* name, const Type* underlying) {
    Symbol* symbol = Sym(SymbolKind::kTypeName, name, nullptr);
    auto* named = arena_.New<Named>(symbol);
    named->underlying = underlying;
    symbol->type = named;
    return named;
  }
  // Declares a method; the receiver is t, or *t.
  Symbol* Method(Named* t, const char* name, Signature* sig, bool pointer) {
    sig->recv = Sym(SymbolKind::kVar, "r",
                    pointer ? Ptr(t) : static_cast<const Type*>(t));
    Symbol* method = Sym(SymbolKind::kFunc, name, sig);
    t->methods.push_back(method);
    return method;
  }
  const TypeParam* Param(const char* name, int index, const Type* constraint) {
    Symbol* symbol = Sym(SymbolKind::kTypeName, name, nullptr);
    auto* param = arena_.New<TypeParam>(symbol, index);
    param->constraint = constraint;
    symbol->type = param;
    return param;
  }
  llvm::ArrayRef<const TypeParam*> Params(
      std::vector<const TypeParam*> params) {
    return arena_.Copy(llvm::ArrayRef<const TypeParam*>(params));
  }
  const Named* InstanceOf(const Named* generic, const Types& args) {
    return Instantiate(arena_, generic, args);
  }

  std::string Show(const Type* t) { return TypeString(t, &package_); }
  TypeContext Context() { return {&arena_, &constants_, &package_}; }

  syntax::NameTable names_;
  TypeArena arena_;
  ConstantArena constants_;
  uint32_t next_id_ = 1;
  Universe universe_;
  Package package_;
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_TYPE_TEST_SUPPORT_H_
