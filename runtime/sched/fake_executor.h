// For tests: an executor whose goroutines are C++ functions called step by
// step.
//
// A body is called again and again until it says kExit. What parks the
// goroutine is the last thing of a step (kParked); the next step comes when it
// has been made ready. The goroutine's frame has room for slots of the test's
// own from fp[1] on, and no root map but what the test gives `function`.
#ifndef MGO_RUNTIME_SCHED_FAKE_EXECUTOR_H_
#define MGO_RUNTIME_SCHED_FAKE_EXECUTOR_H_

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"

namespace mgo::rt::testing_support {

enum class Step { kAgain, kParked, kYield, kExit };
using Body = std::function<Step(G*)>;

// Its frames' slots: 0 the body, the rest the test's.
inline constexpr uint32_t kFakeSlots = 24;

struct FakeProgram {
  CodeWord code[8] = {};
  CodeWord stubs[2] = {};
  Function function = {};
  std::mutex lock;
  std::vector<std::unique_ptr<Body>> bodies;  // protector: lock

  // A program on so many Ps.
  explicit FakeProgram(uint32_t procs = 1) {
    function.entry = code;
    function.code_words = 8;
    function.frame_slots = kFakeSlots;
    function.param_slots = 1;
    function.name = "main.fake";
    ResetFunctionsForTesting();
    RegisterFunction(&function);
    ResetSchedForTesting(procs);
    SetExecutor({&Execute, stubs, stubs + 1, nullptr});
  }
  // Starts a goroutine.
  G* Go(Body body) {
    auto made = std::make_unique<Body>(std::move(body));
    Slot param = reinterpret_cast<Slot>(made.get());
    {
      std::scoped_lock guard(lock);
      bodies.push_back(std::move(made));
    }
    return NewProc(CurrentG(), nullptr, &function, nullptr, &param, 1);
  }
  // The first goroutine is main: its end ends Run.
  int Run() { return RunScheduler(); }

  static SwitchReason Execute(G* g) {
    for (;;) {
      auto* body = reinterpret_cast<Body*>(g->exec.fp[0]);
      switch ((*body)(g)) {
        case Step::kAgain:
          if (g->exec.stop.load() != 0) {
            g = Safepoint(g);
            break;
          }
          continue;
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
};

}  // namespace mgo::rt::testing_support

#endif  // MGO_RUNTIME_SCHED_FAKE_EXECUTOR_H_
