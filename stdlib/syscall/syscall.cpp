// The natives of package syscall.
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

// func Getpid() int
NativeStatus SyscallGetpid(NativeFrame& f) {
  f.SetInt(0, getpid());
  return NativeStatus::kOk;
}

// func Getppid() int
NativeStatus SyscallGetppid(NativeFrame& f) {
  f.SetInt(0, getppid());
  return NativeStatus::kOk;
}

// func Getpagesize() int
NativeStatus SyscallGetpagesize(NativeFrame& f) {
  f.SetInt(0, sysconf(_SC_PAGESIZE));
  return NativeStatus::kOk;
}

// func kill(pid, sig int) int
NativeStatus SyscallKill(NativeFrame& f) {
  int error = ::kill(static_cast<pid_t>(f.Int(1)), static_cast<int>(f.Int(2)));
  f.SetInt(0, error == 0 ? 0 : errno);
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
