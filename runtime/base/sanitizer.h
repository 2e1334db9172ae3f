// What the address and leak sanitizers are told about memory that they do not
// know from malloc; nothing in other builds.
//
// Guest objects lie in arenas that come from mmap, so by itself the sanitizer
// would see none of their ends. The heap forbids access to what is free: to
// pages in no span, to swept objects, to spans that were never allocated from;
// and allows it run by run as caches take over (object by object where freed
// memory is overwritten, as with gcstress). Forbidden are multiples of 8 bytes.
#ifndef MGO_RUNTIME_BASE_SANITIZER_H_
#define MGO_RUNTIME_BASE_SANITIZER_H_

#include <cstdint>

#if __has_feature(address_sanitizer)
#define MGO_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#else
#define MGO_ASAN 0
#endif

// A function that reads what other threads write, knowing it.
#define MGO_NO_SANITIZE_THREAD __attribute__((no_sanitize("thread")))

namespace mgo::rt {

// Whoever reads or writes [from, to) from now on makes a mistake.
inline void ForbidAccess(uintptr_t from, uintptr_t to) {
#if MGO_ASAN
  __asan_poison_memory_region(reinterpret_cast<void*>(from), to - from);
#endif
}

// The opposite.
inline void AllowAccess(uintptr_t from, uintptr_t to) {
#if MGO_ASAN
  __asan_unpoison_memory_region(reinterpret_cast<void*>(from), to - from);
#endif
}

// The runtime's own records point at memory from malloc; the leak sanitizer
// looks for such pointers only where it is told to.
inline void LookForPointersIn(void* memory, uint64_t size) {
#if MGO_ASAN
  __lsan_register_root_region(memory, size);
#endif
}

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_SANITIZER_H_
