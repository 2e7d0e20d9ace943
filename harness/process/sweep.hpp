#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "process/group_record.hpp"

namespace muster::process {

/// A living process that belongs to a group or a run.
struct Survivor {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks since boot
  std::string command;
};

/// What a sweep did.
struct SweepReport {
  std::vector<Survivor> killed;
  bool clean = true;  ///< nothing was left within the time given
};

/// Whom a sweep may take beside those that carry the group's marks.
struct SweepScope {
  /// The caller is a subreaper: children of it that are none of `spare` were orphaned and count
  /// too. For a coordinator that sweeps the group of a dead worker, `spare` being its own children.
  bool adopted = false;
  std::vector<pid_t> spare;
};

/// Living processes of the group. With pid_namespace: all in the namespace, while its init lives.
/// With subreaper: by MUSTER_RUN_ID and MUSTER_GROUP in the environment that they were started
/// with, and everything that descends from those.
std::vector<Survivor> survivors(const GroupRecord& record, const SweepScope& scope = {});

/// Kills all of the group and waits until it is dead: rounds until nothing new appears, at most
/// `within`. Never signals a process that it has not identified through a pidfd. Blocks; for the
/// coordinator and the watchdog. Children of the caller are left to be reaped, see reap_adopted.
SweepReport sweep(const GroupRecord& record, const SweepScope& scope = {},
                  std::chrono::milliseconds within = std::chrono::milliseconds(2'000));

/// The same for everything that carries MUSTER_RUN_ID=`run_id`.
std::vector<Survivor> run_survivors(const std::string& run_id);
SweepReport sweep_run(const std::string& run_id,
                      std::chrono::milliseconds within = std::chrono::milliseconds(2'000));

/// Orphans of this process's descendants become its children from now on. Error `subreaper_failed`.
Result<void> become_subreaper();

/// Reaps ended children of this process that live in another session or in a pid namespace of their
/// own (orphans that came to a subreaper), but none of `spare`. Returns how many.
std::size_t reap_adopted(const std::vector<pid_t>& spare = {});

}  // namespace muster::process
