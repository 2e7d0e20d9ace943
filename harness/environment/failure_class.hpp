#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "process/exit_status.hpp"

namespace muster::environment {

/// What a failed start means for the next try (environment.md, "Starting and requirements").
enum class FailureClass {
  bind_conflict_retryable,            ///< the next port
  transient_probe_timeout_retryable,  ///< the same port once more
  bootstrap_soft_failure,             ///< goes on without it
  hard_start_failure,                 ///< no try is of use
  bind_conflict_unresolved,           ///< the budget of ports is used up
};

std::string_view to_string(FailureClass failure);

/// What is known of a start that failed, best causes first.
struct StartFailure {
  Error error;                       ///< of the launcher or of readiness
  bool port_taken_by_other = false;  ///< somebody else listens on its port
  int os_error = 0;                  ///< errno of the launcher, or 0
  std::string last_lines;            ///< of its output: asked only when nothing else tells
};

/// Typed causes decide; the text of its output only where they are silent, and then only by the
/// words of errno, so that `cannot bind-mount` is no port conflict.
FailureClass classify(const StartFailure& failure);

}  // namespace muster::environment
