#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/exit_status.hpp"

namespace muster::process {

/// A descriptor of ours that the program finds under the number `target` (0 to 255).
struct InheritedFd {
  int fd = -1;
  int target = -1;
};

/// One of setrlimit(2), soft and hard alike.
struct ResourceLimit {
  int resource = 0;  ///< RLIMIT_…
  std::uint64_t value = 0;
};

/// What to run. Descriptors are borrowed: they stay open and the caller's.
struct LaunchSpec {
  std::string name;               ///< what people call it; names its log and its observations
  std::string program;            ///< a path (has a slash; relative to `cwd`), or a name to search
  std::vector<std::string> args;  ///< without argv[0], which is `program`
  std::vector<std::string> env;   ///< the complete environment, `NAME=value` each
  std::string cwd;                ///< empty: ours
  std::vector<ResourceLimit> limits;
  std::string user;              ///< a name of passwd(5); empty: ours. Another takes root.
  std::vector<InheritedFd> fds;  ///< beside 0, 1 and 2, all that the program inherits
  int stdin_fd = -1;             ///< -1: /dev/null
  int stdout_fd = -1;            ///< -1: /dev/null; set by Group::spawn
  int stderr_fd = -1;            ///< -1: /dev/null; set by Group::spawn
};

/// Where a program is put.
struct Placement {
  int namespace_init = -1;       ///< pidfd of a pid namespace's init: born in it, sees its /proc
  int cgroup_procs = -1;         ///< cgroup.procs of a cgroup: it moves there before exec
  bool die_with_thread = false;  ///< SIGKILL when the launching thread ends (PR_SET_PDEATHSIG)
};

/// A program that runs: exec has succeeded. It is our child; its pid is the one that we see.
struct Launched {
  UniqueFd pidfd;
  pid_t pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks since boot, field 22 of /proc/<pid>/stat
};

/// Why a program does not run. Nothing is left behind.
struct LaunchError {
  /// `program_not_found`, `not_executable` or `spawn_failed`.
  Error error;
  int os_error = 0;                   ///< errno, 0 for program_not_found by search
  std::string step;                   ///< what failed: `search`, `clone`, `chdir`, `exec`, …
  std::vector<std::string> searched;  ///< every path that was tried, in order
};

struct LaunchOutcome {
  std::optional<Launched> launched;
  LaunchError error;  ///< when nothing was launched
};

/// A process that is there, by pidfd, so that it is never mistaken for another with its number.
struct Orphan {
  UniqueFd pidfd;
  pid_t pid = 0;
  std::string command;    ///< argv, joined; the short name in brackets when argv is gone
  bool in_group = false;  ///< still in the program's process group
};

/// All that the process library asks of the operating system about the programs it starts. Every
/// method is called on the thread that launches; none blocks.
class Launcher {
 public:
  virtual ~Launcher() = default;
  virtual LaunchOutcome launch(const LaunchSpec& spec, const Placement& placement) = 0;
  /// Takes the status of an ended child; nullopt while it runs. A pidfd becomes readable at the
  /// end.
  virtual std::optional<ExitStatus> reap(int pidfd) = 0;
  /// Signals the program alone, or its whole process group. The group only of a child that was not
  /// reaped yet: until then the number cannot be another's.
  virtual void signal(const Launched& program, int signal, bool group) = 0;
  /// Living processes below `reaper` (the process that inherits orphans) that an ended `program`
  /// left behind: they carry `mark` (`NAME=value`) in the environment they were started with or are
  /// in its session, or descend from such a one.
  virtual std::vector<Orphan> orphans(pid_t reaper, const Launched& program,
                                      const std::string& mark) = 0;
};

/// The machine's launcher. Spawns by clone(CLONE_VM | CLONE_VFORK), so that the size of this
/// process does not matter; each program leads a session of its own, has default signal
/// dispositions, an empty signal mask and no descriptor but the given ones.
std::unique_ptr<Launcher> system_launcher();

/// The path that `program` means: itself when it has a slash, else the first executable file of
/// that name on `path` (`a:b:c`). Every place looked at goes to `searched`.
Result<std::string> find_program(const std::string& program, const std::string& path,
                                 const std::string& cwd, std::vector<std::string>& searched);

/// The value of `name` in a list of `NAME=value`, or nullptr.
const char* env_value(const std::vector<std::string>& env, const std::string& name);

}  // namespace muster::process
