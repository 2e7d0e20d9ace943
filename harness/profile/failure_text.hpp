#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "preflight/check.hpp"

namespace muster::profile {

/// What a step says of one failed check: `FILE:LINE: CHECK: SUBJECT`, then `expected`, `found` and
/// `hint` on lines of their own; `found` may have several, an excerpt for example.
std::string failure_text(const preflight::CheckResult& result);

/// `results`, in which every failure without a hint points to the command that shows more.
std::vector<preflight::CheckResult> with_hints(std::vector<preflight::CheckResult> results,
                                               const std::string& command);

/// The error of a step whose checks failed: all failures of `results`, the first of them gives the
/// code. None when no result is a failure; an error when there are no results at all.
Result<void> verdict(const std::vector<preflight::CheckResult>& results);

/// The failure of an assertion about something that never happened, e.g. "no import": it would
/// assert nothing.
Error asserts_nothing(const std::string& missing, const std::string& step);

}  // namespace muster::profile
