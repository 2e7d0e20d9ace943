#include "process/namespace_init.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "process/proc_fs.hpp"

namespace muster::process {
namespace {

enum Step : int { ready, orphaned, propagation, mount_proc, root, start };

/// What init says once, when it stands or has failed.
struct Word {
  int step = ready;
  int os_error = 0;
};

const char* step_name(int step) {
  switch (step) {
    case propagation:
      return "making mounts private";
    case mount_proc:
      return "mounting /proc";
    case root:
      return "joining the mount namespace";
    case orphaned:
      return "outliving its parent";
    default:
      return "starting its init";
  }
}

/// Joining a mount namespace moves to its root. Under chroot that is another than ours, and
/// programs would escape.
int same_root_after_joining() {
  struct stat before {};
  struct stat after {};
  const int self = ::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  if (self < 0 || ::stat("/", &before) != 0) return errno;
  if (::setns(self, CLONE_NEWNS) != 0) return errno;
  if (::stat("/", &after) != 0) return errno;
  return before.st_dev == after.st_dev && before.st_ino == after.st_ino ? 0 : EXDEV;
}

/// Runs in a copy of a process with threads: system calls only, since any lock may be held.
[[noreturn]] void init_main(int report, int parent) {
  const auto say = [report](int step, int os_error) {
    const Word word{step, os_error};
    return ::write(report, &word, sizeof word) == sizeof word;
  };
  const auto fail = [&say](int step, int os_error) {
    say(step, os_error);
    ::_exit(1);
  };
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // A parent that ended before the line above sends nothing any more.
  if (pidfd_ended(parent)) fail(orphaned, ESRCH);
  ::setsid();
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGCHLD, &action, nullptr);
  if (::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0) fail(propagation, errno);
  const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (::mount("proc", "/proc", "proc", flags, nullptr) != 0) fail(mount_proc, errno);
  if (const int failed = same_root_after_joining()) fail(root, failed);
  ::prctl(PR_SET_NAME, "muster-init");
  if (::chdir("/") != 0) fail(root, errno);
  if (!say(ready, 0)) ::_exit(1);
  ::syscall(SYS_close_range, 0, ~0U, 0);
  for (;;) ::pause();
}

Error unavailable(int step, int os_error) {
  return error("backend_unavailable", std::string("no pid namespace: ") + step_name(step) +
                                          " failed: " + ::strerror(os_error));
}

/// The first word of init; `start` when it ended without one.
Word hear(int report, int pidfd) {
  Word word;
  for (;;) {
    pollfd polls[2] = {{report, POLLIN, 0}, {pidfd, POLLIN, 0}};
    if (::poll(polls, 2, -1) < 0) continue;
    // Nobody but init writes, and in one piece. Its end may have to be seen by the pidfd, since a
    // fork elsewhere in this process may hold the pipe open.
    if (::read(report, &word, sizeof word) == sizeof word) return word;
    if (polls[0].revents != 0 || polls[1].revents != 0) return {start, ESRCH};
  }
}

}  // namespace

Result<NamespaceInit> make_namespace_init() {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC | O_NONBLOCK) != 0) return unavailable(start, errno);
  UniqueFd hearing(pipe[0]);
  UniqueFd saying(pipe[1]);
  UniqueFd parent = open_pidfd(::getpid());
  if (!parent) return unavailable(start, errno);

  // All signals wait, so that none of our handlers runs in the copy.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  int pidfd = -1;
  // Without an exit signal: a wait(2) for any child elsewhere in this process does not take it.
  const long pid =
      ::syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | CLONE_PIDFD, nullptr, &pidfd, nullptr, 0);
  const int os_error = errno;
  if (pid == 0) init_main(saying.get(), parent.get());
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return unavailable(start, os_error);

  NamespaceInit init{UniqueFd(pidfd), static_cast<pid_t>(pid), 0};
  saying.reset();
  const Word word = hear(hearing.get(), pidfd);
  const std::optional<ProcStat> stat = read_stat(init.pid);
  if (word.step != ready || !stat) {
    signal_pidfd(pidfd, SIGKILL);
    wait_pidfd(pidfd, -1);
    reap_namespace_init(init);
    return unavailable(word.step == ready ? start : word.step,
                       word.os_error ? word.os_error : ESRCH);
  }
  init.start_time = stat->start_time;
  return init;
}

bool reap_namespace_init(const NamespaceInit& init) {
  siginfo_t info{};
  const int done =
      ::waitid(P_PIDFD, static_cast<id_t>(init.pidfd.get()), &info, WEXITED | WNOHANG | __WALL);
  return done != 0 ? errno == ECHILD : info.si_pid != 0;
}

}  // namespace muster::process
