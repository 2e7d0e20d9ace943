#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// A control group of our own (cgroups(7), version 2, also beside version 1 under a hybrid mount).
/// A process can leave its session and its parent but not its cgroup, and cgroup.kill takes all in
/// it at once.
namespace muster::process {

/// Makes the cgroup `name` below this process's own. Error `backend_unavailable` with what is
/// missing: the hierarchy, the permission to write in it, or cgroup.kill (Linux 5.14).
Result<std::string> make_cgroup(const std::string& name);

/// A descriptor of its cgroup.procs, by which a process moves itself into it.
Result<UniqueFd> open_cgroup_procs(const std::string& path);

/// The processes in it and in the cgroups below it; empty when it is gone.
std::vector<pid_t> cgroup_members(const std::string& path);

/// Sends KILL to all of it, those that are born meanwhile too. False when it is gone.
bool kill_cgroup(const std::string& path);

/// Removes it with what is below it. False while a process is in it.
bool remove_cgroup(const std::string& path);

/// Whether `path` may be a cgroup that `make_cgroup` made: what a record names is killed.
bool is_our_cgroup(const std::string& path);

}  // namespace muster::process
