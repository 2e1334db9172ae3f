// Native functions: the leaves of the library written in C++.
//
// A native gets its frame's slots (results, then parameters, laid out as for
// any function) and its goroutine. It runs on the P of its goroutine, to its
// end, with no safepoint inside: nothing is collected meanwhile, so it may hold
// raw pointers. It never calls guest code, and lets go of the P (EnterSyscall)
// around anything that may block; meanwhile there are collections, which keep
// what its parameters point at if exec.pc has been set back to retry_pc.
#ifndef MGO_RUNTIME_ABI_NATIVE_H_
#define MGO_RUNTIME_ABI_NATIVE_H_

#include <bit>
#include <cstdint>
#include <cstring>

#include "runtime/abi/values.h"

namespace mgo::rt {

struct G;

// What the interpreter does after a native.
enum class NativeStatus : uint8_t {
  kOk,     // go on after the call
  kPanic,  // a panic was raised: SetPanic was called
  kPark,   // the goroutine was parked (gopark); go on after the call when
           // it is made ready: result slots are filled by then. Before it
           // parks, a native may set g->exec.pc = g->retry_pc: then it is
           // called again. After that it touches neither g nor the frame.
  kYield,  // back into the global run queue; go on after the call
  kExitGoroutine,  // runtime.Goexit: run deferred calls, then end
  kExitProcess,    // os.Exit: exit_code was set, stop everything
};

// The view a native has of its frame.
struct NativeFrame {
  Slot* slots;  // results first, then parameters
  G* g;

  // Typed access by slot number; callers count slots as the Go signature says
  // (string 2, slice 3, interface 2).
  template <typename T>
  T Get(int slot) const {
    static_assert(sizeof(T) % 8 == 0 || sizeof(T) < 8);
    T value;
    std::memcpy(&value, slots + slot, sizeof(T));
    return value;
  }
  int64_t Int(int slot) const { return static_cast<int64_t>(slots[slot]); }
  uint64_t Uint(int slot) const { return slots[slot]; }
  bool Bool(int slot) const { return slots[slot] != 0; }
  double Float(int slot) const { return std::bit_cast<double>(slots[slot]); }
  GoString String(int slot) const { return Get<GoString>(slot); }
  GoSlice Slice(int slot) const { return Get<GoSlice>(slot); }
  GoIface Iface(int slot) const { return Get<GoIface>(slot); }
  template <typename T>
  T* Pointer(int slot) const {
    return reinterpret_cast<T*>(slots[slot]);
  }

  void SetInt(int slot, int64_t v) { slots[slot] = static_cast<uint64_t>(v); }
  void SetUint(int slot, uint64_t v) { slots[slot] = v; }
  void SetBool(int slot, bool v) { slots[slot] = v ? 1 : 0; }
  void SetFloat(int slot, double v) { slots[slot] = std::bit_cast<Slot>(v); }
  void SetPointer(int slot, const void* p) {
    slots[slot] = reinterpret_cast<Slot>(p);
  }
  template <typename T>
  void Set(int slot, const T& value) {
    static_assert(sizeof(T) % 8 == 0);
    std::memcpy(slots + slot, &value, sizeof(T));
  }
};

using NativeFn = NativeStatus (*)(NativeFrame&);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_ABI_NATIVE_H_
