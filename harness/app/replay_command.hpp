#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster replay`: judges the chains of a recorded run again, starting nothing.
Execute add_replay_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
