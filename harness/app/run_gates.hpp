#pragma once

#include <vector>

#include "app/run_arguments.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "run/gate.hpp"
#include "run/plan_builder.hpp"

namespace muster::app {

/// All that may close one of the chosen scenarios to this run: its tier, and what it requires of
/// this host. `config` says what workers claim. Errors: `bad_tier`, and those of capability_gate.
Result<run::Gate> gate_of(const RunArguments& arguments, const config::Config& config,
                          const std::vector<run::LoadedFeature>& features,
                          const std::vector<run::ChosenPickle>& chosen);

}  // namespace muster::app
