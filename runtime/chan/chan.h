// Channels.
//
// A channel is a heap object: a header and, if it is buffered, an array of
// elements. Waiting goroutines stand in two lines of sudogs. An operation whose
// counterpart waits is handed over directly: the sender copies into the slot of
// the receiver's frame (frames never move), so that the receiver has nothing to
// do when it wakes up.
//
// Elements are passed by address, in memory form, elem->size bytes. A receive
// destination is a frame's slot: it is zeroed before the goroutine parks; what
// is narrower than a slot leaves the bytes above zero (the caller sign-extends
// where the type asks for it).
//
// Before any of these with `g`, exec.pc, fp and retry_pc are stored
// (sched/switch.h). kPark: everything is arranged, the goroutine will go on at
// exec.pc with all results in place. kPanic: SetRuntimeError was called.
#ifndef MGO_RUNTIME_CHAN_CHAN_H_
#define MGO_RUNTIME_CHAN_CHAN_H_

#include <cstdint>

#include "runtime/abi/type_desc.h"
#include "runtime/base/mutex.h"
#include "runtime/sched/g.h"

namespace mgo::rt {

// How an operation ended.
enum class ChanStatus : uint8_t { kDone, kPark, kPanic };

// A line of waiting goroutines; protector: the channel's lock.
struct WaitQueue {
  Sudog* first;
  Sudog* last;
};

// A channel; its fields belong to `lock`, those marked const never change.
struct Chan {
  uint8_t* buffer;         // const; null: unbuffered, or elements of no bytes
  Timer* timer;            // const; not null: a timer's channel
  const TypeDesc* elem;    // const
  uint64_t capacity;       // const
  uint64_t count;          // elements in the buffer
  uint64_t send_index;     // next place to send to
  uint64_t receive_index;  // next place to receive from
  WaitQueue receivers;
  WaitQueue senders;
  Mutex lock;
  bool closed;
};

// make(chan elem, capacity), of the channel's own type or elem's. False
// result: null, SetRuntimeError("makechan: size out of range") was called.
Chan* MakeChan(G* g, const TypeDesc* elem, int64_t capacity);

// c <- *value.
ChanStatus ChanSend(G* g, Chan* c, const void* value);
// *dst, *ok = <-c. dst null: the value is dropped; ok null: not asked for.
ChanStatus ChanReceive(G* g, Chan* c, void* dst, Slot* ok);
// close(c): kDone or kPanic.
ChanStatus ChanClose(G* g, Chan* c);
// len(c), cap(c); null: 0.
int64_t ChanLen(Chan* c);
int64_t ChanCap(Chan* c);

// Sends if that is possible at once, outside of any goroutine (timers).
bool ChanTrySend(Chan* c, const void* value);
// Drops what is in the buffer (timers: Stop, Reset); true: there was something.
bool ChanDrain(Chan* c);

// One case of a select: `chan` may be null, which never is ready.
struct SelectCase {
  Chan* chan;
  void* elem;  // value to send; place to receive to, or null
  Slot* ok;    // receives; or null
  bool is_send;
};

// select. Stores the index of the chosen case into *index: -1 for default. The
// order of cases is the program's; the choice among ready ones is random.
// Without default and without a ready case it parks; then *index and *ok are
// stored by whoever wakes it up. `cases` is not needed after the call.
ChanStatus Select(G* g, const SelectCase* cases, uint32_t count,
                  bool has_default, Slot* index);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_CHAN_CHAN_H_
