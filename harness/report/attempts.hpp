#pragma once

#include <string>

#include "report/story.hpp"

namespace muster::report {

/// The attempts of a scenario that was retried, side by side: a row for each step with what it came
/// to in each attempt, the first row in which the first attempt and the last one part marked `≠`,
/// and what each attempt that did not pass said. Empty when there was one attempt only.
std::string side_by_side(const Story& story, const Attempt& last);

}  // namespace muster::report
