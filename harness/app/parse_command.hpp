#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster parse`: the Cucumber Messages of feature files, as the official gherkin command line
/// prints them.
Execute add_parse_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
