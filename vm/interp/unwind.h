// Panics, deferred calls, recover, Goexit.
//
// A panic runs the goroutine's deferred calls, innermost first, on top of the
// frame that panicked: nothing is unwound until one of them has recovered, so
// that a trace shows where the panic came from. The frame of such a deferred
// call returns to a stub (PanicDeferReturn), which looks whether the panic was
// recovered: then the frame that deferred the call goes on at its function's
// recovery offset, else the next deferred call is made. Goexit is a panic that
// cannot be recovered and ends the goroutine instead of the process.
//
// A run-time error is raised by calling the library's `raise` as if the failed
// instruction had called it; the value it panics with is made there, in guest
// code.
#ifndef MGO_VM_INTERP_UNWIND_H_
#define MGO_VM_INTERP_UNWIND_H_

#include "runtime/abi/values.h"
#include "runtime/sched/g.h"
#include "vm/bytecode/inst.h"
#include "vm/interp/interp.h"

namespace mgo::interp {

// Where a goroutine goes on. pc null: it does not; it has ended by Goexit (fp
// null as well), or it has been parked.
struct Resume {
  const bytecode::Inst* pc;
  rt::Slot* fp;
};

// panic(value) by the instruction at pc.
Resume StartPanic(rt::G* g, rt::GoIface value, const bytecode::Inst* pc,
                  rt::Slot* fp);
// Raises what the last runtime function or native has set (rt::SetPanic,
// rt::SetRuntimeError), at the instruction at pc.
Resume StartPending(rt::G* g, const bytecode::Inst* pc, rt::Slot* fp);
// runtime.Goexit, called by the instruction at pc.
Resume StartGoexit(rt::G* g, const bytecode::Inst* pc, rt::Slot* fp);
// A deferred call of a panic has returned.
Resume AfterPanicDefer(rt::G* g);
// The panic_text hook has returned for one panic of a dying goroutine.
Resume AfterPanicText(rt::G* g);
// recover() in the frame fp, called at pc: the value, or nil.
rt::GoIface Recover(rt::G* g, const bytecode::Inst* pc, rt::Slot* fp);
// RunDefers at pc: the next deferred call of frame fp, or on behind pc.
Resume RunDefers(rt::G* g, const bytecode::Inst* pc, rt::Slot* fp);

// Sets what StartPending and the printing of uncaught panics call.
void SetHooks(const Hooks& hooks);
// The stubs' code, as return addresses.
extern const rt::CodeWord kGoroutineExitCode[1];
extern const rt::CodeWord kChunkReturnCode[1];
extern const rt::CodeWord kPanicDeferReturnCode[1];
extern const rt::CodeWord kFatalReturnCode[1];

}  // namespace mgo::interp

#endif  // MGO_VM_INTERP_UNWIND_H_
