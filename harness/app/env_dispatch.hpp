#pragma once

#include <string>

#include "app/env_route.hpp"

namespace muster::app {

/// Runs a route: what it prints is written, the class of a failure is told in the last line of
/// stderr, in `commands.jsonl` of the scope and in the file of `--exit-class-file`. The exit code.
int dispatch_env(const EnvRoute& route);

/// Tells how a command ended, on stderr unless it ended well, and in `file` unless that is empty.
void tell_exit_class(const std::string& command, int code, const std::string& failure_class,
                     const std::string& file);

}  // namespace muster::app
