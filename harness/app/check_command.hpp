#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster check`: steps that are undefined or ambiguous and definitions that no step uses, without
/// starting anything.
Execute add_check_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
