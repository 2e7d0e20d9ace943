#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster run`: runs the chosen scenarios.
Execute add_run_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
