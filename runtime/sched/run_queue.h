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

// A list of Gs linked by sched_link; the holder protects it.
struct GQueue {
  G* head = nullptr;
  G* tail = nullptr;
  uint32_t size = 0;
  // Adds at the tail, at the head; takes from the head (null: empty).
  void PushBack(G* g);
  void PushFront(G* g);
  G* Pop();
  // Moves all of `other` to this one's tail.
  void Append(GQueue& other);
  bool Empty() const { return head == nullptr; }
};

class RunQueue {
 public:
  static constexpr uint32_t kSize = 256;

  // Whether there are thieves, that is, more than one P: without, the owner
  // does with plain loads and stores. Changed with the world stopped.
  static inline bool shared = false;

  // Owner: adds g. With `next`, g becomes runnext and what was there goes to
  // the ring's tail. When the ring is full, half of it and g go to `overflow`
  // (the caller puts that on the global queue); true: that happened.
  bool Put(G* g, bool next, GQueue* overflow);

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

  // How many there are; a snapshot.
  uint32_t Size() const;
  bool Empty() const { return Size() == 0; }

 private:
  bool PutSlow(G* g, uint32_t head, uint32_t tail, GQueue* overflow);
  // Copies half of this queue into `batch` from index `batch_head` on.
  uint32_t Grab(std::atomic<G*>* batch, uint32_t batch_head, bool steal_next);

  std::atomic<uint32_t> head_{0};  // consumers, by compare and exchange
  std::atomic<uint32_t> tail_{0};  // the owner
  std::atomic<G*> next_{nullptr};  // the owner; thieves by exchange
  std::atomic<G*> ring_[kSize] = {};
};

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_SCHED_RUN_QUEUE_H_
