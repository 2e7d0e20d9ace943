#pragma once

#include "run/coordinator.hpp"
#include "run/plan.hpp"

namespace muster::run {

/// Tells the plan as if it had run, without running anything, hooks neither: steps that match are
/// skipped, undefined and ambiguous ones are told as such and make the outcome a failure.
Outcome dry_run(const Plan& plan, const steps::Library& library, const Surroundings& surroundings);

}  // namespace muster::run
