#pragma once

#include <sys/types.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/observe.hpp"

namespace muster::run {

/// The programs of a scenario, as they were observed, and the last that each printed: what is shown
/// when a step fails. Any thread.
class ProgramTable {
 public:
  void take(const Observation& seen);

  /// The truth table (pid, alive, listening, what readiness said, how it ended), one row for each
  /// program, and the last lines of each, prefixed by its name. Empty without programs.
  std::string text() const;

 private:
  struct Program {
    std::string name;
    std::int64_t pid = 0;
    std::string said = "nothing yet";  ///< by its probe
    std::string end = {};              ///< empty while it runs
    std::string tail = {};             ///< the end of its output
  };
  Program* find(const std::string& name, std::int64_t pid);

  mutable std::mutex mutex_;
  std::vector<Program> programs_;
};

}  // namespace muster::run
