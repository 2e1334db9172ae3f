#include "vm/interp/unwind.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "runtime/abi/type_desc.h"
#include "runtime/base/throw.h"
#include "runtime/gc/mutator.h"
#include "runtime/object/equality.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/p.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/traceback.h"
#include "vm/interp/op.h"

namespace mgo::interp {

using rt::Defer;
using rt::Function;
using rt::GoIface;
using rt::GoString;
using rt::Panic;

namespace {

constexpr rt::CodeWord StubWord(Opcode op) { return static_cast<uint16_t>(op); }

Hooks hooks;

}  // namespace

const rt::CodeWord kGoroutineExitCode[1] = {StubWord(Opcode::kGoroutineExit)};
const rt::CodeWord kChunkReturnCode[1] = {StubWord(Opcode::kChunkReturn)};
const rt::CodeWord kPanicDeferReturnCode[1] = {
    StubWord(Opcode::kPanicDeferReturn)};
const rt::CodeWord kFatalReturnCode[1] = {StubWord(Opcode::kFatalReturn)};

void SetHooks(const Hooks& new_hooks) { hooks = new_hooks; }

namespace {

const CodeWord* AsWord(const Inst* pc) {
  return reinterpret_cast<const CodeWord*>(pc);
}

// Stores where a goroutine stands before the runtime looks at its stack: at
// the instruction pc, which counts as executed.
void StoreAt(G* g, const Inst* pc, Slot* fp) {
  g->exec.pc = AsWord(pc) + 1;
  g->exec.fp = fp;
}

// Calls `f` on top of the frame `fp`, which stands at `pc`: parameters are
// copied from `params`; results go to `results` when the frame has to be made
// in another chunk, and else lie at the callee's frame pointer. Returns that.
Slot* PushCall(G* g, const Function* f, const rt::Closure* closure,
               const Slot* params, const CodeWord* pc, Slot* fp,
               const CodeWord* return_pc) {
  const Function* below = rt::FindFunction(pc);
  Slot* callee = fp + below->frame_slots + rt::kFrameHeaderSlots;
  if (callee + f->frame_slots <= g->stack->End()) {
    std::memmove(callee + f->result_slots, params,
                 f->param_slots * sizeof(Slot));
    callee[f->ContextSlot()] = FromPtr(closure);
    callee[-2] = FromPtr(return_pc);
    callee[-1] = FromPtr(fp);
    return callee;
  }
  uint32_t slots = f->result_slots + f->param_slots + 1;
  auto* args = static_cast<Slot*>(calloc(slots, sizeof(Slot)));
  if (f->param_slots != 0) {
    std::memcpy(args + f->result_slots, params, f->param_slots * sizeof(Slot));
  }
  args[f->ContextSlot()] = FromPtr(closure);
  Slot* frame = rt::EnterChunk(g, args, return_pc, fp, f);
  free(args);
  if (frame == nullptr) {
    g->exec.pc = pc;
    g->exec.fp = fp;
    rt::ThrowStackOverflow(g);
  }
  // Nobody takes results from where `args` was.
  g->stack->result_slots = 0;
  return frame;
}

Resume Enter(const Function* f, Slot* frame) {
  return {AsInst(f->entry), frame};
}

// --- uncaught panics ---------------------------------------------------------

// Texts of the panics of the goroutine that dies, oldest first, as far as they
// are known. One goroutine dies at a time: whoever comes second waits for the
// end. All but `g` belongs to that goroutine.
struct Dying {
  std::atomic<G*> g{nullptr};
  std::string text;
  const Panic* current = nullptr;
  Slot* frame = nullptr;
};
Dying dying;

// The panic that came before p is the next to print; null: p is the oldest.
const Panic* NewerThan(const G* g, const Panic* p) {
  const Panic* newer = nullptr;
  for (const Panic* q = g->panics; q != p; q = q->link) newer = q;
  return newer;
}

const Panic* OldestPanic(const G* g) {
  const Panic* p = g->panics;
  while (p->link != nullptr) p = p->link;
  return p;
}

[[noreturn]] void Die(G* g) {
  rt::ClaimEnd();
  rt::PrintErrorText(dying.text);
  g->exec.pc = g->panics->pc;
  g->exec.fp = g->panics->fp;
  rt::PrintLastTraces(g);
  rt::RunExitHooks();
  rt::EndFatally();
}

// Asks the hook for the text of panic p, or dies when all are there.
Resume PrintFrom(G* g, const Panic* p) {
  // A panic that was raised again with the same value is said once, in the line
  // of the first.
  while (p != nullptr &&
         (p->goexit || (p->link != nullptr && p->link->repanicked))) {
    p = NewerThan(g, p);
  }
  if (p == nullptr) Die(g);
  dying.current = p;
  if (p->link != nullptr && !p->link->goexit) dying.text += "\t";
  dying.text += "panic: ";
  if (hooks.panic_text == nullptr) {
    dying.text += "?\n";
    return PrintFrom(g, NewerThan(g, p));
  }
  Slot value[2];
  Set(value, p->value);
  Panic* top = g->panics;
  Slot* frame = PushCall(g, hooks.panic_text, nullptr, value, top->pc, top->fp,
                         kFatalReturnCode);
  top->deferred_fp = frame;
  dying.frame = frame;
  return Enter(hooks.panic_text, frame);
}

Resume DieOfPanic(G* g) {
  G* nobody = nullptr;
  if (!dying.g.compare_exchange_strong(nobody, g) && nobody != g) {
    Slot* fp = g->exec.fp;
    rt::Gopark(g, rt::WaitReason::kPanicwait);
    return {nullptr, fp};
  }
  if (dying.current != nullptr) {
    rt::ClaimEnd();
    // A panic while a panic's value was being printed.
    GoIface value = g->panics->value;
    const rt::TypeDesc* type = value.Type();
    std::string what = "type " + std::string(type->string);
    if (type->string == "string") {
      what = reinterpret_cast<const rt::GoString*>(value.data)->View();
    }
    rt::PrintErrorText(
        "fatal error: panic while printing panic value: " + what + "\n");
    g->exec.pc = g->panics->pc;
    g->exec.fp = g->panics->fp;
    rt::PrintLastTraces(g);
    rt::RunExitHooks();
    rt::EndFatally();
  }
  return PrintFrom(g, OldestPanic(g));
}

// --- running deferred calls --------------------------------------------------

// Earlier panics whose deferred call the panic p is about to leave behind are
// over: they can be neither recovered nor continued.
void AbortPassed(G* g, Panic* p) {
  for (Panic* q = p->link; q != nullptr; q = q->link) {
    if (!q->aborted && q->deferred_fp != nullptr &&
        q->defers_below == g->defers) {
      q->aborted = true;
    }
  }
}

// Package runtime's deferList and deferNode.
struct DeferNode {
  const DeferNode* next;
  const rt::Closure* call;
};
struct DeferList {
  const DeferNode* last;
};

// If the next deferred call stands for those that the bodies of ranges over
// functions have deferred, puts them in its place.
void ExpandRangeDefers(G* g) {
  while (g->defers != nullptr && hooks.range_defers != nullptr &&
         g->defers->function == hooks.range_defers) {
    Defer* list = g->defers;
    Defer* first = nullptr;
    Defer** end = &first;
    const DeferNode* node = Ptr<const DeferList>(list->params[0])->last;
    for (; node != nullptr; node = node->next) {
      Defer* d = rt::NewDefer(g, 0);
      d->fp = list->fp;
      d->pc = list->pc;
      d->closure = node->call;
      d->function = node->call->function;
      *end = d;
      end = &d->link;
    }
    *end = list->link;
    for (Panic* p = g->panics; p != nullptr; p = p->link) {
      if (p->defers_below == list) p->defers_below = first;
    }
    g->defers = first;
    rt::FreeDefer(g, list);
  }
}

Resume RunNextDefer(G* g, Panic* p) {
  ExpandRangeDefers(g);
  AbortPassed(g, p);
  Defer* d = g->defers;
  if (d == nullptr) {
    if (!p->goexit) return DieOfPanic(g);
    while (g->panics != nullptr) {
      Panic* over = g->panics;
      g->panics = over->link;
      rt::FreePanic(g, over);
    }
    return {nullptr, nullptr};
  }
  g->defers = d->link;
  p->target_fp = d->fp;
  p->target_function = rt::FindFunction(d->pc);
  p->defers_below = g->defers;
  if (d->function == nullptr) {
    // A nil func value was deferred: calling it panics.
    rt::FreeDefer(g, d);
    rt::SetRuntimeError(g, rt::RuntimeErrorKind::kPlain,
                        "invalid memory address or nil pointer dereference");
    p->deferred_fp = p->fp;
    return StartPending(g, AsInst(p->pc) - 1, p->fp);
  }
  const Function* f = d->function;
  Slot* frame = PushCall(g, f, d->closure, d->params, p->pc, p->fp,
                         kPanicDeferReturnCode);
  p->deferred_fp = frame;
  rt::FreeDefer(g, d);
  return Enter(f, frame);
}

Resume Begin(G* g, Panic* p, const Inst* pc, Slot* fp) {
  p->pc = AsWord(pc) + 1;
  p->fp = fp;
  p->link = g->panics;
  g->panics = p;
  StoreAt(g, pc, fp);
  return RunNextDefer(g, p);
}

bool SameValue(GoIface a, GoIface b) {
  // What cannot be compared is at least the same when handed on.
  if (a.word == b.word && a.data == b.data) return true;
  const rt::TypeDesc* bad;
  return rt::EqualIface(a, b, &bad) == rt::EqualResult::kEqual;
}

// A panic was recovered: its target frame goes on, unless a Goexit was under
// way below.
Resume FinishRecovery(G* g, Panic* p) {
  Slot* target = p->target_fp;
  const Function* function = p->target_function;
  g->panics = p->link;
  rt::FreePanic(g, p);
  Panic* exit = nullptr;
  while (g->panics != nullptr && g->panics->aborted) {
    Panic* over = g->panics;
    g->panics = over->link;
    if (over->goexit) {
      exit = over;
      break;
    }
    rt::FreePanic(g, over);
  }
  rt::UnwindToFrame(g, target);
  if (exit != nullptr) {
    // Goexit goes on from the frame that recovered.
    exit->aborted = false;
    exit->deferred_fp = nullptr;
    const auto* at = AsInst(function->entry + function->recovery_offset);
    return Begin(g, exit, at, target);
  }
  return {AsInst(function->entry + function->recovery_offset), target};
}

}  // namespace

Resume StartPanic(G* g, GoIface value, const Inst* pc, Slot* fp) {
  Panic* p = rt::NewPanic(g);
  p->value = value;
  if (g->panics != nullptr && g->panics->recovered &&
      SameValue(g->panics->value, value)) {
    g->panics->repanicked = true;
  }
  return Begin(g, p, pc, fp);
}

Resume StartPending(G* g, const Inst* pc, Slot* fp) {
  rt::PendingPanic& pending = g->m->pending;
  auto kind = static_cast<rt::RuntimeErrorKind>(pending.kind);
  if (kind == rt::RuntimeErrorKind::kNone) {
    GoIface value = pending.value;
    pending.value = {};
    return StartPanic(g, value, pc, fp);
  }
  StoreAt(g, pc, fp);
  if (kind == rt::RuntimeErrorKind::kFatal || hooks.raise == nullptr) {
    rt::ThrowUser(pending.text);
  }
  // A string that lives as long as the panic may.
  size_t length = std::strlen(pending.text);
  uint8_t* bytes = rt::NewBytes(g, length, false);
  std::memcpy(bytes, pending.text, length);
  Slot params[3];
  params[0] = static_cast<Slot>(kind);
  Set(params + 1, GoString{bytes, static_cast<int64_t>(length)});
  Slot* frame = PushCall(g, hooks.raise, nullptr, params, AsWord(pc) + 1, fp,
                         AsWord(pc) + 1);
  return Enter(hooks.raise, frame);
}

Resume StartGoexit(G* g, const Inst* pc, Slot* fp) {
  Panic* p = rt::NewPanic(g);
  p->goexit = true;
  return Begin(g, p, pc, fp);
}

Resume AfterPanicDefer(G* g) {
  Panic* p = g->panics;
  p->deferred_fp = nullptr;
  if (p->recovered) return FinishRecovery(g, p);
  rt::UnwindToFrame(g, p->fp);
  return RunNextDefer(g, p);
}

Resume AfterPanicText(G* g) {
  const Panic* p = dying.current;
  dying.current = nullptr;
  GoString text = Get<GoString>(dying.frame);
  dying.text += text.View();
  if (p->repanicked) {
    dying.text += " [recovered, repanicked]";
  } else if (p->recovered) {
    dying.text += " [recovered]";
  }
  dying.text += "\n";
  g->panics->deferred_fp = nullptr;
  rt::UnwindToFrame(g, g->panics->fp);
  return PrintFrom(g, NewerThan(g, p));
}

GoIface Recover(G* g, const Inst* pc, Slot* fp) {
  Panic* p = g->panics;
  if (p == nullptr || p->goexit || p->recovered || p->deferred_fp == nullptr) {
    return {nullptr, 0};
  }
  StoreAt(g, pc, fp);
  rt::FrameWalker frame(g);
  // `defer recover()`: the wrapper is recover itself, called by the function
  // that deferred it.
  if (frame.Valid() && (frame.function->flags & rt::kWrapper) != 0) {
    frame.Next();
  }
  // The deferred function itself, or one that a wrapper it is calls.
  while (frame.Valid() && frame.fp != p->deferred_fp) {
    frame.Next();
    if (!frame.Valid() || (frame.function->flags & rt::kWrapper) == 0) {
      return {nullptr, 0};
    }
  }
  if (!frame.Valid()) return {nullptr, 0};
  p->recovered = true;
  return p->value;
}

Resume RunDefers(G* g, const Inst* pc, Slot* fp) {
  ExpandRangeDefers(g);
  Defer* d = g->defers;
  if (d == nullptr || d->fp != fp) return {pc + 1, fp};
  g->defers = d->link;
  // The call returns to a RunDefers again, the second of a pair if there is
  // one: the word before a return address belongs to the same line.
  const Inst* back =
      pc[1].op == static_cast<uint16_t>(Opcode::kRunDefers) ? pc + 1 : pc;
  if (d->function == nullptr) {
    rt::FreeDefer(g, d);
    rt::SetRuntimeError(g, rt::RuntimeErrorKind::kPlain,
                        "invalid memory address or nil pointer dereference");
    return StartPending(g, pc, fp);
  }
  const Function* f = d->function;
  Slot* frame =
      PushCall(g, f, d->closure, d->params, AsWord(back), fp, AsWord(back));
  rt::FreeDefer(g, d);
  return Enter(f, frame);
}

}  // namespace mgo::interp
