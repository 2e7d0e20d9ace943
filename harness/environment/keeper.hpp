#pragma once

#include <functional>

#include "base/json.hpp"
#include "environment/blueprint.hpp"

namespace muster::environment {

/// The program that stays while an environment runs. It owns every service (their group ends with
/// it, however it ends), keeps their logs, restarts them, publishes the artifacts, and answers on
/// `<scope>/keeper.sock`. Runs until it is told to stop, or every service has ended; the exit code.
/// To be called in a process of its own with one thread. `report` gets a JSON object for each step
/// of the start, the last of them `{"event": "up"|"failed", …}`; it may be called until then.
/// `starter` is the end of a pipe whose other end the caller of the start holds (or -1): should
/// that be gone before the start is over, everything is stopped.
int keep(const Blueprint& blueprint, const std::function<void(const Json&)>& report,
         int starter = -1);

}  // namespace muster::environment
