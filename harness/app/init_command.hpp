#pragma once

#include "app/command.hpp"

namespace muster::app {

/// `muster init`: a new project that builds and passes: settings, a feature, its step definitions,
/// a program to drive, a CMakeLists.txt, editor settings.
Execute add_init_command(CLI::App& app, const std::string& program);

}  // namespace muster::app
