// Calls, returns, goroutines, panics, and the interpreter's entry.
#include "runtime/abi/native.h"
#include "runtime/base/fault.h"
#include "runtime/base/throw.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/executor.h"
#include "runtime/sched/p.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/switch.h"
#include "vm/interp/interp.h"
#include "vm/interp/op.h"
#include "vm/interp/unwind.h"

namespace mgo::interp {

using rt::Closure;
using rt::Function;
using rt::NativeStatus;

namespace {

// Set by handlers that end Execute; kSwitched unless the program is over.
thread_local rt::SwitchReason execute_result = rt::SwitchReason::kSwitched;

}  // namespace

// Goes on where a Resume says; a goroutine that has ended, or stopped for good,
// makes room for another.
#define RESUME(resume)                                      \
  do {                                                      \
    Resume resume_ = (resume);                              \
    if (MGO_UNLIKELY(resume_.pc == nullptr)) {              \
      if (resume_.fp == nullptr) TAIL(EndByGoexit, pc, fp); \
      TAIL(SwitchAway, pc, fp);                             \
    }                                                       \
    GO_ON(resume_.pc, resume_.fp);                          \
  } while (0)

// --- stopping and switching --------------------------------------------------

COLD_OP(SwitchAway) {
  G* next = rt::PickNext();
  if (next == nullptr) {
    execute_result = rt::SwitchReason::kSwitched;
    return;
  }
  g = next;
  GO_ON(AsInst(next->exec.pc), next->exec.fp);
}

COLD_OP(StopAt) {
  StoreState(g, pc, fp, 0);
  G* next = rt::Safepoint(g);
  if (next == nullptr) {
    execute_result = rt::SwitchReason::kSwitched;
    return;
  }
  g = next;
  GO_ON(AsInst(next->exec.pc), next->exec.fp);
}

COLD_OP(EndByGoexit) {
  if (!rt::ExitGoroutine(g, true)) {
    execute_result = rt::SwitchReason::kProgramEnd;
    return;
  }
  TAIL(SwitchAway, pc, fp);
}

// --- calls -------------------------------------------------------------------

namespace {

// Finds room for the frame of `f` that a call has set up at `callee`, which did
// not fit below the stack limit: in this chunk after all when the limit only
// stands for a request to stop, else in the next.
Slot* MakeRoom(G* g, Slot* callee, const Function* f) {
  if (callee + f->frame_slots <= g->stack->End()) return callee;
  auto* return_pc = Ptr<const CodeWord>(callee[-2]);
  auto* caller = Ptr<Slot>(callee[-1]);
  g->exec.pc = return_pc;
  g->exec.fp = caller;
  Slot* frame = rt::EnterChunk(g, callee, return_pc, caller, f);
  if (frame == nullptr) rt::ThrowStackOverflow(g);
  return frame;
}

inline void SetHeader(Slot* callee, const Inst* return_pc, Slot* fp) {
  callee[-2] = FromPtr(return_pc);
  callee[-1] = FromPtr(fp);
}

inline bool Fits(G* g, const Slot* callee, uint32_t slots) {
  return callee + slots <= g->exec.stack_limit.load(std::memory_order_relaxed);
}

}  // namespace

// Enters the function whose frame was set up at fp; pc is its entry.
COLD_OP(EnterSlow) {
  const Function* f = rt::FunctionAt(reinterpret_cast<const CodeWord*>(pc));
  Slot* frame = MakeRoom(g, fp, f);
  if (g->exec.stop.load(std::memory_order_relaxed) != 0) {
    TAIL(StopAt, pc, frame);
  }
  GO_ON(pc, frame);
}

OP(Call) {
  Slot* callee = fp + pc->a;
  SetHeader(callee, pc + 2, fp);
  const Inst* entry = pc->Address<Inst>(1);
  if (MGO_UNLIKELY(!Fits(g, callee, pc->b))) TAIL(EnterSlow, entry, callee);
  GO_ON(entry, callee);
}
OP(CallClosure) {
  const auto* closure = Ptr<const Closure>(fp[pc->b]);
  if (MGO_UNLIKELY(closure == nullptr)) TAIL(RaiseNil, pc, fp);
  Slot* callee = fp + pc->a;
  const Function* f = closure->function;
  SetHeader(callee, pc + 1, fp);
  callee[f->ContextSlot()] = FromPtr(closure);
  const Inst* entry = AsInst(f->entry);
  if (MGO_UNLIKELY(!Fits(g, callee, f->frame_slots))) {
    TAIL(EnterSlow, entry, callee);
  }
  GO_ON(entry, callee);
}
OP(CallIface) {
  const auto* itab = Ptr<const rt::Itab>(fp[pc->b]);
  if (MGO_UNLIKELY(itab == nullptr)) TAIL(RaiseNil, pc, fp);
  Slot data = fp[pc->b + 1];
  Slot* callee = fp + pc->a;
  const Function* f = itab->functions[pc->c];
  SetHeader(callee, pc + 1, fp);
  callee[f->result_slots] = data;
  const Inst* entry = AsInst(f->entry);
  if (MGO_UNLIKELY(!Fits(g, callee, f->frame_slots))) {
    TAIL(EnterSlow, entry, callee);
  }
  GO_ON(entry, callee);
}
OP(Return) { GO_ON(Ptr<const Inst>(fp[-2]), Ptr<Slot>(fp[-1])); }

namespace {

[[gnu::noinline]] NativeStatus RunNative(const Inst* pc, Slot* fp, G* g) {
  rt::NativeFrame frame{fp + pc->a, g};
  return reinterpret_cast<rt::NativeFn>(pc->Word(1))(frame);
}

}  // namespace

// A native that did not simply return; its status comes in the accumulator. One
// that has parked the goroutine leaves nothing to be done here: another thread
// may run it by now.
COLD_OP(NativeEnded) {
  switch (static_cast<NativeStatus>(int_acc)) {
    case NativeStatus::kPanic:
      TAIL(RaisePending, pc, fp);
    case NativeStatus::kPark:
      TAIL(SwitchAway, pc, fp);
    case NativeStatus::kYield:
      rt::Gosched(g);
      TAIL(SwitchAway, pc, fp);
    case NativeStatus::kExitGoroutine: {
      Resume resume = StartGoexit(g, pc, fp);
      RESUME(resume);
    }
    case NativeStatus::kExitProcess:
      execute_result = rt::SwitchReason::kProgramEnd;
      return;
    case NativeStatus::kOk:
      break;
  }
  NEXT(2);
}
OP(CallNative) {
  StoreState(g, pc, fp, 2);
  NativeStatus status = RunNative(pc, fp, g);
  if (MGO_UNLIKELY(status != NativeStatus::kOk)) {
    TAIL_WITH(NativeEnded, pc, fp, static_cast<Slot>(status));
  }
  NEXT_STOP(2);
}

OP(IfaceMethod) {
  const auto* itab = Ptr<const rt::Itab>(fp[pc->b]);
  if (MGO_UNLIKELY(itab == nullptr)) TAIL(RaiseNil, pc, fp);
  fp[pc->a] = FromPtr(&itab->functions[pc->c]->static_closure);
  NEXT(1);
}
OP(Go) {
  const auto* closure = Ptr<const Closure>(fp[pc->b]);
  StoreState(g, pc, fp, 1);
  if (MGO_UNLIKELY(closure == nullptr)) rt::Throw("go of nil func value");
  const Function* f = closure->function;
  rt::NewProc(g, reinterpret_cast<const CodeWord*>(pc), f, closure,
              fp + pc->a + f->result_slots, f->param_slots);
  NEXT(1);
}
OP(Defer) {
  const auto* closure = Ptr<const Closure>(fp[pc->b]);
  const Function* f = closure == nullptr ? nullptr : closure->function;
  uint32_t slots = f == nullptr ? 0 : f->param_slots;
  rt::Defer* d = rt::NewDefer(g, slots);
  d->link = g->defers;
  d->fp = fp;
  d->function = f;
  d->closure = closure;
  d->pc = reinterpret_cast<const CodeWord*>(pc);
  if (slots != 0) {
    std::memcpy(d->params, fp + pc->a + f->result_slots, slots * sizeof(Slot));
  }
  g->defers = d;
  NEXT(1);
}
OP(RunDefers) {
  // Most often none are left.
  if (g->defers == nullptr || g->defers->fp != fp) NEXT(1);
  StoreState(g, pc, fp, 1);
  Resume resume = RunDefers(g, pc, fp);
  RESUME(resume);
}
OP(Panic) {
  Resume resume = StartPanic(g, Get<rt::GoIface>(fp + pc->a), pc, fp);
  RESUME(resume);
}
OP(Recover) {
  Set(fp + pc->a, Recover(g, pc, fp));
  NEXT(1);
}

// --- raising -----------------------------------------------------------------

uint32_t UnsignedBounds(const G* g) {
  const Function* f = rt::FindFunction(g->exec.pc);
  if (f == nullptr) return 0;
  const rt::LineEntry* line =
      rt::FindLine(f, static_cast<uint32_t>(g->exec.pc - f->entry));
  return line != nullptr ? line->unsigned_bounds : 0;
}

COLD_OP(RaisePending) {
  Resume resume = StartPending(g, pc, fp);
  RESUME(resume);
}
COLD_OP(RaiseNil) {
  rt::SetRuntimeError(g, rt::RuntimeErrorKind::kPlain,
                      "invalid memory address or nil pointer dereference");
  TAIL(RaisePending, pc, fp);
}
COLD_OP(RaiseDivide) {
  rt::SetRuntimeError(g, rt::RuntimeErrorKind::kPlain,
                      "integer divide by zero");
  TAIL(RaisePending, pc, fp);
}
COLD_OP(RaiseShift) {
  rt::SetRuntimeError(g, rt::RuntimeErrorKind::kPlain, "negative shift amount");
  TAIL(RaisePending, pc, fp);
}
OP(CheckShift) {
  if (MGO_UNLIKELY(I64(fp[pc->a]) < 0)) TAIL(RaiseShift, pc, fp);
  NEXT_KEEP(1);
}
OP(Unreachable) {
  StoreState(g, pc, fp, 0);
  rt::Throw("control got to unreachable code");
}

// --- stubs -------------------------------------------------------------------

OP(GoroutineExit) {
  if (!rt::ExitGoroutine(g, false)) {
    execute_result = rt::SwitchReason::kProgramEnd;
    return;
  }
  TAIL(SwitchAway, pc, fp);
}
OP(ChunkReturn) { GO_ON(AsInst(rt::LeaveChunk(g)), fp); }
OP(DeferReturn) { TAIL(OpUnreachable, pc, fp); }
OP(PanicDeferReturn) {
  Resume resume = AfterPanicDefer(g);
  RESUME(resume);
}
OP(FatalReturn) {
  Resume resume = AfterPanicText(g);
  RESUME(resume);
}

// --- entry -------------------------------------------------------------------

namespace {

constexpr Dispatch kDispatch = {{
#undef OP
#define OP(name, format, flags, prose) Op##name,
#include "vm/bytecode/opcodes.def"
}};

rt::SwitchReason Execute(G* g) {
  execute_result = rt::SwitchReason::kSwitched;
  const Inst* pc = AsInst(g->exec.pc);
  kDispatch.handlers[pc->op](pc, g->exec.fp, g, &kDispatch, 0, 0);
  return execute_result;
}

}  // namespace

void Install(const Hooks& hooks) {
  rt::CatchFaults();
  SetHooks(hooks);
  rt::Executor executor;
  executor.execute = Execute;
  executor.goroutine_exit_pc = kGoroutineExitCode;
  executor.chunk_return_pc = kChunkReturnCode;
  executor.raise_function = hooks.raise;
  rt::SetExecutor(executor);
}

}  // namespace mgo::interp
