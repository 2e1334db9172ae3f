#include "runtime/sched/stack.h"

#include <gtest/gtest.h>

#include "runtime/sched/defer.h"
#include "runtime/sched/fake_executor.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {
namespace {

using testing_support::FakeProgram;

// A function for hand-made frames: 2 results, 3 parameters.
struct FakeFunction {
  CodeWord code[16] = {};
  LineEntry lines[2] = {{0, 10, 0, 0, 0}, {4, 20, 0, 0, 0}};
  std::string_view files[1] = {"x.mgo"};
  Function function = {};
  explicit FakeFunction(std::string_view name, uint32_t frame_slots = 20) {
    function.entry = code;
    function.code_words = 16;
    function.frame_slots = frame_slots;
    function.result_slots = 2;
    function.param_slots = 3;
    function.name = name;
    function.lines = lines;
    function.line_count = 2;
    function.files = files;
    RegisterFunction(&function);
  }
};

class StackTest : public testing::Test {
 protected:
  FakeProgram program;
  FakeFunction f{"main.f"};
  G* g = AllocG();

  // A call of f from the frame at `fp`: in the same chunk if it fits.
  Slot* Call(Slot* fp, const CodeWord* return_pc) {
    Slot* args = fp + 12;
    for (int i = 0; i < 5; i++) args[i] = Slot{100} + static_cast<Slot>(i);
    Slot* limit = g->exec.stack_limit;
    if (args + f.function.frame_slots <= limit) {
      args[-2] = reinterpret_cast<Slot>(return_pc);
      args[-1] = reinterpret_cast<Slot>(fp);
      return args;
    }
    return EnterChunk(g, args, return_pc, fp, &f.function);
  }
};

TEST_F(StackTest, GrowsAndReturnsThroughChunks) {
  Slot* fp = FirstFrame(g, &f.function);
  fp[-2] = reinterpret_cast<Slot>(GetExecutor().goroutine_exit_pc);
  fp[-1] = 0;
  std::vector<Slot*> frames{fp};
  for (int i = 0; i < 200; i++) {
    fp = Call(fp, f.code + 5);
    ASSERT_NE(fp, nullptr);
    EXPECT_EQ(fp[2], 102u);
    EXPECT_EQ(fp[4], 104u);
    frames.push_back(fp);
  }
  g->exec.fp = fp;
  g->exec.pc = f.code + 8;
  size_t n = frames.size();
  for (FrameWalker w(g); w.Valid(); w.Next()) {
    ASSERT_GT(n, 0u);
    EXPECT_EQ(w.fp, frames[--n]);
    EXPECT_EQ(w.pc, w.is_call ? f.code + 5 : f.code + 8);
  }
  EXPECT_EQ(n, 0u);
  EXPECT_GT(g->stack_bytes, 0u);
  // Return from all of them.
  while (frames.size() > 1) {
    fp = frames.back();
    frames.pop_back();
    fp[0] = frames.size();
    fp[1] = 7;
    auto* ret = reinterpret_cast<const CodeWord*>(fp[-2]);
    if (ret == GetExecutor().chunk_return_pc) ret = LeaveChunk(g);
    EXPECT_EQ(ret, f.code + 5);
    Slot* results = frames.back() + 12;
    EXPECT_EQ(results[0], frames.size());
    EXPECT_EQ(results[1], 7u);
  }
  EXPECT_EQ(g->stack, reinterpret_cast<StackChunk*>(g + 1));
  FreeKeptChunk(g);
  EXPECT_EQ(g->stack_bytes, 0u);
}

TEST_F(StackTest, UnwindAndLimit) {
  Slot* first = FirstFrame(g, &f.function);
  first[-1] = 0;
  uint64_t old = SetMaxStack(100000);
  Slot* fp = first;
  int depth = 0;
  for (Slot* next; (next = Call(fp, f.code + 5)) != nullptr; depth++) {
    fp = next;
  }
  EXPECT_GT(depth, 200);
  UnwindToFrame(g, first);
  EXPECT_EQ(g->exec.stack_limit.load(), g->stack->End());
  EXPECT_TRUE(g->stack->Contains(first));
  FreeKeptChunk(g);
  EXPECT_EQ(g->stack_bytes, 0u);
  SetMaxStack(old);
}

TEST_F(StackTest, StopRequestSurvivesChunkChange) {
  Slot* fp = FirstFrame(g, &f.function);
  RequestStop(g);
  EXPECT_EQ(g->exec.stack_limit.load(), nullptr);
  fp = EnterChunk(g, fp + 12, f.code + 5, fp, &f.function);
  EXPECT_EQ(g->exec.stack_limit.load(), nullptr);
  g->exec.stop = 0;
  ResetStackLimit(g);
  EXPECT_EQ(g->exec.stack_limit.load(), g->stack->End());
}

TEST_F(StackTest, BigFirstFrame) {
  FakeFunction big("main.big", 5000);
  Slot* fp = FirstFrame(g, &big.function);
  EXPECT_LE(fp + 5000, g->exec.stack_limit.load());
  FreeStack(g);
  EXPECT_EQ(g->stack_bytes, 0u);
}

TEST_F(StackTest, TraceFormat) {
  FakeFunction caller("main.caller");
  FakeFunction wrapper("main.wrapper");
  wrapper.function.flags = kWrapper;
  Slot* a = FirstFrame(g, &caller.function);
  a[-1] = 0;
  Slot* b = a + 10;
  b[-2] = reinterpret_cast<Slot>(caller.code + 5);
  b[-1] = reinterpret_cast<Slot>(a);
  Slot* c = b + 10;
  c[-2] = reinterpret_cast<Slot>(wrapper.code + 5);
  c[-1] = reinterpret_cast<Slot>(b);
  g->exec.fp = c;
  g->exec.pc = f.code + 2;
  g->goid = 7;
  g->parent_goid = 1;
  g->creation_pc = caller.code + 4;
  g->status = kGwaiting;
  g->wait_reason = WaitReason::kChanReceive;
  std::string out;
  FormatGoroutine(&out, g, nullptr);
  EXPECT_EQ(out,
            "goroutine 7 [chan receive]:\n"
            "main.f(...)\n\tx.mgo:10\n"
            "main.caller(...)\n\tx.mgo:20\n"
            "created by main.caller in goroutine 1\n\tx.mgo:20\n");
}

TEST_F(StackTest, WalkGoesOnBelowADeferredCallOfAPanic) {
  FakeFunction panicking("main.panicking");
  Slot* a = FirstFrame(g, &panicking.function);
  a[-1] = 0;
  Slot* b = a + 10;
  CodeWord stub[1];
  b[-2] = reinterpret_cast<Slot>(stub + 1);
  b[-1] = reinterpret_cast<Slot>(a);
  Panic panic = {};
  panic.pc = panicking.code + 4;
  panic.fp = a;
  panic.deferred_fp = b;
  g->panics = &panic;
  g->exec.fp = b;
  g->exec.pc = f.code + 2;
  FrameWalker w(g);
  ASSERT_TRUE(w.Valid());
  EXPECT_EQ(w.function, &f.function);
  w.Next();
  ASSERT_TRUE(w.Valid());
  EXPECT_EQ(w.function, &panicking.function);
  EXPECT_EQ(w.pc, panicking.code + 4);
  w.Next();
  EXPECT_FALSE(w.Valid());
  g->panics = nullptr;
}

TEST_F(StackTest, DeferPools) {
  g->p = sched.procs[0];
  for (uint32_t slots : {0u, 1u, 3u, 9u, 20u, 100u}) {
    Defer* d = NewDefer(g, slots);
    for (uint32_t i = 0; i < slots; i++) d->params[i] = i;
    EXPECT_EQ(d->param_slots, slots);
    FreeDefer(g, d);
    if (slots <= 30) {
      EXPECT_EQ(NewDefer(g, slots), d);
    }
  }
}

}  // namespace
}  // namespace mgo::rt
