#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster bearer sign|check`: makes and judges the bearer between a console and a worker, for
/// tests in other languages.
Execute add_bearer_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
