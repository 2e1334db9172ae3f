#include "stdlib/internal/glue.h"

#include <cstdlib>
#include <cstring>

#include "runtime/gc/barrier.h"
#include "runtime/object/slice.h"
#include "runtime/object/string.h"
#include "runtime/sched/defer.h"
#include "runtime/sched/switch.h"

namespace mgo::stdlib {
namespace {

constexpr uint64_t kFirstWord = 1;
constexpr uint64_t kSecondWord = 2;

// The fields an allocation needs; the others stay zero.
constexpr TypeDesc Descriptor(rt::Kind kind, uint64_t size,
                              uint64_t pointer_bytes, const uint64_t* pointers,
                              const uint64_t* ifaces, std::string_view name) {
  TypeDesc t{};
  t.size = size;
  t.pointer_bytes = pointer_bytes;
  t.ptr_mask = pointers;
  t.iface_mask = ifaces;
  t.align = static_cast<uint8_t>(size < 8 ? size : 8);
  t.flags = ifaces != nullptr ? rt::kHasIfaceWords : 0;
  t.kind = kind;
  t.string = name;
  return t;
}

constexpr uint64_t kNoWord = 0;

}  // namespace

constinit const TypeDesc kByteType =
    Descriptor(rt::Kind::kUint8, 1, 0, nullptr, nullptr, "uint8");
constinit const TypeDesc kPointerType = Descriptor(
    rt::Kind::kUnsafePointer, 8, 8, &kFirstWord, nullptr, "unsafe.Pointer");
constinit const TypeDesc kStringType =
    Descriptor(rt::Kind::kString, 16, 8, &kFirstWord, nullptr, "string");
constinit const TypeDesc kBytesType =
    Descriptor(rt::Kind::kSlice, 24, 8, &kFirstWord, nullptr, "[]uint8");
constinit const TypeDesc kAnyType = Descriptor(
    rt::Kind::kInterface, 16, 16, &kNoWord, &kSecondWord, "interface {}");

KeepParameters::KeepParameters(NativeFrame& f) : g_(f.g), after_(f.g->exec.pc) {
  g_->exec.pc = g_->retry_pc;
}

KeepParameters::~KeepParameters() { g_->exec.pc = after_; }

BlockingSection::BlockingSection(NativeFrame& f) : keep_(f), g_(f.g) {
  rt::EnterSyscall(g_);
}

BlockingSection::~BlockingSection() { rt::ExitSyscall(g_); }

rt::Mutex& EnvironmentLock() {
  static rt::Mutex lock(rt::LockRank::kLeaf);
  return lock;
}

std::string GetEnvironment(const char* name, bool* found) {
  rt::MutexLock guard(EnvironmentLock());
  const char* value = getenv(name);
  if (found != nullptr) *found = value != nullptr;
  return value == nullptr ? "" : value;
}

GoString MakeString(NativeFrame& f, std::string_view s) {
  return rt::NewString(f.g, s);
}

GoSlice MakeBytes(NativeFrame& f, std::string_view s) {
  GoSlice out{};
  if (!rt::MakeSlice(f.g, &kByteType, static_cast<int64_t>(s.size()),
                     static_cast<int64_t>(s.size()), &out)) {
    return out;
  }
  if (!s.empty()) std::memcpy(out.ptr, s.data(), s.size());
  return out;
}

GoSlice MakeSliceOf(NativeFrame& f, const TypeDesc& elem, int64_t n) {
  GoSlice out{};
  (void)rt::MakeSlice(f.g, &elem, n, n, &out);
  return out;
}

void StorePointer(void* cell, const void* value) {
  rt::StorePointer(static_cast<void**>(cell), const_cast<void*>(value));
}

void AppendBytes(NativeFrame& f, GoSlice* slice, std::string_view s) {
  auto n = static_cast<int64_t>(s.size());
  if (n == 0) return;
  if (slice->cap - slice->len < n) {
    GoSlice grown = *slice;
    if (!rt::GrowSlice(f.g, &grown, n, &kByteType)) return;
    StorePointer(&slice->ptr, grown.ptr);
    slice->cap = grown.cap;
  }
  std::memcpy(slice->ptr + slice->len, s.data(), s.size());
  slice->len += n;
}

NativeStatus PanicText(NativeFrame& f, std::string_view text) {
  rt::SetRuntimeError(f.g, rt::RuntimeErrorKind::kString, text);
  return NativeStatus::kPanic;
}

NativeStatus PanicError(NativeFrame& f, std::string_view text) {
  rt::SetRuntimeError(f.g, rt::RuntimeErrorKind::kPlain, text);
  return NativeStatus::kPanic;
}

NativeStatus PanicNil(NativeFrame& f) {
  return PanicError(f, "invalid memory address or nil pointer dereference");
}

std::string CString(GoString s, bool* has_nul) {
  std::string out(s.View());
  *has_nul = out.find('\0') != std::string::npos;
  return out;
}

}  // namespace mgo::stdlib
