#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::process {

/// The init of a pid namespace of ours: a process that does nothing but hold the namespace. It sees
/// a /proc of its own, ignores every signal, lets the kernel reap its orphans (SIGCHLD ignored),
/// and is killed when the thread that made it ends. Its end is the end of every process in there.
struct NamespaceInit {
  UniqueFd pidfd;
  pid_t pid = 0;
  std::uint64_t start_time = 0;
};

/// Makes one. To be called on a thread that lives as long as the namespace shall. Error
/// `backend_unavailable` with the step that the kernel refused.
Result<NamespaceInit> make_namespace_init();

/// Takes the status of an ended init. False while it is still there: it ends after the last process
/// of the namespace was reaped by its parent.
bool reap_namespace_init(const NamespaceInit& init);

}  // namespace muster::process
