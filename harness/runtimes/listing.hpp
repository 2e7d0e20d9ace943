#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "runtimes/capabilities.hpp"
#include "runtimes/detector.hpp"
#include "runtimes/requirement.hpp"

namespace muster::runtimes {

/// One thing that was asked for, and whether it is there.
struct Demand {
  Requirement requirement;
  Answer answer;
};

/// Everything that is known about what this host can run.
struct Listing {
  std::string rows;  ///< where the rows come from: `core pack`, or a database without its password
  Detection detection;
  std::vector<Capability> capabilities;
  std::vector<Demand> demands;

  bool all_met() const;
};

/// Tables for people: claimed and verified apart, then capabilities, then what was required. Ends
/// with a line end.
std::string render(const Listing& listing);

/// `{role, source, origin?, rows, claimed, runtimes, verdicts, capabilities, required, met}`: what
/// `muster runtimes --json` prints.
Json to_json(const Listing& listing);

}  // namespace muster::runtimes
