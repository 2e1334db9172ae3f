// Hints to the compiler, in one place.
#ifndef MGO_RUNTIME_BASE_COMPILER_H_
#define MGO_RUNTIME_BASE_COMPILER_H_

// The condition is expected to be true, false.
#define MGO_LIKELY(x) __builtin_expect(!!(x), 1)
#define MGO_UNLIKELY(x) __builtin_expect(!!(x), 0)
// A slow path, kept out of its callers.
#define MGO_NOINLINE __attribute__((noinline))
// A fast path that has to be part of its callers.
#define MGO_ALWAYS_INLINE inline __attribute__((always_inline))

// A check too dear for release builds.
#ifdef MGO_DEBUG
#include <cassert>
#define MGO_SLOW_ASSERT(x) assert(x)
#else
#define MGO_SLOW_ASSERT(x) ((void)0)
#endif

#endif  // MGO_RUNTIME_BASE_COMPILER_H_
