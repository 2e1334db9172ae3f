#include "runtime/gc/barrier.h"

#include <atomic>

#include "runtime/gc/mark.h"

namespace mgo::rt {

uint32_t gc_barrier_enabled = 0;

namespace {

std::atomic<uint64_t> barrier_count{0};

void Shade(const void* p) {
  if (p != nullptr && active_marker != nullptr) active_marker->Pointer(p);
}

}  // namespace

void WriteBarrierSlow(void* const* slot, const void* value) {
  barrier_count.fetch_add(1, std::memory_order_relaxed);
  Shade(*slot);
  Shade(value);
}

void WriteBarrierIfaceSlow(const GoIface* slot, const GoIface& value) {
  barrier_count.fetch_add(1, std::memory_order_relaxed);
  if (active_marker == nullptr) return;
  active_marker->Iface(reinterpret_cast<uint64_t>(slot->word), slot->data);
  active_marker->Iface(reinterpret_cast<uint64_t>(value.word), value.data);
}

uint64_t WriteBarrierCount() {
  return barrier_count.load(std::memory_order_relaxed);
}

}  // namespace mgo::rt
