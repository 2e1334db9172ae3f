// The natives of package internal/stdio: reading and writing descriptors.
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/sched/switch.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

// func WriteFD(fd int, p []byte) (n int, errno int)
NativeStatus StdioWriteFD(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(2));
  GoSlice p = f.Slice(3);
  int64_t done = 0;
  int error = 0;
  // The bytes stay where they are, the frame keeps them: the P may go.
  rt::EnterSyscall(f.g);
  do {
    ssize_t n = write(fd, p.ptr + done, p.len - done);
    if (n >= 0) {
      done += n;
    } else if (errno != EINTR && errno != EAGAIN) {
      error = errno;
      break;
    }
  } while (done < p.len);
  rt::ExitSyscall(f.g);
  f.SetInt(0, done);
  f.SetInt(1, error);
  return NativeStatus::kOk;
}

// func ReadFD(fd int, p []byte) (n int, errno int)
NativeStatus StdioReadFD(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(2));
  GoSlice p = f.Slice(3);
  ssize_t n;
  rt::EnterSyscall(f.g);
  do {
    n = read(fd, p.ptr, p.len);
  } while (n < 0 && errno == EINTR);
  int error = n < 0 ? errno : 0;
  rt::ExitSyscall(f.g);
  f.SetInt(0, n < 0 ? 0 : n);
  f.SetInt(1, error);
  return NativeStatus::kOk;
}

// func ErrorText(errno int) string
NativeStatus StdioErrorText(NativeFrame& f) {
  const int64_t number = f.Int(2);
  const char* text = number > 0 && number < 134
                         ? strerrordesc_np(static_cast<int>(number))
                         : nullptr;
  std::string out;
  if (text == nullptr) {
    out = "errno " + std::to_string(number);
  } else {
    out = text;
    // Go begins these texts in lower case, abbreviations aside.
    if (out.size() > 1 && out[0] >= 'A' && out[0] <= 'Z' &&
        !(out[1] >= 'A' && out[1] <= 'Z') && out[1] != '/' &&
        out.rfind("RFS ", 0) != 0) {
      out[0] = static_cast<char>(out[0] + 32);
    }
  }
  f.Set(0, MakeString(f, out));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
