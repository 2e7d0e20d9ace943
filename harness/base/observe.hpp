#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace muster {

/// One thing that happened, seen from the harness. Processes, taps, sinks, waits and steps emit
/// these; the journal stores them beside the messages; evidence, truth, timeline and trace are
/// readers of them.
struct Observation {
  std::int64_t t_mono_ns = 0;
  WallTime wall;
  std::string
      lane;  ///< what drew it: `process`, `http`, `sse`, `event`, `sink`, `wait`, `step`, `fault`
  std::string kind;     ///< e.g. `spawned`, `ready`, `exited`, `exchange`, `frame`, `recorded`
  std::string subject;  ///< e.g. `console`, `console → ralph`
  Json data = Json::object();
  std::string cause;  ///< why, if known
};

/// Takes observations. Implementations say whether they may be called from several threads.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void observe(Observation observation) = 0;
};

/// An observation of now.
Observation observation(std::string lane, std::string kind, std::string subject,
                        Json data = Json::object(), std::string cause = {});

/// The stored form (docs/formats/observe.md) and back.
Json to_json(const Observation& observation);
Observation observation_from_json(const Json& json);

}  // namespace muster
