// The natives of package os.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "runtime/base/fastrand.h"
#include "runtime/base/throw.h"
#include "runtime/gc/barrier.h"
#include "stdlib/internal/glue.h"
#include "stdlib/natives.h"
#include "stdlib/stdlib.h"

extern char** environ;

namespace mgo::stdlib {

namespace {

// Written before the program starts.
std::vector<std::string>& Arguments() {
  static std::vector<std::string> arguments;
  return arguments;
}

// Runs a system call with the P given away; returns its error number.
template <typename Call>
int Blocking(NativeFrame& f, Call call) {
  BlockingSection blocking(f);
  while (call() < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

GoSlice StringList(NativeFrame& f, const std::vector<std::string>& items) {
  GoSlice list =
      MakeSliceOf(f, kStringType, static_cast<int64_t>(items.size()));
  auto* cell = reinterpret_cast<GoString*>(list.ptr);
  for (const std::string& s : items) {
    rt::StoreString(cell++, MakeString(f, s));
  }
  return list;
}

// Bits of fs.FileMode.
enum : uint32_t {
  kDir = 1u << 31,
  kSymlink = 1u << 27,
  kDevice = 1u << 26,
  kNamedPipe = 1u << 25,
  kSocket = 1u << 24,
  kSetuid = 1u << 23,
  kSetgid = 1u << 22,
  kCharDevice = 1u << 21,
  kSticky = 1u << 20,
  kIrregular = 1u << 19,
};

uint32_t FileMode(mode_t mode) {
  uint32_t m = mode & 0777;
  switch (mode & S_IFMT) {
    case S_IFDIR:
      m |= kDir;
      break;
    case S_IFLNK:
      m |= kSymlink;
      break;
    case S_IFBLK:
      m |= kDevice;
      break;
    case S_IFCHR:
      m |= kDevice | kCharDevice;
      break;
    case S_IFIFO:
      m |= kNamedPipe;
      break;
    case S_IFSOCK:
      m |= kSocket;
      break;
    default:
      break;
  }
  if ((mode & S_ISUID) != 0) m |= kSetuid;
  if ((mode & S_ISGID) != 0) m |= kSetgid;
  if ((mode & S_ISVTX) != 0) m |= kSticky;
  return m;
}

uint32_t EntryMode(unsigned char type) {
  switch (type) {
    case DT_DIR:
      return kDir;
    case DT_LNK:
      return kSymlink;
    case DT_BLK:
      return kDevice;
    case DT_CHR:
      return kDevice | kCharDevice;
    case DT_FIFO:
      return kNamedPipe;
    case DT_SOCK:
      return kSocket;
    default:
      return 0;
  }
}

}  // namespace

void SetArguments(std::vector<std::string> arguments) {
  Arguments() = std::move(arguments);
}

// func open(name string, flag, mode int) (fd, errno int)
NativeStatus OsOpen(NativeFrame& f) {
  bool nul;
  std::string name = CString(f.String(2), &nul);
  int fd = -1;
  int error = EINVAL;
  if (!nul) {
    const int flags = static_cast<int>(f.Int(4)) | O_CLOEXEC;
    const auto mode = static_cast<mode_t>(f.Int(5));
    error = Blocking(f, [&] {
      fd = open(name.c_str(), flags, mode);
      return fd;
    });
  }
  f.SetInt(0, fd);
  f.SetInt(1, error);
  return NativeStatus::kOk;
}

// func closeFD(fd int) (errno int)
NativeStatus OsCloseFD(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(1));
  int error = 0;
  {
    BlockingSection blocking(f);
    // Interrupted or not: the descriptor is closed.
    if (close(fd) < 0 && errno != EINTR) error = errno;
  }
  f.SetInt(0, error);
  return NativeStatus::kOk;
}

// func pread(fd int, p []byte, off int64) (n, errno int)
NativeStatus OsPread(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(2));
  GoSlice p = f.Slice(3);
  const int64_t offset = f.Int(6);
  ssize_t n = 0;
  int error = Blocking(f, [&] {
    n = pread(fd, p.ptr, p.len, offset);
    return n < 0 ? -1 : 0;
  });
  f.SetInt(0, n < 0 ? 0 : n);
  f.SetInt(1, error);
  return NativeStatus::kOk;
}

// func pwrite(fd int, p []byte, off int64) (n, errno int)
NativeStatus OsPwrite(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(2));
  GoSlice p = f.Slice(3);
  const int64_t offset = f.Int(6);
  ssize_t n = 0;
  int error = Blocking(f, [&] {
    n = pwrite(fd, p.ptr, p.len, offset);
    return n < 0 ? -1 : 0;
  });
  f.SetInt(0, n < 0 ? 0 : n);
  f.SetInt(1, error);
  return NativeStatus::kOk;
}

// func seek(fd int, offset int64, whence int) (position int64, errno int)
NativeStatus OsSeek(NativeFrame& f) {
  off_t at =
      lseek(static_cast<int>(f.Int(2)), f.Int(3), static_cast<int>(f.Int(4)));
  f.SetInt(0, at < 0 ? 0 : at);
  f.SetInt(1, at < 0 ? errno : 0);
  return NativeStatus::kOk;
}

// func pipe() (r, w, errno int)
NativeStatus OsPipe(NativeFrame& f) {
  int fds[2] = {-1, -1};
  int error = pipe2(fds, O_CLOEXEC) < 0 ? errno : 0;
  f.SetInt(0, fds[0]);
  f.SetInt(1, fds[1]);
  f.SetInt(2, error);
  return NativeStatus::kOk;
}

namespace {

enum FileOp {
  kSync,
  kFtruncate,
  kFchmod,
  kMkdir,
  kUnlink,
  kRmdir,
  kRename,
  kLink,
  kSymlinkOp,
  kChmod,
  kTruncate,
  kChdir,
  kChown,
  kLchown,
  kUtimes,
};

timespec FromNanos(int64_t ns) {
  int64_t sec = ns / 1000000000;
  int64_t rest = ns % 1000000000;
  if (rest < 0) {
    rest += 1000000000;
    --sec;
  }
  return {sec, rest};
}

int Perform(FileOp op, int fd, const char* name, const char* other, int64_t a,
            int64_t b) {
  switch (op) {
    case kSync:
      return fsync(fd);
    case kFtruncate:
      return ftruncate(fd, a);
    case kFchmod:
      return fchmod(fd, static_cast<mode_t>(a));
    case kMkdir:
      return mkdir(name, static_cast<mode_t>(a));
    case kUnlink:
      return unlink(name);
    case kRmdir:
      return rmdir(name);
    case kRename:
      return rename(name, other);
    case kLink:
      return link(name, other);
    case kSymlinkOp:
      return symlink(name, other);
    case kChmod:
      return chmod(name, static_cast<mode_t>(a));
    case kTruncate:
      return truncate(name, a);
    case kChdir:
      return chdir(name);
    case kChown:
      return chown(name, static_cast<uid_t>(a), static_cast<gid_t>(b));
    case kLchown:
      return lchown(name, static_cast<uid_t>(a), static_cast<gid_t>(b));
    case kUtimes: {
      timespec times[2] = {FromNanos(a), FromNanos(b)};
      return utimensat(AT_FDCWD, name, times, 0);
    }
  }
  errno = EINVAL;
  return -1;
}

}  // namespace

// func fileOp(op, fd int, name, other string, a, b int64) (errno int)
NativeStatus OsFileOp(NativeFrame& f) {
  bool nul, nul2;
  std::string name = CString(f.String(3), &nul);
  std::string other = CString(f.String(5), &nul2);
  int error = EINVAL;
  if (!nul && !nul2) {
    const auto op = static_cast<FileOp>(f.Int(1));
    const int fd = static_cast<int>(f.Int(2));
    const int64_t a = f.Int(7);
    const int64_t b = f.Int(8);
    error = Blocking(
        f, [&] { return Perform(op, fd, name.c_str(), other.c_str(), a, b); });
  }
  f.SetInt(0, error);
  return NativeStatus::kOk;
}

// func stat(fd int, name string, follow bool)
//     (mode uint32, size, sec, nsec, dev, ino int64, errno int)
NativeStatus OsStat(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(7));
  bool nul;
  std::string name = CString(f.String(8), &nul);
  const bool follow = f.Bool(10);
  struct stat st{};
  int error = EINVAL;
  if (fd >= 0) {
    error = Blocking(f, [&] { return fstat(fd, &st); });
  } else if (!nul) {
    error = Blocking(f, [&] {
      return follow ? stat(name.c_str(), &st) : lstat(name.c_str(), &st);
    });
  }
  f.SetUint(0, FileMode(st.st_mode));
  f.SetInt(1, st.st_size);
  f.SetInt(2, st.st_mtim.tv_sec);
  f.SetInt(3, st.st_mtim.tv_nsec);
  f.SetInt(4, static_cast<int64_t>(st.st_dev));
  f.SetInt(5, static_cast<int64_t>(st.st_ino));
  f.SetInt(6, error);
  return NativeStatus::kOk;
}

// func names(fd int) (list []string, modes []uint32, errno int)
NativeStatus OsNames(NativeFrame& f) {
  const int fd = static_cast<int>(f.Int(7));
  std::vector<std::string> names;
  std::vector<uint32_t> modes;
  int error = 0;
  DIR* dir = nullptr;
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0 || (dir = fdopendir(copy)) == nullptr) {
    error = errno;
    if (copy >= 0) close(copy);
  } else {
    BlockingSection blocking(f);
    rewinddir(dir);
    while (const dirent* entry = readdir(dir)) {
      std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      names.emplace_back(name);
      uint32_t mode = EntryMode(entry->d_type);
      struct stat st;
      if (entry->d_type == DT_UNKNOWN &&
          fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        mode = FileMode(st.st_mode) & ~0777u;
      }
      modes.push_back(mode);
    }
    closedir(dir);
  }
  f.Set(0, StringList(f, names));
  GoSlice bytes = MakeBytes(
      f, {reinterpret_cast<const char*>(modes.data()), modes.size() * 4});
  auto n = static_cast<int64_t>(modes.size());
  f.Set(3, GoSlice{bytes.ptr, n, n});
  f.SetInt(6, error);
  return NativeStatus::kOk;
}

// func readlink(name string) (to string, errno int)
NativeStatus OsReadlink(NativeFrame& f) {
  bool nul;
  std::string name = CString(f.String(3), &nul);
  char buf[PATH_MAX];
  ssize_t n = -1;
  int error = EINVAL;
  if (!nul) {
    error = Blocking(f, [&] {
      n = readlink(name.c_str(), buf, sizeof buf);
      return n < 0 ? -1 : 0;
    });
  }
  f.Set(0, MakeString(f, {buf, n < 0 ? 0 : static_cast<size_t>(n)}));
  f.SetInt(2, error);
  return NativeStatus::kOk;
}

// func getwd() (dir string, errno int)
NativeStatus OsGetwd(NativeFrame& f) {
  std::string dir = GetEnvironment("PWD");
  int error = 0;
  {
    BlockingSection blocking(f);
    char buf[PATH_MAX];
    struct stat a, b;
    bool fits = dir[0] == '/' && stat(dir.c_str(), &a) == 0 &&
                stat(".", &b) == 0 && a.st_dev == b.st_dev &&
                a.st_ino == b.st_ino;
    if (!fits && getcwd(buf, sizeof buf) != nullptr) {
      dir = buf;
    } else if (!fits) {
      dir.clear();
      error = errno;
    }
  }
  f.Set(0, MakeString(f, dir));
  f.SetInt(2, error);
  return NativeStatus::kOk;
}

// func hostname() (name string, errno int)
NativeStatus OsHostname(NativeFrame& f) {
  char buf[256] = {};
  int error = gethostname(buf, sizeof buf - 1) < 0 ? errno : 0;
  f.Set(0, MakeString(f, buf));
  f.SetInt(2, error);
  return NativeStatus::kOk;
}

// func arguments() []string
NativeStatus OsArguments(NativeFrame& f) {
  f.Set(0, StringList(f, Arguments()));
  return NativeStatus::kOk;
}

// func lookup(key string) (value string, ok bool)
NativeStatus OsLookup(NativeFrame& f) {
  bool nul;
  std::string key = CString(f.String(3), &nul);
  bool found = false;
  std::string value;
  if (!nul && !key.empty()) value = GetEnvironment(key.c_str(), &found);
  f.Set(0, MakeString(f, value));
  f.SetBool(2, found);
  return NativeStatus::kOk;
}

// func setenv(key, value string, delete bool) (errno int)
NativeStatus OsSetenv(NativeFrame& f) {
  bool nul, nul2;
  std::string key = CString(f.String(1), &nul);
  std::string value = CString(f.String(3), &nul2);
  int error = EINVAL;
  if (!nul && !nul2 && !key.empty() && key.find('=') == std::string::npos) {
    rt::MutexLock guard(EnvironmentLock());
    error = (f.Bool(5) ? unsetenv(key.c_str())
                       : setenv(key.c_str(), value.c_str(), 1)) < 0
                ? errno
                : 0;
  } else if (f.Bool(5)) {
    error = 0;
  }
  f.SetInt(0, error);
  return NativeStatus::kOk;
}

// func environ() []string
NativeStatus OsEnviron(NativeFrame& f) {
  std::vector<std::string> items;
  {
    rt::MutexLock guard(EnvironmentLock());
    for (char** p = ::environ; p != nullptr && *p != nullptr; ++p) {
      items.emplace_back(*p);
    }
  }
  f.Set(0, StringList(f, items));
  return NativeStatus::kOk;
}

// func ids(which int) int
NativeStatus OsIds(NativeFrame& f) {
  int64_t id = -1;
  switch (f.Int(1)) {
    case 0:
      id = getpid();
      break;
    case 1:
      id = getppid();
      break;
    case 2:
      id = getuid();
      break;
    case 3:
      id = geteuid();
      break;
    case 4:
      id = getgid();
      break;
    case 5:
      id = getegid();
      break;
    default:
      break;
  }
  f.SetInt(0, id);
  return NativeStatus::kOk;
}

// func random() uint32
NativeStatus OsRandom(NativeFrame& f) {
  f.SetUint(0, rt::FastRand());
  return NativeStatus::kOk;
}

// func Exit(code int)
NativeStatus OsExit(NativeFrame& f) {
  rt::ExitProcess(static_cast<int>(f.Int(0)));
}

}  // namespace mgo::stdlib
