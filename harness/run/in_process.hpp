#pragma once

#include "run/coordinator.hpp"
#include "run/matching.hpp"
#include "run/plan.hpp"
#include "steps/host.hpp"
#include "steps/library.hpp"

namespace muster::run {

/// Runs the plan in this process, one case after the other on the calling thread, for a debugger
/// (`--jobs 0`): no zygote, no worker, no deadline. A step that crashes takes the run with it; the
/// watchdog still sweeps what was started.
Outcome run_in_process(const Plan& plan, Matching& matching, const steps::RunInfo& run,
                       const RunOptions& options, const Surroundings& surroundings);

}  // namespace muster::run
