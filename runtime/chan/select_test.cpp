#include "runtime/base/fastrand.h"
#include "runtime/chan/test_program.h"

namespace mgo::rt {
namespace {

TEST_F(ChanTest, SelectDefaultAndChoiceIsRandom) {
  GoSteps({[&](G* g) {
    Chan* a = MakeChan(g, int_type, 1);
    Chan* b = MakeChan(g, int_type, 1);
    Slot va = 0, vb = 0, index = 0, value = 5;
    SelectCase cases[] = {{a, &va, nullptr, false}, {b, &vb, nullptr, false}};
    EXPECT_EQ(Select(g, cases, 2, true, &index), ChanStatus::kDone);
    EXPECT_EQ(static_cast<int64_t>(index), -1);
    int counts[2] = {};
    for (int i = 0; i < 2000; i++) {
      if (ChanLen(a) == 0) ChanSend(g, a, &value);
      if (ChanLen(b) == 0) ChanSend(g, b, &value);
      EXPECT_EQ(Select(g, cases, 2, false, &index), ChanStatus::kDone);
      counts[index]++;
    }
    EXPECT_GT(counts[0], 800);
    EXPECT_GT(counts[1], 800);
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

TEST_F(ChanTest, SelectSendOnClosedPanicsAndNilIsNeverReady) {
  GoSteps({[&](G* g) {
    Chan* a = MakeChan(g, int_type, 1);
    ChanClose(g, a);
    Slot value = 5, index = 0, ok = 9;
    SelectCase send[] = {{nullptr, &value, nullptr, true},
                         {a, &value, nullptr, true}};
    EXPECT_EQ(Select(g, send, 2, true, &index), ChanStatus::kPanic);
    EXPECT_EQ(PanicText(g), "send on closed channel");
    SelectCase receive[] = {{nullptr, &value, nullptr, false},
                            {a, &value, &ok, false}};
    EXPECT_EQ(Select(g, receive, 2, true, &index), ChanStatus::kDone);
    EXPECT_EQ(index, 1u);
    EXPECT_EQ(ok, 0u);
    EXPECT_EQ(value, 0u);
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

// A select that waits is served by one channel and leaves the others' lines.
TEST_F(ChanTest, SelectWaitsAndLeavesOtherLines) {
  constexpr int kRounds = 40;
  Chan* chans[4] = {};
  int served = 0, step = 0, round = 0;
  Body selecting = [&](G* s) {
    Slot* fp = s->exec.fp;
    if (round > 0) {
      served++;
      auto want = static_cast<Slot>((round - 1) % 4);
      EXPECT_EQ(fp[10], want);
      EXPECT_EQ(s->waiting, nullptr);
      if (want != 3) EXPECT_EQ(fp[11 + want], static_cast<Slot>(999 + round));
      for (Chan* c : chans) {
        EXPECT_EQ(c->receivers.first, nullptr);
        EXPECT_EQ(c->senders.first, nullptr);
      }
    }
    if (round++ == kRounds) return Step::kExit;
    fp[16] = 77;
    SelectCase cases[] = {{chans[0], fp + 11, fp + 15, false},
                          {chans[1], fp + 12, fp + 15, false},
                          {chans[2], fp + 13, nullptr, false},
                          {chans[3], fp + 16, nullptr, true}};
    return After(Select(s, cases, 4, false, fp + 10));
  };
  program.Go([&](G* g) {
    int i = step++ - 1;
    if (i < 0) {
      for (int n = 0; n < 4; n++) {
        chans[n] = MakeChan(g, int_type, 0);
        g->exec.fp[1 + n] = reinterpret_cast<Slot>(chans[n]);
      }
      program.Go(selecting);
      return Step::kYield;
    }
    if (i == kRounds) return Step::kExit;
    if (i % 10 == 5) CollectGarbage(true);
    if (i % 4 == 3) {
      Slot got = 0;
      EXPECT_EQ(ChanReceive(g, chans[3], &got, nullptr), ChanStatus::kDone);
      EXPECT_EQ(got, 77u);
    } else {
      auto value = Slot{1000} + static_cast<Slot>(i);
      EXPECT_EQ(ChanSend(g, chans[i % 4], &value), ChanStatus::kDone);
    }
    return Step::kYield;
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(served, kRounds);
}

// The same channel in several cases, and a close that wakes a select.
TEST_F(ChanTest, SelectOnOneChannelTwiceAndClose) {
  Chan* c = nullptr;
  int step = 0, woken = 0;
  program.Go([&](G* g) {
    switch (step++) {
      case 0:
        c = MakeChan(g, int_type, 0);
        g->exec.fp[1] = reinterpret_cast<Slot>(c);
        GoSteps({[&](G* s) {
                   Slot* fp = s->exec.fp;
                   SelectCase cases[] = {{c, fp + 11, fp + 12, false},
                                         {c, fp + 13, fp + 14, false}};
                   return After(Select(s, cases, 2, false, fp + 10));
                 },
                 [&](G* s) {
                   EXPECT_LT(s->exec.fp[10], 2u);
                   EXPECT_EQ(s->exec.fp[12 + 2 * s->exec.fp[10]], 0u);
                   woken++;
                   return Step::kExit;
                 }});
        return Step::kYield;
      case 1:
        ChanClose(g, c);
        return Step::kYield;
      default:
        EXPECT_EQ(c->receivers.first, nullptr);
        return Step::kExit;
    }
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(woken, 1);
}

TEST_F(ChanTest, SelectOfManyCases) {
  GoSteps({[&](G* g) {
    std::vector<SelectCase> cases;
    Slot value = 3, index = 0;
    for (int i = 0; i < 100; i++) {
      Chan* c = MakeChan(g, int_type, 1);
      if (i == 61) ChanSend(g, c, &value);
      cases.push_back({c, &value, nullptr, false});
    }
    EXPECT_EQ(Select(g, cases.data(), 100, false, &index), ChanStatus::kDone);
    EXPECT_EQ(index, 61u);
    return Step::kExit;
  }});
  EXPECT_EQ(program.Run(), 0);
}

TEST_F(ChanTest, SelectWithoutCases) {
  GoSteps({[&](G*) {
             GoSteps({[&](G* g) {
               Slot index;
               return After(Select(g, nullptr, 0, false, &index));
             }});
             return Step::kYield;
           },
           [&](G*) {
             EXPECT_EQ(AllG(1)->wait_reason, WaitReason::kSelectNoCases);
             return Step::kExit;
           }});
  EXPECT_EQ(program.Run(), 0);
}

// Many goroutines that send, receive and select at random: what went in comes
// out.
TEST_F(ChanTest, RandomTraffic) {
  FastRandSeed(5);
  constexpr int kChans = 5, kSenders = 8, kEach = 300;
  Chan* chans[kChans] = {};
  uint64_t sum_in = 0, sum_out = 0;
  int step = 0, received = 0;
  auto sender = [&] {
    auto left = std::make_shared<int>(kEach);
    return [&, left](G* g) {
      if ((*left)-- == 0) return Step::kExit;
      Slot* fp = g->exec.fp;
      fp[10] = FastRandN(1000);
      sum_in += fp[10];
      uint32_t a = FastRandN(kChans), b = FastRandN(kChans);
      if (FastRandN(2) == 0) return After(ChanSend(g, chans[a], fp + 10));
      SelectCase cases[] = {{chans[a], fp + 10, nullptr, true},
                            {chans[b], fp + 10, nullptr, true}};
      return After(Select(g, cases, 2, false, fp + 12));
    };
  };
  auto receiver = [&] {
    auto pending = std::make_shared<bool>(false);
    return [&, pending](G* g) {
      Slot* fp = g->exec.fp;
      if (*pending) {
        sum_out += fp[11];
        received++;
      }
      *pending = true;
      fp[11] = 0;
      SelectCase cases[kChans];
      for (int i = 0; i < kChans; i++) {
        cases[i] = {chans[i], fp + 11, nullptr, false};
      }
      return After(Select(g, cases, kChans, false, fp + 12));
    };
  };
  program.Go([&](G* g) {
    if (step++ == 0) {
      for (int i = 0; i < kChans; i++) {
        chans[i] = MakeChan(g, int_type, i % 3);
        g->exec.fp[1 + i] = reinterpret_cast<Slot>(chans[i]);
      }
      for (int i = 0; i < kSenders; i++) program.Go(sender());
      for (int i = 0; i < 3; i++) program.Go(receiver());
    }
    return received == kSenders * kEach ? Step::kExit : Step::kYield;
  });
  EXPECT_EQ(program.Run(), 0);
  EXPECT_EQ(sum_in, sum_out);
}

}  // namespace
}  // namespace mgo::rt
