// The network poller: descriptors that goroutines wait for without a thread.
//
// A descriptor that epoll knows (a pipe, a socket, a terminal; never a file) is
// opened once and gets a number. A goroutine that finds it not ready parks; an
// M that looks for work, or that sleeps for the next timer, asks epoll and
// makes goroutines runnable. Readiness is kept edge by edge: an event that
// nobody waits for lets the next wait return at once.
#ifndef MGO_RUNTIME_SCHED_NETPOLL_H_
#define MGO_RUNTIME_SCHED_NETPOLL_H_

#include <cstdint>
#include <vector>

#include "runtime/sched/g.h"

namespace mgo::rt {

// A polled descriptor; 0: none. Never used twice.
using PollHandle = uint64_t;

enum class PollMode : uint8_t { kRead, kWrite };

enum class PollStatus : uint8_t {
  kReady,    // try the operation (again)
  kParked,   // the goroutine was parked, its exec.pc is retry_pc: ask again
  kClosing,  // closed, perhaps while waiting
  kTimeout,  // the deadline is over
};

// Registers a non-blocking descriptor. 0: it is always ready, there is nothing
// to wait for.
PollHandle PollOpen(int fd);
// Forgets it, before it is closed; those that wait for it go on.
void PollClose(PollHandle handle);
// Waits until an operation that was tried may succeed. `g` null: only tells
// whether it is closed or late.
PollStatus PollWait(G* g, PollHandle handle, PollMode mode);
// Sets the deadline of one direction: Nanotime; 0: none; in the past: over.
// False: closed.
bool PollSetDeadline(PollHandle handle, PollMode mode, int64_t when);

// For the scheduler. Waits up to `delay` ns (0: only looks; negative: without
// limit) and appends the goroutines that became runnable, still kWaiting.
void Netpoll(int64_t delay, std::vector<G*>* ready);
// Whether there is any descriptor; how many goroutines wait for one.
bool NetpollUsed();
uint32_t NetpollWaiters();
// Lets a Netpoll that waits return.
void NetpollBreak();
// For tests: forgets all descriptors.
void ResetNetpollForTesting();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_NETPOLL_H_
