#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "preflight/check.hpp"

namespace muster::profile {

/// What a step says of one failed check: `FILE:LINE: CHECK: SUBJECT`, then `expected`, `found` and
/// `hint` on lines of their own. `also` stands between: an excerpt, a chain.
std::string failure_text(const preflight::CheckResult& result, const std::string& also = {});

/// The error of a step whose checks failed: all failures of `results`, the first of them gives the
/// code. None when no result is a failure; an error when there are no results at all.
Result<void> verdict(const std::vector<preflight::CheckResult>& results);

/// The failure of an assertion about something that never happened, e.g. "no import": it would
/// assert nothing.
Error asserts_nothing(const std::string& missing, const std::string& step);

}  // namespace muster::profile
