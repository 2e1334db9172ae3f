#include "vm/bytecode/verify.h"

#include <vector>

#include "vm/bytecode/disassemble.h"
#include "vm/bytecode/inst.h"

namespace mgo::bytecode {
namespace {

// One function's check. Two passes: where instructions start, then what each
// one says.
class Verifier {
 public:
  explicit Verifier(const rt::Function& function)
      : function_(function), starts_(function.code_words + 1, false) {}

  std::string Run() {
    if (function_.entry == nullptr || function_.code_words == 0) {
      return Fail(0, "function has no code");
    }
    if (!FindStarts()) return error_;
    for (uint32_t at = 0; at < function_.code_words;) {
      const Inst& inst = At(at);
      if (!CheckInst(inst, at)) return error_;
      at += static_cast<uint32_t>(LengthOf(inst));
    }
    CheckAccumulators();
    CheckRootMaps();
    return error_;
  }

 private:
  const Inst& At(uint32_t offset) const {
    return *reinterpret_cast<const Inst*>(function_.entry + offset);
  }

  std::string Fail(uint32_t at, const std::string& what) {
    error_ =
        std::string(function_.name) + "+" + std::to_string(at) + ": " + what;
    return error_;
  }

  bool FindStarts() {
    uint32_t at = 0;
    bool ends = false;
    while (at < function_.code_words) {
      const Inst& inst = At(at);
      if (inst.op >= static_cast<uint16_t>(Opcode::kCount)) {
        Fail(at, "unknown opcode " + std::to_string(inst.op));
        return false;
      }
      const OpcodeInfo& info = InfoOf(static_cast<Opcode>(inst.op));
      if ((info.flags & kInternal) != 0) {
        Fail(at, std::string(info.name) + " is not for compiled code");
        return false;
      }
      starts_[at] = true;
      ends = (info.flags & kEnds) != 0;
      at += static_cast<uint32_t>(LengthOf(inst));
    }
    if (at != function_.code_words || !ends) {
      Fail(at, "code runs off its end");
      return false;
    }
    return true;
  }

  bool CheckSlot(uint32_t at, uint16_t slot) {
    if (slot == kNoSlot || slot < function_.frame_slots) return true;
    Fail(at, "slot " + std::to_string(slot) + " outside the frame of " +
                 std::to_string(function_.frame_slots));
    return false;
  }

  bool CheckTarget(uint32_t at, int64_t jump, uint16_t flags) {
    int64_t target = int64_t{at} + jump;
    if (target < 0 || target >= function_.code_words || !starts_[target]) {
      Fail(at,
           "branch to " + std::to_string(target) + ", which is no instruction");
      return false;
    }
    if (jump <= 0 && (flags & kCanStop) == 0) {
      Fail(at, "backward branch that cannot stop");
      return false;
    }
    if ((flags & kCanStop) != 0) {
      return CheckHasMap(at, static_cast<uint32_t>(target));
    }
    return true;
  }

  bool CheckHasMap(uint32_t at, uint32_t resume) {
    if (rt::FindRootMap(&function_, function_.entry + resume) != nullptr) {
      return true;
    }
    Fail(at, "no root map at " + std::to_string(resume));
    return false;
  }

  bool CheckTable(const Inst& inst, uint32_t at, uint16_t flags) {
    for (int i = 0; i <= inst.b; i++) {
      if (!CheckTarget(at, static_cast<int64_t>(inst.Word(i + 1)), flags)) {
        return false;
      }
    }
    return CheckSlot(at, inst.a);
  }

  // Checks slots and targets as the format says.
  bool CheckOperands(const Inst& inst, uint32_t at, const OpcodeInfo& info) {
    auto a = [&] { return CheckSlot(at, inst.a); };
    auto b = [&] { return CheckSlot(at, inst.b); };
    auto c = [&] { return CheckSlot(at, inst.c); };
    auto short_target = [&] {
      return CheckTarget(at, static_cast<int16_t>(inst.c), info.flags);
    };
    switch (info.format) {
      case Format::kNone:
        return true;
      case Format::kA:
      case Format::kAu:
      case Format::kA32:
      case Format::kAW:
      case Format::kAWW:
      case Format::kAuW:
      case Format::kAiu:
        return a();
      case Format::kAB:
      case Format::kABi:
      case Format::kABu:
      case Format::kABW:
      case Format::kABuW:
      case Format::kABWW:
        return a() && b();
      case Format::kABC:
      case Format::kABCW:
        return a() && b() && c();
      case Format::kJ32:
        return CheckTarget(at, inst.Imm32(), info.flags);
      case Format::kAJ32:
        return a() && CheckTarget(at, inst.Imm32(), info.flags);
      case Format::kABJ:
        return a() && b() && short_target();
      case Format::kAiJ:
        return a() && short_target();
      case Format::kTable:
        return CheckTable(inst, at, info.flags);
    }
    return true;
  }

  bool CheckInst(const Inst& inst, uint32_t at) {
    const OpcodeInfo& info = InfoOf(static_cast<Opcode>(inst.op));
    if (!CheckOperands(inst, at, info)) return false;
    bool stops_after =
        (info.flags & kCanStop) != 0 && (info.flags & kJumps) == 0;
    if (!stops_after) return true;
    return CheckHasMap(at, at + static_cast<uint32_t>(LengthOf(inst)));
  }

  // Where control arrives from elsewhere than the instruction before.
  std::vector<bool> FindEntries() {
    std::vector<bool> entries(function_.code_words, false);
    auto add = [&](uint32_t at, int64_t jump) { entries[at + jump] = true; };
    entries[0] = true;
    entries[function_.recovery_offset] = true;
    for (uint32_t at = 0; at < function_.code_words;) {
      const Inst& inst = At(at);
      switch (InfoOf(static_cast<Opcode>(inst.op)).format) {
        case Format::kJ32:
        case Format::kAJ32:
          add(at, inst.Imm32());
          break;
        case Format::kABJ:
        case Format::kAiJ:
          add(at, static_cast<int16_t>(inst.c));
          break;
        case Format::kTable:
          for (int i = 0; i <= inst.b; i++) {
            add(at, static_cast<int64_t>(inst.Word(i + 1)));
          }
          break;
        default:
          break;
      }
      at += static_cast<uint32_t>(LengthOf(inst));
    }
    return entries;
  }

  // An instruction that takes an operand from an accumulator must find the
  // operand's slot there, however control got to it.
  void CheckAccumulators() {
    if (!error_.empty()) return;
    std::vector<bool> entries = FindEntries();
    constexpr uint32_t kNothing = UINT32_MAX;
    uint32_t int_acc = kNothing, float_acc = kNothing;
    for (uint32_t at = 0; at < function_.code_words;) {
      const Inst& inst = At(at);
      uint16_t flags = InfoOf(static_cast<Opcode>(inst.op)).flags;
      if (entries[at]) int_acc = float_acc = kNothing;
      if ((flags & kIsForm) != 0) {
        uint16_t slot = (flags & kHasFormA) != 0   ? inst.a
                        : (flags & kHasFormB) != 0 ? inst.b
                                                   : inst.c;
        if (slot != ((flags & kFloatOperand) != 0 ? float_acc : int_acc)) {
          Fail(at,
               "slot " + std::to_string(slot) + " is not in the accumulator");
          return;
        }
      }
      if ((flags & kTakesFloatAccumulator) != 0 && float_acc == kNothing) {
        Fail(at, "the float accumulator holds nothing");
        return;
      }
      if ((flags & kKeepsAccumulators) == 0) {
        int_acc = (flags & kIntResult) != 0 ? inst.a : kNothing;
        float_acc = (flags & kFloatResult) != 0 ? inst.a : kNothing;
      }
      at += static_cast<uint32_t>(LengthOf(inst));
    }
  }

  void CheckRootMaps() {
    if (!error_.empty()) return;
    if (function_.root_map_count == 0 || function_.root_maps[0].offset != 0) {
      Fail(0, "no root map at the entry");
      return;
    }
    for (uint32_t i = 0; i < function_.root_map_count; i++) {
      const rt::RootMap& map = function_.root_maps[i];
      bool sorted = i == 0 || function_.root_maps[i - 1].offset < map.offset;
      bool placed = map.offset < function_.code_words && starts_[map.offset];
      if (!sorted || !placed || map.slot_count > function_.frame_slots) {
        Fail(map.offset, "malformed root map");
        return;
      }
    }
  }

  const rt::Function& function_;
  std::vector<bool> starts_;
  std::string error_;
};

}  // namespace

std::string Verify(const rt::Function& function) {
  return Verifier(function).Run();
}

}  // namespace mgo::bytecode
