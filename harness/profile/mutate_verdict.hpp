#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "profile/mutate.hpp"

namespace muster::profile {

/// One failed check as a step told it (profile/failure_text.hpp).
struct ToldFailure {
  std::string head;  ///< `file:line: check: subject`
  std::string text;  ///< the whole
};

/// What a run in Cucumber Messages says failed; a step that ended otherwise counts as a failure
/// called by its status. Error `no_run` when no scenario was played.
Result<std::vector<ToldFailure>> failures_told(std::string_view messages);

/// Whether one of `failures` is by a check of the mutant and names what was broken.
bool is_named(const Mutant& mutant, const std::vector<ToldFailure>& failures);

}  // namespace muster::profile
