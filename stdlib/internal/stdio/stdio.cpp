// The natives of package internal/stdio: reading and writing descriptors.
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

namespace {

// Waits until the descriptor, which does not block by itself, is ready.
void AwaitReady(int fd, short events) {
  pollfd wanted = {fd, events, 0};
  poll(&wanted, 1, -1);
}

// Nobody reads the program's output any more: it ends by SIGPIPE, as in Go. (On
// other descriptors that signal is ignored, and EPIPE is an error.)
void EndByBrokenPipe() {
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
}

}  // namespace

// func WriteFD(fd int, p []byte) (n int, errno int)
NativeStatus StdioWriteFD(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(2));
  GoSlice p = f.Slice(3);
  int64_t done = 0;
  int error = 0;
  {
    BlockingSection blocking(f);
    do {
      ssize_t n = write(fd, p.ptr + done, p.len - done);
      if (n >= 0) {
        done += n;
      } else if (errno == EAGAIN) {
        AwaitReady(fd, POLLOUT);
      } else if (errno != EINTR) {
        error = errno;
        break;
      }
    } while (done < p.len);
  }
  if (error == EPIPE && (fd == 1 || fd == 2)) EndByBrokenPipe();
  f.SetInt(0, done);
  f.SetInt(1, error);
  return NativeStatus::kOk;
}

// func ReadFD(fd int, p []byte) (n int, errno int)
NativeStatus StdioReadFD(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(2));
  GoSlice p = f.Slice(3);
  ssize_t n;
  int error = 0;
  {
    BlockingSection blocking(f);
    while ((n = read(fd, p.ptr, p.len)) < 0) {
      if (errno == EAGAIN) {
        AwaitReady(fd, POLLIN);
      } else if (errno != EINTR) {
        error = errno;
        break;
      }
    }
  }
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
