// The current time as timers send it.
#ifndef MGO_STDLIB_TIME_ENCODE_H_
#define MGO_STDLIB_TIME_ENCODE_H_

#include <cstdint>

namespace mgo::stdlib {

// Writes a time.Time for now, `size` bytes; for rt::SetTimeEncoder.
void EncodeTime(void* out, uint64_t size);

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_TIME_ENCODE_H_
