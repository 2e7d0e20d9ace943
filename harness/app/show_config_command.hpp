#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster show-config`: prints every key with its value and where that comes from.
Execute add_show_config_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
