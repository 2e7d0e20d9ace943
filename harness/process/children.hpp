#pragma once

#include <sys/types.h>

#include <vector>

namespace muster::process {

/// The children of this process that the library itself waits for, so that reaping orphans which
/// came to a subreaper never takes the status of a program. Safe from any thread.
void register_child(pid_t pid);
void forget_child(pid_t pid);
std::vector<pid_t> registered_children();

}  // namespace muster::process
