#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster match`: the definitions that fit a step text, with the arguments they would be given.
Execute add_match_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
