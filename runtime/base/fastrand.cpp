#include "runtime/base/fastrand.h"

#include <sys/random.h>

#include "runtime/base/nanotime.h"

namespace mgo::rt {

thread_local uint64_t internal::fastrand_state = 0;

uint64_t internal::FastRandInit() {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed) {
    seed =
        static_cast<uint64_t>(Nanotime()) ^ reinterpret_cast<uintptr_t>(&seed);
  }
  return seed == 0 ? 1 : seed;
}

void FastRandSeed(uint64_t seed) {
  internal::fastrand_state = seed == 0 ? 1 : seed;
}

}  // namespace mgo::rt
