// The predeclared names and types, and package unsafe.
#ifndef MGO_LANG_TYPES_UNIVERSE_H_
#define MGO_LANG_TYPES_UNIVERSE_H_

#include <memory>

#include "lang/types/package.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"

namespace mgo::types {

// Made once per compilation.
struct Universe {
  Universe(syntax::NameTable& names, TypeArena& types, ConstantArena& constants,
           uint32_t* next_symbol_id);

  Scope* scope = nullptr;  // predeclared names
  std::unique_ptr<Package> unsafe_package;
  const Type* basic[26];  // by BasicKind
  const Type* byte_type;  // uint8 that prints as byte
  const Type* rune_type;  // int32 that prints as rune
  const Named* error_type;
  const Type* any_type;  // Alias of interface{}
  const Interface* empty_interface;
  const Named* comparable_type;
  const Tuple* empty_tuple;

  // The basic type of a kind.
  const Type* Of(BasicKind kind) const { return basic[static_cast<int>(kind)]; }
};

}  // namespace mgo::types

#endif  // MGO_LANG_TYPES_UNIVERSE_H_
