#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace muster::app {

/// The last `lines` lines of a log; empty when there is none. Error `log_unreadable`.
Result<std::vector<std::string>> last_log_lines(const std::string& path, std::size_t lines);

/// Reads what is appended to logs, as it is: no polling. A log that is cleared is read from its
/// beginning, one that does not exist yet once it does.
class LogFollower {
 public:
  /// Gets each whole line with the index of its log.
  using Listener = std::function<void(std::size_t log, const std::string& line)>;

  /// Begins behind what the logs hold now. Error `log_unreadable`.
  static Result<LogFollower> make(std::vector<std::string> paths);

  /// Calls `listener` until `interrupt` (a descriptor) becomes readable.
  void run(const Listener& listener, int interrupt);

 private:
  struct Log {
    std::string path;
    std::uint64_t read = 0;
    std::string piece;  ///< of a line that has no end yet
  };
  LogFollower(UniqueFd inotify, std::vector<Log> logs)
      : inotify_(std::move(inotify)), logs_(std::move(logs)) {}
  void take(std::size_t index, const Listener& listener);

  UniqueFd inotify_;
  std::vector<Log> logs_;
};

}  // namespace muster::app
