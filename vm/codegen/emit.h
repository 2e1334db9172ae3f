// Emission: one ir::Function to bytecode words, root maps and line table.
//
// Internal to vm/codegen. Registers have their slots already (slots.h); what is
// left is to choose opcodes, to put immediates and call arguments where they
// belong, to resolve references to static things, and to note, at each
// safepoint, which slots are roots.
#ifndef MGO_VM_CODEGEN_EMIT_H_
#define MGO_VM_CODEGEN_EMIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lang/diag/source.h"
#include "runtime/base/debug_vars.h"
#include "vm/bytecode/inst.h"
#include "vm/codegen/slots.h"
#include "vm/ir/ir.h"
#include "vm/ir/liveness.h"

namespace mgo::codegen {

using bytecode::Opcode;

// Resolves references to static things: see image.cpp.
class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual const rt::TypeDesc* TypeDescOf(const types::Type* type) = 0;
  virtual const rt::Itab* ItabOf(const types::Type* iface,
                                 const types::Type* type) = 0;
  virtual const rt::Function* FunctionOf(const ir::Function* f) = 0;
  virtual void* GlobalAddress(const ir::Global* global) = 0;
  virtual const bytecode::StringConstant* StringOf(llvm::StringRef text) = 0;
  virtual const bytecode::ClosureInfo* ClosureOf(const ir::Function* f) = 0;
  // The native's code, or null (reported).
  virtual const void* NativeOf(llvm::StringRef name, diag::Pos pos) = 0;
};

// A direct call whose target's code is not known yet.
struct CallFixup {
  uint32_t offset;  // of the Call instruction
  const ir::Function* callee;
};

// A root map under construction.
struct PendingMap {
  uint32_t offset;
  std::vector<uint64_t> pointers, iface_data;
};

// What emission makes of a function.
struct Code {
  std::vector<rt::CodeWord> words;
  std::vector<PendingMap> maps;  // sorted by offset
  PendingMap unwind_map;
  std::vector<rt::LineEntry> lines;  // file: index into files
  std::vector<llvm::StringRef> files;
  std::vector<CallFixup> calls;
  uint32_t frame_slots = 0;
  uint32_t recovery_offset = 0;
  bool too_large = false;  // the frame exceeds what operands can name
};

class Emitter {
 public:
  Emitter(const ir::Function& f, const ir::Liveness& liveness,
          const std::vector<uint32_t>& order, const SlotAssignment& slots,
          const diag::SourceSet& sources, Resolver& resolver);
  Code Run();

 private:
  using Inst = bytecode::Inst;
  using Instr = ir::Instr;
  using Operand = ir::Operand;
  using Reg = ir::Reg;
  using Rep = ir::Rep;

  // --- words (emit.cpp) ---
  // Appends an instruction, in the form that takes an operand from the
  // accumulator where there is one.
  void Put(Opcode op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0);
  void TakeFromAccumulator(Inst& inst) const;
  void NoteAccumulator(const Inst& inst);
  void PutImm32(Opcode op, uint32_t a, int32_t imm);
  void PutWord(uint64_t word);
  void PutAddress(const void* address) {
    PutWord(reinterpret_cast<uint64_t>(address));
  }
  uint32_t Here() const { return static_cast<uint32_t>(code_.words.size()); }

  // --- places (emit.cpp) ---
  uint32_t Slot(Reg r);
  // Slot of an operand; an immediate is put into a scratch slot first.
  uint32_t SlotOf(const Operand& o);
  // A slot for a value nobody wants when `r` is absent.
  uint32_t SlotOrScratch(Reg r) { return r.IsValid() ? Slot(r) : Scratch(1); }
  // Fresh slots above everything, valid until the next instruction.
  uint32_t Scratch(uint32_t slots);
  void LoadImmediate(uint32_t slot, int64_t value);
  void Move(uint32_t to, uint32_t from, uint32_t slots);
  void Clear(uint32_t slot, uint32_t slots);

  // A value to put into slots: from other slots, or an immediate.
  struct Transfer {
    uint32_t to, from, slots;
    bool is_imm;
    int64_t imm;
  };
  // Performs all transfers as if at once.
  void MoveAll(llvm::SmallVectorImpl<Transfer>& transfers);

  // --- root maps, lines (emit_roots.cpp) ---
  // Notes the map for going on at `offset` with `live` units; `extra` are slots
  // of values of these types that are live besides.
  struct LiveValue {
    uint32_t slot;
    const types::Type* type;
  };
  void AddMap(uint32_t offset, const llvm::BitVector& live,
              llvm::ArrayRef<LiveValue> extra = {});
  void SetMapBits(PendingMap& map, uint32_t slot, const uint64_t* pointers,
                  const uint64_t* iface_data, uint32_t slots, uint32_t from);
  void NoteLine(const Instr& instr);
  void EmitEntry();

  // --- instructions ---
  void EmitBlock(size_t index);
  void EmitStop(const llvm::BitVector& live);
  bool OnlyFallsInto(size_t index) const;
  void EmitInstr(const Instr& i);
  // (emit_arith.cpp)
  void EmitBinary(const Instr& i);
  void EmitCompare(const Instr& i);
  void EmitShift(const Instr& i);
  void EmitConvert(const Instr& i);
  void EmitIntrinsic(const Instr& i);
  void EmitNeg(const Instr& i);
  // (emit_fuse.cpp)
  size_t EmitFused(llvm::ArrayRef<Instr> instrs,
                   llvm::ArrayRef<llvm::BitVector> after);
  bool IsDead(Reg r, const llvm::BitVector& after) const;
  bool FuseMulAdd(llvm::ArrayRef<Instr> run, const llvm::BitVector& after);
  bool FuseUpdate(llvm::ArrayRef<Instr> run, const llvm::BitVector& after);
  bool FuseSwap(llvm::ArrayRef<Instr> run, const llvm::BitVector& after);
  bool FuseElemOperand(llvm::ArrayRef<Instr> run, const llvm::BitVector& after);
  bool FuseMemOperand(llvm::ArrayRef<Instr> run, const llvm::BitVector& after);
  // (emit_memory.cpp)
  void EmitLoadFrom(uint32_t to, uint32_t pointer, int64_t offset,
                    const types::Type* type);
  void EmitStoreTo(uint32_t pointer, int64_t offset, uint32_t from,
                   const types::Type* type);
  void EmitLoadElem(const Instr& i);
  void EmitStoreElem(const Instr& i);
  void EmitElemAddr(uint32_t to, const Instr& i, bool through_pointer);
  void EmitPtrElemLoad(const Instr& i);
  void EmitPtrElemStore(const Instr& i);
  void EmitLocal(const Instr& i);
  void EmitMemory(const Instr& i);
  void EmitConstRef(const Instr& i);
  uint32_t AddOffset(uint32_t pointer, int64_t* offset);
  // (emit_call.cpp)
  void EmitCall(const Instr& i);
  void EmitClosure(const Instr& i);
  void AddCallMap(const Instr& i, uint32_t offset,
                  llvm::ArrayRef<LiveValue> extra);
  // (emit_data.cpp)
  void EmitStrings(const Instr& i);
  void EmitSlicing(const Instr& i);
  void EmitAppend(const Instr& i);
  void EmitMap(const Instr& i);
  void EmitChannel(const Instr& i);
  void EmitSelect(const Instr& i);
  void EmitIface(const Instr& i);
  void EmitPrint(const Instr& i);
  void Canonicalize(uint32_t slot, const types::Type* type);
  // (emit_branch.cpp)
  void EmitBranch(const Instr& i, size_t index);
  void EmitTerminator(const Instr& i, size_t index);
  void JumpTo(uint32_t block, size_t index);
  void Conditional(Opcode op, uint32_t a, uint32_t b, uint32_t target);
  Opcode TakeCountingStep(Opcode op, uint32_t a, uint32_t b);
  bool IsBackward(uint32_t block) const;
  void PatchBranches();

  const ir::Function& f_;
  const ir::Liveness& liveness_;
  const std::vector<uint32_t>& order_;
  const SlotAssignment& slots_;
  const diag::SourceSet& sources_;
  Resolver& resolver_;
  Code code_;

  // What the accumulators hold after the last instruction: a slot's value.
  static constexpr uint32_t kNothing = UINT32_MAX;
  // Seeded scheduling is to preempt wherever that can make a difference.
  const bool stops_everywhere_ = rt::debug_vars.schedseed != 0;
  uint32_t int_acc_ = kNothing, float_acc_ = kNothing;
  uint32_t last_inst_ = kNothing;  // where it is

  uint32_t number_ = 0;  // of the current instruction, in code order
  const llvm::BitVector* live_after_ = nullptr;  // of the current instruction
  uint32_t scratch_base_ = 0, scratch_used_ = 0, scratch_top_ = 0;
  std::vector<uint32_t> block_offset_;  // by block; UINT32_MAX: not yet
  std::vector<uint32_t> order_index_;   // by block
  std::vector<uint32_t> entries_;       // by block: edges that lead there
  uint32_t block_start_ = 0;            // of the current block
  struct Patch {
    uint32_t at;      // of the branch instruction
    uint32_t word;    // 0: its operand; else the table word
    uint32_t target;  // block
  };
  std::vector<Patch> patches_;
  llvm::DenseMap<uint32_t, uint32_t> map_index_;  // offset → code_.maps
  // Last position whose line was looked up.
  const diag::SourceFile* line_file_ = nullptr;
  std::vector<std::pair<const char*, uint16_t>> file_numbers_;  // by name
};

// How many instructions from the first of `instrs` on may become one, by their
// operations alone; 0: none.
size_t FusibleLength(llvm::ArrayRef<ir::Instr> instrs);

// Order of the blocks that can be reached, for fall-through; the entry first.
std::vector<uint32_t> LayOutBlocks(const ir::Function& f);

}  // namespace mgo::codegen

#endif  // MGO_VM_CODEGEN_EMIT_H_
