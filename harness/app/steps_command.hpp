#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster steps`: the step definitions, hooks and parameter types of this program.
Execute add_steps_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
