#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster runtimes`: what this host can run, who says so, and whether it is true.
Execute add_runtimes_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
