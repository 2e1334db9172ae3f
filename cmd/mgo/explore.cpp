// Trying many schedules of one program.
//
// The program is compiled once; each seed runs in a child of this process, with
// its output in files in memory. As many run at a time as there are processors,
// but they are looked at in the order of the seeds, so that what is reported is
// the first.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <deque>

#include "cmd/mgo/program.h"
#include "llvm/Support/raw_ostream.h"
#include "runtime/sched/sched.h"

namespace mgo::cmd {
namespace {

// A run that takes longer than this does not end, as far as anyone can tell.
constexpr unsigned kSeconds = 30;
// Lines of a failing run's errors that are shown.
constexpr int kShownLines = 24;

struct Child {
  uint64_t seed;
  pid_t pid;
  int out, err;  // files in memory
};

struct Outcome {
  int status;  // as waitpid tells it
  std::string out, err;
};

std::string Contents(int fd) {
  std::string text;
  char buffer[4096];
  off_t at = 0;
  for (ssize_t n; (n = pread(fd, buffer, sizeof buffer, at)) > 0; at += n) {
    text.append(buffer, static_cast<size_t>(n));
  }
  close(fd);
  return text;
}

// False: the system refuses.
bool StartChild(Compilation& c, const std::vector<std::string>& args,
                uint64_t seed, std::deque<Child>* children) {
  Child child = {seed, -1, memfd_create("out", MFD_CLOEXEC),
                 memfd_create("err", MFD_CLOEXEC)};
  if (child.out < 0 || child.err < 0) return false;
  child.pid = fork();
  if (child.pid < 0) return false;
  if (child.pid == 0) {
    dup2(child.out, STDOUT_FILENO);
    dup2(child.err, STDERR_FILENO);
    alarm(kSeconds);
    RunProgram(c, args, seed);
  }
  children->push_back(child);
  return true;
}

Outcome Finish(const Child& child) {
  Outcome outcome = {};
  while (waitpid(child.pid, &outcome.status, 0) < 0 && errno == EINTR) {
  }
  outcome.out = Contents(child.out);
  outcome.err = Contents(child.err);
  return outcome;
}

// How a run failed; "" if it did not.
std::string Failure(const Outcome& outcome) {
  if (WIFSIGNALED(outcome.status)) {
    int number = WTERMSIG(outcome.status);
    if (number == SIGALRM) {
      return "does not end in " + std::to_string(kSeconds) + " s";
    }
    return std::string("dies of signal ") + strsignal(number);
  }
  int status = WEXITSTATUS(outcome.status);
  if (status == 0) return "";
  llvm::StringRef err = outcome.err;
  if (err.contains("all goroutines are asleep")) return "deadlocks";
  if (err.contains("panic: ")) return "panics";
  if (err.contains("fatal error: ")) return "ends with a fatal error";
  return "exits with status " + std::to_string(status);
}

// The first lines of a text, indented.
void PrintHead(llvm::StringRef text) {
  for (int i = 0; i < kShownLines && !text.empty(); i++) {
    auto [line, rest] = text.split('\n');
    llvm::errs() << (line.empty() ? "" : "    ") << line << '\n';
    text = rest;
  }
  if (!text.empty()) llvm::errs() << "    ...\n";
}

void Report(uint64_t seed, uint64_t count, const std::string& what,
            const std::vector<std::string>& args) {
  llvm::errs() << "mgo: seed " << seed << " of " << count << ' ' << what
               << "; to run it again:\n  MGODEBUG=schedseed=" << seed
               << " mgo run";
  for (const std::string& arg : args) llvm::errs() << ' ' << arg;
  llvm::errs() << '\n';
}

// What two outputs differ in first.
void PrintDifference(llvm::StringRef usual, llvm::StringRef seen) {
  while (!usual.empty() || !seen.empty()) {
    auto [a, usual_rest] = usual.split('\n');
    auto [b, seen_rest] = seen.split('\n');
    if (a != b || usual.empty() != seen.empty()) {
      llvm::errs() << "    usually: " << a << "\n    now:     " << b << '\n';
      return;
    }
    usual = usual_rest;
    seen = seen_rest;
  }
}

}  // namespace

int Explore(Compilation& c, const std::vector<std::string>& args,
            uint64_t count) {
  const uint64_t parallel = rt::NumCpu();
  std::deque<Child> children;
  std::string usual;
  uint64_t started = 0;
  int result = 0;
  for (uint64_t seed = 1; seed <= count && result == 0; seed++) {
    while (started < count && children.size() < parallel) {
      if (!StartChild(c, args, ++started, &children)) {
        llvm::errs() << "mgo: cannot start a process\n";
        result = 1;
        break;
      }
    }
    if (result != 0) break;
    Outcome outcome = Finish(children.front());
    children.pop_front();
    std::string failure = Failure(outcome);
    if (!failure.empty()) {
      Report(seed, count, failure, args);
      PrintHead(outcome.err);
      result = 1;
    } else if (seed == 1) {
      usual = outcome.out;
    } else if (outcome.out != usual) {
      Report(seed, count, "prints something else", args);
      PrintDifference(usual, outcome.out);
      result = 1;
    }
  }
  for (const Child& child : children) {
    kill(child.pid, SIGKILL);
    waitpid(child.pid, nullptr, 0);
  }
  if (result == 0) {
    llvm::outs() << usual;
    llvm::errs() << "mgo: " << count
                 << " seeds: the program ends well, and prints the same\n";
  }
  return result;
}

}  // namespace mgo::cmd
