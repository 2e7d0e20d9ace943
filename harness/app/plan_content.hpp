#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/prepared_run.hpp"
#include "config/load.hpp"
#include "run/run_settings.hpp"
#include "shard/plan_file.hpp"

namespace muster::app {

/// What a run is made of, before its plan is told: two runs of the same content run the same
/// scenarios in the same way and give their messages the same ids.
shard::Content content_of(const PreparedRun& prepared, const run::RunSettings& settings);

/// What was chosen, by key of the configuration, so that the run of a shard can choose it again.
std::map<std::string, std::vector<std::string>> selection_of(const PreparedRun& prepared,
                                                             const run::RunSettings& settings);

/// The options that choose scenarios and say how each is run, by their names: those of `muster
/// plan`.
bool is_option_of_plans(const std::string& option);

}  // namespace muster::app
