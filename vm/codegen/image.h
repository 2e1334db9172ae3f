// A program's image: everything that the VM needs to run it, and the phase that
// makes it from the intermediate representation.
#ifndef MGO_VM_CODEGEN_IMAGE_H_
#define MGO_VM_CODEGEN_IMAGE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/types/checker.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "runtime/abi/function.h"
#include "runtime/abi/native.h"
#include "vm/bytecode/inst.h"
#include "vm/codegen/type_table.h"
#include "vm/ir/ir.h"

namespace mgo::codegen {

// Finds the native of that full name; null where there is none.
using NativeLookup = std::function<rt::NativeFn(llvm::StringRef name)>;

// Code, descriptors, variables and constants of a program. They live as long as
// the image; the runtime holds pointers into it, so it outlives the program's
// run.
class Image {
 public:
  Image();
  ~Image();
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  // Runs all initializers, then main.main.
  const rt::Function* Entry() const { return entry_; }
  // A function that the VM itself calls, by its name in Program::hooks; null.
  const rt::Function* Hook(std::string_view name) const;
  // All functions, in the program's order.
  const std::vector<const rt::Function*>& Functions() const {
    return functions_;
  }
  // The descriptor of a type by its name as %T prints it, e.g.
  // "runtime.errorString"; null: not among the types with descriptors.
  const rt::TypeDesc* FindType(std::string_view string) const;
  // The name of what a word after an instruction refers to, for dumps.
  std::string NameOfWord(const bytecode::Inst& inst, int word) const;

 private:
  friend class Generator;
  struct Storage;

  const rt::Function* entry_ = nullptr;
  std::vector<const rt::Function*> functions_;
  std::vector<std::pair<std::string, const rt::Function*>> hooks_;
  TypeTable types_;
  std::unique_ptr<Storage> storage_;
};

// Generates code for the program. Registers functions and global variables with
// the runtime when `for_running`. What cannot be generated (a frame beyond the
// limit, a missing native) is reported to the sink; the image must not run
// then.
std::unique_ptr<Image> Generate(const ir::Program& program, types::World& world,
                                const NativeLookup& natives, bool for_running,
                                diag::DiagnosticSink& sink);

}  // namespace mgo::codegen

#endif  // MGO_VM_CODEGEN_IMAGE_H_
