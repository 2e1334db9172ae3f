// The instruction table, the verifier and the disassembler, on code made by
// hand.
#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include "vm/bytecode/disassemble.h"
#include "vm/bytecode/inst.h"
#include "vm/bytecode/verify.h"

namespace mgo::bytecode {
namespace {

constexpr uint16_t U16(int v) { return static_cast<uint16_t>(v); }

// A function of these words, with a root map at its entry and at `maps`.
class Code {
 public:
  explicit Code(uint32_t frame_slots = 8) {
    function_.name = "main.f";
    function_.frame_slots = frame_slots;
  }
  Code& Put(Opcode op, int a = 0, int b = 0, int c = 0) {
    Inst inst{static_cast<uint16_t>(op), U16(a), U16(b), U16(c)};
    words_.push_back(std::bit_cast<CodeWord>(inst));
    return *this;
  }
  Code& Word(uint64_t word) {
    words_.push_back(word);
    return *this;
  }
  Code& Map(uint32_t offset) {
    maps_.push_back({offset, 0, nullptr, nullptr});
    return *this;
  }
  const rt::Function& Function() {
    function_.entry = words_.data();
    function_.code_words = static_cast<uint32_t>(words_.size());
    function_.root_maps = maps_.data();
    function_.root_map_count = static_cast<uint32_t>(maps_.size());
    return function_;
  }
  std::string Verify() { return bytecode::Verify(Function()); }

  rt::Function function_ = {};

 private:
  std::vector<CodeWord> words_;
  std::vector<rt::RootMap> maps_ = {{0, 0, nullptr, nullptr}};
};

TEST(OpcodeTable, FormsOfTheAccumulator) {
  constexpr uint16_t kForms = kHasFormA | kHasFormB | kHasFormC;
  for (uint16_t n = 0; n < static_cast<uint16_t>(Opcode::kCount); n++) {
    Opcode op = static_cast<Opcode>(n);
    const OpcodeInfo& info = InfoOf(op);
    if ((info.flags & kIsForm) != 0 || (info.flags & kForms) == 0) continue;
    for (auto [flag, letter] :
         {std::pair{kHasFormA, 'A'}, std::pair{kHasFormB, 'B'},
          std::pair{kHasFormC, 'C'}}) {
      if ((info.flags & flag) == 0) continue;
      const OpcodeInfo& form = InfoOf(AccumulatorForm(op, flag));
      EXPECT_EQ(std::string(form.name), std::string(info.name) + letter);
      EXPECT_EQ(form.format, info.format) << form.name;
      EXPECT_EQ(form.flags & kForms, flag) << form.name;
      EXPECT_EQ(form.flags & kFloatOperand, info.flags & kFloatOperand);
    }
  }
}

TEST(OpcodeTable, LoopFormsFollow) {
  for (uint16_t n = 0; n + 1 < static_cast<uint16_t>(Opcode::kCount); n++) {
    const OpcodeInfo& info = InfoOf(static_cast<Opcode>(n));
    bool conditional = (info.flags & kJumps) != 0 &&
                       (info.flags & (kCanStop | kEnds)) == 0 &&
                       info.format != Format::kAJ32;
    if (!conditional || (info.flags & kIsForm) != 0) continue;
    const OpcodeInfo& loop = InfoOf(static_cast<Opcode>(n + 1));
    EXPECT_EQ(std::string(loop.name), std::string(info.name) + "Loop");
    EXPECT_NE(loop.flags & kCanStop, 0) << loop.name;
  }
}

TEST(Verify, AcceptsSoundCode) {
  EXPECT_EQ(Code()
                .Put(Opcode::kZero, 1)
                .Put(Opcode::kAddI64Imm, 2, 1, 5)
                .Put(Opcode::kAddI64B, 1, 2, 3)
                .Put(Opcode::kJLtI64Loop, 1, 2, -1)
                .Put(Opcode::kReturn)
                .Map(2)
                .Verify(),
            "main.f+2: slot 2 is not in the accumulator");
  EXPECT_EQ(Code()
                .Put(Opcode::kZero, 1)
                .Put(Opcode::kAddI64Imm, 2, 1, 5)
                .Put(Opcode::kAddI64B, 1, 2, 3)
                .Put(Opcode::kJLtI64Loop, 1, 2, -2)
                .Put(Opcode::kReturn)
                .Map(1)
                .Verify(),
            "");
}

TEST(Verify, Accumulators) {
  // A store keeps what the addition left; a call does not.
  EXPECT_EQ(Code()
                .Put(Opcode::kAddI64Imm, 2, 1, 5)
                .Put(Opcode::kStore64B, 3, 2, 8)
                .Put(Opcode::kAddI64B, 1, 2, 3)
                .Put(Opcode::kReturn)
                .Verify(),
            "");
  EXPECT_EQ(Code()
                .Put(Opcode::kAddI64Imm, 2, 1, 5)
                .Put(Opcode::kZero2, 4)
                .Put(Opcode::kAddI64B, 1, 2, 3)
                .Put(Opcode::kReturn)
                .Verify(),
            "main.f+2: slot 2 is not in the accumulator");
  // An integer is not in the float accumulator.
  EXPECT_EQ(Code()
                .Put(Opcode::kAddI64Imm, 2, 1, 5)
                .Put(Opcode::kMulF64B, 1, 2, 3)
                .Put(Opcode::kReturn)
                .Verify(),
            "main.f+1: slot 2 is not in the accumulator");
  EXPECT_EQ(
      Code().Put(Opcode::kMulF64Mem, 1, 2, 8).Put(Opcode::kReturn).Verify(),
      "main.f+0: the float accumulator holds nothing");
}

TEST(Verify, Slots) {
  EXPECT_EQ(Code().Put(Opcode::kMov, 1, 8).Put(Opcode::kReturn).Verify(),
            "main.f+0: slot 8 outside the frame of 8");
  EXPECT_EQ(Code().Put(Opcode::kMov, 9, 1).Put(Opcode::kReturn).Verify(),
            "main.f+0: slot 9 outside the frame of 8");
}

TEST(Verify, Branches) {
  EXPECT_EQ(Code().Put(Opcode::kJTrue, 1, 7).Put(Opcode::kReturn).Verify(),
            "main.f+0: branch to 7, which is no instruction");
  // Into the middle of an instruction.
  EXPECT_EQ(Code()
                .Put(Opcode::kJTrue, 1, 2)
                .Put(Opcode::kLoadWord, 1)
                .Word(99)
                .Put(Opcode::kReturn)
                .Verify(),
            "main.f+0: branch to 2, which is no instruction");
  EXPECT_EQ(Code()
                .Put(Opcode::kZero, 1)
                .Put(Opcode::kJEqI64Imm, 1, 0, -1)
                .Put(Opcode::kReturn)
                .Verify(),
            "main.f+1: backward branch that cannot stop");
  EXPECT_EQ(Code()
                .Put(Opcode::kZero, 1)
                .Put(Opcode::kZero, 2)
                .Put(Opcode::kJEqI64ImmLoop, 1, 0, -1)
                .Put(Opcode::kReturn)
                .Verify(),
            "main.f+2: no root map at 1");
}

TEST(Verify, Shape) {
  EXPECT_EQ(Code().Verify(), "main.f+0: function has no code");
  EXPECT_EQ(Code().Put(Opcode::kZero, 1).Verify(),
            "main.f+1: code runs off its end");
  EXPECT_EQ(Code().Put(Opcode::kLoadWord, 1).Verify(),
            "main.f+2: code runs off its end");
  EXPECT_EQ(Code().Put(Opcode::kChunkReturn).Verify(),
            "main.f+0: ChunkReturn is not for compiled code");
  EXPECT_EQ(Code().Put(Opcode::kCount).Verify(),
            "main.f+0: unknown opcode " +
                std::to_string(static_cast<int>(Opcode::kCount)));
}

TEST(Verify, RootMaps) {
  // A call goes on at the word after it.
  Code call;
  call.Put(Opcode::kCallClosure, 4, 1).Put(Opcode::kReturn);
  EXPECT_EQ(call.Verify(), "main.f+0: no root map at 1");
  EXPECT_EQ(call.Map(1).Verify(), "");
  EXPECT_EQ(call.Map(1).Verify(), "main.f+1: malformed root map");
}

TEST(Disassemble, OperandsOfEachKind) {
  Code code;
  code.Put(Opcode::kJLtI64Imm, 1, -3, 4)
      .Put(Opcode::kLoadWord, 2)
      .Word(1u << 20)
      .Put(Opcode::kAddToMemI64Imm, 3, -1, 16)
      .Put(Opcode::kReturn);
  std::string text;
  Disassemble(code.Function(), nullptr, &text);
  EXPECT_EQ(text,
            "main.f: frame 8, results 0, params 0\n"
            "     0  JLtI64Imm        1 #-3 ->4\n"
            "     1  LoadWord         2 #1048576\n"
            "     3  AddToMemI64Imm   3 #-1 #16\n"
            "     4  Return          \n"
            "  roots @0:\n");
}

}  // namespace
}  // namespace mgo::bytecode
