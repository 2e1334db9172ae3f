#include "runtime/sched/run_queue.h"

#include <cstdlib>

#include "runtime/base/throw.h"
#include "runtime/sched/g.h"

namespace mgo::rt {

GQueue::~GQueue() { free(gs_); }

void GQueue::Grow() {
  uint32_t room = room_ == 0 ? 256 : room_ * 2;
  auto** gs = static_cast<G**>(malloc(room * sizeof(G*)));
  if (gs == nullptr) Throw("out of memory");
  for (uint32_t i = 0; i < size_; i++) gs[i] = gs_[(head_ + i) & (room_ - 1)];
  free(gs_);
  gs_ = gs;
  room_ = room;
  head_ = 0;
}

bool RunQueue::Put(G* g, bool next, Overflow* overflow) {
  if (next) {
    G* old;
    if (shared) {
      old = next_.exchange(g, std::memory_order_acq_rel);
    } else {
      old = next_.load(std::memory_order_relaxed);
      next_.store(g, std::memory_order_relaxed);
    }
    if (old == nullptr) return false;
    g = old;
  }
  for (;;) {
    uint32_t head = head_.load(std::memory_order_acquire);
    uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head < kSize) {
      ring_[tail % kSize].store(g, std::memory_order_relaxed);
      tail_.store(tail + 1, std::memory_order_release);
      return false;
    }
    if (PutSlow(g, head, overflow)) return true;
    // Thieves have made room meanwhile.
  }
}

bool RunQueue::PutSlow(G* g, uint32_t head, Overflow* overflow) {
  constexpr uint32_t kHalf = kSize / 2;
  for (uint32_t i = 0; i < kHalf; i++) {
    overflow->gs[i] = ring_[(head + i) % kSize].load(std::memory_order_relaxed);
  }
  if (!head_.compare_exchange_strong(head, head + kHalf,
                                     std::memory_order_acq_rel)) {
    return false;
  }
  overflow->gs[kHalf] = g;
  overflow->count = kHalf + 1;
  return true;
}

G* RunQueue::Get(bool* inherit) {
  if (G* g = TakeNext()) {
    *inherit = true;
    return g;
  }
  *inherit = false;
  for (;;) {
    uint32_t head = head_.load(std::memory_order_acquire);
    uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (head == tail) return nullptr;
    G* g = ring_[head % kSize].load(std::memory_order_relaxed);
    if (!shared) {
      head_.store(head + 1, std::memory_order_relaxed);
      return g;
    }
    if (head_.compare_exchange_strong(head, head + 1,
                                      std::memory_order_acq_rel)) {
      return g;
    }
  }
}

uint32_t RunQueue::Grab(std::atomic<G*>* batch, uint32_t batch_head,
                        bool steal_next) {
  for (;;) {
    uint32_t head = head_.load(std::memory_order_acquire);
    uint32_t tail = tail_.load(std::memory_order_acquire);
    uint32_t n = tail - head;
    n -= n / 2;
    if (n == 0) {
      if (!steal_next) return 0;
      G* g = next_.load(std::memory_order_relaxed);
      if (g == nullptr) return 0;
      if (!next_.compare_exchange_strong(g, nullptr,
                                         std::memory_order_acq_rel)) {
        continue;
      }
      batch[batch_head % kSize].store(g, std::memory_order_relaxed);
      return 1;
    }
    // The owner moved both between the two loads.
    if (n > kSize / 2) continue;
    for (uint32_t i = 0; i < n; i++) {
      G* g = ring_[(head + i) % kSize].load(std::memory_order_relaxed);
      batch[(batch_head + i) % kSize].store(g, std::memory_order_relaxed);
    }
    if (head_.compare_exchange_strong(head, head + n,
                                      std::memory_order_acq_rel)) {
      return n;
    }
  }
}

G* RunQueue::StealFrom(RunQueue* victim, bool steal_next) {
  uint32_t tail = tail_.load(std::memory_order_relaxed);
  uint32_t n = victim->Grab(ring_, tail, steal_next);
  if (n == 0) return nullptr;
  n--;
  G* g = ring_[(tail + n) % kSize].load(std::memory_order_relaxed);
  if (n != 0) tail_.store(tail + n, std::memory_order_release);
  return g;
}

uint32_t RunQueue::Size() const {
  // Twice the same tail: no Put came between.
  for (;;) {
    uint32_t tail = tail_.load(std::memory_order_acquire);
    uint32_t head = head_.load(std::memory_order_acquire);
    G* next = next_.load(std::memory_order_acquire);
    if (tail == tail_.load(std::memory_order_acquire)) {
      return tail - head + (next != nullptr ? 1 : 0);
    }
  }
}

}  // namespace mgo::rt
