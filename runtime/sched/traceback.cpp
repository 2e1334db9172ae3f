#include "runtime/sched/traceback.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "runtime/base/nanotime.h"
#include "runtime/base/throw.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/executor.h"
#include "runtime/sched/p.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/traceback_level.h"

namespace mgo::rt {
namespace {

// Of a longer trace, so many of the newest and of the oldest frames are shown.
constexpr int kInnerFrames = 50;
constexpr int kOuterFrames = 50;

// The panic that runs the deferred call whose frame is `fp`; null: none.
const Panic* PanicOfDeferred(const G* g, const Slot* fp) {
  for (const Panic* p = g->panics; p != nullptr; p = p->link) {
    if (p->deferred_fp == fp) return p;
  }
  return nullptr;
}

// With the runtime's own frames and goroutines, and with addresses.
constexpr uint32_t kSystemLevel = 2;

void AppendAddress(std::string* out, const char* name, const void* address) {
  char text[24];
  snprintf(text, sizeof text, "%#llx",
           reinterpret_cast<unsigned long long>(address));
  *out += name;
  *out += address == nullptr ? "nil" : text;
}

void AppendFrame(std::string* out, const TraceFrame& frame, uint32_t level) {
  *out += frame.function;
  *out += frame.no_params ? "()\n\t" : "(...)\n\t";
  *out += frame.file;
  *out += ':';
  *out += std::to_string(frame.line);
  if (level >= kSystemLevel && frame.fp != nullptr) {
    AppendAddress(out, " fp=", frame.fp);
    AppendAddress(out, " pc=", frame.pc);
  }
  *out += '\n';
}

const char* StatusText(const G* g) {
  switch (g->Status()) {
    case kGidle:
      return "idle";
    case kGrunnable:
      return "runnable";
    case kGrunning:
      return "running";
    case kGsyscall:
      return "syscall";
    case kGwaiting:
      return g->wait_reason == WaitReason::kNone
                 ? "waiting"
                 : WaitReasonText(g->wait_reason);
    case kGdead:
      return "dead";
    case kGpreempted:
      return "running";  // until it was stopped for the dump
  }
  return "???";
}

struct Collected {
  std::string* out;
  uint32_t level;
  int count;  // frames seen
  int total;  // frames there are; 0: not counted
};

}  // namespace

FrameWalker::FrameWalker(G* goroutine)
    : fp(goroutine->exec.fp),
      pc(goroutine->exec.pc),
      function(nullptr),
      is_call(false),
      unwinding(false),
      g(goroutine),
      chunk(goroutine->stack) {
  if (fp != nullptr && pc != nullptr) function = FindFunction(pc);
}

void FrameWalker::Next() {
  auto* ret = reinterpret_cast<const CodeWord*>(fp[-2]);
  auto* caller = reinterpret_cast<Slot*>(fp[-1]);
  if (caller == nullptr) {
    function = nullptr;
    return;
  }
  const Slot* old_fp = fp;
  while (chunk->prev != nullptr && !chunk->Contains(old_fp)) {
    chunk = chunk->prev;
  }
  if (ret == GetExecutor().chunk_return_pc && chunk->prev != nullptr) {
    ret = chunk->return_pc;
  }
  fp = caller;
  pc = ret;
  is_call = true;
  unwinding = function == GetExecutor().raise_function;
  // Mostly recursion or a caller nearby: try the same function first.
  const CodeWord* in = ret - 1;
  if (function != nullptr && in >= function->entry &&
      in < function->entry + function->code_words) {
    return;
  }
  function = FindFunction(in);
  if (function != nullptr && in < function->entry + function->code_words) {
    return;
  }
  function = nullptr;
  // A deferred call that a panic runs: on with the frame that panicked.
  if (const Panic* panic = PanicOfDeferred(g, old_fp)) {
    fp = panic->fp;
    pc = panic->pc;
    is_call = false;
    unwinding = true;
    if (pc != nullptr) function = FindFunction(pc);
  }
}

TraceFrame FrameAt(const Function* function, const CodeWord* pc, bool is_call) {
  TraceFrame frame{std::string(function->name), "?", 0};
  auto offset = static_cast<uint32_t>(pc - function->entry);
  if (is_call && offset > 0) offset--;
  const LineEntry* line = FindLine(function, offset);
  if (line == nullptr) return frame;
  if (function->files != nullptr) frame.file = function->files[line->file];
  frame.line = line->line;
  if (line->inlined != 0) {
    frame.function = function->inlined[line->inlined - 1].function_name;
  }
  return frame;
}

void VisitTrace(G* g, bool all, void (*visit)(const TraceFrame&, void*),
                void* context) {
  for (FrameWalker w(g); w.Valid(); w.Next()) {
    const Function* f = w.function;
    if (!all && (f->flags & (kWrapper | kInternal)) != 0) continue;
    // A goroutine that has stopped after a blocking instruction is still at it;
    // one that will execute it again stands before it.
    bool is_call = w.is_call || (w.pc != f->entry && w.pc != g->retry_pc);
    auto offset = static_cast<uint32_t>(w.pc - f->entry);
    if (is_call && offset > 0) offset--;
    TraceFrame frame = FrameAt(f, w.pc, is_call);
    const LineEntry* line = FindLine(f, offset);
    uint32_t site = line == nullptr ? 0 : line->inlined;
    while (site != 0) {
      visit(frame, context);
      const InlineSite& s = f->inlined[site - 1];
      frame.file = f->files == nullptr ? "?" : f->files[s.call_file];
      frame.line = s.call_line;
      site = s.parent;
      frame.function = site == 0 ? f->name : f->inlined[site - 1].function_name;
    }
    frame.fp = w.fp;
    frame.pc = w.pc;
    frame.no_params = f->param_slots == 0;
    visit(frame, context);
  }
}

namespace {

// What the M of a goroutine is, if it has one.
void AppendM(std::string* out, const G* g) {
  GStatus status = g->Status();
  bool has_m =
      status == kGrunning || status == kGsyscall || status == kGpreempted;
  const M* m = has_m ? g->m : nullptr;
  AppendAddress(out, " gp=", g);
  *out += " m=" + (m == nullptr ? "nil" : std::to_string(m->id));
  if (m != nullptr) AppendAddress(out, " mp=", m);
}

void AppendHeader(std::string* out, G* g, const char* status, uint32_t level) {
  *out += "goroutine " + std::to_string(g->goid);
  if (level >= kSystemLevel) AppendM(out, g);
  *out += " [";
  *out += status != nullptr ? status : StatusText(g);
  if (status == nullptr && g->Status() == kGwaiting && g->wait_since != 0) {
    int64_t minutes = (Nanotime() - g->wait_since) / 60000000000;
    if (minutes >= 1) *out += ", " + std::to_string(minutes) + " minutes";
  }
  if (g->lock_count != 0) *out += ", locked to thread";
  *out += "]:\n";
}

void AppendStack(std::string* out, G* g, uint32_t level) {
  Collected counted{nullptr, level, 0, 0};
  const bool internals = level >= kSystemLevel;
  VisitTrace(
      g, internals,
      [](const TraceFrame&, void* c) { static_cast<Collected*>(c)->total++; },
      &counted);
  counted.out = out;
  VisitTrace(
      g, internals,
      [](const TraceFrame& frame, void* context) {
        auto* c = static_cast<Collected*>(context);
        int i = c->count++;
        int elided = c->total - kInnerFrames - kOuterFrames;
        if (elided > 0 && i >= kInnerFrames && i < kInnerFrames + elided) {
          if (i == kInnerFrames) {
            *c->out += "..." + std::to_string(elided) + " frames elided...\n";
          }
          return;
        }
        AppendFrame(c->out, frame, c->level);
      },
      &counted);
}

void AppendCreator(std::string* out, G* g) {
  if (g->creation_pc == nullptr) return;
  const Function* creator = FindFunction(g->creation_pc);
  if (creator == nullptr) return;
  TraceFrame frame = FrameAt(creator, g->creation_pc, false);
  *out += "created by " + frame.function + " in goroutine " +
          std::to_string(g->parent_goid) + "\n\t" + frame.file + ":" +
          std::to_string(frame.line) + "\n";
}

// What is known of a goroutine that runs on another thread.
void FormatElsewhere(std::string* out, G* g, uint32_t level) {
  AppendHeader(out, g, "running", level);
  *out += "\tgoroutine running on other thread; stack unavailable\n";
  AppendCreator(out, g);
}

bool RunsElsewhere(const G* g) {
  return g->status.load(std::memory_order_acquire) == kGrunning &&
         g != CurrentG();
}

// A trace of a goroutine that is not the current one.
void FormatOther(std::string* out, G* g, const char* status, uint32_t level) {
  if (RunsElsewhere(g)) {
    FormatElsewhere(out, g, level);
    return;
  }
  AppendHeader(out, g, status, level);
  AppendStack(out, g, level);
  AppendCreator(out, g);
}

// All goroutines but `except`, each after an empty line.
void FormatOthers(std::string* out, const G* except, uint32_t level) {
  for (size_t i = 0; i < AllGCount(); i++) {
    G* g = AllG(i);
    if (g == except || g->Status() == kGdead || g->Status() == kGidle) continue;
    if ((g->flags & kGSystem) != 0 && level < kSystemLevel) continue;
    *out += '\n';
    FormatOther(out, g, nullptr, level);
  }
}

// How often, and how long each time, a dump waits for others to stop.
constexpr int kFreezeTries = 1000;
constexpr useconds_t kFreezeWait = 100;

// Before a last dump: lets other threads come to a stop, as far as they do it
// soon. They do not go on afterwards. One that was just being started is seen
// running after a while.
void FreezeOthers() {
  for (int i = 0; i < kFreezeTries; i++) {
    RaiseAttention(kFrozen);
    usleep(kFreezeWait);
    bool others = false;
    for (size_t n = 0; n < AllGCount() && !others; n++) {
      others = RunsElsewhere(AllG(n));
    }
    if (!others) return;
  }
}

}  // namespace

void FormatGoroutine(std::string* out, G* g, const char* status) {
  AppendHeader(out, g, status, 1);
  AppendStack(out, g, 1);
  AppendCreator(out, g);
}

void FormatAllGoroutines(std::string* out) {
  G* current = CurrentG();
  FormatGoroutine(out, current, "running");
  FormatOthers(out, current, 1);
}

namespace {

void PrintTraces(G* g, const char* status, bool all, uint32_t level) {
  if (all) FreezeOthers();
  std::string out;
  // It may have ended since.
  if (g != nullptr && (g->Status() == kGdead || g->Status() == kGidle)) {
    g = nullptr;
  }
  if (g != nullptr) {
    out += '\n';
    FormatOther(&out, g, status, level);
  }
  if (all) FormatOthers(&out, g, level);
  PrintErrorText(out);
}

}  // namespace

void PrintLastTraces(G* g) {
  TracebackLevel set = GetTracebackLevel();
  if (set.level == 0) return;
  PrintTraces(g, "running", g == nullptr || set.all, set.level);
}

void PrintThrowTraces(bool user) {
  if (user) {
    PrintLastTraces(CurrentG());
  } else {
    PrintTraces(CurrentG(), "running", true, kSystemLevel);
  }
}

void PrintQuitTraces(G* g) { PrintTraces(g, nullptr, true, kSystemLevel); }

}  // namespace mgo::rt
