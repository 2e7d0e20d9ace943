#pragma once

#include "base/result.hpp"
#include "events/event.hpp"

namespace muster::sinks {

/// Takes events for the record.
class Sink {
 public:
  virtual ~Sink() = default;

  /// Records `event`, or says why not; an event that is refused leaves no trace in the record.
  /// Returns the event as recorded: the sink that orders has set `seq` and `recv_mono_ns`.
  virtual Result<events::Event> accept(events::Event event) = 0;
};

}  // namespace muster::sinks
