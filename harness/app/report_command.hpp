#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster report`: the reports of a run that is over.
Execute add_report_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
