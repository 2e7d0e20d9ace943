#pragma once

#include "app/run_arguments.hpp"
#include "base/result.hpp"
#include "run/gate.hpp"

namespace muster::app {

/// All that may close a scenario to this run: its tier. Errors: `bad_tier`.
Result<run::Gate> gate_of(const RunArguments& arguments);

}  // namespace muster::app
