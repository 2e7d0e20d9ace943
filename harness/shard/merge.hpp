#pragma once

#include <functional>
#include <string>

#include "messages/messages.hpp"
#include "shard/attempt.hpp"
#include "shard/findings.hpp"

namespace muster::shard {

/// How a merge came out.
struct Verdict {
  bool passed = false;
  std::string problem;  ///< why the run as a whole failed, as its testRunFinished says
};

/// Tells the run that the attempts make together, in the order of the plan, as one run of all
/// scenarios would have told it: each id once, each hook of the run once (the first attempt in
/// which it failed, else the first). Passed: no problem was found, every planned scenario has
/// exactly one result, and every shard passed. What stands in a lost shard is told as planned and
/// never started. Adds `empty` to the problems when no scenario ran because all were closed.
/// Error: a message of the plan that is none.
Result<Verdict> merge(const PlanIndex& index, Findings& findings,
                      const std::function<void(const messages::Envelope&)>& emit);

}  // namespace muster::shard
