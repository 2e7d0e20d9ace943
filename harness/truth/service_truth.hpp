#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/run_state.hpp"
#include "base/clock.hpp"
#include "truth/listeners.hpp"

namespace muster::truth {

/// The layers below what a state says of a service, never mixed: its process, and its listener.
struct ServiceTruth {
  bool alive = false;       ///< a process of that pid and that start time runs
  bool reused = false;      ///< the pid is another process's by now
  bool listening = false;   ///< the expected port is listened to by it or its descendants
  std::optional<int> port;  ///< where it listens: the expected port, else the lowest it has
  std::vector<std::int64_t> listener_pids;
  artifacts::Status status = artifacts::Status::unknown;
  std::string detail;  ///< why it is not running, for people; empty when it is
};

/// What the host says at one moment, taken once for all services.
class Snapshot {
 public:
  /// Error `diag_failed`.
  static Result<Snapshot> take();

  /// The truth about `service`. Without a port it is running while it lives; with one it is
  /// starting until `grace` after `started_at`, then unreachable.
  ServiceTruth judge(const artifacts::Service& service, std::chrono::milliseconds grace,
                     WallTime now) const;

  /// Processes that listen on `port`, with sockets that this user may see.
  std::vector<pid_t> listeners_on(int port) const;

  /// Whether anybody listens on `port` who is neither one of `ours` nor what `also` accepts. All of
  /// /proc is searched only when none of `ours` has the socket.
  bool listened_by_other(int port, const std::vector<pid_t>& ours,
                         const std::function<bool(pid_t)>& also) const;

 private:
  std::vector<Listener> listeners_;
};

/// Brings a service up to the truth: status, actual port, listeners.
void apply(const ServiceTruth& truth, artifacts::Service& service);

/// A process and all that descends from it, as far as they live.
std::vector<pid_t> tree_of(pid_t pid);

/// The ports of these listeners that a process or what descends from it holds.
std::vector<int> ports_held_by(pid_t pid, const std::vector<Listener>& listeners);

}  // namespace muster::truth
