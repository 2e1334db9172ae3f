// Costs of the runtime's operations at C++ level, in nanoseconds: allocation
// with its collections, channel operations with their switches. Not a test; run
// it by hand: build/release/bin/runtime_bench.
#include <cstdio>

#include "runtime/base/debug_vars.h"
#include "runtime/base/nanotime.h"
#include "runtime/chan/chan.h"
#include "runtime/gc/gc.h"
#include "runtime/gc/gc_trace.h"
#include "runtime/gc/mutator.h"
#include "runtime/gc/type_maker.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/executor.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/switch.h"

namespace mgo::rt {
namespace {

enum class Step { kAgain, kParked, kYield, kExit };
using Body = Step (*)(G*);

CodeWord code[4];
CodeWord stubs[2];
uint64_t pointer_bits = 0b110;
RootMap root_map = {0, 3, &pointer_bits, nullptr};
Function function;

// Slots of a frame: 0 body, 1 and 2 pointers, from 3 on numbers.
SwitchReason Execute(G* g) {
  for (;;) {
    switch (reinterpret_cast<Body>(g->exec.fp[0])(g)) {
      case Step::kAgain:
        if (__builtin_expect(g->exec.stop.load(std::memory_order_relaxed) == 0,
                             1)) {
          continue;
        }
        g = Safepoint(g);
        break;
      case Step::kParked:
        g = PickNext();
        break;
      case Step::kYield:
        Gosched(g);
        g = PickNext();
        break;
      case Step::kExit:
        if (!ExitGoroutine(g, false)) return SwitchReason::kProgramEnd;
        g = PickNext();
        break;
    }
    if (g == nullptr) return SwitchReason::kSwitched;
  }
}

G* Go(Body body) {
  Slot param = reinterpret_cast<Slot>(body);
  return NewProc(CurrentG(), nullptr, &function, nullptr, &param, 1);
}

const TypeDesc* node32;
const TypeDesc* node16;
const TypeDesc* integer;
int64_t counter;
int64_t limit;
Chan* chans[2];

// Runs `body` as main, with a limit of n, and prints the time for each.
void Measure(const char* what, Body body, int64_t n) {
  counter = 0;
  limit = n;
  // Main's end is the end of the program: set up anew.
  sched.attention = 0;
  G* g = Go(body);
  g->flags |= kGMain;
  for (int i = 0; i < 8; i++) g->exec.fp[1 + i] = 0;
  uint32_t cycles = GcCycles();
  int64_t start = ThreadCpuNanos();
  RunScheduler();
  int64_t ns = ThreadCpuNanos() - start;
  current_m->curg = nullptr;
  sched.attention = 0;
  // Leave the ended main goroutine behind as dead.
  g->status = kGdead;
  printf("%-44s %8.2f ns  (%u collections)\n", what,
         static_cast<double>(ns) / static_cast<double>(n), GcCycles() - cycles);
}

Step Alloc32(G* g) {
  for (int i = 0; i < 1000; i++) {
    g->exec.fp[1] = reinterpret_cast<Slot>(NewObject(g, node32));
  }
  return (counter += 1000) >= limit ? Step::kExit : Step::kAgain;
}

Step AllocList(G* g) {
  // A list of 32-byte nodes that is dropped now and then.
  for (int i = 0; i < 1000; i++) {
    auto** node = static_cast<void**>(NewObject(g, node32));
    node[0] = reinterpret_cast<void*>(g->exec.fp[1]);
    g->exec.fp[1] = reinterpret_cast<Slot>(node);
  }
  counter += 1000;
  if (counter % 1000000 == 0) g->exec.fp[1] = 0;
  return counter >= limit ? Step::kExit : Step::kAgain;
}

Step AllocBytes(G* g) {
  for (int i = 0; i < 1000; i++) NewBytes(g, 8 + (i & 15), false);
  return (counter += 1000) >= limit ? Step::kExit : Step::kAgain;
}

void* MakeTree(G* g, int depth) {
  auto** node = static_cast<void**>(NewObject(g, node16));
  if (depth > 0) {
    node[0] = MakeTree(g, depth - 1);
    node[1] = MakeTree(g, depth - 1);
  }
  return node;
}

Step Trees(G* g) {
  g->exec.fp[1] = reinterpret_cast<Slot>(MakeTree(g, 14));
  return (counter += (1 << 15) - 1) >= limit ? Step::kExit : Step::kAgain;
}

Step Pong(G* g) {
  Slot* fp = g->exec.fp;
  // Alternately receives and sends.
  if (fp[4]++ % 2 == 0) {
    return ChanReceive(g, chans[0], fp + 3, nullptr) == ChanStatus::kPark
               ? Step::kParked
               : Step::kAgain;
  }
  return ChanSend(g, chans[1], fp + 3) == ChanStatus::kPark ? Step::kParked
                                                            : Step::kAgain;
}

Step Ping(G* g) {
  Slot* fp = g->exec.fp;
  if (counter == 0) {
    for (int i = 0; i < 2; i++) {
      chans[i] = MakeChan(g, integer, 0);
      fp[1 + i] = reinterpret_cast<Slot>(chans[i]);
    }
    G* pong = Go(Pong);
    for (int i = 0; i < 8; i++) pong->exec.fp[1 + i] = 0;
    pong->flags |= kGSystem;
  }
  if (counter == 2 * limit) return Step::kExit;
  ChanStatus status = counter++ % 2 == 0
                          ? ChanSend(g, chans[0], fp + 3)
                          : ChanReceive(g, chans[1], fp + 3, nullptr);
  return status == ChanStatus::kPark ? Step::kParked : Step::kAgain;
}

Step Buffered(G* g) {
  Slot* fp = g->exec.fp;
  Chan* c = MakeChan(g, integer, 16);
  for (int64_t i = 0; i < limit; i++) {
    ChanSend(g, c, fp + 3);
    ChanReceive(g, c, fp + 3, nullptr);
  }
  return Step::kExit;
}

Step SendSelect(G* g) {
  Slot* fp = g->exec.fp;
  Chan* a = MakeChan(g, integer, 16);
  Chan* b = MakeChan(g, integer, 16);
  for (int64_t i = 0; i < limit; i++) {
    ChanSend(g, a, fp + 3);
    SelectCase cases[] = {{a, fp + 3, nullptr, false},
                          {b, fp + 3, nullptr, false}};
    Select(g, cases, 2, false, fp + 4);
  }
  return Step::kExit;
}

Step YieldOther(G*) { return counter >= limit ? Step::kExit : Step::kYield; }
Step YieldMain(G*) {
  if (counter == 0) Go(YieldOther);
  return counter++ >= limit ? Step::kExit : Step::kYield;
}

Step Nothing(G*) { return Step::kExit; }
Step Spawn(G*) {
  if (counter++ == limit) return Step::kExit;
  Go(Nothing);
  return Step::kYield;
}

Step Blocked(G* g) {
  return ChanReceive(g, chans[0], g->exec.fp + 3, nullptr) == ChanStatus::kPark
             ? Step::kParked
             : Step::kExit;
}
Step Million(G* g) {
  if (counter == 0) {
    chans[0] = MakeChan(g, integer, 0);
    g->exec.fp[1] = reinterpret_cast<Slot>(chans[0]);
  }
  if (counter == limit) {
    printf("bytes of a blocked goroutine: %llu\n",
           static_cast<unsigned long long>(StackBytesInUse()) / limit);
    return Step::kExit;
  }
  for (int i = 0; i < 100; i++) {
    G* blocked = Go(Blocked);
    blocked->exec.fp[1] = blocked->exec.fp[2] = 0;
  }
  counter += 100;
  return Step::kYield;
}

void Main() {
  InitDebugVars();
  SchedInit();
  GcInit();
  function.entry = code;
  function.code_words = 4;
  function.frame_slots = 16;
  function.param_slots = 1;
  function.name = "main.bench";
  function.root_maps = &root_map;
  function.root_map_count = 1;
  RegisterFunction(&function);
  SetExecutor({Execute, stubs, stubs + 1, nullptr});
  static testing_support::TypeMaker types;
  node32 = types.Words("p...");
  node16 = types.Words("pp");
  integer = types.Int();
  Measure("allocate 32 B, dropped at once", Alloc32, 10000000);
  Measure("allocate 32 B in lists of a million", AllocList, 10000000);
  Measure("allocate 8 to 23 B without pointers", AllocBytes, 10000000);
  Measure("trees of 32767 16 B nodes, per node", Trees, 10000000);
  printf("system calls of the heap: %llu\n",
         static_cast<unsigned long long>(heap.stats.os_calls.load()));
  Measure("unbuffered round trip", Ping, 3000000);
  Measure("buffered send and receive", Buffered, 5000000);
  Measure("send and two-way select", SendSelect, 5000000);
  Measure("Gosched pair", YieldMain, 3000000);
  Measure("spawn, run, exit", Spawn, 3000000);
  Measure("a blocked goroutine", Million, 100000);
}

}  // namespace
}  // namespace mgo::rt

int main() { mgo::rt::Main(); }
