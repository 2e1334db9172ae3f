#include "runtime/sched/netpoll.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <new>

#include "runtime/base/mutex.h"
#include "runtime/base/throw.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/timer_heap.h"

namespace mgo::rt {
namespace {

constexpr int kMaxEvents = 128;

struct PollDesc;

// One direction of a descriptor; protector: the descriptor's lock.
struct Direction {
  PollDesc* desc = nullptr;
  G* waiting = nullptr;
  bool ready = false;      // an event that nobody has seen
  bool timed_out = false;  // the deadline is over
  Timer deadline{};        // its `ref` is this
};

struct PollDesc {
  Mutex lock{LockRank::kPollDesc};
  int fd = -1;               // protector: lock
  bool open = false;         // protector: lock
  uint32_t generation = 0;   // counts uses of the record; protector: lock
  Direction directions[2];   // by PollMode
  uint32_t index = 0;        // in `descs`; const
  PollDesc* free = nullptr;  // next free one; protector: poll_lock
};

constexpr uint32_t kBlock = 1024, kMaxBlocks = 1024;

Mutex poll_lock(LockRank::kNetpoll);
std::atomic<PollDesc*> blocks[kMaxBlocks];  // written with poll_lock
uint32_t desc_count = 0;                    // protector: poll_lock
PollDesc* free_descs = nullptr;             // protector: poll_lock
std::atomic<int> epoll_fd{-1};
int break_fd = -1;
std::atomic<uint32_t> waiters{0};
std::atomic<bool> break_pending{false};

PollHandle HandleOf(const PollDesc* d) {
  return uint64_t{d->generation} << 32 | d->index;
}

// The record of a handle; null: there never was one.
PollDesc* DescOf(PollHandle handle) {
  auto index = static_cast<uint32_t>(handle);
  if (index / kBlock >= kMaxBlocks) return nullptr;
  PollDesc* block = blocks[index / kBlock].load(std::memory_order_acquire);
  return block == nullptr ? nullptr : block + index % kBlock;
}

// Whether the record is still that of the handle; its lock held.
bool IsOpen(const PollDesc* d, PollHandle handle) {
  return d->open && d->generation == handle >> 32;
}

// With poll_lock held.
void StartEpoll() {
  if (epoll_fd.load() >= 0) return;
  int fd = epoll_create1(EPOLL_CLOEXEC);
  break_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0 || break_fd < 0) Throw("cannot start the network poller");
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.u64 = 0;
  if (epoll_ctl(fd, EPOLL_CTL_ADD, break_fd, &event) != 0) {
    Throw("cannot start the network poller");
  }
  epoll_fd.store(fd, std::memory_order_release);
  // The M that waits for timers is to wait here from now on.
  sched.poll_note.Wake();
}

PollDesc* NewDesc() {
  if (PollDesc* d = free_descs) {
    free_descs = d->free;
    return d;
  }
  uint32_t block = desc_count / kBlock;
  if (block == kMaxBlocks) Throw("too many polled descriptors");
  if (desc_count % kBlock == 0) {
    auto* made = new (std::nothrow) PollDesc[kBlock];
    if (made == nullptr) Throw("out of memory");
    for (uint32_t i = 0; i < kBlock; i++) made[i].index = desc_count + i;
    blocks[block].store(made, std::memory_order_release);
  }
  return blocks[block].load() + desc_count++ % kBlock;
}

// The goroutine that waits, to be made runnable; null: none. Lock held.
G* TakeWaiter(Direction& direction) {
  G* g = direction.waiting;
  direction.waiting = nullptr;
  if (g != nullptr) waiters.fetch_sub(1);
  return g;
}

void DeadlineOver(Timer* timer, int64_t, uint64_t seq) {
  auto* direction = static_cast<Direction*>(timer->ref);
  G* g;
  {
    MutexLock guard(direction->desc->lock);
    if (!TimerFires(timer, seq)) return;
    direction->timed_out = true;
    g = TakeWaiter(*direction);
  }
  if (g != nullptr) GoreadyTail(g);
}

// An event; appends the goroutine that waits for it.
void Notify(PollDesc* d, uint32_t generation, PollMode mode,
            std::vector<G*>* ready) {
  MutexLock guard(d->lock);
  if (!d->open || d->generation != generation) return;
  Direction& direction = d->directions[static_cast<int>(mode)];
  direction.ready = true;
  if (G* g = TakeWaiter(direction)) ready->push_back(g);
}

}  // namespace

PollHandle PollOpen(int fd) {
  PollDesc* d;
  {
    MutexLock guard(poll_lock);
    StartEpoll();
    d = NewDesc();
  }
  PollHandle handle;
  {
    MutexLock guard(d->lock);
    d->fd = fd;
    d->open = true;
    d->generation++;
    for (Direction& direction : d->directions) {
      direction.desc = d;
      direction.ready = direction.timed_out = false;
      direction.deadline.ref = &direction;
      direction.deadline.fire = DeadlineOver;
      direction.deadline.index = -1;
    }
    handle = HandleOf(d);
  }
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = handle;
  if (epoll_ctl(epoll_fd.load(), EPOLL_CTL_ADD, fd, &event) == 0) return handle;
  PollClose(handle);
  return 0;
}

void PollClose(PollHandle handle) {
  PollDesc* d = DescOf(handle);
  if (d == nullptr) return;
  G* woken[2] = {};
  {
    MutexLock guard(d->lock);
    if (!IsOpen(d, handle)) return;
    d->open = false;
    epoll_ctl(epoll_fd.load(), EPOLL_CTL_DEL, d->fd, nullptr);
    for (int i = 0; i < 2; i++) {
      StopTimer(&d->directions[i].deadline);
      woken[i] = TakeWaiter(d->directions[i]);
    }
  }
  for (G* g : woken) {
    if (g != nullptr) GoreadyTail(g);
  }
  MutexLock guard(poll_lock);
  d->free = free_descs;
  free_descs = d;
}

PollStatus PollWait(G* g, PollHandle handle, PollMode mode) {
  PollDesc* d = DescOf(handle);
  if (d == nullptr) return PollStatus::kClosing;
  MutexLock guard(d->lock);
  if (!IsOpen(d, handle)) return PollStatus::kClosing;
  Direction& direction = d->directions[static_cast<int>(mode)];
  if (direction.timed_out) return PollStatus::kTimeout;
  if (g == nullptr) return PollStatus::kReady;
  if (direction.ready) {
    direction.ready = false;
    return PollStatus::kReady;
  }
  // Several may want to read: one at a time, as the operations are locked.
  if (direction.waiting != nullptr) Throw("netpoll: two goroutines wait");
  direction.waiting = g;
  waiters.fetch_add(1);
  g->exec.pc = g->retry_pc;
  Gopark(g, WaitReason::kIoWait);
  return PollStatus::kParked;
}

bool PollSetDeadline(PollHandle handle, PollMode mode, int64_t when) {
  PollDesc* d = DescOf(handle);
  if (d == nullptr) return false;
  G* g = nullptr;
  {
    MutexLock guard(d->lock);
    if (!IsOpen(d, handle)) return false;
    Direction& direction = d->directions[static_cast<int>(mode)];
    StopTimer(&direction.deadline);
    direction.timed_out = when < 0;
    if (when > 0) StartTimer(&direction.deadline, when, 0);
    if (when < 0) g = TakeWaiter(direction);
  }
  if (g != nullptr) GoreadyTail(g);
  return true;
}

void Netpoll(int64_t delay, std::vector<G*>* ready) {
  int fd = epoll_fd.load(std::memory_order_acquire);
  if (fd < 0) return;
  epoll_event events[kMaxEvents];
  timespec timeout = {static_cast<time_t>(delay / 1000000000),
                      static_cast<long>(delay % 1000000000)};
  int n = epoll_pwait2(fd, events, kMaxEvents, delay < 0 ? nullptr : &timeout,
                       nullptr);
  if (n < 0 && errno == ENOSYS) {
    int64_t ms = delay < 0 ? -1 : (delay + 999999) / 1000000;
    if (ms > INT32_MAX) ms = INT32_MAX;
    n = epoll_wait(fd, events, kMaxEvents, static_cast<int>(ms));
  }
  for (int i = 0; i < n; i++) {
    uint64_t handle = events[i].data.u64;
    if (handle == 0) {
      // Whoever only looks leaves the break to the one that waits.
      uint64_t count;
      if (delay != 0 && read(break_fd, &count, sizeof count) > 0) {
        break_pending.store(false);
      }
      continue;
    }
    PollDesc* d = DescOf(handle);
    auto generation = static_cast<uint32_t>(handle >> 32);
    uint32_t what = events[i].events;
    if ((what & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
      Notify(d, generation, PollMode::kRead, ready);
    }
    if ((what & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
      Notify(d, generation, PollMode::kWrite, ready);
    }
  }
}

bool NetpollUsed() { return epoll_fd.load(std::memory_order_relaxed) >= 0; }

uint32_t NetpollWaiters() { return waiters.load(std::memory_order_relaxed); }

void NetpollBreak() {
  if (!NetpollUsed() || break_pending.exchange(true)) return;
  uint64_t one = 1;
  while (write(break_fd, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void ResetNetpollForTesting() {
  if (!NetpollUsed()) return;
  close(epoll_fd.exchange(-1));
  close(break_fd);
  waiters = 0;
  break_pending = false;
}

}  // namespace mgo::rt
