#pragma once

#include "process/group.hpp"
#include "process/namespace_init.hpp"

namespace muster::process {

struct Group::Impl {
  GroupOptions options;
  boost::asio::any_io_executor executor;
  std::shared_ptr<Launcher> launcher;
  GroupRecord record;
  NamespaceInit init;            ///< with pid_namespace
  UniqueFd cgroup_procs;         ///< with cgroup
  std::uint64_t start_time = 0;  ///< clock ticks since boot
  std::vector<std::shared_ptr<Process>> programs;
  std::vector<Casualty> swept;
  int started = 0;
  bool ending = false;
  bool over = false;

  bool in_namespace() const { return record.backend == Backend::pid_namespace; }
  bool in_cgroup() const { return record.backend == Backend::cgroup; }
  /// One of `programs`, and not somebody with its number.
  bool is_program(pid_t pid, std::uint64_t begun) const;
  void observe(const std::string& kind, Json data, std::string cause = {});

  /// Starts to kill what is left beside the programs: the namespace, or strays that came to this
  /// process. Returns what to wait for; none when nothing is left.
  std::vector<Orphan> kill_rest();
  std::vector<Orphan> kill_cgroup_rest();
  /// Reaps what of it has ended.
  void settle();
  /// Kills and reaps everything, blocking.
  void end_now();
};

}  // namespace muster::process
