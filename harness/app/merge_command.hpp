#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster merge`: the verdict over all shards of a plan, and the reports of the whole run.
Execute add_merge_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
