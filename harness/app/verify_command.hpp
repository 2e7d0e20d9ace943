#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster verify`: checks a recorded log against a chain, one run per key.
Execute add_verify_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
