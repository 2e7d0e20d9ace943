#pragma once

#include <string>

#include "app/command_tree.hpp"

namespace muster::app {

/// The manual page (roff, section 1) of one command of the tree `root`.
std::string manual_page(const CommandInfo& command, const CommandInfo& root);

/// The file that it is kept in: `muster.1`, `muster-profile-scripts.1`.
std::string manual_file(const CommandInfo& command);

}  // namespace muster::app
