#include "vm/ir/verify.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/ir/dump.h"

namespace mgo::ir {

namespace {

class Verifier {
 public:
  explicit Verifier(const Function& f) : f_(f) {}

  std::string Run() {
    if (f_.blocks.empty()) return "no blocks";
    for (Reg r : f_.results) CheckReg(r, "result");
    for (Reg r : f_.params) CheckReg(r, "parameter");
    for (size_t b = 0; b < f_.blocks.size() && error_.empty(); ++b) {
      const auto& instrs = f_.blocks[b].instrs;
      if (instrs.empty()) return llvm::formatv("block {0} is empty", b);
      for (size_t i = 0; i < instrs.size() && error_.empty(); ++i) {
        bool last = i + 1 == instrs.size();
        bool terminator = (FlagsOf(instrs[i].op) & kTerminator) != 0;
        if (last != terminator) {
          Fail(last ? "the last instruction is no terminator"
                    : "a terminator inside a block");
        }
        CheckInstr(instrs[i]);
        if (!error_.empty()) {
          std::string text;
          llvm::raw_string_ostream out(text);
          DumpInstr(instrs[i], out);
          error_ += llvm::formatv(" in block {0}: {1}", b, out.str()).str();
        }
      }
    }
    if (f_.recovery_block != Function::kNoBlock &&
        f_.recovery_block >= f_.blocks.size()) {
      Fail("no such recovery block");
    }
    return error_.empty() ? "" : f_.name + ": " + error_;
  }

 private:
  void Fail(const char* what) {
    if (error_.empty()) error_ = what;
  }
  void CheckReg(Reg r, const char* what) {
    if (!r.IsValid()) return;
    if (r.id >= f_.regs.size()) {
      if (error_.empty()) error_ = llvm::formatv("no register for a {0}", what);
    } else if (r.slot != 0 && r.slot >= f_.regs[r.id].slots) {
      if (error_.empty()) error_ = llvm::formatv("no slot for a {0}", what);
    }
  }
  void Need(bool present, const char* what) {
    if (!present) Fail(what);
  }
  void CheckInstr(const Instr& i);

  const Function& f_;
  std::string error_;
};

void Verifier::CheckInstr(const Instr& i) {
  CheckReg(i.dst, "dst");
  for (const Operand* o : {&i.a, &i.b, &i.c}) {
    if (o->IsReg()) CheckReg(o->reg, "operand");
  }
  for (const Operand& o : i.args) {
    if (o.IsReg()) CheckReg(o.reg, "argument");
  }
  for (Reg r : i.results) CheckReg(r, "call result");
  for (uint32_t t : i.targets) Need(t < f_.blocks.size(), "no such block");
  switch (i.op) {
    case Op::kLoad:
      Need(i.type != nullptr && i.a.IsReg() && i.dst.IsValid(),
           "Load needs a pointer, a type, a register");
      break;
    case Op::kStore:
      Need(i.type != nullptr && i.a.IsReg() && !i.b.IsAbsent(),
           "Store needs a pointer, a type, a value");
      break;
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kRem:
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
      Need(i.rep != Rep::kNone && i.dst.IsValid() && !i.a.IsAbsent() &&
               !i.b.IsAbsent(),
           "arithmetic needs a representation and two operands");
      break;
    case Op::kBranchCmp:
      Need(i.rep != Rep::kNone && i.targets.size() == 2 && !i.a.IsAbsent() &&
               !i.b.IsAbsent(),
           "BranchCmp needs a representation, two operands, two targets");
      break;
    case Op::kBranch:
      Need(i.targets.size() == 2 && i.a.IsReg(), "Branch needs a condition");
      break;
    case Op::kJump:
      Need(i.targets.size() == 1, "Jump needs a target");
      break;
    case Op::kCopy:
      Need(i.dst.IsValid() && i.a.IsReg() && i.n > 0, "Copy needs registers");
      break;
    case Op::kCall:
      Need(i.ref.func != nullptr, "Call needs a function");
      if (i.ref.func != nullptr && !i.ref.func->blocks.empty()) {
        Need(i.args.size() == i.ref.func->params.size(),
             "a call with another number of arguments");
        Need(i.call_mode != CallMode::kCall || i.results.empty() ||
                 i.results.size() == i.ref.func->results.size(),
             "a call with another number of results");
      }
      break;
    case Op::kMapLoad:
    case Op::kMapLoadOk:
    case Op::kMapAssign:
    case Op::kMapDelete:
      Need(i.type != nullptr && i.b.IsReg(), "a map needs a key in a register");
      break;
    default:
      break;
  }
}

}  // namespace

std::string VerifyFunction(const Function& function) {
  return Verifier(function).Run();
}

}  // namespace mgo::ir
