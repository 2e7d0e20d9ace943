#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster plan`: deals scenarios to the shards of a run.
Execute add_plan_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
