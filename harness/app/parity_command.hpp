#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster parity`: plays the lifecycle where nothing outside can be reached, and proves that
/// nothing was called.
Execute add_parity_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
