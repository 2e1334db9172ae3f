// The natives of package os for descriptors that the network poller watches.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/nanotime.h"
#include "runtime/sched/netpoll.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

rt::PollMode Mode(bool write) {
  return write ? rt::PollMode::kWrite : rt::PollMode::kRead;
}

}  // namespace

// func pollOpen(fd int) (handle uint64)
NativeStatus OsPollOpen(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(1));
  struct stat st;
  f.SetUint(0, 0);
  if (fstat(fd, &st) != 0) return NativeStatus::kOk;
  if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode) && !S_ISSOCK(st.st_mode)) {
    return NativeStatus::kOk;
  }
  const int flags = fcntl(fd, F_GETFL);
  const rt::PollHandle handle = rt::PollOpen(fd);
  if (handle != 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
    rt::PollClose(handle);
    return NativeStatus::kOk;
  }
  f.SetUint(0, handle);
  return NativeStatus::kOk;
}

// func pollClose(handle uint64)
NativeStatus OsPollClose(NativeFrame& f) {
  rt::PollClose(f.Uint(0));
  return NativeStatus::kOk;
}

// func pollWait(handle uint64, write, park bool) (status int)
NativeStatus OsPollWait(NativeFrame& f) {
  rt::G* g = f.Bool(3) ? f.g : nullptr;
  switch (rt::PollWait(g, f.Uint(1), Mode(f.Bool(2)))) {
    case rt::PollStatus::kParked:
      return NativeStatus::kPark;
    case rt::PollStatus::kReady:
      f.SetInt(0, 0);
      break;
    case rt::PollStatus::kClosing:
      f.SetInt(0, 1);
      break;
    case rt::PollStatus::kTimeout:
      f.SetInt(0, 2);
      break;
  }
  return NativeStatus::kOk;
}

// func pollDeadline(handle uint64, write bool, delay int64) (ok bool)
NativeStatus OsPollDeadline(NativeFrame& f) {
  const int64_t delay = f.Int(3), now = rt::Nanotime();
  const int64_t when = delay <= 0                    ? delay
                       : delay > INT64_MAX - 1 - now ? INT64_MAX - 1
                                                     : now + delay;
  f.SetBool(0, rt::PollSetDeadline(f.Uint(1), Mode(f.Bool(2)), when));
  return NativeStatus::kOk;
}

namespace {

// Calls read or write once, signals aside.
template <typename Call>
NativeStatus TryOnce(NativeFrame& f, Call call) {
  GoSlice p = f.Slice(3);
  ssize_t n;
  do {
    n = call(static_cast<int>(f.Int(2)), p.ptr, static_cast<size_t>(p.len));
  } while (n < 0 && errno == EINTR);
  f.SetInt(0, n < 0 ? 0 : n);
  f.SetInt(1, n < 0 ? errno : 0);
  return NativeStatus::kOk;
}

}  // namespace

// func tryRead(fd int, p []byte) (n, errno int)
NativeStatus OsTryRead(NativeFrame& f) { return TryOnce(f, read); }

// func tryWrite(fd int, p []byte) (n, errno int)
NativeStatus OsTryWrite(NativeFrame& f) { return TryOnce(f, write); }

}  // namespace mgo::stdlib
