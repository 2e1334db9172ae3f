// A goroutine for tests of functions that allocate and panic.
#ifndef MGO_RUNTIME_OBJECT_TEST_ENV_H_
#define MGO_RUNTIME_OBJECT_TEST_ENV_H_

#include <string>

#include "runtime/gc/gc.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/g.h"
#include "runtime/sched/p.h"
#include "runtime/sched/sched.h"

namespace mgo::rt {

// The goroutine: not scheduled, but with a P and an M. Nothing is ever
// collected, since it never comes to a safepoint.
inline G* TestG() {
  if (sched.procs[0] == nullptr) {
    SchedInit();
    GcInit();
  }
  static G* const g = new G();
  // Other tests may have set up the scheduler anew.
  g->p = sched.procs[0];
  g->m = sched.main_m;
  return g;
}

// The text of the panic raised last, as the program sees it; forgets it.
inline std::string TakePanic() {
  auto& pending = TestG()->m->pending;
  bool is_runtime_error =
      pending.kind == static_cast<uint32_t>(RuntimeErrorKind::kPlain);
  std::string text = is_runtime_error ? "runtime error: " : "";
  text += pending.text;
  pending.kind = 0;
  pending.text[0] = 0;
  return text;
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_OBJECT_TEST_ENV_H_
