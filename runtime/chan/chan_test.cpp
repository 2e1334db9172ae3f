#include "runtime/chan/chan.h"

#include "runtime/chan/test_program.h"

namespace mgo::rt {
namespace {

TEST_F(ChanTest, UnbufferedHandsOverBothWays) {
  // The receiver waits first, then the sender does.
  std::vector<int64_t> got;
  Chan* c = nullptr;
  GoSteps({
      [&](G* g) {
        c = MakeChan(g, int_type, 0);
        g->exec.fp[1] = reinterpret_cast<Slot>(c);
        return Step::kYield;
      },
      [&](G* g) {
        g->exec.fp[10] = 41;
        return After(ChanSend(g, c, g->exec.fp + 10));
      },
      [&](G* g) {
        g->exec.fp[10] = 42;
        return After(ChanSend(g, c, g->exec.fp + 10));
      },
      [&](G*) { return Step::kYield; },
      [&](G*) { return Step::kYield; },
  });
  GoSteps({
      // It runs first, being runnext: c is not made yet.
      [&](G*) { return Step::kYield; },
      [&](G* g) {
        g->exec.fp[11] = 99;
        return After(ChanReceive(g, c, g->exec.fp + 11, g->exec.fp + 12));
      },
      [&](G* g) {
        got.push_back(static_cast<int64_t>(g->exec.fp[11]));
        EXPECT_EQ(g->exec.fp[12], 1u);
        return Step::kYield;
      },
      [&](G* g) { return After(ChanReceive(g, c, g->exec.fp + 11, nullptr)); },
      [&](G* g) {
        got.push_back(static_cast<int64_t>(g->exec.fp[11]));
        return Step::kExit;
      },
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(got, (std::vector<int64_t>{41, 42}));
}

TEST_F(ChanTest, BufferedIsFifoAndBlocksWhenFull) {
  std::vector<int64_t> got;
  Chan* c = nullptr;
  int sent = 0;
  program.Go([&](G* g) {
    if (c == nullptr) {
      c = MakeChan(g, int_type, 3);
      g->exec.fp[1] = reinterpret_cast<Slot>(c);
      EXPECT_EQ(ChanCap(c), 3);
      program.Go([&, pending = false](G* r) mutable {
        if (!pending) EXPECT_EQ(ChanLen(c), 3);
        if (pending) got.push_back(static_cast<int64_t>(r->exec.fp[11]));
        pending = true;
        if (got.size() == 10) return Step::kExit;
        return After(ChanReceive(r, c, r->exec.fp + 11, nullptr));
      });
    }
    if (sent == 10) return got.size() < 10 ? Step::kYield : Step::kExit;
    g->exec.fp[10] = static_cast<Slot>(sent++);
    return After(ChanSend(g, c, g->exec.fp + 10));
  });
  EXPECT_EQ(program.Run(), 0);
  for (int i = 0; i < 10; i++) EXPECT_EQ(got[static_cast<size_t>(i)], i);
}

TEST_F(ChanTest, CloseWakesEverybody) {
  Chan* c = nullptr;
  int received = 0;
  CodeWord retry[1];
  GoSteps({
      [&](G* g) {
        c = MakeChan(g, int_type, 0);
        g->exec.fp[1] = reinterpret_cast<Slot>(c);
        for (int i = 0; i < 3; i++) {
          GoSteps({[&](G* r) {
                     return After(
                         ChanReceive(r, c, r->exec.fp + 11, r->exec.fp + 12));
                   },
                   [&](G* r) {
                     EXPECT_EQ(r->exec.fp[11], 0u);
                     EXPECT_EQ(r->exec.fp[12], 0u);
                     received++;
                     return Step::kExit;
                   }});
        }
        return Step::kYield;
      },
      [&](G* g) {
        EXPECT_EQ(ChanClose(g, c), ChanStatus::kDone);
        EXPECT_EQ(ChanClose(g, c), ChanStatus::kPanic);
        EXPECT_EQ(PanicText(g), "close of closed channel");
        EXPECT_EQ(ChanSend(g, c, g->exec.fp + 10), ChanStatus::kPanic);
        EXPECT_EQ(PanicText(g), "send on closed channel");
        EXPECT_EQ(ChanClose(g, nullptr), ChanStatus::kPanic);
        EXPECT_EQ(PanicText(g), "close of nil channel");
        return Step::kYield;
      },
      [&](G* g) {
        EXPECT_EQ(received, 3);
        // A sender that waits goes on at its retry point.
        c = MakeChan(g, int_type, 0);
        g->exec.fp[1] = reinterpret_cast<Slot>(c);
        GoSteps({[&](G* s) {
                   s->retry_pc = retry;
                   return After(ChanSend(s, c, s->exec.fp + 10));
                 },
                 [&](G* s) {
                   EXPECT_EQ(s->exec.pc, retry);
                   s->exec.pc = program.function.entry;
                   EXPECT_EQ(ChanSend(s, c, s->exec.fp + 10),
                             ChanStatus::kPanic);
                   received++;
                   return Step::kExit;
                 }});
        return Step::kYield;
      },
      [&](G* g) {
        ChanClose(g, c);
        return Step::kYield;
      },
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(received, 4);
}

TEST_F(ChanTest, ClosedChannelGivesItsBufferFirst) {
  GoSteps({[&](G* g) {
    Chan* c = MakeChan(g, int_type, 2);
    Slot value = 7, got = 0, ok = 9;
    ChanSend(g, c, &value);
    ChanClose(g, c);
    EXPECT_EQ(ChanReceive(g, c, &got, &ok), ChanStatus::kDone);
    EXPECT_EQ(got, 7u);
    EXPECT_EQ(ok, 1u);
    EXPECT_EQ(ChanReceive(g, c, &got, &ok), ChanStatus::kDone);
    EXPECT_EQ(got, 0u);
    EXPECT_EQ(ok, 0u);
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

TEST_F(ChanTest, ElementSizes) {
  GoSteps({[&](G* g) {
    for (uint64_t size : {0u, 1u, 2u, 4u, 8u, 24u, 100u}) {
      Chan* c = MakeChan(g, types.Plain(size), 2);
      uint8_t value[104], got[104];
      memset(value, 0x5a, sizeof value);
      memset(got, 0xff, sizeof got);
      ChanSend(g, c, value);
      ChanReceive(g, c, got, nullptr);
      for (uint64_t i = 0; i < size; i++) EXPECT_EQ(got[i], 0x5a);
      // Narrow values leave the rest of their slot zero.
      if (size > 0 && size < 8) EXPECT_EQ(got[7], 0);
    }
    EXPECT_EQ(MakeChan(g, int_type, -1), nullptr);
    EXPECT_EQ(PanicText(g), "makechan: size out of range");
    EXPECT_EQ(MakeChan(g, int_type, INT64_MAX), nullptr);
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

TEST_F(ChanTest, NilChannelsWaitForEver) {
  GoSteps({[&](G*) {
             GoSteps({[&](G* g) { return After(ChanSend(g, nullptr, g)); }});
             GoSteps({[&](G* g) {
               return After(ChanReceive(g, nullptr, nullptr, nullptr));
             }});
             return Step::kYield;
           },
           [&](G*) {
             EXPECT_EQ(AllG(1)->wait_reason, WaitReason::kChanSendNil);
             EXPECT_EQ(AllG(2)->wait_reason, WaitReason::kChanReceiveNil);
             return Step::kExit;
           }});
  EXPECT_EQ(program.Run(), 0);
}

// What only a channel knows of is kept: buffered values, and the value of a
// parked sender, whose frame does not count it any more.
TEST_F(ChanTest, CollectorSeesValuesInChannels) {
  TypeDesc* pointer = types.Pointer();
  TypeDesc* node = types.Words(".p");
  auto make = [&](G* g, uint64_t value) {
    auto* p = static_cast<uint64_t*>(NewObject(g, node));
    p[0] = value;
    return reinterpret_cast<Slot>(p);
  };
  Chan *buffered = nullptr, *plain = nullptr;
  GoSteps({
      [&](G* g) {
        buffered = MakeChan(g, pointer, 4);
        plain = MakeChan(g, pointer, 0);
        g->exec.fp[1] = reinterpret_cast<Slot>(buffered);
        for (uint64_t i = 0; i < 3; i++) {
          Slot value = make(g, 100 + i);
          ChanSend(g, buffered, &value);
        }
        GoSteps({[&](G* s) {
          s->exec.fp[10] = make(s, 200);
          return After(ChanSend(s, plain, s->exec.fp + 10));
        }});
        return Step::kYield;
      },
      [&](G* g) {
        CollectGarbage(true);
        CollectGarbage(true);
        for (uint64_t i = 0; i < 3; i++) {
          Slot got;
          ChanReceive(g, buffered, &got, nullptr);
          EXPECT_EQ(*reinterpret_cast<uint64_t*>(got), 100 + i);
        }
        Slot got;
        EXPECT_EQ(ChanReceive(g, plain, &got, nullptr), ChanStatus::kDone);
        EXPECT_EQ(*reinterpret_cast<uint64_t*>(got), 200u);
        return Step::kExit;
      },
  });
  EXPECT_EQ(program.Run(), 0);
}

}  // namespace
}  // namespace mgo::rt
