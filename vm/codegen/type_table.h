// Run-time type descriptors for the checker's types.
//
// Descriptors are canonical: identical types share one. Each is made at its
// first use with what the runtime needs to lay out, scan, compare and name
// values; what only dynamic inspection needs (methods, element of a pointer,
// parameters) is added for the types that the program may put into interfaces
// (Complete).
#ifndef MGO_VM_CODEGEN_TYPE_TABLE_H_
#define MGO_VM_CODEGEN_TYPE_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lang/types/type.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"
#include "runtime/abi/function.h"
#include "runtime/abi/type_desc.h"

namespace mgo::codegen {

class TypeTable {
 public:
  // A method of a type and the code that an interface calls for it; null when
  // the program never does.
  struct MethodCode {
    const types::Symbol* method;
    const rt::Function* function;
  };

  // The descriptor of a type.
  rt::TypeDesc* Get(const types::Type* type);
  // Adds what dynamic inspection needs.
  void Complete(const types::Type* type, llvm::ArrayRef<MethodCode> methods);
  // The descriptor of the object behind a func value with these captures.
  const rt::TypeDesc* ClosureObject(
      llvm::ArrayRef<const types::Type*> captures);
  // The descriptor whose type is spelled `string`; null. Slow.
  const rt::TypeDesc* Find(std::string_view string) const;
  // The type of which this is the descriptor; null for closure objects.
  const types::Type* TypeOf(const rt::TypeDesc* desc) const;

 private:
  rt::TypeDesc* Build(const types::Type* type, uint64_t hash);
  void BuildStructure(rt::TypeDesc* d, const types::Type* type);
  void BuildStruct(rt::TypeDesc* d, const types::Struct* s);
  void BuildInterface(rt::TypeDesc* d, const types::Interface* i);
  void BuildMasks(rt::TypeDesc* d, const types::Type* type);
  void CompleteMethods(rt::TypeDesc* d, const types::Type* type,
                       llvm::ArrayRef<MethodCode> methods);
  std::string_view Keep(llvm::StringRef text);
  template <typename T>
  T* Array(size_t count) {
    T* items = allocator_.Allocate<T>(count);
    for (size_t i = 0; i < count; i++) new (items + i) T();
    return items;
  }

  llvm::BumpPtrAllocator allocator_;
  llvm::DenseMap<const types::Type*, rt::TypeDesc*> by_type_;
  llvm::DenseMap<uint64_t, llvm::SmallVector<
                               std::pair<const types::Type*, rt::TypeDesc*>, 1>>
      by_hash_;
  llvm::DenseMap<const rt::TypeDesc*, const types::Type*> type_of_;
};

// A type as %T prints it: `[]main.T`, `struct { X int }`, `interface {}`.
std::string ReflectString(const types::Type* type);

}  // namespace mgo::codegen

#endif  // MGO_VM_CODEGEN_TYPE_TABLE_H_
