// What the kernel allows is tried in a child, so that this process stays where it is. The child is
// forked from a process that may have threads: it makes system calls only and ends by _exit.
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "runtimes/capabilities.hpp"

namespace muster::runtimes {
namespace {

/// errno of entering the namespaces `flags`, 0 for success.
int try_namespaces(int flags) {
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) ::_exit(::unshare(flags) == 0 ? 0 : errno);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

/// Root needs no user namespace to make the others.
int for_this_user(int flags) {
  return ::geteuid() == 0 ? flags : flags | CLONE_NEWUSER;
}

Capability of_namespaces(std::string name, int flags, const std::string& what) {
  const int refused = try_namespaces(flags);
  if (refused == 0) return {std::move(name), true, what + " can be made", {}};
  return {std::move(name), false, what + " cannot be made: " + ::strerror(refused), {}};
}

/// The folder of this process's control group in the version 2 hierarchy; empty without one.
std::string own_cgroup() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("0::")) continue;
    const std::string path = line.substr(3);
    for (const char* root : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
      if (::access((root + std::string("/cgroup.controllers")).c_str(), F_OK) == 0)
        return path == "/" ? root : root + path;
    }
  }
  return {};
}

}  // namespace

Capability userns() {
  return of_namespaces("userns", CLONE_NEWUSER, "a user namespace");
}

Capability netns() {
  return of_namespaces("netns", for_this_user(CLONE_NEWNET), "a network namespace");
}

Capability cgroup_kill() {
  const auto no = [](std::string why) {
    return Capability{"cgroup-kill", false, std::move(why), {}};
  };
  const std::string own = own_cgroup();
  if (own.empty()) return no("no control groups of version 2 are mounted");
  const std::string folder = own + "/muster-probe-" + random_hex(4);
  if (::mkdir(folder.c_str(), 0755) != 0)
    return no("a control group in " + own + " cannot be made: " + ::strerror(errno));
  const bool there = ::access((folder + "/cgroup.kill").c_str(), W_OK) == 0;
  const int failed = errno;
  ::rmdir(folder.c_str());
  if (!there) return no(std::string("control groups have no cgroup.kill: ") + ::strerror(failed));
  return {"cgroup-kill", true, "a control group with cgroup.kill can be made in " + own, {}};
}

Capability egress_proof() {
  const Capability namespaces =
      of_namespaces("egress-proof", CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID,
                    "user, network, mount and pid namespaces");
  if (!namespaces.available) return namespaces;
  const unsigned action = SECCOMP_RET_USER_NOTIF;
  if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0) {
    return {"egress-proof",
            false,
            std::string("no seccomp user notification: ") + ::strerror(errno),
            {}};
  }
  return {"egress-proof", true, namespaces.reason + ", and seccomp can notify", {}};
}

}  // namespace muster::runtimes
