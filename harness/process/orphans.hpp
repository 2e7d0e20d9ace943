#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "process/launcher.hpp"

namespace muster::process {

/// Launcher::orphans for the machine. Reads only the children of `reaper` and what is below those
/// that belong to the program, never all of /proc.
std::vector<Orphan> find_orphans(pid_t reaper, pid_t program, std::uint64_t program_start_time,
                                 const std::string& mark);

/// Living children of this process that were not made by it: they live in another session, are none
/// of `registered_children()`, and no environment says that they belong to another group than
/// `group_id`. Only what started at `since` (clock ticks) or later. One that is dying already, and
/// no longer to be told from another group's, has no command: it is to be waited for and reaped.
std::vector<Orphan> find_strays(const std::string& group_id, std::uint64_t since);

}  // namespace muster::process
