#include "environment/failure_class.hpp"

#include <sysexits.h>

namespace muster::environment {

std::string_view to_string(FailureClass failure) {
  switch (failure) {
    case FailureClass::bind_conflict_retryable:
      return "bind_conflict_retryable";
    case FailureClass::transient_probe_timeout_retryable:
      return "transient_probe_timeout_retryable";
    case FailureClass::bootstrap_soft_failure:
      return "bootstrap_soft_failure";
    case FailureClass::hard_start_failure:
      return "hard_start_failure";
    case FailureClass::bind_conflict_unresolved:
      return "bind_conflict_unresolved";
  }
  return "hard_start_failure";
}

FailureClass classify(const StartFailure& failure) {
  if (failure.soft) return FailureClass::bootstrap_soft_failure;
  const std::string& code = failure.error.code;
  if (failure.port_taken_by_other || code == "listen_in_use")
    return FailureClass::bind_conflict_retryable;
  if (code == "not_ready" || code == "wrong_server")
    return FailureClass::transient_probe_timeout_retryable;
  if (code != "died_before_ready" || !failure.exit) return FailureClass::hard_start_failure;
  if (!failure.exit->signalled && failure.exit->code == EX_TEMPFAIL)
    return FailureClass::transient_probe_timeout_retryable;
  for (const std::string_view words : {"Address already in use", "EADDRINUSE"}) {
    if (failure.last_lines.find(words) != std::string::npos)
      return FailureClass::bind_conflict_retryable;
  }
  return FailureClass::hard_start_failure;
}

}  // namespace muster::environment
