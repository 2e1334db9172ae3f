// The natives of package iter: two goroutines that take turns. One word, which
// the guest keeps, holds the G that stands still.
//
// The running goroutine is parked before the other one may run, which may be on
// another thread at once: it is that one's to ready again.
#include "runtime/sched/switch.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

using rt::G;

// Parks the running goroutine, leaving it in the word; returns the G that was
// there.
static G* StandStill(NativeFrame& f) {
  G** waiting = f.Pointer<G*>(0);
  G* other = *waiting;
  *waiting = f.g;
  rt::Gopark(f.g, rt::WaitReason::kCoroutine);
  return other;
}

NativeStatus IterStart(NativeFrame& f) {
  const auto* closure = f.Pointer<const rt::Closure>(1);
  StandStill(f);
  rt::NewProc(f.g, f.g->exec.pc, closure->function, closure, nullptr, 0);
  return NativeStatus::kPark;
}

NativeStatus IterSwap(NativeFrame& f) {
  rt::Goready(StandStill(f));
  return NativeStatus::kPark;
}

NativeStatus IterEnd(NativeFrame& f) {
  G** waiting = f.Pointer<G*>(0);
  G* other = *waiting;
  *waiting = nullptr;
  rt::Goready(other);
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
