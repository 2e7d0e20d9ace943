#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

/// What /proc and pidfds say about processes (proc(5), pidfd_open(2)).
namespace muster::process {

struct ProcStat {
  char state = '?';
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  std::uint64_t start_time = 0;  ///< clock ticks since boot
  bool exiting = false;          ///< past the point of no return, though not yet a zombie

  /// Neither dead nor dying.
  bool alive() const { return state != 'Z' && state != 'X' && !exiting; }
};

std::optional<ProcStat> read_stat(pid_t pid);

/// Whether `pid`, which may be a zombie, lives in a pid namespace below the one of /proc.
bool in_nested_pid_namespace(pid_t pid);

/// Every process that /proc lists.
std::vector<pid_t> all_pids();

/// The children of all threads of `pid`, zombies included.
std::vector<pid_t> children_of(pid_t pid);

/// argv joined by blanks, at most 256 bytes; `[name]` when it has none (a zombie, a kernel thread).
std::string command_of(pid_t pid);

/// The environment `pid` was started with: `NAME=value` separated by NUL. Empty when it may not be
/// read. Waits for a process that is amid its exec, when it reads as empty too.
std::string environment_of(pid_t pid);

/// Whether an environment of that form holds exactly `entry`, or any value of `name`.
bool environment_has(const std::string& environment, const std::string& entry);
bool environment_names(const std::string& environment, const std::string& name);

/// A pidfd, or none when there is no such process.
UniqueFd open_pidfd(pid_t pid);
/// A pidfd of the process with that pid and start time, or none when the pid is another's by now.
UniqueFd open_pidfd(pid_t pid, std::uint64_t start_time);
/// The process has ended (it may be a zombie). No pidfd means that there was none.
bool pidfd_ended(int pidfd);
/// Waits for the end of it; false when `milliseconds` are over. Blocks.
bool wait_pidfd(int pidfd, int milliseconds);
bool signal_pidfd(int pidfd, int signal);

}  // namespace muster::process
