#include "vm/codegen/image.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "runtime/gc/mutator.h"
#include "runtime/object/iface.h"
#include "runtime/object/map.h"
#include "vm/bytecode/verify.h"
#include "vm/codegen/emit.h"
#include "vm/ir/liveness.h"

namespace mgo::codegen {

// Code that is about to run is verified in debug builds; code that is only
// looked at (`mgo dump`), always.
#ifdef MGO_DEBUG
constexpr bool kVerifyAlways = true;
#else
constexpr bool kVerifyAlways = false;
#endif

static_assert(ir::kMapIterSlots == rt::kMapIterSlots &&
              ir::kMapIterPointers == rt::kMapIterPointerMask);

struct Image::Storage {
  llvm::BumpPtrAllocator memory;
  llvm::StringMap<const bytecode::StringConstant*> strings;
  llvm::DenseMap<const rt::CodeWord*, const rt::Function*> by_entry;
  // For dumps; the program and the generator may be gone by then.
  llvm::DenseMap<const void*, std::string> global_names;
  llvm::DenseMap<const void*, std::string> native_names;
  llvm::DenseMap<const void*, const rt::Function*> closures;

  template <typename T>
  T* Array(size_t count) {
    T* items = memory.Allocate<T>(count);
    for (size_t i = 0; i < count; i++) new (items + i) T();
    return items;
  }
};

Image::Image() : storage_(std::make_unique<Storage>()) {}
Image::~Image() = default;

const rt::Function* Image::Hook(std::string_view name) const {
  for (const auto& [hook, function] : hooks_) {
    if (hook == name) return function;
  }
  return nullptr;
}

const rt::TypeDesc* Image::FindType(std::string_view string) const {
  return types_.Find(string);
}

std::string Image::NameOfWord(const bytecode::Inst& inst, int word) const {
  const void* address = inst.Address<void>(word);
  if (auto it = storage_->by_entry.find(inst.Address<rt::CodeWord>(word));
      it != storage_->by_entry.end()) {
    return std::string(it->second->name);
  }
  if (auto it = storage_->global_names.find(address);
      it != storage_->global_names.end()) {
    return it->second;
  }
  if (auto it = storage_->native_names.find(address);
      it != storage_->native_names.end()) {
    return it->second;
  }
  if (auto it = storage_->closures.find(address);
      it != storage_->closures.end()) {
    return std::string(it->second->name);
  }
  if (static_cast<Opcode>(inst.op) == Opcode::kLoadStr) {
    rt::GoString value = inst.Address<bytecode::StringConstant>(word)->value;
    std::string text;
    llvm::raw_string_ostream out(text);
    out << '"';
    out.write_escaped(llvm::StringRef(value.View()).take_front(40));
    out << '"';
    return text;
  }
  if (types_.TypeOf(static_cast<const rt::TypeDesc*>(address)) != nullptr) {
    return std::string(static_cast<const rt::TypeDesc*>(address)->string);
  }
  return "";
}

// Makes an image, function by function.
class Generator : public Resolver {
 public:
  Generator(const ir::Program& program, types::World& world,
            const NativeLookup& natives, bool for_running,
            diag::DiagnosticSink& sink)
      : program_(program),
        world_(world),
        natives_(natives),
        for_running_(for_running),
        sink_(sink),
        image_(std::make_unique<Image>()),
        storage_(*image_->storage_) {}

  std::unique_ptr<Image> Run();

  const rt::TypeDesc* TypeDescOf(const types::Type* type) override {
    return image_->types_.Get(type);
  }
  const rt::Itab* ItabOf(const types::Type* iface,
                         const types::Type* type) override;
  const rt::Function* FunctionOf(const ir::Function* f) override {
    return functions_[f->index];
  }
  void* GlobalAddress(const ir::Global* global) override {
    return globals_[global->index];
  }
  const bytecode::StringConstant* StringOf(llvm::StringRef text) override;
  const bytecode::ClosureInfo* ClosureOf(const ir::Function* f) override;
  const void* NativeOf(llvm::StringRef name, diag::Pos pos) override;

 private:
  void MakeFunctions();
  void MakeGlobals();
  void CompleteTypes();
  void GenerateFunction(const ir::Function& f);
  void Install(const ir::Function& f, const Code& code);
  void FillMap(const PendingMap& from, uint32_t frame_slots, rt::RootMap* map);
  void InstallMaps(rt::Function* function, const Code& code);
  void BindCalls();

  const ir::Program& program_;
  types::World& world_;
  const NativeLookup& natives_;
  bool for_running_;
  diag::DiagnosticSink& sink_;
  std::unique_ptr<Image> image_;
  Image::Storage& storage_;
  std::vector<rt::Function*> functions_;  // by ir::Function::index
  std::vector<uint8_t*> globals_;         // by ir::Global::index
  std::vector<const bytecode::ClosureInfo*> closures_;
  llvm::StringMap<rt::NativeFn> native_cache_;
  struct Fixup {
    rt::CodeWord* call;
    const ir::Function* callee;
  };
  std::vector<Fixup> fixups_;
};

void Generator::MakeFunctions() {
  for (const auto& f : program_.functions) {
    auto* function = storage_.Array<rt::Function>(1);
    function->static_closure.function = function;
    function->name = {f->name.data(), f->name.size()};
    functions_.push_back(function);
    storage_.closures[&function->static_closure] = function;
  }
  closures_.resize(functions_.size());
}

void Generator::MakeGlobals() {
  for (const auto& global : program_.globals) {
    const rt::TypeDesc* desc = TypeDescOf(global->type);
    if (desc->size == 0) {
      // As all variables of size zero on the heap.
      globals_.push_back(reinterpret_cast<uint8_t*>(&rt::zero_base));
      continue;
    }
    size_t bytes = (desc->size + 7) & ~size_t{7};
    auto* memory =
        static_cast<uint8_t*>(storage_.memory.Allocate(bytes, llvm::Align(16)));
    std::memset(memory, 0, bytes);
    globals_.push_back(memory);
    storage_.global_names[memory] = global->name;
    if (for_running_ && desc->HasPointers()) {
      rt::RegisterGlobals(memory, desc);
    }
  }
}

void Generator::CompleteTypes() {
  for (const ir::Program::RuntimeType& type : program_.runtime_types) {
    llvm::SmallVector<TypeTable::MethodCode, 8> methods;
    for (const ir::Program::Method& m : type.methods) {
      if (m.function == nullptr) continue;
      methods.push_back({m.method, FunctionOf(m.function)});
    }
    image_->types_.Complete(type.type, methods);
  }
}

const rt::Itab* Generator::ItabOf(const types::Type* iface,
                                  const types::Type* type) {
  const rt::Itab* itab = rt::GetItab(TypeDescOf(iface), TypeDescOf(type));
  assert(itab != nullptr && "the checker saw that the type implements it");
  return itab;
}

const bytecode::StringConstant* Generator::StringOf(llvm::StringRef text) {
  auto [it, is_new] = storage_.strings.try_emplace(text, nullptr);
  if (is_new) {
    auto* constant = storage_.Array<bytecode::StringConstant>(1);
    constant->value.ptr = reinterpret_cast<const uint8_t*>(it->first().data());
    constant->value.len = static_cast<int64_t>(text.size());
    it->second = constant;
  }
  return it->second;
}

const bytecode::ClosureInfo* Generator::ClosureOf(const ir::Function* f) {
  const bytecode::ClosureInfo*& known = closures_[f->index];
  if (known == nullptr) {
    auto* info = storage_.Array<bytecode::ClosureInfo>(1);
    info->function = functions_[f->index];
    info->type = image_->types_.ClosureObject(f->captures);
    storage_.closures[info] = info->function;
    known = info;
  }
  return known;
}

const void* Generator::NativeOf(llvm::StringRef name, diag::Pos pos) {
  auto [it, is_new] = native_cache_.try_emplace(name, nullptr);
  if (is_new) {
    it->second = natives_ ? natives_(name) : nullptr;
    if (it->second == nullptr && for_running_) {
      sink_.Report(diag::DiagKind::kNotSupported, pos,
                   "function " + name.str());
    }
    storage_.native_names[reinterpret_cast<const void*>(it->second)] =
        it->first().str();
  }
  return reinterpret_cast<const void*>(it->second);
}

void Generator::GenerateFunction(const ir::Function& f) {
  std::vector<uint32_t> order = LayOutBlocks(f);
  ir::Liveness liveness = ir::ComputeLiveness(f);
  SlotAssignment slots = AssignSlots(f, liveness, order);
  Code code = Emitter(f, liveness, order, slots, world_.sources, *this).Run();
  if (code.too_large) {
    sink_.Report(diag::DiagKind::kNotSupported, f.pos,
                 "a function as large as " + f.name);
    return;
  }
  Install(f, code);
}

void Generator::FillMap(const PendingMap& from, uint32_t frame_slots,
                        rt::RootMap* map) {
  size_t words = std::max(from.pointers.size(), from.iface_data.size());
  auto* pointers = storage_.Array<uint64_t>(words);
  std::copy(from.pointers.begin(), from.pointers.end(), pointers);
  map->offset = from.offset;
  map->slot_count =
      static_cast<uint32_t>(std::min<size_t>(words * 64, frame_slots));
  map->pointers = pointers;
  if (from.iface_data.empty()) return;
  auto* data = storage_.Array<uint64_t>(words);
  std::copy(from.iface_data.begin(), from.iface_data.end(), data);
  map->iface_data = data;
}

void Generator::InstallMaps(rt::Function* function, const Code& code) {
  auto* maps = storage_.Array<rt::RootMap>(code.maps.size() + 1);
  for (size_t i = 0; i < code.maps.size(); i++) {
    FillMap(code.maps[i], code.frame_slots, &maps[i]);
  }
  rt::RootMap* unwind = &maps[code.maps.size()];
  FillMap(code.unwind_map, code.frame_slots, unwind);
  function->root_maps = maps;
  function->root_map_count = static_cast<uint32_t>(code.maps.size());
  function->unwind_map = unwind;
}

namespace {

// Whether functions of a package are left out of traces.
bool IsInside(const types::Package* package) {
  return package != nullptr && package->is_library &&
         (package->path == "runtime" || package->path.starts_with("internal/"));
}

}  // namespace

void Generator::Install(const ir::Function& f, const Code& code) {
  rt::Function* function = functions_[f.index];
  auto* words = storage_.Array<rt::CodeWord>(code.words.size() + 1);
  *words++ = reinterpret_cast<rt::CodeWord>(function);
  std::copy(code.words.begin(), code.words.end(), words);
  function->entry = words;
  function->code_words = static_cast<uint32_t>(code.words.size());
  function->frame_slots = code.frame_slots;
  for (ir::Reg r : f.results) function->result_slots += f.regs[r.id].slots;
  for (ir::Reg r : f.params) function->param_slots += f.regs[r.id].slots;
  function->recovery_offset = code.recovery_offset;
  if (f.is_wrapper) function->flags |= rt::kWrapper;
  if (IsInside(f.package)) function->flags |= rt::kInternal;
  if (f.has_defer) function->flags |= rt::kHasDefers;
  if (f.has_recover) function->flags |= rt::kHasRecover;
  InstallMaps(function, code);
  auto* lines = storage_.Array<rt::LineEntry>(code.lines.size());
  std::copy(code.lines.begin(), code.lines.end(), lines);
  function->lines = lines;
  function->line_count = static_cast<uint32_t>(code.lines.size());
  std::vector<llvm::StringRef> names = code.files;
  auto* inlined = storage_.Array<rt::InlineSite>(f.inlined.size());
  for (size_t i = 0; i < f.inlined.size(); i++) {
    diag::Location at = world_.sources.Locate(f.inlined[i].call_pos);
    inlined[i].function_name = f.inlined[i].function_name;
    inlined[i].call_line = static_cast<uint32_t>(at.line);
    auto known = std::find(names.begin(), names.end(), at.file);
    inlined[i].call_file = static_cast<uint16_t>(known - names.begin());
    if (known == names.end()) names.push_back(at.file);
    inlined[i].parent = f.inlined[i].parent;
  }
  function->inlined = inlined;
  auto* files = storage_.Array<std::string_view>(names.size());
  for (size_t i = 0; i < names.size(); i++) {
    // A line directive may name none.
    llvm::StringRef name = names[i].empty() ? "??" : names[i];
    files[i] = {name.data(), name.size()};
  }
  function->files = files;
  for (const CallFixup& call : code.calls) {
    fixups_.push_back({words + call.offset, call.callee});
  }
  storage_.by_entry[words] = function;
}

void Generator::BindCalls() {
  for (const Fixup& fixup : fixups_) {
    const rt::Function* callee = functions_[fixup.callee->index];
    auto* inst = reinterpret_cast<bytecode::Inst*>(fixup.call);
    inst->b = static_cast<uint16_t>(callee->frame_slots);
    fixup.call[1] = reinterpret_cast<rt::CodeWord>(callee->entry);
  }
}

std::unique_ptr<Image> Generator::Run() {
  MakeFunctions();
  MakeGlobals();
  CompleteTypes();
  for (const auto& f : program_.functions) GenerateFunction(*f);
  BindCalls();
  if (sink_.HasErrors()) return std::move(image_);
  for (rt::Function* function : functions_) {
    if (kVerifyAlways || !for_running_) {
      std::string wrong = bytecode::Verify(*function);
      if (!wrong.empty()) {
        llvm::errs() << "malformed code: " << wrong << "\n";
        std::abort();
      }
    }
    if (for_running_) rt::RegisterFunction(function);
    image_->functions_.push_back(function);
  }
  if (program_.entry != nullptr) {
    image_->entry_ = functions_[program_.entry->index];
  }
  for (const auto& [name, f] : program_.hooks) {
    image_->hooks_.push_back({name, functions_[f->index]});
  }
  return std::move(image_);
}

std::unique_ptr<Image> Generate(const ir::Program& program, types::World& world,
                                const NativeLookup& natives, bool for_running,
                                diag::DiagnosticSink& sink) {
  return Generator(program, world, natives, for_running, sink).Run();
}

}  // namespace mgo::codegen
