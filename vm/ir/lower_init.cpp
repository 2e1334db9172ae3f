// Globals, and the order in which a program is initialized.
//
// "Given the list of all packages, sorted by import path, in each step the
// first uninitialized package in the list for which all imported packages (if
// any) are already initialized is initialized" (spec, "Program
// initialization"). Package runtime is imported by all, in effect. User
// packages initialize their variables in the order the checker found, in one
// function `init`, then run their init functions. Of a library package only the
// variables that are reached are initialized: each by a step of its own, sorted
// at the end by what the steps and the functions that they call refer to.
#include <algorithm>
#include <cassert>
#include <functional>

#include "llvm/ADT/STLExtras.h"
#include "vm/ir/lower_function.h"
#include "vm/ir/lower_program.h"

namespace mgo::ir {

Global* ProgramLowering::GlobalFor(Symbol* symbol) {
  Global*& slot = globals_[symbol];
  if (slot != nullptr) {
    NoteUse(slot);
    return slot;
  }
  auto owned = std::make_unique<Global>();
  Global* g = owned.get();
  slot = g;
  g->symbol = symbol;
  g->type = TypeOfSymbol(symbol);
  g->name = symbol->package->path + "." + symbol->name->text.str();
  g->index = static_cast<uint32_t>(program->globals.size());
  program->globals.push_back(std::move(owned));
  // As Go's linker has it.
  constexpr int64_t kMaxGlobal = 2'000'000'000;
  if (int64_t size = g->type == nullptr ? 0 : types::SizeOf(g->type);
      size > kMaxGlobal) {
    sink.Report(diag::DiagKind::kSymbolTooLarge, symbol->pos, g->name,
                std::to_string(size), std::to_string(kMaxGlobal));
  }
  NoteUse(g);
  types::Package* package = symbol->package;
  ReachPackage(package);
  if (!package->is_library) return g;
  const types::Initializer* init =
      types::CheckGlobal(world, *package, symbol, sink);
  if (g->type == nullptr) g->type = symbol->type;
  if (init == nullptr) return g;
  Function*& step = step_of_init_[init];
  if (step == nullptr) {
    step = NewFunction(package->path + ".init", package);
    step->no_inline = true;
    packages_[package].step_functions.push_back(step);
    work_.push_back({step, package, nullptr, init, {}});
  }
  step_of_global_[g] = step;
  return g;
}

void ProgramLowering::ReachPackage(types::Package* package) {
  PackageState& state = packages_[package];
  if (state.reached) return;
  state.reached = true;
  if (!package->is_library) return;
  int number = 0;
  for (const syntax::FuncDecl* decl : package->info.inits) {
    Function* f = NewFunction(
        package->path + ".init." + std::to_string(number++), package);
    f->symbol = package->info.symbols[decl->name->id];
    f->no_inline = true;
    packages_[package].init_functions.push_back(f);
    work_.push_back({f, package, decl, nullptr, {}});
  }
}

void ProgramLowering::LowerUserInits(types::Package* package) {
  if (packages_[package].globals_function != nullptr) return;
  packages_[package].reached = true;
  if (!package->info.init_order.empty()) {
    Function* f = NewFunction(package->path + ".init", package);
    f->no_inline = true;
    packages_[package].globals_function = f;
    current = f;
    for (const types::Initializer& step : package->info.init_order) {
      Prescan(*package, step.rhs);
    }
    FunctionLowering lowering(*this, *f, package, {});
    lowering.LowerInitializers(package->info.init_order);
    current = nullptr;
  }
  int number = 0;
  for (const syntax::FuncDecl* decl : package->info.inits) {
    Function* f = NewFunction(
        package->path + ".init." + std::to_string(number++), package);
    f->pos = decl->pos;
    f->no_inline = true;
    packages_[package].init_functions.push_back(f);
    work_.push_back({f, package, decl, nullptr, {}});
  }
}

void ProgramLowering::VisitForOrder(Function* f, std::vector<Function*>& order,
                                    llvm::DenseSet<const Function*>& seen) {
  if (!seen.insert(f).second) return;
  Uses uses = UsesOf(f);
  for (Global* g : uses.globals) {
    auto it = step_of_global_.find(g);
    if (it != step_of_global_.end()) VisitForOrder(it->second, order, seen);
  }
  for (Function* callee : uses.functions) VisitForOrder(callee, order, seen);
  if (library_steps_.count(f) != 0) order.push_back(f);
}

void ProgramLowering::OrderLibrarySteps(types::Package* package,
                                        std::vector<Function*>& order) {
  for (Function* step : packages_[package].step_functions) {
    VisitForOrder(step, order, order_seen_);
  }
}

std::vector<types::Package*> ProgramLowering::PackagesInOrder() {
  std::vector<types::Package*> waiting;
  waiting.reserve(world.packages.size() + 1);
  for (const auto& package : world.packages) waiting.push_back(package.get());
  if (!llvm::is_contained(waiting, &main_package)) {
    waiting.push_back(&main_package);
  }
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const types::Package* a, const types::Package* b) {
                     return a->path < b->path;
                   });
  std::vector<types::Package*> order;
  // Puts what package runtime needs before all others, itself last.
  std::function<void(types::Package*)> take = [&](types::Package* package) {
    auto it = llvm::find(waiting, package);
    if (it == waiting.end()) return;
    waiting.erase(it);
    for (types::Package* imported : package->imports) take(imported);
    order.push_back(package);
  };
  auto runtime = llvm::find_if(waiting, [](const types::Package* package) {
    return package->is_library && package->path == "runtime";
  });
  if (runtime != waiting.end()) take(*runtime);
  while (!waiting.empty()) {
    auto ready = llvm::find_if(waiting, [&](const types::Package* package) {
      return llvm::none_of(package->imports, [&](types::Package* imported) {
        return llvm::is_contained(waiting, imported);
      });
    });
    // Import cycles were reported.
    assert(ready != waiting.end() && "some package imports none that waits");
    order.push_back(*ready);
    waiting.erase(ready);
  }
  return order;
}

void ProgramLowering::BuildEntry(Function* main_function) {
  Function* f = NewFunction("runtime.main", &main_package);
  f->is_wrapper = true;
  f->no_inline = true;
  program->entry = f;
  FunctionLowering lowering(*this, *f, &main_package, {});
  lowering.SetBlock(lowering.NewBlock());
  auto call = [&](Function* callee) {
    Instr& instr = lowering.Emit(Op::kCall);
    instr.ref.kind = RefKind::kFunction;
    instr.ref.func = callee;
    instr.type = types::As<types::Signature>(
        callee->symbol != nullptr ? callee->symbol->type : nullptr);
  };
  for (auto& [package, state] : packages_) {
    for (Function* step : state.step_functions) library_steps_.insert(step);
  }
  auto init = [&](types::Package* package) {
    std::vector<Function*> order;
    OrderLibrarySteps(package, order);
    PackageState& state = packages_[package];
    for (Function* step : order) call(step);
    if (state.globals_function != nullptr) call(state.globals_function);
    for (Function* one : state.init_functions) call(one);
  };
  for (types::Package* package : PackagesInOrder()) init(package);
  if (main_function != nullptr) call(main_function);
  lowering.Return();
  lowering.Finish();
}

}  // namespace mgo::ir
