#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "process/group_record.hpp"

/// Which way of holding programs together is taken: pid namespace before cgroup before subreaper,
/// as far as each works here.
namespace muster::process {

/// The best backend that works here, found by trying it; the forced one when one is.
Result<Backend> best_backend();

/// Success if `backend` works for this process, else `backend_unavailable` with the step that the
/// kernel refused. Tries it for real: about 1 ms.
Result<void> backend_available(Backend backend);

/// From now on best_backend() is this one in this process and those it forks, or an error where it
/// does not work. `auto` lets it choose again. Errors `unknown_backend`, `backend_unavailable`.
Result<void> force_backend(const std::string& name);

/// What doctor tells of a backend.
struct BackendReport {
  Backend backend = Backend::subreaper;
  bool available = false;
  bool in_force = false;  ///< what groups get that name none
  std::string detail;     ///< what it does, or why it does not work here
};

/// All of them, the best first. Tries each.
std::vector<BackendReport> describe_backends();

}  // namespace muster::process
