#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster verify-log`: checks that a recorded log is the one whose hash chain was kept.
Execute add_verify_log_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
