#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "artifacts/repository.hpp"
#include "environment/keeper.hpp"

namespace muster::environment {

/// How a start went.
struct StartOutcome {
  bool up = false;  ///< every critical service is ready
  std::string run_id;
  std::optional<artifacts::Failure> failure;  ///< the first
};

/// Starts a keeper in a process of its own and waits until its services are up or one has failed
/// for good. `progress` gets each step as an object with `event` and `service`. Errors:
/// `keeper_running` (there is one already), `keeper_lost`, and those of the repository. To be
/// called while this process has one thread.
Result<StartOutcome> start_environment(const Blueprint& blueprint,
                                       const std::function<void(const Json&)>& progress);

/// Stops all services of the environment and its keeper; what the keeper no longer answers for is
/// ended by its marks. Returns how many services had to be ended. Error `no_keeper` when nothing
/// runs.
Result<std::size_t> stop_environment(artifacts::Repository& repository,
                                     std::chrono::milliseconds within);

}  // namespace muster::environment
