#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/group_record.hpp"

namespace muster::process {

/// The coordinator's end of its watchdog: a small process in a session of its own that outlives it.
/// When the coordinator ends without `done()`, the watchdog kills the processes and groups it was
/// told of, then everything that carries MUSTER_RUN_ID of the run until three rounds find nothing,
/// removes the scratch directory, and ends.
class Watchdog {
 public:
  Watchdog(Watchdog&&) noexcept = default;
  Watchdog& operator=(Watchdog&&) = delete;
  /// As `done()`. A forked child that drops its copy without running destructors changes nothing.
  ~Watchdog();

  /// The sweep covers this group from now on. Error `watchdog_gone`.
  Result<void> add(const GroupRecord& group);
  void forget(const std::string& group_id);
  /// A zygote or a worker: killed first, so that nothing new is spawned.
  Result<void> add_process(pid_t pid);
  void forget_process(pid_t pid);
  /// The run has containers in this engine: they are removed too.
  Result<void> add_engine(const std::string& address);

  /// The run ended well: the watchdog leaves without sweeping, and is reaped.
  void done();

  pid_t pid() const { return pid_; }

 private:
  friend Result<Watchdog> start_watchdog(const std::string&, const std::string&);
  Watchdog(pid_t pid, UniqueFd pipe) : pid_(pid), pipe_(std::move(pipe)) {}
  Result<void> tell(const Json& message);

  pid_t pid_ = 0;
  UniqueFd pipe_;
};

/// Forks the watchdog of the calling process. To be called before any thread exists; it keeps no
/// descriptor of the caller's. `scratch_dir`: removed with all that is in it should the caller be
/// killed; empty: none. Error `watchdog_failed`.
Result<Watchdog> start_watchdog(const std::string& run_id, const std::string& scratch_dir = {});

}  // namespace muster::process
