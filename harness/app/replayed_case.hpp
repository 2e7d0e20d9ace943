#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "chain/gap.hpp"
#include "journal/reader.hpp"

namespace muster::app {

/// A chain that a scenario was given.
struct ArmedChain {
  std::string step;  ///< text of the step that asserts it
  std::string text;
  int line = 0;         ///< of the doc string's opening delimiter
  std::string verdict;  ///< as judged in the run; empty when it did not come to that
  std::int64_t judged_ns = 0;
};

/// A scenario of a recorded run, as its observations tell it.
struct RecordedCase {
  std::string label;  ///< `uri:line`, with `#n` at its n-th retry
  std::string name;
  std::string uri;
  int line = 0;
  std::int64_t armed_ns = 0;
  std::int64_t last_ns = 0;
  std::vector<ArmedChain> chains;                            ///< in the order of the steps
  std::vector<std::shared_ptr<const events::Event>> events;  ///< as the sink took them
  chain::Evidence evidence;
};

/// The scenarios of a run that had chains, in the order in which they began. Errors of the record.
Result<std::vector<RecordedCase>> recorded_cases(const journal::RunRecord& run);

/// A chain judged again.
struct Judged {
  bool holds = false;   ///< satisfied, or broken at the gap that its step expects
  std::string verdict;  ///< `satisfied`, `violated`
  char gap = 0;         ///< of a violated one, if it has a name
  std::string report;   ///< of one that does not hold
  Json attachment;
};

/// Feeds the recorded events to a chain, as they came, until when it was judged or the scenario
/// ended. Errors of the chain, located in `uri`.
Result<Judged> judge_again(const RecordedCase& recorded, const ArmedChain& chain,
                           const std::string& uri, const std::string& again);

}  // namespace muster::app
