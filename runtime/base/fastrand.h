// Cheap random numbers for the runtime's choices: select order, map iteration
// starts, steal order. Per thread; not for cryptography. With a fixed seed
// (FastRandSeed) a single-threaded run repeats.
#ifndef MGO_RUNTIME_BASE_FASTRAND_H_
#define MGO_RUNTIME_BASE_FASTRAND_H_

#include <cstdint>

namespace mgo::rt {

namespace internal {
extern thread_local uint64_t fastrand_state;
// Gives a new thread's state a value from the system; never 0.
uint64_t FastRandInit();
}  // namespace internal

// 64 random bits (splitmix64 by Steele, Lea, Flood).
inline uint64_t FastRand64() {
  uint64_t state = internal::fastrand_state;
  if (state == 0) state = internal::FastRandInit();
  state += 0x9e3779b97f4a7c15u;
  internal::fastrand_state = state == 0 ? 1 : state;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// 32 random bits.
inline uint32_t FastRand() { return static_cast<uint32_t>(FastRand64() >> 32); }

// A random number below n (n > 0), with a bias under 2^-32 (Lemire).
inline uint32_t FastRandN(uint32_t n) {
  return static_cast<uint32_t>(uint64_t{FastRand()} * n >> 32);
}

// Sets this thread's sequence.
void FastRandSeed(uint64_t seed);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_FASTRAND_H_
