#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster watch`: runs, and runs again what has changed: a feature file alone, all when settings
/// or the runner itself are new.
Execute add_watch_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
