#pragma once

#include <string>
#include <string_view>

#include "base/observe.hpp"
#include "sinks/sink.hpp"

namespace muster::sinks {

/// What all doors do with a line once it is there: read it, record it, and tell what became of it.
///
/// Observes, lane `event`, subject = the program: `recorded` (the event), `refused` (`{reason,
/// code, line}`), `truncated` (`{bytes, line}`: half a line, never read as an event).
class Intake {
 public:
  /// Both are borrowed.
  Intake(Sink& sink, Observer& observer) : sink_(sink), observer_(observer) {}

  /// Records the event of `line`; what is no event, or what the sink refuses, is told and returned.
  /// `program` is set to the event's as soon as it is known.
  Result<events::Event> record(std::string_view line, std::string& program);

  void refused(const std::string& program, const std::string& code, const std::string& reason,
               std::string_view line);
  void truncated(const std::string& program, std::string_view rest, Json more = Json::object());

  Observer& observer() { return observer_; }

 private:
  Sink& sink_;
  Observer& observer_;
};

}  // namespace muster::sinks
