#include "runtime/gc/mark.h"

#include <cstdlib>

#include "runtime/base/compiler.h"
#include "runtime/base/debug_vars.h"
#include "runtime/base/mutex.h"
#include "runtime/base/throw.h"
#include "runtime/gc/verify.h"
#include "runtime/heap/mheap.h"

namespace mgo::rt {

Marker* active_marker = nullptr;

namespace {

// Objects between their prefetch and their scan.
constexpr uint32_t kPrefetchLine = 8;
// Words that one word of a mask covers.
constexpr uint64_t kMaskWords = 64;

Mutex work_lock(LockRank::kWorkBufs);
WorkBuf* full_bufs = nullptr;   // protector: work_lock
WorkBuf* empty_bufs = nullptr;  // protector: work_lock

WorkBuf* NewBuf() {
  {
    MutexLock guard(work_lock);
    if (WorkBuf* buf = empty_bufs) {
      empty_bufs = buf->next;
      return buf;
    }
  }
  return static_cast<WorkBuf*>(PersistentAlloc(sizeof(WorkBuf)));
}

// `count` bits of a bitmap from the bit of the word at `p` on; count <= 64.
uint64_t BitsAt(const uint64_t* bitmap, uintptr_t p, uint64_t count) {
  uint64_t word = (p & (kArenaBytes - 1)) / 8;
  uint64_t shift = word % 64;
  uint64_t bits = bitmap[word / 64] >> shift;
  if (shift + count > 64) bits |= bitmap[word / 64 + 1] << (64 - shift);
  return count == 64 ? bits : bits & ((uint64_t{1} << count) - 1);
}

}  // namespace

void GcWork::PutSlow() {
  if (buf_ != nullptr) {
    MutexLock guard(work_lock);
    buf_->next = full_bufs;
    full_bufs = buf_;
  }
  buf_ = NewBuf();
  buf_->count = 0;
}

bool GcWork::GetSlow() {
  MutexLock guard(work_lock);
  if (full_bufs == nullptr) return false;
  if (buf_ != nullptr) {
    buf_->next = empty_bufs;
    empty_bufs = buf_;
  }
  buf_ = full_bufs;
  full_bufs = buf_->next;
  return true;
}

void GcWork::Dispose() {
  if (buf_ == nullptr) return;
  MutexLock guard(work_lock);
  WorkBuf*& list = buf_->count == 0 ? empty_bufs : full_bufs;
  buf_->next = list;
  list = buf_;
  buf_ = nullptr;
}

void Marker::CheckPointer(uint64_t p, MSpan* span) {
  if (debug_vars.invalidptr == 0) return;
  if (span == nullptr) {
    // An address past the last span of an arena, or in free pages.
    if (p >> 47 != 0 || arena_table[p >> kArenaShift].load() == nullptr) return;
    PrintError("runtime: pointer %#llx to unallocated pages\n",
               static_cast<unsigned long long>(p));
    Throw("found bad pointer in Go heap");
  }
  uint32_t index = span->IndexOf(p);
  bool in_object = index < span->elem_count;
  // A slice of no length at the end of an object points at the next one.
  if (in_object && p == span->ObjectAt(index) && debug_vars.invalidptr < 2) {
    return;
  }
  if (!in_object || !span->IsAllocated(index)) {
    PrintError(
        "runtime: pointer %#llx to free object, span at %#llx, size %llu, "
        "index %u\n",
        static_cast<unsigned long long>(p),
        static_cast<unsigned long long>(span->base),
        static_cast<unsigned long long>(span->elem_size), index);
    Throw("found bad pointer in Go heap");
  }
}

void Marker::Pointer(uint64_t p) {
  MSpan* span = SpanOf(p);
  if (MGO_UNLIKELY(verify_ != nullptr)) CheckPointer(p, span);
  if (span == nullptr) return;
  uint32_t index = span->IndexOf(p);
  if (index >= span->elem_count || !span->IsAllocated(index)) return;
  if (MGO_UNLIKELY(verify_ != nullptr)) {
    if (!verify_->Add(span->ObjectAt(index))) return;
  } else if (!span->Mark(index)) {
    return;
  }
  marked_bytes += span->elem_size;
  marked_objects++;
  if (span->kind != kNoScan) work_.Put(span->ObjectAt(index));
}

void Marker::Iface(uint64_t word, uint64_t data) {
  if (word == 0) return;
  const TypeDesc* type = reinterpret_cast<const TypeWord*>(word)->type;
  if (type->IsDirectIface() && type->pointer_bytes == 0) return;
  Pointer(data);
}

void Marker::Bits(uintptr_t base, uint64_t pointers, uint64_t ifaces) {
  auto* words = reinterpret_cast<const uint64_t*>(base);
  for (; pointers != 0; pointers &= pointers - 1) {
    uint64_t p = words[__builtin_ctzll(pointers)];
    if (p != 0) Pointer(p);
  }
  for (; ifaces != 0; ifaces &= ifaces - 1) {
    int i = __builtin_ctzll(ifaces);
    Iface(words[i - 1], words[i]);
  }
}

void Marker::Typed(const void* value, const TypeDesc* type) {
  if (type->pointer_bytes == 0) return;
  auto base = reinterpret_cast<uintptr_t>(value);
  if (type->ptr_mask != nullptr || type->iface_mask != nullptr) {
    uint64_t words = type->pointer_bytes / 8;
    for (uint64_t i = 0; i * kMaskWords < words; i++) {
      uint64_t pointers = type->ptr_mask == nullptr ? 0 : type->ptr_mask[i];
      uint64_t ifaces = type->iface_mask == nullptr ? 0 : type->iface_mask[i];
      // A data word at the start of a mask word has its type in the last one.
      if ((ifaces & 1) != 0) {
        auto* data = reinterpret_cast<const uint64_t*>(base + i * 512);
        Iface(data[-1], data[0]);
        ifaces &= ~uint64_t{1};
      }
      Bits(base + i * kMaskWords * 8, pointers, ifaces);
    }
    return;
  }
  if (type->kind == Kind::kArray) {
    TypedArray(value, type->elem, type->elem->size * type->length);
    return;
  }
  for (uint32_t i = 0; i < type->field_count; i++) {
    const FieldDesc& field = type->fields[i];
    Typed(reinterpret_cast<const void*>(base + field.offset), field.type);
  }
}

void Marker::TypedArray(const void* values, const TypeDesc* elem,
                        uint64_t bytes) {
  if (elem->pointer_bytes == 0) return;
  auto base = reinterpret_cast<uintptr_t>(values);
  for (uint64_t at = 0; at + elem->size <= bytes; at += elem->size) {
    Typed(reinterpret_cast<const void*>(base + at), elem);
  }
}

void Marker::Children(uintptr_t object, MSpan* span, uint32_t index) {
  if (span->kind == kNoScan) return;
  if (span->types != nullptr) {
    if (const TypeDesc* type = span->types[index]) {
      TypedArray(reinterpret_cast<const void*>(object), type, span->elem_size);
    }
    return;
  }
  Arena* arena = ArenaOfSmall(object);
  uint64_t words = span->elem_size / 8;
  uint64_t ifaces =
      span->kind == kIfaces ? BitsAt(arena->ifaces, object, words) : 0;
  Bits(object, BitsAt(arena->pointers, object, words), ifaces);
}

void Marker::Scan(uintptr_t object) {
  MSpan* span = SpanOf(object);
  scanned_bytes += span->elem_size;
  Children(object, span, span->IndexOf(object));
}

void Marker::Drain() {
  uintptr_t line[kPrefetchLine];
  uint32_t first = 0, count = 0;
  for (;;) {
    while (count < kPrefetchLine) {
      uintptr_t object = work_.Get();
      if (object == 0) break;
      __builtin_prefetch(reinterpret_cast<const void*>(object));
      line[(first + count++) % kPrefetchLine] = object;
    }
    if (count == 0) break;
    uintptr_t object = line[first];
    first = (first + 1) % kPrefetchLine;
    count--;
    Scan(object);
  }
  work_.Dispose();
}

}  // namespace mgo::rt
