#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace muster::app {

/// Counts what a run's observations tell: programs started, events recorded, chains that held.
class Tally {
 public:
  void take(const Json& observation);

  std::size_t processes() const { return processes_; }
  std::size_t events() const { return events_; }

  /// `processes 5, events 29` and a line for each chain that held.
  std::string text() const;

 private:
  std::size_t processes_ = 0;
  std::size_t events_ = 0;
  std::vector<std::string> chains_;
};

}  // namespace muster::app
