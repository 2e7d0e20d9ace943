#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/observe.hpp"
#include "base/result.hpp"
#include "process/backends.hpp"
#include "process/group_record.hpp"
#include "process/launcher.hpp"
#include "process/log_capture.hpp"
#include "process/process.hpp"

namespace muster::process {

/// Moves this single-threaded process into a user namespace in which its uid and gid stay what they
/// are, so that a plain user gets the pid_namespace backend. To be called by the zygote before it
/// forks workers; programs lose the namespace's capabilities at exec. Success without effect for
/// root. Error `user_namespace_unavailable`; then nothing has changed.
Result<void> enter_user_namespace();

struct GroupOptions {
  std::string run_id;
  std::string id;                  ///< unique in the run
  std::optional<Backend> backend;  ///< unset: best_backend()
  std::string log_dir;             ///< `<name>.log` of each program; empty: no files
  std::string socket_dir;          ///< for NOTIFY_SOCKET; short, as a socket path has 107 bytes
  LogLimits log;
  Observer* observer = nullptr;  ///< outlives the group; called on the service thread
  Launcher* launcher = nullptr;  ///< outlives the group; unset: system_launcher()
};

/// What ending a group took.
struct GroupEnd {
  /// Processes that outlived their programs and had to be killed: LEAKs.
  std::vector<Casualty> leaked;
  std::chrono::nanoseconds took{};
};

/// The programs of one scenario. Lives on the service thread of a worker, whose io_context
/// `executor` belongs to. Whatever it started is dead and reaped when `end` returns, or when the
/// destructor does. Should this process be killed instead, the kernel (pid_namespace) or the
/// sweeper that holds `record()` (cgroup, subreaper) does it.
class Group {
 public:
  /// Makes the group; no program runs yet. Errors `backend_unavailable`, `group_failed`.
  static Result<std::unique_ptr<Group>> create(boost::asio::any_io_executor executor,
                                               GroupOptions options);
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  /// To be told to the coordinator before the first spawn.
  const GroupRecord& record() const;

  /// Starts a program. MUSTER_RUN_ID, MUSTER_GROUP and MUSTER_PROGRAM are added to its environment;
  /// with `notify` a NOTIFY_SOCKET too. It returns once exec has succeeded. Errors as of
  /// LaunchError.
  Result<std::shared_ptr<Process>> spawn(LaunchSpec spec, bool notify = false);

  /// Every program started, in that order.
  const std::vector<std::shared_ptr<Process>>& programs() const;

  /// TERM to all programs that still run, last started first, `grace` for all of them together,
  /// then KILL to everything in the group. Spawning fails from the call on. Ends once everything is
  /// reaped.
  boost::asio::awaitable<GroupEnd> end(std::chrono::milliseconds grace);

 private:
  struct Impl;
  explicit Group(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::process
