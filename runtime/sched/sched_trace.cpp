// The scheduler's state in Go's format: GODEBUG=schedtrace=N,scheddetail=1.
#include <cstdarg>
#include <cstdio>
#include <string>

#include "runtime/base/nanotime.h"
#include "runtime/base/sanitizer.h"
#include "runtime/base/throw.h"
#include "runtime/sched/sched.h"

namespace mgo::rt {
namespace {

void Append(std::string* out, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

void Append(std::string* out, const char* format, ...) {
  char buffer[512];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  if (n > 0) out->append(buffer, static_cast<size_t>(n));
}

// A P's own figures are only read here.
MGO_NO_SANITIZE_THREAD uint32_t FreeGs(const P* p) { return p->gfree_count; }

void AppendP(std::string* out, P* p) {
  M* m = p->m.load(std::memory_order_relaxed);
  Append(out,
         "  P%u: status=%u schedtick=%u syscalltick=%u m=%d runqsize=%u "
         "gfreecnt=%u timerslen=%zu\n",
         p->id, p->status.load(std::memory_order_relaxed),
         p->sched_tick.load(std::memory_order_relaxed),
         p->syscall_tick.load(std::memory_order_relaxed),
         m == nullptr ? -1 : static_cast<int>(m->id), p->runq.Size(), FreeGs(p),
         p->timers.CountNow());
}

MGO_NO_SANITIZE_THREAD void AppendM(std::string* out, M* m) {
  P* p = m->p;
  G* locked = m->locked_g;
  G* g = m->curg.load(std::memory_order_relaxed);
  Append(out,
         "  M%u: p=%d curg=%lld mallocing=0 throwing=%d preemptoff= locks=0 "
         "dying=0 spinning=%s blocked=%s lockedg=%lld\n",
         m->id, p == nullptr ? -1 : static_cast<int>(p->id),
         g == nullptr ? -1LL : static_cast<long long>(g->goid),
         Throwing() ? 1 : 0, m->spinning ? "true" : "false",
         m->blocked ? "true" : "false",
         locked == nullptr ? -1LL : static_cast<long long>(locked->goid));
}

MGO_NO_SANITIZE_THREAD void AppendG(std::string* out, G* g) {
  GStatus status = g->Status();
  M* m = status == kGrunning || status == kGsyscall ? g->m : nullptr;
  M* locked = g->locked_m;
  Append(out, "  G%llu: status=%u(%s) m=%d lockedm=%d\n",
         static_cast<unsigned long long>(g->goid),
         static_cast<unsigned>(status),
         status == kGwaiting ? WaitReasonText(g->wait_reason) : "",
         m == nullptr ? -1 : static_cast<int>(m->id),
         locked == nullptr ? -1 : static_cast<int>(locked->id));
}

}  // namespace

// A snapshot without stopping anything: lines need not agree with each other.
void PrintSchedTrace(bool detailed) {
  std::string out;
  MutexLock guard(sched.lock);
  Append(&out,
         "SCHED %lldms: gomaxprocs=%u idleprocs=%u threads=%u "
         "spinningthreads=%u idlethreads=%u",
         static_cast<long long>((Nanotime() - StartNanotime()) / 1000000),
         sched.proc_count.load(), sched.idle_p_count.load(), sched.m_count + 1,
         sched.spinning.load(), sched.idle_m_count);
  Append(&out, detailed ? " runqueue=%u" : " runqueue=%u [",
         sched.global_size.load(std::memory_order_relaxed));
  if (detailed) {
    Append(&out, " gcwaiting=%d nmidlelocked=%d stopwait=%u sysmonwait=%d\n",
           (sched.attention.load() & kGcWaiting) != 0 ? 1 : 0,
           sched.idle_locked_count, sched.stop_wait,
           sched.sysmon_waits.load() ? 1 : 0);
    for (uint32_t i = 0; i < sched.proc_count; i++) {
      AppendP(&out, sched.procs[i]);
    }
    for (M* m = sched.all_ms; m != nullptr; m = m->all_link) AppendM(&out, m);
    for (size_t i = 0; i < AllGCount(); i++) AppendG(&out, AllG(i));
  } else {
    for (uint32_t i = 0; i < sched.proc_count; i++) {
      Append(&out, i == 0 ? "%u" : " %u", sched.procs[i]->runq.Size());
    }
    out += "]\n";
  }
  PrintErrorText(out);
}

}  // namespace mgo::rt
