#pragma once

#include <string>

#include "app/command_tree.hpp"

namespace muster::app {

/// Scripts that complete the command line of `root` in a shell: commands, options, values of
/// options that are listed, files for all else.
std::string bash_completion(const CommandInfo& root);
std::string zsh_completion(const CommandInfo& root);
std::string fish_completion(const CommandInfo& root);

}  // namespace muster::app
