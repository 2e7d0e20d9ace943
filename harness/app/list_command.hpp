#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster list`: the scenarios that a run would run, each with its place.
Execute add_list_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
