// Marking: from the roots to everything reachable.
//
// A marker is handed addresses: of objects (from anywhere inside), of interface
// values, of typed memory. A heap object that is not marked yet is marked and,
// if it may hold pointers, queued; Drain scans what is queued. Queued objects
// pass through a short line in which they are prefetched before they are
// scanned. Work buffers come from and go to shared lists, so that several
// markers can take work from each other.
#ifndef MGO_RUNTIME_GC_MARK_H_
#define MGO_RUNTIME_GC_MARK_H_

#include <cstdint>

#include "runtime/abi/type_desc.h"
#include "runtime/heap/mspan.h"

namespace mgo::rt {

// Objects to be scanned.
struct WorkBuf {
  static constexpr uint32_t kRoom = 510;
  WorkBuf* next;
  uint32_t count;
  uintptr_t objects[kRoom];
};

// A marker's own work; not shared.
class GcWork {
 public:
  // Adds an object; takes one (0: nothing left anywhere).
  void Put(uintptr_t object) {
    if (__builtin_expect(buf_ == nullptr || buf_->count == WorkBuf::kRoom, 0)) {
      PutSlow();
    }
    buf_->objects[buf_->count++] = object;
  }
  uintptr_t Get() {
    if (__builtin_expect(buf_ == nullptr || buf_->count == 0, 0)) {
      if (!GetSlow()) return 0;
    }
    return buf_->objects[--buf_->count];
  }
  // Gives the buffer back.
  void Dispose();

 private:
  void PutSlow();
  bool GetSlow();
  WorkBuf* buf_ = nullptr;
};

// What a verification keeps instead of marks (verify.h).
class VerifySet;

class Marker {
 public:
  // Marks the object that `p` points into; not in the heap: nothing.
  void Pointer(uint64_t p);
  void Pointer(const void* p) { Pointer(reinterpret_cast<uint64_t>(p)); }
  // An interface value: its data word if that is a pointer.
  void Iface(uint64_t word, uint64_t data);
  // A value, or `bytes` full of values, of a type, anywhere in memory.
  void Typed(const void* value, const TypeDesc* type);
  void TypedArray(const void* values, const TypeDesc* elem, uint64_t bytes);
  // The pointers of a heap object, itself not marked.
  void Children(uintptr_t object, MSpan* span, uint32_t index);
  // Scans all that is queued.
  void Drain();

  // With a set: reachable objects go there, and marks are left alone.
  void SetVerify(VerifySet* set) { verify_ = set; }

  uint64_t marked_bytes = 0;
  uint64_t marked_objects = 0;
  uint64_t scanned_bytes = 0;

 private:
  void Bits(uintptr_t base, uint64_t pointers, uint64_t ifaces);
  void CheckPointer(uint64_t p, MSpan* span);
  void Scan(uintptr_t object);

  GcWork work_;
  VerifySet* verify_ = nullptr;
};

// Adds a source of roots: called with a marker once in each collection, with
// the world stopped. For code that keeps pointers in C++ structures.
void RegisterRootSource(void (*visit)(Marker& marker));

// Hands all roots to the marker: roots.def.
void MarkRoots(Marker& marker);

// The marker of the collection under way; null: none.
extern Marker* active_marker;

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_GC_MARK_H_
