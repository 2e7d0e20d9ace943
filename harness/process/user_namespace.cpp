#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/unique_fd.hpp"
#include "process/group.hpp"
#include "process/namespace_init.hpp"
#include "process/proc_fs.hpp"

namespace muster::process {
namespace {

Error unavailable(const std::string& what, int os_error) {
  return error("user_namespace_unavailable",
               "no user namespace: " + what + ": " + ::strerror(os_error),
               "programs are held together by the subreaper backend instead");
}

int write_file(const char* path, const std::string& text) {
  UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
  if (!fd) return errno;
  return ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0
                                                                                          : errno;
}

/// Enters a user namespace for good, even if it fails half way.
Result<void> enter() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0) return unavailable("unshare", errno);
  // Only then may a plain user map a group (user_namespaces(7)).
  if (const int failed = write_file("/proc/self/setgroups", "deny")) {
    return unavailable("setgroups", failed);
  }
  const auto same = [](unsigned id) {
    return std::to_string(id) + " " + std::to_string(id) + " 1";
  };
  if (const int failed = write_file("/proc/self/uid_map", same(uid))) {
    return unavailable("uid_map", failed);
  }
  if (const int failed = write_file("/proc/self/gid_map", same(gid))) {
    return unavailable("gid_map", failed);
  }
  return {};
}

/// What a rehearsal in a child comes to, as its exit status.
int rehearse() {
  if (!enter()) return 1;
  Result<NamespaceInit> init = make_namespace_init();
  if (!init) return 2;
  signal_pidfd(init->pidfd.get(), SIGKILL);
  wait_pidfd(init->pidfd.get(), -1);
  reap_namespace_init(*init);
  return 0;
}

}  // namespace

Result<void> enter_user_namespace() {
  if (::geteuid() == 0) return {};
  // A process that has changed its uid owns nothing in its own /proc until it is dumpable again.
  if (::prctl(PR_GET_DUMPABLE) == 0) ::prctl(PR_SET_DUMPABLE, 1);
  const pid_t child = ::fork();
  if (child < 0) return unavailable("fork", errno);
  if (child == 0) ::_exit(rehearse());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return unavailable(
        WIFEXITED(status) && WEXITSTATUS(status) == 2 ? "a pid namespace in it" : "rehearsal",
        EPERM);
  }
  return enter();
}

}  // namespace muster::process
