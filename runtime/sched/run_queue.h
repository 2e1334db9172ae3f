// A P's run queue: a lock-free ring of 256 and one place in front of it.
//
// One producer (the owner) and many consumers (the owner and thieves): the
// owner writes slots and then `tail`; consumers advance `head` by compare and
// exchange, which makes what they read theirs. Indices grow without bound and
// wrap. runnext is a goroutine that the current one made ready: it runs before
// the ring, in the rest of the current time slice.
#ifndef MGO_RUNTIME_SCHED_RUN_QUEUE_H_
#define MGO_RUNTIME_SCHED_RUN_QUEUE_H_

#include <atomic>
#include <cstdint>

namespace mgo::rt {

struct G;

// A first-in first-out queue of any length, in a circular array: what passes
// through it is not touched (it may be out of every cache). The holder protects
// it.
class GQueue {
 public:
  GQueue() = default;
  ~GQueue();
  GQueue(const GQueue&) = delete;
  GQueue& operator=(const GQueue&) = delete;
  // Adds at the tail, at the head; takes from the head (null: empty).
  void PushBack(G* g) {
    if (size_ == room_) Grow();
    gs_[(head_ + size_++) & (room_ - 1)] = g;
  }
  void PushFront(G* g) {
    if (size_ == room_) Grow();
    head_ = (head_ - 1) & (room_ - 1);
    gs_[head_] = g;
    size_++;
  }
  G* Pop() {
    if (size_ == 0) return nullptr;
    G* g = gs_[head_];
    head_ = (head_ + 1) & (room_ - 1);
    size_--;
    return g;
  }
  uint32_t Size() const { return size_; }

 private:
  void Grow();
  G** gs_ = nullptr;
  uint32_t room_ = 0;  // a power of two, or none yet
  uint32_t head_ = 0;
  uint32_t size_ = 0;
};

class RunQueue {
 public:
  static constexpr uint32_t kSize = 256;

  // Whether there are thieves, that is, more than one P: without, the owner
  // does with plain loads and stores. Changed with the world stopped.
  static inline bool shared = false;

  // What Put has to find other room for.
  struct Overflow {
    G* gs[kSize / 2 + 1];
    uint32_t count = 0;
  };

  // Owner: adds g. With `next`, g becomes runnext and what was there goes to
  // the ring's tail. When the ring is full, half of it and g go to `overflow`
  // (the caller puts that on the global queue); true: that happened.
  bool Put(G* g, bool next, Overflow* overflow);

  // Owner: takes the next one; null: empty. *inherit: it was runnext.
  G* Get(bool* inherit);

  // Owner: takes runnext only.
  G* TakeNext() {
    G* g = next_.load(std::memory_order_relaxed);
    if (g == nullptr) return nullptr;
    if (!shared) {
      next_.store(nullptr, std::memory_order_relaxed);
      return g;
    }
    if (!next_.compare_exchange_strong(g, nullptr, std::memory_order_acquire,
                                       std::memory_order_relaxed)) {
      return nullptr;
    }
    return g;
  }

  // Owner of *this*, whose ring must have room for half: steals half of the
  // victim's ring; returns one of them to run, the rest is in this ring; null:
  // nothing there. With `steal_next`, takes runnext as a last resort.
  G* StealFrom(RunQueue* victim, bool steal_next);

  // The one that Get would return after those it has returned; only to have it
  // brought into the cache. Null: none.
  G* Upcoming() const {
    uint32_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_relaxed)) return nullptr;
    return ring_[head % kSize].load(std::memory_order_relaxed);
  }

  // How many there are; a snapshot.
  uint32_t Size() const;
  bool Empty() const { return Size() == 0; }

 private:
  bool PutSlow(G* g, uint32_t head, Overflow* overflow);
  // Copies half of this queue into `batch` from index `batch_head` on.
  uint32_t Grab(std::atomic<G*>* batch, uint32_t batch_head, bool steal_next);

  std::atomic<uint32_t> head_{0};  // consumers, by compare and exchange
  std::atomic<uint32_t> tail_{0};  // the owner
  std::atomic<G*> next_{nullptr};  // the owner; thieves by exchange
  std::atomic<G*> ring_[kSize] = {};
};

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_RUN_QUEUE_H_
