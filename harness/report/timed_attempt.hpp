#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/timeline.hpp"
#include "report/story.hpp"

namespace muster::report {

/// A step or hook with its times, nanoseconds since 1970.
struct TimedStep {
  std::string title, problem;
  messages::Status status = messages::Status::unknown;
  std::int64_t begin_ns = 0, end_ns = 0;
};

/// An attempt of a scenario, as those tell it who export times.
struct TimedAttempt {
  std::string name, uri, feature;
  int line = 0;
  std::int64_t number = 0;  ///< from 0
  std::string word;         ///< `passed`, `timed-out` …
  bool good = false;        ///< passed or skipped
  std::int64_t begin_ns = 0, end_ns = 0;
  std::vector<TimedStep> steps;
  std::optional<messages::Timeline> timeline;  ///< absent too when it cannot be read

  std::string place() const { return uri + ":" + std::to_string(line); }
  /// Of a time of the timeline.
  std::int64_t wall_ns(std::int64_t us) const { return timeline->begin_wall_ns + us * 1000; }
};

/// All attempts of the scenario whose last one this is, in their order.
std::vector<TimedAttempt> timed_attempts(const Story& story, const Attempt& last);

/// The strings and numbers of an item's detail as text.
std::string detail_text(const Json& value);

}  // namespace muster::report
