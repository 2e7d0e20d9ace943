#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster completion`: prints what a shell completes by, or writes the manual pages, from the
/// declarations of all commands.
Execute add_completion_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
