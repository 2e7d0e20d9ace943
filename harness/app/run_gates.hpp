#pragma once

#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "run/gate.hpp"
#include "run/plan_builder.hpp"
#include "run/run_settings.hpp"

namespace muster::app {

/// All that may close one of the chosen scenarios to this run: its tier, and what it requires of
/// this host. `config` says what workers claim. Errors: those of capability_gate.
Result<run::Gate> gate_of(const run::RunSettings& settings, const config::Config& config,
                          const std::vector<run::LoadedFeature>& features,
                          const std::vector<run::ChosenPickle>& chosen);

}  // namespace muster::app
