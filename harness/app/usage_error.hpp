#pragma once

#include <string>
#include <vector>

#include "app/command_tree.hpp"

namespace muster::app {

/// The words on stderr for a command line that is refused because of `why`: the nearest known
/// command and options, and where to read on. `words` are the arguments, without the program.
std::string usage_error(const CommandInfo& root, const std::vector<std::string>& words,
                        const std::string& why);

}  // namespace muster::app
