#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

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
/// for good. `progress` gets each step as an object with `event` and `service`, and `{"event":
/// "tick"}` ten times a second meanwhile. When `interrupt` (a descriptor, or -1) becomes readable,
/// the keeper stops what it has started. Errors: `keeper_lost`, `interrupted`, and those of the
/// repository. To be called while this process has one thread.
Result<StartOutcome> start_environment(const Blueprint& blueprint,
                                       const std::function<void(const Json&)>& progress,
                                       int interrupt = -1);

/// What ending an environment took.
struct StopOutcome {
  std::size_t services = 0;  ///< that the state names
  std::size_t leaked = 0;    ///< processes that outlived their programs and were killed
  bool swept = false;        ///< the keeper did not answer: what carries its marks was killed
};

/// Stops all services of the environment and its keeper; what the keeper no longer answers for is
/// ended by its marks. `progress` and `interrupt` as above. `between` gets a hold on each port of
/// the environment before its keeper lets go of it, for a start that follows. Errors: `no_keeper`
/// when nothing runs, `interrupted` (the keeper goes on stopping).
Result<StopOutcome> stop_environment(artifacts::Repository& repository,
                                     std::chrono::milliseconds within,
                                     const std::function<void(const Json&)>& progress = {},
                                     int interrupt = -1, Between* between = nullptr);

}  // namespace muster::environment
