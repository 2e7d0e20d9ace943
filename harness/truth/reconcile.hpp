#pragma once

#include <map>
#include <string>

#include "artifacts/run_state.hpp"
#include "truth/service_truth.hpp"

namespace muster::truth {

/// How long a living service without its listener counts as starting, unless it was ready before.
inline constexpr std::chrono::milliseconds kStartingGrace{10'000};

/// Brings every service and native requirement of a state up to the truth; that of services by
/// name. A legacy state is judged as any other. Error `diag_failed`.
Result<std::map<std::string, ServiceTruth>> reconcile(artifacts::RunState& state,
                                                      WallTime now = system_clock().wall());

/// The service has done its work and ended: it is as it should be without running.
bool completed(const artifacts::RunState& state, const std::string& service);

/// It is running, or has completed.
bool as_it_should_be(const artifacts::RunState& state, const std::string& service);

}  // namespace muster::truth
