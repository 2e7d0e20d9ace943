#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
  Error error;                       ///< of the launcher, of readiness or of the container engine
  bool port_taken_by_other = false;  ///< somebody else listens on its port
  std::optional<process::ExitStatus> exit{};  ///< of the program, where it has ended
  std::string last_lines{};                   ///< of its output: asked only when nothing else tells
  bool soft = false;                          ///< only what is done after it was ready has failed
};

inline StartFailure start_failure(Error why, bool port_taken_by_other = false) {
  StartFailure failure;
  failure.error = std::move(why);
  failure.port_taken_by_other = port_taken_by_other;
  return failure;
}

/// Typed causes decide; the text of its output only where they are silent, and then only by the
/// words of errno, so that `cannot bind-mount` is no port conflict.
FailureClass classify(const StartFailure& failure);

}  // namespace muster::environment
