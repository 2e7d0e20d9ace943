#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/observe.hpp"
#include "runtimes/registration.hpp"

namespace muster::runtimes {

/// A runtime of a worker went or came back.
struct RuntimeChange {
  std::string name;
  bool available = false;  ///< since now
  Verdict verdict;         ///< what decided
  int failures = 0;        ///< in a row, of a runtime that went
};

struct ReverificationOptions {
  std::string worker;            ///< name of a registered worker
  DetectOptions detect;          ///< as it was registered
  int failures_to_drop = 2;      ///< in a row; one success restores
  Observer* observer = nullptr;  ///< gets each change: lane `runtime`, kind `dropped` or `restored`
  std::function<void(const RuntimeChange&)> on_change;
};

/// Verifies a worker's runtimes again and again, and keeps its capabilities true. One failure is
/// not believed, as a busy machine makes one; the second in a row is.
class Reverification {
 public:
  /// `known` is what the worker was registered with; the repository outlives this.
  Reverification(Repository& repository, Detection known, ReverificationOptions options);

  /// One round: fresh probes of all rows, the checks noted, each change told, and the worker's
  /// capabilities and heartbeat stored. Changes that were told stay so when the database then
  /// fails; the next round stores them. Errors of detect and Repository.
  Result<std::vector<RuntimeChange>> round();

  /// What the worker has, by what is believed now.
  const Detection& believed() const { return believed_; }

 private:
  struct State {
    Verdict verdict;  ///< the last that was believed
    int failures = 0;
  };
  std::vector<RuntimeChange> believe(Detection seen);
  void tell(const RuntimeChange& change);
  Result<void> store(const Detection& seen);

  Repository& repository_;
  ReverificationOptions options_;
  Detection believed_;
  std::map<std::string, State> states_;  ///< by ref, or by name without one
};

/// Rounds on a thread of its own, one each `interval`, the first after one interval. Ends with the
/// object, at once: probes that run are killed. Observer and on_change are called on that thread.
class PeriodicReverification {
 public:
  using Open = std::function<Result<std::unique_ptr<Repository>>()>;

  /// `open` makes the thread's own connection. A round that fails is observed (kind
  /// `reverification_failed`), and the next one tries again with a new connection.
  PeriodicReverification(Open open, Detection known, ReverificationOptions options,
                         std::chrono::milliseconds interval);

 private:
  std::jthread thread_;
};

}  // namespace muster::runtimes
