// Ms: starting and stopping threads, and who holds which P. For the scheduler
// itself.
//
// An M without a P sleeps in the list of idle Ms, on its note; whoever wants
// it to run gives it a P (next_p) and wakes it. An M with a P and without work
// spins for a while: it looks at the other Ps' queues. At most half as many Ms
// spin as there are Ps in use, and whoever makes a goroutine runnable wakes
// another M only when none spins. An M that finds work stops spinning, and
// wakes another in its place if there are idle Ps: so the number of Ms adapts
// to the work, one by one. An M that was woken for next to nothing makes
// wake-ups rarer (Sched::wake_backoff); sysmon sees to what is left waiting so.
#ifndef MGO_RUNTIME_SCHED_M_H_
#define MGO_RUNTIME_SCHED_M_H_

#include <vector>

#include "runtime/sched/sched.h"

namespace mgo::rt {

// Many Ps and Ms on one thread, in virtual time (simulate.h): what would block
// or start threads is the simulator's. An M that would sleep returns from
// FindRunnable with null and without a P.
struct Simulator {
  // M m, new or asleep, was given a P (next_p).
  void (*woken)(M* m);
  // Whether the P stays on its goroutine for a while.
  bool (*stuck)(const P* p);
};
extern const Simulator* simulator;

// A new M, in the list of all; sched.lock held. Ends the process beyond the
// limit of threads.
M* NewM();

// Takes over an idle (or stopped) P; gives up the one that is held, which is
// idle then but in no list.
void AcquireP(M* m, P* p);
P* ReleaseP(M* m);

// The list of idle Ps; sched.lock held. Null: there is none.
void PutIdleP(P* p);
P* GetIdleP();

// Sleeps until somebody hands over a P; m holds none. With the program over it
// returns without one.
void StopM(M* m);

// Lets an M run P p (null: an idle one, if there is any). `spinning`: the
// caller has counted it as one that looks for work.
void StartM(P* p, bool spinning);

// Wakes an M to look for work, unless one does already or no P is idle.
void WakeP();

// A P whose M is stuck: another M goes on with it, if there is work, else it is
// idle.
void HandOffP(P* p);

// m's locked goroutine is not to run now: others use the P, until somebody
// finds the goroutine runnable. Returns it, kRunnable, m with a P again; null:
// the program is over.
G* StopLockedM(M* m);
// Hands m's P to the M that g is locked to.
void StartLockedM(M* m, G* g);

// Gives the P up for whoever stops the world, and sleeps until after that.
void StopForWorld(M* m);

// What an M does that sees kFrozen: stays where it is; g (null: none) runs on
// it, at a safepoint.
[[noreturn]] void StayFrozen(G* g);

// Asks all running goroutines to stop.
void PreemptAll();

// Makes GOMAXPROCS Ps; m holds the first, the others are idle.
void InitProcs(M* m);

// Runs goroutines on this thread's M until the program is over. The scheduler
// is not touched afterwards.
void RunM();

// With sched.lock held, one M just counted as idle: ends the process if nothing
// can ever run again.
void CheckDead();

// Whether a timer of any P can make something run.
bool AnyTimerCanWake();
// When the earliest timer of all Ps is due; kNever.
int64_t NextTimer();
// Puts goroutines that descriptors became ready for on the global queue.
void MakeRunnable(const std::vector<G*>& ready);
// Lets the M that waits for timers and descriptors look again.
void BreakPoll();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_M_H_
