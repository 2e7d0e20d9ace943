#include "doctor/in_force.hpp"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "process/backends.hpp"

namespace muster::doctor {
namespace {

/// Whether a process of ours can get `flags` of namespaces; 0, or the error of the kernel. Tried in
/// a child, so that this process stays where it is.
int unshare_in_child(int flags) {
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) ::_exit(::unshare(flags) == 0 ? 0 : errno & 0xff);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return errno;
  return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

}  // namespace

std::vector<InForce> reaping_backends() {
  std::vector<InForce> all;
  for (const auto& backend : process::describe_backends())
    all.push_back(
        {process::to_string(backend.backend), backend.available, backend.in_force, backend.detail});
  return all;
}

std::vector<InForce> isolation_backends() {
  const int flags = ::geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET;
  const int refused = unshare_in_child(flags);
  return {{"network_namespace", refused == 0, false,
           refused == 0 ? "for scenarios that ask for fixed ports of their own"
                        : std::string("the kernel refuses it: ") + std::strerror(refused)},
          {"held_ports", true, true, "a port is bound until its service takes it"}};
}

}  // namespace muster::doctor
